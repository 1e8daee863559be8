/* server.h - what databases have in common: connections that are kept, a deadline over all
 *
 * A look-up takes a connection that nobody uses, or makes one; there are never more than the
 * configured number, and who finds none free waits until its deadline. A connection that breaks
 * is thrown away, and where it was an old one (the server was restarted meanwhile) the question is
 * put once more over a new one. Internal to milter/directory.
 */
#ifndef MILTER_DIRECTORY_SERVER_H
#define MILTER_DIRECTORY_SERVER_H

#include <pthread.h>

#include "milter/directory/backend.h"
#include "milter/directory/cf.h"

#define SERVER_CONNECTIONS_MAX 64

/* What a kind of database does. Its backend, of this size, begins with a struct server. */
struct server_kind {
	size_t size;
	/* Reads the backend's file; errors in diag. Memory is the server's arena. */
	void (*read)(void *backend, struct str name, struct diag *diag);
	/* A connection, or NULL with the reason in arena. deadline is directory_clock's. */
	void *(*connect)(void *backend, int64_t deadline, struct arena *arena,
			 struct str *ret_error);
	/* DIRECTORY_DOWN: the connection is not used again. */
	enum directory_outcome (*ask)(void *backend, void *connection,
				      const struct directory_query *query,
				      struct directory_data *into, struct str *ret_error);
	void (*disconnect)(void *connection);
};

struct server {
	const struct server_kind *kind;
	struct arena *arena;  /* the backend itself is in it */
	unsigned connections; /* at most */
	unsigned seconds;     /* for one look-up, where the message's deadline is later */

	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t free_again;
	void *idle[SERVER_CONNECTIONS_MAX];
	unsigned n_idle, n_open;
};

/* A backend of that kind, for directory_backend's open; NULL with the errors in diag. No server is
 * reached. */
void *server_open(const struct server_kind *kind, struct str name, struct diag *diag);
/* The keys timeout and connections. */
void server_read_limits(struct server *server, struct cf *cf);

/* What directory_backend wants, for a backend that server_open made. Nobody may be asking any more
 * when it is closed. */
enum directory_outcome server_look_up(void *backend, const struct directory_query *query,
				      struct directory_data *into, struct str *ret_error);
void server_close(void *backend);

/* Milliseconds until a deadline, never negative. */
int server_left(int64_t deadline);

#endif
