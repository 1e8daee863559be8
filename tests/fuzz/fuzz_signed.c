/* Any octets as a message that is multipart/signed, or signed in one piece. Where it is one, the octets
 * that the signature is over hold all that is shown: every part but the signature comes out of them,
 * between two lines that are delimiters, and a tail that is no part follows. */
#include "policy/message/ingest.h"
#include "policy/message/signed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool lies_within(struct str inner, struct str outer)
{
	return inner.n == 0 || (inner.p >= outer.p && inner.p + inner.n <= outer.p + outer.n);
}

static bool is_before(struct str text, struct str what, struct str whole)
{
	return text.p - whole.p >= (ptrdiff_t)what.n &&
	       memcmp(text.p - what.n, what.p, what.n) == 0;
}

/* In one piece: all parts come out of it. */
static void check_piece(const struct message *message, struct str content)
{
	for (size_t i = 1; i < message->n_parts; i++) {
		const struct part *part = &message->parts[i];

		if (part->parent == 0 && !lies_within(part->encoded, content))
			abort();
	}
}

static void check_signed(struct arena *arena, const struct message *message)
{
	const struct part *root = message->parts;
	struct str delimiter = arena_concat(arena, STR_LIT("--"), root->boundary);
	struct signed_content found;
	struct str after;
	size_t n = 0;

	if (!signed_read(message, &found))
		return;
	if (found.carried) {
		check_piece(message, found.content);
		return;
	}
	if (!lies_within(found.content, root->encoded) || !lies_within(found.signature, root->encoded))
		abort();
	after = str_span(found.content.p + found.content.n, root->encoded.p + root->encoded.n);
	if (str_find(str_head(after, delimiter.n + 2), delimiter, 0) == STR_NPOS ||
	    is_before(found.content, delimiter, root->encoded))
		abort();
	for (size_t i = 1; i < message->n_parts; i++) {
		const struct part *part = &message->parts[i];

		if (part->parent != 0)
			continue;
		if (n++ == 0 && !lies_within(part->encoded, found.content))
			abort();
		if (n == 2 && lies_within(part->encoded, found.content) && part->encoded.n > 0)
			abort();
	}
	if (n != 2)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ingest *ingest = ingest_new(&message_limits_default);
	struct arena *arena = arena_new();

	ingest_file(ingest, (struct str){ (const char *)data, size });
	check_signed(arena, message_parse(arena, ingest_source(ingest), &message_limits_default));
	arena_free(arena);
	ingest_free(ingest);
	return 0;
}
