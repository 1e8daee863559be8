/* property.h - within policy/html: how the value of one property is read
 *
 * A reading function puts one declaration for each longhand and returns true, or puts nothing and
 * returns false: then the declaration is as if it were not there. css.c has the table of
 * properties, css_*.c the functions.
 */
#ifndef POLICY_HTML_PROPERTY_H
#define POLICY_HTML_PROPERTY_H

#include "policy/html/component.h"
#include "policy/html/css.h"

/* Lists of words end with a name that is NULL. */
struct css_word {
	const char *name;
	enum css_keyword keyword;
};

struct css_reader;
typedef bool css_read_fn(struct css_reader *r, enum css_property property, struct str text);

struct css_row {
	const char *name;
	enum css_property property; /* a shorthand's first */
	unsigned n;                 /* longhands from there on that "inherit" and kin set */
	css_read_fn *read;
	const struct css_word *words; /* for css_read_word */
};

struct css_reader {
	struct arena *arena;
	struct css_declarations *out;
	const struct css_row *row;
	bool important;
};

void css_put(struct css_reader *r, enum css_property property, struct css_value value);

/* The single component that text is made of; false where it is none, or more than one. */
bool css_single(struct str text, struct component *ret_part);
bool css_length_of(const struct component *part, struct css_value *ret_value);
bool css_component_color(const struct component *part, struct css_value *ret_value);
bool css_word_of(const struct css_word *words, struct str text, enum css_keyword *ret_keyword);

extern const struct css_word css_border_styles[];

/* css_value.c */
css_read_fn css_read_length, css_read_color, css_read_word;
/* css_box.c: one to four values for the sides that begin at property; borders, where property is
 * the (first) side's width, style or colour. */
css_read_fn css_read_sides, css_read_border, css_read_border_side, css_read_border_style,
	css_read_border_color;
/* css_background.c */
css_read_fn css_read_background, css_read_background_image;
/* css_font.c */
css_read_fn css_read_font, css_read_font_size, css_read_font_weight, css_read_line_height;
/* css_effect.c */
css_read_fn css_read_opacity, css_read_clip, css_read_transform, css_read_scale, css_read_filter;
/* css_grid.c */
css_read_fn css_read_flex, css_read_flex_flow, css_read_number, css_read_tracks,
	css_read_grid_column;

#endif
