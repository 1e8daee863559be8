/* Any octets as a message file: read to the end, every text valid UTF-8, and the same fields and
 * body by the callbacks of a milter give the same parts. */
#include "policy/message/ingest.h"
#include "policy/message/signed.h"
#include "policy/text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct str text)
{
	if (!utf8_is_valid(text))
		abort();
}

static void check_mailboxes(const struct mailbox_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		check_text(list->items[i].name);
		check_text(list->items[i].address);
	}
}

static void check_message(const struct message *message)
{
	check_text(message->subject);
	check_text(message->message_id);
	check_mailboxes(&message->from);
	check_mailboxes(&message->to);
	if (message->n_parts < 1)
		abort();
	for (size_t i = 0; i < message->n_parts; i++) {
		const struct part *part = &message->parts[i];

		if (part->parent >= (int)i || (part->parent < 0 && part->depth > 0))
			abort();
		check_text(part->text);
		check_text(part->name);
		if (part->text.n > 0 && (memchr(part->text.p, '\r', part->text.n) != NULL ||
					 memchr(part->text.p, 0, part->text.n) != NULL))
			abort();
	}
}

/* What was signed lies in the message as it came. */
static void check_signed(const struct message *message)
{
	struct str body = message->source->body;
	struct signed_content content;

	if (signed_read(message, &content) && !content.carried &&
	    (content.content.p < body.p || content.content.p + content.content.n > body.p + body.n))
		abort();
}

static void check_same(const struct message *a, const struct message *b)
{
	if (a->n_parts != b->n_parts || !str_eq(a->subject, b->subject))
		abort();
	for (size_t i = 0; i < a->n_parts; i++) {
		if (!str_eq(a->parts[i].text, b->parts[i].text))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ingest *file = ingest_new(&message_limits_default);
	struct ingest *milter = ingest_new(&message_limits_default);
	struct arena *arena = arena_new();
	const struct message_source *source;
	struct message *message;

	ingest_file(file, (struct str){ (const char *)data, size });
	source = ingest_source(file);
	message = message_parse(arena, source, &message_limits_default);
	check_message(message);
	check_signed(message);
	for (size_t i = 0; i < source->n_fields; i++)
		ingest_field(milter, source->fields[i].name, source->fields[i].value);
	ingest_body(milter, str_head(source->body, source->body.n / 2));
	ingest_body(milter, str_skip(source->body, source->body.n / 2));
	check_same(message,
		   message_parse(arena, ingest_source(milter), &message_limits_default));
	arena_free(arena);
	ingest_free(milter);
	ingest_free(file);
	return 0;
}
