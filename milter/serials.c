#include "milter/serials.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <unistd.h>

#include "policy/base/buf.h"
#include "policy/rules/source.h"

#define STATE_MAX ((size_t)1024 * 1024)
#define SHA256_DIGITS 64

struct serial_seen *serials_find(const struct serials *serials, struct str file)
{
	for (size_t i = 0; i < serials->n; i++) {
		if (str_eq(serials->items[i].file, file))
			return &serials->items[i];
	}
	return NULL;
}

void serials_add(struct serials *serials, const struct serial_seen *seen)
{
	ARENA_ROOM(serials->arena, serials->items, serials->n, serials->cap);
	serials->items[serials->n++] = *seen;
}

static bool line_parse(struct str line, struct serial_seen *ret_seen)
{
	struct serial_seen seen = { .serial = 0 };
	size_t digits = 0, tab;

	while (digits < line.n && digits < 20 && ascii_is_digit(line.p[digits]))
		seen.serial = seen.serial * 10 + (uint64_t)(line.p[digits++] - '0');
	if (digits == 0 || digits > 19 || line.n < digits + SHA256_DIGITS + 3 ||
	    line.p[digits] != ' ' || line.p[digits + 1 + SHA256_DIGITS] != ' ')
		return false;
	seen.sha256 = str_head(str_skip(line, digits + 1), SHA256_DIGITS);
	seen.file = str_skip(line, digits + SHA256_DIGITS + 2);
	tab = str_find_char(seen.file, '\t', 0);
	if (tab != STR_NPOS) {
		seen.name = str_skip(seen.file, tab + 1);
		seen.file = str_head(seen.file, tab);
	}
	*ret_seen = seen;
	return true;
}

bool serials_read(struct serials *serials, struct arena *arena, const char *state,
		  struct str *ret_error)
{
	struct serial_seen seen;
	struct source source;
	struct str line;

	if (!source_read(serials->arena, state, STATE_MAX, &source)) {
		if (errno == ENOENT)
			return true;
		*ret_error = arena_printf(arena, "%s: %s", state, strerror(errno));
		return false;
	}
	while (str_next_line(&source.text, &line)) {
		if (!line_parse(line, &seen)) {
			*ret_error = arena_printf(arena, "%s: no list of serials", state);
			return false;
		}
		serials_add(serials, &seen);
	}
	return true;
}

static bool write_all(int fd, struct str text)
{
	while (text.n > 0) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text = str_skip(text, (size_t)n);
	}
	return true;
}

/* The new name in the directory has to last as the text does. */
static bool sync_directory(struct arena *arena, const char *file)
{
	int fd = open(dirname(arena_cstr(arena, str_from(file))),
		      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return done;
}

static bool file_replace(struct arena *arena, const char *file, struct str text)
{
	const char *temporary = arena_printf(arena, "%s.new", file).p;
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool done;

	if (fd < 0)
		return false;
	done = write_all(fd, text) && fsync(fd) == 0;
	done = close(fd) == 0 && done && rename(temporary, file) == 0;
	if (!done)
		unlink(temporary);
	return done && sync_directory(arena, file);
}

bool serials_write(const struct serials *serials, struct arena *arena, const char *state,
		   struct str *ret_error)
{
	struct buf text;

	buf_init(&text, arena, STATE_MAX);
	for (size_t i = 0; i < serials->n; i++) {
		const struct serial_seen *seen = &serials->items[i];

		buf_printf(&text, "%" PRIu64 " %.*s %.*s", seen->serial, STR_ARG(seen->sha256),
			   STR_ARG(seen->file));
		if (seen->name.p != NULL)
			buf_printf(&text, "\t%.*s", STR_ARG(seen->name));
		buf_add_char(&text, '\n');
	}
	if (!text.full && file_replace(arena, state, buf_str(&text)))
		return true;
	*ret_error = arena_printf(arena, "%s: %s", state,
				  text.full ? "would be too large" : strerror(errno));
	return false;
}
