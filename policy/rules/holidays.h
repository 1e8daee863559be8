/* holidays.h - holidays from an iCalendar file (RFC 5545)
 *
 * Of each VEVENT the days from DTSTART up to DTEND, whole days only, and their return every year.
 * What a repetition means is worked out for a bounded number of years and days; one that is not
 * understood is a fault, never a holiday that is silently lost. Nothing else of the file is read:
 * no zones, no alarms, no texts.
 */
#ifndef POLICY_RULES_HOLIDAYS_H
#define POLICY_RULES_HOLIDAYS_H

#include <stdint.h>

#include "policy/base/diag.h"

/* Beyond these a calendar is refused. */
#define HOLIDAYS_OCTETS_MAX ((size_t)1024 * 1024)
#define HOLIDAYS_EVENTS_MAX 5000
#define HOLIDAYS_EVENT_DAYS_MAX 366
#define HOLIDAYS_DAYS_MAX ((size_t)200000)
/* What returns for ever returns up to the end of this year. */
#define HOLIDAYS_LAST_YEAR 2150

/* Days since 1970-01-01. */
struct day_list {
	int32_t *items;
	size_t n, cap;
};

/* Adds the days of a calendar's text to the list, in the order of the file. Faults go to diag with
 * file and line; the list is then not to be used. */
void holidays_read(struct arena *arena, struct diag *diag, struct str file, struct str text,
		   struct day_list *days);
/* Puts the days in order and takes away what is there twice. */
void holidays_sort(struct day_list *days);

#endif
