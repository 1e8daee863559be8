/* parameter.h - Content-Type, Content-Disposition and the like: a value and its parameters
 *
 * RFC 2045 5.1 with RFC 2231's charsets and continuations. Whatever two readers could take
 * differently is kept with both its readings.
 */
#ifndef POLICY_MESSAGE_PARAMETER_H
#define POLICY_MESSAGE_PARAMETER_H

#include "policy/base/arena.h"

struct parameter {
	struct str name;  /* lower case, without RFC 2231's stars */
	struct str value; /* decoded, UTF-8 where it came encoded */
	struct str other; /* what another reader would take for it; absent where nothing */
	unsigned times;   /* how often it is given in one form or another */
	bool conflict;    /* the forms contradict each other, or a continuation is broken */
	bool encoded_word;
};

struct parameter_field {
	struct str value; /* lower case, without comments: "text/html", "attachment", "base64" */
	bool junk;        /* quotes around the value, or what is no parameter behind it */
	struct parameter *items;
	size_t n;
};

/* Reads a field's value as it came. Never fails; at most 100 parameters. */
void parameter_field_read(struct arena *arena, struct str raw, struct parameter_field *ret_field);

/* The parameter of this name, or NULL. */
const struct parameter *parameter_find(const struct parameter_field *field, const char *name);
/* Its value, absent where there is none. */
struct str parameter_value(const struct parameter_field *field, const char *name);

#endif
