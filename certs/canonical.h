/* canonical.h - header fields and bodies in the relaxed canonical form of RFC 6376 3.4 */
#ifndef CERTS_CANONICAL_H
#define CERTS_CANONICAL_H

#include "policy/base/buf.h"

/* Appends "name:value CRLF" in relaxed form (3.4.2): the name in lower case, folds undone, runs of
 * white space as one space, none at the ends. */
void canonical_field(struct buf *out, struct str name, struct str value);

/* SHA-256 of the body in relaxed form (3.4.4): white space at line ends gone, runs of it as one
 * space, empty lines at the end gone. Lines may end in CRLF or LF. False where the crypto library
 * fails. */
bool canonical_body_hash(struct str body, unsigned char ret_digest[32]);

#endif
