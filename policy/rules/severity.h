/* severity.h - what a finding does to a message, and what a message comes to */
#ifndef POLICY_RULES_SEVERITY_H
#define POLICY_RULES_SEVERITY_H

#include "policy/base/str.h"

/* In rising order; the verdict of a message is the worst severity of its findings
 * (POLICY.md, Unknown). SEVERITY_OFF findings are left out everywhere. */
enum severity {
	SEVERITY_OFF,
	SEVERITY_ACCEPT,
	SEVERITY_STRIP, /* of recipients' findings only: the recipient is taken off, the message is
			 * flagged; no message comes to it */
	SEVERITY_FLAG,
	SEVERITY_QUARANTINE,
	SEVERITY_TEMPFAIL,
	SEVERITY_REJECT,
	SEVERITY_N,
};

/* "off", "accept", "strip", "flag", "quarantine", "tempfail", "reject". */
const char *severity_name(enum severity severity);
bool severity_parse(struct str name, enum severity *ret_severity);

#endif
