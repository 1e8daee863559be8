#include "policy/when/words.h"

#include <unicode/udat.h>
#include <unicode/ustring.h>

#include "policy/text/fold.h"
#include "policy/text/trie.h"

#include <stdlib.h>

/* In the order of enum word_kind. */
const char *const when_word_keys[] = {
	"stopwords", "start", "end", "window", "date", "zone-label", "duration", "for", "impact",
	"from", "to", "until", "and", "or", "minutes", "hours", "days", "weeks", "half", "numbers",
	"ordinals", "today", "tomorrow", "tonight", "after-tomorrow", "yesterday", "next-day",
	"this-week", "next-week", "this-month", "next-month", "every", "noon", "midnight", "am", "pm", "night", "at",
	"clock-before", "clock-after", "filler", "clock-shift", "lasting", "local-time", "time-word",
	"zone-names", "places", "backup", "decoy", "choice", "moved", "moved-to", "moved-from", "past", "work", NULL,
};
_Static_assert(sizeof when_word_keys / sizeof *when_word_keys == WORD_KEYS + 1,
	       "when_word_keys and enum word_kind differ");

/* A line of prose that was wrapped has at least so many octets. */
#define WRAPPED_MIN 45

/* A folded text and what it means; of those with the same text the last added counts first. */
struct word {
	struct str text;
	struct word_meaning meaning;
};

struct when_words {
	struct arena *arena;
	const struct policy *policy;
	struct word *items;
	size_t n, cap;
	struct trie *trie;                    /* of the distinct texts */
	const struct word_meaning **meanings; /* of each text of the trie */
};

uint32_t text_code_point(struct str text, size_t offset, size_t *ret_length)
{
	unsigned char c = (unsigned char)text.p[offset];
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	uint32_t value = n == 1 ? c : c & (0x7fu >> n);

	if (offset + n > text.n || (c >= 0x80 && c < 0xc2)) {
		*ret_length = 1;
		return 0xfffd;
	}
	for (size_t i = 1; i < n; i++)
		value = value << 6 | ((unsigned char)text.p[offset + i] & 0x3f);
	*ret_length = n;
	return value;
}

bool code_point_is_cjk(uint32_t c)
{
	return (c >= 0x3040 && c < 0xd7b0 && c != 0x30fb) || (c >= 0x20000 && c < 0x32000) ||
	       c == 0x3005 || c == 0x3007;
}

/* Letters of the alphabets that put spaces between words; general punctuation is none. */
static bool code_point_is_letter(uint32_t c)
{
	if (c < 0x80)
		return ascii_is_alnum((char)c);
	return (c >= 0xaa && c < 0x2000 && c != 0xab && c != 0xb7 && c != 0xbb && c != 0xd7 &&
		c != 0xb0 && c != 0xbf) ||
	       (c >= 0x2c00 && c < 0x2e00) || (c >= 0xa640 && c < 0xa720);
}

static void words_add(struct when_words *words, struct str text, struct word_meaning meaning)
{
	if (text.n == 0 || text.n > TRIE_TEXT_MAX)
		return;
	meaning.kinds = WORD_BIT(meaning.kind);
	ARENA_ROOM(words->arena, words->items, words->n, words->cap);
	words->items[words->n++] = (struct word){ text, meaning };
}

/* By text, and then in the order they were added. */
static int word_compare(const void *a, const void *b)
{
	const struct word *const *x = a, *const *y = b;
	int order = str_cmp((*x)->text, (*y)->text);

	return order != 0 ? order : (*x > *y) - (*x < *y);
}

/* The same meaning twice is kept once. */
static void meaning_add(const struct word_meaning **first, struct word_meaning *meaning)
{
	for (const struct word_meaning *m = *first; m != NULL; m = m->next) {
		if (m->kind == meaning->kind && m->language == meaning->language &&
		    m->value == meaning->value && m->zone == meaning->zone)
			return;
	}
	meaning->next = *first;
	meaning->kinds |= *first != NULL ? (*first)->kinds : 0;
	*first = meaning;
}

static void words_index(struct when_words *words)
{
	struct word **sorted = ARENA_ARRAY(words->arena, words->n, struct word *);
	struct str *texts = ARENA_ARRAY(words->arena, words->n, struct str);
	size_t n = 0;

	for (size_t i = 0; i < words->n; i++)
		sorted[i] = &words->items[i];
	qsort(sorted, words->n, sizeof *sorted, word_compare);
	words->meanings = ARENA_ARRAY(words->arena, words->n, const struct word_meaning *);
	for (size_t i = 0; i < words->n; i++) {
		if (n == 0 || !str_eq(texts[n - 1], sorted[i]->text))
			texts[n++] = sorted[i]->text;
		meaning_add(&words->meanings[n - 1], &sorted[i]->meaning);
	}
	words->trie = trie_build(words->arena, texts, n);
}

static struct str words_fold(struct when_words *words, struct str text)
{
	return text_fold(words->arena, text).plain;
}

/* One or two letters, of CJK one. */
static bool name_is_brief(struct str name)
{
	size_t length, n = 0;

	if (code_point_is_cjk(text_code_point(name, 0, &length)))
		return name.n <= 3;
	for (size_t i = 0; i < name.n; i++)
		n += ((unsigned char)name.p[i] & 0xc0) != 0x80;
	return n <= 2;
}

/* CLDR's names of months and weekdays; what is a number ("3月") is read as one. */
static void words_add_symbols(struct when_words *words, const UDateFormat *format,
			      UDateFormatSymbolType type, enum word_kind kind, int language)
{
	int n = udat_countSymbols(format, type);
	int first = kind == WORD_WEEKDAY ? 1 : 0;
	bool is_short = type == UDAT_SHORT_MONTHS || type == UDAT_STANDALONE_SHORT_MONTHS;

	for (int i = first; i < n; i++) {
		UErrorCode status = U_ZERO_ERROR;
		UChar wide[64];
		char narrow[200];
		int32_t length = 0;
		struct str name;

		udat_getSymbols(format, type, i, wide, 64, &status);
		u_strToUTF8(narrow, sizeof narrow, &length, wide, -1, &status);
		if (U_FAILURE(status) || length <= 0)
			continue;
		name = words_fold(words, (struct str){ narrow, (size_t)length });
		while (name.n > 0 && name.p[name.n - 1] == '.')
			name.n--;
		if (name.n == 0 || ascii_is_digit(name.p[0]))
			continue;
		words_add(words, name,
			  (struct word_meaning){ .kind = kind,
						 .language = language,
						 .value = kind == WORD_MONTH ? i + 1 : i - first,
						 .brief = name_is_brief(name),
						 .abbreviated = name.n <= 4,
						 .shortened = is_short });
	}
}

static void words_add_language(struct when_words *words, struct str code, int language)
{
	/* Whole names first: of two alike the first is kept. */
	static const UDateFormatSymbolType months[] = { UDAT_MONTHS, UDAT_STANDALONE_MONTHS,
							UDAT_SHORT_MONTHS,
							UDAT_STANDALONE_SHORT_MONTHS };
	static const UDateFormatSymbolType weekdays[] = {
		UDAT_WEEKDAYS, UDAT_SHORT_WEEKDAYS, UDAT_SHORTER_WEEKDAYS,
		UDAT_STANDALONE_WEEKDAYS, UDAT_STANDALONE_SHORT_WEEKDAYS
	};
	UErrorCode status = U_ZERO_ERROR;
	UDateFormat *format = udat_open(UDAT_NONE, UDAT_FULL, arena_cstr(words->arena, code), NULL, 0,
					NULL, 0, &status);

	if (U_FAILURE(status))
		return;
	for (size_t i = 0; i < sizeof months / sizeof *months; i++)
		words_add_symbols(words, format, months[i], WORD_MONTH, language);
	for (size_t i = 0; i < sizeof weekdays / sizeof *weekdays; i++)
		words_add_symbols(words, format, weekdays[i], WORD_WEEKDAY, language);
	udat_close(format);
}

/* A zone's name may stand for an abbreviation, which is read literally: "mitteleuropäische
 * zeit=CET". */
static bool words_abbreviation(struct str value, struct word_meaning *meaning)
{
	for (size_t i = 0; i < n_abbreviations; i++) {
		if (str_is_nocase(value, abbreviations[i].name)) {
			meaning->kind = WORD_ABBREVIATION;
			meaning->value = (int)i;
			return true;
		}
	}
	return false;
}

/* Kinds of which the value counts in sixtieths. */
static bool kind_is_amount(enum word_kind kind)
{
	return kind == WORD_NUMBER || kind == WORD_LASTING;
}

/* "text=value" of a list; false, with a fault, where it is none. */
static bool words_split(struct when_words *words, struct str item, const char *key, int language,
			struct diag *diag, struct str *ret_text, struct word_meaning *meaning)
{
	size_t at = str_find_char(item, '=', 0);
	struct str value = at == STR_NPOS ? STR_NONE : str_trim(str_skip(item, at + 1));

	*ret_text = at == STR_NPOS ? item : str_trim(str_head(item, at));
	if (meaning->kind == WORD_ZONE_NAME && words_abbreviation(value, meaning))
		return true;
	if (meaning->kind == WORD_ZONE_NAME || meaning->kind == WORD_PLACE) {
		meaning->zone = zone_find(value);
		if (meaning->zone != NULL || !zone_prepare())
			return meaning->zone != NULL;
	} else if (value.n > 0) {
		double number = strtod(arena_cstr(words->arena, value), NULL);

		meaning->value = (int)(kind_is_amount(meaning->kind) ? number * 60 : number);
		return true;
	}
	if (diag != NULL)
		diag_error(diag, words_language(words, language), 0, 0,
			   "when.%s: \"%.*s\": \"text=value\" is wanted, the value a %s", key,
			   STR_ARG(item), kind_is_amount(meaning->kind) ? "number" : "time zone");
	return false;
}

static void words_add_list(struct when_words *words, const struct word_list *list, int language,
			   struct diag *diag)
{
	int kind = 0;

	while (when_word_keys[kind] != NULL && !str_is(list->key, when_word_keys[kind]))
		kind++;
	if (when_word_keys[kind] == NULL)
		return;
	for (size_t i = 0; i < list->words.n; i++) {
		struct word_meaning meaning = { .kind = (enum word_kind)kind, .language = language };
		struct str text = list->words.items[i];

		if ((kind == WORD_ZONE_NAME || kind == WORD_PLACE || kind == WORD_NUMBER ||
		     kind == WORD_LASTING || kind == WORD_ORDINAL || kind == WORD_SHIFT) &&
		    !words_split(words, text, when_word_keys[kind], language, diag, &text, &meaning))
			continue;
		text = words_fold(words, text);
		meaning.brief = text.n <= 2;
		words_add(words, text, meaning);
	}
}

/* "W. Europe Standard Time". "Eastern Standard Time" is read as people mean it. */
static void words_add_windows(struct when_words *words)
{
	const char *name, *iana;

	for (size_t i = 0; (name = place_windows_name(i, &iana)) != NULL; i++) {
		struct word_meaning meaning = { .kind = WORD_ZONE_NAME, .language = -1 };

		if (words_abbreviation(str_from(name), &meaning))
			continue;
		meaning.zone = zone_find(str_from(iana));
		words_add(words, words_fold(words, str_from(name)), meaning);
	}
}

/* CLDR has the names as they head a calendar; in a sentence they are inflected. */
static void words_add_inflected(struct when_words *words)
{
	static const struct {
		int weekday;
		const char *text;
	} names[] = {
		{ 1, "poniedziałku" }, { 1, "понедельника" }, { 1, "понеділка" },
		{ 1, "måndagen" }, { 1, "montagnacht" }, { 1, "montagabend" },
		{ 2, "wtorku" }, { 2, "вторника" }, { 2, "вівторка" }, { 2, "tisdagen" },
		{ 2, "dienstagnacht" }, { 2, "dienstagabend" },
		{ 3, "środę" }, { 3, "środy" }, { 3, "среду" }, { 3, "среды" }, { 3, "середу" },
		{ 3, "середи" }, { 3, "onsdagen" }, { 3, "mittwochnacht" },
		{ 3, "mittwochabend" },
		{ 4, "czwartku" }, { 4, "четверга" }, { 4, "torsdagen" },
		{ 4, "donnerstagnacht" }, { 4, "donnerstagabend" },
		{ 5, "piątku" }, { 5, "пятницу" }, { 5, "пятницы" }, { 5, "п'ятницю" },
		{ 5, "п'ятниці" }, { 5, "fredagen" }, { 5, "freitagnacht" },
		{ 5, "freitagabend" },
		{ 6, "sobotę" }, { 6, "soboty" }, { 6, "субботу" }, { 6, "субботы" },
		{ 6, "суботу" }, { 6, "суботи" }, { 6, "lördagen" }, { 6, "sonnabend" },
		{ 6, "samstagnacht" }, { 6, "samstagabend" },
		{ 1, "pazartesisi" }, { 2, "salısı" }, { 3, "çarşambası" }, { 4, "perşembesi" },
		{ 5, "cuması" }, { 6, "cumartesisi" }, { 0, "pazarı" },
		{ 0, "niedzielę" }, { 0, "niedzieli" }, { 0, "воскресенья" }, { 0, "неділю" },
		{ 0, "неділі" }, { 0, "söndagen" }, { 0, "sonntagnacht" }, { 0, "sonntagabend" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		words_add(words, words_fold(words, str_from(names[i].text)),
			  (struct word_meaning){ .kind = WORD_WEEKDAY,
						 .language = -1,
						 .value = names[i].weekday });
}

static void words_add_fixed(struct when_words *words)
{
	static const struct {
		const char *text;
		enum word_kind kind;
		int value;
	} fixed[] = {
		{ "年", WORD_YEAR_SIGN, 0 },   { "년", WORD_YEAR_SIGN, 0 },
		{ "月", WORD_MONTH_SIGN, 0 },  { "월", WORD_MONTH_SIGN, 0 },
		{ "日", WORD_DAY_SIGN, 0 },    { "号", WORD_DAY_SIGN, 0 },
		{ "號", WORD_DAY_SIGN, 0 },    { "일", WORD_DAY_SIGN, 0 },
		{ "令和", WORD_ERA, 2018 },    { "民國", WORD_ERA, 1911 },
		{ "民国", WORD_ERA, 1911 },    { "sept", WORD_MONTH, 9 },
		{ "tues", WORD_WEEKDAY, 2 },   { "thur", WORD_WEEKDAY, 4 },
		{ "thurs", WORD_WEEKDAY, 4 },  { "weds", WORD_WEEKDAY, 3 },
	};

	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		words_add(words, str_from(fixed[i].text),
			  (struct word_meaning){ .kind = fixed[i].kind,
						 .language = -1,
						 .value = fixed[i].value,
						 .shortened = fixed[i].kind == WORD_MONTH });
	words_add_inflected(words);
	for (size_t i = 0; i < n_abbreviations; i++)
		words_add(words, str_from(abbreviations[i].name),
			  (struct word_meaning){ .kind = WORD_ABBREVIATION,
						 .language = -1,
						 .value = (int)i });
	words_add_windows(words);
	for (size_t i = 0; i < n_place_zones; i++) {
		struct word_meaning meaning = { .kind = WORD_PLACE,
						.language = -1,
						.zone = zone_find(str_from(place_zones[i].zone)),
						.region = place_zones[i].region };
		struct str names = str_from(place_zones[i].names), name;

		while (str_next_split(&names, '|', &name))
			words_add(words, name, meaning);
	}
}

struct when_words *when_words_compile(struct arena *arena, const struct policy *policy,
				      struct diag *diag)
{
	struct when_words *words = ARENA_NEW(arena, struct when_words);

	words->arena = arena;
	words->policy = policy;
	zone_prepare();
	words_add_fixed(words);
	for (size_t i = 0; i < policy->n_languages; i++) {
		const struct language *language = &policy->languages[i];

		words_add_language(words, language->code, (int)i);
		for (size_t k = 0; k < language->n_when; k++)
			words_add_list(words, &language->when[k], (int)i, diag);
	}
	words_index(words);
	return words;
}

bool when_prepare(void)
{
	return zone_prepare();
}

bool when_zone_known(struct str name)
{
	return zone_find(name) != NULL;
}

struct str words_language(const struct when_words *words, int language)
{
	return language >= 0 && (size_t)language < words->policy->n_languages
		       ? words->policy->languages[language].code
		       : STR_NONE;
}

/* Whether a word may end between the code points around the offset. */
static bool word_ends(struct str text, size_t last, size_t end)
{
	size_t length;
	uint32_t before, after;

	if (end >= text.n)
		return true;
	before = text_code_point(text, last, &length);
	after = text_code_point(text, end, &length);
	return !code_point_is_letter(before) || !code_point_is_letter(after) ||
	       (ascii_is_digit(text.p[end]) && !ascii_is_digit(text.p[last]));
}

struct str words_unwrap(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.n);
	size_t line = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		out[i] = c == '\n' && line >= WRAPPED_MIN ? ' ' : c;
		line = (unsigned char)c >= ' ' ? line + 1 : 0;
	}
	return (struct str){ out, text.n };
}

const struct word_meaning *words_match(const struct when_words *words, struct str text,
				       size_t offset, size_t *ret_length)
{
	uint32_t found[TRIE_TEXT_MAX];
	struct str rest = str_skip(text, offset);

	for (size_t i = trie_match(words->trie, rest, found); i-- > 0;) {
		size_t n = trie_text(words->trie, found[i]).n, last = offset + n - 1;

		while (((unsigned char)text.p[last] & 0xc0) == 0x80)
			last--;
		if (word_ends(text, last, offset + n)) {
			*ret_length = n;
			return words->meanings[found[i]];
		}
	}
	return NULL;
}
