/* sequence.c - which mail of a series it is, and what must be on record before it */
#include "policy/checks/registry.h"

static bool in_series(const struct check *check, struct check_result *result)
{
	if (check->category->time.n_milestones == 0) {
		check_not_applicable(check, result, "%.*s is no series",
				     STR_ARG(check->category->id));
		return false;
	}
	if (check->class->phase == PHASE_CANCELLED) {
		check_not_applicable(check, result, "the mail cancels the event");
		return false;
	}
	return true;
}

static const struct history_entry *milestone_on_record(const struct check *check,
						       const struct milestone *milestone)
{
	for (size_t i = 0; i < check->answers->n_history; i++) {
		if (check_is_milestone(check, &check->answers->history[i], milestone))
			return &check->answers->history[i];
	}
	return NULL;
}

CHECK(check_sequence_first)
{
	const struct milestone *first = check->category->time.milestones;
	const struct milestone *this = check->judgement->milestone;

	if (!in_series(check, result))
		return;
	if (this == NULL || this == first) {
		check_not_applicable(check, result, "%s",
				     this == NULL ? "the mail is at no milestone"
						  : "it is the first mail of the series");
		return;
	}
	if (milestone_on_record(check, first) != NULL)
		return;
	check_fail(check, result,
		   "reschedule the update so that its first mail can still be sent in time",
		   "this is the %.*s mail of a series, and its %.*s mail (%.*s before the start) is not "
		   "on record for this event",
		   STR_ARG(this->name), STR_ARG(first->name),
		   STR_ARG(utc_span(check->arena, first->before)));
}

CHECK(check_sequence_duplicate)
{
	const struct milestone *this = check->judgement->milestone;

	if (!in_series(check, result))
		return;
	if (this == NULL) {
		check_not_applicable(check, result, "the mail is at no milestone");
		return;
	}
	for (size_t i = 0; i < check->answers->n_history; i++) {
		const struct history_entry *entry = &check->answers->history[i];

		if (!check_is_milestone(check, entry, this) || !check_recipient_told(check, entry))
			continue;
		if (entry->has_start && check->when->has_start &&
		    entry->start != check->when->start)
			continue; /* moved since: another date is news */
		check_fail(check, result, "send it only to those who have not had it",
			   "a recipient of this mail got the %.*s mail of this event already, at %.*s",
			   STR_ARG(this->name), STR_ARG(utc_words(check->arena, entry->at)));
		return;
	}
}

/* Whether this mail must have had another before it. */
static bool needs_predecessor(const struct check *check)
{
	if (check_follows_others(check))
		return true;
	return (check_follows_itself(check) || time_is_incident(&check->category->time)) &&
	       check->class->phase == PHASE_FINAL;
}

static bool is_predecessor(const struct check *check, const struct history_entry *entry)
{
	return (check_follows_entry(check, entry) ||
		str_eq_nocase(entry->category, check->category->id)) &&
	       check_same_event(check, entry);
}

CHECK(check_sequence_orphan)
{
	if (!needs_predecessor(check)) {
		check_not_applicable(check, result, "this mail needs none before it");
		return;
	}
	for (size_t i = 0; i < check->answers->n_history; i++) {
		if (is_predecessor(check, &check->answers->history[i]))
			return;
	}
	check_fail(check, result,
		   "check the incident's number; if the incident was never announced, say in the mail "
		   "what had happened",
		   "no earlier mail about this incident%s%.*s is on record",
		   check->judgement->event.n > 0 ? " " : "",
		   STR_ARG(str_head(check->judgement->event, 60)));
}
