#include "certs/provider.h"

#include <errno.h>
#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <unistd.h>

static OSSL_LIB_CTX *own_context;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

OSSL_LIB_CTX *provider_context(void)
{
	return own_context;
}

const char *provider_query(const EVP_PKEY *key)
{
	const OSSL_PROVIDER *provider = EVP_PKEY_get0_provider(key);

	return provider != NULL && strcmp(OSSL_PROVIDER_get0_name(provider), "default") != 0
		       ? "?provider!=default"
		       : NULL;
}

static bool is_alone(const EVP_PKEY *key)
{
	return key == NULL || own_context != NULL || provider_query(key) != NULL;
}

void provider_enter(const EVP_PKEY *key)
{
	if (is_alone(key))
		pthread_mutex_lock(&one_at_a_time);
}

void provider_leave(const EVP_PKEY *key)
{
	if (is_alone(key))
		pthread_mutex_unlock(&one_at_a_time);
}

const char *provider_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	ERR_clear_error();
	return reason != NULL ? reason : "no reason given";
}

/* OpenSSL's own comes by itself only where no other is asked for. */
static bool providers_load(struct arena *arena, OSSL_LIB_CTX *context, const char *const *names,
			   size_t n, struct str *ret_error)
{
	if (OSSL_PROVIDER_load(context, "default") == NULL) {
		*ret_error = STR_LIT("OpenSSL's default provider cannot be loaded");
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (OSSL_PROVIDER_load(context, names[i]) == NULL) {
			*ret_error = arena_printf(arena, "provider %s cannot be loaded: %s", names[i],
						  provider_reason());
			return false;
		}
	}
	return true;
}

bool provider_setup(struct arena *arena, const char *config, const char *const *names, size_t n,
		    struct str *ret_error)
{
	OSSL_LIB_CTX *context;

	if (own_context != NULL || (config == NULL && n == 0))
		return true;
	/* OpenSSL gives no reason for a file that it cannot read. */
	if (config != NULL && access(config, R_OK) != 0) {
		*ret_error = arena_printf(arena, "%s: %s", config, strerror(errno));
		return false;
	}
	ERR_clear_error();
	context = OSSL_LIB_CTX_new();
	if (context == NULL)
		abort();
	if (config != NULL && OSSL_LIB_CTX_load_config(context, config) != 1)
		*ret_error = arena_printf(arena, "%s: %s", config, provider_reason());
	else if (providers_load(arena, context, names, n, ret_error))
		own_context = context;
	ERR_clear_error();
	if (own_context == NULL)
		OSSL_LIB_CTX_free(context);
	return own_context != NULL;
}
