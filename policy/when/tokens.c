#include "policy/when/atoms.h"

/* What a token and the space behind it take in prose. */
#define TOKEN_OCTETS 5

const struct token token_end = { .kind = TOKEN_END };

bool token_is_any(const struct token *token, const enum word_kind *kinds, size_t n)
{
	for (size_t i = 0; token != NULL && i < n; i++) {
		if (token_word(token, kinds[i]) != NULL)
			return true;
	}
	return false;
}

bool token_is_link(const struct token *token)
{
	static const enum word_kind kinds[] = { WORD_TO, WORD_UNTIL, WORD_AND };

	return token_is_sign(token, '-') || token_is_sign(token, '~') ||
	       token_is_sign(token, 0x301c) || token_is_any(token, kinds, 3);
}

static size_t read_number(struct str text, size_t at, struct token *token)
{
	size_t i = at;

	token->kind = TOKEN_NUMBER;
	for (; i < text.n && ascii_is_digit(text.p[i]); i++) {
		if (token->digits < 9)
			token->value = token->value * 10 + (uint32_t)(text.p[i] - '0');
		if (token->digits < UINT8_MAX)
			token->digits++;
	}
	return i;
}

/* A run of letters; one character in scripts without spaces. */
static size_t read_letters(struct str text, size_t at)
{
	size_t i = at, length;

	while (i < text.n) {
		uint32_t c;

		if (text.p[i] >= 0) {
			if (!ascii_is_alpha(text.p[i]))
				break;
			i++;
			continue;
		}
		c = text_code_point(text, i, &length);
		if ((c < 0xc0 && c != 0xaa && c != 0xba) || (c >= 0x2000 && c < 0x2c00) ||
		    c >= 0x2e80)
			break;
		i += length;
	}
	return i;
}

/* The value of a Chinese numeral; 10 for the sign of tens, -1 for what is none. */
static int cjk_digit(uint32_t c)
{
	static const uint32_t digits[] = { 0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94,
					   0x516d, 0x4e03, 0x516b, 0x4e5d, 0x5341 };

	for (int i = 0; i < (int)(sizeof digits / sizeof *digits); i++) {
		if (digits[i] == c)
			return i;
	}
	return c == 0x96f6 ? 0 : c == 0x4e24 || c == 0x5169 ? 2 : -1;
}

/* Whether a numeral before this sign is part of a date or a clock time: "一時" alone is "for a while",
 * "两点" "two points", and "十分" "enough". */
static bool cjk_number_is_meant(const struct reader *reader, struct str sign_text)
{
	static const uint64_t hour_cues =
		WORD_BIT(WORD_AM) | WORD_BIT(WORD_PM) | WORD_BIT(WORD_NIGHT) | WORD_BIT(WORD_NOON) |
		WORD_BIT(WORD_DAY_SIGN) | WORD_BIT(WORD_TO) | WORD_BIT(WORD_UNTIL) |
		WORD_BIT(WORD_WEEKDAY) | WORD_BIT(WORD_FROM) | WORD_BIT(WORD_TONIGHT) |
		WORD_BIT(WORD_TODAY) | WORD_BIT(WORD_TOMORROW);
	const struct token *before = reader->n > 1 ? &reader->tokens[reader->n - 2] : &token_end;
	uint64_t kinds = before->meaning != NULL ? before->meaning->kinds : 0;
	size_t length;

	if (sign_text.n == 0)
		return false;
	switch (text_code_point(sign_text, 0, &length)) {
	case 0x5e74: /* year */
	case 0x6708: /* month */
		return true;
	case 0x65e5: /* day */
	case 0x53f7:
	case 0x865f:
		return (kinds & (WORD_BIT(WORD_MONTH_SIGN) | WORD_BIT(WORD_TO))) != 0;
	case 0x70b9: /* hour */
	case 0x9ede:
	case 0x65f6:
	case 0x6642:
		return (kinds & hour_cues) != 0 || token_is_sign(before, ')') ||
		       token_is_sign(before, '-') || token_is_sign(before, '~');
	case 0x5206: /* minute */
		return (kinds & WORD_BIT(WORD_OCLOCK)) != 0;
	default:
		return false;
	}
}

/* "二〇二六" and "二十二" before the signs of dates and clock times. */
static bool read_cjk_number(const struct reader *reader, struct str text, size_t at,
			    struct token *token)
{
	uint32_t value = 0, digit = 0;
	unsigned n = 0, tens = 0;
	size_t end = at, length;

	for (int d; n < 5 && end < text.n; n++, end += length) {
		d = cjk_digit(text_code_point(text, end, &length));
		if (d < 0)
			break;
		if (d == 10) {
			value = (n == 0 ? 1 : digit) * 10;
			tens++;
		} else {
			value = tens > 0 ? value + (uint32_t)d : value * 10 + (uint32_t)d;
		}
		digit = (uint32_t)d;
	}
	if (n == 0 || (tens > 0 && (tens > 1 || n > 3)) ||
	    !cjk_number_is_meant(reader, str_skip(text, end)))
		return false;
	token->kind = TOKEN_NUMBER;
	token->value = value;
	token->digits = value > 99 ? 4 : value > 9 ? 2 : 1;
	token->end = end;
	return true;
}

static void token_read_at(struct reader *reader, struct str unwrapped, size_t at,
			  struct token *token)
{
	struct str text = reader->text;
	size_t length;

	if (ascii_is_digit(text.p[at])) {
		token->end = read_number(text, at, token);
		return;
	}
	if (text.p[at] >= 0 && text.p[at] < ' ') {
		token->kind = TOKEN_BREAK;
		token->value = (uint32_t)text.p[at];
		token->end = at + 1;
		return;
	}
	length = 1;
	token->value = text.p[at] >= 0 ? (uint32_t)text.p[at] : text_code_point(text, at, &length);
	if (token->value >= 0x3007 && cjk_digit(token->value) >= 0 &&
	    read_cjk_number(reader, text, at, token))
		return;
	token->meaning = words_match(reader->words, unwrapped, at, &length);
	/* A sign alone stays one, whatever a language file lists. */
	if (token->meaning != NULL && length == 1 && !ascii_is_alnum(text.p[at]))
		token->meaning = NULL;
	if (token->meaning != NULL) {
		token->kind = TOKEN_WORD;
		token->end = at + length;
		return;
	}
	token->end = read_letters(text, at);
	token->letter = token->end > at;
	token->kind = token->letter || code_point_is_cjk(token->value) ? TOKEN_WORD : TOKEN_SIGN;
	if (!token->letter) {
		text_code_point(text, at, &length);
		token->end = at + length;
	}
}

void tokens_read(struct reader *reader)
{
	struct str unwrapped = words_unwrap(reader->arena, reader->text);
	size_t cap = reader->text.n / TOKEN_OCTETS + 8, at = 0;
	bool glued = false;

	cap = cap < TOKENS_MAX ? cap : TOKENS_MAX;
	reader->tokens = ARENA_ARRAY(reader->arena, cap, struct token);
	while (at < reader->text.n && reader->n < TOKENS_MAX) {
		if (reader->text.p[at] == ' ' || reader->text.p[at] == '\t') {
			at++;
			glued = false;
			continue;
		}
		ARENA_ROOM(reader->arena, reader->tokens, reader->n, cap);
		struct token *token = &reader->tokens[reader->n++];

		*token = (struct token){ .glued = glued, .begin = at };
		token_read_at(reader, unwrapped, at, token);
		at = token->end;
		glued = token->kind != TOKEN_BREAK;
	}
}
