/* exception.h - what a policy lets pass in spite of itself, until a day and for a reason */
#ifndef POLICY_RULES_EXCEPTION_H
#define POLICY_RULES_EXCEPTION_H

#include <stdint.h>

#include "policy/base/str.h"
#include "policy/checks/finding.h"

#define EXCEPTION_REASON_MAX 200

struct pattern_list {        /* "*@crm.example", "bounce+*@crm.example": * matches any run */
	struct str *items;
	size_t n, cap;
};

/* Lowers the severity of some findings where all that it names fits; a list that is empty fits
 * anything. */
struct policy_exception {
	struct str id, reason;
	int32_t until;               /* its last day, since 1970-01-01, in the policy's zone */
	bool findings[FINDING_N];
	bool *categories;            /* [policy->n_categories]; NULL: all */
	struct pattern_list senders; /* of every From address */
	struct pattern_list recipients, organizations; /* of everyone whom the finding concerns */
	struct pattern_list events;
	enum severity severity;      /* from ACCEPT to QUARANTINE: the finding stays to be seen */
};

#endif
