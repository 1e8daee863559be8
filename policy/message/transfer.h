/* transfer.h - base64 and quoted-printable (RFC 2045 6.7, 6.8), undone
 *
 * Both read on over what is wrong, as mail readers do, and say so: what one reader skips another
 * shows or stops at.
 */
#ifndef POLICY_MESSAGE_TRANSFER_H
#define POLICY_MESSAGE_TRANSFER_H

#include "policy/base/arena.h"

/* *ret_odd: bytes outside the alphabet but for white space, something after the padding, or six
 * bits left over. Missing padding is forgiven, since every reader does. */
struct str transfer_base64(struct arena *arena, struct str encoded, bool *ret_odd);

/* *ret_odd: "=" that is followed by neither two hex digits nor a line end. */
struct str transfer_quoted_printable(struct arena *arena, struct str encoded, bool *ret_odd);

/* What no reader of today need know, but some do; for a second look at an unknown encoding. */
struct str transfer_uuencode(struct arena *arena, struct str encoded);

/* The value of a hex digit, or -1. */
int hex_digit(char c);

#endif
