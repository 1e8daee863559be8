#include "milter/directory/csv.h"

#include <errno.h>

#include "milter/directory/backend.h"
#include "milter/directory/row.h"
#include "policy/rules/source.h"

#define FIELDS_MAX 64

struct reader {
	char *at, *end;
	unsigned line;     /* of the record that begins at at */
	unsigned n_breaks; /* line ends inside it */
	const char *fault; /* of the record last read; NULL for none */
};

/* A quoted field: its text is moved together over the doubled quotes. */
static struct str quoted_read(struct reader *reader)
{
	char *begin = ++reader->at, *to = begin;

	while (reader->at < reader->end) {
		if (*reader->at == '"' && reader->at + 1 < reader->end && reader->at[1] == '"')
			reader->at++;
		else if (*reader->at == '"')
			break;
		reader->n_breaks += *reader->at == '\n';
		*to++ = *reader->at++;
	}
	if (reader->at == reader->end)
		reader->fault = "a quote is not closed";
	else
		reader->at++;
	if (reader->at < reader->end && *reader->at != ',' && *reader->at != '\r' &&
	    *reader->at != '\n')
		reader->fault = "text follows a closing quote";
	return str_span(begin, to);
}

static struct str field_read(struct reader *reader)
{
	char *begin = reader->at;

	if (reader->at < reader->end && *reader->at == '"')
		return quoted_read(reader);
	while (reader->at < reader->end && *reader->at != ',' && *reader->at != '\n')
		reader->at++;
	return str_span(begin, reader->at);
}

/* The fields of the next record; more than FIELDS_MAX are passed over. False at the end. */
static bool record_read(struct reader *reader, struct str *fields, size_t *ret_n)
{
	size_t n = 0;

	reader->line += reader->n_breaks;
	reader->n_breaks = 0;
	reader->fault = NULL;
	if (reader->at == reader->end)
		return false;
	for (;;) {
		struct str field = field_read(reader);

		if (n < FIELDS_MAX)
			fields[n++] = field;
		while (reader->at < reader->end && *reader->at != ',' && *reader->at != '\n')
			reader->at++;
		if (reader->at == reader->end || *reader->at == '\n')
			break;
		reader->at++;
	}
	if (reader->at < reader->end)
		reader->at++;
	reader->n_breaks++;
	*ret_n = n;
	return true;
}

/* Which column each field is; COLUMN_N for those that are not ours. */
static bool header_read(struct str name, const struct str *fields, size_t n,
			enum directory_column *columns, struct diag *diag)
{
	bool seen[COLUMN_N + 1] = { false };

	for (size_t i = 0; i < n; i++) {
		columns[i] = COLUMN_N;
		if (!directory_column_parse(str_trim(fields[i]), &columns[i]))
			diag_warning(diag, name, 1, 0, "the column \"%.*s\" is not used",
				     STR_ARG(fields[i]));
		else if (seen[columns[i]])
			diag_error(diag, name, 1, 0, "the column \"%.*s\" stands twice",
				   STR_ARG(fields[i]));
		seen[columns[i]] = true;
	}
	if (!seen[COLUMN_ORGANIZATION])
		diag_error(diag, name, 1, 0,
			   "no column is called organization: the first line names the columns");
	if (seen[COLUMN_ADDRESS] && !seen[COLUMN_ROLE])
		diag_error(diag, name, 1, 0, "addresses need the column role");
	return seen[COLUMN_ORGANIZATION] && (!seen[COLUMN_ADDRESS] || seen[COLUMN_ROLE]);
}

static void record_add(struct directory_data *data, struct str name, const struct reader *reader,
		       const struct str texts[COLUMN_N], struct diag *diag)
{
	struct directory_row row;
	struct str error;

	if (reader->fault != NULL)
		diag_error(diag, name, reader->line, 0, "%s", reader->fault);
	else if (directory_row_read(data->arena, texts, &row, &error))
		directory_data_row(data, &row);
	else
		diag_error(diag, name, reader->line, 0, "%.*s", STR_ARG(error));
}

void directory_csv_parse(struct directory_data *data, struct str name, char *text, size_t n,
			 struct diag *diag)
{
	struct reader reader = { .at = text, .end = text + n, .line = 1 };
	enum directory_column columns[FIELDS_MAX];
	struct str fields[FIELDS_MAX];
	size_t n_columns, n_fields;

	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		reader.at += 3;
	if (!record_read(&reader, fields, &n_columns)) {
		diag_error(diag, name, 0, 0, "the table is empty");
		return;
	}
	if (!header_read(name, fields, n_columns, columns, diag))
		return;
	while (record_read(&reader, fields, &n_fields)) {
		struct str texts[COLUMN_N + 1] = { STR_NONE };

		if (n_fields == 1 && str_trim(fields[0]).n == 0 && reader.fault == NULL)
			continue;
		if (n_fields != n_columns && reader.fault == NULL)
			reader.fault = "has another number of fields than the first line";
		for (size_t i = 0; i < n_fields && i < n_columns; i++)
			texts[columns[i]] = fields[i];
		record_add(data, name, &reader, texts, diag);
	}
}

void directory_csv_read(struct directory_data *data, struct str file, struct diag *diag)
{
	struct source source;

	if (!source_read(data->arena, arena_cstr(data->arena, file), DIRECTORY_CSV_MAX, &source))
		diag_error(diag, file, 0, 0, "cannot read the directory: %s", strerror(errno));
	else /* the text is ours alone */
		directory_csv_parse(data, file, (char *)source.text.p, source.text.n, diag);
}

static void *csv_open(struct str name, struct diag *diag)
{
	struct arena *arena = arena_new();
	struct directory_data *data = ARENA_NEW(arena, struct directory_data);
	size_t errors = diag->errors;

	directory_data_init(data, arena);
	directory_csv_read(data, name, diag);
	if (diag->errors == errors)
		return data;
	arena_free(arena);
	return NULL;
}

static enum directory_outcome csv_look_up(void *backend, const struct directory_query *query,
					  struct directory_data *into, struct str *ret_error)
{
	(void)ret_error;
	directory_data_look_up(backend, query, into);
	return DIRECTORY_OK;
}

static const struct directory_data *csv_data(void *backend)
{
	return backend;
}

static void csv_close(void *backend)
{
	arena_free(((struct directory_data *)backend)->arena);
}

const struct directory_backend directory_csv = { "csv", false, csv_open, csv_look_up,
						 csv_close, NULL, csv_data };
