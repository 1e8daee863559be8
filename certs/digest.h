/* digest.h - SHA-256, for policies, images and seals */
#ifndef CERTS_DIGEST_H
#define CERTS_DIGEST_H

#include <stdint.h>

#include "policy/base/arena.h"

#define DIGEST_SHA256_SIZE 32

/* The digest of n octets. Ends the process where the library cannot compute it at all, which is
 * an installation that no signature could be trusted on. */
void digest_sha256(const void *octets, size_t n, uint8_t ret_digest[DIGEST_SHA256_SIZE]);

/* The same as 64 lower case hex digits in arena. */
struct str digest_sha256_hex(struct arena *arena, const void *octets, size_t n);
/* Octets as lower case hex. */
struct str digest_hex(struct arena *arena, const uint8_t *octets, size_t n);

#endif
