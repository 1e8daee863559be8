#include "milter/directory/server.h"

#include <limits.h>
#include <time.h>

#define CONNECTIONS_DEFAULT 8
#define SECONDS_DEFAULT 5

static void server_init(struct server *server)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&server->mutex, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&server->free_again, &attributes);
	pthread_condattr_destroy(&attributes);
}

void *server_open(const struct server_kind *kind, struct str name, struct diag *diag)
{
	struct arena *arena = arena_new();
	struct server *server = arena_alloc(arena, kind->size);
	size_t errors = diag->errors;

	*server = (struct server){ .kind = kind,
				   .arena = arena,
				   .connections = CONNECTIONS_DEFAULT,
				   .seconds = SECONDS_DEFAULT };
	kind->read(server, name, diag);
	if (diag->errors == errors) {
		server_init(server);
		return server;
	}
	arena_free(arena);
	return NULL;
}

void server_read_limits(struct server *server, struct cf *cf)
{
	server->seconds = cf_number(cf, "timeout", SECONDS_DEFAULT, 1, 240);
	server->connections =
		cf_number(cf, "connections", CONNECTIONS_DEFAULT, 1, SERVER_CONNECTIONS_MAX);
}

void server_close(void *backend)
{
	struct server *server = backend;

	for (unsigned i = 0; i < server->n_idle; i++)
		server->kind->disconnect(server->idle[i]);
	pthread_cond_destroy(&server->free_again);
	pthread_mutex_destroy(&server->mutex);
	arena_free(server->arena);
}

int server_left(int64_t deadline)
{
	int64_t left = deadline - directory_clock();

	if (left < 0)
		return 0;
	return left < INT_MAX ? (int)left : INT_MAX;
}

/* A kept connection into *ret_kept, or NULL there: then a new one may be made. False where neither
 * comes free in time. */
static bool take(struct server *server, int64_t deadline, void **ret_kept)
{
	struct timespec until = { deadline / 1000, deadline % 1000 * 1000000 };
	bool ok = true;

	*ret_kept = NULL;
	pthread_mutex_lock(&server->mutex);
	while (ok && server->n_idle == 0 && server->n_open >= server->connections)
		ok = pthread_cond_timedwait(&server->free_again, &server->mutex, &until) == 0;
	if (ok && server->n_idle > 0)
		*ret_kept = server->idle[--server->n_idle];
	else if (ok)
		server->n_open++;
	pthread_mutex_unlock(&server->mutex);
	return ok;
}

static void give_back(struct server *server, void *connection)
{
	pthread_mutex_lock(&server->mutex);
	server->idle[server->n_idle++] = connection;
	pthread_cond_signal(&server->free_again);
	pthread_mutex_unlock(&server->mutex);
}

/* One connection less. */
static void forget(struct server *server)
{
	pthread_mutex_lock(&server->mutex);
	server->n_open--;
	pthread_cond_signal(&server->free_again);
	pthread_mutex_unlock(&server->mutex);
}

/* What was kept while the server went away is as dead as the one that was just tried. */
static void forget_idle(struct server *server)
{
	void *dead[SERVER_CONNECTIONS_MAX];
	unsigned n;

	pthread_mutex_lock(&server->mutex);
	n = server->n_idle;
	if (n > 0)
		memcpy(dead, server->idle, n * sizeof *dead);
	server->n_idle = 0;
	server->n_open -= n;
	pthread_cond_broadcast(&server->free_again);
	pthread_mutex_unlock(&server->mutex);
	for (unsigned i = 0; i < n; i++)
		server->kind->disconnect(dead[i]);
}

/* Asks over a connection that is either kept or given back, or closed and forgotten. */
static enum directory_outcome ask_over(struct server *server, void *connection,
				       const struct directory_query *query,
				       struct directory_data *into, struct str *ret_error)
{
	enum directory_outcome outcome =
		server->kind->ask(server, connection, query, into, ret_error);

	if (outcome != DIRECTORY_DOWN) {
		give_back(server, connection);
		return outcome;
	}
	server->kind->disconnect(connection);
	forget(server);
	return outcome;
}

static enum directory_outcome ask_anew(struct server *server, const struct directory_query *query,
				       struct directory_data *into, struct str *ret_error)
{
	void *connection =
		server->kind->connect(server, query->deadline, into->arena, ret_error);

	if (connection != NULL)
		return ask_over(server, connection, query, into, ret_error);
	forget(server);
	return DIRECTORY_DOWN;
}

enum directory_outcome server_look_up(void *backend, const struct directory_query *query,
				      struct directory_data *into, struct str *ret_error)
{
	struct server *server = backend;
	int64_t own = directory_clock() + (int64_t)server->seconds * 1000;
	struct directory_query bounded = *query;
	enum directory_outcome outcome;
	void *kept;

	if (own < bounded.deadline && !query->everything)
		bounded.deadline = own;
	if (!take(server, bounded.deadline, &kept)) {
		*ret_error = arena_printf(into->arena, "all %u connections were in use until the "
						       "time was up",
					  server->connections);
		return DIRECTORY_DOWN;
	}
	if (kept == NULL)
		return ask_anew(server, &bounded, into, ret_error);
	outcome = ask_over(server, kept, &bounded, into, ret_error);
	if (outcome != DIRECTORY_DOWN || server_left(bounded.deadline) == 0)
		return outcome;
	forget_idle(server);
	if (!take(server, bounded.deadline, &kept))
		return outcome;
	if (kept != NULL)
		return ask_over(server, kept, &bounded, into, ret_error);
	return ask_anew(server, &bounded, into, ret_error);
}
