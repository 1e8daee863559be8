#include "milter/directory/row.h"

#include "milter/directory/file.h"
#include "policy/message/address.h"
#include "policy/rules/names.h"
#include "policy/rules/yaml.h"

#define DATE_OCTETS 10 /* 2026-02-01 */

const char *const directory_columns[] = {
	[COLUMN_ORGANIZATION] = "organization",
	[COLUMN_NAME] = "name",
	[COLUMN_PURCHASED] = "purchased",
	[COLUMN_TIMEZONE] = "timezone",
	[COLUMN_INSTANCE] = "instance",
	[COLUMN_URL] = "url",
	[COLUMN_REGION] = "region",
	[COLUMN_INSTANCE_TIMEZONE] = "instance_timezone",
	[COLUMN_ADDRESS] = "address",
	[COLUMN_ROLE] = "role",
	[COLUMN_N] = NULL,
};

bool directory_column_parse(struct str name, enum directory_column *ret_column)
{
	for (int i = 0; i < COLUMN_N; i++) {
		if (str_is_nocase(name, directory_columns[i])) {
			*ret_column = (enum directory_column)i;
			return true;
		}
	}
	return false;
}

/* Most addresses of a table are in their canonical form already. */
static bool is_plain(struct str address)
{
	size_t n_at = 0;

	for (size_t i = 0; i < address.n; i++) {
		char c = address.p[i];

		n_at += c == '@';
		if (n_at == 0 ? !ascii_is_alnum(c) && c != '.' && c != '-' && c != '_' && c != '+'
			      : c != '@' && !(c >= 'a' && c <= 'z') && !ascii_is_digit(c) &&
					c != '.' && c != '-')
			return false;
	}
	/* "xn--" may be written in ways that only the long road compares. */
	return n_at == 1 && address.n > 0 && address.p[0] != '@' &&
	       address.p[address.n - 1] != '@' && address.p[address.n - 1] != '.' &&
	       str_find(address, STR_LIT("xn--"), 0) == STR_NPOS;
}

static bool contact_read(struct arena *arena, struct str address, struct str role,
			 struct directory_row *row, struct str *ret_error)
{
	row->address = is_plain(address) ? address : address_canonical(arena, address);
	if (!directory_is_address(row->address)) {
		*ret_error = arena_printf(arena, "\"%.*s\" is no mail address", STR_ARG(address));
		return false;
	}
	if (role_parse(role, &row->role))
		return true;
	*ret_error = arena_printf(arena, "%.*s has the role \"%.*s\"; there are %.*s",
				  STR_ARG(address), STR_ARG(role),
				  STR_ARG(yaml_names(arena, role_names)));
	return false;
}

bool directory_row_read(struct arena *arena, const struct str texts[COLUMN_N],
			struct directory_row *ret_row, struct str *ret_error)
{
	struct str purchased = str_trim(texts[COLUMN_PURCHASED]);
	struct str address = str_trim(texts[COLUMN_ADDRESS]);
	struct directory_row row = {
		.organization = str_trim(texts[COLUMN_ORGANIZATION]),
		.name = str_trim(texts[COLUMN_NAME]),
		.timezone = str_trim(texts[COLUMN_TIMEZONE]),
		.instance = str_trim(texts[COLUMN_INSTANCE]),
		.url = str_trim(texts[COLUMN_URL]),
		.region = str_trim(texts[COLUMN_REGION]),
		.instance_timezone = str_trim(texts[COLUMN_INSTANCE_TIMEZONE]),
	};

	if (row.organization.n == 0) {
		*ret_error = STR_LIT("a row without an organization");
		return false;
	}
	row.has_purchased = purchased.n > 0;
	if (row.has_purchased &&
	    !yaml_date_parse(str_head(purchased, DATE_OCTETS), &row.purchased)) {
		*ret_error = arena_printf(arena, "%.*s was purchased on \"%.*s\", which is no date "
						 "such as 2026-02-01",
					  STR_ARG(row.organization), STR_ARG(purchased));
		return false;
	}
	if (address.n > 0 &&
	    !contact_read(arena, address, str_trim(texts[COLUMN_ROLE]), &row, ret_error))
		return false;
	*ret_row = row;
	return true;
}
