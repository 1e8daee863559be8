#include "milter/daemon.h"

#include <inttypes.h>
#include <stdio.h>

#include "milter/directory/directory.h"
#include "milter/journal.h"

/* A directory that stopped answering, or answers again. */
static void on_directory(void *context, bool bad, const char *text)
{
	struct daemon *daemon = context;

	log_printf(daemon->log, bad ? LOG_ERR : LOG_NOTICE, "%s", text);
}

static void listen_to(struct daemon *daemon, struct gate *gate)
{
	if (gate->directory != NULL)
		directory_listen(gate->directory, on_directory, daemon);
}

void daemon_init(struct daemon *daemon, struct gate *gate)
{
	*daemon = (struct daemon){ .gate = gate };
	pthread_mutex_init(&daemon->mutex, NULL);
	listen_to(daemon, gate);
}

void daemon_done(struct daemon *daemon)
{
	gate_unref(daemon->gate);
	daemon->gate = NULL;
	pthread_mutex_destroy(&daemon->mutex);
}

struct gate *daemon_gate(struct daemon *daemon)
{
	struct gate *gate;

	pthread_mutex_lock(&daemon->mutex);
	gate = gate_ref(daemon->gate);
	pthread_mutex_unlock(&daemon->mutex);
	return gate;
}

struct str daemon_describe(struct arena *arena, const struct gate *gate)
{
	const struct policy *policy = gate->policy;

	return arena_printf(arena,
			    "generation=%u policy=%.*s/%" PRIu64 " sha256=%.16s mode=%s file=%.*s",
			    gate->generation, STR_ARG(policy->name), policy->version,
			    policy->sha256.p != NULL ? policy->sha256.p : "",
			    policy_mode_name(gate->mode),
			    STR_ARG(policy->file.n > 0 ? policy->file : STR_LIT("(embedded)")));
}

static void log_diag(struct log *log, const struct diag *diag)
{
	for (size_t i = 0; i < diag->n; i++) {
		struct str text = diag_format(diag->arena, &diag->entries[i]);

		log_printf(log, diag->entries[i].warning ? LOG_WARNING : LOG_ERR, "%.*s",
			   STR_ARG(text));
	}
	if (diag->errors > diag->n)
		log_printf(log, LOG_ERR, "%zu more errors", diag->errors - diag->n);
}

/* Opened anew by name: that is how a rotation ends. */
bool daemon_open_journal(struct daemon *daemon, struct gate *gate, struct arena *arena,
			 struct str *ret_error)
{
	const struct config *config = gate->config;
	struct journal_options options = {
		.file = config->audit_file.p,
		.sync = config->audit_sync,
		.key = gate->checkpoint_key,
		.every = config->checkpoint_every,
		.seconds = (unsigned)config->checkpoint_interval,
	};

	gate->checkpoint_key = NULL;
	return journal_open(daemon->journal, arena, &options, ret_error);
}

/* What is left to do before gate is in force, and can fail. */
static bool prepare(struct daemon *daemon, struct gate *gate, struct arena *arena,
		    struct str *ret_error)
{
	struct str error;

	if (!gate_commit(gate, arena, &error)) {
		*ret_error = arena_printf(arena, "trust.state %.*s", STR_ARG(error));
		return false;
	}
	if (!daemon_open_journal(daemon, gate, arena, &error)) {
		*ret_error = arena_printf(arena, "audit.file %.*s", STR_ARG(error));
		return false;
	}
	log_set_facility(daemon->log, gate->config->facility);
	return true;
}

/* One alert, whatever went wrong. */
static void refuse(struct daemon *daemon, const struct diag *diag, unsigned generation,
		   struct str error)
{
	struct str first = error;

	for (size_t i = 0; i < diag->n && first.n == 0; i++) {
		if (!diag->entries[i].warning)
			first = diag_format(diag->arena, &diag->entries[i]);
	}
	COUNT(daemon->counters.reloads_failed);
	log_printf(daemon->log, LOG_ALERT, "not reloaded: generation %u stays in force: %.*s",
		   generation, STR_ARG(first));
}

static void adopt(struct daemon *daemon, struct gate *gate, struct arena *arena)
{
	struct gate *before;
	struct str keys = config_restart_keys(arena, daemon->gate->config, gate->config);

	listen_to(daemon, gate);
	pthread_mutex_lock(&daemon->mutex);
	before = daemon->gate;
	daemon->gate = gate;
	pthread_mutex_unlock(&daemon->mutex);
	gate_unref(before);
	COUNT(daemon->counters.reloads);
	log_printf(daemon->log, LOG_NOTICE, "reloaded: %.*s",
		   STR_ARG(daemon_describe(arena, gate)));
	if (keys.n > 0)
		log_printf(daemon->log, LOG_WARNING, "changed, but in force after a restart only: %.*s",
			   STR_ARG(keys));
}

bool daemon_reload(struct daemon *daemon, const char *config_file)
{
	struct arena *arena = arena_new();
	unsigned generation = daemon->gate->generation;
	struct str error = STR_NONE;
	struct gate *gate;
	struct diag diag;
	bool ok = false;

	diag_init(&diag, arena);
	gate = gate_load(config_file, generation + 1, &diag);
	log_diag(daemon->log, &diag);
	if (gate != NULL && prepare(daemon, gate, arena, &error)) {
		adopt(daemon, gate, arena);
		ok = true;
	} else {
		gate_unref(gate);
		refuse(daemon, &diag, generation, error);
	}
	arena_free(arena);
	return ok;
}

static struct str describe_counters(struct arena *arena, struct daemon *daemon)
{
	const struct counters *c = &daemon->counters;

	return arena_printf(
		arena,
		"sessions=%" PRIu64 " open=%u refused=%" PRIu64 " messages=%" PRIu64 " in_progress=%u"
		" outside=%" PRIu64 " notices=%" PRIu64 " accepted=%" PRIu64 " flagged=%" PRIu64
		" quarantined=%" PRIu64 " deferred=%" PRIu64 " rejected=%" PRIu64 " stripped=%" PRIu64
		" errors=%" PRIu64 " reloads=%" PRIu64 " reloads_failed=%" PRIu64,
		COUNT_GET(c->sessions), COUNT_GET(daemon->open_sessions),
		COUNT_GET(c->sessions_refused), COUNT_GET(c->messages),
		COUNT_GET(daemon->transactions), COUNT_GET(c->outside), COUNT_GET(c->notices),
		COUNT_GET(c->verdicts[SEVERITY_ACCEPT]), COUNT_GET(c->verdicts[SEVERITY_FLAG]),
		COUNT_GET(c->verdicts[SEVERITY_QUARANTINE]),
		COUNT_GET(c->verdicts[SEVERITY_TEMPFAIL]), COUNT_GET(c->verdicts[SEVERITY_REJECT]),
		COUNT_GET(c->stripped), COUNT_GET(c->errors), COUNT_GET(c->reloads),
		COUNT_GET(c->reloads_failed));
}

void daemon_report(struct daemon *daemon)
{
	struct arena *arena = arena_new();
	struct gate *gate = daemon_gate(daemon);
	struct journal_stats journal;
	struct log_stats stats;
	struct str line;

	log_get_stats(daemon->log, &stats);
	journal_get_stats(daemon->journal, &journal);
	line = arena_printf(arena,
			    "status: %.*s %.*s log_sent=%" PRIu64 " log_late=%" PRIu64
			    " log_lost=%" PRIu64 " log_waiting=%zu file_records=%" PRIu64
			    " file_failed=%" PRIu64
			    " syslog=%s",
			    STR_ARG(daemon_describe(arena, gate)),
			    STR_ARG(describe_counters(arena, daemon)), stats.sent, stats.late,
			    stats.lost, stats.waiting, journal.records, journal.failed,
			    stats.away ? "away" : "ok");
	log_printf(daemon->log, LOG_INFO, "%.*s", STR_ARG(line));
	gate_unref(gate);
	arena_free(arena);
}
