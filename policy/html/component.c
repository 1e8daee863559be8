#include "policy/html/component.h"

bool css_is_name_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || c == '\\' || (unsigned char)c >= 0x80;
}

struct str css_skip_space(struct str s)
{
	for (;;) {
		while (s.n > 0 && ascii_is_space(s.p[0]))
			s = str_skip(s, 1);
		if (s.n < 2 || s.p[0] != '/' || s.p[1] != '*')
			return s;
		s = str_skip(s, str_find(s, STR_LIT("*/"), 2));
		s = str_skip(s, 2);
	}
}

/* The offset after a string that begins at s.p[0]; a line's end closes it too. */
static size_t skip_string(struct str s)
{
	size_t i = 1;

	while (i < s.n && s.p[i] != s.p[0] && s.p[i] != '\n')
		i += s.p[i] == '\\' ? 2 : 1;
	return i < s.n ? i + 1 : s.n;
}

/* The offset after what stands at i: a string, a comment, an escape or one character. */
static size_t skip_one(struct str s, size_t i)
{
	char c = s.p[i];

	if (c == '"' || c == '\'')
		return i + skip_string(str_skip(s, i));
	if (c == '/' && i + 1 < s.n && s.p[i + 1] == '*') {
		size_t end = str_find(s, STR_LIT("*/"), i + 2);

		return end == STR_NPOS ? s.n : end + 2;
	}
	return c == '\\' && i + 1 < s.n ? i + 2 : i + 1;
}

#define DEPTH_MAX 64

static char closer(char open)
{
	return open == '(' ? ')' : open == '[' ? ']' : open == '{' ? '}' : '\0';
}

size_t css_skip_block(struct str s)
{
	char stack[DEPTH_MAX];
	size_t depth = 0, i = 0;

	while (i < s.n) {
		char c = s.p[i], close = closer(c);

		if (close != '\0' && depth < DEPTH_MAX)
			stack[depth++] = close;
		else if (depth > 0 && c == stack[depth - 1])
			depth--;
		i = skip_one(s, i);
		if (depth == 0)
			break;
	}
	return i < s.n ? i : s.n;
}

size_t css_find_top(struct str s, const char *stops)
{
	size_t i = 0;

	while (i < s.n && (s.p[i] == '\0' || strchr(stops, s.p[i]) == NULL)) {
		if (closer(s.p[i]) != '\0')
			i += css_skip_block(str_skip(s, i));
		else
			i = skip_one(s, i);
	}
	return i < s.n ? i : s.n;
}

size_t css_name_length(struct str s)
{
	size_t n = 0;

	while (n < s.n && css_is_name_char(s.p[n]))
		n += s.p[n] == '\\' ? 2 : 1;
	return n < s.n ? n : s.n;
}

static bool starts_number(struct str s)
{
	size_t i = s.n > 0 && (s.p[0] == '+' || s.p[0] == '-') ? 1 : 0;

	if (i < s.n && s.p[i] == '.')
		i++;
	return i < s.n && ascii_is_digit(s.p[i]);
}

/* The length of the number; its value without regard to the locale. */
static size_t scan_number(struct str s, double *ret_value)
{
	size_t i = 0;
	double value = 0, scale = 1, sign = 1;

	if (s.p[0] == '+' || s.p[0] == '-')
		sign = s.p[i++] == '-' ? -1 : 1;
	for (; i < s.n && ascii_is_digit(s.p[i]); i++)
		value = value < 1e15 ? value * 10 + (s.p[i] - '0') : value;
	if (i + 1 < s.n && s.p[i] == '.' && ascii_is_digit(s.p[i + 1])) {
		for (i++; i < s.n && ascii_is_digit(s.p[i]); i++) {
			scale /= 10;
			value += (s.p[i] - '0') * scale;
		}
	}
	*ret_value = sign * value;
	return i;
}

static size_t take_number(struct str s, struct component *c)
{
	size_t n = scan_number(s, &c->number), unit;

	c->text = str_head(s, n);
	if (n < s.n && s.p[n] == '%') {
		c->type = COMPONENT_PERCENT;
		return n + 1;
	}
	unit = css_name_length(str_skip(s, n));
	c->type = unit > 0 ? COMPONENT_DIMENSION : COMPONENT_NUMBER;
	c->unit = str_head(str_skip(s, n), unit);
	return n + unit;
}

static size_t take_name(struct str s, struct component *c)
{
	size_t n = css_name_length(s), end;
	struct str from;

	c->type = COMPONENT_IDENT;
	c->text = str_head(s, n);
	if (n >= s.n || s.p[n] != '(')
		return n;
	c->type = COMPONENT_FUNCTION;
	from = str_skip(s, n);
	end = css_skip_block(from);
	if (str_is_nocase(c->text, "url") && from.n > 1) {
		struct str inner = css_skip_space(str_skip(from, 1));

		/* Unquoted, its characters are not to be read as strings or comments. */
		if (inner.n == 0 || (inner.p[0] != '"' && inner.p[0] != '\''))
			end = str_find_char(from, ')', 0) == STR_NPOS ?
				      from.n :
				      str_find_char(from, ')', 0) + 1;
	}
	c->arguments = (struct str){ from.p + 1, end > 1 ? end - 1 : 0 };
	if (c->arguments.n > 0 && c->arguments.p[c->arguments.n - 1] == ')')
		c->arguments.n--;
	return n + end;
}

bool component_next(struct str *rest, struct component *ret_component)
{
	struct str s = css_skip_space(*rest);
	struct component c = { .type = COMPONENT_OTHER };
	size_t n = 1;

	if (s.n == 0) {
		*rest = s;
		return false;
	}
	if (starts_number(s)) {
		n = take_number(s, &c);
	} else if (s.p[0] == '#' && s.n > 1 && css_is_name_char(s.p[1])) {
		n = 1 + css_name_length(str_skip(s, 1));
		c = (struct component){ .type = COMPONENT_HASH, .text = { s.p + 1, n - 1 } };
	} else if (css_is_name_char(s.p[0])) {
		n = take_name(s, &c);
	} else if (s.p[0] == '"' || s.p[0] == '\'') {
		n = skip_string(s);
		c.type = COMPONENT_STRING;
		c.text = (struct str){ s.p + 1, n >= 2 && s.p[n - 1] == s.p[0] ? n - 2 : n - 1 };
	} else {
		c.type = s.p[0] == ',' ? COMPONENT_COMMA : s.p[0] == '/' ? COMPONENT_SLASH :
									   COMPONENT_OTHER;
		if (closer(s.p[0]) != '\0')
			n = css_skip_block(s);
		c.text = str_head(s, n);
	}
	c.whole = str_head(s, n);
	*rest = str_skip(s, n);
	*ret_component = c;
	return true;
}
