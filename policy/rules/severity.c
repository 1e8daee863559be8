#include "policy/rules/severity.h"

static const char *const names[SEVERITY_N] = {
	[SEVERITY_OFF] = "off",
	[SEVERITY_ACCEPT] = "accept",
	[SEVERITY_FLAG] = "flag",
	[SEVERITY_QUARANTINE] = "quarantine",
	[SEVERITY_TEMPFAIL] = "tempfail",
	[SEVERITY_REJECT] = "reject",
};

const char *severity_name(enum severity severity)
{
	return names[severity];
}

bool severity_parse(struct str name, enum severity *ret_severity)
{
	for (int i = 0; i < SEVERITY_N; i++) {
		if (str_is(name, names[i])) {
			*ret_severity = (enum severity)i;
			return true;
		}
	}
	return false;
}
