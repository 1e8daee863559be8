#include "policy/message/parameter.h"

#include "policy/base/buf.h"
#include "policy/message/charset.h"
#include "policy/message/encoded_word.h"
#include "policy/message/header.h"
#include "policy/message/transfer.h"
#include "policy/text/utf8.h"

#define PARAMETERS_MAX 100
#define SECTIONS_MAX 100

/* A parameter as it is written: name*3*=value. */
struct written {
	struct str name;  /* without stars */
	int section;      /* -1: none */
	bool extended;    /* percent-encoded */
	struct str value; /* unquoted */
};

static size_t skip_comment(struct str s, size_t at)
{
	size_t depth = 0;

	for (; at < s.n; at++) {
		if (s.p[at] == '\\')
			at++;
		else if (s.p[at] == '(')
			depth++;
		else if (s.p[at] == ')' && --depth == 0)
			return at + 1;
	}
	return s.n;
}

/* White space and comments, RFC 5322's CFWS. */
static size_t skip_space(struct str s, size_t at)
{
	while (at < s.n) {
		if (ascii_is_space(s.p[at]))
			at++;
		else if (s.p[at] == '(')
			at = skip_comment(s, at);
		else
			break;
	}
	return at;
}

static struct str lower(struct arena *arena, struct str s)
{
	char *out = arena_alloc(arena, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		out[i] = ascii_lower(s.p[i]);
	return (struct str){ out, s.n };
}

static size_t read_quoted(struct arena *arena, struct str s, size_t at, struct str *ret_value)
{
	char *out = arena_alloc(arena, s.n - at + 1);
	size_t n = 0;

	for (at++; at < s.n && s.p[at] != '"'; at++) {
		if (s.p[at] == '\\' && at + 1 < s.n)
			at++;
		out[n++] = s.p[at];
	}
	*ret_value = (struct str){ out, n };
	return at < s.n ? at + 1 : at;
}

/* An unquoted value ends at a blank, but for file names, which many programs forget to quote. */
static size_t read_token(struct str s, size_t at, bool blanks, struct str *ret_value)
{
	size_t end = at;

	while (end < s.n && s.p[end] != ';' && (blanks || !ascii_is_space(s.p[end])) &&
	       !(s.p[end] == '(' && end > at && ascii_is_space(s.p[end - 1])))
		end++;
	*ret_value = str_trim((struct str){ s.p + at, end - at });
	return end;
}

/* Splits name*3* into its parts. */
static void read_name(struct arena *arena, struct str name, struct written *written)
{
	size_t star;

	written->section = -1;
	written->extended = name.n > 1 && name.p[name.n - 1] == '*';
	if (written->extended)
		name.n--;
	star = str_find_char(name, '*', 0);
	if (star != STR_NPOS && star > 0 && name.n - star > 1 && name.n - star <= 4) {
		int section = 0;
		size_t i = star + 1;

		for (; i < name.n && ascii_is_digit(name.p[i]); i++)
			section = section * 10 + (name.p[i] - '0');
		if (i == name.n) {
			written->section = section;
			name.n = star;
		}
	}
	written->name = lower(arena, name);
}

static bool is_file_name(struct str name)
{
	return str_starts_nocase(name, STR_LIT("name")) ||
	       str_starts_nocase(name, STR_LIT("filename"));
}

static size_t read_written(struct arena *arena, struct str s, size_t at, struct written *list)
{
	size_t n = 0;

	while (at < s.n && n < PARAMETERS_MAX) {
		size_t begin, end;
		struct str name;

		while (at < s.n && (s.p[at] == ';' || skip_space(s, at) > at))
			at = s.p[at] == ';' ? at + 1 : skip_space(s, at);
		begin = end = at;
		while (end < s.n && s.p[end] != ';' && s.p[end] != '=')
			end++;
		name = str_trim((struct str){ s.p + begin, end - begin });
		at = end;
		if (at >= s.n || s.p[at] == ';' || name.n == 0) {
			at += at < s.n && s.p[at] == '=';
			continue;
		}
		at = skip_space(s, at + 1);
		read_name(arena, name, &list[n]);
		if (at < s.n && s.p[at] == '"')
			at = read_quoted(arena, s, at, &list[n].value);
		else
			at = read_token(s, at, is_file_name(name), &list[n].value);
		n++;
		while (at < s.n && s.p[at] != ';')
			at++;
	}
	return n;
}

static bool percent_decode(struct str text, struct buf *out)
{
	bool good = true;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '%') {
			buf_add_char(out, text.p[i]);
		} else if (text.n - i > 2 && hex_digit(text.p[i + 1]) >= 0 &&
			   hex_digit(text.p[i + 2]) >= 0) {
			buf_add_char(out, (char)(hex_digit(text.p[i + 1]) << 4 |
						 hex_digit(text.p[i + 2])));
			i += 2;
		} else {
			buf_add_char(out, '%');
			good = false;
		}
	}
	return good;
}

/* Takes charset'language' off the first piece of an extended value. */
static struct str take_charset(struct str *value)
{
	size_t first = str_find_char(*value, '\'', 0), second;
	struct str charset;

	if (first == STR_NPOS)
		return STR_NONE;
	second = str_find_char(*value, '\'', first + 1);
	if (second == STR_NPOS)
		return STR_NONE;
	charset = str_head(*value, first);
	*value = str_skip(*value, second + 1);
	return charset;
}

/* All that is written under one name, by form. */
struct forms {
	const struct written *plain, *second_plain, *extended;
	const struct written *sections[SECTIONS_MAX];
	size_t n_sections; /* in a row from 0 */
	unsigned times;
	bool broken;
};

/* RFC 2045 5.1: whether case matters is each parameter's own affair; in a boundary it does, and in a
 * name it may. */
static bool is_same(struct str name, struct str a, struct str b)
{
	return str_is(name, "charset") || str_is(name, "format") || str_is(name, "delsp")
		       ? str_eq_nocase(a, b)
		       : str_eq(a, b);
}

static void sort_forms(const struct written *list, size_t n, size_t first, struct forms *forms)
{
	size_t given = 0;

	*forms = (struct forms){ 0 };
	for (size_t i = first; i < n; i++) {
		const struct written *w = &list[i];

		if (!str_eq(w->name, list[first].name))
			continue;
		if (w->section >= SECTIONS_MAX) {
			forms->broken = true;
		} else if (w->section >= 0) {
			given++;
			forms->broken = forms->broken || forms->sections[w->section] != NULL;
			if (forms->sections[w->section] == NULL)
				forms->sections[w->section] = w;
		} else if (w->extended) {
			forms->times++;
			forms->broken = forms->broken || forms->extended != NULL;
			forms->extended = w;
		} else {
			forms->times++;
			if (forms->plain == NULL)
				forms->plain = w;
			else if (forms->second_plain == NULL && !is_same(w->name, forms->plain->value, w->value))
				forms->second_plain = w;
		}
	}
	while (forms->n_sections < SECTIONS_MAX && forms->sections[forms->n_sections] != NULL)
		forms->n_sections++;
	forms->times += forms->n_sections > 0;
	forms->broken = forms->broken || given != forms->n_sections;
}

static struct str join_sections(struct arena *arena, struct forms *forms)
{
	struct str charset = STR_NONE, text;
	struct buf out;

	buf_init(&out, arena, (size_t)-1);
	for (size_t i = 0; i < forms->n_sections; i++) {
		struct str value = forms->sections[i]->value;

		if (!forms->sections[i]->extended) {
			buf_add(&out, value);
			continue;
		}
		if (i == 0)
			charset = take_charset(&value);
		if (!percent_decode(value, &out))
			forms->broken = true;
	}
	if (charset_decode(arena, charset, buf_str(&out), &text) != CHARSET_OK)
		forms->broken = true;
	return text;
}

static struct str extended_value(struct arena *arena, struct forms *forms)
{
	struct str value = forms->extended->value, charset = take_charset(&value), text;
	struct buf out;

	buf_init(&out, arena, (size_t)-1);
	if (!percent_decode(value, &out))
		forms->broken = true;
	if (charset_decode(arena, charset, buf_str(&out), &text) != CHARSET_OK)
		forms->broken = true;
	return text;
}

static struct str suffix(struct str name)
{
	for (size_t i = name.n; i > 0; i--) {
		if (name.p[i - 1] == '.')
			return str_skip(name, i);
	}
	return STR_NONE;
}

/* The same letters and digits, whatever signs stand between them. */
static bool differ_in_signs(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.n && !ascii_is_alnum(a.p[i]))
			i++;
		while (k < b.n && !ascii_is_alnum(b.p[k]))
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if (ascii_lower(a.p[i++]) != ascii_lower(b.p[k++]))
			return false;
	}
}

/* Many programs give an ASCII stand-in beside the encoded name: "Marz.pdf" for "März.pdf", or
 * "Plan_B.pdf" for "Plan B.pdf". That is one name for two generations of readers as long as the
 * kind of file is the same. */
static bool is_stand_in(const struct parameter *parameter, struct str plain)
{
	return is_file_name(parameter->name) &&
	       (!utf8_is_ascii(parameter->value) || differ_in_signs(parameter->value, plain)) &&
	       str_eq_nocase(suffix(plain), suffix(parameter->value));
}

static struct str plain_value(struct arena *arena, const struct written *plain, bool *ret_word)
{
	unsigned faults = 0;
	struct str text;

	*ret_word = has_encoded_word(plain->value);
	if (*ret_word)
		return header_text(arena, plain->value, &faults);
	if (utf8_is_valid(plain->value))
		return plain->value;
	charset_decode(arena, STR_LIT("iso-8859-1"), plain->value, &text);
	return text;
}

static struct parameter settle(struct arena *arena, struct str name, struct forms *forms)
{
	struct parameter parameter = { .name = name, .times = forms->times };
	struct str encoded = STR_NONE, plain = STR_NONE;

	if (forms->n_sections > 0)
		encoded = join_sections(arena, forms);
	if (forms->extended != NULL) {
		if (encoded.p != NULL)
			forms->broken = true;
		encoded = extended_value(arena, forms);
	}
	if (forms->plain != NULL)
		plain = plain_value(arena, forms->plain, &parameter.encoded_word);
	parameter.value = encoded.p != NULL ? encoded : plain;
	parameter.conflict = forms->broken;
	if (forms->second_plain != NULL) {
		parameter.other = forms->second_plain->value;
		parameter.conflict = true;
	}
	if (encoded.p != NULL && plain.p != NULL && !str_eq(encoded, plain) &&
	    !is_stand_in(&parameter, plain)) {
		parameter.other = plain;
		parameter.conflict = true;
	}
	return parameter;
}

/* A token of RFC 2045 5.1, or the slash between two. What else stands there is junk: "text/html>"
 * is text/html to those who read on, and so is one in quotes. */
static bool is_value_char(char c)
{
	return (unsigned char)c > ' ' && (unsigned char)c < 0x7F &&
	       memchr("()<>@,;:\\\"[]?=", c, 14) == NULL;
}

void parameter_field_read(struct arena *arena, struct str raw, struct parameter_field *ret_field)
{
	struct str s = header_unfold(arena, raw);
	struct written *list = ARENA_ARRAY(arena, PARAMETERS_MAX, struct written);
	size_t at = skip_space(s, 0), end = at, n;
	struct str value;

	*ret_field = (struct parameter_field){ .items = NULL };
	if (at < s.n && s.p[at] == '"') {
		end = read_quoted(arena, s, at, &value);
		ret_field->junk = true;
	} else {
		while (end < s.n && is_value_char(s.p[end]))
			end++;
		value = (struct str){ s.p + at, end - at };
	}
	ret_field->value = lower(arena, str_trim(value));
	at = skip_space(s, end);
	/* "text / html" is one value for RFC 822 and three words for others */
	if (at < s.n && s.p[at] != ';')
		ret_field->junk = true;
	while (at < s.n && s.p[at] != ';')
		at++;
	n = read_written(arena, s, at, list);
	ret_field->items = ARENA_ARRAY(arena, n, struct parameter);
	for (size_t i = 0; i < n; i++) {
		struct forms forms;

		if (list[i].name.n == 0 ||
		    parameter_find(ret_field, arena_cstr(arena, list[i].name)) != NULL)
			continue;
		sort_forms(list, n, i, &forms);
		ret_field->items[ret_field->n++] = settle(arena, list[i].name, &forms);
	}
}

const struct parameter *parameter_find(const struct parameter_field *field, const char *name)
{
	for (size_t i = 0; i < field->n; i++) {
		if (str_is(field->items[i].name, name))
			return &field->items[i];
	}
	return NULL;
}

struct str parameter_value(const struct parameter_field *field, const char *name)
{
	const struct parameter *parameter = parameter_find(field, name);

	return parameter != NULL ? parameter->value : STR_NONE;
}
