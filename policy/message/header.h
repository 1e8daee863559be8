/* header.h - the lines above the first empty one, as fields */
#ifndef POLICY_MESSAGE_HEADER_H
#define POLICY_MESSAGE_HEADER_H

#include "policy/message/message.h"

/* One header field, or the line that is none. */
enum header_line {
	HEADER_FIELD,
	HEADER_NO_FIELD, /* no colon, no name, 8-bit or blank within the name: skipped */
	HEADER_END,      /* the empty line, which is taken too, or the end of the text */
};

/* Takes one field with its continuation lines from *rest. Lines end in CRLF, and in a lone LF
 * too. *ret_name is without white space before the colon; *ret_value as it came, folds and all,
 * without the last line end. Both are written for HEADER_FIELD only. */
enum header_line header_next(struct str *rest, struct str *ret_name, struct str *ret_value);

/* Whether a line that is no field may be passed over because fields and an empty line follow:
 * else it is the first line of a body that nothing separates from its header. */
bool header_goes_on(struct str after);

/* The fields of a part; at most max of them, the rest is passed over. *text is moved to the
 * body. *ret_defects are RAW_NO_COLON and RAW_TOO_MANY_FIELDS. */
size_t header_read(struct arena *arena, struct str *text, size_t max, struct field **ret_fields,
		   unsigned *ret_defects);

/* Without folds: a line end that white space follows goes, as RFC 5322 2.2.3 has it; control
 * characters become spaces, and both ends are trimmed. */
struct str header_unfold(struct arena *arena, struct str value);

/* The number of fields of this name, and the first and last of them (NULL where there is none). */
size_t header_find(const struct field *fields, size_t n, const char *name,
		   const struct field **ret_first, const struct field **ret_last);

#endif
