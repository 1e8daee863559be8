/* source.h - where a policy's files come from: beside it, a path, installed, built in */
#ifndef POLICY_RULES_SOURCE_H
#define POLICY_RULES_SOURCE_H

#include "policy/base/diag.h"

struct source {
	struct str file; /* path, or "built-in:NAME" */
	struct str text;
};

/* Who else has a say whether a file may be read: its signature, for one. Asked with the octets that
 * will be parsed. Where admit returns false it has put the reason into diag, and nothing of the
 * file is read. */
struct source_guard {
	bool (*admit)(void *context, struct str file, struct str text, struct diag *diag);
	void *context;
};

/* Reads a file whole. False, with errno, where it cannot be read; EFBIG where it is larger than
 * max octets. "-" is not special. */
bool source_read(struct arena *arena, const char *file, size_t max, struct source *ret_source);

/* The files in which a name is looked for, best first: beside the file that names it (where that
 * is not built in), in path (colon-separated directories; NULL: the environment's
 * CRM_NOTICE_POLICY_PATH), among the installed policies. Those in skip are left out, so that a
 * site's own crm-online.yaml can extend crm-online.yaml. What is in none of them is looked for
 * among the built-in files. False where it is nowhere; errors other than a missing file (no
 * permission, too large) end the search with *ret_error set to errno and *ret_file. */
struct source_query {
	struct str name;
	struct str beside; /* the file that asks */
	const char *path;
	const struct source *skip;
	size_t n_skip;
	size_t max;
};
bool source_find(struct arena *arena, const struct source_query *query, struct source *ret_source,
		 int *ret_error, struct str *ret_file);

/* The built-in file of this name ("crm-online.yaml", "lang/en.yaml"). */
bool source_builtin(struct str name, struct source *ret_source);

#endif
