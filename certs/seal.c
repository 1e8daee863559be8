#include "certs/seal.h"

#include "certs/base64.h"
#include "certs/canonical.h"
#include "certs/digest.h"
#include "certs/tags.h"

/* Clocks of two hosts differ; a seal from further ahead is refused. */
#define SEAL_CLOCK_SKEW 300

static const char *const sealed_fields[] = {
	"X-CRM-Notice-Category", "X-CRM-Notice-Event", "X-CRM-Notice-Policy", "X-CRM-Notice-Verdict",
	"Message-ID", "From", "Date", "Subject",
};
#define SEALED_FIELDS_N (sizeof sealed_fields / sizeof *sealed_fields)

static const struct {
	const char *name;
	const char *text;
} statuses[SEAL_STATUS_N] = {
	[SEAL_VALID] = { "valid", "the seal is valid" },
	[SEAL_VALID_RECIPIENTS_UNVERIFIED] = {
		"valid-recipients-unverified",
		"the seal is valid; the recipients are unverified, for the envelope is not known" },
	[SEAL_MISSING] = { "missing", "there is no seal" },
	[SEAL_DUPLICATE] = { "duplicate", "the seal, or a sealed field, stands more than once" },
	[SEAL_MALFORMED] = { "malformed", "the seal cannot be read" },
	[SEAL_UNKNOWN_VERSION] = { "unknown-version", "the seal's version is unknown" },
	[SEAL_UNKNOWN_ALGORITHM] = { "unknown-algorithm", "the seal's algorithm is unknown" },
	[SEAL_UNKNOWN_KEY] = { "unknown-key", "no key is known for the seal's selector" },
	[SEAL_KEY_NOT_YET_VALID] = { "key-not-yet-valid",
				     "the key was not yet valid when the message was sealed" },
	[SEAL_KEY_EXPIRED] = { "key-expired", "the key had expired when the message was sealed" },
	[SEAL_KEY_MISMATCH] = { "key-mismatch", "the selector's key is of another algorithm" },
	[SEAL_IN_FUTURE] = { "in-future", "the seal was made later than now" },
	[SEAL_BODY_ALTERED] = { "body-altered", "the body is not the one that was sealed" },
	[SEAL_RECIPIENTS_ALTERED] = { "recipients-altered",
				      "the recipients are not those that were sealed" },
	[SEAL_SIGNATURE_INVALID] = {
		"signature-invalid",
		"a sealed field was altered, or the seal belongs to another message" },
};

const char *seal_status_name(enum seal_status status)
{
	return statuses[status].name;
}

const char *seal_status_text(enum seal_status status)
{
	return statuses[status].text;
}

static int compare_addresses(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* SHA-256 over the recipients, in lower case, sorted, each once, each with a line end. */
static void recipients_hash(struct arena *arena, const struct seal_message *message,
			    uint8_t ret_digest[DIGEST_SHA256_SIZE])
{
	struct str *sorted = ARENA_ARRAY(arena, message->n_recipients, struct str);
	struct buf list;

	for (size_t i = 0; i < message->n_recipients; i++) {
		char *lower = arena_cstr(arena, message->recipients[i]);

		for (size_t j = 0; j < message->recipients[i].n; j++)
			lower[j] = ascii_lower(lower[j]);
		sorted[i] = (struct str){ lower, message->recipients[i].n };
	}
	if (message->n_recipients > 1)
		qsort(sorted, message->n_recipients, sizeof *sorted, compare_addresses);
	buf_init(&list, arena, SIZE_MAX);
	for (size_t i = 0; i < message->n_recipients; i++) {
		if (i > 0 && str_eq(sorted[i], sorted[i - 1]))
			continue;
		buf_add(&list, sorted[i]);
		buf_add_char(&list, '\n');
	}
	digest_sha256(buf_str(&list).p, buf_str(&list).n, ret_digest);
}

static size_t fields_named(const struct seal_message *message, const char *name,
			   struct str *ret_value)
{
	size_t n = 0;

	for (size_t i = 0; i < message->n_fields; i++) {
		if (!str_is_nocase(str_trim(message->fields[i].name), name))
			continue;
		if (n++ == 0)
			*ret_value = message->fields[i].value;
	}
	return n;
}

/* What is signed: the sealed fields that are there, then the seal itself without the value of
 * its b tag. False where a sealed field stands twice; *ret_detail names it. */
static bool signed_text(struct arena *arena, const struct seal_message *message, struct str seal,
			struct str *ret_text, struct str *ret_detail)
{
	struct buf out;

	buf_init(&out, arena, SIZE_MAX);
	for (size_t i = 0; i < SEALED_FIELDS_N; i++) {
		struct str value;
		size_t n = fields_named(message, sealed_fields[i], &value);

		if (n > 1) {
			*ret_detail = str_from(sealed_fields[i]);
			return false;
		}
		if (n == 1)
			canonical_field(&out, str_from(sealed_fields[i]), value);
	}
	canonical_field(&out, STR_LIT(SEAL_FIELD), seal);
	*ret_text = buf_str(&out);
	return true;
}

/* Base64 in lines short enough for a header, each continued by LF and a space. */
static void add_folded(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i += 64) {
		buf_add_cstr(out, "\n ");
		buf_add(out, str_head(str_skip(text, i), 64));
	}
}

struct str seal_sign(struct arena *arena, const struct signing_key *key,
		     const struct seal_message *message, int64_t now)
{
	uint8_t body[DIGEST_SHA256_SIZE], recipients[DIGEST_SHA256_SIZE];
	struct str text, signature, ignored;
	struct buf out;

	if (!canonical_body_hash(message->body, body))
		return STR_NONE;
	recipients_hash(arena, message, recipients);
	buf_init(&out, arena, SEAL_VALUE_MAX);
	buf_printf(&out, "v=1; a=%s; s=%.*s; t=%lld;\n rh=%.*s;\n bh=%.*s;\n b=",
		   signer_algorithm_name(signing_key_algorithm(key)),
		   STR_ARG(signing_key_selector(key)), (long long)now,
		   STR_ARG(base64_encode(arena, recipients, sizeof recipients)),
		   STR_ARG(base64_encode(arena, body, sizeof body)));
	if (!signed_text(arena, message, buf_str(&out), &text, &ignored))
		return STR_NONE;
	signature = signing_key_sign(arena, key, text);
	if (signature.p == NULL)
		return STR_NONE;
	add_folded(&out, signature);
	return out.full ? STR_NONE : buf_str(&out);
}

/* The seal as it was read: its tags with their forms checked. */
struct seal {
	struct str value;   /* as it stands in the message */
	struct str unsigned_value; /* without the value of b */
	struct str selector;
	enum signer_algorithm algorithm;
	int64_t at;
	const uint8_t *recipients, *body, *signature;
	size_t signature_n;
};

static bool decode_seconds(struct str text, int64_t *ret_seconds)
{
	int64_t seconds = 0;

	if (text.n == 0 || text.n > 12)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!ascii_is_digit(text.p[i]))
			return false;
		seconds = seconds * 10 + (text.p[i] - '0');
	}
	*ret_seconds = seconds;
	return true;
}

static bool decode_digest(struct arena *arena, struct str text, const uint8_t **ret_octets)
{
	size_t n;

	return text.p != NULL && base64_decode(arena, text, ret_octets, &n) && n == DIGEST_SHA256_SIZE;
}

static enum seal_status seal_parse(struct arena *arena, struct str value, struct seal *ret_seal)
{
	struct seal seal = { .value = value };
	struct str version, algorithm, signature;
	struct tags tags;

	if (value.n > SEAL_VALUE_MAX || !tags_parse(value, &tags))
		return SEAL_MALFORMED;
	version = tags_get(&tags, "v");
	algorithm = tags_get(&tags, "a");
	signature = tags_get(&tags, "b");
	seal.selector = tags_get(&tags, "s");
	if (version.p == NULL || algorithm.p == NULL || signature.p == NULL ||
	    !selector_valid(seal.selector))
		return SEAL_MALFORMED;
	if (!str_is(version, "1"))
		return SEAL_UNKNOWN_VERSION;
	if (!signer_algorithm_parse(algorithm, &seal.algorithm))
		return SEAL_UNKNOWN_ALGORITHM;
	if (!decode_seconds(tags_get(&tags, "t"), &seal.at) ||
	    !decode_digest(arena, tags_get(&tags, "rh"), &seal.recipients) ||
	    !decode_digest(arena, tags_get(&tags, "bh"), &seal.body) ||
	    !base64_decode(arena, signature, &seal.signature, &seal.signature_n))
		return SEAL_MALFORMED;
	seal.unsigned_value = arena_concat(arena, str_span(value.p, signature.p),
					   str_span(signature.p + signature.n, value.p + value.n));
	*ret_seal = seal;
	return SEAL_VALID;
}

/* What a signature's status says about the seal. */
static enum seal_status status_of(enum signature_status status)
{
	static const enum seal_status seal[] = {
		[SIGNATURE_VALID] = SEAL_VALID,
		[SIGNATURE_UNKNOWN_KEY] = SEAL_UNKNOWN_KEY,
		[SIGNATURE_KEY_MISMATCH] = SEAL_KEY_MISMATCH,
		[SIGNATURE_KEY_NOT_YET_VALID] = SEAL_KEY_NOT_YET_VALID,
		[SIGNATURE_KEY_EXPIRED] = SEAL_KEY_EXPIRED,
		[SIGNATURE_WRONG] = SEAL_SIGNATURE_INVALID,
	};

	return seal[status];
}

static enum seal_status check_content(struct arena *arena, const struct seal_message *message,
				      const struct seal *seal)
{
	uint8_t digest[DIGEST_SHA256_SIZE];

	if (!canonical_body_hash(message->body, digest) ||
	    memcmp(digest, seal->body, sizeof digest) != 0)
		return SEAL_BODY_ALTERED;
	if (!message->recipients_known)
		return SEAL_VALID_RECIPIENTS_UNVERIFIED;
	recipients_hash(arena, message, digest);
	return memcmp(digest, seal->recipients, sizeof digest) == 0 ? SEAL_VALID
								    : SEAL_RECIPIENTS_ALTERED;
}

/* The signature comes first: nothing that a forged seal says is worth a report. */
enum seal_status seal_verify(struct arena *arena, const struct key_ring *ring,
			     const struct seal_message *message, int64_t now,
			     struct str *ret_detail)
{
	enum seal_status status;
	struct str value, text;
	struct seal seal;
	size_t n = fields_named(message, SEAL_FIELD, &value);

	*ret_detail = STR_LIT(SEAL_FIELD);
	if (n != 1)
		return n == 0 ? SEAL_MISSING : SEAL_DUPLICATE;
	status = seal_parse(arena, value, &seal);
	if (status != SEAL_VALID)
		return status;
	*ret_detail = seal.selector;
	if (seal.at > now + SEAL_CLOCK_SKEW)
		return SEAL_IN_FUTURE;
	status = status_of(key_ring_check(ring, seal.selector, seal.algorithm, seal.at));
	if (status != SEAL_VALID)
		return status;
	if (!signed_text(arena, message, seal.unsigned_value, &text, ret_detail))
		return SEAL_DUPLICATE;
	status = status_of(key_ring_verify(ring, seal.selector, seal.algorithm, seal.at, text,
					   seal.signature, seal.signature_n));
	return status != SEAL_VALID ? status : check_content(arena, message, &seal);
}
