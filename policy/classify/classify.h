/* classify.h - is it a notice, of which category, in which phase, and why
 *
 * Weighted signals over what a reader sees. Pure: the same view, policy and time give the same
 * answer.
 */
#ifndef POLICY_CLASSIFY_CLASSIFY_H
#define POLICY_CLASSIFY_CLASSIFY_H

#include "policy/message/view.h"
#include "policy/notice/banner.h"
#include "policy/notice/maintnote.h"
#include "policy/when/when.h"
#include "policy/rules/policy.h"

/* The envelope as the MTA or the command line gives it. */
struct envelope {
	struct str from;        /* without brackets; empty for the null sender, absent if unknown */
	struct str *recipients; /* local@domain, domain as given */
	size_t n_recipients;
	struct str sasl;        /* authenticated name; absent where none */
	struct str tls;         /* subject of the client certificate, verified; absent where none */
};

struct evidence {
	struct str signal;
	struct str where;      /* "subject", "heading", "body", "header", ... */
	struct str text;       /* the words that matched, as the reader sees them */
	double weight;
	const struct category *category; /* NULL for evidence against any notice */
};

/* What the mail refers to and promises, as its reader sees it. */
struct references {
	struct str_list events, incidents, cases; /* numbers as written; declared event id apart */
	struct str_list scope_tokens; /* words and URL hosts that may name instances or organizations */
	struct str_list unaffected_tokens; /* those the text says are not touched */
	bool approve, reschedule;     /* content.approval: both, as link or text */
	bool resolved, restored;
	bool health_page;
	unsigned report_fields;       /* bits 0-5: description, root cause, customer impact, start,
				       * resolution, next steps */
};

struct classification {
	bool notice;
	const struct category *category; /* best one, as it is in its variant; NULL where notice is
					  * false */
	const struct variant *variant;   /* that the mail is; NULL where none */
	const struct category *second;   /* the next best, may be NULL */
	double score, second_score;
	bool ambiguous;                  /* category.ambiguous */
	const struct category *declared; /* the declared one; NULL where none, or unknown to the policy */
	bool conflict;                   /* category.conflict */
	struct str conflict_detail;
	bool sender_listed;              /* or the policy lists none */
	bool obfuscated;                 /* a signal that counted matched in disguise only */
	struct str obfuscated_text;
	bool title_visible;              /* the category's title in subject or heading */
	bool title_hidden;               /* only in hidden text */
	bool title_disguised;            /* visible, but matched in disguise only */
	bool under_way, completed;       /* settled 15: not an announcement */
	bool moved;                      /* a moved announcement: brought forward, postponed */
	enum phase phase;
	struct references references;
	struct references hidden;        /* what only hidden text says */
	struct maintnote maintnote;      /* what calendar parts say to machines */
	bool only_calendar_timed;        /* no time is stated but in calendar parts, if at all */
	struct str other_event;          /* the event that calendar parts are about, where it is none of
					  * those that the text names; absent where all is well */
	struct evidence *evidence;       /* of the best category, strongest first */
	size_t n_evidence;
};

/* Cheap first gate: false means that no reading of this message can be a notice, and nothing
 * else of it needs to be looked at. Looks at the envelope, the fields, the part types and one
 * pass over decoded text. */
bool classify_candidate(struct arena *arena, struct message *message,
			const struct envelope *envelope, const struct policy *policy);

/* Classifies. banner is without outside answers at this point (images unknown). */
struct classification *classify(struct arena *arena, const struct view *view,
				const struct when_facts *when, const struct banner *banner,
				const struct envelope *envelope, const struct policy *policy,
				int64_t now);

#endif
