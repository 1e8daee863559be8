/* choose.h - which of a place's mentions is the event */
#ifndef POLICY_WHEN_CHOOSE_H
#define POLICY_WHEN_CHOOSE_H

#include "policy/when/settle.h"

#define CHOICE_DAYS_MAX 16

struct choice {
	bool has_start, has_end;
	struct settled start, end;
	const struct mention *mention;
	struct str text;
	bool relative;              /* "tonight" alone: too vague to contradict */
	int64_t days[CHOICE_DAYS_MAX]; /* local dates that the place names for a start */
	size_t n_days;
	bool conflict;              /* with itself: two zones, a weekday */
	struct str conflict_detail;
};

/* The event as source states it. day is what other places say, for a clock time without a date;
 * has_day false where they say nothing. */
struct choice choose(struct settle_context *context, const struct when_source *source, bool has_day,
		     int64_t day);

/* The first date that a source names for an event, for the other sources' clock times. */
bool choose_day(struct settle_context *context, const struct when_source *source,
		int64_t *ret_day);

/* Left out of a reading: decoys, choices, reserves, and what held before unless that is wanted. */
bool mention_is_excluded(const struct settle_context *context, const struct mention *mention);

#endif
