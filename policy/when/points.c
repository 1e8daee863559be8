#include "policy/when/maker.h"

static void clock_set_meridiem(struct clock_part *clock, bool pm)
{
	if (pm && clock->hour < 12)
		clock->hour += 12;
	else if (!pm && clock->hour == 12)
		clock->hour = 0;
	clock->open = false;
}

/* "7:30 to 1 AM", "10 PM - 2": the side without am or pm takes the one that makes sense. */
static void range_meridiem(struct clock_part *left, struct clock_part *right)
{
	if (!left->has || !right->has)
		return;
	if (left->open && left->hour <= 12 && left->hour > 0 && right->meridiem != MERIDIEM_NONE) {
		bool pm = right->hour >= 12;
		struct clock_part same = *left;

		clock_set_meridiem(&same, pm);
		if (same.hour * 60 + same.minute >= right->hour * 60 + right->minute)
			pm = !pm;
		clock_set_meridiem(left, pm);
	} else if (right->open && right->hour <= 12 && right->hour > 0 &&
		   left->meridiem != MERIDIEM_NONE) {
		bool pm = left->hour >= 12;
		struct clock_part same = *right;

		clock_set_meridiem(&same, pm);
		if (same.hour * 60 + same.minute <= left->hour * 60 + left->minute)
			pm = !pm;
		clock_set_meridiem(right, pm);
	}
}

static struct mention *mention_add(struct maker *maker)
{
	struct mention_list *list = maker->list;

	if (list->n >= MENTIONS_MAX)
		return NULL;
	ARENA_ROOM(maker->arena, list->items, list->n, list->cap);
	list->items[list->n] = (struct mention){ .start = { .weekday = -1 },
						 .end = { .weekday = -1 },
						 .line = maker->line,
						 .sentence = maker->sentence,
						 .block = maker->block,
						 .words = maker->scene.words };
	return &list->items[list->n++];
}

/* The start of a range has a date of its own, or the one written behind its end: "22:00 - 02:00
 * UTC on 12 March" is the night that begins on the 12th. */
static void range_share(struct mention *mention)
{
	struct stamp *left = &mention->start, *right = &mention->end;

	if (!left->date.has && left->weekday < 0 && left->relative == RELATIVE_NONE &&
	    (right->date.has || right->weekday >= 0 || right->relative != RELATIVE_NONE)) {
		left->date = right->date;
		left->weekday = right->weekday;
		left->relative = right->relative;
		right->date = (struct date_part){ .has = false };
		right->weekday = -1;
		right->relative = RELATIVE_NONE;
	} else if (left->date.has && right->date.has && left->date.year == 0 && right->date.year > 0) {
		left->date.year = right->date.year - (left->date.month > right->date.month);
	}
	if (left->clock.has && right->clock.has) {
		if (left->zone.kind == ZONE_UNSTATED)
			left->zone = right->zone;
		else if (right->zone.kind == ZONE_UNSTATED)
			right->zone = left->zone;
	}
	range_meridiem(&left->clock, &right->clock);
}

/* "12 - 13 March, 22:00 - 02:00": both dates first, then both clocks. */
static bool dates_then_clocks(const struct group *group, size_t i)
{
	const struct point *p = group->points;

	return i + 2 < group->n && p[i + 1].link == LINK_RANGE && p[i + 2].link == LINK_RANGE &&
	       p[i].stamp.date.has && !p[i].stamp.clock.has && p[i + 1].stamp.date.has &&
	       p[i + 1].stamp.clock.has && p[i + 2].stamp.clock.has && !p[i + 2].stamp.date.has;
}

void mention_alternate(struct mention *mention, const struct stamp *stamp)
{
	/* "at 8 pm EST/5 pm PST on June 20" */
	if (!mention->start.date.has && mention->start.weekday < 0 &&
	    mention->start.relative == RELATIVE_NONE) {
		mention->start.date = stamp->date;
		mention->start.weekday = stamp->weekday;
	}
	if (mention->n_alternates < ALTERNATES_MAX)
		mention->alternates[mention->n_alternates++] = *stamp;
}

void clock_for_days(struct mention_list *list, size_t first, const struct mention *hours)
{
	for (size_t i = first; i < list->n && hours->start.clock.has; i++) {
		struct mention *day = &list->items[i];

		if (day == hours || day->start.clock.has || day->has_end || !day->start.date.has ||
		    (hours->has_end && hours->end.date.has))
			continue;
		day->start.clock = hours->start.clock;
		day->start.zone = hours->start.zone;
		day->has_end = hours->has_end;
		day->end = hours->end;
	}
}

size_t group_mentions(struct maker *maker, struct group *group)
{
	size_t first = maker->list->n, first_of_days = first;
	struct mention *mention = NULL;

	for (size_t i = 0; i < group->n; i++) {
		struct point *point = &group->points[i];

		if (point->stamp.zone.kind == ZONE_UNSTATED && point->stamp.clock.has)
			point->stamp.zone = group->zone;
		if (mention != NULL && point->link == LINK_ALTERNATE) {
			if (i > 0 && group->points[i - 1].link != LINK_RANGE)
				mention_alternate(mention, &point->stamp);
			else if (i + 1 < group->n && group->points[i + 1].link == LINK_RANGE &&
				 group->points[i + 1].in_parens) {
				if (point->stamp.zone.kind == ZONE_UNSTATED)
					point->stamp.zone = group->points[i + 1].stamp.zone;
				mention_alternate(mention, &point->stamp);
			}
			/* An end told twice needs nothing, nor does the range it stands in. */
			while (i + 1 < group->n && group->points[i + 1].link == LINK_RANGE &&
			       group->points[i + 1].in_parens && point->in_parens)
				i++;
			continue;
		}
		if (mention != NULL && point->link == LINK_RANGE && !mention->has_end) {
			mention->end = point->stamp;
			mention->has_end = true;
			range_share(mention);
			continue;
		}
		mention = mention_add(maker);
		if (mention == NULL)
			break;
		mention->start = point->stamp;
		/* "The week of 16 March: Thursday, 19 March, 21:00": the hours are the Thursday's. */
		if (point->headed && !point->stamp.clock.has)
			first_of_days = maker->list->n;
		if (dates_then_clocks(group, i)) {
			mention->start.clock = group->points[i + 1].stamp.clock;
			mention->start.zone = group->points[i + 1].stamp.zone;
			mention->end = group->points[i + 2].stamp;
			mention->end.date = group->points[i + 1].stamp.date;
			mention->end.weekday = group->points[i + 1].stamp.weekday;
			mention->has_end = true;
			/* "the night of 20 to 21 June, 1:00 to 3:00" */
			if (mention->start.clock.hour < 6 && mention->end.clock.hour <= 12) {
				mention->start.date = mention->end.date;
				mention->start.weekday = mention->end.weekday;
			}
			range_share(mention);
			i += 2;
		}
	}
	if (mention != NULL && !group->choice && !group->moved)
		clock_for_days(maker->list, first_of_days, mention);
	for (size_t i = first; i < maker->list->n; i++) {
		maker->list->items[i].begin = group->begin;
		maker->list->items[i].end_at = group->end;
	}
	return first;
}
