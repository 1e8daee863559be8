/* test_exceptions.c - what a policy lets pass for a time: when it fits, and where it is told */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "milter/audit.h"
#include "milter/cli/json.h"
#include "policy/checks/exception.h"
#include "policy/rules/report.h"
#include "tests/unit/check_fixture.h"

#define MOVE "exceptions: [{id: move, until: 2026-03-01, reason: the centre moves house, "        \
	     "findings: [lead-time.minimum, lead-time.partial-day]"
#define FLOOR "{floor: {at-least: 5d, calendar-days: 5}}"

/* A judgement that is too late, under one exception with these conditions too. */
static struct fixture *late(const char *conditions)
{
	struct arena *arena = arena_new();
	struct fixture *f = fixture_of(
		FLOOR, arena_printf(arena, "%s%s}]\n", MOVE, conditions).p);

	arena_free(arena);
	f->when.start = NOW + DAY;
	return f;
}

static const struct check_result *decided(struct fixture *f)
{
	checks_run(&f->judgement, &f->answers);
	exceptions_apply(&f->judgement, &f->answers);
	verdict_decide(&f->judgement);
	return &f->judgement.results[FINDING_LEAD_TIME_MINIMUM];
}

static void assert_excepted(struct fixture *f, bool excepted)
{
	const struct check_result *result = decided(f);

	assert_int_equal(result->outcome, OUTCOME_FAIL);
	assert_true(check_result_is_finding(result));
	assert_int_equal(result->exception != NULL, excepted);
	assert_int_equal(f->judgement.verdict, excepted ? SEVERITY_FLAG : SEVERITY_REJECT);
}

static void test_lowers_and_stays(void **state)
{
	struct fixture *f = late("");

	(void)state;
	assert_excepted(f, true);
	assert_int_equal(decided(f)->severity, SEVERITY_FLAG);
	assert_int_equal(decided(f)->severity_without, SEVERITY_REJECT);
	fixture_done(f);

	f = late(", severity: accept");
	assert_int_equal(decided(f)->severity, SEVERITY_ACCEPT);
	assert_true(check_result_is_finding(decided(f)));
	assert_int_equal(f->judgement.verdict, SEVERITY_ACCEPT);
	/* What is as mild already is let alone. */
	f->when.start = NOW + 5 * DAY - 1;
	decided(f);
	assert_non_null(f->judgement.results[FINDING_LEAD_TIME_PARTIAL_DAY].exception);
	fixture_done(f);

	f = late("");
	f->when.start = NOW + 5 * DAY - 1;
	decided(f);
	assert_null(f->judgement.results[FINDING_LEAD_TIME_PARTIAL_DAY].exception);
	/* Other findings are not let pass with it. */
	f->when.start = NOW - 1;
	decided(f);
	assert_null(f->judgement.results[FINDING_LEAD_TIME_PAST].exception);
	assert_int_equal(f->judgement.verdict, SEVERITY_REJECT);
	fixture_done(f);
}

static void test_ends(void **state)
{
	struct fixture *f = late(""); /* its last day is that of NOW, 09:00 UTC */

	(void)state;
	f->judgement.now = NOW + 15 * HOUR - 1;
	f->when.start = f->judgement.now + DAY;
	assert_excepted(f, true);
	f->judgement.now++;
	assert_excepted(f, false);
	policy->timezone = STR_LIT("America/New_York");
	assert_excepted(f, true);
	fixture_done(f);
}

static void test_conditions(void **state)
{
	static struct mailbox from[2];
	static const struct {
		const char *conditions;
		bool fits;
	} rows[] = {
		{ ", categories: [work]", true },
		{ ", events: [\"chg-*\"]", true },
		{ ", events: [CHG-2]", false },
		{ ", senders: [\"*@crm.example\"]", true },
		{ ", senders: [noc@crm.example]", false },
		{ ", recipients: [\"*@contoso.example\"]", true },
		{ ", recipients: [ben@contoso.example]", false },
		{ ", organizations: [contoso]", true },
		{ ", organizations: [fabrikam]", false },
		{ ", organizations: [contoso], events: [CHG-2]", false },
	};

	(void)state;
	from[0].address = STR_LIT("notices@crm.example");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture *f = late(rows[i].conditions);

		f->judgement.event = STR_LIT("CHG-1");
		f->message.from.items = from;
		f->message.from.n = 1;
		assert_excepted(f, rows[i].fits);
		fixture_done(f);
	}
}

static void test_families(void **state)
{
	struct fixture *f = fixture_of(FLOOR, "exceptions: [{id: all, until: 2026-03-01, reason: x, "
					      "findings: [banner.*, lead-time.*]}]\n");

	(void)state;
	f->when.start = NOW + DAY;
	assert_excepted(f, true);
	assert_false(policy->exceptions[0].findings[FINDING_CONTENT_TITLE]);
	assert_true(policy->exceptions[0].findings[FINDING_BANNER_FOREIGN]);
	fixture_done(f);
}

static void test_conditions_hold_for_all(void **state)
{
	struct fixture *f = late(", organizations: [contoso]");
	struct needs *needs = &f->judgement.needs;

	(void)state;
	needs->addresses.items[1] = f->ben.address;
	needs->addresses.n = needs->n_recipients = 2;
	assert_excepted(f, false); /* nobody's contact */
	contact_link(f, &f->answers.contacts[1], &f->ben);
	assert_excepted(f, false);
	f->ben.organization = &f->contoso;
	assert_excepted(f, true);
	f->answers.directory = ANSWER_NONE;
	assert_excepted(f, false);
	fixture_done(f);

	/* Of findings about single recipients, those at fault count. */
	f = fixture_of("{required: true}",
		       "exceptions: [{id: user, until: 2026-03-01, reason: he stands in, "
		       "findings: recipients.role, recipients: [ben@fabrikam.example]}]\n");
	f->judgement.needs.addresses.items[1] = f->ben.address;
	f->judgement.needs.addresses.n = f->judgement.needs.n_recipients = 2;
	f->ben.role = ROLE_USER;
	contact_link(f, &f->answers.contacts[1], &f->ben);
	decided(f);
	assert_non_null(f->judgement.results[FINDING_RECIPIENTS_ROLE].exception);
	f->ada.role = ROLE_USER;
	decided(f);
	assert_null(f->judgement.results[FINDING_RECIPIENTS_ROLE].exception);
	fixture_done(f);
}

static bool has(struct str text, const char *part)
{
	return str_find(text, str_from(part), 0) != STR_NPOS;
}

static void test_is_told(void **state)
{
	struct fixture *f = late("");
	struct audit_entry entry = { .judgement = &f->judgement, .verdict = "flag" };
	struct str line;
	json_t *json, *finding;

	(void)state;
	decided(f);
	line = audit_line(f->arena, AUDIT_TEXT, &entry);
	assert_true(has(line, " exceptions=move exception_reasons=\"move: the centre moves house\""));
	line = audit_line(f->arena, AUDIT_CEE, &entry);
	assert_true(has(line, ",\"exceptions\":\"move\",\"exception_reasons\":\"move: the centre "));

	json = json_judgement("a.eml", &f->judgement, &f->answers, true);
	finding = json_object_get(json_array_get(json_object_get(json, "findings"), 0), "exception");
	assert_string_equal(json_string_value(json_object_get(finding, "id")), "move");
	assert_string_equal(json_string_value(json_object_get(finding, "until")), "2026-03-01");
	assert_string_equal(json_string_value(json_object_get(finding, "reason")),
			    "the centre moves house");
	assert_string_equal(json_string_value(json_object_get(finding, "severity_without")),
			    "reject");
	json_decref(json);

	/* Refused for another reason, the reply says what was let pass. */
	f->class.sender_listed = false;
	decided(f);
	assert_int_equal(f->judgement.verdict, SEVERITY_REJECT);
	verdict_reply(&f->judgement);
	line = f->judgement.reply[f->judgement.n_reply - 1];
	assert_true(has(line, "lead-time.minimum, exception move until 2026-03-01: the centre moves"));
	fixture_done(f);
}

static void test_ended_is_warned_of(void **state)
{
	struct fixture *f = late("");
	struct diag diag;

	(void)state;
	diag_init(&diag, f->arena);
	policy_lint(policy, NULL, NOW, &diag);
	for (size_t i = 0; i < diag.n; i++)
		assert_null(strstr(diag.entries[i].text.p, "exception"));
	diag_init(&diag, f->arena);
	policy_lint(policy, NULL, NOW + DAY, &diag);
	assert_true(str_is(diag.entries[diag.n - 1].text,
			   "\"move\" ended with 2026-03-01 and applies no longer: take it out "
			   "[exception.ended]"));
	fixture_done(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lowers_and_stays),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_conditions_hold_for_all),
		cmocka_unit_test(test_is_told),
		cmocka_unit_test(test_ended_is_warned_of),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
