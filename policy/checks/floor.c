#include "policy/checks/floor.h"

#include "policy/base/utc.h"

/* A policy whose every day is a holiday must not count for ever. */
#define DAYS_MAX 3660

static bool is_business_day(const struct policy *policy, int64_t day)
{
	/* 1970-01-01 was a Thursday. */
	unsigned weekday = (unsigned)((day % 7 + 7 + 4) % 7);

	if (policy->weekend & (1u << weekday))
		return false;
	for (size_t i = 0; i < policy->n_holidays; i++) {
		if (policy->holidays[i] == day)
			return false;
	}
	return true;
}

unsigned floor_business_days(const struct policy *policy, int64_t first, int64_t last,
			     unsigned enough)
{
	unsigned n = 0;

	for (int64_t day = first + 1; day <= last && n < enough && day - first < DAYS_MAX; day++)
		n += is_business_day(policy, day);
	return n;
}

bool floor_business_met(const struct policy *policy, const struct category *category,
			const struct when *when, int64_t at)
{
	unsigned days = category->floor_business_days;

	return floor_business_days(policy, utc_day(at, when->start_offset),
				   utc_day(when->start, when->start_offset), days) >= days;
}

bool floor_met(const struct policy *policy, const struct category *category,
	       const struct when *when, int64_t at)
{
	return when->start - at >= category->floor_seconds &&
	       floor_business_met(policy, category, when, at);
}

int64_t floor_earliest(const struct policy *policy, const struct category *category, int offset,
		       int64_t at)
{
	int64_t earliest = at + category->floor_seconds, first = utc_day(at, offset), day = first;
	unsigned left = category->floor_business_days;

	while (left > 0 && day - first < DAYS_MAX)
		left -= is_business_day(policy, ++day);
	day = day * UTC_DAY - offset;
	return category->floor_business_days > 0 && day > earliest ? day : earliest;
}

struct str floor_words(struct arena *arena, const struct category *category)
{
	struct str hours = STR_LIT("");

	if (category->floor_seconds > 0)
		hours = arena_printf(arena, "%s (%lld hours)",
				     utc_span(arena, category->floor_seconds).p,
				     (long long)(category->floor_seconds / UTC_HOUR));
	if (category->floor_business_days == 0)
		return hours;
	return arena_printf(arena, "%.*s%s%u business days", STR_ARG(hours),
			    hours.n > 0 ? " and " : "", category->floor_business_days);
}
