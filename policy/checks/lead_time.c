/* lead_time.c - when the event is, against when its readers are told */
#include "policy/base/buf.h"
#include "policy/checks/floor.h"
#include "policy/checks/registry.h"

/* Whether the policy ties anything of this category to a time. */
static bool time_matters(const struct category *category)
{
	return category->time_required || category->in_advance || floor_stated(category) ||
	       category->n_milestones > 0 || category->deadline_seconds > 0 ||
	       category->report_business_days > 0;
}

static bool has_start(const struct check *check, struct check_result *result)
{
	if (!check->when->has_start)
		check_not_applicable(check, result, "the mail states no start");
	return check->when->has_start;
}

static const char *words(const struct check *check, int64_t seconds)
{
	return utc_words(check->arena, seconds).p;
}

static const char *span(const struct check *check, int64_t seconds)
{
	return utc_span(check->arena, seconds).p;
}

CHECK(check_lead_time_missing)
{
	const struct classification *class = check->class;
	bool closing = class->phase == PHASE_FINAL || class->completed;

	if (!check->category->time_required) {
		check_not_applicable(check, result, "%.*s needs no time",
				     STR_ARG(check->category->id));
		return;
	}
	/* The declaration never overrides what a reader sees: nothing. */
	if (check->when->has_start && check->when->source != PLACE_DECLARED)
		return;
	if (check->when->hidden_start) {
		check_not_applicable(check, result, "it is there but hidden (content.hidden)");
		return;
	}
	if (class->phase == PHASE_CANCELLED) {
		check_not_applicable(check, result, "the mail cancels the event: nothing starts");
		return;
	}
	if (closing && class->references.events.n + class->references.incidents.n > 0) {
		check_not_applicable(check, result,
				     "the mail closes an event that it names by its number");
		return;
	}
	check_fail(check, result, "write the date, the time and the zone of the start into the text",
		   "the mail does not say when the event starts; %.*s must",
		   STR_ARG(check->category->id));
}

/* Settled 15: whether the ledger shows that this very window was announced in time, so that the
 * mail is a reminder of it. */
static bool announced_in_time(const struct check *check)
{
	if (check->answers->ledger != ANSWER_OK)
		return false;
	for (size_t i = 0; i < check->answers->n_history; i++) {
		const struct history_entry *entry = &check->answers->history[i];

		if (!str_eq_nocase(entry->category, check->category->id) ||
		    !check_same_event(check, entry))
			continue;
		if (entry->has_start ? entry->start != check->when->start : check->class->moved)
			continue;
		if (floor_met(check->policy, check->category, check->when, entry->at))
			return true;
	}
	return false;
}

/* Why the floor does not bind this mail, or NULL where it does (settled 15). */
static const char *floor_exemption(const struct check *check)
{
	bool begun = check->when->start <= check->now;

	if (check->class->phase == PHASE_CANCELLED)
		return "the mail cancels the event";
	if (begun && check->class->completed)
		return "the mail says that the work is completed";
	if (begun && check->class->under_way)
		return "the mail says that the work is under way";
	if (announced_in_time(check))
		return "the mail reminds of a window that was announced in time, as the ledger shows";
	return NULL;
}

/* What a mail comes to that must be early. The three findings of the floor share it, so that
 * exactly one of them speaks. */
enum lateness { LATENESS_NONE, LATENESS_PAST, LATENESS_PARTIAL_DAY, LATENESS_MINIMUM };

static int64_t calendar_days(const struct check *check)
{
	return utc_day(check->when->start, check->when->start_offset) -
	       utc_day(check->now, check->when->start_offset);
}

static enum lateness lateness(const struct check *check)
{
	const struct category *category = check->category;
	int64_t lead = check->when->start - check->now;

	if (lead <= 0 && (category->in_advance || floor_stated(category)))
		return LATENESS_PAST;
	if (floor_met(check->policy, category, check->when, check->now))
		return LATENESS_NONE;
	if (category->floor_days > 0 && calendar_days(check) >= category->floor_days &&
	    floor_business_met(check->policy, category, check->when, check->now))
		return LATENESS_PARTIAL_DAY;
	return LATENESS_MINIMUM;
}

/* True where the mail fails the floor in this way; else the result is settled. Where several starts
 * are stated, the one that the reader is shown first is measured, and lead-time.conflict speaks
 * of the others. */
static bool is_late(const struct check *check, struct check_result *result, enum lateness kind)
{
	const char *exemption;

	if (!has_start(check, result))
		return false;
	if (lateness(check) != kind)
		return false;
	exemption = floor_exemption(check);
	if (exemption != NULL) {
		check_not_applicable(check, result, "%s", exemption);
		return false;
	}
	if (check->answers->ledger == ANSWER_FAILED && !check->class->moved) {
		check_unanswered(check, result, "ledger");
		return false;
	}
	return true;
}

static bool has_floor(const struct check *check, struct check_result *result)
{
	bool stated = floor_stated(check->category);

	if (!stated)
		check_not_applicable(check, result, "%.*s has no required notice",
				     STR_ARG(check->category->id));
	return stated;
}

static const char *floor_remedy(const struct check *check)
{
	return arena_printf(check->arena,
			    "move the start to %s or later; work that cannot wait is announced as "
			    "unplanned",
			    words(check, floor_earliest(check->policy, check->category,
							check->when->start_offset, check->now)))
		.p;
}

CHECK(check_lead_time_minimum)
{
	const struct category *category = check->category;

	if (has_floor(check, result) && is_late(check, result, LATENESS_MINIMUM))
		check_fail(check, result, floor_remedy(check),
			   "the start (%s) is %s away; %.*s needs %.*s",
			   words(check, check->when->start),
			   span(check, check->when->start - check->now), STR_ARG(category->id),
			   STR_ARG(floor_words(check->arena, category)));
}

CHECK(check_lead_time_partial_day)
{
	const struct category *category = check->category;

	if (has_floor(check, result) && is_late(check, result, LATENESS_PARTIAL_DAY))
		check_fail(check, result, floor_remedy(check),
			   "the start (%s) is %lld days away on the calendar, but only %s by the clock; "
			   "%.*s needs %.*s",
			   words(check, check->when->start), (long long)calendar_days(check),
			   span(check, check->when->start - check->now), STR_ARG(category->id),
			   STR_ARG(floor_words(check->arena, category)));
}

CHECK(check_lead_time_past)
{
	const struct category *category = check->category;

	if (!category->in_advance && !floor_stated(category)) {
		check_not_applicable(check, result, "%.*s is no notice in advance",
				     STR_ARG(category->id));
		return;
	}
	if (category->n_milestones > 0) {
		check_not_applicable(check, result,
				     "the series has mails after the start (lead-time.milestone)");
		return;
	}
	if (is_late(check, result, LATENESS_PAST))
		check_fail(check, result,
			   "correct the date; if the work is under way or done, say so in the mail",
			   "the mail announces something that began %s ago (%s)",
			   span(check, check->now - check->when->start),
			   words(check, check->when->start));
}

static struct str milestone_names(const struct check *check)
{
	struct buf names;

	buf_init(&names, check->arena, 500);
	for (size_t i = 0; i < check->category->n_milestones; i++)
		buf_printf(&names, "%s%.*s", i > 0 ? ", " : "",
			   STR_ARG(check->category->milestones[i].name));
	return buf_str(&names);
}

CHECK(check_lead_time_milestone)
{
	int64_t lead = check->when->start - check->now;

	if (check->category->n_milestones == 0) {
		check_not_applicable(check, result, "%.*s is no series",
				     STR_ARG(check->category->id));
		return;
	}
	if (check->class->phase == PHASE_CANCELLED) {
		check_not_applicable(check, result, "the mail cancels the event");
		return;
	}
	if (!has_start(check, result) || check->judgement->milestone != NULL)
		return;
	check_fail(check, result, "send it at the next milestone",
		   "the mail goes out %s %s the start (%s), which is near no milestone of the series: "
		   "%.*s",
		   span(check, lead), lead >= 0 ? "before" : "after",
		   words(check, check->when->start), STR_ARG(milestone_names(check)));
}

/* Settled 2: the deadline binds only the first mail of an incident. */
static bool is_first_mail(const struct check *check, struct check_result *result)
{
	enum phase phase = check->class->phase;
	const char *not_first = NULL;

	if (phase == PHASE_FINAL || phase == PHASE_REPORT || phase == PHASE_CANCELLED)
		not_first = "the mail closes the incident";
	else if (check->answers->ledger == ANSWER_OK && check_first_told(check) != NULL)
		not_first = "an earlier mail of this incident is on record";
	else if (check->answers->ledger != ANSWER_OK && phase != PHASE_INITIAL)
		not_first = "the mail is a later one of its incident";
	if (not_first != NULL)
		check_not_applicable(check, result, "%s", not_first);
	return not_first == NULL;
}

static void first_mail_deadline(const struct check *check, struct check_result *result)
{
	int64_t after = check->now - check->when->start;

	if (!is_first_mail(check, result) || !has_start(check, result))
		return;
	if (!check->when->clock_stated) {
		check_cannot_tell(check, result,
				  "the mail states the day of the incident's start, not its time");
		return;
	}
	if (after > check->category->deadline_seconds)
		check_fail(check, result,
			   "send the first mail sooner next time; this one still goes out",
			   "the first mail goes out %s after the incident's stated start (%s); %s are "
			   "allowed",
			   span(check, after), words(check, check->when->start),
			   span(check, check->category->deadline_seconds));
}

/* When the incident was resolved: as the report states, else as the last mail on record did. */
static bool resolution_time(const struct check *check, int64_t *ret_time)
{
	bool found = check->when->has_end;

	if (found)
		*ret_time = check->when->end;
	for (size_t i = 0; !check->when->has_end && i < check->answers->n_history; i++) {
		const struct history_entry *entry = &check->answers->history[i];

		if (!entry->has_phase || entry->phase != PHASE_FINAL ||
		    !check_same_event(check, entry))
			continue;
		*ret_time = entry->has_end ? entry->end : entry->at;
		found = true;
	}
	return found;
}

static void report_deadline(const struct check *check, struct check_result *result)
{
	unsigned allowed = check->category->report_business_days;
	int offset = check->when->start_offset;
	int64_t resolved;

	if (!resolution_time(check, &resolved)) {
		check_not_applicable(check, result,
				     "the report does not say when the incident was resolved");
		return;
	}
	if (floor_business_days(check->policy, utc_day(resolved, offset),
				utc_day(check->now, offset), allowed + 1) > allowed)
		check_fail(check, result,
			   "send reports sooner; this one can still be published on the health page",
			   "the report comes more than %u business days after the resolution (%s), which "
			   "is %s ago",
			   allowed, words(check, resolved), span(check, check->now - resolved));
}

CHECK(check_lead_time_deadline)
{
	if (check->class->phase == PHASE_REPORT && check->category->report_business_days > 0)
		report_deadline(check, result);
	else if (check->category->deadline_seconds > 0)
		first_mail_deadline(check, result);
	else
		check_not_applicable(check, result, "%.*s has no deadline",
				     STR_ARG(check->category->id));
}

CHECK(check_lead_time_conflict)
{
	if (!time_matters(check->category)) {
		check_not_applicable(check, result, "%.*s is tied to no time",
				     STR_ARG(check->category->id));
		return;
	}
	if (check->when->conflict)
		check_fail(check, result,
			   "make subject, text, HTML, calendar part and declaration say the same start",
			   "the mail states different starts: %.*s",
			   STR_ARG(str_head(check->when->conflict_detail, 600)));
}

CHECK(check_lead_time_zone)
{
	if (!time_matters(check->category)) {
		check_not_applicable(check, result, "%.*s is tied to no time",
				     STR_ARG(check->category->id));
		return;
	}
	if (!has_start(check, result))
		return;
	if (check->when->clock_stated && !check->when->zone_stated)
		check_fail(check, result,
			   "write the zone beside the time, such as UTC or UTC+2",
			   "the start is a clock time without a zone, or with one that means several; it "
			   "was read in %.*s, as %s",
			   STR_ARG(check->policy->timezone), words(check, check->when->start));
}

CHECK(check_lead_time_expired)
{
	const struct judgement *judgement = check->judgement;
	int64_t today = utc_day(check->now, 0);
	bool unknown = false;

	if (check->category->span_days == 0) {
		check_not_applicable(check, result, "%.*s may be sent at any time",
				     STR_ARG(check->category->id));
		return;
	}
	for (size_t i = 0; i < judgement->needs.n_recipients; i++) {
		const struct contact_list *contacts = &check->answers->contacts[i];

		for (size_t j = 0; j < contacts->n; j++) {
			const struct organization *customer = contacts->items[j]->organization;
			int64_t age = today - customer->purchased;

			unknown = unknown || !customer->has_purchased;
			if (!customer->has_purchased || age <= check->category->span_days)
				continue;
			check_fail(check, result,
				   "take the organization's contacts off the mail: it is no new customer any "
				   "more",
				   "recipient %zu belongs to an organization that purchased %lld days ago "
				   "(%.*s); at most %u are allowed",
				   i + 1, (long long)age,
				   STR_ARG(utc_date(check->arena, customer->purchased)),
				   check->category->span_days);
			return;
		}
	}
	if (unknown)
		check_cannot_tell(check, result,
				  "the directory does not say when a recipient's organization purchased");
}
