/* page.c - the policy as a lawyer reads it: one paragraph a category, no keys */
#include "policy/base/utc.h"
#include "policy/rules/names.h"
#include "policy/rules/report.h"

struct str duration_words(struct arena *arena, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *word;
	} units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" }, { 1, "second" } };
	size_t unit = 0;

	while (unit < 3 && (seconds % units[unit].seconds != 0 || seconds < units[unit].seconds))
		unit++;
	return arena_printf(arena, "%lld %s%s", (long long)(seconds / units[unit].seconds),
			    units[unit].word, seconds == units[unit].seconds ? "" : "s");
}

/* "system administrator": names as words. */
static void add_words(struct buf *out, const char *name)
{
	for (; *name != '\0'; name++)
		buf_add_char(out, *name == '-' ? ' ' : *name);
}

static void add_list(struct buf *out, const char *const *names, unsigned set)
{
	bool first = true;

	for (unsigned i = 0; names[i] != NULL; i++) {
		if (!(set & 1u << i))
			continue;
		if (!first)
			buf_add_cstr(out, ", ");
		add_words(out, names[i]);
		first = false;
	}
}

static void page_recipients(struct buf *out, const struct category *category)
{
	buf_add_cstr(out, "  Who:     ");
	if (!category->mailed)
		buf_add_cstr(out, "normally nobody is mailed; if at all: ");
	add_list(out, role_names, category->roles);
	if (category->scope == SCOPE_INSTANCES)
		buf_add_cstr(out, "; only of the instances that the event touches");
	buf_add_char(out, '\n');
}

static void page_series(struct buf *out, const struct category *category)
{
	for (size_t i = 0; i < category->time.n_milestones; i++) {
		const struct milestone *milestone = &category->time.milestones[i];

		buf_printf(out, "           mail \"%.*s\": ", STR_ARG(milestone->name));
		if (milestone->after)
			buf_printf(out, "within %.*s after the end",
				   STR_ARG(duration_words(out->arena, milestone->tolerance)));
		else if (milestone->before == 0)
			buf_printf(out, "at the start, give or take %.*s",
				   STR_ARG(duration_words(out->arena, milestone->tolerance)));
		else
			buf_printf(out, "%.*s before the start, give or take %.*s",
				   STR_ARG(duration_words(out->arena, milestone->before)),
				   STR_ARG(duration_words(out->arena, milestone->tolerance)));
		buf_add_cstr(out, milestone->approval ? "; offers to approve or reschedule\n"
						      : "\n");
	}
}

static void page_deadlines(struct buf *out, const struct time_rules *time)
{
	for (int i = 0; i < PHASE_N; i++) {
		const struct time_deadline *deadline = &time->deadlines[i];

		if (!deadline_stated(deadline))
			continue;
		buf_printf(out, "The %s mail within ", i == PHASE_INITIAL ? "first" : phase_names[i]);
		if (deadline->business_days > 0)
			buf_printf(out, "%u business days", deadline->business_days);
		else
			buf_add(out, duration_words(out->arena, deadline->within));
		buf_printf(out, " after the %s. ", time_anchor_names[deadline->after]);
	}
}

static void page_window(struct buf *out, const struct time_window *window)
{
	static const char *const whose[] = { [WINDOW_INSTANCE] = "where each instance is",
					     [WINDOW_POLICY] = "of the policy's zone" };

	if (!window->stated)
		return;
	buf_printf(out, "Within %02d:%02d and %02d:%02d ", window->from / 60, window->from % 60,
		   window->to / 60, window->to % 60);
	if (window->in == WINDOW_NAMED)
		buf_printf(out, "in %.*s", STR_ARG(window->zone));
	else
		buf_add_cstr(out, whose[window->in]);
	if (window->days != 0) {
		buf_add_cstr(out, ", opening on ");
		add_list(out, weekday_names, window->days);
	}
	buf_add_cstr(out, ". ");
}

static void page_cadence(struct buf *out, const struct time_cadence *cadence)
{
	if (cadence->every == 0)
		return;
	buf_printf(out, "A mail every %.*s", STR_ARG(duration_words(out->arena, cadence->every)));
	if (cadence->tolerance > 0)
		buf_printf(out, ", at most %.*s later,",
			   STR_ARG(duration_words(out->arena, cadence->tolerance)));
	buf_printf(out, " up to the %s one. ", phase_names[cadence->until]);
}

static void page_time(struct buf *out, const struct category *category)
{
	const struct time_rules *time = &category->time;
	struct arena *arena = out->arena;

	buf_add_cstr(out, "  When:    ");
	if (time->floor.seconds > 0)
		buf_printf(out, "at least %.*s before the start. ",
			   STR_ARG(duration_words(arena, time->floor.seconds)));
	if (time->floor.business_days > 0)
		buf_printf(out, "at least %u business days before the start. ",
			   time->floor.business_days);
	if (time->in_advance && !floor_stated(&time->floor))
		buf_add_cstr(out, "before the start. ");
	page_window(out, &time->window);
	page_deadlines(out, time);
	page_cadence(out, &time->cadence);
	if (time->span.years > 0)
		buf_printf(out, "Only within %u year%s after the purchase. ", time->span.years,
			   time->span.years == 1 ? "" : "s");
	if (time->span.days > 0)
		buf_printf(out, "Only within %u days after the purchase. ", time->span.days);
	if (time->n_milestones > 0)
		buf_add_cstr(out, "A series of mails. ");
	buf_add_cstr(out, time->required ? "The mail states the time of the event.\n"
						  : "The mail need not state a time.\n");
	page_series(out, category);
}

static void page_banner(struct buf *out, const struct policy *policy,
			const struct category *category)
{
	const struct palette_entry *entry = &policy->palette[category->banner];

	if (!category->banner_stated) {
		buf_add_cstr(out, "  Banner:  none of its own; not another category's colour\n");
		return;
	}
	buf_add_cstr(out, "  Banner:  ");
	add_words(out, entry->name.p);
	buf_printf(out, " (#%02X%02X%02X)%s\n", entry->rgb[0], entry->rgb[1], entry->rgb[2],
		   category->banner_required ? "" : ", where it has one");
}

static void page_content(struct buf *out, const struct category *category)
{
	if (category->content == 0)
		return;
	buf_add_cstr(out, "  Content: ");
	add_list(out, content_requirement_names, category->content);
	buf_add_char(out, '\n');
}

static void page_follows(struct buf *out, const struct policy *policy,
			 const struct category *category)
{
	if (!category->has_follows)
		return;
	buf_add_cstr(out, "  Follows: ");
	for (size_t i = 0, n = 0; i < policy->n_categories; i++) {
		if (!category->follows[i])
			continue;
		buf_add_cstr(out, n++ > 0 ? ", " : "");
		add_words(out, policy->categories[i].id.p);
	}
	buf_add_char(out, '\n');
}

static void page_variants(struct buf *out, const struct policy *policy,
			  const struct category *category)
{
	for (size_t i = 0; i < category->n_variants; i++) {
		const struct variant *variant = &category->variants[i];
		const struct category *then = variant->category;

		buf_add_cstr(out, "  If it speaks of ");
		add_words(out, policy->concepts[variant->concept].id.p);
		if (variant->unless != SIGNAL_NO_CONCEPT) {
			buf_add_cstr(out, " and not of ");
			add_words(out, policy->concepts[variant->unless].id.p);
		}
		buf_printf(out, " (%.*s)%s:\n", STR_ARG(variant->id),
			   then->urgent ? ", urgent" : "");
		page_time(out, then);
		page_banner(out, policy, then);
		page_content(out, then);
	}
}

static void page_category(struct buf *out, const struct policy *policy,
			  const struct category *category)
{
	buf_add_char(out, '\n');
	add_words(out, category->id.p);
	buf_add_cstr(out, category->urgent ? " (urgent: goes out even with formal faults)\n" : "\n");
	page_recipients(out, category);
	page_time(out, category);
	page_banner(out, policy, category);
	page_content(out, category);
	page_follows(out, policy, category);
	page_variants(out, policy, category);
}

static void page_severity(struct buf *out, const struct policy *policy, enum severity severity,
			  const char *effect)
{
	buf_printf(out, "\n%s:\n", effect);
	for (int i = 0; i < FINDING_N; i++) {
		if (policy_severity(policy, NULL, (enum finding_id)i) == severity)
			buf_printf(out, "  %-24s %s\n", finding_infos[i].id, finding_texts[i].means);
	}
}

static void page_senders(struct buf *out, const struct policy *policy)
{
	buf_add_cstr(out, "Notices are sent by:");
	for (size_t i = 0; i < policy->senders_from.n; i++)
		buf_printf(out, " %.*s", STR_ARG(policy->senders_from.items[i]));
	buf_add_cstr(out, policy->senders_from.n == 0 ? " anyone\n" : "\n");
	buf_add_cstr(out, "Mail within these domains is no notice:");
	for (size_t i = 0; i < policy->internal.n; i++)
		buf_printf(out, " %.*s", STR_ARG(policy->internal.items[i]));
	buf_add_cstr(out, policy->internal.n == 0 ? " none\n" : "\n");
	buf_printf(out, "Times without a zone are read as %.*s.\n", STR_ARG(policy->timezone));
}

static void page_business_days(struct buf *out, const struct policy *policy)
{
	buf_add_cstr(out, "Business days are all but ");
	add_list(out, weekday_names, policy->weekend);
	buf_printf(out, "%s%zu holidays", policy->weekend != 0 ? " and " : "", policy->holidays.n);
	for (size_t i = 0; i < policy->calendars.n; i++)
		buf_printf(out, "%s%.*s", i == 0 ? ", also those of " : ", ",
			   STR_ARG(policy->calendars.items[i]));
	if (policy->business_zone.n > 0)
		buf_printf(out, "; they are counted in %.*s", STR_ARG(policy->business_zone));
	buf_add_cstr(out, ".\n");
}

static void page_exceptions(struct buf *out, const struct policy *policy)
{
	if (policy->n_exceptions > 0)
		buf_add_cstr(out, "\nFor a time less is made of:\n");
	for (size_t i = 0; i < policy->n_exceptions; i++) {
		const struct policy_exception *exception = &policy->exceptions[i];

		buf_printf(out, "  %.*s, until %.*s, %s at most:", STR_ARG(exception->id),
			   STR_ARG(utc_date(out->arena, exception->until)),
			   severity_name(exception->severity));
		for (int j = 0; j < FINDING_N; j++)
			buf_printf(out, "%s%s", exception->findings[j] ? " " : "",
				   exception->findings[j] ? finding_infos[j].id : "");
		buf_printf(out, "\n    %.*s\n", STR_ARG(exception->reason));
	}
}

void policy_page(struct buf *out, const struct policy *policy)
{
	buf_printf(out, "Policy %.*s, version %llu, mode %s\nFingerprint %.*s\n\n",
		   STR_ARG(policy->name), (unsigned long long)policy->version,
		   policy_mode_name(policy->mode), STR_ARG(policy->sha256));
	page_senders(out, policy);
	page_business_days(out, policy);
	for (size_t i = 0; i < policy->n_categories; i++)
		page_category(out, policy, &policy->categories[i]);
	page_severity(out, policy, SEVERITY_REJECT, "A notice is refused for");
	page_severity(out, policy, SEVERITY_TEMPFAIL, "A notice is deferred for");
	page_severity(out, policy, SEVERITY_QUARANTINE, "A notice is held for");
	page_severity(out, policy, SEVERITY_STRIP, "A recipient is taken off a notice for");
	page_severity(out, policy, SEVERITY_FLAG, "A notice is marked, and passes, for");
	page_exceptions(out, policy);
}
