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

static bool is_stripping(const struct check_result *result)
{
	return result->outcome == OUTCOME_FAIL && result->severity == SEVERITY_STRIP;
}

/* Marks the envelope recipients that a finding takes off; how many they are. */
static size_t strip_mark(const struct judgement *judgement, bool *marks)
{
	size_t n = 0;

	for (int i = 0; i < FINDING_N; i++) {
		const struct check_result *result = &judgement->results[i];

		for (size_t j = 0; is_stripping(result) && j < result->n_culprits; j++) {
			n += !marks[result->culprits[j]];
			marks[result->culprits[j]] = true;
		}
	}
	return n;
}

static void strip_take(struct judgement *judgement, const bool *marks)
{
	const struct envelope *envelope = judgement->envelope;
	struct str_list *stripped = &judgement->stripped;

	for (size_t i = 0; i < envelope->n_recipients; i++) {
		if (!marks[i])
			continue;
		ARENA_ROOM(judgement->arena, stripped->items, stripped->n, stripped->cap);
		stripped->items[stripped->n++] = envelope->recipients[i];
	}
}

static enum severity worst_of(const struct judgement *judgement)
{
	enum severity worst = SEVERITY_ACCEPT;

	for (int i = 0; i < FINDING_N; i++) {
		const struct check_result *result = &judgement->results[i];

		if (check_result_is_finding(result) && result->severity > worst)
			worst = result->severity;
	}
	return worst == SEVERITY_STRIP ? SEVERITY_FLAG : worst;
}

void verdict_decide(struct judgement *judgement)
{
	size_t n_recipients = judgement->needs.n_recipients, n;
	bool *marks;

	if (!judgement->notice) {
		judgement->verdict_enforced = judgement->verdict = SEVERITY_ACCEPT;
		return;
	}
	marks = ARENA_ARRAY(judgement->arena, n_recipients, bool);
	n = strip_mark(judgement, marks);
	for (int i = 0; i < FINDING_N && n > 0 && n == n_recipients; i++) {
		if (is_stripping(&judgement->results[i]))
			judgement->results[i].severity = SEVERITY_REJECT;
	}
	judgement->verdict_enforced = worst_of(judgement);
	judgement->verdict = after_mode(judgement->verdict_enforced, judgement->mode);
	if (n > 0 && judgement->mode == MODE_ENFORCE && judgement->verdict < SEVERITY_TEMPFAIL)
		strip_take(judgement, marks);
}
