/* test_checks.c - every check, with a judgement that passes and one that fails */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "policy/checks/registry.h"
#include "policy/notice/milestone.h"
#include "policy/verdict.h"

#define DAY UTC_DAY
#define HOUR UTC_HOUR
#define NOW ((int64_t)1772355600) /* 2026-03-01T09:00:00Z, a Sunday */

static struct policy *policy;

/* A notice in which every check passes, and the answers around it; tests spoil one thing. */
struct fixture {
	struct arena *arena;
	struct judgement judgement;
	struct classification class;
	struct when when;
	struct message message;
	struct envelope envelope;
	struct organization contoso, fabrikam;
	struct contact ada, ben;
	struct answers answers;
	struct scope_entry scope[1];
};

static struct str strs_ada[] = { { "ada@contoso.example", 19 } };

static void contact_link(struct fixture *f, struct contact_list *list,
			 const struct contact *contact)
{
	ARENA_ROOM(f->arena, list->items, list->n, list->cap);
	list->items[list->n++] = contact;
}

static struct fixture *fixture_new(const char *category)
{
	struct arena *arena = arena_new();
	struct fixture *f = ARENA_NEW(arena, struct fixture);
	struct needs *needs = &f->judgement.needs;

	f->arena = arena;
	f->contoso = (struct organization){ .id = STR_LIT("contoso"),
					    .has_purchased = true,
					    .purchased = (int32_t)(NOW / DAY) - 30 };
	f->fabrikam = (struct organization){ .id = STR_LIT("fabrikam") };
	f->contoso.instances = ARENA_ARRAY(arena, 2, struct instance);
	f->contoso.n_instances = 2;
	f->contoso.instances[0].id = STR_LIT("contoso-prod");
	f->contoso.instances[1].id = STR_LIT("contoso-test");
	f->ada = (struct contact){ strs_ada[0], ROLE_SYSTEM_ADMINISTRATOR, &f->contoso, NULL, 0 };
	f->ben = (struct contact){ STR_LIT("ben@fabrikam.example"), ROLE_SYSTEM_ADMINISTRATOR,
				   &f->fabrikam, NULL, 0 };
	f->envelope = (struct envelope){ .from = STR_LIT("notices@crm.example"),
					 .recipients = strs_ada, .n_recipients = 1 };
	f->class.category = policy_category(policy, str_from(category));
	assert_non_null(f->class.category);
	f->class.notice = f->class.sender_listed = f->class.title_visible = true;
	f->class.score = 9;
	f->when = (struct when){ .has_start = true, .start = NOW + 8 * DAY, .clock_stated = true,
				 .zone_stated = true };
	f->judgement = (struct judgement){ .arena = arena, .policy = policy,
					   .envelope = &f->envelope, .now = NOW,
					   .message = &f->message, .class = &f->class,
					   .when = &f->when, .notice = true };
	needs->addresses = (struct str_list){ ARENA_ARRAY(arena, 4, struct str), 1, 4 };
	needs->addresses.items[0] = strs_ada[0];
	needs->n_recipients = 1;
	f->answers.directory = f->answers.ledger = ANSWER_OK;
	f->answers.contacts = ARENA_ARRAY(arena, 4, struct contact_list);
	contact_link(f, &f->answers.contacts[0], &f->ada);
	f->scope[0] = (struct scope_entry){ STR_LIT("contoso-prod"), &f->contoso,
					    &f->contoso.instances[0] };
	f->answers.scope = f->scope;
	f->answers.n_scope = 1;
	contact_link(f, &f->answers.administrators, &f->ada);
	f->judgement.banner.state = BANNER_COLOR;
	if (f->class.category->banner_stated)
		f->judgement.banner.entry = &policy->palette[f->class.category->banner];
	return f;
}

static void fixture_free(struct fixture *f)
{
	arena_free(f->arena);
}

static const struct check_result *run(struct fixture *f, enum finding_id finding)
{
	f->judgement.milestone = milestone_find(f->class.category, &f->when, f->class.completed,
						NOW);
	checks_run(&f->judgement, &f->answers);
	return &f->judgement.results[finding];
}

#define assert_outcome(f, id, wanted)                                                            \
	assert_string_equal(outcome_name(run(f, FINDING_##id)->outcome),                         \
			    outcome_name(OUTCOME_##wanted))

/* What failed, by id, separated by spaces. */
static const char *failed(struct fixture *f)
{
	struct str all = STR_LIT("");

	run(f, (enum finding_id)0);
	for (int i = 0; i < FINDING_N; i++) {
		if (f->judgement.results[i].outcome == OUTCOME_FAIL &&
		    f->judgement.results[i].severity != SEVERITY_OFF)
			all = arena_printf(f->arena, "%.*s%s%s", STR_ARG(all),
					   all.n > 0 ? " " : "", finding_infos[i].id);
	}
	return all.p;
}

static struct history_entry *record(struct fixture *f, const char *category, const char *event,
				    int64_t at, const char *milestone)
{
	struct history_entry *history = f->answers.history;
	size_t n = f->answers.n_history;

	history = arena_grow(f->arena, history, n, n + 1, sizeof *history);
	history[n] = (struct history_entry){ .category = str_from(category),
					     .event = str_from(event),
					     .at = at,
					     .milestone = str_from(milestone),
					     .recipients = { strs_ada, 1, 1 } };
	f->answers.history = history;
	f->answers.n_history = n + 1;
	return &history[n];
}

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

static void test_expired(void **state)
{
	struct fixture *f = fixture_new("customer-lifecycle");

	(void)state;
	f->contoso.purchased = (int32_t)(NOW / DAY) - 365;
	assert_string_equal(failed(f), "");
	f->contoso.purchased--;
	assert_string_equal(failed(f), "lead-time.expired");
	f->contoso.has_purchased = false;
	assert_outcome(f, LEAD_TIME_EXPIRED, CANNOT_TELL);
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
		cmocka_unit_test(test_conforming),
		cmocka_unit_test(test_category),
		cmocka_unit_test(test_recipients),
		cmocka_unit_test(test_role_where_concerned),
		cmocka_unit_test(test_exposure),
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_incomplete_series),
		cmocka_unit_test(test_floor),
		cmocka_unit_test(test_reminder),
		cmocka_unit_test(test_missing_zone_conflict),
		cmocka_unit_test(test_conflict_and_minimum),
		cmocka_unit_test(test_series),
		cmocka_unit_test(test_duplicate),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_expired),
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
