/* floor.h - how early a notice must be: in hours, in business days, or in both
 *
 * Business days are counted from the day after a mail was accepted to the day of the start.
 */
#ifndef POLICY_CHECKS_FLOOR_H
#define POLICY_CHECKS_FLOOR_H

#include "policy/when/when.h"
#include "policy/rules/policy.h"

/* Whether a mail accepted at `at` is early enough for the stated start. */
bool floor_met(const struct policy *policy, const struct category *category,
	       const struct when *when, int64_t at);
/* The same of the business days alone. */
bool floor_business_met(const struct policy *policy, const struct category *category,
			const struct when *when, int64_t at);
/* The earliest start that a mail accepted at `at` could announce in the zone of the stated one. */
int64_t floor_earliest(const struct policy *policy, const struct category *category,
		       const struct when *when, int64_t at);
/* "5 days (120 hours)", "10 business days". */
struct str floor_words(struct arena *arena, const struct category *category);

#endif
