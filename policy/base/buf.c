#include "policy/base/buf.h"

#include <stdio.h>

static bool buf_room(struct buf *buf, size_t more)
{
	size_t cap;

	if (buf->full || more > buf->max - buf->n) {
		buf->full = true;
		return false;
	}
	if (buf->cap - buf->n >= more)
		return true;
	cap = buf->cap > 0 ? buf->cap * 2 : 64;
	if (cap < buf->n + more)
		cap = buf->n + more;
	buf->p = arena_grow(buf->arena, buf->p, buf->cap, cap, 1);
	buf->cap = cap;
	return true;
}

void buf_add(struct buf *buf, struct str s)
{
	if (s.n == 0 || !buf_room(buf, s.n))
		return;
	memcpy(buf->p + buf->n, s.p, s.n);
	buf->n += s.n;
}

void buf_add_char(struct buf *buf, char c)
{
	if (buf->n < buf->cap)
		buf->p[buf->n++] = c;
	else if (buf_room(buf, 1))
		buf->p[buf->n++] = c;
}

void buf_add_cstr(struct buf *buf, const char *z)
{
	buf_add(buf, str_from(z));
}

void buf_add_utf8(struct buf *buf, uint32_t c)
{
	char u[4];
	size_t n;

	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = 0xFFFD;
	if (c < 0x80) {
		u[0] = (char)c;
		n = 1;
	} else if (c < 0x800) {
		u[0] = (char)(0xC0 | c >> 6);
		u[1] = (char)(0x80 | (c & 0x3F));
		n = 2;
	} else if (c < 0x10000) {
		u[0] = (char)(0xE0 | c >> 12);
		u[1] = (char)(0x80 | (c >> 6 & 0x3F));
		u[2] = (char)(0x80 | (c & 0x3F));
		n = 3;
	} else {
		u[0] = (char)(0xF0 | c >> 18);
		u[1] = (char)(0x80 | (c >> 12 & 0x3F));
		u[2] = (char)(0x80 | (c >> 6 & 0x3F));
		u[3] = (char)(0x80 | (c & 0x3F));
		n = 4;
	}
	buf_add(buf, (struct str){ u, n });
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_add(buf, arena_vprintf(buf->arena, format, args));
	va_end(args);
}
