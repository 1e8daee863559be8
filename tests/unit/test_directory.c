/* test_directory.c - contacts from YAML files: what is found, and what is said of faulty files */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "milter/directory/directory.h"
#include "milter/directory/file.h"

static const char good[] =
	"organizations:\n"
	"  - id: contoso\n"
	"    name: Contoso Ltd\n"
	"    purchased: 2026-02-01\n"
	"    timezone: Europe/Berlin\n"
	"    instances:\n"
	"      - {id: contoso-prod, url: \"https://contoso.crm4.example.com/main\"}\n"
	"      - {id: contoso-test, url: \"https://contoso-test.crm4.example.com\"}\n"
	"    contacts:\n"
	"      - {address: Ada@CONTOSO.example, role: system-administrator}\n"
	"      - {address: bernd@contoso.example, role: system-administrator, instances: [contoso-test]}\n"
	"      - {address: '\"ops team\"@contoso.example', role: notification-list}\n"
	"  - id: mueller\n"
	"    instances: [{id: mueller-de}]\n"
	"    contacts:\n"
	"      - {address: jutta@müller.example, role: system-administrator}\n"
	"      - {address: ada@contoso.example, role: delegate}\n";

struct fixture {
	struct arena *arena;
	struct diag diag;
	struct directory *directory;
};

static struct directory *load_text(struct fixture *f, const char *text)
{
	char name[] = "/tmp/crm-notice-directory-XXXXXX";
	int fd = mkstemp(name);
	struct str file = str_from(name);
	const struct str_list sources = { &file, 1, 1 };
	struct directory *directory;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	directory = directory_load(&sources, &f->diag);
	unlink(name);
	return directory;
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->arena = arena_new();
	diag_init(&f->diag, f->arena);
	f->directory = load_text(f, good);
	assert_non_null(f->directory);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	directory_free(f->directory);
	arena_free(f->arena);
	free(f);
	return 0;
}

static struct answers ask(struct fixture *f, const char *address, const char *token, bool declared)
{
	struct str addresses[] = { str_from(address) }, tokens[] = { str_from(token) };
	const struct needs needs = { .addresses = { addresses, 1, 1 },
				     .n_recipients = 1,
				     .scope_tokens = { tokens, token != NULL, 1 },
				     .scope_declared = declared };
	struct answers answers = { 0 };

	directory_answer(f->directory, f->arena, NULL, &needs, &answers);
	assert_int_equal(answers.directory, ANSWER_OK);
	return answers;
}

static void test_addresses(void **state)
{
	struct answers answers = ask(*state, "ADA@contoso.example", NULL, false);

	assert_int_equal(answers.contacts[0].n, 2); /* of two organizations */
	assert_int_equal(ask(*state, "jutta@xn--mller-kva.example", NULL, false).contacts[0].n, 1);
	assert_int_equal(ask(*state, "\"ops team\"@contoso.example", NULL, false).contacts[0].n, 1);
	assert_int_equal(ask(*state, "ada+crm@contoso.example", NULL, false).contacts[0].n, 0);
	assert_int_equal(ask(*state, "", NULL, false).contacts[0].n, 0);
}

static void test_contact(void **state)
{
	struct answers answers = ask(*state, "bernd@contoso.example", NULL, false);
	const struct contact *bernd = answers.contacts[0].items[0];

	assert_int_equal(bernd->role, ROLE_SYSTEM_ADMINISTRATOR);
	assert_true(str_is(bernd->organization->id, "contoso"));
	assert_true(bernd->organization->has_purchased);
	assert_int_equal(bernd->organization->purchased, 20485);
	assert_int_equal(bernd->n_instances, 1);
	assert_true(str_is(bernd->organization->instances[bernd->instances[0]].id,
			   "contoso-test"));
}

static void test_scope(void **state)
{
	struct answers answers = ask(*state, "x@y.example", "contoso-prod", false);

	assert_int_equal(answers.n_scope, 1);
	assert_true(str_is(answers.scope[0].instance->id, "contoso-prod"));
	assert_int_equal(answers.administrators.n, 1); /* bernd is contoso-test's alone */
	answers = ask(*state, "x@y.example", "contoso-test.crm4.example.com", false);
	assert_int_equal(answers.n_scope, 1);
	assert_int_equal(answers.administrators.n, 2);
	answers = ask(*state, "x@y.example", "https://CONTOSO.crm4.example.com/x", false);
	assert_int_equal(answers.n_scope, 1);
	assert_int_equal(ask(*state, "x@y.example", "nowhere", true).n_scope, 0);
}

static void test_declared_scope(void **state)
{
	struct answers answers = ask(*state, "x@y.example", "contoso", false);

	assert_int_equal(answers.n_scope, 0); /* a company's name in a text is no scope */
	answers = ask(*state, "x@y.example", "contoso", true);
	assert_int_equal(answers.n_scope, 1);
	assert_null(answers.scope[0].instance);
	assert_int_equal(answers.administrators.n, 2);
	answers = ask(*state, "x@y.example", "all", true);
	assert_null(answers.scope[0].organization);
	assert_int_equal(answers.administrators.n, 3);
	assert_int_equal(ask(*state, "x@y.example", "all", false).n_scope, 0);
}

static void test_none(void **state)
{
	const struct needs needs = { 0 };
	struct answers answers = { 0 };

	(void)state;
	directory_answer(NULL, NULL, NULL, &needs, &answers);
	assert_int_equal(answers.directory, ANSWER_NONE);
}

static void test_local_part_option(void **state)
{
	struct fixture *f = *state;

	directory_free(f->directory);
	f->directory = load_text(f, "local_part: sensitive\n"
				    "organizations:\n"
				    "  - {id: a, contacts: [{address: Ada@X.example, role: user}]}\n");
	assert_non_null(f->directory);
	assert_int_equal(ask(f, "Ada@x.example", NULL, false).contacts[0].n, 1);
	assert_int_equal(ask(f, "ada@x.example", NULL, false).contacts[0].n, 0);
}

static bool says(const struct fixture *f, const char *text, unsigned line)
{
	for (size_t i = 0; i < f->diag.n; i++) {
		if (f->diag.entries[i].line == line &&
		    str_find(f->diag.entries[i].text, str_from(text), 0) != STR_NPOS)
			return true;
	}
	return false;
}

static void test_faults_all_at_once(void **state)
{
	struct fixture *f = *state;

	assert_null(load_text(f, "organizations:\n"
				 "  - id: a\n"
				 "    timezone: Mars/Olympus\n"
				 "    purchased: yesterday\n"
				 "    instances: [{id: one}, {id: ONE}]\n"
				 "    contacts:\n"
				 "      - {address: nobody, role: user}\n"
				 "      - {address: a@x.example, role: boss}\n"
				 "      - {address: b@x.example, role: user, instances: [two]}\n"
				 "  - id: A\n"
				 "    contact: []\n"));
	assert_true(says(f, "Mars/Olympus", 3));
	assert_true(says(f, "yesterday", 4));
	assert_true(says(f, "second instance \"ONE\"", 5));
	assert_true(says(f, "\"nobody\" is no mail address", 7));
	assert_true(says(f, "boss", 8));
	assert_true(says(f, "no instance \"two\"", 9));
	assert_true(says(f, "second organization \"A\"", 10));
	assert_true(says(f, "contacts", 11)); /* did you mean */
}

static void test_no_file(void **state)
{
	struct fixture *f = *state;
	struct str file = STR_LIT("/nonexistent/directory.yaml");
	const struct str_list sources = { &file, 1, 1 };

	assert_null(directory_load(&sources, &f->diag));
	assert_int_equal(f->diag.errors, 1);
	assert_null(load_text(f, ""));
}

static void test_url_host(void **state)
{
	(void)state;
	assert_true(str_is(url_host(STR_LIT("https://user@a.example:8443/x?y")), "a.example"));
	assert_true(str_is(url_host(STR_LIT("a.example")), "a.example"));
	assert_int_equal(url_host(STR_NONE).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_addresses, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_contact, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_scope, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_declared_scope, set_up, tear_down),
		cmocka_unit_test(test_none),
		cmocka_unit_test_setup_teardown(test_local_part_option, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_faults_all_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_file, set_up, tear_down),
		cmocka_unit_test(test_url_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
