#include "policy/checks/business.h"

#include "policy/base/utc.h"
#include "policy/when/zone.h"

/* A policy whose every day is a holiday must not count for ever. */
#define DAYS_MAX 3660

/* NULL: the offset that the start is stated with. */
static const struct zone *business_zone(const struct policy *policy, const struct when *when)
{
	if (policy->business_zone.n > 0)
		return zone_find(policy->business_zone);
	return when->has_start ? NULL : zone_find(policy->timezone);
}

int64_t business_day(const struct policy *policy, const struct when *when, int64_t at)
{
	const struct zone *zone = business_zone(policy, when);

	return utc_day(at, zone != NULL ? zone_offset(zone, at) : when->start_offset);
}

int64_t business_day_begin(const struct policy *policy, const struct when *when, int64_t day)
{
	const struct zone *zone = business_zone(policy, when);
	enum zone_local kind;

	return zone != NULL ? zone_to_utc(zone, day * UTC_DAY, &kind)
			    : day * UTC_DAY - when->start_offset;
}

static bool is_holiday(const struct policy *policy, int64_t day)
{
	size_t low = 0, high = policy->holidays.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (policy->holidays.items[middle] == day)
			return true;
		if (policy->holidays.items[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static bool is_business_day(const struct policy *policy, int64_t day)
{
	return !(policy->weekend & (1u << civil_weekday(day))) && !is_holiday(policy, day);
}

unsigned business_days_between(const struct policy *policy, int64_t first, int64_t last,
			       unsigned enough)
{
	unsigned n = 0;

	for (int64_t day = first + 1; day <= last && n < enough && day - first < DAYS_MAX; day++)
		n += is_business_day(policy, day);
	return n;
}

int64_t business_day_after(const struct policy *policy, int64_t first, unsigned n)
{
	int64_t day = first;

	while (n > 0 && day - first < DAYS_MAX)
		n -= is_business_day(policy, ++day);
	return day;
}
