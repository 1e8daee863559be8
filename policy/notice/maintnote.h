/* maintnote.h - what a calendar part says of maintenance to machines: the X-MAINTNOTE properties of a
 * VEVENT (NANOG BCOP draft 0.1, "A machine parseable standard for formatting maintenance notifications")
 */
#ifndef POLICY_NOTICE_MAINTNOTE_H
#define POLICY_NOTICE_MAINTNOTE_H

#include "policy/rules/policy.h"

enum maintnote_status {
	MAINTNOTE_NONE,        /* not stated, unknown, or the events of the mail differ */
	MAINTNOTE_TENTATIVE,
	MAINTNOTE_CONFIRMED,
	MAINTNOTE_CANCELLED,
	MAINTNOTE_IN_PROCESS,
	MAINTNOTE_COMPLETED,
	MAINTNOTE_RESCHEDULED, /* not in the draft, but in use */
};

struct maintnote {
	struct str_list ids;     /* of the maintenance, the primary one first */
	struct str_list objects; /* what is touched: those without impact are left out */
	bool has_status;
	enum maintnote_status status;
};

/* Adds what a text/calendar part states. Values are undone of their escapes (RFC 5545, 3.3.11), and
 * without control characters. Bounded in lines, values and octets; never fails. note begins
 * zeroed; what it points to is arena's. */
void maintnote_read(struct arena *arena, struct str text, struct maintnote *note);

#endif
