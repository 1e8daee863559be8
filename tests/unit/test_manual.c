/* crm-notice-policy(5) and the program say the same: keys, findings, default severities. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy/rules/build.h"
#include "policy/rules/lint.h"

#define MANUAL "contrib/man/crm-notice-policy.5"

static struct str manual(struct arena *arena)
{
	char *text = arena_alloc(arena, 1 << 20);
	FILE *file = fopen(MANUAL, "r");
	size_t n;

	assert_non_null(file);
	n = fread(text, 1, (1 << 20) - 1, file);
	fclose(file);
	return (struct str){ text, n };
}

/* The entries (lines that begin so) of a section, without their beginning. */
static struct str_list entries(struct arena *arena, const char *section, const char *begin)
{
	struct str rest = manual(arena), line;
	struct str_list list = { 0 };
	bool inside = false;

	while (str_next_line(&rest, &line)) {
		if (str_starts(line, STR_LIT(".Sh ")))
			inside = str_is(str_skip(line, 4), section);
		if (!inside || !str_starts(line, str_from(begin)))
			continue;
		ARENA_ROOM(arena, list.items, list.n, list.cap);
		list.items[list.n++] = str_skip(line, strlen(begin));
	}
	return list;
}

static bool has(const struct str_list *list, struct str text)
{
	for (size_t i = 0; i < list->n; i++) {
		if (str_eq(list->items[i], text))
			return true;
	}
	return false;
}

/* All keys of a table, dotted; categories and signals have sections of their own. */
static void collect(struct arena *arena, const struct yaml_key *keys, struct str prefix,
		    struct str_list *list)
{
	for (; keys->name != NULL; keys++) {
		struct str name = arena_printf(arena, "%.*s%s%s", STR_ARG(prefix),
					       prefix.n > 0 ? "." : "", keys->name);

		ARENA_ROOM(arena, list->items, list->n, list->cap);
		list->items[list->n++] = name;
		if (keys->keys != NULL && keys->keys != category_keys && keys->keys != signal_keys)
			collect(arena, keys->keys, name, list);
	}
}

static void same(const char *section, const struct yaml_key *keys)
{
	struct arena *arena = arena_new();
	struct str_list known = { 0 }, told = entries(arena, section, ".It Ic ");
	size_t faults = 0;

	collect(arena, keys, STR_LIT(""), &known);
	for (size_t i = 0; i < known.n; i++) {
		if (!has(&told, known.items[i]) && ++faults > 0)
			print_error("%s does not describe %.*s\n", MANUAL, STR_ARG(known.items[i]));
	}
	for (size_t i = 0; i < told.n; i++) {
		if (!has(&known, told.items[i]) && ++faults > 0)
			print_error("%s describes %.*s, which is no key\n", MANUAL,
				    STR_ARG(told.items[i]));
	}
	arena_free(arena);
	assert_int_equal(faults, 0);
}

static void test_policy_keys(void **state)
{
	(void)state;
	same("THE POLICY", policy_keys);
}

static void test_category_keys(void **state)
{
	(void)state;
	same("CATEGORIES", category_keys);
}

static void test_signal_keys(void **state)
{
	(void)state;
	same("SIGNALS", signal_keys);
}

static void test_findings(void **state)
{
	struct arena *arena = arena_new();
	struct str_list told = entries(arena, "FINDINGS", ".It Cm ");

	(void)state;
	assert_int_equal(told.n, FINDING_N);
	for (int i = 0; i < FINDING_N; i++)
		assert_true(has(&told, arena_printf(arena, "%s Pq %s", finding_infos[i].id,
						    severity_name(finding_infos[i].severity))));
	arena_free(arena);
}

static void test_remarks(void **state)
{
	struct arena *arena = arena_new();
	struct str_list told = entries(arena, "REMARKS", ".It Cm ");

	(void)state;
	assert_int_equal(told.n, LINT_N);
	for (int i = 0; i < LINT_N; i++)
		assert_true(has(&told, str_from(lint_infos[i].id)));
	arena_free(arena);
}

static void test_every_finding_has_words(void **state)
{
	(void)state;
	for (int i = 0; i < FINDING_N; i++) {
		assert_non_null(finding_texts[i].means);
		assert_non_null(finding_texts[i].remedy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policy_keys),	cmocka_unit_test(test_category_keys),
		cmocka_unit_test(test_signal_keys),	cmocka_unit_test(test_findings),
		cmocka_unit_test(test_every_finding_has_words),
		cmocka_unit_test(test_remarks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
