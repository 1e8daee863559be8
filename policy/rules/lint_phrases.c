/* lint_phrases.c - concepts that nothing refers to, and phrases that change nothing */
#include "policy/rules/lint.h"

#include "policy/text/utf8.h"

/* A prefix of fewer letters than this begins any text's words. */
#define STEM_MIN 3

const char *const lint_known_concepts[] = {
	"approve", "condition", "negation", "negation-after", "phase-reminder", "phase-report",
	"phase-update", "phase-update-label", "promise", "report-description", "report-impact",
	"report-next-steps", "report-resolution", "report-root-cause", "report-start", "reschedule",
	"state-cancelled", "state-completed", "state-moved", "state-resolved", "state-restored",
	"state-under-way", "the-work", "unaffected", NULL,
};

struct words {
	const struct lint *lint;
	uint64_t *owners; /* by concept: a bit for each category that it speaks for, modulo 64 */
	bool *used;       /* by concept: some signal or title refers to it, or the program */
};

static void use(struct words *words, size_t concept, uint64_t owner)
{
	if (concept == SIGNAL_NO_CONCEPT)
		return;
	words->used[concept] = true;
	words->owners[concept] |= owner;
}

static void use_signals(struct words *words, const struct signal *signals, size_t n, uint64_t owner)
{
	for (size_t i = 0; i < n; i++) {
		use(words, signals[i].concept, signals[i].weight > 0 ? owner : 0);
		use(words, signals[i].also, 0);
		use(words, signals[i].unless, 0);
	}
}

static void uses_find(struct words *words)
{
	const struct policy *policy = words->lint->policy;

	words->owners = ARENA_ARRAY(words->lint->diag->arena, policy->n_concepts, uint64_t);
	words->used = ARENA_ARRAY(words->lint->diag->arena, policy->n_concepts, bool);
	for (size_t i = 0; i < policy->n_categories; i++) {
		const struct category *category = &policy->categories[i];
		uint64_t owner = (uint64_t)1 << (i % 64);

		use(words, category->title, owner);
		use_signals(words, category->signals, category->n_signals, owner);
		for (size_t j = 0; j < category->n_variants; j++) {
			use(words, category->variants[j].concept, 0);
			use(words, category->variants[j].unless, 0);
		}
	}
	use_signals(words, policy->negatives, policy->n_negatives, 0);
	for (size_t i = 0; lint_known_concepts[i] != NULL; i++)
		use(words, policy_concept(policy, lint_known_concepts[i]), 0);
}

static bool are_rivals(const struct words *words, size_t a, size_t b)
{
	return words->owners[a] != 0 && words->owners[b] != 0 &&
	       (words->owners[a] & words->owners[b]) == 0;
}

/* -- Concepts of the policy's own phrases; a language file serves many policies -- */

static void lint_concepts(const struct words *words)
{
	const struct yaml_node *languages = lint_at(words->lint->tree, STR_LIT("phrases"));

	for (size_t i = 0; languages != NULL && i < languages->n; i++) {
		const struct yaml_node *concepts = languages->pairs[i].value;

		for (size_t j = 0; concepts->kind == YAML_MAP && j < concepts->n; j++) {
			const struct yaml_node *key = concepts->pairs[j].key;
			size_t concept = policy_concept(words->lint->policy,
							arena_cstr(words->lint->diag->arena, key->text));

			if (concept != SIGNAL_NO_CONCEPT && !words->used[concept])
				lint_say(words->lint, LINT_CONCEPT_UNUSED, key,
					 "nothing refers to the concept \"%.*s\": add a signal, or take "
					 "it out",
					 STR_ARG(key->text));
		}
	}
}

/* -- Phrases: the policy's own among themselves, and rivals in the language files; that a language file
 * has a phrase too may change with its next edition -- */

struct entry {
	const struct phrase *phrase;
	struct str text; /* without the star */
	bool prefix;
	size_t concept;
};

static void say(const struct words *words, enum lint_id id, const struct phrase *phrase,
		const char *text)
{
	const struct yaml_node place = { .file = phrase->file, .line = phrase->line };

	lint_say(words->lint, id, &place, "%s", text);
}

static int entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = str_cmp(x->phrase->language, y->phrase->language);

	if (order == 0)
		order = str_cmp(x->phrase->text, y->phrase->text);
	if (order == 0 && x->concept != y->concept)
		order = x->concept < y->concept ? -1 : 1;
	if (order == 0)
		order = str_cmp(x->phrase->file, y->phrase->file);
	if (order == 0 && x->phrase->line != y->phrase->line)
		order = x->phrase->line < y->phrase->line ? -1 : 1;
	return order;
}

static struct entry *entries_make(const struct words *words, size_t *ret_n)
{
	const struct policy *policy = words->lint->policy;
	struct entry *entries;
	size_t n = 0;

	for (size_t i = 0; i < policy->n_concepts; i++)
		n += policy->concepts[i].n_phrases;
	entries = ARENA_ARRAY(words->lint->diag->arena, n, struct entry);
	n = 0;
	for (size_t i = 0; i < policy->n_concepts; i++) {
		for (size_t j = 0; j < policy->concepts[i].n_phrases; j++) {
			const struct phrase *phrase = &policy->concepts[i].phrases[j];
			bool prefix = str_ends(phrase->text, STR_LIT("*"));

			entries[n++] = (struct entry){ phrase,
						       str_head(phrase->text,
								phrase->text.n - prefix),
						       prefix, i };
		}
	}
	if (n > 1)
		qsort(entries, n, sizeof *entries, entry_compare);
	*ret_n = n;
	return entries;
}

static const char *concept_name(const struct words *words, const struct entry *entry)
{
	return words->lint->policy->concepts[entry->concept].id.p;
}

/* Whether a phrase is the policy's own, and not of a language file: of the policy's file, or of one that
 * it extends. */
static bool is_own(const struct words *words, const struct phrase *phrase)
{
	const struct yaml_node *languages = lint_at(words->lint->tree, STR_LIT("phrases"));
	const struct yaml_node *concepts = lint_at(languages, phrase->language);

	for (size_t i = 0; concepts != NULL && concepts->kind == YAML_MAP && i < concepts->n; i++) {
		if (str_eq(concepts->pairs[i].key->file, phrase->file))
			return true;
	}
	return false;
}

/* Two entries of one text and language; b is the policy's own. */
static void lint_pair(const struct words *words, const struct entry *a, const struct entry *b)
{
	struct arena *arena = words->lint->diag->arena;

	if (a->concept == b->concept && is_own(words, a->phrase))
		say(words, LINT_PHRASE_TWICE, b->phrase,
		    arena_printf(arena, "\"%.*s\" stands in %s twice: take one out",
				 STR_ARG(b->phrase->text), concept_name(words, b))
			    .p);
	else if (are_rivals(words, a->concept, b->concept))
		say(words, LINT_PHRASE_RIVAL, b->phrase,
		    arena_printf(arena,
				 "\"%.*s\" stands in %s and in %s, which speak for different "
				 "categories: leave it where it belongs",
				 STR_ARG(b->phrase->text), concept_name(words, a),
				 concept_name(words, b))
			    .p);
}

/* Entries of one text and language stand together. */
static void lint_same(const struct words *words, const struct entry *entries, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct entry *a = &entries[i - 1], *b = &entries[i];

		if (!str_eq(a->phrase->text, b->phrase->text) ||
		    !str_eq(a->phrase->language, b->phrase->language))
			continue;
		if (is_own(words, b->phrase))
			lint_pair(words, a, b);
		else if (is_own(words, a->phrase))
			lint_pair(words, b, a);
	}
}

/* Whether a short phrase is in a text as whole words, from at on. */
static bool is_word_at(const struct entry *inner, struct str text, size_t at)
{
	size_t end = at + inner->text.n;

	if (at > 0 && (ascii_is_alnum(text.p[at - 1]) || (text.p[at - 1] & 0x80)))
		return false;
	return inner->prefix || end == text.n ||
	       !(ascii_is_alnum(text.p[end]) || (text.p[end] & 0x80));
}

static bool is_within(const struct entry *inner, const struct entry *outer)
{
	for (size_t at = str_find(outer->text, inner->text, 0); at != STR_NPOS;
	     at = str_find(outer->text, inner->text, at + 1)) {
		if (is_word_at(inner, outer->text, at))
			return true;
	}
	return false;
}

/* A longer phrase takes those of rivals at its ends for its own (lexicon.h): it is there for that. */
static bool swallows(const struct words *words, const struct entry *entries, size_t n,
		     const struct entry *outer)
{
	for (size_t i = 0; i < n; i++) {
		const struct entry *inner = &entries[i];
		size_t last = outer->text.n - inner->text.n;

		if (inner->text.n >= outer->text.n || !are_rivals(words, inner->concept, outer->concept))
			continue;
		if ((str_starts(outer->text, inner->text) && is_word_at(inner, outer->text, 0)) ||
		    (str_ends(outer->text, inner->text) && is_word_at(inner, outer->text, last)))
			return true;
	}
	return false;
}

static void lint_contained(const struct words *words, const struct entry *entries, size_t n,
			   const struct entry *outer)
{
	for (size_t i = 0; i < n; i++) {
		const struct entry *inner = &entries[i];

		if (inner->concept != outer->concept || inner->text.n >= outer->text.n ||
		    !str_eq(inner->phrase->language, outer->phrase->language) ||
		    !is_own(words, inner->phrase) || !is_within(inner, outer) || swallows(words, entries, n, outer))
			continue;
		say(words, LINT_PHRASE_CONTAINED, outer->phrase,
		    arena_printf(words->lint->diag->arena,
				 "\"%.*s\" is found only where \"%.*s\" of %s is: take one of them out",
				 STR_ARG(outer->phrase->text), STR_ARG(inner->phrase->text),
				 concept_name(words, outer))
			    .p);
		return;
	}
}

static bool is_broad(const struct entry *entry)
{
	size_t letters = 0;

	if (!utf8_is_ascii(entry->text))
		return false;
	for (size_t i = 0; i < entry->text.n; i++)
		letters += ascii_is_alnum(entry->text.p[i]);
	return letters < (entry->prefix ? STEM_MIN : 2);
}

void lint_phrases(const struct lint *lint)
{
	struct words words = { .lint = lint };
	struct entry *entries;
	size_t n;

	uses_find(&words);
	lint_concepts(&words);
	entries = entries_make(&words, &n);
	lint_same(&words, entries, n);
	for (size_t i = 0; i < n; i++) {
		if (!is_own(&words, entries[i].phrase))
			continue;
		lint_contained(&words, entries, n, &entries[i]);
		if (is_broad(&entries[i]))
			say(&words, LINT_PHRASE_BROAD, entries[i].phrase,
			    arena_printf(lint->diag->arena,
					 "\"%.*s\" is found in any text: give more letters",
					 STR_ARG(entries[i].phrase->text))
				    .p);
	}
}
