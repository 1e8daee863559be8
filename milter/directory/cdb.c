#include "milter/directory/cdb.h"

#include <cdb.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "milter/directory/backend.h"

/* One file, mapped; it lives as long as somebody reads in it. */
struct map_of_file {
	unsigned references; /* atomic */
	struct cdb cdb;
	int fd;
	struct directory_cdb_head head;
	dev_t device;
	ino_t inode;
	struct timespec changed;
	off_t size;
};

struct backend {
	char *file;
	pthread_mutex_t mutex;       /* guards what follows */
	struct map_of_file *current; /* NULL: there was none yet */
	bool outdated;               /* the file is gone or broken: current is what was */
};

static void unref(struct map_of_file *map)
{
	if (map == NULL || __atomic_sub_fetch(&map->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	cdb_free(&map->cdb);
	close(map->fd);
	free(map);
}

/* The value of a key; false where there is none. Each reader has its own cursor. */
static bool find(const struct map_of_file *map, char kind, struct str key, struct str *ret_value)
{
	struct cdb cursor = map->cdb;
	char room[512];
	const void *value;

	if (key.n >= sizeof room)
		return false; /* nothing is written with so long a key that could be asked for */
	room[0] = kind;
	for (size_t i = 0; i < key.n; i++)
		room[i + 1] = ascii_lower(key.p[i]);
	if (cdb_find(&cursor, room, kind != '\0' ? (unsigned)key.n + 1 : 0) <= 0)
		return false;
	value = cdb_getdata(&cursor);
	if (value == NULL)
		return false;
	*ret_value = (struct str){ value, cdb_datalen(&cursor) };
	return true;
}

static bool head_read(struct map_of_file *map)
{
	struct directory_cdb_head *head = &map->head;
	struct str value, magic = STR_LIT(DIRECTORY_CDB_MAGIC);
	uint64_t sensitive = 0;

	if (!find(map, '\0', STR_NONE, &value) || !str_starts(value, magic))
		return false;
	value = str_skip(value, magic.n);
	if (!cdb_get_number(&value, &head->format) || head->format != DIRECTORY_CDB_FORMAT ||
	    !cdb_get_number(&value, &head->built) ||
	    !cdb_get_number(&value, &head->organizations) ||
	    !cdb_get_number(&value, &head->contacts) || !cdb_get_number(&value, &sensitive))
		return false;
	head->local_part_sensitive = sensitive != 0;
	return true;
}

static struct map_of_file *map_fd(int fd, const struct stat *status, const char **ret_error)
{
	struct map_of_file *map = calloc(1, sizeof *map);

	if (map == NULL)
		abort();
	*map = (struct map_of_file){ .references = 1, .fd = fd, .device = status->st_dev,
				     .inode = status->st_ino, .changed = status->st_mtim,
				     .size = status->st_size };
	if (cdb_init(&map->cdb, fd) != 0) {
		*ret_error = "is no constant database";
		free(map);
		return NULL;
	}
	if (!head_read(map)) {
		*ret_error = "is no directory that `crm-notice directory build` of this version made";
		cdb_free(&map->cdb);
		free(map);
		return NULL;
	}
	return map;
}

static struct map_of_file *map_file(const char *file, const char **ret_error)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct map_of_file *map = NULL;
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		*ret_error = strerror(errno);
	else if (!S_ISREG(status.st_mode))
		*ret_error = "is no regular file";
	else
		map = map_fd(fd, &status, ret_error);
	if (map == NULL && fd >= 0)
		close(fd);
	return map;
}

static bool is_current(const struct map_of_file *map, const struct stat *status)
{
	return map != NULL && map->inode == status->st_ino && map->device == status->st_dev &&
	       map->size == status->st_size && map->changed.tv_sec == status->st_mtim.tv_sec &&
	       map->changed.tv_nsec == status->st_mtim.tv_nsec;
}

/* Looks whether the file was replaced, and takes a reference to what is to be read in: the new
 * one, or where that cannot be read the one before, which is outdated then. */
static struct map_of_file *refresh(struct backend *backend, bool *ret_outdated,
				   const char **ret_error)
{
	struct map_of_file *map, *before = NULL;
	struct stat status;
	bool there;

	*ret_error = "is gone";
	pthread_mutex_lock(&backend->mutex);
	there = stat(backend->file, &status) == 0;
	if (!there || !is_current(backend->current, &status)) {
		map = there ? map_file(backend->file, ret_error) : NULL;
		backend->outdated = map == NULL;
		if (map != NULL) {
			before = backend->current;
			backend->current = map;
		}
	} else {
		backend->outdated = false;
	}
	map = backend->current;
	if (map != NULL)
		__atomic_add_fetch(&map->references, 1, __ATOMIC_RELAXED);
	*ret_outdated = backend->outdated;
	pthread_mutex_unlock(&backend->mutex);
	unref(before);
	return map;
}

/* One look-up; ids of organizations that were read already. */
struct look_up {
	const struct map_of_file *map;
	struct directory_data *into;
	struct map seen;
	bool broken;
};

static void organization_look_up(struct look_up *look_up, struct str id, enum cdb_contacts contacts)
{
	struct str value;

	if (contacts == CDB_NO_CONTACTS && map_get(&look_up->seen, id) != NULL)
		return;
	map_put(&look_up->seen, arena_str(look_up->into->arena, id), 0);
	if (find(look_up->map, 'o', id, &value) &&
	    !directory_cdb_organization(look_up->into, value, contacts))
		look_up->broken = true;
}

static void address_look_up(struct look_up *look_up, struct str address)
{
	struct arena *arena = look_up->into->arena;
	struct cdb_address asked = { address, STR_NONE, look_up->map->head.local_part_sensitive };
	struct str value, rest, organization, skipped;
	uint64_t role, n;
	char *key;

	if (!find(look_up->map, 'a', address, &value))
		return;
	rest = value;
	while (cdb_get_text(&rest, &organization) && cdb_get_text(&rest, &skipped) &&
	       cdb_get_number(&rest, &role) && cdb_get_number(&rest, &n)) {
		organization_look_up(look_up, organization, CDB_NO_CONTACTS);
		while (n > 0 && cdb_get_text(&rest, &skipped))
			n--;
	}
	key = arena_cstr(arena, address);
	for (size_t i = 0; i < address.n; i++)
		key[i] = ascii_lower(key[i]);
	asked.key = (struct str){ key, address.n };
	if (!directory_cdb_contacts(look_up->into, &asked, value))
		look_up->broken = true;
}

static void scope_look_up(struct look_up *look_up, struct str key)
{
	static const char kinds[] = { 'i', 'h' };
	struct str value, organization;

	for (size_t i = 0; i < sizeof kinds; i++) {
		if (!find(look_up->map, kinds[i], key, &value))
			continue;
		while (cdb_get_text(&value, &organization))
			organization_look_up(look_up, organization, CDB_NO_CONTACTS);
	}
	organization_look_up(look_up, key, CDB_NO_CONTACTS);
}

static void all_look_up(struct look_up *look_up, enum cdb_contacts contacts)
{
	struct cdb cursor = look_up->map->cdb;
	struct directory_data *into = look_up->into;
	unsigned at;

	cdb_seqinit(&at, &cursor);
	while (cdb_seqnext(&at, &cursor) > 0 && !look_up->broken) {
		const char *key = cdb_getkey(&cursor), *value = cdb_getdata(&cursor);

		if (key == NULL || value == NULL || cdb_keylen(&cursor) == 0 || key[0] != 'o')
			continue;
		if (contacts == CDB_ADMINISTRATORS &&
		    into->n_contacts > DIRECTORY_ADMINISTRATORS_MAX) {
			into->partial = true;
			return;
		}
		look_up->broken = !directory_cdb_organization(
			into, (struct str){ value, cdb_datalen(&cursor) }, contacts);
	}
}

static bool map_look_up(const struct map_of_file *map, const struct directory_query *query,
			struct directory_data *into)
{
	struct look_up look_up = { .map = map, .into = into };

	map_init(&look_up.seen, into->arena);
	for (size_t i = 0; i < query->addresses.n; i++)
		address_look_up(&look_up, query->addresses.items[i]);
	for (size_t i = 0; i < query->scope.n; i++)
		scope_look_up(&look_up, query->scope.items[i]);
	for (size_t i = 0; i < query->organizations.n; i++)
		organization_look_up(&look_up, query->organizations.items[i],
				     query->all_contacts ? CDB_ALL_CONTACTS : CDB_ADMINISTRATORS);
	if (query->everyone || query->everything)
		all_look_up(&look_up, query->everything ? CDB_ALL_CONTACTS : CDB_ADMINISTRATORS);
	return !look_up.broken;
}

static enum directory_outcome cdb_look_up(void *state, const struct directory_query *query,
					  struct directory_data *into, struct str *ret_error)
{
	struct backend *backend = state;
	enum directory_outcome outcome = DIRECTORY_OK;
	const char *error;
	bool outdated;
	struct map_of_file *map = refresh(backend, &outdated, &error);

	if (map == NULL ||
	    (outdated && (int64_t)time(NULL) - (int64_t)map->head.built > query->stale)) {
		*ret_error = arena_printf(into->arena, "%s%s", error,
					  map != NULL && query->stale > 0
						  ? ", and what it was is too old"
						  : "");
		outcome = DIRECTORY_DOWN;
	} else if (!map_look_up(map, query, into)) {
		*ret_error = STR_LIT("the file is damaged: build it again");
		outcome = DIRECTORY_DOWN;
	} else if (query->everything || query->all_contacts) {
		into->local_part_sensitive = map->head.local_part_sensitive;
	}
	unref(map);
	return outcome;
}

static void cdb_close(void *state)
{
	struct backend *backend = state;

	unref(backend->current);
	pthread_mutex_destroy(&backend->mutex);
	free(backend->file);
	free(backend);
}

static void *cdb_open(struct str name, struct diag *diag)
{
	struct backend *backend = calloc(1, sizeof *backend);
	const char *error;

	if (backend == NULL)
		abort();
	pthread_mutex_init(&backend->mutex, NULL);
	backend->file = strndup(name.p, name.n);
	if (backend->file == NULL)
		abort();
	backend->current = map_file(backend->file, &error);
	if (backend->current != NULL)
		return backend;
	diag_error(diag, name, 0, 0, "%s", error);
	cdb_close(backend);
	return NULL;
}

static int64_t cdb_built(void *state)
{
	struct backend *backend = state;
	int64_t built;

	pthread_mutex_lock(&backend->mutex);
	built = (int64_t)backend->current->head.built;
	pthread_mutex_unlock(&backend->mutex);
	return built;
}

const struct directory_backend directory_cdb = { "cdb", false, cdb_open, cdb_look_up, cdb_close,
						 cdb_built, NULL };
