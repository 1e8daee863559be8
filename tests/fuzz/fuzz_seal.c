/* Any octets as what certs/ reads of foreign origin: tag lists, a seal, a checkpoint, lines of an
 * audit chain, base64. Without keys nothing of it may be valid. */
#include "certs/base64.h"
#include "certs/chain.h"
#include "certs/seal.h"
#include "certs/tags.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_seal(struct arena *arena, const struct key_ring *ring, struct str text)
{
	const struct seal_field fields[] = {
		{ STR_LIT("X-CRM-Notice-Verdict"), text },
		{ STR_LIT(SEAL_FIELD), text },
		{ STR_LIT("Subject"), text },
	};
	const struct seal_message message = { .fields = fields, .n_fields = 3, .body = text };
	struct str detail;

	if (seal_verify(arena, ring, &message, 1800000000, &detail) <=
	    SEAL_VALID_RECIPIENTS_UNVERIFIED)
		abort();
}

static void as_checkpoint(struct arena *arena, const struct key_ring *ring, struct str text)
{
	enum signature_status status;
	struct checkpoint checkpoint;

	if (checkpoint_verify(arena, ring, text, &checkpoint, &status) && status == SIGNATURE_VALID)
		abort();
}

static void as_chain(struct str text)
{
	struct chain chain = { 0 };
	struct str line, record;

	while (str_next_line(&text, &line))
		chain_follow(&chain, chain.sequence == 0, line, &record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena *arena = arena_new();
	struct key_ring *ring = key_ring_new();
	const uint8_t *octets;
	struct tags tags;
	size_t n;

	tags_parse(text, &tags);
	base64_decode(arena, text, &octets, &n);
	as_seal(arena, ring, text);
	as_checkpoint(arena, ring, text);
	as_chain(text);
	key_ring_free(ring);
	arena_free(arena);
	return 0;
}
