/* policy.c - crm-notice policy: policies checked, shown, compared, explained and begun */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "milter/cli/cli.h"
#include "milter/cli/inputs.h"
#include "milter/cli/replay.h"
#include "milter/cli/sign.h"
#include "policy/rules/report.h"
#include "policy/rules/tree.h"
#include "policy/rules/yaml.h"

#define OUTPUT_MAX ((size_t)16 * 1024 * 1024)

struct options {
	bool page, html, strict, keys;
	bool given[128]; /* by the options' letters */
	const char *policy, *path;
	struct sign_options sign;
};

/* One run of a subcommand: its options, its files and what it says. */
struct task {
	struct options options;
	char **files;
	size_t n_files;
	struct arena *arena;
	struct diag diag;
	struct buf out;
};

/* The default where file is NULL. */
static struct policy *load(struct task *task, const char *file)
{
	if (file == NULL)
		return policy_load_default(&task->diag);
	return policy_load(file, task->options.path, &task->diag);
}

static int fail(const struct task *task)
{
	cli_print_diag(&task->diag);
	return EX_CONFIG;
}

static int check_one(struct task *task, const char *file)
{
	struct policy *policy;
	const char *name = file != NULL ? file : "built-in policy";
	int status = EX_CONFIG;
	struct diag unheard; /* what was a pipe cannot be read again: then remarks have no lines */

	diag_init(&task->diag, task->arena);
	diag_init(&unheard, task->arena);
	policy = load(task, file);
	if (policy != NULL) {
		policy_lint(policy, policy_tree(task->arena, file, task->options.path, &unheard),
			    task->options.sign.now, &task->diag);
		buf_printf(&task->out, "%s: %.*s version %llu, %zu categories, %zu warnings, %.*s\n",
			   name, STR_ARG(policy->name), (unsigned long long)policy->version,
			   policy->n_categories, task->diag.n, STR_ARG(policy->sha256));
		status = task->options.strict && task->diag.n > 0 ? CLI_FLAGGED : EX_OK;
	}
	cli_print_diag(&task->diag);
	policy_unref(policy);
	return status;
}

static int run_check(struct task *task)
{
	int worst = task->n_files == 0 ? check_one(task, NULL) : EX_OK;

	for (size_t i = 0; i < task->n_files; i++) {
		int status = check_one(task, task->files[i]);

		worst = status > worst ? status : worst;
	}
	return cli_print("policy", &task->out) == EX_OK ? worst : EX_IOERR;
}

static int run_show(struct task *task)
{
	const char *file = task->n_files > 0 ? task->files[0] : NULL;
	struct policy *policy = load(task, file);
	const struct yaml_node *tree;

	if (policy == NULL)
		return fail(task);
	tree = policy_tree(task->arena, file, task->options.path, &task->diag);
	if (tree == NULL) {
		policy_unref(policy);
		return fail(task);
	}
	if (task->options.page || task->options.html)
		policy_page(&task->out, policy, tree, task->options.html);
	else
		yaml_write(&task->out, tree);
	policy_unref(policy);
	return cli_print("policy", &task->out);
}

/* Phrases of a concept that b has and a has not, by language. */
static size_t diff_phrases(struct buf *out, const struct policy *a, const struct policy *b,
			   const char *word)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_concepts; i++) {
		size_t at = policy_concept(a, b->concepts[i].id.p);

		for (size_t j = 0; j < b->concepts[i].n_phrases; j++) {
			const struct phrase *phrase = &b->concepts[i].phrases[j];
			bool known = false;

			for (size_t k = 0; at != SIGNAL_NO_CONCEPT && !known &&
					   k < a->concepts[at].n_phrases;
			     k++)
				known = str_eq(a->concepts[at].phrases[k].text, phrase->text);
			if (known)
				continue;
			n++;
			buf_printf(out, "phrases.%.*s.%.*s: %s \"%.*s\"\n", STR_ARG(phrase->language),
				   STR_ARG(b->concepts[i].id), word, STR_ARG(phrase->text));
		}
	}
	return n;
}

static int diff_policies(struct task *task, const struct policy *a, const struct policy *b)
{
	const struct yaml_node *old, *new;
	size_t n = 0;

	old = policy_tree(task->arena, task->files[0], task->options.path, &task->diag);
	new = policy_tree(task->arena, task->files[1], task->options.path, &task->diag);
	if (old == NULL || new == NULL)
		return fail(task);
	if (!task->options.keys)
		n = policy_page_diff(&task->out, a, old, b, new);
	/* What is only in another order has no words. */
	if (n == 0) {
		n = policy_tree_diff(&task->out, old, new);
		n += policy_holidays_diff(&task->out, a, b);
	}
	n += diff_phrases(&task->out, b, a, "removed");
	n += diff_phrases(&task->out, a, b, "added");
	if (cli_print("policy", &task->out) != EX_OK)
		return EX_IOERR;
	return n > 0 ? CLI_FLAGGED : CLI_CONFORMS;
}

static int run_diff(struct task *task)
{
	struct policy *a = load(task, task->files[0]), *b = load(task, task->files[1]);
	int status = a != NULL && b != NULL ? diff_policies(task, a, b) : fail(task);

	policy_unref(a);
	policy_unref(b);
	return status;
}

static int run_explain(struct task *task)
{
	const char *ids[FINDING_N + 1] = { NULL };
	enum finding_id finding;
	struct policy *policy;

	for (int i = 0; i < FINDING_N; i++)
		ids[i] = finding_infos[i].id;
	if (!finding_parse(str_from(task->files[0]), &finding)) {
		const char *nearest = yaml_nearest(str_from(task->files[0]), ids);

		fprintf(stderr, "crm-notice policy explain: \"%s\" is no finding%s%s\n",
			task->files[0], nearest != NULL ? "; did you mean " : "",
			nearest != NULL ? nearest : "");
		return EX_USAGE;
	}
	policy = load(task, task->options.policy);
	if (policy == NULL)
		return fail(task);
	policy_explain(&task->out, policy, finding);
	policy_unref(policy);
	return cli_print("policy", &task->out);
}

static const char beginning[] =
	"# A site's own policy: the default, and what differs. See crm-notice-policy(5).\n"
	"extends: crm-online.yaml\n"
	"policy: my-company\n"
	"version: 1\n"
	"\n"
	"# observe: only say in the log what would happen; flag: mark, never refuse; enforce.\n"
	"mode: observe\n"
	"\n"
	"# Who sends notices: patterns of From and of the envelope sender.\n"
	"senders:\n"
	"  from: [notices@crm.example]\n"
	"  envelope: [notices@crm.example, \"bounce+*@crm.example\"]\n"
	"\n"
	"# Mail that stays within these domains is no notice.\n"
	"internal: [crm.example]\n"
	"\n"
	"# Of a time of day that states no zone.\n"
	"timezone: UTC\n"
	"\n"
	"# What a finding does: off, accept, flag, quarantine, tempfail, reject.\n"
	"#severities:\n"
	"#  content.health-page: flag\n";

static int run_new(struct task *task)
{
	int fd, status = EX_OK;
	FILE *file;

	if (task->n_files == 0) {
		buf_add_cstr(&task->out, beginning);
		return cli_print("policy", &task->out);
	}
	fd = open(task->files[0], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (file == NULL) {
		fprintf(stderr, "crm-notice policy new: %s: %s\n", task->files[0], strerror(errno));
		if (fd >= 0)
			close(fd);
		return EX_CANTCREAT;
	}
	if (fputs(beginning, file) == EOF)
		status = EX_IOERR;
	if (fclose(file) != 0)
		status = EX_IOERR;
	return status;
}

static int run_sign(struct task *task)
{
	return sign_files(&task->options.sign, task->files, task->n_files);
}

static int run_verify(struct task *task)
{
	task->options.sign.path = task->options.path;
	return sign_verify_policies(&task->options.sign, task->files, task->n_files);
}

static const struct command {
	const char *name;
	size_t min, max; /* arguments */
	bool reads_files; /* the arguments are policies */
	const char *takes; /* the letters of its options, beside those of all */
	int (*run)(struct task *task);
	const char *usage, *summary;
} commands[] = {
	{ "check", 0, 1000, true, "XN", run_check, "check [--strict] [FILE]...",
	  "all errors, and what is allowed but cannot be meant" },
	{ "show", 0, 1, true, "gH", run_show, "show [--page|--html] [FILE]",
	  "the policy with all that it extends; --page, --html: for people who do not read YAML" },
	{ "diff", 2, 2, true, "Y", run_diff, "diff [--keys] FILE FILE",
	  "what differs, in sentences or by keys; exit status 1 where anything does" },
	{ "explain", 1, 1, false, "p", run_explain, "explain [--policy FILE] FINDING",
	  "what a finding means, and what it does" },
	{ "new", 0, 1, false, "", run_new, "new [FILE]", "a policy to begin with" },
	{ "sign", 1, 1000, true, "CKWOV", run_sign, "sign --certificate C --key K FILE...",
	  "a detached signature, FILE.p7s" },
	{ "verify", 1, 1000, true, "ASTN", run_verify, "verify --anchors A --signers S FILE...",
	  "signatures, serials and times, as the daemon asks for them" },
};
#define N_COMMANDS (sizeof commands / sizeof *commands)

static void usage(FILE *out)
{
	fputs("usage: crm-notice policy COMMAND [OPTION]... [ARGUMENT]...\n\n", out);
	for (size_t i = 0; i < N_COMMANDS; i++)
		fprintf(out, "  %-39s %s\n", commands[i].usage, commands[i].summary);
	fprintf(out, "  %-39s %s\n", "replay --policy NEW [OPTION]... MAIL...",
		"what a policy changes for mails that were sent; replay --help");
	fputs("\n"
	      "  --policy-path DIRS where `extends` and languages are looked up, separated by colons\n"
	      "  --key KEY          of sign: a PEM file, or a URI such as pkcs11:token=gate\n"
	      "  --passphrase FILE  of sign: in its first line, what opens the key, or its PIN\n"
	      "  --provider NAME    of sign: a provider of OpenSSL that knows the URI, or\n"
	      "  --openssl-config F of sign: OpenSSL's configuration, which loads it\n"
	      "  --state FILE       of verify: the daemon's trust.state, which is only read\n"
	      "  --now TIME         of check and verify: RFC 3339 (default: the clock)\n"
	      "  --help             this text\n"
	      "\n"
	      "Without FILE it is the built-in crm-online. Exit status: 0, 1 where diff finds\n"
	      "differences or check --strict has a remark, 2 where a signature is not taken, 64\n"
	      "usage, 65 unreadable file, 66 no such file, 78 a policy with errors.\n",
	      out);
}

static const struct option longs[] = {
	{ "page", no_argument, NULL, 'g' },
	{ "html", no_argument, NULL, 'H' },
	{ "strict", no_argument, NULL, 'X' },
	{ "keys", no_argument, NULL, 'Y' },
	{ "policy", required_argument, NULL, 'p' },
	{ "policy-path", required_argument, NULL, 'P' },
	SIGN_LONG_OPTIONS,
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* An option that a command would pass over is mostly meant for something: `check --policy FILE` would
 * find no fault in the built-in policy. */
static bool takes_all(const struct command *command, const struct options *options)
{
	for (const struct option *option = longs; option->name != NULL; option++) {
		if (!options->given[option->val] || option->val == 'P' ||
		    strchr(command->takes, option->val) != NULL)
			continue;
		fprintf(stderr, "crm-notice policy %s: --%s is no option of it\n"
				"usage: crm-notice policy %s\n",
			command->name, option->name, command->usage);
		return false;
	}
	return true;
}

/* The exit status where the program is to end here, else -1. */
static int read_options(int argc, char **argv, struct options *options)
{
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		options->given[c & 127] = true;
		switch (c) {
		case 'g':
			options->page = true;
			break;
		case 'H':
			options->html = true;
			break;
		case 'Y':
			options->keys = true;
			break;
		case 'X':
			options->strict = true;
			break;
		case 'p':
			options->policy = optarg;
			break;
		case 'P':
			options->path = optarg;
			break;
		SIGN_OPTION_CASES:
			if (!sign_option(&options->sign, c, optarg))
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
	return -1;
}

/* The exit status where a policy that is named is not there, else -1. */
static int find_inputs(const struct command *command, const struct task *task)
{
	const char *name = arena_printf(task->arena, "policy %s", command->name).p;
	int worst = cli_input(name, task->options.policy);

	for (size_t i = 0; command->reads_files && i < task->n_files; i++) {
		int status = cli_input(name, task->files[i]);

		worst = status > worst ? status : worst;
	}
	return worst;
}

static int run(const struct command *command, const struct options *options, char **files,
	       size_t n_files)
{
	struct task task = { .options = *options, .files = files, .n_files = n_files };
	int status;

	if (n_files < command->min || n_files > command->max) {
		fprintf(stderr, "usage: crm-notice policy %s\n", command->usage);
		return EX_USAGE;
	}
	if (!takes_all(command, options))
		return EX_USAGE;
	task.arena = arena_new();
	diag_init(&task.diag, task.arena);
	buf_init(&task.out, task.arena, OUTPUT_MAX);
	task.options.sign.command = arena_printf(task.arena, "policy %s", command->name).p;
	status = find_inputs(command, &task);
	if (status < 0)
		status = command->run(&task);
	arena_free(task.arena);
	return status;
}

int cli_policy(int argc, char **argv)
{
	struct options options = { .sign = { .command = "policy", .now = (int64_t)time(NULL) } };
	int status;

	/* Its options are its own. */
	if (argc > 1 && strcmp(argv[1], "replay") == 0)
		return cli_replay(argc - 1, argv + 1);
	status = read_options(argc, argv, &options);
	if (status >= 0)
		return status;
	for (size_t i = 0; optind < argc && i < N_COMMANDS; i++) {
		if (strcmp(argv[optind], commands[i].name) == 0)
			return run(&commands[i], &options, argv + optind + 1,
				   (size_t)(argc - optind - 1));
	}
	if (optind < argc)
		fprintf(stderr, "crm-notice policy: %s: %s\n", argv[optind],
			strcmp(argv[optind], "replay") == 0 ? "its options stand behind it"
							     : "no such command");
	usage(stderr);
	return EX_USAGE;
}
