#include "policy/message/message.h"

#include "policy/message/address.h"
#include "policy/message/date.h"
#include "policy/message/encoded_word.h"
#include "policy/message/header.h"
#include "policy/message/mime.h"

/* A message made of faults shall not fill memory with their descriptions. */
#define AMBIGUITIES_MAX 100
#define BREACHES_MAX 100
#define SUBJECTS_MAX 10

const struct message_limits message_limits_default = {
	.message_octets = (size_t)25 * 1024 * 1024,
	.header_fields = 1000,
	.header_octets = (size_t)256 * 1024,
	.parts = 256,
	.depth = 16,
	.html_octets = (size_t)2 * 1024 * 1024,
	.text_octets = (size_t)512 * 1024,
	.css_octets = (size_t)256 * 1024,
	.recipients = 1000,
};

void message_ambiguous(struct message *message, enum ambiguity_kind kind, const char *format, ...)
{
	struct ambiguity *ambiguity;
	va_list args;

	if (message->n_ambiguities >= AMBIGUITIES_MAX)
		return;
	ARENA_ROOM(message->arena, message->ambiguities, message->n_ambiguities,
		   message->cap_ambiguities);
	ambiguity = &message->ambiguities[message->n_ambiguities++];
	ambiguity->kind = kind;
	va_start(args, format);
	ambiguity->detail = arena_vprintf(message->arena, format, args);
	va_end(args);
}

void message_over_limit(struct message *message, const char *what, size_t measured, size_t allowed)
{
	if (message->n_breaches >= BREACHES_MAX)
		return;
	ARENA_ROOM(message->arena, message->breaches, message->n_breaches, message->cap_breaches);
	message->breaches[message->n_breaches++] = (struct limit_breach){
		.what = arena_str(message->arena, str_from(what)),
		.measured = measured,
		.allowed = allowed,
	};
}

bool part_is_amp(const struct part *part)
{
	return str_is(part->type, "text/x-amp-html");
}

bool part_is_html(const struct part *part)
{
	return str_is(part->type, "text/html") || str_is(part->type, "application/xhtml+xml") ||
	       part_is_amp(part);
}

static void raw_defects(struct message *message, const struct message_limits *limits)
{
	static const struct {
		unsigned defect;
		enum ambiguity_kind kind;
		const char *detail;
	} rows[] = {
		{ RAW_NUL_IN_HEADER, AMBIGUITY_NUL,
		  "NUL in the header: the field ends there for some" },
		{ RAW_NUL_IN_BODY, AMBIGUITY_NUL, "NUL in the body" },
		{ RAW_BARE_CR, AMBIGUITY_BARE_CR, "a CR without LF: a line end for some" },
		{ RAW_BARE_LF, AMBIGUITY_BARE_LF, "an LF without CR: a line end for some" },
		{ RAW_NO_COLON, AMBIGUITY_NO_COLON,
		  "a header line without a colon: the header ends there for some" },
		{ RAW_LONG_LINE, AMBIGUITY_LONG_LINE,
		  "a line over 998 octets, which servers cut in two" },
	};
	unsigned defects = message->source->raw_defects;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (defects & rows[i].defect)
			message_ambiguous(message, rows[i].kind, "%s", rows[i].detail);
	}
	if (defects & RAW_TRUNCATED)
		message_over_limit(message, "octets of the message", message->source->octets,
				   limits->message_octets);
	if (defects & RAW_TOO_MANY_FIELDS)
		message_over_limit(message, "header fields", limits->header_fields + 1,
				   limits->header_fields);
}

static void text_faults(struct message *message, const char *name, unsigned faults)
{
	if (faults & TEXT_CHARSET)
		message_ambiguous(message, AMBIGUITY_CHARSET,
				  "%s: an encoded word in a character set that is not known, or with "
				  "bytes that are not in it",
				  name);
	if (faults & TEXT_ENCODING)
		message_ambiguous(message, AMBIGUITY_TRANSFER_ENCODING,
				  "%s: an encoded word that is not clean", name);
}

static const struct field *find(const struct message *message, const char *name)
{
	const struct field *first, *last;

	header_find(message->source->fields, message->source->n_fields, name, &first, &last);
	return first;
}

struct str message_field(const struct message *message, const char *name)
{
	const struct field *field = find(message, name);
	unsigned faults = 0;

	return field != NULL ? header_text(message->arena, field->value, &faults) : STR_NONE;
}

/* All mailboxes of all fields of this name: another reader takes the second field. */
static void read_mailboxes(struct message *message, const char *name, struct mailbox_list *list)
{
	unsigned faults = 0;

	for (size_t i = 0; i < message->source->n_fields; i++) {
		const struct field *field = &message->source->fields[i];

		if (str_is_nocase(field->name, name))
			address_list_read(message->arena, field->value, list, &faults);
	}
	text_faults(message, name, faults);
}

static void read_subject(struct message *message)
{
	unsigned faults = 0;

	for (size_t i = 0, n = 0; i < message->source->n_fields && n < SUBJECTS_MAX; i++) {
		const struct field *field = &message->source->fields[i];
		struct str text;

		if (!str_is_nocase(field->name, "Subject"))
			continue;
		n++;
		text = header_text(message->arena, field->value, &faults);
		if (message->subject.p == NULL)
			message->subject = text;
		else if (!str_eq(message->subject, text))
			message->subject = arena_printf(message->arena, "%.*s | %.*s",
							STR_ARG(message->subject), STR_ARG(text));
	}
	text_faults(message, "Subject", faults);
}

static void read_declaration(struct message *message)
{
	message->declared = (struct declaration){
		.category = message_field(message, "X-CRM-Declared-Category"),
		.event_id = message_field(message, "X-CRM-Declared-Event-Id"),
		.start = message_field(message, "X-CRM-Declared-Start"),
		.end = message_field(message, "X-CRM-Declared-End"),
		.instances = message_field(message, "X-CRM-Declared-Instances"),
	};
}

static void read_fields(struct message *message)
{
	const struct field *return_path = find(message, "Return-Path");
	struct mailbox_list path = { 0 };
	unsigned faults = 0;

	read_subject(message);
	message->message_id = message_field(message, "Message-ID");
	message->in_reply_to = message_field(message, "In-Reply-To");
	message->references = message_field(message, "References");
	message->auto_submitted = message_field(message, "Auto-Submitted");
	message->precedence = message_field(message, "Precedence");
	message->list_unsubscribe = message_field(message, "List-Unsubscribe");
	message->list_id = message_field(message, "List-Id");
	message->content_language = message_field(message, "Content-Language");
	message->has_date = date_read(message_field(message, "Date"), &message->date);
	if (return_path != NULL) {
		address_list_read(message->arena, return_path->value, &path, &faults);
		message->return_path = path.n > 0 && path.items[0].address.p != NULL
					       ? path.items[0].address
					       : STR_LIT("");
	}
	read_mailboxes(message, "From", &message->from);
	read_mailboxes(message, "Sender", &message->sender);
	read_mailboxes(message, "Reply-To", &message->reply_to);
	read_mailboxes(message, "To", &message->to);
	read_mailboxes(message, "Cc", &message->cc);
	read_mailboxes(message, "Bcc", &message->bcc);
	read_declaration(message);
}

struct message *message_parse(struct arena *arena, const struct message_source *source,
			      const struct message_limits *limits)
{
	struct message *message = ARENA_NEW(arena, struct message);

	message->arena = arena;
	message->source = source;
	raw_defects(message, limits);
	read_fields(message);
	mime_parse(message, limits);
	return message;
}
