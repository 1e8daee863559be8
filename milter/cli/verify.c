/* verify.c - crm-notice verify: whether a message's seal is true, anywhere, with the public key */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "certs/seal.h"
#include "milter/cli/cli.h"
#include "milter/cli/inputs.h"
#include "milter/cli/keys.h"
#include "milter/cli/run.h"
#include "policy/rules/yaml.h"

#define MESSAGE_MAX ((size_t)100 * 1024 * 1024)

struct options {
	struct arena *arena;
	struct key_ring *ring;
	size_t n_keys;
	struct str_list recipients;
	int64_t now;
};

static void usage(FILE *out)
{
	fputs("usage: crm-notice verify --key SELECTOR=FILE... [OPTION]... FILE|-...\n"
	      "Verifies the X-CRM-Notice-Seal field of messages.\n"
	      "\n"
	      "  --key SELECTOR=FILE[,FROM..UNTIL]\n"
	      "                     a public key or certificate in PEM form, and the time in which\n"
	      "                     it may seal (RFC 3339, either end may be left out)\n"
	      "  --rcpt ADDRESS     envelope recipient, once each; without them the recipients are\n"
	      "                     reported as unverified\n"
	      "  --now TIME         the time of verification, RFC 3339 (default: the clock)\n"
	      "  --help             this text\n"
	      "\n"
	      "Exit status: 0 all seals are valid, 2 some are not; 64 usage, 65 unreadable input,\n"
	      "66 no such file, 78 unusable key.\n",
	      out);
}

/* The exit status where the program is to end here, else -1. */
static int read_options(int argc, char **argv, struct options *options)
{
	static const struct option names[] = {
		{ "key", required_argument, NULL, 'k' }, { "rcpt", required_argument, NULL, 'r' },
		{ "now", required_argument, NULL, 'n' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, status = -1;

	while (status < 0 && (c = getopt_long(argc, argv, "h", names, NULL)) != -1) {
		switch (c) {
		case 'k':
			status = cli_add_key("verify", options->ring, options->arena,
					     str_from(optarg));
			options->n_keys++;
			break;
		case 'r':
			ARENA_ROOM(options->arena, options->recipients.items, options->recipients.n,
				   options->recipients.cap);
			options->recipients.items[options->recipients.n++] = str_from(optarg);
			break;
		case 'n':
			if (yaml_time_parse(str_from(optarg), &options->now))
				break;
			fputs("crm-notice verify: --now: not RFC 3339\n", stderr);
			return EX_USAGE;
		case 'h':
			usage(stdout);
			return EX_OK;
		default:
			usage(stderr);
			return EX_USAGE;
		}
	}
	if (status < 0 && (optind == argc || options->n_keys == 0)) {
		fprintf(stderr, "crm-notice verify: %s is given\n",
			optind == argc ? "no message" : "no key");
		return EX_USAGE;
	}
	return status;
}

static enum seal_status verify_bytes(const struct options *options, struct arena *arena,
				     struct str bytes, struct str *ret_detail)
{
	struct message_limits limits = message_limits_default;
	const struct message_source *source;
	struct seal_message message = { 0 };
	struct seal_field *fields;
	enum seal_status status;
	struct ingest *ingest;

	limits.message_octets = MESSAGE_MAX;
	ingest = ingest_new(&limits);
	ingest_file(ingest, bytes);
	source = ingest_source(ingest);
	fields = ARENA_ARRAY(arena, source->n_fields, struct seal_field);
	for (size_t i = 0; i < source->n_fields; i++)
		fields[i] = (struct seal_field){ source->fields[i].name, source->fields[i].value };
	message.fields = fields;
	message.n_fields = source->n_fields;
	message.body = source->body;
	message.recipients = options->recipients.items;
	message.n_recipients = options->recipients.n;
	message.recipients_known = options->recipients.n > 0;
	status = seal_verify(arena, options->ring, &message, options->now, ret_detail);
	*ret_detail = arena_str(arena, *ret_detail);
	ingest_free(ingest);
	return status;
}

static int verify_file(const struct options *options, const char *file)
{
	struct arena *arena = arena_new();
	int result = CLI_CONFORMS;
	enum seal_status status;
	struct str bytes, detail;

	if (!run_read(arena, file, MESSAGE_MAX, &bytes)) {
		result = cli_input_status(errno);
		fprintf(stderr, "crm-notice verify: %s: %s\n", file, strerror(errno));
	} else {
		status = verify_bytes(options, arena, bytes, &detail);
		printf("%s: %s: %s (%.*s)\n", file, seal_status_name(status),
		       seal_status_text(status), STR_ARG(detail));
		if (status != SEAL_VALID && status != SEAL_VALID_RECIPIENTS_UNVERIFIED)
			result = CLI_REFUSED;
	}
	arena_free(arena);
	return result;
}

int cli_verify(int argc, char **argv)
{
	struct options options = { .arena = arena_new(), .ring = key_ring_new(),
				   .now = (int64_t)time(NULL) };
	int worst = read_options(argc, argv, &options);

	if (worst < 0) {
		worst = CLI_CONFORMS;
		for (char **file = argv + optind; *file != NULL; file++) {
			int status = verify_file(&options, *file);

			if (status > worst)
				worst = status;
		}
		if (fflush(stdout) != 0)
			worst = EX_IOERR;
	}
	key_ring_free(options.ring);
	arena_free(options.arena);
	return worst;
}
