#include "policy/base/str.h"

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	}
	return true;
}

bool str_is_nocase(struct str a, const char *z)
{
	return str_eq_nocase(a, str_from(z));
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_head(s, prefix.n), prefix);
}

bool str_starts_nocase(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq_nocase(str_head(s, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_skip(s, s.n - suffix.n), suffix);
}

struct str str_trim(struct str s)
{
	while (s.n > 0 && ascii_is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && ascii_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

size_t str_find(struct str s, struct str needle, size_t from)
{
	const char *hit;

	if (from > s.n)
		return STR_NPOS;
	if (needle.n == 0)
		return from;
	if (from == s.n)
		return STR_NPOS;
	hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
	return hit != NULL ? (size_t)(hit - s.p) : STR_NPOS;
}

size_t str_find_char(struct str s, char c, size_t from)
{
	const char *hit;

	if (from >= s.n)
		return STR_NPOS;
	hit = memchr(s.p + from, c, s.n - from);
	return hit != NULL ? (size_t)(hit - s.p) : STR_NPOS;
}

size_t str_find_nocase(struct str s, struct str needle, size_t from)
{
	if (needle.n == 0)
		return from <= s.n ? from : STR_NPOS;
	for (size_t i = from; i < s.n && s.n - i >= needle.n; i++) {
		if (ascii_lower(s.p[i]) == ascii_lower(needle.p[0]) &&
		    str_eq_nocase((struct str){ s.p + i, needle.n }, needle))
			return i;
	}
	return STR_NPOS;
}

bool str_next_line(struct str *rest, struct str *ret_line)
{
	size_t end;

	if (rest->n == 0)
		return false;
	end = str_find_char(*rest, '\n', 0);
	if (end == STR_NPOS) {
		*ret_line = *rest;
		*rest = str_skip(*rest, rest->n);
		return true;
	}
	*ret_line = str_head(*rest, end > 0 && rest->p[end - 1] == '\r' ? end - 1 : end);
	*rest = str_skip(*rest, end + 1);
	return true;
}

bool str_next_split(struct str *rest, char separator, struct str *ret_piece)
{
	size_t end;

	if (rest->p == NULL)
		return false;
	end = str_find_char(*rest, separator, 0);
	if (end == STR_NPOS) {
		*ret_piece = *rest;
		*rest = STR_NONE;
		return true;
	}
	*ret_piece = str_head(*rest, end);
	*rest = (struct str){ rest->p + end + 1, rest->n - end - 1 };
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (order != 0)
		return order;
	return a.n < b.n ? -1 : a.n > b.n;
}
