#include "milter/session.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "milter/fetch.h"
#include "milter/journal.h"
#include "policy/base/buf.h"
#include "policy/message/ingest.h"

/* More fields that have to be removed than this are an attack: the message is refused. */
#define REMOVALS_MAX 4096
#define REMOVAL_OCTETS_MAX ((size_t)256 * 1024) /* of their names */

enum field_kind { FIELD_ORDINARY, FIELD_NOTICE, FIELD_DECLARED };

struct noted_field {
	struct str name;
	enum field_kind kind;
};

struct transaction {
	struct arena *arena;
	struct gate *gate;      /* the generation this message began with */
	struct ingest *ingest;  /* NULL: outside the scope, nothing is kept */
	struct envelope envelope;
	size_t cap_recipients;
	size_t n_recipients;    /* all of them, also those beyond the limit */
	struct str message_id;
	struct noted_field *noted;
	size_t n_noted, cap_noted, noted_octets;
	bool too_many_noted;
	char id[24];
	char queue_id[64];
	struct decision decision;
};

static int64_t microseconds_now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct session *session_new(struct daemon *daemon)
{
	struct gate *gate = daemon_gate(daemon);
	unsigned limit = gate->config->sessions;
	struct session *session = NULL;

	gate_unref(gate);
	if (__atomic_add_fetch(&daemon->open_sessions, 1, __ATOMIC_RELAXED) <= limit &&
	    !COUNT_GET(daemon->draining))
		session = calloc(1, sizeof *session);
	if (session == NULL) {
		__atomic_sub_fetch(&daemon->open_sessions, 1, __ATOMIC_RELAXED);
		COUNT(daemon->counters.sessions_refused);
		return NULL;
	}
	COUNT(daemon->counters.sessions);
	session->daemon = daemon;
	return session;
}

void session_free(struct session *session)
{
	if (session == NULL)
		return;
	session_abort(session);
	__atomic_sub_fetch(&session->daemon->open_sessions, 1, __ATOMIC_RELAXED);
	free((char *)session->daemon_name.p);
	free(session);
}

static void set_client(struct session *session, const struct sockaddr *address)
{
	const void *octets;

	if (address->sa_family == AF_INET) {
		memcpy(&session->client, address, sizeof(struct sockaddr_in));
		octets = &((const struct sockaddr_in *)&session->client)->sin_addr;
	} else if (address->sa_family == AF_INET6) {
		memcpy(&session->client, address, sizeof(struct sockaddr_in6));
		octets = &((const struct sockaddr_in6 *)&session->client)->sin6_addr;
	} else {
		return;
	}
	session->has_client = inet_ntop(address->sa_family, octets, session->client_text,
					sizeof session->client_text) != NULL;
}

void session_connect(struct session *session, const struct sockaddr *address,
		     const char *daemon_name)
{
	if (address != NULL)
		set_client(session, address);
	free((char *)session->daemon_name.p);
	session->daemon_name = STR_NONE;
	if (daemon_name != NULL)
		session->daemon_name = str_from(strdup(daemon_name));
}

/* Whether mail of this session is ours to judge: any of the conditions given; none, all is. */
static bool in_scope(const struct session *session, const struct config *config, struct str sasl)
{
	if (config->n_networks == 0 && config->daemon_names.n == 0 && !config->authenticated)
		return true;
	if (config->authenticated && sasl.n > 0)
		return true;
	for (size_t i = 0; i < config->daemon_names.n; i++) {
		if (str_eq_nocase(config->daemon_names.items[i], session->daemon_name))
			return true;
	}
	for (size_t i = 0; session->has_client && i < config->n_networks; i++) {
		if (config_in_network(&config->networks[i],
				      (const struct sockaddr *)&session->client))
			return true;
	}
	return false;
}

static struct str without_brackets(struct str address)
{
	if (address.n >= 2 && address.p[0] == '<' && address.p[address.n - 1] == '>')
		return (struct str){ address.p + 1, address.n - 2 };
	return address;
}

static void transaction_name(struct transaction *transaction)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t n = (uint64_t)microseconds_now(CLOCK_REALTIME) ^
		     ((uint64_t)(uintptr_t)transaction << 40);
	char *p = transaction->id;

	*p++ = 'T';
	for (int shift = 60; shift >= 0; shift -= 4)
		*p++ = digits[n >> shift & 15];
	*p = '\0';
}

static void transaction_free(struct daemon *daemon, struct transaction *transaction)
{
	if (transaction->decision.judgement != NULL)
		judge_done(transaction->decision.judgement);
	ingest_free(transaction->ingest);
	gate_unref(transaction->gate);
	arena_free(transaction->arena);
	free(transaction);
	__atomic_sub_fetch(&daemon->transactions, 1, __ATOMIC_RELEASE);
}

static struct transaction *transaction_new(struct session *session, struct str sasl)
{
	struct transaction *transaction = calloc(1, sizeof *transaction);

	if (transaction == NULL)
		abort();
	__atomic_add_fetch(&session->daemon->transactions, 1, __ATOMIC_ACQ_REL);
	transaction->arena = arena_new();
	transaction->gate = daemon_gate(session->daemon);
	transaction->envelope.from = STR_NONE;
	transaction->envelope.sasl = arena_str(transaction->arena, sasl);
	if (sasl.n == 0)
		transaction->envelope.sasl = STR_NONE;
	if (in_scope(session, transaction->gate->config, sasl))
		transaction->ingest = ingest_new(&transaction->gate->limits);
	transaction_name(transaction);
	return transaction;
}

/* Whatever comes first begins the message: a peer may leave MAIL out. */
static struct transaction *transaction_of(struct session *session)
{
	if (session->transaction == NULL)
		session->transaction = transaction_new(session, STR_NONE);
	return session->transaction;
}

void session_mail(struct session *session, const char *from, const char *sasl)
{
	struct transaction *transaction;

	session_abort(session);
	transaction = transaction_new(session, str_from(sasl));
	session->transaction = transaction;
	if (from != NULL)
		transaction->envelope.from =
			arena_str(transaction->arena, without_brackets(str_from(from)));
}

void session_certificate(struct session *session, const char *subject)
{
	struct transaction *t = transaction_of(session);

	if (subject != NULL && subject[0] != '\0')
		t->envelope.tls = arena_str(t->arena, str_from(subject));
}

/* One more than the limit is kept: so the judgement sees that there are more. */
void session_recipient(struct session *session, const char *recipient)
{
	struct transaction *t = transaction_of(session);
	struct envelope *envelope = &t->envelope;

	t->n_recipients++;
	if (recipient == NULL || envelope->n_recipients > t->gate->limits.recipients)
		return;
	ARENA_ROOM(t->arena, envelope->recipients, envelope->n_recipients, t->cap_recipients);
	envelope->recipients[envelope->n_recipients++] =
		arena_str(t->arena, without_brackets(str_from(recipient)));
}

static enum field_kind field_kind(struct str name)
{
	if (stamp_is_ours(name))
		return FIELD_NOTICE;
	if (str_starts_nocase(name, STR_LIT("X-CRM-Declared-")))
		return FIELD_DECLARED;
	return FIELD_ORDINARY;
}

static void note_field(struct transaction *t, struct str name, enum field_kind kind)
{
	t->noted_octets += name.n;
	if (t->n_noted == REMOVALS_MAX || t->noted_octets > REMOVAL_OCTETS_MAX) {
		t->too_many_noted = true;
		return;
	}
	ARENA_ROOM(t->arena, t->noted, t->n_noted, t->cap_noted);
	t->noted[t->n_noted++] =
		(struct noted_field){ .name = arena_str(t->arena, name), .kind = kind };
}

void session_field(struct session *session, const char *name, const char *value)
{
	struct transaction *t = transaction_of(session);
	struct str n = str_from(name), v = str_from(value);
	enum field_kind kind = field_kind(n);

	if (kind != FIELD_ORDINARY)
		note_field(t, n, kind);
	if (t->message_id.n == 0 && str_is_nocase(n, "Message-ID"))
		t->message_id = arena_str(t->arena, str_head(str_trim(v), AUDIT_VALUE_MAX + 1));
	if (t->ingest == NULL)
		return;
	if (session->leading_space)
		ingest_field(t->ingest, n, v);
	else
		ingest_bare_field(t->ingest, n, v);
}

void session_body(struct session *session, struct str chunk)
{
	struct transaction *t = transaction_of(session);

	if (t->ingest != NULL)
		ingest_body(t->ingest, chunk);
}

static int compare_noted(const void *a, const void *b)
{
	const struct noted_field *x = *(const struct noted_field *const *)a;
	const struct noted_field *y = *(const struct noted_field *const *)b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;

	for (size_t i = 0; i < n; i++) {
		int d = ascii_lower(x->name.p[i]) - ascii_lower(y->name.p[i]);

		if (d != 0)
			return d;
	}
	if (x->name.n != y->name.n)
		return x->name.n < y->name.n ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* The index of a field counts those of its name; they are removed from the highest down, for
 * removing one moves those that follow (measured: ascending leaves every second one behind). */
static void plan_removals(struct transaction *t, bool notice, struct decision *decision)
{
	const struct noted_field **sorted =
		ARENA_ARRAY(t->arena, t->n_noted, const struct noted_field *);
	struct removal *removals = ARENA_ARRAY(t->arena, t->n_noted, struct removal);
	size_t n = 0;

	for (size_t i = 0; i < t->n_noted; i++) {
		if (t->noted[i].kind == FIELD_NOTICE || notice)
			sorted[n++] = &t->noted[i];
	}
	if (n > 0)
		qsort(sorted, n, sizeof *sorted, compare_noted);
	for (size_t i = 0, index = 0; i < n; i++) {
		index = i > 0 && str_eq_nocase(sorted[i]->name, sorted[i - 1]->name) ? index + 1 : 1;
		removals[n - 1 - i] =
			(struct removal){ .name = sorted[i]->name, .index = (unsigned)index };
	}
	decision->removals = removals;
	decision->n_removals = n;
}

/* What the hold queue shows a person: which findings. */
static struct str quarantine_reason(struct arena *arena, const struct judgement *judgement)
{
	struct buf reason;

	buf_init(&reason, arena, 500);
	buf_add(&reason, STR_LIT("crm-notice:"));
	for (int i = 0; i < FINDING_N; i++) {
		if (judgement->results[i].severity >= SEVERITY_FLAG)
			buf_printf(&reason, " %s", finding_infos[i].id);
	}
	return arena_str(arena, buf_str(&reason));
}

static void single_reply(struct transaction *t, struct decision *decision, struct str line)
{
	decision->reply = ARENA_NEW(t->arena, struct str);
	decision->reply[0] = line;
	decision->n_reply = 1;
}

static void refuse_too_many(struct transaction *t, struct decision *decision)
{
	decision->verdict = SEVERITY_REJECT;
	decision->error = STR_LIT("too many X-CRM-Notice and X-CRM-Declared fields");
	single_reply(t, decision,
		     arena_printf(t->arena,
				  "550 5.7.1 message.limit: more than %d X-CRM-Notice and "
				  "X-CRM-Declared fields: they are for the mail gate to add",
				  REMOVALS_MAX));
}

static bool is_refusal(enum severity verdict)
{
	return verdict == SEVERITY_REJECT || verdict == SEVERITY_TEMPFAIL;
}

/* Only what leaves is stamped: a seal that cannot be made, as over two Subject fields, must not
 * turn a refusal into on_error. */
/* The fields that leave. What cannot be sealed does not leave in mode enforce; in the others
 * everything passes, then without a seal, and the audit says so. */
static void stamp(struct session *session, struct transaction *t, struct decision *decision,
		  int64_t now)
{
	static const char error[] = "the message could not be sealed";
	const struct message_source *source = ingest_source(t->ingest);

	if (stamp_message(t->arena, t->gate->config, t->gate->seal_key, decision->judgement, source,
			  now, &decision->stamp))
		return;
	if (t->gate->mode == MODE_ENFORCE) {
		session_failed(session, decision, error);
		return;
	}
	decision->error = str_from(error);
	stamp_message(t->arena, t->gate->config, NULL, decision->judgement, source, now,
		      &decision->stamp);
}

static void judge(struct session *session, struct transaction *t, struct decision *decision,
		  int64_t now)
{
	struct judgement *judgement =
		judge_begin(t->arena, t->gate->policy, ingest_source(t->ingest), &t->envelope,
			    t->gate->mode, now);
	const struct answers *answers = NULL;

	if (judgement->notice)
		answers = fetch_answers(session->daemon->fetcher, t->gate, t->arena,
					&judgement->needs, t->gate->config->seconds);
	if (answers != NULL && answers->directory == ANSWER_FAILED)
		decision->error = arena_printf(t->arena, "directory %.*s",
					       STR_ARG(answers->directory_error));
	judge_finish(judgement, answers);
	decision->judgement = judgement;
	decision->verdict = judgement->verdict;
	decision->stripped = &judgement->stripped;
	decision->reply = judgement->reply;
	decision->n_reply = judgement->n_reply;
	if (judgement->notice && !is_refusal(judgement->verdict))
		stamp(session, t, decision, now);
	if (judgement->verdict == SEVERITY_QUARANTINE)
		decision->quarantine = quarantine_reason(t->arena, judgement);
}

struct decision *session_decide(struct session *session, const char *queue_id, int64_t now)
{
	struct transaction *t = transaction_of(session);
	struct decision *decision = &t->decision;

	decision->begun_us = microseconds_now(CLOCK_MONOTONIC);
	decision->verdict = SEVERITY_ACCEPT;
	if (queue_id != NULL) {
		snprintf(t->queue_id, sizeof t->queue_id, "%s", queue_id);
		decision->queue_id = str_from(t->queue_id);
	}
	if (t->ingest != NULL)
		judge(session, t, decision, now);
	plan_removals(t, decision->judgement != NULL && decision->judgement->notice, decision);
	if (t->too_many_noted)
		refuse_too_many(t, decision);
	return decision;
}

void session_failed(struct session *session, struct decision *decision, const char *error)
{
	struct transaction *t = session->transaction;

	decision->error = arena_str(t->arena, str_from(error));
	switch (t->gate->config->on_error) {
	case ON_ERROR_ACCEPT:
		decision->verdict = SEVERITY_ACCEPT;
		break;
	case ON_ERROR_REJECT:
		decision->verdict = SEVERITY_REJECT;
		single_reply(t, decision,
			     STR_LIT("550 5.3.0 The notice gate could not handle this message; its "
				     "log says why"));
		break;
	case ON_ERROR_TEMPFAIL:
		decision->verdict = SEVERITY_TEMPFAIL;
		single_reply(t, decision,
			     STR_LIT("451 4.3.0 The notice gate could not handle this message; try "
				     "again later"));
		break;
	}
}

static bool is_notice(const struct decision *decision)
{
	return decision->judgement != NULL && decision->judgement->notice;
}

static bool is_worth_a_line(const struct transaction *t, const struct decision *decision)
{
	return is_notice(decision) || decision->n_removals > 0 || decision->error.n > 0 ||
	       t->gate->config->ordinary_mail;
}

static struct str audit_text(const struct session *session, const struct transaction *t,
			     const struct decision *decision, enum audit_format format)
{
	struct audit_entry entry = {
		.queue_id = decision->queue_id,
		.transaction = str_from(t->id),
		.client = str_from(session->has_client ? session->client_text : NULL),
		.message_id = t->message_id,
		.from = t->envelope.from,
		.sasl = t->envelope.sasl,
		.n_recipients = t->n_recipients,
		.in_scope = t->ingest != NULL,
		.judgement = decision->judgement,
		.verdict = severity_name(decision->verdict),
		.mode = t->gate->mode,
		.n_stripped = decision->n_removals,
		.error = decision->error,
		.now = microseconds_now(CLOCK_REALTIME) / 1000000,
		.time_us = microseconds_now(CLOCK_MONOTONIC) - decision->begun_us,
		.generation = t->gate->generation,
	};

	return audit_line(t->arena, format, &entry);
}

void session_record(struct session *session, struct decision *decision)
{
	struct transaction *t = session->transaction;
	const char *error;

	if (t->gate->config->audit_file.n == 0 || !is_worth_a_line(t, decision) ||
	    journal_append(session->daemon->journal,
			   audit_text(session, t, decision, AUDIT_RECORD), &error))
		return;
	decision->error = arena_printf(t->arena, "audit.file: %s", error);
	if (!is_notice(decision))
		return;
	decision->verdict = SEVERITY_TEMPFAIL;
	single_reply(t, decision,
		     STR_LIT("451 4.3.1 The notice gate cannot put its decision on record; try again "
			     "later"));
}

static void write_audit(struct session *session, const struct transaction *t,
			const struct decision *decision)
{
	bool ordinary = !is_notice(decision) && decision->n_removals == 0 && decision->error.n == 0;

	if (is_worth_a_line(t, decision))
		log_audit(session->daemon->log, ordinary ? LOG_DEBUG : LOG_INFO,
			  audit_text(session, t, decision, t->gate->config->audit_format));
}

void session_finish(struct session *session, struct decision *decision)
{
	struct counters *counters = &session->daemon->counters;
	struct transaction *t = session->transaction;

	COUNT(counters->messages);
	if (t->ingest == NULL)
		COUNT(counters->outside);
	if (is_notice(decision)) {
		COUNT(counters->notices);
		COUNT(counters->verdicts[decision->verdict]);
	}
	if (decision->error.n > 0)
		COUNT(counters->errors);
	__atomic_add_fetch(&counters->stripped, decision->n_removals, __ATOMIC_RELAXED);
	write_audit(session, t, decision);
	session_abort(session);
}

void session_abort(struct session *session)
{
	struct transaction *transaction = session->transaction;

	if (transaction == NULL)
		return;
	session->transaction = NULL;
	transaction_free(session->daemon, transaction);
}

const char *session_id(const struct session *session)
{
	const struct transaction *t = session->transaction;

	if (t == NULL)
		return "-";
	return t->queue_id[0] != '\0' ? t->queue_id : t->id;
}
