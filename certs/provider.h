/* provider.h - OpenSSL's providers beside its own: keys that live in tokens and TPMs
 *
 * One library context of our own for the whole process, for PKCS #11 modules are the process's:
 * what one generation of the configuration closed would be closed for the next one too. Set up
 * before keys are read and never again; without it OpenSSL's default context, as openssl.cnf of the
 * machine sets it up, is what counts.
 */
#ifndef CERTS_PROVIDER_H
#define CERTS_PROVIDER_H

#include <openssl/types.h>

#include "policy/base/arena.h"

/* Reads config, a file in the manner of config(5ssl), and loads providers by name or path to a
 * module; NULL and 0 for none. The first call that succeeds counts; later ones do nothing. False
 * with *ret_error, a text of the arena. Call from one thread. */
bool provider_setup(struct arena *arena, const char *config, const char *const *names, size_t n,
		    struct str *ret_error);

/* The context that private keys live in; NULL: OpenSSL's default. */
OSSL_LIB_CTX *provider_context(void);

/* The property query with which an operation on key stays with the provider that has the key: the
 * default one would take the public half, and then miss the private. NULL for its own keys. */
const char *provider_query(const EVP_PKEY *key);

/* Stand around each operation with a private key, and around opening one in a token (NULL): one at a
 * time, for tpm2-openssl (1.1.1, 1.2.0) has one connection to the TPM for all threads and no lock.
 * Keys in files do not wait where no other provider can have a part in what they do. */
void provider_enter(const EVP_PKEY *key);
void provider_leave(const EVP_PKEY *key);

/* The reason of the oldest error in this thread's queue, which is emptied. A static text. */
const char *provider_reason(void);

#endif
