#include "policy/checks/registry.h"

typedef void check_function(const struct check *check, struct check_result *result);

static check_function *const functions[FINDING_N] = {
	[FINDING_CATEGORY_AMBIGUOUS] = check_category_ambiguous,
	[FINDING_CATEGORY_CONFLICT] = check_category_conflict,
	[FINDING_CATEGORY_NOT_MAILED] = check_category_not_mailed,
	[FINDING_SENDER_UNAUTHORIZED] = check_sender_unauthorized,
	[FINDING_DECLARATION_MISSING] = check_declaration_missing,
	[FINDING_RECIPIENTS_UNKNOWN] = check_recipients_unknown,
	[FINDING_RECIPIENTS_ROLE] = check_recipients_role,
	[FINDING_RECIPIENTS_UNAFFECTED] = check_recipients_unaffected,
	[FINDING_RECIPIENTS_EXPOSURE] = check_recipients_exposure,
	[FINDING_RECIPIENTS_INCOMPLETE] = check_recipients_incomplete,
	[FINDING_LEAD_TIME_MISSING] = check_lead_time_missing,
	[FINDING_LEAD_TIME_MINIMUM] = check_lead_time_minimum,
	[FINDING_LEAD_TIME_PARTIAL_DAY] = check_lead_time_partial_day,
	[FINDING_LEAD_TIME_PAST] = check_lead_time_past,
	[FINDING_LEAD_TIME_WINDOW] = check_lead_time_window,
	[FINDING_LEAD_TIME_MILESTONE] = check_lead_time_milestone,
	[FINDING_LEAD_TIME_DEADLINE] = check_lead_time_deadline,
	[FINDING_LEAD_TIME_CADENCE] = check_lead_time_cadence,
	[FINDING_LEAD_TIME_CONFLICT] = check_lead_time_conflict,
	[FINDING_LEAD_TIME_ZONE] = check_lead_time_zone,
	[FINDING_LEAD_TIME_EXPIRED] = check_lead_time_expired,
	[FINDING_BANNER_MISSING] = check_banner_missing,
	[FINDING_BANNER_COLOR] = check_banner_color,
	[FINDING_BANNER_UNVERIFIABLE] = check_banner_unverifiable,
	[FINDING_BANNER_FOREIGN] = check_banner_foreign,
	[FINDING_CONTENT_TITLE] = check_content_title,
	[FINDING_CONTENT_APPROVAL] = check_content_approval,
	[FINDING_CONTENT_CASE] = check_content_case,
	[FINDING_CONTENT_INCIDENT] = check_content_incident,
	[FINDING_CONTENT_RESOLUTION] = check_content_resolution,
	[FINDING_CONTENT_REPORT] = check_content_report,
	[FINDING_CONTENT_HEALTH_PAGE] = check_content_health_page,
	[FINDING_CONTENT_OBFUSCATED] = check_content_obfuscated,
	[FINDING_CONTENT_HIDDEN] = check_content_hidden,
	[FINDING_SEQUENCE_FIRST] = check_sequence_first,
	[FINDING_SEQUENCE_DUPLICATE] = check_sequence_duplicate,
	[FINDING_SEQUENCE_ORPHAN] = check_sequence_orphan,
	[FINDING_SIGNATURE_MISSING] = check_signature_missing,
	[FINDING_SIGNATURE_INVALID] = check_signature_invalid,
	[FINDING_MESSAGE_AMBIGUOUS] = check_message_ambiguous,
	[FINDING_MESSAGE_LIMIT] = check_message_limit,
};

/* Whether what the check needs from outside is there; sets the outcome where it is not. */
static bool backend_there(const struct check *check, struct check_result *result,
			  const char *backend, enum answer_state state)
{
	if (state == ANSWER_NONE)
		check_not_applicable(check, result, "no %s is configured", backend);
	else if (state == ANSWER_FAILED)
		check_unanswered(check, result, backend);
	return state == ANSWER_OK;
}

static bool needs_met(const struct check *check, unsigned needs, struct check_result *result)
{
	const struct answers *answers = check->answers;

	if (needs & NEEDS_CATEGORY) {
		if (check->class->ambiguous) {
			check_not_applicable(check, result,
					     "the category is not clear (category.ambiguous)");
			return false;
		}
		if (check->category == NULL) {
			check_not_applicable(check, result, "no category could be made out");
			return false;
		}
	}
	if ((needs & NEEDS_DIRECTORY) &&
	    !backend_there(check, result, "directory", answers->directory))
		return false;
	return !(needs & NEEDS_LEDGER) ||
	       backend_there(check, result, "ledger", answers->ledger);
}

void checks_run(struct judgement *judgement, const struct answers *answers)
{
	const struct check check = {
		.arena = judgement->arena,
		.judgement = judgement,
		.policy = judgement->policy,
		.category = judgement->class->category,
		.class = judgement->class,
		.when = judgement->when,
		.answers = answers,
		.now = judgement->now,
	};

	for (int i = 0; i < FINDING_N; i++) {
		struct check_result *result = &judgement->results[i];

		*result = (struct check_result){ .finding = (enum finding_id)i };
		if (needs_met(&check, finding_infos[i].needs, result))
			functions[i](&check, result);
		if (result->outcome == OUTCOME_FAIL)
			result->severity = policy_severity(judgement->policy, check.category,
							   result->finding);
	}
}
