/* lint.c - the remarks on a policy: categories, colours, senders, dates */
#include "policy/rules/lint.h"

#include "policy/base/utc.h"
#include "policy/html/color.h"

const struct lint_info lint_infos[LINT_N] = {
#define X(identifier, id, means) { id, means },
	LINTS(X)
#undef X
};

void lint_say(const struct lint *lint, enum lint_id id, const struct yaml_node *node,
	      const char *format, ...)
{
	va_list args;
	struct str text;

	va_start(args, format);
	text = arena_vprintf(lint->diag->arena, format, args);
	va_end(args);
	diag_warning(lint->diag, node != NULL ? node->file : lint->policy->file,
		     node != NULL ? node->line : 0, node != NULL ? node->column : 0, "%.*s [%s]",
		     STR_ARG(text), lint_infos[id].id);
}

const struct yaml_node *lint_at(const struct yaml_node *node, struct str name)
{
	for (size_t i = 0; node != NULL && node->kind != YAML_SCALAR && i < node->n; i++) {
		const struct yaml_node *id;

		if (node->kind == YAML_MAP) {
			if (str_eq(node->pairs[i].key->text, name))
				return node->pairs[i].value;
			continue;
		}
		id = lint_at(node->items[i], STR_LIT("id"));
		if (id != NULL && str_eq(id->text, name))
			return node->items[i];
	}
	return NULL;
}

/* The item of a list of texts, for its place. */
static const struct yaml_node *item_at(const struct yaml_node *list, struct str text)
{
	if (list != NULL && list->kind == YAML_SCALAR)
		return list;
	for (size_t i = 0; list != NULL && list->kind == YAML_LIST && i < list->n; i++) {
		if (str_eq(list->items[i]->text, text))
			return list->items[i];
	}
	return list;
}

/* -- Categories -- */

static bool has_deadline(const struct time_rules *time)
{
	for (int i = 0; i < PHASE_N; i++) {
		if (deadline_stated(&time->deadlines[i]))
			return true;
	}
	return false;
}

static bool has_submission(const struct category *category)
{
	return category->submission_sasl.n > 0 || category->submission_tls.n > 0 ||
	       category->submission_smime;
}

const char *policy_why_never(const struct category *category, enum finding_id finding)
{
	switch (finding) {
	case FINDING_BANNER_MISSING:
		return category->banner_required ? NULL : "no banner is required";
	case FINDING_BANNER_COLOR:
		return category->banner_stated ? NULL : "it has no colour";
	case FINDING_BANNER_UNVERIFIABLE:
		return category->banner_stated ? NULL : "it has no colour";
	case FINDING_BANNER_FOREIGN:
		return category->banner_stated ? "it has a colour of its own" : NULL;
	case FINDING_LEAD_TIME_MINIMUM:
		return floor_stated(&category->time.floor)
			       ? NULL
			       : "it has no floor";
	case FINDING_LEAD_TIME_PARTIAL_DAY:
		return category->time.floor.calendar_days > 0 ? NULL : "its floor counts no calendar days";
	case FINDING_LEAD_TIME_PAST:
		if (category->time.n_milestones > 0)
			return "its series has mails after the start";
		return category->time.in_advance || floor_stated(&category->time.floor)
			       ? NULL
			       : "it is no notice in advance";
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
	case FINDING_RECIPIENTS_UNAFFECTED:
		return category->scope == SCOPE_INSTANCES ? NULL : "its recipients have no scope";
	case FINDING_SIGNATURE_MISSING:
	case FINDING_SIGNATURE_INVALID:
		return has_submission(category) ? NULL : "it asks for no submission";
	case FINDING_SEQUENCE_ORPHAN:
		return category->has_follows ? NULL : "it follows nothing";
	default:
		return NULL;
	}
}

/* The same in its variants too, which share its severities. */
static const char *why_never(const struct category *category, enum finding_id finding)
{
	const char *never = policy_why_never(category, finding);

	for (size_t i = 0; never != NULL && i < category->n_variants; i++) {
		if (policy_why_never(category->variants[i].category, finding) == NULL)
			return NULL;
	}
	return never;
}

/* That a policy's severity is the usual one changes nothing, and does no harm. */
static bool is_usual(enum finding_id finding, enum severity severity)
{
	return finding_infos[finding].severity == severity;
}

static bool never_at_all(const struct policy *policy, enum finding_id finding)
{
	for (size_t i = 0; i < policy->n_categories; i++) {
		if (why_never(&policy->categories[i], finding) == NULL)
			return false;
	}
	return true;
}

static void lint_category_severities(const struct lint *lint, const struct category *category,
				     const struct yaml_node *node)
{
	const struct policy *policy = lint->policy;

	for (int i = 0; i < FINDING_N; i++) {
		enum finding_id finding = (enum finding_id)i;
		const char *id = finding_infos[i].id, *never = why_never(category, finding);
		const struct yaml_node *place = lint_at(node, str_from(id));

		if (!category->severity_set[i])
			continue;
		if (never != NULL)
			lint_say(lint, LINT_SEVERITY_NEVER, place,
				 "%.*s: a severity for %s, which cannot arise: %s; take it out",
				 STR_ARG(category->id), id, never);
		else if (policy_severity(policy, category, finding) != category->severities[i])
			lint_say(lint, LINT_SEVERITY_CAPPED, place,
				 "%.*s: %s is %s here at most, for the category is urgent: say that",
				 STR_ARG(category->id), id,
				 severity_name(policy_severity(policy, category, finding)));
	}
}

static void lint_severities(const struct lint *lint)
{
	const struct policy *policy = lint->policy;
	const struct yaml_node *node = lint_at(lint->tree, STR_LIT("severities"));

	for (int i = 0; i < FINDING_N; i++) {
		enum finding_id finding = (enum finding_id)i;

		if (policy->severity_set[i] && !is_usual(finding, policy->severities[i]) &&
		    never_at_all(policy, finding))
			lint_say(lint, LINT_SEVERITY_NEVER,
				 lint_at(node, str_from(finding_infos[i].id)),
				 "a severity for %s, which cannot arise in any category: take it out",
				 finding_infos[i].id);
	}
}

static void lint_series(const struct lint *lint, const struct category *category,
			const struct yaml_node *node)
{
	const struct time_rules *time = &category->time;
	const struct yaml_node *series = lint_at(lint_at(node, STR_LIT("time")), STR_LIT("series"));
	bool approval = false;

	for (size_t i = 0; i < time->n_milestones; i++)
		approval = approval || time->milestones[i].approval;
	if (time->n_milestones > 0 && approval != !!(category->content & CONTENT_NEEDS_APPROVAL))
		lint_say(lint, LINT_SERIES_APPROVAL, series,
			 "%.*s: content approval and the approval of its series disagree: give both, or "
			 "none",
			 STR_ARG(category->id));
	if (time->n_milestones > 0 && !time->required)
		lint_say(lint, LINT_SERIES_UNTIMED, series,
			 "%.*s: a series, but no time is required to count it from: time.required: true",
			 STR_ARG(category->id));
}

/* Content for which the policy has no way to be seen, though its absence has an effect. */
static void lint_content(const struct lint *lint, const struct category *category,
			 const struct yaml_node *node)
{
	const struct policy *policy = lint->policy;
	const struct {
		enum content_requirement requirement;
		enum finding_id finding;
		bool there;
		const char *missing;
	} rows[] = {
		{ CONTENT_NEEDS_CASE, FINDING_CONTENT_CASE,
		  policy->reference_patterns[REFERENCE_CASE].n > 0, "references.case" },
		{ CONTENT_NEEDS_HEALTH_PAGE, FINDING_CONTENT_HEALTH_PAGE, policy->health_pages.n > 0,
		  "health-pages" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if ((category->content & rows[i].requirement) && !rows[i].there &&
		    policy_severity(policy, category, rows[i].finding) > SEVERITY_ACCEPT)
			lint_say(lint, LINT_CONTENT_UNMEETABLE, lint_at(node, STR_LIT("content")),
				 "%.*s: every mail is %s, for %s is empty: fill it",
				 STR_ARG(category->id), finding_infos[rows[i].finding].id,
				 rows[i].missing);
	}
}

/* Enough days on the calendar soften what lacks hours, not what lacks days. */
static void lint_floor(const struct lint *lint, const struct category *category,
		       const struct yaml_node *node)
{
	const struct time_floor *floor = &category->time.floor;

	if (floor->calendar_days > 0 && floor->calendar_days * UTC_DAY <= floor->seconds - UTC_DAY)
		lint_say(lint, LINT_FLOOR_SOFT, lint_at(lint_at(node, STR_LIT("time")), STR_LIT("floor")),
			 "%.*s: floor.calendar-days (%u) makes a notice that is days too late a "
			 "partial-day: raise it with at-least",
			 STR_ARG(category->id), floor->calendar_days);
}

/* From one time of day to the same on the next day. */
static void lint_window(const struct lint *lint, const struct category *category,
			const struct yaml_node *node)
{
	const struct time_window *window = &category->time.window;
	int whole = window->to - window->from;

	if (window->stated && window->days == 0 && (whole == 0 || whole == UTC_DAY / UTC_MINUTE))
		lint_say(lint, LINT_WINDOW_IDLE, lint_at(lint_at(node, STR_LIT("time")), STR_LIT("window")),
			 "%.*s: a window that is open all day on every day: name other hours, or take "
			 "it out",
			 STR_ARG(category->id));
}

/* What a variant says of time itself; what it has from its category was said there. */
static void lint_variants(const struct lint *lint, const struct category *category,
			  const struct yaml_node *node)
{
	for (size_t i = 0; i < category->n_variants; i++) {
		const struct variant *variant = &category->variants[i];
		const struct yaml_node *place = lint_at(node, variant->id);

		if (lint_at(place, STR_LIT("time")) == NULL)
			continue;
		lint_floor(lint, variant->category, place);
		lint_window(lint, variant->category, place);
		lint_series(lint, variant->category, place);
	}
}

static void lint_categories(const struct lint *lint)
{
	const struct yaml_node *categories = lint_at(lint->tree, STR_LIT("categories"));

	for (size_t i = 0; i < lint->policy->n_categories; i++) {
		const struct category *category = &lint->policy->categories[i];
		const struct yaml_node *node = lint_at(categories, category->id);

		lint_category_severities(lint, category, lint_at(node, STR_LIT("severities")));
		lint_content(lint, category, node);
		lint_floor(lint, category, node);
		lint_window(lint, category, node);
		lint_series(lint, category, node);
		lint_variants(lint, category, lint_at(node, STR_LIT("variants")));
	}
}

/* -- Colours -- */

static double palette_distance(const struct palette_entry *a, const struct palette_entry *b)
{
	return color_distance(color_lab(color_from_bytes(a->rgb)),
			      color_lab(color_from_bytes(b->rgb)));
}

static bool is_worn(const struct policy *policy, size_t color)
{
	for (size_t i = 0; i < policy->n_categories; i++) {
		if (policy_wears(&policy->categories[i], color))
			return true;
	}
	return false;
}

/* A colour within the radius of two entries goes to the nearer one: mostly a radius too wide. */
static void lint_palette(const struct lint *lint)
{
	const struct policy *policy = lint->policy;
	const struct yaml_node *palette = lint_at(lint->tree, STR_LIT("palette"));

	for (size_t i = 0; i < policy->n_palette; i++) {
		const struct palette_entry *a = &policy->palette[i];
		const struct yaml_node *node = lint_at(palette, a->name);

		if (!is_worn(policy, i))
			lint_say(lint, LINT_PALETTE_UNWORN, node,
				 "no category has the colour \"%.*s\": give it to one, or take it out",
				 STR_ARG(a->name));
		for (size_t j = 0; j < i; j++) {
			const struct palette_entry *b = &policy->palette[j];
			double distance = palette_distance(a, b);

			if (distance < a->radius + b->radius)
				lint_say(lint, LINT_PALETTE_OVERLAP, node,
					 "\"%.*s\" and \"%.*s\" are %.1f apart, less than their radii "
					 "together (%.1f): make them smaller",
					 STR_ARG(b->name), STR_ARG(a->name), distance,
					 a->radius + b->radius);
		}
	}
}

/* -- Senders -- */

/* A star in the covered pattern is a letter that a star of the other takes. */
static void lint_patterns(const struct lint *lint, const struct pattern_list *list,
			  const struct yaml_node *node)
{
	for (size_t i = 0; i < list->n; i++) {
		for (size_t j = 0; j < list->n; j++) {
			struct pattern_list one = { &list->items[j], 1, 1 };

			/* Of two that are the same the later one is too many. */
			if (i == j || !pattern_list_matches(&one, list->items[i]) ||
			    (j > i && str_eq_nocase(list->items[i], list->items[j])))
				continue;
			lint_say(lint, LINT_SENDER_COVERED, item_at(node, list->items[i]),
				 "\"%.*s\" is covered by \"%.*s\": take one of them out",
				 STR_ARG(list->items[i]), STR_ARG(list->items[j]));
			break;
		}
	}
}

static void lint_senders(const struct lint *lint)
{
	const struct yaml_node *senders = lint_at(lint->tree, STR_LIT("senders"));
	const struct str_list *internal = &lint->policy->internal;
	const struct pattern_list domains = { internal->items, internal->n, internal->cap };

	lint_patterns(lint, &lint->policy->senders_from, lint_at(senders, STR_LIT("from")));
	lint_patterns(lint, &lint->policy->senders_envelope, lint_at(senders, STR_LIT("envelope")));
	lint_patterns(lint, &domains, lint_at(lint->tree, STR_LIT("internal")));
}

/* -- Dates -- */

/* Without next year's holidays business days are counted too short, and nobody notices. */
static void lint_holidays(const struct lint *lint)
{
	const struct day_list *days = &lint->policy->holidays;

	if (days->n > 0 && days->items[days->n - 1] < utc_day(lint->now, 0))
		lint_say(lint, LINT_HOLIDAYS_PAST, lint_at(lint->tree, STR_LIT("business-days")),
			 "the last holiday is past (%.*s): add those to come",
			 STR_ARG(utc_date(lint->diag->arena, days->items[days->n - 1])));
}

static void lint_exceptions(const struct lint *lint)
{
	const struct yaml_node *exceptions = lint_at(lint->tree, STR_LIT("exceptions"));

	for (size_t i = 0; i < lint->policy->n_exceptions; i++) {
		const struct policy_exception *exception = &lint->policy->exceptions[i];

		if (policy_exception_ended(lint->policy, exception, lint->now))
			lint_say(lint, LINT_EXCEPTION_ENDED, lint_at(exceptions, exception->id),
				 "\"%.*s\" ended with %.*s and applies no longer: take it out",
				 STR_ARG(exception->id),
				 STR_ARG(utc_date(lint->diag->arena, exception->until)));
	}
}

static void lint_validity(const struct lint *lint)
{
	int64_t from = lint->policy->not_before, until = lint->policy->not_after;
	const struct yaml_node *begin = lint_at(lint->tree, STR_LIT("not-before"));
	const struct yaml_node *end = lint_at(lint->tree, STR_LIT("not-after"));

	if (from != 0 && until != 0 && until <= from)
		lint_say(lint, LINT_VALIDITY, end, "the policy is never valid: not-after is before "
			 "not-before");
	else if (from != 0 && from > lint->now)
		lint_say(lint, LINT_VALIDITY, begin, "the policy is not valid before %.*s: a gate that "
			 "demands signatures does not load it yet",
			 STR_ARG(utc_stamp(lint->diag->arena, from)));
	else if (until != 0 && until <= lint->now)
		lint_say(lint, LINT_VALIDITY, end, "the policy is valid no more since %.*s: sign a new "
			 "edition",
			 STR_ARG(utc_stamp(lint->diag->arena, until)));
}

void policy_lint(const struct policy *policy, const struct yaml_node *tree, int64_t now,
		 struct diag *diag)
{
	const struct lint lint = { policy, tree, now, diag };

	lint_signals(&lint);
	lint_phrases(&lint);
	lint_categories(&lint);
	lint_severities(&lint);
	lint_palette(&lint);
	lint_senders(&lint);
	lint_holidays(&lint);
	lint_exceptions(&lint);
	lint_validity(&lint);
}
