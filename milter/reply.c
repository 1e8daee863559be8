#include "milter/reply.h"

#include <stdio.h>

#include "policy/base/buf.h"

/* RFC 5322 2.1.1: lines should have at most 78 octets, and must not have more than 998. */
#define FOLD_SOFT 78
#define FOLD_HARD 900

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

/* "550-5.7.1 text" or "550 5.7.1 text" to its pieces; false where it is not of this form. */
static bool reply_split(struct str line, struct str *ret_code, struct str *ret_enhanced,
			struct str *ret_text)
{
	size_t i = 4;

	if (line.n < 4 || !ascii_is_digit(line.p[0]) || !ascii_is_digit(line.p[1]) ||
	    !ascii_is_digit(line.p[2]) || (line.p[3] != ' ' && line.p[3] != '-'))
		return false;
	while (i < line.n && (ascii_is_digit(line.p[i]) || line.p[i] == '.'))
		i++;
	*ret_code = str_head(line, 3);
	*ret_enhanced = str_span(line.p + 4, line.p + i);
	if (ret_enhanced->n < 5 || ret_enhanced->n > 11) {
		*ret_enhanced = STR_NONE;
		*ret_text = str_skip(line, 4);
	} else {
		*ret_text = str_trim(str_skip(line, i));
	}
	return true;
}

/* libmilter takes the text as a printf format: a lone % drops it. */
static char *line_text(struct arena *arena, struct str text)
{
	struct buf buf;

	buf_init(&buf, arena, REPLY_LINE_OCTETS);
	for (size_t i = 0; i < text.n && buf.n + 2 < REPLY_LINE_OCTETS; i++) {
		if (text.p[i] == '%')
			buf_add_char(&buf, '%');
		/* Replies are ASCII: a client without SMTPUTF8 may be shown no more. */
		buf_add_char(&buf, is_control(text.p[i])              ? ' '
				   : (unsigned char)text.p[i] >= 0x80 ? '?'
								      : text.p[i]);
	}
	if (buf.n == 0)
		buf_add_char(&buf, ' ');
	return arena_cstr(arena, buf_str(&buf));
}

static void set_codes(struct smtp_reply *reply, char class, struct str code, struct str enhanced)
{
	if (code.n == 3 && code.p[0] == class)
		memcpy(reply->code, code.p, 3);
	if (enhanced.n >= 5 && enhanced.n < sizeof reply->enhanced && enhanced.p[0] == class) {
		memcpy(reply->enhanced, enhanced.p, enhanced.n);
		reply->enhanced[enhanced.n] = '\0';
	}
}

void smtp_reply_prepare(struct arena *arena, char class, const struct str *lines, size_t n,
			struct smtp_reply *ret_reply)
{
	struct smtp_reply *reply = ret_reply;

	*reply = (struct smtp_reply){ .n_lines = 0 };
	memcpy(reply->code, class == '4' ? "451" : "550", 4);
	memcpy(reply->enhanced, class == '4' ? "4.7.1" : "5.7.1", 6);
	for (size_t i = 0; i < n && reply->n_lines < REPLY_LINES_MAX; i++) {
		struct str code = STR_NONE, enhanced = STR_NONE, text = lines[i];

		if (reply_split(lines[i], &code, &enhanced, &text) && i == 0)
			set_codes(reply, class, code, enhanced);
		reply->lines[reply->n_lines++] = line_text(arena, text);
	}
	if (reply->n_lines == 0)
		reply->lines[reply->n_lines++] =
			line_text(arena, STR_LIT("The notice policy does not allow this message"));
}

/* Where to break the piece of a line that begins at from: at the last space that keeps it short,
 * else the next one; 0 where the rest fits or has no place to break. */
static size_t break_at(struct str value, size_t from, size_t used)
{
	size_t soft = 0;

	if (used + value.n - from <= FOLD_SOFT)
		return 0;
	for (size_t i = from + 1; i < value.n; i++) {
		size_t length = used + i - from;

		if (length > FOLD_SOFT && soft != 0)
			return soft;
		if (value.p[i] == ' ' && i + 1 < value.n)
			soft = i;
		if (length > FOLD_HARD && value.p[i - 1] == ',')
			return i;
	}
	return soft;
}

char *field_value_prepare(struct arena *arena, struct str name, struct str value,
			  bool leading_space)
{
	size_t from = 0, used = name.n + 2, at;
	struct str clean = arena_str(arena, value);
	struct buf buf;

	for (size_t i = 0; i < clean.n; i++) {
		if (is_control(clean.p[i]))
			((char *)clean.p)[i] = ' ';
	}
	buf_init(&buf, arena, clean.n * 3 + 16);
	if (leading_space)
		buf_add_char(&buf, ' ');
	while ((at = break_at(clean, from, used)) != 0) {
		buf_add(&buf, str_span(clean.p + from, clean.p + at));
		buf_add_cstr(&buf, "\n\t");
		from = clean.p[at] == ' ' ? at + 1 : at;
		used = 8;
	}
	buf_add(&buf, str_skip(clean, from));
	return arena_cstr(arena, buf_str(&buf));
}
