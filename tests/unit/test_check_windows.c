/* test_check_windows.c - events within the hours of those they touch: midnight, summer time, several
 * zones, and zones that nobody knows */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "policy/rules/yaml.h"
#include "tests/unit/check_fixture.h"

static int64_t instant(const char *text)
{
	int64_t seconds = 0;

	assert_true(yaml_time_parse(str_from(text), &seconds));
	return seconds;
}

static enum outcome outcome_at(struct fixture *f, const char *start, const char *end)
{
	f->when.start = instant(start);
	f->when.has_end = end != NULL;
	f->when.end = end != NULL ? instant(end) : 0;
	return run(f, FINDING_LEAD_TIME_WINDOW)->outcome;
}

static void test_hours(void **state)
{
	static const struct {
		const char *window, *start, *end;
		bool within;
	} rows[] = {
		/* In winter Berlin is an hour ahead. */
		{ "{from: 08:00, to: 17:00, zone: Europe/Berlin}", "2026-03-10T07:00:00Z",
		  "2026-03-10T16:00:00Z", true },
		{ "{from: 08:00, to: 17:00, zone: Europe/Berlin}", "2026-03-10T06:59:00Z",
		  "2026-03-10T16:00:00Z", false },
		{ "{from: 08:00, to: 17:00, zone: Europe/Berlin}", "2026-03-10T07:00:00Z",
		  "2026-03-10T16:00:01Z", false },
		{ "{from: 08:00, to: 17:00, zone: Europe/Berlin}", "2026-03-10T16:00:00Z", NULL,
		  false },
		/* Over midnight, from either side. */
		{ "{from: 22:00, to: 04:00, zone: Europe/Berlin}", "2026-03-10T21:00:00Z",
		  "2026-03-11T03:00:00Z", true },
		{ "{from: 22:00, to: 04:00, zone: Europe/Berlin}", "2026-03-11T01:00:00Z",
		  "2026-03-11T03:00:00Z", true },
		{ "{from: 22:00, to: 04:00, zone: Europe/Berlin}", "2026-03-11T01:00:00Z",
		  "2026-03-11T03:01:00Z", false },
		{ "{from: 22:00, to: 04:00, zone: policy}", "2026-03-10T21:00:00Z", NULL, false },
		{ "{from: 22:00, to: 04:00, zone: policy}", "2026-03-10T22:00:00Z", NULL, true },
		/* Days are those on which it opens: Saturday 2026-03-14. */
		{ "{from: 22:00, to: 04:00, zone: policy, days: [saturday]}", "2026-03-15T01:00:00Z",
		  "2026-03-15T04:00:00Z", true },
		{ "{from: 22:00, to: 04:00, zone: policy, days: [saturday]}", "2026-03-14T01:00:00Z",
		  "2026-03-14T02:00:00Z", false },
		/* Days on end are one window, a day between them is not. */
		{ "{from: 00:00, to: 24:00, zone: policy, days: [saturday, sunday]}",
		  "2026-03-14T22:00:00Z", "2026-03-15T23:00:00Z", true },
		{ "{from: 00:00, to: 24:00, zone: policy, days: [saturday, sunday]}",
		  "2026-03-15T22:00:00Z", "2026-03-16T01:00:00Z", false },
		{ "{from: 22:00, to: 04:00, zone: policy}", "2026-03-14T22:00:00Z",
		  "2026-03-15T23:00:00Z", false },
		/* Spring: 02:00 is 03:00 on 29 March. The window has five hours. */
		{ "{from: 22:00, to: 04:00, zone: Europe/Berlin}", "2026-03-28T21:00:00Z",
		  "2026-03-29T02:00:00Z", true },
		{ "{from: 22:00, to: 04:00, zone: Europe/Berlin}", "2026-03-28T21:00:00Z",
		  "2026-03-29T02:01:00Z", false },
		/* Autumn: 03:00 is 02:00 on 25 October. It has seven. */
		{ "{from: 22:00, to: 04:00, zone: Europe/Berlin}", "2026-10-24T20:00:00Z",
		  "2026-10-25T03:00:00Z", true },
		{ "{from: 22:00, to: 04:00, zone: Europe/Berlin}", "2026-10-24T20:00:00Z",
		  "2026-10-25T03:01:00Z", false },
		/* 02:30 comes twice then, and the later one closes the window. */
		{ "{from: 22:00, to: 02:30, zone: Europe/Berlin}", "2026-10-24T20:00:00Z",
		  "2026-10-25T01:30:00Z", true },
		{ "{from: 22:00, to: 02:30, zone: Europe/Berlin}", "2026-10-24T20:00:00Z",
		  "2026-10-25T01:31:00Z", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_new();
		struct fixture *f = fixture_of(
			arena_printf(arena, "{window: %s}", rows[i].window).p, "");

		if (outcome_at(f, rows[i].start, rows[i].end) !=
		    (rows[i].within ? OUTCOME_PASS : OUTCOME_FAIL))
			fail_msg("row %zu: %s %s", i, rows[i].window, rows[i].start);
		fixture_done(f);
		arena_free(arena);
	}
}

static void test_says_the_days(void **state)
{
	struct fixture *f = fixture_of(
		"{window: {from: 22:00, to: 04:00, zone: policy, days: [saturday]}}", "");

	(void)state;
	assert_int_equal(outcome_at(f, "2026-03-16T01:00:00Z", NULL), OUTCOME_FAIL);
	assert_true(str_ends(run(f, FINDING_LEAD_TIME_WINDOW)->detail,
			     STR_LIT("between 22:00 and 04:00 there, opening on saturday")));
	fixture_done(f);
}

#define NIGHT "{window: {from: 22:00, to: 04:00}}"

static void test_instances_in_zones(void **state)
{
	struct fixture *f = fixture_of(NIGHT, "");
	struct scope_entry scope[2] = { f->scope[0], f->scope[0] };

	(void)state;
	f->contoso.timezone = STR_LIT("Europe/Berlin");
	assert_int_equal(outcome_at(f, "2026-03-10T21:00:00Z", NULL), OUTCOME_PASS);
	assert_int_equal(outcome_at(f, "2026-03-10T20:00:00Z", NULL), OUTCOME_FAIL);
	/* The instance's own zone is before its organization's. */
	f->contoso.instances[0].timezone = STR_LIT("Europe/London");
	assert_int_equal(outcome_at(f, "2026-03-10T21:00:00Z", NULL), OUTCOME_FAIL);
	/* Each of several counts; the whole organization is all of its instances. */
	assert_int_equal(outcome_at(f, "2026-03-11T03:30:00Z", NULL), OUTCOME_PASS);
	scope[1].instance = &f->contoso.instances[1];
	f->answers.scope = scope;
	f->answers.n_scope = 2;
	assert_int_equal(outcome_at(f, "2026-03-11T03:30:00Z", NULL), OUTCOME_FAIL);
	assert_int_equal(outcome_at(f, "2026-03-11T02:30:00Z", NULL), OUTCOME_PASS);
	scope[0].instance = NULL;
	f->answers.n_scope = 1;
	assert_int_equal(outcome_at(f, "2026-03-11T03:30:00Z", NULL), OUTCOME_FAIL);
	fixture_done(f);
}

static void test_unknown_zones(void **state)
{
	struct fixture *f = fixture_of(NIGHT, "");

	(void)state;
	assert_int_equal(outcome_at(f, "2026-03-10T22:00:00Z", NULL), OUTCOME_CANNOT_TELL);
	f->contoso.timezone = STR_LIT("Mars/Olympus");
	assert_int_equal(outcome_at(f, "2026-03-10T22:00:00Z", NULL), OUTCOME_CANNOT_TELL);
	/* Of one the zone is known, and that is enough to be outside. */
	f->contoso.instances[1].timezone = STR_LIT("Asia/Tokyo");
	f->scope[0].instance = NULL;
	assert_int_equal(outcome_at(f, "2026-03-10T22:00:00Z", NULL), OUTCOME_FAIL);
	assert_int_equal(outcome_at(f, "2026-03-10T14:00:00Z", NULL), OUTCOME_CANNOT_TELL);
	/* No instance named: those of the recipients, where they agree. */
	f->answers.n_scope = 0;
	f->contoso.instances[0].timezone = STR_LIT("Asia/Tokyo");
	assert_int_equal(outcome_at(f, "2026-03-10T14:00:00Z", NULL), OUTCOME_PASS);
	assert_int_equal(outcome_at(f, "2026-03-10T22:00:00Z", NULL), OUTCOME_FAIL);
	f->contoso.instances[1].timezone = STR_LIT("UTC");
	assert_int_equal(outcome_at(f, "2026-03-10T22:00:00Z", NULL), OUTCOME_CANNOT_TELL);
	assert_int_equal(outcome_at(f, "2026-03-10T08:00:00Z", NULL), OUTCOME_FAIL);
	f->answers.directory = ANSWER_NONE;
	assert_int_equal(outcome_at(f, "2026-03-10T22:00:00Z", NULL), OUTCOME_NOT_APPLICABLE);
	f->answers.directory = ANSWER_FAILED;
	assert_int_equal(outcome_at(f, "2026-03-10T22:00:00Z", NULL), OUTCOME_CANNOT_TELL);
	fixture_done(f);
}

static void test_mails_without_hours(void **state)
{
	struct fixture *f = fixture_of(NIGHT, "");

	(void)state;
	f->contoso.timezone = STR_LIT("UTC");
	assert_int_equal(outcome_at(f, "2026-03-10T12:00:00Z", NULL), OUTCOME_FAIL);
	f->class.phase = PHASE_CANCELLED;
	assert_int_equal(outcome_at(f, "2026-03-10T12:00:00Z", NULL), OUTCOME_NOT_APPLICABLE);
	f->class.phase = PHASE_FINAL;
	assert_int_equal(outcome_at(f, "2026-03-10T12:00:00Z", NULL), OUTCOME_NOT_APPLICABLE);
	f->class.phase = PHASE_REMINDER;
	f->when.clock_stated = false;
	assert_int_equal(outcome_at(f, "2026-03-10T00:00:00Z", NULL), OUTCOME_CANNOT_TELL);
	f->when.has_start = false;
	assert_outcome(f, LEAD_TIME_WINDOW, NOT_APPLICABLE);
	fixture_done(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_says_the_days),
		cmocka_unit_test(test_instances_in_zones),
		cmocka_unit_test(test_unknown_zones),
		cmocka_unit_test(test_mails_without_hours),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
