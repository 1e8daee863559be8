#include "milter/directory/data.h"

struct str url_host(struct str url)
{
	size_t scheme = str_find(url, STR_LIT("://"), 0);
	struct str host = scheme != STR_NPOS ? str_skip(url, scheme + 3) : url;
	size_t end = 0, at;

	while (end < host.n && host.p[end] != '/' && host.p[end] != '?' && host.p[end] != '#')
		end++;
	host = str_head(host, end);
	at = str_find_char(host, '@', 0);
	if (at != STR_NPOS)
		host = str_skip(host, at + 1);
	at = str_find_char(host, ':', 0);
	return at != STR_NPOS ? str_head(host, at) : host;
}

void directory_data_init(struct directory_data *data, struct arena *arena)
{
	*data = (struct directory_data){ .arena = arena };
	map_init(&data->organization_ids, arena);
	map_init(&data->instance_ids, arena);
	map_init(&data->instance_hosts, arena);
	map_init(&data->addresses, arena);
}

size_t directory_data_organization(struct directory_data *data, struct organization *organization)
{
	size_t index = data->n_organizations;

	map_put(&data->organization_ids, organization->id, index);
	ARENA_ROOM(data->arena, data->last_contact, data->n_organizations, data->cap_last);
	ARENA_ROOM(data->arena, data->organizations, data->n_organizations,
		   data->cap_organizations);
	data->last_contact[index] = SIZE_MAX;
	data->organizations[data->n_organizations++] = organization;
	return index;
}

size_t directory_data_intern(struct directory_data *data, struct str id)
{
	const size_t *found = map_get(&data->organization_ids, id);
	struct organization *organization;

	if (found != NULL)
		return *found;
	organization = ARENA_NEW(data->arena, struct organization);
	organization->id = id;
	return directory_data_organization(data, organization);
}

static void host_add(struct directory_data *data, size_t place)
{
	const struct directory_place *at = &data->places[place];
	struct str host = url_host(data->organizations[at->organization]->instances[at->instance].url);
	size_t *last;

	if (host.n == 0)
		return;
	last = map_put(&data->instance_hosts, host, place);
	if (*last != place) {
		data->places[place].next_host = *last;
		*last = place;
	}
}

void directory_data_instance(struct directory_data *data, size_t organization,
			     const struct instance *instance)
{
	struct organization *owner = data->organizations[organization];
	struct directory_place place = { organization, owner->n_instances, SIZE_MAX };

	ARENA_ROOM(data->arena, owner->instances, owner->n_instances, owner->cap_instances);
	owner->instances[owner->n_instances++] = *instance;
	map_put(&data->instance_ids, instance->id, data->n_places);
	ARENA_ROOM(data->arena, data->places, data->n_places, data->cap_places);
	data->places[data->n_places] = place;
	host_add(data, data->n_places++);
}

void directory_data_contact(struct directory_data *data, size_t organization,
			    const struct contact *contact)
{
	size_t index = data->n_contacts;
	size_t *last = map_put(&data->addresses, contact->address, index);
	struct directory_link link = { *last != index ? *last : SIZE_MAX,
				       data->last_contact[organization] };

	*last = index;
	data->last_contact[organization] = index;
	ARENA_ROOM(data->arena, data->links, data->n_contacts, data->cap_links);
	data->links[index] = link;
	ARENA_ROOM(data->arena, data->contacts, data->n_contacts, data->cap_contacts);
	data->contacts[data->n_contacts] = *contact;
	data->contacts[data->n_contacts++].organization = data->organizations[organization];
}

size_t directory_instance_find(const struct organization *organization, struct str id)
{
	size_t i = 0;

	while (i < organization->n_instances &&
	       !str_eq_nocase(organization->instances[i].id, id))
		i++;
	return i;
}

size_t directory_contact_organization(const struct directory_data *data,
				      const struct contact *contact)
{
	return *map_get(&data->organization_ids, contact->organization->id);
}

static void text_complete(struct str *text, struct str more)
{
	if (text->n == 0)
		*text = more;
}

/* The place of an organization's instance, or SIZE_MAX. */
static size_t place_find(const struct directory_data *data, size_t organization, struct str id)
{
	const size_t *found = map_get(&data->instance_ids, id);
	size_t index;

	if (found == NULL || data->places[*found].organization == organization)
		return found != NULL ? *found : SIZE_MAX;
	/* Another organization has one of the same id: a fault of the data, and rare. */
	index = directory_instance_find(data->organizations[organization], id);
	for (size_t i = 0; i < data->n_places; i++) {
		if (data->places[i].organization == organization &&
		    data->places[i].instance == index)
			return i;
	}
	return SIZE_MAX;
}

static size_t row_instance(struct directory_data *data, size_t organization,
			   const struct directory_row *row)
{
	struct organization *owner = data->organizations[organization];
	size_t place = place_find(data, organization, row->instance);
	struct instance *instance;

	if (place == SIZE_MAX) {
		directory_data_instance(data, organization,
					&(struct instance){ row->instance, row->url, row->region,
							    row->instance_timezone });
		return owner->n_instances - 1;
	}
	instance = &owner->instances[data->places[place].instance];
	text_complete(&instance->region, row->region);
	text_complete(&instance->timezone, row->instance_timezone);
	if (instance->url.n == 0 && row->url.n > 0) {
		instance->url = row->url;
		host_add(data, place);
	}
	return data->places[place].instance;
}

static struct contact *contact_find(const struct directory_data *data, size_t organization,
				    const struct directory_row *row)
{
	const size_t *last = map_get(&data->addresses, row->address);

	for (size_t i = last != NULL ? *last : SIZE_MAX; i != SIZE_MAX;
	     i = data->links[i].same_address) {
		struct contact *contact = &data->contacts[i];

		if (contact->organization == data->organizations[organization] &&
		    contact->role == row->role && str_eq(contact->address, row->address))
			return contact;
	}
	return NULL;
}

static void contact_instance(struct directory_data *data, struct contact *contact, size_t instance)
{
	for (size_t i = 0; i < contact->n_instances; i++) {
		if (contact->instances[i] == instance) {
			data->n_repeated++;
			return;
		}
	}
	contact->instances = arena_grow(data->arena, contact->instances, contact->n_instances,
					contact->n_instances + 1, sizeof *contact->instances);
	contact->instances[contact->n_instances++] = instance;
}

static void row_contact(struct directory_data *data, size_t organization, size_t instance,
			const struct directory_row *row)
{
	struct contact *known = contact_find(data, organization, row);
	struct contact contact = { .address = row->address, .role = row->role };

	if (known == NULL) {
		if (row->instance.n > 0)
			contact_instance(data, &contact, instance);
		directory_data_contact(data, organization, &contact);
	} else if (row->instance.n == 0) {
		data->n_repeated += known->n_instances == 0;
		known->n_instances = 0;
	} else if (known->n_instances == 0) {
		data->n_repeated++;
	} else {
		contact_instance(data, known, instance);
	}
}

void directory_data_row(struct directory_data *data, const struct directory_row *row)
{
	size_t index = directory_data_intern(data, row->organization), instance = 0;
	struct organization *organization = data->organizations[index];

	text_complete(&organization->name, row->name);
	text_complete(&organization->timezone, row->timezone);
	if (row->has_purchased && !organization->has_purchased) {
		organization->has_purchased = true;
		organization->purchased = row->purchased;
	}
	if (row->instance.n > 0)
		instance = row_instance(data, index, row);
	if (row->address.n > 0)
		row_contact(data, index, instance, row);
}

static struct directory_row organization_row(const struct organization *organization)
{
	return (struct directory_row){ .organization = organization->id,
				       .name = organization->name,
				       .timezone = organization->timezone,
				       .has_purchased = organization->has_purchased,
				       .purchased = organization->purchased };
}

static void row_set_instance(struct directory_row *row, const struct instance *instance)
{
	row->instance = instance->id;
	row->url = instance->url;
	row->region = instance->region;
	row->instance_timezone = instance->timezone;
}

void directory_data_copy_organization(struct directory_data *into,
				      const struct organization *organization)
{
	struct directory_row row = organization_row(organization);

	if (organization->n_instances == 0)
		directory_data_row(into, &row);
	for (size_t i = 0; i < organization->n_instances; i++) {
		row_set_instance(&row, &organization->instances[i]);
		directory_data_row(into, &row);
	}
}

void directory_data_copy_contact(struct directory_data *into, const struct contact *contact)
{
	struct directory_row row = organization_row(contact->organization);

	row.address = contact->address;
	row.role = contact->role;
	if (contact->n_instances == 0)
		directory_data_row(into, &row);
	for (size_t i = 0; i < contact->n_instances; i++) {
		row_set_instance(&row, &contact->organization->instances[contact->instances[i]]);
		directory_data_row(into, &row);
	}
}
