/* judge.h - the judgement of one message, from source to verdict, without I/O
 *
 *   judge_begin:  read, facts, classify, resolve; says what it needs from outside
 *   judge_finish: checks over notice and answers, verdict
 *
 * The daemon, `crm-notice check`, the policy tests, the fuzzers and the benchmark run this code.
 */
#ifndef POLICY_JUDGE_H
#define POLICY_JUDGE_H

#include "policy/classify/classify.h"
#include "policy/notice/answers.h"

/* One check's outcome. Every row of the registry has one. */
struct check_result {
	enum finding_id finding;
	enum outcome outcome;
	enum severity severity; /* what it does to this message: for FAIL the effective severity, for
				 * CANNOT_TELL when_unknown; OFF otherwise */
	struct str detail;      /* what was measured against what is required; for NOT_APPLICABLE and
				 * CANNOT_TELL the reason */
	struct str remedy;      /* how to mend it; absent where there is nothing to say */
	const struct policy_exception *exception; /* that lowered the severity; NULL where none */
	enum severity severity_without; /* what it was before, where there is one */
	size_t *culprits;       /* indexes of the envelope recipients at fault, where a finding is
				 * about single ones */
	size_t n_culprits;
};

/* Whether it belongs among the findings: what failed and is not off, and what could not be told
 * and has an effect. */
bool check_result_is_finding(const struct check_result *result);

struct header { struct str name, value; };

struct judgement {
	struct arena *arena;
	struct policy *policy;        /* a reference is held */
	const struct envelope *envelope;
	enum policy_mode mode;
	int64_t now;
	struct message *message;
	bool candidate;

	struct view *view;            /* NULL unless candidate, as all below */
	struct classification *class;
	struct when *when;
	struct banner banner;
	struct needs needs;
	const struct milestone *milestone; /* that this mail counts for; NULL where none */
	struct str event;             /* declared, else the first reference; absent where none */

	bool notice;

	/* From judge_finish: */
	struct check_result results[FINDING_N];
	enum severity verdict;        /* ACCEPT, FLAG, QUARANTINE, TEMPFAIL or REJECT: after the mode */
	enum severity verdict_enforced; /* as it would be in mode enforce */
	struct str_list stripped;     /* envelope recipients to take off, as they came */
	struct str_list removed;      /* names of fields to remove, as often as they came, in order */
	struct str *reply;            /* SMTP reply lines, "550-5.7.1 ...", the last "550 5.7.1 ..."; */
	size_t n_reply;               /* 0 where the message is not refused */
	struct header *headers;       /* X-CRM-Notice-* to add */
	size_t n_headers;
};

/* Starts a judgement. All memory is arena's but the policy reference, which judge_done gives
 * back. source and envelope must outlive it. mode overrides the policy's where it is stricter or
 * not: pass policy->mode for none. */
struct judgement *judge_begin(struct arena *arena, struct policy *policy,
			      const struct message_source *source,
			      const struct envelope *envelope, enum policy_mode mode,
			      int64_t now);
/* Completes it. answers may be NULL where judgement->candidate is false. */
void judge_finish(struct judgement *judgement, const struct answers *answers);
void judge_done(struct judgement *judgement);

#endif
