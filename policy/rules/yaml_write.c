/* yaml_write.c - from tree to text that reads as the same tree */
#include "policy/rules/yaml.h"

#include "policy/base/buf.h"

/* Lists and maps of words up to this width stay on one line. */
#define FLOW_WIDTH 88

static bool is_plain(struct str text)
{
	if (text.n == 0 || str_is(text, "null") || text.p[text.n - 1] == ' ')
		return false;
	if (!ascii_is_alnum(text.p[0]) && text.p[0] != '/' &&
	    !(text.p[0] == '-' && text.n > 1 && ascii_is_digit(text.p[1])))
		return false;
	for (size_t i = 1; i < text.n; i++) {
		if (!ascii_is_alnum(text.p[i]) && memchr(" _./@+-", text.p[i], 7) == NULL)
			return false;
	}
	return true;
}

/* How many octets at the start of text may not stand in quotes as they are, and how they are
 * escaped: controls, and what YAML takes for a line break or does not take at all. */
static size_t escape_find(struct str text, const char **ret_escape)
{
	static const struct {
		const char *octets, *escape;
	} escapes[] = {
		{ "\"", "\\\"" },	    { "\\", "\\\\" },
		{ "\n", "\\n" },	    { "\t", "\\t" },
		{ "\r", "\\r" },	    { "\xc2\x85", "\\x85" },
		{ "\xe2\x80\xa8", "\\u2028" }, { "\xe2\x80\xa9", "\\u2029" },
		{ "\xef\xbb\xbf", "\\uFEFF" }, { "\xef\xbf\xbe", "\\uFFFE" },
		{ "\xef\xbf\xbf", "\\uFFFF" },
	};

	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
		struct str octets = str_from(escapes[i].octets);

		if (str_starts(text, octets)) {
			*ret_escape = escapes[i].escape;
			return octets.n;
		}
	}
	return 0;
}

static void write_scalar(struct buf *out, struct str text)
{
	const char *escape;

	if (is_plain(text)) {
		buf_add(out, text);
		return;
	}
	buf_add_char(out, '"');
	while (text.n > 0) {
		unsigned char c = (unsigned char)text.p[0], next = text.n > 1 ? (unsigned char)text.p[1] : 0;
		size_t n = escape_find(text, &escape);

		if (n > 0) {
			buf_add_cstr(out, escape);
		} else if (c < ' ' || c == 0x7f) {
			buf_printf(out, "\\x%02x", c);
			n = 1;
		} else if (c == 0xc2 && next < 0xa0) {
			buf_printf(out, "\\x%02x", next);
			n = 2;
		} else {
			buf_add_char(out, (char)c);
			n = 1;
		}
		text = str_skip(text, n);
	}
	buf_add_char(out, '"');
}

void yaml_write_flow(struct buf *out, const struct yaml_node *node)
{
	if (node->kind == YAML_SCALAR) {
		write_scalar(out, node->text);
		return;
	}
	buf_add_char(out, node->kind == YAML_LIST ? '[' : '{');
	for (size_t i = 0; i < node->n; i++) {
		if (i > 0)
			buf_add_cstr(out, ", ");
		if (node->kind == YAML_MAP) {
			write_scalar(out, node->pairs[i].key->text);
			buf_add_cstr(out, ": ");
			/* The parser's depth bounds this recursion. */
			yaml_write_flow(out, node->pairs[i].value);
		} else {
			yaml_write_flow(out, node->items[i]);
		}
	}
	buf_add_char(out, node->kind == YAML_LIST ? ']' : '}');
}

/* Whether a node fits on one line behind so many columns. */
static bool fits(const struct yaml_node *node, size_t column)
{
	struct arena *arena = arena_new();
	struct buf line;
	bool short_enough;

	buf_init(&line, arena, FLOW_WIDTH);
	yaml_write_flow(&line, node);
	short_enough = !line.full && line.n + column <= FLOW_WIDTH;
	arena_free(arena);
	return short_enough;
}

static void indent(struct buf *out, size_t columns)
{
	for (size_t i = 0; i < columns; i++)
		buf_add_char(out, ' ');
}

/* Depth is the parser's: at most YAML_DEPTH_MAX calls deep. */
static void write_block(struct buf *out, const struct yaml_node *node, size_t column)
{
	for (size_t i = 0; i < node->n; i++) {
		const struct yaml_node *value;
		size_t width = 2;

		indent(out, column);
		if (node->kind == YAML_MAP) {
			value = node->pairs[i].value;
			write_scalar(out, node->pairs[i].key->text);
			buf_add_char(out, ':');
			width = node->pairs[i].key->text.n + 2;
		} else {
			value = node->items[i];
			buf_add_char(out, '-');
		}
		if (value->kind == YAML_SCALAR || value->n == 0 || fits(value, column + width)) {
			buf_add_char(out, ' ');
			yaml_write_flow(out, value);
			buf_add_char(out, '\n');
		} else {
			buf_add_char(out, '\n');
			write_block(out, value, column + 2);
		}
	}
}

void yaml_write(struct buf *out, const struct yaml_node *node)
{
	if (node->kind == YAML_SCALAR || node->n == 0) {
		yaml_write_flow(out, node);
		buf_add_char(out, '\n');
	} else {
		write_block(out, node, 0);
	}
}
