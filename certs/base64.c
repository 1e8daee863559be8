#include "certs/base64.h"

#include <limits.h>
#include <openssl/evp.h>

struct str base64_encode(struct arena *arena, const uint8_t *octets, size_t n)
{
	char *text = arena_alloc(arena, (n + 2) / 3 * 4 + 1);
	int length = EVP_EncodeBlock((unsigned char *)text, octets, (int)n);

	return (struct str){ text, (size_t)length };
}

bool base64_decode(struct arena *arena, struct str text, const uint8_t **ret_octets,
		   size_t *ret_n)
{
	char *packed = arena_alloc(arena, text.n + 1);
	uint8_t *octets;
	size_t n = 0, padding = 0;
	int length;

	for (size_t i = 0; i < text.n; i++) {
		if (ascii_is_space(text.p[i]))
			continue;
		packed[n++] = text.p[i];
	}
	if (n == 0 || n % 4 != 0 || n > INT_MAX)
		return false;
	while (padding < 2 && packed[n - 1 - padding] == '=')
		padding++;
	if (memchr(packed, '=', n - padding) != NULL)
		return false;
	octets = arena_alloc(arena, n / 4 * 3);
	length = EVP_DecodeBlock(octets, (const unsigned char *)packed, (int)n);
	if (length < 0)
		return false;
	*ret_octets = octets;
	*ret_n = (size_t)length - padding;
	return true;
}
