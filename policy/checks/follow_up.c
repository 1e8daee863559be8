/* follow_up.c - what is owed after something happened: the first mail of an incident, its last one,
 * the report, and the updates in between
 *
 * A duty that falls due with no mail to carry it is no finding: each is measured by the mail that
 * fulfils it. */
#include "policy/checks/business.h"
#include "policy/checks/registry.h"

/* Why the deadline of first mails does not bind this one, or NULL (settled 2). */
static const char *no_first_mail(const struct check *check)
{
	enum phase phase = check->class->phase;

	if (phase == PHASE_FINAL || phase == PHASE_REPORT || phase == PHASE_CANCELLED)
		return "the mail closes the event";
	if (check->answers->ledger == ANSWER_OK)
		return check_first_told(check) != NULL
			       ? "an earlier mail of this event is on record"
			       : NULL;
	return phase != PHASE_INITIAL ? "the mail is a later one of its event" : NULL;
}

/* The same of a mail of any other phase: a second report is a correction, and no longer late. Of
 * reminders and updates there are mostly several, and only a ledger knows which is the first. */
static const char *no_first_of_phase(const struct check *check)
{
	enum phase phase = check->class->phase;

	if (check->answers->ledger == ANSWER_NONE &&
	    (phase == PHASE_REMINDER || phase == PHASE_UPDATE))
		return "no ledger says whether it is the first mail of its phase";
	for (size_t i = 0; i < check->answers->n_history; i++) {
		const struct history_entry *entry = &check->answers->history[i];

		if (entry->has_phase && entry->phase == phase &&
		    str_eq_nocase(entry->category, check->category->id) &&
		    check_same_event(check, entry))
			return "an earlier mail of this phase is on record";
	}
	return NULL;
}

/* Whether a recorded mail said that the event is over: the last one of its own category, or one
 * of a category that follows it. */
static bool is_resolution(const struct check *check, const struct history_entry *entry)
{
	const struct category *category = policy_category(check->policy, entry->category);

	if (!check_same_event(check, entry))
		return false;
	if (entry->has_phase && entry->phase == PHASE_FINAL)
		return true;
	return category != NULL && category->index != check->category->index &&
	       category->has_follows &&
	       category->follows[check->category->index] &&
	       !(entry->has_phase && entry->phase == PHASE_CANCELLED);
}

/* The latest mail about this event on record that one of this mail's recipients got. */
static const struct history_entry *previous_mail(const struct check *check)
{
	const struct history_entry *latest = NULL;

	for (size_t i = 0; i < check->answers->n_history; i++) {
		const struct history_entry *entry = &check->answers->history[i];

		if ((latest != NULL && entry->at < latest->at) || entry->at > check->now ||
		    !check_same_event(check, entry) ||
		    (!str_eq_nocase(entry->category, check->category->id) &&
		     !check_follows_entry(check, entry) && !is_resolution(check, entry)) ||
		    (entry->recipients.n > 0 && !check_recipient_told(check, entry)))
			continue;
		latest = entry;
	}
	return latest;
}

/* -- Anchors: as the mail states them, else as the record does. False where nobody says. -- */

static bool start_time(const struct check *check, int64_t *ret_time)
{
	bool found = check->when->has_start;

	if (found)
		*ret_time = check->when->start;
	for (size_t i = 0; !check->when->has_start && i < check->answers->n_history; i++) {
		const struct history_entry *entry = &check->answers->history[i];

		if (!entry->has_start || !check_same_event(check, entry))
			continue;
		*ret_time = entry->start;
		found = true;
	}
	return found;
}

static bool end_time(const struct check *check, int64_t *ret_time)
{
	bool found = check->when->has_end;

	if (found)
		*ret_time = check->when->end;
	for (size_t i = 0; !check->when->has_end && i < check->answers->n_history; i++) {
		const struct history_entry *entry = &check->answers->history[i];

		if (!entry->has_end || !check_same_event(check, entry))
			continue;
		*ret_time = entry->end;
		found = true;
	}
	return found;
}

static bool resolution_time(const struct check *check, int64_t *ret_time)
{
	bool found = check->when->has_end;

	if (found)
		*ret_time = check->when->end;
	for (size_t i = 0; !check->when->has_end && i < check->answers->n_history; i++) {
		const struct history_entry *entry = &check->answers->history[i];

		if (!is_resolution(check, entry))
			continue;
		*ret_time = entry->has_end ? entry->end : entry->at;
		found = true;
	}
	return found;
}

static bool announcement_time(const struct check *check, int64_t *ret_time)
{
	const struct history_entry *first = check_first_told(check);

	if (first != NULL)
		*ret_time = first->at;
	return first != NULL;
}

static bool previous_time(const struct check *check, int64_t *ret_time)
{
	const struct history_entry *previous = previous_mail(check);

	if (previous != NULL)
		*ret_time = previous->at;
	return previous != NULL;
}

static const struct {
	const char *name; /* "...after the event's" */
	bool (*find)(const struct check *check, int64_t *ret_time);
} anchors[] = {
	[ANCHOR_START] = { "stated start", start_time },
	[ANCHOR_END] = { "end", end_time },
	[ANCHOR_RESOLUTION] = { "resolution", resolution_time },
	[ANCHOR_ANNOUNCEMENT] = { "first announcement", announcement_time },
	[ANCHOR_PREVIOUS] = { "previous mail", previous_time },
};

/* -- Deadlines -- */

static bool is_late(const struct check *check, const struct time_deadline *deadline, int64_t from)
{
	const struct policy *policy = check->policy;

	if (deadline->business_days == 0)
		return check->now - from > deadline->within;
	return business_days_between(policy, business_day(policy, check->when, from),
				     business_day(policy, check->when, check->now),
				     deadline->business_days + 1) > deadline->business_days;
}

static struct str allowance(const struct check *check, const struct time_deadline *deadline)
{
	if (deadline->business_days > 0)
		return arena_printf(check->arena, "%u business day%s", deadline->business_days,
				    deadline->business_days == 1 ? "" : "s");
	return utc_span(check->arena, deadline->within);
}

static const char *phase_mail(const struct check *check, enum phase phase)
{
	if (phase == PHASE_INITIAL)
		return "first mail";
	if (phase == PHASE_REPORT)
		return "report";
	return arena_printf(check->arena, "%s mail", phase_name(phase)).p;
}

/* Settled 11: a date without a clock time starts at 00:00. */
static bool counts_from_midnight(const struct check *check, const struct time_deadline *deadline)
{
	return deadline->after == ANCHOR_START && deadline->business_days == 0 &&
	       check->when->has_start && !check->when->clock_stated;
}

static void deadline_check(const struct check *check, struct check_result *result,
			   enum phase phase)
{
	const struct time_deadline *deadline = &check->category->time.deadlines[phase];
	const char *anchor = anchors[deadline->after].name;
	bool midnight = counts_from_midnight(check, deadline);
	int64_t from;

	if (!anchors[deadline->after].find(check, &from)) {
		if (check->answers->ledger == ANSWER_FAILED)
			check_unanswered(check, result, "ledger");
		else
			check_not_applicable(check, result,
					     "neither the mail nor the record says when the event's "
					     "%s was",
					     anchor);
		return;
	}
	if (is_late(check, deadline, from))
		check_fail(check, result,
			   midnight ? "state the time of the start, not only its day; this mail still "
				      "goes out"
				    : "send it sooner next time; this one still goes out",
			   "the %s goes out %s after the event's %s (%s%s); %.*s are allowed",
			   phase_mail(check, phase),
			   utc_span(check->arena, check->now - from).p, anchor,
			   utc_words(check->arena, from).p,
			   midnight ? ", for the mail states only the day" : "",
			   STR_ARG(allowance(check, deadline)));
}

CHECK(check_lead_time_deadline)
{
	const struct time_deadline *deadlines = check->category->time.deadlines;
	enum phase phase = check->class->phase;
	const char *exempt;

	if (phase == PHASE_INITIAL || !deadline_stated(&deadlines[phase])) {
		phase = PHASE_INITIAL;
		exempt = no_first_mail(check);
	} else {
		exempt = no_first_of_phase(check);
	}
	if (!deadline_stated(&deadlines[phase]))
		check_not_applicable(check, result, "%.*s has no deadline for this mail",
				     STR_ARG(check->category->id));
	else if (exempt != NULL)
		check_not_applicable(check, result, "%s", exempt);
	else
		deadline_check(check, result, phase);
}

/* -- Cadence -- */

CHECK(check_lead_time_cadence)
{
	const struct time_cadence *cadence = &check->category->time.cadence;
	const struct history_entry *previous;

	if (cadence->every == 0) {
		check_not_applicable(check, result, "%.*s has no cadence",
				     STR_ARG(check->category->id));
		return;
	}
	if (check->class->phase > cadence->until) {
		check_not_applicable(check, result, "the cadence ends with the %s mail",
				     phase_name(cadence->until));
		return;
	}
	previous = previous_mail(check);
	if (previous == NULL || is_resolution(check, previous) ||
	    (previous->has_phase && previous->phase >= cadence->until)) {
		check_not_applicable(check, result, "%s",
				     previous == NULL ? "no earlier mail of this event is on record"
						      : "the cadence had ended with the mail before");
		return;
	}
	if (check->now - previous->at > cadence->every + cadence->tolerance)
		check_fail(check, result, "send updates sooner; this one still goes out",
			   "the mail goes out %s after the event's previous one (%s); one is owed every "
			   "%s%s%s",
			   utc_span(check->arena, check->now - previous->at).p,
			   utc_words(check->arena, previous->at).p,
			   utc_span(check->arena, cadence->every).p,
			   cadence->tolerance > 0 ? ", late by at most " : "",
			   cadence->tolerance > 0 ? utc_span(check->arena, cadence->tolerance).p : "");
}
