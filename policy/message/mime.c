#include "policy/message/mime.h"

#include "policy/base/buf.h"
#include "policy/message/charset.h"
#include "policy/message/encoded_word.h"
#include "policy/message/header.h"
#include "policy/message/parameter.h"
#include "policy/message/transfer.h"
#include "policy/text/utf8.h"

/* Entities that are read in a second way: each costs a look at its text. */
#define SECOND_READINGS_MAX 8
/* RFC 2046 5.1.1 allows 70; readers take more. */
#define BOUNDARY_MAX 1000
#define NEAR_MISSES_MAX 64

/* An entity that waits to be read. */
struct entity {
	int parent;
	unsigned depth;
	struct str text; /* header and body; of the root, the body alone */
	bool attached;   /* below a message/rfc822 */
	bool digest;     /* a child of multipart/digest */
	bool second;     /* read with the last of what is there twice */
};

/* Text that is decoded, and has a limit, each of its own: what is not shown takes no room from
 * what is. */
enum text_budget { TEXT_HTML, TEXT_OTHER, TEXT_ATTACHED, TEXT_BUDGETS };

struct reader {
	struct message *message;
	struct arena *arena;
	const struct message_limits *limits;
	size_t cap_parts;
	struct entity *stack;
	size_t n_stack, cap_stack;
	struct str *boundaries; /* all of them, for those that are used again */
	size_t n_boundaries, cap_boundaries;
	struct str near_misses[NEAR_MISSES_MAX]; /* lines that begin with a boundary and go on */
	size_t n_near_misses;
	size_t text_used[TEXT_BUDGETS]; /* octets that were decoded */
	unsigned second_readings;
	bool stopped;
};

/* The fields of an entity that say how it is to be read. */
struct head {
	const struct field *fields;
	size_t n_fields;
	struct parameter_field type, disposition, encoding;
	bool has_other; /* another reader would take other fields or another boundary */
};

static const char *const singletons[] = {
	"From", "Sender", "Subject", "Date", "To", "Cc", "Message-ID", "MIME-Version",
	"Content-Type", "Content-Transfer-Encoding",
};

bool mime_is_singleton(struct str name)
{
	for (size_t i = 0; i < sizeof singletons / sizeof *singletons; i++) {
		if (str_is_nocase(name, singletons[i]))
			return true;
	}
	return false;
}

static void check_singletons(struct message *message)
{
	const struct field *first, *last;

	for (size_t i = 0; i < sizeof singletons / sizeof *singletons; i++) {
		size_t n = header_find(message->source->fields, message->source->n_fields,
				       singletons[i], &first, &last);

		if (n > 1)
			message_ambiguous(message, AMBIGUITY_DUPLICATE_FIELD,
					  "%zu %s fields: some readers take the first, some the last",
					  n, singletons[i]);
	}
}

/* The name of a part for people: its type and where it stands. */
static struct str part_label(struct reader *reader, struct str type)
{
	return arena_printf(reader->arena, "part %zu (%.*s)", reader->message->n_parts,
			    STR_ARG(str_head(type, 60)));
}

static bool fields_differ(const struct field *a, const struct field *b)
{
	return a != NULL && b != NULL && !str_eq_nocase(str_trim(a->value), str_trim(b->value));
}

static void read_field(struct reader *reader, const struct head *head, const char *name,
		       bool second, struct parameter_field *ret_field, bool *ret_other)
{
	const struct field *first, *last, *field;
	size_t n = header_find(head->fields, head->n_fields, name, &first, &last);

	*ret_field = (struct parameter_field){ .items = NULL };
	*ret_other = *ret_other || fields_differ(first, last);
	field = second ? last : first;
	if (n > 0)
		parameter_field_read(reader->arena, field->value, ret_field);
}

/* Faults that only readers of this one entity meet; the singletons of the whole message are
 * checked once elsewhere. */
static void check_duplicates(struct reader *reader, const struct head *head)
{
	static const char *const names[] = { "Content-Type", "Content-Transfer-Encoding",
					     "Content-Disposition" };
	const struct field *first, *last;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (header_find(head->fields, head->n_fields, names[i], &first, &last) > 1)
			message_ambiguous(reader->message, AMBIGUITY_DUPLICATE_FIELD,
					  "part %zu has more than one %s field",
					  reader->message->n_parts, names[i]);
	}
}

static void check_parameters(struct reader *reader, const struct parameter_field *field,
			     struct str label)
{
	for (size_t i = 0; i < field->n; i++) {
		const struct parameter *parameter = &field->items[i];

		if (parameter->encoded_word)
			message_ambiguous(reader->message, AMBIGUITY_ENCODED_WORD_IN_PARAMETER,
					  "%.*s: an encoded word in the parameter %.*s (RFC 2047 5)",
					  STR_ARG(label), STR_ARG(str_head(parameter->name, 60)));
		if (parameter->conflict)
			message_ambiguous(reader->message, AMBIGUITY_PARAMETERS,
					  "%.*s: the forms of the parameter %.*s contradict each "
					  "other (RFC 2231)",
					  STR_ARG(label), STR_ARG(str_head(parameter->name, 60)));
	}
}

static struct head read_head(struct reader *reader, const struct entity *entity,
			     const struct field *fields, size_t n_fields)
{
	struct head head = { .fields = fields, .n_fields = n_fields };
	const struct parameter *boundary;
	bool ignored = false;

	read_field(reader, &head, "Content-Type", entity->second, &head.type, &head.has_other);
	read_field(reader, &head, "Content-Transfer-Encoding", entity->second, &head.encoding,
		   &head.has_other);
	read_field(reader, &head, "Content-Disposition", false, &head.disposition, &ignored);
	boundary = parameter_find(&head.type, "boundary");
	if (boundary != NULL && boundary->other.p != NULL)
		head.has_other = true;
	return head;
}

/* A type that is none is text/plain, RFC 2045 5.2. */
static struct str type_of(const struct head *head, const struct entity *entity)
{
	struct str type = head->type.value;
	size_t slash = str_find_char(type, '/', 0);

	if (type.n == 0 && entity->digest)
		return STR_LIT("message/rfc822");
	if (slash == STR_NPOS || slash == 0 || slash + 1 == type.n)
		return STR_LIT("text/plain");
	return type;
}

static struct str without_brackets(struct arena *arena, struct str value)
{
	struct str s = header_unfold(arena, value);

	if (s.n > 1 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		return str_trim((struct str){ s.p + 1, s.n - 2 });
	return s;
}

static struct str field_value(struct arena *arena, const struct head *head, const char *name)
{
	const struct field *first, *last;

	if (header_find(head->fields, head->n_fields, name, &first, &last) == 0)
		return STR_NONE;
	return without_brackets(arena, first->value);
}

static struct str lower(struct arena *arena, struct str s)
{
	char *out;

	if (s.p == NULL)
		return s;
	out = arena_alloc(arena, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		out[i] = ascii_lower(s.p[i]);
	return str_trim((struct str){ out, s.n });
}

static enum disposition disposition_of(const struct parameter_field *field)
{
	if (field->value.n == 0)
		return DISPOSITION_NONE;
	/* RFC 2183 2.8: what is not known is an attachment */
	return str_is(field->value, "inline") ? DISPOSITION_INLINE : DISPOSITION_ATTACHMENT;
}

static size_t add_part(struct reader *reader, const struct entity *entity, const struct head *head,
		       struct str body)
{
	struct message *message = reader->message;
	struct arena *arena = reader->arena;
	struct part *part;

	ARENA_ROOM(arena, message->parts, message->n_parts, reader->cap_parts);
	part = &message->parts[message->n_parts];
	*part = (struct part){
		.parent = entity->parent,
		.depth = entity->depth,
		.type = type_of(head, entity),
		.charset = lower(arena, parameter_value(&head->type, "charset")),
		.boundary = parameter_value(&head->type, "boundary"),
		.name = parameter_value(&head->disposition, "filename"),
		.method = parameter_value(&head->type, "method"),
		.report_type = lower(arena, parameter_value(&head->type, "report-type")),
		.content_id = field_value(arena, head, "Content-ID"),
		.content_location = field_value(arena, head, "Content-Location"),
		.language = field_value(arena, head, "Content-Language"),
		.start = without_brackets(arena, parameter_value(&head->type, "start")),
		.disposition = disposition_of(&head->disposition),
		.encoded = body,
		.in_attached_message = entity->attached,
		.second_reading = entity->second,
	};
	if (part->name.p == NULL)
		part->name = parameter_value(&head->type, "name");
	return message->n_parts++;
}

enum encoding { ENCODING_NONE, ENCODING_BASE64, ENCODING_QUOTED, ENCODING_UU, ENCODING_UNKNOWN };

static enum encoding encoding_of(struct str name)
{
	if (name.n == 0 || str_is(name, "7bit") || str_is(name, "8bit") || str_is(name, "binary"))
		return ENCODING_NONE;
	if (str_is(name, "base64"))
		return ENCODING_BASE64;
	if (str_is(name, "quoted-printable"))
		return ENCODING_QUOTED;
	return ENCODING_UNKNOWN;
}

/* What a forgiving reader may take an unknown encoding for. */
static enum encoding encoding_guess(struct str name)
{
	if (str_find(name, STR_LIT("64"), 0) != STR_NPOS)
		return ENCODING_BASE64;
	if (str_find(name, STR_LIT("quoted"), 0) != STR_NPOS || str_is(name, "qp"))
		return ENCODING_QUOTED;
	if (str_find(name, STR_LIT("uu"), 0) != STR_NPOS)
		return ENCODING_UU;
	return ENCODING_NONE;
}

static struct str decode(struct reader *reader, enum encoding encoding, struct str body,
			 bool *ret_odd)
{
	*ret_odd = false;
	switch (encoding) {
	case ENCODING_BASE64:
		return transfer_base64(reader->arena, body, ret_odd);
	case ENCODING_QUOTED:
		return transfer_quoted_printable(reader->arena, body, ret_odd);
	case ENCODING_UU:
		return transfer_uuencode(reader->arena, body);
	case ENCODING_NONE:
	case ENCODING_UNKNOWN:
		break;
	}
	return body;
}

/* The body with its encoding undone. composite: RFC 2045 6.4 allows such parts none. *ret_odd:
 * the body is not clean, and readers mend it differently. */
static struct str decoded_body(struct reader *reader, const struct head *head, struct str body,
			       struct str label, bool composite, bool *ret_odd)
{
	enum encoding encoding = encoding_of(head->encoding.value);

	if (encoding == ENCODING_UNKNOWN || head->encoding.junk) {
		message_ambiguous(reader->message, AMBIGUITY_TRANSFER_ENCODING,
				  "%.*s: the transfer encoding \"%.*s\"%s is not one of RFC 2045",
				  STR_ARG(label), STR_ARG(str_head(head->encoding.value, 60)),
				  head->encoding.junk ? " with more words" : "");
		if (encoding == ENCODING_UNKNOWN)
			encoding = encoding_guess(head->encoding.value);
	}
	if (composite && encoding != ENCODING_NONE)
		message_ambiguous(reader->message, AMBIGUITY_TRANSFER_ENCODING,
				  "%.*s: a part made of parts cannot be %.*s (RFC 2045 6.4)",
				  STR_ARG(label), STR_ARG(str_head(head->encoding.value, 60)));
	return decode(reader, encoding, body, ret_odd);
}

static bool ends_nocase(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq_nocase(str_skip(s, s.n - suffix.n), suffix);
}

static bool is_text(struct str type)
{
	return str_starts(type, STR_LIT("text/")) || str_is(type, "application/ics") ||
	       str_is(type, "application/xhtml+xml") || str_is(type, "application/ld+json");
}

static bool is_calendar_name(const struct part *part)
{
	return ends_nocase(part->name, STR_LIT(".ics"));
}

/* Whether a reader may be shown the part: in what is merely attached nobody's reading differs. */
static bool may_be_shown(const struct reader *reader, const struct part *part)
{
	const struct part *root = &reader->message->parts[0];

	if (part == root || is_calendar_name(part) || str_is(part->type, "text/calendar") ||
	    str_is(part->type, "application/ics"))
		return true;
	if (part->in_attached_message && !str_starts(root->type, STR_LIT("message/")))
		return false;
	return part->disposition != DISPOSITION_ATTACHMENT;
}

static void charset_fault(struct reader *reader, enum charset_result result, struct str charset,
			  struct str label)
{
	switch (result) {
	case CHARSET_OK:
		return;
	case CHARSET_UNKNOWN:
		message_ambiguous(reader->message, AMBIGUITY_CHARSET,
				  "%.*s: the character set \"%.*s\" is not known", STR_ARG(label),
				  STR_ARG(str_head(charset, 60)));
		return;
	case CHARSET_REFUSED:
		message_ambiguous(reader->message, AMBIGUITY_CHARSET,
				  "%.*s: UTF-7, which some readers decode and others show as it is",
				  STR_ARG(label));
		return;
	case CHARSET_BAD:
		message_ambiguous(reader->message, AMBIGUITY_CHARSET,
				  "%.*s: bytes that are not %.*s", STR_ARG(label),
				  STR_ARG(charset.n > 0 ? str_head(charset, 60)
							: STR_LIT("UTF-8, with no charset declared")));
		return;
	}
}

/* Line ends as LF. NUL goes: no reader shows it, and words around it would hide. */
static struct str clean_text(struct reader *reader, struct str text, struct str label)
{
	char *out;
	size_t n = 0;
	bool nul = false;

	if (str_find_char(text, '\r', 0) == STR_NPOS && str_find_char(text, '\0', 0) == STR_NPOS)
		return text;
	out = arena_alloc(reader->arena, text.n + 1);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\0') {
			nul = true;
		} else if (text.p[i] == '\r') {
			if (i + 1 == text.n || text.p[i + 1] != '\n')
				out[n++] = '\n';
		} else {
			out[n++] = text.p[i];
		}
	}
	if (nul)
		message_ambiguous(reader->message, AMBIGUITY_NUL, "%.*s: NUL in the text",
				  STR_ARG(label));
	return (struct str){ out, n };
}

static void unclean(struct reader *reader, const struct head *head, struct str label)
{
	message_ambiguous(reader->message, AMBIGUITY_TRANSFER_ENCODING,
			  "%.*s: not clean %.*s, and readers mend it differently", STR_ARG(label),
			  STR_ARG(str_head(head->encoding.value, 60)));
}

/* report: whether a fault of its charset matters. */
static void read_text(struct reader *reader, struct part *part, bool report, struct str label)
{
	struct str charset = part->charset, text;
	enum charset_result result;

	if (charset.n == 0 && str_is(part->type, "text/html"))
		charset = charset_of_html(part->octets);
	/* a meta element that can be read is not UTF-16, whatever it says (WHATWG HTML 13.2.3.2) */
	if (part->charset.n == 0 && str_starts_nocase(charset, STR_LIT("utf-16")))
		charset = STR_LIT("utf-8");
	result = charset_decode(reader->arena, charset, part->octets, &text);
	if (report)
		charset_fault(reader, result, charset, label);
	part->text = clean_text(reader, text, label);
}

static enum text_budget text_budget_of(const struct reader *reader, const struct part *part)
{
	if (!may_be_shown(reader, part))
		return TEXT_ATTACHED;
	return str_is(part->type, "text/html") ? TEXT_HTML : TEXT_OTHER;
}

/* Decodes no more than what the limits leave; what lies beyond is not even looked at. */
static void read_text_leaf(struct reader *reader, struct part *part, const struct head *head,
			   struct str label)
{
	enum text_budget budget = text_budget_of(reader, part);
	size_t limit = budget == TEXT_HTML ? reader->limits->html_octets
					   : reader->limits->text_octets;
	size_t room = limit - reader->text_used[budget];
	/* no encoding takes more than four octets for one, line ends apart */
	struct str encoded = str_head(part->encoded, room * 4 + 1024);
	bool odd, cut;

	part->octets = decoded_body(reader, head, encoded, label, false, &odd);
	cut = encoded.n < part->encoded.n || part->octets.n > room;
	part->octets = str_head(part->octets, room);
	read_text(reader, part, budget != TEXT_ATTACHED && !cut, label);
	cut = cut || part->text.n > room;
	part->text = utf8_head(part->text, room);
	reader->text_used[budget] += part->text.n;
	if (cut && budget != TEXT_ATTACHED)
		message_over_limit(reader->message,
				   budget == TEXT_HTML ? "HTML octets" : "text octets", limit + 1,
				   limit);
	if (odd && !cut && budget != TEXT_ATTACHED)
		unclean(reader, head, label);
}

static void read_leaf(struct reader *reader, struct part *part, const struct head *head,
		      struct str label)
{
	bool odd;

	if (is_text(part->type) || is_calendar_name(part)) {
		read_text_leaf(reader, part, head, label);
		return;
	}
	if (!str_starts(part->type, STR_LIT("image/")) &&
	    !str_starts(part->type, STR_LIT("message/"))) {
		/* decoded by nobody here, so that large attachments cost nothing */
		if (encoding_of(head->encoding.value) == ENCODING_UNKNOWN || head->encoding.junk)
			decoded_body(reader, head, STR_LIT(""), label, false, &odd);
		return;
	}
	part->octets = decoded_body(reader, head, part->encoded, label, false, &odd);
	if (odd && may_be_shown(reader, part))
		unclean(reader, head, label);
}

/* A line of a multipart that begins with "--" and its boundary. */
enum delimiter { DELIMITER_NONE, DELIMITER_OPEN, DELIMITER_CLOSE };

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r')
			return false;
	}
	return true;
}

/* The next delimiter line at or after from; *ret_begin is where it begins, with the line end
 * before it (RFC 2046 5.1.1: that belongs to the delimiter), *ret_end behind its own line end. */
static enum delimiter next_delimiter(struct reader *reader, struct str body, struct str boundary,
				     size_t from, size_t *ret_begin, size_t *ret_end)
{
	struct str needle = arena_concat(reader->arena, STR_LIT("--"), boundary);

	for (size_t at = from; (at = str_find(body, needle, at)) != STR_NPOS; at++) {
		size_t end = str_find_char(body, '\n', at), begin = at;
		struct str rest;

		if (at > 0 && body.p[at - 1] != '\n')
			continue;
		end = end == STR_NPOS ? body.n : end;
		rest = str_skip(str_head(body, end), at + needle.n);
		if (!is_blank(rest) &&
		    !(str_starts(rest, STR_LIT("--")) && is_blank(str_skip(rest, 2)))) {
			if (reader->n_near_misses < NEAR_MISSES_MAX)
				reader->near_misses[reader->n_near_misses++] =
					str_trim(str_span(body.p + at, body.p + end));
			continue;
		}
		if (begin > 0)
			begin--;
		if (begin > 0 && at > 0 && body.p[begin - 1] == '\r')
			begin--;
		*ret_begin = begin < from ? from : begin;
		*ret_end = end < body.n ? end + 1 : end;
		return is_blank(rest) ? DELIMITER_OPEN : DELIMITER_CLOSE;
	}
	return DELIMITER_NONE;
}

/* The boundary that a forgiving reader makes out where none is declared: the first line that
 * looks like a delimiter. */
static struct str guess_boundary(struct str body)
{
	struct str line;

	while (str_next_line(&body, &line)) {
		if (str_starts(line, STR_LIT("--")))
			return str_trim(str_skip(line, 2));
	}
	return STR_NONE;
}

static struct str settle_boundary(struct reader *reader, const struct head *head, struct str body,
				  struct str label, bool second)
{
	const struct parameter *parameter = parameter_find(&head->type, "boundary");
	struct str boundary = STR_NONE;

	if (parameter != NULL)
		boundary = second && parameter->other.p != NULL ? parameter->other
								: parameter->value;
	if (parameter != NULL && parameter->times > 1 && !parameter->conflict)
		message_ambiguous(reader->message, AMBIGUITY_BOUNDARY,
				  "%.*s: the boundary is given twice", STR_ARG(label));
	if (boundary.n == 0 || boundary.n > BOUNDARY_MAX) {
		message_ambiguous(reader->message, AMBIGUITY_BOUNDARY, "%.*s: %s boundary",
				  STR_ARG(label), boundary.n > 0 ? "an endless" : "no");
		return guess_boundary(body);
	}
	if (second)
		return boundary;
	for (size_t i = 0; i < reader->n_boundaries; i++) {
		if (str_eq(reader->boundaries[i], boundary)) {
			message_ambiguous(reader->message, AMBIGUITY_BOUNDARY,
					  "%.*s: another multipart has the same boundary",
					  STR_ARG(label));
			break;
		}
	}
	ARENA_ROOM(reader->arena, reader->boundaries, reader->n_boundaries, reader->cap_boundaries);
	reader->boundaries[reader->n_boundaries++] = boundary;
	return boundary;
}

static void push(struct reader *reader, const struct entity *entity)
{
	ARENA_ROOM(reader->arena, reader->stack, reader->n_stack, reader->cap_stack);
	reader->stack[reader->n_stack++] = *entity;
}

static void reverse(struct entity *items, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct entity item = items[i];

		items[i] = items[n - 1 - i];
		items[n - 1 - i] = item;
	}
}

/* Cuts a multipart's body at its delimiters and puts the children on the stack, the first on
 * top. What stands behind the closing one is the epilogue, which nobody shows; but where the
 * delimiter comes again some readers go on, so do we. */
static void split(struct reader *reader, const struct entity *child, struct str body,
		  struct str boundary, struct str label)
{
	size_t first = reader->n_stack, at = 0, begin = 0, end = 0, start = 0;
	bool inside = false, closed = false, again = false;
	enum delimiter delimiter;

	do {
		delimiter = next_delimiter(reader, body, boundary, at, &begin, &end);
		if (inside) {
			struct entity entity = *child;

			entity.text = str_skip(str_head(body, delimiter != DELIMITER_NONE ? begin : body.n),
					       start);
			push(reader, &entity);
		}
		inside = delimiter == DELIMITER_OPEN;
		again = again || (closed && inside);
		closed = closed || delimiter == DELIMITER_CLOSE;
		at = start = end;
		if (reader->n_stack - first + reader->message->n_parts > reader->limits->parts)
			break;
	} while (delimiter != DELIMITER_NONE);
	if (again)
		message_ambiguous(reader->message, AMBIGUITY_BOUNDARY,
				  "%.*s: there are parts behind its closing boundary",
				  STR_ARG(label));
	reverse(reader->stack + first, reader->n_stack - first);
}

static void read_multipart(struct reader *reader, const struct entity *entity, size_t index,
			   const struct head *head, struct str label)
{
	struct part *part = &reader->message->parts[index];
	struct str body = part->encoded, boundary;
	struct entity child = {
		.parent = (int)index,
		.depth = entity->depth + 1,
		.attached = entity->attached,
		.digest = str_is(part->type, "multipart/digest"),
	};
	size_t begin, end;
	bool odd;
	struct str decoded = decoded_body(reader, head, body, label, true, &odd);

	boundary = settle_boundary(reader, head, body, label, entity->second);
	part->boundary = boundary;
	if (boundary.p == NULL)
		return;
	if (decoded.p != body.p &&
	    next_delimiter(reader, body, boundary, 0, &begin, &end) == DELIMITER_NONE)
		body = decoded;
	split(reader, &child, body, boundary, label);
}

static void read_attached(struct reader *reader, const struct entity *entity, size_t index,
			  const struct head *head, struct str label)
{
	struct part *part = &reader->message->parts[index];
	struct entity child = {
		.parent = (int)index,
		.depth = entity->depth + 1,
		.attached = true,
	};
	bool odd;

	part->octets = child.text = decoded_body(reader, head, part->encoded, label, true, &odd);
	push(reader, &child);
}

static bool over_limits(struct reader *reader, const struct entity *entity)
{
	if (entity->depth > reader->limits->depth) {
		if (!reader->stopped)
			message_over_limit(reader->message, "depth of parts", entity->depth,
					   reader->limits->depth);
	} else if (reader->message->n_parts >= reader->limits->parts) {
		if (!reader->stopped)
			message_over_limit(reader->message, "parts", reader->limits->parts + 1,
					   reader->limits->parts);
	} else {
		return false;
	}
	reader->stopped = true;
	return true;
}

static void read_body(struct reader *reader, const struct entity *entity, size_t index,
		      const struct head *head, struct str label)
{
	struct part *part = &reader->message->parts[index];

	if (str_is(part->type, "message/partial"))
		message_ambiguous(reader->message, AMBIGUITY_PARTIAL,
				  "%.*s: a fragment, of which every server sees a piece only",
				  STR_ARG(label));
	if (str_is(part->type, "message/external-body"))
		message_ambiguous(reader->message, AMBIGUITY_EXTERNAL_BODY,
				  "%.*s: the text is fetched from elsewhere", STR_ARG(label));
	if (str_starts(part->type, STR_LIT("multipart/")))
		read_multipart(reader, entity, index, head, label);
	else if (str_is(part->type, "message/rfc822") || str_is(part->type, "message/global") ||
		 str_is(part->type, "message/partial"))
		read_attached(reader, entity, index, head, label);
	else
		read_leaf(reader, part, head, label);
}

static void read_entity(struct reader *reader, const struct entity *entity, bool root)
{
	struct field *own = NULL;
	const struct field *fields = reader->message->source->fields;
	size_t n_fields = reader->message->source->n_fields, index;
	struct str body = entity->text, label;
	unsigned defects = 0;
	struct head head;

	if (over_limits(reader, entity))
		return;
	if (!root) {
		n_fields = header_read(reader->arena, &body, reader->limits->header_fields, &own,
				       &defects);
		fields = own;
	}
	head = read_head(reader, entity, fields, n_fields);
	label = part_label(reader, type_of(&head, entity));
	if (!entity->second) {
		if (defects & RAW_NO_COLON)
			message_ambiguous(reader->message, AMBIGUITY_NO_COLON,
					  "%.*s: a header line without a colon", STR_ARG(label));
		if (!root)
			check_duplicates(reader, &head);
		check_parameters(reader, &head.type, label);
		check_parameters(reader, &head.disposition, label);
		if (head.has_other && reader->second_readings++ < SECOND_READINGS_MAX) {
			struct entity other = *entity;

			other.second = true;
			push(reader, &other);
		}
	}
	index = add_part(reader, entity, &head, body);
	read_body(reader, entity, index, &head, label);
}

/* A line that begins with a boundary and goes on is that boundary for those who take RFC 2046
 * 5.1.1 at its word, and text for others; but it may be another multipart's. */
static void check_near_misses(struct reader *reader)
{
	for (size_t i = 0; i < reader->n_near_misses; i++) {
		struct str line = str_skip(reader->near_misses[i], 2);
		bool known = false;

		for (size_t k = 0; k < reader->n_boundaries && !known; k++) {
			struct str boundary = reader->boundaries[k];

			known = str_eq(line, boundary) ||
				(line.n == boundary.n + 2 && str_starts(line, boundary) &&
				 str_ends(line, STR_LIT("--")));
		}
		if (known)
			continue;
		message_ambiguous(reader->message, AMBIGUITY_BOUNDARY,
				  "a line begins with a boundary and goes on: \"%.*s\"",
				  STR_ARG(str_head(reader->near_misses[i], 80)));
		return;
	}
}

void mime_parse(struct message *message, const struct message_limits *limits)
{
	struct reader *reader = ARENA_NEW(message->arena, struct reader);
	struct entity root = { .parent = -1, .text = message->source->body };

	*reader = (struct reader){
		.message = message,
		.arena = message->arena,
		.limits = limits,
	};
	check_singletons(message);
	push(reader, &root);
	while (reader->n_stack > 0) {
		struct entity entity = reader->stack[--reader->n_stack];

		read_entity(reader, &entity, entity.parent < 0);
	}
	check_near_misses(reader);
}
