#include "policy/checks/exception.h"

static bool from_fits(const struct policy_exception *exception, const struct message *message)
{
	if (exception->senders.n == 0)
		return true;
	for (size_t i = 0; i < message->from.n; i++) {
		if (!pattern_list_matches(&exception->senders, message->from.items[i].address))
			return false;
	}
	return message->from.n > 0;
}

/* A contact of several organizations is excepted where all of them are. */
static bool organizations_fit(const struct policy_exception *exception,
			      const struct contact_list *contacts)
{
	for (size_t i = 0; i < contacts->n; i++) {
		if (!pattern_list_matches(&exception->organizations,
					  contacts->items[i]->organization->id))
			return false;
	}
	return contacts->n > 0;
}

static bool recipient_fits(const struct policy_exception *exception,
			   const struct judgement *judgement, const struct answers *answers,
			   size_t recipient)
{
	if (exception->recipients.n > 0 &&
	    !pattern_list_matches(&exception->recipients,
				  judgement->needs.addresses.items[recipient]))
		return false;
	return exception->organizations.n == 0 ||
	       (answers->directory == ANSWER_OK && answers->contacts != NULL &&
		organizations_fit(exception, &answers->contacts[recipient]));
}

/* Those at fault, where the finding is about single ones, else everyone: what is let pass for one
 * customer is not let pass for the others in the same mail. */
static bool recipients_fit(const struct policy_exception *exception,
			   const struct judgement *judgement, const struct answers *answers,
			   const struct check_result *result)
{
	bool single = result->n_culprits > 0;
	size_t n = single ? result->n_culprits : judgement->needs.n_recipients;

	if (exception->recipients.n == 0 && exception->organizations.n == 0)
		return true;
	for (size_t i = 0; i < n; i++) {
		if (!recipient_fits(exception, judgement, answers,
				    single ? result->culprits[i] : i))
			return false;
	}
	return n > 0;
}

static bool fits(const struct policy_exception *exception, const struct judgement *judgement,
		 const struct answers *answers, const struct check_result *result)
{
	const struct classification *class = judgement->class;

	if (!exception->findings[result->finding] || exception->severity >= result->severity)
		return false;
	if (exception->categories != NULL &&
	    (class->category == NULL || class->ambiguous ||
	     !exception->categories[class->category->index]))
		return false;
	if (exception->events.n > 0 &&
	    (judgement->event.n == 0 || !pattern_list_matches(&exception->events, judgement->event)))
		return false;
	return from_fits(exception, judgement->message) &&
	       recipients_fit(exception, judgement, answers, result) &&
	       !policy_exception_ended(judgement->policy, exception, judgement->now);
}

void exceptions_apply(struct judgement *judgement, const struct answers *answers)
{
	const struct policy *policy = judgement->policy;

	for (int i = 0; i < FINDING_N; i++) {
		struct check_result *result = &judgement->results[i];

		if (result->outcome != OUTCOME_FAIL)
			continue;
		for (size_t j = 0; j < policy->n_exceptions; j++) {
			if (!fits(&policy->exceptions[j], judgement, answers, result))
				continue;
			result->exception = &policy->exceptions[j];
			result->severity_without = result->severity;
			result->severity = policy->exceptions[j].severity;
			break;
		}
	}
}
