/* test_fold.c - text made comparable, and disguise undone */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/text/fold.h"
#include "policy/text/utf8.h"

static void check(const char *text, const char *plain)
{
	struct arena *arena = arena_new();
	struct folded folded = text_fold(arena, str_from(text));

	if (!str_is(folded.plain, plain))
		fail_msg("\"%s\" folds to \"%.*s\", not \"%s\"", text, STR_ARG(folded.plain), plain);
	if (folded.disguised)
		fail_msg("\"%s\" counts as disguised: \"%.*s\"", text, STR_ARG(folded.bare));
	assert_ptr_equal(folded.bare.p, folded.plain.p);
	arena_free(arena);
}

static void check_disguised(const char *text, const char *bare)
{
	struct arena *arena = arena_new();
	struct folded folded = text_fold(arena, str_from(text));

	if (!str_is(folded.bare, bare))
		fail_msg("\"%s\" is bared to \"%.*s\", not \"%s\"", text, STR_ARG(folded.bare), bare);
	assert_true(folded.disguised);
	assert_false(str_is(folded.plain, bare));
	arena_free(arena);
}

static void case_is_folded(void **state)
{
	(void)state;
	check("Planned MAINTENANCE", "planned maintenance");
	check("STRASSE", "strasse");
	check("Stra\u00dfe", "strasse");
	check("\u0413\u0420\u0410\u0424\u0418\u041a", "\u0433\u0440\u0430\u0444\u0438\u043a");
	check("\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c3");
	check("\u03bf\u03b4\u03cc\u03c2", "\u03bf\u03b4\u03cc\u03c3");
	check("\u00c9QUIPE", "\u00e9quipe");
	check("E\u0301quipe", "\u00e9quipe");
	check("", "");
}

static void turkish_i_is_one_letter(void **state)
{
	(void)state;
	check("PLANLI BAKIM", "planli bakim");
	check("Planl\u0131 Bak\u0131m", "planli bakim");
	check("\u0130LET\u0130\u015e\u0130M", "ileti\u015fim");
	check("ileti\u015fim", "ileti\u015fim");
	check("i\u0307leti\u015fim", "ileti\u015fim");
}

static void white_space_is_one_space(void **state)
{
	(void)state;
	check("  a \t\r\n b  ", "a b");
	check("a\u00a0\u2009b\u3000c", "a b c");
	check("a\u2028b", "a b");
}

static void typography_is_plain(void **state)
{
	(void)state;
	check("it\u2019s", "it's");
	check("\u201cx\u201d \u00aby\u00bb \u201ez\u201c", "\"x\" \"y\" \"z\"");
	check("22:00\u201302:00 \u2014 \u2212", "22:00-02:00 - -");
	check("\u2011", "-");
	check("\uff30\uff4c\uff41\uff4e \uff11\uff12", "plan 12");
	check("\ufb01n", "fin");
	check("a\u2026", "a...");
	check("\U0001d40f\U0001d425\U0001d41a\U0001d427", "plan");
	check("\u043e\u0431\u044a\u0451\u043c", "\u043e\u0431\u044a\u0435\u043c");
}

static void bytes_that_are_no_utf8(void **state)
{
	(void)state;
	check("a\xFF"
	      "b",
	      "a\ufffd"
	      "b");
	check("a\xC3", "a\ufffd");
}

static void honest_scripts_stay(void **state)
{
	(void)state;
	check("\u041f\u043b\u0430\u043d\u043e\u0432\u044b\u0435 \u0440\u0430\u0431\u043e\u0442\u044b CRM",
	      "\u043f\u043b\u0430\u043d\u043e\u0432\u044b\u0435 \u0440\u0430\u0431\u043e\u0442\u044b crm");
	check("CRM\u30aa\u30f3\u30e9\u30a4\u30f3", "crm\u30aa\u30f3\u30e9\u30a4\u30f3");
	check("5 \u03bcm", "5 \u03bcm");
	check("\u0441 10 \u0434\u043e 12", "\u0441 10 \u0434\u043e 12");
}

static void harmless_zero_width_goes(void **state)
{
	(void)state;
	check("\u200bPlanned\u200b Maintenance\ufeff", "planned maintenance");
	check("a \u034f \u200c b", "a b");
	check("\u26a0\ufe0f Planned", "\u26a0 planned");
}

static void zero_width_inside_words_is_disguise(void **state)
{
	(void)state;
	check_disguised("Pla\u200bnned", "planned");
	check_disguised("Pla\u00adnned", "planned");
	check_disguised("Pla\u2060nn\u200ded", "planned");
	check_disguised("P\u0336l\u0336anned", "planned");
	check_disguised("1\u200b2 March", "12 march");
	check_disguised("Pla\x01nned", "planned");
}

static void lookalikes_are_disguise(void **state)
{
	(void)state;
	check_disguised("Pl\u0430nned M\u0430int\u0435n\u0430nce", "planned maintenance");
	check_disguised("\u0420lanned", "planned");
	check_disguised("Pl\u03b1nned", "planned");
	check_disguised("\u13e2lanned", "planned");
	check_disguised("\u1d18\u029f\u1d00\u0274\u0274\u1d07\u1d05", "planned");
	/* the word's own letters win */
	check_disguised("\u041f\u043b\u0430\u043do\u0432\u044b\u0435",
			"\u043f\u043b\u0430\u043d\u043e\u0432\u044b\u0435");
	/* a whole word of look-alikes, all around it Latin */
	check_disguised("our \u0440\u0430\u0441\u0435 of regular maintenance work on servers",
			"our pace of regular maintenance work on servers");
}

static void spelled_words_are_disguise(void **state)
{
	(void)state;
	check_disguised("P l a n n e d  maintenance", "planned maintenance");
	check_disguised("P l a n n e d maintenance", "planned maintenance");
	check_disguised("see p.l.a.n.n.e.d now", "see planned now");
	check_disguised("\u041f-\u043b-\u0430-\u043d \u0440\u0430\u0431\u043e\u0442", "\u043f\u043b\u0430\u043d \u0440\u0430\u0431\u043e\u0442");
	check("options a, b, c, d", "options a, b, c, d");
	check("the U.S.A. and e.g. this", "the u.s.a. and e.g. this");
	check("a b", "a b");
	check("1 2 3 4 5", "1 2 3 4 5");
}

static void control_characters_never_leave(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (int c = 1; c < 0x20; c++) {
		char text[] = { 'a', (char)c, 'b', 0 };
		struct folded folded = text_fold(arena, str_from(text));

		for (size_t i = 0; i < folded.plain.n; i++)
			assert_true((unsigned char)folded.plain.p[i] >= 0x20);
	}
	arena_free(arena);
}

static void utf8_is_strict(void **state)
{
	(void)state;
	assert_true(utf8_is_valid(STR_LIT("a\u00fc\u20ac\U0001f600")));
	assert_false(utf8_is_valid(STR_LIT("\xC0\xAF")));
	assert_false(utf8_is_valid(STR_LIT("\xED\xA0\x80")));
	assert_false(utf8_is_valid(STR_LIT("\xF4\x90\x80\x80")));
	assert_false(utf8_is_valid(STR_LIT("\xE2\x82")));
	assert_false(utf8_is_valid(STR_LIT("\x80")));
	assert_true(utf8_is_valid(STR_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_is_folded),
		cmocka_unit_test(turkish_i_is_one_letter),
		cmocka_unit_test(white_space_is_one_space),
		cmocka_unit_test(typography_is_plain),
		cmocka_unit_test(bytes_that_are_no_utf8),
		cmocka_unit_test(honest_scripts_stay),
		cmocka_unit_test(harmless_zero_width_goes),
		cmocka_unit_test(zero_width_inside_words_is_disguise),
		cmocka_unit_test(lookalikes_are_disguise),
		cmocka_unit_test(spelled_words_are_disguise),
		cmocka_unit_test(control_characters_never_leave),
		cmocka_unit_test(utf8_is_strict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
