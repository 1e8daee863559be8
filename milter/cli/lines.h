/* lines.h - a file's lines one by one, in bounded memory and time, whatever the file is */
#ifndef MILTER_CLI_LINES_H
#define MILTER_CLI_LINES_H

#include <stdbool.h>
#include <stdio.h>

#include "policy/base/str.h"

/* How much of a line without an end is read before it is taken for none. */
#define LINES_ENDLESS ((size_t)16 * 1024 * 1024)

enum line_kind {
	LINE_WHOLE,
	LINE_CUT,     /* the last one, which has no end */
	LINE_LONG,    /* longer than max: its beginning, and the rest was passed over */
	LINE_ENDLESS, /* over LINES_ENDLESS octets: nothing more is read */
	LINE_NONE,    /* the end of the file, or an error: ferror says which */
};

struct lines {
	FILE *stream; /* the caller's */
	char *room;   /* max octets */
	size_t max;
};

/* max is the longest line, in octets without its end. */
void lines_init(struct lines *lines, FILE *stream, size_t max);
void lines_done(struct lines *lines);
/* The next line without its end; the text lives until the next call. */
enum line_kind lines_next(struct lines *lines, struct str *ret_line);

#endif
