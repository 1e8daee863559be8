/* diag.h - what is wrong with a file that a person wrote: every fault, with its place */
#ifndef POLICY_BASE_DIAG_H
#define POLICY_BASE_DIAG_H

#include "policy/base/arena.h"

/* How many faults a run reports; the rest is only counted. */
#define DIAG_MAX 100

struct diag_entry {
	struct str file;
	unsigned line;   /* from 1; 0 where the whole file is meant */
	unsigned column; /* from 1; 0 where the whole line is meant */
	bool warning;    /* the file can be used all the same */
	struct str text; /* what is wrong, and what would be right */
};

struct diag {
	struct arena *arena;
	struct diag_entry *entries;
	size_t n, cap;
	size_t errors; /* all of them, also those beyond DIAG_MAX */
};

static inline void diag_init(struct diag *diag, struct arena *arena)
{
	*diag = (struct diag){ .arena = arena };
}

void diag_error(struct diag *diag, struct str file, unsigned line, unsigned column,
		const char *format, ...) __attribute__((format(printf, 5, 6)));
void diag_warning(struct diag *diag, struct str file, unsigned line, unsigned column,
		  const char *format, ...) __attribute__((format(printf, 5, 6)));

/* "file:line:column: text", the form that editors jump to. */
struct str diag_format(struct arena *arena, const struct diag_entry *entry);

#endif
