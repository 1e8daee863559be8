/* tally.h - what came of labelled messages, counted: by folder, by category, by finding */
#ifndef MILTER_CLI_TALLY_H
#define MILTER_CLI_TALLY_H

#include <stdio.h>

#include "milter/cli/changes.h"
#include "milter/cli/expect.h"

/* Categories beyond these, of all policies of a run together, are counted as the last one. */
#define TALLY_CATEGORIES_MAX 64

struct folder_tally {
	const char *folder;
	size_t cases, passed;
	size_t given[EXPECT_N], agreed[EXPECT_N];
};

struct category_tally {
	struct str name;
	size_t judged[TALLY_CATEGORIES_MAX]; /* by index: how many that were expected to be this one */
};

/* Of what was expected and what was found. */
struct hits {
	size_t right, missed, wrong;
};

struct tally {
	struct arena *arena;
	struct map folder_index;
	struct folder_tally *folders;
	size_t n_folders, cap_folders;
	struct category_tally *categories;
	size_t n_categories;
	struct hits findings[FINDING_N];
	size_t passed, failed;
};

void tally_init(struct tally *tally, struct arena *arena);

/* Adds a case that was judged. */
void tally_add(struct tally *tally, const char *folder, const struct expectation *expect,
	       const struct judgement *judgement, const struct comparison *comparison);
/* Adds a case that could not be judged: it failed. */
void tally_add_broken(struct tally *tally, const char *folder);

/* Agreement by folder and key; categories and findings with precision and recall; which category was
 * taken for which. */
void tally_print(FILE *out, const struct tally *tally);

#endif
