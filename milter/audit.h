/* audit.h - one line a message: what was decided, and why
 *
 * Forms of the same facts: key=value text, a @cee: JSON object for log shippers, and the record of
 * the audit file (journal.h), a JSON object with the time. Whatever
 * comes from the mail is escaped, so that no mail can forge a line or a key.
 */
#ifndef MILTER_AUDIT_H
#define MILTER_AUDIT_H

#include "policy/judge.h"

enum audit_format { AUDIT_TEXT, AUDIT_CEE, AUDIT_RECORD };

/* Values from the mail are cut here; what was cut ends in "...". */
#define AUDIT_VALUE_MAX 300

struct audit_entry {
	struct str queue_id;         /* absent where the MTA gave none */
	struct str transaction;      /* our own id, from before there was a queue id */
	struct str client;           /* address; absent where unknown */
	struct str message_id;
	struct str from;             /* envelope sender; "" is the null sender */
	struct str sasl;             /* absent where not authenticated */
	size_t n_recipients;
	bool in_scope;               /* false: mail that is not ours to judge */
	const struct judgement *judgement; /* finished; NULL where nothing was judged */
	const char *verdict;         /* what the MTA was told */
	enum policy_mode mode;
	size_t n_stripped;           /* fields removed */
	struct str error;            /* what kept us from judging or answering; absent mostly */
	int64_t now;                 /* seconds since 1970 UTC; in a record only */
	int64_t time_us;
	unsigned generation;         /* of the configuration */
};

/* The line, without head and line end. */
struct str audit_line(struct arena *arena, enum audit_format format,
		      const struct audit_entry *entry);

/* A duration as people read it: "3d02h", "45m", "-2h05m". */
struct str audit_duration(struct arena *arena, int64_t seconds);
/* RFC 3339 in UTC, to the second. */
struct str audit_time(struct arena *arena, int64_t seconds);

#endif
