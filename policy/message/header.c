#include "policy/message/header.h"

/* The line at the start of text with its end; *ret_line is without it. */
static struct str take_line(struct str text, struct str *ret_line)
{
	struct str line = STR_NONE;

	str_next_line(&text, &line);
	*ret_line = line;
	return text;
}

/* The length of the field name at the start of a line, 0 where it is none. RFC 5322 4.5 lets old
 * mail have blanks before the colon; *ret_colon is where that is. */
static size_t name_length(struct str line, size_t *ret_colon)
{
	size_t n = 0, colon;

	while (n < line.n && line.p[n] > ' ' && line.p[n] < 0x7F && line.p[n] != ':')
		n++;
	colon = n;
	while (colon < line.n && (line.p[colon] == ' ' || line.p[colon] == '\t'))
		colon++;
	if (colon >= line.n || line.p[colon] != ':')
		return 0;
	*ret_colon = colon;
	return n;
}

static bool is_continuation(struct str text)
{
	return text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t');
}

enum header_line header_next(struct str *rest, struct str *ret_name, struct str *ret_value)
{
	struct str line, after;
	const char *end;
	size_t name, colon = 0;

	if (rest->n == 0)
		return HEADER_END;
	after = take_line(*rest, &line);
	if (line.n == 0) {
		*rest = after;
		return HEADER_END;
	}
	name = is_continuation(line) ? 0 : name_length(line, &colon);
	if (name == 0) {
		*rest = after;
		return HEADER_NO_FIELD;
	}
	*ret_name = str_head(line, name);
	end = line.p + line.n;
	while (is_continuation(after)) {
		after = take_line(after, &line);
		end = line.p + line.n;
	}
	*ret_value = str_span(ret_name->p + colon + 1, end);
	*rest = after;
	return HEADER_FIELD;
}

bool header_goes_on(struct str after)
{
	struct str line;
	size_t colon;
	bool field = false;

	while (str_next_line(&after, &line)) {
		if (line.n == 0)
			return field;
		if (is_continuation(line))
			continue;
		if (name_length(line, &colon) > 0)
			field = true;
		else if (!field)
			return false;
	}
	return false;
}

size_t header_read(struct arena *arena, struct str *text, size_t max, struct field **ret_fields,
		   unsigned *ret_defects)
{
	struct field *fields = NULL, field;
	size_t n = 0, cap = 0;
	unsigned defects = 0;

	for (;;) {
		struct str before = *text;
		enum header_line line = header_next(text, &field.name, &field.value);

		if (line == HEADER_END)
			break;
		if (line == HEADER_NO_FIELD) {
			bool asked = (defects & RAW_NO_COLON) != 0;

			defects |= RAW_NO_COLON;
			if (!asked && !header_goes_on(*text)) {
				*text = before;
				break;
			}
		} else if (n >= max) {
			defects |= RAW_TOO_MANY_FIELDS;
		} else {
			ARENA_ROOM(arena, fields, n, cap);
			fields[n++] = field;
		}
	}
	*ret_fields = fields;
	*ret_defects = defects;
	return n;
}

struct str header_unfold(struct arena *arena, struct str value)
{
	char *out = arena_alloc(arena, value.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if (c == '\r' || c == '\n')
			continue;
		out[n++] = c < 0x20 || c == 0x7F ? ' ' : (char)c;
	}
	return str_trim((struct str){ out, n });
}

size_t header_find(const struct field *fields, size_t n, const char *name,
		   const struct field **ret_first, const struct field **ret_last)
{
	size_t found = 0;

	*ret_first = *ret_last = NULL;
	for (size_t i = 0; i < n; i++) {
		if (!str_is_nocase(fields[i].name, name))
			continue;
		if (found++ == 0)
			*ret_first = &fields[i];
		*ret_last = &fields[i];
	}
	return found;
}
