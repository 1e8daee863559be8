#include "policy/notice/when_mentions.h"

/* A line of prose that was wrapped is longer than this; a shorter one was ended on purpose. */
#define WRAPPED_LINE 45
/* A line that only names what follows. */
#define LABEL_LINE 60
#define POINTS_MAX 12

enum point_link { LINK_NONE, LINK_RANGE, LINK_ALTERNATE };

struct point {
	struct stamp stamp;
	enum point_link link; /* to the point before */
	bool in_parens;
};

/* What has been said since the sentence began. */
struct scene {
	enum mention_role role;
	bool labelled;
	unsigned flags;
	bool moved;         /* "moved", and neither date seen yet */
	bool until, to;     /* the last word before the group */
	bool duration, impact, with_for;
	struct zone_spec zone; /* named in the line, before the time */
	bool zone_label;
	bool old_dated;     /* a date of MENTION_OLD was named */
	bool mentioned;     /* the line has a mention */
	bool decoy_label;   /* "Help desk: ..." at the head of the line */
	size_t old_at;      /* 1 + the mentions before the last word of MENTION_OLD; 0: none */
	unsigned words;
};

struct maker {
	struct arena *arena;
	const struct atom_list *atoms;
	struct mention_list *list;
	size_t i;
	struct scene scene;
	struct scene carried; /* from a line that only names what follows */
	unsigned section;     /* flags of a heading such as "Backup window" */
	size_t line_begin;
	size_t line_first;    /* its first mention */
	unsigned line, sentence, block;
	unsigned consumed;    /* index + 1 of a role word that belongs to the mention before it */
};

static bool is_word(const struct atom *atom, enum word_kind kind)
{
	return atom->kind == ATOM_WORD && word_of_kind(atom->meaning, kind) != NULL;
}

static bool is_break(const struct atom *atom)
{
	return atom->kind == ATOM_BREAK && atom->value != SIGN_CELL;
}

static bool is_time(const struct atom *atom)
{
	return atom->kind == ATOM_DATE || atom->kind == ATOM_CLOCK || atom->kind == ATOM_ZONE ||
	       atom->kind == ATOM_WEEKDAY || atom->kind == ATOM_RELATIVE ||
	       atom->kind == ATOM_NEXT_DAY;
}

static bool is_role(const struct atom *atom)
{
	return is_word(atom, WORD_START) || is_word(atom, WORD_END) || is_word(atom, WORD_WINDOW) ||
	       is_word(atom, WORD_DATE) || is_word(atom, WORD_DURATION) ||
	       is_word(atom, WORD_ZONE_LABEL) || is_word(atom, WORD_DECOY);
}

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

/* Whether the line break at atom i only wraps a line. */
static bool line_is_wrapped(const struct maker *maker, size_t i)
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

static bool is_filler(const struct atom *atom)
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

/* "8:00 Uhr morgens": a part of the day behind the clock. */
static void apply_daypart(struct clock_part *clock, const struct atom *atom)
{
	if (!clock->has || !clock->open || clock->hour > 12)
		return;
	if (is_word(atom, WORD_PM) && clock->hour < 12)
		clock->hour += 12;
	else if (is_word(atom, WORD_AM) && clock->hour == 12)
		clock->hour = 0;
	else if (is_word(atom, WORD_NIGHT) && clock->hour >= 6)
		clock->hour = clock->hour == 12 ? 0 : clock->hour + 12;
	clock->open = false;
	clock->meridiem = is_word(atom, WORD_PM) ? MERIDIEM_PM : MERIDIEM_AM;
}

struct group {
	struct point points[POINTS_MAX];
	size_t n;
	enum point_link link; /* for the next point */
	unsigned parens;
	bool bracket, moved;
	bool between;  /* "from" was read, and nothing yet that links to it */
	bool from, choice, and_list;
	bool starts_with_end; /* "until 22:00" */
	bool starts_with_to;
	struct zone_spec zone;  /* before all: "UTC: 9 Nov 21:00" */
	struct zone_spec ahead; /* of the next point: the cell "Singapore: 23 Aug 00:00" */
	size_t begin, end;
};

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

static bool zones_differ(const struct zone_spec *a, const struct zone_spec *b)
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
	for (i++; i < atoms->n && (is_filler(&atoms->items[i]) ||
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
		break;
	case ATOM_WEEKDAY:
		point->stamp.weekday = atom->value;
		break;
	case ATOM_RELATIVE:
		point->stamp.relative = (enum relative_day)atom->value;
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
		if (!empty)
			apply_daypart(&group->points[group->n - 1].stamp.clock, atom);
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
	for (i++; i < atoms->n && is_filler(&atoms->items[i]); i++)
		continue;
	return i < atoms->n && atoms->items[i].kind == ATOM_CLOCK;
}

/* "2026-06-12T22:00Z/2026-06-13T04:00Z": ISO 8601's interval; "[2026-06-12 22:00, 2026-06-13 04:00)". */
static bool slash_links(const struct group *group, const struct atom_list *atoms, size_t i)
{
	const struct point *point = group->n > 0 ? &group->points[group->n - 1] : NULL;

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

/* Reads from the time at maker->i on as far as one expression goes. */
static void group_read(struct maker *maker, struct group *group)
{
	const struct atom_list *atoms = maker->atoms;
	size_t i = maker->i, last = i, line_begin = maker->line_begin;

	*group = (struct group){ .begin = atoms->items[i].begin };
	for (size_t k = i; k-- > 0 && i - k <= 3 && !group->from && is_filler(&atoms->items[k]);)
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
		} else if (is_filler(atom)) {
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

static void mention_alternate(struct mention *mention, const struct stamp *stamp)
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

/* "on 20 and 21 June, from 20:00 to 22:00": the hours are of every day named before them. */
static void clock_for_days(struct mention_list *list, size_t first, const struct mention *hours)
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

/* Makes mentions of the points; the index of the first, or the list's length where none. */
static size_t group_mentions(struct maker *maker, struct group *group)
{
	size_t first = maker->list->n;
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
		clock_for_days(maker->list, first, mention);
	for (size_t i = first; i < maker->list->n; i++) {
		maker->list->items[i].begin = group->begin;
		maker->list->items[i].end_at = group->end;
	}
	return first;
}

/* "..., and should end at 22:00": the role word at i is about the time that follows it. Where it
 * stands behind its time (CJK), it belongs to that one. */
static bool role_leads_on(const struct maker *maker, size_t i)
{
	const struct atom_list *atoms = maker->atoms;

	if (code_point_is_cjk((uint32_t)atoms->items[i].value))
		return i + 1 < atoms->n && atoms->items[i + 1].kind == ATOM_SIGN &&
		       atoms->items[i + 1].value == ':';
	for (i++; i < atoms->n; i++) {
		const struct atom *atom = &atoms->items[i];

		if (is_time(atom))
			return true;
		if (is_word(atom, WORD_AND))
			return false;
		if (line_is_wrapped(maker, i))
			continue;
		if (atom->kind == ATOM_SIGN ? atom->value != ':' && atom->value != '='
					    : !is_filler(atom) && !is_word(atom, WORD_WINDOW))
			return atom->kind == ATOM_BREAK && atom->value == SIGN_CELL;
	}
	return false;
}

/* A role word close behind the time: "06:00 startar vi", "22:00に開始". */
static enum mention_role role_behind(struct maker *maker)
{
	const struct atom_list *atoms = maker->atoms;
	int words = 0;

	for (size_t i = maker->i; i < atoms->n && i < maker->i + 6; i++) {
		const struct atom *atom = &atoms->items[i];

		if (is_break(atom) || is_time(atom) || atom->kind == ATOM_DURATION)
			break;
		if (atom->kind == ATOM_GAP && (words += atom->value) > 3)
			break;
		if (is_word(atom, WORD_START) || is_word(atom, WORD_END)) {
			if (role_leads_on(maker, i))
				break;
			maker->consumed = (unsigned)i + 1;
			return is_word(atom, WORD_START) ? ROLE_START : ROLE_END;
		}
	}
	return ROLE_PLAIN;
}

/* "Monday to Friday 08:00-17:00": hours of every week. */
static bool is_opening_hours(const struct group *group)
{
	const struct point *p = group->points;

	for (size_t i = 0; i < group->n; i++) {
		if (p[i].stamp.date.has || p[i].stamp.relative != RELATIVE_NONE)
			return false;
	}
	return group->n >= 2 && p[0].stamp.weekday >= 0 && p[1].stamp.weekday >= 0 &&
	       !p[0].stamp.clock.has && p[1].link == LINK_RANGE &&
	       (p[1].stamp.weekday - p[0].stamp.weekday + 7) % 7 > 1;
}

static bool is_dates_only(const struct maker *maker, size_t first)
{
	for (size_t i = first; i < maker->list->n; i++) {
		if (maker->list->items[i].start.clock.has || maker->list->items[i].has_end)
			return false;
	}
	return maker->list->n > first + 1;
}

/* "on 20 and 21 June, each time from 20:00 to 22:00" */
static bool each_of_days(const struct maker *maker, size_t first)
{
	struct mention_list *list = maker->list;
	size_t day = first;

	while (day > 0 && list->items[day - 1].sentence == maker->sentence &&
	       list->items[day - 1].start.date.has && !list->items[day - 1].start.clock.has)
		day--;
	if (day == first || first >= list->n || list->items[first].start.date.has)
		return false;
	clock_for_days(list, day, &list->items[first]);
	return true;
}

/* "From  Sunday 12 April" over "To  Sunday 12 April". */
static bool to_line(const struct maker *maker, size_t first)
{
	const struct mention *before;

	if (!maker->scene.to || maker->scene.mentioned || maker->scene.words != 1 || first == 0 ||
	    first >= maker->list->n)
		return false;
	before = &maker->list->items[first - 1];
	return before->line + 1 == maker->line && !before->has_end &&
	       (before->flags & MENTION_FROM) != 0;
}

/* What is said about the mentions made of one group. */
static void group_describe(struct maker *maker, const struct group *group, size_t first)
{
	struct scene *scene = &maker->scene;
	struct mention_list *list = maker->list;
	enum mention_role role = scene->role;
	unsigned flags = scene->flags | maker->section;

	if (role == ROLE_PLAIN && maker->carried.role != ROLE_PLAIN)
		role = maker->carried.role;
	flags |= maker->carried.flags;
	if (scene->until || (scene->to && scene->mentioned))
		role = ROLE_END;
	if (role == ROLE_PLAIN)
		role = role_behind(maker);
	if (group->choice && is_dates_only(maker, first))
		flags |= MENTION_CHOICE;
	if ((flags & MENTION_EVERY) != 0 && each_of_days(maker, first))
		flags &= ~(unsigned)MENTION_EVERY;
	if (is_opening_hours(group))
		flags |= MENTION_EVERY;
	if (group->from)
		flags |= MENTION_FROM;
	if (to_line(maker, first))
		role = ROLE_END;
	for (size_t i = first; i < list->n; i++) {
		struct mention *mention = &list->items[i];

		mention->role = mention->has_end && role == ROLE_END ? ROLE_PLAIN : role;
		mention->flags |= flags | (scene->labelled ? MENTION_LABELLED : 0);
		/* "Start  22 Aug 16:00  23 Aug 00:00": the second column is another zone's. */
		if (i > first && scene->labelled && (role == ROLE_START || role == ROLE_END))
			mention->flags |= MENTION_DECOY;
		if (mention->start.zone.kind == ZONE_UNSTATED && mention->start.clock.has &&
		    scene->zone.kind != ZONE_UNSTATED) {
			mention->start.zone = scene->zone;
			if (mention->end.zone.kind == ZONE_UNSTATED)
				mention->end.zone = scene->zone;
		}
	}
	if (group->moved) {
		list->items[first].flags |= MENTION_OLD;
		for (size_t i = first + 1; i < list->n; i++) {
			list->items[i].flags |= MENTION_NEW;
			if (!list->items[i].start.clock.has) {
				list->items[i].start.clock = list->items[first].start.clock;
				list->items[i].start.zone = list->items[first].start.zone;
			}
		}
	}
	/* "Initially planned for 13 June, the work now is on 20 June": one date is the old one. */
	if ((scene->flags & MENTION_OLD) != 0 && first < list->n && list->items[first].start.date.has) {
		if (scene->old_dated)
			for (size_t i = first; i < list->n; i++)
				list->items[i].flags &= ~(unsigned)MENTION_OLD;
		scene->old_dated = true;
	}
	scene->role = ROLE_PLAIN;
	scene->until = scene->to = false;
	/* "As approved on 3 April, ...": what is said in passing is said of one time. */
	scene->flags &= ~(unsigned)(MENTION_NEW | (scene->decoy_label ? 0 : MENTION_DECOY));
	scene->mentioned = true;
}

/* A zone alone: for the line's times, or with "all times" for the whole text. */
static void zone_alone(struct maker *maker, const struct zone_spec *zone)
{
	struct mention_list *list = maker->list;

	if (maker->scene.zone_label || maker->carried.zone_label) {
		if (list->zone.kind == ZONE_UNSTATED)
			list->zone = *zone;
		return;
	}
	maker->scene.zone = *zone;
	for (size_t i = list->n; i-- > 0 && list->items[i].sentence == maker->sentence;) {
		struct mention *mention = &list->items[i];

		if (mention->start.clock.has && mention->start.zone.kind == ZONE_UNSTATED)
			mention->start.zone = *zone;
		if (mention->has_end && mention->end.zone.kind == ZONE_UNSTATED)
			mention->end.zone = *zone;
	}
}

/* "verschoben" behind the dates, in the same sentence. */
static bool moved_behind(const struct maker *maker)
{
	const struct atom_list *atoms = maker->atoms;

	for (size_t i = maker->i; i < atoms->n && i < maker->i + 8; i++) {
		if (is_break(&atoms->items[i]) && !line_is_wrapped(maker, i))
			return false;
		if (is_word(&atoms->items[i], WORD_MOVED))
			return true;
	}
	return false;
}

/* "postponed from 13 June to 20 June, 20:00 to 22:00" is no range of two dates. */
static void group_part_moved(struct maker *maker, struct group *group)
{
	struct point *p = group->points;

	if (group->n < 2 || !group->from || p[1].link != LINK_RANGE || !p[0].stamp.date.has ||
	    !p[1].stamp.date.has || !(maker->scene.moved || moved_behind(maker)))
		return;
	p[1].link = LINK_NONE;
	group->moved = true;
}

static void make_group(struct maker *maker)
{
	struct group group;
	size_t first;

	group_read(maker, &group);
	if (group.n == 0) {
		zone_alone(maker, &group.zone);
		return;
	}
	/* "Duration: 2:30" is no time of day. */
	if (maker->scene.duration && group.n == 1 && group.points[0].stamp.clock.has &&
	    !group.points[0].stamp.date.has && group.points[0].stamp.zone.kind == ZONE_UNSTATED) {
		struct mention_list *list = maker->list;
		const struct clock_part *clock = &group.points[0].stamp.clock;

		ARENA_ROOM(maker->arena, list->durations, list->n_durations, list->cap_durations);
		list->durations[list->n_durations++] = (struct duration_mention){
			.minutes = clock->hour * 60 + clock->minute,
			.labelled = true,
			.impact = maker->scene.impact,
			.line = maker->line,
			.sentence = maker->sentence,
			.block = maker->block,
			.after = list->n,
		};
		return;
	}
	group_part_moved(maker, &group);
	first = group_mentions(maker, &group);
	if (first >= maker->list->n)
		return;
	group_describe(maker, &group, first);
	/* "between 20:00 and 22:00 on the day of 20 June (CEST)" */
	if (!maker->list->items[first].start.clock.has && !maker->list->items[first].has_end &&
	    maker->list->items[first].start.zone.kind != ZONE_UNSTATED)
		zone_alone(maker, &group.points[0].stamp.zone);
}

static void make_duration(struct maker *maker, const struct atom *atom)
{
	const struct atom_list *atoms = maker->atoms;
	struct mention_list *list = maker->list;
	struct duration_mention duration = {
		.minutes = atom->value,
		.vague = atom->vague,
		.labelled = maker->scene.duration || maker->carried.duration,
		.with_for = maker->scene.with_for,
		.impact = maker->scene.impact,
		.line = maker->line,
		.sentence = maker->sentence,
		.block = maker->block,
		.after = list->n,
	};

	for (size_t i = maker->i + 1; i < atoms->n && i < maker->i + 4 && !is_break(&atoms->items[i]);
	     i++) {
		duration.with_for |= is_word(&atoms->items[i], WORD_FOR);
		duration.impact |= is_word(&atoms->items[i], WORD_IMPACT);
	}
	/* "starts in 30 minutes" */
	if (list->n_durations >= MENTIONS_MAX || (maker->scene.role == ROLE_START &&
						  !duration.with_for && !maker->scene.mentioned &&
						  !maker->scene.labelled && !duration.labelled))
		return;
	ARENA_ROOM(maker->arena, list->durations, list->n_durations, list->cap_durations);
	list->durations[list->n_durations++] = duration;
	maker->scene.with_for = false;
}

/* A word with ":" or a cell's end behind it. */
static bool is_label(const struct atom_list *atoms, size_t i)
{
	for (size_t k = i + 1; k < atoms->n && k <= i + 2; k++) {
		const struct atom *atom = &atoms->items[k];

		if ((atom->kind == ATOM_SIGN && atom->value == ':') ||
		    (atom->kind == ATOM_BREAK && atom->value == SIGN_CELL))
			return true;
	}
	return false;
}

static void scene_flag_word(struct maker *maker, const struct atom *atom)
{
	static const struct {
		enum word_kind word;
		unsigned flag;
	} flags[] = {
		{ WORD_DECOY, MENTION_DECOY },   { WORD_CHOICE, MENTION_CHOICE },
		{ WORD_BACKUP, MENTION_BACKUP }, { WORD_MOVED_FROM, MENTION_OLD },
		{ WORD_PAST, MENTION_PAST },     { WORD_EVERY, MENTION_EVERY },
		{ WORD_WORK, MENTION_WORK },     { WORD_ORDINAL, MENTION_FURTHER },
	};
	struct scene *scene = &maker->scene;
	struct mention_list *list = maker->list;

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (!is_word(atom, flags[i].word))
			continue;
		scene->flags |= flags[i].flag;
		if (flags[i].word == WORD_DECOY && is_label(maker->atoms, maker->i))
			scene->decoy_label = true;
		if (flags[i].word == WORD_MOVED_FROM) {
			scene->old_at = list->n + 1;
			scene->flags &= ~(unsigned)MENTION_CHOICE;
		}
		/* Said behind the time as well. */
		if (flags[i].word != WORD_PAST && flags[i].word != WORD_WORK)
			continue;
		for (size_t m = list->n; m-- > 0 && list->items[m].sentence == maker->sentence;)
			list->items[m].flags |= flags[i].flag;
	}
	if (is_word(atom, WORD_MOVED))
		scene->moved = true;
	if (!is_word(atom, WORD_MOVED_TO))
		return;
	/* What was named before "has been moved to" held before; where the word stands directly behind
	 * the second of two dates (Turkish), that one holds now. */
	for (size_t m = list->n; m-- > 0 && list->items[m].sentence == maker->sentence;) {
		bool holds = m + 1 == list->n && m > 0 &&
			     list->items[m - 1].sentence == maker->sentence &&
			     list->items[m].start.date.has && list->items[m - 1].start.date.has &&
			     atom->begin <= list->items[m].end_at + 3;

		list->items[m].flags |= holds ? MENTION_NEW : MENTION_OLD;
	}
	scene->flags &= ~(unsigned)(MENTION_OLD | MENTION_PAST | MENTION_CHOICE);
	scene->flags |= MENTION_NEW;
	scene->moved = false;
}

static void make_word(struct maker *maker, const struct atom *atom)
{
	struct scene *scene = &maker->scene;
	bool consumed = maker->consumed == maker->i + 1;

	scene_flag_word(maker, atom);
	if (!consumed) {
		enum mention_role role = is_word(atom, WORD_START)   ? ROLE_START
					 : is_word(atom, WORD_END)    ? ROLE_END
					 : is_word(atom, WORD_DATE)   ? ROLE_DATE
					 : is_word(atom, WORD_WINDOW) ? ROLE_WINDOW
								      : ROLE_PLAIN;
		bool weak = role == ROLE_DATE || role == ROLE_WINDOW;

		if (role != ROLE_PLAIN && !(weak && scene->role != ROLE_PLAIN)) {
			scene->role = role;
			scene->labelled = scene->words <= 2 || is_label(maker->atoms, maker->i);
		}
	}
	if (is_word(atom, WORD_DURATION))
		scene->duration = true;
	if (is_word(atom, WORD_IMPACT)) {
		scene->impact = true;
		for (size_t i = maker->list->n_durations;
		     i-- > 0 && maker->list->durations[i].sentence == maker->sentence;)
			maker->list->durations[i].impact = true;
	}
	if (is_word(atom, WORD_FOR))
		scene->with_for = true;
	if (is_word(atom, WORD_ZONE_LABEL))
		scene->zone_label = true;
	if (is_word(atom, WORD_UNTIL))
		scene->until = true;
	else if (is_word(atom, WORD_TO))
		scene->to = true;
	else if (!is_filler(atom))
		scene->until = scene->to = false;
	if (is_word(atom, WORD_FROM))
		scene->until = scene->to = false;
	scene->words++;
}

/* "12 December no longer applies": where no time follows, the word is about those before it. */
static void finish_old(struct maker *maker)
{
	struct mention_list *list = maker->list;

	if (maker->scene.old_at != list->n + 1)
		return;
	for (size_t m = list->n; m-- > 0 && list->items[m].sentence == maker->sentence;) {
		if ((list->items[m].flags & MENTION_NEW) == 0)
			list->items[m].flags |= MENTION_OLD;
	}
}

/* What a line without a time of its own says about the lines that follow. */
static void carry(struct maker *maker, size_t line_end)
{
	struct scene *scene = &maker->scene;
	bool brief = line_end - maker->line_begin < LABEL_LINE;
	unsigned lasting = MENTION_BACKUP | MENTION_CHOICE | MENTION_DECOY;

	if (maker->list->n > maker->line_first) {
		/* "Region | Window" heads all the rows below it. */
		if (maker->carried.role != ROLE_WINDOW)
			maker->carried = (struct scene){ .flags = 0 };
		return;
	}
	if (line_end <= maker->line_begin)
		return;
	if (brief && (scene->role != ROLE_PLAIN || scene->zone_label || scene->duration)) {
		maker->carried = *scene;
		maker->carried.flags &= ~(lasting | MENTION_PAST | MENTION_EVERY);
	} else {
		maker->carried = (struct scene){ .flags = scene->flags & MENTION_NEW };
	}
	if (brief && (scene->flags & lasting) != 0)
		maker->section = scene->flags & (MENTION_BACKUP | MENTION_CHOICE);
	else if (scene->role == ROLE_PLAIN && !scene->duration)
		maker->section = 0;
}

static void make_break(struct maker *maker, const struct atom *atom)
{
	bool wrapped = line_is_wrapped(maker, maker->i);

	if (atom->value == SIGN_CELL)
		return;
	if (atom->value == SIGN_LINE && wrapped) {
		maker->line_begin = atom->end;
		return;
	}
	finish_old(maker);
	if (atom->value == '.') {
		unsigned kept = maker->scene.flags & MENTION_NEW;

		maker->scene = (struct scene){ .flags = kept };
		maker->sentence++;
		return;
	}
	carry(maker, atom->begin);
	maker->scene = (struct scene){ .flags = 0 };
	maker->sentence++;
	maker->line++;
	maker->block += atom->value != SIGN_LINE;
	maker->line_begin = atom->end;
	maker->line_first = maker->list->n;
}

static void make_next(struct maker *maker)
{
	const struct atom *atom = &maker->atoms->items[maker->i];

	if (is_time(atom)) {
		make_group(maker);
		return;
	}
	switch (atom->kind) {
	case ATOM_BREAK:
		make_break(maker, atom);
		break;
	case ATOM_WORD:
		make_word(maker, atom);
		break;
	case ATOM_DURATION:
		make_duration(maker, atom);
		break;
	case ATOM_OFFSET:
		if (atom->value > maker->list->offset_minutes) {
			maker->list->offset_minutes = atom->value;
			maker->list->has_offset = true;
		}
		break;
	case ATOM_GAP:
		maker->scene.until = maker->scene.to = false;
		maker->scene.words += (unsigned)atom->value;
		break;
	default:
		break;
	}
	maker->i++;
}

/* Lines one below the other that tell one time in two zones: the second is the first again. */
static void join_zone_lines(struct mention_list *list)
{
	for (size_t i = 1; i < list->n; i++) {
		struct mention *a = &list->items[i - 1], *b = &list->items[i];
		bool labels = b->words == 0 || (b->role != ROLE_PLAIN && b->role == a->role);

		if (b->line != a->line + 1 || b->block != a->block || a->has_end != b->has_end ||
		    a->start.clock.has == false || b->start.clock.has == false || !labels ||
		    a->start.date.has != b->start.date.has ||
		    a->start.zone.kind == ZONE_UNSTATED || b->start.zone.kind == ZONE_UNSTATED ||
		    !zones_differ(&a->start.zone, &b->start.zone) || (a->flags & MENTION_NEW))
			continue;
		if (i > 1 && list->items[i - 2].line == a->line)
			continue;
		mention_alternate(a, &b->start);
		b->role = a->role;
		b->flags |= MENTION_DECOY;
	}
}

struct mention_list *mentions_read(struct arena *arena, const struct atom_list *atoms)
{
	struct mention_list *list = ARENA_NEW(arena, struct mention_list);
	struct maker maker = { .arena = arena, .atoms = atoms, .list = list };

	list->text = atoms->original;
	list->atoms = atoms;
	while (maker.i < atoms->n)
		make_next(&maker);
	finish_old(&maker);
	join_zone_lines(list);
	return list;
}
