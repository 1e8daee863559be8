#include "milter/cli/audit_walk.h"

#include <inttypes.h>

#include "certs/digest.h"
#include "milter/audit.h"
#include "milter/cli/lines.h"

#define FAULTS_SHOWN 100

static bool begin_fault(struct audit_walk *walk, size_t line)
{
	if (++walk->faults > FAULTS_SHOWN)
		return false;
	if (walk->file == NULL)
		return true;
	fprintf(walk->out, "%s:", walk->file);
	if (line > 0)
		fprintf(walk->out, "%zu:", line);
	fprintf(walk->out, " ");
	return true;
}

#define FAULT(walk, line, ...)                                                                   \
	do {                                                                                     \
		if (begin_fault((walk), (line)))                                                 \
			fprintf((walk)->out, __VA_ARGS__);                                       \
	} while (0)

static const char *signature_word(enum signature_status status)
{
	static const char *const words[] = {
		[SIGNATURE_VALID] = "is valid",
		[SIGNATURE_UNKNOWN_KEY] = "is of a selector that no --key names",
		[SIGNATURE_KEY_MISMATCH] = "is of another algorithm than its key",
		[SIGNATURE_KEY_NOT_YET_VALID] = "was made before its key was valid",
		[SIGNATURE_KEY_EXPIRED] = "was made after its key had expired",
		[SIGNATURE_WRONG] = "is wrong",
	};

	return words[status];
}

static bool same_chain(const struct chain *a, const struct chain *b)
{
	return a->sequence == b->sequence && memcmp(a->hash, b->hash, sizeof a->hash) == 0;
}

/* A checkpoint inside the chain speaks of the record before it (NULL: not in these files). */
static void check_inner(struct audit_walk *walk, const struct chain *before, struct str text)
{
	struct checkpoint checkpoint;
	enum signature_status status;

	walk->checkpoints++;
	if (before == NULL)
		return;
	if (!checkpoint_verify(walk->arena, walk->ring, text, &checkpoint, &status))
		FAULT(walk, walk->line, "the checkpoint cannot be read\n");
	else if (!same_chain(&checkpoint.chain, before))
		FAULT(walk, walk->line, "the checkpoint is not that of record %" PRIu64 "\n",
		      before->sequence);
	else if (walk->n_keys > 0 && status != SIGNATURE_VALID)
		FAULT(walk, walk->line, "the checkpoint's signature %s\n", signature_word(status));
	else if (status == SIGNATURE_VALID)
		walk->covered = checkpoint.chain.sequence;
}

/* What the journal itself says, by its own form: mail cannot bring a record of this shape. */
static struct str event_value(struct str record, const char *event, const char *key)
{
	struct str body = str_skip(record, strlen("{\"time\":\"2026-01-01T00:00:00Z\","));
	struct str want = str_from(event);
	size_t at;

	if (!str_starts(body, want))
		return STR_NONE;
	body = str_skip(body, want.n);
	at = str_find(body, str_from(key), 0);
	if (at == STR_NPOS)
		return STR_NONE;
	body = str_skip(body, at + strlen(key));
	return str_head(body, str_find_char(body, '"', 0));
}

/* Half a line is none that somebody put there where the next record tells its digest. */
static void settle_torn(struct audit_walk *walk, struct str record)
{
	struct str stated = event_value(record, "\"event\":\"torn\"", "\"sha256\":\"");

	if (walk->torn.p == NULL)
		return;
	if (!str_eq(stated, digest_sha256_hex(walk->arena, walk->torn.p, walk->torn.n)))
		FAULT(walk, walk->torn_line, "%s\n", chain_status_text(CHAIN_MALFORMED));
	walk->torn = STR_NONE;
}

static void meet_witnesses(struct audit_walk *walk)
{
	while (walk->next_witness < walk->n_witnesses) {
		struct audit_witness *witness = &walk->witnesses[walk->next_witness];

		if (witness->chain.sequence > walk->chain.sequence)
			return;
		walk->next_witness++;
		if (witness->chain.sequence < walk->chain.sequence)
			continue;
		witness->met = true;
		if (!same_chain(&witness->chain, &walk->chain))
			FAULT(walk, walk->line, "record %" PRIu64 " is not the one that the checkpoint of "
			      "%.*s vouches for: the chain was made anew\n", walk->chain.sequence,
			      STR_ARG(audit_time(walk->arena, witness->at)));
		else if (walk->covered < witness->chain.sequence)
			walk->covered = witness->chain.sequence;
	}
}

static void take_record(struct audit_walk *walk, const struct chain *before, struct str record)
{
	struct str checkpoint =
		event_value(record, "\"event\":\"checkpoint\"", "\"checkpoint\":\"");

	walk->records++;
	if (walk->first == 0)
		walk->first = walk->chain.sequence;
	settle_torn(walk, record);
	if (checkpoint.p != NULL)
		check_inner(walk, before, checkpoint);
	meet_witnesses(walk);
}

static void broken(struct audit_walk *walk, struct str line)
{
	struct chain found = { 0 };
	struct str record;
	uint64_t expected = walk->chain.sequence + 1;

	chain_follow(&found, true, line, &record);
	if (found.sequence > expected)
		FAULT(walk, walk->line, "records %" PRIu64 " to %" PRIu64 " are missing\n", expected,
		      found.sequence - 1);
	else if (found.sequence < expected)
		FAULT(walk, walk->line, "record %" PRIu64 " stands after record %" PRIu64
		      ": moved, repeated, or of another chain\n", found.sequence, expected - 1);
	else
		FAULT(walk, walk->line, "record %" PRIu64 " is of another chain than the one before\n",
		      found.sequence);
	walk->chain = found;
	take_record(walk, NULL, record);
}

static void take_line(struct audit_walk *walk, struct str line)
{
	struct chain before = walk->chain, fresh = { 0 };
	bool on_trust = walk->first == 0 || walk->lost;
	struct str record;
	enum chain_status status =
		chain_follow(on_trust ? &fresh : &walk->chain, on_trust, line, &record);

	if (status == CHAIN_MALFORMED && walk->torn.p == NULL) {
		walk->torn = arena_str(walk->arena, line);
		walk->torn_line = walk->line;
		return;
	}
	if (status == CHAIN_MALFORMED || status == CHAIN_EDITED) {
		FAULT(walk, walk->line, "%s\n", chain_status_text(status));
		walk->lost = true;
		return;
	}
	if (status == CHAIN_BROKEN) {
		broken(walk, line);
		return;
	}
	if (on_trust) {
		if (walk->lost && fresh.sequence <= walk->chain.sequence)
			FAULT(walk, walk->line, "record %" PRIu64 " stands after record %" PRIu64 "\n",
			      fresh.sequence, walk->chain.sequence);
		walk->chain = fresh;
		walk->lost = false;
	}
	take_record(walk, on_trust ? NULL : &before, record);
}

/* One line of whatever length; false after which nothing more of the file is read. */
static bool walk_line(struct audit_walk *walk, enum line_kind kind, struct str line)
{
	if (kind == LINE_NONE)
		return false;
	walk->line++;
	if (kind == LINE_ENDLESS) {
		FAULT(walk, walk->line, "a line over %zu octets: nothing after it is read\n",
		      LINES_ENDLESS);
		walk->lost = true;
		return false;
	}
	if (kind == LINE_LONG) {
		FAULT(walk, walk->line, "a line longer than any record\n");
		walk->lost = true;
		return true;
	}
	take_line(walk, line);
	if (kind == LINE_CUT)
		FAULT(walk, walk->line, "the last line has no end\n");
	return true;
}

void audit_walk_file(struct audit_walk *walk, const char *file, FILE *stream)
{
	enum line_kind kind;
	struct lines lines;
	struct str line;

	walk->file = file;
	walk->line = 0;
	lines_init(&lines, stream, CHAIN_LINE_MAX);
	do
		kind = lines_next(&lines, &line);
	while (walk_line(walk, kind, line));
	lines_done(&lines);
}

/* A witness that does not verify is no witness: said, and a fault of its own. */
void audit_walk_checkpoint(struct audit_walk *walk, const char *source, struct str text)
{
	struct checkpoint checkpoint;
	enum signature_status status;

	if (!checkpoint_verify(walk->arena, walk->ring, text, &checkpoint, &status)) {
		FAULT(walk, 0, "%s: a checkpoint cannot be read: %.*s\n", source,
		      STR_ARG(str_head(text, 100)));
		return;
	}
	if (status != SIGNATURE_VALID) {
		FAULT(walk, 0, "%s: the signature of the checkpoint of record %" PRIu64 " %s\n", source,
		      checkpoint.chain.sequence, signature_word(status));
		return;
	}
	ARENA_ROOM(walk->arena, walk->witnesses, walk->n_witnesses, walk->cap_witnesses);
	walk->witnesses[walk->n_witnesses++] =
		(struct audit_witness){ .chain = checkpoint.chain, .at = checkpoint.at };
}

/* Right after the program's name, for mail can bring the same words further on. */
static bool find_checkpoint(struct str line, struct str *ret_text)
{
	static const char mark[] = "audit checkpoint: ";
	size_t at = str_find(line, STR_LIT("crm-notice-milter["), 0);

	at = at != STR_NPOS ? str_find(line, STR_LIT("]: "), at) : STR_NPOS;
	if (at == STR_NPOS)
		return false;
	line = str_skip(line, at + 3);
	if (!str_starts(line, str_from(mark)))
		return false;
	*ret_text = str_trim(str_skip(line, strlen(mark)));
	return true;
}

void audit_walk_log(struct audit_walk *walk, const char *file, FILE *stream)
{
	struct str line, checkpoint;
	enum line_kind kind;
	struct lines lines;

	lines_init(&lines, stream, CHAIN_LINE_MAX);
	do {
		kind = lines_next(&lines, &line);
		if ((kind == LINE_WHOLE || kind == LINE_CUT) && find_checkpoint(line, &checkpoint))
			audit_walk_checkpoint(walk, file, checkpoint);
	} while (kind != LINE_NONE && kind != LINE_ENDLESS);
	if (kind == LINE_ENDLESS)
		FAULT(walk, 0, "%s: a line over %zu octets: nothing after it is read\n", file,
		      LINES_ENDLESS);
	lines_done(&lines);
}

static int compare_witnesses(const void *a, const void *b)
{
	const struct audit_witness *x = a, *y = b;

	return (x->chain.sequence > y->chain.sequence) - (x->chain.sequence < y->chain.sequence);
}

void audit_walk_begin(struct audit_walk *walk)
{
	if (walk->n_witnesses > 1)
		qsort(walk->witnesses, walk->n_witnesses, sizeof *walk->witnesses,
		      compare_witnesses);
}

/* What stands open once all files are read. */
void audit_walk_finish(struct audit_walk *walk)
{
	const struct audit_witness *last =
		walk->n_witnesses > 0 ? &walk->witnesses[walk->n_witnesses - 1] : NULL;

	if (walk->torn.p != NULL)
		FAULT(walk, walk->torn_line, "%s\n", chain_status_text(CHAIN_MALFORMED));
	if (last != NULL && last->chain.sequence > walk->chain.sequence)
		FAULT(walk, 0, "ends with record %" PRIu64 ", though the checkpoint of %.*s vouches for "
		      "record %" PRIu64 ": the end was cut off, or an older copy put back\n",
		      walk->chain.sequence, STR_ARG(audit_time(walk->arena, last->at)),
		      last->chain.sequence);
	for (size_t i = 0; i < walk->n_witnesses; i++) {
		const struct audit_witness *witness = &walk->witnesses[i];

		if (!witness->met && witness->chain.sequence > walk->first &&
		    witness->chain.sequence < walk->chain.sequence)
			FAULT(walk, 0, "record %" PRIu64 ", which a checkpoint vouches for, is not there\n",
			      witness->chain.sequence);
	}
	if (walk->faults > FAULTS_SHOWN)
		fprintf(walk->out, "%zu more\n", walk->faults - FAULTS_SHOWN);
	fprintf(walk->out, "%s: %zu records, %" PRIu64 " to %" PRIu64 ", %zu checkpoints",
	       walk->faults > 0 ? "not valid" : "valid", walk->records, walk->first,
	       walk->chain.sequence, walk->checkpoints);
	if (walk->covered > 0)
		fprintf(walk->out, "; signed up to record %" PRIu64, walk->covered);
	if (walk->first > 1)
		fprintf(walk->out, "; the records before %" PRIu64 " are not in these files",
			walk->first);
	if (walk->n_witnesses == 0)
		fputs("; no checkpoint from elsewhere: a cut end would not show", walk->out);
	fputc('\n', walk->out);
}

