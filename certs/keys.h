/* keys.h - private and public keys from PEM files, with what makes a file fit to be trusted */
#ifndef CERTS_KEYS_H
#define CERTS_KEYS_H

#include <stdint.h>
#include <openssl/types.h>
#include <sys/types.h>

#include "policy/base/arena.h"

#define KEYS_FILE_MAX ((size_t)64 * 1024)
#define KEYS_RSA_BITS_MIN 2048
#define KEYS_EC_BITS_MIN 256

/* Reads a private key; where it is encrypted, with the first line of the file passphrase (NULL: it
 * must not be), which is held to the same rules and cleansed from memory. The file must be regular and no symbolic link, owned by root,
 * the effective user or owner, and closed to group and others; it is checked after it was opened. NULL
 * and *ret_error, a text of the arena, otherwise. The caller frees with EVP_PKEY_free. */
EVP_PKEY *keys_load_private(struct arena *arena, const char *file, const char *passphrase,
			    uid_t owner, struct str *ret_error);

/* Reads a public key, or the one in a certificate; then *ret_not_before and *ret_not_after are
 * the certificate's bounds in seconds since 1970, else 0. */
EVP_PKEY *keys_load_public(struct arena *arena, const char *file, int64_t *ret_not_before,
			   int64_t *ret_not_after, struct str *ret_error);

/* Whether a key is Ed25519, or RSA or EC that is long enough. */
bool keys_usable(const EVP_PKEY *key);

#endif
