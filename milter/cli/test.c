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
#include "milter/cli/run.h"
#include "policy/base/map.h"

/* A policy or directory that was read once, by its file name. */
struct loaded {
	struct policy *policy;
	struct directory *directory;
};

struct tally {
	const char *folder;
	size_t cases, passed;
	size_t given[EXPECT_N], agreed[EXPECT_N];
};

struct tests {
	struct arena *arena;
	const char *policy_file, *policy_path, *directory_file;
	bool verbose, summary, failed_to_load;
	struct image_helper *images;
	struct map policies, directories; /* file name to index into loaded */
	struct loaded *loaded;
	size_t n_loaded, cap_loaded;
	struct map folders;               /* to index into tallies */
	struct tally *tallies;
	size_t n_tallies, cap_tallies;
	size_t passed, failed;
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
	      "  --summary          count agreement by folder and key\n"
	      "  -v, --verbose      name the cases that pass, too\n"
	      "  --help             this text\n"
	      "\n"
	      "Ends with the line `N passed, N failed`. Exit status: 0 none failed, 1 some did;\n"
	      "64 usage, 65 unreadable file, 66 no such file or no case in it, 78 policy or\n"
	      "directory.\n",
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

static struct tally *tally_of(struct tests *tests, const char *folder)
{
	size_t fresh = tests->n_tallies;
	size_t index = *map_put(&tests->folders, str_from(folder), fresh);

	if (index == fresh) {
		ARENA_ROOM(tests->arena, tests->tallies, tests->n_tallies, tests->cap_tallies);
		tests->tallies[tests->n_tallies++] = (struct tally){ .folder = folder };
	}
	return &tests->tallies[index];
}

static void count(struct tests *tests, const struct case_path *path,
		  const struct comparison *comparison)
{
	struct tally *tally = tally_of(tests, path->folder);
	bool passed = comparison != NULL && comparison->n == 0;

	tally->cases++;
	tally->passed += passed;
	tests->passed += passed;
	tests->failed += !passed;
	for (int i = 0; comparison != NULL && i < EXPECT_N; i++) {
		tally->given[i] += comparison->given[i];
		tally->agreed[i] += comparison->agrees[i];
	}
}

static void case_report(const struct tests *tests, const struct case_path *path,
			const struct comparison *comparison)
{
	if (comparison->n == 0) {
		if (tests->verbose)
			printf("ok   %s\n", path->message);
		return;
	}
	printf("FAIL %s\n", path->message);
	for (size_t i = 0; i < comparison->n; i++)
		printf("     %s: expected %.*s, got %.*s\n", comparison->mismatches[i].key,
		       STR_ARG(comparison->mismatches[i].expected),
		       STR_ARG(comparison->mismatches[i].got));
}

static bool case_fault(struct tests *tests, const struct case_path *path, const char *fault)
{
	printf("FAIL %s\n     %s\n", path->message, fault);
	count(tests, path, NULL);
	return false;
}

static bool case_read(struct tests *tests, struct arena *arena, const struct case_path *path,
		      const struct policy *policy, struct case_file *case_file,
		      struct str *ret_bytes)
{
	struct diag diag;

	diag_init(&diag, arena);
	if (!case_file_read(arena, path->case_file, &diag, case_file)) {
		case_fault(tests, path, "the case file is faulty:");
		for (size_t i = 0; i < diag.n; i++)
			printf("     %.*s\n", STR_ARG(diag_format(arena, &diag.entries[i])));
		return false;
	}
	if (!run_read(arena, path->message, policy->limits.message_octets, ret_bytes))
		return case_fault(tests, path, strerror(errno));
	return true;
}

static void case_run(struct tests *tests, const struct case_path *path)
{
	static const struct str_list no_recipients;
	const char *policy_file = tests->policy_file != NULL
					  ? tests->policy_file
					  : cases_near(tests->arena, path, "policy.yaml");
	const char *directory_file = tests->directory_file != NULL
					     ? tests->directory_file
					     : cases_near(tests->arena, path, "directory.yaml");
	struct policy *policy = policy_of(tests, policy_file);
	struct directory *directory = directory_of(tests, directory_file);
	struct arena *arena = arena_new();
	struct case_file case_file;
	struct run run = { .policy = policy,
			   .directory = directory,
			   .images = tests->images,
			   .case_file = &case_file,
			   .recipients = &no_recipients,
			   .now = (int64_t)time(NULL) };
	struct comparison comparison;
	struct run_result result;
	struct str bytes;

	if (policy == NULL || (directory == NULL && directory_file != NULL)) {
		case_fault(tests, path, "its policy or directory is faulty");
	} else if (case_read(tests, arena, path, policy, &case_file, &bytes)) {
		run_judge(&run, arena, bytes, &result);
		expect_compare(arena, &case_file.expect, result.judgement, &comparison);
		case_report(tests, path, &comparison);
		count(tests, path, &comparison);
		run_done(&result);
	}
	arena_free(arena);
}

static void print_summary(const struct tests *tests)
{
	for (size_t i = 0; i < tests->n_tallies; i++) {
		const struct tally *tally = &tests->tallies[i];

		printf("%s: %zu of %zu cases pass", tally->folder, tally->passed, tally->cases);
		for (int key = 0; key < EXPECT_N; key++) {
			if (tally->given[key] > 0)
				printf("; %s %zu/%zu", expect_key_name((enum expect_key)key),
				       tally->agreed[key], tally->given[key]);
		}
		putchar('\n');
	}
}

/* The exit status where the program is to end here, else -1. */
static int read_options(int argc, char **argv, struct tests *tests)
{
	static const struct option names[] = {
		{ "policy", required_argument, NULL, 'p' },
		{ "policy-path", required_argument, NULL, 'P' },
		{ "directory", required_argument, NULL, 'd' },
		{ "summary", no_argument, NULL, 's' },
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
	int status = cli_input("test", tests->policy_file);

	if (status < 0)
		status = cli_input("test", tests->directory_file != NULL
						   ? directory_source_file(str_from(tests->directory_file)).p
						   : NULL);
	if (status < 0)
		status = find_cases(&list, paths);
	if (status != EX_OK)
		return status;
	tests->images = image_helper_new();
	for (size_t i = 0; i < list.n; i++)
		case_run(tests, &list.items[i]);
	image_helper_free(tests->images);
	if (tests->summary)
		print_summary(tests);
	printf("%zu passed, %zu failed\n", tests->passed, tests->failed);
	if (tests->failed_to_load)
		return EX_CONFIG;
	return tests->failed == 0 ? EX_OK : 1;
}

int cli_test(int argc, char **argv)
{
	struct tests tests = { .arena = arena_new() };
	int status;

	map_init(&tests.policies, tests.arena);
	map_init(&tests.directories, tests.arena);
	map_init(&tests.folders, tests.arena);
	status = read_options(argc, argv, &tests);
	if (status < 0)
		status = run_tests(&tests, argv + optind);
	tests_done(&tests);
	arena_free(tests.arena);
	return status;
}
