/* row.h - a row of text columns, from CSV, SQL or LDAP, as a directory's row
 *
 * Internal to milter/directory.
 */
#ifndef MILTER_DIRECTORY_ROW_H
#define MILTER_DIRECTORY_ROW_H

#include "milter/directory/data.h"

enum directory_column {
	COLUMN_ORGANIZATION,
	COLUMN_NAME,
	COLUMN_PURCHASED, /* a date, 2026-02-01; what follows it is passed over */
	COLUMN_TIMEZONE,
	COLUMN_INSTANCE,
	COLUMN_URL,
	COLUMN_REGION,
	COLUMN_INSTANCE_TIMEZONE,
	COLUMN_ADDRESS,
	COLUMN_ROLE,
	COLUMN_N,
};
/* Their names, NULL-terminated: "organization", "name", ... */
extern const char *const directory_columns[];

/* The column of this name; case is ignored. */
bool directory_column_parse(struct str name, enum directory_column *ret_column);

/* Reads texts (absent or empty where there is none) into a row whose texts point to them. False,
 * with the reason in arena, where they make no row. */
bool directory_row_read(struct arena *arena, const struct str texts[COLUMN_N],
			struct directory_row *ret_row, struct str *ret_error);

#endif
