/* signed.h - multipart/signed (RFC 1847, RFC 8551 3.5.3): the octets that were signed, as they came */
#ifndef POLICY_MESSAGE_SIGNED_H
#define POLICY_MESSAGE_SIGNED_H

#include "policy/message/message.h"

struct signed_content {
	struct str content;   /* the first part whole, its header too; points into the message */
	struct str signature; /* the second part's body, in base64 as it came */
};

/* True where the whole message is a multipart/signed of just two parts, of which the second is an
 * S/MIME signature. Only then everything that a reader sees of the body is signed. */
bool signed_read(const struct message *message, struct signed_content *ret_signed);

#endif
