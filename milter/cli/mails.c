#include "milter/cli/mails.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <unistd.h>

#include "milter/cli/mbox.h"
#include "policy/message/date.h"
#include "policy/message/header.h"

/* Of a header that is looked at for a time. */
#define HEADER_MAX ((size_t)256 * 1024)
/* Folders within folders; links are not followed, so that there is no circle. */
#define DEPTH_MAX 64

/* What a folder is, in fts_number. */
enum folder { FOLDER_PLAIN, FOLDER_MAILDIR, FOLDER_MAILS };

struct visit {
	const struct mails_visitor *visitor;
	size_t found;
};

static void broken(struct visit *visit, const char *file, int error)
{
	visit->found++;
	visit->visitor->broken(visit->visitor->context, file, error, strerror(error));
}

/* -- Files -- */

static bool is_eml(const char *file)
{
	return str_ends(str_from(file), STR_LIT(".eml"));
}

static const char *case_beside(struct arena *arena, const char *file)
{
	struct str name = str_from(file);
	const char *beside;

	if (!is_eml(file))
		return NULL;
	beside = arena_printf(arena, "%.*s.case.yaml", STR_ARG(str_head(name, name.n - 4))).p;
	return access(beside, F_OK) == 0 ? beside : NULL;
}

/* One message after another, each in memory of its own. */
static void stream_visit(struct visit *visit, const char *file, FILE *stream)
{
	const struct mails_visitor *visitor = visit->visitor;
	struct mbox *mbox = mbox_new(stream, visitor->max, is_eml(file));
	struct arena *arena = arena_new();
	struct mbox_message message;
	size_t n = 0;

	for (; mbox_next(mbox, arena, &message); arena_clear(arena)) {
		struct mail mail = { .file = file,
				     .number = message.number,
				     .bytes = message.bytes,
				     .has_postmark = message.has_postmark,
				     .postmark = message.postmark };

		if (message.number == 0)
			mail.case_file = case_beside(arena, file);
		n++;
		visitor->mail(visitor->context, &mail);
	}
	visit->found += n;
	if (mbox_error(mbox) != 0)
		broken(visit, file, mbox_error(mbox));
	else if (n == 0)
		visitor->broken(visitor->context, file, EINVAL, "it is empty");
	mbox_free(mbox);
	arena_free(arena);
}

static void file_visit(struct visit *visit, const char *file)
{
	FILE *stream = fopen(file, "rbe");

	visit->found++;
	if (stream == NULL) {
		broken(visit, file, errno);
		return;
	}
	stream_visit(visit, file, stream);
	fclose(stream);
}

/* -- Folders -- */

static bool is_maildir(struct arena *arena, const char *path)
{
	return access(arena_printf(arena, "%s/cur/.", path).p, F_OK) == 0 &&
	       access(arena_printf(arena, "%s/new/.", path).p, F_OK) == 0;
}

static long folder_kind(struct arena *arena, const FTSENT *entry)
{
	if (entry->fts_level > 0 && entry->fts_parent->fts_number == FOLDER_MAILDIR &&
	    (strcmp(entry->fts_name, "cur") == 0 || strcmp(entry->fts_name, "new") == 0))
		return FOLDER_MAILS;
	return is_maildir(arena, entry->fts_path) ? FOLDER_MAILDIR : FOLDER_PLAIN;
}

/* Whether nothing of a folder is wanted: "tmp" of a Maildir, and what is hidden. */
static bool is_passed_over(const FTSENT *entry, long kind)
{
	if (entry->fts_level == 0)
		return false;
	if (entry->fts_level > DEPTH_MAX)
		return true;
	if (entry->fts_parent->fts_number == FOLDER_MAILDIR)
		return kind == FOLDER_PLAIN;
	return entry->fts_name[0] == '.' && kind != FOLDER_MAILDIR;
}

static bool is_mail(const FTSENT *entry)
{
	struct str name = str_from(entry->fts_name);

	if (entry->fts_level == 0)
		return true;
	if (name.p[0] == '.')
		return false;
	return entry->fts_parent->fts_number == FOLDER_MAILS || is_eml(name.p) ||
	       str_ends(name, STR_LIT(".mbox"));
}

static void entry_visit(struct visit *visit, FTS *tree, FTSENT *entry)
{
	struct arena *arena;

	switch (entry->fts_info) {
	case FTS_D:
		arena = arena_new();
		entry->fts_number = folder_kind(arena, entry);
		arena_free(arena);
		if (is_passed_over(entry, entry->fts_number))
			fts_set(tree, entry, FTS_SKIP);
		break;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		broken(visit, entry->fts_path, entry->fts_errno);
		break;
	case FTS_F:
	case FTS_SL:
	case FTS_SLNONE:
	case FTS_DEFAULT: /* a pipe, where the command line names it */
		if (is_mail(entry) && (entry->fts_info != FTS_DEFAULT || entry->fts_level == 0))
			file_visit(visit, entry->fts_path);
	}
}

static int entry_compare(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

void mails_visit(const struct mails_visitor *visitor, const char *path)
{
	struct visit visit = { .visitor = visitor };
	char *paths[] = { (char *)(uintptr_t)path, NULL };
	FTSENT *entry;
	FTS *tree;

	if (strcmp(path, "-") == 0) {
		stream_visit(&visit, path, stdin);
		return;
	}
	tree = fts_open(paths, FTS_COMFOLLOW | FTS_PHYSICAL | FTS_NOCHDIR, entry_compare);
	if (tree == NULL) {
		broken(&visit, path, errno);
		return;
	}
	while ((entry = fts_read(tree)) != NULL)
		entry_visit(&visit, tree, entry);
	fts_close(tree);
	if (visit.found == 0)
		visitor->broken(visitor->context, path, ENOENT, "no message is in it");
}

/* -- Time -- */

/* What stands behind the last semicolon of a Received field (RFC 5322, 3.6.7). */
static struct str received_date(struct str value)
{
	size_t at = value.n;

	while (at > 0 && value.p[at - 1] != ';')
		at--;
	return at > 0 ? str_skip(value, at) : STR_NONE;
}

bool mail_time(struct str bytes, int64_t *ret_time, const char **ret_source)
{
	struct str rest = str_head(bytes, HEADER_MAX), name, value;
	enum header_line line;
	bool received = false, dated = false;
	int64_t time;

	while ((line = header_next(&rest, &name, &value)) != HEADER_END) {
		if (line != HEADER_FIELD)
			continue;
		if (str_is_nocase(name, "Received") && date_read(received_date(value), &time)) {
			*ret_time = time; /* the lowest is the first */
			received = true;
		} else if (!received && str_is_nocase(name, "Date") && date_read(value, &time)) {
			*ret_time = time;
			dated = true;
		}
	}
	*ret_source = received ? "received" : "date";
	return received || dated;
}
