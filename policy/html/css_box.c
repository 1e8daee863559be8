#include "policy/html/property.h"

/* One to four values for the sides that begin at property. */
bool css_read_sides(struct css_reader *r, enum css_property property, struct str text)
{
	static const int from[5][4] = { { 0 }, { 0, 0, 0, 0 }, { 0, 1, 0, 1 }, { 0, 1, 2, 1 },
					{ 0, 1, 2, 3 } };
	struct css_value values[4];
	struct component part;
	size_t n = 0;

	while (component_next(&text, &part)) {
		if (n == 4)
			return false;
		if (part.type == COMPONENT_IDENT && str_is_nocase(part.text, "auto"))
			values[n] = css_keyword_value(CSS_AUTO);
		else if (!css_length_of(&part, &values[n]))
			return false;
		n++;
	}
	if (n == 0)
		return false;
	for (int side = 0; side < 4; side++)
		css_put(r, (enum css_property)(property + side), values[from[n][side]]);
	return true;
}

static bool border_width_of(const struct component *part, struct css_value *ret_value)
{
	if (part->type == COMPONENT_IDENT) {
		double px = str_is_nocase(part->text, "thin")	? 1 :
			    str_is_nocase(part->text, "medium") ? 3 :
			    str_is_nocase(part->text, "thick")	? 5 :
								  -1;

		if (px > 0)
			*ret_value = css_px(px);
		return px > 0;
	}
	return part->type != COMPONENT_PERCENT && css_length_of(part, ret_value);
}

struct border {
	struct css_value width, style, color;
};

const struct css_word css_border_styles[] = {
	{ "none", CSS_NONE }, { "hidden", CSS_NONE }, { "solid", CSS_SOLID },
	{ "dashed", CSS_SOLID }, { "dotted", CSS_SOLID }, { "double", CSS_SOLID },
	{ "groove", CSS_SOLID }, { "ridge", CSS_SOLID }, { "inset", CSS_SOLID },
	{ "outset", CSS_SOLID }, { NULL, CSS_NONE },
};

static bool border_of(struct str text, struct border *border)
{
	struct component part;

	*border = (struct border){ css_px(3), css_keyword_value(CSS_NONE),
				   { .kind = CSS_KIND_CURRENT_COLOR } };
	while (component_next(&text, &part)) {
		enum css_keyword keyword;

		if (part.type == COMPONENT_IDENT &&
		    css_word_of(css_border_styles, part.text, &keyword))
			border->style = css_keyword_value(keyword);
		else if (!border_width_of(&part, &border->width) &&
			 !css_component_color(&part, &border->color))
			return false;
	}
	return true;
}

static void put_border(struct css_reader *r, int side, const struct border *border)
{
	css_put(r, (enum css_property)(CSS_BORDER_TOP_WIDTH + side), border->width);
	css_put(r, (enum css_property)(CSS_BORDER_TOP_STYLE + side), border->style);
	css_put(r, (enum css_property)(CSS_BORDER_TOP_COLOR + side), border->color);
}

/* border-top and kin; property is the side's width. */
bool css_read_border_side(struct css_reader *r, enum css_property property, struct str text)
{
	struct border border;

	if (!border_of(text, &border))
		return false;
	put_border(r, (int)(property - CSS_BORDER_TOP_WIDTH), &border);
	return true;
}

bool css_read_border(struct css_reader *r, enum css_property property, struct str text)
{
	struct border border;

	(void)property;
	if (!border_of(text, &border))
		return false;
	for (int side = 0; side < 4; side++)
		put_border(r, side, &border);
	return true;
}

bool css_read_border_style(struct css_reader *r, enum css_property property, struct str text)
{
	bool valid = true;

	for (int side = 0; side < 4 && valid; side++)
		valid = css_read_word(r, (enum css_property)(property + side), text);
	return valid;
}

bool css_read_border_color(struct css_reader *r, enum css_property property, struct str text)
{
	struct css_value value;
	struct component part;

	if (!component_next(&text, &part) || !css_component_color(&part, &value))
		return false;
	for (int side = 0; side < 4; side++)
		css_put(r, (enum css_property)(property + side), value);
	return true;
}
