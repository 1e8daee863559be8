#include "milter/cli/run.h"

#include <errno.h>
#include <stdio.h>

#include "milter/fetch.h"
#include "milter/image/image.h"
#include "policy/base/buf.h"

/* For all images of a message. */
#define IMAGES_MILLISECONDS 10000

bool run_read(struct arena *arena, const char *file, size_t max, struct str *ret_bytes)
{
	bool standard = strcmp(file, "-") == 0;
	FILE *in = standard ? stdin : fopen(file, "rbe");
	char chunk[65536];
	struct buf bytes;
	size_t n;
	bool ok;

	if (in == NULL)
		return false;
	buf_init(&bytes, arena, max + 1);
	errno = 0;
	while (bytes.n < bytes.max && (n = fread(chunk, 1, sizeof chunk, in)) > 0)
		buf_add(&bytes, str_head((struct str){ chunk, n }, bytes.max - bytes.n));
	ok = !ferror(in);
	if (!standard)
		fclose(in);
	if (ok)
		*ret_bytes = buf_str(&bytes);
	return ok;
}

static void mailboxes_add(struct arena *arena, struct str_list *list,
			  const struct mailbox_list *mailboxes)
{
	for (size_t i = 0; i < mailboxes->n; i++) {
		if (mailboxes->items[i].address.n > 0)
			str_list_add(arena, list, mailboxes->items[i].address);
	}
}

/* The envelope that is not given is read from the fields, as a mail server's sendmail -t does. */
static struct envelope *envelope_make(const struct run *run, struct arena *arena,
				      const struct message_source *source)
{
	const struct case_file *case_file = run->case_file;
	struct message *message = message_parse(arena, source, &run->policy->limits);
	struct envelope *envelope = ARENA_NEW(arena, struct envelope);
	struct str_list recipients = { 0 };

	if (run->from != NULL)
		envelope->from = *run->from;
	else if (case_file != NULL && case_file->from.given)
		envelope->from = case_file->from.text;
	else if (message->return_path.p != NULL)
		envelope->from = message->return_path;
	else if (message->from.n > 0)
		envelope->from = message->from.items[0].address;
	if (run->recipients->n > 0) {
		recipients = *run->recipients;
	} else if (case_file != NULL && case_file->recipients.given) {
		recipients = case_file->recipients.list;
	} else {
		mailboxes_add(arena, &recipients, &message->to);
		mailboxes_add(arena, &recipients, &message->cc);
		mailboxes_add(arena, &recipients, &message->bcc);
	}
	envelope->sasl = run->sasl;
	envelope->tls = run->tls;
	if (run->sasl.n == 0 && case_file != NULL)
		envelope->sasl = case_file->sasl;
	if (run->tls.n == 0 && case_file != NULL)
		envelope->tls = case_file->tls;
	envelope->recipients = recipients.items;
	envelope->n_recipients = recipients.n;
	return envelope;
}

static struct answers *answers_make(const struct run *run, struct arena *arena,
				    const struct needs *needs)
{
	struct answers *answers = ARENA_NEW(arena, struct answers);

	directory_answer(run->directory, arena, NULL, needs, answers);
	fetch_signature(run->anchors, arena, needs, answers);
	if (run->case_file != NULL && run->case_file->has_history) {
		answers->ledger = ANSWER_OK;
		answers->history = run->case_file->history;
		answers->n_history = run->case_file->n_history;
	}
	answers->images = ARENA_ARRAY(arena, needs->n_images, struct image_answer);
	image_decode(run->images, needs->images, needs->n_images, IMAGES_MILLISECONDS,
		     answers->images);
	return answers;
}

void run_judge(const struct run *run, struct arena *arena, struct str bytes,
	       struct run_result *ret_result)
{
	bool timed = run->case_file != NULL && run->case_file->has_now;
	struct ingest *ingest = ingest_new(&run->policy->limits);
	const struct message_source *source;
	struct judgement *judgement;
	struct answers *answers;

	ingest_file(ingest, bytes);
	source = ingest_source(ingest);
	judgement = judge_begin(arena, run->policy, source, envelope_make(run, arena, source),
				run->policy->mode, timed ? run->case_file->now : run->now);
	answers = answers_make(run, arena, &judgement->needs);
	judge_finish(judgement, answers);
	judge_done(judgement);
	*ret_result = (struct run_result){ judgement, answers, ingest };
}

void run_done(struct run_result *result)
{
	ingest_free(result->ingest);
}
