#include "policy/html/tokenizer.h"

#include "policy/base/buf.h"
#include "policy/html/conditional.h"
#include "policy/html/entities.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

void html_tokenizer_init(struct html_tokenizer *tokenizer, struct arena *arena, struct str input)
{
	*tokenizer = (struct html_tokenizer){ .arena = arena, .input = input };
}

static struct str rest(const struct html_tokenizer *t)
{
	return str_skip(t->input, t->at);
}

/* The character at an offset from here, or NUL at the end. */
static char peek(const struct html_tokenizer *t, size_t offset)
{
	return t->at + offset < t->input.n ? t->input.p[t->at + offset] : '\0';
}

/* Everywhere but in plain text a NUL is read as U+FFFD. */
static struct str without_nul(struct arena *arena, struct str s)
{
	size_t from = 0, at = str_find_char(s, '\0', 0);
	struct buf out;

	if (at == STR_NPOS)
		return s;
	buf_init(&out, arena, SIZE_MAX);
	for (; at != STR_NPOS; from = at + 1, at = str_find_char(s, '\0', from)) {
		buf_add(&out, (struct str){ s.p + from, at - from });
		buf_add(&out, STR_LIT("\xEF\xBF\xBD"));
	}
	buf_add(&out, str_skip(s, from));
	return buf_str(&out);
}

static struct str lower(struct arena *arena, struct str s)
{
	char *copy;
	size_t i = 0;

	s = without_nul(arena, s);
	while (i < s.n && !(s.p[i] >= 'A' && s.p[i] <= 'Z'))
		i++;
	if (i == s.n)
		return s;
	copy = arena_cstr(arena, s);
	for (; i < s.n; i++)
		copy[i] = ascii_lower(copy[i]);
	return (struct str){ copy, s.n };
}

/* 13.2.5.72: what follows "&" at s; 0 where it is no reference. */
static size_t reference(struct str s, bool in_attribute, struct buf *out)
{
	uint32_t code_points[2] = { 0, 0 };
	size_t n;

	if (s.n > 0 && s.p[0] == '#') {
		n = entity_numeric(str_skip(s, 1), code_points);
		n = n > 0 ? n + 1 : 0;
	} else {
		n = entity_named(s, in_attribute, code_points);
	}
	if (n == 0)
		return 0;
	buf_add_utf8(out, code_points[0]);
	if (code_points[1] != 0)
		buf_add_utf8(out, code_points[1]);
	return n;
}

static struct str decode(struct arena *arena, struct str s, bool in_attribute)
{
	struct buf out;
	size_t from = 0, amp = str_find_char(s, '&', 0);

	if (amp == STR_NPOS)
		return s;
	buf_init(&out, arena, SIZE_MAX);
	while (amp != STR_NPOS) {
		size_t n;

		buf_add(&out, (struct str){ s.p + from, amp - from });
		n = reference(str_skip(s, amp + 1), in_attribute, &out);
		if (n == 0)
			buf_add_char(&out, '&');
		from = amp + 1 + n;
		amp = str_find_char(s, '&', from);
	}
	buf_add(&out, str_skip(s, from));
	return buf_str(&out);
}

static struct html_token text_token(struct str text)
{
	return (struct html_token){ .type = HTML_TOKEN_TEXT, .text = text };
}

/* Whether "</name" stands at s and ends there: 13.2.5.11 and its kin. */
static bool is_end_tag_for(struct str s, struct str name)
{
	if (name.n == 0 || s.n < name.n + 3 || s.p[0] != '<' || s.p[1] != '/' ||
	    !str_eq_nocase((struct str){ s.p + 2, name.n }, name))
		return false;
	return is_space(s.p[name.n + 2]) || s.p[name.n + 2] == '/' || s.p[name.n + 2] == '>';
}

static size_t find_end_tag(struct str s, struct str name)
{
	size_t at = str_find_char(s, '<', 0);

	while (at != STR_NPOS && !is_end_tag_for(str_skip(s, at), name))
		at = str_find_char(s, '<', at + 1);
	return at != STR_NPOS ? at : s.n;
}

static bool is_script_start(struct str s)
{
	return str_starts_nocase(s, STR_LIT("<script")) && s.n > 7 &&
	       (is_space(s.p[7]) || s.p[7] == '/' || s.p[7] == '>');
}

/* Script data and its escaped states (13.2.5.4, .15 to .31): where the script ends. */
static size_t find_script_end(struct str s, struct str name)
{
	enum { PLAIN, ESCAPED, DOUBLE_ESCAPED } state = PLAIN;

	for (size_t i = 0; i < s.n; i++) {
		struct str here = { s.p + i, s.n - i };

		if (s.p[i] == '-' && state != PLAIN && str_starts(here, STR_LIT("-->"))) {
			state = PLAIN;
		} else if (s.p[i] != '<') {
			continue;
		} else if (state == PLAIN && str_starts(here, STR_LIT("<!--"))) {
			state = ESCAPED;
			i += 1; /* the dashes may be those of "-->" too */
		} else if (state == ESCAPED && is_script_start(here)) {
			state = DOUBLE_ESCAPED;
		} else if (state != DOUBLE_ESCAPED && is_end_tag_for(here, name)) {
			return i;
		} else if (state == DOUBLE_ESCAPED && is_end_tag_for(here, STR_LIT("script"))) {
			state = ESCAPED;
		}
	}
	return s.n;
}

/* 13.2.5.69 to .71: text up to "]]>", where NUL stays. */
static struct html_token cdata(struct html_tokenizer *t)
{
	size_t begin = t->at, end = str_find(t->input, STR_LIT("]]>"), begin);

	t->content = HTML_CONTENT_DATA;
	if (end == STR_NPOS)
		end = t->input.n;
	t->at = end < t->input.n ? end + 3 : end;
	return text_token((struct str){ t->input.p + begin, end - begin });
}

/* Text up to the end tag of the element it is in. */
static struct html_token raw_text(struct html_tokenizer *t)
{
	struct str s = rest(t);
	size_t n = s.n;
	bool references = t->content == HTML_CONTENT_RCDATA;

	if (t->content == HTML_CONTENT_SCRIPT)
		n = find_script_end(s, t->last_start);
	else if (t->content != HTML_CONTENT_PLAINTEXT)
		n = find_end_tag(s, t->last_start);
	t->at += n;
	if (t->content != HTML_CONTENT_PLAINTEXT)
		t->content = HTML_CONTENT_DATA;
	s = without_nul(t->arena, str_head(s, n));
	return text_token(references ? decode(t->arena, s, false) : s);
}

/* Whether "<" here opens markup: 13.2.5.6. */
static bool is_markup(struct str s)
{
	return s.n > 1 && s.p[0] == '<' &&
	       (ascii_is_alpha(s.p[1]) || s.p[1] == '!' || s.p[1] == '?' ||
		(s.p[1] == '/' && s.n > 2));
}

static struct html_token data_text(struct html_tokenizer *t)
{
	struct str s = rest(t);
	size_t n = str_find_char(s, '<', 0);

	while (n != STR_NPOS && !is_markup(str_skip(s, n)))
		n = str_find_char(s, '<', n + 1);
	s = str_head(s, n);
	t->at += s.n;
	return text_token(decode(t->arena, s, false));
}

static void skip_space(struct html_tokenizer *t)
{
	while (t->at < t->input.n && is_space(t->input.p[t->at]))
		t->at++;
}

/* Up to the first of the characters in stops, or white space. */
static struct str take_until(struct html_tokenizer *t, const char *stops)
{
	size_t begin = t->at;

	while (t->at < t->input.n && !is_space(t->input.p[t->at]) &&
	       (t->input.p[t->at] == '\0' || strchr(stops, t->input.p[t->at]) == NULL))
		t->at++;
	return (struct str){ t->input.p + begin, t->at - begin };
}

/* 13.2.5.33; an equals sign that comes first is part of the name. */
static struct str attribute_name(struct html_tokenizer *t)
{
	size_t begin = t->at;

	if (peek(t, 0) == '=')
		t->at++;
	take_until(t, "/>=");
	return lower(t->arena, (struct str){ t->input.p + begin, t->at - begin });
}

/* Up to the closing quote, past which at then stands, or to the end. */
static struct str take_quoted(struct html_tokenizer *t, char quote)
{
	size_t begin = t->at, end = str_find_char(t->input, quote, begin);

	if (end == STR_NPOS)
		end = t->input.n;
	t->at = end < t->input.n ? end + 1 : end;
	return (struct str){ t->input.p + begin, end - begin };
}

/* 13.2.5.35 to .39; at stands after the equals sign. */
static struct str attribute_value(struct html_tokenizer *t)
{
	struct str value;
	char quote;

	skip_space(t);
	quote = peek(t, 0);
	if (quote == '"' || quote == '\'') {
		t->at++;
		value = take_quoted(t, quote);
	} else {
		value = take_until(t, ">");
	}
	return decode(t->arena, without_nul(t->arena, value), true);
}

static bool attribute_known(const struct html_tokenizer *t, struct str name)
{
	for (size_t i = 0; i < t->n_attrs; i++)
		if (str_eq(t->attrs[i].name, name))
			return true;
	return false;
}

static void attribute(struct html_tokenizer *t)
{
	struct str name = attribute_name(t), value = STR_LIT("");

	skip_space(t);
	if (peek(t, 0) == '=' && t->at < t->input.n) {
		t->at++;
		value = attribute_value(t);
	}
	if (t->n_attrs == HTML_ATTRS_MAX) {
		t->attrs_dropped++;
		return;
	}
	if (attribute_known(t, name))
		return;
	ARENA_ROOM(t->arena, t->attrs, t->n_attrs, t->cap_attrs);
	t->attrs[t->n_attrs++] = (struct html_attr){ name, value };
}

/* 13.2.5.32 and .40: attributes up to ">". False where the input ends first: such a tag is
 * no tag. */
static bool attributes(struct html_tokenizer *t, bool *ret_self_closing)
{
	for (;;) {
		skip_space(t);
		if (t->at >= t->input.n)
			return false;
		if (peek(t, 0) == '>') {
			t->at++;
			return true;
		}
		if (peek(t, 0) != '/') {
			attribute(t);
		} else if (peek(t, 1) == '>') {
			*ret_self_closing = true;
			t->at += 2;
			return true;
		} else {
			t->at++;
		}
	}
}

/* 13.2.5.8; at stands on the first letter of the name. */
static struct html_token tag(struct html_tokenizer *t, enum html_token_type type)
{
	struct html_token token = { .type = type };

	t->n_attrs = 0;
	token.name = lower(t->arena, take_until(t, "/>"));
	if (!attributes(t, &token.self_closing)) {
		t->at = t->input.n;
		return (struct html_token){ .type = HTML_TOKEN_EOF };
	}
	if (type == HTML_TOKEN_START) {
		t->last_start = token.name;
		token.n_attrs = t->n_attrs;
		if (t->n_attrs > 0) {
			token.attrs = ARENA_ARRAY(t->arena, t->n_attrs, struct html_attr);
			memcpy(token.attrs, t->attrs, t->n_attrs * sizeof *t->attrs);
		}
	}
	return token;
}

static struct html_token comment_token(struct html_tokenizer *t, size_t begin, size_t end)
{
	struct str text = { t->input.p + begin, end - begin };

	return (struct html_token){ .type = HTML_TOKEN_COMMENT,
				    .text = without_nul(t->arena, text) };
}

/* 13.2.5.41: anything up to ">". skip is what stands before the comment's text. */
static struct html_token bogus_comment(struct html_tokenizer *t, size_t skip)
{
	size_t begin = t->at + skip, end = str_find_char(t->input, '>', begin);

	if (end == STR_NPOS)
		end = t->input.n;
	t->at = end < t->input.n ? end + 1 : end;
	return comment_token(t, begin, end);
}

/* Where the text of a comment ends, that starts with s: 13.2.5.43 to .52. "-->" and "--!>" end it,
 * and so do ">" and "->" right at its start; at the end of the input a part of these is left out. */
static size_t comment_end(struct str s, size_t *ret_next)
{
	size_t at = 0;

	*ret_next = str_starts(s, STR_LIT(">")) ? 1 : str_starts(s, STR_LIT("->")) ? 2 : s.n;
	if (*ret_next < s.n || str_is(s, ">") || str_is(s, "->"))
		return 0;
	for (; (at = str_find(s, STR_LIT("--"), at)) != STR_NPOS; at++) {
		struct str after = str_skip(s, at + 2);
		size_t n = str_starts(after, STR_LIT(">")) ? 1 : str_starts(after, STR_LIT("!>")) ? 2 : 0;

		if (n > 0) {
			*ret_next = at + 2 + n;
			return at;
		}
	}
	return s.n - (str_ends(s, STR_LIT("--!")) ? 3 :
		      str_ends(s, STR_LIT("--"))  ? 2 :
		      str_ends(s, STR_LIT("-"))   ? 1 :
						    0);
}

static struct html_token comment(struct html_tokenizer *t)
{
	size_t begin = t->at + 4, next, end = comment_end(str_skip(t->input, begin), &next);

	t->at = begin + next;
	return comment_token(t, begin, begin + end);
}

/* 13.2.5.42; at stands on "<!". */
static struct html_token declaration(struct html_tokenizer *t)
{
	struct str s = rest(t);

	if (str_starts(s, STR_LIT("<!--")))
		return comment(t);
	if (str_starts_nocase(s, STR_LIT("<!doctype"))) {
		struct html_token token = bogus_comment(t, 9);

		token.type = HTML_TOKEN_DOCTYPE;
		return token;
	}
	if (t->foreign && str_starts(s, STR_LIT("<![CDATA["))) {
		t->at += 9;
		return cdata(t);
	}
	return bogus_comment(t, 2);
}

/* 13.2.5.7; at stands on "</". */
static struct html_token end_tag(struct html_tokenizer *t)
{
	if (peek(t, 2) == '>') {
		t->at += 3;
		return text_token(STR_LIT(""));
	}
	if (ascii_is_alpha(peek(t, 2))) {
		t->at += 2;
		return tag(t, HTML_TOKEN_END);
	}
	return bogus_comment(t, 2);
}

struct html_token html_next(struct html_tokenizer *t)
{
	size_t skip;

	if (t->content != HTML_CONTENT_DATA) {
		struct html_token token =
			t->content == HTML_CONTENT_CDATA ? cdata(t) : raw_text(t);

		if (token.text.n > 0)
			return token;
	}
	if (t->at >= t->input.n)
		return (struct html_token){ .type = HTML_TOKEN_EOF };
	if (!is_markup(rest(t)))
		return data_text(t);
	skip = conditional_skip(rest(t), t->outlook, &t->conditional);
	if (skip > 0) {
		t->at += skip;
		return text_token(STR_LIT(""));
	}
	if (peek(t, 1) == '/')
		return end_tag(t);
	if (peek(t, 1) == '!')
		return declaration(t);
	if (peek(t, 1) == '?')
		return bogus_comment(t, 1);
	t->at++;
	return tag(t, HTML_TOKEN_START);
}
