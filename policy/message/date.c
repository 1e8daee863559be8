#include "policy/message/date.h"

struct scan {
	struct str rest;
};

static void skip_space(struct scan *scan)
{
	size_t depth = 0;

	while (scan->rest.n > 0) {
		char c = scan->rest.p[0];

		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !ascii_is_space(c) && c != ',')
			return;
		scan->rest = str_skip(scan->rest, 1);
	}
}

/* A run of at most 4 digits; false where there is none. */
static bool take_number(struct scan *scan, int *ret_number, size_t *ret_digits)
{
	size_t n = 0;
	int number = 0;

	skip_space(scan);
	for (; n < scan->rest.n && n < 4 && ascii_is_digit(scan->rest.p[n]); n++)
		number = number * 10 + (scan->rest.p[n] - '0');
	if (n == 0)
		return false;
	scan->rest = str_skip(scan->rest, n);
	*ret_number = number;
	*ret_digits = n;
	return true;
}

static struct str take_word(struct scan *scan)
{
	size_t n = 0;
	struct str word;

	skip_space(scan);
	while (n < scan->rest.n && ascii_is_alpha(scan->rest.p[n]))
		n++;
	word = str_head(scan->rest, n);
	scan->rest = str_skip(scan->rest, n);
	return word;
}

static int month_number(struct str word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12 && word.n >= 3; i++) {
		if (str_eq_nocase(str_head(word, 3), (struct str){ names + i * 3, 3 }))
			return i + 1;
	}
	return 0;
}

static bool take_colon(struct scan *scan)
{
	skip_space(scan);
	if (scan->rest.n == 0 || scan->rest.p[0] != ':')
		return false;
	scan->rest = str_skip(scan->rest, 1);
	return true;
}

static int zone_offset(struct scan *scan)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = { { "edt", -4 }, { "est", -5 }, { "cdt", -5 }, { "cst", -6 },
		      { "mdt", -6 }, { "mst", -7 }, { "pdt", -7 }, { "pst", -8 } };
	struct str word;
	int sign, number;
	size_t digits;

	skip_space(scan);
	if (scan->rest.n > 0 && (scan->rest.p[0] == '+' || scan->rest.p[0] == '-')) {
		sign = scan->rest.p[0] == '-' ? -1 : 1;
		scan->rest = str_skip(scan->rest, 1);
		if (!take_number(scan, &number, &digits) || digits != 4)
			return 0;
		return sign * (number / 100 * 3600 + number % 100 * 60);
	}
	word = take_word(scan);
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		if (str_is_nocase(word, zones[i].name))
			return zones[i].hours * 3600;
	}
	return 0;
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar. */
static int64_t days_of(int year, int month, int day)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int64_t past = year - 1;

	return past * 365 + past / 4 - past / 100 + past / 400 - 719162 + before[month - 1] +
	       (leap && month > 2) + day - 1;
}

static int full_year(int year, size_t digits)
{
	if (digits == 2)
		return year < 50 ? year + 2000 : year + 1900;
	return digits == 3 ? year + 1900 : year;
}

bool date_read(struct str value, int64_t *ret_time)
{
	struct scan scan = { str_trim(value) };
	int day, month, year, hour, minute, second = 0;
	size_t digits;

	take_word(&scan);
	if (!take_number(&scan, &day, &digits))
		return false;
	month = month_number(take_word(&scan));
	if (month == 0 || day < 1 || day > 31 || !take_number(&scan, &year, &digits))
		return false;
	year = full_year(year, digits);
	if (year < 1 || !take_number(&scan, &hour, &digits) || !take_colon(&scan) ||
	    !take_number(&scan, &minute, &digits))
		return false;
	if (take_colon(&scan) && !take_number(&scan, &second, &digits))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	*ret_time = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
		    zone_offset(&scan);
	return true;
}
