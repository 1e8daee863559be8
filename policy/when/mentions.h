/* mentions.h - from atoms to mentions: a time or a window, with what is said about it */
#ifndef POLICY_WHEN_MENTIONS_H
#define POLICY_WHEN_MENTIONS_H

#include "policy/when/atoms.h"

#define MENTIONS_MAX 500
#define ALTERNATES_MAX 3

/* A point in time as far as it is written. */
struct stamp {
	struct date_part date;
	struct clock_part clock;
	struct zone_spec zone;
	int weekday;               /* -1: none */
	enum relative_day relative;
	bool next_day;             /* on the day after the start */
	bool instant;              /* of structured data: utc holds */
	int64_t utc;
};

enum mention_role { ROLE_PLAIN, ROLE_START, ROLE_END, ROLE_DATE, ROLE_WINDOW };

enum mention_flag {
	MENTION_DECOY = 1 << 0,
	MENTION_CHOICE = 1 << 1,
	MENTION_BACKUP = 1 << 2,
	MENTION_OLD = 1 << 3,      /* held before the window was moved */
	MENTION_NEW = 1 << 4,      /* holds now */
	MENTION_PAST = 1 << 5,
	MENTION_EVERY = 1 << 6,
	MENTION_WORK = 1 << 7,     /* the sentence is about the work */
	MENTION_LABELLED = 1 << 8, /* the role stands at the head of the line */
	MENTION_FROM = 1 << 9,     /* "from" stands before it */
	MENTION_FURTHER = 1 << 10, /* "second", "last": the sentence counts windows */
};

struct mention {
	enum mention_role role;
	unsigned flags;
	struct stamp start, end;
	bool has_end;
	struct stamp alternates[ALTERNATES_MAX]; /* the start again, in other zones */
	size_t n_alternates;
	unsigned line, sentence, block;
	unsigned words;           /* before it in the line or sentence */
	size_t begin, end_at;     /* octets of the text */
};

struct duration_mention {
	int minutes;
	bool vague, labelled, with_for, impact;
	unsigned line, sentence, block;
	size_t after;             /* how many mentions came before it */
};

struct mention_list {
	struct str text;          /* in its own letters, not folded */
	struct mention *items;
	size_t n, cap;
	struct duration_mention *durations;
	size_t n_durations, cap_durations;
	bool has_offset;          /* "H+30" after the start */
	int offset_minutes;
	struct zone_spec zone;    /* "All times are UTC" */
	const struct atom_list *atoms;
};

struct mention_list *mentions_read(struct arena *arena, const struct atom_list *atoms);

static inline bool stamp_is_empty(const struct stamp *stamp)
{
	return !stamp->date.has && !stamp->clock.has && stamp->weekday < 0 &&
	       stamp->relative == RELATIVE_NONE && !stamp->next_day && !stamp->instant;
}

#endif
