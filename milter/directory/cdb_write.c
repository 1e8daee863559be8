/* cdb_write.c - a directory in memory, written as a constant database */
#include <cdb.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "milter/directory/cdb.h"
#include "policy/base/buf.h"

#define VALUE_MAX ((size_t)64 * 1024 * 1024)

struct writer {
	const struct directory_data *data;
	struct cdb_make make;
	struct buf key, value; /* used again for each record */
	struct arena *scratch; /* cleared when it grew large */
	bool *inner;           /* [n_contacts]: a later contact of the same address leads to it */
	bool failed;           /* errno says why */
};

static void record_begin(struct writer *writer, char kind, struct str key)
{
	if (arena_used(writer->scratch) > VALUE_MAX) {
		arena_clear(writer->scratch);
		buf_init(&writer->key, writer->scratch, VALUE_MAX);
		buf_init(&writer->value, writer->scratch, VALUE_MAX);
	}
	writer->key.n = writer->value.n = 0;
	if (kind != '\0')
		buf_add_char(&writer->key, kind);
	for (size_t i = 0; i < key.n; i++)
		buf_add_char(&writer->key, ascii_lower(key.p[i]));
}

static void record_end(struct writer *writer)
{
	struct str key = buf_str(&writer->key), value = buf_str(&writer->value);

	if (writer->failed)
		return;
	errno = 0;
	if (writer->key.full || writer->value.full)
		errno = EFBIG;
	if (errno != 0 || cdb_make_add(&writer->make, key.p, (unsigned)key.n, value.p,
				       (unsigned)value.n) != 0)
		writer->failed = true;
}

static void put_contact_instances(struct writer *writer, const struct contact *contact)
{
	cdb_put_number(&writer->value, contact->n_instances);
	for (size_t i = 0; i < contact->n_instances; i++)
		cdb_put_number(&writer->value, contact->instances[i]);
}

static void organization_write(struct writer *writer, size_t index)
{
	const struct directory_data *data = writer->data;
	const struct organization *organization = data->organizations[index];
	struct buf *out = &writer->value;
	uint64_t n = 0;

	record_begin(writer, 'o', organization->id);
	cdb_put_text(out, organization->id);
	cdb_put_text(out, organization->name);
	cdb_put_text(out, organization->timezone);
	/* A day before 1970 is before any purchase of anything that is mailed about. */
	cdb_put_number(out, organization->has_purchased && organization->purchased >= 0
				    ? (uint64_t)organization->purchased + 1
				    : organization->has_purchased);
	cdb_put_number(out, organization->n_instances);
	for (size_t i = 0; i < organization->n_instances; i++) {
		cdb_put_text(out, organization->instances[i].id);
		cdb_put_text(out, organization->instances[i].url);
		cdb_put_text(out, organization->instances[i].region);
		cdb_put_text(out, organization->instances[i].timezone);
	}
	for (size_t i = data->last_contact[index]; i != SIZE_MAX;
	     i = data->links[i].same_organization)
		n++;
	cdb_put_number(out, n);
	for (size_t i = data->last_contact[index]; i != SIZE_MAX;
	     i = data->links[i].same_organization) {
		cdb_put_text(out, data->contacts[i].address);
		cdb_put_number(out, data->contacts[i].role);
		put_contact_instances(writer, &data->contacts[i]);
	}
	record_end(writer);
}

/* One record an address: it is written with the contact that the chain begins at. */
static void address_write(struct writer *writer, size_t index)
{
	const struct directory_data *data = writer->data;
	struct buf *out = &writer->value;

	if (writer->inner[index])
		return;
	record_begin(writer, 'a', data->contacts[index].address);
	for (size_t i = index; i != SIZE_MAX; i = data->links[i].same_address) {
		const struct contact *contact = &data->contacts[i];
		const struct str key = str_skip(buf_str(&writer->key), 1);

		cdb_put_text(out, contact->organization->id);
		cdb_put_text(out, str_eq(key, contact->address) ? STR_NONE : contact->address);
		cdb_put_number(out, contact->role);
		cdb_put_number(out, contact->n_instances);
		for (size_t j = 0; j < contact->n_instances; j++)
			cdb_put_text(out,
				     contact->organization->instances[contact->instances[j]].id);
	}
	record_end(writer);
}

static struct str place_organization(const struct directory_data *data, size_t place)
{
	return data->organizations[data->places[place].organization]->id;
}

static void place_write(struct writer *writer, size_t index)
{
	const struct directory_data *data = writer->data;
	const struct directory_place *place = &data->places[index];
	const struct instance *instance =
		&data->organizations[place->organization]->instances[place->instance];
	struct str host = url_host(instance->url);
	const size_t *first;

	if (*map_get(&data->instance_ids, instance->id) == index) {
		record_begin(writer, 'i', instance->id);
		cdb_put_text(&writer->value, place_organization(data, index));
		record_end(writer);
	}
	first = host.n > 0 ? map_get(&data->instance_hosts, host) : NULL;
	if (first == NULL || *first != index)
		return;
	record_begin(writer, 'h', host);
	for (size_t i = index, last = SIZE_MAX; i != SIZE_MAX; i = data->places[i].next_host) {
		if (data->places[i].organization != last)
			cdb_put_text(&writer->value, place_organization(data, i));
		last = data->places[i].organization;
	}
	record_end(writer);
}

static void chains_mark(struct writer *writer)
{
	const struct directory_data *data = writer->data;

	for (size_t i = 0; i < data->n_contacts; i++) {
		if (data->links[i].same_address != SIZE_MAX)
			writer->inner[data->links[i].same_address] = true;
	}
}

static void records_write(struct writer *writer, int64_t now)
{
	const struct directory_data *data = writer->data;

	record_begin(writer, '\0', STR_NONE);
	buf_add(&writer->value, STR_LIT(DIRECTORY_CDB_MAGIC));
	cdb_put_number(&writer->value, DIRECTORY_CDB_FORMAT);
	cdb_put_number(&writer->value, now > 0 ? (uint64_t)now : 0);
	cdb_put_number(&writer->value, data->n_organizations);
	cdb_put_number(&writer->value, data->n_contacts);
	cdb_put_number(&writer->value, data->local_part_sensitive);
	record_end(writer);
	for (size_t i = 0; i < data->n_organizations && !writer->failed; i++)
		organization_write(writer, i);
	for (size_t i = 0; i < data->n_contacts && !writer->failed; i++)
		address_write(writer, i);
	for (size_t i = 0; i < data->n_places && !writer->failed; i++)
		place_write(writer, i);
}

static bool fd_write(int fd, const struct directory_data *data, int64_t now)
{
	struct writer writer = { .data = data, .scratch = arena_new() };
	struct arena *marks = arena_new();
	int error;

	buf_init(&writer.key, writer.scratch, VALUE_MAX);
	buf_init(&writer.value, writer.scratch, VALUE_MAX);
	writer.inner = ARENA_ARRAY(marks, data->n_contacts, bool);
	chains_mark(&writer);
	writer.failed = cdb_make_start(&writer.make, fd) != 0;
	if (!writer.failed)
		records_write(&writer, now);
	error = errno;
	if (cdb_make_finish(&writer.make) != 0 && !writer.failed) {
		writer.failed = true;
		error = errno;
	}
	arena_free(writer.scratch);
	arena_free(marks);
	errno = error;
	return !writer.failed && fsync(fd) == 0;
}

/* A rename is kept over a crash once its folder is on disk. */
static void sync_folder(struct arena *arena, const char *file)
{
	struct str path = str_from(file);
	int fd;

	while (path.n > 0 && path.p[path.n - 1] != '/')
		path.n--;
	fd = open(path.n > 0 ? arena_cstr(arena, path) : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

bool directory_cdb_write(const struct directory_data *data, const char *file, int64_t now,
			 struct diag *diag)
{
	struct str beside = arena_printf(diag->arena, "%s.XXXXXX", file);
	char *name = arena_cstr(diag->arena, beside);
	int fd = mkostemp(name, O_CLOEXEC);
	struct stat before;
	mode_t mode = stat(file, &before) == 0 ? before.st_mode & 07777 : 0640;
	bool ok;

	if (fd < 0) {
		diag_error(diag, str_from(file), 0, 0, "cannot be written: %s", strerror(errno));
		return false;
	}
	ok = fd_write(fd, data, now) && fchmod(fd, mode) == 0;
	if (ok && stat(file, &before) == 0 && fchown(fd, before.st_uid, before.st_gid) != 0)
		diag_warning(diag, str_from(file), 0, 0, "keeps not its owner: %s",
			     strerror(errno));
	if (ok)
		ok = rename(name, file) == 0;
	if (!ok) {
		diag_error(diag, str_from(file), 0, 0, "cannot be written: %s", strerror(errno));
		unlink(name);
	}
	close(fd);
	if (ok)
		sync_folder(diag->arena, file);
	return ok;
}
