/* css.h - declarations: the properties that decide what is seen, as values ready to use
 *
 * A declaration that a browser would ignore is no declaration here either: the parser gives only
 * valid ones, so that an earlier valid value stays in force. Shorthands come as their longhands.
 */
#ifndef POLICY_HTML_CSS_H
#define POLICY_HTML_CSS_H

#include "policy/base/arena.h"
#include "policy/html/color.h"

/* Sides come in the order top, right, bottom, left. */
enum css_property {
	CSS_BACKGROUND_COLOR,
	CSS_BACKGROUND_IMAGE,
	CSS_BORDER_TOP_COLOR, CSS_BORDER_RIGHT_COLOR, CSS_BORDER_BOTTOM_COLOR,
	CSS_BORDER_LEFT_COLOR,
	CSS_BORDER_TOP_STYLE, CSS_BORDER_RIGHT_STYLE, CSS_BORDER_BOTTOM_STYLE,
	CSS_BORDER_LEFT_STYLE,
	CSS_BORDER_TOP_WIDTH, CSS_BORDER_RIGHT_WIDTH, CSS_BORDER_BOTTOM_WIDTH,
	CSS_BORDER_LEFT_WIDTH,
	CSS_BOX_SIZING,
	CSS_CLIP,
	CSS_COLOR,
	CSS_DISPLAY,
	CSS_FILTER,
	CSS_FLOAT,
	CSS_FONT_SIZE,
	CSS_FONT_WEIGHT,
	CSS_LINE_HEIGHT, /* after the two before it, as font sets all three */
	CSS_HEIGHT,
	CSS_LEFT,
	CSS_MARGIN_TOP, CSS_MARGIN_RIGHT, CSS_MARGIN_BOTTOM, CSS_MARGIN_LEFT,
	CSS_MAX_HEIGHT,
	CSS_MAX_WIDTH,
	CSS_MIN_HEIGHT,
	CSS_MIN_WIDTH,
	CSS_OPACITY,
	CSS_OVERFLOW,
	CSS_PADDING_TOP, CSS_PADDING_RIGHT, CSS_PADDING_BOTTOM, CSS_PADDING_LEFT,
	CSS_POSITION,
	CSS_RIGHT,
	CSS_TEXT_INDENT,
	CSS_TOP,
	CSS_TRANSFORM,
	CSS_VISIBILITY,
	CSS_WHITE_SPACE,
	CSS_WIDTH,
	CSS_PROPERTY_N,
};

enum css_kind {
	CSS_KIND_KEYWORD,
	CSS_KIND_PX,
	CSS_KIND_EM,
	CSS_KIND_PERCENT,
	CSS_KIND_NUMBER,
	CSS_KIND_COLOR,
	CSS_KIND_CURRENT_COLOR,
	CSS_KIND_IMAGE,
};

enum css_keyword {
	CSS_NONE, CSS_AUTO, CSS_NORMAL, CSS_INHERIT, CSS_INITIAL,
	CSS_BLOCK, CSS_INLINE, CSS_INLINE_BLOCK, CSS_LIST_ITEM, CSS_TABLE, CSS_ROW_GROUP, CSS_ROW,
	CSS_CELL, CSS_CAPTION, CSS_COLUMN, CSS_FLEX,
	CSS_HIDDEN, CSS_VISIBLE, CSS_COLLAPSE,
	CSS_ABSOLUTE, CSS_RELATIVE, CSS_STATIC,
	CSS_PRE, CSS_BORDER_BOX, CSS_SMALLER, CSS_LARGER, CSS_SOLID,
	CSS_CLIPPED,  /* clip or clip-path that leaves nothing, transform to nothing, opacity(0) */
	CSS_BOLD,
	CSS_RESET,    /* a background shorthand with an image and no colour: transparent, but readers
		       * that do not show the image keep the colour that was said before */
};

#define CSS_STOPS_MAX 8

/* What background-image paints. */
struct css_image {
	struct str url;                      /* absent for a gradient */
	bool gradient;
	struct rgba stops[CSS_STOPS_MAX];
	unsigned n_stops;
};

struct css_value {
	enum css_kind kind;
	enum css_keyword keyword;
	double number;
	struct rgba color;
	const struct css_image *image;
};

struct css_declaration {
	enum css_property property;
	bool important;
	struct css_value value;
};

struct css_declarations {
	struct css_declaration *items;
	size_t n, cap;
};

/* What a style attribute, or a rule between its braces, says; in its order. */
struct css_declarations css_parse_declarations(struct arena *arena, struct str text);

/* A length with its unit, or a bare number as HTML attributes have it; false for none. */
bool css_parse_length(struct str text, struct css_value *ret_value);

static inline struct css_value css_keyword_value(enum css_keyword keyword)
{
	return (struct css_value){ .kind = CSS_KIND_KEYWORD, .keyword = keyword };
}

static inline struct css_value css_px(double px)
{
	return (struct css_value){ .kind = CSS_KIND_PX, .number = px };
}

static inline bool css_is(struct css_value value, enum css_keyword keyword)
{
	return value.kind == CSS_KIND_KEYWORD && value.keyword == keyword;
}

/* Removes the escapes of an identifier or string (CSS Syntax 4.3.7). */
struct str css_unescape(struct arena *arena, struct str s);

#endif
