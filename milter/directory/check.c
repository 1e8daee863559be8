#include "milter/directory/check.h"

#include "policy/message/address.h"

static bool administers(const struct contact *contact, size_t instance)
{
	if (contact->role != ROLE_SYSTEM_ADMINISTRATOR)
		return false;
	for (size_t i = 0; i < contact->n_instances; i++) {
		if (contact->instances[i] == instance)
			return true;
	}
	return contact->n_instances == 0;
}

static size_t check_administrators(struct buf *out, const struct directory_data *data,
				   size_t index)
{
	const struct organization *organization = data->organizations[index];
	bool any = false, everywhere = false;
	size_t n = 0;

	for (size_t i = data->last_contact[index]; i != SIZE_MAX;
	     i = data->links[i].same_organization) {
		const struct contact *contact = &data->contacts[i];

		any = any || contact->role == ROLE_SYSTEM_ADMINISTRATOR;
		everywhere = everywhere || (contact->role == ROLE_SYSTEM_ADMINISTRATOR &&
					    contact->n_instances == 0);
	}
	if (!any) {
		buf_printf(out, "organization %.*s has no system-administrator\n",
			   STR_ARG(organization->id));
		return 1;
	}
	for (size_t j = 0; j < organization->n_instances && !everywhere; j++) {
		bool found = false;

		for (size_t i = data->last_contact[index]; i != SIZE_MAX && !found;
		     i = data->links[i].same_organization)
			found = administers(&data->contacts[i], j);
		if (found)
			continue;
		buf_printf(out, "instance %.*s of organization %.*s has no system-administrator\n",
			   STR_ARG(organization->instances[j].id), STR_ARG(organization->id));
		n++;
	}
	return n;
}

/* The contacts of one address, from the one that the chain begins at. */
static size_t check_address(struct buf *out, const struct directory_data *data, size_t first)
{
	const struct contact *contact = &data->contacts[first];
	bool said_other = false, said_twice = false;

	if (*map_get(&data->addresses, contact->address) != first)
		return 0;
	for (size_t i = data->links[first].same_address; i != SIZE_MAX;
	     i = data->links[i].same_address) {
		const struct contact *other = &data->contacts[i];

		if (other->organization != contact->organization && !said_other) {
			buf_printf(out, "%.*s is a contact of two organizations: %.*s and %.*s\n",
				   STR_ARG(contact->address), STR_ARG(other->organization->id),
				   STR_ARG(contact->organization->id));
			said_other = true;
		}
		if (other->organization == contact->organization && !said_twice) {
			buf_printf(out, "%.*s stands twice in organization %.*s: %s and %s\n",
				   STR_ARG(contact->address), STR_ARG(contact->organization->id),
				   role_name(other->role), role_name(contact->role));
			said_twice = true;
		}
	}
	return (size_t)said_other + said_twice;
}

static size_t check_place(struct buf *out, const struct directory_data *data, size_t index)
{
	const struct directory_place *place = &data->places[index];
	const struct organization *organization = data->organizations[place->organization];
	const struct instance *instance = &organization->instances[place->instance];
	size_t first = *map_get(&data->instance_ids, instance->id);

	if (first == index)
		return 0;
	buf_printf(out, "the instance %.*s stands in two organizations: %.*s and %.*s\n",
		   STR_ARG(instance->id),
		   STR_ARG(data->organizations[data->places[first].organization]->id),
		   STR_ARG(organization->id));
	return 1;
}

size_t directory_check(struct buf *out, const struct directory_data *data)
{
	size_t n = 0;

	for (size_t i = 0; i < data->n_organizations; i++)
		n += check_administrators(out, data, i);
	for (size_t i = 0; i < data->n_contacts; i++)
		n += check_address(out, data, i);
	for (size_t i = 0; i < data->n_places; i++)
		n += check_place(out, data, i);
	if (data->n_repeated > 0) {
		buf_printf(out, "%zu rows only repeat what others say\n", data->n_repeated);
		n++;
	}
	return n;
}

/* A value as YAML: plain where that is safe, else between double quotes. */
static void put_value(struct buf *out, struct str value)
{
	bool plain = value.n > 0 && (ascii_is_alnum(value.p[0]) || value.p[0] == '/');

	for (size_t i = 0; i < value.n && plain; i++) {
		char c = value.p[i];

		plain = ascii_is_alnum(c) || (unsigned char)c >= 0x80 ||
			memchr("@.-_+/ ", c, 7) != NULL;
	}
	if (plain && value.p[value.n - 1] != ' ') {
		buf_add(out, value);
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if (c < ' ' || c == 0x7f)
			buf_printf(out, "\\x%02x", c);
		else if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else
			buf_add_char(out, (char)c);
	}
	buf_add_char(out, '"');
}

static void put_field(struct buf *out, const char *before, const char *name, struct str value)
{
	if (value.n == 0)
		return;
	buf_printf(out, "%s%s: ", before, name);
	put_value(out, value);
}

static void put_date(struct buf *out, const struct organization *organization)
{
	if (organization->has_purchased)
		buf_printf(out, "\n    purchased: %.*s",
			   STR_ARG(utc_date(out->arena, organization->purchased)));
}

static void put_instance(struct buf *out, const struct instance *instance)
{
	put_field(out, "\n      - {", "id", instance->id);
	put_field(out, ", ", "url", instance->url);
	put_field(out, ", ", "region", instance->region);
	put_field(out, ", ", "timezone", instance->timezone);
	buf_add_char(out, '}');
}

static void put_contact(struct buf *out, const struct contact *contact)
{
	put_field(out, "\n      - {", "address", contact->address);
	buf_printf(out, ", role: %s", role_name(contact->role));
	for (size_t i = 0; i < contact->n_instances; i++) {
		buf_add_cstr(out, i == 0 ? ", instances: [" : ", ");
		put_value(out, contact->organization->instances[contact->instances[i]].id);
	}
	buf_add_cstr(out, contact->n_instances > 0 ? "]}" : "}");
}

static void put_organization(struct buf *out, const struct organization *organization)
{
	put_field(out, "  - ", "id", organization->id);
	put_field(out, "\n    ", "name", organization->name);
	put_date(out, organization);
	put_field(out, "\n    ", "timezone", organization->timezone);
	if (organization->n_instances > 0)
		buf_add_cstr(out, "\n    instances:");
	for (size_t i = 0; i < organization->n_instances; i++)
		put_instance(out, &organization->instances[i]);
}

static void show_organization(struct buf *out, const struct directory_data *data, size_t index)
{
	size_t *order, n = 0;

	put_organization(out, data->organizations[index]);
	for (size_t i = data->last_contact[index]; i != SIZE_MAX;
	     i = data->links[i].same_organization)
		n++;
	order = ARENA_ARRAY(out->arena, n, size_t);
	for (size_t i = data->last_contact[index], at = n; at > 0;
	     i = data->links[i].same_organization)
		order[--at] = i;
	if (n > 0)
		buf_add_cstr(out, "\n    contacts:");
	for (size_t i = 0; i < n; i++)
		put_contact(out, &data->contacts[order[i]]);
	buf_add_char(out, '\n');
}

static bool show_address(struct buf *out, const struct directory_data *data, struct str address)
{
	const size_t *last = map_get(&data->addresses, address_canonical(out->arena, address));

	if (last == NULL)
		return false;
	for (size_t i = *last; i != SIZE_MAX; i = data->links[i].same_address) {
		put_organization(out, data->contacts[i].organization);
		buf_add_cstr(out, "\n    contacts:");
		put_contact(out, &data->contacts[i]);
		buf_add_char(out, '\n');
	}
	return true;
}

bool directory_show(struct buf *out, const struct directory_data *data, struct str name)
{
	const size_t *found;

	if (str_find_char(name, '@', 0) != STR_NPOS)
		return show_address(out, data, name);
	found = map_get(&data->organization_ids, name);
	if (found != NULL) {
		show_organization(out, data, *found);
		return true;
	}
	found = map_get(&data->instance_ids, name);
	if (found == NULL)
		found = map_get(&data->instance_hosts, url_host(name));
	if (found == NULL)
		return false;
	show_organization(out, data, data->places[*found].organization);
	return true;
}

static struct str text_of_organization(struct arena *arena, const struct organization *organization)
{
	struct buf out;

	buf_init(&out, arena, (size_t)1 << 24);
	put_organization(&out, organization);
	return buf_str(&out);
}

static struct str text_of_contact(struct arena *arena, const struct contact *contact)
{
	struct buf out;

	buf_init(&out, arena, (size_t)1 << 20);
	put_contact(&out, contact);
	return str_trim(buf_str(&out));
}

/* Whether data has a contact that reads the same; organization and text are looked for. */
static bool has_contact(struct arena *scratch, const struct directory_data *data,
			const struct contact *contact, struct str text)
{
	const size_t *last = map_get(&data->addresses, contact->address);

	for (size_t i = last != NULL ? *last : SIZE_MAX; i != SIZE_MAX;
	     i = data->links[i].same_address) {
		if (str_eq_nocase(data->contacts[i].organization->id, contact->organization->id) &&
		    str_eq(text_of_contact(scratch, &data->contacts[i]), text))
			return true;
	}
	return false;
}

/* What a has and b has not. */
static size_t diff_contacts(struct buf *out, const struct directory_data *a,
			    const struct directory_data *b, char sign)
{
	struct arena *scratch = arena_new();
	size_t n = 0;

	for (size_t i = 0; i < a->n_contacts; i++) {
		const struct contact *contact = &a->contacts[i];
		struct str text = text_of_contact(scratch, contact);

		if (!has_contact(scratch, b, contact, text)) {
			buf_printf(out, "%c %.*s: %.*s\n", sign, STR_ARG(contact->organization->id),
				   STR_ARG(str_skip(text, 2)));
			n++;
		}
		arena_clear(scratch);
	}
	arena_free(scratch);
	return n;
}

static size_t diff_organizations(struct buf *out, const struct directory_data *a,
				 const struct directory_data *b, char sign)
{
	struct arena *scratch = arena_new();
	size_t n = 0;

	for (size_t i = 0; i < a->n_organizations; i++) {
		const struct organization *organization = a->organizations[i];
		const size_t *found = map_get(&b->organization_ids, organization->id);

		if (found == NULL) {
			buf_printf(out, "%c organization %.*s\n", sign, STR_ARG(organization->id));
			n++;
		} else if (sign == '-' &&
			   !str_eq(text_of_organization(scratch, organization),
				   text_of_organization(scratch, b->organizations[*found]))) {
			buf_printf(out, "~ organization %.*s: name, dates or instances\n",
				   STR_ARG(organization->id));
			n++;
		}
		arena_clear(scratch);
	}
	arena_free(scratch);
	return n;
}

size_t directory_diff(struct buf *out, const struct directory_data *before,
		      const struct directory_data *after)
{
	return diff_organizations(out, before, after, '-') +
	       diff_organizations(out, after, before, '+') +
	       diff_contacts(out, before, after, '-') + diff_contacts(out, after, before, '+');
}
