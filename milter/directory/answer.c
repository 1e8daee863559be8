/* answer.c - a message's questions, answered from what is in memory */
#include "milter/directory/data.h"

static void contact_add(struct arena *arena, struct contact_list *list,
			const struct contact *contact)
{
	ARENA_ROOM(arena, list->items, list->n, list->cap);
	list->items[list->n++] = contact;
}

static void address_answer(const struct directory_data *data, struct arena *arena,
			   struct str address, struct contact_list *list)
{
	const size_t *last = map_get(&data->addresses, address);
	size_t i = last != NULL ? *last : SIZE_MAX;

	for (; i != SIZE_MAX; i = data->links[i].same_address) {
		const struct contact *contact = &data->contacts[i];

		if (!data->local_part_sensitive || str_eq(contact->address, address))
			contact_add(arena, list, contact);
	}
}

/* What scope tokens name. */
struct scope {
	struct arena *arena;
	struct scope_entry *items;
	size_t n, cap;
};

static void scope_add(struct scope *scope, struct str token,
		      const struct organization *organization, const struct instance *instance)
{
	for (size_t i = 0; i < scope->n; i++) {
		if (scope->items[i].organization == organization &&
		    scope->items[i].instance == instance)
			return;
	}
	ARENA_ROOM(scope->arena, scope->items, scope->n, scope->cap);
	scope->items[scope->n++] = (struct scope_entry){ token, organization, instance };
}

static void place_add(const struct directory_data *data, struct scope *scope, struct str token,
		      size_t place)
{
	struct organization *organization =
		data->organizations[data->places[place].organization];

	scope_add(scope, token, organization,
		  &organization->instances[data->places[place].instance]);
}

static void token_answer(const struct directory_data *data, const struct needs *needs,
			 struct str token, struct scope *scope)
{
	const size_t *found = map_get(&data->instance_ids, token);

	if (found != NULL) {
		place_add(data, scope, token, *found);
		return;
	}
	found = map_get(&data->instance_hosts, url_host(token));
	if (found != NULL) {
		for (size_t i = *found; i != SIZE_MAX; i = data->places[i].next_host)
			place_add(data, scope, token, i);
		return;
	}
	if (!needs->scope_declared)
		return;
	found = map_get(&data->organization_ids, token);
	if (found != NULL)
		scope_add(scope, token, data->organizations[*found], NULL);
	else if (str_is_nocase(token, "all"))
		scope_add(scope, token, NULL, NULL);
}

static bool administers(const struct contact *contact, const struct instance *instance)
{
	if (contact->role != ROLE_SYSTEM_ADMINISTRATOR)
		return false;
	if (instance == NULL || contact->n_instances == 0)
		return true;
	for (size_t i = 0; i < contact->n_instances; i++) {
		if (&contact->organization->instances[contact->instances[i]] == instance)
			return true;
	}
	return false;
}

struct administrators {
	const struct directory_data *data;
	struct arena *arena;
	bool *seen; /* [data->n_contacts] */
	struct answers *answers;
};

static void administrator_add(struct administrators *administrators, size_t contact,
			      const struct instance *instance)
{
	struct contact_list *list = &administrators->answers->administrators;

	if (administrators->seen[contact] ||
	    !administers(&administrators->data->contacts[contact], instance))
		return;
	if (list->n == DIRECTORY_ADMINISTRATORS_MAX) {
		administrators->answers->administrators_partial = true;
		return;
	}
	administrators->seen[contact] = true;
	contact_add(administrators->arena, list, &administrators->data->contacts[contact]);
}

static void administrators_add(struct administrators *administrators,
			       const struct scope_entry *entry)
{
	const struct directory_data *data = administrators->data;
	size_t i;

	if (entry->organization == NULL) {
		for (i = 0; i < data->n_contacts; i++)
			administrator_add(administrators, i, NULL);
		return;
	}
	i = data->last_contact[*map_get(&data->organization_ids, entry->organization->id)];
	for (; i != SIZE_MAX; i = data->links[i].same_organization)
		administrator_add(administrators, i, entry->instance);
}

void directory_data_answer(const struct directory_data *data, struct arena *arena,
			   const struct needs *needs, struct answers *answers)
{
	struct administrators administrators = { data, arena, NULL, answers };
	struct scope scope = { .arena = arena };

	answers->contacts = ARENA_ARRAY(arena, needs->addresses.n, struct contact_list);
	for (size_t i = 0; i < needs->addresses.n; i++)
		address_answer(data, arena, needs->addresses.items[i], &answers->contacts[i]);
	for (size_t i = 0; i < needs->scope_tokens.n; i++)
		token_answer(data, needs, needs->scope_tokens.items[i], &scope);
	answers->scope = scope.items;
	answers->n_scope = scope.n;
	answers->administrators_partial = data->partial;
	if (scope.n == 0)
		return;
	administrators.seen = ARENA_ARRAY(arena, data->n_contacts, bool);
	for (size_t i = 0; i < scope.n; i++)
		administrators_add(&administrators, &scope.items[i]);
}
