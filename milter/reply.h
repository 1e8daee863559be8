/* reply.h - a decision as the milter protocol can say it: text prepared, no libmilter here */
#ifndef MILTER_REPLY_H
#define MILTER_REPLY_H

#include "policy/base/arena.h"

/* smfi_setmlreply's bounds: lines, and octets of one. */
#define REPLY_LINES_MAX 32
#define REPLY_LINE_OCTETS 900

struct smtp_reply {
	char code[4];      /* "550" */
	char enhanced[12]; /* "5.7.1" */
	char *lines[REPLY_LINES_MAX]; /* NUL-terminated; % doubled, no control characters */
	size_t n_lines;
};

/* Takes reply lines ("550-5.7.1 text") apart. code is the class asked for, '4' or '5': lines of
 * another class would be dropped in silence by libmilter, so they get the class's own code. Never
 * without a line. */
void smtp_reply_prepare(struct arena *arena, char class, const struct str *lines, size_t n,
			struct smtp_reply *ret_reply);

/* A field's value as it goes on the wire: control characters gone, folded (LF and a tab) where
 * a line would be longer than 78 octets at spaces, and than 900 at commas too. leading_space: the
 * value has to bring the space after the colon. */
char *field_value_prepare(struct arena *arena, struct str name, struct str value,
			  bool leading_space);

#endif
