/* journal.h - the audit file: records chained by their hashes (certs/chain.h), signed now and then
 *
 * One line a record, appended; a failed write is told to the caller, who answers for it, and
 * leaves no half of a line behind. Beside FILE stands FILE.head with the number and hash of its
 * last record: so the chain goes on over a restart, also where the file was rotated while nobody
 * wrote, and a file that was cut off or put back meanwhile shows at once. Thread-safe.
 */
#ifndef MILTER_JOURNAL_H
#define MILTER_JOURNAL_H

#include <stdint.h>

#include "milter/log.h"
#include "policy/base/arena.h"

struct signing_key;
struct journal;

/* What is on the disk itself, and not only in the system's memory, where a power failure loses
 * it. */
enum journal_sync {
	JOURNAL_SYNC_RECORD,     /* each record before journal_append returns; one wait for all that
				  * stand at that moment */
	JOURNAL_SYNC_CHECKPOINT, /* all before a checkpoint is told to the log */
	JOURNAL_SYNC_NONE,
};

struct journal_options {
	const char *file;        /* NULL: nothing is written, and every record is taken */
	enum journal_sync sync;
	struct signing_key *key; /* of checkpoints; taken over. NULL: none are made */
	unsigned every;          /* records between two checkpoints */
	unsigned seconds;        /* or so long after a record that none covers */
};

struct journal_stats {
	uint64_t records; /* written since the start */
	uint64_t failed;  /* that the file did not take */
};

/* Never NULL. Nothing is opened yet. log takes alerts and the copies of checkpoints, and has to
 * outlive the journal. */
struct journal *journal_new(struct log *log);
/* Closes without a last checkpoint. NULL is allowed. */
void journal_free(struct journal *journal);

/* Opens options->file, or goes on where it is the file that is open already; the file before gets
 * a checkpoint and is closed. False with *ret_error, a text of the arena, where it cannot be
 * used: then what was open stays, and the key is freed. */
bool journal_open(struct journal *journal, struct arena *arena,
		  const struct journal_options *options, struct str *ret_error);

/* Appends a record, one JSON object on one line. False with *ret_error (a static or strerror text)
 * where it is not in the file, or not on the disk where that is asked for. */
bool journal_append(struct journal *journal, struct str record, const char **ret_error);

/* Makes a checkpoint, where there is a record that none covers. */
void journal_checkpoint(struct journal *journal);
/* Makes the checkpoint that is due; to be called every few seconds. */
void journal_tick(struct journal *journal);

void journal_get_stats(struct journal *journal, struct journal_stats *ret_stats);

#endif
