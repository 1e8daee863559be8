/* test.c - crm-notice test: a policy held against labelled messages */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "milter/cli/cases.h"
#include "milter/cli/cli.h"
#include "milter/cli/expect.h"
#include "milter/cli/inputs.h"
#include "milter/cli/junit.h"
#include "milter/cli/run.h"
#include "milter/cli/tally.h"
#include "milter/cli/text.h"
#include "policy/base/buf.h"

#define REASONS_MAX ((size_t)64 * 1024)

/* A policy or directory that was read once, by its file name. */
struct loaded {
	struct policy *policy;
	struct directory *directory;
};

struct tests {
	struct arena *arena;
	const char *policy_file, *policy_path, *directory_file;
	const char *junit_file;
	bool verbose, summary, failed_to_load;
	struct image_helper *images;
	struct map policies, directories; /* file name to index into loaded */
	struct loaded *loaded;
	size_t n_loaded, cap_loaded;
	struct tally tally;
	struct junit_case *results;       /* of all cases, in their order */
	size_t n_results, cap_results;
};

static void usage(FILE *out)
{
	fputs("usage: crm-notice test [OPTION]... DIR|FILE...\n"
	      "Holds a policy against labelled messages: NAME.eml with NAME.case.yaml beside it.\n"
	      "\n"
	      "  --policy FILE      the policy (default: policy.yaml in the case's folder or one\n"
	      "                     above it, else the built-in crm-online)\n"
	      "  --policy-path DIRS where `extends` is looked up, separated by colons\n"
	      "  --directory FILE   the directory (default: directory.yaml, found alike)\n"
	      "  --summary          count agreement by folder and key; categories and findings right,\n"
	      "                     missed and false; which category was taken for which\n"
	      "  --junit FILE       write the results as JUnit XML, too\n"
	      "  -v, --verbose      name the cases that pass, too\n"
	      "  --help             this text\n"
	      "\n"
	      "Ends with the line `N passed, N failed`. Exit status: 0 none failed, 1 some did;\n"
	      "64 usage, 65 unreadable file, 66 no such file or no case in it, 73 FILE cannot be\n"
	      "written, 78 policy or directory.\n",
	      out);
}

static struct loaded *load_new(struct tests *tests)
{
	ARENA_ROOM(tests->arena, tests->loaded, tests->n_loaded, tests->cap_loaded);
	return &tests->loaded[tests->n_loaded++];
}

static void load_report(struct tests *tests, const struct diag *diag)
{
	cli_print_diag(diag);
	if (diag->errors > 0)
		tests->failed_to_load = true;
}

/* The policy of a file, read the first time; file NULL is the built-in one. NULL where it is
 * faulty, which was said then. */
static struct policy *policy_of(struct tests *tests, const char *file)
{
	struct str name = str_from(file != NULL ? file : "");
	size_t fresh = tests->n_loaded;
	size_t index = *map_put(&tests->policies, name, fresh);
	struct diag diag;

	if (index == fresh) {
		struct loaded *loaded = load_new(tests);

		diag_init(&diag, tests->arena);
		loaded->policy = file != NULL ? policy_load(file, tests->policy_path, &diag)
					      : policy_load_default(&diag);
		load_report(tests, &diag);
	}
	return tests->loaded[index].policy;
}

static struct directory *directory_of(struct tests *tests, const char *file)
{
	struct str name = str_from(file);
	const struct str_list sources = { &name, 1, 1 };
	size_t fresh = tests->n_loaded, index;
	struct diag diag;

	if (file == NULL)
		return NULL;
	index = *map_put(&tests->directories, name, fresh);
	if (index == fresh) {
		struct loaded *loaded = load_new(tests);

		diag_init(&diag, tests->arena);
		loaded->directory = directory_load(&sources, &diag);
		load_report(tests, &diag);
	}
	return tests->loaded[index].directory;
}

/* -- One case -- */

/* A case while it is judged. */
struct trial {
	struct tests *tests;
	const struct case_path *path;
	struct arena *arena;
	enum junit_outcome outcome;
	struct buf reasons; /* a line each */
};

static void trial_broken(struct trial *trial, const char *reason)
{
	trial->outcome = JUNIT_BROKEN;
	buf_printf(&trial->reasons, "%s\n", reason);
}

static bool case_read(struct trial *trial, const struct policy *policy,
		      struct case_file *case_file, struct str *ret_bytes)
{
	struct diag diag;

	diag_init(&diag, trial->arena);
	if (!case_file_read(trial->arena, trial->path->case_file, &diag, case_file)) {
		trial_broken(trial, "the case file is faulty:");
		for (size_t i = 0; i < diag.n; i++)
			trial_broken(trial, diag_format(trial->arena, &diag.entries[i]).p);
		return false;
	}
	if (!run_read(trial->arena, trial->path->message, policy->limits.message_octets, ret_bytes)) {
		trial_broken(trial, strerror(errno));
		return false;
	}
	return true;
}

static void case_compare(struct trial *trial, const struct expectation *expect,
			 const struct judgement *judgement)
{
	struct comparison comparison;

	expect_compare(trial->arena, expect, judgement, &comparison);
	tally_add(&trial->tests->tally, trial->path->folder, expect, judgement, &comparison);
	if (comparison.n > 0)
		trial->outcome = JUNIT_FAILED;
	for (size_t i = 0; i < comparison.n; i++)
		buf_printf(&trial->reasons, "%s: expected %.*s, got %.*s\n",
			   comparison.mismatches[i].key, STR_ARG(comparison.mismatches[i].expected),
			   STR_ARG(comparison.mismatches[i].got));
}

static void case_judge(struct trial *trial)
{
	static const struct str_list no_recipients;
	struct tests *tests = trial->tests;
	const char *policy_file = tests->policy_file != NULL
					  ? tests->policy_file
					  : cases_near(tests->arena, trial->path, "policy.yaml");
	const char *directory_file = tests->directory_file != NULL
					     ? tests->directory_file
					     : cases_near(tests->arena, trial->path, "directory.yaml");
	struct case_file case_file;
	struct run run = { .policy = policy_of(tests, policy_file),
			   .directory = directory_of(tests, directory_file),
			   .images = tests->images,
			   .case_file = &case_file,
			   .recipients = &no_recipients,
			   .now = (int64_t)time(NULL) };
	struct run_result result;
	struct str bytes;

	if (run.policy == NULL || (run.directory == NULL && directory_file != NULL)) {
		trial_broken(trial, "its policy or directory is faulty");
	} else if (case_read(trial, run.policy, &case_file, &bytes)) {
		run_judge(&run, trial->arena, bytes, &result);
		case_compare(trial, &case_file.expect, result.judgement);
		run_done(&result);
	}
}

static void case_print(const struct trial *trial)
{
	struct str reasons = buf_str(&trial->reasons), line;
	struct str file = text_safe(trial->arena, str_from(trial->path->message));

	if (trial->outcome != JUNIT_PASSED)
		printf("FAIL %.*s\n", STR_ARG(file));
	else if (trial->tests->verbose)
		printf("ok   %.*s\n", STR_ARG(file));
	while (str_next_line(&reasons, &line))
		printf("     %.*s\n", STR_ARG(line));
}

static void case_record(const struct trial *trial, double seconds)
{
	struct tests *tests = trial->tests;

	ARENA_ROOM(tests->arena, tests->results, tests->n_results, tests->cap_results);
	tests->results[tests->n_results++] = (struct junit_case){
		.folder = trial->path->folder,
		.name = trial->path->name,
		.file = trial->path->message,
		.outcome = trial->outcome,
		.text = arena_str(tests->arena, buf_str(&trial->reasons)),
		.seconds = seconds,
	};
}

static double clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void case_run(struct tests *tests, const struct case_path *path)
{
	struct trial trial = { .tests = tests, .path = path, .arena = arena_new() };
	double begun = clock_seconds();

	buf_init(&trial.reasons, trial.arena, REASONS_MAX);
	case_judge(&trial);
	if (trial.outcome == JUNIT_BROKEN)
		tally_add_broken(&tests->tally, path->folder);
	case_print(&trial);
	case_record(&trial, clock_seconds() - begun);
	arena_free(trial.arena);
}

/* -- The run -- */

/* The exit status where the program is to end here, else -1. */
static int read_options(int argc, char **argv, struct tests *tests)
{
	static const struct option names[] = {
		{ "policy", required_argument, NULL, 'p' },
		{ "policy-path", required_argument, NULL, 'P' },
		{ "directory", required_argument, NULL, 'd' },
		{ "summary", no_argument, NULL, 's' },
		{ "junit", required_argument, NULL, 'j' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "vh", names, NULL)) != -1) {
		switch (c) {
		case 'p':
			tests->policy_file = optarg;
			break;
		case 'P':
			tests->policy_path = optarg;
			break;
		case 'd':
			tests->directory_file = optarg;
			break;
		case 's':
			tests->summary = true;
			break;
		case 'j':
			tests->junit_file = optarg;
			break;
		case 'v':
			tests->verbose = true;
			break;
		case 'h':
			usage(stdout);
			return EX_OK;
		default:
			usage(stderr);
			return EX_USAGE;
		}
	}
	if (optind < argc)
		return -1;
	fputs("crm-notice test: no folder or file is given\n", stderr);
	usage(stderr);
	return EX_USAGE;
}

static int find_cases(struct case_list *list, char **paths)
{
	for (; *paths != NULL; paths++) {
		size_t before = list->n;

		if (!cases_find(list, *paths)) {
			int error = errno;

			fprintf(stderr, "crm-notice test: %s: %s\n", *paths,
				error == EINVAL ? "neither a folder nor a NAME.eml or NAME.case.yaml"
						: strerror(error));
			return error == EINVAL ? EX_NOINPUT : cli_input_status(error);
		}
		if (list->n == before) {
			fprintf(stderr, "crm-notice test: %s: no NAME.case.yaml in it\n", *paths);
			return EX_NOINPUT;
		}
	}
	return EX_OK;
}

static void tests_done(struct tests *tests)
{
	for (size_t i = 0; i < tests->n_loaded; i++) {
		policy_unref(tests->loaded[i].policy);
		directory_free(tests->loaded[i].directory);
	}
}

static int run_tests(struct tests *tests, char **paths)
{
	struct case_list list = { .arena = tests->arena };
	struct str directory = str_from(tests->directory_file);
	const struct str_list directories = { &directory, directory.p != NULL, 1 };
	int status = cli_input("test", tests->policy_file);

	if (status < 0)
		status = cli_input_sources("test", &directories);
	if (status < 0)
		status = find_cases(&list, paths);
	if (status != EX_OK)
		return status;
	tests->images = image_helper_new();
	for (size_t i = 0; i < list.n; i++)
		case_run(tests, &list.items[i]);
	image_helper_free(tests->images);
	if (tests->summary)
		tally_print(stdout, &tests->tally);
	printf("%zu passed, %zu failed\n", tests->tally.passed, tests->tally.failed);
	if (tests->junit_file != NULL &&
	    !junit_write(tests->junit_file, tests->results, tests->n_results)) {
		fprintf(stderr, "crm-notice test: %s: %s\n", tests->junit_file, strerror(errno));
		return EX_CANTCREAT;
	}
	if (tests->failed_to_load)
		return EX_CONFIG;
	return tests->tally.failed == 0 ? EX_OK : 1;
}

int cli_test(int argc, char **argv)
{
	struct tests tests = { .arena = arena_new() };
	int status;

	map_init_exact(&tests.policies, tests.arena);
	map_init_exact(&tests.directories, tests.arena);
	tally_init(&tests.tally, tests.arena);
	status = read_options(argc, argv, &tests);
	if (status < 0)
		status = run_tests(&tests, argv + optind);
	tests_done(&tests);
	arena_free(tests.arena);
	return status;
}
