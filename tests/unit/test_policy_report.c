/* Policies told to people: shown, compared, checked for what cannot be meant, explained. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy/rules/report.h"
#include "policy/rules/tree.h"

#define NOW ((int64_t)1772355600) /* 2026-03-01T09:00:00Z */

struct fixture {
	struct arena *arena;
	struct diag diag;
	struct buf out;
};

static int set_up(void **state)
{
	struct fixture *f = malloc(sizeof *f);

	f->arena = arena_new();
	diag_init(&f->diag, f->arena);
	buf_init(&f->out, f->arena, 1024 * 1024);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	arena_free(f->arena);
	free(f);
	return 0;
}

static struct yaml_node *parse(struct fixture *f, const char *text)
{
	return yaml_parse(f->arena, &f->diag, STR_LIT("t"), str_from(text), NULL);
}

static const char *output(struct fixture *f)
{
	return arena_cstr(f->arena, buf_str(&f->out));
}

static void test_written_yaml_reads_the_same(void **state)
{
	static const char text[] =
		"a: \"null\"\n"
		"b: [\"\", \"x: y\", \"#\", -1, \"- z\", \"tab\\there\", \"\\x07\\x7f\\x85\\u2028\\uFEFF\"]\n"
		"c: {\"odd: key\": 'it''s', d: \"a\\\\b\\\"c\", e: []}\n"
		"long:\n"
		"  - {one: 11111111111111111111111111111111111, two: 2222222222222222222222222222222222222222}\n"
		"  - plain text, with a comma\n"
		"ünïcödé: Ω\n"
		"block: |\n  two\n  lines\n";
	struct fixture *f = *state;
	struct yaml_node *first = parse(f, text), *second;

	yaml_write(&f->out, first);
	second = parse(f, output(f));
	assert_int_equal(f->diag.errors, 0);
	buf_init(&f->out, f->arena, 1000);
	assert_int_equal(policy_tree_diff(&f->out, first, second), 0);
}

static void test_shown_policy_loads_the_same(void **state)
{
	struct fixture *f = *state;
	struct yaml_node *tree = policy_tree(f->arena, NULL, NULL, &f->diag), *again;
	struct policy *policy;

	yaml_write(&f->out, tree);
	again = parse(f, output(f));
	policy = policy_load_text(STR_LIT("built-in:shown"), buf_str(&f->out), "", &f->diag);
	assert_non_null(policy);
	assert_int_equal(policy->n_categories, 10);
	assert_int_equal(policy_tree_diff(&f->out, tree, again), 0);
	policy_unref(policy);
}

static void test_diff(void **state)
{
	struct fixture *f = *state;
	struct yaml_node *a = parse(f, "{n: 1, same: x, m: {k: 5d}, s: [{id: p, w: 1}, {id: q, w: 2}], l: [1]}");
	struct yaml_node *b = parse(f, "{n: 2, same: x, m: {k: 7d, j: 1}, s: [{id: q, w: 3}], l: [1, 2]}");

	assert_int_equal(policy_tree_diff(&f->out, a, b), 6);
	assert_string_equal(output(f), "n: 1 -> 2\n"
				       "m.k: 5d -> 7d\n"
				       "m.j: added 1\n"
				       "s.p: removed {id: p, w: 1}\n"
				       "s.q.w: 2 -> 3\n"
				       "l: [1] -> [1, 2]\n");
}

#define HEAD "policy: p\nversion: 1\nphrases: {en: {work: [planned work]}}\n"

static const char *lint(struct fixture *f, const char *text)
{
	struct policy *policy =
		policy_load_text(STR_LIT("built-in:p"), str_from(text), "", &f->diag);
	struct str all = STR_LIT("");

	assert_non_null(policy);
	policy_lint(policy, NOW, &f->diag);
	for (size_t i = 0; i < f->diag.n; i++)
		all = arena_printf(f->arena, "%.*s%.*s\n", STR_ARG(all),
				   STR_ARG(f->diag.entries[i].text));
	policy_unref(policy);
	return all.p;
}

static void test_lint_finds_what_cannot_be_meant(void **state)
{
	assert_string_equal(
		lint(*state,
		     HEAD "palette: {red: '#FF0000', brick: '#F80505', blue: '#0000FF'}\n"
			  "categories:\n"
			  "  faint:\n"
			  "    recipients: {roles: [delegate]}\n"
			  "    banner: red\n"
			  "    threshold: 5\n"
			  "    signals: [{id: a, concept: work, in: subject, weight: 2},\n"
			  "      {id: z, structure: reply, weight: 0}]\n"
			  "  leaning:\n"
			  "    urgent: true\n"
			  "    recipients: {roles: [delegate]}\n"
			  "    banner: blue\n"
			  "    signals: [{id: b, concept: work, in: body, weight: 2, needs-other: true}]\n"
			  "    severities: {banner.color: reject, lead-time.minimum: flag}\n"),
		"faint: the signal \"z\" weighs nothing\n"
		"faint: all signals together (2.0) do not reach the threshold (5.0)\n"
		"leaning: every signal needs another: no mail can be one\n"
		"leaning: a severity for lead-time.minimum, which cannot arise: it has no floor\n"
		"leaning: banner.color is flag here at most: the category is urgent\n"
		"palette: no category has the colour \"brick\"\n"
		"palette: \"red\" and \"brick\" are 1.5 apart, less than their radii together\n");
}

static void test_lint_of_times(void **state)
{
	assert_string_equal(
		lint(*state,
		     HEAD "business-days: {holidays: [2025-12-25, 2026-02-28]}\n"
			  "categories:\n"
			  "  a:\n"
			  "    recipients: {roles: [delegate]}\n"
			  "    banner: none\n"
			  "    signals: [{id: a, concept: work, in: subject, weight: 2}]\n"
			  "    time: {floor: {at-least: 7d, calendar-days: 5}}\n"
			  "    severities: {lead-time.window: reject, lead-time.cadence: reject}\n"
			  "    variants: [{id: v, concept: work, time: {cadence: {every: 1h}}}]\n"),
		"a: a severity for lead-time.window, which cannot arise: it has no window\n"
		"a: floor.calendar-days (5) makes a notice that is days too late a partial-day: raise it "
		"with at-least\n"
		"a: floor.calendar-days (5) makes a notice that is days too late a partial-day: raise it "
		"with at-least\n"
		"business-days: the last holiday is past (2026-02-28)\n");
}

static void test_lint_of_the_default_is_silent(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load_default(&f->diag);

	policy_lint(policy, NOW, &f->diag);
	assert_int_equal(f->diag.n, 0);
	policy_unref(policy);
}

static void test_page(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load_default(&f->diag);

	policy_page(&f->out, policy);
	assert_non_null(strstr(output(f), "at least 5 days before the start"));
	assert_non_null(strstr(output(f), "Banner:  light orange (#FF8C00)"));
	assert_non_null(strstr(output(f), "The first mail within 15 minutes after the start"));
	assert_null(strstr(output(f), "(null)"));
	policy_unref(policy);
}

static void test_explain(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load_default(&f->diag);

	policy_explain(&f->out, policy, FINDING_BANNER_COLOR);
	assert_non_null(strstr(output(f), "Default severity: reject\n"));
	assert_non_null(strstr(output(f), "for major-service-incident: flag (urgent)\n"));
	policy_unref(policy);
}

static void test_duration_words(void **state)
{
	struct fixture *f = *state;

	assert_true(str_is(duration_words(f->arena, 432000), "5 days"));
	assert_true(str_is(duration_words(f->arena, 86400), "1 day"));
	assert_true(str_is(duration_words(f->arena, 129600), "36 hours"));
	assert_true(str_is(duration_words(f->arena, 900), "15 minutes"));
	assert_true(str_is(duration_words(f->arena, 1), "1 second"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_written_yaml_reads_the_same),
		TEST(test_shown_policy_loads_the_same),
		TEST(test_diff),
		TEST(test_lint_finds_what_cannot_be_meant),
		TEST(test_lint_of_times),
		TEST(test_lint_of_the_default_is_silent),
		TEST(test_page),
		TEST(test_explain),
		TEST(test_duration_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
