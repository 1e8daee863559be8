#include "policy/checks/finding.h"

const struct finding_info finding_infos[FINDING_N] = {
#define X(identifier, id, severity, needs, clause) { id, SEVERITY_##severity, needs, clause },
	FINDINGS(X)
#undef X
};

bool finding_parse(struct str id, enum finding_id *ret_finding)
{
	for (int i = 0; i < FINDING_N; i++) {
		if (str_is(id, finding_infos[i].id)) {
			*ret_finding = (enum finding_id)i;
			return true;
		}
	}
	return false;
}

bool finding_blames(enum finding_id finding)
{
	return finding == FINDING_RECIPIENTS_UNKNOWN || finding == FINDING_RECIPIENTS_ROLE ||
	       finding == FINDING_RECIPIENTS_UNAFFECTED;
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = { "pass", "fail", "not-applicable", "cannot-tell" };

	return names[outcome];
}
