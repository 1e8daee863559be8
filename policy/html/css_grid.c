#include "policy/html/property.h"

/* Each container reads its list of columns again. */
#define TRACKS_TEXT_MAX 512

/* What children of a flex or grid container are told of their widths. */

static struct css_value number(double value)
{
	return (struct css_value){ .kind = CSS_KIND_NUMBER, .number = value };
}

/* flex: none | GROW [SHRINK] [BASIS] (CSS Flexbox 7.1); shrinking is taken for granted. */
bool css_read_flex(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	struct css_value basis = css_px(0), found;
	double grow = 1;
	int numbers = 0;

	(void)property;
	while (component_next(&text, &part)) {
		if (part.type == COMPONENT_NUMBER && numbers < 2) {
			grow = numbers++ == 0 ? part.number : grow;
		} else if (part.type == COMPONENT_IDENT) {
			basis = css_keyword_value(CSS_AUTO);
			if (str_is_nocase(part.text, "none") || str_is_nocase(part.text, "initial"))
				grow = 0;
		} else if (css_length_of(&part, &found)) {
			basis = found;
		} else {
			return false;
		}
	}
	css_put(r, CSS_FLEX_BASIS, basis);
	css_put(r, CSS_FLEX_GROW, number(grow < 0 ? 0 : grow));
	return true;
}

bool css_read_number(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;

	if (!css_single(text, &part) || part.type != COMPONENT_NUMBER || part.number < 0)
		return false;
	css_put(r, property, number(part.number));
	return true;
}

/* flex-flow: direction and wrapping. */
bool css_read_flex_flow(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	enum css_keyword keyword, direction = CSS_ROW, wrap = CSS_NOWRAP;

	while (component_next(&text, &part)) {
		if (part.type != COMPONENT_IDENT || !css_word_of(r->row->words, part.text, &keyword))
			return false;
		if (keyword == CSS_ROW || keyword == CSS_COLUMN)
			direction = keyword;
		else
			wrap = keyword;
	}
	css_put(r, property, css_keyword_value(direction));
	css_put(r, CSS_FLEX_WRAP, css_keyword_value(wrap));
	return true;
}

/* The layout reads it. */
bool css_read_tracks(struct css_reader *r, enum css_property property, struct str text)
{
	struct css_raw *raw;

	if (text.n > TRACKS_TEXT_MAX)
		return false;
	raw = ARENA_NEW(r->arena, struct css_raw);
	raw->text = text;
	css_put(r, property, (struct css_value){ .kind = CSS_KIND_RAW, .raw = raw });
	return true;
}

/* grid-column: how many columns; "1 / -1" is all, which no grid has more of than 99. */
bool css_read_grid_column(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	double from = 0, to = 0, span = 1;
	bool after = false, spans = false;

	while (component_next(&text, &part)) {
		after = after || part.type == COMPONENT_SLASH;
		spans = spans || (part.type == COMPONENT_IDENT && str_is_nocase(part.text, "span"));
		if (part.type != COMPONENT_NUMBER)
			continue;
		if (spans)
			span = part.number;
		else if (after)
			to = part.number;
		else
			from = part.number;
	}
	if (!spans && after && to != 0)
		span = to < 0 ? 99 : to - from;
	css_put(r, property, number(span < 1 ? 1 : span > 99 ? 99 : span));
	return true;
}
