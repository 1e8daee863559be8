/* check.c - crm-notice check: messages judged as the daemon would, with nothing changed */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "certs/cms.h"
#include "milter/cli/cli.h"
#include "milter/cli/inputs.h"
#include "milter/cli/json.h"
#include "milter/cli/run.h"
#include "milter/cli/text.h"
#include "policy/rules/yaml.h"

struct options {
	bool json, explain;
	const char *policy, *policy_path, *case_file, *anchors;
	struct str sasl, tls;
	struct str_list directories, recipients;
	bool has_from;
	struct str from;
	int64_t now;
};

static void usage(FILE *out)
{
	fputs("usage: crm-notice check [OPTION]... FILE|-...\n"
	      "Judges messages as the daemon would, and changes nothing.\n"
	      "\n"
	      "  --json             one JSON object a line\n"
	      "  --explain          every check with its outcome\n"
	      "  --policy FILE      the policy (default: the built-in crm-online)\n"
	      "  --policy-path DIRS where `extends` is looked up, separated by colons\n"
	      "  --directory FILE   the directory; may be given more than once\n"
	      "  --ledger URL       what was sent before; this version has no ledger yet\n"
	      "  --now TIME         the time of acceptance, RFC 3339 (default: the clock)\n"
	      "  --from ADDRESS     envelope sender, empty for none (default: Return-Path, From)\n"
	      "  --rcpt ADDRESS     envelope recipient; once each (default: To, Cc, Bcc)\n"
	      "  --sasl NAME        who submits it: the name of an authenticated client, or\n"
	      "  --tls-subject NAME the subject of a client certificate that was verified\n"
	      "  --anchors FILE     whose certificates may sign mail, for policies that ask for it\n"
	      "  --case FILE        now, from, recipients and history from a case file\n"
	      "  --help             this text\n"
	      "\n"
	      "Exit status: 0 all conform or are no notices, 1 some message is flagged, 2 some is\n"
	      "rejected, quarantined or deferred; 64 usage, 65 unreadable input, 66 no such file,\n"
	      "78 policy or directory.\n",
	      out);
}

static int complain(const char *option, const char *what)
{
	fprintf(stderr, "crm-notice check: %s: %s\n", option, what);
	return EX_USAGE;
}

/* The exit status where the program is to end here, else -1. */
static int read_option(struct arena *arena, int c, struct options *options)
{
	switch (c) {
	case 'j':
		options->json = true;
		return -1;
	case 'e':
		options->explain = true;
		return -1;
	case 'p':
		options->policy = optarg;
		return -1;
	case 'P':
		options->policy_path = optarg;
		return -1;
	case 'd':
		str_list_add(arena, &options->directories, str_from(optarg));
		return -1;
	case 'l':
		return complain("--ledger",
				"this version has no ledger; --case takes a history");
	case 'n':
		if (!yaml_time_parse(str_from(optarg), &options->now))
			return complain("--now", "not RFC 3339, such as 2026-03-01T09:00:00Z");
		return -1;
	case 'f':
		options->has_from = true;
		options->from = str_is(str_from(optarg), "<>") ? STR_LIT("") : str_from(optarg);
		return -1;
	case 'r':
		str_list_add(arena, &options->recipients, str_from(optarg));
		return -1;
	case 'c':
		options->case_file = optarg;
		return -1;
	case 's':
		options->sasl = str_from(optarg);
		return -1;
	case 't':
		options->tls = str_from(optarg);
		return -1;
	case 'a':
		options->anchors = optarg;
		return -1;
	case 'h':
		usage(stdout);
		return EX_OK;
	default:
		usage(stderr);
		return EX_USAGE;
	}
}

static int read_options(struct arena *arena, int argc, char **argv, struct options *ret_options)
{
	static const struct option names[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "explain", no_argument, NULL, 'e' },
		{ "policy", required_argument, NULL, 'p' },
		{ "policy-path", required_argument, NULL, 'P' },
		{ "directory", required_argument, NULL, 'd' },
		{ "ledger", required_argument, NULL, 'l' },
		{ "now", required_argument, NULL, 'n' },
		{ "from", required_argument, NULL, 'f' },
		{ "rcpt", required_argument, NULL, 'r' },
		{ "case", required_argument, NULL, 'c' },
		{ "sasl", required_argument, NULL, 's' },
		{ "tls-subject", required_argument, NULL, 't' },
		{ "anchors", required_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, status;

	*ret_options = (struct options){ .now = (int64_t)time(NULL) };
	while ((c = getopt_long(argc, argv, "h", names, NULL)) != -1) {
		status = read_option(arena, c, ret_options);
		if (status >= 0)
			return status;
	}
	if (optind == argc) {
		fputs("crm-notice check: no message is given\n", stderr);
		usage(stderr);
		return EX_USAGE;
	}
	return -1;
}

/* Prints and counts one message. */
static int check_file(const struct run *run, const struct options *options, const char *file)
{
	struct arena *arena = arena_new();
	int status = CLI_CONFORMS;
	struct run_result result;
	struct str bytes;

	if (!run_read(arena, file, run->policy->limits.message_octets, &bytes)) {
		status = cli_input_status(errno);
		fprintf(stderr, "crm-notice check: %s: %s\n", file, strerror(errno));
		arena_free(arena);
		return status;
	}
	run_judge(run, arena, bytes, &result);
	if (result.answers->directory == ANSWER_FAILED)
		fprintf(stderr, "crm-notice check: %s: directory %.*s\n", file,
			STR_ARG(result.answers->directory_error));
	if (options->json) {
		json_t *object = json_judgement(file, result.judgement, result.answers,
						options->explain);

		json_dumpf(object, stdout, JSON_PRESERVE_ORDER | JSON_COMPACT |
						   JSON_REAL_PRECISION(6));
		putchar('\n');
		json_decref(object);
	} else {
		text_judgement(stdout, file, result.judgement, options->explain);
	}
	if (result.judgement->verdict > SEVERITY_FLAG)
		status = CLI_REFUSED;
	else if (result.judgement->verdict == SEVERITY_FLAG)
		status = CLI_FLAGGED;
	run_done(&result);
	arena_free(arena);
	return status;
}

static int check_files(const struct run *run, const struct options *options, char **files)
{
	int worst = CLI_CONFORMS;

	for (; *files != NULL; files++) {
		int status = check_file(run, options, *files);

		if (status > worst)
			worst = status;
	}
	return fflush(stdout) == 0 ? worst : EX_IOERR;
}

/* -1, or the exit status where a file that is to be judged by cannot be read. */
static int find_inputs(const struct options *options)
{
	const int found[] = { cli_input("check", options->policy),
			      cli_input_sources("check", &options->directories),
			      cli_input("check", options->case_file),
			      cli_input("check", options->anchors) };

	for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
		if (found[i] >= 0)
			return found[i];
	}
	return -1;
}

static struct cms_anchors *anchors_load(const char *file, struct diag *diag)
{
	struct cms_anchors *anchors;
	struct str error;

	if (file == NULL)
		return NULL;
	anchors = cms_anchors_load(diag->arena, file, &error);
	if (anchors == NULL)
		diag_error(diag, STR_LIT("--anchors"), 0, 0, "%.*s", STR_ARG(error));
	return anchors;
}

static int check_all(struct arena *arena, const struct options *options, char **files)
{
	struct run run = { .now = options->now,
			   .from = options->has_from ? &options->from : NULL,
			   .recipients = &options->recipients,
			   .sasl = options->sasl,
			   .tls = options->tls,
			   .images = image_helper_new() };
	struct directory *directory = NULL;
	struct cms_anchors *anchors;
	struct case_file case_file;
	int status = EX_CONFIG;
	struct diag diag;

	diag_init(&diag, arena);
	run.policy = options->policy != NULL
			     ? policy_load(options->policy, options->policy_path, &diag)
			     : policy_load_default(&diag);
	if (options->directories.n > 0)
		run.directory = directory = directory_load(&options->directories, &diag);
	run.anchors = anchors = anchors_load(options->anchors, &diag);
	if (options->case_file != NULL &&
	    case_file_read(arena, options->case_file, &diag, &case_file))
		run.case_file = &case_file;
	cli_print_diag(&diag);
	if (diag.errors == 0)
		status = check_files(&run, options, files);
	image_helper_free(run.images);
	directory_free(directory);
	cms_anchors_free(anchors);
	policy_unref(run.policy);
	return status;
}

int cli_check(int argc, char **argv)
{
	struct arena *arena = arena_new();
	struct options options;
	int status = read_options(arena, argc, argv, &options);

	if (status < 0)
		status = find_inputs(&options);
	if (status < 0)
		status = check_all(arena, &options, argv + optind);
	arena_free(arena);
	return status;
}
