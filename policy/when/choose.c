#include "policy/when/chooser.h"

/* An end that lies further behind its start belongs to something else. */
#define END_MAX_DAYS 21

bool mention_is_excluded(const struct settle_context *context, const struct mention *mention)
{
	unsigned out = MENTION_DECOY | MENTION_CHOICE | MENTION_BACKUP;

	if (!context->withdrawn)
		out |= MENTION_OLD;
	return (mention->flags & out) != 0 ||
	       ((mention->flags & MENTION_EVERY) != 0 && !mention->start.date.has);
}

static bool stamp_is_dated(const struct stamp *stamp)
{
	return stamp->date.has || stamp->weekday >= 0 || stamp->instant ||
	       (stamp->relative != RELATIVE_NONE && stamp->relative != RELATIVE_NEXT_WEEK &&
		stamp->relative != RELATIVE_THIS_WEEK);
}

/* The dated mention that a clock time without a date belongs to: the nearest one before it, else
 * the nearest behind it. */
static const struct candidate *day_giver(const struct chooser *chooser, size_t i)
{
	const struct candidate *relative = NULL;

	for (size_t k = i; k-- > 0;) {
		const struct candidate *other = &chooser->items[k];

		if (!other->settled || !stamp_is_dated(&other->mention->start) ||
		    mention_is_excluded(chooser->context, other->mention))
			continue;
		if (other->mention->start.date.has || other->mention->start.weekday >= 0)
			return other;
		if (relative == NULL)
			relative = other;
	}
	for (size_t k = i + 1; k < chooser->n; k++) {
		const struct candidate *other = &chooser->items[k];

		if (other->settled && stamp_is_dated(&other->mention->start) &&
		    !mention_is_excluded(chooser->context, other->mention) && other->mention->start.date.has)
			return other;
	}
	return relative;
}

static struct settle_base base_of(const struct chooser *chooser, const struct mention *mention)
{
	return (struct settle_base){ .zone = chooser->list->zone,
				     .past = (mention->flags & MENTION_PAST) != 0 };
}

static bool next_week_before(const struct chooser *chooser, size_t i)
{
	for (size_t k = i; k-- > 0 && i - k <= 2;) {
		if (chooser->items[k].mention->start.relative == RELATIVE_NEXT_WEEK &&
		    chooser->items[k].mention->block == chooser->items[i].mention->block)
			return true;
	}
	return false;
}

static void settle_dated(struct chooser *chooser)
{
	for (size_t i = 0; i < chooser->n; i++) {
		struct candidate *item = &chooser->items[i];
		struct settle_base base = base_of(chooser, item->mention);
		struct stamp stamp = item->mention->start;

		if (!stamp_is_dated(&stamp))
			continue;
		if (!stamp.date.has && stamp.weekday >= 0 && stamp.relative == RELATIVE_NONE) {
			const struct candidate *giver = NULL;

			if (next_week_before(chooser, i))
				stamp.relative = RELATIVE_NEXT_WEEK;
			for (size_t k = 0; k < chooser->n && giver == NULL; k++) {
				if (chooser->items[k].mention->start.date.has &&
				    !mention_is_excluded(chooser->context, chooser->items[k].mention))
					giver = &chooser->items[k];
			}
			if (giver != NULL && giver->settled) {
				base.has_day = true;
				base.day = giver->start.day;
			} else if (giver == NULL && chooser->has_day) {
				base.has_day = true;
				base.day = chooser->day;
			}
		}
		item->settled = stamp_settle(chooser->context, &stamp, &base, &item->start);
	}
}

/* "In the night of 28 to 29 November we start at 1:00": on the 29th. */
static bool is_second_day(const struct candidate *giver, const struct candidate *item)
{
	const struct mention *night = giver->mention;

	return night->has_end && !night->start.clock.has && !night->end.clock.has &&
	       night->start.date.has && night->end.date.has &&
	       night->end.date.day == night->start.date.day + 1 &&
	       item->mention->start.clock.hour < 6;
}

/* "Begun on 20 June at 22:00, done at 2:00": what the sentence tells behind a dated clock time lies
 * behind it. */
static bool is_later_told(const struct candidate *giver, const struct candidate *item)
{
	return giver < item && giver->mention->sentence == item->mention->sentence &&
	       giver->mention->start.date.has && giver->mention->start.clock.has &&
	       item->start.utc < giver->start.utc;
}

static void settle_undated(struct chooser *chooser)
{
	for (size_t i = 0; i < chooser->n; i++) {
		struct candidate *item = &chooser->items[i];
		struct settle_base base = base_of(chooser, item->mention);
		const struct candidate *giver;

		if (item->settled || !item->mention->start.clock.has)
			continue;
		giver = day_giver(chooser, i);
		if (giver != NULL) {
			base.has_day = true;
			base.day = giver->start.day + is_second_day(giver, item);
			base.past |= (giver->mention->flags & MENTION_PAST) != 0;
			item->moved |= giver->moved;
			item->languages = giver->languages;
		} else if (chooser->has_day) {
			base.has_day = true;
			base.day = chooser->day;
		}
		item->settled = stamp_settle(chooser->context, &item->mention->start, &base,
					     &item->start);
		if (item->settled && giver != NULL && is_later_told(giver, item)) {
			base.day++;
			item->settled = stamp_settle(chooser->context, &item->mention->start, &base,
						     &item->start);
		}
	}
}

static int score_of(const struct chooser *chooser, const struct candidate *item)
{
	const struct mention *mention = item->mention;
	const struct stamp *stamp = &mention->start;
	bool advance = chooser->context->direction == WHEN_ADVANCE;
	bool clock = stamp->clock.has || stamp->instant;
	int score = 1;

	if (!clock && !stamp->date.has)
		return stamp->weekday >= 0 ? 2 : 1;
	if (clock)
		score += mention->has_end && mention->end.clock.has ? 60 : 50;
	if (mention->role == ROLE_START)
		score += (mention->flags & MENTION_LABELLED) != 0 ? 110 : 60;
	else if (mention->role == ROLE_WINDOW)
		score += 20;
	else if (mention->role == ROLE_DATE && !clock)
		score += 20;
	if (stamp->date.has || stamp->instant)
		score += SCORE_DATED;
	if (item->moved)
		score += 400;
	if (mention->role != ROLE_START && advance) {
		if (item->start.utc >= chooser->context->now)
			score += 30;
		if ((mention->flags & MENTION_PAST) != 0)
			score -= 60;
	}
	return score;
}

/* "The controller installed on 2 May needs new firmware" announces nothing. */
static bool is_history(const struct chooser *chooser, const struct candidate *item)
{
	const struct mention *mention = item->mention;

	return chooser->context->direction == WHEN_ADVANCE && mention->role == ROLE_PLAIN &&
	       (mention->flags & (MENTION_PAST | MENTION_WORK)) == MENTION_PAST &&
	       item->start.utc < chooser->context->now;
}

/* "Start: 21 March" over "Time: 02:00 to 05:00": the clock of a date that was labelled alone. */
static const struct candidate *clock_of_date(const struct chooser *chooser,
					     const struct candidate *best)
{
	if (best == NULL || best->mention->start.clock.has || !best->mention->start.date.has)
		return best;
	for (const struct candidate *item = best + 1; item < chooser->items + chooser->n; item++) {
		const struct mention *mention = item->mention;

		if (mention->block != best->mention->block ||
		    mention->line > best->mention->line + 2)
			break;
		if (item->settled && mention->start.clock.has && !stamp_is_dated(&mention->start) &&
		    mention->role != ROLE_END && item->start.day == best->start.day &&
		    !mention_is_excluded(chooser->context, mention))
			return item;
	}
	return best;
}

static const struct candidate *best_of(struct chooser *chooser)
{
	const struct candidate *best = NULL;

	for (size_t i = 0; i < chooser->n; i++) {
		struct candidate *item = &chooser->items[i];

		if (!item->settled || item->mention->role == ROLE_END ||
		    mention_is_excluded(chooser->context, item->mention) || is_history(chooser, item))
			continue;
		item->score = score_of(chooser, item);
		if (best == NULL || item->score > best->score)
			best = item;
	}
	return clock_of_date(chooser, best);
}

/* The end of a mention's own range. */
static bool settle_end(const struct chooser *chooser, const struct stamp *stamp,
		       const struct settled *start, const struct zone_spec *zone,
		       struct settled *ret_end)
{
	struct settle_base base = { .has_day = true, .day = start->day, .after = true, .zone = *zone };
	struct stamp near = *stamp;
	struct settled end;

	if (!stamp->clock.has && !stamp->instant)
		return false;
	/* "starts at 3 in the afternoon ... ends at 5" */
	if (start->twelve && near.clock.open && !near.clock.padded && near.clock.hour < 12 &&
	    near.clock.hour * 3600 <= start->wall && (near.clock.hour + 12) * 3600 > start->wall)
		near.clock.hour += 12;
	stamp = &near;
	if (!stamp_settle(chooser->context, stamp, &base, &end))
		return false;
	if (end.utc <= start->utc && (!end.dated || stamp->clock.midnight)) {
		struct stamp next = *stamp;

		next.date.has = false;
		next.weekday = -1;
		next.next_day = false;
		next.relative = RELATIVE_NONE;
		base.day = end.day + 1;
		if (!stamp_settle(chooser->context, &next, &base, &end))
			return false;
	}
	if (end.utc <= start->utc || end.utc > start->utc + (int64_t)END_MAX_DAYS * SECONDS_OF_DAY)
		return false;
	*ret_end = end;
	return true;
}

static void end_later(struct choice *choice, const struct settled *end)
{
	if (!choice->has_end || end->utc > choice->end.utc)
		choice->end = *end;
	choice->has_end = true;
}

/* Ends that stand apart from the start: "End: ...", "until 02:00", "done by 15:00". */
static void end_apart(struct chooser *chooser, const struct candidate *main,
		      const struct candidate *last, struct choice *choice)
{
	for (int pass = 0; pass < 2 && !choice->has_end; pass++) {
		for (size_t i = 0; i < chooser->n; i++) {
			const struct mention *mention = chooser->items[i].mention;
			bool is_label = (mention->flags & MENTION_LABELLED) != 0;
			struct settled end;

			if (mention->role != ROLE_END || mention_is_excluded(chooser->context, mention) ||
			    (pass == 0) != is_label ||
			    (!is_label && (mention->block > main->mention->block + 1 ||
					   mention < main->mention)))
				continue;
			const struct stamp *stamp = mention->has_end ? &mention->end
								     : &mention->start;
			if (!settle_end(chooser, stamp, &last->start, &last->mention->start.zone, &end))
				continue;
			end_later(choice, &end);
			if (!is_label)
				break;
		}
	}
}

/* "Maintenance in two weeks: on Saturday, 20 June, at 20:30" */
static bool tells_how_soon(const struct duration_mention *duration, size_t main)
{
	return !duration->labelled && !duration->with_for && duration->after <= main &&
	       duration->minutes >= 2 * 24 * 60;
}

static bool duration_counts(const struct mention_list *list,
			    const struct duration_mention *duration, const struct mention *main)
{
	if (duration->vague || duration->minutes <= 0 ||
	    duration->minutes > END_MAX_DAYS * 24 * 60 ||
	    tells_how_soon(duration, (size_t)(main - list->items)))
		return false;
	if (duration->labelled)
		return !duration->impact;
	if (duration->sentence == main->sentence || duration->line == main->line)
		return duration->with_for || !duration->impact;
	return duration->with_for && !duration->impact && duration->block == main->block;
}

static void end_by_duration(struct chooser *chooser, const struct candidate *last,
			    struct choice *choice)
{
	const struct mention_list *list = chooser->list;

	/* The row's own before any other. */
	for (size_t i = 0; i < 2 * list->n_durations && !choice->has_end; i++) {
		const struct duration_mention *duration = &list->durations[i % list->n_durations];

		if ((i < list->n_durations && duration->line != last->mention->line) ||
		    !duration_counts(list, duration, last->mention))
			continue;
		choice->end = last->start;
		choice->end.utc += (int64_t)duration->minutes * 60;
		choice->has_end = true;
	}
	if (!choice->has_end && list->has_offset) {
		choice->end = last->start;
		choice->end.utc += (int64_t)list->offset_minutes * 60;
		choice->has_end = true;
	}
}

static void add_day(struct choice *choice, int64_t day)
{
	if (choice->n_days < CHOICE_DAYS_MAX)
		choice->days[choice->n_days++] = day;
}

/* "the night of 28 to 29 November" names both days for a start. */
static void add_days_to(const struct chooser *chooser, const struct candidate *item,
			struct choice *choice)
{
	const struct mention *mention = item->mention;
	struct settle_base base = { .has_day = true, .day = item->start.day, .after = true };
	struct settled end;

	if (!mention->has_end || mention->start.clock.has || mention->end.clock.has ||
	    !stamp_settle(chooser->context, &mention->end, &base, &end))
		return;
	for (int64_t day = item->start.day + 1; day <= end.day && day < item->start.day + 8; day++)
		add_day(choice, day);
}

/* All windows of the best kind: the earliest start, the latest end. */
static void choose_windows(struct chooser *chooser, const struct candidate *best,
			   struct choice *choice)
{
	const struct candidate *first = best, *last = best;

	for (size_t i = 0; i < chooser->n; i++) {
		const struct candidate *item = &chooser->items[i];
		struct settled end;

		if (!item->settled || item->mention->role == ROLE_END ||
		    mention_is_excluded(chooser->context, item->mention) ||
		    !candidate_is_like(item, best, SCORE_NEAR))
			continue;
		add_day(choice, item->start.day);
		add_days_to(chooser, item, choice);
		if (item->start.utc < first->start.utc)
			first = item;
		if (item->start.utc > last->start.utc)
			last = item;
		check_weekday(chooser, choice, &item->start);
		if (item->mention->has_end &&
		    settle_end(chooser, &item->mention->end, &item->start,
			       &item->mention->start.zone, &end)) {
			end_later(choice, &end);
			check_weekday(chooser, choice, &end);
		}
	}
	choice->has_start = true;
	choice->start = first->start;
	choice->mention = first->mention;
	choice->text = choice_text(chooser, first->mention);
	choice->relative = !first->mention->start.date.has && !first->mention->start.clock.has &&
			   !first->mention->start.instant;
	if (!choice->has_end && choice->start.clock) {
		end_apart(chooser, first, last, choice);
		if (!choice->has_end)
			end_by_duration(chooser, last, choice);
	}
}

static struct chooser chooser_make(struct settle_context *context, const struct mention_list *list)
{
	struct chooser chooser = { .context = context, .list = list, .n = list->n };

	chooser.items = ARENA_ARRAY(context->arena, list->n, struct candidate);
	for (size_t i = 0; i < list->n; i++) {
		chooser.items[i].mention = &list->items[i];
		chooser.items[i].moved = (list->items[i].flags & MENTION_NEW) != 0;
		chooser.items[i].languages = list->items[i].start.date.languages;
	}
	return chooser;
}

struct choice choose(struct settle_context *context, const struct when_source *source, bool has_day,
		     int64_t day)
{
	struct chooser chooser = chooser_make(context, source->list);
	struct choice choice = { .has_start = false };
	const struct candidate *best;

	chooser.has_day = has_day;
	chooser.day = day;
	settle_dated(&chooser);
	settle_undated(&chooser);
	best = best_of(&chooser);
	if (best == NULL)
		return choice;
	choose_windows(&chooser, best, &choice);
	check_sentences(&chooser, best, &choice);
	check_languages(&chooser, best, &choice);
	check_alternates(&chooser, &choice);
	return choice;
}

bool choose_day(struct settle_context *context, const struct when_source *source, int64_t *ret_day)
{
	struct choice choice = choose(context, source, false, 0);

	if (!choice.has_start)
		return false;
	*ret_day = choice.start.day;
	return true;
}
