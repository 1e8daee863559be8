#include "policy/notice/when_atoms.h"

const struct token token_end = { .kind = TOKEN_END };

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
		uint32_t c = text_code_point(text, i, &length);

		if (c < 0x80 ? !ascii_is_alpha((char)c)
			     : (c < 0xc0 && c != 0xaa && c != 0xba) ||
				       (c >= 0x2000 && c < 0x2c00) || c >= 0x2e80)
			break;
		i += length;
	}
	return i;
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
	token->value = text_code_point(text, at, &length);
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
	size_t cap = 0, at = 0;
	bool glued = false;

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
