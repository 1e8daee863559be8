/* utc.h - instants and spans in words: seconds since 1970 UTC, as machines and as people write */
#ifndef POLICY_BASE_UTC_H
#define POLICY_BASE_UTC_H

#include <stdint.h>

#include "policy/base/arena.h"

#define UTC_MINUTE ((int64_t)60)
#define UTC_HOUR ((int64_t)3600)
#define UTC_DAY ((int64_t)86400)

/* "2026-03-10T22:00:00Z" (RFC 3339). */
struct str utc_stamp(struct arena *arena, int64_t seconds);
/* "2026-03-10 22:00 UTC", for sentences. */
struct str utc_words(struct arena *arena, int64_t seconds);
/* "2026-03-10" for a count of days since 1970-01-01. */
struct str utc_date(struct arena *arena, int64_t days);
/* "5 days", "3 days 11 hours", "2 hours 5 minutes": the two largest units, without the sign. */
struct str utc_span(struct arena *arena, int64_t seconds);
/* The days since 1970-01-01 of an instant, on the calendar of a zone offset seconds east. */
int64_t utc_day(int64_t seconds, int offset);

#endif
