#include "policy/message/boundary.h"

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r')
			return false;
	}
	return true;
}

/* The line end before the delimiter is part of what is searched for: a long line of dashes is then
 * passed over at once. */
static size_t find(struct str body, struct str needle, size_t from)
{
	size_t hit;

	if (from == 0 && str_starts(body, str_skip(needle, 1)))
		return 0;
	hit = str_find(body, needle, from > 0 ? from - 1 : 0);
	return hit == STR_NPOS ? hit : hit + 1;
}

static enum delimiter kind_of(struct str rest)
{
	if (is_blank(rest))
		return DELIMITER_OPEN;
	if (str_starts(rest, STR_LIT("--")) && is_blank(str_skip(rest, 2)))
		return DELIMITER_CLOSE;
	return DELIMITER_NEARLY;
}

struct str boundary_needle(struct arena *arena, struct str boundary)
{
	return arena_concat(arena, STR_LIT("\n--"), boundary);
}

enum delimiter boundary_next(struct str body, struct str needle, size_t from,
			     struct delimiter_place *ret_place)
{
	size_t line = find(body, needle, from), end, begin = line;

	if (line == STR_NPOS)
		return DELIMITER_NONE;
	end = str_find_char(body, '\n', line);
	end = end == STR_NPOS ? body.n : end;
	if (begin > from && body.p[begin - 1] == '\n')
		begin--;
	if (begin > from && body.p[begin - 1] == '\r')
		begin--;
	*ret_place = (struct delimiter_place){
		.begin = begin,
		.line = line,
		.end = end < body.n ? end + 1 : end,
	};
	return kind_of(str_skip(str_head(body, end), line + needle.n - 1));
}

bool boundary_clash(struct str a, struct str b)
{
	struct str shorter = a.n < b.n ? a : b, longer = a.n < b.n ? b : a;

	return str_starts(longer, shorter) &&
	       (longer.n == shorter.n || str_is(str_skip(longer, shorter.n), "--"));
}
