/* recipients.c - who may be told: contacts, roles, scope, and who sees whose addresses
 *
 * The vendor's own addresses (the policy's internal domains) among the recipients are archives
 * and desks, no customers: they are passed over.
 */
#include "policy/base/buf.h"
#include "policy/checks/floor.h"
#include "policy/checks/registry.h"

/* How many recipients a detail names before it only counts. */
#define NAMED_MAX 5

/* Recipients that failed a check, for the detail. */
struct culprits {
	struct buf names;
	size_t n;
	size_t *recipients; /* [needs.n_recipients] */
};

static void culprits_init(const struct check *check, struct culprits *culprits)
{
	*culprits = (struct culprits){ 0 };
	buf_init(&culprits->names, check->arena, 2000);
	culprits->recipients =
		ARENA_ARRAY(check->arena, check->judgement->needs.n_recipients, size_t);
}

static void culprits_add(struct culprits *culprits, struct str name)
{
	if (culprits->n < NAMED_MAX) {
		buf_add_cstr(&culprits->names, culprits->n > 0 ? ", " : "");
		buf_add(&culprits->names, name);
	}
	culprits->n++;
}

/* The same for envelope recipient i, which the policy may have taken off. */
static void culprits_blame(struct culprits *culprits, size_t i, struct str name)
{
	culprits->recipients[culprits->n] = i;
	culprits_add(culprits, name);
}

static void culprits_hand_on(const struct culprits *culprits, struct check_result *result)
{
	result->culprits = culprits->recipients;
	result->n_culprits = culprits->n;
}

static struct str culprits_text(const struct check *check, const struct culprits *culprits)
{
	if (culprits->n <= NAMED_MAX)
		return buf_str(&culprits->names);
	return arena_printf(check->arena, "%.*s and %zu more", STR_ARG(buf_str(&culprits->names)),
			    culprits->n - NAMED_MAX);
}

static struct str recipient(const struct check *check, size_t i)
{
	return check->judgement->needs.addresses.items[i];
}

/* Whether recipient i is a customer's contact to be looked at. */
static bool is_contact(const struct check *check, size_t i)
{
	return check->answers->contacts[i].n > 0 &&
	       !check_is_internal(check->policy, recipient(check, i));
}

CHECK(check_recipients_unknown)
{
	struct culprits unknown;

	culprits_init(check, &unknown);
	for (size_t i = 0; i < check->judgement->needs.n_recipients; i++) {
		if (check->answers->contacts[i].n == 0 &&
		    !check_is_internal(check->policy, recipient(check, i)))
			culprits_blame(&unknown, i, recipient(check, i));
	}
	if (unknown.n == 0)
		return;
	culprits_hand_on(&unknown, result);
	check_fail(check, result,
		   "take the address off the mail, correct it, or add it to the directory as a "
		   "contact of its organization",
		   "%zu of %zu recipients %s no customer's contact in the directory: %.*s",
		   unknown.n, check->judgement->needs.n_recipients, unknown.n == 1 ? "is" : "are",
		   STR_ARG(culprits_text(check, &unknown)));
}

static struct str roles_text(const struct check *check, unsigned roles)
{
	struct buf out;
	const char *comma = "";

	buf_init(&out, check->arena, 200);
	for (int role = 0; role < ROLE_N; role++) {
		if (!(roles & (1u << role)))
			continue;
		buf_printf(&out, "%s%s", comma, role_name((enum role)role));
		comma = ", ";
	}
	return buf_str(&out);
}

/* The roles in which an address is told of this event: those at the instances in its scope,
 * where there are any, so that an administrator of one customer who is a mere user of another
 * is not taken for an administrator there. */
static unsigned effective_roles(const struct check *check, const struct contact_list *contacts)
{
	unsigned all = 0, in_scope = 0;

	for (size_t i = 0; i < contacts->n; i++) {
		all |= 1u << contacts->items[i]->role;
		if (check->category->scope == SCOPE_INSTANCES && check_scope_known(check) &&
		    check_in_scope(check, contacts->items[i]))
			in_scope |= 1u << contacts->items[i]->role;
	}
	return in_scope != 0 ? in_scope : all;
}

CHECK(check_recipients_role)
{
	struct culprits wrong;
	struct str allowed = roles_text(check, check->category->roles);

	culprits_init(check, &wrong);
	for (size_t i = 0; i < check->judgement->needs.n_recipients; i++) {
		unsigned roles;

		if (!is_contact(check, i))
			continue;
		roles = effective_roles(check, &check->answers->contacts[i]);
		if (!(roles & check->category->roles))
			culprits_blame(&wrong, i,
				     arena_printf(check->arena, "recipient %zu (%.*s, %.*s)", i + 1,
						  STR_ARG(check_masked(check, recipient(check, i))),
						  STR_ARG(roles_text(check, roles))));
	}
	if (wrong.n == 0)
		return;
	culprits_hand_on(&wrong, result);
	check_fail(check, result,
		   "take these recipients off the mail, or give them such a role in the directory",
		   "%.*s may not get %.*s, which goes to %.*s only",
		   STR_ARG(culprits_text(check, &wrong)), STR_ARG(check->category->id),
		   STR_ARG(allowed));
}

/* Settled 18: who gets word that an incident is over was told of it. */
static void restored_check(const struct check *check, struct check_result *result)
{
	const struct answers *answers = check->answers;
	struct culprits never;
	struct map told;
	bool on_record = false;

	map_init(&told, check->arena);
	for (size_t i = 0; i < answers->n_history; i++) {
		const struct history_entry *entry = &answers->history[i];

		if (!check_follows_entry(check, entry) || !check_same_event(check, entry))
			continue;
		on_record = true;
		for (size_t j = 0; j < entry->recipients.n; j++)
			map_put(&told, entry->recipients.items[j], 0);
	}
	if (!on_record) {
		check_not_applicable(check, result,
				     "no incident is on record for this mail (sequence.orphan)");
		return;
	}
	culprits_init(check, &never);
	for (size_t i = 0; i < check->judgement->needs.n_recipients; i++) {
		if (is_contact(check, i) && map_get(&told, recipient(check, i)) == NULL)
			culprits_blame(&never, i,
				     arena_printf(check->arena, "recipient %zu (%.*s)", i + 1,
						  STR_ARG(check_masked(check, recipient(check, i)))));
	}
	culprits_hand_on(&never, result);
	if (never.n > 0)
		check_fail(check, result,
			   "send it to those alone who were told of the incident",
			   "%.*s got no mail about the incident that is on record",
			   STR_ARG(culprits_text(check, &never)));
}

static struct str scope_text(const struct check *check)
{
	struct culprits scope;

	culprits_init(check, &scope);
	for (size_t i = 0; i < check->answers->n_scope; i++)
		culprits_add(&scope, check->answers->scope[i].token);
	return culprits_text(check, &scope);
}

static bool any_in_scope(const struct check *check, const struct contact_list *contacts)
{
	for (size_t i = 0; i < contacts->n; i++) {
		if (check_in_scope(check, contacts->items[i]))
			return true;
	}
	return false;
}

static void scope_check(const struct check *check, struct check_result *result)
{
	struct culprits outside;

	culprits_init(check, &outside);
	for (size_t i = 0; i < check->judgement->needs.n_recipients; i++) {
		if (is_contact(check, i) && !any_in_scope(check, &check->answers->contacts[i]))
			culprits_blame(&outside, i,
				     arena_printf(check->arena, "recipient %zu (%.*s)", i + 1,
						  STR_ARG(check_masked(check, recipient(check, i)))));
	}
	culprits_hand_on(&outside, result);
	if (outside.n > 0)
		check_fail(check, result,
			   "take these recipients off the mail, or name their instances in it (or in "
			   "X-CRM-Declared-Instances) if they are concerned",
			   "%.*s %s no instance in the event's scope (%.*s)",
			   STR_ARG(culprits_text(check, &outside)), outside.n == 1 ? "has" : "have",
			   STR_ARG(scope_text(check)));
}

CHECK(check_recipients_unaffected)
{
	if (check_follows_others(check)) {
		if (check->answers->ledger == ANSWER_NONE)
			check_not_applicable(check, result, "no ledger is configured");
		else if (check->answers->ledger == ANSWER_FAILED)
			check_unanswered(check, result, "ledger");
		else
			restored_check(check, result);
		return;
	}
	if (check->category->scope != SCOPE_INSTANCES)
		check_not_applicable(check, result, "%.*s is not bound to instances",
				     STR_ARG(check->category->id));
	else if (!check_scope_known(check))
		check_cannot_tell(check, result,
				  "the mail names no instance that the directory knows");
	else
		scope_check(check, result);
}

/* Whether the organization has a contact of each shown address that belongs to a customer. */
static bool explains_all(const struct check *check, const struct organization *organization)
{
	const struct needs *needs = &check->judgement->needs;

	for (size_t i = needs->n_recipients; i < needs->addresses.n; i++) {
		const struct contact_list *contacts = &check->answers->contacts[i];
		bool found = contacts->n == 0 || !is_contact(check, i);

		for (size_t j = 0; j < contacts->n && !found; j++)
			found = contacts->items[j]->organization == organization;
		if (!found)
			return false;
	}
	return true;
}

static size_t shown_organizations(const struct check *check)
{
	const struct needs *needs = &check->judgement->needs;
	struct map seen;

	map_init(&seen, check->arena);
	for (size_t i = needs->n_recipients; i < needs->addresses.n; i++) {
		if (is_contact(check, i))
			map_put(&seen, check->answers->contacts[i].items[0]->organization->id, 0);
	}
	return seen.n;
}

CHECK(check_recipients_exposure)
{
	const struct needs *needs = &check->judgement->needs;
	size_t first = needs->n_recipients;

	while (first < needs->addresses.n && !is_contact(check, first))
		first++;
	if (first == needs->addresses.n)
		return;
	for (size_t i = 0; i < check->answers->contacts[first].n; i++) {
		if (explains_all(check, check->answers->contacts[first].items[i]->organization))
			return;
	}
	check_fail(check, result,
		   "send one mail to each organization, or put the customers into the envelope alone "
		   "and the vendor's own address into To",
		   "To, Cc or Bcc show the contacts of %zu organizations to each other; one is allowed",
		   shown_organizations(check));
}

/* Settled 18: the moments at which everyone in scope must have been told. True where this mail
 * is at one. */
static bool is_settling_moment(const struct check *check)
{
	const struct category *category = check->category;
	int64_t lead = check->when->start - check->now;

	if (check->class->phase == PHASE_CANCELLED)
		return false;
	if (category->time.n_milestones > 0)
		return check->judgement->milestone != NULL;
	if (floor_stated(&category->time.floor)) /* a day later it would be too late */
		return check->when->has_start && lead > 0 &&
		       !floor_met(check->policy, category, check->when,
				  check->now + UTC_DAY + 1);
	return check_follows_others(check) ||
	       (time_is_incident(&category->time) && check->class->phase == PHASE_FINAL);
}

CHECK(check_recipients_incomplete)
{
	const struct contact_list *owed = &check->answers->administrators;
	struct map told, organizations;
	size_t missing = 0;

	if (!is_settling_moment(check)) {
		check_not_applicable(check, result,
				     "this is not the mail by which everyone must have been told");
		return;
	}
	if (!check_scope_known(check)) {
		check_cannot_tell(check, result,
				  "the mail names no instance that the directory knows");
		return;
	}
	check_told(check, &told);
	map_init(&organizations, check->arena);
	for (size_t i = 0; i < owed->n; i++) {
		if (map_get(&told, owed->items[i]->address) != NULL)
			continue;
		map_put(&organizations, owed->items[i]->organization->id, 0);
		missing++;
	}
	if (missing == 0 && check->answers->administrators_partial)
		check_cannot_tell(check, result,
				  "the event's scope has more administrators than are looked at");
	if (missing > 0)
		check_fail(check, result, "send the notice to them too, now",
			   "%zu of %zu administrators in the event's scope, at %zu organization%s, have "
			   "been told neither by this mail nor by an earlier one on record",
			   missing, owed->n, organizations.n, organizations.n == 1 ? "" : "s");
}
