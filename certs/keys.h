/* keys.h - private and public keys, with what makes a file fit to be trusted
 *
 * A private key is named by a path, by "file:" and a path, or by any other URI that a provider of
 * OpenSSL (provider.h) knows, such as "pkcs11:token=gate;object=seal": then it stays where it is.
 */
#ifndef CERTS_KEYS_H
#define CERTS_KEYS_H

#include <stdint.h>
#include <openssl/types.h>
#include <sys/types.h>

#include "policy/base/arena.h"

#define KEYS_FILE_MAX ((size_t)64 * 1024)
#define KEYS_RSA_BITS_MIN 2048
#define KEYS_EC_BITS_MIN 256
#define KEYS_PASSPHRASE_MAX 1024

/* The path that a key's name is, or NULL where it is a URI of another kind. */
const char *keys_path(const char *name);
/* What is wrong with a key's name as a text for people, or NULL. A PIN in a URI is wrong: it would
 * stand in the configuration and in the log. */
const char *keys_name_fault(const char *name);

/* Reads a private key; where it is encrypted, or in a token that asks for a PIN, with the first
 * line of the file passphrase (NULL: there is none), which is cleansed from memory. Both files must
 * be regular and no symbolic link, owned by root, the effective user or owner, and closed to group
 * and others; they are checked after they were opened. NULL and *ret_error, a text of the arena,
 * otherwise. The caller frees with EVP_PKEY_free. */
EVP_PKEY *keys_load_private(struct arena *arena, const char *name, const char *passphrase,
			    uid_t owner, struct str *ret_error);

/* Reads a public key, or the one in a certificate; then *ret_not_before and *ret_not_after are
 * the certificate's bounds in seconds since 1970, else 0. */
EVP_PKEY *keys_load_public(struct arena *arena, const char *file, int64_t *ret_not_before,
			   int64_t *ret_not_after, struct str *ret_error);

/* The public half, in PEM, of the private key that keys_load_private reads. Absent with *ret_error,
 * also where a token does not give it away. */
struct str keys_public_half(struct arena *arena, const char *name, const char *passphrase,
			    uid_t owner, struct str *ret_error);

/* Whether a key is Ed25519, or RSA or EC that is long enough. */
bool keys_usable(const EVP_PKEY *key);

#endif
