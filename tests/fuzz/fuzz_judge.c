/* Any octets as a message file, judged to the end: what goes back to the sender and into the header
 * keeps to its form (INTERFACE.md, Rejections; libmilter's limits), whatever the mail says. */
#include "policy/judge.h"
#include "policy/message/ingest.h"
#include "policy/text/utf8.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REPLY_LINES_MAX 32
#define REPLY_LINE_MAX 980

static struct policy *policy;

/* Compiling all phrases takes its time: not that of the first input. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct arena *arena = arena_new();
	struct diag diag;

	(void)argc;
	(void)argv;
	diag_init(&diag, arena);
	policy = policy_load_default(&diag);
	arena_free(arena);
	if (policy == NULL)
		abort();
	return 0;
}

static void check_line(struct str line)
{
	if (!utf8_is_valid(line))
		abort();
	for (size_t i = 0; i < line.n; i++) {
		if ((unsigned char)line.p[i] < ' ')
			abort();
	}
}

static void check(const struct judgement *judgement)
{
	if (judgement->n_reply > REPLY_LINES_MAX ||
	    (judgement->n_reply > 0) != (judgement->verdict >= SEVERITY_TEMPFAIL))
		abort();
	for (size_t i = 0; i < judgement->n_reply; i++) {
		check_line(judgement->reply[i]);
		if (judgement->reply[i].n > REPLY_LINE_MAX)
			abort();
	}
	for (size_t i = 0; i < judgement->n_headers; i++)
		check_line(judgement->headers[i].value);
	if (!judgement->notice && judgement->verdict != SEVERITY_ACCEPT)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct ingest *ingest = ingest_new(&message_limits_default);
	struct str recipient = STR_LIT("ada@contoso.example");
	struct envelope envelope = { .from = STR_LIT("notices@crm.example"),
				     .recipients = &recipient,
				     .n_recipients = 1 };
	struct judgement *judgement;

	ingest_file(ingest, (struct str){ (const char *)data, size });
	judgement = judge_begin(arena, policy, ingest_source(ingest), &envelope, MODE_ENFORCE,
				1772355600);
	judge_finish(judgement, NULL);
	check(judgement);
	judge_done(judgement);
	ingest_free(ingest);
	arena_free(arena);
	return 0;
}
