/* floor.h - how early a notice must be: in hours, in business days, or in both
 *
 * Business days are the policy's (weekend and holidays). They are counted on the calendar of the
 * zone that the mail states, from the day after a mail was accepted to the day of the start.
 */
#ifndef POLICY_CHECKS_FLOOR_H
#define POLICY_CHECKS_FLOOR_H

#include "policy/notice/when.h"
#include "policy/rules/policy.h"

/* Whether the category has a least notice at all. */
static inline bool floor_stated(const struct category *category)
{
	return category->floor_seconds > 0 || category->floor_business_days > 0;
}

/* Whether a mail accepted at `at` is early enough for the stated start. */
bool floor_met(const struct policy *policy, const struct category *category,
	       const struct when *when, int64_t at);
/* The same of the business days alone. */
bool floor_business_met(const struct policy *policy, const struct category *category,
			const struct when *when, int64_t at);
/* The earliest start that a mail accepted at `at` could announce; offset is its zone's. */
int64_t floor_earliest(const struct policy *policy, const struct category *category, int offset,
		       int64_t at);
/* "5 days (120 hours)", "10 business days". */
struct str floor_words(struct arena *arena, const struct category *category);

/* Business days after first, up to last (days since 1970-01-01); counting stops at enough. */
unsigned floor_business_days(const struct policy *policy, int64_t first, int64_t last,
			     unsigned enough);

#endif
