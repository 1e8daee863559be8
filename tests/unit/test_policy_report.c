/* Policies told to people: shown, compared, checked for what cannot be meant, explained. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy/rules/lint.h"
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

/* Each remark as an editor is told of it. */
static const char *lint(struct fixture *f, const char *text)
{
	struct policy *policy =
		policy_load_text(STR_LIT("built-in:p"), str_from(text), "", &f->diag);
	struct yaml_node *tree =
		yaml_parse(f->arena, &f->diag, STR_LIT("built-in:p"), str_from(text), NULL);
	struct str all = STR_LIT("");

	for (size_t i = 0; policy == NULL && i < f->diag.n; i++)
		print_error("%s\n", diag_format(f->arena, &f->diag.entries[i]).p);
	assert_non_null(policy);
	policy_lint(policy, tree, NOW, &f->diag);
	for (size_t i = 0; i < f->diag.n; i++)
		all = arena_printf(f->arena, "%.*s%.*s\n", STR_ARG(all),
				   STR_ARG(diag_format(f->arena, &f->diag.entries[i])));
	policy_unref(policy);
	return all.p;
}

static void test_lint_of_categories(void **state)
{
	assert_string_equal(
		lint(*state,
		     HEAD "palette: {red: '#FF0000', brick: '#F80505', blue: '#0000FF'}\n"
			  "severities: {lead-time.milestone: reject, lead-time.zone: off}\n"
			  "categories:\n"
			  "  faint:\n"
			  "    recipients: {roles: [delegate]}\n"
			  "    banner: red\n"
			  "    content: [case, health-page]\n"
			  "    threshold: 5\n"
			  "    signals: [{id: a, concept: work, in: subject, weight: 2},\n"
			  "      {id: z, structure: reply, weight: 0}]\n"
			  "    severities:\n"
			  "      signature.missing: flag\n"
			  "      recipients.unaffected: flag\n"
			  "  leaning:\n"
			  "    urgent: true\n"
			  "    recipients: {roles: [delegate]}\n"
			  "    banner: blue\n"
			  "    signals: [{id: b, concept: work, in: body, weight: 2, needs-other: true}]\n"
			  "    severities: {banner.color: reject, lead-time.minimum: flag}\n"),
		"built-in:p:13:7: warning: the signal \"z\" weighs nothing: give it a weight, or take it out "
		"[signal.idle]\n"
		"built-in:p:8:5: warning: faint: all signals together (2.0) do not reach the threshold (5.0): lower "
		"it, or add to their weights [category.unreachable]\n"
		"built-in:p:21:15: warning: the signal \"b\" cannot count: it needs another signal, and no words of "
		"the category count alone; take it out, or mend that [signal.never]\n"
		"built-in:p:18:5: warning: leaning: every signal needs another: one has to count alone "
		"[category.unreachable]\n"
		"built-in:p:16:30: warning: faint: a severity for recipients.unaffected, which cannot arise: its "
		"recipients have no scope; take it out [severity.never]\n"
		"built-in:p:15:26: warning: faint: a severity for signature.missing, which cannot arise: it asks for "
		"no submission; take it out [severity.never]\n"
		"built-in:p:10:14: warning: faint: every mail is content.case, for references.case is empty: fill it "
		"[content.unmeetable]\n"
		"built-in:p:22:59: warning: leaning: a severity for lead-time.minimum, which cannot arise: it has no "
		"floor; take it out [severity.never]\n"
		"built-in:p:22:32: warning: leaning: banner.color is flag here at most, for the category is urgent: "
		"say that [severity.capped]\n"
		"built-in:p:5:35: warning: a severity for lead-time.milestone, which cannot arise in any category: "
		"take it out [severity.never]\n"
		"built-in:p:4:34: warning: no category has the colour \"brick\": give it to one, or take it out "
		"[palette.unworn]\n"
		"built-in:p:4:34: warning: \"red\" and \"brick\" are 1.5 apart, less than their radii together (16.0): "
		"make them smaller [palette.overlap]\n");
}

#define SMALL(signals)                                                                           \
	"palette: {red: '#FF0000'}\n"                                                            \
	"categories:\n"                                                                          \
	"  one: {recipients: {roles: [delegate]}, banner: red, signals: [" signals "]}\n"

static void test_lint_of_signals(void **state)
{
	assert_string_equal(
		lint(*state,
		     "policy: p\nversion: 1\nphrases: {en: {work: [work], other: [other]}}\n"
		     "negatives: [{id: n, structure: role-sender, weight: -1}]\n" SMALL(
			     "{id: a, concept: work, in: subject, weight: 2},\n"
			     "    {id: b, concept: work, in: subject, weight: 1},\n"
			     "    {id: c, concept: work, in: body, weight: 1, also: other, unless: other},\n"
			     "    {id: d, concept: work, in: body, weight: 1, unless: work},\n"
			     "    {id: e, concept: work, in: link, weight: 1, unless: work},\n"
			     "    {id: f, structure: event-reference, weight: 1},\n"
			     "    {id: g, structure: banner-color, weight: 1, needs-other: true},\n"
			     "    {id: h, structure: approval-link, weight: 1}")),
		"built-in:p:8:5: warning: the signal \"b\" looks for what \"a\" does: one with both weights is enough "
		"[signal.twice]\n"
		"built-in:p:9:5: warning: the signal \"c\" cannot count: \"also\" and \"unless\" name the same concept; "
		"take it out, or mend that [signal.never]\n"
		"built-in:p:10:5: warning: the signal \"d\" cannot count: \"unless\" names its own concept; take it "
		"out, or mend that [signal.never]\n"
		"built-in:p:12:5: warning: the signal \"f\" cannot count: references.event is empty; take it out, or "
		"mend that [signal.never]\n"
		"built-in:p:14:5: warning: the signal \"h\" cannot count: no phrases for approve and reschedule; take "
		"it out, or mend that [signal.never]\n"
		"built-in:p:4:13: warning: the signal \"n\" cannot count: senders.notice-locals is empty; take it out, "
		"or mend that [signal.never]\n");
}

static void test_lint_of_phrases(void **state)
{
	assert_string_equal(
		lint(*state,
		     "policy: p\nversion: 1\n"
		     "phrases:\n"
		     "  en:\n"
		     "    work: [planned work, work, Work, we*, rework, outage, workshop]\n"
		     "    outage: [outage, power outage, \"planned work: outage\", x]\n"
		     "    forgotten: [nothing]\n"
		     "    state-moved: [moved]\n"
		     "palette: {red: '#FF0000'}\n"
		     "categories:\n"
		     "  one: {recipients: {roles: [delegate]}, banner: red,\n"
		     "    signals: [{id: a, concept: work, in: subject, weight: 2}]}\n"
		     "  two: {recipients: {roles: [delegate]}, banner: red,\n"
		     "    signals: [{id: b, concept: outage, in: subject, weight: 2}]}\n"),
		"built-in:p:7:5: warning: nothing refers to the concept \"forgotten\": add a signal, or take it out "
		"[concept.unused]\n"
		"built-in:p:6: warning: \"outage\" stands in work and in outage, which speak for different "
		"categories: leave it where it belongs [phrase.rival]\n"
		"built-in:p:5: warning: \"work\" stands in work twice: take one out [phrase.twice]\n"
		"built-in:p:5: warning: \"planned work\" is found only where \"work\" of work is: take one "
		"of them out [phrase.contained]\n"
		"built-in:p:5: warning: \"we*\" is found in any text: give more letters [phrase.broad]\n"
		"built-in:p:6: warning: \"x\" is found in any text: give more letters [phrase.broad]\n");
}

static void test_lint_of_senders_and_dates(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(
		lint(f, "policy: p\nversion: 1\nphrases: {en: {work: [planned work]}}\n"
			"not-before: 2027-01-01T00:00:00Z\n"
			"senders:\n"
			"  from: ['*@crm.example', notices@crm.example, a*@x.example, a*b@x.example]\n"
			"  envelope: [a@b.example, a@b.example]\n"
			"internal: [crm.example]\n"
			"business-days: {holidays: [2020-01-01]}\n" SMALL(
				"{id: a, concept: work, in: subject, weight: 2}")),
		"built-in:p:6:27: warning: \"notices@crm.example\" is covered by \"*@crm.example\": take one of them out "
		"[sender.covered]\n"
		"built-in:p:6:62: warning: \"a*b@x.example\" is covered by \"a*@x.example\": take one of them out "
		"[sender.covered]\n"
		"built-in:p:7:14: warning: \"a@b.example\" is covered by \"a@b.example\": take one of them out "
		"[sender.covered]\n"
		"built-in:p:9:16: warning: the last holiday is past (2020-01-01): add those to come [holidays.past]\n"
		"built-in:p:4:13: warning: the policy is not valid before 2027-01-01T00:00:00Z: a gate that demands "
		"signatures does not load it yet [validity]\n");
}

static void test_lint_of_a_series(void **state)
{
	assert_string_equal(
		lint(*state, HEAD "palette: {red: '#FF0000'}\n"
				  "categories:\n"
				  "  one:\n"
				  "    recipients: {roles: [delegate]}\n"
				  "    banner: red\n"
				  "    time:\n"
				  "      series: [{name: a, before: 9d, approval: true}]\n"
				  "    signals: [{id: a, concept: work, in: subject, weight: 2}]\n"),
		"built-in:p:10:15: warning: one: content approval and the approval of its series disagree: give both, "
		"or none [series.approval]\n"
		"built-in:p:10:15: warning: one: a series, but no time is required to count it from: time.required: "
		"true [series.untimed]\n");
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
			  "    severities: {lead-time.milestone: reject, lead-time.cadence: reject}\n"
			  "    variants: [{id: v, concept: work, time: {floor: {at-least: 9d}, cadence: {every: 1h}, window: {from: \"09:00\", to: \"09:00\"}}}]\n"),
		"built-in:p:11:39: warning: a: a severity for lead-time.milestone, which cannot arise: it has no "
		"series; take it out [severity.never]\n"
		"built-in:p:10:19: warning: a: floor.calendar-days (5) makes a notice that is days too late a "
		"partial-day: raise it with at-least [floor.soft]\n"
		"built-in:p:12:53: warning: a: floor.calendar-days (5) makes a notice that is days too late a "
		"partial-day: raise it with at-least [floor.soft]\n"
		"built-in:p:12:99: warning: a: a window that is open all day on every day: name other hours, "
		"or take it out [window.idle]\n"
		"built-in:p:4:16: warning: the last holiday is past (2026-02-28): add those to come "
		"[holidays.past]\n");
}

static void test_lint_of_what_is_shipped_is_silent(void **state)
{
	static const char *const files[] = { "crm-online", "carrier", "status-page", "dynamics-365",
					     "hosting-example" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const char *file = arena_printf(f->arena, "policy/%s.yaml", files[i]).p;
		struct policy *policy = policy_load(file, NULL, &f->diag);

		assert_non_null(policy);
		policy_lint(policy, policy_tree(f->arena, file, NULL, &f->diag), NOW, &f->diag);
		for (size_t j = 0; j < f->diag.n; j++)
			print_error("%s\n", diag_format(f->arena, &f->diag.entries[j]).p);
		assert_int_equal(f->diag.n, 0);
		policy_unref(policy);
	}
}

/* The concepts that the program looks for are those that the default policy words. */
static void test_known_concepts(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load_default(&f->diag);

	for (size_t i = 0; lint_known_concepts[i] != NULL; i++) {
		size_t concept = policy_concept(policy, lint_known_concepts[i]);

		if (concept == SIGNAL_NO_CONCEPT)
			fail_msg("no language words %s", lint_known_concepts[i]);
	}
	policy_unref(policy);
}

static void test_explain(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load_default(&f->diag);

	policy_explain(&f->out, policy, FINDING_BANNER_COLOR);
	assert_non_null(strstr(output(f), "Default severity: reject\n"));
	assert_non_null(strstr(output(f), "for planned-maintenance: reject\n"));
	assert_non_null(strstr(output(f), "for major-service-incident: flag (urgent)\n"));
	assert_non_null(strstr(output(f), "for security-update: never, for it has no colour\n"));
	policy_unref(policy);
}

static void test_explain_variants(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load_text(
		STR_LIT("built-in:p"),
		STR_LIT(HEAD "categories:\n"
			     "  a:\n"
			     "    recipients: {roles: [delegate]}\n"
			     "    banner: none\n"
			     "    signals: [{id: a, concept: work, in: subject, weight: 2}]\n"
			     "    time: {floor: {at-least: 7d}}\n"
			     "    variants:\n"
			     "      - {id: soon, concept: work, urgent: true}\n"
			     "      - {id: free, concept: work, time: {floor: null}}\n"),
		"", &f->diag);

	assert_non_null(policy);
	policy_explain(&f->out, policy, FINDING_LEAD_TIME_MINIMUM);
	assert_non_null(strstr(output(f), "  for a: reject\n"
					  "  for a, soon: flag (urgent)\n"
					  "  for a, free: never, for it has no floor\n"));
	policy_unref(policy);
}

#define WHOLE "tests/unit/data/page-policy.yaml"

/* Of every finding, in every category: what it does there, or why never. */
static void test_explain_all(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load(WHOLE, NULL, &f->diag);

	assert_non_null(policy);
	for (int i = 0; i < FINDING_N; i++) {
		buf_init(&f->out, f->arena, 64 * 1024);
		policy_explain(&f->out, policy, (enum finding_id)i);
		assert_memory_equal(output(f), finding_infos[i].id, strlen(finding_infos[i].id));
		for (size_t j = 0; j < policy->n_categories; j++)
			assert_non_null(strstr(output(f), arena_printf(f->arena, "\n  for %.*s: ",
								       STR_ARG(policy->categories[j].id))
								  .p));
		assert_null(strstr(output(f), "(null)"));
	}
	buf_init(&f->out, f->arena, 64 * 1024);
	policy_explain(&f->out, policy, FINDING_BANNER_COLOR);
	assert_non_null(strstr(output(f), "  for works: flag\n"));
	assert_non_null(strstr(output(f), "  for trouble: never, for it has no colour\n"));
	assert_non_null(strstr(output(f), "Until 2026-12-31 at most accept where house-move fits: "
					  "CAB 4711: the house moves\n"));
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
		TEST(test_lint_of_categories),
		TEST(test_lint_of_times),
		TEST(test_lint_of_signals),
		TEST(test_lint_of_phrases),
		TEST(test_lint_of_senders_and_dates),
		TEST(test_lint_of_a_series),
		TEST(test_lint_of_what_is_shipped_is_silent),
		TEST(test_known_concepts),
		TEST(test_explain),
		TEST(test_explain_variants),
		TEST(test_explain_all),
		TEST(test_duration_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
