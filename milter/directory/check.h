/* check.h - a directory as a person looks at it: remarks, one entry, differences */
#ifndef MILTER_DIRECTORY_CHECK_H
#define MILTER_DIRECTORY_CHECK_H

#include "milter/directory/data.h"
#include "policy/base/buf.h"
#include "policy/base/utc.h"

/* Appends a line for whatever is sound and yet likely wrong: contacts that stand twice, addresses
 * in two organizations, organizations without an administrator, instances that nobody
 * administers, instances that share an id. The number of remarks. */
size_t directory_check(struct buf *out, const struct directory_data *data);

/* Appends what is known of an address, else of an organization, else of an instance, in the form
 * of the YAML file. False where it is none. */
bool directory_show(struct buf *out, const struct directory_data *data, struct str name);

/* Appends a line for each difference, "+" what the second has, "-" what the first has, "~" what
 * both have otherwise. The number of differences. */
size_t directory_diff(struct buf *out, const struct directory_data *before,
		      const struct directory_data *after);

#endif
