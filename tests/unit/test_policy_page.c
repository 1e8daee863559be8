/* The page of a policy: what it says, that it says all, and what is compared of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy/rules/build.h"
#include "policy/rules/page.h"
#include "policy/rules/tree.h"

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

/* Which of two variants or exceptions counts is told by their order alone. */
static void test_page_diff_of_order(void **state)
{
	static const char text[] = "policy: p\nversion: 1\n"
				   "phrases: {en: {work: [planned work], night: [by night]}}\n"
				   "business-days: {holidays: [%s]}\n"
				   "categories:\n"
				   "  a:\n"
				   "    recipients: {roles: [delegate]}\n"
				   "    banner: none\n"
				   "    signals: [{id: a, concept: work, in: subject, weight: 2}]\n"
				   "    variants: [%s, %s]\n"
				   "exceptions: [%s, %s]\n";
	static const char v[] = "{id: v, concept: work, urgent: true}";
	static const char w[] = "{id: w, concept: night, urgent: true}";
	static const char x[] = "{id: x, until: 2026-12-31, reason: \"a, b\", findings: banner.color}";
	static const char y[] = "{id: y, until: 2026-12-31, reason: c, findings: banner.color}";
	struct fixture *f = *state;
	struct buf days;
	const char *a, *b;
	struct policy *old, *new;

	buf_init(&days, f->arena, 4096);
	for (int i = 0; i < PAGE_DAYS_MAX + 2; i++)
		buf_printf(&days, "%s2026-%02d-%02d", i > 0 ? ", " : "", 1 + i / 28, 1 + i % 28);
	a = arena_printf(f->arena, text, "", v, w, x, y).p;
	b = arena_printf(f->arena, text, arena_cstr(f->arena, buf_str(&days)), w, v, y, x).p;
	old = policy_load_text(STR_LIT("built-in:a"), str_from(a), "", &f->diag);
	new = policy_load_text(STR_LIT("built-in:b"), str_from(b), "", &f->diag);
	assert_int_equal(policy_page_diff(&f->out, old, parse(f, a), new, parse(f, b)),
			 4 + PAGE_DAYS_MAX + 2);
	assert_non_null(strstr(output(f), "Categories, a, Variants:\n"
					  "  - The first that fits of: v, w.\n"
					  "  + The first that fits of: w, v.\n"
					  "Exceptions:\n"
					  "  - Of several that fit the first counts: x, y.\n"
					  "  + Of several that fit the first counts: y, x.\n"
					  "Times and business days, Holidays:\n"
					  "  + 2026-01-01\n"));
	assert_non_null(strstr(output(f), "  + 2026-02-12\n"
					  "  + 2 more\n"));
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_page),
		TEST(test_page_as_html),
		TEST(test_page_escapes),
		TEST(test_page_loses_no_key),
		TEST(test_page_diff_loses_no_key),
		TEST(test_page_diff),
		TEST(test_page_diff_of_order),
		TEST(test_the_whole_policy_has_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
