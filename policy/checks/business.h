/* business.h - the policy's business days: all but its weekend and its holidays
 *
 * Days are numbers since 1970-01-01, on the calendar of the policy's business-days.timezone; where
 * it has none, of the zone that the mail states its start in; where it states none, of the policy's
 * timezone.
 */
#ifndef POLICY_CHECKS_BUSINESS_H
#define POLICY_CHECKS_BUSINESS_H

#include "policy/when/when.h"
#include "policy/rules/policy.h"

/* The day of an instant. */
int64_t business_day(const struct policy *policy, const struct when *when, int64_t at);
/* When the day begins, in seconds since 1970 UTC. */
int64_t business_day_begin(const struct policy *policy, const struct when *when, int64_t day);
/* Business days after first, up to last; counting stops at enough. */
unsigned business_days_between(const struct policy *policy, int64_t first, int64_t last,
			       unsigned enough);
/* The n-th business day after first. Gives up years later, where every day is a holiday. */
int64_t business_day_after(const struct policy *policy, int64_t first, unsigned n);

#endif
