/* style.h - the style of each element once the cascade is through (CSS Cascade 4)
 *
 * Browser defaults, then the attributes of old (bgcolor, width, font color), then the rules of
 * the style elements, then the style attribute, then what is !important in the same order.
 */
#ifndef POLICY_HTML_STYLE_H
#define POLICY_HTML_STYLE_H

#include "policy/html/custom.h"
#include "policy/html/document.h"
#include "policy/html/sheet.h"

/* A math function that has percentages in it. */
struct expression {
	struct str text;
	double em;
};

/* A length that the layout resolves; em is already pixels. */
struct length {
	enum length_kind {
		LENGTH_AUTO, LENGTH_NONE, LENGTH_FIT, LENGTH_PX, LENGTH_PERCENT, LENGTH_CALC,
	} kind;
	union {
		double value;
		const struct expression *calc;
	};
};

enum side { SIDE_TOP, SIDE_RIGHT, SIDE_BOTTOM, SIDE_LEFT };

struct style {
	struct rgba color;             /* of text */
	struct rgba fill;              /* of the letters: -webkit-text-fill-color, else color */
	bool filled;
	struct rgba background;        /* alpha 0 where there is none */
	struct rgba fallback;          /* for readers that do not show image; alpha 0: none */
	enum paint_source background_source;
	const struct css_image *image; /* NULL where there is none */
	enum paint_source image_source;
	double opacity;                /* its own */
	enum css_keyword display;
	bool invisible;                /* visibility */
	bool bold, pre, nowrap, floating, absolute, positioned, overflow_hidden, border_box;
	bool clipped;                  /* by clip, clip-path, transform, filter ... */
	bool fixed_table;              /* table-layout */
	bool flex_column, flex_wrap;
	double flex_grow;
	struct length flex_basis;      /* LENGTH_AUTO: width */
	struct str grid_columns;       /* grid-template-columns */
	unsigned grid_span;
	double font_size;              /* px */
	bool line_factor;              /* line_height is a factor of the font size */
	double line_height;
	struct length width, min_width, max_width, height, min_height, max_height;
	struct length padding[4], margin[4];
	double border[4];              /* px; 0 where none is drawn */
	struct rgba border_color[4];
	struct length text_indent, left, right, top, bottom;
	struct custom *customs;        /* its own and inherited */
	double cell_padding;           /* of a table, for its cells; negative where not given */
};

/* Sets node->style for every element. Style elements are read up to css_octets; *ret_css_octets
 * is what there is, *ret_exhausted whether the work of matching went beyond its limit. */
void style_compute(struct html_tree *tree, size_t css_octets, size_t *ret_css_octets,
		   bool *ret_exhausted);

/* A length in pixels, where of is what 100 % is; otherwise for auto, none and kin. */
double style_resolve(struct length length, double of, double otherwise);
/* Whether the length is given, be it in pixels, as a share or as an expression. */
bool style_is_given(struct length length);
/* Padding and border of two sides; of is the width of what the box stands in. */
double style_edges(const struct style *s, enum side a, enum side b, double of);
/* The line height in pixels. */
double style_line(const struct style *style);

#endif
