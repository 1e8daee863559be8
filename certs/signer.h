/* signer.h - short texts signed and verified with keys that have a selector and a time
 *
 * What the seal (seal.h) and the audit's checkpoints (chain.h) share: Ed25519, RSA and ECDSA over
 * SHA-256 (RFC 8463; RFC 8017 PKCS #1 v1.5; FIPS 186-4 in DER), a private key with its selector, and
 * a ring of public keys in which selectors overlap while keys are rotated.
 */
#ifndef CERTS_SIGNER_H
#define CERTS_SIGNER_H

#include <stdint.h>
#include <sys/types.h>

#include "policy/base/arena.h"

#define KEY_RING_MAX 64

enum signer_algorithm { SIGNER_ED25519, SIGNER_RSA, SIGNER_ECDSA, SIGNER_ALGORITHM_N };
/* "ed25519-sha256", "rsa-sha256", "ecdsa-sha256". */
const char *signer_algorithm_name(enum signer_algorithm algorithm);
bool signer_algorithm_parse(struct str name, enum signer_algorithm *ret_algorithm);

/* A selector is a word of tag lists and file names: 1 to 63 letters, digits, '-', '_', '.'. */
bool selector_valid(struct str selector);

struct signing_key;

/* Reads a private key for a selector; name, passphrase and owner as in keys_load_private, which says
 * which files are trusted, and signs once to see that it can. NULL and *ret_error, a text of the
 * arena, on failure. Free with signing_key_free. */
struct signing_key *signing_key_load(struct arena *arena, const char *name, const char *passphrase,
				     struct str selector, uid_t owner, struct str *ret_error);
/* Clears and frees the key; NULL is allowed. */
void signing_key_free(struct signing_key *key);
struct str signing_key_selector(const struct signing_key *key);
enum signer_algorithm signing_key_algorithm(const struct signing_key *key);

/* The signature of text in base64; absent where the crypto library fails. One key may sign from
 * many threads at once. */
struct str signing_key_sign(struct arena *arena, const struct signing_key *key, struct str text);

struct key_ring;
/* Never NULL. */
struct key_ring *key_ring_new(void);
void key_ring_free(struct key_ring *ring);

/* Adds a public key, or the key of a certificate (whose validity bounds it too), from a PEM file.
 * not_before and not_after in seconds since 1970, 0 for unbounded. False with *ret_error, a text
 * of the arena, where the file cannot be used, the selector is malformed or known, or the ring
 * holds KEY_RING_MAX keys. */
bool key_ring_add(struct key_ring *ring, struct arena *arena, struct str selector,
		  const char *file, int64_t not_before, int64_t not_after,
		  struct str *ret_error);

enum signature_status {
	SIGNATURE_VALID,
	SIGNATURE_UNKNOWN_KEY,
	SIGNATURE_KEY_MISMATCH,      /* the selector's key is of another algorithm */
	SIGNATURE_KEY_NOT_YET_VALID, /* at the time of signing */
	SIGNATURE_KEY_EXPIRED,
	SIGNATURE_WRONG,             /* not this text, or not this key */
};

/* Whether the selector's key may have signed at this time (seconds since 1970), without looking
 * at any text. */
enum signature_status key_ring_check(const struct key_ring *ring, struct str selector,
				     enum signer_algorithm algorithm, int64_t at);
/* The same, and whether it did sign text. */
enum signature_status key_ring_verify(const struct key_ring *ring, struct str selector,
				      enum signer_algorithm algorithm, int64_t at,
				      struct str text, const uint8_t *signature, size_t n);

#endif
