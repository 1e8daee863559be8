#include "policy/checks/floor.h"

#include "policy/base/utc.h"
#include "policy/checks/business.h"

bool floor_business_met(const struct policy *policy, const struct category *category,
			const struct when *when, int64_t at)
{
	unsigned days = category->time.floor.business_days;

	return days == 0 ||
	       business_days_between(policy, business_day(policy, when, at),
				     business_day(policy, when, when->start), days) >= days;
}

bool floor_met(const struct policy *policy, const struct category *category,
	       const struct when *when, int64_t at)
{
	return when->start - at >= category->time.floor.seconds &&
	       floor_business_met(policy, category, when, at);
}

int64_t floor_earliest(const struct policy *policy, const struct category *category,
		       const struct when *when, int64_t at)
{
	const struct time_floor *floor = &category->time.floor;
	int64_t earliest = at + floor->seconds, day;

	if (floor->business_days == 0)
		return earliest;
	day = business_day_after(policy, business_day(policy, when, at), floor->business_days);
	day = business_day_begin(policy, when, day);
	return day > earliest ? day : earliest;
}

struct str floor_words(struct arena *arena, const struct category *category)
{
	const struct time_floor *floor = &category->time.floor;
	struct str hours = STR_LIT("");

	if (floor->seconds > 0)
		hours = arena_printf(arena, "%s (%lld hours)", utc_span(arena, floor->seconds).p,
				     (long long)(floor->seconds / UTC_HOUR));
	if (floor->business_days == 0)
		return hours;
	return arena_printf(arena, "%.*s%s%u business day%s", STR_ARG(hours),
			    hours.n > 0 ? " and " : "", floor->business_days,
			    floor->business_days == 1 ? "" : "s");
}
