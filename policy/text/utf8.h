/* utf8.h - UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing over 10FFFF */
#ifndef POLICY_TEXT_UTF8_H
#define POLICY_TEXT_UTF8_H

#include <stdint.h>

#include "policy/base/str.h"

/* Takes the character at *at, which must be before the end, and moves *at behind it. Bytes that
 * are no UTF-8 come back one by one as UTF8_BAD. */
#define UTF8_BAD UINT32_MAX
uint32_t utf8_next(struct str s, size_t *at);

bool utf8_is_valid(struct str s);
/* At most n bytes of a valid text, and no part of a character. */
struct str utf8_head(struct str s, size_t n);
/* Whether all bytes are under 128. */
bool utf8_is_ascii(struct str s);

#endif
