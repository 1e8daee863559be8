/* Loading a policy: what it says, what it may not say, what it extends, and that nothing stays
 * behind. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "certs/digest.h"
#include "policy/classify/lexicon.h"
#include "policy/embedded/embedded.h"
#include "policy/rules/source.h"
#include "tests/unit/policy_fixture.h"

/* -- The default policy is POLICY.md -- */

#define ADMINS (1u << ROLE_SYSTEM_ADMINISTRATOR | 1u << ROLE_NOTIFICATION_LIST)
#define RUNNERS (ADMINS | 1u << ROLE_DELEGATE)

static const struct {
	const char *id;
	bool urgent, mailed;
	unsigned roles;
	enum scope_kind scope;
	enum time_direction direction;
	int64_t floor, deadline;
	size_t milestones;
	unsigned span;
	const char *banner;
	unsigned content;
} table[] = {
	{ "planned-maintenance", false, true, ADMINS, SCOPE_INSTANCES, TIME_ADVANCE, 432000, 0, 0, 0,
	  "light-orange", CONTENT_NEEDS_TITLE | CONTENT_NEEDS_HEALTH_PAGE },
	{ "unplanned-maintenance", true, true, ADMINS, SCOPE_INSTANCES, TIME_NEAREST, 0, 0, 0, 0,
	  "light-orange", CONTENT_NEEDS_TITLE | CONTENT_NEEDS_HEALTH_PAGE },
	{ "security-update", false, false, ADMINS, SCOPE_NONE, TIME_ADVANCE, 0, 0, 0, 0, NULL, 0 },
	{ "service-update", false, true, ADMINS, SCOPE_INSTANCES, TIME_ADVANCE, 0, 0, 6, 0,
	  "light-blue", CONTENT_NEEDS_APPROVAL },
	{ "service-incident", true, true, ADMINS, SCOPE_INSTANCES, TIME_NEAREST, 0, 0, 0, 0, NULL,
	  CONTENT_NEEDS_CASE | CONTENT_NEEDS_RESOLUTION },
	{ "major-service-incident", true, true, ADMINS, SCOPE_INSTANCES, TIME_NEAREST, 0, 900, 0, 0,
	  "orange", CONTENT_NEEDS_REPORT_FIELDS | CONTENT_NEEDS_HEALTH_PAGE },
	{ "service-restored", true, true, ADMINS, SCOPE_INSTANCES, TIME_NEAREST, 0, 0, 0, 0,
	  "light-green", CONTENT_NEEDS_INCIDENT },
	{ "general-awareness", false, true, RUNNERS, SCOPE_NONE, TIME_ADVANCE, 0, 0, 0, 0,
	  "light-blue", 0 },
	{ "launch-readiness", false, true, RUNNERS, SCOPE_NONE, TIME_ADVANCE, 0, 0, 0, 0, "green",
	  0 },
	{ "customer-lifecycle", false, true, RUNNERS, SCOPE_NONE, TIME_ADVANCE, 0, 0, 0, 1,
	  "dark-blue", 0 },
};

static void test_default_categories(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load_default(&f->diag);

	assert_non_null(policy);
	assert_int_equal(policy->n_categories, sizeof table / sizeof *table);
	for (size_t i = 0; i < policy->n_categories; i++) {
		const struct category *c = &policy->categories[i];

		assert_true(str_is(c->id, table[i].id));
		assert_int_equal(c->urgent, table[i].urgent);
		assert_int_equal(c->mailed, table[i].mailed);
		assert_int_equal(c->roles, table[i].roles);
		assert_int_equal(c->scope, table[i].scope);
		assert_int_equal(c->time.direction, table[i].direction);
		assert_int_equal(c->time.floor.seconds, table[i].floor);
		assert_int_equal(c->time.deadlines[PHASE_INITIAL].within, table[i].deadline);
		assert_int_equal(c->time.n_milestones, table[i].milestones);
		assert_int_equal(c->time.span.years, table[i].span);
		assert_int_equal(c->banner_stated, table[i].banner != NULL);
		if (c->banner_stated)
			assert_true(str_is(policy->palette[c->banner].name, table[i].banner));
		assert_int_equal(c->content, table[i].content);
	}
	policy_unref(policy);
}

static void test_default_settled_points(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load_default(&f->diag);
	const struct category *update = category_of(policy, "service-update");
	const struct category *restored = category_of(policy, "service-restored");

	assert_int_equal(category_of(policy, "planned-maintenance")->time.floor.calendar_days, 5);
	assert_true(category_of(policy, "planned-maintenance")->time.in_advance);
	assert_int_equal(category_of(policy, "major-service-incident")
				 ->time.deadlines[PHASE_REPORT].business_days,
			 5);
	assert_true(str_is(update->time.milestones[0].name, "90d"));
	assert_int_equal(update->time.milestones[0].before, 90 * 86400);
	assert_int_equal(update->time.milestones[0].tolerance, 86400);
	assert_int_equal(update->time.milestones[4].tolerance, 43200);
	assert_true(update->time.milestones[3].approval && !update->time.milestones[4].approval);
	assert_true(update->time.milestones[5].after);
	assert_int_equal(update->time.milestones[5].tolerance, 7 * 86400);
	assert_true(restored->follows[category_of(policy, "major-service-incident") -
				      policy->categories]);
	assert_int_equal(policy->n_palette, 6);
	assert_int_equal(policy->palette[0].rgb[1], 0x8c);
	assert_true(policy->palette[0].radius == 8.0);
	assert_int_equal(policy->weekend, 1u << 0 | 1u << 6);
	assert_int_equal(policy->limits.message_octets, 25 * 1024 * 1024);
	assert_int_equal(policy->limits.recipients, 1000);
	assert_true(str_is(policy->timezone, "UTC"));
	assert_int_equal(policy->senders_from.n, 0);
	assert_false(policy->declaration_required);
	assert_int_equal(policy->when_unknown[FINDING_RECIPIENTS_UNAFFECTED], SEVERITY_ACCEPT);
	assert_int_equal(policy->when_unknown[FINDING_BANNER_COLOR], SEVERITY_FLAG);
	policy_unref(policy);
}

static void test_default_has_no_warnings(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load_default(&f->diag);

	assert_string_equal(faults(f), "");
	policy_unref(policy);
}

static void test_every_language_is_built_in(void **state)
{
	static const char *const codes[] = { "en", "de", "fr", "es", "it", "pt", "nl", "pl",
					     "sv", "tr", "ru", "uk", "ja", "ko", "zh" };
	struct fixture *f = *state;
	struct policy *policy = policy_load_default(&f->diag);

	assert_int_equal(policy->n_languages, sizeof codes / sizeof *codes);
	for (size_t i = 0; i < policy->n_languages; i++)
		assert_true(str_is(policy->languages[i].code, codes[i]));
	policy_unref(policy);
}

/* The program carries the files as they are in the tree. */
static void test_all_files_are_built_in(void **state)
{
	struct fixture *f = *state;
	glob_t found;

	assert_int_equal(glob("policy/*.yaml", 0, NULL, &found), 0);
	assert_int_equal(glob("policy/lang/*.yaml", GLOB_APPEND, NULL, &found), 0);
	assert_int_equal(found.gl_pathc, embedded_n_files);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct source file, builtin;

		assert_true(source_read(f->arena, found.gl_pathv[i], 1 << 20, &file));
		assert_true(source_builtin(str_from(found.gl_pathv[i] + strlen("policy/")),
					   &builtin));
		assert_true(str_eq(file.text, builtin.text));
	}
	globfree(&found);
}

/* Another vendor's policy needs no code. */
static void test_another_vendor(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load("policy/hosting-example.yaml", "", &f->diag);

	assert_string_equal(faults(f), "");
	assert_int_equal(policy->n_categories, 2);
	assert_int_equal(category_of(policy, "network-work")->time.floor.seconds, 864000);
	assert_false(category_of(policy, "network-outage")->banner_required);
	policy_unref(policy);
}

/* -- Severities -- */

static void test_urgent_cap(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = policy_load_default(&f->diag);
	const struct category *urgent = category_of(policy, "major-service-incident");
	const struct category *planned = category_of(policy, "planned-maintenance");

	assert_int_equal(policy_severity(policy, urgent, FINDING_BANNER_COLOR), SEVERITY_FLAG);
	assert_int_equal(policy_severity(policy, urgent, FINDING_LEAD_TIME_MISSING), SEVERITY_FLAG);
	assert_int_equal(policy_severity(policy, urgent, FINDING_CONTENT_REPORT), SEVERITY_FLAG);
	assert_int_equal(policy_severity(policy, urgent, FINDING_CONTENT_HIDDEN), SEVERITY_REJECT);
	assert_int_equal(policy_severity(policy, urgent, FINDING_RECIPIENTS_ROLE), SEVERITY_REJECT);
	assert_int_equal(policy_severity(policy, urgent, FINDING_CONTENT_HEALTH_PAGE), SEVERITY_OFF);
	assert_int_equal(policy_severity(policy, planned, FINDING_BANNER_COLOR), SEVERITY_REJECT);
	assert_int_equal(policy_severity(policy, NULL, FINDING_BANNER_COLOR), SEVERITY_REJECT);
	policy_unref(policy);
}

static void test_severity_order(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = load_text(
		f, HEAD WORDS "severities: {banner.color: quarantine, content.title: off}\n" CATEGORY
			      "    severities: {banner.color: accept}\n");
	const struct category *work = category_of(policy, "work");

	assert_int_equal(policy_severity(policy, work, FINDING_BANNER_COLOR), SEVERITY_ACCEPT);
	assert_int_equal(policy_severity(policy, NULL, FINDING_BANNER_COLOR), SEVERITY_QUARANTINE);
	assert_int_equal(policy_severity(policy, work, FINDING_CONTENT_TITLE), SEVERITY_OFF);
	assert_int_equal(policy_severity(policy, work, FINDING_BANNER_MISSING), SEVERITY_REJECT);
	policy_unref(policy);
}

static void test_declaration_can_be_demanded(void **state)
{
	struct fixture *f = *state;
	struct policy *policy =
		load_text(f, HEAD WORDS "severities: {declaration.missing: reject}\n" CATEGORY);

	assert_true(policy->declaration_required);
	policy_unref(policy);
}

/* -- Patterns -- */

static bool matches(const char *pattern, const char *address)
{
	struct str item = str_from(pattern);
	struct pattern_list list = { &item, 1, 1 };

	return pattern_list_matches(&list, str_from(address));
}

static void test_patterns(void **state)
{
	(void)state;
	assert_true(matches("notices@crm.example", "Notices@CRM.example"));
	assert_true(matches("*@crm.example", "a@crm.example"));
	assert_true(matches("bounce+*@crm.example", "bounce+x=y@crm.example"));
	assert_true(matches("*a*b@x", "aaabab@x"));
	assert_false(matches("*@crm.example", "a@crm.example.evil"));
	assert_false(matches("*@crm.example", "a@sub.crm.example"));
	assert_false(matches("bounce+*@crm.example", "bounce@crm.example"));
	assert_false(matches("notices@crm.example", ""));
}

static void test_domains_become_a_labels(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = load_text(f, SMALL "internal: [CRM.Example, müller.example]\n"
						   "senders: {from: ['*@Müller.example'], "
						   "envelope: ['*@*.crm.example']}\n");

	assert_non_null(policy);
	assert_true(str_is(policy->internal.items[0], "crm.example"));
	assert_true(str_is(policy->internal.items[1], "xn--mller-kva.example"));
	assert_true(str_is(policy->senders_from.items[0], "*@xn--mller-kva.example"));
	assert_true(str_is(policy->senders_envelope.items[0], "*@*.crm.example"));
	policy_unref(policy);
}

/* -- Faults: all in one run, each at its place -- */

static void test_small_policy_loads(void **state)
{
	struct fixture *f = *state;
	struct policy *policy = load_text(f, SMALL);

	assert_string_equal(faults(f), "");
	assert_non_null(policy);
	assert_int_equal(policy->mode, MODE_ENFORCE);
	assert_true(category_of(policy, "work")->threshold == 1.0);
	assert_true(category_of(policy, "work")->mailed);
	policy_unref(policy);
}

static void test_faults_at_the_top(void **state)
{
	expect_faults(state,
		      "polcy: x\n"
		      "version: one\n"
		      "mode: strict\n"
		      "senders: {from: [\"@crm.example\", \"a@\", \"x\"]}\n"
		      "internal: [\"a@b\", \"\"]\n"
		      "timezone: Mars/Olympus\n"
		      "zones: {IST: Nowhere/At_All}\n"
		      "business-days: {weekend: [sonntag], holidays: [2026-02-30]}\n"
		      "margin: -1\n"
		      "limits: {parts: 0, message: 25 MB}\n"
		      "when_unknown: {recipients.unafected: accept, banner.color: maybe}\n"
		      "severities: {lead-time.minimun: flag, banner.color: strip}\n",
		      "built-in:p:1:1: unknown key \"polcy\": did you mean \"policy\"?\n"
		      "built-in:p:1:1: the key \"policy\" is missing here\n"
		      "built-in:p:1:1: the key \"categories\" is missing here\n"
		      "built-in:p:2:10: \"one\" is no whole number\n"
		      "built-in:p:3:7: \"strict\" is none of: enforce, flag, observe\n"
		      "built-in:p:4:18: \"@crm.example\" is no address pattern such as "
		      "notices@crm.example or *@crm.example\n"
		      "built-in:p:4:34: \"a@\" is no address pattern such as notices@crm.example or "
		      "*@crm.example\n"
		      "built-in:p:4:40: \"x\" is no address pattern such as notices@crm.example or "
		      "*@crm.example\n"
		      "built-in:p:5:12: \"a@b\" is no domain such as crm.example\n"
		      "built-in:p:5:19: an empty text\n"
		      "built-in:p:6:11: \"Mars/Olympus\" is no time zone such as Europe/Berlin or UTC\n"
		      "built-in:p:7:14: \"Nowhere/At_All\" is no time zone such as Europe/Berlin or UTC\n"
		      "built-in:p:8:27: \"sonntag\" is none of: sunday, monday, tuesday, wednesday, "
		      "thursday, friday, saturday\n"
		      "built-in:p:8:48: \"2026-02-30\" is no date such as 2026-03-01\n"
		      "built-in:p:9:9: -1 is not between 0 and 1000\n"
		      "built-in:p:10:17: 0 is not between 1 and 100000\n"
		      "built-in:p:10:29: \"25 MB\" is no size such as 4096, 256K, 25M or 1G\n"
		      "built-in:p:11:16: \"recipients.unafected\" is no finding: did you mean "
		      "\"recipients.unaffected\"?\n"
		      "built-in:p:11:60: \"maybe\" is none of: off, accept, strip, flag, quarantine, "
		      "tempfail, reject\n"
		      "built-in:p:12:14: \"lead-time.minimun\" is no finding: did you mean "
		      "\"lead-time.minimum\"?\n"
		      "built-in:p:12:53: strip is for recipients.unknown, recipients.role and "
		      "recipients.unaffected: banner.color is about no single recipient");
}

static void test_faults_of_colours(void **state)
{
	expect_faults(state,
		      HEAD WORDS
		      "palette: {blue: '#00BCF', red: {rgb: '#FF0000', radius: 200}, none: '#000000'}\n"
		      "images:\n"
		      "  - {url: a, sha256: abc, color: blue}\n"
		      "  - {color: red}\n"
		      "  - {url: a, color: pink}\n" CATEGORY,
		      "built-in:p:4:17: \"#00BCF\" is no colour such as \"#FF8C00\"\n"
		      "built-in:p:4:57: 200 is not between 0 and 100\n"
		      "built-in:p:4:63: \"none\" cannot name a colour: it stands for no banner\n"
		      "built-in:p:6:22: a SHA-256 is 64 hexadecimal digits\n"
		      "built-in:p:7:5: an image is given by either \"url\" or \"sha256\"\n"
		      "built-in:p:8:21: \"pink\" is no colour of the palette: blue, red, none");
}

static void test_faults_of_categories(void **state)
{
	expect_faults(
		state,
		HEAD WORDS
		"palette: {blue: '#0000FF'}\n"
		"categories:\n"
		"  Work:\n"
		"    banner: green\n"
		"    signals: []\n"
		"  outage:\n"
		"    recipients: {roles: [admin], scope: all}\n"
		"    banner: {color: none, required: true}\n"
		"    content: [title]\n"
		"    follows: [outage, works]\n"
		"    signals: []\n"
		"  silent:\n"
		"    mailed: false\n"
		"    time: {direction: nearest, floor: {at-least: 5d}}\n"
		"    banner: blue\n"
		"    signals: []\n"
		"  late:\n"
		"    recipients: {roles: [delegate]}\n"
		"    time: {span: {after-purchase: 36h}, deadlines: {final: {business-days: 0}}}\n"
		"    signals: []\n",
		"built-in:p:6:3: \"Work\" is no identifier: small letters, digits and hyphens\n"
		"built-in:p:7:13: \"green\" is no colour of the palette: blue\n"
		"built-in:p:10:26: \"admin\" is none of: system-administrator, notification-list, "
		"delegate, initial-user, user\n"
		"built-in:p:10:41: \"all\" is none of: none, instances\n"
		"built-in:p:11:13: a banner is required, but no colour stated\n"
		"built-in:p:13:23: \"works\" is no category here\n"
		"built-in:p:17:11: a floor needs time.direction: advance\n"
		"built-in:p:21:5: the key \"banner\" is missing here\n"
		"built-in:p:22:35: 36h is neither years nor days, such as 1y or 90d\n"
		"built-in:p:22:60: the key \"after\" is missing here\n"
		"built-in:p:22:76: 0 is not between 1 and 366");
}

static void test_faults_of_whole_categories(void **state)
{
	expect_faults(state,
		      HEAD WORDS "categories:\n"
				 "  a: {banner: none, content: title, signals: []}\n",
		      "built-in:p:5:3: \"a\" is mailed to nobody: give recipients.roles, or mailed: "
		      "false\n"
		      "built-in:p:5:3: content has title, but there is no \"title\" to find");
}

static void test_faults_of_signals(void **state)
{
	expect_faults(state,
		      HEAD WORDS "negatives: [{id: s, structure: reply, weight: -1}]\n"
				 "categories:\n"
				 "  a:\n"
				 "    recipients: {roles: delegate}\n"
				 "    banner: none\n"
				 "    signals:\n"
				 "      - {id: s, concept: work, in: [subject], weight: 1}\n"
				 "      - {id: t, weight: 1}\n"
				 "      - {id: u, concept: work, weight: 1}\n"
				 "      - {id: v, structure: reply, in: body, weight: 1}\n"
				 "      - {id: w, structure: replied, weight: heavy}\n"
				 "      - {concept: work, in: [attic], weight: 1}\n",
		      "built-in:p:10:14: a second signal \"s\", first at built-in:p:4\n"
		      "built-in:p:11:9: a signal has either a \"concept\" or a \"structure\"\n"
		      "built-in:p:12:9: a concept is looked for \"in\" a place: subject, heading, "
		      "body, footer, from, link, lead, calendar\n"
		      "built-in:p:13:9: a structure has no place: leave out \"in\"\n"
		      "built-in:p:14:28: \"replied\" is none of: sender-listed, declared, reply, "
		      "forward, report, bulk-list, invitation, future-window, past-time, no-time, "
		      "approval-link, event-reference, incident-reference, case-reference, "
		      "instance-named, banner-color, report-fields, quoted-most, personal, "
		      "notice-sender, role-sender, banner-palette, declared-event, stranger, "
		      "calendar\n"
		      "built-in:p:14:45: \"heavy\" is no number such as 2 or 1.5\n"
		      "built-in:p:15:9: the key \"id\" is missing here\n"
		      "built-in:p:15:30: \"attic\" is none of: subject, heading, body, footer, from, "
		      "link, lead, calendar");
}

static void test_unknown_concept(void **state)
{
	struct fixture *f = *state;

	assert_null(load_text(f, HEAD WORDS CATEGORY "    title: wrok\n"));
	assert_non_null(strstr(faults(f), "no language has phrases for the concept \"wrok\": did you "
					  "mean \"work\"?"));
}

static void test_faults_of_phrases(void **state)
{
	struct fixture *f = *state;
	char long_phrase[LEXICON_PHRASE_MAX + 2];

	memset(long_phrase, 'x', sizeof long_phrase - 1);
	long_phrase[sizeof long_phrase - 1] = '\0';
	assert_null(load_text(f, arena_printf(f->arena,
					      "%sphrases: {en: {work: ['', [x], %s], outage: one}}\n%s",
					      HEAD, long_phrase, CATEGORY)
					 .p));
	assert_string_equal(faults(f), "built-in:p:3:23: an empty phrase\n"
				       "built-in:p:3:27: a list where a phrase is wanted\n"
				       "built-in:p:3:32: a phrase of 201 octets: the limit is 200\n"
				       "built-in:p:3:244: a text where a list of phrases is wanted");
}

static void test_bad_reference_pattern(void **state)
{
	struct fixture *f = *state;

	assert_null(load_text(f, SMALL "references:\n  event: ['(unclosed']\n  case:\n  - 'x\\d'\n"
				       "  - '(a+)+$'\n"));
	assert_string_equal(faults(f),
			    "built-in:p:10:11: the pattern \"(unclosed\": at 9: missing closing parenthesis\n"
			    "built-in:p:13:5: the pattern \"(a+)+$\": takes too long on some texts: "
			    "\"(a+)+$\" can match the same text in many ways");
}

/* -- Files -- */

/* A site's file may bear the name of what it extends. */
/* -- Fingerprint and lifetime -- */

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_default_categories),
		TEST(test_default_settled_points),
		TEST(test_default_has_no_warnings),
		TEST(test_every_language_is_built_in),
		TEST(test_all_files_are_built_in),
		TEST(test_another_vendor),
		TEST(test_urgent_cap),
		TEST(test_severity_order),
		TEST(test_declaration_can_be_demanded),
		TEST(test_patterns),
		TEST(test_domains_become_a_labels),
		TEST(test_small_policy_loads),
		TEST(test_faults_at_the_top),
		TEST(test_faults_of_colours),
		TEST(test_faults_of_categories),
		TEST(test_faults_of_whole_categories),
		TEST(test_faults_of_signals),
		TEST(test_unknown_concept),
		TEST(test_faults_of_phrases),
		TEST(test_bad_reference_pattern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
