/* Any text through the default policy's phrases and reference patterns: hits in order, inside the
 * text and, for UTF-8, at the bounds of characters. */
#include "policy/classify/lexicon.h"
#include "policy/text/fold.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct policy *policy;

/* Compiling all phrases takes its time: not that of the first input. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct arena *arena = arena_new();
	struct diag diag;

	(void)argc;
	(void)argv;
	diag_init(&diag, arena);
	policy = policy_load_default(&diag);
	arena_free(arena);
	if (policy == NULL)
		abort();
	return 0;
}

static void check_hits(const struct lexicon_hits *hits, struct str text)
{
	for (size_t i = 0; i < hits->n; i++) {
		const struct lexicon_hit *hit = &hits->items[i];

		if (hit->begin >= hit->end || hit->end > text.n)
			abort();
		if (i > 0 && hits->items[i - 1].begin > hit->begin)
			abort();
		if (((unsigned char)text.p[hit->begin] & 0xc0) == 0x80)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena *arena = arena_new();
	struct folded folded = text_fold(arena, text);
	struct reference_hit *references;
	struct lexicon_hits hits;
	size_t n;

	lexicon_scan(policy->lexicon, arena, folded.plain, 1000, &hits);
	check_hits(&hits, folded.plain);
	lexicon_scan(policy->lexicon, arena, folded.bare, 1000, &hits);
	check_hits(&hits, folded.bare);
	n = lexicon_references(policy->lexicon, arena, text, 64, &references);
	for (size_t i = 0; i < n; i++)
		if (references[i].begin >= references[i].end || references[i].end > size)
			abort();
	arena_free(arena);
	return 0;
}
