/* session.h - one connection of the MTA, and the message it is at
 *
 * What callbacks.c hears from libmilter, without libmilter: so tests drive it too. Commands may
 * come in any order or not at all; whatever is missing is treated as unknown. Between two
 * messages a session holds no memory that depends on their size. The callbacks of one session
 * never run at the same time, but on different threads: nothing here is thread-local.
 */
#ifndef MILTER_SESSION_H
#define MILTER_SESSION_H

#include "milter/daemon.h"
#include "milter/stamp.h"
#include "policy/judge.h"

struct transaction;

struct session {
	struct daemon *daemon;
	unsigned long no_reply;   /* SMFIP_NR_* that the MTA agreed to */
	bool leading_space;       /* values come with the space after the colon */
	struct sockaddr_storage client;
	bool has_client;
	char client_text[INET6_ADDRSTRLEN];
	struct str daemon_name;   /* the MTA's name for its port; malloc'ed, may be absent */
	struct transaction *transaction; /* NULL between messages */
};

/* One field to remove: the index counts fields of this name, in any case, from 1. */
struct removal {
	struct str name;
	unsigned index;
};

struct decision {
	enum severity verdict;          /* what the MTA is to do */
	struct judgement *judgement;    /* NULL: not judged */
	struct str *reply;              /* of a refusal, as in struct judgement */
	size_t n_reply;
	const struct removal *removals; /* in the order in which they are safe */
	size_t n_removals;
	struct stamp stamp;             /* the fields to add */
	const struct str_list *stripped; /* recipients to take off, without brackets; may be NULL */
	struct str quarantine;          /* the reason */
	struct str error;               /* why it could not be judged; absent mostly */
	struct str queue_id;
	int64_t begun_us;               /* monotonic */
};

/* NULL where the limit of sessions is reached or the daemon is draining. */
struct session *session_new(struct daemon *daemon);
/* NULL is allowed. */
void session_free(struct session *session);

/* address may be NULL or of any family; daemon_name may be NULL. */
void session_connect(struct session *session, const struct sockaddr *address,
		     const char *daemon_name);
/* Begins a message, and forgets one that was begun. from and recipients may have their angle
 * brackets; sasl may be NULL. */
void session_mail(struct session *session, const char *from, const char *sasl);
/* The subject of the client's certificate, where the MTA verified it; after session_mail. NULL is
 * allowed. */
void session_certificate(struct session *session, const char *subject);
void session_recipient(struct session *session, const char *recipient);
void session_field(struct session *session, const char *name, const char *value);
void session_body(struct session *session, struct str chunk);

/* Judges the message at its end. queue_id may be NULL. The decision lives until session_finish
 * or session_abort. Without a message begun, one with nothing known is judged. */
struct decision *session_decide(struct session *session, const char *queue_id, int64_t now);
/* What the MTA could not be told turns the decision into the configured error. */
void session_failed(struct session *session, struct decision *decision, const char *error);
/* Writes the record of the audit file. Where that fails, a notice's decision turns into a
 * temporary failure, whatever on_error says: what is not on record must not leave. To be
 * called before the MTA hears the reply. */
void session_record(struct session *session, struct decision *decision);
/* Writes the audit line to syslog, counts, and forgets the message. */
void session_finish(struct session *session, struct decision *decision);
/* Forgets the message. Any number of times. */
void session_abort(struct session *session);

/* For lines of the log: the queue id, else the transaction's own id, else "-". */
const char *session_id(const struct session *session);

#endif
