#include "milter/cli/cases.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *joined(struct arena *arena, const char *folder, const char *name)
{
	size_t n = strlen(folder);

	return arena_printf(arena, "%s%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/",
			    name)
		.p;
}

static void case_add(struct case_list *list, const char *root, const char *folder, struct str stem)
{
	struct case_path path = { .root = root, .folder = folder };

	path.name = arena_cstr(list->arena, stem);
	path.message = joined(list->arena, folder, arena_printf(list->arena, "%s.eml", path.name).p);
	path.case_file = joined(list->arena, folder,
				arena_printf(list->arena, "%s.case.yaml", path.name).p);
	ARENA_ROOM(list->arena, list->items, list->n, list->cap);
	list->items[list->n++] = path;
}

/* The name without its ending; false where it has another one. */
static bool stem(const char *name, const char *ending, struct str *ret_stem)
{
	struct str text = str_from(name);

	if (!str_ends(text, str_from(ending)) || text.n == strlen(ending))
		return false;
	*ret_stem = str_head(text, text.n - strlen(ending));
	return true;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

struct open_folder {
	const char *path;
	struct dirent **entries;
	int n, next;
};

static bool folder_open(struct open_folder *folder, const char *path)
{
	*folder = (struct open_folder){ .path = path };
	folder->n = scandir(path, &folder->entries, NULL, alphasort);
	return folder->n >= 0;
}

static void folder_close(struct open_folder *folder)
{
	for (int i = 0; i < folder->n; i++)
		free(folder->entries[i]);
	free(folder->entries);
}

/* Walks a tree of folders with a stack of its own. */
static bool folder_walk(struct case_list *list, const char *root)
{
	struct open_folder open[CASES_DEPTH_MAX];
	size_t depth = 0;
	bool ok = folder_open(&open[0], root);

	if (!ok)
		return false;
	depth = 1;
	while (depth > 0) {
		struct open_folder *top = &open[depth - 1];
		const char *name, *path;
		struct str text;

		if (top->next == top->n) {
			folder_close(top);
			depth--;
			continue;
		}
		name = top->entries[top->next++]->d_name;
		if (name[0] == '.')
			continue;
		path = joined(list->arena, top->path, name);
		if (stem(name, ".case.yaml", &text) && list->n < CASES_MAX)
			case_add(list, root, top->path, text);
		else if (depth < CASES_DEPTH_MAX && is_folder(path))
			depth += folder_open(&open[depth], path);
	}
	return true;
}

bool cases_find(struct case_list *list, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	const char *folder = ".";
	struct str text;

	if (is_folder(path))
		return folder_walk(list, path);
	if (access(path, R_OK) != 0)
		return false;
	if (slash != NULL)
		folder = slash == path ? "/" : arena_cstr(list->arena, str_span(path, slash));
	if (!stem(name, ".eml", &text) && !stem(name, ".case.yaml", &text)) {
		errno = EINVAL;
		return false;
	}
	case_add(list, folder, folder, text);
	return true;
}

const char *cases_near(struct arena *arena, const struct case_path *path, const char *name)
{
	struct str folder = str_from(path->folder);
	size_t root = strlen(path->root);

	for (;;) {
		const char *file = joined(arena, arena_cstr(arena, folder), name);
		size_t end = folder.n;

		if (access(file, R_OK) == 0)
			return file;
		if (folder.n <= root)
			break;
		while (end > root && folder.p[end - 1] != '/')
			end--;
		folder = str_head(folder, end > root ? end - 1 : root);
	}
	name = joined(arena, path->root, arena_printf(arena, "../%s", name).p);
	return access(name, R_OK) == 0 ? name : NULL;
}
