/* audit.c - crm-notice audit verify: whether an audit file is what the daemon wrote, all of it */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "certs/chain.h"
#include "certs/digest.h"
#include "milter/audit.h"
#include "milter/cli/cli.h"
#include "milter/cli/inputs.h"
#include "milter/cli/keys.h"
#include "milter/cli/lines.h"
#include "policy/rules/yaml.h"

#define COMMAND "audit verify"
#define FAULTS_SHOWN 100

/* A checkpoint that was kept elsewhere. */
struct witness {
	struct chain chain;
	int64_t at;
	bool met; /* the files hold the record that it is about */
};

struct walk {
	struct arena *arena;
	struct key_ring *ring;
	size_t n_keys;
	struct witness *witnesses; /* ascending by number */
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

static void usage(FILE *out)
{
	fputs("usage: crm-notice audit verify [OPTION]... FILE...\n"
	      "Verifies audit files: the oldest first, as rotation left them.\n"
	      "\n"
	      "  --key SELECTOR=FILE[,FROM..UNTIL]\n"
	      "                     a public key of checkpoints, and the time in which it may sign\n"
	      "  --checkpoint TEXT  a checkpoint as syslog has it: \"v=1; n=...\"\n"
	      "  --checkpoints LOG  a syslog file, from which all checkpoints are taken\n"
	      "  --help             this text\n"
	      "\n"
	      "Edits, deletions and reorderings show in the files alone. A cut end, an older copy in\n"
	      "the file's place or a chain made anew show only against checkpoints from elsewhere.\n"
	      "\n"
	      "Exit status: 0 nothing is wrong, 2 something is; 64 usage, 65 unreadable input,\n"
	      "66 no such file, 78 unusable key.\n",
	      out);
}

static bool begin_fault(struct walk *walk, size_t line)
{
	if (++walk->faults > FAULTS_SHOWN)
		return false;
	if (walk->file == NULL)
		return true;
	printf("%s:", walk->file);
	if (line > 0)
		printf("%zu:", line);
	printf(" ");
	return true;
}

#define FAULT(walk, line, ...)                                                                   \
	do {                                                                                     \
		if (begin_fault((walk), (line)))                                                 \
			printf(__VA_ARGS__);                                                     \
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
static void check_inner(struct walk *walk, const struct chain *before, struct str text)
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
static void settle_torn(struct walk *walk, struct str record)
{
	struct str stated = event_value(record, "\"event\":\"torn\"", "\"sha256\":\"");

	if (walk->torn.p == NULL)
		return;
	if (!str_eq(stated, digest_sha256_hex(walk->arena, walk->torn.p, walk->torn.n)))
		FAULT(walk, walk->torn_line, "%s\n", chain_status_text(CHAIN_MALFORMED));
	walk->torn = STR_NONE;
}

static void meet_witnesses(struct walk *walk)
{
	while (walk->next_witness < walk->n_witnesses) {
		struct witness *witness = &walk->witnesses[walk->next_witness];

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

static void take_record(struct walk *walk, const struct chain *before, struct str record)
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

static void broken(struct walk *walk, struct str line)
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

static void take_line(struct walk *walk, struct str line)
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

static int cannot_read(const char *file)
{
	int error = errno;

	fprintf(stderr, "crm-notice " COMMAND ": %s: %s\n", file, strerror(error));
	return cli_input_status(error);
}

/* One line of whatever length; false after which nothing more of the file is read. */
static bool walk_line(struct walk *walk, enum line_kind kind, struct str line)
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

static int walk_file(struct walk *walk, const char *file)
{
	FILE *stream = fopen(file, "re");
	enum line_kind kind;
	struct lines lines;
	struct str line;
	int status = -1;

	if (stream == NULL)
		return cannot_read(file);
	walk->file = file;
	walk->line = 0;
	lines_init(&lines, stream, CHAIN_LINE_MAX);
	do
		kind = lines_next(&lines, &line);
	while (walk_line(walk, kind, line));
	if (ferror(stream))
		status = cannot_read(file);
	lines_done(&lines);
	fclose(stream);
	return status;
}

/* A witness that does not verify is no witness: said, and a fault of its own. */
static void add_witness(struct walk *walk, const char *source, struct str text)
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
		(struct witness){ .chain = checkpoint.chain, .at = checkpoint.at };
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

static int add_log(struct walk *walk, const char *file)
{
	bool standard = strcmp(file, "-") == 0;
	FILE *stream = standard ? stdin : fopen(file, "re");
	struct str line, checkpoint;
	enum line_kind kind;
	struct lines lines;
	int status = -1;

	if (stream == NULL)
		return cannot_read(file);
	lines_init(&lines, stream, CHAIN_LINE_MAX);
	do {
		kind = lines_next(&lines, &line);
		if ((kind == LINE_WHOLE || kind == LINE_CUT) && find_checkpoint(line, &checkpoint))
			add_witness(walk, file, checkpoint);
	} while (kind != LINE_NONE && kind != LINE_ENDLESS);
	if (kind == LINE_ENDLESS)
		FAULT(walk, 0, "%s: a line over %zu octets: nothing after it is read\n", file,
		      LINES_ENDLESS);
	if (ferror(stream))
		status = cannot_read(file);
	lines_done(&lines);
	if (!standard)
		fclose(stream);
	return status;
}

static int compare_witnesses(const void *a, const void *b)
{
	const struct witness *x = a, *y = b;

	return (x->chain.sequence > y->chain.sequence) - (x->chain.sequence < y->chain.sequence);
}

/* What stands open once all files are read. */
static void finish(struct walk *walk)
{
	const struct witness *last =
		walk->n_witnesses > 0 ? &walk->witnesses[walk->n_witnesses - 1] : NULL;

	if (walk->torn.p != NULL)
		FAULT(walk, walk->torn_line, "%s\n", chain_status_text(CHAIN_MALFORMED));
	if (last != NULL && last->chain.sequence > walk->chain.sequence)
		FAULT(walk, 0, "ends with record %" PRIu64 ", though the checkpoint of %.*s vouches for "
		      "record %" PRIu64 ": the end was cut off, or an older copy put back\n",
		      walk->chain.sequence, STR_ARG(audit_time(walk->arena, last->at)),
		      last->chain.sequence);
	for (size_t i = 0; i < walk->n_witnesses; i++) {
		const struct witness *witness = &walk->witnesses[i];

		if (!witness->met && witness->chain.sequence > walk->first &&
		    witness->chain.sequence < walk->chain.sequence)
			FAULT(walk, 0, "record %" PRIu64 ", which a checkpoint vouches for, is not there\n",
			      witness->chain.sequence);
	}
	if (walk->faults > FAULTS_SHOWN)
		printf("%zu more\n", walk->faults - FAULTS_SHOWN);
	printf("%s: %zu records, %" PRIu64 " to %" PRIu64 ", %zu checkpoints",
	       walk->faults > 0 ? "not valid" : "valid", walk->records, walk->first,
	       walk->chain.sequence, walk->checkpoints);
	if (walk->covered > 0)
		printf("; signed up to record %" PRIu64, walk->covered);
	if (walk->first > 1)
		printf("; the records before %" PRIu64 " are not in these files", walk->first);
	printf("%s\n", walk->n_witnesses == 0 ? "; no checkpoint from elsewhere: a cut end would not "
						"show" : "");
}

/* What --checkpoint and --checkpoints name: read once all keys are known. */
struct source {
	bool is_log;
	const char *text;
};

struct options {
	struct source *sources;
	size_t n_sources, cap_sources;
};

/* The exit status where the program is to end here, else -1. */
static int read_options(int argc, char **argv, struct walk *walk, struct options *options)
{
	static const struct option names[] = {
		{ "key", required_argument, NULL, 'k' },
		{ "checkpoint", required_argument, NULL, 'c' },
		{ "checkpoints", required_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, status = -1;

	while (status < 0 && (c = getopt_long(argc, argv, "h", names, NULL)) != -1) {
		switch (c) {
		case 'k':
			status = cli_add_key(COMMAND, walk->ring, walk->arena, str_from(optarg));
			walk->n_keys++;
			break;
		case 'c':
		case 'l':
			ARENA_ROOM(walk->arena, options->sources, options->n_sources,
				   options->cap_sources);
			options->sources[options->n_sources++] = (struct source){ c == 'l', optarg };
			break;
		case 'h':
			usage(stdout);
			return EX_OK;
		default:
			usage(stderr);
			return EX_USAGE;
		}
	}
	if (status < 0 && optind == argc) {
		fputs("crm-notice " COMMAND ": no file is given\n", stderr);
		return EX_USAGE;
	}
	if (status < 0 && options->n_sources > 0 && walk->n_keys == 0) {
		fputs("crm-notice " COMMAND ": checkpoints are worth nothing without --key\n", stderr);
		return EX_USAGE;
	}
	return status;
}

static int verify(struct walk *walk, const struct options *options, char **files, size_t n)
{
	int status = -1;

	for (size_t i = 0; i < options->n_sources && status < 0; i++) {
		if (options->sources[i].is_log)
			status = add_log(walk, options->sources[i].text);
		else
			add_witness(walk, "--checkpoint", str_trim(str_from(options->sources[i].text)));
	}
	if (walk->n_witnesses > 1)
		qsort(walk->witnesses, walk->n_witnesses, sizeof *walk->witnesses,
		      compare_witnesses);
	for (size_t i = 0; i < n && status < 0; i++)
		status = walk_file(walk, files[i]);
	if (status >= 0)
		return status;
	finish(walk);
	return walk->faults > 0 ? CLI_REFUSED : CLI_CONFORMS;
}

int cli_audit(int argc, char **argv)
{
	struct walk walk = { .arena = arena_new(), .ring = key_ring_new() };
	struct options options = { 0 };
	int status;

	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		usage(stdout);
		status = EX_OK;
	} else if (argc < 2 || strcmp(argv[1], "verify") != 0) {
		usage(stderr);
		status = EX_USAGE;
	} else {
		optind = 1;
		argc--;
		argv++;
		status = read_options(argc, argv, &walk, &options);
		if (status < 0)
			status = verify(&walk, &options, argv + optind, (size_t)(argc - optind));
	}
	key_ring_free(walk.ring);
	arena_free(walk.arena);
	return status;
}
