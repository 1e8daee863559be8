/* regex_cost.h - whether a regular expression is one that takes long on some texts */
#ifndef POLICY_CLASSIFY_REGEX_COST_H
#define POLICY_CLASSIFY_REGEX_COST_H

#include "policy/base/arena.h"

/* Longer ones are refused when a policy loads. */
#define REGEX_MAX 4000

/* Why an expression cannot be a reference pattern, for people; absent where it can. It does not
 * compile, is too long, or is one whose time grows faster than the text: each part of it that repeats
 * is tried on short texts that are made to be tedious. The answer depends on the expression alone, and
 * takes some milliseconds at most. */
struct str regex_fault(struct arena *arena, struct str regex);

#endif
