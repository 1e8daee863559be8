#include "policy/text/content_line.h"

#include "policy/base/buf.h"

struct content_reader content_reader_of(struct arena *arena, struct str text)
{
	return (struct content_reader){ .arena = arena, .rest = text, .line = 1 };
}

static bool goes_on(struct str rest)
{
	return rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == '\t');
}

/* Takes a line off; lines that begin with white space belong to the one before. */
static bool next_unfolded(struct content_reader *reader, struct str *ret_line)
{
	struct str line, more;
	struct buf buf;

	if (!str_next_line(&reader->rest, &line))
		return false;
	reader->line++;
	if (!goes_on(reader->rest)) {
		*ret_line = str_head(line, CONTENT_LINE_MAX);
		return true;
	}
	buf_init(&buf, reader->arena, CONTENT_LINE_MAX);
	buf_add(&buf, line);
	while (goes_on(reader->rest) && str_next_line(&reader->rest, &more)) {
		buf_add(&buf, str_skip(more, 1));
		reader->line++;
	}
	*ret_line = buf_str(&buf);
	return true;
}

static void split(struct str line, struct content_line *ret)
{
	bool quoted = false;
	size_t name_end = 0, i;

	while (name_end < line.n && line.p[name_end] != ';' && line.p[name_end] != ':')
		name_end++;
	for (i = name_end; i < line.n && (quoted || line.p[i] != ':'); i++) {
		if (line.p[i] == '"')
			quoted = !quoted;
	}
	if (i >= line.n)
		return;
	ret->name = str_trim(str_head(line, name_end));
	ret->parameters = str_span(line.p + name_end, line.p + i);
	ret->value = str_trim(str_skip(line, i + 1));
}

bool content_line_next(struct content_reader *reader, struct content_line *ret_line)
{
	struct content_line content = { .line = reader->line };
	struct str line;

	if (!next_unfolded(reader, &line))
		return false;
	split(line, &content);
	*ret_line = content;
	return true;
}

struct str content_parameter(struct str parameters, const char *name)
{
	struct str rest = parameters;

	while (rest.n > 0) {
		size_t end = 1, equals;
		bool quoted = false;
		struct str one;

		while (end < rest.n && (quoted || rest.p[end] != ';')) {
			if (rest.p[end] == '"')
				quoted = !quoted;
			end++;
		}
		one = str_span(rest.p + 1, rest.p + end);
		rest = str_skip(rest, end);
		equals = str_find_char(one, '=', 0);
		if (equals == STR_NPOS || !str_is_nocase(str_head(one, equals), name))
			continue;
		one = str_skip(one, equals + 1);
		if (one.n >= 2 && one.p[0] == '"' && one.p[one.n - 1] == '"')
			one = str_span(one.p + 1, one.p + one.n - 1);
		return one;
	}
	return STR_NONE;
}
