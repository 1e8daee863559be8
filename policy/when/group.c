#include "policy/when/maker.h"

/* A line of prose that was wrapped is longer than this; a shorter one was ended on purpose. */
#define WRAPPED_LINE 45

/* Whether the line that begins at atom i begins with a bullet or a label. */
static bool line_begins_anew(const struct atom_list *atoms, size_t i)
{
	if (i >= atoms->n)
		return true;
	if (atoms->items[i].kind == ATOM_SIGN && atoms->items[i].value != '(')
		return true;
	if (is_role(&atoms->items[i]) || atoms->items[i].kind == ATOM_ZONE)
		return true;
	for (size_t k = i; k < atoms->n && k < i + 5; k++) {
		const struct atom *atom = &atoms->items[k];

		if (atom->kind == ATOM_BREAK || is_time(atom))
			return false;
		if (atom->kind == ATOM_SIGN && atom->value == ':')
			return true;
	}
	return false;
}

bool line_is_wrapped(const struct maker *maker, size_t i)
{
	const struct atom *atom = &maker->atoms->items[i];

	return atom->kind == ATOM_BREAK && atom->value == SIGN_LINE &&
	       atom->begin - maker->line_begin >= WRAPPED_LINE &&
	       !line_begins_anew(maker->atoms, i + 1);
}

/* "(...)" without a time in it, or "(that is, the night of Friday to Saturday)", behind which the
 * group goes on: the atom after it, or i. */
static size_t skip_remark(const struct atom_list *atoms, size_t i)
{
	bool words = false, weekday = false;

	for (size_t k = i + 1; k < atoms->n && k < i + 12; k++) {
		const struct atom *atom = &atoms->items[k];

		words |= atom->kind == ATOM_GAP;
		weekday |= atom->kind == ATOM_WEEKDAY;
		if ((is_time(atom) && atom->kind != ATOM_WEEKDAY) || is_break(atom))
			return i;
		if (atom->kind == ATOM_SIGN && atom->value == ')')
			return words || !weekday ? k + 1 : i;
	}
	return i;
}

bool atom_is_filler(const struct atom *atom)
{
	static const enum word_kind kinds[] = { WORD_FROM, WORD_TO,     WORD_UNTIL, WORD_AND,
						WORD_AT,   WORD_CLOCK,  WORD_OCLOCK, WORD_FILL,
						WORD_AM,   WORD_PM,     WORD_NIGHT, WORD_TIME,
						WORD_OR };

	if (atom->kind == ATOM_LINK)
		return true;
	if (atom->kind == ATOM_SIGN)
		return atom->value < 0x80 && strchr(",()[]:/*=_\"'+&@", atom->value) != NULL;
	if (atom->kind != ATOM_WORD || is_role(atom))
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (is_word(atom, kinds[i]))
			return true;
	}
	return false;
}

enum meridiem daypart_of(const struct atom *atom)
{
	if (word_of_kind(atom->meaning, WORD_PM) != NULL)
		return MERIDIEM_PM;
	if (word_of_kind(atom->meaning, WORD_NIGHT) != NULL)
		return MERIDIEM_NIGHT;
	return word_of_kind(atom->meaning, WORD_AM) != NULL ? MERIDIEM_AM : MERIDIEM_NONE;
}

/* "8:00 Uhr morgens": a part of the day behind the clock. */
static void apply_daypart(struct clock_part *clock, enum meridiem daypart)
{
	if (!clock->has || !clock->open || clock->hour > 12 || daypart == MERIDIEM_NONE)
		return;
	if (daypart == MERIDIEM_PM && clock->hour < 12)
		clock->hour += 12;
	else if (daypart == MERIDIEM_AM && clock->hour == 12)
		clock->hour = 0;
	else if (daypart == MERIDIEM_NIGHT && clock->hour >= 6)
		clock->hour = clock->hour == 12 ? 0 : clock->hour + 12;
	clock->open = false;
	clock->meridiem = daypart == MERIDIEM_PM ? MERIDIEM_PM : MERIDIEM_AM;
}

/* "on the evening of 10 March, from 8 until 10": a part of the day before the clock. */
static void apply_daypart_before(struct clock_part *clock, enum meridiem daypart)
{
	if (!clock->padded && (daypart == MERIDIEM_PM || daypart == MERIDIEM_NIGHT))
		apply_daypart(clock, daypart);
}

static struct point *group_point(struct group *group, bool fresh)
{
	if (group->n == 0 || fresh) {
		if (group->n == POINTS_MAX)
			return &group->points[POINTS_MAX - 1];
		group->points[group->n] = (struct point){ .stamp = { .weekday = -1 },
							  .link = group->link,
							  .in_parens = group->parens > 0 };
		group->points[group->n].stamp.zone = group->ahead;
		group->ahead = (struct zone_spec){ .kind = ZONE_UNSTATED };
		group->n++;
		group->link = LINK_NONE;
	}
	return &group->points[group->n - 1];
}

bool zones_differ(const struct zone_spec *a, const struct zone_spec *b)
{
	return a->kind != b->kind || a->minutes != b->minutes || a->zone != b->zone ||
	       a->abbreviation != b->abbreviation;
}

static void group_zone(struct group *group, const struct atom *atom)
{
	struct stamp *stamp;

	if (group->n == 0 || !group->points[group->n - 1].stamp.clock.has) {
		if (group->n == 0)
			group->zone = atom->zone;
		else if (group->points[group->n - 1].stamp.zone.kind == ZONE_UNSTATED)
			group->points[group->n - 1].stamp.zone = atom->zone;
		return;
	}
	stamp = &group->points[group->n - 1].stamp;
	/* "CET (UTC+1)": the number says it for certain; "local time in Frankfurt, CET". */
	if (stamp->zone.kind == ZONE_UNSTATED || stamp->zone.kind == ZONE_LOCAL ||
	    (stamp->zone.kind == ZONE_ABBREVIATION &&
	     (atom->zone.kind == ZONE_FIXED || atom->zone.kind == ZONE_PLACE)))
		stamp->zone = atom->zone;
}

/* A clock or a date where the point has one already begins another point. */
static enum point_link next_link(const struct group *group, const struct point *point)
{
	if (group->link != LINK_NONE)
		return group->link;
	if (group->ahead.kind != ZONE_UNSTATED)
		return LINK_ALTERNATE;
	if (point->stamp.clock.has && (group->parens > 0 || point->stamp.zone.kind != ZONE_UNSTATED))
		return LINK_ALTERNATE;
	return LINK_NONE;
}

/* "... to 03:00 AEDT (Saturday 13:00 UTC)": the weekday is of the time behind it. */
static bool clock_comes(const struct atom_list *atoms, size_t i)
{
	for (i++; i < atoms->n && (atom_is_filler(&atoms->items[i]) ||
				   atoms->items[i].kind == ATOM_DATE); i++) {
		if (atoms->items[i].kind == ATOM_SIGN && atoms->items[i].value == ')')
			return false;
	}
	return i < atoms->n && atoms->items[i].kind == ATOM_CLOCK;
}

/* "from Saturday to Sunday (20/21 June)": the dates are of the weekdays before them. */
static bool date_of_weekdays(struct group *group, const struct date_part *date)
{
	struct point *p = group->points;

	if (group->parens == 0 || group->n != 2 || p[1].link != LINK_RANGE || p[0].stamp.clock.has ||
	    p[1].stamp.clock.has || p[0].stamp.weekday < 0 || p[1].stamp.weekday < 0 ||
	    p[1].stamp.date.has)
		return false;
	if (p[0].stamp.date.has)
		p[1].stamp.date = *date;
	else
		p[0].stamp.date = *date;
	group->link = LINK_NONE;
	return true;
}

static void group_add(struct group *group, const struct atom_list *atoms, size_t i)
{
	const struct atom *atom = &atoms->items[i];
	struct point *point = group->n > 0 ? &group->points[group->n - 1] : NULL;
	bool full = point != NULL &&
		    (group->link != LINK_NONE ||
		     (atom->kind == ATOM_DATE && point->stamp.date.has) ||
		     (atom->kind == ATOM_CLOCK && point->stamp.clock.has) ||
		     (atom->kind == ATOM_WEEKDAY && point->stamp.weekday >= 0) ||
		     (group->parens > 0 && !point->in_parens && point->stamp.clock.has &&
		      (atom->kind == ATOM_CLOCK || atom->kind == ATOM_DATE ||
		       (atom->kind == ATOM_WEEKDAY && clock_comes(atoms, i)))));

	/* "20:00 UTC (13:00 PDT) on 20 June": the date behind the remark is of the time before it. */
	if (atom->kind == ATOM_DATE && group->parens == 0 && group->link == LINK_NONE &&
	    point != NULL && point->in_parens && group->points[0].stamp.clock.has &&
	    !group->points[0].stamp.date.has) {
		group->points[0].stamp.date = atom->date;
		return;
	}
	if (atom->kind == ATOM_DATE && date_of_weekdays(group, &atom->date))
		return;
	if (full)
		group->link = next_link(group, point);
	point = group_point(group, full);
	switch (atom->kind) {
	case ATOM_DATE:
		point->stamp.date = atom->date;
		break;
	case ATOM_CLOCK:
		point->stamp.clock = atom->clock;
		if (point->link != LINK_RANGE)
			apply_daypart_before(&point->stamp.clock, group->daypart);
		break;
	case ATOM_WEEKDAY:
		point->stamp.weekday = atom->value;
		break;
	case ATOM_RELATIVE:
		point->stamp.relative = (enum relative_day)atom->value;
		group->daypart = daypart_of(atom);
		apply_daypart_before(&point->stamp.clock, group->daypart);
		break;
	default:
		point->stamp.next_day = true;
		break;
	}
}

static void group_word(struct group *group, const struct atom *atom)
{
	bool empty = group->n == 0;

	if (is_word(atom, WORD_UNTIL) || is_word(atom, WORD_TO) || atom->kind == ATOM_LINK) {
		if (empty)
			return;
		group->link = LINK_RANGE;
		group->between = false;
	} else if (is_word(atom, WORD_FROM)) {
		/* "22:00'dan 23:30'a", "22시부터 24시까지": the word stands behind. */
		if (!empty && group->points[group->n - 1].stamp.clock.has &&
		    (atom->value == '\'' || code_point_is_cjk((uint32_t)atom->value)))
			group->link = LINK_RANGE;
		group->from = group->between = true;
	} else if (is_word(atom, WORD_AND) || (atom->kind == ATOM_SIGN && atom->value == '&')) {
		if (!empty && (group->between ||
			       (group->from && group->points[group->n - 1].link != LINK_RANGE))) {
			group->link = LINK_RANGE;
			group->between = false;
		}
	} else if (is_word(atom, WORD_OR)) {
		group->choice = true;
	} else if (is_word(atom, WORD_AM) || is_word(atom, WORD_PM) || is_word(atom, WORD_NIGHT)) {
		if (empty || !group->points[group->n - 1].stamp.clock.has)
			group->daypart = daypart_of(atom);
		else
			apply_daypart(&group->points[group->n - 1].stamp.clock, daypart_of(atom));
	} else if (atom->kind == ATOM_SIGN && atom->value == ':' && !empty) {
		group->points[group->n - 1].headed = true;
	} else if (atom->kind == ATOM_SIGN && (atom->value == '(' || atom->value == '[')) {
		group->parens++;
	} else if (atom->kind == ATOM_SIGN && (atom->value == ')' || atom->value == ']')) {
		group->parens -= group->parens > 0;
	}
}

/* "17 juin à 22h", "el 17 de junio a las 22:00", "June 17 - 10 PM": the word for "to" is the one for "at" where a
 * date without a clock time stands before it and the clock time behind. */
static bool word_is_at(const struct group *group, const struct atom_list *atoms, size_t i)
{
	const struct atom *atom = &atoms->items[i];
	const struct point *point = group->n > 0 ? &group->points[group->n - 1] : NULL;

	if (point == NULL || point->stamp.clock.has ||
	    !(atom->kind == ATOM_LINK || (is_word(atom, WORD_AT) && is_word(atom, WORD_TO))))
		return false;
	for (i++; i < atoms->n && atom_is_filler(&atoms->items[i]); i++)
		continue;
	return i < atoms->n && atoms->items[i].kind == ATOM_CLOCK;
}

/* "20:00 / 22:00 CET": one zone for both, so that it is a range; "20:00 / 19:00 CET / UTC" is not. */
static bool slash_is_range(const struct point *point, const struct atom_list *atoms, size_t i)
{
	const struct clock_part *left = &point->stamp.clock, *right;

	if (i + 2 >= atoms->n || !left->has || point->stamp.zone.kind != ZONE_UNSTATED ||
	    atoms->items[i + 1].kind != ATOM_CLOCK || atoms->items[i + 2].kind != ATOM_ZONE)
		return false;
	right = &atoms->items[i + 1].clock;
	for (size_t k = i + 3; k < atoms->n && k < i + 7 && !is_break(&atoms->items[k]); k++) {
		if (atoms->items[k].kind == ATOM_ZONE)
			return false;
	}
	return right->hour * 60 + right->minute > left->hour * 60 + left->minute;
}

/* "2026-06-12T22:00Z/2026-06-13T04:00Z": ISO 8601's interval; "[2026-06-12 22:00, 2026-06-13 04:00)". */
static bool slash_links(const struct group *group, const struct atom_list *atoms, size_t i)
{
	const struct point *point = group->n > 0 ? &group->points[group->n - 1] : NULL;

	if (point != NULL && atoms->items[i].kind == ATOM_SIGN && atoms->items[i].value == '/' &&
	    slash_is_range(point, atoms, i))
		return true;
	return atoms->items[i].kind == ATOM_SIGN &&
	       (atoms->items[i].value == '/' || (group->bracket && atoms->items[i].value == ',')) &&
	       point != NULL && point->stamp.date.has && point->stamp.clock.has && i + 1 < atoms->n &&
	       atoms->items[i + 1].kind == ATOM_DATE;
}

/* "UTC: 22 Aug 16:00 | Singapore: 23 Aug 00:00": a zone that heads a cell is not of the cell
 * before it. */
static bool zone_heads_cell(const struct atom_list *atoms, size_t i)
{
	return i > 0 && i + 1 < atoms->n && atoms->items[i - 1].kind == ATOM_BREAK &&
	       atoms->items[i - 1].value == SIGN_CELL && atoms->items[i + 1].kind == ATOM_SIGN &&
	       atoms->items[i + 1].value == ':';
}

void group_read(struct maker *maker, struct group *group)
{
	const struct atom_list *atoms = maker->atoms;
	size_t i = maker->i, last = i, line_begin = maker->line_begin;

	*group = (struct group){ .begin = atoms->items[i].begin, .daypart = maker->scene.daypart };
	for (size_t k = i; k-- > 0 && i - k <= 3 && !group->from && atom_is_filler(&atoms->items[k]);)
		group->from = is_word(&atoms->items[k], WORD_FROM);
	group->bracket = i > 0 && atoms->items[i - 1].kind == ATOM_SIGN &&
			 atoms->items[i - 1].value == '[';
	while (i < atoms->n) {
		const struct atom *atom = &atoms->items[i];

		if (is_time(atom)) {
			if (atom->kind == ATOM_ZONE && group->n > 0 && zone_heads_cell(atoms, i))
				group->ahead = atom->zone;
			else if (atom->kind == ATOM_ZONE)
				group_zone(group, atom);
			else
				group_add(group, atoms, i);
			last = i + 1;
			line_begin = maker->line_begin;
			group->end = atom->end;
		} else if (atom->kind == ATOM_BREAK) {
			if (atom->value != SIGN_CELL && !line_is_wrapped(maker, i))
				break;
			if (atom->value == SIGN_LINE)
				maker->line_begin = atom->end;
		} else if (atom->kind == ATOM_SIGN && atom->value == '(' &&
			   skip_remark(atoms, i) > i) {
			i = skip_remark(atoms, i);
			continue;
		} else if (atom_is_filler(atom)) {
			if (slash_links(group, atoms, i))
				group->link = LINK_RANGE;
			else if (!word_is_at(group, atoms, i))
				group_word(group, atom);
		} else {
			break;
		}
		i++;
	}
	maker->i = last;
	maker->line_begin = line_begin;
}
