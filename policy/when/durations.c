#include "policy/when/atoms.h"

int unit_minutes(const struct token *token)
{
	if (token_word(token, WORD_MINUTES) != NULL)
		return 1;
	if (token_word(token, WORD_HOURS) != NULL)
		return 60;
	if (token_word(token, WORD_DAYS) != NULL)
		return 24 * 60;
	return token_word(token, WORD_WEEKS) != NULL ? 7 * 24 * 60 : 0;
}

/* "2", "1.5", "2,5", "two", "two and a half", "half a(n)" at *k, in sixtieths; 0 for none. */
static int amount_at(const struct reader *reader, size_t *k)
{
	const struct token *token = reader_peek(reader, *k), *after = reader_peek(reader, *k + 1);
	const struct word_meaning *word = token_word(token, WORD_NUMBER);
	int amount = 0;

	if (token->kind == TOKEN_NUMBER && token->digits <= 4) {
		amount = (int)token->value * 60;
		*k += 1;
		if ((token_is_sign(after, '.') || token_is_sign(after, ',')) && after->glued &&
		    reader_peek(reader, *k + 1)->kind == TOKEN_NUMBER &&
		    reader_peek(reader, *k + 1)->digits == 1 && reader_peek(reader, *k + 1)->glued) {
			amount += (int)reader_peek(reader, *k + 1)->value * 6;
			*k += 2;
		}
	} else if (word != NULL) {
		amount = word->value;
		*k += 1;
	}
	if (token_word(reader_peek(reader, *k), WORD_HALF) != NULL) {
		/* "eine halbe Stunde" is a half, "iki buçuk saat" two and a half. */
		amount = amount == 60 && word != NULL ? 30 : amount + 30;
		*k += 1;
		if (token_word(reader_peek(reader, *k), WORD_NUMBER) != NULL)
			*k += 1;
	}
	return amount;
}

/* "two- to", "two to": the amount at reader->i is the greater of two. */
static bool ends_span(const struct reader *reader)
{
	const struct token *link = token_before(reader, 1), *amount = token_before(reader, 2);

	return amount != NULL && (token_is_link(link) || token_word(link, WORD_OR) != NULL) &&
	       (token_is_sign(amount, '-') || amount->kind == TOKEN_NUMBER ||
		token_word(amount, WORD_NUMBER) != NULL);
}

/* "two-hour", "4-stündige", "zweistündige"; of "two- to four-hour" the length is not known. */
static bool read_adjective(struct reader *reader, struct atom *ret_atom)
{
	const struct word_meaning *word = token_word(reader_peek(reader, 0), WORD_LASTING);
	const struct token *dash;
	size_t k = 0;
	int amount, unit = 60;

	if (word != NULL) {
		amount = word->value;
		k = 1;
	} else {
		amount = amount_at(reader, &k);
		dash = reader_peek(reader, k);
		if (!token_is_sign(dash, '-') || !dash->glued || !reader_peek(reader, k + 1)->glued)
			return false;
		unit = unit_minutes(reader_peek(reader, k + 1));
		k += 2;
	}
	if (amount == 0 || unit == 0)
		return false;
	*ret_atom = (struct atom){ .kind = ATOM_DURATION,
				   .begin = reader_peek(reader, 0)->begin,
				   .end = reader_peek(reader, k - 1)->end,
				   .value = (int)((int64_t)amount * unit / 60),
				   .vague = ends_span(reader),
				   .adjective = true };
	reader->i += k;
	return true;
}

bool read_duration(struct reader *reader, struct atom *ret_atom)
{
	size_t k = 0;
	int amount, unit, minutes;
	bool vague = false;

	if (read_adjective(reader, ret_atom))
		return true;
	amount = amount_at(reader, &k);
	if (amount == 0)
		return false;
	if (token_is_link(reader_peek(reader, k)) || token_word(reader_peek(reader, k), WORD_OR) != NULL) {
		k++;
		vague = true;
		if (amount_at(reader, &k) == 0)
			return false;
	}
	unit = unit_minutes(reader_peek(reader, k));
	if (unit == 0)
		return false;
	k++;
	minutes = (int)((int64_t)amount * unit / 60);
	if (token_is_sign(reader_peek(reader, k), '(') && reader_peek(reader, k)->glued &&
	    reader_peek(reader, k + 1)->kind == TOKEN_WORD &&
	    reader_peek(reader, k + 1)->end - reader_peek(reader, k + 1)->begin <= 2 &&
	    token_is_sign(reader_peek(reader, k + 2), ')'))
		k += 3; /* "minute(s)" */
	if (unit == 60) {
		size_t more = k;
		int rest;

		if (token_word(reader_peek(reader, more), WORD_AND) != NULL)
			more++;
		rest = amount_at(reader, &more);
		if (rest > 0 && token_word(reader_peek(reader, more), WORD_MINUTES) != NULL) {
			minutes += rest / 60;
			k = more + 1;
		} else if (token_word(reader_peek(reader, k), WORD_HALF) != NULL) {
			minutes += 30;
			k++;
		} else if (reader_peek(reader, k)->kind == TOKEN_NUMBER &&
			   reader_peek(reader, k)->digits == 2 && reader_peek(reader, k)->value < 60 &&
			   reader_peek(reader, k - 1)->end - reader_peek(reader, k - 1)->begin == 1) {
			minutes += (int)reader_peek(reader, k)->value; /* "2 h 30" */
			k++;
		}
	}
	*ret_atom = (struct atom){ .kind = ATOM_DURATION,
				   .begin = reader_peek(reader, 0)->begin,
				   .end = reader_peek(reader, k - 1)->end,
				   .value = minutes,
				   .vague = vague };
	reader->i += k;
	return true;
}
