/* audit_walk.h - audit files held against their hashes, and against checkpoints from elsewhere
 *
 * For `crm-notice audit verify`: checkpoints first, then the files in their order, then the end.
 * What is wrong is said on out, line by line; nothing that is read has to fit into memory.
 */
#ifndef MILTER_CLI_AUDIT_WALK_H
#define MILTER_CLI_AUDIT_WALK_H

#include <stdio.h>

#include "certs/chain.h"

/* A checkpoint that was kept elsewhere. */
struct audit_witness {
	struct chain chain;
	int64_t at;
	bool met; /* the files hold the record that it is about */
};

struct audit_walk {
	FILE *out;                 /* where faults and the result are said */
	struct arena *arena;
	struct key_ring *ring;
	size_t n_keys;
	struct audit_witness *witnesses; /* ascending by number */
	size_t n_witnesses, cap_witnesses, next_witness;
	struct chain chain;        /* where the last valid line stands */
	uint64_t first;            /* the first record of all; 0 before it */
	bool lost;                 /* the line before was no record: the next is taken on trust */
	struct str torn;           /* a line that only a record after it can explain; arena's */
	const char *file;
	size_t line, torn_line;
	uint64_t covered;          /* the last number that a valid signature vouches for */
	size_t records, checkpoints, faults;
};

/* A checkpoint from elsewhere, "v=1; n=...", which source names. One that does not verify is a
 * fault. */
void audit_walk_checkpoint(struct audit_walk *walk, const char *source, struct str text);
/* All checkpoints of a syslog file. Ends early where stream fails: ferror says so. */
void audit_walk_log(struct audit_walk *walk, const char *file, FILE *stream);
/* After the last checkpoint, before the first file. */
void audit_walk_begin(struct audit_walk *walk);
/* The lines of one audit file. Ends early where stream fails: ferror says so. */
void audit_walk_file(struct audit_walk *walk, const char *file, FILE *stream);
/* What stands open once all files are read, and the result; walk->faults counts what is wrong. */
void audit_walk_finish(struct audit_walk *walk);

#endif
