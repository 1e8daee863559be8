/* Any octets as a calendar part, a JSON-LD script, microdata and a declared time. */
#include <stdlib.h>

#include "policy/notice/maintnote.h"
#include "policy/when/places.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct policy *policy;
	static struct when_words *words;
	struct arena *arena = arena_new();
	struct str text = { (const char *)data, size };
	struct document document = { .jsonld = &text, .n_jsonld = 1 };
	struct microdata microdata[] = { { STR_LIT("startDate"), text },
					 { STR_LIT("endDate"), text },
					 { STR_LIT("duration"), text } };
	struct maintnote note = { .has_status = false };
	struct mention_list *list;
	struct diag diag;

	diag_init(&diag, arena);
	if (policy == NULL) {
		policy = policy_load_default(&diag);
		if (policy == NULL)
			abort();
		words = policy->when_words;
	}
	document.microdata = microdata;
	document.n_microdata = 3;
	list = calendar_read(arena, text);
	if (list != NULL && (list->n == 0 || list->n > 100))
		abort();
	if (duration_parse(text) < 0)
		abort();
	maintnote_read(arena, text, &note);
	maintnote_read(arena, text, &note);
	if (note.ids.n > 32 || note.objects.n > 256)
		abort();
	jsonld_read(arena, words, policy, &document);
	microdata_read(arena, words, policy, &document);
	timestamps_read(arena, words, policy, text, text);
	arena_free(arena);
	return 0;
}
