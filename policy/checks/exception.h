/* exception.h - findings that the policy lets pass for a time: applied to what the checks found */
#ifndef POLICY_CHECKS_EXCEPTION_H
#define POLICY_CHECKS_EXCEPTION_H

#include "policy/judge.h"

/* Lowers what failed to the severity of the first exception that fits, has not ended at the
 * judgement's time, and lowers it at all; the result says which it was. */
void exceptions_apply(struct judgement *judgement, const struct answers *answers);

#endif
