#include "policy/rules/policy.h"

#include "policy/classify/lexicon.h"
#include "policy/rules/names.h"

const char *const policy_mode_names[] = { "enforce", "flag", "observe", NULL };

const char *const role_names[] = {
	[ROLE_SYSTEM_ADMINISTRATOR] = "system-administrator",
	[ROLE_NOTIFICATION_LIST] = "notification-list",
	[ROLE_DELEGATE] = "delegate",
	[ROLE_INITIAL_USER] = "initial-user",
	[ROLE_USER] = "user",
	[ROLE_N] = NULL,
};

const char *const phase_names[] = {
	[PHASE_INITIAL] = "initial",
	[PHASE_REMINDER] = "reminder",
	[PHASE_UPDATE] = "update",
	[PHASE_FINAL] = "final",
	[PHASE_REPORT] = "report",
	[PHASE_CANCELLED] = "cancelled",
	[PHASE_N] = NULL,
};

const char *const signal_structure_names[] = {
	[STRUCTURE_NONE] = "none",
	[STRUCTURE_SENDER_LISTED] = "sender-listed",
	[STRUCTURE_DECLARED] = "declared",
	[STRUCTURE_REPLY] = "reply",
	[STRUCTURE_FORWARD] = "forward",
	[STRUCTURE_REPORT] = "report",
	[STRUCTURE_BULK_LIST] = "bulk-list",
	[STRUCTURE_INVITATION] = "invitation",
	[STRUCTURE_FUTURE_WINDOW] = "future-window",
	[STRUCTURE_PAST_TIME] = "past-time",
	[STRUCTURE_NO_TIME] = "no-time",
	[STRUCTURE_APPROVAL_LINK] = "approval-link",
	[STRUCTURE_EVENT_REFERENCE] = "event-reference",
	[STRUCTURE_INCIDENT_REFERENCE] = "incident-reference",
	[STRUCTURE_CASE_REFERENCE] = "case-reference",
	[STRUCTURE_INSTANCE_NAMED] = "instance-named",
	[STRUCTURE_BANNER_COLOR] = "banner-color",
	[STRUCTURE_REPORT_FIELDS] = "report-fields",
	[STRUCTURE_QUOTED_MOST] = "quoted-most",
	[STRUCTURE_PERSONAL] = "personal",
	[STRUCTURE_NOTICE_SENDER] = "notice-sender",
	[STRUCTURE_ROLE_SENDER] = "role-sender",
	[STRUCTURE_BANNER_PALETTE] = "banner-palette",
	[STRUCTURE_DECLARED_EVENT] = "declared-event",
	[STRUCTURE_STRANGER] = "stranger",
	[STRUCTURE_CALENDAR] = "calendar",
	[STRUCTURE_N] = NULL,
};

static bool name_parse(const char *const *names, struct str name, int *ret_index)
{
	for (int i = 0; names[i] != NULL; i++) {
		if (str_is(name, names[i])) {
			*ret_index = i;
			return true;
		}
	}
	return false;
}

const char *policy_mode_name(enum policy_mode mode)
{
	return policy_mode_names[mode];
}

bool policy_mode_parse(struct str name, enum policy_mode *ret_mode)
{
	int index;

	if (!name_parse(policy_mode_names, name, &index))
		return false;
	*ret_mode = (enum policy_mode)index;
	return true;
}

const char *role_name(enum role role)
{
	return role_names[role];
}

bool role_parse(struct str name, enum role *ret_role)
{
	int index;

	if (!name_parse(role_names, name, &index))
		return false;
	*ret_role = (enum role)index;
	return true;
}

const char *phase_name(enum phase phase)
{
	return phase_names[phase];
}

bool phase_parse(struct str name, enum phase *ret_phase)
{
	int index;

	if (!name_parse(phase_names, name, &index))
		return false;
	*ret_phase = (enum phase)index;
	return true;
}

const char *signal_structure_name(enum signal_structure structure)
{
	return signal_structure_names[structure];
}

struct policy *policy_ref(struct policy *policy)
{
	__atomic_add_fetch(&policy->references, 1, __ATOMIC_RELAXED);
	return policy;
}

void policy_unref(struct policy *policy)
{
	if (policy == NULL || __atomic_sub_fetch(&policy->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	lexicon_free(policy->lexicon);
	arena_free(policy->arena);
}

/* What an incident mail may lack and still has to go out (POLICY.md, "Urgent categories"). */
static bool is_forgiven_when_urgent(enum finding_id finding)
{
	struct str id = str_from(finding_infos[finding].id);

	if (finding == FINDING_CONTENT_HIDDEN)
		return false;
	return str_starts(id, STR_LIT("banner.")) || str_starts(id, STR_LIT("lead-time.")) ||
	       str_starts(id, STR_LIT("content."));
}

enum severity policy_severity(const struct policy *policy, const struct category *category,
			      enum finding_id finding)
{
	enum severity severity = finding_infos[finding].severity;

	if (category != NULL && category->severity_set[finding])
		severity = category->severities[finding];
	else if (policy->severity_set[finding])
		severity = policy->severities[finding];
	if (category != NULL && category->urgent && severity > SEVERITY_FLAG &&
	    is_forgiven_when_urgent(finding))
		severity = SEVERITY_FLAG;
	return severity;
}

size_t policy_concept(const struct policy *policy, const char *id)
{
	for (size_t i = 0; i < policy->n_concepts; i++) {
		if (str_is(policy->concepts[i].id, id))
			return i;
	}
	return SIGNAL_NO_CONCEPT;
}

bool policy_wears(const struct category *category, size_t color)
{
	if (category->banner_stated && category->banner == color)
		return true;
	for (size_t i = 0; i < category->n_variants; i++) {
		if (policy_wears(category->variants[i].category, color))
			return true;
	}
	return false;
}

const struct category *policy_category(const struct policy *policy, struct str id)
{
	for (size_t i = 0; i < policy->n_categories; i++) {
		if (str_eq(policy->categories[i].id, id))
			return &policy->categories[i];
	}
	return NULL;
}

/* A star matches any run; on a mismatch the last star takes one more octet, so the time is at
 * most the product of the lengths, and no pattern makes it worse. */
static bool pattern_matches(struct str pattern, struct str text)
{
	size_t p = 0, t = 0, star = STR_NPOS, retry = 0;

	while (t < text.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			retry = t;
		} else if (p < pattern.n && ascii_lower(pattern.p[p]) == ascii_lower(text.p[t])) {
			p++;
			t++;
		} else if (star != STR_NPOS) {
			p = star + 1;
			t = ++retry;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

bool pattern_list_matches(const struct pattern_list *patterns, struct str address)
{
	for (size_t i = 0; i < patterns->n; i++) {
		if (pattern_matches(patterns->items[i], address))
			return true;
	}
	return false;
}
