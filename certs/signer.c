#include "certs/signer.h"

#include <openssl/evp.h>

#include "certs/base64.h"
#include "certs/digest.h"
#include "certs/keys.h"
#include "certs/provider.h"

/* All kinds of keys that keys_usable lets through. */
static const struct {
	const char *name;
	const char *key;    /* OpenSSL's name of the kind of key */
	const char *digest; /* inside the signature; NULL: the text is hashed before */
} algorithms[SIGNER_ALGORITHM_N] = {
	[SIGNER_ED25519] = { "ed25519-sha256", "ED25519", NULL },
	[SIGNER_RSA] = { "rsa-sha256", "RSA", "SHA256" },
	[SIGNER_ECDSA] = { "ecdsa-sha256", "EC", "SHA256" },
};

const char *signer_algorithm_name(enum signer_algorithm algorithm)
{
	return algorithms[algorithm].name;
}

bool signer_algorithm_parse(struct str name, enum signer_algorithm *ret_algorithm)
{
	for (int i = 0; i < SIGNER_ALGORITHM_N; i++) {
		if (str_is(name, algorithms[i].name)) {
			*ret_algorithm = (enum signer_algorithm)i;
			return true;
		}
	}
	return false;
}

bool selector_valid(struct str selector)
{
	if (selector.n == 0 || selector.n > 63)
		return false;
	for (size_t i = 0; i < selector.n; i++) {
		char c = selector.p[i];

		if (!ascii_is_alnum(c) && c != '-' && c != '_' && c != '.')
			return false;
	}
	return true;
}

struct signing_key {
	EVP_PKEY *pkey;
	enum signer_algorithm algorithm;
	char *selector;
};

static enum signer_algorithm algorithm_of(const EVP_PKEY *pkey)
{
	int i = 0;

	while (i < SIGNER_ALGORITHM_N - 1 && EVP_PKEY_is_a(pkey, algorithms[i].key) != 1)
		i++;
	return (enum signer_algorithm)i;
}

/* A private copy that ends with a NUL; out of memory is fatal as in the arena. */
static char *copy_selector(struct str selector)
{
	char *copy = strndup(selector.p, selector.n);

	if (copy == NULL)
		abort();
	return copy;
}

/* A token may ask for its PIN only when it is to sign: tried now, not at the first notice. */
struct signing_key *signing_key_load(struct arena *arena, const char *name, const char *passphrase,
				     struct str selector, uid_t owner, struct str *ret_error)
{
	struct signing_key *key;
	EVP_PKEY *pkey;

	if (!selector_valid(selector)) {
		*ret_error = arena_printf(arena, "selector \"%.*s\": 1 to 63 letters, digits, '-', '_' "
					  "and '.' are allowed", STR_ARG(selector));
		return NULL;
	}
	pkey = keys_load_private(arena, name, passphrase, owner, ret_error);
	if (pkey == NULL)
		return NULL;
	key = calloc(1, sizeof *key);
	if (key == NULL)
		abort();
	key->pkey = pkey;
	key->algorithm = algorithm_of(pkey);
	key->selector = copy_selector(selector);
	if (signing_key_sign(arena, key, STR_LIT("trial")).p != NULL)
		return key;
	*ret_error = arena_printf(arena, "%s: cannot sign: %s", name, provider_reason());
	signing_key_free(key);
	return NULL;
}

void signing_key_free(struct signing_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	free(key->selector);
	free(key);
}

struct str signing_key_selector(const struct signing_key *key)
{
	return str_from(key->selector);
}

enum signer_algorithm signing_key_algorithm(const struct signing_key *key)
{
	return key->algorithm;
}

/* What the primitive is given: Ed25519 signs the SHA-256 of the text (RFC 8463 3), the others the
 * text with SHA-256 inside the signature. */
struct primitive {
	const char *digest;
	const void *input;
	size_t n;
	uint8_t hash[DIGEST_SHA256_SIZE];
};

static void primitive_init(struct primitive *primitive, enum signer_algorithm algorithm,
			   struct str text)
{
	primitive->digest = algorithms[algorithm].digest;
	primitive->input = text.p;
	primitive->n = text.n;
	if (primitive->digest != NULL)
		return;
	digest_sha256(text.p, text.n, primitive->hash);
	primitive->input = primitive->hash;
	primitive->n = sizeof primitive->hash;
}

struct str signing_key_sign(struct arena *arena, const struct signing_key *key, struct str text)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	struct str result = STR_NONE;
	struct primitive primitive;
	size_t n = 0;

	primitive_init(&primitive, key->algorithm, text);
	provider_enter(key->pkey);
	if (context != NULL &&
	    EVP_DigestSignInit_ex(context, NULL, primitive.digest, provider_context(),
				  provider_query(key->pkey), key->pkey, NULL) == 1 &&
	    EVP_DigestSign(context, NULL, &n, primitive.input, primitive.n) == 1) {
		uint8_t *signature = arena_alloc(arena, n);

		if (EVP_DigestSign(context, signature, &n, primitive.input, primitive.n) == 1)
			result = base64_encode(arena, signature, n);
	}
	EVP_MD_CTX_free(context);
	provider_leave(key->pkey);
	return result;
}

struct ring_entry {
	char *selector;
	EVP_PKEY *pkey;
	int64_t not_before, not_after;
};

struct key_ring {
	struct ring_entry entries[KEY_RING_MAX];
	size_t n;
};

struct key_ring *key_ring_new(void)
{
	struct key_ring *ring = calloc(1, sizeof *ring);

	if (ring == NULL)
		abort();
	return ring;
}

void key_ring_free(struct key_ring *ring)
{
	if (ring == NULL)
		return;
	for (size_t i = 0; i < ring->n; i++) {
		free(ring->entries[i].selector);
		EVP_PKEY_free(ring->entries[i].pkey);
	}
	free(ring);
}

static const struct ring_entry *ring_find(const struct key_ring *ring, struct str selector)
{
	for (size_t i = 0; i < ring->n; i++) {
		if (str_is(selector, ring->entries[i].selector))
			return &ring->entries[i];
	}
	return NULL;
}

static bool ring_takes(const struct key_ring *ring, struct arena *arena, struct str selector,
		       struct str *ret_error)
{
	if (!selector_valid(selector))
		*ret_error = arena_printf(arena, "selector \"%.*s\": 1 to 63 letters, digits, '-', '_' "
					  "and '.' are allowed", STR_ARG(selector));
	else if (ring_find(ring, selector) != NULL)
		*ret_error = arena_printf(arena, "selector \"%.*s\" has a key already",
					  STR_ARG(selector));
	else if (ring->n == KEY_RING_MAX)
		*ret_error = arena_printf(arena, "more than %d keys", KEY_RING_MAX);
	else
		return true;
	return false;
}

static int64_t later_of(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* 0 means unbounded. */
static int64_t earlier_of(int64_t a, int64_t b)
{
	if (a == 0 || b == 0)
		return a + b;
	return a < b ? a : b;
}

bool key_ring_add(struct key_ring *ring, struct arena *arena, struct str selector,
		  const char *file, int64_t not_before, int64_t not_after,
		  struct str *ret_error)
{
	struct ring_entry entry;
	int64_t from, until;

	if (!ring_takes(ring, arena, selector, ret_error))
		return false;
	entry.pkey = keys_load_public(arena, file, &from, &until, ret_error);
	if (entry.pkey == NULL)
		return false;
	entry.selector = copy_selector(selector);
	entry.not_before = later_of(from, not_before);
	entry.not_after = earlier_of(until, not_after);
	ring->entries[ring->n++] = entry;
	return true;
}

static enum signature_status entry_check(const struct ring_entry *entry,
					 enum signer_algorithm algorithm, int64_t at)
{
	if (entry == NULL)
		return SIGNATURE_UNKNOWN_KEY;
	if (algorithm_of(entry->pkey) != algorithm)
		return SIGNATURE_KEY_MISMATCH;
	if (entry->not_before != 0 && at < entry->not_before)
		return SIGNATURE_KEY_NOT_YET_VALID;
	if (entry->not_after != 0 && at > entry->not_after)
		return SIGNATURE_KEY_EXPIRED;
	return SIGNATURE_VALID;
}

enum signature_status key_ring_check(const struct key_ring *ring, struct str selector,
				     enum signer_algorithm algorithm, int64_t at)
{
	return entry_check(ring_find(ring, selector), algorithm, at);
}

enum signature_status key_ring_verify(const struct key_ring *ring, struct str selector,
				      enum signer_algorithm algorithm, int64_t at,
				      struct str text, const uint8_t *signature, size_t n)
{
	const struct ring_entry *entry = ring_find(ring, selector);
	enum signature_status status = entry_check(entry, algorithm, at);
	struct primitive primitive;
	EVP_MD_CTX *context;
	bool valid;

	if (status != SIGNATURE_VALID)
		return status;
	context = EVP_MD_CTX_new();
	primitive_init(&primitive, algorithm, text);
	valid = context != NULL &&
		EVP_DigestVerifyInit_ex(context, NULL, primitive.digest, NULL, NULL, entry->pkey,
					NULL) == 1 &&
		EVP_DigestVerify(context, signature, n, primitive.input, primitive.n) == 1;
	EVP_MD_CTX_free(context);
	return valid ? SIGNATURE_VALID : SIGNATURE_WRONG;
}
