/* exception.c - the `exceptions` of a policy, read */
#include "policy/rules/build.h"

#include "policy/base/utc.h"
#include "policy/when/zone.h"
#include "policy/rules/names.h"

#define EXCEPTIONS_MAX 1000

static YAML_READER(read_reason)
{
	struct str reason = STR_NONE;

	yaml_read_str(reader, node, key, &reason);
	if (reason.n > EXCEPTION_REASON_MAX)
		yaml_error(reader->diag, node,
			   "a reason of %zu octets: it is repeated in replies and logs, "
			   "and has at most %d",
			   reason.n, EXCEPTION_REASON_MAX);
	else if (reason.p != NULL)
		*(struct str *)field = reason;
}

/* "banner.*"; false where no finding begins so. */
static bool family_add(struct str text, bool *findings)
{
	bool any = false;

	if (!str_ends(text, STR_LIT(".*")))
		return false;
	for (int i = 0; i < FINDING_N; i++) {
		bool one = str_starts(str_from(finding_infos[i].id), str_head(text, text.n - 1));

		findings[i] = findings[i] || one;
		any = any || one;
	}
	return any;
}

static void read_finding(struct yaml_reader *reader, const struct yaml_node *node, bool *findings)
{
	const char *ids[FINDING_N + 1] = { NULL }, *nearest;
	enum finding_id finding;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a finding"))
		return;
	if (family_add(node->text, findings))
		return;
	if (finding_parse(node->text, &finding)) {
		findings[finding] = true;
		return;
	}
	for (int i = 0; i < FINDING_N; i++)
		ids[i] = finding_infos[i].id;
	nearest = yaml_nearest(node->text, ids);
	yaml_error(reader->diag, node, "\"%.*s\" is no finding%s%s%s", STR_ARG(node->text),
		   nearest != NULL ? ": did you mean \"" : "", nearest != NULL ? nearest : "",
		   nearest != NULL ? "\"?" : "");
}

/* A list, or one alone. */
static YAML_READER(read_findings)
{
	(void)key;
	yaml_expect_some(reader, node);
	if (node->kind != YAML_LIST)
		read_finding(reader, node, field);
	for (size_t i = 0; node->kind == YAML_LIST && i < node->n; i++)
		read_finding(reader, node->items[i], field);
}

static void read_category(struct yaml_reader *reader, const struct yaml_node *node,
			  bool *categories)
{
	const struct policy *policy = ((struct build *)reader->context)->policy;
	const struct category *category;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a category"))
		return;
	category = policy_category(policy, node->text);
	if (category != NULL)
		categories[category->index] = true;
	else
		yaml_error(reader->diag, node, "\"%.*s\" is no category here", STR_ARG(node->text));
}

static YAML_READER(read_categories)
{
	const struct policy *policy = ((struct build *)reader->context)->policy;
	bool *categories = ARENA_ARRAY(reader->arena, policy->n_categories, bool);

	(void)key;
	yaml_expect_some(reader, node);
	if (node->kind != YAML_LIST)
		read_category(reader, node, categories);
	for (size_t i = 0; node->kind == YAML_LIST && i < node->n; i++)
		read_category(reader, node->items[i], categories);
	*(bool **)field = categories;
}

/* Without these keys an exception is for everyone: an empty list must not be. */
static YAML_READER(read_some_patterns)
{
	if (yaml_expect_some(reader, node))
		build_patterns(reader, node, key, field);
}

static YAML_READER(read_some_names)
{
	if (yaml_expect_some(reader, node))
		yaml_read_str_list(reader, node, key, field);
}

static YAML_READER(read_severity)
{
	static const struct yaml_key names = { .names = severity_names };
	int severity = -1;

	(void)key;
	yaml_read_choice(reader, node, &names, &severity);
	if (severity < 0)
		return;
	if (severity == SEVERITY_ACCEPT || severity == SEVERITY_FLAG ||
	    severity == SEVERITY_QUARANTINE)
		*(enum severity *)field = (enum severity)severity;
	else
		yaml_error(reader->diag, node,
			   "an exception lowers a finding to accept, flag or quarantine: it stays to be "
			   "seen");
}

const struct yaml_key exception_keys[] = {
	{ "id", build_identifier, offsetof(struct policy_exception, id), YAML_REQUIRED },
	{ "until", yaml_read_date, offsetof(struct policy_exception, until), YAML_REQUIRED },
	{ "reason", read_reason, offsetof(struct policy_exception, reason), YAML_REQUIRED },
	{ "findings", read_findings, offsetof(struct policy_exception, findings), YAML_REQUIRED },
	{ "categories", read_categories, offsetof(struct policy_exception, categories) },
	{ "senders", read_some_patterns, offsetof(struct policy_exception, senders) },
	{ "recipients", read_some_patterns, offsetof(struct policy_exception, recipients) },
	{ "organizations", read_some_names, offsetof(struct policy_exception, organizations) },
	{ "events", read_some_names, offsetof(struct policy_exception, events) },
	{ "severity", read_severity, offsetof(struct policy_exception, severity) },
	{ NULL },
};

YAML_READER(build_exceptions)
{
	struct policy *policy = field;

	(void)key;
	if (!yaml_expect(reader, node, YAML_LIST, "a list of exceptions"))
		return;
	if (node->n > EXCEPTIONS_MAX) {
		yaml_error(reader->diag, node, "more than %d exceptions", EXCEPTIONS_MAX);
		return;
	}
	policy->exceptions = ARENA_ARRAY(reader->arena, node->n, struct policy_exception);
	policy->n_exceptions = node->n;
	for (size_t i = 0; i < node->n; i++) {
		struct policy_exception *exception = &policy->exceptions[i];

		exception->severity = SEVERITY_FLAG;
		yaml_read_map(reader, node->items[i], exception_keys, exception);
		for (size_t j = 0; j < i; j++) {
			if (exception->id.n > 0 && str_eq(policy->exceptions[j].id, exception->id))
				yaml_error(reader->diag, node->items[i], "a second exception \"%.*s\"",
					   STR_ARG(exception->id));
		}
	}
}

bool policy_exception_ended(const struct policy *policy, const struct policy_exception *exception,
			    int64_t now)
{
	const struct zone *zone = zone_find(policy->timezone);

	return utc_day(now, zone != NULL ? zone_offset(zone, now) : 0) > exception->until;
}
