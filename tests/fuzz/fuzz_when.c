/* Any text as a mail's, with the words of every language: what it says of times stays inside its
 * bounds, and the second reading is the first. The first octet chooses subject or text. */
#include <stdlib.h>

#include "policy/when/when.h"
#include "policy/text/utf8.h"

#define NOW 1780300800 /* 2026-06-01T08:00:00Z */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct document *document_of(struct arena *arena, struct str text)
{
	struct document *document = ARENA_NEW(arena, struct document);
	struct str rest = text, line;
	unsigned row = 0;

	document->place = PLACE_TEXT;
	while (document->n_blocks < 200 && str_next_split(&rest, '\v', &line)) {
		ARENA_ROOM(arena, document->blocks, document->n_blocks, document->cap_blocks);
		document->blocks[document->n_blocks++] = (struct block){
			.text = line,
			.folded = text_fold(arena, line),
			.flags = line.n % 3 == 0 ? BLOCK_CELL : line.n % 5 == 0 ? BLOCK_HIDDEN : 0,
			.table = 1,
			.row = row / 2,
			.column = row % 2,
		};
		row++;
	}
	return document;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct policy *policy;
	struct arena *arena = arena_new();
	struct diag diag;
	struct str text;

	diag_init(&diag, arena);
	if (policy == NULL)
		policy = policy_load_default(&diag);
	if (policy == NULL)
		abort();
	text = text_fold(arena, (struct str){ (const char *)data, size < 8192 ? size : 8192 }).plain;
	if (size > 0 && data[0] % 2 == 0)
		text = (struct str){ (const char *)data, size < 8192 ? size : 8192 };
	if (utf8_is_valid(text)) {
		struct message message = { .arena = arena, .subject = text };
		struct document *documents[] = { document_of(arena, text) };
		struct view view = { .message = &message,
				     .subject = text_fold(arena, str_head(text, size % 100)),
				     .documents = documents,
				     .n_documents = 1 };
		const struct when_facts *facts;

		if (!utf8_is_valid(str_head(text, size % 100)))
			view.subject = (struct folded){ STR_LIT(""), STR_LIT(""), false };
		facts = when_scan(arena, &view, policy);
		for (int direction = WHEN_ADVANCE; direction <= WHEN_NEAREST; direction++) {
			struct when *a = when_resolve(arena, facts, policy,
						      (enum when_direction)direction, NOW);
			struct when *b = when_resolve(arena, facts, policy,
						      (enum when_direction)direction, NOW);

			if (a->has_start != b->has_start || a->start != b->start ||
			    a->conflict != b->conflict || (a->has_end && a->end < a->start))
				abort();
		}
	}
	arena_free(arena);
	return 0;
}
