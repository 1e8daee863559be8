/* milestone.h - which mail of a series is due at a time (POLICY.md, settled 3) */
#ifndef POLICY_NOTICE_MILESTONE_H
#define POLICY_NOTICE_MILESTONE_H

#include "policy/when/when.h"
#include "policy/rules/policy.h"

/* The milestone of category that a mail sent now counts for, or NULL where it is near none, the
 * category is no series, or no start is stated. completed: the mail says that the update is
 * done, so that it is the mail after it. */
const struct milestone *milestone_find(const struct category *category, const struct when *when,
				       bool completed, int64_t now);

#endif
