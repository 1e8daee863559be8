/* test_checks.c - every check, with a judgement that passes and one that fails */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/check_fixture.h"

static void test_conforming(void **state)
{
	static const char *const categories[] = { "planned-maintenance", "general-awareness",
						  "launch-readiness", "customer-lifecycle" };

	(void)state;
	for (size_t i = 0; i < sizeof categories / sizeof *categories; i++) {
		struct fixture *f = fixture_new(categories[i]);

		assert_string_equal(failed(f), "");
		verdict_decide(&f->judgement);
		assert_int_equal(f->judgement.verdict, SEVERITY_ACCEPT);
		fixture_free(f);
	}
}

static void test_category(void **state)
{
	struct fixture *f = fixture_new("security-update");

	(void)state;
	assert_outcome(f, CATEGORY_NOT_MAILED, FAIL);
	assert_outcome(f, CATEGORY_AMBIGUOUS, PASS);
	f->class.second = policy_category(policy, STR_LIT("general-awareness"));
	f->class.ambiguous = true;
	assert_outcome(f, CATEGORY_AMBIGUOUS, FAIL);
	assert_outcome(f, CATEGORY_NOT_MAILED, NOT_APPLICABLE);
	assert_outcome(f, BANNER_FOREIGN, NOT_APPLICABLE);
	assert_outcome(f, RECIPIENTS_EXPOSURE, PASS);
	fixture_free(f);

	f = fixture_new("planned-maintenance");
	assert_outcome(f, CATEGORY_NOT_MAILED, PASS);
	assert_outcome(f, CATEGORY_CONFLICT, NOT_APPLICABLE);
	f->message.declared.category = STR_LIT("unplanned-maintenance");
	f->class.conflict = true;
	assert_outcome(f, CATEGORY_CONFLICT, FAIL);
	assert_outcome(f, SENDER_UNAUTHORIZED, PASS);
	f->class.sender_listed = false;
	assert_outcome(f, SENDER_UNAUTHORIZED, FAIL);
	fixture_free(f);
}

static void test_recipients(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");
	const struct check_result *result;

	(void)state;
	assert_outcome(f, RECIPIENTS_UNKNOWN, PASS);
	assert_outcome(f, RECIPIENTS_ROLE, PASS);
	assert_outcome(f, RECIPIENTS_UNAFFECTED, PASS);
	f->ada.role = ROLE_DELEGATE;
	result = run(f, FINDING_RECIPIENTS_ROLE);
	assert_int_equal(result->outcome, OUTCOME_FAIL);
	assert_int_equal(str_find(result->detail, strs_ada[0], 0), STR_NPOS);
	f->class.category = policy_category(policy, STR_LIT("general-awareness"));
	assert_outcome(f, RECIPIENTS_ROLE, PASS);
	f->class.category = policy_category(policy, STR_LIT("planned-maintenance"));

	f->ada.role = ROLE_SYSTEM_ADMINISTRATOR;
	f->ada.n_instances = 1;
	f->ada.instances = ARENA_ARRAY(f->arena, 1, size_t);
	f->ada.instances[0] = 1;
	assert_outcome(f, RECIPIENTS_UNAFFECTED, FAIL);
	f->answers.n_scope = 0;
	result = run(f, FINDING_RECIPIENTS_UNAFFECTED);
	assert_int_equal(result->outcome, OUTCOME_CANNOT_TELL);
	assert_int_equal(result->severity, SEVERITY_ACCEPT);

	f->answers.contacts[0].n = 0;
	assert_outcome(f, RECIPIENTS_UNKNOWN, FAIL);
	f->answers.directory = ANSWER_NONE;
	assert_outcome(f, RECIPIENTS_UNKNOWN, NOT_APPLICABLE);
	f->answers.directory = ANSWER_FAILED;
	result = run(f, FINDING_RECIPIENTS_UNKNOWN);
	assert_int_equal(result->outcome, OUTCOME_CANNOT_TELL);
	assert_int_equal(result->severity, SEVERITY_TEMPFAIL);
	/* A backend's error may quote a row of another customer: it does not leave in a reply. */
	f->answers.directory_error = STR_LIT("ben@fabrikam.example has the role \"x\"");
	result = run(f, FINDING_RECIPIENTS_UNKNOWN);
	assert_true(str_is(result->detail, "the directory did not answer"));
	fixture_free(f);
}

static void test_role_where_concerned(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");
	struct contact user = f->ada;

	(void)state;
	/* A user at the instance in scope, an administrator elsewhere. */
	user.role = ROLE_USER;
	f->ada.organization = &f->fabrikam;
	contact_link(f, &f->answers.contacts[0], &user);
	assert_outcome(f, RECIPIENTS_ROLE, FAIL);
	assert_outcome(f, RECIPIENTS_UNAFFECTED, PASS);
	fixture_free(f);
}

static void test_exposure(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");
	struct needs *needs = &f->judgement.needs;
	struct contact both = f->ben;

	(void)state;
	needs->addresses.items[1] = STR_LIT("stranger@elsewhere.example");
	needs->addresses.items[2] = strs_ada[0];
	needs->addresses.n = 3;
	contact_link(f, &f->answers.contacts[2], &f->ada);
	assert_outcome(f, RECIPIENTS_EXPOSURE, PASS);
	needs->addresses.items[3] = f->ben.address;
	needs->addresses.n = 4;
	contact_link(f, &f->answers.contacts[3], &f->ben);
	assert_outcome(f, RECIPIENTS_EXPOSURE, FAIL);
	both.organization = &f->contoso;
	contact_link(f, &f->answers.contacts[3], &both);
	assert_outcome(f, RECIPIENTS_EXPOSURE, PASS);
	fixture_free(f);
}

static void test_incomplete(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");

	(void)state;
	contact_link(f, &f->answers.administrators, &f->ben);
	assert_outcome(f, RECIPIENTS_INCOMPLETE, NOT_APPLICABLE); /* eight days: time is left */
	f->when.start = NOW + 5 * DAY + HOUR;
	assert_outcome(f, RECIPIENTS_INCOMPLETE, FAIL);
	f->judgement.event = STR_LIT("CHG-1");
	record(f, "planned-maintenance", "chg-1", NOW - DAY, NULL)->recipients =
		(struct str_list){ &f->ben.address, 1, 1 };
	assert_outcome(f, RECIPIENTS_INCOMPLETE, PASS);
	f->judgement.event = STR_LIT("CHG-2");
	assert_outcome(f, RECIPIENTS_INCOMPLETE, FAIL);
	f->answers.n_scope = 0;
	assert_outcome(f, RECIPIENTS_INCOMPLETE, CANNOT_TELL);
	f->answers.ledger = ANSWER_NONE;
	assert_outcome(f, RECIPIENTS_INCOMPLETE, NOT_APPLICABLE);
	fixture_free(f);
}

static void test_incomplete_series(void **state)
{
	struct fixture *f = fixture_new("service-update");
	struct str both[] = { strs_ada[0], f->ben.address };
	struct history_entry *entry;

	(void)state;
	f->judgement.event = STR_LIT("UPD-1");
	f->class.references.approve = f->class.references.reschedule = true;
	f->when.start = NOW + 30 * DAY;
	contact_link(f, &f->answers.administrators, &f->ben);
	entry = record(f, "service-update", "UPD-1", NOW - 60 * DAY, "90d");
	entry->recipients = (struct str_list){ both, 2, 2 };
	assert_string_equal(failed(f), "recipients.incomplete"); /* each mail is owed to each */
	entry = record(f, "service-update", "UPD-1", NOW - HOUR, "30d");
	entry->recipients = (struct str_list){ both + 1, 1, 1 };
	assert_string_equal(failed(f), "");
	fixture_free(f);
}

static void test_duplicate(void **state)
{
	struct fixture *f = fixture_new("service-update");
	struct history_entry *entry;

	(void)state;
	f->judgement.event = STR_LIT("UPD-1");
	f->class.references.approve = f->class.references.reschedule = true;
	f->when.start = NOW + 90 * DAY;
	entry = record(f, "service-update", "UPD-1", NOW - HOUR, "90d");
	assert_string_equal(failed(f), "sequence.duplicate");
	entry->recipients.items = &f->ben.address;
	assert_string_equal(failed(f), "");
	entry->recipients.items = strs_ada;
	entry->has_start = true;
	entry->start = NOW + 91 * DAY; /* moved since */
	assert_string_equal(failed(f), "");
	fixture_free(f);
}

static void test_banner(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");

	(void)state;
	f->judgement.banner.entry = NULL; /* a colour of no palette */
	assert_string_equal(failed(f), "banner.color");
	f->judgement.banner.state = BANNER_NONE;
	assert_string_equal(failed(f), "banner.missing");
	f->judgement.banner.state = BANNER_UNVERIFIABLE;
	assert_string_equal(failed(f), "banner.unverifiable");
	fixture_free(f);

	f = fixture_new("service-incident");
	f->class.references.cases = (struct str_list){ strs_ada, 1, 1 };
	f->class.references.resolved = true;
	f->judgement.banner.state = BANNER_NONE;
	assert_string_equal(failed(f), "");
	f->judgement.banner.state = BANNER_COLOR;
	f->judgement.banner.entry = policy->palette;
	assert_string_equal(failed(f), "banner.foreign");
	fixture_free(f);
}

static void test_urgent_caps(void **state)
{
	struct fixture *f = fixture_new("unplanned-maintenance");

	(void)state;
	f->when.start = NOW - HOUR;
	f->judgement.banner.state = BANNER_NONE;
	assert_int_equal(run(f, FINDING_BANNER_MISSING)->outcome, OUTCOME_FAIL);
	assert_int_equal(run(f, FINDING_BANNER_MISSING)->severity, SEVERITY_FLAG);
	f->class.sender_listed = false;
	assert_int_equal(run(f, FINDING_SENDER_UNAUTHORIZED)->severity, SEVERITY_REJECT);
	fixture_free(f);
}

static void test_content(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");

	(void)state;
	f->class.title_visible = false;
	assert_string_equal(failed(f), "content.title");
	f->class.title_hidden = true;
	assert_string_equal(failed(f), "content.hidden");
	f->class.title_visible = true;
	f->class.obfuscated = true;
	assert_string_equal(failed(f), "content.obfuscated");
	fixture_free(f);

	f = fixture_new("service-incident");
	f->judgement.banner.state = BANNER_NONE;
	assert_string_equal(failed(f), "content.case content.resolution");
	f->class.hidden.cases = (struct str_list){ strs_ada, 1, 1 };
	f->class.references.restored = true;
	assert_string_equal(failed(f), "content.hidden");
	fixture_free(f);
}

static void test_restored(void **state)
{
	struct fixture *f = fixture_new("service-restored");
	struct history_entry *entry;

	(void)state;
	f->judgement.event = STR_LIT("INC-1");
	f->class.phase = PHASE_FINAL;
	f->class.references.incidents = (struct str_list){ &f->judgement.event, 1, 1 };
	assert_string_equal(failed(f), "sequence.orphan");
	entry = record(f, "major-service-incident", "INC-1", NOW - HOUR, NULL);
	assert_string_equal(failed(f), "");
	entry->recipients.items = &f->ben.address;
	assert_string_equal(failed(f), "recipients.unaffected");
	f->class.references.incidents.n = 0;
	entry->recipients.items = strs_ada;
	assert_string_equal(failed(f), "content.incident");
	f->answers.ledger = ANSWER_NONE;
	assert_outcome(f, RECIPIENTS_UNAFFECTED, NOT_APPLICABLE);
	assert_outcome(f, SEQUENCE_ORPHAN, NOT_APPLICABLE);
	fixture_free(f);
}

static void test_message(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");
	struct ambiguity ambiguity = { AMBIGUITY_NUL, STR_LIT("a NUL in the subject") };
	struct limit_breach breach = { STR_LIT("parts"), 300, 256 };

	(void)state;
	f->message.ambiguities = &ambiguity;
	f->message.n_ambiguities = 1;
	assert_string_equal(failed(f), "message.ambiguous");
	f->message.n_ambiguities = 0;
	f->message.breaches = &breach;
	f->message.n_breaches = 1;
	assert_string_equal(failed(f), "message.limit");
	fixture_free(f);
}

static void test_verdict_modes(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");

	(void)state;
	f->when.start = NOW + DAY;
	run(f, FINDING_LEAD_TIME_MINIMUM);
	verdict_decide(&f->judgement);
	assert_int_equal(f->judgement.verdict, SEVERITY_REJECT);
	f->judgement.mode = MODE_FLAG;
	verdict_decide(&f->judgement);
	assert_int_equal(f->judgement.verdict, SEVERITY_FLAG);
	f->judgement.mode = MODE_OBSERVE;
	verdict_decide(&f->judgement);
	assert_int_equal(f->judgement.verdict, SEVERITY_ACCEPT);
	assert_int_equal(f->judgement.verdict_enforced, SEVERITY_REJECT);
	fixture_free(f);
}

static void assert_reply_lines(const struct judgement *judgement, const char *code,
			       const char *status)
{
	assert_in_range(judgement->n_reply, 2, REPLY_LINES_MAX);
	for (size_t i = 0; i < judgement->n_reply; i++) {
		struct str line = judgement->reply[i];
		bool last = i + 1 == judgement->n_reply;

		assert_true(line.n <= REPLY_OCTETS_MAX);
		assert_memory_equal(line.p, code, 3);
		assert_int_equal(line.p[3], last ? ' ' : '-');
		assert_memory_equal(line.p + 4, status, 5);
		for (size_t j = 0; j < line.n; j++)
			assert_in_range(line.p[j], ' ', '~');
	}
}

static void test_reply(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");

	(void)state;
	f->when.start = NOW + DAY;
	f->when.conflict = true;
	f->when.conflict_detail = STR_LIT("\xe6\x9c\x88 22:00\r\nX: y % \x01");
	f->class.sender_listed = false;
	f->ada.role = ROLE_USER;
	run(f, FINDING_LEAD_TIME_MINIMUM);
	verdict_decide(&f->judgement);
	verdict_reply(&f->judgement);
	assert_reply_lines(&f->judgement, "550", "5.7.1");
	for (size_t i = 0; i < f->judgement.n_reply; i++)
		assert_int_equal(str_find(f->judgement.reply[i], strs_ada[0], 0), STR_NPOS);
	fixture_free(f);

	f = fixture_new("planned-maintenance");
	f->answers.ledger = ANSWER_FAILED;
	run(f, FINDING_SEQUENCE_FIRST);
	verdict_decide(&f->judgement);
	assert_int_equal(f->judgement.verdict, SEVERITY_TEMPFAIL);
	verdict_reply(&f->judgement);
	assert_reply_lines(&f->judgement, "451", "4.7.1");
	fixture_free(f);
}

static void test_headers(void **state)
{
	struct fixture *f = fixture_new("planned-maintenance");
	const struct field fields[] = {
		{ STR_LIT("x-crm-notice-verdict"), STR_LIT(" accept") },
		{ STR_LIT("Subject"), STR_LIT(" x") },
		{ STR_LIT("X-CRM-Declared-Category"), STR_LIT(" planned-maintenance") },
		{ STR_LIT("X-CRM-NOTICE-Seal"), STR_LIT(" forged") },
	};
	const struct message_source source = { fields, 4, STR_NONE, 0, 0 };

	(void)state;
	f->message.source = &source;
	f->judgement.event = STR_LIT("CHG-1; verdict=accept");
	f->class.title_visible = false;
	run(f, FINDING_CONTENT_TITLE);
	verdict_decide(&f->judgement);
	verdict_headers(&f->judgement);
	assert_int_equal(f->judgement.removed.n, 3);
	assert_int_equal(f->judgement.n_headers, 4);
	assert_true(str_is(f->judgement.headers[0].value,
			   "planned-maintenance; score=9.0; phase=initial"));
	assert_true(str_is(f->judgement.headers[1].value,
			   "id=CHG-1__verdict_accept; start=2026-03-09T09:00:00Z"));
	assert_true(str_is(f->judgement.headers[3].value, "flag; findings=content.title"));
	fixture_free(f);

	f = fixture_new("planned-maintenance");
	f->message.source = &source;
	f->judgement.notice = false;
	verdict_headers(&f->judgement);
	assert_int_equal(f->judgement.removed.n, 2);
	assert_int_equal(f->judgement.n_headers, 0);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conforming),
		cmocka_unit_test(test_category),
		cmocka_unit_test(test_recipients),
		cmocka_unit_test(test_role_where_concerned),
		cmocka_unit_test(test_exposure),
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_incomplete_series),
		cmocka_unit_test(test_duplicate),
		cmocka_unit_test(test_banner),
		cmocka_unit_test(test_urgent_caps),
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_restored),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_verdict_modes),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_headers),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
