#include "policy/when/dates.h"

/* A number inside "SB-2026-07-1", "10.1.2.3" or "+44 20" does not begin a date. */
static bool number_is_inside(const struct reader *reader)
{
	const struct token *token = reader_peek(reader, 0);
	size_t at = token->begin;
	char before = at > 0 ? reader->text.p[at - 1] : ' ';

	if (!token->glued)
		return false;
	if (ascii_is_alpha(before) || before == '_' || before == '#' || before == '+' ||
	    before == '$')
		return true;
	if (before == '/' && token_is_year(token))
		return false; /* the second half of an interval */
	return at > 1 && (before == '-' || before == '.' || before == '/' || before == ':') &&
	       ascii_is_alnum(reader->text.p[at - 2]);
}

/* Behind the letters of an ordinal: "28th", "1er", "5:e", "21-го". */
static size_t skip_ordinal(const struct reader *reader, size_t k)
{
	static const char *const letters[] = { "st", "nd", "rd", "th", "er", "e", "o", "a",
					       "го", "ro", "re", "de", "ste" };
	size_t at = k;

	if (token_is_sign(reader_peek(reader, at), ':') ||
	    token_is_sign(reader_peek(reader, at), '-'))
		at++;
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		const struct token *token = reader_peek(reader, at);

		if (token->glued && token_text_is(reader, token, letters[i]))
			return at + 1;
	}
	return k;
}

uint32_t month_languages(const struct token *token, int month)
{
	uint32_t languages = 0;

	for (const struct word_meaning *m = token->meaning; m != NULL; m = m->next) {
		if (m->kind == WORD_MONTH && m->value == month)
			languages |= language_bit(m->language);
	}
	return languages;
}

/* Behind "of", "de", "the", and what else may stand between day and month; a line that was
 * wrapped too. */
static size_t skip_filler(const struct reader *reader, size_t k)
{
	for (int i = 0; i < 3; i++) {
		const struct token *token = reader_peek(reader, k);

		if (token_word(token, WORD_FILL) == NULL &&
		    !(token->kind == TOKEN_BREAK && token->value == SIGN_LINE))
			break;
		k++;
	}
	return k;
}

static bool day_fits(int year, int month, int day)
{
	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= civil_month_length(year > 0 ? year : 2024, month);
}

static int full_year(const struct token *token)
{
	return token->digits == 4 ? (int)token->value : 2000 + (int)token->value;
}

int date_year_at(const struct reader *reader, size_t *k, uint32_t separator)
{
	size_t at = *k;
	const struct token *token = reader_peek(reader, at);

	if (separator != 0 && token_is_sign(token, separator) &&
	    token_is_number(reader_peek(reader, at + 1), 4) &&
	    reader_peek(reader, at + 1)->digits != 3 && reader_peek(reader, at + 1)->digits > 1) {
		*k = at + 2;
		return full_year(reader_peek(reader, at + 1));
	}
	if (token_is_sign(token, ',') || token_is_sign(token, '.') || token_is_sign(token, '-'))
		token = reader_peek(reader, ++at);
	at = skip_filler(reader, at);
	token = reader_peek(reader, at);
	if (token_is_year(token) && !token_is_sign(reader_peek(reader, at + 1), ':')) {
		*k = at + 1;
		return full_year(token);
	}
	if (token_is_sign(token, '\'') && token_is_number(reader_peek(reader, at + 1), 2) &&
	    reader_peek(reader, at + 1)->digits == 2) {
		*k = at + 2;
		return full_year(reader_peek(reader, at + 1));
	}
	return 0;
}

bool date_finish(struct reader *reader, size_t k, struct date_part date, struct atom *ret_atom)
{
	if (date.nth == 0 && !day_fits(date.year, date.month, date.day))
		return false;
	date.has = true;
	*ret_atom = (struct atom){ .kind = ATOM_DATE,
				   .begin = reader_peek(reader, 0)->begin,
				   .end = reader_peek(reader, k - 1)->end,
				   .date = date };
	reader->i += k;
	return true;
}

/* "20 VI 2026", "20.VI.2026"; a year has to follow. 0 where it is none. */
static int roman_month(const struct reader *reader, size_t k)
{
	static const char *const roman[] = { "i", "ii", "iii", "iv", "v", "vi",
					     "vii", "viii", "ix", "x", "xi", "xii" };
	size_t year = k + 1 + token_is_sign(reader_peek(reader, k + 1), '.');

	if (!token_is_year(reader_peek(reader, year)))
		return 0;
	for (size_t i = 0; i < sizeof roman / sizeof *roman; i++) {
		if (token_text_is(reader, reader_peek(reader, k), roman[i]))
			return (int)i + 1;
	}
	return 0;
}

/* "6. Dez. um 22 Uhr", but not "bis 6. März. Das Update ...": there the point ends the sentence. */
static bool month_is_short(const struct token *token)
{
	for (const struct word_meaning *m = token->meaning; m != NULL; m = m->next) {
		if (m->kind == WORD_MONTH && !m->shortened)
			return false;
	}
	return true;
}

/* "5 June 2026", "05-Jun-26", "5. Juni", "1er avril", at k; *k moves behind it. */
static bool day_month_at(const struct reader *reader, size_t *k, struct date_part *date)
{
	size_t at = *k;
	const struct token *day = reader_peek(reader, at), *token;
	const struct word_meaning *month;
	uint32_t separator = 0, languages;
	int value;

	if (!token_is_number(day, 2))
		return false;
	at = skip_ordinal(reader, at + 1);
	token = reader_peek(reader, at);
	if (token_is_sign(token, '-') || token_is_sign(token, '/') || token_is_sign(token, '.')) {
		separator = token->value;
		at++;
	}
	at = skip_filler(reader, at);
	month = token_word(reader_peek(reader, at), WORD_MONTH);
	value = month != NULL ? month->value : roman_month(reader, at);
	if (value == 0)
		return false;
	languages = month_languages(reader_peek(reader, at), value);
	if (token_is_sign(reader_peek(reader, at + 1), '.') && reader_peek(reader, at + 1)->glued &&
	    month_is_short(reader_peek(reader, at)))
		at++;
	at++;
	*date = (struct date_part){ .day = (int)day->value, .month = value, .languages = languages };
	date->year = date_year_at(reader, &at, separator == '.' ? 0 : separator);
	*k = at;
	return day_fits(date->year, date->month, date->day);
}

/* "21.06.2026" or "21.06." at k. */
static bool numeric_at(const struct reader *reader, size_t k, struct date_part *date)
{
	const struct token *day = reader_peek(reader, k), *month = reader_peek(reader, k + 2);

	if (!token_is_number(day, 2) || !token_is_sign(reader_peek(reader, k + 1), '.') ||
	    !token_is_number(month, 2) || !token_is_sign(reader_peek(reader, k + 3), '.'))
		return false;
	*date = (struct date_part){ .day = (int)day->value, .month = (int)month->value };
	if (token_is_year(reader_peek(reader, k + 4)))
		date->year = full_year(reader_peek(reader, k + 4));
	return day_fits(date->year, date->month, date->day);
}

/* Behind "le dimanche" in "20 au dimanche 21 juin". */
static size_t skip_weekday(const struct reader *reader, size_t k)
{
	size_t at = skip_filler(reader, k);

	if (token_word(reader_peek(reader, at), WORD_AT) != NULL)
		at++;
	if (token_word(reader_peek(reader, at), WORD_WEEKDAY) == NULL)
		return skip_filler(reader, k);
	at++;
	if (token_is_sign(reader_peek(reader, at), '.'))
		at++;
	if (token_is_sign(reader_peek(reader, at), ','))
		at++;
	return skip_filler(reader, at);
}

/* "20-22 June 2026", "20 and 21 June": the first day alone; the rest is read next. */
static bool read_day_of_range(struct reader *reader, struct atom *ret_atom)
{
	size_t k, end = skip_ordinal(reader, 1);
	const struct token *token;
	struct date_part date;
	bool also, night;

	if (token_is_sign(reader_peek(reader, end), '.'))
		end++;
	token = reader_peek(reader, end);
	also = token_word(token, WORD_AND) != NULL || token_is_sign(token, '&');
	night = token_word(token, WORD_AT) != NULL;
	if (!token_is_sign(token, '-') && !token_is_sign(token, '/') && !token_is_sign(token, '~') &&
	    !also && !night && token_word(token, WORD_TO) == NULL &&
	    token_word(token, WORD_UNTIL) == NULL)
		return false;
	k = skip_weekday(reader, end + 1);
	if ((!day_month_at(reader, &k, &date) && !numeric_at(reader, k, &date)) ||
	    (int)reader_peek(reader, 0)->value >= date.day)
		return false;
	/* "20 op 21 juni": the night between two days. */
	if (night && (int)reader_peek(reader, 0)->value + 1 != date.day)
		return false;
	if (!also)
		reader->link_at = reader->i + end;
	date.day = (int)reader_peek(reader, 0)->value;
	return date_finish(reader, end, date, ret_atom);
}

/* A short name that is no month of English ("sie" is August in Polish) may be any word. */
static bool month_is_doubtful(const struct reader *reader)
{
	const struct token *token = reader_peek(reader, 0);

	if (token->end - token->begin > 4)
		return false;
	for (const struct word_meaning *m = token->meaning; m != NULL; m = m->next) {
		if (m->kind == WORD_MONTH &&
		    (m->language < 0 || str_is(words_language(reader->words, m->language), "en")))
			return false;
	}
	return true;
}

/* "June 6, 2026", "Jun-05-2026", "March 14th". */
static bool read_month_first(struct reader *reader, struct atom *ret_atom)
{
	const struct word_meaning *month = token_word(reader_peek(reader, 0), WORD_MONTH);
	size_t k = 1, behind;
	const struct token *day;
	uint32_t separator = 0;
	struct date_part date;

	if (month == NULL)
		return false;
	if (token_is_sign(reader_peek(reader, k), '.') || token_is_sign(reader_peek(reader, k), '-')) {
		separator = reader_peek(reader, k)->value;
		k++;
	}
	if (separator == 0 && read_nth_after_month(reader, k, 0, month->value, ret_atom))
		return true;
	k = skip_filler(reader, k);
	day = reader_peek(reader, k);
	if (!token_is_number(day, 2) || day_fits(0, month->value, (int)day->value) == false)
		return false;
	k = skip_ordinal(reader, k + 1);
	behind = k + token_is_sign(reader_peek(reader, k), '.');
	/* "mar. 17 mars", "Sie am 20. Juni", "June 21:00", "March 7 hours" */
	if (token_word(reader_peek(reader, behind), WORD_MONTH) != NULL ||
	    token_word(reader_peek(reader, k), WORD_HOURS) != NULL ||
	    (token_is_sign(reader_peek(reader, k), ':') && reader_peek(reader, k + 1)->glued))
		return false;
	date = (struct date_part){ .day = (int)day->value,
				   .month = month->value,
				   .languages = month_languages(reader_peek(reader, 0), month->value) };
	date.year = date_year_at(reader, &k, separator == '-' ? separator : 0);
	if (date.year == 0 && month_is_doubtful(reader))
		return false;
	return date_finish(reader, k, date, ret_atom);
}

/* 2026年3月21日, 3月21日, 2026년 3월 21일, 令和8年3月21日. */
static bool read_signs(struct reader *reader, struct atom *ret_atom)
{
	const struct word_meaning *era = token_word(reader_peek(reader, 0), WORD_ERA);
	size_t k = era != NULL ? 1 : 0;
	struct date_part date = { .year = 0 };

	if (token_is_number(reader_peek(reader, k), 4) &&
	    token_word(reader_peek(reader, k + 1), WORD_YEAR_SIGN) != NULL) {
		date.year = (int)reader_peek(reader, k)->value + (era != NULL ? era->value : 0);
		if (date.year < 100)
			date.year += 2000;
		if (date.year < YEAR_FIRST)
			return false;
		k += 2;
	} else if (era != NULL) {
		return false;
	}
	if (!token_is_number(reader_peek(reader, k), 2) ||
	    token_word(reader_peek(reader, k + 1), WORD_MONTH_SIGN) == NULL)
		return false;
	date.month = (int)reader_peek(reader, k)->value;
	if (date.month >= 1 && date.month <= 12 &&
	    read_nth_after_month(reader, k + 2, date.year, date.month, ret_atom))
		return true;
	if (!token_is_number(reader_peek(reader, k + 2), 2) ||
	    token_word(reader_peek(reader, k + 3), WORD_DAY_SIGN) == NULL)
		return false;
	date.day = (int)reader_peek(reader, k + 2)->value;
	date.languages = (uint32_t)1 << LANGUAGE_OF_SIGNS;
	return date_finish(reader, k + 4, date, ret_atom);
}

/* 22日, the second day of a range whose first has the month. */
static bool read_day_sign(struct reader *reader, struct atom *ret_atom)
{
	const struct atom_list *atoms = reader->atoms;
	const struct token *day = reader_peek(reader, 0);

	if (!token_is_number(day, 2) || token_word(reader_peek(reader, 1), WORD_DAY_SIGN) == NULL)
		return false;
	for (size_t i = atoms->n; i-- > 0 && atoms->n - i < 12;) {
		struct date_part date = atoms->items[i].date;

		if (atoms->items[i].kind == ATOM_BREAK)
			break;
		if (atoms->items[i].kind != ATOM_DATE)
			continue;
		if (date.day > (int)day->value && ++date.month > 12) {
			date.month = 1;
			date.year += date.year != 0;
		}
		date.day = (int)day->value;
		return date_finish(reader, 2, date, ret_atom);
	}
	return false;
}

/* 2026-06-05, 2026/6/5, 2026. 6. 5., 2026-Jun-05, 2026 June 5, 20260605T... */
static bool read_year_first(struct reader *reader, struct atom *ret_atom)
{
	const struct token *year = reader_peek(reader, 0), *second;
	struct date_part date = { .year = (int)year->value };
	size_t k = 1;
	uint32_t separator = 0;

	if (year->kind == TOKEN_NUMBER && year->digits == 8 &&
	    token_text_is(reader, reader_peek(reader, 1), "t") && reader_peek(reader, 1)->glued) {
		date.year = (int)year->value / 10000;
		date.month = (int)year->value / 100 % 100;
		date.day = (int)year->value % 100;
		return date_finish(reader, 1, date, ret_atom);
	}
	if (!token_is_year(year))
		return false;
	if (reader_peek(reader, k)->kind == TOKEN_SIGN) {
		separator = reader_peek(reader, k)->value;
		if (separator != '-' && separator != '/' && separator != '.' && separator != ',')
			return false;
		k++;
	}
	second = reader_peek(reader, k);
	if (token_word(second, WORD_MONTH) != NULL) {
		date.month = token_word(second, WORD_MONTH)->value;
	} else if (separator != 0 && token_is_number(second, 2) &&
		   token_is_sign(reader_peek(reader, k + 1), separator)) {
		date.month = (int)second->value;
	} else {
		return false;
	}
	k++;
	if (separator != 0 && token_is_sign(reader_peek(reader, k), separator))
		k++;
	if (!token_is_number(reader_peek(reader, k), 2))
		return false;
	date.day = (int)reader_peek(reader, k)->value;
	if (date.month > 12 && date.day <= 12) {
		int swap = date.month;

		date.month = date.day;
		date.day = swap;
	}
	k = skip_ordinal(reader, k + 1);
	if (separator == '.' && token_is_sign(reader_peek(reader, k), '.') &&
	    reader_peek(reader, k)->glued)
		k++;
	return date_finish(reader, k, date, ret_atom);
}

/* Whether what stands around "6/13" or "21.6." says that a date is meant. */
static bool date_is_meant(const struct reader *reader, size_t k)
{
	const struct token *before = reader->i > 0 ? &reader->tokens[reader->i - 1] : NULL;
	const struct token *after = reader_peek(reader, k);

	for (size_t i = reader->i; i > 1 && (token_is_sign(before, ',') || token_is_sign(before, '.'));
	     i--)
		before--;
	if (before != NULL &&
	    (token_word(before, WORD_WEEKDAY) != NULL || token_word(before, WORD_AT) != NULL ||
	     token_word(before, WORD_FROM) != NULL || token_word(before, WORD_UNTIL) != NULL ||
	     token_word(before, WORD_FILL) != NULL || token_word(before, WORD_DATE) != NULL))
		return true;
	if (token_is_sign(after, '(') || token_is_sign(after, ','))
		after = reader_peek(reader, ++k);
	return token_word(after, WORD_WEEKDAY) != NULL || token_word(after, WORD_CLOCK) != NULL ||
	       (after->kind == TOKEN_NUMBER && token_is_sign(reader_peek(reader, k + 1), ':'));
}

/* 26/8/2026, 06/13/2026, 21.06.2026, 21. 6. 2026, 21.6., 3/21(土) */
static bool read_numeric(struct reader *reader, struct atom *ret_atom)
{
	const struct token *first = reader_peek(reader, 0), *sign = reader_peek(reader, 1);
	const struct token *second = reader_peek(reader, 2), *third = reader_peek(reader, 4);
	struct date_part date = { .year = 0 };
	size_t k = 5;

	if (!token_is_number(first, 2) || !token_is_number(second, 2) || sign->kind != TOKEN_SIGN ||
	    (sign->value != '/' && sign->value != '.' && sign->value != '-') || !sign->glued ||
	    (sign->value != '.' && !second->glued))
		return false;
	if (token_is_sign(reader_peek(reader, 3), sign->value) && token_is_number(third, 4) &&
	    (third->digits == 4 ? token_is_year(third) : third->digits == 2 && third->glued)) {
		if (token_is_sign(reader_peek(reader, 5), sign->value) &&
		    reader_peek(reader, 6)->kind == TOKEN_NUMBER && reader_peek(reader, 6)->glued)
			return false;
		date.year = full_year(third);
	} else if (sign->value == '.' && token_is_sign(reader_peek(reader, 3), '.') &&
		   date_is_meant(reader, 4)) {
		k = 4;
	} else if (sign->value == '/' && date_is_meant(reader, 3)) {
		k = 3;
	} else {
		return false;
	}
	date.day = (int)first->value;
	date.month = (int)second->value;
	date.slashed = sign->value == '/';
	if (date.month > 12) {
		date.day = (int)second->value;
		date.month = (int)first->value;
		date.custom = 1;
	} else if (date.day > 12) {
		date.custom = sign->value == '.' ? 0 : -1;
	} else if (date.day <= 12 && date.day != date.month && sign->value != '.') {
		date.order = ORDER_EITHER;
	}
	return date_finish(reader, k, date, ret_atom);
}

/* "Sat Nov 21 03:00:00 2026", "Sat Nov 21 03:00:00 UTC 2026" (ctime, date(1)): the year of the
 * date before. */
bool read_late_year(struct reader *reader)
{
	const struct token *year = reader_peek(reader, 0), *after = reader_peek(reader, 1);
	struct atom_list *atoms = reader->atoms;
	size_t n = atoms->n;

	if (!token_is_year(year) || year->glued || n < 2 ||
	    (after->kind == TOKEN_SIGN && after->glued && after->value != '.' && after->value != ',' &&
	     after->value != ')'))
		return false;
	if (atoms->items[n - 1].kind == ATOM_ZONE && n > 2)
		n--;
	if (atoms->items[n - 1].kind != ATOM_CLOCK || atoms->items[n - 2].kind != ATOM_DATE ||
	    atoms->items[n - 2].date.year != 0)
		return false;
	atoms->items[n - 2].date.year = (int)year->value;
	atoms->items[atoms->n - 1].end = year->end;
	reader->i++;
	return true;
}

bool read_date(struct reader *reader, struct atom *ret_atom)
{
	const struct token *token = reader_peek(reader, 0);
	struct date_part date;
	size_t k = 0;

	if (token->kind == TOKEN_WORD)
		return token->meaning != NULL &&
		       (read_month_first(reader, ret_atom) || read_nth_weekday(reader, ret_atom) ||
			read_signs(reader, ret_atom));
	if (token->kind != TOKEN_NUMBER || number_is_inside(reader))
		return false;
	if (read_signs(reader, ret_atom) || read_iso_week(reader, ret_atom) ||
	    read_year_first(reader, ret_atom))
		return true;
	/* "20./21.06.2026": what stands before the year is no date of its own. */
	if (token_is_sign(reader_peek(reader, 1), '.') && reader_peek(reader, 2)->kind == TOKEN_SIGN &&
	    read_day_of_range(reader, ret_atom))
		return true;
	if (read_numeric(reader, ret_atom))
		return true;
	if (day_month_at(reader, &k, &date))
		return date_finish(reader, k, date, ret_atom);
	return read_day_of_range(reader, ret_atom) || read_day_sign(reader, ret_atom);
}
