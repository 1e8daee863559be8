/* zone.h - the system's time zones, read once and immutable afterwards
 *
 * The files of the system's tzdata (RFC 8536), with the rule in their footer for the years after
 * their last entry. No locale, no TZ variable, no state of libc.
 */
#ifndef POLICY_WHEN_ZONE_H
#define POLICY_WHEN_ZONE_H

#include <stdint.h>

#include "policy/base/str.h"

#define SECONDS_OF_DAY 86400

struct zone;

/* The zone of an IANA name (case is ignored) or of a Windows name; NULL where there is none. */
const struct zone *zone_find(struct str name);
const char *zone_name(const struct zone *zone);
/* Seconds east of UTC at that instant. */
int zone_offset(const struct zone *zone, int64_t utc);
/* The standard and the summer offset in the year of that instant; alike where it has no summer
 * time. */
void zone_year_offsets(const struct zone *zone, int64_t utc, int *ret_low, int *ret_high);

enum zone_local { ZONE_LOCAL_ONE, ZONE_LOCAL_GAP, ZONE_LOCAL_TWICE };
/* The instant of a wall clock time (seconds since 1970 as if it were UTC). In a gap the clock is
 * read as before the change, of a repeated hour the first is taken; *ret_kind says so. */
int64_t zone_to_utc(const struct zone *zone, int64_t wall, enum zone_local *ret_kind);

/* False where the system has no time zone files. */
bool zone_prepare(void);

/* Days since 1970-01-01 of a date of the Gregorian calendar, and back. */
int64_t civil_days(int year, int month, int day);
void civil_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day);
int civil_month_length(int year, int month);
/* 0 Sunday ... 6 Saturday. */
int civil_weekday(int64_t days);
/* The day of the month of its nth weekday: 1 to 5, or -1 the last. */
int civil_nth_weekday(int year, int month, int nth, int weekday);

#endif
