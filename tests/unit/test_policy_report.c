/* Policies told to people: shown, compared, checked for what cannot be meant, explained. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy/rules/build.h"
#include "policy/rules/lint.h"
#include "policy/rules/page.h"
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
			  "    severities: {lead-time.window: reject, lead-time.cadence: reject}\n"
			  "    variants: [{id: v, concept: work, time: {floor: {at-least: 9d}, cadence: {every: 1h}}}]\n"),
		"built-in:p:11:36: warning: a: a severity for lead-time.window, which cannot arise: it has no "
		"window; take it out [severity.never]\n"
		"built-in:p:10:19: warning: a: floor.calendar-days (5) makes a notice that is days too late a "
		"partial-day: raise it with at-least [floor.soft]\n"
		"built-in:p:12:53: warning: a: floor.calendar-days (5) makes a notice that is days too late a "
		"partial-day: raise it with at-least [floor.soft]\n"
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

/* -- The page -- */

static const char *page_of(struct fixture *f, const char *file, bool html)
{
	struct policy *policy = file != NULL ? policy_load(file, NULL, &f->diag)
					     : policy_load_default(&f->diag);
	struct buf out;

	assert_non_null(policy);
	buf_init(&out, f->arena, 1024 * 1024);
	policy_page(&out, policy, policy_tree(f->arena, file, NULL, &f->diag), html);
	assert_false(out.full);
	policy_unref(policy);
	return arena_cstr(f->arena, buf_str(&out));
}

static void assert_says(struct fixture *f, const char *page, const char *text)
{
	struct str rest = str_from(page);
	struct buf flat;

	/* However it is wrapped and set. */
	buf_init(&flat, f->arena, 1024 * 1024);
	for (size_t i = 0; i < rest.n; i++) {
		if (!ascii_is_space(rest.p[i]))
			buf_add_char(&flat, rest.p[i]);
		else if (flat.n > 0 && flat.p[flat.n - 1] != ' ')
			buf_add_char(&flat, ' ');
	}
	if (str_find(buf_str(&flat), str_from(text), 0) == STR_NPOS)
		fail_msg("the page does not say \"%s\"", text);
}

static void test_page(void **state)
{
	struct fixture *f = *state;
	const char *page = page_of(f, NULL, false);
	struct str rest = str_from(page), line;

	assert_says(f, page, "At least 5 days before the start.");
	assert_says(f, page, "Banner: light orange (#FF8C00).");
	assert_says(f, page, "The first mail within 15 minutes after the start.");
	assert_says(f, page, "+6 where it has words for planned maintenance in: subject (planned-subject)");
	assert_null(strstr(page, "(null)"));
	while (str_next_line(&rest, &line))
		assert_true(line.n <= 78 + 20 || str_find(str_trim(line), STR_LIT("\\"), 0) != STR_NPOS);
}

static void test_page_as_html(void **state)
{
	struct fixture *f = *state;
	const char *page = page_of(f, NULL, true);

	assert_memory_equal(page, "<!DOCTYPE html>\n", 16);
	assert_non_null(strstr(page, "<dt>Banner</dt>\n<dd>light orange (#FF8C00).</dd>\n"));
	assert_null(strstr(page, "(null)"));
}

static void test_page_escapes(void **state)
{
	struct fixture *f = *state;
	static const char text[] = "policy: \"<b>&\\\"\\e\"\nversion: 1\n"
				   "phrases: {en: {work: [\"<script>\"]}}\n"
				   "categories:\n"
				   "  a:\n"
				   "    recipients: {roles: [delegate]}\n"
				   "    banner: none\n"
				   "    signals: [{id: a, concept: work, in: subject, weight: 2}]\n";
	struct policy *policy = policy_load_text(STR_LIT("built-in:p"), STR_LIT(text), "", &f->diag);

	assert_non_null(policy);
	policy_page(&f->out, policy, parse(f, text), true);
	assert_non_null(strstr(output(f), "<h1>Policy &lt;b&gt;&amp;&quot; , version 1</h1>"));
	assert_non_null(strstr(output(f), "words for work (en): &lt;script&gt;"));
	policy_unref(policy);
}

/* -- No key is lost on the page: whatever is changed in a policy that has them all changes it -- */

#define WHOLE "tests/unit/data/page-policy.yaml"

struct loss {
	struct fixture *f;
	struct yaml_node *tree; /* changed and mended again */
	enum page_form form;
	struct str page;
	size_t tried, lost;
};

static struct str page_without_fingerprint(struct arena *arena, struct str page)
{
	size_t at = str_find(page, STR_LIT("Fingerprint:"), 0);
	size_t end = str_find_char(page, '\n', at);

	if (at == STR_NPOS)
		return page;
	return arena_printf(arena, "%.*s%.*s", STR_ARG(str_head(page, at)),
			    STR_ARG(str_skip(page, end)));
}

/* The page of the tree as it is now; absent where it is no policy. */
static struct str page_now(const struct loss *loss, struct arena *arena)
{
	struct policy *policy;
	struct buf text, out;
	struct diag diag;
	struct str page;

	diag_init(&diag, arena);
	buf_init(&text, arena, 1024 * 1024);
	buf_init(&out, arena, 1024 * 1024);
	yaml_write(&text, loss->tree);
	policy = policy_load_text(STR_LIT("built-in:whole"), buf_str(&text), "", &diag);
	if (policy == NULL)
		return STR_NONE;
	page_write(&(struct page){ .out = &out, .arena = arena, .form = loss->form }, policy, loss->tree);
	page = page_without_fingerprint(arena, buf_str(&out));
	policy_unref(policy);
	return page;
}

/* 1: the page changed, 0: it did not, -1: this change makes no policy. */
static int outcome(const struct loss *loss)
{
	struct arena *arena = arena_new();
	struct str page = page_now(loss, arena);
	int result = page.p == NULL ? -1 : !str_eq(page, loss->page);

	arena_free(arena);
	return result;
}

/* Another value: true for false, another digit, a letter more. */
static struct str mutated(struct arena *arena, struct str text, int how)
{
	char *copy = arena_cstr(arena, text);

	if (how == 0)
		return str_is(text, "true") ? STR_LIT("false") : STR_LIT("true");
	for (size_t i = 0; how == 1 && i < text.n; i++) {
		if (copy[i] >= '1' && copy[i] <= '8') {
			copy[i]++;
			return (struct str){ copy, text.n };
		}
	}
	return arena_printf(arena, "%.*sx", STR_ARG(text));
}

static int try_values(struct loss *loss, struct yaml_node *node)
{
	struct str text = node->text;
	int best = -1;

	for (int how = 0; how < 3 && best < 1; how++) {
		int result;

		node->text = mutated(loss->f->arena, text, how);
		result = outcome(loss);
		best = result > best ? result : best;
	}
	node->text = text;
	return best;
}

static int try_without_pair(struct loss *loss, struct yaml_node *map, size_t at)
{
	struct yaml_pair pair = map->pairs[at];
	int result;

	memmove(&map->pairs[at], &map->pairs[at + 1], (--map->n - at) * sizeof pair);
	result = outcome(loss);
	memmove(&map->pairs[at + 1], &map->pairs[at], (map->n++ - at) * sizeof pair);
	map->pairs[at] = pair;
	return result;
}

static int try_without_item(struct loss *loss, struct yaml_node *list, size_t at)
{
	struct yaml_node *item = list->items[at];
	int result;

	memmove(&list->items[at], &list->items[at + 1], (--list->n - at) * sizeof item);
	result = outcome(loss);
	memmove(&list->items[at + 1], &list->items[at], (list->n++ - at) * sizeof item);
	list->items[at] = item;
	return result;
}

static void try_leaf(struct loss *loss, struct yaml_node *parent, size_t at, struct yaml_node *leaf,
		     struct str path)
{
	int best = parent->kind == YAML_MAP ? try_without_pair(loss, parent, at)
					    : try_without_item(loss, parent, at);
	int value = best < 1 ? try_values(loss, leaf) : 1;

	loss->tried++;
	if (best >= 1 || value != 0)
		return;
	loss->lost++;
	print_error("the page does not say %.*s\n", STR_ARG(path));
}

static void try_all(struct loss *loss, struct yaml_node *node, struct str path)
{
	for (size_t i = 0; node->kind != YAML_SCALAR && i < node->n; i++) {
		struct yaml_node *child = node->kind == YAML_MAP ? node->pairs[i].value : node->items[i];
		struct str name = node->kind == YAML_MAP ? node->pairs[i].key->text : STR_LIT("-");
		struct str inner = arena_printf(loss->f->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(name));

		if (loss->form == PAGE_LINES && str_is(inner, ".phrases"))
			continue;
		if (child->kind == YAML_SCALAR)
			try_leaf(loss, node, i, child, inner);
		else
			try_all(loss, child, inner);
	}
}

static void assert_no_loss(struct fixture *f, enum page_form form)
{
	struct loss loss = { .f = f,
			     .tree = policy_tree(f->arena, WHOLE, NULL, &f->diag),
			     .form = form };

	loss.page = page_now(&loss, f->arena);
	assert_true(loss.page.n > 0);
	try_all(&loss, loss.tree, STR_LIT(""));
	assert_true(loss.tried > 100);
	assert_int_equal(loss.lost, 0);
}

static void test_page_loses_no_key(void **state)
{
	assert_no_loss(*state, PAGE_TEXT);
}

/* Nor in what is compared, but for the phrases, which `diff` compares with those of language files. */
static void test_page_diff_loses_no_key(void **state)
{
	assert_no_loss(*state, PAGE_LINES);
}

static void test_page_diff(void **state)
{
	static const char text[] = "policy: p\nversion: %d\n"
				   "senders: {from: [%s]}\n"
				   "phrases: {en: {work: [planned work]}}\n"
				   "categories:\n"
				   "  a:\n"
				   "    recipients: {roles: [delegate]}\n"
				   "    banner: none\n"
				   "    time: {floor: {at-least: %s}}\n"
				   "    signals: [{id: a, concept: work, in: subject, weight: 2}]\n"
				   "severities: {banner.foreign: %s}\n";
	struct fixture *f = *state;
	const char *a = arena_printf(f->arena, text, 1, "x@a.example, y@a.example", "3d", "flag").p;
	const char *b = arena_printf(f->arena, text, 2, "x@a.example, z@a.example", "4d", "reject").p;
	struct policy *old = policy_load_text(STR_LIT("built-in:a"), str_from(a), "", &f->diag);
	struct policy *new = policy_load_text(STR_LIT("built-in:b"), str_from(b), "", &f->diag);

	assert_int_equal(policy_page_diff(&f->out, old, parse(f, a), old, parse(f, a)), 0);
	assert_int_equal(policy_page_diff(&f->out, old, parse(f, a), new, parse(f, b)), 8);
	assert_string_equal(output(f), "The policy:\n"
				       "  - Policy p, version 1\n"
				       "  + Policy p, version 2\n"
				       "Who sends notices, From:\n"
				       "  - y@a.example\n"
				       "  + z@a.example\n"
				       "Categories, a, When:\n"
				       "  - At least 3 days before the start.\n"
				       "  + At least 4 days before the start.\n"
				       "What becomes of faults, banner.foreign:\n"
				       "  - The notice is marked, and passes.\n"
				       "  + The notice is refused.\n");
	policy_unref(old);
	policy_unref(new);
}

/* All keys that begin so are in a tree, wherever maps of names stand between. */
static bool has_key(const struct yaml_node *node, const char *key)
{
	for (size_t i = 0; node->kind != YAML_SCALAR && i < node->n; i++) {
		if (node->kind == YAML_MAP && str_is(node->pairs[i].key->text, key))
			return true;
		if (has_key(node->kind == YAML_MAP ? node->pairs[i].value : node->items[i], key))
			return true;
	}
	return false;
}

static size_t keys_missing(const struct yaml_node *tree, const struct yaml_key *keys)
{
	/* These take in other files. */
	static const char *const elsewhere[] = { "extends", "pins", "calendar", NULL };
	size_t n = 0;

	for (; keys->name != NULL; keys++) {
		bool known = false;

		for (size_t i = 0; elsewhere[i] != NULL; i++)
			known |= strcmp(keys->name, elsewhere[i]) == 0;
		if (!known && !has_key(tree, keys->name)) {
			print_error("%s has no %s\n", WHOLE, keys->name);
			n++;
		}
		if (keys->keys != NULL)
			n += keys_missing(tree, keys->keys);
	}
	return n;
}

/* A key that is new belongs there, and on the page. */
static void test_the_whole_policy_has_every_key(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(keys_missing(policy_tree(f->arena, WHOLE, NULL, &f->diag), policy_keys), 0);
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
		TEST(test_page),
		TEST(test_page_as_html),
		TEST(test_page_escapes),
		TEST(test_page_loses_no_key),
		TEST(test_page_diff_loses_no_key),
		TEST(test_page_diff),
		TEST(test_the_whole_policy_has_every_key),
		TEST(test_explain),
		TEST(test_explain_all),
		TEST(test_duration_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
