/* The YAML reader: what it takes, what it refuses and where it says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy/rules/policy.h"
#include "policy/rules/yaml.h"

struct fixture {
	struct arena *arena;
	struct diag diag;
};

static int set_up(void **state)
{
	struct fixture *f = malloc(sizeof *f);

	f->arena = arena_new();
	diag_init(&f->diag, f->arena);
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
	return yaml_parse(f->arena, &f->diag, STR_LIT("f.yaml"), str_from(text), NULL);
}

/* All faults, one a line. */
static const char *faults(struct fixture *f)
{
	struct str all = STR_LIT("");

	for (size_t i = 0; i < f->diag.n; i++) {
		if (i > 0)
			all = arena_concat(f->arena, all, STR_LIT("\n"));
		all = arena_concat(f->arena, all, diag_format(f->arena, &f->diag.entries[i]));
	}
	return arena_cstr(f->arena, all);
}

enum color { RED, GREEN, BLUE };
static const char *const color_names[] = { "red", "green", "blue", NULL };

struct inner {
	struct str name;
	bool on;
};

struct sample {
	struct str name, text;
	char *path;
	bool on;
	unsigned count, mode, colors;
	uint64_t big;
	double weight;
	int64_t wait, at;
	size_t size;
	int32_t day;
	enum color color;
	struct str_list words;
	struct inner inner;
};

static const struct yaml_key inner_keys[] = {
	{ "name", yaml_read_str, offsetof(struct inner, name), YAML_REQUIRED },
	{ "on", yaml_read_bool, offsetof(struct inner, on) },
	{ NULL },
};

static const struct yaml_key sample_keys[] = {
	{ "name", yaml_read_str, offsetof(struct sample, name) },
	{ "text", yaml_read_text, offsetof(struct sample, text) },
	{ "path", yaml_read_cstr, offsetof(struct sample, path) },
	{ "on", yaml_read_bool, offsetof(struct sample, on) },
	{ "count", yaml_read_unsigned, offsetof(struct sample, count), .min = 1, .max = 10 },
	{ "mode", yaml_read_octal, offsetof(struct sample, mode) },
	{ "colors", yaml_read_flags, offsetof(struct sample, colors), .names = color_names },
	{ "big", yaml_read_u64, offsetof(struct sample, big) },
	{ "weight", yaml_read_double, offsetof(struct sample, weight), .min = -5, .max = 5 },
	{ "wait", yaml_read_duration, offsetof(struct sample, wait), .min = 1 },
	{ "at", yaml_read_time, offsetof(struct sample, at) },
	{ "size", yaml_read_size, offsetof(struct sample, size) },
	{ "day", yaml_read_date, offsetof(struct sample, day) },
	{ "color", yaml_read_choice, offsetof(struct sample, color), .names = color_names },
	{ "words", yaml_read_str_list, offsetof(struct sample, words) },
	{ "inner", yaml_read_nested, offsetof(struct sample, inner), .keys = inner_keys },
	{ NULL },
};

static bool read_sample(struct fixture *f, const char *text, struct sample *sample)
{
	struct yaml_reader reader = { f->arena, &f->diag, NULL };
	struct yaml_node *root = parse(f, text);

	return root != NULL && yaml_read_map(&reader, root, sample_keys, sample);
}

static void test_reads_all_types(void **state)
{
	struct fixture *f = *state;
	struct sample s = { 0 };

	assert_true(read_sample(f,
				"# a comment\n"
				"name: Contoso Ltd\n"
				"text: \"\"\n"
				"path: /etc/x\n"
				"on: true\n"
				"count: 7\n"
				"mode: 0660\n"
				"colors: [red, blue]\n"
				"big: 18446744073709551615\n"
				"weight: -1.25\n"
				"wait: 1d12h\n"
				"at: 2026-03-01T10:00:00.5+01:00\n"
				"size: 25M\n"
				"day: 2024-02-29\n"
				"color: green\n"
				"words:\n  - one\n  - 'two words'\n"
				"inner: {name: x, on: true}\n",
				&s));
	assert_string_equal(faults(f), "");
	assert_true(str_is(s.name, "Contoso Ltd"));
	assert_int_equal(s.text.n, 0);
	assert_non_null(s.text.p);
	assert_string_equal(s.path, "/etc/x");
	assert_true(s.on);
	assert_int_equal(s.count, 7);
	assert_int_equal(s.mode, 0660);
	assert_int_equal(s.colors, 1 << RED | 1 << BLUE);
	assert_true(s.big == UINT64_MAX);
	assert_true(s.weight == -1.25);
	assert_int_equal(s.wait, 36 * 3600);
	assert_int_equal(s.at, 1772355600);
	assert_int_equal(s.size, 25 * 1024 * 1024);
	assert_int_equal(s.day, 19782);
	assert_int_equal(s.color, GREEN);
	assert_int_equal(s.words.n, 2);
	assert_true(str_is(s.words.items[1], "two words"));
	assert_true(str_is(s.inner.name, "x") && s.inner.on);
}

static void test_one_word_is_a_list(void **state)
{
	struct sample s = { 0 };

	assert_true(read_sample(*state, "words: alone\ncolors: blue\n", &s));
	assert_int_equal(s.words.n, 1);
	assert_true(str_is(s.words.items[0], "alone"));
	assert_int_equal(s.colors, 1 << BLUE);
}

/* Every fault is told in one run, in the file's place, and fields keep what they had. */
static void test_reports_all_faults(void **state)
{
	struct fixture *f = *state;
	struct sample s = { .count = 3 };

	assert_false(read_sample(f,
				 "name: [a]\n"
				 "on: maybe\n"
				 "count: 11\n"
				 "mode: 0680\n"
				 "colors: [red, pink]\n"
				 "big: -1\n"
				 "weight: 1e3\n"
				 "wait: 5 days\n"
				 "at: 2026-02-30T00:00:00Z\n"
				 "size: 1T\n"
				 "day: 2026-13-01\n"
				 "color: Red\n"
				 "words: {a: b}\n"
				 "inner: {on: true}\n",
				 &s));
	assert_string_equal(
		faults(f),
		"f.yaml:1:7: a list where a text is wanted\n"
		"f.yaml:2:5: \"maybe\" is neither true nor false\n"
		"f.yaml:3:8: 11 is not between 1 and 10\n"
		"f.yaml:4:7: \"0680\" is no octal number such as 0660\n"
		"f.yaml:5:15: \"pink\" is none of: red, green, blue\n"
		"f.yaml:6:6: \"-1\" is no whole number\n"
		"f.yaml:7:9: \"1e3\" is no number such as 2 or 1.5\n"
		"f.yaml:8:7: \"5 days\" is no duration such as 45s, 15m, 12h, 5d, 2w or 1h30m\n"
		"f.yaml:9:5: \"2026-02-30T00:00:00Z\" is no time such as 2026-03-01T09:00:00Z\n"
		"f.yaml:10:7: \"1T\" is no size such as 4096, 256K, 25M or 1G\n"
		"f.yaml:11:6: \"2026-13-01\" is no date such as 2026-03-01\n"
		"f.yaml:12:8: \"Red\" is none of: red, green, blue\n"
		"f.yaml:13:8: a map where a list of texts is wanted\n"
		"f.yaml:14:8: the key \"name\" is missing here");
	assert_int_equal(s.count, 3);
	assert_null(s.name.p);
}

static void test_missing_values(void **state)
{
	struct fixture *f = *state;
	struct sample s = { 0 };

	assert_false(read_sample(f, "name:\non: ~\ncount: null\nwords: [\"\", ' ']\ninner:\n", &s));
	assert_string_equal(faults(f), "f.yaml:1:6: no value: a text is wanted\n"
				       "f.yaml:2:5: no value: true or false is wanted\n"
				       "f.yaml:3:8: no value: a number is wanted\n"
				       "f.yaml:4:9: an empty text\n"
				       "f.yaml:4:13: an empty text\n"
				       "f.yaml:5:7: no value where a map (key: value) is wanted");
}

static void test_unknown_key_has_a_suggestion(void **state)
{
	struct fixture *f = *state;
	struct sample s = { 0 };

	assert_false(read_sample(f, "nmae: x\nweigth: 1\nzzzzzzzzzz: 1\ninner: {name: x, no: true}\nwei: 1\n",
				 &s));
	assert_string_equal(faults(f),
			    "f.yaml:1:1: unknown key \"nmae\": did you mean \"name\"?\n"
			    "f.yaml:2:1: unknown key \"weigth\": did you mean \"weight\"?\n"
			    "f.yaml:3:1: unknown key \"zzzzzzzzzz\"; allowed here: name, text, path, on, "
			    "count, mode, colors, big, weight, wait, at, size, day, color, words, inner\n"
			    "f.yaml:5:1: unknown key \"wei\": did you mean \"weight\"?\n"
			    "f.yaml:4:18: unknown key \"no\": did you mean \"on\"?");
}

static void test_refuses_duplicate_keys(void **state)
{
	struct fixture *f = *state;

	assert_non_null(parse(f, "a: 1\nb: {c: 1, d: 2, c: 3}\na: 2\n\"a\": 3\n"));
	assert_string_equal(faults(f),
			    "f.yaml:2:17: the key \"c\" is given twice, first on line 2\n"
			    "f.yaml:3:1: the key \"a\" is given twice, first on line 1\n"
			    "f.yaml:4:1: the key \"a\" is given twice, first on line 1");
}

static void test_refuses_anchors_aliases_tags(void **state)
{
	struct fixture *f = *state;

	parse(f, "a: &x 1\nb: *x\nc: !!str 1\nd: &l [1]\ne: !m {a: 1}\n");
	assert_string_equal(faults(f), "f.yaml:1:4: anchors are not allowed: write it out\n"
				       "f.yaml:2:4: aliases are not allowed: write it out\n"
				       "f.yaml:3:4: tags are not allowed\n"
				       "f.yaml:4:4: anchors are not allowed: write it out\n"
				       "f.yaml:5:4: tags are not allowed");
}

static void test_refuses_what_is_no_yaml(void **state)
{
	struct fixture *f = *state;

	assert_null(parse(f, "a: [1, 2\nb: 3\n"));
	assert_int_equal(f->diag.entries[0].line, 2);
	assert_null(parse(f, "a: \"\\q\"\n"));
	assert_null(parse(f, "a: \xff\n"));
	assert_null(parse(f, "\xff\xfe""a\0:\0 \0b\0"));
	assert_true(f->diag.errors >= 4);
}

static void test_refuses_second_document_and_none(void **state)
{
	struct fixture *f = *state;

	parse(f, "a: 1\n---\nb: 2\n");
	parse(f, "# nothing\n");
	assert_string_equal(faults(f), "f.yaml:2:1: a second document: a file holds one\n"
				       "f.yaml: empty");
}

static void test_limits(void **state)
{
	struct fixture *f = *state;
	struct yaml_limits limits = { .octets = 4, .depth = 2 };
	char deep[200];

	memset(deep, '[', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	parse(f, deep);
	assert_string_equal(faults(f), "f.yaml:1:33: nested more than 32 levels deep");
	f->diag.n = 0;
	assert_null(yaml_parse(f->arena, &f->diag, STR_LIT("f.yaml"), STR_LIT("a: 12"), &limits));
	assert_string_equal(faults(f), "f.yaml: 5 octets: the limit is 4");
	f->diag.n = 0;
	limits.octets = 0;
	yaml_parse(f->arena, &f->diag, STR_LIT("f.yaml"), STR_LIT("{a: [{b: 1}]}"), &limits);
	assert_string_equal(faults(f), "f.yaml:1:6: nested more than 2 levels deep");
}

static void test_refuses_nul(void **state)
{
	struct fixture *f = *state;

	parse(f, "a: \"x\\0y\"\n");
	assert_string_equal(faults(f), "f.yaml:1:4: a text cannot hold a NUL");
}

/* The tree as one line. */
static struct str flat(struct arena *arena, const struct yaml_node *node)
{
	struct str s = STR_LIT("");

	if (node->kind == YAML_SCALAR)
		return node->text;
	for (size_t i = 0; i < node->n; i++) {
		struct str item;

		if (node->kind == YAML_LIST)
			item = flat(arena, node->items[i]);
		else
			item = arena_printf(arena, "%.*s:%.*s", STR_ARG(node->pairs[i].key->text),
					    STR_ARG(flat(arena, node->pairs[i].value)));
		s = arena_printf(arena, "%.*s%s%.*s", STR_ARG(s), i > 0 ? "," : "", STR_ARG(item));
	}
	return arena_printf(arena, node->kind == YAML_LIST ? "[%.*s]" : "{%.*s}", STR_ARG(s));
}

static const char *merged(struct fixture *f, const char *base, const char *over)
{
	struct yaml_node *tree = yaml_merge(f->arena, parse(f, base), parse(f, over));

	return arena_cstr(f->arena, flat(f->arena, tree));
}

static void test_merge(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(merged(f, "{a: 1, b: {c: 1, d: 2}}", "{b: {d: 3, e: 4}, f: 5}"),
			    "{a:1,b:{c:1,d:3,e:4},f:5}");
	assert_string_equal(merged(f, "{l: [1, 2]}", "{l: [3]}"), "{l:[3]}");
	assert_string_equal(merged(f, "{l: [1, 2]}", "{l+: [3]}"), "{l:[1,2,3]}");
	assert_string_equal(merged(f, "{}", "{m: {l+: [3]}}"), "{m:{l:[3]}}");
	assert_string_equal(merged(f, "{s: [{id: a, w: 1}, {id: b, w: 2}]}",
				   "{s+: [{id: b, w: 9}, {id: c, w: 3}]}"),
			    "{s:[{id:a,w:1},{id:b,w:9},{id:c,w:3}]}");
	assert_string_equal(merged(f, "{a: 1, b: 2}", "{a: null}"), "{b:2}");
	assert_string_equal(merged(f, "{a: {b: 1}}", "{a: 7}"), "{a:7}");
	assert_string_equal(merged(f, "{a: 7}", "{a: {b: 1}}"), "{a:{b:1}}");
	assert_string_equal(faults(f), "");
}

/* What a merged file says wrongly is told in the file that says it. */
static void test_merge_keeps_places(void **state)
{
	struct fixture *f = *state;
	struct yaml_reader reader = { f->arena, &f->diag, NULL };
	struct sample s = { 0 };
	struct yaml_node *base, *over;

	base = yaml_parse(f->arena, &f->diag, STR_LIT("base"), STR_LIT("count: 1\non: x\n"), NULL);
	over = yaml_parse(f->arena, &f->diag, STR_LIT("over"), STR_LIT("\n\ncount: x\n"), NULL);
	yaml_read_map(&reader, yaml_merge(f->arena, base, over), sample_keys, &s);
	assert_string_equal(faults(f), "base:2:5: \"x\" is neither true nor false\n"
				       "over:3:8: \"x\" is no whole number");
}

static void test_durations(void **state)
{
	int64_t seconds = -1;

	(void)state;
	assert_true(yaml_duration_parse(STR_LIT("0"), &seconds) && seconds == 0);
	assert_true(yaml_duration_parse(STR_LIT("0d"), &seconds) && seconds == 0);
	assert_true(yaml_duration_parse(STR_LIT("120h"), &seconds) && seconds == 432000);
	assert_true(yaml_duration_parse(STR_LIT("2w"), &seconds) && seconds == 1209600);
	assert_true(yaml_duration_parse(STR_LIT("1h30m"), &seconds) && seconds == 5400);
	assert_false(yaml_duration_parse(STR_LIT(""), &seconds));
	assert_false(yaml_duration_parse(STR_LIT("15"), &seconds));
	assert_false(yaml_duration_parse(STR_LIT("m"), &seconds));
	assert_false(yaml_duration_parse(STR_LIT("30m1h"), &seconds));
	assert_false(yaml_duration_parse(STR_LIT("-5d"), &seconds));
	assert_false(yaml_duration_parse(STR_LIT("5d "), &seconds));
	assert_false(yaml_duration_parse(STR_LIT("99999999999d"), &seconds));
	assert_int_equal(seconds, 5400);
}

static void test_times(void **state)
{
	int64_t seconds = 7;
	int32_t days = 7;

	(void)state;
	assert_true(yaml_time_parse(STR_LIT("1970-01-01T00:00:00Z"), &seconds) && seconds == 0);
	assert_true(yaml_time_parse(STR_LIT("1969-12-31T23:59:59Z"), &seconds) && seconds == -1);
	assert_true(yaml_time_parse(STR_LIT("2026-03-10T22:00:00-05:30"), &seconds) &&
		    seconds == 1773199800);
	assert_false(yaml_time_parse(STR_LIT("2026-03-10T22:00:00"), &seconds));
	assert_false(yaml_time_parse(STR_LIT("2026-03-10T24:00:00Z"), &seconds));
	assert_false(yaml_time_parse(STR_LIT("2026-03-10"), &seconds));
	assert_false(yaml_time_parse(STR_LIT("2026-03-10T22:00:00Zx"), &seconds));
	assert_true(yaml_date_parse(STR_LIT("2000-03-01"), &days) && days == 11017);
	assert_false(yaml_date_parse(STR_LIT("2023-02-29"), &days));
	assert_false(yaml_date_parse(STR_LIT("2023-2-9"), &days));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_reads_all_types),
		TEST(test_one_word_is_a_list),
		TEST(test_reports_all_faults),
		TEST(test_missing_values),
		TEST(test_unknown_key_has_a_suggestion),
		TEST(test_refuses_duplicate_keys),
		TEST(test_refuses_anchors_aliases_tags),
		TEST(test_refuses_what_is_no_yaml),
		TEST(test_refuses_second_document_and_none),
		TEST(test_limits),
		TEST(test_refuses_nul),
		TEST(test_merge),
		TEST(test_merge_keeps_places),
		TEST(test_durations),
		TEST(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
