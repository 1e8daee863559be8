/* csv.h - directories in tables of comma-separated values (RFC 4180)
 *
 * The first line names the columns (row.h): organization, name, purchased, timezone, instance, url,
 * region, instance_timezone, address, role. Internal to milter/directory.
 */
#ifndef MILTER_DIRECTORY_CSV_H
#define MILTER_DIRECTORY_CSV_H

#include "milter/directory/data.h"
#include "policy/base/diag.h"

#define DIRECTORY_CSV_MAX ((size_t)3 * 1024 * 1024 * 1024)

/* Adds the rows of a file, whose text data's arena takes. Faults go to diag with their lines. */
void directory_csv_read(struct directory_data *data, struct str file, struct diag *diag);
/* The same for text; its fields are unquoted in place. name stands in messages. */
void directory_csv_parse(struct directory_data *data, struct str name, char *text, size_t n,
			 struct diag *diag);

#endif
