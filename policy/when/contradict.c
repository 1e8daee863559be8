#include "policy/when/chooser.h"

bool candidate_is_like(const struct candidate *a, const struct candidate *b, int near)
{
	bool a_start = a->mention->role == ROLE_START, b_start = b->mention->role == ROLE_START;

	return a_start == b_start &&
	       a->mention->start.clock.has == b->mention->start.clock.has &&
	       (a_start || a->mention->has_end == b->mention->has_end) &&
	       a->score >= b->score - near;
}

struct str choice_text(const struct chooser *chooser, const struct mention *mention)
{
	struct str text = chooser->list->text;

	if (mention->begin >= text.n || mention->end_at > text.n)
		return STR_NONE;
	return (struct str){ text.p + mention->begin, mention->end_at - mention->begin };
}

void check_alternates(struct chooser *chooser, struct choice *choice)
{
	struct settle_context *context = chooser->context;
	const struct mention *mention = choice->mention;

	for (size_t i = 0; i < mention->n_alternates; i++) {
		struct settle_base base = { .has_day = true, .day = choice->start.day };
		const struct stamp *stamp = &mention->alternates[i];
		struct settled other, best = { .utc = 0 };
		bool found = false;

		if (!stamp->clock.has || !zone_spec_known(context, &stamp->zone))
			continue;
		for (int shift = -1; shift <= 1; shift++) {
			base.day = choice->start.day + shift;
			if (!stamp_settle(context, stamp, &base, &other))
				continue;
			if (!found || llabs(other.utc - choice->start.utc) <
					      llabs(best.utc - choice->start.utc))
				best = other;
			found = true;
		}
		if (!found)
			continue;
		if (choice->n_days < CHOICE_DAYS_MAX)
			choice->days[choice->n_days++] = best.day;
		if (!choice->start.zone_stated || !zone_spec_known(context, &mention->start.zone)) {
			int64_t moved = choice->start.utc - best.utc;

			choice->start.offset += (int)moved;
			choice->start.utc = best.utc;
			choice->start.zone_stated = true;
			if (choice->has_end)
				choice->end.utc -= moved;
		} else if (best.utc != choice->start.utc &&
			   !(choice->has_end && best.utc == choice->end.utc)) {
			choice->conflict = true;
			choice->conflict_detail = arena_printf(
				context->arena, "\"%.*s\" names two different instants",
				STR_ARG(choice->text));
		}
	}
}

void check_weekday(struct chooser *chooser, struct choice *choice,
			  const struct settled *settled)
{
	static const char *const names[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
					     "Thursday", "Friday", "Saturday" };
	int year, month, day;

	if (!settled->weekday_wrong || choice->conflict)
		return;
	civil_from_days(settled->day, &year, &month, &day);
	choice->conflict = true;
	choice->conflict_detail =
		arena_printf(chooser->context->arena, "\"%.*s\": %04d-%02d-%02d is a %s",
			     STR_ARG(choice->text), year, month, day,
			     names[civil_weekday(settled->day)]);
}

void check_sentences(struct chooser *chooser, const struct candidate *best,
			    struct choice *choice)
{
	unsigned labelled = MENTION_LABELLED, spoken = MENTION_WORK;

	if (choice->conflict || best->mention->role != ROLE_START ||
	    (best->mention->flags & labelled) == 0 || !best->start.clock ||
	    !best->mention->start.date.has)
		return;
	for (size_t i = 0; i < chooser->n; i++) {
		const struct candidate *item = &chooser->items[i];
		const struct mention *mention = item->mention;

		if (!item->settled || mention_is_excluded(chooser->context, mention) ||
		    mention->role != ROLE_START ||
		    mention == best->mention || !mention->start.date.has || !mention->start.clock.has)
			continue;
		if ((mention->flags & labelled) != 0)
			return; /* several windows */
		if ((mention->flags & (spoken | MENTION_PAST | MENTION_FURTHER)) != spoken ||
		    item->start.utc == best->start.utc ||
		    (item->start.day != best->start.day && item->start.wall != best->start.wall))
			continue;
		choice->conflict = true;
		choice->conflict_detail = arena_printf(chooser->context->arena,
						       "\"%.*s\" and \"%.*s\"",
						       STR_ARG(choice_text(chooser, best->mention)),
						       STR_ARG(choice_text(chooser, mention)));
		return;
	}
}

void check_languages(struct chooser *chooser, const struct candidate *best,
			    struct choice *choice)
{
	uint32_t languages = best->languages;
	const struct candidate *other = NULL;

	if (languages == 0 || choice->conflict || !best->start.clock)
		return;
	for (size_t i = 0; i < chooser->n; i++) {
		const struct candidate *item = &chooser->items[i];

		if (item == best || !item->settled || item->mention->role == ROLE_END ||
		    mention_is_excluded(chooser->context, item->mention) ||
		    !candidate_is_like(item, best, SCORE_DATED))
			continue;
		/* Several windows are not always told in the same order, nor all of them. */
		if (other != NULL || (item->languages & languages) != 0)
			return;
		other = item;
	}
	if (other == NULL || other->languages == 0 ||
	    other->mention->block == best->mention->block || other->start.utc == best->start.utc)
		return;
	choice->conflict = true;
	choice->conflict_detail = arena_printf(chooser->context->arena, "\"%.*s\" and \"%.*s\"",
					       STR_ARG(choice_text(chooser, best->mention)),
					       STR_ARG(choice_text(chooser, other->mention)));
}
