#include "policy/message/ingest.h"

#include <stdlib.h>

#include "policy/message/header.h"
#include "policy/message/mime.h"

/* RFC 5322 2.1.1, without the line end. */
#define LINE_MAX_OCTETS 998
/* Fields that decide how a message reads are kept beyond the limit too, so many of them. */
#define EXTRA_FIELDS 100

struct ingest {
	struct arena *arena;
	struct message_limits limits;
	struct field *fields;
	size_t n_fields, cap_fields, extra_fields;
	size_t header_octets;
	/* not in the arena, which would keep what a body outgrew: 25 MiB may take no 50 */
	char *body;
	size_t n_body, cap_body;
	size_t column;     /* in the line that the next chunk continues */
	bool cr;           /* the last chunk ended in CR */
	size_t octets;
	unsigned defects;
	struct message_source source;
};

static void ingest_start(struct ingest *ingest)
{
	struct arena *arena = ingest->arena;
	struct message_limits limits = ingest->limits;

	free(ingest->body);
	*ingest = (struct ingest){ .arena = arena, .limits = limits };
}

struct ingest *ingest_new(const struct message_limits *limits)
{
	struct arena *arena = arena_new();
	struct ingest *ingest = calloc(1, sizeof *ingest);

	if (ingest == NULL)
		abort();
	ingest->arena = arena;
	ingest->limits = *limits;
	ingest_start(ingest);
	return ingest;
}

void ingest_free(struct ingest *ingest)
{
	if (ingest == NULL)
		return;
	arena_free(ingest->arena);
	free(ingest->body);
	free(ingest);
}

void ingest_clear(struct ingest *ingest)
{
	arena_clear(ingest->arena);
	ingest_start(ingest);
}

static void check_name(struct ingest *ingest, struct str name)
{
	bool good = name.n > 0;

	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] <= ' ' || name.p[i] >= 0x7F || name.p[i] == ':')
			good = false;
	}
	if (!good)
		ingest->defects |= RAW_NO_COLON;
}

/* A copy with CRLF as LF, behind lead. A CR or an LF that ends no line is a defect; the line end
 * before white space is a fold, before anything else a bare one. */
static struct str copy_value(struct ingest *ingest, size_t name_length, struct str lead,
			     struct str value)
{
	char *out = arena_alloc(ingest->arena, lead.n + value.n + 1);
	size_t n = lead.n, column = name_length + 1 + lead.n;

	memcpy(out, lead.p, lead.n);
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i], next = i + 1 < value.n ? value.p[i + 1] : 0;

		if (c == '\r' && next == '\n')
			continue;
		if (c == '\0')
			ingest->defects |= RAW_NUL_IN_HEADER;
		if (c == '\r') {
			ingest->defects |= RAW_BARE_CR;
			c = ' ';
		}
		if (c == '\n') {
			if (next != ' ' && next != '\t')
				ingest->defects |= RAW_BARE_LF;
			column = 0;
		} else if (++column > LINE_MAX_OCTETS) {
			ingest->defects |= RAW_LONG_LINE;
		}
		out[n++] = c;
	}
	return (struct str){ out, n };
}

static void add_field(struct ingest *ingest, struct str name, struct str lead, struct str value)
{
	size_t octets = name.n + lead.n + value.n + 3;

	ingest->octets += octets;
	ingest->header_octets += octets;
	if (ingest->n_fields >= ingest->limits.header_fields ||
	    ingest->header_octets > ingest->limits.header_octets) {
		ingest->defects |= RAW_TOO_MANY_FIELDS;
		if (ingest->extra_fields >= EXTRA_FIELDS || !mime_is_singleton(name) ||
		    value.n > LINE_MAX_OCTETS)
			return;
		ingest->extra_fields++;
	}
	check_name(ingest, name);
	ARENA_ROOM(ingest->arena, ingest->fields, ingest->n_fields, ingest->cap_fields);
	ingest->fields[ingest->n_fields++] = (struct field){
		.name = arena_str(ingest->arena, name),
		.value = copy_value(ingest, name.n, lead, value),
	};
}

void ingest_field(struct ingest *ingest, struct str name, struct str value)
{
	add_field(ingest, name, STR_LIT(""), value);
}

void ingest_bare_field(struct ingest *ingest, struct str name, struct str value)
{
	add_field(ingest, name, STR_LIT(" "), value);
}

static void body_append(struct ingest *ingest, struct str s)
{
	if (s.n == 0)
		return;
	if (ingest->cap_body - ingest->n_body < s.n) {
		size_t cap = ingest->cap_body > 0 ? ingest->cap_body * 2 : 4096;

		if (cap < ingest->n_body + s.n)
			cap = ingest->n_body + s.n;
		ingest->body = realloc(ingest->body, cap);
		if (ingest->body == NULL)
			abort();
		ingest->cap_body = cap;
	}
	memcpy(ingest->body + ingest->n_body, s.p, s.n);
	ingest->n_body += s.n;
}

static void body_add(struct ingest *ingest, struct str s)
{
	if (ingest->defects & RAW_TRUNCATED)
		return;
	if (ingest->octets > ingest->limits.message_octets ||
	    s.n > ingest->limits.message_octets - ingest->octets) {
		size_t room = ingest->octets < ingest->limits.message_octets
				      ? ingest->limits.message_octets - ingest->octets
				      : 0;

		ingest->defects |= RAW_TRUNCATED;
		ingest->octets += s.n;
		body_append(ingest, str_head(s, room));
		return;
	}
	ingest->octets += s.n;
	body_append(ingest, s);
}

/* A piece of a line, without its LF. A CR at its end is half a line end, or may become one with
 * the next chunk. */
static void line_piece(struct ingest *ingest, struct str piece)
{
	bool cr = piece.n > 0 && piece.p[piece.n - 1] == '\r';
	struct str text = str_head(piece, piece.n - cr);

	if (str_find_char(text, '\0', 0) != STR_NPOS)
		ingest->defects |= RAW_NUL_IN_BODY;
	if (str_find_char(text, '\r', 0) != STR_NPOS)
		ingest->defects |= RAW_BARE_CR;
	ingest->column += text.n;
	if (ingest->column > LINE_MAX_OCTETS)
		ingest->defects |= RAW_LONG_LINE;
	body_add(ingest, piece);
}

void ingest_body(struct ingest *ingest, struct str chunk)
{
	while (chunk.n > 0) {
		size_t lf = str_find_char(chunk, '\n', 0);
		struct str piece = str_head(chunk, lf);
		bool cr = piece.n > 0 ? piece.p[piece.n - 1] == '\r' : ingest->cr;

		if (ingest->cr && piece.n > 0)
			ingest->defects |= RAW_BARE_CR;
		line_piece(ingest, piece);
		ingest->cr = cr && lf == STR_NPOS;
		if (lf == STR_NPOS)
			return;
		if (!cr) {
			ingest->defects |= RAW_BARE_LF;
			body_add(ingest, STR_LIT("\r"));
		}
		body_add(ingest, STR_LIT("\n"));
		ingest->column = 0;
		chunk = str_skip(chunk, lf + 1);
	}
}

/* Whether some line ends in CRLF: then a lone LF is a defect, else it is the line end. */
static bool has_crlf(struct str bytes)
{
	return str_find(bytes, STR_LIT("\r\n"), 0) != STR_NPOS;
}

/* Lone line feeds as CRLF. */
static struct str to_crlf(struct arena *arena, struct str bytes)
{
	size_t lines = 0, n = 0;
	char *out;

	for (size_t i = 0; i < bytes.n; i++)
		lines += bytes.p[i] == '\n';
	out = arena_alloc(arena, bytes.n + lines + 1);
	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i] == '\n')
			out[n++] = '\r';
		out[n++] = bytes.p[i];
	}
	return (struct str){ out, n };
}

/* The defects of the raw header, which the fields do not show: they are cut at every LF. */
static void check_header_bytes(struct ingest *ingest, struct str header)
{
	struct str line;

	if (str_find_char(header, '\0', 0) != STR_NPOS)
		ingest->defects |= RAW_NUL_IN_HEADER;
	for (size_t i = 0; i < header.n; i++) {
		bool cr = i > 0 && header.p[i - 1] == '\r';

		if (header.p[i] == '\n' && !cr)
			ingest->defects |= RAW_BARE_LF;
		if (cr && header.p[i] != '\n')
			ingest->defects |= RAW_BARE_CR;
	}
	while (str_next_line(&header, &line)) {
		if (line.n > LINE_MAX_OCTETS)
			ingest->defects |= RAW_LONG_LINE;
	}
}

static void file_header(struct ingest *ingest, struct str *text)
{
	struct str name, value, begin = *text;
	bool asked = false;

	for (;;) {
		struct str before = *text;
		enum header_line line = header_next(text, &name, &value);

		if (line == HEADER_END)
			break;
		if (line == HEADER_FIELD) {
			ingest_field(ingest, name, value);
			continue;
		}
		ingest->defects |= RAW_NO_COLON;
		if (!asked && !header_goes_on(*text)) {
			*text = before;
			break;
		}
		asked = true;
	}
	check_header_bytes(ingest, str_head(begin, begin.n - text->n));
}

void ingest_file(struct ingest *ingest, struct str bytes)
{
	struct str line;

	/* one octet more than allowed is enough to see that there are too many */
	if (bytes.n / 2 > ingest->limits.message_octets)
		bytes = str_head(bytes, ingest->limits.message_octets * 2);
	if (!has_crlf(bytes))
		bytes = to_crlf(ingest->arena, bytes);
	if (str_starts(bytes, STR_LIT("From ")))
		str_next_line(&bytes, &line);
	file_header(ingest, &bytes);
	ingest_body(ingest, bytes);
}

const struct message_source *ingest_source(struct ingest *ingest)
{
	if (ingest->cr)
		ingest->defects |= RAW_BARE_CR;
	ingest->source = (struct message_source){
		.fields = ingest->fields,
		.n_fields = ingest->n_fields,
		.body = { ingest->body != NULL ? ingest->body : "", ingest->n_body },
		.octets = ingest->octets,
		.raw_defects = ingest->defects,
	};
	return &ingest->source;
}
