/* color.h - colours as CSS and HTML write them, and as the eye compares them */
#ifndef POLICY_HTML_COLOR_H
#define POLICY_HTML_COLOR_H

#include <stdint.h>

#include "policy/base/str.h"

/* sRGB, each from 0 to 255; alpha from 0 to 1. */
struct rgba {
	float r, g, b, a;
};

struct lab {
	double l, a, b;
};

/* A colour of CSS Color 4 but currentcolor: hex with 3, 4, 6 or 8 digits, the functions of
 * color_function.c, names, transparent. False where it is none. */
bool color_parse(struct str text, struct rgba *ret_color);
/* The same within another colour; beyond a small depth nothing is one. */
bool color_parse_nested(struct str text, int depth, struct rgba *ret_color);
/* rgb(), hsl(), hwb(), lab(), lch(), oklab(), oklch(), color(), color-mix(), light-dark(). */
bool color_function(struct str name, struct str arguments, int depth, struct rgba *ret_color);
/* "Rules for parsing a legacy color value" (HTML 2.4.6): bgcolor and kin take nearly anything. */
bool color_parse_legacy(struct str text, struct rgba *ret_color);

/* top painted over an opaque colour. */
struct rgba color_over(struct rgba top, struct rgba beneath);
void color_bytes(struct rgba color, uint8_t ret_rgb[3]);
struct rgba color_from_bytes(const uint8_t rgb[3]);

/* CIE L*a*b* of the opaque colour, D65. */
struct lab color_lab(struct rgba color);
/* CIEDE2000 with kL = kC = kH = 1. */
double color_distance(struct lab x, struct lab y);
double color_chroma(struct lab color);

/* White, grey, black or a pale tint: what a reader does not call a coloured block. */
bool color_is_plain(struct rgba color);

#endif
