/* content_line.h - the lines of iCalendar (RFC 5545, 3.1), unfolded and taken apart
 *
 * For the calendar parts of mails and for calendars of holidays alike.
 */
#ifndef POLICY_TEXT_CONTENT_LINE_H
#define POLICY_TEXT_CONTENT_LINE_H

#include "policy/base/arena.h"

/* Longer lines are cut: no time is that long. */
#define CONTENT_LINE_MAX 2000

struct content_reader {
	struct arena *arena; /* for lines that had to be joined */
	struct str rest;
	unsigned line;       /* of the text, from 1: the next one's */
};

struct content_line {
	struct str name, parameters, value; /* name absent where the line is none: it has no colon */
	unsigned line;
};

/* A reader of text, from its first line. */
struct content_reader content_reader_of(struct arena *arena, struct str text);
/* False at the end. The parts point into the text or the arena. */
bool content_line_next(struct content_reader *reader, struct content_line *ret_line);
/* The value of a line's parameter, without quotes; absent where it is not given. */
struct str content_parameter(struct str parameters, const char *name);

#endif
