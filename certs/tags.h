/* tags.h - a tag list (RFC 6376 3.2): "v=1; a=...; b=..." */
#ifndef CERTS_TAGS_H
#define CERTS_TAGS_H

#include "policy/base/arena.h"

#define TAGS_MAX 32

struct tag { struct str name, value; };

struct tags {
	struct tag items[TAGS_MAX];
	size_t n;
};

/* Reads a list; values keep their inner white space. False where a tag has no "=", a name is not
 * a letter followed by letters, digits or "_", a tag stands twice, or there are more than
 * TAGS_MAX. An empty piece is allowed only at the end. */
bool tags_parse(struct str text, struct tags *ret_tags);
/* The value, absent where the tag is. */
struct str tags_get(const struct tags *tags, const char *name);

#endif
