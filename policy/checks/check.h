/* check.h - what a check is given, what it hands back, and what several of them ask
 *
 * A check is a function over the judgement and the answers that sets its own row of results. It
 * is asked only where it applies (registry.c sees to directory, ledger and category) and starts
 * as PASS.
 */
#ifndef POLICY_CHECKS_CHECK_H
#define POLICY_CHECKS_CHECK_H

#include "policy/base/map.h"
#include "policy/base/utc.h"
#include "policy/judge.h"

struct check {
	struct arena *arena;
	const struct judgement *judgement;
	const struct policy *policy;
	const struct category *category; /* NULL for checks that do not need it, where unknown */
	const struct classification *class;
	const struct when *when;
	const struct answers *answers;
	int64_t now;
};

/* Outcomes. detail says what was measured against what is required, in words that need no other
 * source; remedy, how to mend it (NULL for none). Neither names a contact's whole address: the
 * texts leave in rejections. */
void check_fail(const struct check *check, struct check_result *result, const char *remedy,
		const char *detail, ...) __attribute__((format(printf, 4, 5)));
void check_not_applicable(const struct check *check, struct check_result *result,
			  const char *reason, ...) __attribute__((format(printf, 3, 4)));
void check_cannot_tell(const struct check *check, struct check_result *result,
		       const char *reason, ...) __attribute__((format(printf, 3, 4)));
/* As cannot_tell, for a directory or ledger that did not answer: the message is deferred. Why is
 * not said: a backend's error may quote a row of another customer, and is for the log. */
void check_unanswered(const struct check *check, struct check_result *result, const char *backend);

/* Whether the address is in one of the policy's internal domains. */
bool check_is_internal(const struct policy *policy, struct str address);
/* The contact's address as a rejection may show it: "a***@contoso.example". */
struct str check_masked(const struct check *check, struct str address);

/* Whether the event's scope is known, and whether a contact has an instance in it. */
static inline bool check_scope_known(const struct check *check)
{
	return check->answers->n_scope > 0;
}
bool check_in_scope(const struct check *check, const struct contact *contact);

/* Whether the category refers back to what another category told (service restored does), and
 * whether a mail of its own must have gone before its last one (major incidents). */
bool check_follows_others(const struct check *check);
bool check_follows_itself(const struct check *check);

/* Whether a recorded notice is about this mail's event. Where the mail names its event, the
 * numbers decide; where it names none, the same start does, or, where either start is unknown,
 * a recipient in common within the last days. */
bool check_same_event(const struct check *check, const struct history_entry *entry);
/* The oldest recorded notice of this category about this event, or NULL. */
const struct history_entry *check_first_told(const struct check *check);
/* Whether a notice of entry's category is one that this category follows. */
bool check_follows_entry(const struct check *check, const struct history_entry *entry);
/* Whether one of the mail's recipients is among the entry's. */
bool check_recipient_told(const struct check *check, const struct history_entry *entry);

/* Whether a recorded notice was the milestone's mail for this event. Records that state no
 * milestone are judged by their day. */
bool check_is_milestone(const struct check *check, const struct history_entry *entry,
			const struct milestone *milestone);

/* The addresses of this mail's recipients and of notices recorded about the event; in a series,
 * of its mails for this milestone alone, for each is owed to everyone. */
void check_told(const struct check *check, struct map *ret_told);

#endif
