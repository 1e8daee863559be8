/* regex_digit.h - whether nothing without a digit can match a regular expression */
#ifndef POLICY_CLASSIFY_REGEX_DIGIT_H
#define POLICY_CLASSIFY_REGEX_DIGIT_H

#include "policy/base/str.h"

/* True only where every text that the (valid) expression matches has a decimal digit in it. False
 * also for what is not worth understanding: look-around, conditions, inline options, \Q. */
bool regex_needs_digit(struct str regex);

#endif
