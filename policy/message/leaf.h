/* leaf.h - what stands in a part that has none below it: transfer encoding undone, text as UTF-8
 *
 * Decodes no more than the limits leave, and nothing that nobody looks at: an attachment of 20 MB
 * costs as little as a small one.
 */
#ifndef POLICY_MESSAGE_LEAF_H
#define POLICY_MESSAGE_LEAF_H

#include "policy/message/message.h"
#include "policy/message/parameter.h"

/* Text that is decoded, and has a limit, each of its own: what is not shown takes no room from
 * what is. */
enum text_budget { TEXT_HTML, TEXT_OTHER, TEXT_ATTACHED, TEXT_BUDGETS };

/* The leaves of one message are read by one of these. */
struct leaf_reader {
	struct message *message;
	const struct message_limits *limits;
	size_t used[TEXT_BUDGETS]; /* octets that were decoded */
};

/* Fills part->octets and part->text from part->encoded; encoding is the Content-Transfer-Encoding
 * field, label what the part is called in an ambiguity. */
void leaf_read(struct leaf_reader *reader, struct part *part,
	       const struct parameter_field *encoding, struct str label);

/* A body with its encoding undone: in the arena, or body itself. *ret_odd: it is not clean, and
 * readers mend it differently. */
struct str leaf_decode(struct arena *arena, const struct parameter_field *encoding, struct str body,
		       bool *ret_odd);
/* Whether decoding would change anything. */
bool leaf_is_encoded(const struct parameter_field *encoding);
/* Reports an encoding that is none, or that a composite part may not have (RFC 2045 6.4). */
void leaf_check_encoding(struct leaf_reader *reader, const struct parameter_field *encoding,
			 struct str label, bool composite);

/* Whether what stands in attached messages is looked at: only where they are all that there is. */
bool leaf_attached_counts(const struct message *message);

/* Whether a reader may be shown the part: in what is merely attached nobody's reading differs. */
bool leaf_may_be_shown(const struct message *message, const struct part *part);

#endif
