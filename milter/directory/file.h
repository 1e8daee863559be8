/* file.h - directories in YAML files (INTERFACE.md, The directory file)
 *
 * Internal to milter/directory.
 */
#ifndef MILTER_DIRECTORY_FILE_H
#define MILTER_DIRECTORY_FILE_H

#include "policy/base/map.h"
#include "policy/notice/answers.h"

/* A directory file may hold some hundred thousand contacts; larger ones belong into a database. */
#define DIRECTORY_FILE_MAX ((size_t)64 * 1024 * 1024)

/* What was read, from all files together. */
struct directory_data {
	struct arena *arena;
	struct organization **organizations; /* each allocated for itself: contacts point to it */
	size_t n_organizations, cap_organizations;
	struct contact *contacts;
	size_t n_contacts, cap_contacts;
	struct map organization_ids; /* index into organizations */
	struct map instance_ids;     /* index into places */
	struct map instance_hosts;   /* index into places: the first of those with this host */
	struct place_in *places;
	size_t n_places, cap_places;
	bool local_part_sensitive;
};

/* Where an instance is. */
struct place_in {
	size_t organization, instance; /* indexes */
	size_t next_host;              /* the next place with the same host, or SIZE_MAX */
};

/* Adds a file's organizations. Faults go to diag, all of them. */
void directory_file_read(struct directory_data *data, struct str file, struct diag *diag);

/* The host of a URL, without scheme, user, port and path; absent where there is none. */
struct str url_host(struct str url);

#endif
