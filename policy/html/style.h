/* style.h - the style of each element once the cascade is through (CSS Cascade 4)
 *
 * Browser defaults, then the attributes of old (bgcolor, width, font color), then the rules of
 * the style elements, then the style attribute, then what is !important in the same order.
 */
#ifndef POLICY_HTML_STYLE_H
#define POLICY_HTML_STYLE_H

#include "policy/html/document.h"
#include "policy/html/sheet.h"

/* A length that the layout resolves; em is already pixels. */
struct length {
	enum length_kind { LENGTH_AUTO, LENGTH_NONE, LENGTH_PX, LENGTH_PERCENT } kind;
	double value;
};

enum side { SIDE_TOP, SIDE_RIGHT, SIDE_BOTTOM, SIDE_LEFT };

struct style {
	struct rgba color;             /* of text */
	struct rgba background;        /* alpha 0 where there is none */
	struct rgba fallback;          /* for readers that do not show image; alpha 0: none */
	enum paint_source background_source;
	const struct css_image *image; /* NULL where there is none */
	enum paint_source image_source;
	double opacity;                /* its own */
	enum css_keyword display;
	bool invisible;                /* visibility */
	bool bold, pre, floating, absolute, positioned, overflow_hidden, border_box;
	bool clipped;                  /* by clip, clip-path, transform or filter */
	double font_size;              /* px */
	bool line_factor;              /* line_height is a factor of the font size */
	double line_height;
	struct length width, min_width, max_width, height, min_height, max_height;
	struct length padding[4], margin[4];
	double border[4];              /* px; 0 where none is drawn */
	struct rgba border_color[4];
	struct length text_indent, left, right, top;
	double cell_padding;           /* of a table, for its cells; negative where not given */
};

/* Sets node->style for every element. Style elements are read up to css_octets; *ret_css_octets
 * is what there is, *ret_exhausted whether the work of matching went beyond its limit. */
void style_compute(struct html_tree *tree, size_t css_octets, size_t *ret_css_octets,
		   bool *ret_exhausted);

/* The line height in pixels. */
double style_line(const struct style *style);

#endif
