/* lead_time.c - when the event is, against when its readers are told */
#include "policy/base/buf.h"
#include "policy/checks/floor.h"
#include "policy/checks/registry.h"

/* Whether the policy ties anything of this category to a time. */
static bool time_matters(const struct category *category)
{
	const struct time_rules *time = &category->time;

	if (time->required || time->in_advance || floor_stated(&time->floor) || time->window.stated ||
	    time->n_milestones > 0)
		return true;
	for (int i = 0; i < PHASE_N; i++) {
		if (deadline_stated(&time->deadlines[i]))
			return true;
	}
	return false;
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

	if (!check->category->time.required) {
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

/* A reminder is freed from the five days, not from coming before the start; an update ("it takes
 * longer") has its time while the work goes on. Of a start without a time of day only the end of the
 * day is late for sure. */
static bool may_still_come(const struct check *check)
{
	int64_t start = check->when->start;

	return start > check->now || check->class->phase == PHASE_UPDATE ||
	       (!check->when->clock_stated && start + UTC_DAY > check->now);
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
	if (may_still_come(check) && announced_in_time(check))
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

	if (lead <= 0 && (category->time.in_advance || floor_stated(&category->time.floor)))
		return LATENESS_PAST;
	if (floor_met(check->policy, category, check->when, check->now))
		return LATENESS_NONE;
	if (category->time.floor.calendar_days > 0 &&
	    calendar_days(check) >= category->time.floor.calendar_days &&
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
	bool stated = floor_stated(&check->category->time.floor);

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
							check->when, check->now)))
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

	if (!category->time.in_advance && !floor_stated(&category->time.floor)) {
		check_not_applicable(check, result, "%.*s is no notice in advance",
				     STR_ARG(category->id));
		return;
	}
	if (category->time.n_milestones > 0) {
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
	for (size_t i = 0; i < check->category->time.n_milestones; i++)
		buf_printf(&names, "%s%.*s", i > 0 ? ", " : "",
			   STR_ARG(check->category->time.milestones[i].name));
	return buf_str(&names);
}

CHECK(check_lead_time_milestone)
{
	int64_t lead = check->when->start - check->now;

	if (check->category->time.n_milestones == 0) {
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
	else if (check->class->other_event.p != NULL)
		check_fail(check, result, "attach the calendar part of the event that the text is about",
			   "the calendar part is about %.*s, the text about %.*s",
			   STR_ARG(str_head(check->class->other_event, 100)),
			   STR_ARG(str_head(check->class->references.events.items[0], 100)));
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
