/* sqlite.c - a directory in an SQLite database, read only */
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>

#include "milter/directory/server.h"
#include "milter/directory/sql.h"

/* How often a statement looks at the clock: every so many instructions of SQLite's machine. */
#define PROGRESS_STEPS 4000

struct backend {
	struct server server; /* the first: see struct server_kind */
	const char *file;
	struct sql_queries queries;
};

struct connection {
	sqlite3 *database;
	dev_t device; /* of the file as it was opened: another of its name is another database */
	ino_t inode;
	int64_t deadline;
};

static void sqlite_disconnect(void *state)
{
	struct connection *connection = state;

	sqlite3_close(connection->database);
	free(connection);
}

static int out_of_time(void *state)
{
	return server_left(((struct connection *)state)->deadline) == 0;
}

static void *sqlite_connect(void *context, int64_t deadline, struct arena *arena,
			    struct str *ret_error)
{
	struct backend *backend = context;
	struct connection *connection = calloc(1, sizeof *connection);
	struct stat status;
	int error;

	(void)deadline;
	if (connection == NULL)
		abort();
	error = sqlite3_open_v2(backend->file, &connection->database,
				SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
	if (error == SQLITE_OK && stat(backend->file, &status) == 0) {
		connection->device = status.st_dev;
		connection->inode = status.st_ino;
		sqlite3_progress_handler(connection->database, PROGRESS_STEPS, out_of_time,
					 connection);
		return connection;
	}
	*ret_error = arena_printf(arena, "%s", sqlite3_errmsg(connection->database));
	sqlite_disconnect(connection);
	return NULL;
}

static bool sqlite_quote(void *connection, struct str text, struct buf *out)
{
	(void)connection;
	buf_add_char(out, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\0')
			return false;
		if (text.p[i] == '\'')
			buf_add_char(out, '\'');
		buf_add_char(out, text.p[i]);
	}
	buf_add_char(out, '\'');
	return true;
}

static int step_all(sqlite3_stmt *statement, struct sql_result *result)
{
	struct str texts[SQL_COLUMNS_MAX];
	int status;

	while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
		for (int i = 0; i < (int)result->n_columns; i++) {
			const char *text = (const char *)sqlite3_column_text(statement, i);

			texts[i] = (struct str){ text,
						 (size_t)sqlite3_column_bytes(statement, i) };
		}
		sql_row(result, texts);
	}
	return status;
}

static bool columns_of(sqlite3_stmt *statement, struct sql_result *result, struct str *ret_error)
{
	const char *names[SQL_COLUMNS_MAX];
	size_t n = (size_t)sqlite3_column_count(statement);

	for (size_t i = 0; i < n && i < SQL_COLUMNS_MAX; i++)
		names[i] = sqlite3_column_name(statement, (int)i);
	return sql_columns(result->into->arena, names, n, result, ret_error);
}

static enum directory_outcome sqlite_run(void *state, struct str query, int64_t deadline,
					 struct sql_result *result, struct str *ret_error)
{
	struct connection *connection = state;
	sqlite3_stmt *statement = NULL;
	int status;

	connection->deadline = deadline;
	sqlite3_busy_timeout(connection->database, server_left(deadline));
	status = sqlite3_prepare_v2(connection->database, query.p, (int)query.n, &statement, NULL);
	if (status == SQLITE_OK && columns_of(statement, result, ret_error))
		status = step_all(statement, result);
	else if (status == SQLITE_OK)
		status = SQLITE_MISMATCH;
	else
		*ret_error = STR_NONE;
	if (status != SQLITE_DONE && ret_error->n == 0)
		*ret_error = status == SQLITE_INTERRUPT
				     ? STR_LIT("a query took too long")
				     : arena_printf(result->into->arena, "%s",
						    sqlite3_errmsg(connection->database));
	sqlite3_finalize(statement);
	return status == SQLITE_DONE ? DIRECTORY_OK : DIRECTORY_DOWN;
}

static const struct sql_driver driver = { sqlite_quote, sqlite_run };

static enum directory_outcome sqlite_ask(void *context, void *state,
					 const struct directory_query *query,
					 struct directory_data *into, struct str *ret_error)
{
	const struct backend *backend = context;
	struct connection *connection = state;
	struct stat status;

	if (stat(backend->file, &status) != 0 || status.st_dev != connection->device ||
	    status.st_ino != connection->inode) {
		*ret_error = STR_LIT("the file was replaced");
		return DIRECTORY_DOWN;
	}
	*ret_error = STR_NONE;
	return sql_look_up(&driver, connection, &backend->queries, query, into, ret_error);
}

/* sqlite_table(5): dbpath and query; the rest is ours. */
static void file_read(struct backend *backend, struct str name, struct diag *diag)
{
	static const char *const ignored[] = { "result_format", "expansion_limit", "domain", NULL };
	struct cf cf;

	if (!cf_read(backend->server.arena, name, diag, &cf))
		return;
	backend->file = cf_text(&cf, "dbpath", NULL);
	if (backend->file == NULL)
		diag_error(diag, name, 0, 0, "dbpath is missing: the file of the database");
	sql_queries_read(&cf, &backend->queries);
	server_read_limits(&backend->server, &cf);
	cf_finish(&cf, ignored);
}

/* A .cf file says where the database is and what to ask; any other is the database. */
static void name_read(void *state, struct str name, struct diag *diag)
{
	struct backend *backend = state;

	if (str_ends(name, STR_LIT(".cf"))) {
		file_read(backend, name, diag);
	} else {
		backend->file = arena_cstr(backend->server.arena, name);
		sql_queries_read(NULL, &backend->queries);
	}
}

static const struct server_kind kind = { sizeof(struct backend), name_read, sqlite_connect,
					 sqlite_ask, sqlite_disconnect };

static void *sqlite_open(struct str name, struct diag *diag)
{
	return server_open(&kind, name, diag);
}

const struct directory_backend directory_sqlite = { "sqlite", false, sqlite_open, server_look_up,
						   server_close, NULL, NULL };
