/* test_policy_times.c - the policy language's rules of time: what they may say and what not */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "certs/digest.h"
#include "policy/rules/report.h"
#include "policy/rules/source.h"
#include "policy/rules/tree.h"
#include "tests/unit/policy_fixture.h"

static void test_faults_of_series(void **state)
{
	expect_faults(state,
		      HEAD WORDS CATEGORY "    time:\n"
					  "      series:\n"
					  "        - {name: 7d, before: 7d}\n"
					  "        - {name: 7d, before: 14d}\n"
					  "        - {name: 6d, before: 6d}\n"
					  "        - {name: x}\n"
					  "        - {name: y, before: 1h, after-end: 7d}\n"
					  "        - {name: z, tolerance: 1h, after-end: 7d}\n",
		      "built-in:p:12:11: a second mail named \"7d\" in the series\n"
		      "built-in:p:13:11: overlaps with \"7d\" within the tolerances\n"
		      "built-in:p:14:11: a mail of a series is due either \"before\" the start or "
		      "within \"after-end\"\n"
		      "built-in:p:15:11: a mail of a series is due either \"before\" the start or "
		      "within \"after-end\"\n"
		      "built-in:p:16:11: \"after-end\" is a span: leave out \"tolerance\"");
}

static void test_faults_of_floors(void **state)
{
	expect_faults(state,
		      HEAD WORDS "categories:\n"
				 "  a:\n"
				 "    recipients: {roles: delegate}\n"
				 "    banner: none\n"
				 "    time: {direction: advance, floor: {}}\n"
				 "    signals: [{id: s, concept: work, in: [subject], weight: 1}]\n"
				 "  b:\n"
				 "    recipients: {roles: delegate}\n"
				 "    banner: none\n"
				 "    time: {direction: advance, floor: {business-days: 3, calendar-days: 3}}\n"
				 "    signals: [{id: t, concept: work, in: [subject], weight: 1}]\n",
		      "built-in:p:8:39: a floor has \"at-least\", \"business-days\", or both\n"
		      "built-in:p:13:39: \"calendar-days\" soften \"at-least\": give it too");
}

static void test_faults_of_deadlines(void **state)
{
	expect_faults(state,
		      HEAD WORDS CATEGORY
		      "    time:\n"
		      "      deadlines:\n"
		      "        after: {after: start, within: 15m}\n"
		      "        initial: {after: announcement, within: 15m}\n"
		      "        update: {after: none, within: 15m}\n"
		      "        final: {after: end}\n"
		      "        report: {after: resolution, within: 2d, business-days: 5}\n",
		      "built-in:p:11:9: \"after\" is no phase: initial, reminder, update, final, report, "
		      "cancelled\n"
		      "built-in:p:12:18: before the initial mail there is none: count it from start or "
		      "end\n"
		      "built-in:p:13:25: \"none\" is none of: start, end, resolution, announcement, "
		      "previous\n"
		      "built-in:p:14:16: a deadline is either \"within\" a time or so many "
		      "\"business-days\"\n"
		      "built-in:p:15:17: a deadline is either \"within\" a time or so many "
		      "\"business-days\"");
}

static void test_faults_of_windows(void **state)
{
	expect_faults(state,
		      HEAD WORDS CATEGORY
		      "    time:\n"
		      "      window: {from: 22:60, to: \"4:00\", zone: local, days: [someday]}\n"
		      "      cadence: {every: 0, tolerance: soon, until: over}\n",
		      "built-in:p:10:22: \"22:60\" is no time of day such as \"22:00\"\n"
		      "built-in:p:10:33: \"4:00\" is no time of day such as \"22:00\"\n"
		      "built-in:p:10:47: \"local\" is no time zone such as Europe/Berlin or UTC\n"
		      "built-in:p:10:61: \"someday\" is none of: sunday, monday, tuesday, wednesday, "
		      "thursday, friday, saturday\n"
		      "built-in:p:11:24: 0 is less than 1\n"
		      "built-in:p:11:38: \"soon\" is no duration such as 45s, 15m, 12h, 5d, 2w or "
		      "1h30m\n"
		      "built-in:p:11:51: \"over\" is none of: initial, reminder, update, final, report, "
		      "cancelled");
}

static void test_windows_that_never_open(void **state)
{
	expect_faults(state,
		      HEAD WORDS CATEGORY
		      "    time:\n"
		      "      window: {from: \"22:00\", to: \"04:00\", days: []}\n"
		      "      cadence: {every: 1h, until: initial}\n",
		      "built-in:p:10:50: an empty list: name some, or leave the key out\n"
		      "built-in:p:11:35: a cadence ends with a reminder, update or final mail");
}

static void test_windows(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = load_text(
		f, SMALL "    time:\n"
			 "      window: {from: 22:00, to: 24:00, days: [friday, saturday]}\n"
			 "      cadence: {every: 1h, tolerance: 15m}\n");
	const struct time_rules *time;

	assert_string_equal(faults(f), "");
	time = &policy->categories[0].time;
	assert_true(time->window.stated && time->window.in == WINDOW_INSTANCE);
	assert_int_equal(time->window.from, 22 * 60);
	assert_int_equal(time->window.to, 24 * 60);
	assert_int_equal(time->window.days, 1u << 5 | 1u << 6);
	assert_int_equal(time->cadence.every, 3600);
	assert_int_equal(time->cadence.until, PHASE_FINAL);
	policy_unref(policy);
}

static void test_spans(void **state)
{
	static const struct {
		const char *length;
		unsigned years, days;
		const char *fault;
	} rows[] = {
		{ "1y", 1, 0, NULL },
		{ "12y", 12, 0, NULL },
		{ "90d", 0, 90, NULL },
		{ "0y", 0, 0, "\"0y\" is no duration such as 45s, 15m, 12h, 5d, 2w or 1h30m" },
		{ "25h", 0, 0, "25h is neither years nor days, such as 1y or 90d" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str text = arena_printf(f->arena, "%s    time: {span: {after-purchase: %s}}\n",
					       SMALL, rows[i].length);
		struct policy *policy = load_text(f, text.p);

		if (rows[i].fault != NULL) {
			assert_null(policy);
			assert_non_null(strstr(faults(f), rows[i].fault));
			continue;
		}
		assert_int_equal(policy->categories[0].time.span.years, rows[i].years);
		assert_int_equal(policy->categories[0].time.span.days, rows[i].days);
		policy_unref(policy);
	}
}

static void test_variants(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = load_text(
		f, SMALL "    urgent: true\n"
			 "    time: {floor: {business-days: 10}, window: {from: 22:00, to: 04:00}}\n"
			 "    severities: {lead-time.window: reject, content.title: off}\n"
			 "    variants:\n"
			 "      - id: small\n"
			 "        concept: outage\n"
			 "        in: [subject]\n"
			 "        unless: work\n"
			 "        time: {floor: {business-days: 3}, window: null}\n"
			 "        severities: {lead-time.minimum: flag}\n"
			 "      - {id: large, concept: work, urgent: false, time: {floor: {at-least: 1d}}}\n");
	const struct category *base, *small, *large;

	assert_string_equal(faults(f), "");
	base = &policy->categories[0];
	assert_int_equal(base->n_variants, 2);
	small = base->variants[0].category;
	large = base->variants[1].category;
	assert_int_equal(base->time.floor.business_days, 10);
	assert_int_equal(small->time.floor.business_days, 3);
	assert_true(base->time.window.stated && !small->time.window.stated);
	assert_true(small->urgent && !large->urgent);
	assert_int_equal(small->severities[FINDING_LEAD_TIME_WINDOW], SEVERITY_REJECT);
	assert_int_equal(small->severities[FINDING_LEAD_TIME_MINIMUM], SEVERITY_FLAG);
	assert_false(large->severity_set[FINDING_LEAD_TIME_MINIMUM]);
	assert_int_equal(large->time.floor.business_days, 10);
	assert_int_equal(large->time.floor.seconds, 86400);
	assert_int_equal(large->index, base->index);
	assert_true(str_is(large->id, "work"));
	assert_int_equal(base->variants[1].places,
			 SIGNAL_SUBJECT | SIGNAL_HEADING | SIGNAL_LEAD | SIGNAL_BODY);
	policy_unref(policy);
}

static void test_faults_of_variants(void **state)
{
	expect_faults(state,
		      HEAD WORDS CATEGORY "    variants:\n"
					  "      - {id: a, concept: outage}\n"
					  "      - {id: b, concept: outage, roles: delegate, urgent: true}\n"
					  "      - {id: c, concept: outage, time: {floor: {}}}\n"
					  "      - {id: c, concept: outage, in: [all], urgent: true}\n"
					  "      - {id: d, concept: outage, content: [title]}\n"
					  "      - {urgent: true}\n",
		      "built-in:p:10:9: a variant changes something: urgent, time, banner, content, "
		      "severities\n"
		      "built-in:p:11:34: unknown key \"roles\"; allowed here: id, concept, in, unless, "
		      "urgent, time, banner, content, severities\n"
		      "built-in:p:12:48: a floor has \"at-least\", \"business-days\", or both\n"
		      "built-in:p:13:9: a second variant \"c\": the first that fits counts\n"
		      "built-in:p:13:39: \"all\" is none of: subject, heading, body, footer, from, link, "
		      "lead, calendar\n"
		      "built-in:p:14:9: content has title, but there is no \"title\" to find\n"
		      "built-in:p:15:9: the key \"id\" is missing here\n"
		      "built-in:p:15:9: the key \"concept\" is missing here");
}

static void test_faults_of_exceptions(void **state)
{
	expect_faults(state,
		      SMALL "exceptions:\n"
			    "  - {id: a, until: soon, reason: \"\", findings: [lead-time.minimun]}\n"
			    "  - {until: 2026-12-31, reason: x, findings: [], categories: [works]}\n"
			    "  - {id: b, until: 2026-12-31, reason: x, findings: banner.color, severity: off}\n"
			    "  - {id: b, until: 2026-12-31, reason: x, findings: baner.*, senders: x}\n"
			    "  - {id: c, until: 2026-12-31, reason: x, findings: banner.color,\n"
			    "     categories: [], senders: [], recipients: [], organizations: [], events: []}\n",
		      "built-in:p:10:20: \"soon\" is no date such as 2026-03-01\n"
		      "built-in:p:10:34: an empty text\n"
		      "built-in:p:10:49: \"lead-time.minimun\" is no finding: did you mean "
		      "\"lead-time.minimum\"?\n"
		      "built-in:p:11:5: the key \"id\" is missing here\n"
		      "built-in:p:11:46: an empty list: name some, or leave the key out\n"
		      "built-in:p:11:63: \"works\" is no category here\n"
		      "built-in:p:12:77: an exception lowers a finding to accept, flag or quarantine: it "
		      "stays to be seen\n"
		      "built-in:p:13:5: a second exception \"b\"\n"
		      "built-in:p:13:53: \"baner.*\" is no finding\n"
		      "built-in:p:13:71: \"x\" is no address pattern such as notices@crm.example or "
		      "*@crm.example\n"
		      "built-in:p:15:18: an empty list: name some, or leave the key out\n"
		      "built-in:p:15:31: an empty list: name some, or leave the key out\n"
		      "built-in:p:15:47: an empty list: name some, or leave the key out\n"
		      "built-in:p:15:66: an empty list: name some, or leave the key out\n"
		      "built-in:p:15:78: an empty list: name some, or leave the key out");
}

#define CALENDAR(day)                                                                         \
	"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:" day "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_calendar(void **state)
{
	struct fixture *f = *state;
	struct policy *policy, *other;

	/* Beside the file that names it, not beside the one that extends that. */
	put(f, "sub/b.yaml", SMALL "business-days: {calendar: ../h.ics, holidays: [2026-01-06]}\n");
	put(f, "a.yaml", "extends: sub/b.yaml\nbusiness-days: {timezone: Asia/Tokyo}\n");
	put(f, "h.ics", CALENDAR("20251224"));
	policy = policy_load(path_of(f, "a.yaml"), NULL, &f->diag);
	assert_string_equal(faults(f), "");
	assert_int_equal(policy->holidays.n, 2);
	assert_int_equal(policy->holidays.items[0], 20446);
	assert_int_equal(policy->holidays.items[1], 20459);
	assert_true(str_is(policy->business_zone, "Asia/Tokyo"));
	/* Another day is another policy. */
	put(f, "h.ics", CALENDAR("20251225"));
	other = policy_load(path_of(f, "a.yaml"), NULL, &f->diag);
	assert_false(str_eq(policy->sha256, other->sha256));
	policy_unref(other);
	policy_unref(policy);
	/* One that is pinned is just that one. */
	put(f, "a.yaml", "extends: sub/b.yaml\npins: {\"../h.ics\": \"" DIGEST "\"}\n");
	assert_null(policy_load(path_of(f, "a.yaml"), NULL, &f->diag));
	assert_non_null(strstr(faults(f), "a.yaml:2:20: "));
	assert_non_null(strstr(faults(f), "is another file than the one pinned here"));
}

/* A gate that takes only what is signed. */
static bool admit_signed(void *context, struct str file, struct str text, struct diag *diag)
{
	(void)context;
	(void)text;
	if (str_ends(file, STR_LIT("/a.yaml")))
		return true;
	diag_error(diag, file, 0, 0, "not signed");
	return false;
}

static void test_calendar_of_a_signed_policy(void **state)
{
	static const struct source_guard guard = { admit_signed, NULL };
	struct fixture *f = *state;
	struct str calendar = STR_LIT(CALENDAR("20251224")), sha256;
	struct policy *policy;

	put(f, "h.ics", calendar.p);
	put(f, "a.yaml", SMALL "business-days: {calendar: h.ics}\n");
	assert_null(policy_load_guarded(path_of(f, "a.yaml"), NULL, &guard, &f->diag));
	assert_string_equal(faults(f), "h.ics: not signed");
	/* Its own signature answers for what the policy pins. */
	sha256 = digest_sha256_hex(f->arena, calendar.p, calendar.n);
	put(f, "a.yaml",
	    arena_printf(f->arena, SMALL "business-days: {calendar: h.ics}\npins: {h.ics: \"%.*s\"}\n",
			 STR_ARG(sha256)).p);
	policy = policy_load_guarded(path_of(f, "a.yaml"), NULL, &guard, &f->diag);
	assert_non_null(policy);
	assert_int_equal(policy->holidays.n, 1);
	policy_unref(policy);
}

static void test_calendars_compared(void **state)
{
	struct fixture *f = *state;
	struct yaml_node *tree;
	struct policy *a, *b;
	struct buf out;

	/* A holiday of every year is shortened on the page, and not where it is compared. */
	put(f, "a.yaml", SMALL "business-days: {calendar: h.ics}\n");
	put(f, "h.ics", CALENDAR("20201225\r\nRRULE:FREQ=YEARLY"));
	a = policy_load(path_of(f, "a.yaml"), NULL, &f->diag);
	put(f, "h.ics", CALENDAR("20201225\r\nRRULE:FREQ=YEARLY;UNTIL=21491225"));
	b = policy_load(path_of(f, "a.yaml"), NULL, &f->diag);
	tree = policy_tree(f->arena, path_of(f, "a.yaml"), NULL, &f->diag);
	buf_init(&out, f->arena, 1000000);
	policy_page(&out, a, tree, false);
	assert_true(str_find(buf_str(&out), STR_LIT("and 91 more"), 0) != STR_NPOS);
	buf_init(&out, f->arena, 1000000);
	assert_int_equal(policy_page_diff(&out, a, tree, b, tree), 1);
	assert_true(str_find(buf_str(&out), STR_LIT("  - 2150-12-25\n"), 0) != STR_NPOS);
	policy_unref(a);
	policy_unref(b);
}

static void test_faults_of_calendars(void **state)
{
	struct fixture *f = *state;

	put(f, "h.ics", CALENDAR("tomorrow"));
	put(f, "a.yaml",
	    SMALL "business-days: {calendar: [h.ics, gone.ics], timezone: Berlin, days: 5}\n");
	assert_null(policy_load(path_of(f, "a.yaml"), NULL, &f->diag));
	assert_string_equal(
		faults(f),
		"a.yaml:9:56: \"Berlin\" is no time zone such as Europe/Berlin or UTC\n"
		"a.yaml:9:64: unknown key \"days\"; allowed here: weekend, holidays, calendar, "
		"timezone\n"
		"h.ics:3: \"tomorrow\" is no whole day such as 20261225 of the years 1900 to 2199\n"
		"a.yaml:9:35: \"gone.ics\" is neither beside this file, nor in the policy path, nor "
		"installed, nor built in");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_faults_of_series),
		TEST(test_faults_of_floors),
		TEST(test_faults_of_deadlines),
		TEST(test_faults_of_windows),
		TEST(test_windows_that_never_open),
		TEST(test_windows),
		TEST(test_spans),
		TEST(test_variants),
		TEST(test_faults_of_variants),
		TEST(test_faults_of_exceptions),
		TEST(test_calendar),
		TEST(test_calendar_of_a_signed_policy),
		TEST(test_calendars_compared),
		TEST(test_faults_of_calendars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
