#include "milter/stamp.h"

#include "certs/seal.h"

static const struct {
	const char *name;
	unsigned bit;
} choices[] = {
	{ "X-CRM-Notice-Category", HEADER_CATEGORY }, { "X-CRM-Notice-Event", HEADER_EVENT },
	{ "X-CRM-Notice-Policy", HEADER_POLICY },     { "X-CRM-Notice-Verdict", HEADER_VERDICT },
	{ SEAL_FIELD, HEADER_SEAL },
};

static bool header_chosen(unsigned choice, struct str name)
{
	for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
		if (str_is_nocase(name, choices[i].name))
			return (choice & choices[i].bit) != 0;
	}
	return true;
}

bool stamp_is_ours(struct str name)
{
	return str_starts_nocase(name, STR_LIT("X-CRM-Notice-"));
}

/* The message as it will leave: what was forged is gone, what the gate says is there. */
static void leaving_fields(struct arena *arena, const struct stamp *stamp,
			   const struct message_source *source, struct seal_message *message)
{
	struct seal_field *fields =
		ARENA_ARRAY(arena, source->n_fields + stamp->n_headers, struct seal_field);
	size_t n = 0;

	for (size_t i = 0; i < stamp->n_headers; i++)
		fields[n++] = (struct seal_field){ stamp->headers[i].name, stamp->headers[i].value };
	for (size_t i = 0; i < source->n_fields; i++) {
		if (!stamp_is_ours(source->fields[i].name))
			fields[n++] = (struct seal_field){ source->fields[i].name,
							   source->fields[i].value };
	}
	message->fields = fields;
	message->n_fields = n;
}

/* Those to whom the message goes on: without the ones that are taken off. */
static void leaving_recipients(struct arena *arena, const struct judgement *judgement,
			       struct seal_message *message)
{
	const struct envelope *envelope = judgement->envelope;
	const struct str_list *stripped = &judgement->stripped;
	struct str *recipients = ARENA_ARRAY(arena, envelope->n_recipients, struct str);
	size_t n = 0, next = 0;

	for (size_t i = 0; i < envelope->n_recipients; i++) {
		/* Both lists are in the envelope's order, and share its text. */
		if (next < stripped->n && stripped->items[next].p == envelope->recipients[i].p)
			next++;
		else
			recipients[n++] = envelope->recipients[i];
	}
	message->recipients = recipients;
	message->n_recipients = n;
	message->recipients_known = true;
}

bool stamp_message(struct arena *arena, const struct config *config, const struct signing_key *key,
		   const struct judgement *judgement, const struct message_source *source,
		   int64_t now, struct stamp *ret_stamp)
{
	struct seal_message message = { .body = source->body };
	struct stamp stamp = { .n_headers = 0 };
	struct str seal;

	for (size_t i = 0; i < judgement->n_headers && stamp.n_headers + 1 < STAMP_HEADERS_MAX; i++) {
		if (header_chosen(config->headers, judgement->headers[i].name))
			stamp.headers[stamp.n_headers++] = judgement->headers[i];
	}
	if (key != NULL && judgement->n_headers > 0 && header_chosen(config->headers, STR_LIT(SEAL_FIELD))) {
		leaving_fields(arena, &stamp, source, &message);
		leaving_recipients(arena, judgement, &message);
		seal = seal_sign(arena, key, &message, now);
		if (seal.p == NULL)
			return false;
		stamp.headers[stamp.n_headers++] = (struct header){ STR_LIT(SEAL_FIELD), seal };
	}
	*ret_stamp = stamp;
	return true;
}
