#include "milter/directory/sql.h"

#define QUERY_MAX ((size_t)16 * 1024 * 1024)

#define ORGANIZATION_COLUMNS "o.id AS organization, o.name, o.purchased, o.timezone"
#define INSTANCE_COLUMNS "i.id AS instance, i.url, i.region, i.timezone AS instance_timezone"
#define CONTACTS                                                                                 \
	"SELECT " ORGANIZATION_COLUMNS ", c.address, c.role, c.instance"                         \
	" FROM contacts c JOIN organizations o ON o.id = c.organization"
#define INSTANCES                                                                                \
	"SELECT " ORGANIZATION_COLUMNS ", " INSTANCE_COLUMNS                                     \
	" FROM instances i JOIN organizations o ON o.id = i.organization"

static const char contacts_default[] = CONTACTS " WHERE lower(c.address) IN (%s)";
static const char scope_default[] =
	INSTANCES " WHERE lower(i.id) IN (%s)"
	" UNION ALL " INSTANCES " WHERE lower(i.host) IN (%s)"
	" UNION ALL SELECT " ORGANIZATION_COLUMNS ", NULL, NULL, NULL, NULL"
	" FROM organizations o WHERE lower(o.id) IN (%s)";
static const char administrators_default[] =
	CONTACTS " WHERE lower(o.id) IN (%s) AND c.role = 'system-administrator'";
static const char everything_default[] =
	"SELECT " ORGANIZATION_COLUMNS ", " INSTANCE_COLUMNS ", NULL AS address, NULL AS role"
	" FROM organizations o LEFT JOIN instances i ON i.organization = o.id"
	" UNION ALL SELECT o.id, o.name, o.purchased, o.timezone, c.instance, NULL, NULL, NULL,"
	" c.address, c.role FROM contacts c JOIN organizations o ON o.id = c.organization";

void sql_queries_read(struct cf *cf, struct sql_queries *ret_queries)
{
	*ret_queries = (struct sql_queries){ contacts_default, scope_default,
					     administrators_default, everything_default };
	if (cf == NULL)
		return;
	ret_queries->contacts = cf_text(cf, "query", contacts_default);
	ret_queries->scope = cf_text(cf, "scope_query", scope_default);
	ret_queries->administrators =
		cf_text(cf, "administrators_query", administrators_default);
	ret_queries->everything = cf_text(cf, "everything_query", everything_default);
}

bool sql_columns(struct arena *arena, const char *const *names, size_t n,
		 struct sql_result *result, struct str *ret_error)
{
	enum directory_column *columns = ARENA_ARRAY(arena, n, enum directory_column);
	bool seen[COLUMN_N + 1] = { false };

	if (n > SQL_COLUMNS_MAX) {
		*ret_error = arena_printf(arena, "a query gives %zu columns", n);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		columns[i] = COLUMN_N;
		directory_column_parse(str_from(names[i]), &columns[i]);
		seen[columns[i]] = true;
	}
	if (!seen[COLUMN_ORGANIZATION] || (seen[COLUMN_ADDRESS] && !seen[COLUMN_ROLE])) {
		*ret_error = seen[COLUMN_ORGANIZATION]
				     ? STR_LIT("a query gives no column \"role\"")
				     : STR_LIT("a query gives no column \"organization\"");
		return false;
	}
	result->columns = columns;
	result->n_columns = n;
	return true;
}

void sql_row(struct sql_result *result, const struct str *texts)
{
	struct arena *arena = result->into->arena;
	struct str ours[COLUMN_N + 1] = { STR_NONE }, error;
	struct directory_row row;

	for (size_t i = 0; i < result->n_columns; i++) {
		if (result->columns[i] != COLUMN_N && texts[i].n > 0)
			ours[result->columns[i]] = arena_str(arena, texts[i]);
	}
	if (directory_row_read(arena, ours, &row, &error))
		directory_data_row(result->into, &row);
	else if (result->error.n == 0)
		result->error = error;
}

/* The query with the texts for %s, in lower case; %% is a per cent sign. */
static bool expand(const struct sql_driver *driver, void *connection, const char *query,
		   const struct str_list *texts, struct buf *out)
{
	struct buf list;
	struct str rest = str_from(query);

	buf_init(&list, out->arena, QUERY_MAX);
	for (size_t i = 0; i < texts->n; i++) {
		char *lower = arena_cstr(out->arena, texts->items[i]);

		for (size_t j = 0; j < texts->items[i].n; j++)
			lower[j] = ascii_lower(lower[j]);
		if (i > 0)
			buf_add_char(&list, ',');
		if (!driver->quote(connection, (struct str){ lower, texts->items[i].n }, &list))
			return false;
	}
	for (size_t i = 0; i < rest.n; i++) {
		char next = i + 1 < rest.n ? rest.p[i + 1] : '\0';

		if (rest.p[i] == '%' && next == 's') {
			buf_add(out, buf_str(&list));
			i++;
		} else {
			buf_add_char(out, rest.p[i]);
			i += rest.p[i] == '%' && next == '%';
		}
	}
	buf_add_char(out, '\0');
	return !out->full && !list.full;
}

/* One connection with a message's questions. */
struct session {
	const struct sql_driver *driver;
	void *connection;
	struct directory_data *into;
	int64_t deadline;
};

static enum directory_outcome run(const struct session *session, const char *query,
				  const struct str_list *texts, struct str *ret_error)
{
	struct sql_result result = { .into = session->into };
	enum directory_outcome outcome;
	struct buf text;

	buf_init(&text, session->into->arena, QUERY_MAX);
	if (!expand(session->driver, session->connection, query, texts, &text)) {
		*ret_error = STR_LIT("a query could not be written: too long, or texts that are "
				     "none in the database's encoding");
		return DIRECTORY_WRONG;
	}
	outcome = session->driver->run(session->connection, str_head(buf_str(&text), text.n - 1),
				       session->deadline, &result, ret_error);
	if (outcome != DIRECTORY_OK || result.error.n == 0)
		return outcome;
	*ret_error = result.error;
	return DIRECTORY_WRONG;
}

/* The administrators of all organizations, up to the number that is handed on. */
static enum directory_outcome run_everyone(const struct session *session, const char *everything,
					   struct str *ret_error)
{
	const struct str_list none = { 0 };
	struct str query = arena_printf(session->into->arena,
					"SELECT * FROM (%s) everyone"
					" WHERE everyone.role = 'system-administrator' LIMIT %d",
					everything, DIRECTORY_ADMINISTRATORS_MAX + 1);
	enum directory_outcome outcome = run(session, query.p, &none, ret_error);

	if (session->into->n_contacts > DIRECTORY_ADMINISTRATORS_MAX)
		session->into->partial = true;
	return outcome;
}

enum directory_outcome sql_look_up(const struct sql_driver *driver, void *connection,
				   const struct sql_queries *queries,
				   const struct directory_query *query,
				   struct directory_data *into, struct str *ret_error)
{
	const struct session session = { driver, connection, into, query->deadline };
	const struct {
		const char *text;
		const struct str_list *keys;
	} steps[] = {
		{ queries->contacts, &query->addresses },
		{ queries->scope, &query->scope },
		{ queries->administrators, &query->organizations },
	};
	const struct str_list none = { 0 };
	enum directory_outcome outcome = DIRECTORY_OK;

	for (size_t i = 0; i < sizeof steps / sizeof *steps && outcome == DIRECTORY_OK; i++) {
		if (steps[i].keys->n > 0)
			outcome = run(&session, steps[i].text, steps[i].keys, ret_error);
	}
	if (outcome == DIRECTORY_OK && query->everyone)
		outcome = run_everyone(&session, queries->everything, ret_error);
	if (outcome == DIRECTORY_OK && query->everything)
		outcome = run(&session, queries->everything, &none, ret_error);
	return outcome;
}
