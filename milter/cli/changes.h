/* changes.h - what another policy would make of the same mails: one by one, and summed up */
#ifndef MILTER_CLI_CHANGES_H
#define MILTER_CLI_CHANGES_H

#include "policy/base/map.h"
#include "policy/judge.h"

/* What of a judgement is compared. Verdicts are those of mode enforce: that a policy only observes
 * is said once, and is no change of every mail. */
struct effect {
	bool notice;
	struct str category; /* "no notice" where it is none, "not clear" where none could be made out */
	enum severity verdict;
	enum severity findings[FINDING_N]; /* SEVERITY_OFF: not found */
};

/* Points into the policy's memory only. */
struct effect effect_of(const struct judgement *judgement);

enum change {
	CHANGE_NOTICE_NEW,    /* becomes a notice */
	CHANGE_NOTICE_GONE,   /* is none any more */
	CHANGE_CATEGORY,
	CHANGE_STRICTER,
	CHANGE_MILDER,
	CHANGE_FINDINGS,
	CHANGE_N,
};
/* "notice-new", "notice-gone", "category", "stricter", "milder", "findings". */
const char *change_name(enum change change);

/* A bit for each enum change; 0 where nothing does. */
unsigned effect_changes(const struct effect *before, const struct effect *after);

struct count {
	struct str name;
	size_t messages, changed;
};

struct counts {
	struct map index; /* name to index into items */
	struct count *items;
	size_t n, cap;
};

/* All mails of a run. Texts are kept in arena, once each. */
struct changes {
	struct arena *arena;
	size_t messages, changed, broken;
	size_t kinds[CHANGE_N];
	size_t found[FINDING_N], lost[FINDING_N], weighed[FINDING_N]; /* the last: another severity */
	struct counts categories;            /* by the category before */
	struct counts moves, verdicts;       /* "a -> b" */
};

void changes_init(struct changes *changes, struct arena *arena);
void changes_add(struct changes *changes, const struct effect *before,
		 const struct effect *after);

#endif
