/* chooser.h - the choice of a place's mention (choose.c) and what contradicts it there
 * (contradict.c) share this
 */
#ifndef POLICY_WHEN_CHOOSER_H
#define POLICY_WHEN_CHOOSER_H

#include "policy/when/choose.h"

/* Mentions whose scores are this near are several windows of one event. */
#define SCORE_NEAR 10
/* So much more has one that names its date itself. */
#define SCORE_DATED 15

/* A mention with what it comes to. */
struct candidate {
	const struct mention *mention;
	struct settled start;
	bool settled;
	uint32_t languages; /* of its date's month, its own or its giver's */
	bool moved;        /* it holds now, in place of what held before */
	int score;
};

struct chooser {
	struct settle_context *context;
	const struct mention_list *list;
	struct candidate *items;
	size_t n;
	bool has_day;
	int64_t day;
};

/* Whether two mentions can be windows of one event: they are told alike, and a's score is no
 * further than near below b's. */
bool candidate_is_like(const struct candidate *a, const struct candidate *b, int near);
/* The words that a mention was read from. */
struct str choice_text(const struct chooser *chooser, const struct mention *mention);

/* The start told again in another zone: the same instant, or a conflict. Where the first zone
 * cannot be told, the second says what it is. */
void check_alternates(struct chooser *chooser, struct choice *choice);
/* A weekday that is not the date's. */
void check_weekday(struct chooser *chooser, struct choice *choice, const struct settled *settled);
/* "Start: July 11, 9 PM" and in a sentence "the maintenance starts on July 12 at 9 PM": one of them
 * is wrong. Where a sentence tells of a further window, it says so. */
void check_sentences(struct chooser *chooser, const struct candidate *best, struct choice *choice);
/* A mail in two languages: what it says in the one it has to say in the other. */
void check_languages(struct chooser *chooser, const struct candidate *best, struct choice *choice);

#endif
