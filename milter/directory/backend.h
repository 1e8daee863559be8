/* backend.h - what a source of contacts is: one row a kind
 *
 * Internal to milter/directory. A source is asked at most twice a message: for the contacts of
 * all its addresses together with all that may name its scope, then for the administrators of the
 * organizations found in scope. It adds what it knows to a struct directory_data that lives as
 * long as the message; what it adds beyond the question does no harm.
 */
#ifndef MILTER_DIRECTORY_BACKEND_H
#define MILTER_DIRECTORY_BACKEND_H

#include "milter/directory/data.h"
#include "policy/base/diag.h"

struct directory_query {
	struct str_list addresses;     /* canonical */
	struct str_list scope;         /* what may be an instance's id, its host, an organization */
	struct str_list organizations; /* whose administrators are wanted */
	bool everyone;                 /* the administrators of all organizations */
	bool everything;               /* all there is: for the command line */
	bool all_contacts;             /* of organizations, beyond their administrators */
	int64_t deadline;              /* directory_clock's milliseconds */
	int64_t stale;                 /* seconds that a file may be old once it is gone; 0: none */
};

enum directory_outcome {
	DIRECTORY_OK,
	DIRECTORY_WRONG, /* it answered with what makes no sense: only this message suffers */
	DIRECTORY_DOWN,  /* it did not answer, or not in time */
};

struct directory_backend {
	const char *scheme; /* "cdb": sources are "cdb:NAME" */
	bool is_server;     /* NAME says how to reach it; false: NAME is the file that is read */
	/* Reads what NAME says about the source, and reaches no server. NULL with the reason in
	 * diag. Texts must be copied. */
	void *(*open)(struct str name, struct diag *diag);
	/* Thread-safe. The error's text lives in into->arena. */
	enum directory_outcome (*look_up)(void *backend, const struct directory_query *query,
					  struct directory_data *into, struct str *ret_error);
	void (*close)(void *backend);
	/* When a compiled copy was made, seconds since 1970; NULL for what is no copy. */
	int64_t (*built)(void *backend);
	/* All of it, where that is in memory anyway; NULL where it is not. */
	const struct directory_data *(*data)(void *backend);
};

extern const struct directory_backend directory_cdb;
extern const struct directory_backend directory_csv;
extern const struct directory_backend directory_sqlite;
extern const struct directory_backend directory_pgsql;
extern const struct directory_backend directory_ldap;

/* Milliseconds of the monotonic clock. */
int64_t directory_clock(void);

/* Adds the part of data that the query asks for. */
void directory_data_look_up(const struct directory_data *data, const struct directory_query *query,
			    struct directory_data *into);

#endif
