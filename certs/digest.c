#include "certs/digest.h"

#include <openssl/evp.h>
#include <stdio.h>

void digest_sha256(const void *octets, size_t n, uint8_t ret_digest[DIGEST_SHA256_SIZE])
{
	if (EVP_Digest(octets, n, ret_digest, NULL, EVP_sha256(), NULL) != 1) {
		fprintf(stderr, "fatal: OpenSSL cannot compute SHA-256\n");
		abort();
	}
}

struct str digest_hex(struct arena *arena, const uint8_t *octets, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = arena_array(arena, 2 * n + 1, 1);

	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digits[octets[i] >> 4];
		hex[2 * i + 1] = digits[octets[i] & 15];
	}
	return (struct str){ hex, 2 * n };
}

struct str digest_sha256_hex(struct arena *arena, const void *octets, size_t n)
{
	uint8_t digest[DIGEST_SHA256_SIZE];

	digest_sha256(octets, n, digest);
	return digest_hex(arena, digest, sizeof digest);
}
