#include "milter/directory/directory.h"

#include <pthread.h>
#include <time.h>

#include "milter/directory/backend.h"
#include "milter/directory/file.h"
#include "policy/message/address.h"

/* How long a source that failed is left alone: at first, and at most. Meanwhile notices are
 * deferred at once and do not wait for it. */
#define REST_FIRST 1000
#define REST_MAX 10000

struct source {
	const struct directory_backend *kind;
	void *backend;
	struct str name;
	pthread_mutex_t mutex; /* guards what follows */
	bool down;
	int64_t down_since, retry_at, rest;
	uint64_t n_deferred;   /* questions since it is down */
	char error[300];
};

struct directory {
	unsigned references; /* atomic */
	struct directory_data data; /* of all YAML files together */
	struct source *sources;
	size_t n_sources, cap_sources;
	directory_listener *listener;
	void *context;
};

static const struct directory_backend *const kinds[] = {
	&directory_cdb, &directory_csv, &directory_sqlite, &directory_pgsql,
	&directory_ldap,
};

/* The kind whose scheme the name begins with, or NULL: a YAML file. */
static const struct directory_backend *kind_find(struct str name, struct str *ret_rest)
{
	size_t colon = str_find_char(name, ':', 0);

	for (size_t i = 0; colon != STR_NPOS && i < sizeof kinds / sizeof *kinds; i++) {
		if (str_is(str_head(name, colon), kinds[i]->scheme)) {
			*ret_rest = str_skip(name, colon + 1);
			return kinds[i];
		}
	}
	return NULL;
}

struct str directory_source_file(struct str source)
{
	struct str rest;

	if (kind_find(source, &rest) != NULL)
		return rest;
	return str_starts(source, STR_LIT("file:")) ? str_skip(source, 5) : source;
}

static void source_open(struct directory *directory, struct str name,
			const struct source_guard *guard, struct diag *diag)
{
	struct arena *arena = directory->data.arena;
	struct source source = { .name = arena_str(arena, name) };
	struct str rest;

	source.kind = kind_find(source.name, &rest);
	if (source.kind == NULL && str_starts(name, STR_LIT("file:"))) {
		directory_file_read(&directory->data, str_skip(source.name, 5), guard, diag);
	} else if (source.kind == NULL) {
		directory_file_read(&directory->data, source.name, guard, diag);
	} else if (guard != NULL && !source.kind->is_server) {
		diag_error(diag, name, 0, 0, "cannot be signed: of directory files, only YAML can");
	} else {
		source.backend = source.kind->open(rest, diag);
		if (source.backend == NULL)
			return;
		ARENA_ROOM(arena, directory->sources, directory->n_sources,
			   directory->cap_sources);
		directory->sources[directory->n_sources++] = source;
	}
}

struct directory *directory_load(const struct str_list *sources, struct diag *diag)
{
	return directory_load_guarded(sources, NULL, diag);
}

struct directory *directory_load_guarded(const struct str_list *sources,
					 const struct source_guard *guard, struct diag *diag)
{
	struct arena *arena = arena_new();
	struct directory *directory = ARENA_NEW(arena, struct directory);
	size_t errors = diag->errors;

	directory->references = 1;
	directory_data_init(&directory->data, arena);
	for (size_t i = 0; i < sources->n; i++)
		source_open(directory, sources->items[i], guard, diag);
	for (size_t i = 0; i < directory->n_sources; i++)
		pthread_mutex_init(&directory->sources[i].mutex, NULL);
	if (diag->errors == errors)
		return directory;
	directory_free(directory);
	return NULL;
}

struct directory *directory_ref(struct directory *directory)
{
	__atomic_add_fetch(&directory->references, 1, __ATOMIC_RELAXED);
	return directory;
}

void directory_free(struct directory *directory)
{
	if (directory == NULL ||
	    __atomic_sub_fetch(&directory->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	for (size_t i = 0; i < directory->n_sources; i++) {
		directory->sources[i].kind->close(directory->sources[i].backend);
		pthread_mutex_destroy(&directory->sources[i].mutex);
	}
	arena_free(directory->data.arena);
}

void directory_listen(struct directory *directory, directory_listener *listener, void *context)
{
	directory->listener = listener;
	directory->context = context;
}

static void say(const struct directory *directory, struct arena *arena, bool bad, struct str text)
{
	if (directory->listener != NULL)
		directory->listener(directory->context, bad, arena_cstr(arena, text));
}

/* Whether the source may be asked: not while it rests. After the rest one question goes to it,
 * the others go on being deferred until that one is answered. */
static bool may_ask(struct source *source, struct arena *arena, struct str *ret_error)
{
	int64_t now = directory_clock();
	bool may;

	pthread_mutex_lock(&source->mutex);
	may = !source->down || now >= source->retry_at;
	if (source->down && may) {
		source->retry_at = now + REST_MAX * 3;
	} else if (!may) {
		source->n_deferred++;
		*ret_error = arena_str(arena, str_from(source->error));
	}
	pthread_mutex_unlock(&source->mutex);
	return may;
}

static void note_up(const struct directory *directory, struct source *source, struct arena *arena)
{
	struct str text = STR_NONE;

	pthread_mutex_lock(&source->mutex);
	if (source->down) {
		text = arena_printf(arena,
				    "directory %.*s answers again, after %lld s and %llu questions "
				    "left unanswered",
				    STR_ARG(source->name),
				    (long long)(directory_clock() - source->down_since) / 1000,
				    (unsigned long long)source->n_deferred);
		source->down = false;
	}
	pthread_mutex_unlock(&source->mutex);
	if (text.n > 0)
		say(directory, arena, false, text);
}

static void note_down(const struct directory *directory, struct source *source,
		      struct arena *arena, struct str error)
{
	int64_t now = directory_clock();
	struct str text = str_head(error, sizeof source->error - 1);
	bool first;

	pthread_mutex_lock(&source->mutex);
	first = !source->down;
	if (first) {
		source->down_since = now;
		source->n_deferred = 0;
		source->rest = REST_FIRST;
	} else if (source->rest < REST_MAX) {
		source->rest = source->rest * 2 < REST_MAX ? source->rest * 2 : REST_MAX;
	}
	source->down = true;
	source->n_deferred++;
	source->retry_at = now + source->rest;
	if (text.n > 0)
		memcpy(source->error, text.p, text.n);
	source->error[text.n] = '\0';
	pthread_mutex_unlock(&source->mutex);
	if (first)
		say(directory, arena, true,
		    arena_printf(arena, "directory %.*s does not answer: %.*s; until it does, "
					"notices are deferred",
				 STR_ARG(source->name), STR_ARG(error)));
}

static enum directory_outcome source_ask(const struct directory *directory, struct source *source,
					 const struct directory_query *query,
					 struct directory_data *into, struct str *ret_error)
{
	enum directory_outcome outcome = DIRECTORY_DOWN;
	struct str error = STR_NONE;

	if (!may_ask(source, into->arena, ret_error))
		return DIRECTORY_DOWN;
	outcome = source->kind->look_up(source->backend, query, into, &error);
	if (outcome == DIRECTORY_DOWN)
		note_down(directory, source, into->arena, error);
	else
		note_up(directory, source, into->arena);
	if (outcome != DIRECTORY_OK)
		*ret_error = arena_printf(into->arena, "%.*s: %.*s", STR_ARG(source->name),
					  STR_ARG(error));
	return outcome;
}

/* Whether a compiled copy that is young enough stands in for sources that are down. */
static bool copy_stands_in(const struct directory *directory, int64_t stale, const bool *answered)
{
	for (size_t i = 0; stale > 0 && i < directory->n_sources; i++) {
		const struct source *source = &directory->sources[i];

		if (answered[i] && source->kind->built != NULL &&
		    (int64_t)time(NULL) - source->kind->built(source->backend) <= stale)
			return true;
	}
	return false;
}

/* Asks all sources. False, with the reason, where what came back is no answer. */
static bool sources_ask(const struct directory *directory, const struct directory_query *query,
			struct directory_data *into, struct str *ret_error)
{
	bool *answered = ARENA_ARRAY(into->arena, directory->n_sources, bool);
	struct str error = STR_NONE;
	bool down = false;

	directory_data_look_up(&directory->data, query, into);
	for (size_t i = 0; i < directory->n_sources; i++) {
		enum directory_outcome outcome = source_ask(directory, &directory->sources[i],
							    query, into, &error);

		answered[i] = outcome == DIRECTORY_OK;
		down = down || outcome == DIRECTORY_DOWN;
		if (outcome == DIRECTORY_WRONG) {
			*ret_error = error;
			return false;
		}
	}
	if (down && !copy_stands_in(directory, query->stale, answered)) {
		*ret_error = error;
		return false;
	}
	return true;
}

static struct str lower(struct arena *arena, struct str text)
{
	char *p = arena_cstr(arena, text);

	for (size_t i = 0; i < text.n; i++)
		p[i] = ascii_lower(p[i]);
	return (struct str){ p, text.n };
}

/* Each address and each name once, in lower case: what all the sources compare. */
static void query_fill(struct arena *arena, const struct needs *needs,
		       struct directory_query *query)
{
	struct map seen;

	map_init(&seen, arena);
	for (size_t i = 0; i < needs->addresses.n; i++) {
		struct str address = needs->addresses.items[i];

		if (address.n > 0 && *map_put(&seen, address, i) == i)
			str_list_add(arena, &query->addresses, address);
	}
	map_init(&seen, arena);
	for (size_t i = 0; i < needs->scope_tokens.n; i++) {
		struct str token = lower(arena, needs->scope_tokens.items[i]);
		struct str host = url_host(token);

		if (token.n > 0 && *map_put(&seen, token, 2 * i) == 2 * i)
			str_list_add(arena, &query->scope, token);
		if (host.n > 0 && *map_put(&seen, host, 2 * i + 1) == 2 * i + 1)
			str_list_add(arena, &query->scope, host);
	}
}

/* The second question: the administrators of what the first found in scope. */
static bool administrators_ask(const struct directory *directory, struct directory_query *query,
			       const struct answers *found, struct directory_data *into,
			       struct str *ret_error)
{
	struct directory_query second = { .deadline = query->deadline, .stale = query->stale };
	struct map seen;

	map_init(&seen, into->arena);
	for (size_t i = 0; i < found->n_scope; i++) {
		const struct organization *organization = found->scope[i].organization;

		if (organization == NULL)
			second.everyone = true;
		else if (*map_put(&seen, organization->id, i) == i)
			str_list_add(into->arena, &second.organizations, organization->id);
	}
	return sources_ask(directory, &second, into, ret_error);
}

static bool data_gather(const struct directory *directory, const struct directory_terms *terms,
			const struct needs *needs, struct directory_data *into,
			struct str *ret_error)
{
	unsigned seconds = terms != NULL && terms->seconds > 0 ? terms->seconds : DIRECTORY_SECONDS;
	struct directory_query query = { .deadline = directory_clock() + (int64_t)seconds * 1000,
					 .stale = terms != NULL ? terms->stale : 0 };
	struct answers found = { 0 };

	query_fill(into->arena, needs, &query);
	if (!sources_ask(directory, &query, into, ret_error))
		return false;
	directory_data_answer(into, into->arena, needs, &found);
	return found.n_scope == 0 ||
	       administrators_ask(directory, &query, &found, into, ret_error);
}

void directory_answer(const struct directory *directory, struct arena *arena,
		      const struct directory_terms *terms, const struct needs *needs,
		      struct answers *answers)
{
	struct directory_data *data;

	answers->directory = directory != NULL ? ANSWER_OK : ANSWER_NONE;
	if (directory == NULL)
		return;
	if (directory->n_sources == 0) {
		directory_data_answer(&directory->data, arena, needs, answers);
		return;
	}
	data = ARENA_NEW(arena, struct directory_data);
	directory_data_init(data, arena);
	if (data_gather(directory, terms, needs, data, &answers->directory_error)) {
		directory_data_answer(data, arena, needs, answers);
		return;
	}
	answers->directory = ANSWER_FAILED;
	answers->contacts = ARENA_ARRAY(arena, needs->addresses.n, struct contact_list);
}

/* What is all there is and in memory already, or NULL. */
static const struct directory_data *only_data(const struct directory *directory)
{
	const struct source *source = directory->sources;

	if (directory->n_sources == 0)
		return &directory->data;
	if (directory->n_sources > 1 || directory->data.n_organizations > 0 ||
	    source->kind->data == NULL)
		return NULL;
	return source->kind->data(source->backend);
}

/* A compiled directory's part about names: their organizations, then all contacts of these. */
static enum directory_outcome read_named(const struct source *source, const struct str_list *names,
					 struct directory_data *into, struct str *ret_error)
{
	struct directory_query query = { .all_contacts = true };
	struct needs needs = { 0 };
	enum directory_outcome outcome;

	for (size_t i = 0; i < names->n; i++) {
		bool is_address = str_find_char(names->items[i], '@', 0) != STR_NPOS;

		str_list_add(into->arena, is_address ? &needs.addresses : &needs.scope_tokens,
			 is_address ? address_canonical(into->arena, names->items[i])
				    : names->items[i]);
	}
	query_fill(into->arena, &needs, &query);
	outcome = source->kind->look_up(source->backend, &query, into, ret_error);
	if (outcome != DIRECTORY_OK || needs.scope_tokens.n == 0)
		return outcome;
	query.addresses.n = query.scope.n = 0;
	for (size_t i = 0; i < into->n_organizations; i++)
		str_list_add(into->arena, &query.organizations, into->organizations[i]->id);
	return source->kind->look_up(source->backend, &query, into, ret_error);
}

const struct directory_data *directory_read_all(const struct directory *directory,
						struct arena *arena,
						const struct str_list *names, struct diag *diag)
{
	const struct directory_query query = {
		.everything = true,
		.deadline = directory_clock() + (int64_t)DIRECTORY_SECONDS * 10 * 1000,
	};
	const struct directory_data *only = only_data(directory);
	struct directory_data *data;
	size_t errors = diag->errors;

	if (only != NULL)
		return only;
	data = ARENA_NEW(arena, struct directory_data);
	directory_data_init(data, arena);
	directory_data_look_up(&directory->data, &query, data);
	data->local_part_sensitive = directory->data.local_part_sensitive;
	for (size_t i = 0; i < directory->n_sources; i++) {
		const struct source *source = &directory->sources[i];
		struct str error = STR_NONE;
		enum directory_outcome outcome;

		if (names != NULL && source->kind->built != NULL)
			outcome = read_named(source, names, data, &error);
		else
			outcome = source->kind->look_up(source->backend, &query, data, &error);
		if (outcome != DIRECTORY_OK)
			diag_error(diag, source->name, 0, 0, "%.*s", STR_ARG(error));
	}
	return diag->errors == errors ? data : NULL;
}

void directory_probe(const struct directory *directory, struct diag *diag)
{
	/* The top-level domain of RFC 2606 that never is: nobody's address, nothing's name. */
	struct str nobody = STR_LIT("nobody@probe.invalid"), nothing = STR_LIT("probe.invalid");
	const struct directory_query query = {
		.addresses = { .items = &nobody, .n = 1 },
		.scope = { .items = &nothing, .n = 1 },
		.organizations = { .items = &nothing, .n = 1 },
		.deadline = directory_clock() + (int64_t)DIRECTORY_SECONDS * 1000,
	};

	for (size_t i = 0; directory != NULL && i < directory->n_sources; i++) {
		const struct source *source = &directory->sources[i];
		enum directory_outcome outcome = DIRECTORY_OK;
		struct directory_data data;
		struct str error = STR_NONE;

		directory_data_init(&data, diag->arena);
		if (source->kind->is_server)
			outcome = source->kind->look_up(source->backend, &query, &data, &error);
		if (outcome != DIRECTORY_OK)
			diag_warning(diag, source->name, 0, 0,
				     "%s: %.*s; while that is so, notices are deferred",
				     outcome == DIRECTORY_DOWN ? "does not answer" : "answers wrongly",
				     STR_ARG(error));
	}
}
