#include "policy/when/maker.h"

/* A line that only names what follows. */
#define LABEL_LINE 60

/* "※日本時間" on a line of its own, behind the times. */
static bool zone_has_line(const struct maker *maker, size_t begin)
{
	const struct atom_list *atoms = maker->atoms;
	size_t i = begin;

	while (i > 0 && atoms->items[i - 1].kind == ATOM_SIGN)
		i--;
	if (maker->list->n == 0 || i == 0 || !is_break(&atoms->items[i - 1]))
		return false;
	for (i = maker->i; i < atoms->n && atoms->items[i].kind == ATOM_SIGN; i++)
		continue;
	return i == atoms->n || is_break(&atoms->items[i]);
}

/* A zone alone: for the line's times, or with "all times" for the whole text. */
static void zone_alone(struct maker *maker, const struct zone_spec *zone, bool has_line)
{
	struct mention_list *list = maker->list;

	if (maker->scene.zone_label || maker->carried.zone_label || has_line) {
		if (list->zone.kind == ZONE_UNSTATED)
			list->zone = *zone;
		/* "Zone: EST | Start: 15:00" is of its row. */
		maker->scene.zone = *zone;
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

static void make_group(struct maker *maker)
{
	size_t first, begin = maker->i;
	struct group group;

	group_read(maker, &group);
	if (group.n == 0) {
		zone_alone(maker, &group.zone, zone_has_line(maker, begin));
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
	if (maker->carried.pairs && group.n == 2 && !group.points[1].in_parens)
		group.points[1].link = LINK_RANGE;
	group_part_moved(maker, &group);
	first = group_mentions(maker, &group);
	if (first >= maker->list->n)
		return;
	group_describe(maker, &group, first);
	/* "between 20:00 and 22:00 on the day of 20 June (CEST)" */
	if (!maker->list->items[first].start.clock.has && !maker->list->items[first].has_end &&
	    maker->list->items[first].start.zone.kind != ZONE_UNSTATED)
		zone_alone(maker, &group.points[0].stamp.zone, false);
}

/* "starts in 30 minutes", "begint over drie weken" */
static bool is_time_ahead(const struct maker *maker, const struct duration_mention *duration)
{
	const struct scene *scene = &maker->scene;
	bool days = duration->minutes >= 2 * 24 * 60;

	return scene->role == ROLE_START && !scene->mentioned && !duration->labelled &&
	       (days || (!duration->with_for && !scene->labelled));
}

/* "A two-hour maintenance window" says how long that is; "our 24-hour hotline", "two-hour notice" and
 * "24-hour time" do not. One word may stand before the noun. */
static bool adjective_is_meant(const struct maker *maker, bool *ret_window)
{
	const struct atom_list *atoms = maker->atoms;
	size_t i = maker->i + 1;

	*ret_window = false;
	if (maker->atoms->items[maker->i].value == 24 * 60)
		return false;
	if (i < atoms->n && atoms->items[i].kind == ATOM_GAP && atoms->items[i].value == 1)
		i++;
	else if (i < atoms->n)
		*ret_window = is_word(&atoms->items[i], WORD_WINDOW);
	if (i >= atoms->n)
		return false;
	if (i + 1 < atoms->n && is_word(&atoms->items[i], WORD_WORK))
		*ret_window |= is_word(&atoms->items[i + 1], WORD_WINDOW);
	return *ret_window || is_word(&atoms->items[i], WORD_WORK);
}

static void make_duration(struct maker *maker, const struct atom *atom)
{
	const struct atom_list *atoms = maker->atoms;
	struct mention_list *list = maker->list;
	bool window = false;
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

	if (atom->adjective && !adjective_is_meant(maker, &window))
		return;
	duration.with_for |= window;
	for (size_t i = maker->i + 1; i < atoms->n && i < maker->i + 4 && !is_break(&atoms->items[i]);
	     i++) {
		duration.with_for |= is_word(&atoms->items[i], WORD_FOR);
		duration.impact |= is_word(&atoms->items[i], WORD_IMPACT);
	}
	if (list->n_durations >= MENTIONS_MAX || is_time_ahead(maker, &duration))
		return;
	ARENA_ROOM(maker->arena, list->durations, list->n_durations, list->cap_durations);
	list->durations[list->n_durations++] = duration;
	maker->scene.with_for = false;
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
		if (scene->pairs)
			maker->carried.role = ROLE_WINDOW;
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
	scene_finish(maker);
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
		scene_word(maker, atom);
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
	scene_finish(&maker);
	join_zone_lines(list);
	return list;
}
