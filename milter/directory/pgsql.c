/* pgsql.c - a directory in PostgreSQL, configured as pgsql_table(5) says
 *
 * libpq is driven without blocking: every wait ends at the deadline, whether the server is away,
 * stopped, or busy.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>

#include "milter/directory/server.h"
#include "milter/directory/sql.h"

#define HOSTS_MAX 16
/* Debian's bundle of authorities: libpq by itself looks in a home directory, which a daemon has
 * not. */
#define AUTHORITIES_DEFAULT "/etc/ssl/certs/ca-certificates.crt"

struct host {
	const char *name; /* a host, a folder of sockets, or a connection URI */
	const char *port; /* NULL: the default */
	const char *sslmode, *sslrootcert; /* NULL: as the URI says */
	bool is_uri;
};

struct backend {
	struct server server; /* the first: see struct server_kind */
	struct host hosts[HOSTS_MAX];
	size_t n_hosts;
	const char *user, *password, *dbname, *encoding, *options;
	struct sql_queries queries;
};

static void say_nothing(void *context, const char *text)
{
	(void)context;
	(void)text;
}

/* The first line of libpq's words, which end in a line end. */
static struct str message_of(struct arena *arena, const PGconn *connection)
{
	struct str text = str_from(PQerrorMessage(connection));
	char *line = arena_cstr(arena, str_trim(text));

	for (size_t i = 0; line[i] != '\0'; i++) {
		if (line[i] == '\n' || line[i] == '\t')
			line[i] = ' ';
	}
	return line[0] != '\0' ? str_from(line) : STR_LIT("the connection is broken");
}

/* False at the deadline. */
static bool wait_for(const PGconn *connection, short events, int64_t deadline)
{
	struct pollfd item = { .fd = PQsocket(connection), .events = events };
	int ready;

	do
		ready = item.fd >= 0 ? poll(&item, 1, server_left(deadline)) : 0;
	while (ready < 0 && errno == EINTR);
	return ready > 0;
}

static PGconn *connect_start(const struct backend *backend, const struct host *host)
{
	const char *names[12], *values[12];
	int n = 0;

#define PARAMETER(name, value)                                                                   \
	do {                                                                                     \
		names[n] = (name);                                                               \
		values[n++] = (value);                                                           \
	} while (0)
	if (host->is_uri) {
		PARAMETER("dbname", host->name);
	} else {
		PARAMETER("host", host->name);
		PARAMETER("port", host->port);
		PARAMETER("dbname", backend->dbname);
	}
	PARAMETER("user", backend->user);
	PARAMETER("password", backend->password);
	PARAMETER("client_encoding", backend->encoding);
	PARAMETER("sslmode", host->sslmode);
	PARAMETER("sslrootcert", host->sslrootcert);
	PARAMETER("options", backend->options);
	PARAMETER("fallback_application_name", "crm-notice");
	PARAMETER(NULL, NULL);
#undef PARAMETER
	return PQconnectStartParams(names, values, 1);
}

/* What libpq does not say of a certificate. */
static struct str connect_error(const PGconn *connection, const struct host *host,
				struct arena *arena)
{
	struct str text = message_of(arena, connection);

	if (str_find(text, STR_LIT("certificate verify failed"), 0) == STR_NPOS)
		return text;
	return arena_printf(arena, "%.*s: it is not of an authority in %s, or not valid today",
			    STR_ARG(text),
			    host->sslrootcert != NULL ? host->sslrootcert : "the URI's sslrootcert");
}

/* True once connected. */
static bool connect_finish(PGconn *connection, const struct host *host, int64_t deadline,
			   struct arena *arena, struct str *ret_error)
{
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	while (PQstatus(connection) != CONNECTION_BAD && status != PGRES_POLLING_OK &&
	       status != PGRES_POLLING_FAILED) {
		if (!wait_for(connection, status == PGRES_POLLING_READING ? POLLIN : POLLOUT,
			      deadline)) {
			*ret_error = arena_printf(arena, "%s: no connection came about in time",
						  host->is_uri ? PQhost(connection) : host->name);
			return false;
		}
		status = PQconnectPoll(connection);
	}
	if (status == PGRES_POLLING_OK && PQsetnonblocking(connection, 1) == 0)
		return true;
	*ret_error = connect_error(connection, host, arena);
	return false;
}

/* The hosts one after another, each with its share of the time. */
static void *pgsql_connect(void *context, int64_t deadline, struct arena *arena,
			   struct str *ret_error)
{
	const struct backend *backend = context;

	for (size_t i = 0; i < backend->n_hosts; i++) {
		int64_t share = server_left(deadline) / (int64_t)(backend->n_hosts - i);
		const struct host *host = &backend->hosts[i];
		PGconn *connection = connect_start(backend, host);

		if (connection == NULL)
			abort();
		PQsetNoticeProcessor(connection, say_nothing, NULL);
		if (connect_finish(connection, host, directory_clock() + share, arena, ret_error))
			return connection;
		PQfinish(connection);
	}
	return NULL;
}

static void pgsql_disconnect(void *connection)
{
	PQfinish(connection);
}

static bool pgsql_quote(void *connection, struct str text, struct buf *out)
{
	char *quoted = NULL;

	if (memchr(text.p, '\0', text.n) == NULL)
		quoted = PQescapeLiteral(connection, text.p, text.n);
	if (quoted == NULL)
		return false;
	buf_add_cstr(out, quoted);
	PQfreemem(quoted);
	return true;
}

static bool send_query(PGconn *connection, const char *query, int64_t deadline)
{
	int left;

	if (PQsendQuery(connection, query) != 1 || PQsetSingleRowMode(connection) != 1)
		return false;
	while ((left = PQflush(connection)) > 0) {
		if (!wait_for(connection, POLLIN | POLLOUT, deadline) ||
		    PQconsumeInput(connection) != 1)
			return false;
	}
	return left == 0;
}

/* The next result into *ret_result, NULL after the last. False at the deadline, or where the
 * connection broke. */
static bool next_result(PGconn *connection, int64_t deadline, PGresult **ret_result)
{
	while (PQisBusy(connection) == 1) {
		if (!wait_for(connection, POLLIN, deadline) || PQconsumeInput(connection) != 1)
			return false;
	}
	*ret_result = PQgetResult(connection);
	return true;
}

static bool take_columns(const PGresult *rows, struct sql_result *result, struct str *ret_error)
{
	const char *names[SQL_COLUMNS_MAX];
	int n = PQnfields(rows);

	for (int i = 0; i < n && i < SQL_COLUMNS_MAX; i++)
		names[i] = PQfname(rows, i);
	return sql_columns(result->into->arena, names, (size_t)n, result, ret_error);
}

static bool take_rows(const PGresult *rows, struct sql_result *result, struct str *ret_error)
{
	struct str texts[SQL_COLUMNS_MAX];

	if (result->columns == NULL && !take_columns(rows, result, ret_error))
		return false;
	for (int row = 0; row < PQntuples(rows); row++) {
		for (int i = 0; i < (int)result->n_columns; i++)
			texts[i] = (struct str){ PQgetvalue(rows, row, i),
						 (size_t)PQgetlength(rows, row, i) };
		sql_row(result, texts);
	}
	return true;
}

static enum directory_outcome pgsql_run(void *state, struct str query, int64_t deadline,
					struct sql_result *result, struct str *ret_error)
{
	PGconn *connection = state;
	PGresult *rows = NULL;
	bool ok = send_query(connection, query.p, deadline);

	while (ok && (ok = next_result(connection, deadline, &rows)) && rows != NULL) {
		ExecStatusType status = PQresultStatus(rows);

		ok = (status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK) &&
		     take_rows(rows, result, ret_error);
		PQclear(rows);
	}
	if (ok)
		return DIRECTORY_OK;
	if (ret_error->n == 0 && server_left(deadline) == 0)
		*ret_error = STR_LIT("no answer came in time");
	else if (ret_error->n == 0)
		*ret_error = message_of(result->into->arena, connection);
	return DIRECTORY_DOWN;
}

static const struct sql_driver driver = { pgsql_quote, pgsql_run };

static enum directory_outcome pgsql_ask(void *context, void *connection,
					const struct directory_query *query,
					struct directory_data *into, struct str *ret_error)
{
	const struct backend *backend = context;

	*ret_error = STR_NONE;
	return sql_look_up(&driver, connection, &backend->queries, query, into, ret_error);
}

static struct host host_parse(struct arena *arena, struct str text)
{
	struct host host = { 0 };
	size_t colon;

	if (str_starts(text, STR_LIT("postgresql://")) || str_starts(text, STR_LIT("postgres://")))
		return (struct host){ .name = arena_cstr(arena, text), .is_uri = true };
	if (str_starts(text, STR_LIT("unix:")))
		return (struct host){ .name = arena_cstr(arena, str_skip(text, 5)) };
	if (str_starts(text, STR_LIT("inet:")))
		text = str_skip(text, 5);
	colon = text.n > 0 && text.p[0] != '/' ? str_find_char(text, ':', 0) : STR_NPOS;
	host.name = arena_cstr(arena, str_head(text, colon));
	if (colon != STR_NPOS)
		host.port = arena_cstr(arena, str_skip(text, colon + 1));
	return host;
}

/* A folder of sockets, or the loopback interface. A list, of which libpq takes any, is neither:
 * its servers on this machine ask for TLS too then. */
static bool is_this_machine(const char *name)
{
	struct in_addr address;

	if (name == NULL || name[0] == '\0')
		return true;
	if (strchr(name, ',') != NULL)
		return false;
	return name[0] == '/' || name[0] == '@' || strcmp(name, "localhost") == 0 ||
	       strcmp(name, "::1") == 0 ||
	       (inet_pton(AF_INET, name, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

static const char *uri_value(const PQconninfoOption *options, const char *keyword)
{
	while (options->keyword != NULL && strcmp(options->keyword, keyword) != 0)
		options++;
	return options->val;
}

/* Another machine has to show a certificate of its name, unless the file or the URI says otherwise:
 * what it answers decides who is sent notices, and it is told a password. */
static void host_tls(struct host *host, const char *sslmode, const char *sslrootcert,
		     struct cf *cf)
{
	PQconninfoOption *options = NULL;
	bool is_here;

	if (host->is_uri) {
		/* What libpq says of it could have the password in it. */
		options = PQconninfoParse(host->name, NULL);
		if (options == NULL) {
			diag_error(cf->diag, cf->file, 0, 0,
				   "hosts: what begins with postgres is no connection URI");
			return;
		}
	}
	is_here = options == NULL ? is_this_machine(host->name)
				  : is_this_machine(uri_value(options, "host")) &&
					    is_this_machine(uri_value(options, "hostaddr")) &&
					    uri_value(options, "service") == NULL;
	host->sslmode = sslmode;
	host->sslrootcert = sslrootcert;
	if (sslmode == NULL && (options == NULL || uri_value(options, "sslmode") == NULL))
		host->sslmode = is_here ? "prefer" : "verify-full";
	/* With authorities, "require" would become "verify-ca". */
	if (sslrootcert == NULL && host->sslmode != NULL &&
	    strncmp(host->sslmode, "verify-", 7) == 0 &&
	    (options == NULL || uri_value(options, "sslrootcert") == NULL))
		host->sslrootcert = AUTHORITIES_DEFAULT;
	PQconninfoFree(options);
}

static void hosts_read(struct backend *backend, struct cf *cf, const char *port)
{
	struct str rest = str_from(cf_text(cf, "hosts", "localhost")), word;

	while (str_next_split(&rest, ' ', &word)) {
		word = str_trim(word);
		if (word.n > 0 && word.p[word.n - 1] == ',')
			word.n--;
		if (word.n == 0)
			continue;
		if (backend->n_hosts == HOSTS_MAX) {
			diag_error(cf->diag, cf->file, 0, 0, "more than %d hosts", HOSTS_MAX);
			return;
		}
		backend->hosts[backend->n_hosts] = host_parse(backend->server.arena, word);
		if (backend->hosts[backend->n_hosts].port == NULL)
			backend->hosts[backend->n_hosts].port = port;
		backend->n_hosts++;
	}
	if (backend->n_hosts == 0)
		diag_error(cf->diag, cf->file, 0, 0, "hosts is empty");
	for (size_t i = 0; i < backend->n_hosts; i++)
		host_tls(&backend->hosts[i], cf_text(cf, "sslmode", NULL),
			 cf_text(cf, "sslrootcert", NULL), cf);
}

static void file_read(void *state, struct str name, struct diag *diag)
{
	struct backend *backend = state;
	static const char *const ignored[] = { "result_format", "expansion_limit", "domain",
					       "idle_interval", "retry_interval", NULL };
	struct cf cf;

	if (!cf_read(backend->server.arena, name, diag, &cf))
		return;
	hosts_read(backend, &cf, cf_text(&cf, "port", NULL));
	backend->user = cf_text(&cf, "user", NULL);
	backend->password = cf_text(&cf, "password", NULL);
	backend->dbname = cf_text(&cf, "dbname", NULL);
	if (backend->dbname == NULL && (backend->n_hosts == 0 || !backend->hosts[0].is_uri))
		diag_error(diag, name, 0, 0, "dbname is missing: the name of the database");
	backend->encoding = cf_text(&cf, "encoding", "UTF8");
	sql_queries_read(&cf, &backend->queries);
	server_read_limits(&backend->server, &cf);
	/* What nobody waits for any more the server should not go on with. */
	backend->options = cf_text(&cf, "options",
				   arena_printf(backend->server.arena, "-c statement_timeout=%us",
						backend->server.seconds)
					   .p);
	cf_finish(&cf, ignored);
}

static const struct server_kind kind = { sizeof(struct backend), file_read, pgsql_connect,
					 pgsql_ask, pgsql_disconnect };

static void *pgsql_open(struct str name, struct diag *diag)
{
	return server_open(&kind, name, diag);
}

const struct directory_backend directory_pgsql = { "pgsql", true, pgsql_open, server_look_up,
						   server_close, NULL, NULL };
