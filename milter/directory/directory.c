#include "milter/directory/directory.h"

#include "milter/directory/file.h"

struct directory {
	unsigned references; /* atomic */
	struct directory_data data;
	struct map addresses;  /* the last contact of an address */
	size_t *same_address;  /* [contacts]: the one before it, or SIZE_MAX */
	size_t *contacts_from; /* [organizations + 1]: contacts stand in their order */
};

static void addresses_index(struct directory *directory)
{
	const struct directory_data *data = &directory->data;

	map_init(&directory->addresses, data->arena);
	directory->same_address = ARENA_ARRAY(data->arena, data->n_contacts, size_t);
	for (size_t i = 0; i < data->n_contacts; i++) {
		size_t *last = map_put(&directory->addresses, data->contacts[i].address, i);

		directory->same_address[i] = *last != i ? *last : SIZE_MAX;
		*last = i;
	}
}

/* Contacts were added organization by organization, so each has a range of them. */
static void organizations_index(struct directory *directory)
{
	const struct directory_data *data = &directory->data;
	size_t contact = 0;

	directory->contacts_from = ARENA_ARRAY(data->arena, data->n_organizations + 1, size_t);
	for (size_t i = 0; i < data->n_organizations; i++) {
		directory->contacts_from[i] = contact;
		while (contact < data->n_contacts &&
		       data->contacts[contact].organization == data->organizations[i])
			contact++;
	}
	directory->contacts_from[data->n_organizations] = contact;
}

struct directory *directory_load(const struct str_list *sources, struct diag *diag)
{
	struct arena *arena = arena_new();
	struct directory *directory = ARENA_NEW(arena, struct directory);
	struct directory_data *data = &directory->data;
	size_t errors = diag->errors;

	directory->references = 1;
	data->arena = arena;
	map_init(&data->organization_ids, arena);
	map_init(&data->instance_ids, arena);
	map_init(&data->instance_hosts, arena);
	for (size_t i = 0; i < sources->n; i++)
		directory_file_read(data, sources->items[i], diag);
	if (diag->errors != errors) {
		arena_free(arena);
		return NULL;
	}
	addresses_index(directory);
	organizations_index(directory);
	return directory;
}

struct directory *directory_ref(struct directory *directory)
{
	__atomic_add_fetch(&directory->references, 1, __ATOMIC_RELAXED);
	return directory;
}

void directory_free(struct directory *directory)
{
	if (directory != NULL &&
	    __atomic_sub_fetch(&directory->references, 1, __ATOMIC_ACQ_REL) == 0)
		arena_free(directory->data.arena);
}

static void contact_add(struct arena *arena, struct contact_list *list,
			const struct contact *contact)
{
	ARENA_ROOM(arena, list->items, list->n, list->cap);
	list->items[list->n++] = contact;
}

static void address_answer(const struct directory *directory, struct arena *arena,
			   struct str address, struct contact_list *list)
{
	const size_t *last = map_get(&directory->addresses, address);
	size_t i = last != NULL ? *last : SIZE_MAX;

	for (; i != SIZE_MAX; i = directory->same_address[i]) {
		const struct contact *contact = &directory->data.contacts[i];

		if (!directory->data.local_part_sensitive || str_eq(contact->address, address))
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

static void administrators_add(const struct directory *directory, struct arena *arena,
			       const struct scope_entry *entry, bool *seen,
			       struct contact_list *list)
{
	const struct directory_data *data = &directory->data;
	size_t begin = 0, end = data->n_contacts;

	if (entry->organization != NULL) {
		size_t i = *map_get(&data->organization_ids, entry->organization->id);

		begin = directory->contacts_from[i];
		end = directory->contacts_from[i + 1];
	}
	for (size_t i = begin; i < end; i++) {
		if (seen[i] || !administers(&data->contacts[i], entry->instance))
			continue;
		seen[i] = true;
		contact_add(arena, list, &data->contacts[i]);
	}
}

void directory_answer(const struct directory *directory, struct arena *arena,
		      const struct needs *needs, struct answers *answers)
{
	struct scope scope = { .arena = arena };
	bool *seen;

	answers->directory = directory != NULL ? ANSWER_OK : ANSWER_NONE;
	if (directory == NULL)
		return;
	answers->contacts = ARENA_ARRAY(arena, needs->addresses.n, struct contact_list);
	for (size_t i = 0; i < needs->addresses.n; i++)
		address_answer(directory, arena, needs->addresses.items[i],
			       &answers->contacts[i]);
	for (size_t i = 0; i < needs->scope_tokens.n; i++)
		token_answer(&directory->data, needs, needs->scope_tokens.items[i], &scope);
	answers->scope = scope.items;
	answers->n_scope = scope.n;
	if (scope.n == 0)
		return;
	seen = ARENA_ARRAY(arena, directory->data.n_contacts, bool);
	for (size_t i = 0; i < scope.n; i++)
		administrators_add(directory, arena, &scope.items[i], seen,
				   &answers->administrators);
}
