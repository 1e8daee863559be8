/* base64.h - RFC 4648 base64 of digests and signatures, through OpenSSL */
#ifndef CERTS_BASE64_H
#define CERTS_BASE64_H

#include <stdint.h>

#include "policy/base/arena.h"

struct str base64_encode(struct arena *arena, const uint8_t *octets, size_t n);
/* White space is skipped. False for anything that is not padded base64. */
bool base64_decode(struct arena *arena, struct str text, const uint8_t **ret_octets,
		   size_t *ret_n);

#endif
