#include "policy/verdict.h"

bool check_result_is_finding(const struct check_result *result)
{
	if (result->outcome == OUTCOME_FAIL)
		return result->severity != SEVERITY_OFF;
	return result->outcome == OUTCOME_CANNOT_TELL && result->severity > SEVERITY_ACCEPT;
}

static enum severity after_mode(enum severity severity, enum policy_mode mode)
{
	if (mode == MODE_OBSERVE)
		return SEVERITY_ACCEPT;
	if (mode == MODE_FLAG && severity > SEVERITY_FLAG)
		return SEVERITY_FLAG;
	return severity;
}

void verdict_decide(struct judgement *judgement)
{
	enum severity worst = SEVERITY_ACCEPT;

	for (int i = 0; judgement->notice && i < FINDING_N; i++) {
		const struct check_result *result = &judgement->results[i];

		if (check_result_is_finding(result) && result->severity > worst)
			worst = result->severity;
	}
	judgement->verdict_enforced = worst;
	judgement->verdict = after_mode(worst, judgement->mode);
}
