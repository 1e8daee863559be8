#include "certs/chain.h"

#include <inttypes.h>
#include <openssl/evp.h>

#include "certs/base64.h"
#include "certs/digest.h"
#include "certs/tags.h"

#define HEX_DIGITS (2 * (size_t)CHAIN_HASH_OCTETS)

static int hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex_decode(struct str text, uint8_t *ret_octets)
{
	if (text.n != HEX_DIGITS)
		return false;
	for (size_t i = 0; i < CHAIN_HASH_OCTETS; i++) {
		int high = hex_value(text.p[2 * i]), low = hex_value(text.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		ret_octets[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool decimal_decode(struct str text, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (text.n == 0 || text.n > 18 || (text.n > 1 && text.p[0] == '0'))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!ascii_is_digit(text.p[i]))
			return false;
		number = number * 10 + (uint64_t)(text.p[i] - '0');
	}
	*ret_number = number;
	return true;
}

static bool line_hash(const uint8_t *previous, uint64_t sequence, struct str record,
		      uint8_t *ret_hash)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t hash[EVP_MAX_MD_SIZE];
	char number[24];
	int n = snprintf(number, sizeof number, "%" PRIu64 "\n", sequence);
	bool done;

	done = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
	       EVP_DigestUpdate(context, previous, CHAIN_HASH_OCTETS) == 1 &&
	       EVP_DigestUpdate(context, number, (size_t)n) == 1 &&
	       EVP_DigestUpdate(context, record.p, record.n) == 1 &&
	       EVP_DigestFinal_ex(context, hash, NULL) == 1;
	if (done)
		memcpy(ret_hash, hash, CHAIN_HASH_OCTETS);
	EVP_MD_CTX_free(context);
	return done;
}

struct str chain_append(struct arena *arena, struct chain *chain, struct str record)
{
	struct chain next = { .sequence = chain->sequence + 1 };
	struct str line;

	if (record.n > CHAIN_LINE_MAX ||
	    !line_hash(chain->hash, next.sequence, record, next.hash))
		return STR_NONE;
	line = arena_printf(arena, "{\"seq\":%" PRIu64 ",\"prev\":\"%.*s\",\"hash\":\"%.*s\","
			    "\"record\":%.*s}", next.sequence,
			    STR_ARG(digest_hex(arena, chain->hash, CHAIN_HASH_OCTETS)),
			    STR_ARG(digest_hex(arena, next.hash, CHAIN_HASH_OCTETS)),
			    STR_ARG(record));
	if (line.n > CHAIN_LINE_MAX)
		return STR_NONE;
	*chain = next;
	return line;
}

const char *chain_status_text(enum chain_status status)
{
	static const char *const texts[CHAIN_STATUS_N] = {
		[CHAIN_VALID] = "valid",
		[CHAIN_MALFORMED] = "not a line of an audit chain",
		[CHAIN_EDITED] = "edited: the hash is not that of the record",
		[CHAIN_BROKEN] = "does not follow the line before: a line is missing, moved or foreign",
	};

	return texts[status];
}

/* Takes a literal off the front of *rest. */
static bool take(struct str *rest, const char *literal)
{
	if (!str_starts(*rest, str_from(literal)))
		return false;
	*rest = str_skip(*rest, strlen(literal));
	return true;
}

static bool take_hash(struct str *rest, uint8_t *ret_hash)
{
	if (!hex_decode(str_head(*rest, HEX_DIGITS), ret_hash))
		return false;
	*rest = str_skip(*rest, HEX_DIGITS);
	return true;
}

struct line {
	uint64_t sequence;
	uint8_t previous[CHAIN_HASH_OCTETS], hash[CHAIN_HASH_OCTETS];
	struct str record;
};

static bool line_parse(struct str text, struct line *ret_line)
{
	size_t digits = 0;

	if (text.n > CHAIN_LINE_MAX || !take(&text, "{\"seq\":"))
		return false;
	while (digits < text.n && ascii_is_digit(text.p[digits]))
		digits++;
	if (!decimal_decode(str_head(text, digits), &ret_line->sequence))
		return false;
	text = str_skip(text, digits);
	if (!take(&text, ",\"prev\":\"") || !take_hash(&text, ret_line->previous) ||
	    !take(&text, "\",\"hash\":\"") || !take_hash(&text, ret_line->hash) ||
	    !take(&text, "\",\"record\":") || text.n < 3 || text.p[text.n - 1] != '}')
		return false;
	ret_line->record = str_head(text, text.n - 1);
	return true;
}

enum chain_status chain_follow(struct chain *chain, bool first, struct str line,
			       struct str *ret_record)
{
	uint8_t hash[CHAIN_HASH_OCTETS];
	struct line found;

	if (!line_parse(line, &found))
		return CHAIN_MALFORMED;
	if (!line_hash(found.previous, found.sequence, found.record, hash) ||
	    memcmp(hash, found.hash, sizeof hash) != 0)
		return CHAIN_EDITED;
	if (!(first && chain->sequence == 0) &&
	    (found.sequence != chain->sequence + 1 ||
	     memcmp(found.previous, chain->hash, sizeof hash) != 0))
		return CHAIN_BROKEN;
	chain->sequence = found.sequence;
	memcpy(chain->hash, found.hash, sizeof hash);
	*ret_record = found.record;
	return CHAIN_VALID;
}

/* What is signed. The leading words keep it from being taken for any other signed text. */
static struct str checkpoint_text(struct arena *arena, const struct chain *chain, int64_t at,
				  enum signer_algorithm algorithm, struct str selector)
{
	struct str hash = digest_hex(arena, chain->hash, CHAIN_HASH_OCTETS);

	return arena_printf(arena, "crm-notice audit checkpoint\nn=%" PRIu64 "; h=%.*s; t=%" PRId64
			    "; a=%s; s=%.*s", chain->sequence, STR_ARG(hash), at,
			    signer_algorithm_name(algorithm), STR_ARG(selector));
}

struct str checkpoint_sign(struct arena *arena, const struct signing_key *key,
			   const struct chain *chain, int64_t now)
{
	struct str text = checkpoint_text(arena, chain, now, signing_key_algorithm(key),
					  signing_key_selector(key));
	struct str signature = signing_key_sign(arena, key, text);

	if (signature.p == NULL)
		return STR_NONE;
	text = str_skip(text, str_find_char(text, '\n', 0) + 1);
	return arena_printf(arena, "v=1; %.*s; b=%.*s", STR_ARG(text), STR_ARG(signature));
}

bool checkpoint_verify(struct arena *arena, const struct key_ring *ring, struct str text,
		       struct checkpoint *ret_checkpoint, enum signature_status *ret_status)
{
	struct checkpoint checkpoint = { .at = 0 };
	enum signer_algorithm algorithm;
	const uint8_t *signature;
	uint64_t at;
	struct tags tags;
	size_t n;

	if (text.n > CHAIN_LINE_MAX || !tags_parse(text, &tags) ||
	    !str_is(tags_get(&tags, "v"), "1") ||
	    !decimal_decode(tags_get(&tags, "n"), &checkpoint.chain.sequence) ||
	    !hex_decode(tags_get(&tags, "h"), checkpoint.chain.hash) ||
	    !decimal_decode(tags_get(&tags, "t"), &at) ||
	    !signer_algorithm_parse(tags_get(&tags, "a"), &algorithm) ||
	    !base64_decode(arena, tags_get(&tags, "b"), &signature, &n))
		return false;
	checkpoint.at = (int64_t)at;
	checkpoint.selector = tags_get(&tags, "s");
	*ret_status = key_ring_verify(ring, checkpoint.selector, algorithm, checkpoint.at,
				      checkpoint_text(arena, &checkpoint.chain, checkpoint.at,
						      algorithm, checkpoint.selector),
				      signature, n);
	*ret_checkpoint = checkpoint;
	return true;
}
