#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy/rules/policy.h"

static void diag_print(struct arena *arena, const struct diag *diag)
{
	for (size_t i = 0; i < diag->n; i++)
		print_message("%.*s\n", STR_ARG(diag_format(arena, &diag->entries[i])));
}

static void test_default(void **state)
{
	struct arena *arena = arena_new();
	struct diag diag;
	struct policy *policy;

	(void)state;
	diag_init(&diag, arena);
	policy = policy_load_default(&diag);
	diag_print(arena, &diag);
	assert_non_null(policy);
	assert_int_equal(policy->n_categories, 10);
	policy_unref(policy);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
