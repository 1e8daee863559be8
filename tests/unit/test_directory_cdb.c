/* test_directory_cdb.c - tables and compiled directories: what a file of YAML answers, they answer
 * too; replaced, lost and damaged files */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "milter/directory/backend.h"
#include "milter/directory/cdb.h"
#include "milter/directory/check.h"
#include "milter/directory/csv.h"
#include "milter/directory/directory.h"

static const char table[] =
	"organization,name,purchased,timezone,instance,url,address,role\r\n"
	"contoso,\"Contoso \"\"C\"\", Ltd\",2026-02-01,Europe/Berlin,contoso-prod,"
	"https://contoso.crm4.example.com/main,,\r\n"
	"contoso,,,,contoso-test,https://test.crm4.example.com,,\r\n"
	"contoso,,,,,,Ada@CONTOSO.example,system-administrator\r\n"
	"contoso,,,,contoso-test,,bernd@contoso.example,system-administrator\r\n"
	"mueller,,,,mueller-de,https://test.crm4.example.com,jutta@müller.example,notification-list\r\n"
	"mueller,,,,,,ada@contoso.example,delegate\r\n";

struct fixture {
	struct arena *arena;
	struct diag diag;
	char folder[64];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->arena = arena_new();
	diag_init(&f->diag, f->arena);
	snprintf(f->folder, sizeof f->folder, "/tmp/crm-notice-cdb-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	unlink(arena_printf(f->arena, "%s/d.cdb", f->folder).p);
	unlink(arena_printf(f->arena, "%s/d.csv", f->folder).p);
	assert_int_equal(rmdir(f->folder), 0);
	arena_free(f->arena);
	free(f);
	return 0;
}

static bool parse(struct fixture *f, const char *text, struct directory_data *data)
{
	size_t errors = f->diag.errors;

	directory_data_init(data, f->arena);
	directory_csv_parse(data, STR_LIT("d.csv"), arena_cstr(f->arena, str_from(text)),
			    strlen(text), &f->diag);
	return f->diag.errors == errors;
}

static const char *file_of(struct fixture *f)
{
	return arena_printf(f->arena, "%s/d.cdb", f->folder).p;
}

static void build(struct fixture *f, const char *text, int64_t now)
{
	struct directory_data data;

	assert_true(parse(f, text, &data));
	assert_true(directory_cdb_write(&data, file_of(f), now, &f->diag));
}

static struct directory *load(struct fixture *f)
{
	struct str source = arena_printf(f->arena, "cdb:%s", file_of(f));

	return directory_load(&(struct str_list){ &source, 1, 1 }, &f->diag);
}

static struct answers ask(struct fixture *f, const struct directory *directory,
			  const char *address, const char *token, bool declared, int64_t stale)
{
	struct str *texts = ARENA_ARRAY(f->arena, 2, struct str);
	struct needs needs = { .addresses = { texts, 1, 1 }, .n_recipients = 1,
			       .scope_tokens = { texts + 1, token != NULL, 1 },
			       .scope_declared = declared };
	const struct directory_terms terms = { .stale = stale };
	struct answers answers = { 0 };

	texts[0] = str_from(address);
	texts[1] = str_from(token);
	directory_answer(directory, f->arena, &terms, &needs, &answers);
	return answers;
}

static void test_addresses(void **state)
{
	struct fixture *f = *state;
	struct directory *directory;
	const struct contact *bernd;
	struct answers answers;

	build(f, table, 1000);
	directory = load(f);
	assert_non_null(directory);
	answers = ask(f, directory, "ADA@contoso.example", NULL, false, 0);
	assert_int_equal(answers.directory, ANSWER_OK);
	assert_int_equal(answers.contacts[0].n, 2);
	answers = ask(f, directory, "jutta@xn--mller-kva.example", NULL, false, 0);
	assert_int_equal(answers.contacts[0].n, 1);
	assert_int_equal(ask(f, directory, "x@y.example", NULL, false, 0).contacts[0].n, 0);
	assert_int_equal(ask(f, directory, "", NULL, false, 0).contacts[0].n, 0);
	answers = ask(f, directory, "bernd@contoso.example", NULL, false, 0);
	bernd = answers.contacts[0].items[0];
	assert_int_equal(bernd->role, ROLE_SYSTEM_ADMINISTRATOR);
	assert_true(str_is(bernd->organization->name, "Contoso \"C\", Ltd"));
	assert_true(bernd->organization->has_purchased);
	assert_int_equal(bernd->organization->purchased, 20485);
	assert_int_equal(bernd->n_instances, 1);
	assert_true(str_is(bernd->organization->instances[bernd->instances[0]].id,
			   "contoso-test"));
	directory_free(directory);
}

static void test_scope(void **state)
{
	struct fixture *f = *state;
	struct directory *directory;
	struct answers answers;

	build(f, table, 1000);
	directory = load(f);
	answers = ask(f, directory, "bernd@contoso.example", "Contoso-PROD", false, 0);
	assert_int_equal(answers.n_scope, 1);
	assert_int_equal(answers.administrators.n, 1); /* bernd is contoso-test's alone */
	assert_ptr_equal(answers.administrators.items[0]->organization,
			 answers.contacts[0].items[0]->organization);
	answers = ask(f, directory, "x@y.example", "https://TEST.crm4.example.com/x", false, 0);
	assert_int_equal(answers.n_scope, 2); /* two organizations share the host */
	assert_int_equal(ask(f, directory, "x@y.example", "contoso", false, 0).n_scope, 0);
	answers = ask(f, directory, "x@y.example", "contoso", true, 0);
	assert_int_equal(answers.n_scope, 1);
	assert_int_equal(answers.administrators.n, 2);
	answers = ask(f, directory, "x@y.example", "all", true, 0);
	assert_null(answers.scope[0].organization);
	assert_int_equal(answers.administrators.n, 2);
	directory_free(directory);
}

static void test_replaced_file_is_picked_up(void **state)
{
	struct fixture *f = *state;
	struct directory *directory;

	build(f, table, 1000);
	directory = load(f);
	assert_int_equal(ask(f, directory, "new@a.example", NULL, false, 0).contacts[0].n, 0);
	build(f, "organization,address,role\na,new@a.example,user\n", 1000);
	assert_int_equal(ask(f, directory, "new@a.example", NULL, false, 0).contacts[0].n, 1);
	assert_int_equal(ask(f, directory, "ada@contoso.example", NULL, false, 0).contacts[0].n,
			 0);
	directory_free(directory);
}

struct heard {
	unsigned bad, good;
};

static void listener(void *context, bool bad, const char *text)
{
	struct heard *heard = context;

	assert_true(strlen(text) > 0);
	heard->bad += bad;
	heard->good += !bad;
}

static void test_lost_file(void **state)
{
	struct fixture *f = *state;
	struct heard heard = { 0, 0 };
	struct directory *directory;
	int64_t now = (int64_t)time(NULL);

	build(f, table, now - 1000);
	directory = load(f);
	directory_listen(directory, listener, &heard);
	unlink(file_of(f));
	/* What was is good for as long as the policy says. */
	assert_int_equal(ask(f, directory, "ada@contoso.example", NULL, false, 2000).directory,
			 ANSWER_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(
			ask(f, directory, "ada@contoso.example", NULL, false, 500).directory,
			ANSWER_FAILED);
	assert_int_equal(heard.bad, 1);
	build(f, table, now);
	usleep(1100 * 1000);
	assert_int_equal(ask(f, directory, "ada@contoso.example", NULL, false, 0).directory,
			 ANSWER_OK);
	assert_int_equal(heard.good, 1);
	directory_free(directory);
}

/* Any octet may be another: then an answer, or an error, and nothing else. */
static void test_damaged_file(void **state)
{
	struct fixture *f = *state;
	struct directory *directory;
	struct stat status;
	char octets[16384];
	FILE *file;
	size_t n;

	build(f, table, 1000);
	file = fopen(file_of(f), "re");
	n = fread(octets, 1, sizeof octets, file);
	fclose(file);
	assert_int_equal(stat(file_of(f), &status), 0);
	assert_int_equal(n, status.st_size);
	for (size_t i = 0; i < n; i += i < 2048 ? 37 : 1) {
		char was = octets[i];

		octets[i] = (char)(was ^ 0x55);
		file = fopen(file_of(f), "we");
		assert_int_equal(fwrite(octets, 1, n, file), n);
		fclose(file);
		octets[i] = was;
		diag_init(&f->diag, f->arena);
		directory = load(f);
		if (directory == NULL)
			continue;
		ask(f, directory, "ada@contoso.example", "contoso-prod", true, 0);
		ask(f, directory, "x@y.example", "all", true, 0);
		directory_free(directory);
	}
	file = fopen(file_of(f), "we");
	assert_int_equal(fwrite(octets, 1, 100, file), 100);
	fclose(file);
	assert_null(load(f));
}

static void test_faults_of_tables(void **state)
{
	struct fixture *f = *state;
	struct directory_data data;

	assert_false(parse(f, "", &data));
	assert_false(parse(f, "address,role\n", &data));
	assert_false(parse(f, "organization,address\n", &data));
	assert_false(parse(f, "organization,organization\n", &data));
	assert_false(parse(f, "organization,address,role\na,x@y.example,boss\n", &data));
	assert_false(parse(f, "organization,address,role\na,nobody,user\n", &data));
	assert_false(parse(f, "organization,address,role\n,x@y.example,user\n", &data));
	assert_false(parse(f, "organization,purchased\na,yesterday\n", &data));
	assert_false(parse(f, "organization,address,role\na,x@y.example\n", &data));
	assert_false(parse(f, "organization\n\"a\n", &data));
	assert_int_equal(f->diag.entries[f->diag.n - 1].line, 2);
	assert_true(parse(f, "\xef\xbb\xbforganization,address,role\n\n\"a\"\"b\",,\n", &data));
	assert_true(str_is(data.organizations[0]->id, "a\"b"));
}

static bool has(const struct buf *out, const char *text)
{
	return str_find(buf_str(out), str_from(text), 0) != STR_NPOS;
}

static void test_remarks(void **state)
{
	struct fixture *f = *state;
	struct directory_data data;
	struct buf out;

	assert_true(parse(f, table, &data));
	buf_init(&out, f->arena, 10000);
	assert_int_equal(directory_check(&out, &data), 2);
	assert_true(has(&out, "organization mueller has no system-administrator"));
	assert_true(has(&out, "is a contact of two organizations"));
	assert_true(parse(f, "organization,instance,address,role\n"
			     "a,one,x@a.example,system-administrator\n"
			     "a,one,x@a.example,system-administrator\n"
			     "a,two,,\n"
			     "a,,x@a.example,user\n"
			     "b,two,y@b.example,system-administrator\n",
			  &data));
	buf_init(&out, f->arena, 10000);
	directory_check(&out, &data);
	assert_true(has(&out, "instance two of organization a has no system-administrator"));
	assert_true(has(&out, "stands twice in organization a"));
	assert_true(has(&out, "the instance two stands in two organizations"));
	assert_true(has(&out, "1 rows only repeat"));
}

static void test_show_and_diff(void **state)
{
	struct fixture *f = *state;
	struct directory_data before, after;
	struct buf out;

	assert_true(parse(f, table, &before));
	buf_init(&out, f->arena, 10000);
	assert_true(directory_show(&out, &before, STR_LIT("ada@contoso.example")));
	assert_true(has(&out, "id: contoso") && has(&out, "id: mueller"));
	assert_true(directory_show(&out, &before, STR_LIT("CONTOSO")));
	assert_true(has(&out, "instances: [contoso-test]}"));
	assert_true(directory_show(&out, &before, STR_LIT("mueller-de")));
	assert_false(directory_show(&out, &before, STR_LIT("nobody")));
	assert_false(directory_show(&out, &before, STR_LIT("x@y.example")));
	assert_int_equal(directory_diff(&out, &before, &before), 0);
	assert_true(parse(f, "organization,address,role\n"
			     "contoso,ada@contoso.example,delegate\nnew,,\n",
			  &after));
	buf_init(&out, f->arena, 10000);
	assert_true(directory_diff(&out, &before, &after) >= 5);
	assert_true(has(&out, "- organization mueller\n"));
	assert_true(has(&out, "+ organization new\n"));
	assert_true(has(&out, "~ organization contoso"));
	assert_true(has(&out, "+ contoso: {address: ada@contoso.example, role: delegate}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_addresses, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_scope, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_replaced_file_is_picked_up, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lost_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_damaged_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_faults_of_tables, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_remarks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_show_and_diff, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
