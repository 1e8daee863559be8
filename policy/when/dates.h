/* dates.h - what the readers of dates share: days and months (dates.c), weeks and
 * weekdays of a month (weekdays.c)
 */
#ifndef POLICY_WHEN_DATES_H
#define POLICY_WHEN_DATES_H

#include "policy/when/atoms.h"

#define YEAR_FIRST 2000
#define YEAR_LAST 2099

static inline bool token_is_number(const struct token *token, unsigned digits_max)
{
	return token->kind == TOKEN_NUMBER && token->digits <= digits_max;
}

static inline bool token_is_year(const struct token *token)
{
	return token->kind == TOKEN_NUMBER && token->digits == 4 && token->value >= YEAR_FIRST &&
	       token->value <= YEAR_LAST;
}

static inline bool token_text_is(const struct reader *reader, const struct token *token, const char *z)
{
	return token->kind == TOKEN_WORD &&
	       str_is((struct str){ reader->text.p + token->begin, token->end - token->begin }, z);
}

#define LANGUAGE_OF_SIGNS 31 /* 年月日 */

/* The bit of date_part.languages for an index of word_meaning.language; -1 is any. */
static inline uint32_t language_bit(int language)
{
	return language < 0 ? 0x7fffffff : (uint32_t)1 << language % LANGUAGE_OF_SIGNS;
}

/* In which languages the token is the name of that month. */
uint32_t month_languages(const struct token *token, int month);

/* The year behind day and month, at k; 0 where there is none. separator is what stood between
 * those two, 0 for a space. */
int date_year_at(const struct reader *reader, size_t *k, uint32_t separator);
/* Makes an atom of the k tokens ahead and moves behind them; false, and nothing done, where no
 * calendar has that date. */
bool date_finish(struct reader *reader, size_t k, struct date_part date, struct atom *ret_atom);

/* "first Wednesday of April 2026", "first Wednesday of next month". */
bool read_nth_weekday(struct reader *reader, struct atom *ret_atom);
/* "4月の第1水曜日", "Nisan ayının ilk çarşambası": behind the month, at k. */
bool read_nth_after_month(struct reader *reader, size_t k, int year, int month,
			  struct atom *ret_atom);
/* "2026-W12-6": ISO 8601's weeks. */
bool read_iso_week(struct reader *reader, struct atom *ret_atom);

#endif
