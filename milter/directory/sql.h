/* sql.h - a message's questions as SQL, and its rows as a directory's
 *
 * Four queries, each with a default over the schema of crm-notice-directory(5) and a key of its
 * name in the .cf file. %s stands for a comma-separated list of quoted texts in lower case:
 *   query                 contacts whose address is one of %s
 *   scope_query           instances whose id or host is one of %s, organizations whose id is
 *   administrators_query  contacts of the organizations %s
 *   everything_query      all rows: for `crm-notice directory build` and the declared scope "all"
 * Their columns are those of row.h, by name, in any order; others are passed over.
 */
#ifndef MILTER_DIRECTORY_SQL_H
#define MILTER_DIRECTORY_SQL_H

#include "milter/directory/backend.h"
#include "milter/directory/cf.h"
#include "milter/directory/row.h"
#include "policy/base/buf.h"

struct sql_queries {
	const char *contacts, *scope, *administrators, *everything;
};

/* Reads the queries of a file (NULL: all defaults). */
void sql_queries_read(struct cf *cf, struct sql_queries *ret_queries);

/* Rows on their way into the directory. A row that makes none is remembered, the others are taken
 * all the same: the caller reads to the end. */
struct sql_result {
	struct directory_data *into;
	struct str error; /* of the first row that makes none */
	const enum directory_column *columns; /* [n_columns], of this query; COLUMN_N: not ours */
	size_t n_columns;
};

/* What a database does: quotes a text into out, runs a query and calls sql_row for each row. */
struct sql_driver {
	bool (*quote)(void *connection, struct str text, struct buf *out);
	enum directory_outcome (*run)(void *connection, struct str query, int64_t deadline,
				      struct sql_result *result, struct str *ret_error);
};

/* Runs all that the query needs. */
enum directory_outcome sql_look_up(const struct sql_driver *driver, void *connection,
				   const struct sql_queries *queries,
				   const struct directory_query *query,
				   struct directory_data *into, struct str *ret_error);

/* What a result has to have beside the organization is up to the query. */
#define SQL_COLUMNS_MAX 64
/* The columns of a result by their names. False, with the reason, where what has to be there is
 * not. */
bool sql_columns(struct arena *arena, const char *const *names, size_t n,
		 struct sql_result *result, struct str *ret_error);
/* Takes a row of n_columns texts, which last until the call returns. */
void sql_row(struct sql_result *result, const struct str *texts);

#endif
