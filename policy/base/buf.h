/* buf.h - text under construction, in an arena, with a maximum given at birth */
#ifndef POLICY_BASE_BUF_H
#define POLICY_BASE_BUF_H

#include <stdint.h>

#include "policy/base/arena.h"

struct buf {
	struct arena *arena;
	char *p;
	size_t n;
	size_t cap;
	size_t max;
	bool full; /* something did not fit and was left out */
};

/* An empty buffer that never holds more than max bytes. */
static inline void buf_init(struct buf *buf, struct arena *arena, size_t max)
{
	*buf = (struct buf){ .arena = arena, .max = max };
}

/* Appends s, or nothing of it where it does not fit whole; that sets full, and nothing is added
 * after. */
void buf_add(struct buf *buf, struct str s);
void buf_add_char(struct buf *buf, char c);
void buf_add_cstr(struct buf *buf, const char *z);
/* Appends a code point as UTF-8; what is none (surrogates, over 10FFFF) becomes U+FFFD. */
void buf_add_utf8(struct buf *buf, uint32_t code_point);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was built so far; valid as long as the arena, until the next append. */
static inline struct str buf_str(const struct buf *buf)
{
	return (struct str){ buf->p != NULL ? buf->p : "", buf->n };
}

#endif
