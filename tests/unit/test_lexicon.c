/* Phrases and reference patterns: word bounds, spellings, swallowing, limits, threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pthread.h>

#include "policy/classify/lexicon.h"
#include "policy/classify/regex_cost.h"
#include "policy/classify/regex_digit.h"
#include "policy/text/fold.h"

enum { PLANNED, UNPLANNED, APPROVE, MAINTENANCE, CONCEPTS };

struct fixture {
	struct arena *arena;
	struct diag diag;
	struct policy policy;
	struct category categories[2];
	struct signal signals[2];
	struct lexicon *lexicon;
};

static void phrase(struct fixture *f, size_t concept, const char *text, const char *language)
{
	struct concept *c = &f->policy.concepts[concept];

	ARENA_ROOM(f->arena, c->phrases, c->n_phrases, c->cap_phrases);
	c->phrases[c->n_phrases++] =
		(struct phrase){ .text = text_fold(f->arena, str_from(text)).plain,
				 .language = str_from(language),
				 .file = STR_LIT("test.yaml"),
				 .line = (unsigned)c->n_phrases };
}

static void pattern(struct fixture *f, enum reference_kind kind, const char *text)
{
	struct str_list *list = &f->policy.reference_patterns[kind];

	ARENA_ROOM(f->arena, list->items, list->n, list->cap);
	list->items[list->n++] = str_from(text);
}

/* Two categories: planned maintenance and unplanned maintenance; "approve" speaks for none. */
static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->arena = arena_new();
	diag_init(&f->diag, f->arena);
	f->policy.arena = f->arena;
	f->policy.concepts = ARENA_ARRAY(f->arena, CONCEPTS, struct concept);
	f->policy.n_concepts = CONCEPTS;
	for (size_t i = 0; i < 2; i++) {
		f->signals[i] = (struct signal){ .concept = i, .weight = 1,
						 .also = SIGNAL_NO_CONCEPT,
						 .unless = SIGNAL_NO_CONCEPT };
		f->categories[i] = (struct category){ .title = SIGNAL_NO_CONCEPT,
						      .signals = &f->signals[i],
						      .n_signals = 1 };
	}
	f->policy.categories = f->categories;
	f->policy.n_categories = 2;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	lexicon_free(f->lexicon);
	arena_free(f->arena);
	free(f);
	return 0;
}

static void compile(struct fixture *f)
{
	f->lexicon = lexicon_compile(&f->policy, &f->diag);
	assert_non_null(f->lexicon);
}

/* How often a concept is found in a text. */
static size_t count(struct fixture *f, size_t concept, const char *text)
{
	struct lexicon_hits hits;
	size_t n = 0;

	lexicon_scan(f->lexicon, f->arena, text_fold(f->arena, str_from(text)).plain, 1000, &hits);
	for (size_t i = 0; i < hits.n; i++)
		n += hits.items[i].concept == concept;
	return n;
}

static void finds_whole_words(void **state)
{
	struct fixture *f = *state;

	phrase(f, PLANNED, "planned maintenance", "en");
	compile(f);
	assert_int_equal(count(f, PLANNED, "Planned  Maintenance, tonight"), 1);
	assert_int_equal(count(f, PLANNED, "PLANNED MAINTENANCE"), 1);
	assert_int_equal(count(f, PLANNED, "(planned maintenance)"), 1);
	assert_int_equal(count(f, PLANNED, "unplanned maintenance"), 0);
	assert_int_equal(count(f, PLANNED, "planned maintenances"), 0);
	assert_int_equal(count(f, PLANNED, "планplanned maintenance"), 0);
	assert_int_equal(count(f, PLANNED, "planned maintenance1"), 0);
	assert_int_equal(count(f, PLANNED, "実施planned maintenanceです"), 1);
	assert_int_equal(count(f, PLANNED, ""), 0);
}

static void finds_unspaced_scripts_anywhere(void **state)
{
	struct fixture *f = *state;

	phrase(f, PLANNED, "計画メンテナンス", "ja");
	phrase(f, PLANNED, "계획된 유지 관리", "ko");
	phrase(f, PLANNED, "计划内维护", "zh");
	compile(f);
	assert_int_equal(count(f, PLANNED, "明日、計画メンテナンスを行います"), 1);
	assert_int_equal(count(f, PLANNED, "다음 주 계획된 유지 관리를 진행합니다"), 1);
	assert_int_equal(count(f, PLANNED, "我们将进行计划内维护。"), 1);
	assert_int_equal(count(f, PLANNED, "我们将进行维护。"), 0);
}

static void finds_other_spellings(void **state)
{
	struct fixture *f = *state;

	phrase(f, PLANNED, "maintenance planifiée", "fr");
	phrase(f, PLANNED, "planmäßige wartung", "de");
	phrase(f, PLANNED, "planlı bakım", "tr");
	phrase(f, PLANNED, "przełożone", "pl");
	compile(f);
	assert_int_equal(count(f, PLANNED, "MAINTENANCE PLANIFIEE"), 1);
	assert_int_equal(count(f, PLANNED, "Maintenance planifiée"), 1);
	assert_int_equal(count(f, PLANNED, "PLANMÄSSIGE WARTUNG"), 1);
	assert_int_equal(count(f, PLANNED, "planmaessige Wartung"), 1);
	assert_int_equal(count(f, PLANNED, "PLANLI BAKIM"), 1);
	assert_int_equal(count(f, PLANNED, "Planlı Bakım"), 1);
	assert_int_equal(count(f, PLANNED, "przelozone"), 1);
	assert_int_equal(count(f, PLANNED, "maintenance planifi"), 0);
}

static void finds_prefixes(void **state)
{
	struct fixture *f = *state;
	struct lexicon_hits hits;

	phrase(f, PLANNED, "обслуживан*", "ru");
	compile(f);
	assert_int_equal(count(f, PLANNED, "плановое обслуживание"), 1);
	assert_int_equal(count(f, PLANNED, "самообслуживание"), 0);
	lexicon_scan(f->lexicon, f->arena, STR_LIT("обслуживания нет"), 10, &hits);
	assert_int_equal(hits.n, 1);
	assert_int_equal(hits.items[0].end, strlen("обслуживания"));
}

static void longer_phrases_of_other_categories_swallow(void **state)
{
	struct fixture *f = *state;

	phrase(f, PLANNED, "planned maintenance", "en");
	phrase(f, UNPLANNED, "un-planned maintenance", "en");
	phrase(f, UNPLANNED, "planned maintenance was not possible", "en");
	phrase(f, APPROVE, "planned maintenance was not", "en");
	compile(f);
	assert_int_equal(count(f, PLANNED, "un-planned maintenance"), 0);
	assert_int_equal(count(f, UNPLANNED, "un-planned maintenance"), 1);
	assert_int_equal(count(f, PLANNED, "planned maintenance was not possible"), 0);
	/* A concept that speaks for no category takes nothing away. */
	assert_int_equal(count(f, PLANNED, "planned maintenance was not done"), 1);
	assert_int_equal(count(f, APPROVE, "planned maintenance was not possible"), 1);
	assert_true(lexicon_speaks(f->lexicon, PLANNED));
	assert_false(lexicon_speaks(f->lexicon, APPROVE));
}

static void keeps_limits(void **state)
{
	struct fixture *f = *state;
	struct lexicon_hits hits;
	char *text = malloc(100000);

	phrase(f, PLANNED, "a", "en");
	phrase(f, APPROVE, "a", "en");
	compile(f);
	memset(text, ' ', 100000);
	for (size_t i = 0; i < 100000; i += 2)
		text[i] = 'a';
	lexicon_scan(f->lexicon, f->arena, (struct str){ text, 100000 }, 500, &hits);
	assert_int_equal(hits.n, 500);
	for (size_t i = 1; i < hits.n; i++)
		assert_true(hits.items[i - 1].begin <= hits.items[i].begin);
	free(text);
}

static void refuses_what_cannot_be_a_phrase(void **state)
{
	struct fixture *f = *state;
	char *longer = malloc(LEXICON_PHRASE_MAX + 2);

	memset(longer, 'x', LEXICON_PHRASE_MAX + 1);
	longer[LEXICON_PHRASE_MAX + 1] = '\0';
	phrase(f, PLANNED, longer, "en");
	phrase(f, PLANNED, "main*tenance", "en");
	phrase(f, PLANNED, "good", "en");
	assert_null(lexicon_compile(&f->policy, &f->diag));
	assert_int_equal(f->diag.errors, 2);
	assert_int_equal(f->diag.entries[0].line, 1);
	assert_int_equal(f->diag.entries[1].line, 2);
	free(longer);
}

static void needs_no_phrases(void **state)
{
	struct fixture *f = *state;

	compile(f);
	assert_int_equal(count(f, PLANNED, "anything"), 0);
}

static void finds_references(void **state)
{
	struct fixture *f = *state;
	struct reference_hit *hits;
	size_t n;

	pattern(f, REFERENCE_EVENT, "\\b(CHG-?\\d+)\\b");
	pattern(f, REFERENCE_CASE, "\\bcase (?:number )?(\\d[\\d-]*\\d)");
	pattern(f, REFERENCE_CASE, "案件番号\\s*([\\d-]+)");
	compile(f);
	n = lexicon_references(f->lexicon, f->arena,
			       STR_LIT("Case 118-204-553, change chg-20418; 案件番号 771-2040"), 10,
			       &hits);
	assert_int_equal(n, 3);
	assert_int_equal(hits[0].kind, REFERENCE_CASE);
	assert_true(str_is(hits[0].id, "118-204-553"));
	assert_int_equal(hits[1].kind, REFERENCE_EVENT);
	assert_true(str_is(hits[1].id, "chg-20418"));
	assert_true(str_is(hits[2].id, "771-2040"));
	assert_int_equal(lexicon_references(f->lexicon, f->arena, STR_LIT("suitcase 12"), 10, &hits),
			 0);
	assert_int_equal(lexicon_references(f->lexicon, f->arena,
					    STR_LIT("CHG-1 CHG-2 CHG-3"), 2, &hits), 2);
	assert_int_equal(lexicon_references(f->lexicon, f->arena, STR_LIT("\xff\xfe CHG-1"), 2,
					    &hits), 0);
}

static void bounds_the_cost_of_a_pattern(void **state)
{
	struct fixture *f = *state;
	struct reference_hit *hits;
	char *text = malloc(40000);

	pattern(f, REFERENCE_EVENT, "(x+x+)+y");
	compile(f);
	memset(text, 'x', 40000);
	assert_int_equal(lexicon_references(f->lexicon, f->arena, (struct str){ text, 40000 }, 10,
					    &hits), 0);
	free(text);
}

/* Over many digits: neither a walk to their end from each of them, nor a number is lost at the end of
 * a span. */
static void searches_long_texts_in_spans(void **state)
{
	struct fixture *f = *state;
	struct reference_hit *hits;
	size_t n = 400000;
	char *text = malloc(n);

	pattern(f, REFERENCE_EVENT, "\\d+x");
	pattern(f, REFERENCE_CASE, "\\bcase (\\d{4})\\b");
	compile(f);
	memset(text, '7', n);
	assert_int_equal(lexicon_references(f->lexicon, f->arena, (struct str){ text, n }, 10, &hits),
			 0);
	for (size_t at = 0; at + 20 < n; at += 1021) {
		memset(text, ' ', n);
		memcpy(text + at, "case 1234", 9);
		memcpy(text + n - 8, "CASE 567", 8);
		if (at > 8000)
			at += 37 * 1021;
		assert_int_equal(lexicon_references(f->lexicon, f->arena, (struct str){ text, n }, 10,
						    &hits),
				 1);
	}
	free(text);
}

static void refuses_slow_patterns(void **state)
{
	static const char *const slow[] = {
		"(a+)+$", "CHG(\\d+)+x", "(x+x+)+y", "(a|aa)+$", "(?:a|ab|b)*c", "INC-(\\w*\\w*)*z",
		"\\d*\\d*\\d*x", "((a+)b?)*c", "(?=(a+)+$)b", "(\\d+[ -]?)+x", "(.*)-(.*)-(.*)x",
		"(a{1,90}){1,90}x", "\\b(?:ref|no) ([a-z]*[a-z0-9]*)+#", "[\\]a]*[\\]a]*[\\]a]*x",
	};
	static const char *const quick[] = {
		"\\b(CHG-?\\d+)\\b", "(?:\\d+-)*\\d+x", "(\\w+\\s)*x", "Ticket.*?(\\d+)",
		"(?:[A-Z]{2,5}-)?\\d{4,}(?:\\.\\d+)*", "([a-z0-9._-]+)@([a-z0-9.-]+)",
		"\\b(?:ticket|case) #?(\\d+(?:-\\d+)*)\\b", "(?<id>CHG\\d+)", "(CHG)\\1+x",
		"[[:alpha:]]+\\d+", "a{2,", "\\p{L}+ \\p{L}+ \\d+", "(?:\\d{3}-?){2,4}x", "",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
		if (regex_fault(f->arena, str_from(slow[i])).p == NULL)
			fail_msg("%s is taken for quick", slow[i]);
	}
	for (size_t i = 0; i < sizeof quick / sizeof *quick; i++) {
		struct str fault = regex_fault(f->arena, str_from(quick[i]));

		if (fault.p != NULL)
			fail_msg("%s: %s", quick[i], fault.p);
	}
}

static void refuses_a_bad_pattern(void **state)
{
	struct fixture *f = *state;

	pattern(f, REFERENCE_EVENT, "(CHG");
	assert_null(lexicon_compile(&f->policy, &f->diag));
	assert_int_equal(f->diag.errors, 1);
}

static void *scan_often(void *context)
{
	struct fixture *f = context;
	struct arena *arena = arena_new();
	size_t found = 0;

	for (int i = 0; i < 200; i++) {
		struct lexicon_hits hits;

		lexicon_scan(f->lexicon, arena, STR_LIT("a planned maintenance, no more"), 10, &hits);
		found += hits.n;
		arena_clear(arena);
	}
	arena_free(arena);
	return (void *)found;
}

static void serves_many_threads(void **state)
{
	struct fixture *f = *state;
	pthread_t threads[24];
	void *found;

	phrase(f, PLANNED, "planned maintenance", "en");
	compile(f);
	for (size_t i = 0; i < 24; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, scan_often, f), 0);
	for (size_t i = 0; i < 24; i++) {
		pthread_join(threads[i], &found);
		assert_int_equal((size_t)found, 200);
	}
}

/* Against the plain comparison with every text; few letters, so that much is shared. */
static void trie_finds_what_comparing_finds(void **state)
{
	struct fixture *f = *state;
	const struct str texts[] = { STR_LIT("a"),    STR_LIT("aab"), STR_LIT("aabba"), STR_LIT("ab"),
				     STR_LIT("abab"), STR_LIT("b"),   STR_LIT("bbbbb") };
	const size_t n = sizeof texts / sizeof *texts;
	const struct trie *trie = trie_build(f->arena, texts, n);
	uint32_t found[TRIE_TEXT_MAX];

	for (unsigned bits = 0; bits < 64; bits++) {
		char letters[6];
		size_t n_found, next = 0;

		for (size_t i = 0; i < 6; i++)
			letters[i] = bits >> i & 1 ? 'a' : 'b';
		for (size_t length = 1; length <= 6; length++, next = 0) {
			struct str text = { letters, length };

			n_found = trie_match(trie, text, found);
			for (uint32_t i = 0; i < n; i++)
				if (str_starts(text, texts[i]))
					assert_int_equal(found[next++], i);
			assert_int_equal(n_found, next);
		}
	}
	assert_int_equal(trie_match(trie, STR_LIT("c"), found), 0);
}

static void knows_which_patterns_need_a_digit(void **state)
{
	static const char *const needs[] = { "\\b(A-?\\d{2,9})\\b", "(?:a\\d|b[0-9]+)c?", "x7",
					     "(?:a|\\d)\\d{3}" };
	static const char *const may_not[] = { "a\\d*",	 "(?:a\\d|b)",  "(\\d)?x",  "a\\d{0,3}",
					       "[\\d-]",    "(?=\\d)a",   "\\012",    "\\x41",
					       "({|}\\d)", "\\p{L}{2,9}", "[a\\]0-9]", "\\d|" };

	(void)state;
	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
		assert_true(regex_needs_digit(str_from(needs[i])));
	for (size_t i = 0; i < sizeof may_not / sizeof *may_not; i++)
		assert_false(regex_needs_digit(str_from(may_not[i])));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_whole_words),
		TEST(finds_unspaced_scripts_anywhere),
		TEST(finds_other_spellings),
		TEST(finds_prefixes),
		TEST(longer_phrases_of_other_categories_swallow),
		TEST(keeps_limits),
		TEST(refuses_what_cannot_be_a_phrase),
		TEST(needs_no_phrases),
		TEST(trie_finds_what_comparing_finds),
		TEST(finds_references),
		TEST(knows_which_patterns_need_a_digit),
		TEST(bounds_the_cost_of_a_pattern),
		TEST(searches_long_texts_in_spans),
		TEST(refuses_slow_patterns),
		TEST(refuses_a_bad_pattern),
		TEST(serves_many_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
