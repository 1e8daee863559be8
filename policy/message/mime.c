#include "policy/message/mime.h"

#include "policy/message/boundary.h"
#include "policy/message/encoded_word.h"
#include "policy/message/header.h"
#include "policy/message/leaf.h"
#include "policy/message/parameter.h"
#include "policy/message/opaque.h"

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
	bool bare;       /* text alone: a multipart in which no part begins */
};

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
	struct leaf_reader leaf;
	size_t decoded_octets; /* of parts that have parts in them */
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

/* The singletons of the whole message are checked once elsewhere. */
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
		.delsp = str_is_nocase(parameter_value(&head->type, "format"), "flowed") &&
			 str_is_nocase(parameter_value(&head->type, "delsp"), "yes"),
		.in_attached_message = entity->attached,
		.second_reading = entity->second,
	};
	if (part->name.p == NULL)
		part->name = parameter_value(&head->type, "name");
	return message->n_parts++;
}

/* The next delimiter; lines that only begin like one are noted on the way. */
static enum delimiter next_delimiter(struct reader *reader, struct str body, struct str needle,
				     size_t from, struct delimiter_place *ret_place)
{
	for (;;) {
		enum delimiter found = boundary_next(body, needle, from, ret_place);

		if (found != DELIMITER_NEARLY)
			return found;
		if (reader->n_near_misses < NEAR_MISSES_MAX)
			reader->near_misses[reader->n_near_misses++] =
				str_trim(str_span(body.p + ret_place->line, body.p + ret_place->end));
		from = ret_place->line + 1;
	}
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
	if (boundary.p[boundary.n - 1] == ' ')
		message_ambiguous(reader->message, AMBIGUITY_BOUNDARY,
				  "%.*s: a boundary that ends in a space (RFC 2046 5.1.1)",
				  STR_ARG(label));
	for (size_t i = 0; i < reader->n_boundaries; i++) {
		if (!boundary_clash(reader->boundaries[i], boundary))
			continue;
		message_ambiguous(reader->message, AMBIGUITY_BOUNDARY,
				  "%.*s: another multipart has the same boundary", STR_ARG(label));
		break;
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
		  struct str needle, struct str label)
{
	size_t first = reader->n_stack, start = 0;
	bool inside = false, closed = false, again = false;
	struct delimiter_place place = { 0 };
	enum delimiter delimiter;

	do {
		delimiter = next_delimiter(reader, body, needle, start, &place);
		if (inside) {
			struct entity entity = *child;

			entity.text = str_skip(
				str_head(body, delimiter != DELIMITER_NONE ? place.begin : body.n), start);
			push(reader, &entity);
		}
		inside = delimiter == DELIMITER_OPEN;
		again = again || (closed && inside);
		closed = closed || delimiter == DELIMITER_CLOSE;
		start = place.end;
		if (reader->n_stack - first + reader->message->n_parts > reader->limits->parts)
			break;
	} while (delimiter != DELIMITER_NONE);
	if (again)
		message_ambiguous(reader->message, AMBIGUITY_BOUNDARY,
				  "%.*s: there are parts behind its closing boundary",
				  STR_ARG(label));
	reverse(reader->stack + first, reader->n_stack - first);
}

/* What has parts in it decoded whole; wrapped often enough, that would be many times the message. */
static struct str decoded_whole(struct reader *reader, const struct head *head, struct str body)
{
	size_t limit = reader->limits->message_octets;
	bool odd;

	if (!leaf_is_encoded(&head->encoding))
		return body;
	reader->decoded_octets += body.n;
	if (reader->decoded_octets <= limit)
		return leaf_decode(reader->arena, &head->encoding, body, &odd);
	if (!reader->stopped)
		message_over_limit(reader->message, "octets of encoded parts",
				   reader->decoded_octets, limit);
	reader->stopped = true;
	return STR_LIT("");
}

/* Some readers show what stands in a multipart without parts, some show nothing. */
static void read_bare(struct reader *reader, const struct entity *child, struct str body,
		      struct str label)
{
	struct entity entity = *child;

	if (str_trim(body).n == 0)
		return;
	message_ambiguous(reader->message, AMBIGUITY_BOUNDARY,
			  "%.*s: its boundary does not occur, so that it has no parts", STR_ARG(label));
	entity.text = body;
	entity.bare = true;
	entity.digest = false;
	push(reader, &entity);
}

static void read_multipart(struct reader *reader, const struct entity *entity, size_t index,
			   const struct head *head, struct str label)
{
	struct part *part = &reader->message->parts[index];
	struct str body = part->encoded, boundary, needle;
	struct entity child = {
		.parent = (int)index,
		.depth = entity->depth + 1,
		.attached = entity->attached,
		.digest = str_is(part->type, "multipart/digest"),
	};
	struct delimiter_place place;
	size_t first;

	leaf_check_encoding(&reader->leaf, &head->encoding, label, true);
	boundary = settle_boundary(reader, head, body, label, entity->second);
	part->boundary = boundary;
	if (boundary.p == NULL) {
		read_bare(reader, &child, body, label);
		return;
	}
	needle = boundary_needle(reader->arena, boundary);
	/* encoded against RFC 2045 6.4: to be decoded only where its delimiters do not show */
	if (leaf_is_encoded(&head->encoding) &&
	    next_delimiter(reader, body, needle, 0, &place) == DELIMITER_NONE)
		body = decoded_whole(reader, head, body);
	first = reader->n_stack;
	split(reader, &child, body, needle, label);
	if (reader->n_stack > first)
		return;
	if (next_delimiter(reader, body, needle, 0, &place) != DELIMITER_NONE)
		body = str_head(body, place.begin); /* closed before it began */
	read_bare(reader, &child, body, label);
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
	leaf_check_encoding(&reader->leaf, &head->encoding, label, true);
	part->octets = child.text = decoded_whole(reader, head, part->encoded);
	push(reader, &child);
}

/* RFC 8551 3.9, without the documents in CMS (plan.pdf.p7m) that some countries attach. */
static bool is_opaque(const struct part *part, const struct head *head)
{
	bool named = str_is_nocase(part->name, "smime.p7m");

	if (!str_is(part->type, "application/pkcs7-mime") &&
	    !str_is(part->type, "application/x-pkcs7-mime"))
		return named && str_is(part->type, "application/octet-stream");
	return named || part->parent < 0 || part->name.n == 0 ||
	       parameter_find(&head->type, "smime-type") != NULL;
}

/* What was signed is the message, whether or not its wrapping calls itself an attachment. */
static void read_opaque(struct reader *reader, const struct entity *entity, size_t index,
			const struct head *head, struct str label)
{
	struct part *part = &reader->message->parts[index];
	struct entity child = {
		.parent = (int)index,
		.depth = entity->depth + 1,
		.attached = entity->attached,
	};
	enum opaque found;

	leaf_check_encoding(&reader->leaf, &head->encoding, label, false);
	found = opaque_read(reader->arena, decoded_whole(reader, head, part->encoded), &child.text);
	if (found == OPAQUE_SIGNED) {
		part->disposition = DISPOSITION_NONE;
		part->octets = child.text;
		push(reader, &child);
	} else if (found != OPAQUE_EMPTY && !entity->attached) {
		message_ambiguous(reader->message, AMBIGUITY_ENCRYPTED, "%.*s: %s", STR_ARG(label),
				  found == OPAQUE_UNREADABLE ? "encrypted or compressed: it cannot be "
							       "read here"
							     : "no S/MIME that can be read");
	}
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
	if (str_is(part->type, "multipart/encrypted") && !entity->attached)
		message_ambiguous(reader->message, AMBIGUITY_ENCRYPTED,
				  "%.*s: encrypted: it cannot be read here", STR_ARG(label));
	if (str_starts(part->type, STR_LIT("multipart/")))
		read_multipart(reader, entity, index, head, label);
	else if (str_is(part->type, "message/rfc822") || str_is(part->type, "message/global") ||
		 str_is(part->type, "message/news") || str_is(part->type, "message/partial"))
		read_attached(reader, entity, index, head, label);
	else if (is_opaque(part, head))
		read_opaque(reader, entity, index, head, label);
	else
		leaf_read(&reader->leaf, part, &head->encoding, label);
}

/* What only the readers of this entity meet. In a message that is merely attached, its own. */
static void check_head(struct reader *reader, const struct entity *entity, const struct head *head,
		       unsigned defects, struct str label)
{
	if (entity->attached && !leaf_attached_counts(reader->message))
		return;
	if (defects & RAW_NO_COLON)
		message_ambiguous(reader->message, AMBIGUITY_NO_COLON,
				  "%.*s: a header line without a colon", STR_ARG(label));
	if (entity->parent >= 0)
		check_duplicates(reader, head);
	check_parameters(reader, &head->type, label);
	check_parameters(reader, &head->disposition, label);
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
	if (entity->bare) {
		n_fields = 0;
	} else if (!root) {
		n_fields = header_read(reader->arena, &body, reader->limits->header_fields, &own,
				       &defects);
		fields = own;
	}
	head = read_head(reader, entity, fields, n_fields);
	label = part_label(reader, type_of(&head, entity));
	if (!entity->second) {
		check_head(reader, entity, &head, defects, label);
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
		.leaf = { .message = message, .limits = limits },
	};
	check_singletons(message);
	push(reader, &root);
	while (reader->n_stack > 0) {
		struct entity entity = reader->stack[--reader->n_stack];

		read_entity(reader, &entity, entity.parent < 0);
	}
	check_near_misses(reader);
}
