#include "policy/when/choose.h"

/* The order in which places speak for the event, where they agree. */
static const enum place place_order[] = { PLACE_TEXT,     PLACE_HTML,   PLACE_SUBJECT,
					  PLACE_CALENDAR, PLACE_JSONLD, PLACE_MICRODATA,
					  PLACE_DECLARED };

struct resolver {
	struct settle_context context;
	const struct when_facts *facts;
	struct choice *choices; /* [facts->n_sources] */
	struct when *when;
};

/* The one zone that the mail names, for clock times without one: of the visible text first, then
 * of the calendar part. */
static struct zone_spec common_zone(const struct settle_context *context)
{
	const struct when_facts *facts = context->facts;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t s = 0; s < facts->n_sources; s++) {
			const struct when_source *source = &facts->sources[s];
			const struct mention_list *list = source->list;

			if ((source->place <= PLACE_HTML) != (pass == 0) ||
			    source->place == PLACE_DECLARED)
				continue;
			if (zone_spec_known(context, &list->zone))
				return list->zone;
			for (size_t i = 0; i < list->n; i++) {
				const struct mention *mention = &list->items[i];

				if (!mention_is_excluded(context, mention) && mention->start.clock.has &&
				    zone_spec_known(context, &mention->start.zone))
					return mention->start.zone;
			}
		}
	}
	return (struct zone_spec){ .kind = ZONE_UNSTATED };
}

/* The date that another place names, for clock times that have none: the subject's first. */
static bool day_elsewhere(struct resolver *resolver, size_t self, int64_t *ret_day)
{
	static const enum place order[] = { PLACE_SUBJECT, PLACE_TEXT, PLACE_HTML };

	for (size_t o = 0; o < sizeof order / sizeof *order; o++) {
		for (size_t i = 0; i < resolver->facts->n_sources; i++) {
			if (i != self && resolver->facts->sources[i].place == order[o] &&
			    choose_day(&resolver->context, &resolver->facts->sources[i], ret_day))
				return true;
		}
	}
	return false;
}

static void choose_all(struct resolver *resolver)
{
	const struct when_facts *facts = resolver->facts;

	resolver->choices = ARENA_ARRAY(resolver->context.arena, facts->n_sources, struct choice);
	for (size_t i = 0; i < facts->n_sources; i++) {
		int64_t day = 0;
		bool has_day = facts->sources[i].place <= PLACE_HTML &&
			       facts->sources[i].list->n > 0 && day_elsewhere(resolver, i, &day);

		resolver->choices[i] = choose(&resolver->context, &facts->sources[i], has_day, day);
		/* An incident's "since 07:10 UTC" without a date is of these hours. */
		if (!resolver->choices[i].has_start && !has_day &&
		    resolver->context.direction == WHEN_NEAREST) {
			struct choice choice = choose(&resolver->context, &facts->sources[i], true,
						      resolver->context.now / SECONDS_OF_DAY);

			if (choice.has_start && choice.mention->role == ROLE_START) {
				int64_t ahead = choice.start.utc - resolver->context.now;
				int64_t shift = ahead > SECONDS_OF_DAY / 2    ? -SECONDS_OF_DAY
						: ahead < -SECONDS_OF_DAY / 2 ? SECONDS_OF_DAY
									      : 0;

				choice.start.utc += shift;
				choice.start.day += shift / SECONDS_OF_DAY;
				choice.end.utc += shift;
				resolver->choices[i] = choice;
			}
		}
	}
}

static void add_statements(struct resolver *resolver)
{
	struct when *when = resolver->when;

	when->statements = ARENA_ARRAY(resolver->context.arena, resolver->facts->n_sources,
				       struct when_statement);
	for (size_t i = 0; i < resolver->facts->n_sources; i++) {
		const struct choice *choice = &resolver->choices[i];

		if (!choice->has_start)
			continue;
		when->statements[when->n_statements++] = (struct when_statement){
			.place = resolver->facts->sources[i].place,
			.has_start = true,
			.has_end = choice->has_end,
			.start = choice->start.utc,
			.end = choice->end.utc,
			.start_offset = choice->start.offset,
			.clock_stated = choice->start.clock,
			.zone_stated = choice->start.zone_stated,
			.text = choice->text,
		};
	}
}

/* The one that speaks for the event: with a clock time before one without, then by place. */
static const struct choice *speaker(const struct resolver *resolver, enum place *ret_place)
{
	for (int pass = 0; pass < 3; pass++) {
		for (size_t o = 0; o < sizeof place_order / sizeof *place_order; o++) {
			for (size_t i = 0; i < resolver->facts->n_sources; i++) {
				const struct choice *choice = &resolver->choices[i];

				if (resolver->facts->sources[i].place != place_order[o] ||
				    !choice->has_start || (pass == 0 && !choice->start.clock) ||
				    (pass < 2 && choice->relative))
					continue;
				*ret_place = place_order[o];
				return choice;
			}
		}
	}
	return NULL;
}

static bool days_meet(const struct choice *dates, const struct choice *other)
{
	for (size_t a = 0; a < dates->n_days; a++) {
		if (dates->days[a] == other->start.day)
			return true;
		for (size_t b = 0; b < other->n_days; b++) {
			if (dates->days[a] == other->days[b])
				return true;
		}
	}
	return false;
}

/* Two places agree at the precision that both state. */
static bool choices_agree(const struct choice *a, const struct choice *b)
{
	if (a->relative || b->relative)
		return true;
	if (a->start.clock && b->start.clock)
		return a->start.utc == b->start.utc;
	return a->start.clock ? days_meet(b, a) : days_meet(a, b);
}

static struct str instant_text(struct arena *arena, const struct choice *choice)
{
	int year, month, day;
	int64_t second = choice->start.utc % SECONDS_OF_DAY;

	if (!choice->start.clock) {
		civil_from_days(choice->start.day, &year, &month, &day);
		return arena_printf(arena, "%04d-%02d-%02d", year, month, day);
	}
	civil_from_days(choice->start.utc / SECONDS_OF_DAY, &year, &month, &day);
	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
			    (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static void find_conflicts(struct resolver *resolver, const struct choice *main, enum place place)
{
	struct arena *arena = resolver->context.arena;
	struct when *when = resolver->when;

	for (size_t i = 0; i < resolver->facts->n_sources && !when->conflict; i++) {
		const struct choice *other = &resolver->choices[i];

		if (!other->has_start)
			continue;
		if (other->conflict) {
			when->conflict = true;
			when->conflict_detail =
				arena_printf(arena, "%s: %.*s", place_name(resolver->facts->sources[i].place),
					     STR_ARG(other->conflict_detail));
		} else if (other != main && !choices_agree(main, other)) {
			struct str left = instant_text(arena, main);
			struct str right = instant_text(arena, other);

			when->conflict = true;
			when->conflict_detail = arena_printf(
				arena, "%s states %.*s, %s states %.*s", place_name(place),
				STR_ARG(left), place_name(resolver->facts->sources[i].place),
				STR_ARG(right));
		}
	}
}

/* The end is the speaker's, else that of a place that agrees with it on the start. */
static void take_end(struct resolver *resolver, const struct choice *main)
{
	struct when *when = resolver->when;
	const struct choice *from = main->has_end ? main : NULL;

	for (size_t o = 0; from == NULL && o < sizeof place_order / sizeof *place_order; o++) {
		for (size_t i = 0; i < resolver->facts->n_sources; i++) {
			const struct choice *other = &resolver->choices[i];

			if (resolver->facts->sources[i].place == place_order[o] && other->has_start &&
			    other->has_end && other->end.utc > main->start.utc &&
			    choices_agree(main, other)) {
				from = other;
				break;
			}
		}
	}
	if (from != NULL) {
		when->has_end = true;
		when->end = from->end.utc;
	}
}

/* "The maintenance of 3 March was cancelled; we now do it on 10 March": the start stands behind a
 * date that no longer holds, in the same paragraph or the next, or is called the new one. */
static bool is_renewed(const struct resolver *resolver, const struct choice *main)
{
	const struct when_source *source = &resolver->facts->sources[main - resolver->choices];
	const struct mention *held = main->mention;

	if (!held->start.date.has || source->place > PLACE_HTML ||
	    (held->flags & MENTION_OLD) != 0)
		return false;
	for (const struct mention *other = source->list->items; other < held; other++) {
		bool old = (other->flags & MENTION_OLD) != 0 && held->block <= other->block + 1;

		if ((old || (held->flags & MENTION_NEW) != 0) && other->start.date.has &&
		    (other->start.date.day != held->start.date.day ||
		     other->start.date.month != held->start.date.month))
			return true;
	}
	return false;
}

static bool hidden_has_start(struct resolver *resolver)
{
	struct when_source source = { PLACE_HTML, resolver->facts->hidden };

	return resolver->facts->hidden != NULL &&
	       choose(&resolver->context, &source, false, 0).has_start;
}

/* A mail that cancels names no start but the one that no longer holds. */
static const struct choice *choose_main(struct resolver *resolver)
{
	const struct choice *main;

	choose_all(resolver);
	main = speaker(resolver, &resolver->when->source);
	if (main != NULL || hidden_has_start(resolver))
		return main;
	resolver->context.withdrawn = true;
	choose_all(resolver);
	return speaker(resolver, &resolver->when->source);
}

struct when *when_resolve(struct arena *arena, const struct when_facts *facts,
			  const struct policy *policy, enum when_direction direction, int64_t now)
{
	struct resolver resolver = { .facts = facts, .when = ARENA_NEW(arena, struct when) };
	struct when *when = resolver.when;
	const struct choice *main;

	resolver.context = (struct settle_context){ .arena = arena,
						    .facts = facts,
						    .policy = policy,
						    .direction = direction,
						    .now = now,
						    .fallback = zone_find(policy->timezone) };
	resolver.context.common = common_zone(&resolver.context);
	main = choose_main(&resolver);
	if (main == NULL) {
		when->hidden_start = hidden_has_start(&resolver);
		return when;
	}
	add_statements(&resolver);
	when->has_start = true;
	when->start = main->start.utc;
	when->start_offset = main->start.offset;
	when->clock_stated = main->start.clock;
	when->zone_stated = main->start.zone_stated;
	when->text = main->text;
	when->renewed = is_renewed(&resolver, main);
	take_end(&resolver, main);
	find_conflicts(&resolver, main, when->source);
	when->note = resolver.context.note;
	if (when->source == PLACE_DECLARED)
		when->hidden_start = hidden_has_start(&resolver);
	return when;
}
