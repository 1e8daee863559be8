#include "policy/rules/severity.h"

#include "policy/rules/names.h"

const char *const severity_names[] = {
	[SEVERITY_OFF] = "off",
	[SEVERITY_ACCEPT] = "accept",
	[SEVERITY_STRIP] = "strip",
	[SEVERITY_FLAG] = "flag",
	[SEVERITY_QUARANTINE] = "quarantine",
	[SEVERITY_TEMPFAIL] = "tempfail",
	[SEVERITY_REJECT] = "reject",
	[SEVERITY_N] = NULL,
};

const char *severity_name(enum severity severity)
{
	return severity_names[severity];
}

bool severity_parse(struct str name, enum severity *ret_severity)
{
	for (int i = 0; i < SEVERITY_N; i++) {
		if (str_is(name, severity_names[i])) {
			*ret_severity = (enum severity)i;
			return true;
		}
	}
	return false;
}
