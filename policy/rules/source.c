#include "policy/rules/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/embedded/embedded.h"

#ifndef POLICY_DIR
#define POLICY_DIR "/usr/local/share/crm-notice/policies"
#endif

#define BUILT_IN "built-in:"

static bool octets_read(int fd, char *room, size_t size, size_t *ret_n)
{
	size_t n = 0;

	while (n < size) {
		ssize_t got = read(fd, room + n, size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	*ret_n = n;
	return true;
}

static bool fd_read(struct arena *arena, int fd, size_t max, struct str *ret_text)
{
	struct stat status;
	size_t room, n;
	char *text;

	if (fstat(fd, &status) != 0)
		return false;
	if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) {
		errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		return false;
	}
	if (status.st_size > 0 && (size_t)status.st_size > max) {
		errno = EFBIG;
		return false;
	}
	/* A pipe has no size to go by. */
	room = S_ISREG(status.st_mode) ? (size_t)status.st_size : max;
	text = arena_alloc(arena, room + 1);
	if (!octets_read(fd, text, room + 1, &n))
		return false;
	if (n > room) {
		errno = EFBIG;
		return false;
	}
	*ret_text = (struct str){ text, n };
	return true;
}

bool source_read(struct arena *arena, const char *file, size_t max, struct source *ret_source)
{
	struct str text;
	int fd = open(file, O_RDONLY | O_CLOEXEC), error;

	if (fd < 0)
		return false;
	if (!fd_read(arena, fd, max, &text)) {
		error = errno;
		close(fd);
		errno = error;
		return false;
	}
	close(fd);
	*ret_source = (struct source){ arena_str(arena, str_from(file)), text };
	return true;
}

bool source_builtin(struct str name, struct source *ret_source)
{
	for (size_t i = 0; i < embedded_n_files; i++) {
		const struct embedded_file *file = &embedded_files[i];

		if (str_is(name, file->name)) {
			*ret_source = (struct source){ str_from(file->label),
						       str_span(file->begin, file->end) };
			return true;
		}
	}
	return false;
}

static bool is_skipped(const struct source_query *query, struct str file)
{
	for (size_t i = 0; i < query->n_skip; i++) {
		if (str_eq(query->skip[i].file, file))
			return true;
	}
	return false;
}

/* 1: found; 0: not there; -1: there, but errno. */
static int try_directory(struct arena *arena, const struct source_query *query,
			 struct str directory, struct source *ret_source, struct str *ret_file)
{
	struct str file;

	if (directory.n == 0)
		file = arena_str(arena, query->name);
	else
		file = arena_printf(arena, "%.*s%s%.*s", STR_ARG(directory),
				    str_ends(directory, STR_LIT("/")) ? "" : "/",
				    STR_ARG(query->name));
	if (is_skipped(query, file))
		return 0;
	if (source_read(arena, file.p, query->max, ret_source))
		return 1;
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	*ret_file = file;
	return -1;
}

/* "/etc/crm-notice/" of "/etc/crm-notice/policy.yaml", empty of "policy.yaml". */
static struct str directory_of(struct str file)
{
	while (file.n > 0 && file.p[file.n - 1] != '/')
		file.n--;
	return file;
}

static int try_path(struct arena *arena, const struct source_query *query,
		    struct source *ret_source, struct str *ret_file)
{
	struct str rest = str_from(query->path != NULL ? query->path
						       : getenv("CRM_NOTICE_POLICY_PATH"));
	struct str directory;

	while (str_next_split(&rest, ':', &directory)) {
		int found = directory.n == 0 ? 0
					     : try_directory(arena, query, directory, ret_source,
							     ret_file);

		if (found != 0)
			return found;
	}
	return 0;
}

bool source_find(struct arena *arena, const struct source_query *query, struct source *ret_source,
		 int *ret_error, struct str *ret_file)
{
	int found = 0;

	if (str_starts(query->name, STR_LIT("/")))
		found = try_directory(arena, query, STR_NONE, ret_source, ret_file);
	else if (!str_starts(query->beside, STR_LIT(BUILT_IN)))
		found = try_directory(arena, query, directory_of(query->beside), ret_source,
				      ret_file);
	if (found == 0)
		found = try_path(arena, query, ret_source, ret_file);
	if (found == 0)
		found = try_directory(arena, query, STR_LIT(POLICY_DIR), ret_source, ret_file);
	if (found < 0) {
		*ret_error = errno;
		return false;
	}
	*ret_error = ENOENT;
	if (found == 0) {
		struct source builtin;

		if (!source_builtin(query->name, &builtin) || is_skipped(query, builtin.file))
			return false;
		*ret_source = builtin;
	}
	return true;
}
