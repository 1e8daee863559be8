/* serials.h - the editions of signed files that were seen: kept in a file, so that none comes back
 *
 * A line for each signed file: "SERIAL SHA256 FILE", a tab, and the name that the text gives itself
 * ("policy:contoso-crm"). A line without a tab, as older versions wrote it, knows no name.
 */
#ifndef MILTER_SERIALS_H
#define MILTER_SERIALS_H

#include <stdint.h>

#include "policy/base/arena.h"

/* The highest serial seen of a file, and the digest of the text that bore it: another text with
 * the same serial is no newer edition. name is absent where it is not known. */
struct serial_seen {
	struct str file, sha256, name;
	uint64_t serial;
};

struct serials {
	struct arena *arena; /* of all texts; the caller's */
	struct serial_seen *items;
	size_t n, cap;
};

/* Reads a state file; one that is not there is empty. False with *ret_error, a text of the arena,
 * where it cannot be read or is no such list. */
bool serials_read(struct serials *serials, struct arena *arena, const char *state,
		  struct str *ret_error);
/* What is known of a file, or NULL; valid until the next serials_add. */
struct serial_seen *serials_find(const struct serials *serials, struct str file);
void serials_add(struct serials *serials, const struct serial_seen *seen);
/* Replaces the state file whole or not at all, and waits until it is on the disk. False with
 * *ret_error, a text of arena. */
bool serials_write(const struct serials *serials, struct arena *arena, const char *state,
		   struct str *ret_error);

#endif
