/* str.h - text as pointer and length, never assumed NUL-terminated */
#ifndef POLICY_BASE_STR_H
#define POLICY_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A view of bytes that somebody else owns, mostly an arena. An absent text has p == NULL and
 * n == 0; an empty one has n == 0 and any p. */
struct str {
	const char *p;
	size_t n;
};

#define STR_LIT(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
/* For printf: "%.*s" with STR_ARG(s). */
#define STR_ARG(s) ((int)(s).n), ((s).p != NULL ? (s).p : "")

static inline struct str str_from(const char *z)
{
	return (struct str){ z, z != NULL ? strlen(z) : 0 };
}

static inline struct str str_span(const char *begin, const char *end)
{
	return (struct str){ begin, (size_t)(end - begin) };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *z)
{
	return str_eq(a, str_from(z));
}

/* The part of s from offset on, or an empty text where s is shorter. */
static inline struct str str_skip(struct str s, size_t offset)
{
	return offset < s.n ? (struct str){ s.p + offset, s.n - offset }
			    : (struct str){ s.p != NULL ? s.p + s.n : NULL, 0 };
}

/* The first n bytes of s, or all of it where it is shorter. */
static inline struct str str_head(struct str s, size_t n)
{
	return (struct str){ s.p, n < s.n ? n : s.n };
}

/* ASCII case is ignored; bytes over 127 compare as they are. */
bool str_eq_nocase(struct str a, struct str b);
bool str_is_nocase(struct str a, const char *z);
bool str_starts(struct str s, struct str prefix);
bool str_starts_nocase(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* Without ASCII white space (space, tab, CR, LF, FF, VT) at both ends. */
struct str str_trim(struct str s);

#define STR_NPOS ((size_t)-1)
/* The offset of the first occurrence at or after from, or STR_NPOS. */
size_t str_find(struct str s, struct str needle, size_t from);
size_t str_find_char(struct str s, char c, size_t from);
size_t str_find_nocase(struct str s, struct str needle, size_t from);

/* Takes the next line of *rest, without its end (CRLF or LF), into *ret_line; false at the end
 * of the text. */
bool str_next_line(struct str *rest, struct str *ret_line);
/* Takes the next piece of *rest up to the separator; false once nothing is left. Empty pieces
 * are returned too. */
bool str_next_split(struct str *rest, char separator, struct str *ret_piece);

/* Negative, zero or positive as memcmp, shorter first. */
int str_cmp(struct str a, struct str b);

static inline bool ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_is_alnum(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c);
}

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

#endif
