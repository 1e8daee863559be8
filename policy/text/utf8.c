#include "policy/text/utf8.h"

/* The length that a lead byte announces and the least character of that length; 0: no lead. */
static unsigned sequence_length(unsigned char lead, uint32_t *ret_least)
{
	if (lead >= 0xC2 && lead <= 0xDF) {
		*ret_least = 0x80;
		return 2;
	}
	if (lead >= 0xE0 && lead <= 0xEF) {
		*ret_least = 0x800;
		return 3;
	}
	if (lead >= 0xF0 && lead <= 0xF4) {
		*ret_least = 0x10000;
		return 4;
	}
	return 0;
}

uint32_t utf8_next(struct str s, size_t *at)
{
	const unsigned char *p = (const unsigned char *)s.p + *at;
	size_t left = s.n - *at;
	uint32_t least = 0, c;
	unsigned length;

	*at += 1;
	if (p[0] < 0x80)
		return p[0];
	length = sequence_length(p[0], &least);
	if (length == 0 || left < length)
		return UTF8_BAD;
	c = p[0] & (0x7Fu >> length);
	for (unsigned i = 1; i < length; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return UTF8_BAD;
		c = c << 6 | (p[i] & 0x3F);
	}
	if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return UTF8_BAD;
	*at += length - 1;
	return c;
}

bool utf8_is_valid(struct str s)
{
	for (size_t at = 0; at < s.n;) {
		if ((unsigned char)s.p[at] < 0x80)
			at++;
		else if (utf8_next(s, &at) == UTF8_BAD)
			return false;
	}
	return true;
}

bool utf8_is_ascii(struct str s)
{
	unsigned char all = 0;

	for (size_t i = 0; i < s.n; i++)
		all |= (unsigned char)s.p[i];
	return all < 0x80;
}

struct str utf8_head(struct str s, size_t n)
{
	if (s.n <= n)
		return s;
	while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	return str_head(s, n);
}
