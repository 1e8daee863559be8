/* test_policy_files.c - a policy and the files around it: what it extends, its languages, its
 * fingerprint */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "certs/digest.h"
#include "tests/unit/policy_fixture.h"

static void test_missing_file(void **state)
{
	struct fixture *f = *state;

	assert_null(policy_load(path_of(f, "a.yaml"), NULL, &f->diag));
	assert_string_equal(faults(f), "a.yaml: No such file or directory");
	assert_null(policy_load(f->directory, NULL, &f->diag));
	assert_int_equal(f->diag.errors, 2);
}

static void test_extends_the_default(void **state)
{
	struct fixture *f = *state;
	struct policy *policy;

	policy = policy_load(put(f, "a.yaml",
				 "extends: crm-online.yaml\npolicy: contoso-crm\nversion: 3\n"
				 "senders: {from: [notices@crm.example]}\ninternal: [crm.example]\n"
				 "categories:\n"
				 "  planned-maintenance: {time: {floor: {at-least: 7d}}}\n"
				 "  launch-readiness: null\n"),
			     NULL, &f->diag);
	assert_non_null(policy);
	assert_true(str_is(policy->name, "contoso-crm"));
	assert_int_equal(policy->version, 3);
	assert_int_equal(policy->n_categories, 9);
	assert_null(category_of(policy, "launch-readiness"));
	assert_int_equal(category_of(policy, "planned-maintenance")->time.floor.seconds, 7 * 86400);
	assert_int_equal(category_of(policy, "planned-maintenance")->time.floor.calendar_days, 5);
	assert_true(policy->notice_locals.n > 3);
	policy_unref(policy);
}

static void test_extends_its_namesake(void **state)
{
	struct fixture *f = *state;
	struct policy *policy;

	policy = policy_load(put(f, "crm-online.yaml", "extends: crm-online.yaml\nversion: 9\n"),
			     NULL, &f->diag);
	assert_non_null(policy);
	assert_int_equal(policy->version, 9);
	assert_int_equal(policy->n_categories, 10);
	policy_unref(policy);
}

static void test_looks_beside_before_path(void **state)
{
	struct fixture *f = *state;
	const char *path = path_of(f, "sub"), *a;
	struct policy *policy;

	put(f, "sub/b.yaml", SMALL "mode: flag\n");
	a = put(f, "a.yaml", "extends: b.yaml\n");
	policy = policy_load(a, path, &f->diag);
	assert_non_null(policy);
	assert_int_equal(policy->mode, MODE_FLAG);
	policy_unref(policy);
	put(f, "b.yaml", SMALL "mode: observe\n");
	policy = policy_load(a, path, &f->diag);
	assert_int_equal(policy->mode, MODE_OBSERVE);
	policy_unref(policy);
}

static void test_path_from_the_environment(void **state)
{
	struct fixture *f = *state;
	const char *a = put(f, "a.yaml", "extends: b.yaml\n");
	struct policy *policy;

	put(f, "sub/b.yaml", SMALL);
	setenv("CRM_NOTICE_POLICY_PATH",
	       arena_printf(f->arena, "/nonexistent::%s", path_of(f, "sub")).p, 1);
	policy = policy_load(a, NULL, &f->diag);
	unsetenv("CRM_NOTICE_POLICY_PATH");
	assert_non_null(policy);
	policy_unref(policy);
	assert_null(policy_load(a, NULL, &f->diag));
	assert_string_equal(faults(f), "a.yaml:1:10: \"b.yaml\" is neither beside this file, nor in "
				       "the policy path, nor installed, nor built in");
}

static void test_extends_in_a_circle(void **state)
{
	struct fixture *f = *state;

	put(f, "a.yaml", "extends: b.yaml\n");
	put(f, "b.yaml", "extends: a.yaml\n");
	assert_null(policy_load(path_of(f, "a.yaml"), NULL, &f->diag));
	assert_string_equal(faults(f),
			    "b.yaml:1:10: \"a.yaml\" extends this file or is this file itself, and "
			    "there is no other of that name in the policy path, installed or built "
			    "in");
	f->diag.n = 0;
	put(f, "b.yaml", "extends: b.yaml\n");
	assert_null(policy_load(path_of(f, "b.yaml"), NULL, &f->diag));
	assert_non_null(strstr(faults(f), "b.yaml:1:10: \"b.yaml\" extends this file or is"));
	f->diag.n = 0;
	put(f, "a.yaml", "extends: ./sub/../a.yaml\n");
	assert_null(policy_load(path_of(f, "a.yaml"), NULL, &f->diag));
	assert_non_null(strstr(faults(f), "more than 8 policies extend one another"));
}

static void test_faults_in_two_files(void **state)
{
	struct fixture *f = *state;

	put(f, "b.yaml", SMALL "mode: loud\n");
	assert_null(policy_load(put(f, "a.yaml", "extends: b.yaml\nmargn: 1\n"), NULL, &f->diag));
	assert_string_equal(
		faults(f),
		arena_printf(f->arena,
			     "a.yaml:2:1: unknown key \"margn\": did you mean \"margin\"?\n"
			     "%s:9:7: \"loud\" is none of: enforce, flag, observe",
			     "b.yaml")
			.p + 0);
}

static void test_language_beside(void **state)
{
	struct fixture *f = *state;
	struct policy *policy;
	size_t work;

	put(f, "lang/en.yaml", "language: en\nconcepts: {work: [Planned WORK, \"Ｗork\"]}\n"
			       "when: {and: [and, \"&\"]}\n");
	policy = policy_load(put(f, "a.yaml", HEAD "languages: [en]\n" CATEGORY), NULL, &f->diag);
	assert_string_equal(faults(f), "");
	assert_non_null(policy);
	work = policy_concept(policy, "work");
	assert_int_equal(policy->concepts[work].n_phrases, 2);
	assert_true(str_is(policy->concepts[work].phrases[0].text, "planned work"));
	assert_true(str_is(policy->concepts[work].phrases[1].text, "work"));
	assert_int_equal(policy->concepts[work].phrases[1].line, 2);
	assert_true(str_ends(policy->concepts[work].phrases[1].file, STR_LIT("lang/en.yaml")));
	assert_true(str_is(policy->languages[0].when[0].key, "and"));
	assert_int_equal(policy->languages[0].when[0].words.n, 2);
	policy_unref(policy);
}

static void test_faults_of_languages(void **state)
{
	struct fixture *f = *state;

	put(f, "lang/en.yaml", "language: de\nconcept: {}\n");
	assert_null(policy_load(put(f, "a.yaml", SMALL "languages: [en, xx, EN, en]\n"), NULL,
				&f->diag));
	assert_non_null(strstr(faults(f), "a.yaml:9:17: \"lang/xx.yaml\" is neither beside this file"));
	assert_non_null(strstr(faults(f), "a.yaml:9:21: a language is two or three small letters"));
	assert_non_null(strstr(faults(f), "a.yaml:9:25: \"en\" is listed twice"));
	assert_non_null(strstr(faults(f), "lang/en.yaml:2:1: unknown key \"concept\": did you mean "
					  "\"concepts\"?"));
}

static void test_fingerprint(void **state)
{
	struct fixture *f = *state;
	const char *a = "extends: b.yaml\n", *b = SMALL;
	struct str both = arena_printf(f->arena, "%s%s", a, b);
	struct policy *policy;

	put(f, "b.yaml", b);
	policy = policy_load(put(f, "a.yaml", a), NULL, &f->diag);
	assert_non_null(policy);
	assert_true(str_eq(policy->sha256, digest_sha256_hex(f->arena, both.p, both.n)));
	policy_unref(policy);
}

static void test_references_keep_it(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = load_text(f, SMALL), *held = policy_ref(policy);

	policy_unref(policy);
	assert_true(str_is(held->name, "small"));
	policy_unref(held);
	policy_unref(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_missing_file),
		TEST(test_extends_the_default),
		TEST(test_extends_its_namesake),
		TEST(test_looks_beside_before_path),
		TEST(test_path_from_the_environment),
		TEST(test_extends_in_a_circle),
		TEST(test_faults_in_two_files),
		TEST(test_language_beside),
		TEST(test_faults_of_languages),
		TEST(test_fingerprint),
		TEST(test_references_keep_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
