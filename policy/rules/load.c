/* load.c - a policy from its files: what it extends, its languages, its fingerprint */
#include <errno.h>

#include "certs/digest.h"
#include "policy/base/buf.h"
#include "policy/embedded/embedded.h"
#include "policy/classify/lexicon.h"
#include "policy/when/when.h"
#include "policy/rules/build.h"
#include "policy/rules/source.h"
#include "policy/rules/tree.h"

#define DEFAULT_POLICY "crm-online.yaml"
#define CALENDARS_MAX 20
#define FILES_OCTETS_MAX ((size_t)64 * 1024 * 1024)

struct loader {
	struct arena *scratch;
	struct diag *diag;
	const char *path;
	const struct source_guard *guard; /* NULL: all is admitted */
	struct source chain[POLICY_EXTENDS_MAX]; /* the policy's file, then what it extends */
	struct yaml_node *trees[POLICY_EXTENDS_MAX];
	size_t n_chain;
	struct buf octets; /* of all files, in order, for the fingerprint */
	struct str_list drawn; /* the names of files that were drawn in */
};

/* Whether what was asked for beside its file is one of the chain: then it was passed over. */
static bool in_chain(const struct loader *loader, struct str name)
{
	for (size_t i = 0; i < loader->n_chain; i++) {
		if (str_ends(loader->chain[i].file, name))
			return true;
	}
	return false;
}

static void not_found(struct loader *loader, const struct yaml_node *node, struct str name,
		      int error, struct str file)
{
	if (error == ENOENT)
		yaml_error(loader->diag, node,
			   "\"%.*s\" is neither beside this file, nor in the policy path, nor "
			   "installed, nor built in",
			   STR_ARG(name));
	else if (error == EFBIG)
		yaml_error(loader->diag, node, "%.*s: larger than %zu octets", STR_ARG(file),
			   YAML_FILE_MAX);
	else
		yaml_error(loader->diag, node, "%.*s: %s", STR_ARG(file), strerror(error));
}

/* What the program carries inside needs nobody's word, also where it is installed as a file. */
static bool is_builtin(struct str text)
{
	for (size_t i = 0; i < embedded_n_files; i++) {
		if (str_eq(text, str_span(embedded_files[i].begin, embedded_files[i].end)))
			return true;
	}
	return false;
}

static bool admitted(const struct loader *loader, const struct source *source)
{
	return loader->guard == NULL || is_builtin(source->text) ||
	       loader->guard->admit(loader->guard->context, source->file, source->text,
				    loader->diag);
}

/* The digest that a policy states for a file by the name it calls it, or NULL. */
static const struct yaml_node *pin_of(const struct yaml_node *policy, struct str name)
{
	const struct yaml_node *pins = yaml_get(policy, "pins");

	for (size_t i = 0; pins != NULL && pins->kind == YAML_MAP && i < pins->n; i++) {
		if (str_eq(pins->pairs[i].key->text, name))
			return pins->pairs[i].value;
	}
	return NULL;
}

/* Whether a file that the policy draws in by name may be used: just the pinned one, which the
 * policy's own signature answers for; else one that the guard admits. The built-in file is no
 * stand-in for a pinned one that was taken away. */
static bool drawn_admitted(struct loader *loader, const struct yaml_node *policy,
			   struct str name, const struct source *source)
{
	const struct yaml_node *pin = pin_of(policy, name);
	struct str sha256;

	ARENA_ROOM(loader->scratch, loader->drawn.items, loader->drawn.n, loader->drawn.cap);
	loader->drawn.items[loader->drawn.n++] = name;
	if (pin == NULL)
		return admitted(loader, source);
	sha256 = digest_sha256_hex(loader->scratch, source->text.p, source->text.n);
	if (str_eq(pin->text, sha256))
		return true;
	yaml_error(loader->diag, pin, "%.*s is another file than the one pinned here: its SHA-256 is %.*s",
		   STR_ARG(source->file), STR_ARG(sha256));
	return false;
}

/* Reads the tree of the chain's last file, which was admitted; false where it is no YAML. */
static bool tree_read(struct loader *loader)
{
	const struct source *source = &loader->chain[loader->n_chain - 1];
	struct yaml_node *tree;

	tree = yaml_parse(loader->scratch, loader->diag, source->file, source->text, NULL);
	buf_add(&loader->octets, source->text);
	loader->trees[loader->n_chain - 1] = tree;
	if (tree != NULL && tree->kind != YAML_MAP) {
		yaml_error(loader->diag, tree, "a policy is a map (key: value)");
		return false;
	}
	return tree != NULL;
}

static bool extends_read(struct loader *loader, const struct yaml_node *node)
{
	struct source_query query = {
		.name = node->text,
		.beside = loader->chain[loader->n_chain - 1].file,
		.path = loader->path,
		.skip = loader->chain,
		.n_skip = loader->n_chain,
		.max = YAML_FILE_MAX,
	};
	struct str file = STR_NONE;
	int error;

	if (node->kind != YAML_SCALAR || node->text.n == 0) {
		yaml_error(loader->diag, node, "\"extends\" names one file such as crm-online.yaml");
		return false;
	}
	if (loader->n_chain == POLICY_EXTENDS_MAX) {
		yaml_error(loader->diag, node, "more than %d policies extend one another",
			   POLICY_EXTENDS_MAX);
		return false;
	}
	if (!source_find(loader->scratch, &query, &loader->chain[loader->n_chain], &error, &file)) {
		if (error == ENOENT && in_chain(loader, node->text))
			yaml_error(loader->diag, node,
				   "\"%.*s\" extends this file or is this file itself, and there is no "
				   "other of that name in the policy path, installed or built in",
				   STR_ARG(node->text));
		else
			not_found(loader, node, node->text, error, file);
		return false;
	}
	if (!drawn_admitted(loader, loader->trees[loader->n_chain - 1], node->text,
			    &loader->chain[loader->n_chain]))
		return false;
	loader->n_chain++;
	return true;
}

/* The tree of all files of the chain, or NULL. */
static struct yaml_node *chain_read(struct loader *loader)
{
	struct yaml_node *merged = ARENA_NEW(loader->scratch, struct yaml_node);
	const struct yaml_node *extends;

	if (!admitted(loader, &loader->chain[0]))
		return NULL;
	do {
		if (!tree_read(loader))
			return NULL;
		extends = yaml_get(loader->trees[loader->n_chain - 1], "extends");
	} while (extends != NULL && extends_read(loader, extends));
	if (extends != NULL)
		return NULL;
	merged->kind = YAML_MAP;
	for (size_t i = loader->n_chain; i-- > 0;)
		merged = yaml_merge(loader->scratch, merged, loader->trees[i]);
	merged->file = loader->chain[0].file;
	merged->line = merged->column = 1;
	return merged;
}

/* Two or three small letters: part of a file name. */
static bool is_language_code(struct str code)
{
	for (size_t i = 0; i < code.n; i++) {
		if (code.p[i] < 'a' || code.p[i] > 'z')
			return false;
	}
	return code.n == 2 || code.n == 3;
}

static void language_read(struct loader *loader, struct yaml_reader *reader,
			  const struct yaml_node *policy, const struct yaml_node *node)
{
	struct source source;
	struct str name, file = STR_NONE;
	struct yaml_node *root;
	int error;

	if (node->kind != YAML_SCALAR || !is_language_code(node->text)) {
		yaml_error(loader->diag, node, "a language is two or three small letters such as en");
		return;
	}
	name = arena_printf(loader->scratch, "lang/%.*s.yaml", STR_ARG(node->text));
	struct source_query query = {
		.name = name,
		.beside = loader->chain[0].file,
		.path = loader->path,
		.max = YAML_FILE_MAX,
	};
	if (!source_find(loader->scratch, &query, &source, &error, &file)) {
		not_found(loader, node, name, error, file);
		return;
	}
	if (!drawn_admitted(loader, policy, name, &source))
		return;
	buf_add(&loader->octets, source.text);
	root = yaml_parse(loader->scratch, loader->diag, source.file, source.text, NULL);
	if (root != NULL)
		build_language(reader, node->text, root);
}

static void languages_read(struct loader *loader, struct yaml_reader *reader,
			   const struct yaml_node *root)
{
	const struct yaml_node *list = yaml_get(root, "languages");

	if (list == NULL || !yaml_expect(reader, list, YAML_LIST, "a list of languages"))
		return;
	if (list->n > 100) {
		yaml_error(loader->diag, list, "more than 100 languages");
		return;
	}
	for (size_t i = 0; i < list->n; i++) {
		for (size_t j = 0; j < i; j++) {
			if (str_eq(list->items[i]->text, list->items[j]->text))
				yaml_error(loader->diag, list->items[i], "\"%.*s\" is listed twice",
					   STR_ARG(list->items[i]->text));
		}
		language_read(loader, reader, root, list->items[i]);
	}
}

/* A pin that holds nothing is mostly a name misspelt, and what it should hold goes unpinned. */
static void pins_check(const struct loader *loader, const struct yaml_node *root)
{
	const struct yaml_node *pins = yaml_get(root, "pins");

	for (size_t i = 0; pins != NULL && pins->kind == YAML_MAP && i < pins->n; i++) {
		const struct yaml_node *name = pins->pairs[i].key;
		bool drawn = false;

		for (size_t j = 0; j < loader->drawn.n && !drawn; j++)
			drawn = str_eq(loader->drawn.items[j], name->text);
		if (!drawn)
			yaml_error(loader->diag, name, "pins: the policy takes in no file that it calls "
				   "\"%.*s\"", STR_ARG(name->text));
	}
}

/* Looked up beside the file that names it, which may be one that the policy extends. */
static void calendar_read(struct loader *loader, struct policy *policy,
			  const struct yaml_node *root, const struct yaml_node *node)
{
	struct source_query query = {
		.name = node->text,
		.beside = node->file,
		.path = loader->path,
		.max = HOLIDAYS_OCTETS_MAX,
	};
	struct str file = STR_NONE;
	struct source source;
	int error;

	if (!source_find(loader->scratch, &query, &source, &error, &file)) {
		not_found(loader, node, node->text, error, file);
		return;
	}
	if (!drawn_admitted(loader, root, node->text, &source))
		return;
	buf_add(&loader->octets, source.text);
	holidays_read(policy->arena, loader->diag, source.file, source.text, &policy->holidays);
}

static void calendars_read(struct loader *loader, struct policy *policy,
			   const struct yaml_node *root)
{
	const struct yaml_node *days = yaml_get(root, "business-days");
	const struct yaml_node *list = days != NULL ? yaml_get(days, "calendar") : NULL;

	if (list == NULL)
		return;
	if (list->kind == YAML_SCALAR && list->text.n > 0)
		calendar_read(loader, policy, root, list);
	for (size_t i = 0; list->kind == YAML_LIST && i < list->n && i < CALENDARS_MAX; i++) {
		if (list->items[i]->kind == YAML_SCALAR && list->items[i]->text.n > 0)
			calendar_read(loader, policy, root, list->items[i]);
	}
	if (list->kind == YAML_LIST && list->n > CALENDARS_MAX)
		yaml_error(loader->diag, list, "more than %d calendars", CALENDARS_MAX);
	holidays_sort(&policy->holidays);
}

/* A concept that nothing puts into words can never be found: mostly a slip of the pen. */
static void mentions_check(struct yaml_reader *reader)
{
	struct build *build = reader->context;
	const struct policy *policy = build->policy;
	const char **names = ARENA_ARRAY(build->scratch, policy->n_concepts + 1, const char *);
	size_t n = 0;

	for (size_t i = 0; i < policy->n_concepts; i++) {
		if (policy->concepts[i].n_phrases > 0)
			names[n++] = policy->concepts[i].id.p;
	}
	for (size_t i = 0; i < policy->n_concepts; i++) {
		const struct concept *concept = &policy->concepts[i];
		const char *nearest;

		if (concept->n_phrases > 0 || i >= build->n_mentions || build->mentions[i] == NULL)
			continue;
		nearest = yaml_nearest(concept->id, names);
		yaml_error(reader->diag, build->mentions[i],
			   "no language has phrases for the concept \"%.*s\"%s%s%s",
			   STR_ARG(concept->id), nearest != NULL ? ": did you mean \"" : "",
			   nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
	}
}

static bool entry_before(const struct diag_entry *a, const struct diag_entry *b)
{
	if (!str_eq(a->file, b->file))
		return false;
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* The readers go by their tables, people by the file. */
static void faults_sort(struct diag *diag, size_t from)
{
	for (size_t i = from + 1; i < diag->n; i++) {
		struct diag_entry entry = diag->entries[i];
		size_t j = i;

		for (; j > from && entry_before(&entry, &diag->entries[j - 1]); j--)
			diag->entries[j] = diag->entries[j - 1];
		diag->entries[j] = entry;
	}
}

static void policy_build(struct loader *loader, struct policy *policy, const struct yaml_node *root)
{
	struct build build = { .policy = policy, .scratch = loader->scratch };
	struct yaml_reader reader = { policy->arena, loader->diag, &build };
	size_t errors = loader->diag->errors;

	build_policy(&reader, root);
	languages_read(loader, &reader, root);
	calendars_read(loader, policy, root);
	pins_check(loader, root);
	if (loader->diag->errors == errors)
		mentions_check(&reader);
}

/* Phrases keep the name of their file, which lives in the loader's memory until here. */
static void phrases_settle(struct policy *policy)
{
	struct str kept = STR_NONE, original = STR_NONE;

	for (size_t i = 0; i < policy->n_concepts; i++) {
		for (size_t j = 0; j < policy->concepts[i].n_phrases; j++) {
			struct phrase *phrase = &policy->concepts[i].phrases[j];

			if (phrase->file.p != original.p) {
				original = phrase->file;
				kept = arena_str(policy->arena, original);
			}
			phrase->file = kept;
		}
	}
}

/* From the first file of the chain on. */
static struct policy *load(struct loader *loader)
{
	size_t errors = loader->diag->errors, first = loader->diag->n;
	struct policy *policy = NULL;
	struct yaml_node *root;
	struct arena *arena;

	buf_init(&loader->octets, loader->scratch, FILES_OCTETS_MAX);
	root = chain_read(loader);
	if (root != NULL) {
		arena = arena_new();
		policy = ARENA_NEW(arena, struct policy);
		policy->arena = arena;
		policy->references = 1;
		policy->file = arena_str(arena, loader->chain[0].file);
		policy_build(loader, policy, root);
		policy->sha256 = digest_sha256_hex(arena, buf_str(&loader->octets).p,
						   loader->octets.n);
		phrases_settle(policy);
		if (loader->diag->errors == errors)
			policy->lexicon = lexicon_compile(policy, loader->diag);
		policy->when_words = when_words_compile(arena, policy, loader->diag);
	}
	faults_sort(loader->diag, first);
	if (loader->diag->errors > errors) {
		policy_unref(policy);
		return NULL;
	}
	return policy;
}

struct policy *policy_load(const char *file, const char *path, struct diag *diag)
{
	return policy_load_guarded(file, path, NULL, diag);
}

struct policy *policy_load_guarded(const char *file, const char *path,
				   const struct source_guard *guard, struct diag *diag)
{
	struct loader loader = {
		.scratch = arena_new(), .diag = diag, .path = path, .guard = guard,
	};
	struct policy *policy = NULL;

	if (source_read(loader.scratch, file, YAML_FILE_MAX, &loader.chain[0])) {
		loader.n_chain = 1;
		policy = load(&loader);
	} else if (errno == EFBIG) {
		diag_error(diag, str_from(file), 0, 0, "larger than %zu octets", YAML_FILE_MAX);
	} else {
		diag_error(diag, str_from(file), 0, 0, "%s", strerror(errno));
	}
	arena_free(loader.scratch);
	return policy;
}

struct yaml_node *policy_tree(struct arena *arena, const char *file, const char *path,
			      struct diag *diag)
{
	struct loader loader = { .scratch = arena, .diag = diag, .path = path };
	struct yaml_node *tree;

	if (file == NULL) {
		source_builtin(STR_LIT(DEFAULT_POLICY), &loader.chain[0]);
	} else if (!source_read(arena, file, YAML_FILE_MAX, &loader.chain[0])) {
		diag_error(diag, str_from(file), 0, 0, "%s", strerror(errno));
		return NULL;
	}
	loader.n_chain = 1;
	buf_init(&loader.octets, arena, FILES_OCTETS_MAX);
	tree = chain_read(&loader);
	for (size_t i = 0; tree != NULL && i < tree->n; i++) {
		if (str_is(tree->pairs[i].key->text, "extends")) {
			memmove(&tree->pairs[i], &tree->pairs[i + 1],
				(--tree->n - i) * sizeof *tree->pairs);
			break;
		}
	}
	return tree;
}

struct policy *policy_load_text(struct str name, struct str text, const char *path,
				struct diag *diag)
{
	struct loader loader = { .scratch = arena_new(), .diag = diag, .path = path };
	struct policy *policy;

	loader.chain[0] = (struct source){ arena_str(loader.scratch, name), text };
	loader.n_chain = 1;
	policy = load(&loader);
	arena_free(loader.scratch);
	return policy;
}

struct policy *policy_load_default(struct diag *diag)
{
	struct loader loader = { .scratch = arena_new(), .diag = diag };
	struct policy *policy;

	loader.n_chain = source_builtin(STR_LIT(DEFAULT_POLICY), &loader.chain[0]) ? 1 : 0;
	policy = loader.n_chain == 1 ? load(&loader) : NULL;
	arena_free(loader.scratch);
	return policy;
}
