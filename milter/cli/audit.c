/* audit.c - crm-notice audit verify: whether an audit file is what the daemon wrote, all of it */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "milter/cli/audit_walk.h"
#include "milter/cli/cli.h"
#include "milter/cli/inputs.h"
#include "milter/cli/keys.h"

#define COMMAND "audit verify"

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

static int cannot_read(const char *file)
{
	int error = errno;

	fprintf(stderr, "crm-notice " COMMAND ": %s: %s\n", file, strerror(error));
	return cli_input_status(error);
}

static int walk_file(struct audit_walk *walk, const char *file)
{
	FILE *stream = fopen(file, "re");
	int status = -1;

	if (stream == NULL)
		return cannot_read(file);
	audit_walk_file(walk, file, stream);
	if (ferror(stream))
		status = cannot_read(file);
	fclose(stream);
	return status;
}

static int add_log(struct audit_walk *walk, const char *file)
{
	bool standard = strcmp(file, "-") == 0;
	FILE *stream = standard ? stdin : fopen(file, "re");
	int status = -1;

	if (stream == NULL)
		return cannot_read(file);
	audit_walk_log(walk, file, stream);
	if (ferror(stream))
		status = cannot_read(file);
	if (!standard)
		fclose(stream);
	return status;
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
static int read_options(int argc, char **argv, struct audit_walk *walk, struct options *options)
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

static int verify(struct audit_walk *walk, const struct options *options, char **files, size_t n)
{
	int status = -1;

	for (size_t i = 0; i < options->n_sources && status < 0; i++) {
		if (options->sources[i].is_log)
			status = add_log(walk, options->sources[i].text);
		else
			audit_walk_checkpoint(walk, "--checkpoint", str_trim(str_from(options->sources[i].text)));
	}
	audit_walk_begin(walk);
	for (size_t i = 0; i < n && status < 0; i++)
		status = walk_file(walk, files[i]);
	if (status >= 0)
		return status;
	audit_walk_finish(walk);
	return walk->faults > 0 ? CLI_REFUSED : CLI_CONFORMS;
}

int cli_audit(int argc, char **argv)
{
	struct audit_walk walk = { .out = stdout, .arena = arena_new(), .ring = key_ring_new() };
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
