/* judge.c - the judgement alone: one policy, each message many times, no protocol and no socket
 *
 *   judge [-n TIMES] [-p POLICY] [FILE]...
 *
 * Prints a line for the policy and one for each message: its name, octets, microseconds of CPU,
 * and whether it is a notice. Everything that is measured happens in judge_once or load_policy,
 * so that `valgrind --tool=callgrind --toggle-collect=judge_once` counts its instructions alone.
 */
#include <getopt.h>
#include <stdio.h>
#include <time.h>

#include "policy/judge.h"
#include "policy/message/ingest.h"

#define FILE_MAX ((size_t)32 * 1024 * 1024)

/* What a message that is plainly too late or too early gives does not matter here. */
#define NOW 1772355600 /* 2026-03-01T09:00:00Z */

static double cpu_microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static bool read_all(struct arena *arena, const char *file, struct str *ret_bytes)
{
	FILE *in = fopen(file, "rbe");
	char *bytes;
	size_t n;

	if (in == NULL)
		return false;
	bytes = arena_alloc(arena, FILE_MAX);
	n = fread(bytes, 1, FILE_MAX, in);
	fclose(in);
	*ret_bytes = (struct str){ bytes, n };
	return true;
}

__attribute__((noinline)) static struct policy *load_policy(const char *file, struct diag *diag)
{
	return file != NULL ? policy_load(file, NULL, diag) : policy_load_default(diag);
}

__attribute__((noinline)) static const char *judge_once(struct policy *policy, struct str bytes,
							struct str from)
{
	struct str recipient = STR_LIT("ada@contoso.example");
	struct envelope envelope = { from, &recipient, 1, STR_NONE };
	struct arena *arena = arena_new();
	struct ingest *ingest = ingest_new(&policy->limits);
	struct judgement *judgement;
	const char *what;

	ingest_file(ingest, bytes);
	judgement = judge_begin(arena, policy, ingest_source(ingest), &envelope, policy->mode, NOW);
	judge_finish(judgement, NULL);
	what = judgement->notice ? "notice" : judgement->candidate ? "candidate" : "ordinary";
	judge_done(judgement);
	ingest_free(ingest);
	arena_free(arena);
	return what;
}

/* The first address of From, which lives as long as the arena. */
static struct str sender_of(struct arena *arena, struct policy *policy, struct str bytes)
{
	struct ingest *ingest = ingest_new(&policy->limits);
	const struct message *message;
	struct str from = STR_LIT("");

	ingest_file(ingest, bytes);
	message = message_parse(arena, ingest_source(ingest), &policy->limits);
	if (message->from.n > 0)
		from = arena_str(arena, message->from.items[0].address);
	ingest_free(ingest);
	return from;
}

static bool measure(struct policy *policy, const char *file, int times)
{
	struct arena *arena = arena_new();
	const char *what = "";
	struct str bytes, from;
	double begin;
	bool good = read_all(arena, file, &bytes);

	if (good) {
		from = sender_of(arena, policy, bytes);
		begin = cpu_microseconds();
		for (int i = 0; i < times; i++)
			what = judge_once(policy, bytes, from);
		printf("%s\t%zu\t%.1f\t%s\n", file, bytes.n, (cpu_microseconds() - begin) / times,
		       what);
	} else {
		perror(file);
	}
	arena_free(arena);
	return good;
}

int main(int argc, char **argv)
{
	struct arena *arena;
	const char *file = NULL;
	struct policy *policy;
	struct diag diag;
	int times = 200, c;
	bool good = true;
	double begin;

	arena_tune();
	arena = arena_new();
	while ((c = getopt(argc, argv, "n:p:")) != -1) {
		if (c == 'n')
			times = (int)strtol(optarg, NULL, 10);
		else if (c == 'p')
			file = optarg;
		else
			return 64;
	}
	diag_init(&diag, arena);
	begin = cpu_microseconds();
	policy = load_policy(file, &diag);
	if (policy == NULL || times < 1) {
		fprintf(stderr, "judge: no policy, or no times\n");
		return 64;
	}
	printf("policy\t%zu\t%.0f\t%s\n", policy->n_concepts, cpu_microseconds() - begin,
	       file != NULL ? file : "built-in");
	for (int i = optind; i < argc; i++)
		good &= measure(policy, argv[i], times);
	policy_unref(policy);
	arena_free(arena);
	return good ? 0 : 1;
}
