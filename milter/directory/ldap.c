/* ldap.c - a directory in LDAP, configured as ldap_table(5) says
 *
 * Four filters, in which %s stands for one text; a message's texts are asked for together, as the
 * filters joined by "or":
 *   query_filter           contacts by address
 *   scope_filter           instances and organizations by id or host
 *   administrators_filter  contacts by organization
 *   organization_filter    organizations by id, for what contacts do not say (purchase dates)
 *   everything_filter      all entries, for the command line and the scope "all"
 * Attributes become columns (row.h) by keys such as address_attribute. An entry with several
 * values makes a row for each.
 */
#include <lber.h>
#include <ldap.h>
#include <stdio.h>

#include "milter/directory/cf.h"
#include "milter/directory/row.h"
#include "milter/directory/server.h"
#include "policy/base/buf.h"

#define FILTER_MAX ((size_t)1024 * 1024)
/* Texts in one search: servers bound the length of a request. */
#define TEXTS_MAX 250
/* Rows of one entry; what has more values than these is no contact. */
#define ROWS_MAX 10000

enum purpose { CONTACTS, SCOPE, ADMINISTRATORS, ORGANIZATIONS, EVERYTHING, PURPOSE_N };

struct backend {
	struct server server; /* the first: see struct server_kind */
	const char *uris; /* separated by spaces */
	const char *base;
	int scope;
	bool bind, start_tls;
	const char *bind_dn, *bind_password;
	const char *ca_file, *ca_folder, *certificate, *key;
	int require_certificate;
	const char *filters[PURPOSE_N]; /* NULL: not asked */
	char *attributes[COLUMN_N + 1]; /* for the server, NULL-terminated */
	const char *column_attributes[COLUMN_N]; /* NULL: none */
};

static struct timeval time_left(int64_t deadline)
{
	int left = server_left(deadline);

	/* Zero would mean for ever. */
	if (left == 0)
		left = 1;
	return (struct timeval){ left / 1000, left % 1000 * 1000 };
}

static void set_times(LDAP *ldap, int64_t deadline)
{
	struct timeval left = time_left(deadline);

	ldap_set_option(ldap, LDAP_OPT_NETWORK_TIMEOUT, &left);
	ldap_set_option(ldap, LDAP_OPT_TIMEOUT, &left);
}

static struct str error_text(struct arena *arena, LDAP *ldap, const char *what, int error)
{
	char *more = NULL;
	struct str text;

	if (ldap != NULL)
		ldap_get_option(ldap, LDAP_OPT_DIAGNOSTIC_MESSAGE, &more);
	text = arena_printf(arena, "%s: %s%s%s", what, ldap_err2string(error),
			    more != NULL && more[0] != '\0' ? ": " : "",
			    more != NULL ? more : "");
	ldap_memfree(more);
	return text;
}

/* As error_text. Of a certificate that is not believed, libldap over GnuTLS says nothing but this. */
static struct str connect_error(const struct backend *backend, LDAP *ldap, const char *what,
				int error, struct arena *arena)
{
	struct str text = error_text(arena, ldap, what, error);

	if (str_find(text, STR_LIT("unknown error code"), 0) == STR_NPOS)
		return text;
	return arena_printf(arena,
			    "%s: %s: the server's certificate is not of an authority in %s, not for "
			    "the name in server_host, or not valid today",
			    what, ldap_err2string(error),
			    backend->ca_file != NULL ? backend->ca_file :
			    backend->ca_folder != NULL ? backend->ca_folder :
							 "TLS_CACERT of ldap.conf");
}

static bool set_tls(const struct backend *backend, LDAP *ldap)
{
	const struct {
		int option;
		const char *value;
	} texts[] = {
		{ LDAP_OPT_X_TLS_CACERTFILE, backend->ca_file },
		{ LDAP_OPT_X_TLS_CACERTDIR, backend->ca_folder },
		{ LDAP_OPT_X_TLS_CERTFILE, backend->certificate },
		{ LDAP_OPT_X_TLS_KEYFILE, backend->key },
	};
	int own = 0;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (texts[i].value != NULL &&
		    ldap_set_option(ldap, texts[i].option, texts[i].value) != LDAP_OPT_SUCCESS)
			return false;
	}
	/* A context of this connection, made with what was just set. */
	return ldap_set_option(ldap, LDAP_OPT_X_TLS_REQUIRE_CERT,
			       &backend->require_certificate) == LDAP_OPT_SUCCESS &&
	       ldap_set_option(ldap, LDAP_OPT_X_TLS_NEWCTX, &own) == LDAP_OPT_SUCCESS;
}

static int bind_now(const struct backend *backend, LDAP *ldap)
{
	struct berval password = { 0, NULL };

	if (!backend->bind)
		return LDAP_SUCCESS;
	password.bv_val = (char *)backend->bind_password;
	password.bv_len = strlen(backend->bind_password);
	return ldap_sasl_bind_s(ldap, backend->bind_dn, LDAP_SASL_SIMPLE, &password, NULL, NULL,
				NULL);
}

static void ldap_disconnect(void *connection)
{
	ldap_unbind_ext_s(connection, NULL, NULL);
}

static void *ldap_connect_to(void *context, int64_t deadline, struct arena *arena,
			     struct str *ret_error)
{
	const struct backend *backend = context;
	const int version = LDAP_VERSION3;
	const char *what = "no connection";
	LDAP *ldap = NULL;
	int error = ldap_initialize(&ldap, backend->uris);

	if (error == LDAP_SUCCESS) {
		ldap_set_option(ldap, LDAP_OPT_PROTOCOL_VERSION, &version);
		ldap_set_option(ldap, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
		ldap_set_option(ldap, LDAP_OPT_RESTART, LDAP_OPT_ON);
		set_times(ldap, deadline);
		what = "TLS";
		if (!set_tls(backend, ldap))
			error = LDAP_LOCAL_ERROR;
		else if (backend->start_tls)
			error = ldap_start_tls_s(ldap, NULL, NULL);
	}
	if (error == LDAP_SUCCESS) {
		what = "bind";
		set_times(ldap, deadline);
		error = bind_now(backend, ldap);
	}
	if (error == LDAP_SUCCESS)
		return ldap;
	*ret_error = connect_error(backend, ldap, what, error, arena);
	if (ldap != NULL)
		ldap_disconnect(ldap);
	return NULL;
}

/* The values of one entry's column; one absent value where it has none. */
struct values {
	struct berval **list; /* NULL: none */
	size_t n;             /* at least 1 */
};

static struct str value_of(const struct values *values, size_t i)
{
	if (values->list == NULL)
		return STR_NONE;
	return (struct str){ values->list[i]->bv_val, values->list[i]->bv_len };
}

/* Every combination of the entry's values is a row: counted up like the digits of a number. */
static bool rows_add(const struct values values[COLUMN_N], struct directory_data *into,
		     struct str *ret_error)
{
	size_t at[COLUMN_N] = { 0 }, total = 1;

	for (size_t i = 0; i < COLUMN_N; i++)
		total = total <= ROWS_MAX ? total * values[i].n : total;
	if (total > ROWS_MAX) {
		*ret_error = STR_LIT("an entry has too many values");
		return false;
	}
	while (total-- > 0) {
		struct str texts[COLUMN_N];
		struct directory_row row;

		for (size_t i = 0; i < COLUMN_N; i++) {
			struct str text = value_of(&values[i], at[i]);

			texts[i] = text.n > 0 ? arena_str(into->arena, text) : STR_NONE;
		}
		/* Who has an address and no role is in the directory for something else. */
		if (texts[COLUMN_ADDRESS].n == 0 || texts[COLUMN_ROLE].n > 0) {
			if (!directory_row_read(into->arena, texts, &row, ret_error))
				return false;
			directory_data_row(into, &row);
		}
		for (size_t i = 0; i < COLUMN_N && ++at[i] == values[i].n; i++)
			at[i] = 0;
	}
	return true;
}

static bool entry_add(const struct backend *backend, LDAP *ldap, LDAPMessage *entry,
		      struct directory_data *into, struct str *ret_error)
{
	struct values values[COLUMN_N];
	bool ok;

	for (size_t i = 0; i < COLUMN_N; i++) {
		const char *attribute = backend->column_attributes[i];

		values[i].list = attribute != NULL ? ldap_get_values_len(ldap, entry, attribute)
						   : NULL;
		values[i].n = values[i].list != NULL ? (size_t)ldap_count_values_len(values[i].list)
						     : 1;
		if (values[i].n == 0) {
			ldap_value_free_len(values[i].list);
			values[i] = (struct values){ NULL, 1 };
		}
	}
	ok = rows_add(values, into, ret_error);
	for (size_t i = 0; i < COLUMN_N; i++)
		ldap_value_free_len(values[i].list);
	return ok;
}

static enum directory_outcome search(const struct backend *backend, LDAP *ldap, const char *filter,
				     int64_t deadline, struct directory_data *into,
				     struct str *ret_error)
{
	struct timeval left = time_left(deadline);
	enum directory_outcome outcome = DIRECTORY_OK;
	LDAPMessage *result = NULL;
	int error;

	set_times(ldap, deadline);
	error = ldap_search_ext_s(ldap, backend->base, backend->scope, filter,
				  (char **)backend->attributes, 0, NULL, NULL, &left,
				  LDAP_NO_LIMIT, &result);
	/* Half an answer is none: whom it lacks would seem to be a stranger. */
	if (error != LDAP_SUCCESS) {
		*ret_error = error_text(into->arena, ldap, "search", error);
		ldap_msgfree(result);
		return DIRECTORY_DOWN;
	}
	for (LDAPMessage *entry = ldap_first_entry(ldap, result);
	     entry != NULL && outcome == DIRECTORY_OK; entry = ldap_next_entry(ldap, entry)) {
		if (!entry_add(backend, ldap, entry, into, ret_error))
			outcome = DIRECTORY_WRONG;
	}
	ldap_msgfree(result);
	return outcome;
}

/* RFC 4515, section 3. */
static void put_escaped(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < ' ' || c >= 0x7f || memchr("*()\\", c, 4) != NULL)
			buf_printf(out, "\\%02x", c);
		else
			buf_add_char(out, (char)c);
	}
}

/* A filter with a text for each %s. */
static void put_filter(struct buf *out, const char *filter, struct str text)
{
	for (const char *p = filter; *p != '\0'; p++) {
		if (p[0] == '%' && p[1] == 's') {
			put_escaped(out, text);
			p++;
		} else {
			buf_add_char(out, *p);
			p += p[0] == '%' && p[1] == '%';
		}
	}
}

static enum directory_outcome search_for(const struct backend *backend, LDAP *ldap,
					 enum purpose purpose, const struct str_list *texts,
					 int64_t deadline, struct directory_data *into,
					 struct str *ret_error)
{
	enum directory_outcome outcome = DIRECTORY_OK;

	if (backend->filters[purpose] == NULL)
		return DIRECTORY_OK;
	for (size_t i = 0; i < texts->n && outcome == DIRECTORY_OK;) {
		struct buf filter;

		buf_init(&filter, into->arena, FILTER_MAX);
		buf_add_cstr(&filter, "(|");
		for (size_t n = 0; n < TEXTS_MAX && i < texts->n; n++, i++)
			put_filter(&filter, backend->filters[purpose], texts->items[i]);
		buf_add_cstr(&filter, ")");
		buf_add_char(&filter, '\0');
		if (filter.full) {
			*ret_error = STR_LIT("a filter became too long");
			return DIRECTORY_WRONG;
		}
		outcome = search(backend, ldap, filter.p, deadline, into, ret_error);
	}
	return outcome;
}

/* What the contacts' entries do not say of their organizations. */
static enum directory_outcome complete(const struct backend *backend, LDAP *ldap, int64_t deadline,
				       struct directory_data *into, struct str *ret_error)
{
	struct str_list ids = { 0 };

	for (size_t i = 0; i < into->n_organizations; i++) {
		if (into->organizations[i]->has_purchased)
			continue;
		ARENA_ROOM(into->arena, ids.items, ids.n, ids.cap);
		ids.items[ids.n++] = into->organizations[i]->id;
	}
	return search_for(backend, ldap, ORGANIZATIONS, &ids, deadline, into, ret_error);
}

static enum directory_outcome search_all(const struct backend *backend, LDAP *ldap,
					 const struct directory_query *query,
					 struct directory_data *into, struct str *ret_error)
{
	if (!query->everyone && !query->everything)
		return DIRECTORY_OK;
	if (backend->filters[EVERYTHING] != NULL)
		return search(backend, ldap, backend->filters[EVERYTHING], query->deadline, into,
			      ret_error);
	*ret_error = STR_LIT("everything_filter is not configured");
	return DIRECTORY_WRONG;
}

static enum directory_outcome ldap_ask(void *context, void *connection,
				       const struct directory_query *query,
				       struct directory_data *into, struct str *ret_error)
{
	const struct backend *backend = context;
	const struct {
		enum purpose purpose;
		const struct str_list *texts;
	} steps[] = {
		{ CONTACTS, &query->addresses },
		{ SCOPE, &query->scope },
		{ ADMINISTRATORS, &query->organizations },
	};
	enum directory_outcome outcome = DIRECTORY_OK;

	for (size_t i = 0; i < sizeof steps / sizeof *steps && outcome == DIRECTORY_OK; i++)
		outcome = search_for(backend, connection, steps[i].purpose, steps[i].texts,
				     query->deadline, into, ret_error);
	if (outcome == DIRECTORY_OK)
		outcome = search_all(backend, connection, query, into, ret_error);
	if (outcome == DIRECTORY_OK && query->addresses.n > 0)
		outcome = complete(backend, connection, query->deadline, into, ret_error);
	return outcome;
}

static int choice(struct cf *cf, const char *name, const char *otherwise,
		  const char *const *names, const int *values)
{
	const char *text = cf_text(cf, name, otherwise);

	for (size_t i = 0; names[i] != NULL; i++) {
		if (str_is_nocase(str_from(text), names[i]))
			return values[i];
	}
	diag_error(cf->diag, cf->file, 0, 0, "%s: \"%s\" is not known", name, text);
	return values[0];
}

/* server_host is a list of URIs, or of hosts for which server_port counts. */
static void uris_read(struct backend *backend, struct cf *cf)
{
	struct str rest = str_from(cf_text(cf, "server_host", "ldap://localhost")), word;
	unsigned port = cf_number(cf, "server_port", 389, 1, 65535);
	struct buf out;

	buf_init(&out, backend->server.arena, 10000);
	while (str_next_split(&rest, ' ', &word)) {
		word = str_trim(word);
		if (word.n > 0 && word.p[word.n - 1] == ',')
			word.n--;
		if (word.n == 0)
			continue;
		buf_add_cstr(&out, out.n > 0 ? " " : "");
		if (str_find(word, STR_LIT("://"), 0) != STR_NPOS)
			buf_add(&out, word);
		else
			buf_printf(&out, "ldap://%.*s:%u", STR_ARG(word), port);
	}
	backend->uris = arena_cstr(backend->server.arena, buf_str(&out));
}

static void tls_read(struct backend *backend, struct cf *cf)
{
	static const char *const names[] = { "yes", "no", "demand", "never", "allow", "try",
					     "hard", NULL };
	static const int values[] = { LDAP_OPT_X_TLS_DEMAND, LDAP_OPT_X_TLS_NEVER,
				      LDAP_OPT_X_TLS_DEMAND, LDAP_OPT_X_TLS_NEVER,
				      LDAP_OPT_X_TLS_ALLOW,  LDAP_OPT_X_TLS_TRY,
				      LDAP_OPT_X_TLS_HARD };

	backend->start_tls = cf_bool(cf, "start_tls", false);
	backend->ca_file = cf_text(cf, "tls_ca_cert_file", NULL);
	backend->ca_folder = cf_text(cf, "tls_ca_cert_dir", NULL);
	backend->certificate = cf_text(cf, "tls_cert", NULL);
	backend->key = cf_text(cf, "tls_key", NULL);
	backend->require_certificate = choice(cf, "tls_require_cert", "yes", names, values);
}

static void attributes_read(struct backend *backend, struct cf *cf)
{
	static const char *const defaults[COLUMN_N] = { [COLUMN_ORGANIZATION] = "o",
							[COLUMN_ADDRESS] = "mail",
							[COLUMN_ROLE] = "employeeType" };
	size_t n = 0;

	for (size_t i = 0; i < COLUMN_N; i++) {
		struct str key =
			arena_printf(backend->server.arena, "%s_attribute", directory_columns[i]);
		const char *name = cf_text(cf, key.p, defaults[i]);

		if (name == NULL || name[0] == '\0')
			continue;
		backend->column_attributes[i] = name;
		backend->attributes[n++] = arena_cstr(backend->server.arena, str_from(name));
	}
}

static void file_read(void *state, struct str name, struct diag *diag)
{
	struct backend *backend = state;
	static const char *const ignored[] = { "result_format", "expansion_limit", "domain",
					       "result_attribute", "size_limit", "dereference",
					       "version", "chase_referrals", NULL };
	static const char *const scopes[] = { "sub", "base", "one", NULL };
	static const int scope_values[] = { LDAP_SCOPE_SUBTREE, LDAP_SCOPE_BASE,
					    LDAP_SCOPE_ONELEVEL };
	struct cf cf;

	if (!cf_read(backend->server.arena, name, diag, &cf))
		return;
	uris_read(backend, &cf);
	backend->base = cf_text(&cf, "search_base", NULL);
	if (backend->base == NULL)
		diag_error(diag, name, 0, 0, "search_base is missing");
	backend->scope = choice(&cf, "scope", "sub", scopes, scope_values);
	backend->bind = cf_bool(&cf, "bind", true);
	backend->bind_dn = cf_text(&cf, "bind_dn", "");
	backend->bind_password = cf_text(&cf, "bind_pw", "");
	tls_read(backend, &cf);
	attributes_read(backend, &cf);
	backend->filters[CONTACTS] = cf_text(&cf, "query_filter", "(mail=%s)");
	backend->filters[SCOPE] = cf_text(&cf, "scope_filter", NULL);
	backend->filters[ADMINISTRATORS] = cf_text(&cf, "administrators_filter",
						   "(&(o=%s)(employeeType=system-administrator))");
	backend->filters[ORGANIZATIONS] = cf_text(&cf, "organization_filter", NULL);
	backend->filters[EVERYTHING] = cf_text(&cf, "everything_filter", NULL);
	server_read_limits(&backend->server, &cf);
	cf_finish(&cf, ignored);
}

static const struct server_kind kind = { sizeof(struct backend), file_read, ldap_connect_to,
					 ldap_ask, ldap_disconnect };

static void *ldap_open_file(struct str name, struct diag *diag)
{
	return server_open(&kind, name, diag);
}

const struct directory_backend directory_ldap = { "ldap", true, ldap_open_file, server_look_up,
						   server_close, NULL, NULL };
