/* date.h - the Date field, RFC 5322 3.3 with the obsolete zones of 4.3 */
#ifndef POLICY_MESSAGE_DATE_H
#define POLICY_MESSAGE_DATE_H

#include <stdint.h>

#include "policy/base/str.h"

/* Seconds since 1970 UTC. The day of the week is not checked; an unknown zone is UTC. false,
 * with *ret_time untouched, where it is no date. */
bool date_read(struct str value, int64_t *ret_time);

#endif
