#include "certs/token.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#include "certs/provider.h"

/* OpenSSL's own store reads files of any owner: a URI is for the others. */
#define NOT_A_FILE "provider!=default"

/* Never from a terminal: a daemon has none, and a PIN that is asked for again was wrong. */
static int give_secret(char *text, int size, int writing, void *context)
{
	const char *secret = context;
	size_t n = secret != NULL ? strlen(secret) : 0;

	(void)writing;
	if (n == 0 || n > (size_t)size)
		return -1;
	memcpy(text, secret, n);
	return (int)n;
}

/* All that is there is looked at: a name that fits two keys names none. */
static EVP_PKEY *only_key(OSSL_STORE_CTX *store, size_t *ret_n)
{
	EVP_PKEY *key = NULL;
	size_t n = 0;

	while (OSSL_STORE_eof(store) == 0 && OSSL_STORE_error(store) == 0) {
		OSSL_STORE_INFO *info = OSSL_STORE_load(store);

		if (info == NULL)
			continue;
		if (OSSL_STORE_INFO_get_type(info) == OSSL_STORE_INFO_PKEY && n++ == 0)
			key = OSSL_STORE_INFO_get1_PKEY(info);
		OSSL_STORE_INFO_free(info);
	}
	if (n > 1) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	*ret_n = n;
	return key;
}

static EVP_PKEY *store_load(struct arena *arena, const char *uri, OSSL_STORE_CTX *store,
			    struct str *ret_error)
{
	EVP_PKEY *key;
	size_t n;

	OSSL_STORE_expect(store, OSSL_STORE_INFO_PKEY);
	key = only_key(store, &n);
	if (n > 1)
		*ret_error = arena_printf(arena, "%s: %zu private keys have this name; say more, such as "
					  "id=%%01", uri, n);
	else if (key == NULL)
		*ret_error = arena_printf(arena, "%s: no private key there, or the PIN does not open it "
					  "(OpenSSL: %s)", uri, provider_reason());
	return key;
}

/* Keys that were opened, for the life of the process. */
struct opened {
	struct opened *next;
	EVP_PKEY *key;
	char *uri;
};

static struct opened *all_opened;

static EVP_PKEY *find_opened(const char *uri)
{
	for (struct opened *opened = all_opened; opened != NULL; opened = opened->next) {
		if (strcmp(opened->uri, uri) == 0) {
			EVP_PKEY_up_ref(opened->key);
			return opened->key;
		}
	}
	return NULL;
}

static void keep_opened(const char *uri, EVP_PKEY *key)
{
	struct opened *opened = malloc(sizeof *opened);
	char *copy = strdup(uri);

	if (opened == NULL || copy == NULL)
		abort();
	EVP_PKEY_up_ref(key);
	*opened = (struct opened){ all_opened, key, copy };
	all_opened = opened;
}

static EVP_PKEY *uri_load(struct arena *arena, const char *uri, char *secret,
			  struct str *ret_error)
{
	UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(give_secret, 0);
	OSSL_STORE_CTX *store;
	EVP_PKEY *key = NULL;

	ERR_clear_error();
	store = OSSL_STORE_open_ex(uri, provider_context(), NOT_A_FILE, ui, secret, NULL, NULL,
				   NULL);
	if (store == NULL)
		*ret_error = arena_printf(arena, "%s: no provider of OpenSSL opens this (%s)", uri,
					  provider_reason());
	else
		key = store_load(arena, uri, store, ret_error);
	if (store != NULL)
		OSSL_STORE_close(store);
	UI_destroy_method(ui);
	ERR_clear_error();
	return key;
}

EVP_PKEY *token_load_private(struct arena *arena, const char *uri, char *secret,
			     struct str *ret_error)
{
	EVP_PKEY *key = find_opened(uri);

	if (key != NULL)
		return key;
	provider_enter(NULL);
	key = uri_load(arena, uri, secret, ret_error);
	provider_leave(NULL);
	if (key != NULL)
		keep_opened(uri, key);
	return key;
}
