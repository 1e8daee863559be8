#include "policy/checks/check.h"

#include "policy/base/buf.h"

/* How far back a recorded notice may be that a mail without an event number is taken to be
 * about: incidents are over within days, announcements run for a season. */
#define UNNAMED_INCIDENT_SPAN (30 * UTC_DAY)
#define UNNAMED_ANNOUNCEMENT_SPAN (120 * UTC_DAY)

static void __attribute__((format(printf, 4, 0)))
outcome_set(const struct check *check, struct check_result *result, enum outcome outcome,
	    const char *format, va_list args)
{
	result->outcome = outcome;
	result->detail = arena_vprintf(check->arena, format, args);
}

void check_fail(const struct check *check, struct check_result *result, const char *remedy,
		const char *detail, ...)
{
	va_list args;

	va_start(args, detail);
	outcome_set(check, result, OUTCOME_FAIL, detail, args);
	va_end(args);
	result->remedy = str_from(remedy);
}

void check_not_applicable(const struct check *check, struct check_result *result,
			  const char *reason, ...)
{
	va_list args;

	va_start(args, reason);
	outcome_set(check, result, OUTCOME_NOT_APPLICABLE, reason, args);
	va_end(args);
}

void check_cannot_tell(const struct check *check, struct check_result *result, const char *reason,
		       ...)
{
	va_list args;

	va_start(args, reason);
	outcome_set(check, result, OUTCOME_CANNOT_TELL, reason, args);
	va_end(args);
	result->severity = check->policy->when_unknown[result->finding];
}

void check_unanswered(const struct check *check, struct check_result *result, const char *backend)
{
	check_cannot_tell(check, result, "the %s did not answer", backend);
	result->severity = SEVERITY_TEMPFAIL;
}

bool check_is_internal(const struct policy *policy, struct str address)
{
	size_t at = address.n;

	while (at > 0 && address.p[at - 1] != '@')
		at--;
	for (size_t i = 0; i < policy->internal.n; i++) {
		if (str_eq_nocase(policy->internal.items[i], str_skip(address, at)))
			return true;
	}
	return false;
}

struct str check_masked(const struct check *check, struct str address)
{
	size_t at = address.n;

	while (at > 0 && address.p[at - 1] != '@')
		at--;
	if (at < 2)
		return STR_LIT("(no address)");
	return arena_printf(check->arena, "%c***@%.*s", address.p[0],
			    STR_ARG(str_skip(address, at)));
}

static bool entry_covers(const struct scope_entry *entry, const struct contact *contact)
{
	if (entry->organization == NULL)
		return true;
	if (entry->organization != contact->organization)
		return false;
	if (entry->instance == NULL || contact->n_instances == 0)
		return true;
	for (size_t i = 0; i < contact->n_instances; i++) {
		if (&contact->organization->instances[contact->instances[i]] == entry->instance)
			return true;
	}
	return false;
}

bool check_in_scope(const struct check *check, const struct contact *contact)
{
	for (size_t i = 0; i < check->answers->n_scope; i++) {
		if (entry_covers(&check->answers->scope[i], contact))
			return true;
	}
	return false;
}

static size_t category_index(const struct check *check)
{
	return check->category->index;
}

bool check_follows_itself(const struct check *check)
{
	return check->category->has_follows && check->category->follows[category_index(check)];
}

bool check_follows_others(const struct check *check)
{
	return check->category->has_follows && !check_follows_itself(check);
}

bool check_follows_entry(const struct check *check, const struct history_entry *entry)
{
	const struct policy *policy = check->policy;

	if (!check->category->has_follows)
		return false;
	for (size_t i = 0; i < policy->n_categories; i++) {
		if (check->category->follows[i] &&
		    str_eq_nocase(policy->categories[i].id, entry->category))
			return true;
	}
	return false;
}

static bool list_has(const struct str_list *list, struct str id)
{
	for (size_t i = 0; i < list->n; i++) {
		if (str_eq_nocase(list->items[i], id))
			return true;
	}
	return false;
}

static bool mail_names(const struct check *check, struct str event)
{
	const struct references *references = &check->class->references;

	return str_eq_nocase(check->judgement->event, event) ||
	       list_has(&references->events, event) || list_has(&references->incidents, event) ||
	       list_has(&references->cases, event);
}

bool check_recipient_told(const struct check *check, const struct history_entry *entry)
{
	const struct needs *needs = &check->judgement->needs;
	struct map told;

	map_init(&told, check->arena);
	for (size_t i = 0; i < entry->recipients.n; i++)
		map_put(&told, entry->recipients.items[i], 0);
	for (size_t i = 0; i < needs->n_recipients; i++) {
		if (map_get(&told, needs->addresses.items[i]) != NULL)
			return true;
	}
	return false;
}

bool check_same_event(const struct check *check, const struct history_entry *entry)
{
	bool incident = time_is_incident(&check->category->time) || check->category->has_follows;
	int64_t span = incident ? UNNAMED_INCIDENT_SPAN : UNNAMED_ANNOUNCEMENT_SPAN;

	if (check->judgement->event.n > 0 && entry->event.n > 0)
		return mail_names(check, entry->event);
	if (entry->has_start && check->when->has_start)
		return entry->start == check->when->start && check_recipient_told(check, entry);
	return entry->at >= check->now - span && check_recipient_told(check, entry);
}

const struct history_entry *check_first_told(const struct check *check)
{
	for (size_t i = 0; i < check->answers->n_history; i++) {
		const struct history_entry *entry = &check->answers->history[i];

		if (str_eq_nocase(entry->category, check->category->id) &&
		    check_same_event(check, entry))
			return entry;
	}
	return NULL;
}

bool check_is_milestone(const struct check *check, const struct history_entry *entry,
			const struct milestone *milestone)
{
	int64_t start = entry->has_start ? entry->start : check->when->start;
	int64_t off;

	if (!str_eq_nocase(entry->category, check->category->id) ||
	    !check_same_event(check, entry))
		return false;
	if (entry->milestone.n > 0)
		return str_eq_nocase(entry->milestone, milestone->name);
	off = start - entry->at - milestone->before;
	return !milestone->after && off >= -milestone->tolerance && off <= milestone->tolerance;
}

static bool tells_the_same(const struct check *check, const struct history_entry *entry)
{
	const struct milestone *milestone = check->judgement->milestone;

	if (milestone != NULL)
		return check_is_milestone(check, entry, milestone);
	return (str_eq_nocase(entry->category, check->category->id) ||
		check_follows_entry(check, entry)) &&
	       check_same_event(check, entry);
}

void check_told(const struct check *check, struct map *ret_told)
{
	const struct needs *needs = &check->judgement->needs;

	map_init(ret_told, check->arena);
	for (size_t i = 0; i < needs->n_recipients; i++)
		map_put(ret_told, needs->addresses.items[i], 0);
	for (size_t i = 0; i < check->answers->n_history; i++) {
		const struct history_entry *entry = &check->answers->history[i];

		if (!tells_the_same(check, entry))
			continue;
		for (size_t j = 0; j < entry->recipients.n; j++)
			map_put(ret_told, entry->recipients.items[j], 0);
	}
}
