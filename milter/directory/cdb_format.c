/* cdb_format.c - how the values of a compiled directory are written and read */
#include "milter/directory/cdb.h"
#include "policy/base/buf.h"

void cdb_put_number(struct buf *out, uint64_t number)
{
	while (number >= 0x80) {
		buf_add_char(out, (char)(number | 0x80));
		number >>= 7;
	}
	buf_add_char(out, (char)number);
}

void cdb_put_text(struct buf *out, struct str text)
{
	cdb_put_number(out, text.n);
	buf_add(out, text);
}

bool cdb_get_number(struct str *rest, uint64_t *ret_number)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < rest->n && i < 9; i++) {
		unsigned char octet = (unsigned char)rest->p[i];

		number |= (uint64_t)(octet & 0x7f) << (7 * i);
		if (octet < 0x80) {
			*rest = str_skip(*rest, i + 1);
			*ret_number = number;
			return true;
		}
	}
	return false;
}

bool cdb_get_text(struct str *rest, struct str *ret_text)
{
	uint64_t n;

	if (!cdb_get_number(rest, &n) || n > rest->n)
		return false;
	*ret_text = str_head(*rest, n);
	*rest = str_skip(*rest, n);
	return true;
}

/* A text that outlives the mapped file. */
static bool copy_text(struct directory_data *data, struct str *rest, struct str *ret_text)
{
	struct str text;

	if (!cdb_get_text(rest, &text))
		return false;
	*ret_text = text.n > 0 ? arena_str(data->arena, text) : STR_NONE;
	return true;
}

static bool organization_head(struct directory_data *data, struct str *rest, size_t *ret_index)
{
	struct organization *organization;
	struct str id, name, timezone;
	uint64_t purchased;

	if (!cdb_get_text(rest, &id) || id.n == 0 || !cdb_get_text(rest, &name) ||
	    !cdb_get_text(rest, &timezone) || !cdb_get_number(rest, &purchased))
		return false;
	*ret_index = directory_data_intern(data, arena_str(data->arena, id));
	organization = data->organizations[*ret_index];
	if (organization->name.n == 0 && name.n > 0)
		organization->name = arena_str(data->arena, name);
	if (organization->timezone.n == 0 && timezone.n > 0)
		organization->timezone = arena_str(data->arena, timezone);
	if (purchased > 0 && !organization->has_purchased) {
		organization->has_purchased = true;
		organization->purchased = (int32_t)(purchased - 1);
	}
	return true;
}

/* The ids of an organization's instances, in the file's order: contacts refer to them. */
static bool instances_read(struct directory_data *data, struct str *rest, size_t organization,
			   struct str_list *ret_ids)
{
	struct organization *owner = data->organizations[organization];
	uint64_t n;

	if (!cdb_get_number(rest, &n) || n > rest->n)
		return false;
	ret_ids->items = ARENA_ARRAY(data->arena, n, struct str);
	for (ret_ids->n = 0; ret_ids->n < n; ret_ids->n++) {
		struct directory_row row = { .organization = owner->id };

		if (!copy_text(data, rest, &row.instance) || row.instance.n == 0 ||
		    !copy_text(data, rest, &row.url) || !copy_text(data, rest, &row.region) ||
		    !copy_text(data, rest, &row.instance_timezone))
			return false;
		ret_ids->items[ret_ids->n] = row.instance;
		directory_data_row(data, &row);
	}
	return true;
}

/* A contact's role and instances, and one row for each of these (or one for all). */
static bool contact_rows(struct directory_data *data, struct str *rest,
			 struct directory_row *row, const struct str_list *ids, bool add)
{
	uint64_t role, n, at;

	if (!cdb_get_number(rest, &role) || role >= ROLE_N || !cdb_get_number(rest, &n) ||
	    n > rest->n)
		return false;
	row->role = (enum role)role;
	if (n == 0 && add)
		directory_data_row(data, row);
	while (n-- > 0) {
		if (!cdb_get_number(rest, &at) || at >= ids->n)
			return false;
		row->instance = ids->items[at];
		if (add)
			directory_data_row(data, row);
	}
	return true;
}

static bool organization_contacts(struct directory_data *data, struct str *rest,
				  struct str organization, const struct str_list *ids,
				  enum cdb_contacts contacts)
{
	uint64_t n;

	if (!cdb_get_number(rest, &n))
		return false;
	while (n-- > 0) {
		struct directory_row row = { .organization = organization };
		struct str peek;
		uint64_t role;
		bool wanted;

		if (!cdb_get_text(rest, &row.address) || row.address.n == 0)
			return false;
		peek = *rest;
		wanted = contacts == CDB_ALL_CONTACTS ||
			 (cdb_get_number(&peek, &role) && role == ROLE_SYSTEM_ADMINISTRATOR);
		if (wanted)
			row.address = arena_str(data->arena, row.address);
		if (!contact_rows(data, rest, &row, ids, wanted))
			return false;
	}
	return true;
}

bool directory_cdb_organization(struct directory_data *data, struct str value,
				enum cdb_contacts contacts)
{
	struct str_list ids = { 0 };
	size_t index;

	if (!organization_head(data, &value, &index) || !instances_read(data, &value, index, &ids))
		return false;
	return contacts == CDB_NO_CONTACTS ||
	       organization_contacts(data, &value, data->organizations[index]->id, &ids, contacts);
}

/* An address's value is, for each contact: organization, address where it is not the key itself,
 * role, ids of instances. */
static bool contact_skip(struct str *rest, uint64_t n)
{
	struct str skipped;

	while (n-- > 0) {
		if (!cdb_get_text(rest, &skipped))
			return false;
	}
	return true;
}

bool directory_cdb_contacts(struct directory_data *data, const struct cdb_address *asked,
			    struct str value)
{
	while (value.n > 0) {
		struct directory_row row = { 0 };
		struct str written;
		uint64_t role, n;

		if (!copy_text(data, &value, &row.organization) || row.organization.n == 0 ||
		    !cdb_get_text(&value, &written) || !cdb_get_number(&value, &role) ||
		    role >= ROLE_N || !cdb_get_number(&value, &n))
			return false;
		row.role = (enum role)role;
		row.address = written.n > 0 ? arena_str(data->arena, written) : asked->key;
		if (asked->sensitive && !str_eq(row.address, asked->address)) {
			if (!contact_skip(&value, n))
				return false;
			continue;
		}
		if (n == 0)
			directory_data_row(data, &row);
		while (n-- > 0) {
			if (!copy_text(data, &value, &row.instance) || row.instance.n == 0)
				return false;
			directory_data_row(data, &row);
		}
	}
	return true;
}
