/* maker.h - the parts that make mentions of atoms share this; nobody else needs it
 *
 * A group is one expression of time ("Sat 20 June, 22:00 to 23:00 CEST (20:00 UTC)"): group.c
 * reads it into points, points.c makes mentions of the points, describe.c says of these
 * what stands around the group, and mentions.c walks from one group to the next.
 */
#ifndef POLICY_WHEN_MAKER_H
#define POLICY_WHEN_MAKER_H

#include "policy/when/mentions.h"

#define POINTS_MAX 12

enum point_link { LINK_NONE, LINK_RANGE, LINK_ALTERNATE };

struct point {
	struct stamp stamp;
	enum point_link link; /* to the point before */
	bool in_parens;
	bool headed;          /* a date before ":", which heads what follows */
};

/* What has been said since the sentence began. */
struct scene {
	enum mention_role role;
	bool labelled;
	unsigned flags;
	bool moved;         /* "moved", and neither date seen yet */
	bool until, to;     /* the last word before the group */
	bool to_is_at;      /* which also means "at" */
	enum meridiem daypart; /* "on the evening of ..." */
	bool duration, impact, with_for;
	bool pairs;         /* "Zone  Start  End" heads lines that have a time for each */
	struct zone_spec zone; /* named in the line, before the time */
	bool zone_label;
	bool old_dated;     /* a date of MENTION_OLD was named */
	bool mentioned;     /* the line has a mention */
	bool decoy_label;   /* "Help desk: ..." at the head of the line */
	size_t moved_at;    /* 1 + the mentions before the last word of WORD_MOVED; 0: none */
	size_t moved_to_at; /* 1 + the mentions before "moved to" whose new time has not come; 0: none */
	size_t moved_to;    /* the atom of that word */
	bool offered;       /* "27 June or 4 July": dates to choose from */
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

static inline bool is_word(const struct atom *atom, enum word_kind kind)
{
	return atom->kind == ATOM_WORD && word_of_kind(atom->meaning, kind) != NULL;
}

static inline bool is_break(const struct atom *atom)
{
	return atom->kind == ATOM_BREAK && atom->value != SIGN_CELL;
}

static inline bool is_time(const struct atom *atom)
{
	return atom->kind == ATOM_DATE || atom->kind == ATOM_CLOCK || atom->kind == ATOM_ZONE ||
	       atom->kind == ATOM_WEEKDAY || atom->kind == ATOM_RELATIVE ||
	       atom->kind == ATOM_NEXT_DAY;
}

static inline bool is_role(const struct atom *atom)
{
	return is_word(atom, WORD_START) || is_word(atom, WORD_END) || is_word(atom, WORD_WINDOW) ||
	       is_word(atom, WORD_DATE) || is_word(atom, WORD_DURATION) ||
	       is_word(atom, WORD_ZONE_LABEL) || is_word(atom, WORD_DECOY);
}

struct group {
	struct point points[POINTS_MAX];
	size_t n;
	enum point_link link; /* for the next point */
	unsigned parens;
	bool bracket, moved;
	bool between;  /* "from" was read, and nothing yet that links to it */
	bool from, choice;
	enum meridiem daypart;
	struct zone_spec zone;  /* before all: "UTC: 9 Nov 21:00" */
	struct zone_spec ahead; /* of the next point: the cell "Singapore: 23 Aug 00:00" */
	size_t begin, end;
};

/* The part of the day that a word means. */
enum meridiem daypart_of(const struct atom *atom);
/* Whether the line break at atom i only wraps a line. */
bool line_is_wrapped(const struct maker *maker, size_t i);
/* What may stand between the times of one expression. */
bool atom_is_filler(const struct atom *atom);
bool zones_differ(const struct zone_spec *a, const struct zone_spec *b);

/* Reads from the time at maker->i on as far as one expression goes, and moves behind it. */
void group_read(struct maker *maker, struct group *group);

/* Makes mentions of the points; the index of the first, or the list's length where none. */
size_t group_mentions(struct maker *maker, struct group *group);
/* The start of mention told again, in another zone. */
void mention_alternate(struct mention *mention, const struct stamp *stamp);
/* "on 20 and 21 June, from 20:00 to 22:00": the hours are of every day named before them. */
void clock_for_days(struct mention_list *list, size_t first, const struct mention *hours);

/* What is said about the mentions made of one group, those from first on. */
void group_describe(struct maker *maker, const struct group *group, size_t first);
/* "postponed from 13 June to 20 June, 20:00 to 22:00" is no range of two dates. */
void group_part_moved(struct maker *maker, struct group *group);
/* What a word says about the times beside it. */
void scene_word(struct maker *maker, const struct atom *atom);
/* At a sentence's end: what it says of dates that were moved. */
void scene_finish(struct maker *maker);

#endif
