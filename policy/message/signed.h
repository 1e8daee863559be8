/* signed.h - the octets that were signed, as they came: of multipart/signed (RFC 1847, RFC 8551
 * 3.5.3), or of what is signed in one piece (RFC 8551 3.5.2) */
#ifndef POLICY_MESSAGE_SIGNED_H
#define POLICY_MESSAGE_SIGNED_H

#include "policy/message/message.h"

struct signed_content {
	struct str content;   /* the first part whole, its header too; points into the message */
	struct str signature; /* the second part's body, in base64 as it came */
	bool carried;         /* it is one piece: the signature holds the content */
};

/* True where the whole message is a multipart/signed of just two parts, of which the second is an
 * S/MIME signature, or one piece in base64. Only then everything that a reader sees of the body is
 * signed. */
bool signed_read(const struct message *message, struct signed_content *ret_signed);

#endif
