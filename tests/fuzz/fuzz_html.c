/* HTML parts: tokenizer, tree, style sheets, layout, blocks and banner candidates. */
#include "policy/html/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct part part = { .parent = -1, .text = { (const char *)data, size } };
	struct message message = { .arena = arena, .parts = &part, .n_parts = 1 };

	document_from_html(arena, &message, 0, &message_limits_default);
	arena_free(arena);
	return 0;
}
