/* daemon.h - what all sessions share: the current generation, the log, the counters
 *
 * One in a process, made by main before the first session and freed after the last. Thread-safe.
 */
#ifndef MILTER_DAEMON_H
#define MILTER_DAEMON_H

#include <pthread.h>

#include "milter/gate.h"
#include "milter/log.h"

struct fetcher;
struct journal;

/* Since the start; atomic. */
struct counters {
	uint64_t sessions;       /* begun */
	uint64_t sessions_refused;
	uint64_t messages;       /* that came to their end */
	uint64_t outside;        /* of them, outside the scope */
	uint64_t notices;
	uint64_t verdicts[SEVERITY_N]; /* of notices */
	uint64_t stripped;       /* fields removed */
	uint64_t errors;         /* messages that could not be judged or answered */
	uint64_t reloads, reloads_failed;
};

struct daemon {
	pthread_mutex_t mutex;   /* guards gate */
	struct gate *gate;
	struct log *log;
	struct journal *journal; /* the audit file; set before the first session */
	struct fetcher *fetcher;
	struct counters counters;
	unsigned open_sessions;  /* atomic */
	unsigned transactions;   /* messages between MAIL and their end; atomic */
	bool draining;           /* atomic */
};

/* Takes over gate's reference; log and fetcher are set once there are any, before sessions. */
void daemon_init(struct daemon *daemon, struct gate *gate);
void daemon_done(struct daemon *daemon);

/* A reference to the current generation; the caller gives it back. */
struct gate *daemon_gate(struct daemon *daemon);

/* Opens the audit file that gate names, or goes on with it; takes gate's checkpoint key. False with
 * *ret_error, a text of the arena. */
bool daemon_open_journal(struct daemon *daemon, struct gate *gate, struct arena *arena,
			 struct str *ret_error);

/* Reads configuration, policy and directory anew, all or nothing, and logs what came of it: the
 * new generation and what it judges by, the keys that wait for a restart, or every fault and
 * that the old generation stays. */
bool daemon_reload(struct daemon *daemon, const char *config_file);

/* What is loaded, as one line: "generation=2 policy=crm-online/7 sha256=... ". */
struct str daemon_describe(struct arena *arena, const struct gate *gate);
/* Counters, sessions and the state of the log, to the log and to standard error: also seen where
 * syslog is away. */
void daemon_report(struct daemon *daemon);

#define COUNT(counter) __atomic_add_fetch(&(counter), 1, __ATOMIC_RELAXED)
#define COUNT_GET(counter) __atomic_load_n(&(counter), __ATOMIC_RELAXED)

#endif
