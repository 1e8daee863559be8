/* test_cli.c - from a message file to JSON: the shape that scripts rely on; case files; expectations */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "milter/cli/expect.h"
#include "milter/cli/json.h"
#include "milter/cli/run.h"
#include "policy/base/utc.h"

#define NOW ((int64_t)1772355600) /* 2026-03-01T09:00:00Z */

static struct policy *policy;

static const char notice[] =
	"Message-ID: <1@crm.example>\n"
	"From: CRM <notices@crm.example>\n"
	"To: ada@contoso.example\n"
	"Subject: Planned Maintenance of contoso-prod (CHG-4711)\n"
	"X-CRM-Notice-Verdict: accept\n"
	"Content-Type: text/plain; charset=utf-8\n"
	"\n"
	"Planned Maintenance\n"
	"\n"
	"We shall carry out Planned Maintenance of contoso-prod from Tuesday,\n"
	"3 March 2026, 22:00 UTC to Wednesday, 4 March 2026, 02:00 UTC.\n";

static const char letter[] = "From: ada@contoso.example\n"
			     "To: bob@fabrikam.example\n"
			     "Subject: lunch\n"
			     "\n"
			     "At noon?\n";

struct fixture {
	struct arena *arena;
	struct run_result result;
	json_t *json;
};

static void judge(struct fixture *f, const char *text, bool explain)
{
	static const struct str_list none;
	const struct run run = { .policy = policy, .recipients = &none, .now = NOW };

	run_judge(&run, f->arena, str_from(text), &f->result);
	f->json = json_judgement("a.eml", f->result.judgement, f->result.answers, explain);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->arena = arena_new();
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	if (f->json != NULL)
		run_done(&f->result);
	json_decref(f->json);
	arena_free(f->arena);
	free(f);
	return 0;
}

static void assert_keys(json_t *object, const char *const *keys)
{
	const char *key;
	json_t *value;
	size_t i = 0;

	json_object_foreach(object, key, value) {
		assert_non_null(keys[i]);
		assert_string_equal(key, keys[i++]);
	}
	assert_null(keys[i]);
}

static const char *const top_keys[] = { "file", "message_id", "notice", "category", "score", "phase",
					"evidence", "event", "banner", "recipients", "findings",
					"verdict", "stripped", "reply", "headers", NULL };

static void test_notice(void **state)
{
	static const char *const finding_keys[] = { "check", "severity", "detail", "clause", NULL };
	static const char *const evidence_keys[] = { "signal", "where", "text", "weight", NULL };
	static const char *const event_keys[] = { "id", "start", "end", "source", NULL };
	struct fixture *f = *state;
	json_t *event;

	judge(f, notice, false);
	assert_keys(f->json, top_keys);
	assert_true(json_is_true(json_object_get(f->json, "notice")));
	assert_string_equal(json_string_value(json_object_get(f->json, "category")),
			    "planned-maintenance");
	assert_string_equal(json_string_value(json_object_get(f->json, "verdict")), "reject");
	assert_keys(json_array_get(json_object_get(f->json, "findings"), 0), finding_keys);
	assert_keys(json_array_get(json_object_get(f->json, "evidence"), 0), evidence_keys);
	event = json_object_get(f->json, "event");
	assert_keys(event, event_keys);
	assert_string_equal(json_string_value(json_object_get(event, "id")), "CHG-4711");
	assert_string_equal(json_string_value(json_object_get(event, "start")),
			    "2026-03-03T22:00:00Z");
	assert_true(json_is_null(json_object_get(f->json, "banner")));
	assert_int_equal(json_array_size(json_object_get(f->json, "stripped")), 0);
	assert_int_equal(json_array_size(json_object_get(f->json, "headers")), 4);
	assert_true(json_array_size(json_object_get(f->json, "reply")) > 2);
}

static void test_letter(void **state)
{
	struct fixture *f = *state;

	judge(f, letter, false);
	assert_keys(f->json, top_keys);
	assert_true(json_is_false(json_object_get(f->json, "notice")));
	assert_true(json_is_null(json_object_get(f->json, "category")));
	assert_string_equal(json_string_value(json_object_get(f->json, "verdict")), "accept");
	assert_int_equal(json_array_size(json_object_get(f->json, "findings")), 0);
	assert_int_equal(json_array_size(json_object_get(f->json, "headers")), 0);
	assert_int_equal(json_array_size(json_object_get(f->json, "recipients")), 1);
	assert_true(json_is_null(json_object_get(f->json, "event")));
}

static void test_explain(void **state)
{
	struct fixture *f = *state;
	json_t *checks;

	judge(f, notice, true);
	checks = json_object_get(f->json, "checks");
	assert_int_equal(json_array_size(checks), FINDING_N);
	for (size_t i = 0; i < FINDING_N; i++)
		assert_string_equal(
			json_string_value(json_object_get(json_array_get(checks, i), "check")),
			finding_infos[i].id);
}

static const char *put(struct fixture *f, const char *text)
{
	char *name = arena_cstr(f->arena, STR_LIT("/tmp/crm-notice-case-XXXXXX"));
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	return name;
}

static bool read_case(struct fixture *f, const char *text, struct diag *diag,
		      struct case_file *ret_case)
{
	const char *name = put(f, text);
	bool ok;

	diag_init(diag, f->arena);
	ok = case_file_read(f->arena, name, diag, ret_case);
	unlink(name);
	return ok;
}

static void test_case(void **state)
{
	struct fixture *f = *state;
	struct case_file c;
	struct diag diag;

	assert_true(read_case(f,
			      "now: 2026-03-01T09:00:00Z\n"
			      "from: \"\"\n"
			      "recipients: [ada@contoso.example]\n"
			      "history:\n"
			      "  - {category: x, event: UPD7, at: 2025-12-10T08:00:00Z, milestone: 90d,\n"
			      "     phase: reminder, start: 2026-03-10T00:00:00Z, recipients: [A@B.example]}\n"
			      "expect:\n"
			      "  banner: null\n"
			      "  findings: []\n"
			      "  event: {end: 2026-03-05T02:00:00Z}\n",
			      &diag, &c));
	assert_int_equal(c.now, NOW);
	assert_true(c.from.given && c.from.text.p != NULL && c.from.text.n == 0);
	assert_true(c.has_history);
	assert_int_equal(c.n_history, 1);
	assert_true(c.history[0].has_start && !c.history[0].has_end && c.history[0].has_phase);
	assert_true(str_is(c.history[0].recipients.items[0], "A@b.example"));
	assert_true(c.expect.banner.given && c.expect.banner.text.p == NULL);
	assert_true(c.expect.findings.given && !c.expect.findings_include.given);
	assert_true(c.expect.has_event && c.expect.event_end.given &&
		    !c.expect.event_start.given);
	assert_true(read_case(f, "history: []\n", &diag, &c));
	assert_true(c.has_history && c.n_history == 0 && !c.has_now);
}

static void test_case_faults(void **state)
{
	struct fixture *f = *state;
	struct case_file c;
	struct diag diag;

	assert_false(read_case(f,
			       "now: today\n"
			       "recipient: [x@y.example]\n"
			       "expect: {findings: [lead-time.late], verdikt: reject}\n",
			       &diag, &c));
	assert_int_equal(diag.errors, 4);
}

static void test_expectations(void **state)
{
	struct fixture *f = *state;
	struct str found[] = { STR_LIT("lead-time.minimum"), STR_LIT("banner.missing") };
	struct expectation expect = { .has_notice = true, .notice = true };
	struct comparison comparison;

	judge(f, notice, false);
	expect.findings = (struct expected_list){ true, { found, 2, 2 } };
	expect.category = (struct expected_text){ true, STR_LIT("planned-maintenance") };
	expect.has_event = true;
	expect.event_start = (struct expected_time){ true, NOW + 2 * UTC_DAY + 13 * UTC_HOUR };
	expect_compare(f->arena, &expect, f->result.judgement, &comparison);
	assert_int_equal(comparison.n, 0);
	expect.findings.list.n = 1; /* banner.missing is one too many */
	expect.findings_exclude = (struct expected_list){ true, { found, 1, 1 } };
	expect.category.text = STR_NONE;
	expect.event_start.time++;
	expect.banner = (struct expected_text){ true, STR_LIT("orange") };
	expect_compare(f->arena, &expect, f->result.judgement, &comparison);
	assert_int_equal(comparison.n, 5);
	assert_false(comparison.agrees[EXPECT_FINDINGS]);
	assert_true(comparison.agrees[EXPECT_NOTICE]);
	assert_false(comparison.given[EXPECT_VERDICT]);
}

static void test_words(void **state)
{
	struct fixture *f = *state;

	assert_true(str_is(utc_stamp(f->arena, NOW), "2026-03-01T09:00:00Z"));
	assert_true(str_is(utc_span(f->arena, 5 * UTC_DAY), "5 days"));
	assert_true(str_is(utc_span(f->arena, -(UTC_DAY + UTC_HOUR + 59)), "1 day 1 hour"));
	assert_true(str_is(utc_span(f->arena, 61), "1 minute 1 second"));
	assert_true(str_is(utc_span(f->arena, 0), "0 seconds"));
	assert_int_equal(utc_day(-1, 0), -1);
	assert_int_equal(utc_day(-1, 1), 0);
}

static int load(void **state)
{
	struct arena *arena = arena_new();
	struct diag diag;

	(void)state;
	diag_init(&diag, arena);
	policy = policy_load_default(&diag);
	arena_free(arena);
	return policy == NULL;
}

static int unload(void **state)
{
	(void)state;
	policy_unref(policy);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_notice, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_letter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_explain, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_case, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_case_faults, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_expectations, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_words, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
