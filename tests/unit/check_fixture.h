/* check_fixture.h - a judgement that conforms, for tests of checks to spoil */
#ifndef TESTS_UNIT_CHECK_FIXTURE_H
#define TESTS_UNIT_CHECK_FIXTURE_H

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

static inline void contact_link(struct fixture *f, struct contact_list *list,
			 const struct contact *contact)
{
	ARENA_ROOM(f->arena, list->items, list->n, list->cap);
	list->items[list->n++] = contact;
}

static inline struct fixture *fixture_new(const char *category)
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

static inline void fixture_free(struct fixture *f)
{
	arena_free(f->arena);
}

static inline const struct check_result *run(struct fixture *f, enum finding_id finding)
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
static inline const char *failed(struct fixture *f)
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

static inline struct history_entry *record(struct fixture *f, const char *category,
					   const char *event, int64_t at, const char *milestone)
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

static inline int load(void **state)
{
	struct arena *arena = arena_new();
	struct diag diag;

	(void)state;
	diag_init(&diag, arena);
	policy = policy_load_default(&diag);
	arena_free(arena);
	return policy == NULL;
}

static inline int unload(void **state)
{
	(void)state;
	policy_unref(policy);
	return 0;
}

/* A conforming notice of a policy whose only category, work, has this `time`, and these keys at its
 * top. The policy before is back after fixture_done. */
static struct policy *policy_before;

static inline struct fixture *fixture_of(const char *time, const char *keys)
{
	struct arena *arena = arena_new();
	struct policy *loaded;
	struct str text;
	struct diag diag;

	diag_init(&diag, arena);
	text = arena_printf(arena,
			    "policy: times\n"
			    "version: 1\n"
			    "phrases: {en: {work: [work]}}\n"
			    "%s"
			    "categories:\n"
			    "  work:\n"
			    "    recipients: {roles: [system-administrator]}\n"
			    "    banner: none\n"
			    "    signals: [{id: s, concept: work, in: [subject], weight: 2}]\n"
			    "    time: %s\n",
			    keys, time);
	loaded = policy_load_text(STR_LIT("built-in:p"), text, NULL, &diag);
	for (size_t i = 0; i < diag.n; i++)
		print_error("%s\n", arena_cstr(arena, diag_format(arena, &diag.entries[i])));
	arena_free(arena);
	assert_non_null(loaded);
	policy_before = policy;
	policy = loaded;
	return fixture_new("work");
}

static inline void fixture_done(struct fixture *f)
{
	fixture_free(f);
	policy_unref(policy);
	policy = policy_before;
}

#endif
