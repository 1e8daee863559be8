/* file.h - directories in YAML files (INTERFACE.md, The directory file)
 *
 * Internal to milter/directory.
 */
#ifndef MILTER_DIRECTORY_FILE_H
#define MILTER_DIRECTORY_FILE_H

#include "milter/directory/data.h"
#include "policy/base/diag.h"

struct source_guard;

/* A directory file may hold some hundred thousand contacts; larger ones belong into a database. */
#define DIRECTORY_FILE_MAX ((size_t)64 * 1024 * 1024)

/* Adds a file's organizations, where guard (NULL: none) admits it. Faults go to diag, all of them:
 * what stands twice is one. */
void directory_file_read(struct directory_data *data, struct str file,
			 const struct source_guard *guard, struct diag *diag);

/* Whether a canonical text is an address at all. */
bool directory_is_address(struct str address);

#endif
