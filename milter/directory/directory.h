/* directory.h - who may receive notices: contacts, organizations and their instances
 *
 * One interface, whatever stands behind it. A message costs one look-up: all its addresses and
 * all that names its scope are answered at once. Any number of threads may ask.
 *
 * A source is the name of a YAML file (INTERFACE.md, The directory file) or one of
 *   cdb:FILE      what `crm-notice directory build` made; replaced files are picked up
 *   csv:FILE      for the command line and small directories; read whole
 *   sqlite:FILE   a database, or a .cf file that names one (sqlite_table(5))
 *   pgsql:FILE    PostgreSQL, as pgsql_table(5) is configured
 *   ldap:FILE     as ldap_table(5) is configured
 */
#ifndef MILTER_DIRECTORY_DIRECTORY_H
#define MILTER_DIRECTORY_DIRECTORY_H

#include "policy/notice/answers.h"

struct directory;
struct directory_data;
struct source_guard;

/* The file that a source names, which is its end: what follows the scheme. */
struct str directory_source_file(struct str source);

/* Reads all sources into one directory: an address may be a contact in several of them. Servers
 * are not reached yet. NULL where there is an error: all of them are in diag then, with file,
 * line and column. The caller holds the one reference. */
struct directory *directory_load(const struct str_list *sources, struct diag *diag);
/* The same under a guard, which is asked about each YAML file. Other files have no place for what
 * a guard asks for and are errors then; servers are not files. NULL admits all. */
struct directory *directory_load_guarded(const struct str_list *sources,
					 const struct source_guard *guard, struct diag *diag);
struct directory *directory_ref(struct directory *directory);
/* Gives a reference back; the last one frees the directory. NULL is allowed. */
void directory_free(struct directory *directory);

/* What hears of sources that stop answering and that answer again: once each time, not once a
 * message. Called from any thread. Set before the first question. */
typedef void directory_listener(void *context, bool bad, const char *text);
void directory_listen(struct directory *directory, directory_listener *listener, void *context);

/* Asks each server, within its own time, for what it cannot know, and adds a warning to diag for
 * each that does not answer, or not with what makes sense. NULL is allowed. */
void directory_probe(const struct directory *directory, struct diag *diag);

/* What bounds an answer. */
struct directory_terms {
	unsigned seconds; /* until when it must be there; 0: DIRECTORY_SECONDS */
	int64_t stale;    /* a compiled copy that is at most so many seconds old answers for sources
			   * that do not; 0: none does */
};
#define DIRECTORY_SECONDS 30

/* Answers the directory's part of needs (addresses and scope) into answers, whose arrays come
 * from arena and point into it or into the directory. Sets answers->directory: FAILED, with the
 * reason, where a source did not answer in time. A directory of NULL answers that there is
 * none; terms of NULL are the defaults. */
void directory_answer(const struct directory *directory, struct arena *arena,
		      const struct directory_terms *terms, const struct needs *needs,
		      struct answers *answers);

/* All that the sources hold, for the command line: from arena, or the directory's own. With names
 * (addresses, ids of organizations or instances; NULL: all) a compiled directory is asked for these
 * alone. NULL, with the reasons in diag, where a source does not answer. */
const struct directory_data *directory_read_all(const struct directory *directory,
						struct arena *arena,
						const struct str_list *names, struct diag *diag);

#endif
