/* entities.h - character references of HTML, named and numeric */
#ifndef POLICY_HTML_ENTITIES_H
#define POLICY_HTML_ENTITIES_H

#include <stdint.h>

#include "policy/base/str.h"

/* s begins after "&". The octets that the reference takes, its semicolon included, or 0 where it
 * is none; ret_code_points[1] is 0 for a single character. */
size_t entity_named(struct str s, bool in_attribute, uint32_t ret_code_points[2]);

/* s begins after "&#". As above; a value that is no character becomes U+FFFD. */
size_t entity_numeric(struct str s, uint32_t *ret_code_point);

#endif
