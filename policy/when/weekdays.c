#include "policy/when/dates.h"

/* Octets of a word between "first Wednesday" and the month. */
#define FILLER_MAX 6

bool read_iso_week(struct reader *reader, struct atom *ret_atom)
{
	const struct token *week = reader_peek(reader, 3), *day = reader_peek(reader, 5);
	int year = (int)reader_peek(reader, 0)->value;
	struct date_part date = { .year = 0 };
	int64_t fourth, monday;

	if (!token_is_year(reader_peek(reader, 0)) || !token_is_sign(reader_peek(reader, 1), '-') ||
	    !token_text_is(reader, reader_peek(reader, 2), "w") || week->kind != TOKEN_NUMBER ||
	    week->digits != 2 || week->value < 1 || week->value > 53 ||
	    !token_is_sign(reader_peek(reader, 4), '-') || day->kind != TOKEN_NUMBER ||
	    day->digits != 1 || day->value < 1 || day->value > 7)
		return false;
	/* The week of 4 January is the first. */
	fourth = civil_days(year, 1, 4);
	monday = fourth - (civil_weekday(fourth) + 6) % 7;
	civil_from_days(monday + ((int64_t)week->value - 1) * 7 + (int64_t)day->value - 1,
			&date.year, &date.month, &date.day);
	return date_finish(reader, 6, date, ret_atom);
}

/* Behind the few words that may stand between "first Wednesday" and "April": "du mois d'". */
static size_t skip_to_month(const struct reader *reader, size_t k)
{
	for (size_t at = k; at < k + 4; at++) {
		const struct token *token = reader_peek(reader, at);

		if (token_word(token, WORD_MONTH) != NULL || token_word(token, WORD_NEXT_MONTH) != NULL ||
		    token_word(token, WORD_THIS_MONTH) != NULL)
			return at;
		if (!(token->kind == TOKEN_WORD && token->end - token->begin <= FILLER_MAX) &&
		    token_word(token, WORD_FILL) == NULL && !token_is_sign(token, '\''))
			break;
	}
	return k;
}

bool read_nth_weekday(struct reader *reader, struct atom *ret_atom)
{
	const struct word_meaning *ordinal = token_word(reader_peek(reader, 0), WORD_ORDINAL);
	const struct word_meaning *weekday = token_word(reader_peek(reader, 1), WORD_WEEKDAY);
	const struct word_meaning *month;
	struct date_part date = { .year = 0 };
	const struct token *token;
	size_t k;

	if (ordinal == NULL || weekday == NULL)
		return false;
	k = skip_to_month(reader, 2);
	token = reader_peek(reader, k);
	month = token_word(token, WORD_MONTH);
	if (month == NULL && token_word(token, WORD_NEXT_MONTH) == NULL &&
	    token_word(token, WORD_THIS_MONTH) == NULL)
		return false;
	k++;
	date.nth = ordinal->value;
	date.nth_weekday = weekday->value;
	date.month = month != NULL ? month->value : 0;
	date.months_ahead = token_word(token, WORD_NEXT_MONTH) != NULL;
	date.year = date_year_at(reader, &k, 0);
	return date_finish(reader, k, date, ret_atom);
}

bool read_nth_after_month(struct reader *reader, size_t k, int year, int month,
				 struct atom *ret_atom)
{
	struct date_part date = { .year = year, .month = month };
	const struct word_meaning *ordinal, *weekday;
	const struct token *token = reader_peek(reader, k);

	if (token->kind == TOKEN_WORD && token_word(token, WORD_ORDINAL) == NULL)
		k++;
	ordinal = token_word(reader_peek(reader, k), WORD_ORDINAL);
	if (ordinal == NULL)
		return false;
	k++;
	token = reader_peek(reader, k);
	if (token->kind == TOKEN_WORD && token_word(token, WORD_WEEKDAY) == NULL &&
	    code_point_is_cjk(token->value))
		k++;
	weekday = token_word(reader_peek(reader, k), WORD_WEEKDAY);
	if (weekday == NULL)
		return false;
	date.nth = ordinal->value;
	date.nth_weekday = weekday->value;
	return date_finish(reader, k + 1, date, ret_atom);
}
