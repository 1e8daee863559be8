/* test_directory_cf.c - files in Postfix's own syntax, and what databases say of faulty ones */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "milter/directory/cf.h"
#include "milter/directory/directory.h"

struct fixture {
	struct arena *arena;
	struct diag diag;
	struct cf cf;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

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

static bool parse(struct fixture *f, const char *text)
{
	return cf_parse(f->arena, STR_LIT("gate.cf"), str_from(text), &f->diag, &f->cf);
}

static void test_syntax(void **state)
{
	struct fixture *f = *state;

	assert_true(parse(f, "# comment\n"
			     "\n"
			     "hosts = a\r\n"
			     "query = SELECT x\n"
			     "  # a comment between\n"
			     "\tFROM y WHERE a = 1\n"
			     "empty =\n"
			     "timeout=10s\n"
			     "bind = No\n"));
	assert_string_equal(cf_text(&f->cf, "hosts", NULL), "a");
	assert_string_equal(cf_text(&f->cf, "query", NULL), "SELECT x FROM y WHERE a = 1");
	assert_string_equal(cf_text(&f->cf, "empty", "other"), "");
	assert_string_equal(cf_text(&f->cf, "absent", "other"), "other");
	assert_int_equal(cf_number(&f->cf, "timeout", 5, 1, 240), 10);
	assert_int_equal(cf_number(&f->cf, "absent", 5, 1, 240), 5);
	assert_false(cf_bool(&f->cf, "bind", true));
	assert_int_equal(f->diag.n, 0);
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

static void test_faults(void **state)
{
	static const char *const ignored[] = { "domain", NULL };
	struct fixture *f = *state;

	assert_false(parse(f, "hosts\na = 1\na = 2\n"));
	assert_true(says(f, "name = value", 1));
	assert_true(says(f, "stands twice", 3));
	assert_true(parse(f, "timeout = 0\nbind = maybe\ndomain = x\nqery = y\n"));
	assert_int_equal(cf_number(&f->cf, "timeout", 5, 1, 240), 5);
	assert_true(cf_bool(&f->cf, "bind", true));
	cf_finish(&f->cf, ignored);
	assert_true(says(f, "no number from 1 to 240", 1));
	assert_true(says(f, "neither yes nor no", 2));
	assert_true(says(f, "has no effect", 3));
	assert_true(says(f, "qery is no key", 4));
}

static bool opens(struct fixture *f, const char *scheme, const char *text)
{
	char name[] = "/tmp/crm-notice-XXXXXX.cf";
	int fd = mkstemps(name, 3);
	struct str source = arena_printf(f->arena, "%s:%s", scheme, name);
	struct directory *directory;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	directory = directory_load(&(struct str_list){ &source, 1, 1 }, &f->diag);
	unlink(name);
	directory_free(directory);
	return directory != NULL;
}

/* A server that is away is no fault of the file: the daemon starts. */
static void test_sources(void **state)
{
	struct fixture *f = *state;

	assert_true(opens(f, "pgsql", "hosts = unix:/nonexistent\ndbname = crm\n"));
	assert_true(opens(f, "ldap", "search_base = dc=example\n"));
	assert_true(opens(f, "sqlite", "dbpath = /nonexistent\n"));
	assert_false(opens(f, "pgsql", "hosts = a\n"));
	assert_false(opens(f, "pgsql", "dbname = crm\npasword = x\n"));
	assert_false(opens(f, "ldap", "scope = sideways\nsearch_base = x\n"));
	assert_false(opens(f, "ldap", "server_host = a\n"));
	assert_false(opens(f, "sqlite", "query = SELECT 1\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_syntax, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_faults, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sources, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
