#include "policy/classify/lexicon.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include "policy/classify/patterns.h"
#include "policy/text/trie.h"

/* A prefix phrase ("maint*") takes the rest of its word, up to this. */
#define WORD_MAX 64

/* One phrase, or a spelling of it. */
struct entry {
	struct str text;
	const struct phrase *phrase;
	size_t concept;
	bool prefix;      /* ends in "*": the word may go on */
	bool begins_word; /* what stands before must not belong to the same word */
	bool ends_word;
};

struct lexicon {
	struct arena *arena;
	struct entry *entries; /* by text */
	size_t n_entries, cap_entries;
	struct trie *trie;     /* of the distinct texts; NULL where there are no phrases */
	size_t *firsts;        /* for each text of the trie its first entry; one more at the end */
	uint64_t *owners;      /* [concepts]: a bit for each category, see concept_owners */
	struct patterns *patterns;
};

/* -- Which categories a concept speaks for -- */

#define OWNER_NEGATIVE ((uint64_t)1 << 63)

static void own_signals(uint64_t *owners, const struct signal *signals, size_t n, uint64_t owner)
{
	for (size_t i = 0; i < n; i++) {
		bool against = signals[i].weight < 0;

		if (signals[i].concept != SIGNAL_NO_CONCEPT && against == (owner == OWNER_NEGATIVE))
			owners[signals[i].concept] |= owner;
	}
}

static uint64_t *concept_owners(struct arena *arena, const struct policy *policy)
{
	uint64_t *owners = ARENA_ARRAY(arena, policy->n_concepts, uint64_t);

	for (size_t i = 0; i < policy->n_categories; i++) {
		const struct category *category = &policy->categories[i];
		uint64_t owner = (uint64_t)1 << (i % 63);

		if (category->title != SIGNAL_NO_CONCEPT)
			owners[category->title] |= owner;
		own_signals(owners, category->signals, category->n_signals, owner);
	}
	own_signals(owners, policy->negatives, policy->n_negatives, OWNER_NEGATIVE);
	return owners;
}

/* -- Spellings of a phrase -- */

static bool is_word_char(UChar32 c)
{
	int8_t type = u_charType(c);

	return u_isalnum(c) || type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK;
}

/* Written without spaces between words (or, as Korean, with endings joined to the word). */
static bool is_unspaced(UChar32 c)
{
	UErrorCode status = U_ZERO_ERROR;

	if (c < 0x0e00)
		return false;
	switch (uscript_getScript(c, &status)) {
	case USCRIPT_HAN:
	case USCRIPT_HIRAGANA:
	case USCRIPT_KATAKANA:
	case USCRIPT_HANGUL:
	case USCRIPT_THAI:
		return true;
	default:
		return c == 0x30fc; /* the mark that lengthens a Katakana vowel is of no script */
	}
}

static inline bool bounds_word(UChar32 c)
{
	if (c < 0x80)
		return ascii_is_alnum((char)c);
	return is_word_char(c) && !is_unspaced(c);
}

static UChar32 char_at(struct str text, size_t offset)
{
	int32_t i = (int32_t)offset, n = (int32_t)text.n;
	UChar32 c;

	U8_NEXT(text.p, i, n, c);
	return c;
}

static UChar32 char_before(struct str text, size_t offset)
{
	int32_t i = (int32_t)offset;
	UChar32 c;

	U8_PREV(text.p, 0, i, c);
	return c;
}

/* Whether letters of this base are also written without their marks, in capitals or by habit. */
static bool drops_marks(UChar32 base)
{
	return base < 0x250 || base == 0x435 /* Cyrillic ie, of io */;
}

/* The base letter that is typed where the keyboard has not this one; c itself for most. */
static UChar32 plain_letter(const UNormalizer2 *nfd, UChar32 c)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar parts[8];
	int32_t n = unorm2_getDecomposition(nfd, c, parts, 8, &status);

	if (c == 0x131) /* dotless i */
		return 'i';
	if (c == 0x142) /* l with stroke */
		return 'l';
	if (c == 0xf8) /* o with stroke */
		return 'o';
	if (U_FAILURE(status) || n < 2 || !drops_marks(parts[0]))
		return c;
	return parts[0] < 0x250 ? plain_letter(nfd, parts[0]) : parts[0];
}

/* text without accents: "planifiee"; absent where it has none. */
static struct str without_accents(struct arena *arena, struct str text)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
	char *out = arena_alloc(arena, text.n + 1);
	int32_t n = 0;
	bool changed = false;

	for (size_t i = 0; i < text.n;) {
		UChar32 c = char_at(text, i);
		UChar32 plain = c < 0x80 ? c : plain_letter(nfd, c);

		if (c < 0)
			return STR_NONE;
		changed |= plain != c;
		i += U8_LENGTH(c);
		U8_APPEND_UNSAFE(out, n, plain);
	}
	return changed ? (struct str){ out, (size_t)n } : STR_NONE;
}

/* German without umlauts: "fuer"; absent where it has none. */
static struct str with_digraphs(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.n * 2);
	size_t n = 0;
	bool changed = false;

	for (size_t i = 0; i < text.n; i++) {
		static const char from[] = "\xa4\xb6\xbc", to[] = "aou";
		const char *at = text.p[i] == '\xc3' && i + 1 < text.n
					 ? memchr(from, text.p[i + 1], sizeof from - 1)
					 : NULL;

		if (at == NULL) {
			out[n++] = text.p[i];
			continue;
		}
		out[n++] = to[at - from];
		out[n++] = 'e';
		changed = true;
		i++;
	}
	return changed ? (struct str){ out, n } : STR_NONE;
}

static void entry_add(struct lexicon *lexicon, struct str text, const struct phrase *phrase,
		      size_t concept, bool prefix)
{
	struct entry *entry;

	if (text.n == 0)
		return;
	ARENA_ROOM(lexicon->arena, lexicon->entries, lexicon->n_entries, lexicon->cap_entries);
	entry = &lexicon->entries[lexicon->n_entries++];
	entry->text = text;
	entry->phrase = phrase;
	entry->concept = concept;
	entry->prefix = prefix;
	entry->begins_word = bounds_word(char_at(text, 0));
	entry->ends_word = !prefix && bounds_word(char_before(text, text.n));
}

static bool phrase_add(struct lexicon *lexicon, const struct phrase *phrase, size_t concept,
		       struct diag *diag)
{
	struct str text = phrase->text;
	bool prefix = text.n > 1 && text.p[text.n - 1] == '*';

	if (prefix)
		text.n--;
	if (text.n == 0 || text.n > LEXICON_PHRASE_MAX || str_find_char(text, '*', 0) != STR_NPOS) {
		diag_error(diag, phrase->file, phrase->line, 0,
			   "phrase \"%.*s\": 1 to %d octets are allowed, with * at the end only",
			   STR_ARG(phrase->text), LEXICON_PHRASE_MAX);
		return false;
	}
	entry_add(lexicon, text, phrase, concept, prefix);
	entry_add(lexicon, without_accents(lexicon->arena, text), phrase, concept, prefix);
	if (str_is(phrase->language, "de"))
		entry_add(lexicon, with_digraphs(lexicon->arena, text), phrase, concept, prefix);
	return true;
}

static bool phrases_add(struct lexicon *lexicon, const struct policy *policy, struct diag *diag)
{
	size_t n = 0;
	bool good = true;

	for (size_t i = 0; i < policy->n_concepts; i++) {
		const struct concept *concept = &policy->concepts[i];

		n += concept->n_phrases;
		for (size_t j = 0; j < concept->n_phrases && n <= LEXICON_PHRASES_MAX; j++)
			good &= phrase_add(lexicon, &concept->phrases[j], i, diag);
	}
	if (n > LEXICON_PHRASES_MAX) {
		diag_error(diag, policy->file, 0, 0, "%zu phrases; at most %d are allowed", n,
			   LEXICON_PHRASES_MAX);
		return false;
	}
	return good;
}

/* -- Compilation -- */

static int entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = str_cmp(x->text, y->text);

	if (order == 0)
		order = (x->concept > y->concept) - (x->concept < y->concept);
	return order != 0 ? order : (int)x->prefix - (int)y->prefix;
}

static void index_build(struct lexicon *lexicon)
{
	struct str *texts = ARENA_ARRAY(lexicon->arena, lexicon->n_entries, struct str);
	size_t n = 0;

	lexicon->firsts = ARENA_ARRAY(lexicon->arena, lexicon->n_entries + 1, size_t);
	for (size_t i = 0; i < lexicon->n_entries; i++) {
		if (n > 0 && str_eq(lexicon->entries[i].text, texts[n - 1]))
			continue;
		texts[n] = lexicon->entries[i].text;
		lexicon->firsts[n++] = i;
	}
	lexicon->firsts[n] = lexicon->n_entries;
	lexicon->trie = trie_build(lexicon->arena, texts, n);
}

struct lexicon *lexicon_compile(const struct policy *policy, struct diag *diag)
{
	struct arena *arena = arena_new();
	struct lexicon *lexicon = ARENA_NEW(arena, struct lexicon);
	bool good;

	lexicon->arena = arena;
	lexicon->owners = concept_owners(arena, policy);
	lexicon->patterns = patterns_compile(arena, policy, diag);
	good = phrases_add(lexicon, policy, diag) && lexicon->patterns != NULL;
	if (good && lexicon->n_entries > 0) {
		qsort(lexicon->entries, lexicon->n_entries, sizeof *lexicon->entries, entry_compare);
		index_build(lexicon);
	}
	if (good)
		return lexicon;
	lexicon_free(lexicon);
	return NULL;
}

void lexicon_free(struct lexicon *lexicon)
{
	if (lexicon == NULL)
		return;
	patterns_free(lexicon->patterns);
	arena_free(lexicon->arena);
}

/* -- Scanning -- */

struct scan {
	const struct lexicon *lexicon;
	struct arena *arena;
	struct str text;
	size_t max;
	struct lexicon_hits *hits;
};

static size_t word_end(struct str text, size_t end)
{
	size_t limit = end + WORD_MAX < text.n ? end + WORD_MAX : text.n;

	while (end < limit) {
		UChar32 c = char_at(text, end);

		if (c < 0 || !bounds_word(c))
			break;
		end += U8_LENGTH(c);
	}
	return end;
}

static bool stands_alone(const struct entry *entry, struct str text, size_t begin, size_t end)
{
	if (entry->begins_word && begin > 0 && bounds_word(char_before(text, begin)))
		return false;
	return !entry->ends_word || end >= text.n || !bounds_word(char_at(text, end));
}

/* All entries of the trie's text that has been found at begin. False once there are too many. */
static bool hits_add(struct scan *scan, uint32_t text, size_t begin)
{
	const struct lexicon *lexicon = scan->lexicon;

	for (size_t i = lexicon->firsts[text]; i < lexicon->firsts[text + 1]; i++) {
		const struct entry *entry = &lexicon->entries[i];
		size_t end = begin + entry->text.n;
		struct lexicon_hit *hit;

		if (!stands_alone(entry, scan->text, begin, end))
			continue;
		if (scan->hits->n >= scan->max)
			return false;
		ARENA_ROOM(scan->arena, scan->hits->items, scan->hits->n, scan->hits->cap);
		hit = &scan->hits->items[scan->hits->n++];
		hit->concept = entry->concept;
		hit->phrase = entry->phrase;
		hit->begin = begin;
		hit->end = entry->prefix ? word_end(scan->text, end) : end;
	}
	return true;
}

/* Within a word nothing begins that would stand alone, so it is not looked for. */
static void scan_text(struct scan *scan)
{
	uint32_t found[TRIE_TEXT_MAX];
	bool in_word = false;

	for (size_t at = 0, next; at < scan->text.n; at = next) {
		UChar32 c = (unsigned char)scan->text.p[at];
		bool was_in_word = in_word;
		size_t n = 0;

		if (c >= 0x80)
			c = char_at(scan->text, at);
		next = at + (c >= 0 ? U8_LENGTH(c) : 1);
		in_word = c >= 0 && bounds_word(c);
		if (!was_in_word || !in_word)
			n = trie_match(scan->lexicon->trie, str_skip(scan->text, at), found);
		for (size_t i = 0; i < n; i++)
			if (!hits_add(scan, found[i], at))
				return;
	}
}

static int hit_compare(const void *a, const void *b)
{
	const struct lexicon_hit *x = a, *y = b;

	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	return (x->concept > y->concept) - (x->concept < y->concept);
}

/* Whether a longer phrase that speaks for other categories has this hit at its begin or end. */
static bool swallowed(const struct lexicon *lexicon, const struct lexicon_hits *hits, size_t index)
{
	const struct lexicon_hit *hit = &hits->items[index];
	uint64_t owner = lexicon->owners[hit->concept];
	size_t reach = LEXICON_PHRASE_MAX + WORD_MAX;

	for (size_t i = index; owner != 0 && i-- > 0;) {
		const struct lexicon_hit *longer = &hits->items[i];
		uint64_t other = lexicon->owners[longer->concept];

		if (longer->begin + reach < hit->begin)
			break;
		if (other == 0 || (owner & other) != 0 || longer->end < hit->end)
			continue;
		if (longer->end - longer->begin > hit->end - hit->begin &&
		    (longer->begin == hit->begin || longer->end == hit->end))
			return true;
	}
	return false;
}

static void drop_swallowed(const struct lexicon *lexicon, struct arena *arena,
			   struct lexicon_hits *hits)
{
	bool *gone = ARENA_ARRAY(arena, hits->n, bool);
	size_t kept = 0;

	qsort(hits->items, hits->n, sizeof *hits->items, hit_compare);
	for (size_t i = 0; i < hits->n; i++)
		gone[i] = swallowed(lexicon, hits, i);
	for (size_t i = 0; i < hits->n; i++)
		if (!gone[i])
			hits->items[kept++] = hits->items[i];
	hits->n = kept;
}

void lexicon_scan(const struct lexicon *lexicon, struct arena *arena, struct str text, size_t max,
		  struct lexicon_hits *hits)
{
	struct scan scan = { lexicon, arena, str_head(text, INT32_MAX), max, hits };

	*hits = (struct lexicon_hits){ 0 };
	if (lexicon->trie == NULL)
		return;
	scan_text(&scan);
	if (hits->n > 1)
		drop_swallowed(lexicon, arena, hits);
}

bool lexicon_speaks(const struct lexicon *lexicon, size_t concept)
{
	return (lexicon->owners[concept] & ~OWNER_NEGATIVE) != 0;
}

size_t lexicon_references(const struct lexicon *lexicon, struct arena *arena, struct str text,
			  size_t max, struct reference_hit **ret_hits)
{
	return patterns_find(lexicon->patterns, arena, text, max, ret_hits);
}
