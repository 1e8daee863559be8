/* service.h - the process: its socket, its privileges, its signals, its end */
#ifndef MILTER_SERVICE_H
#define MILTER_SERVICE_H

#include "milter/daemon.h"

struct service;

/* Opens the configured socket: a stale one is removed, one that somebody listens on is not; mode
 * and group as configured; without Nagle's delay. callbacks_register comes first. NULL and a
 * reason in ret_error, in arena's memory. */
struct service *service_listen(struct daemon *daemon, struct arena *arena, struct str *ret_error);

/* From here on signals wait for service_run, also those that come while the daemon starts. Call
 * before threads: all but the main one keep them blocked. */
bool service_catch_signals(void);

/* Becomes the configured user without any capability, and never more again. Without a user
 * only the latter. */
bool service_drop_privileges(const struct config *config, struct arena *arena,
			     struct str *ret_error);

/* Serves until SIGTERM, SIGINT or SIGHUP, and then until no message is in progress, at most
 * config.drain seconds. SIGUSR1 reloads config_file, SIGUSR2 reports. Runs on the main thread.
 * The exit status. libmilter's threads still run afterwards (its smfi_stop waits up to 5 s for its
 * own listener): the process has to end by _exit, and nothing they see may be freed. */
int service_run(struct service *service, const char *config_file);
void service_free(struct service *service);

/* No core file, and no debugger of the same user: keys would be in it. Call before they are read. */
void service_forbid_core(void);
/* Raises the limit of descriptors to what the sessions need, and bounds the threads' stacks. */
void service_limit_resources(const struct config *config);
/* Tells systemd, where it listens: "READY=1". */
void service_notify(const char *state);

#endif
