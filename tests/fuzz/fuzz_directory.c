/* Any octets as a table, as a file in Postfix's syntax, and as values of a compiled directory; what
 * was read is looked through, written in words and asked. */
#include <stdint.h>

#include "milter/directory/backend.h"
#include "milter/directory/cdb.h"
#include "milter/directory/cf.h"
#include "milter/directory/check.h"
#include "milter/directory/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(struct arena *arena, const struct directory_data *data)
{
	struct str texts[] = { STR_LIT("ada@contoso.example"), STR_LIT("contoso"), STR_LIT("all") };
	const struct needs needs = { .addresses = { texts, 1, 1 }, .n_recipients = 1,
				     .scope_tokens = { texts + 1, 2, 2 }, .scope_declared = true };
	const struct directory_query query = { .everything = true };
	struct answers answers = { 0 };
	struct directory_data copy;
	struct buf out;

	directory_data_init(&copy, arena);
	directory_data_look_up(data, &query, &copy);
	if (copy.n_contacts != data->n_contacts && data->n_organizations == copy.n_organizations)
		abort();
	directory_data_answer(&copy, arena, &needs, &answers);
	buf_init(&out, arena, 100000);
	directory_check(&out, data);
	directory_show(&out, data, texts[0]);
	directory_show(&out, data, texts[1]);
	directory_diff(&out, data, &copy);
}

static void as_cdb(struct arena *arena, struct str value)
{
	const struct cdb_address asked = { STR_LIT("Ada@x.example"), STR_LIT("ada@x.example"),
					   value.n % 2 == 0 };
	struct directory_data data;

	directory_data_init(&data, arena);
	directory_cdb_organization(&data, value, CDB_ALL_CONTACTS);
	directory_cdb_organization(&data, value, CDB_ADMINISTRATORS);
	directory_cdb_contacts(&data, &asked, value);
	ask(arena, &data);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
	struct str text = { (const char *)octets + 1, size > 0 ? size - 1 : 0 };
	struct arena *arena = arena_new();
	struct directory_data data;
	struct diag diag;
	struct cf cf;

	diag_init(&diag, arena);
	if (size == 0) {
		arena_free(arena);
		return 0;
	}
	switch (octets[0] % 3) {
	case 0:
		directory_data_init(&data, arena);
		directory_csv_parse(&data, STR_LIT("d.csv"), arena_cstr(arena, text), text.n,
				    &diag);
		ask(arena, &data);
		break;
	case 1:
		if (cf_parse(arena, STR_LIT("gate.cf"), text, &diag, &cf)) {
			static const char *const ignored[] = { "domain", NULL };

			cf_text(&cf, "query", NULL);
			cf_number(&cf, "timeout", 5, 1, 240);
			cf_bool(&cf, "bind", true);
			cf_finish(&cf, ignored);
		}
		break;
	default:
		as_cdb(arena, text);
		break;
	}
	arena_free(arena);
	return 0;
}
