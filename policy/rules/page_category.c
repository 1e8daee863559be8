/* page_category.c - a category in sentences: what it demands, and how it is known */
#include "policy/rules/page.h"

#include "policy/rules/names.h"

static void add_sentence(struct buf *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Sentences stand behind one another. */
static void add_sentence(struct buf *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (out->n > 0)
		buf_add_char(out, ' ');
	buf_add(out, arena_vprintf(out->arena, format, args));
	va_end(args);
}

static const char *span(struct buf *out, int64_t seconds)
{
	return duration_words(out->arena, seconds).p;
}

static const char *concept_words(struct buf *out, const struct policy *policy, size_t concept)
{
	return page_words(out->arena, policy->concepts[concept].id).p;
}

/* -- Rows: each adds what is to be said of one side of a category -- */

static void say_who(struct buf *out, const struct policy *policy, const struct category *category)
{
	(void)policy;
	if (!category->mailed)
		add_sentence(out, "Normally nobody is mailed.");
	if (category->roles != 0)
		add_sentence(out, "Contacts with one of these roles: %.*s.",
			     STR_ARG(page_set(out->arena, role_names, category->roles)));
	if (category->scope == SCOPE_INSTANCES)
		add_sentence(out, "Only those of the instances that the event touches.");
}

static void say_notice(struct buf *out, const struct time_rules *time)
{
	const struct time_floor *floor = &time->floor;

	if (floor->seconds > 0)
		add_sentence(out, "At least %s before the start.", span(out, floor->seconds));
	if (floor->business_days > 0)
		add_sentence(out, "At least %u business day%s before the start.", floor->business_days,
			     floor->business_days == 1 ? "" : "s");
	if (floor->calendar_days > 0)
		add_sentence(out,
			     "With %u day%s on the calendar, but too few hours, it is the milder "
			     "lead-time.partial-day.",
			     floor->calendar_days, floor->calendar_days == 1 ? "" : "s");
	if (time->in_advance)
		add_sentence(out, "Before the start.");
}

static void say_series(struct buf *out, const struct time_rules *time)
{
	if (time->n_milestones > 0)
		add_sentence(out, "A series of mails:");
	for (size_t i = 0; i < time->n_milestones; i++) {
		const struct milestone *milestone = &time->milestones[i];
		const char *offer = milestone->approval ? ", with an offer to approve or reschedule" : "";
		const char *end = i + 1 < time->n_milestones ? ";" : ".";

		if (milestone->after)
			add_sentence(out, "\"%.*s\" within %s after the end%s%s",
				     STR_ARG(milestone->name), span(out, milestone->tolerance), offer,
				     end);
		else if (milestone->before == 0)
			add_sentence(out, "\"%.*s\" at the start, give or take %s%s%s",
				     STR_ARG(milestone->name), span(out, milestone->tolerance), offer,
				     end);
		else
			add_sentence(out, "\"%.*s\" %s before the start, give or take %s%s%s",
				     STR_ARG(milestone->name), span(out, milestone->before),
				     span(out, milestone->tolerance), offer, end);
	}
}

static void say_deadlines(struct buf *out, const struct time_rules *time)
{
	for (int i = 0; i < PHASE_N; i++) {
		const struct time_deadline *deadline = &time->deadlines[i];
		const char *mail = i == PHASE_INITIAL ? "first" : phase_names[i];
		const char *after = deadline->after == ANCHOR_PREVIOUS
					    ? "previous mail"
					    : time_anchor_names[deadline->after];

		if (!deadline_stated(deadline))
			continue;
		if (deadline->business_days > 0)
			add_sentence(out, "The %s mail within %u business day%s after the %s.", mail,
				     deadline->business_days,
				     deadline->business_days == 1 ? "" : "s", after);
		else
			add_sentence(out, "The %s mail within %s after the %s.", mail,
				     span(out, deadline->within), after);
	}
}

static void say_window(struct buf *out, const struct time_window *window)
{
	const char *where = window->in == WINDOW_INSTANCE ? "where each instance is"
			    : window->in == WINDOW_POLICY ? "in the policy's zone"
							  : arena_printf(out->arena, "in %.*s",
									 STR_ARG(window->zone)).p;

	if (!window->stated)
		return;
	add_sentence(out, "The event lies between %02d:%02d and %02d:%02d %s", window->from / 60,
		     window->from % 60, window->to / 60, window->to % 60, where);
	if (window->days != 0)
		buf_printf(out, ", opening on %.*s",
			   STR_ARG(page_set(out->arena, weekday_names, window->days)));
	buf_add_char(out, '.');
}

static void say_cadence(struct buf *out, const struct time_cadence *cadence)
{
	if (cadence->every == 0)
		return;
	add_sentence(out, "While it goes on, a mail every %s, at most %s late, up to the %s one.",
		     span(out, cadence->every), span(out, cadence->tolerance),
		     phase_names[cadence->until]);
}

static void say_when(struct buf *out, const struct policy *policy, const struct category *category)
{
	const struct time_rules *time = &category->time;

	(void)policy;
	say_notice(out, time);
	say_series(out, time);
	say_deadlines(out, time);
	say_window(out, &time->window);
	say_cadence(out, &time->cadence);
	if (time->span.years > 0)
		add_sentence(out, "Only within %u year%s after the purchase.", time->span.years,
			     time->span.years == 1 ? "" : "s");
	if (time->span.days > 0)
		add_sentence(out, "Only within %u day%s after the purchase.", time->span.days,
			     time->span.days == 1 ? "" : "s");
	add_sentence(out, time->required ? "The mail states the time of the event."
					 : "The mail need not state a time.");
	add_sentence(out, time->direction == TIME_ADVANCE
				  ? "A date without a year is the next one."
				  : "A date without a year is the nearest one.");
}

static void say_banner(struct buf *out, const struct policy *policy,
		       const struct category *category)
{
	const struct palette_entry *entry;

	if (!category->banner_stated) {
		add_sentence(out, "None of its own, and not another category's colour.");
		return;
	}
	entry = &policy->palette[category->banner];
	add_sentence(out, "%.*s (#%02X%02X%02X)%s.", STR_ARG(page_words(out->arena, entry->name)),
		     entry->rgb[0], entry->rgb[1], entry->rgb[2],
		     category->banner_required ? "" : ", where the mail has a banner");
}

static void say_content(struct buf *out, const struct policy *policy,
			const struct category *category)
{
	static const char *const owed[] = {
		"the category's title in subject or heading",
		"a way to approve the date or to choose another",
		"the number of the support case",
		"which incident it is about",
		"that the incident is resolved",
		"if it is a report, its six parts",
		"a link to the service health page",
	};
	const char *begin = "The mail has";

	for (size_t i = 0; i < sizeof owed / sizeof *owed; i++) {
		if (!(category->content >> i & 1))
			continue;
		add_sentence(out, "%s %s", begin, owed[i]);
		begin = "and";
	}
	if (category->content != 0)
		buf_add_char(out, '.');
	if (category->title != SIGNAL_NO_CONCEPT)
		add_sentence(out, "Its title has words for %s.",
			     concept_words(out, policy, category->title));
}

static void say_follows(struct buf *out, const struct policy *policy,
			const struct category *category)
{
	size_t n = 0;

	for (size_t i = 0; category->has_follows && i < policy->n_categories; i++) {
		if (!category->follows[i])
			continue;
		add_sentence(out, "%s%.*s%s", n++ == 0 ? "Only where this is on record: " : "or ",
			     STR_ARG(page_words(out->arena, policy->categories[i].id)),
			     i == category->index ? " (for its final mail)" : "");
	}
	if (n > 0)
		buf_add_char(out, '.');
}

static void say_submission(struct buf *out, const struct policy *policy,
			   const struct category *category)
{
	(void)policy;
	if (category->submission_sasl.n > 0)
		add_sentence(out, "Handed in by one of these authenticated names: %.*s.",
			     STR_ARG(page_list(out->arena,
					       &(struct str_list){ category->submission_sasl.items,
								   category->submission_sasl.n, 0 },
					       "")));
	if (category->submission_tls.n > 0)
		add_sentence(out, "Handed in with a client certificate of one of these: %.*s.",
			     STR_ARG(page_list(out->arena,
					       &(struct str_list){ category->submission_tls.items,
								   category->submission_tls.n, 0 },
					       "")));
	if (category->submission_smime)
		add_sentence(out, "Signed with S/MIME as its From address.");
	if (out->n > 0)
		add_sentence(out, "One such way is enough.");
}

static void say_faults(struct buf *out, const struct policy *policy,
		       const struct category *category)
{
	(void)policy;
	if (category->urgent)
		add_sentence(out, "Urgent: it goes out even with faults of banner, time or content, and is "
				  "marked at most.");
	for (int i = 0; i < FINDING_N; i++) {
		if (category->severity_set[i])
			add_sentence(out, "For %s it %s.", finding_infos[i].id,
				     page_effect(category->severities[i]));
	}
}

static const struct {
	const char *label;
	void (*say)(struct buf *out, const struct policy *policy, const struct category *category);
} rows[] = {
	{ "Who", say_who },	    { "When", say_when },
	{ "Banner", say_banner },   { "Content", say_content },
	{ "Follows", say_follows }, { "Submission", say_submission },
	{ "Faults", say_faults },
};
#define N_ROWS (sizeof rows / sizeof *rows)

static struct str row_text(struct arena *arena, size_t row, const struct policy *policy,
			   const struct category *category)
{
	struct buf out;

	buf_init(&out, arena, 4 * 1024 * 1024);
	rows[row].say(&out, policy, category);
	return buf_str(&out);
}

static struct str places_words(struct arena *arena, unsigned places)
{
	return places != 0 ? arena_printf(arena, " in: %.*s",
					  STR_ARG(page_set(arena, signal_place_names, places)))
			   : STR_LIT("");
}

/* What differs from the category. */
static void page_variant(struct page *page, const struct policy *policy,
			 const struct category *category, const struct variant *variant)
{
	struct arena *arena = page->arena;
	struct str unless = STR_LIT("");

	if (variant->unless != SIGNAL_NO_CONCEPT)
		unless = arena_printf(arena, ", and without words for %.*s",
				      STR_ARG(page_words(arena, policy->concepts[variant->unless].id)));
	page_heading(page, 3,
		     arena_printf(arena, "%.*s with words for %.*s%.*s%.*s (%.*s)",
				  STR_ARG(page_words(arena, category->id)),
				  STR_ARG(page_words(arena, policy->concepts[variant->concept].id)),
				  STR_ARG(places_words(arena, variant->places)), STR_ARG(unless),
				  STR_ARG(page_words(arena, variant->id))));
	for (size_t i = 0; i < N_ROWS; i++) {
		struct str text = row_text(arena, i, policy, variant->category);

		if (!str_eq(text, row_text(arena, i, policy, category)))
			page_row(page, rows[i].label, text.n > 0 ? text : STR_LIT("Nothing."));
	}
}

/* Of several the order tells which one counts. */
static void page_variants(struct page *page, const struct policy *policy,
			  const struct category *category)
{
	struct buf out;

	buf_init(&out, page->arena, 64 * 1024);
	for (size_t i = 0; i < category->n_variants; i++)
		buf_printf(&out, "%s%.*s", i > 0 ? ", " : "The first that fits of: ",
			   STR_ARG(page_words(page->arena, category->variants[i].id)));
	buf_add_char(&out, '.');
	if (category->n_variants > 1)
		page_row(page, "Variants", buf_str(&out));
	for (size_t i = 0; i < category->n_variants; i++)
		page_variant(page, policy, category, &category->variants[i]);
}

void page_category(struct page *page, const struct policy *policy, const struct category *category)
{
	page_heading(page, 3, page_words(page->arena, category->id));
	for (size_t i = 0; i < N_ROWS; i++)
		page_row(page, rows[i].label, row_text(page->arena, i, policy, category));
	page_variants(page, policy, category);
}

/* -- Signals -- */

static const char *const structure_words[STRUCTURE_N] = {
	[STRUCTURE_SENDER_LISTED] = "its sender is listed",
	[STRUCTURE_DECLARED] = "it declares a category",
	[STRUCTURE_REPLY] = "it is a reply",
	[STRUCTURE_FORWARD] = "it is forwarded",
	[STRUCTURE_REPORT] = "it is a report or an automatic reply",
	[STRUCTURE_BULK_LIST] = "it is of a mailing list",
	[STRUCTURE_INVITATION] = "it invites to a meeting",
	[STRUCTURE_FUTURE_WINDOW] = "it states a start to come",
	[STRUCTURE_PAST_TIME] = "it states a start that is past",
	[STRUCTURE_NO_TIME] = "it states no time",
	[STRUCTURE_APPROVAL_LINK] = "it offers to approve or reschedule",
	[STRUCTURE_EVENT_REFERENCE] = "it names an event by its number",
	[STRUCTURE_INCIDENT_REFERENCE] = "it names an incident by its number",
	[STRUCTURE_CASE_REFERENCE] = "it names a support case by its number",
	[STRUCTURE_INSTANCE_NAMED] = "it names an instance",
	[STRUCTURE_BANNER_COLOR] = "it wears the category's banner",
	[STRUCTURE_REPORT_FIELDS] = "it has most parts of a post-incident report",
	[STRUCTURE_QUOTED_MOST] = "most of it is quoted",
	[STRUCTURE_PERSONAL] = "a person wrote it",
	[STRUCTURE_NOTICE_SENDER] = "its sender sends nothing but notices, and is listed",
	[STRUCTURE_ROLE_SENDER] = "its sender sends nothing but notices",
	[STRUCTURE_BANNER_PALETTE] = "it wears some category's banner",
	[STRUCTURE_STRANGER] = "its sender is not listed, and it names no instance",
	[STRUCTURE_DECLARED_EVENT] = "it declares an event",
	[STRUCTURE_CALENDAR] = "it has a calendar entry",
};

static void page_signal(struct page *page, const struct policy *policy, const struct signal *signal)
{
	struct arena *arena = page->arena;
	struct buf out;

	buf_init(&out, arena, 4096);
	buf_printf(&out, "%+g where ", signal->weight);
	if (signal->concept != SIGNAL_NO_CONCEPT)
		buf_printf(&out, "it has words for %.*s%.*s",
			   STR_ARG(page_words(arena, policy->concepts[signal->concept].id)),
			   STR_ARG(places_words(arena, signal->places)));
	else
		buf_add_cstr(&out, structure_words[signal->structure]);
	if (signal->also != SIGNAL_NO_CONCEPT)
		buf_printf(&out, "; only with words for %s too",
			   concept_words(&out, policy, signal->also));
	if (signal->unless != SIGNAL_NO_CONCEPT)
		buf_printf(&out, "; only without words for %s",
			   concept_words(&out, policy, signal->unless));
	if (signal->needs_other)
		buf_add_cstr(&out, "; only beside words that count alone");
	page_item(page, "%.*s (%.*s)", STR_ARG(buf_str(&out)), STR_ARG(signal->id));
}

void page_signals(struct page *page, const struct policy *policy, const struct category *category)
{
	const struct signal *signals = category != NULL ? category->signals : policy->negatives;
	size_t n = category != NULL ? category->n_signals : policy->n_negatives;

	if (category != NULL) {
		page_heading(page, 3, page_words(page->arena, category->id));
		page_text(page, "From %g points on:", category->threshold);
	}
	for (size_t i = 0; i < n; i++)
		page_signal(page, policy, &signals[i]);
}
