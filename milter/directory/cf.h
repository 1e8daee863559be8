/* cf.h - files in Postfix's own syntax: name = value, a line that begins with white space goes on
 * with the one before, # begins a comment line (postconf(5), pgsql_table(5), ldap_table(5))
 *
 * Internal to milter/directory.
 */
#ifndef MILTER_DIRECTORY_CF_H
#define MILTER_DIRECTORY_CF_H

#include "policy/base/diag.h"

#define CF_FILE_MAX ((size_t)256 * 1024)

struct cf_entry {
	struct str name, value; /* both followed by a NUL */
	unsigned line;
	bool used;
};

struct cf {
	struct arena *arena;
	struct str file;
	struct cf_entry *entries;
	size_t n, cap;
	struct diag *diag;
};

/* Reads a file; faults go to diag. All that the cf gives out lives in arena. */
bool cf_read(struct arena *arena, struct str file, struct diag *diag, struct cf *ret_cf);
bool cf_parse(struct arena *arena, struct str file, struct str text, struct diag *diag,
	      struct cf *ret_cf);

/* The value, or otherwise (which may be NULL). */
const char *cf_text(struct cf *cf, const char *name, const char *otherwise);
/* A number from min to max; what is none is an error with its line. */
unsigned cf_number(struct cf *cf, const char *name, unsigned otherwise, unsigned min, unsigned max);
/* "yes" or "no". */
bool cf_bool(struct cf *cf, const char *name, bool otherwise);
/* An error for each entry that nobody asked for, but for those of ignored (NULL-terminated):
 * names of Postfix's that mean nothing here, which get a warning. */
void cf_finish(struct cf *cf, const char *const *ignored);

#endif
