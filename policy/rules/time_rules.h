/* time_rules.h - what a category demands of time: how early, how late, when in the day, how often
 *
 * Plain data, read from the `time` of a category; the checks measure mails against it.
 */
#ifndef POLICY_RULES_TIME_RULES_H
#define POLICY_RULES_TIME_RULES_H

#include <stdint.h>

#include "policy/base/str.h"

enum phase {
	PHASE_INITIAL,
	PHASE_REMINDER,
	PHASE_UPDATE,
	PHASE_FINAL,
	PHASE_REPORT,
	PHASE_CANCELLED,
	PHASE_N,
};
const char *phase_name(enum phase phase);
bool phase_parse(struct str name, enum phase *ret_phase);

/* How an event's time is read for a category (POLICY.md, settled 11). */
enum time_direction { TIME_ADVANCE, TIME_NEAREST };

/* The least notice: before the start, all that is not 0. */
struct time_floor {
	int64_t seconds;
	unsigned business_days;
	unsigned calendar_days; /* for lead-time.partial-day */
};

/* A mail of a series: due `before` seconds before the start, or after the end for a post mail. */
struct milestone {
	struct str name;       /* "90d" */
	int64_t before;        /* seconds before the start */
	int64_t tolerance;     /* seconds either way */
	bool after;            /* due after the end instead, until tolerance seconds after it */
	bool approval;         /* approve-or-reschedule is owed in it */
};

/* What a follow-up is counted from. */
enum time_anchor {
	ANCHOR_NONE,         /* no deadline */
	ANCHOR_START,        /* the event's stated start */
	ANCHOR_END,          /* its stated end */
	ANCHOR_RESOLUTION,   /* what ended an incident: its stated end, else the mail on record that
			      * said so */
	ANCHOR_ANNOUNCEMENT, /* the first mail of the event on record */
	ANCHOR_PREVIOUS,     /* the last one on record that a recipient of this mail got */
	ANCHOR_N,
};

/* By when the first mail of a phase is owed: so long, or so many business days, after an anchor. */
struct time_deadline {
	enum time_anchor after;
	int64_t within;         /* seconds; 0: business_days count */
	unsigned business_days;
};

enum window_zone { WINDOW_INSTANCE, WINDOW_POLICY, WINDOW_NAMED };

/* The hours of the day that the event lies within. */
struct time_window {
	bool stated;
	int from, to;          /* minutes after midnight; a `to` that is not later is the next day's */
	enum window_zone in;   /* whose hours: those of each instance in scope, of the policy, of zone */
	struct str zone;       /* IANA name, of WINDOW_NAMED */
	unsigned days;         /* weekdays on which it opens, bit 0 Sunday; 0: all */
};

/* How often an event that goes on is told of. */
struct time_cadence {
	int64_t every;         /* seconds after the mail before; 0: no cadence */
	int64_t tolerance;     /* seconds later than that */
	enum phase until;      /* the last mail that is held to it */
};

/* How long mails of the category go on after the organization's purchase. */
struct time_span {
	unsigned years; /* of the calendar */
	unsigned days;  /* or so many days; both 0: for ever */
};

struct time_rules {
	bool required;               /* lead-time.missing */
	bool in_advance;             /* lead-time.past; implied by a floor */
	enum time_direction direction;
	struct time_floor floor;
	struct milestone *milestones;
	size_t n_milestones;
	struct time_deadline deadlines[PHASE_N]; /* of the first mail of each phase */
	struct time_window window;
	struct time_cadence cadence;
	struct time_span span;
};

static inline bool floor_stated(const struct time_floor *floor)
{
	return floor->seconds > 0 || floor->business_days > 0;
}

static inline bool deadline_stated(const struct time_deadline *deadline)
{
	return deadline->after != ANCHOR_NONE;
}

static inline bool span_stated(const struct time_span *span)
{
	return span->years > 0 || span->days > 0;
}

/* Whether the first mail is owed so soon after the start: such events are incidents. */
static inline bool time_is_incident(const struct time_rules *time)
{
	return time->deadlines[PHASE_INITIAL].after == ANCHOR_START;
}

#endif
