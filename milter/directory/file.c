#include "milter/directory/file.h"

#include <errno.h>

#include "policy/message/address.h"
#include "policy/when/when.h"
#include "policy/rules/names.h"
#include "policy/rules/source.h"
#include "policy/rules/yaml.h"

static YAML_READER(read_zone)
{
	struct str zone = STR_NONE;

	(void)key;
	yaml_read_str(reader, node, key, &zone);
	if (zone.n > 0 && !when_zone_known(zone))
		yaml_error(reader->diag, node,
			   "\"%.*s\" is no time zone of this system; write one such as Europe/Berlin",
			   STR_ARG(zone));
	*(struct str *)field = zone;
}

static const struct yaml_key instance_keys[] = {
	{ "id", yaml_read_str, offsetof(struct instance, id), YAML_REQUIRED },
	{ "url", yaml_read_str, offsetof(struct instance, url) },
	{ "region", yaml_read_str, offsetof(struct instance, region) },
	{ "timezone", read_zone, offsetof(struct instance, timezone) },
	{ NULL },
};

struct contact_row {
	struct str address;
	enum role role;
	struct str_list instances;
};

static const struct yaml_key contact_keys[] = {
	{ "address", yaml_read_str, offsetof(struct contact_row, address), YAML_REQUIRED },
	{ "role", yaml_read_choice, offsetof(struct contact_row, role), YAML_REQUIRED,
	  .names = role_names },
	{ "instances", yaml_read_str_list, offsetof(struct contact_row, instances) },
	{ NULL },
};

/* The lists of an organization are walked by hand after its texts: contacts refer to instances. */
static void read_later(struct yaml_reader *reader, const struct yaml_node *node,
		       const struct yaml_key *key, void *field)
{
	(void)key;
	(void)field;
	yaml_expect(reader, node, YAML_LIST, "a list");
}

static const struct yaml_key organization_keys[] = {
	{ "id", yaml_read_str, offsetof(struct organization, id), YAML_REQUIRED },
	{ "name", yaml_read_str, offsetof(struct organization, name) },
	{ "purchased", yaml_read_date, offsetof(struct organization, purchased) },
	{ "timezone", read_zone, offsetof(struct organization, timezone) },
	{ "instances", read_later, 0 },
	{ "contacts", read_later, 0 },
	{ NULL },
};

static void instances_read(struct yaml_reader *reader, const struct yaml_node *list,
			   size_t organization)
{
	struct directory_data *data = reader->context;

	for (size_t i = 0; list != NULL && list->kind == YAML_LIST && i < list->n; i++) {
		struct instance instance = { 0 };

		if (!yaml_read_map(reader, list->items[i], instance_keys, &instance))
			continue;
		if (map_get(&data->instance_ids, instance.id) != NULL) {
			yaml_error(reader->diag, list->items[i],
				   "a second instance \"%.*s\": each id stands once in the directory",
				   STR_ARG(instance.id));
			continue;
		}
		directory_data_instance(data, organization, &instance);
	}
}

static void contact_instances(struct yaml_reader *reader, const struct yaml_node *node,
			      const struct contact_row *row, struct contact *contact)
{
	const struct organization *organization = contact->organization;

	contact->instances = ARENA_ARRAY(reader->arena, row->instances.n, size_t);
	for (size_t i = 0; i < row->instances.n; i++) {
		size_t at = directory_instance_find(organization, row->instances.items[i]);

		if (at < organization->n_instances)
			contact->instances[contact->n_instances++] = at;
		else
			yaml_error(reader->diag, node,
				   "organization \"%.*s\" has no instance \"%.*s\"",
				   STR_ARG(organization->id), STR_ARG(row->instances.items[i]));
	}
}

/* A local part may be quoted and hold anything; a domain may not. */
bool directory_is_address(struct str address)
{
	size_t at = address.n;

	while (at > 0 && address.p[at - 1] != '@' && address.p[at - 1] > ' ')
		at--;
	return at > 1 && at < address.n && address.p[at - 1] == '@';
}

static void contacts_read(struct yaml_reader *reader, const struct yaml_node *list,
			  size_t organization)
{
	struct directory_data *data = reader->context;

	for (size_t i = 0; list != NULL && list->kind == YAML_LIST && i < list->n; i++) {
		const struct yaml_node *node = list->items[i];
		struct contact contact = { .organization = data->organizations[organization] };
		struct contact_row row = { 0 };

		if (!yaml_read_map(reader, node, contact_keys, &row))
			continue;
		contact.address = address_canonical(data->arena, row.address);
		contact.role = row.role;
		if (!directory_is_address(contact.address)) {
			yaml_error(reader->diag, node,
				   "\"%.*s\" is no mail address; write one such as ada@contoso.example",
				   STR_ARG(row.address));
			continue;
		}
		contact_instances(reader, node, &row, &contact);
		directory_data_contact(data, organization, &contact);
	}
}

static void organization_read(struct yaml_reader *reader, const struct yaml_node *node)
{
	struct directory_data *data = reader->context;
	struct organization *organization = ARENA_NEW(data->arena, struct organization);
	size_t index;

	if (!yaml_expect(reader, node, YAML_MAP, "an organization (a map with id, contacts, ...)"))
		return;
	yaml_read_map(reader, node, organization_keys, organization);
	organization->has_purchased = yaml_get(node, "purchased") != NULL;
	if (organization->id.n > 0 && map_get(&data->organization_ids, organization->id) != NULL)
		yaml_error(reader->diag, node,
			   "a second organization \"%.*s\": each id stands once in the directory",
			   STR_ARG(organization->id));
	index = directory_data_organization(data, organization);
	instances_read(reader, yaml_get(node, "instances"), index);
	contacts_read(reader, yaml_get(node, "contacts"), index);
}

static YAML_READER(read_organizations)
{
	(void)key;
	(void)field;
	if (!yaml_expect(reader, node, YAML_LIST, "a list of organizations"))
		return;
	for (size_t i = 0; i < node->n; i++)
		organization_read(reader, node->items[i]);
}

/* Whether local parts compare with their case: a name for each value. */
static const char *const local_part_names[] = { "insensitive", "sensitive", NULL };

static YAML_READER(read_local_part)
{
	struct directory_data *data = reader->context;
	int choice = 0;

	(void)field;
	yaml_read_choice(reader, node, key, &choice);
	if (choice == 1)
		data->local_part_sensitive = true;
}

/* What a signed file says of itself: for milter/trust.h, which has looked at it by now. */
struct edition {
	struct str name;
	uint64_t serial;
	int64_t not_before, not_after;
};

static const struct yaml_key file_keys[] = {
	{ "directory", yaml_read_str, offsetof(struct edition, name) },
	{ "serial", yaml_read_u64, offsetof(struct edition, serial), .min = 1, .max = INT64_MAX },
	{ "not-before", yaml_read_time, offsetof(struct edition, not_before) },
	{ "not-after", yaml_read_time, offsetof(struct edition, not_after) },
	{ "local_part", read_local_part, 0, .names = local_part_names },
	{ "organizations", read_organizations, 0, YAML_REQUIRED },
	{ NULL },
};

static void text_read(struct directory_data *data, struct arena *scratch, struct str file,
		      struct str text, struct diag *diag)
{
	const struct yaml_limits limits = { .octets = DIRECTORY_FILE_MAX };
	struct yaml_reader reader = { data->arena, diag, data };
	struct edition edition = { 0 };
	size_t errors = diag->errors;
	struct yaml_node *root =
		yaml_parse(scratch, diag, arena_str(data->arena, file), text, &limits);

	if (root != NULL)
		yaml_read_map(&reader, root, file_keys, &edition);
	else if (diag->errors == errors)
		diag_error(diag, file, 0, 0, "the directory is empty: \"organizations:\" is wanted");
}

void directory_file_read(struct directory_data *data, struct str file,
			 const struct source_guard *guard, struct diag *diag)
{
	struct arena *scratch = arena_new();
	struct source source;

	if (!source_read(scratch, arena_cstr(scratch, file), DIRECTORY_FILE_MAX, &source))
		diag_error(diag, file, 0, 0, "cannot read the directory: %s", strerror(errno));
	else if (guard == NULL || guard->admit(guard->context, file, source.text, diag))
		text_read(data, scratch, file, source.text, diag);
	arena_free(scratch);
}
