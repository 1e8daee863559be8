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

#define SERVER_CONNECTIONS_MAX 64

struct server {
	/* A connection, or NULL with the reason in arena. deadline is directory_clock's. */
	void *(*connect)(void *context, int64_t deadline, struct arena *arena,
			 struct str *ret_error);
	/* DIRECTORY_DOWN: the connection is not used again. */
	enum directory_outcome (*ask)(void *context, void *connection,
				      const struct directory_query *query,
				      struct directory_data *into, struct str *ret_error);
	void (*disconnect)(void *connection);
	void *context;
	unsigned connections; /* at most */
	unsigned seconds;     /* for one look-up, where the message's deadline is later */

	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t free_again;
	void *idle[SERVER_CONNECTIONS_MAX];
	unsigned n_idle, n_open;
};

void server_init(struct server *server);
/* Nobody may be asking any more. */
void server_done(struct server *server);

enum directory_outcome server_look_up(struct server *server, const struct directory_query *query,
				      struct directory_data *into, struct str *ret_error);

/* Milliseconds until a deadline, never negative. */
int server_left(int64_t deadline);

#endif
