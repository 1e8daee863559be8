#include "milter/cli/replay.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "milter/cli/changes_text.h"
#include "milter/cli/cli.h"
#include "milter/cli/inputs.h"
#include "milter/cli/mails.h"
#include "milter/cli/run.h"
#include "policy/rules/yaml.h"

#define COMMAND "policy replay"

struct replay {
	struct arena *arena;
	const char *policy_file, *against_file, *policy_path;
	struct str_list directories;
	bool json, verbose, has_now;
	int64_t now;
	struct policy *before, *after;
	struct directory *directory;
	struct image_helper *images;
	struct changes changes;
	struct str unanswered; /* why the directory did not answer for the mail at hand */
	int worst; /* of what could not be read: an exit status, or 0 */
};

static void usage(FILE *out)
{
	fputs("usage: crm-notice policy replay --policy NEW [OPTION]... FOLDER|MBOX|MAILDIR|FILE|-...\n"
	      "Judges mails under two policies and says what the new one changes.\n"
	      "\n"
	      "  --policy NEW       the policy that is tried\n"
	      "  --against OLD      the one it is held against (default: the built-in crm-online)\n"
	      "  --policy-path DIRS where `extends` is looked up, separated by colons\n"
	      "  --directory FILE   the directory; may be given more than once\n"
	      "  --now TIME         the time of acceptance of all mails, RFC 3339 (default: of each its\n"
	      "                     own: the case's, its first Received field's, Date's, the mbox's)\n"
	      "  --json             one JSON object a line\n"
	      "  -v, --verbose      name the mails for which nothing changes, too\n"
	      "  --help             this text\n"
	      "\n"
	      "Of a folder the files *.eml and *.mbox are read, with NAME.case.yaml beside NAME.eml where\n"
	      "it is there. Verdicts are compared as mode enforce gives them.\n"
	      "\n"
	      "Exit status: 0 nothing changes, 1 something does; 64 usage, 65, 66 a mail or a file that\n"
	      "is named could not be read (what could was judged), 69 a directory's server did not\n"
	      "answer, 78 policy or directory.\n",
	      out);
}

/* -- One mail -- */

static void mark_broken(struct replay *replay, const struct change_place *place, int status,
			const char *reason)
{
	replay->changes.broken++;
	if (status > replay->worst)
		replay->worst = status;
	fflush(stdout); /* so that both streams stand in order where they are one */
	if (place->number > 0)
		fprintf(stderr, "crm-notice " COMMAND ": %s:%zu: %s\n", place->file, place->number,
			reason);
	else
		fprintf(stderr, "crm-notice " COMMAND ": %s: %s\n", place->file, reason);
	if (replay->json) {
		struct arena *arena = arena_new();

		changes_json_broken(stdout, arena, place, reason);
		arena_free(arena);
	}
}

static void on_broken(void *context, const char *file, int error, const char *reason)
{
	const struct change_place place = { .file = file };

	mark_broken(context, &place, cli_input_status(error), reason);
}

/* When it was accepted, best first. */
static void place_in_time(const struct replay *replay, const struct mail *mail,
			  const struct case_file *case_file, struct change_place *place)
{
	if (replay->has_now) {
		place->now = replay->now;
		place->now_from = "option";
	} else if (case_file != NULL && case_file->has_now) {
		place->now = case_file->now;
		place->now_from = "case";
	} else if (mail_time(mail->bytes, &place->now, &place->now_from)) {
		return;
	} else if (mail->has_postmark) {
		place->now = mail->postmark;
		place->now_from = "postmark";
	} else {
		place->now = (int64_t)time(NULL);
		place->now_from = "clock";
	}
}

/* arena takes the judgement. */
static struct effect judge(struct replay *replay, struct arena *arena, struct policy *policy,
			    const struct mail *mail, const struct case_file *case_file,
			    struct change_place *place)
{
	static const struct str_list no_recipients;
	struct case_file untimed = case_file != NULL ? *case_file : (struct case_file){ 0 };
	struct run run = { .policy = policy,
			   .directory = replay->directory,
			   .images = replay->images,
			   .case_file = &untimed,
			   .recipients = &no_recipients,
			   .now = place->now };
	struct run_result result;
	struct effect effect;

	untimed.has_now = false; /* place->now is the case's, or stronger */
	run_judge(&run, arena, mail->bytes, &result);
	effect = effect_of(result.judgement);
	if (result.answers->directory == ANSWER_FAILED)
		replay->unanswered = arena_printf(arena, "the directory does not answer: %.*s",
						  STR_ARG(result.answers->directory_error));
	place->message_id = arena_str(arena, result.judgement->message->message_id);
	run_done(&result);
	return effect;
}

static void compare(struct replay *replay, struct arena *arena, const struct mail *mail,
		    const struct case_file *case_file)
{
	struct change_place place = { .file = mail->file, .number = mail->number };
	struct effect before, after;

	replay->unanswered = STR_NONE;
	place_in_time(replay, mail, case_file, &place);
	before = judge(replay, arena, replay->before, mail, case_file, &place);
	after = judge(replay, arena, replay->after, mail, case_file, &place);
	if (replay->unanswered.p != NULL) {
		mark_broken(replay, &place, EX_UNAVAILABLE, replay->unanswered.p);
		return;
	}
	changes_add(&replay->changes, &before, &after);
	if (effect_changes(&before, &after) == 0 && !replay->verbose)
		return;
	if (replay->json)
		changes_json(stdout, arena, &place, &before, &after);
	else
		changes_print(stdout, arena, &place, &before, &after);
}

static void on_mail(void *context, const struct mail *mail)
{
	const struct change_place place = { .file = mail->file, .number = mail->number };
	struct arena *arena = arena_new();
	struct replay *replay = context;
	struct case_file case_file;
	struct diag diag;

	diag_init(&diag, arena);
	if (str_trim(mail->bytes).n == 0) {
		mark_broken(replay, &place, EX_DATAERR, "it is empty");
	} else if (mail->case_file == NULL) {
		compare(replay, arena, mail, NULL);
	} else if (case_file_read(arena, mail->case_file, &diag, &case_file)) {
		compare(replay, arena, mail, &case_file);
	} else {
		mark_broken(replay, &place, EX_DATAERR, "its case file is faulty");
		cli_print_diag(&diag);
	}
	arena_free(arena);
}

/* -- The run -- */

static int complain(const char *what)
{
	fprintf(stderr, "crm-notice " COMMAND ": %s\n", what);
	return EX_USAGE;
}

static int read_option(struct replay *replay, int c)
{
	switch (c) {
	case 'p':
		replay->policy_file = optarg;
		return -1;
	case 'a':
		replay->against_file = optarg;
		return -1;
	case 'P':
		replay->policy_path = optarg;
		return -1;
	case 'd':
		str_list_add(replay->arena, &replay->directories, str_from(optarg));
		return -1;
	case 'n':
		replay->has_now = yaml_time_parse(str_from(optarg), &replay->now);
		return replay->has_now ? -1 : complain("--now: not RFC 3339, such as "
						       "2026-03-01T09:00:00Z");
	case 'j':
		replay->json = true;
		return -1;
	case 'v':
		replay->verbose = true;
		return -1;
	case 'h':
		usage(stdout);
		return EX_OK;
	default:
		usage(stderr);
		return EX_USAGE;
	}
}

/* The exit status where the program is to end here, else -1. */
static int read_options(int argc, char **argv, struct replay *replay)
{
	static const struct option names[] = {
		{ "policy", required_argument, NULL, 'p' },
		{ "against", required_argument, NULL, 'a' },
		{ "policy-path", required_argument, NULL, 'P' },
		{ "directory", required_argument, NULL, 'd' },
		{ "now", required_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, status = -1;

	while (status < 0 && (c = getopt_long(argc, argv, "vh", names, NULL)) != -1)
		status = read_option(replay, c);
	if (status >= 0)
		return status;
	if (replay->policy_file == NULL)
		return complain("--policy is missing: which one is tried?");
	if (optind == argc)
		return complain("no mail is given");
	return -1;
}

static int find_inputs(const struct replay *replay)
{
	const int found[] = { cli_input(COMMAND, replay->policy_file),
			      cli_input(COMMAND, replay->against_file),
			      cli_input_sources(COMMAND, &replay->directories) };

	for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
		if (found[i] >= 0)
			return found[i];
	}
	return -1;
}

static bool load(struct replay *replay)
{
	struct diag diag;

	diag_init(&diag, replay->arena);
	replay->before = replay->against_file != NULL
				 ? policy_load(replay->against_file, replay->policy_path, &diag)
				 : policy_load_default(&diag);
	replay->after = policy_load(replay->policy_file, replay->policy_path, &diag);
	if (replay->directories.n > 0)
		replay->directory = directory_load(&replay->directories, &diag);
	cli_print_diag(&diag);
	return diag.errors == 0;
}

static void say_modes(const struct replay *replay)
{
	if (replay->before->mode != replay->after->mode && !replay->json)
		printf("mode: %s -> %s; compared as if both enforced\n",
		       policy_mode_name(replay->before->mode), policy_mode_name(replay->after->mode));
}

static int run(struct replay *replay, char **paths)
{
	size_t before = replay->before->limits.message_octets;
	size_t after = replay->after->limits.message_octets;
	const struct mails_visitor visitor = { .mail = on_mail,
					       .broken = on_broken,
					       .context = replay,
					       .max = before > after ? before : after };

	changes_init(&replay->changes, replay->arena);
	say_modes(replay);
	replay->images = image_helper_new();
	for (; *paths != NULL; paths++)
		mails_visit(&visitor, *paths);
	image_helper_free(replay->images);
	if (replay->json)
		changes_json_summary(stdout, &replay->changes);
	else
		changes_summary(stdout, &replay->changes);
	if (fflush(stdout) != 0)
		return EX_IOERR;
	if (replay->worst != 0)
		return replay->worst;
	return replay->changes.changed > 0 ? CLI_FLAGGED : CLI_CONFORMS;
}

int cli_replay(int argc, char **argv)
{
	struct replay replay = { .arena = arena_new() };
	int status = read_options(argc, argv, &replay);

	if (status < 0)
		status = find_inputs(&replay);
	if (status < 0)
		status = load(&replay) ? run(&replay, argv + optind) : EX_CONFIG;
	policy_unref(replay.before);
	policy_unref(replay.after);
	directory_free(replay.directory);
	arena_free(replay.arena);
	return status;
}
