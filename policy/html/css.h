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
	CSS_CLIP_PATH,
	CSS_COLOR,
	CSS_CONTENT_VISIBILITY,
	CSS_DISPLAY,
	CSS_FILTER,
	CSS_FLEX_BASIS,
	CSS_FLEX_DIRECTION,
	CSS_FLEX_WRAP, /* after the one before it, as flex-flow sets both */
	CSS_FLEX_GROW,
	CSS_FLOAT,
	CSS_FONT_SIZE,
	CSS_FONT_WEIGHT,
	CSS_LINE_HEIGHT, /* after the two before it, as font sets all three */
	CSS_GRID_COLUMN,
	CSS_GRID_COLUMNS,
	CSS_HEIGHT,
	CSS_MARGIN_TOP, CSS_MARGIN_RIGHT, CSS_MARGIN_BOTTOM, CSS_MARGIN_LEFT,
	CSS_MAX_HEIGHT,
	CSS_MAX_WIDTH,
	CSS_MIN_HEIGHT,
	CSS_MIN_WIDTH,
	CSS_OPACITY,
	CSS_OVERFLOW,
	CSS_PADDING_TOP, CSS_PADDING_RIGHT, CSS_PADDING_BOTTOM, CSS_PADDING_LEFT,
	CSS_POSITION,
	CSS_SCALE,
	CSS_TABLE_LAYOUT,
	CSS_TEXT_FILL,
	CSS_TEXT_INDENT,
	CSS_TOP, CSS_RIGHT, CSS_BOTTOM, CSS_LEFT,
	CSS_TRANSFORM,
	CSS_VISIBILITY,
	CSS_WHITE_SPACE,
	CSS_WIDTH,
	CSS_PROPERTY_N,
	/* Declarations that the cascade settles before they are values: --name, and any property
	 * whose value has var() in it. */
	CSS_CUSTOM = CSS_PROPERTY_N,
	CSS_VARYING,
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
	CSS_KIND_RAW,
	CSS_KIND_CALC,
};

enum css_keyword {
	CSS_NONE, CSS_AUTO, CSS_NORMAL, CSS_INHERIT, CSS_INITIAL, CSS_UNSET,
	CSS_BLOCK, CSS_INLINE, CSS_INLINE_BLOCK, CSS_LIST_ITEM, CSS_TABLE, CSS_ROW_GROUP, CSS_ROW,
	CSS_CELL, CSS_CAPTION, CSS_COLUMN, CSS_FLEX, CSS_GRID, CSS_FIXED, CSS_FIT, CSS_WRAP, CSS_NOWRAP,
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

/* Of CSS_CUSTOM and CSS_VARYING: the name as written, the value without "!important". */
struct css_raw {
	struct str name, text;
};

struct css_value {
	enum css_kind kind;
	enum css_keyword keyword;
	double number;
	union {
		struct rgba color;
		const struct css_image *image;
		const struct css_raw *raw;
		struct str calc; /* a math function that has percentages in it, or em */
	};
};

struct css_declaration {
	enum css_property property;
	bool important;
	struct css_value value;
};

struct css_declarations {
	struct css_declaration *items;
	size_t n, cap;
	bool customs; /* CSS_CUSTOM is among them */
};

/* What a style attribute, or a rule between its braces, says; in its order. */
struct css_declarations css_parse_declarations(struct arena *arena, struct str text);

/* The same for a property whose value has no var() any more; where it says nothing valid, the
 * property and all it stands for are CSS_UNSET (CSS Custom Properties 1, 3.1). */
struct css_declarations css_parse_varied(struct arena *arena, const struct css_raw *raw,
					 struct str text);
/* Whether a value that is not set comes from the parent. */
bool css_is_inherited(enum css_property property);

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

/* Whether it is the name of a math function: calc(), min(), max(), clamp(). */
bool css_is_math(struct str name);
/* The value of a math expression in pixels; of is what 100 % is. False where it is none. */
bool css_calc(struct str text, double em, double of, double *ret_value);

/* Removes the escapes of an identifier or string (CSS Syntax 4.3.7). */
struct str css_unescape(struct arena *arena, struct str s);

#endif
