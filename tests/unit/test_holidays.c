/* test_holidays.c - calendars of holidays: the days they mean, and what is refused with its line */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "policy/base/utc.h"
#include "policy/rules/holidays.h"

#define BEGIN "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
#define END "END:VCALENDAR\r\n"
#define EVENT(lines) "BEGIN:VEVENT\r\n" lines "END:VEVENT\r\n"

/* The days up to 2030, separated by spaces; or the faults, each with its line. */
static const char *read_days(struct arena *arena, const char *text)
{
	struct day_list days = { 0 };
	struct str out = STR_LIT("");
	struct diag diag;

	diag_init(&diag, arena);
	holidays_read(arena, &diag, STR_LIT("h.ics"), str_from(text), &days);
	holidays_sort(&days);
	for (size_t i = 0; i < diag.n; i++)
		out = arena_printf(arena, "%.*s%s%u: %.*s", STR_ARG(out), i > 0 ? "\n" : "",
				   diag.entries[i].line, STR_ARG(diag.entries[i].text));
	for (size_t i = 0; diag.n == 0 && i < days.n && days.items[i] < 22280; i++)
		out = arena_printf(arena, "%.*s%s%.*s", STR_ARG(out), i > 0 ? " " : "",
				   STR_ARG(utc_date(arena, days.items[i])));
	return arena_cstr(arena, out);
}

static void test_days(void **state)
{
	static const struct {
		const char *text, *days;
	} rows[] = {
		{ EVENT("DTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\n"), "2026-12-25" },
		/* DTEND is the day after; many days, in any order, each once. */
		{ EVENT("DTEND;VALUE=DATE:20270102\r\nDTSTART;VALUE=DATE:20261231\r\n")
		  EVENT("DTSTART:20261224\r\nDTEND:20261224\r\n") EVENT("DTSTART:20261231\r\n"),
		  "2026-12-24 2026-12-31 2027-01-01" },
		{ EVENT("DTSTART:20260101T000000Z\r\nDTEND:20260102T000000Z\r\n"), "2026-01-01" },
		{ EVENT("DTSTART:20260101\r\nDURATION:P2D\r\n"), "2026-01-01 2026-01-02" },
		{ EVENT("DTSTART:20260101\r\nSTATUS:CANCELLED\r\n") EVENT("DTSTART:20260106\r\n"),
		  "2026-01-06" },
		/* Every year. */
		{ EVENT("DTSTART:20261225\r\nDTEND:20261227\r\nRRULE:FREQ=YEARLY;COUNT=2\r\n"),
		  "2026-12-25 2026-12-26 2027-12-25 2027-12-26" },
		{ EVENT("DTSTART:20270501\r\nRRULE:FREQ=YEARLY;UNTIL=20290501T000000Z;WKST=MO\r\n"),
		  "2027-05-01 2028-05-01 2029-05-01" },
		{ EVENT("DTSTART:20200101\r\nRRULE:FREQ=YEARLY;INTERVAL=4\r\n"),
		  "2020-01-01 2024-01-01 2028-01-01" },
		{ EVENT("DTSTART:20240229\r\nRRULE:FREQ=YEARLY\r\n"), "2024-02-29 2028-02-29" },
		{ EVENT("DTSTART:20251127\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\n"),
		  "2025-11-27 2026-11-26 2027-11-25 2028-11-23 2029-11-22 2030-11-28" },
		{ EVENT("DTSTART:20280529\r\nRRULE:FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5\r\n"),
		  "2028-05-29 2029-05-28 2030-05-27" },
		{ EVENT("DTSTART:20290105\r\nRRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=6\r\n"),
		  "2029-01-06 2030-01-06" },
		/* A folded line; what stands in other components is not the event's. */
		{ EVENT("DTSTART;VALUE=DA\r\n TE:2026\r\n 1225\r\nBEGIN:VALARM\r\n"
			"TRIGGER:-PT1H\r\nDTSTART:19700101\r\nEND:VALARM\r\n"),
		  "2026-12-25" },
		{ "BEGIN:VTIMEZONE\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\n"
		  "RRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
		  EVENT("DTSTART:20261225\r\n"), "2026-12-25" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str text = arena_printf(arena, "%s%s%s", BEGIN, rows[i].text, END);

		assert_string_equal(read_days(arena, text.p), rows[i].days);
	}
	assert_string_equal(read_days(arena, "\xef\xbb\xbf" BEGIN EVENT("DTSTART:20261225\r\n") END),
			    "2026-12-25");
	arena_free(arena);
}

#define ALLOWED                                                                               \
	" in an RRULE is not read here; what is: FREQ=YEARLY with INTERVAL, COUNT, UNTIL, "   \
	"and BYMONTH with or without a BYMONTHDAY or a BYDAY such as 4TH or -1MO"

static void test_faults(void **state)
{
	static const struct {
		const char *text, *faults;
	} rows[] = {
		{ "", "1: no calendar: it does not begin with BEGIN:VCALENDAR" },
		{ "BEGIN:VEVENT\r\n", "1: no calendar: it does not begin with BEGIN:VCALENDAR" },
		{ BEGIN END, "1: a calendar without a VEVENT" },
		{ BEGIN "BEGIN:VEVENT\r\nDTSTART:20260101\r\n",
		  "5: the calendar breaks off: an END is missing" },
		{ BEGIN EVENT("SUMMARY:x\r\n") END, "3: a VEVENT without a DTSTART" },
		{ BEGIN EVENT("DTSTART:20260230\r\n") END,
		  "4: \"20260230\" is no whole day such as 20261225 of the years 1900 to 2199" },
		{ BEGIN EVENT("DTSTART:20261224T120000\r\n") END,
		  "4: \"20261224T120000\" is no whole day such as 20261225 of the years 1900 to 2199" },
		{ BEGIN EVENT("DTSTART:20261225\r\nDTEND:20261224\r\n") END,
		  "3: a VEVENT that lasts from 1 to 366 days is a holiday" },
		{ BEGIN EVENT("DTSTART:20261225\r\nDTEND:20281225\r\n") END,
		  "3: a VEVENT that lasts from 1 to 366 days is a holiday" },
		{ BEGIN EVENT("DTSTART:20261225\r\nDURATION:PT36H\r\n") END,
		  "5: \"PT36H\" is no number of days such as P1D" },
		{ BEGIN EVENT("DTSTART:20261225\r\nRRULE:FREQ=SECONDLY\r\n") END,
		  "5: \"FREQ=SECONDLY\"" ALLOWED },
		{ BEGIN EVENT("DTSTART:20261225\r\nRRULE:COUNT=2\r\n") END, "5: \"COUNT=2\"" ALLOWED },
		{ BEGIN EVENT("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;BYWEEKNO=1\r\n") END,
		  "5: \"BYWEEKNO=1\"" ALLOWED },
		{ BEGIN EVENT("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;BYMONTH=1,2\r\n") END,
		  "5: \"BYMONTH=1,2\"" ALLOWED },
		{ BEGIN EVENT("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;BYDAY=4TH\r\n") END,
		  "5: \"FREQ=YEARLY;BYDAY=4TH\"" ALLOWED },
		{ BEGIN EVENT("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;BYMONTHDAY=25\r\n") END,
		  "5: \"FREQ=YEARLY;BYMONTHDAY=25\"" ALLOWED },
		{ BEGIN EVENT("DTSTART:20260131\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n") END,
		  "5: no year has the day of this RRULE" },
		{ BEGIN EVENT("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;COUNT=100000\r\n") END,
		  "5: \"COUNT=100000\"" ALLOWED },
		{ BEGIN EVENT("DTSTART:20261225\r\nEXDATE:20271225\r\n") END,
		  "5: EXDATE is not read here: give each day a VEVENT" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(read_days(arena, rows[i].text), rows[i].faults);
	arena_free(arena);
}

/* A calendar as large as one may be that returns every year is refused, and soon. */
static void test_too_many(void **state)
{
	struct arena *arena = arena_new();
	struct str text = STR_LIT(BEGIN);
	const char *faults;

	(void)state;
	for (int i = 0; i < 5; i++)
		text = arena_printf(arena, "%.*s%s", STR_ARG(text),
				    EVENT("DTSTART:19000101\r\nDTEND:19010101\r\n"
					  "RRULE:FREQ=YEARLY\r\n"));
	text = arena_printf(arena, "%.*s%s", STR_ARG(text), END);
	faults = read_days(arena, text.p);
	assert_non_null(strstr(faults, "more than 200000 holidays in all"));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
