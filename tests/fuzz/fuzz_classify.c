/* Any octets as a message: the gate and the classification agree with each other, whoever
 * sends it. */
#include "policy/classify/classify.h"
#include "policy/message/ingest.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

static void check(struct arena *arena, const struct classification *class)
{
	if (class->notice != (class->category != NULL))
		abort();
	for (size_t i = 1; i < class->n_evidence; i++)
		if (class->evidence[i].signal.n == 0)
			abort();
	(void)arena;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct ingest *ingest = ingest_new(&message_limits_default);
	struct str recipient = STR_LIT("ada@contoso.example");
	struct envelope envelope = { .from = STR_LIT("notices@crm.example"),
				     .recipients = &recipient,
				     .n_recipients = 1 };
	struct message *message;
	struct view *view;

	ingest_file(ingest, (struct str){ (const char *)data, size });
	message = message_parse(arena, ingest_source(ingest), &message_limits_default);
	classify_candidate(arena, message, &envelope, policy);
	view = view_read(arena, message, &message_limits_default);
	check(arena, classify(arena, view, when_scan(arena, view, policy), NULL, &envelope, policy,
			      1767258000));
	ingest_free(ingest);
	arena_free(arena);
	return 0;
}
