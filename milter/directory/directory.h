/* directory.h - who may receive notices: contacts, organizations and their instances
 *
 * One interface, whatever stands behind it. A message costs one look-up: all its addresses and
 * all that names its scope are answered at once. A directory is immutable once loaded, so any
 * number of threads may ask it; answers point into it and live as long as it does.
 */
#ifndef MILTER_DIRECTORY_DIRECTORY_H
#define MILTER_DIRECTORY_DIRECTORY_H

#include "policy/notice/answers.h"

struct directory;

/* Reads all sources into one directory: an address may be a contact in several of them. Each is
 * the name of a YAML file (INTERFACE.md, The directory file). NULL where there is an error: all of
 * them are in diag then, with file, line and column. The caller holds the one reference. */
struct directory *directory_load(const struct str_list *sources, struct diag *diag);
struct directory *directory_ref(struct directory *directory);
/* Gives a reference back; the last one frees the directory. NULL is allowed. */
void directory_free(struct directory *directory);

/* Answers the directory's part of needs (addresses and scope) into answers, whose arrays come
 * from arena and point into the directory. Sets answers->directory. A directory of NULL answers
 * that there is none. */
void directory_answer(const struct directory *directory, struct arena *arena,
		      const struct needs *needs, struct answers *answers);

#endif
