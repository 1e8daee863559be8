/* vtimezone.h - what a calendar part says of a time zone that the system does not know
 *
 * Two offsets and the days on which they change (RFC 5545, 3.6.5), computed for the year that is
 * asked for; no rule is ever expanded.
 */
#ifndef POLICY_WHEN_VTIMEZONE_H
#define POLICY_WHEN_VTIMEZONE_H

#include "policy/when/mentions.h"
#include "policy/text/content_line.h"

#define VTIMEZONES_MAX 8

/* Standard or summer time: from when on in each year, and how far from UTC. */
struct observance {
	bool has, yearly;
	int minutes;             /* east of UTC */
	int month, nth, weekday; /* of a yearly one: nth 1..4, -1 the last */
	int seconds;             /* since midnight, by the clock before it */
	int64_t since;           /* wall clock seconds since 1970 of the first time */
};

struct vtimezone {
	struct str id;
	struct observance standard, daylight;
};

struct vtimezones {
	struct vtimezone items[VTIMEZONES_MAX];
	size_t n;
};

/* The VTIMEZONEs of text; those beyond VTIMEZONES_MAX are not read. */
void vtimezones_read(struct arena *arena, struct str text, struct vtimezones *zones);
/* Minutes east of UTC at the stamp's date and clock time in the zone of that TZID; false where the
 * part does not tell. */
bool vtimezone_offset(const struct vtimezones *zones, struct str tzid, const struct stamp *stamp,
		      int *ret_minutes);

/* n digits at that offset of a value; false where they are none. */
bool content_digits(struct str text, size_t at, size_t n, int *ret_value);

#endif
