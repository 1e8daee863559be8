#include "policy/when/maker.h"

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

		if (is_time(atom) || atom->kind == ATOM_DURATION)
			return true;
		if (is_word(atom, WORD_AND))
			return false;
		if (line_is_wrapped(maker, i))
			continue;
		if (atom->kind == ATOM_SIGN ? atom->value != ':' && atom->value != '='
					    : !atom_is_filler(atom) && !is_word(atom, WORD_WINDOW))
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

/* "domani mattina alle 6:00": the word for "to" is the one for "at" where a day without a clock
 * time came before. */
static bool to_means_at(const struct maker *maker, size_t first)
{
	const struct mention *before = first > 0 ? &maker->list->items[first - 1] : NULL;

	return maker->scene.to_is_at && before != NULL && before->sentence == maker->sentence &&
	       !before->start.clock.has && !before->has_end;
}

/* What the sentence has named up to the mention n held before. */
static void held_before(struct maker *maker, size_t n)
{
	struct mention_list *list = maker->list;

	while (n-- > 0 && list->items[n].sentence == maker->sentence)
		list->items[n].flags |= MENTION_OLD;
}

/* "27 June or 4 July" are dates to choose from; what follows "moved to" otherwise replaces what was
 * named before it. */
static void describe_moved(struct maker *maker, bool choice)
{
	struct scene *scene = &maker->scene;

	scene->offered |= choice;
	if (scene->moved_to_at > 0 && !choice)
		held_before(maker, scene->moved_to_at - 1);
	scene->moved_to_at = 0;
}

/* What the labels and the words around the group say of each of its mentions. */
static void describe_each(struct maker *maker, size_t first, enum mention_role role, unsigned flags)
{
	const struct zone_spec *zone = &maker->scene.zone;
	struct mention_list *list = maker->list;
	bool edge = role == ROLE_START || role == ROLE_END;

	for (size_t i = first; i < list->n; i++) {
		struct mention *mention = &list->items[i];

		mention->role = mention->has_end && role == ROLE_END ? ROLE_PLAIN : role;
		mention->flags |= flags;
		/* "Start  22 Aug 16:00  23 Aug 00:00": the second column is another zone's, or in the
		 * same zone another region's. */
		if (i > first && edge && (flags & MENTION_LABELLED) != 0 &&
		    (mention->start.zone.kind == ZONE_UNSTATED || !mention->start.date.has ||
		     zones_differ(&mention->start.zone, &list->items[first].start.zone)))
			mention->flags |= MENTION_DECOY;
		if (mention->start.zone.kind == ZONE_UNSTATED && mention->start.clock.has &&
		    zone->kind != ZONE_UNSTATED) {
			mention->start.zone = *zone;
			if (mention->end.zone.kind == ZONE_UNSTATED)
				mention->end.zone = *zone;
		}
	}
}

/* Which of the group's dates held before. */
static void describe_old(struct maker *maker, const struct group *group, size_t first)
{
	struct scene *scene = &maker->scene;
	struct mention_list *list = maker->list;
	struct mention *old = &list->items[first];

	if (group->moved) {
		old->flags |= MENTION_OLD;
		for (size_t i = first + 1; i < list->n; i++) {
			list->items[i].flags |= MENTION_NEW;
			if (!list->items[i].start.clock.has) {
				list->items[i].start.clock = old->start.clock;
				list->items[i].start.zone = old->start.zone;
			}
		}
	}
	/* "Initially planned for 13 June, the work now is on 20 June": one date is the old one. */
	if ((scene->flags & MENTION_OLD) == 0 || !old->start.date.has)
		return;
	for (size_t i = first; scene->old_dated && i < list->n; i++)
		list->items[i].flags &= ~(unsigned)MENTION_OLD;
	scene->old_dated = true;
}

/* What of the words before the group is said of the next one too. */
static void scene_after(struct maker *maker, const struct group *group, size_t first)
{
	const struct atom_list *atoms = maker->atoms;
	struct scene *scene = &maker->scene;

	/* "End | old: 12 March, 22:00 | new: 19 March, 22:00": the row's name is for all its cells. */
	if (!(scene->labelled && maker->i < atoms->n && atoms->items[maker->i].kind == ATOM_BREAK &&
	      atoms->items[maker->i].value == SIGN_CELL))
		scene->role = ROLE_PLAIN;
	scene->until = scene->to = false;
	scene->daypart = maker->list->items[first].start.clock.has ? MERIDIEM_NONE : group->daypart;
	/* "As approved on 3 April, ...": what is said in passing is said of one time. */
	scene->flags &= ~(unsigned)(MENTION_NEW | (scene->decoy_label ? 0 : MENTION_DECOY));
	scene->mentioned = true;
}

void group_describe(struct maker *maker, const struct group *group, size_t first)
{
	struct scene *scene = &maker->scene;
	enum mention_role role = scene->role;
	bool labelled = scene->labelled;
	unsigned flags = scene->flags | maker->section | maker->carried.flags;

	if (role == ROLE_PLAIN && maker->carried.role != ROLE_PLAIN) {
		role = maker->carried.role;
		labelled |= maker->carried.labelled;
	}
	if (scene->until || (scene->to && scene->mentioned && !to_means_at(maker, first)))
		role = ROLE_END;
	if (role == ROLE_PLAIN)
		role = role_behind(maker);
	if (group->choice && is_dates_only(maker, first))
		flags |= MENTION_CHOICE;
	describe_moved(maker, (flags & MENTION_CHOICE) != 0);
	if ((flags & MENTION_EVERY) != 0 && each_of_days(maker, first))
		flags &= ~(unsigned)MENTION_EVERY;
	if (is_opening_hours(group))
		flags |= MENTION_EVERY;
	if (group->from)
		flags |= MENTION_FROM;
	if (to_line(maker, first))
		role = ROLE_END;
	describe_each(maker, first, role, flags | (labelled ? MENTION_LABELLED : 0));
	describe_old(maker, group, first);
	scene_after(maker, group, first);
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

/* "from 20 June, 22:00 to 21 June, 02:00" is a window, whatever is moved in it. */
static bool is_one_night(const struct stamp *a, const struct stamp *b)
{
	int64_t days = civil_days(2000, b->date.month, b->date.day) -
		       civil_days(2000, a->date.month, a->date.day);

	return a->clock.has && b->clock.has && (days == 1 || days == -365) &&
	       b->clock.hour < a->clock.hour && b->clock.hour <= 12;
}

/* "has changed from 20:00 UTC to 21:00 UTC": directly behind the verb. */
static bool clock_is_moved(const struct maker *maker, const struct group *group)
{
	const struct point *p = group->points;
	const struct atom_list *atoms = maker->atoms;
	size_t i = maker->i;

	if (group->n != 2 || p[0].stamp.date.has || p[1].stamp.date.has || !p[0].stamp.clock.has ||
	    !p[1].stamp.clock.has)
		return false;
	while (i > 0 && atoms->items[i - 1].begin >= group->begin)
		i--;
	return i >= 2 && is_word(&atoms->items[i - 1], WORD_FROM) &&
	       is_word(&atoms->items[i - 2], WORD_MOVED);
}

void group_part_moved(struct maker *maker, struct group *group)
{
	struct point *p = group->points;

	bool dates;

	if (group->n < 2 || !group->from || p[1].link != LINK_RANGE)
		return;
	dates = p[0].stamp.date.has && p[1].stamp.date.has &&
		!is_one_night(&p[0].stamp, &p[1].stamp) &&
		(maker->scene.moved || moved_behind(maker));
	if (!dates && !clock_is_moved(maker, group))
		return;
	p[1].link = LINK_NONE;
	group->moved = true;
}

/* A word with ":" or a cell's end behind it. */
static bool is_label(const struct atom_list *atoms, size_t i)
{
	size_t end = i + 2;

	/* "Start (UTC): ..." */
	if (i + 3 < atoms->n && atoms->items[i + 1].kind == ATOM_SIGN &&
	    atoms->items[i + 1].value == '(' && atoms->items[i + 2].kind == ATOM_ZONE)
		end = i + 4;
	for (size_t k = i + 1; k < atoms->n && k <= end; k++) {
		const struct atom *atom = &atoms->items[k];

		if ((atom->kind == ATOM_SIGN && atom->value == ':') ||
		    (atom->kind == ATOM_BREAK && atom->value == SIGN_CELL))
			return true;
	}
	return false;
}

/* "13 Haziran tarihli bakım 20 Haziran tarihine alınmıştır": where "moved to" stands directly behind
 * the second of two dates, that one holds now. */
static bool stands_behind_new(const struct maker *maker, const struct atom *atom)
{
	const struct mention_list *list = maker->list;
	const struct mention *first, *second;

	if (list->n < 2)
		return false;
	first = &list->items[list->n - 2];
	second = &list->items[list->n - 1];
	return first->sentence == maker->sentence && second->sentence == maker->sentence &&
	       first->start.date.has && second->start.date.has &&
	       atom->begin <= second->end_at + 3;
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
	if (is_word(atom, WORD_MOVED)) {
		scene->moved = true;
		/* "you may move it to ..." offers a choice; it moves nothing. */
		if (!is_word(atom, WORD_CHOICE))
			scene->moved_at = list->n + 1;
	}
	if (!is_word(atom, WORD_MOVED_TO))
		return;
	if (stands_behind_new(maker, atom)) {
		list->items[list->n - 1].flags |= MENTION_NEW;
		held_before(maker, list->n - 1);
	} else {
		scene->moved_to_at = list->n + 1;
		scene->moved_to = maker->i;
	}
	scene->flags &= ~(unsigned)(MENTION_OLD | MENTION_PAST | MENTION_CHOICE);
	scene->flags |= MENTION_NEW;
	scene->moved = false;
}

/* A label or a verb gives the time beside it a role. */
static void scene_role(struct maker *maker, const struct atom *atom)
{
	struct scene *scene = &maker->scene;
	enum mention_role role = is_word(atom, WORD_START)    ? ROLE_START
				 : is_word(atom, WORD_END)    ? ROLE_END
				 : is_word(atom, WORD_DATE)   ? ROLE_DATE
				 : is_word(atom, WORD_WINDOW) ? ROLE_WINDOW
							      : ROLE_PLAIN;
	bool weak = role == ROLE_DATE || role == ROLE_WINDOW;

	if (role == ROLE_PLAIN || (weak && scene->role != ROLE_PLAIN))
		return;
	scene->pairs = scene->role == ROLE_START && role == ROLE_END;
	scene->role = role;
	scene->labelled = scene->words <= 2 || is_label(maker->atoms, maker->i);
}

/* What is said of a duration or of the zone. */
static void scene_kind(struct maker *maker, const struct atom *atom)
{
	struct scene *scene = &maker->scene;

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
	if (daypart_of(atom) != MERIDIEM_NONE)
		scene->daypart = daypart_of(atom);
}

/* The last word before a time: "until", "to". */
static void scene_link(struct scene *scene, const struct atom *atom)
{
	if (is_word(atom, WORD_FROM)) {
		scene->until = scene->to = false;
	} else if (is_word(atom, WORD_UNTIL)) {
		scene->until = true;
	} else if (is_word(atom, WORD_TO)) {
		scene->to = true;
		scene->to_is_at = is_word(atom, WORD_AT);
	} else if ((scene->until || scene->to) && !atom_is_filler(atom)) {
		scene->until = scene->to = false;
	}
}

void scene_word(struct maker *maker, const struct atom *atom)
{
	static const uint64_t flags =
		WORD_BIT(WORD_DECOY) | WORD_BIT(WORD_CHOICE) | WORD_BIT(WORD_BACKUP) |
		WORD_BIT(WORD_MOVED) | WORD_BIT(WORD_MOVED_TO) | WORD_BIT(WORD_MOVED_FROM) |
		WORD_BIT(WORD_PAST) | WORD_BIT(WORD_EVERY) | WORD_BIT(WORD_WORK) |
		WORD_BIT(WORD_ORDINAL);
	static const uint64_t roles = WORD_BIT(WORD_START) | WORD_BIT(WORD_END) |
				      WORD_BIT(WORD_DATE) | WORD_BIT(WORD_WINDOW);
	static const uint64_t kinds = WORD_BIT(WORD_DURATION) | WORD_BIT(WORD_IMPACT) |
				      WORD_BIT(WORD_FOR) | WORD_BIT(WORD_ZONE_LABEL) |
				      WORD_BIT(WORD_AM) | WORD_BIT(WORD_PM) | WORD_BIT(WORD_NIGHT);

	if ((atom->meaning->kinds & flags) != 0)
		scene_flag_word(maker, atom);
	if ((atom->meaning->kinds & roles) != 0 && maker->consumed != maker->i + 1)
		scene_role(maker, atom);
	if ((atom->meaning->kinds & kinds) != 0)
		scene_kind(maker, atom);
	scene_link(&maker->scene, atom);
	maker->scene.words++;
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

static bool same_date(const struct stamp *a, const struct stamp *b)
{
	return a->date.month == b->date.month && a->date.day == b->date.day;
}

/* "The work announced for 13 June is postponed to 20 June", with the verb wherever the language has
 * it: of two dates the first held before, and what differs from it holds now. */
static void finish_moved(struct maker *maker)
{
	struct mention_list *list = maker->list;
	size_t first = list->n, m;
	bool fresh = true;

	if (maker->scene.moved_at == 0 || maker->scene.offered)
		return;
	for (m = list->n; m-- > 0 && list->items[m].sentence == maker->sentence;) {
		if (list->items[m].start.date.has)
			first = m;
	}
	if (first + 1 >= maker->scene.moved_at || (list->items[first].flags & MENTION_NEW) != 0)
		return;
	for (m = first + 1; m < list->n; m++) {
		struct mention *mention = &list->items[m];

		if (!mention->start.date.has ||
		    same_date(&mention->start, &list->items[first].start) ||
		    is_one_night(&list->items[first].start, &mention->start))
			continue;
		mention->flags &= ~(unsigned)(MENTION_OLD | MENTION_CHOICE | MENTION_PAST);
		mention->flags |= MENTION_NEW;
		/* The word for "to" is the one for "until". */
		if (fresh && mention->role == ROLE_END)
			mention->role = ROLE_PLAIN;
		if (!mention->start.clock.has && fresh) {
			mention->start.clock = list->items[first].start.clock;
			mention->start.zone = list->items[first].start.zone;
		}
		list->items[first].flags |= MENTION_OLD;
		fresh = false;
	}
}

/* "On 20 June the instances are moved to new servers": words follow that are about no time. */
static bool moved_elsewhere(const struct maker *maker)
{
	const struct atom_list *atoms = maker->atoms;
	bool words = false;

	for (size_t i = maker->scene.moved_to + 1; i < maker->i && i < atoms->n; i++) {
		const struct atom *atom = &atoms->items[i];

		if (is_role(atom) || (atom->kind == ATOM_SIGN && atom->value == ':'))
			return false;
		words |= atom->kind == ATOM_GAP || atom->kind == ATOM_WORD;
	}
	return words;
}

/* "13 June has been moved to a later date": where no time follows in the sentence. */
static void finish_moved_to(struct maker *maker)
{
	struct scene *scene = &maker->scene;
	struct mention_list *list = maker->list;
	bool dated = list->n > 0 && list->items[list->n - 1].sentence == maker->sentence;

	if (scene->moved_to_at == 0 || !dated)
		return;
	if (moved_elsewhere(maker))
		scene->flags &= ~(unsigned)MENTION_NEW;
	else
		held_before(maker, list->n);
	scene->moved_to_at = 0;
}

void scene_finish(struct maker *maker)
{
	finish_moved_to(maker);
	finish_old(maker);
	finish_moved(maker);
}
