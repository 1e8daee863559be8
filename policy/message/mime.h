/* mime.h - the tree of parts, RFC 2045 and 2046 */
#ifndef POLICY_MESSAGE_MIME_H
#define POLICY_MESSAGE_MIME_H

#include "policy/message/message.h"

/* Whether a message may have this field once only (POLICY.md, settled 13). */
bool mime_is_singleton(struct str name);

/* Fills message->parts from message->source, adding to the lists of ambiguities and breaches.
 *
 * Where an entity can be read in two ways (two Content-Types, two boundaries) it is in the list
 * twice, once for each, so that what any reader would show is there to be judged; that it is
 * ambiguous is in the list of ambiguities. */
void mime_parse(struct message *message, const struct message_limits *limits);

#endif
