/* Any octets as text: folded, and cut into blocks that hold no character more than the text. */
#include "policy/html/document.h"
#include "policy/text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_folded(struct arena *arena, struct str text)
{
	struct folded folded = text_fold(arena, text);

	if (!utf8_is_valid(folded.plain) || !utf8_is_valid(folded.bare) ||
	    folded.disguised == (folded.bare.p == folded.plain.p))
		abort();
	for (size_t i = 0; i < folded.plain.n; i++) {
		if ((unsigned char)folded.plain.p[i] < 0x20)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena *arena = arena_new();
	struct message *message = ARENA_NEW(arena, struct message);
	struct document *document;
	size_t sum = 0;

	check_folded(arena, text);
	message->arena = arena;
	message->parts = ARENA_NEW(arena, struct part);
	message->n_parts = 1;
	message->parts[0].parent = -1;
	message->parts[0].text = text;
	message->parts[0].delsp = size > 0 && data[0] == '\f';
	document = document_from_text(arena, message, 0);
	for (size_t i = 0; i < document->n_blocks; i++)
		sum += document->blocks[i].text.n;
	for (size_t i = 0; i < document->n_links; i++) {
		if (document->links[i].block >= document->n_blocks)
			abort();
	}
	if (sum > size)
		abort();
	arena_free(arena);
	return 0;
}
