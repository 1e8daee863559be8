/* opaque.h - S/MIME in one piece (RFC 8551 3.4.2): what a CMS structure holds, without OpenSSL
 *
 * Mail readers show what stands in SignedData whether or not the signature holds; so the content is
 * taken out here, and nothing is verified: that is certs/cms.h's. Only as much of RFC 5652 and
 * X.690 is read as leads to the content.
 */
#ifndef POLICY_MESSAGE_OPAQUE_H
#define POLICY_MESSAGE_OPAQUE_H

#include "policy/base/arena.h"

enum opaque {
	OPAQUE_SIGNED,     /* SignedData with its content */
	OPAQUE_EMPTY,      /* SignedData without one: certificates alone, or a detached signature */
	OPAQUE_UNREADABLE, /* encrypted or compressed, or a type that is not known */
	OPAQUE_MALFORMED,  /* no CMS */
};

/* Reads a DER or BER structure. *ret_content is written for OPAQUE_SIGNED alone; it points into
 * octets, or into arena where the content came in pieces. At most 16 levels deep. */
enum opaque opaque_read(struct arena *arena, struct str octets, struct str *ret_content);

#endif
