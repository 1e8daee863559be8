/* look_up.c - the part of a directory in memory that one message asks for */
#include <time.h>

#include "milter/directory/backend.h"

int64_t directory_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void copy_address(const struct directory_data *data, struct str address,
			 struct directory_data *into)
{
	const size_t *last = map_get(&data->addresses, address);

	for (size_t i = last != NULL ? *last : SIZE_MAX; i != SIZE_MAX;
	     i = data->links[i].same_address) {
		if (!data->local_part_sensitive || str_eq(data->contacts[i].address, address))
			directory_data_copy_contact(into, &data->contacts[i]);
	}
}

static void copy_scope(const struct directory_data *data, struct str key,
		       struct directory_data *into)
{
	const size_t *found = map_get(&data->instance_ids, key);

	if (found != NULL)
		directory_data_copy_organization(
			into, data->organizations[data->places[*found].organization]);
	found = map_get(&data->instance_hosts, key);
	for (size_t i = found != NULL ? *found : SIZE_MAX; i != SIZE_MAX;
	     i = data->places[i].next_host)
		directory_data_copy_organization(into,
						 data->organizations[data->places[i].organization]);
	found = map_get(&data->organization_ids, key);
	if (found != NULL)
		directory_data_copy_organization(into, data->organizations[*found]);
}

static void copy_administrators(const struct directory_data *data, struct str organization,
				struct directory_data *into)
{
	const size_t *found = map_get(&data->organization_ids, organization);

	for (size_t i = found != NULL ? data->last_contact[*found] : SIZE_MAX; i != SIZE_MAX;
	     i = data->links[i].same_organization) {
		if (data->contacts[i].role == ROLE_SYSTEM_ADMINISTRATOR)
			directory_data_copy_contact(into, &data->contacts[i]);
	}
}

static void copy_all(const struct directory_data *data, bool everything,
		     struct directory_data *into)
{
	size_t room = DIRECTORY_ADMINISTRATORS_MAX;

	for (size_t i = 0; everything && i < data->n_organizations; i++)
		directory_data_copy_organization(into, data->organizations[i]);
	for (size_t i = 0; i < data->n_contacts; i++) {
		if (!everything && data->contacts[i].role != ROLE_SYSTEM_ADMINISTRATOR)
			continue;
		if (!everything && room-- == 0) {
			into->partial = true;
			return;
		}
		directory_data_copy_contact(into, &data->contacts[i]);
	}
}

void directory_data_look_up(const struct directory_data *data, const struct directory_query *query,
			    struct directory_data *into)
{
	for (size_t i = 0; i < query->addresses.n; i++)
		copy_address(data, query->addresses.items[i], into);
	for (size_t i = 0; i < query->scope.n; i++)
		copy_scope(data, query->scope.items[i], into);
	for (size_t i = 0; i < query->organizations.n; i++)
		copy_administrators(data, query->organizations.items[i], into);
	if (query->everyone || query->everything)
		copy_all(data, query->everything, into);
}
