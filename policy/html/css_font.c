#include "policy/html/property.h"

static bool font_size_of(const struct component *part, struct css_value *ret_value)
{
	static const struct {
		const char *name;
		double px;
	} sizes[] = {
		{ "xx-small", 9 }, { "x-small", 10 }, { "small", 13 }, { "medium", 16 },
		{ "large", 18 }, { "x-large", 24 }, { "xx-large", 32 }, { "xxx-large", 48 },
	};

	if (part->type != COMPONENT_IDENT)
		return css_length_of(part, ret_value) && ret_value->number >= 0;
	if (str_is_nocase(part->text, "smaller")) {
		*ret_value = css_keyword_value(CSS_SMALLER);
		return true;
	}
	if (str_is_nocase(part->text, "larger")) {
		*ret_value = css_keyword_value(CSS_LARGER);
		return true;
	}
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		if (!str_is_nocase(part->text, sizes[i].name))
			continue;
		*ret_value = css_px(sizes[i].px);
		return true;
	}
	return false;
}

bool css_read_font_size(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	struct css_value value;

	if (!css_single(text, &part) || !font_size_of(&part, &value))
		return false;
	css_put(r, property, value);
	return true;
}

static bool line_height_of(const struct component *part, struct css_value *ret_value)
{
	if (part->type == COMPONENT_IDENT && str_is_nocase(part->text, "normal")) {
		*ret_value = css_keyword_value(CSS_NORMAL);
		return true;
	}
	if (part->type == COMPONENT_NUMBER) {
		*ret_value = (struct css_value){ .kind = CSS_KIND_NUMBER, .number = part->number };
		return part->number >= 0;
	}
	return css_length_of(part, ret_value) && ret_value->number >= 0;
}

bool css_read_line_height(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	struct css_value value;

	if (!css_single(text, &part) || !line_height_of(&part, &value))
		return false;
	css_put(r, property, value);
	return true;
}

static bool is_bold(const struct component *part)
{
	if (part->type == COMPONENT_NUMBER)
		return part->number >= 600 && part->number <= 1000;
	return part->type == COMPONENT_IDENT &&
	       (str_is_nocase(part->text, "bold") || str_is_nocase(part->text, "bolder"));
}

bool css_read_font_weight(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;

	if (!css_single(text, &part) ||
	    (part.type != COMPONENT_IDENT && part.type != COMPONENT_NUMBER))
		return false;
	css_put(r, property, css_keyword_value(is_bold(&part) ? CSS_BOLD : CSS_NORMAL));
	return true;
}

/* font: [style weight stretch] size[/line-height] family */
bool css_read_font(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	struct css_value size, height = css_keyword_value(CSS_NORMAL);
	bool bold = false, sized = false, family = false;

	(void)property;
	while (!sized && component_next(&text, &part)) {
		bool weight = part.type == COMPONENT_NUMBER && part.number >= 1 &&
			      part.number <= 1000;

		bold = bold || is_bold(&part);
		sized = !weight && font_size_of(&part, &size);
		/* "font: 0/0 a" begins with the size */
	}
	if (!sized)
		return false;
	while (component_next(&text, &part)) {
		struct component line;

		if (part.type != COMPONENT_SLASH)
			family = true;
		else if (!component_next(&text, &line) || !line_height_of(&line, &height))
			return false;
	}
	if (!family)
		return false;
	css_put(r, CSS_FONT_SIZE, size);
	css_put(r, CSS_LINE_HEIGHT, height);
	css_put(r, CSS_FONT_WEIGHT, css_keyword_value(bold ? CSS_BOLD : CSS_NORMAL));
	return true;
}
