/* test_check_times.c - the checks of time: floors, series, deadlines, spans */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "policy/rules/yaml.h"
#include "tests/unit/check_fixture.h"

static void test_floor(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");

	(void)state;
	f->when.start = NOW + 5 * DAY;
	assert_string_equal(failed(f), "");
	f->when.start = NOW + 5 * DAY - 1;
	assert_string_equal(failed(f), "lead-time.partial-day");
	f->when.start = NOW + 4 * DAY;
	assert_string_equal(failed(f), "lead-time.minimum");
	f->when.start = NOW + 4 * DAY + 14 * HOUR; /* 23:00 UTC of the fourth day */
	assert_string_equal(failed(f), "lead-time.minimum");
	f->when.start_offset = 2 * HOUR; /* 01:00 of the fifth day, in its zone */
	assert_string_equal(failed(f), "lead-time.partial-day");
	f->when.start = NOW;
	assert_string_equal(failed(f), "lead-time.past");
	f->class.under_way = true;
	assert_string_equal(failed(f), "");
	f->when.start = NOW + DAY; /* what is ahead is not under way */
	assert_string_equal(failed(f), "lead-time.minimum");
	f->class.phase = PHASE_CANCELLED;
	assert_string_equal(failed(f), "");
	fixture_free(f);
}

static void test_reminder(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");
	struct history_entry *entry;

	(void)state;
	f->judgement.event = STR_LIT("CHG-1");
	f->when.start = NOW + DAY;
	f->class.phase = PHASE_REMINDER;
	assert_string_equal(failed(f), "lead-time.minimum");
	entry = record(f, "planned-maintenance", "CHG-1", NOW - 6 * DAY, NULL);
	assert_string_equal(failed(f), "");
	f->class.moved = true; /* the record says nothing of the start: it may have been another */
	assert_string_equal(failed(f), "lead-time.minimum");
	entry->has_start = true;
	entry->start = f->when.start;
	assert_string_equal(failed(f), "");
	entry->start += DAY;
	assert_string_equal(failed(f), "lead-time.minimum");
	entry->start -= DAY;
	entry->at = NOW - 3 * DAY; /* announced too late itself */
	assert_string_equal(failed(f), "lead-time.minimum");
	f->answers.ledger = ANSWER_NONE; /* without a ledger a reminder is bound */
	entry->at = NOW - 9 * DAY;
	assert_string_equal(failed(f), "lead-time.minimum");
	fixture_free(f);
}

static void test_missing_zone_conflict(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");

	(void)state;
	f->when.zone_stated = false;
	assert_string_equal(failed(f), "lead-time.zone");
	f->when.clock_stated = false;
	assert_string_equal(failed(f), "");
	f->when.conflict = true;
	f->when.conflict_detail = STR_LIT("text 20:00, calendar 21:00");
	assert_string_equal(failed(f), "lead-time.conflict");
	f->when = (struct when){ 0 };
	assert_string_equal(failed(f), "lead-time.missing");
	f->class.phase = PHASE_CANCELLED; /* nothing starts */
	assert_string_equal(failed(f), "");
	f->class.phase = PHASE_INITIAL;
	f->when.hidden_start = true;
	assert_string_equal(failed(f), "content.hidden");
	f->when = (struct when){ .has_start = true, .start = NOW + 8 * DAY, .clock_stated = true,
				 .zone_stated = true, .source = PLACE_DECLARED };
	assert_string_equal(failed(f), "lead-time.missing");
	f->when.hidden_start = true; /* declared, and hidden from the reader */
	assert_string_equal(failed(f), "content.hidden");
	fixture_free(f);

	f = fixture_new("general-awareness"); /* tied to no time */
	f->when.zone_stated = false;
	f->when.conflict = true;
	assert_string_equal(failed(f), "");
	fixture_free(f);
}

static void test_conflict_and_minimum(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");
	struct when_statement statements[] = {
		{ .place = PLACE_TEXT, .has_start = true, .start = NOW + DAY },
		{ .place = PLACE_CALENDAR, .has_start = true, .start = NOW + 9 * DAY },
	};

	(void)state;
	f->when.start = NOW + DAY;
	f->when.conflict = true;
	f->when.statements = statements;
	f->when.n_statements = 2;
	assert_string_equal(failed(f), "lead-time.minimum lead-time.conflict");
	f->when.start = NOW + 9 * DAY; /* what the reader is shown first is early enough */
	assert_string_equal(failed(f), "lead-time.conflict");
	fixture_free(f);
}

static void test_series(void **state)
{
	struct fixture *f = fixture_new("service-update");

	(void)state;
	f->judgement.event = STR_LIT("UPD-1");
	f->class.references.approve = f->class.references.reschedule = true;
	f->when.start = NOW + 90 * DAY;
	assert_string_equal(failed(f), "");
	f->when.start = NOW + 30 * DAY + HOUR;
	assert_string_equal(failed(f), "sequence.first");
	f->when.start = NOW + 60 * DAY; /* at no milestone there is no series to speak of */
	assert_string_equal(failed(f), "lead-time.milestone");
	f->when.start = NOW + 30 * DAY + HOUR;
	record(f, "service-update", "UPD-1", NOW - 60 * DAY, "90d");
	assert_string_equal(failed(f), "");
	f->class.references.reschedule = false;
	assert_string_equal(failed(f), "content.approval");
	f->class.hidden.reschedule = true;
	assert_string_equal(failed(f), "content.hidden");
	f->class.hidden.reschedule = false;
	f->when.start = NOW + 12 * HOUR; /* not owed on the day */
	assert_string_equal(failed(f), "");
	f->when.start = NOW + 13 * HOUR;
	assert_string_equal(failed(f), "lead-time.milestone");
	f->when.start = NOW - 8 * DAY;
	f->when.has_end = true;
	f->when.end = f->when.start + 5 * HOUR;
	assert_string_equal(failed(f), "lead-time.milestone");
	f->when.start += 2 * DAY;
	f->when.end += 2 * DAY;
	assert_string_equal(failed(f), "");
	assert_true(str_is(f->judgement.milestone->name, "post"));
	fixture_free(f);
}

static void test_deadline(void **state)
{
	struct fixture *f = fixture_new("major-service-incident");

	(void)state;
	f->judgement.event = STR_LIT("INC-1");
	f->when.start = NOW - 15 * UTC_MINUTE;
	assert_string_equal(failed(f), "");
	f->when.start -= 1;
	assert_string_equal(failed(f), "lead-time.deadline");
	assert_int_equal(run(f, FINDING_LEAD_TIME_DEADLINE)->severity, SEVERITY_FLAG);
	record(f, "major-service-incident", "INC-1", NOW - 10, NULL);
	assert_string_equal(failed(f), "");
	f->answers.ledger = ANSWER_NONE;
	assert_string_equal(failed(f), "lead-time.deadline");
	f->class.phase = PHASE_UPDATE;
	assert_string_equal(failed(f), "");
	fixture_free(f);
}

static void test_report(void **state)
{
	struct fixture *f = fixture_new("major-service-incident");

	(void)state;
	f->class.phase = PHASE_REPORT;
	f->class.references.report_fields = 0x3f;
	f->when.start = NOW - 6 * DAY;
	f->when.has_end = true;
	f->when.end = NOW - 6 * DAY + HOUR; /* a Monday: four business days before this Sunday */
	assert_string_equal(failed(f), "");
	f->when.end = NOW - 9 * DAY; /* a Friday: five business days */
	assert_string_equal(failed(f), "");
	f->when.end = NOW - 10 * DAY;
	assert_string_equal(failed(f), "lead-time.deadline");
	f->when.end = NOW - 6 * DAY;
	f->class.references.report_fields = 0x3d;
	assert_string_equal(failed(f), "content.report");
	f->class.hidden.report_fields = 0x02;
	assert_string_equal(failed(f), "content.hidden");
	fixture_free(f);
}

static void test_deadline_of_a_day(void **state)
{
	struct fixture *f = fixture_new("major-service-incident");

	(void)state;
	f->when.start = NOW - 9 * HOUR; /* a date alone: 00:00 (settled 11) */
	f->when.clock_stated = false;
	assert_string_equal(failed(f), "lead-time.deadline");
	assert_true(str_find(run(f, FINDING_LEAD_TIME_DEADLINE)->detail,
			     STR_LIT("states only the day"), 0) != STR_NPOS);
	fixture_free(f);
}

static void test_follow_ups(void **state)
{
	struct fixture *f = fixture_of("{deadlines: {reminder: {after: announcement, within: 30d},"
				       " update: {after: start, within: 1h},"
				       " final: {after: end, within: 2d},"
				       " cancelled: {after: previous, within: 1h},"
				       " report: {after: resolution, business-days: 1}}}",
				       "");
	struct history_entry *entry;

	(void)state;
	f->judgement.event = STR_LIT("CHG-1");
	f->class.phase = PHASE_FINAL;
	f->when.start = NOW - 2 * DAY - HOUR;
	assert_outcome(f, LEAD_TIME_DEADLINE, NOT_APPLICABLE); /* nobody says when it ended */
	f->when.has_end = true;
	f->when.end = NOW - 2 * DAY;
	assert_outcome(f, LEAD_TIME_DEADLINE, PASS);
	f->when.end--;
	assert_outcome(f, LEAD_TIME_DEADLINE, FAIL);
	f->when.has_end = false;
	entry = record(f, "work", "CHG-1", NOW - 9 * DAY, NULL);
	entry->has_end = true;
	entry->end = NOW - 3 * DAY;
	assert_outcome(f, LEAD_TIME_DEADLINE, FAIL);
	entry->has_phase = true;
	entry->phase = PHASE_FINAL; /* was told in time: this one only adds to it */
	assert_outcome(f, LEAD_TIME_DEADLINE, NOT_APPLICABLE);

	f->class.phase = PHASE_REPORT; /* the end was on a Thursday, this is a Sunday */
	assert_outcome(f, LEAD_TIME_DEADLINE, PASS);
	entry->end -= DAY;
	assert_outcome(f, LEAD_TIME_DEADLINE, FAIL);

	f->class.phase = PHASE_UPDATE;
	f->when.start = NOW - HOUR;
	assert_outcome(f, LEAD_TIME_DEADLINE, PASS);
	f->when.start--;
	assert_outcome(f, LEAD_TIME_DEADLINE, FAIL);
	f->answers.ledger = ANSWER_NONE; /* it may be the tenth update */
	assert_outcome(f, LEAD_TIME_DEADLINE, NOT_APPLICABLE);
	f->answers.ledger = ANSWER_OK;

	f->class.phase = PHASE_CANCELLED;
	assert_outcome(f, LEAD_TIME_DEADLINE, FAIL);
	record(f, "work", "CHG-1", NOW - HOUR, NULL);
	assert_outcome(f, LEAD_TIME_DEADLINE, PASS);
	entry = f->answers.history;

	f->class.phase = PHASE_REMINDER;
	assert_outcome(f, LEAD_TIME_DEADLINE, PASS);
	entry->at = NOW - 31 * DAY;
	assert_outcome(f, LEAD_TIME_DEADLINE, FAIL);
	f->answers.n_history = 0;
	assert_outcome(f, LEAD_TIME_DEADLINE, NOT_APPLICABLE);
	f->answers.ledger = ANSWER_FAILED;
	assert_outcome(f, LEAD_TIME_DEADLINE, CANNOT_TELL);
	fixture_done(f);
}

/* A report states no start, and so no zone to count days in: then it is the policy's. */
static void test_business_days_without_a_start(void **state)
{
	struct fixture *f = fixture_of("{deadlines: {report: {after: resolution, business-days: 1}}}",
				       "timezone: Asia/Tokyo\n");

	(void)state;
	f->class.phase = PHASE_REPORT;
	f->when = (struct when){ .has_end = true };
	f->when.end = NOW - 4 * DAY + 7 * HOUR; /* Wednesday at 16:00 UTC, Thursday in Tokyo */
	assert_outcome(f, LEAD_TIME_DEADLINE, PASS);
	f->when.end -= 2 * HOUR;
	assert_outcome(f, LEAD_TIME_DEADLINE, FAIL);
	f->when.end += 2 * HOUR;
	f->when.has_start = true;
	f->when.start = f->when.end - HOUR; /* stated in UTC */
	assert_outcome(f, LEAD_TIME_DEADLINE, FAIL);
	fixture_done(f);
}

static void test_cadence(void **state)
{
	struct fixture *f = fixture_of("{cadence: {every: 1h, tolerance: 15m}}", "");
	struct history_entry *entry;

	(void)state;
	f->judgement.event = STR_LIT("INC-1");
	assert_outcome(f, LEAD_TIME_CADENCE, NOT_APPLICABLE); /* the first mail */
	record(f, "work", "INC-1", NOW - 9 * HOUR, NULL);
	record(f, "work", "INC-2", NOW - 1, NULL);
	entry = record(f, "work", "INC-1", NOW - HOUR - 15 * UTC_MINUTE, NULL);
	assert_outcome(f, LEAD_TIME_CADENCE, PASS);
	entry->at--;
	assert_outcome(f, LEAD_TIME_CADENCE, FAIL);
	f->class.phase = PHASE_FINAL; /* the updates before it were owed */
	assert_outcome(f, LEAD_TIME_CADENCE, FAIL);
	f->class.phase = PHASE_REPORT;
	assert_outcome(f, LEAD_TIME_CADENCE, NOT_APPLICABLE);
	f->class.phase = PHASE_UPDATE;
	entry->recipients.items = &f->ben.address; /* others were told in between */
	entry->at = NOW - 1;
	assert_outcome(f, LEAD_TIME_CADENCE, FAIL);
	entry->recipients.items = strs_ada;
	assert_outcome(f, LEAD_TIME_CADENCE, PASS);
	entry->at = NOW - 3 * HOUR;
	entry->has_phase = true;
	entry->phase = PHASE_FINAL; /* it was over, and goes on */
	assert_outcome(f, LEAD_TIME_CADENCE, NOT_APPLICABLE);
	f->answers.ledger = ANSWER_NONE;
	assert_outcome(f, LEAD_TIME_CADENCE, NOT_APPLICABLE);
	fixture_done(f);
}

static void test_reminder_after_the_start(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");

	(void)state;
	f->judgement.event = STR_LIT("CHG-1");
	f->class.phase = PHASE_REMINDER;
	f->when.start = NOW + 1;
	record(f, "planned-maintenance", "CHG-1", NOW - 9 * DAY, NULL);
	assert_string_equal(failed(f), "");
	f->when.start = NOW; /* settled 15 frees it from the five days, not from coming before */
	assert_string_equal(failed(f), "lead-time.past");
	f->class.phase = PHASE_UPDATE; /* it takes longer than was said */
	assert_string_equal(failed(f), "");
	f->class.phase = PHASE_REMINDER;
	f->when.start = NOW - 9 * HOUR; /* the day itself, without a time: it may be tonight */
	f->when.clock_stated = false;
	assert_string_equal(failed(f), "");
	f->when.start -= DAY;
	assert_string_equal(failed(f), "lead-time.past");
	f->class.under_way = true;
	assert_string_equal(failed(f), "");
	fixture_free(f);
}

static void test_expired(void **state)
{
	static const struct {
		const char *purchased, *now;
		bool expired;
	} rows[] = {
		{ "2026-02-01", "2027-02-01", false }, { "2026-02-01", "2027-02-02", true },
		{ "2027-03-01", "2028-03-01", false }, /* over a leap day: 366 days */
		{ "2027-03-01", "2028-03-02", true },  { "2024-02-29", "2025-03-01", false },
		{ "2024-02-29", "2025-03-02", true },  { "2026-03-02", "2026-03-01", false },
		{ "2026-03-03", "2026-03-01", true }, /* not yet a customer */
	};
	struct fixture *f = fixture_new("customer-lifecycle");
	int32_t day;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(yaml_date_parse(str_from(rows[i].purchased), &f->contoso.purchased));
		assert_true(yaml_date_parse(str_from(rows[i].now), &day));
		f->judgement.now = day * DAY + 12 * HOUR;
		assert_int_equal(run(f, FINDING_LEAD_TIME_EXPIRED)->outcome,
				 rows[i].expired ? OUTCOME_FAIL : OUTCOME_PASS);
	}
	f->contoso.has_purchased = false;
	assert_outcome(f, LEAD_TIME_EXPIRED, CANNOT_TELL);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_floor),
		cmocka_unit_test(test_reminder),
		cmocka_unit_test(test_missing_zone_conflict),
		cmocka_unit_test(test_conflict_and_minimum),
		cmocka_unit_test(test_series),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_deadline_of_a_day),
		cmocka_unit_test(test_follow_ups),
		cmocka_unit_test(test_business_days_without_a_start),
		cmocka_unit_test(test_cadence),
		cmocka_unit_test(test_reminder_after_the_start),
		cmocka_unit_test(test_expired),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
