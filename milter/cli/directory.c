/* directory.c - crm-notice directory: built, checked, shown and compared */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "milter/cli/cli.h"
#include "milter/cli/sign.h"
#include "milter/cli/inputs.h"
#include "milter/directory/cdb.h"
#include "milter/directory/check.h"
#include "milter/directory/directory.h"
#include "policy/base/buf.h"

#define OUTPUT_MAX ((size_t)1024 * 1024 * 1024)

struct options {
	struct str_list sources;
	const char *output;
	struct sign_options sign;
};

/* One run of a subcommand: its options, its operands and what it says. */
struct task {
	struct options options;
	char **operands;
	size_t n_operands;
	struct arena *arena;
	struct diag diag;
	struct buf out;
	struct directory *opened[2];
	size_t n_opened;
};

static int fail(const struct task *task, int status)
{
	cli_print_diag(&task->diag);
	return status;
}

/* All that the sources hold (of names, where not NULL). EX_OK, or the exit status with the reasons in diag. */
static int read_all(struct task *task, const struct str_list *sources,
		    const struct str_list *names, const struct directory_data **ret_data)
{
	int missing = cli_input_sources("directory", sources);
	struct directory *directory;

	if (missing >= 0)
		return missing;
	directory = directory_load(sources, &task->diag);
	if (directory == NULL)
		return EX_CONFIG;
	task->opened[task->n_opened++] = directory; /* the data may be its own */
	*ret_data = directory_read_all(directory, task->arena, names, &task->diag);
	return *ret_data != NULL ? EX_OK : EX_UNAVAILABLE;
}

static struct str_list operand_list(struct task *task, size_t from, size_t n)
{
	struct str_list list = { 0 };

	for (size_t i = from; i < from + n; i++)
		str_list_add(task->arena, &list, str_from(task->operands[i]));
	return list;
}

static int run_build(struct task *task)
{
	struct str_list sources = operand_list(task, 0, task->n_operands);
	const struct directory_data *data;
	int status = read_all(task, &sources, NULL, &data);

	if (status != EX_OK)
		return fail(task, status);
	if (!directory_cdb_write(data, task->options.output, (int64_t)time(NULL), &task->diag))
		return fail(task, EX_CANTCREAT);
	cli_print_diag(&task->diag);
	buf_printf(&task->out, "%s: %zu organizations, %zu contacts\n", task->options.output,
		   data->n_organizations, data->n_contacts);
	return cli_print("directory", &task->out);
}

static int run_check(struct task *task)
{
	struct str_list sources = operand_list(task, 0, task->n_operands);
	const struct directory_data *data;
	int status = read_all(task, &sources, NULL, &data);
	size_t n;

	if (status != EX_OK)
		return fail(task, status);
	n = directory_check(&task->out, data);
	cli_print_diag(&task->diag);
	buf_printf(&task->out, "%zu organizations, %zu instances, %zu contacts, %zu remarks\n",
		   data->n_organizations, data->n_places, data->n_contacts, n);
	status = cli_print("directory", &task->out);
	return status == EX_OK && n > 0 ? CLI_FLAGGED : status;
}

static int run_show(struct task *task)
{
	struct str_list names = operand_list(task, 0, task->n_operands);
	const struct directory_data *data;
	int status;

	if (task->options.sources.n == 0) {
		fputs("crm-notice directory show: --directory is missing\n", stderr);
		return EX_USAGE;
	}
	status = read_all(task, &task->options.sources, &names, &data);
	if (status != EX_OK)
		return fail(task, status);
	status = CLI_CONFORMS;
	for (size_t i = 0; i < task->n_operands; i++) {
		if (directory_show(&task->out, data, str_from(task->operands[i])))
			continue;
		fprintf(stderr, "crm-notice directory show: %s: neither an address, an organization "
				"nor an instance of the directory\n",
			task->operands[i]);
		status = CLI_FLAGGED;
	}
	return cli_print("directory", &task->out) == EX_OK ? status : EX_IOERR;
}

static int run_diff(struct task *task)
{
	struct str_list old = operand_list(task, 0, 1), new = operand_list(task, 1, 1);
	const struct directory_data *before, *after;
	int status = read_all(task, &old, NULL, &before);
	size_t n;

	if (status == EX_OK)
		status = read_all(task, &new, NULL, &after);
	if (status != EX_OK)
		return fail(task, status);
	n = directory_diff(&task->out, before, after);
	if (cli_print("directory", &task->out) != EX_OK)
		return EX_IOERR;
	return n > 0 ? CLI_FLAGGED : CLI_CONFORMS;
}

static int run_sign(struct task *task)
{
	return sign_files(&task->options.sign, task->operands, task->n_operands);
}

static int run_verify(struct task *task)
{
	return sign_verify_directories(&task->options.sign, task->operands, task->n_operands);
}

static const struct subcommand {
	const char *name, *operands, *summary;
	size_t min, max;
	bool needs_output;
	int (*run)(struct task *task);
} subcommands[] = {
	{ "build", "-o FILE.cdb SOURCE...", "compile sources into one constant database", 1, 100,
	  true, run_build },
	{ "check", "SOURCE...", "duplicates, strays, organizations without an administrator", 1,
	  100, false, run_check },
	{ "show", "-d SOURCE ADDRESS|ORGANIZATION...", "what the directory knows of them", 1, 1000,
	  false, run_show },
	{ "diff", "OLD NEW", "what was added, removed and changed", 2, 2, false, run_diff },
	{ "sign", "--certificate C --key K FILE...", "a detached signature, FILE.p7s", 1, 1000,
	  false, run_sign },
	{ "verify", "--anchors A --signers S FILE...",
	  "signatures, serials and times, as the daemon asks for them", 1, 1000, false, run_verify },
};
#define N_SUBCOMMANDS (sizeof subcommands / sizeof *subcommands)

static void usage(FILE *out)
{
	fputs("usage: crm-notice directory SUBCOMMAND [OPTION]... SOURCE...\n"
	      "Works on directories of contacts.\n"
	      "\n",
	      out);
	for (size_t i = 0; i < N_SUBCOMMANDS; i++)
		fprintf(out, "  %s %s\n        %s\n", subcommands[i].name, subcommands[i].operands,
			subcommands[i].summary);
	fputs("\n"
	      "  -d, --directory SOURCE  where to look; may be given more than once\n"
	      "  -o, --output FILE       what to build; replaced whole or not at all\n"
	      "  --key KEY               of sign: a PEM file, or a URI such as pkcs11:token=gate\n"
	      "  --passphrase FILE       of sign: in its first line, what opens the key, or its PIN\n"
	      "  --provider NAME         of sign: a provider of OpenSSL that knows the URI, or\n"
	      "  --openssl-config FILE   of sign: OpenSSL's configuration, which loads it\n"
	      "  --state FILE            of verify: the daemon's trust.state, which is only read\n"
	      "  --now TIME              of verify: RFC 3339 (default: the clock)\n"
	      "  --help                  this text\n"
	      "\n"
	      "A SOURCE is a YAML file, or cdb:FILE, csv:FILE, sqlite:FILE, pgsql:FILE.cf,\n"
	      "ldap:FILE.cf.\n"
	      "\n"
	      "Exit status: 0 nothing to say, 1 there are remarks or differences, or something\n"
	      "was not found, 2 a signature is not taken; 64 usage, 65 unreadable source, 66 no\n"
	      "such source, 69 a server did not answer, 73 cannot write, 78 faults in a source.\n",
	      out);
}

/* The exit status where the program is to end here, else -1. */
static int read_options(struct task *task, int argc, char **argv)
{
	static const struct option names[] = {
		{ "directory", required_argument, NULL, 'd' },
		{ "output", required_argument, NULL, 'o' },
		SIGN_LONG_OPTIONS,
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "d:o:h", names, NULL)) != -1) {
		switch (c) {
		case 'd':
			str_list_add(task->arena, &task->options.sources, str_from(optarg));
			break;
		case 'o':
			task->options.output = optarg;
			break;
		SIGN_OPTION_CASES:
			if (!sign_option(&task->options.sign, c, optarg))
				return EX_USAGE;
			break;
		case 'h':
			usage(stdout);
			return EX_OK;
		default:
			usage(stderr);
			return EX_USAGE;
		}
	}
	task->operands = argv + optind;
	task->n_operands = (size_t)(argc - optind);
	return -1;
}

static int run(struct task *task, const struct subcommand *subcommand, int argc, char **argv)
{
	int status = read_options(task, argc, argv);

	if (status >= 0)
		return status;
	if (task->n_operands < subcommand->min || task->n_operands > subcommand->max ||
	    (subcommand->needs_output && task->options.output == NULL)) {
		fprintf(stderr, "usage: crm-notice directory %s %s\n", subcommand->name,
			subcommand->operands);
		return EX_USAGE;
	}
	task->options.sign.command = arena_printf(task->arena, "directory %s", subcommand->name).p;
	return subcommand->run(task);
}

int cli_directory(int argc, char **argv)
{
	struct task task = {
		.arena = arena_new(),
		.options.sign = { .command = "directory", .now = (int64_t)time(NULL) },
	};
	int status = -1;

	diag_init(&task.diag, task.arena);
	buf_init(&task.out, task.arena, OUTPUT_MAX);
	for (size_t i = 0; i < N_SUBCOMMANDS && argc > 1; i++) {
		if (strcmp(argv[1], subcommands[i].name) == 0)
			status = run(&task, &subcommands[i], argc - 1, argv + 1);
	}
	if (status < 0) {
		bool help = argc > 1 &&
			    (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);

		usage(help ? stdout : stderr);
		status = help ? EX_OK : EX_USAGE;
	}
	for (size_t i = 0; i < task.n_opened; i++)
		directory_free(task.opened[i]);
	arena_free(task.arena);
	return status;
}
