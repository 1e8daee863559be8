/* token.h - private keys behind URIs: what OpenSSL's OSSL_STORE finds there
 *
 * Internal to certs/.
 */
#ifndef CERTS_TOKEN_H
#define CERTS_TOKEN_H

#include <openssl/types.h>

#include "policy/base/arena.h"

/* The one private key that uri names; secret, a text, is the PIN, NULL for none. It is opened once
 * a process and shared from then on, for to close one handle of a key closes them all with some
 * providers. Call from one thread. NULL with *ret_error, a text of the arena. */
EVP_PKEY *token_load_private(struct arena *arena, const char *uri, char *secret,
			     struct str *ret_error);

#endif
