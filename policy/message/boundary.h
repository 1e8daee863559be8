/* boundary.h - the lines between the parts of a multipart, RFC 2046 5.1.1 */
#ifndef POLICY_MESSAGE_BOUNDARY_H
#define POLICY_MESSAGE_BOUNDARY_H

#include "policy/base/arena.h"

enum delimiter {
	DELIMITER_NONE,
	DELIMITER_OPEN,
	DELIMITER_CLOSE,
	DELIMITER_NEARLY, /* begins like one and goes on: another multipart's, or text */
};

/* Where a delimiter line stands in a body. */
struct delimiter_place {
	size_t begin; /* with the line end before it, which belongs to it */
	size_t line;  /* the line itself */
	size_t end;   /* behind its own line end */
};

/* What boundary_next looks for: made once for a multipart. */
struct str boundary_needle(struct arena *arena, struct str boundary);

/* The next line at or after from that begins with "--" and the boundary; *ret_place is written
 * unless there is none. */
enum delimiter boundary_next(struct str body, struct str needle, size_t from,
			     struct delimiter_place *ret_place);

/* Whether a line can be a delimiter of both: they are the same, or one is the other with "--", so
 * that the line that begins a part of one ends the other. */
bool boundary_clash(struct str a, struct str b);

#endif
