#include "policy/rules/report.h"

#include "policy/base/utc.h"
#include "policy/html/color.h"

static void __attribute__((format(printf, 3, 4)))
warn(const struct policy *policy, struct diag *diag, const char *format, ...)
{
	va_list args;
	struct str text;

	va_start(args, format);
	text = arena_vprintf(diag->arena, format, args);
	va_end(args);
	diag_warning(diag, policy->file, 0, 0, "%.*s", STR_ARG(text));
}

static void lint_signals(const struct policy *policy, const struct category *category,
			 struct diag *diag)
{
	double most = 0;
	bool alone = false;

	for (size_t i = 0; i < category->n_signals; i++) {
		const struct signal *signal = &category->signals[i];

		if (signal->weight > 0)
			most += signal->weight;
		if (signal->weight > 0 && !signal->needs_other)
			alone = true;
		if (signal->weight == 0)
			warn(policy, diag, "%.*s: the signal \"%.*s\" weighs nothing",
			     STR_ARG(category->id), STR_ARG(signal->id));
	}
	if (most < category->threshold)
		warn(policy, diag, "%.*s: all signals together (%.1f) do not reach the threshold (%.1f)",
		     STR_ARG(category->id), most, category->threshold);
	else if (!alone)
		warn(policy, diag, "%.*s: every signal needs another: no mail can be one",
		     STR_ARG(category->id));
}

static bool has_deadline(const struct time_rules *time)
{
	for (int i = 0; i < PHASE_N; i++) {
		if (deadline_stated(&time->deadlines[i]))
			return true;
	}
	return false;
}

/* Why a finding cannot arise in a category, or NULL. */
static const char *why_never(const struct category *category, enum finding_id finding)
{
	switch (finding) {
	case FINDING_BANNER_MISSING:
		return category->banner_required ? NULL : "no banner is required";
	case FINDING_BANNER_COLOR:
		return category->banner_stated ? NULL : "it has no colour";
	case FINDING_BANNER_FOREIGN:
		return category->banner_stated ? "it has a colour of its own" : NULL;
	case FINDING_LEAD_TIME_MINIMUM:
		return floor_stated(&category->time.floor)
			       ? NULL
			       : "it has no floor";
	case FINDING_LEAD_TIME_PARTIAL_DAY:
		return category->time.floor.calendar_days > 0 ? NULL : "its floor counts no calendar days";
	case FINDING_LEAD_TIME_MISSING:
		return category->time.required ? NULL : "no time is required";
	case FINDING_LEAD_TIME_MILESTONE:
	case FINDING_SEQUENCE_FIRST:
		return category->time.n_milestones > 0 ? NULL : "it has no series";
	case FINDING_LEAD_TIME_DEADLINE:
		return has_deadline(&category->time) ? NULL : "it has no deadline";
	case FINDING_LEAD_TIME_WINDOW:
		return category->time.window.stated ? NULL : "it has no window";
	case FINDING_LEAD_TIME_CADENCE:
		return category->time.cadence.every > 0 ? NULL : "it has no cadence";
	case FINDING_LEAD_TIME_EXPIRED:
		return span_stated(&category->time.span) ? NULL : "it has no span";
	case FINDING_CATEGORY_NOT_MAILED:
		return category->mailed ? "it is mailed" : NULL;
	case FINDING_CONTENT_TITLE:
		return category->content & CONTENT_NEEDS_TITLE ? NULL : "no title is required";
	case FINDING_CONTENT_APPROVAL:
		return category->content & CONTENT_NEEDS_APPROVAL ? NULL : "no approval is required";
	case FINDING_CONTENT_CASE:
		return category->content & CONTENT_NEEDS_CASE ? NULL : "no case is required";
	case FINDING_CONTENT_INCIDENT:
		return category->content & CONTENT_NEEDS_INCIDENT ? NULL : "no incident is required";
	case FINDING_CONTENT_RESOLUTION:
		return category->content & CONTENT_NEEDS_RESOLUTION ? NULL
								    : "no resolution is required";
	case FINDING_CONTENT_REPORT:
		return category->content & CONTENT_NEEDS_REPORT_FIELDS ? NULL
								       : "no report is required";
	case FINDING_CONTENT_HEALTH_PAGE:
		return category->content & CONTENT_NEEDS_HEALTH_PAGE ? NULL
								     : "no health page is required";
	case FINDING_SEQUENCE_ORPHAN:
		return category->has_follows ? NULL : "it follows nothing";
	default:
		return NULL;
	}
}

/* Why it can arise in none of its variants either, which share its severities. */
static const char *why_never_at_all(const struct category *category, enum finding_id finding)
{
	const char *never = why_never(category, finding);

	for (size_t i = 0; never != NULL && i < category->n_variants; i++) {
		if (why_never(category->variants[i].category, finding) == NULL)
			return NULL;
	}
	return never;
}

static void lint_severities(const struct policy *policy, const struct category *category,
			    struct diag *diag)
{
	for (int i = 0; i < FINDING_N; i++) {
		enum finding_id finding = (enum finding_id)i;
		const char *never = why_never_at_all(category, finding);

		if (!category->severity_set[i])
			continue;
		if (never != NULL)
			warn(policy, diag, "%.*s: a severity for %s, which cannot arise: %s",
			     STR_ARG(category->id), finding_infos[i].id, never);
		else if (policy_severity(policy, category, finding) != category->severities[i])
			warn(policy, diag, "%.*s: %s is %s here at most: the category is urgent",
			     STR_ARG(category->id), finding_infos[i].id,
			     severity_name(policy_severity(policy, category, finding)));
	}
}

static void lint_series(const struct policy *policy, const struct category *category,
			struct diag *diag)
{
	bool approval = false;

	for (size_t i = 0; i < category->time.n_milestones; i++)
		approval = approval || category->time.milestones[i].approval;
	if (category->time.n_milestones > 0 && approval != !!(category->content & CONTENT_NEEDS_APPROVAL))
		warn(policy, diag, "%.*s: content approval and the approval of its series disagree",
		     STR_ARG(category->id));
	if (category->time.n_milestones > 0 && !category->time.required)
		warn(policy, diag, "%.*s: a series, but no time is required to count it from",
		     STR_ARG(category->id));
}

/* Enough days on the calendar soften what lacks hours, not what lacks days. */
static void lint_floor(const struct policy *policy, const struct category *category,
		       struct diag *diag)
{
	const struct time_floor *floor = &category->time.floor;

	if (floor->calendar_days > 0 && floor->calendar_days * UTC_DAY <= floor->seconds - UTC_DAY)
		warn(policy, diag,
		     "%.*s: floor.calendar-days (%u) makes a notice that is days too late a partial-day: "
		     "raise it with at-least",
		     STR_ARG(category->id), floor->calendar_days);
}

static double palette_distance(const struct palette_entry *a, const struct palette_entry *b)
{
	return color_distance(color_lab(color_from_bytes(a->rgb)),
			      color_lab(color_from_bytes(b->rgb)));
}

/* A colour within the radius of two entries goes to the nearer one: mostly a radius too wide. */
static void lint_palette(const struct policy *policy, struct diag *diag)
{
	for (size_t i = 0; i < policy->n_palette; i++) {
		const struct palette_entry *a = &policy->palette[i];
		bool worn = false;

		for (size_t j = 0; j < policy->n_categories; j++)
			worn = worn || policy_wears(&policy->categories[j], i);
		if (!worn)
			warn(policy, diag, "palette: no category has the colour \"%.*s\"",
			     STR_ARG(a->name));
		for (size_t j = 0; j < i; j++) {
			const struct palette_entry *b = &policy->palette[j];
			double distance = palette_distance(a, b);

			if (distance < a->radius + b->radius)
				warn(policy, diag,
				     "palette: \"%.*s\" and \"%.*s\" are %.1f apart, less than their "
				     "radii together",
				     STR_ARG(b->name), STR_ARG(a->name), distance);
		}
	}
}

/* Without next year's holidays business days are counted too short, and nobody notices. */
static void lint_holidays(const struct policy *policy, int64_t now, struct diag *diag)
{
	const struct day_list *days = &policy->holidays;

	if (days->n > 0 && days->items[days->n - 1] < utc_day(now, 0))
		warn(policy, diag, "business-days: the last holiday is past (%.*s)",
		     STR_ARG(utc_date(diag->arena, days->items[days->n - 1])));
}

void policy_lint(const struct policy *policy, int64_t now, struct diag *diag)
{
	for (size_t i = 0; i < policy->n_categories; i++) {
		const struct category *category = &policy->categories[i];

		lint_signals(policy, category, diag);
		lint_severities(policy, category, diag);
		lint_floor(policy, category, diag);
		lint_series(policy, category, diag);
		for (size_t j = 0; j < category->n_variants; j++) {
			lint_floor(policy, category->variants[j].category, diag);
			lint_series(policy, category->variants[j].category, diag);
		}
	}
	lint_palette(policy, diag);
	lint_holidays(policy, now, diag);
}
