/* component.h - the values of a CSS declaration, one after the other (CSS Syntax 3) */
#ifndef POLICY_HTML_COMPONENT_H
#define POLICY_HTML_COMPONENT_H

#include "policy/base/str.h"

enum component_type {
	COMPONENT_IDENT,
	COMPONENT_HASH,      /* text without the "#" */
	COMPONENT_NUMBER,
	COMPONENT_PERCENT,
	COMPONENT_DIMENSION, /* number and unit */
	COMPONENT_STRING,    /* text without the quotes */
	COMPONENT_FUNCTION,  /* text is the name; url( ) too */
	COMPONENT_COMMA,
	COMPONENT_SLASH,
	COMPONENT_OTHER,     /* any other character, and blocks in brackets */
};

struct component {
	enum component_type type;
	struct str whole;     /* as it stands */
	struct str text;
	struct str unit;
	struct str arguments; /* of a function: what is between its parentheses */
	double number;
};

/* Takes the next value of *rest; false at the end. White space and comments are passed over. */
bool component_next(struct str *rest, struct component *ret_component);

/* Where the bracket that opens at s.p[0] closes: the offset after it, or s.n. Strings and
 * comments are respected. */
size_t css_skip_block(struct str s);
/* The offset of the first of the characters in stops at s's own level of brackets, or s.n. */
size_t css_find_top(struct str s, const char *stops);
/* s without leading white space and comments. */
struct str css_skip_space(struct str s);
bool css_is_name_char(char c);
/* The octets of the name that s begins with, 0 for none; escapes are part of it. */
size_t css_name_length(struct str s);

#endif
