/* cases.h - the cases below the folders and files that a command line names
 *
 * A case is NAME.eml with NAME.case.yaml beside it.
 */
#ifndef MILTER_CLI_CASES_H
#define MILTER_CLI_CASES_H

#include "policy/base/arena.h"

/* How deep folders may be nested, and how many cases a run may have. */
#define CASES_DEPTH_MAX 16
#define CASES_MAX 100000

struct case_path {
	const char *folder;
	const char *root;      /* the folder that was named, or the one of the file that was */
	const char *name;      /* the file name without ".eml" */
	const char *message;   /* path of NAME.eml */
	const char *case_file; /* path of NAME.case.yaml */
};

struct case_list {
	struct arena *arena;
	struct case_path *items;
	size_t n, cap;
};

/* Adds the case of a file (NAME.eml or NAME.case.yaml), or all cases of a folder and of those in
 * it, in the order of their names. False, with errno, where path cannot be read. */
bool cases_find(struct case_list *list, const char *path);

/* The file of this name that serves a case: in its folder, or in one above it, up to the folder
 * above the root. NULL where there is none. */
const char *cases_near(struct arena *arena, const struct case_path *path, const char *name);

#endif
