/* language.c - the wording of a policy: phrases by concept, connecting words of dates by key */
#include "policy/rules/build.h"

#include "policy/classify/lexicon.h"
#include "policy/when/when.h"
#include "policy/text/fold.h"

static size_t hash_of(struct str s)
{
	size_t hash = 2166136261u;

	for (size_t i = 0; i < s.n; i++)
		hash = (hash ^ (unsigned char)s.p[i]) * 16777619u;
	return hash;
}

static void index_put(struct build *build, size_t concept)
{
	size_t mask = build->concept_index_size - 1;
	size_t slot = hash_of(build->policy->concepts[concept].id) & mask;

	while (build->concept_index[slot] != 0)
		slot = (slot + 1) & mask;
	build->concept_index[slot] = concept + 1;
}

static size_t index_get(const struct build *build, struct str id)
{
	size_t mask = build->concept_index_size - 1;

	if (build->concept_index_size == 0)
		return SIGNAL_NO_CONCEPT;
	for (size_t slot = hash_of(id) & mask; build->concept_index[slot] != 0;
	     slot = (slot + 1) & mask) {
		size_t concept = build->concept_index[slot] - 1;

		if (str_eq(build->policy->concepts[concept].id, id))
			return concept;
	}
	return SIGNAL_NO_CONCEPT;
}

/* Never more than half full. */
static void index_room(struct build *build)
{
	size_t n = build->policy->n_concepts;

	if (2 * (n + 1) <= build->concept_index_size)
		return;
	build->concept_index_size = build->concept_index_size > 0 ? build->concept_index_size * 2 : 256;
	build->concept_index = ARENA_ARRAY(build->scratch, build->concept_index_size, size_t);
	for (size_t i = 0; i < n; i++)
		index_put(build, i);
}

static void mention(struct build *build, size_t concept, const struct yaml_node *node)
{
	while (build->n_mentions <= concept) {
		size_t more = build->n_mentions > 0 ? build->n_mentions * 2 : 256;

		build->mentions = arena_grow(build->scratch, build->mentions, build->n_mentions,
					     more, sizeof *build->mentions);
		build->n_mentions = more;
	}
	if (build->mentions[concept] == NULL)
		build->mentions[concept] = node;
}

size_t build_concept(struct yaml_reader *reader, struct str id, const struct yaml_node *node)
{
	struct build *build = reader->context;
	struct policy *policy = build->policy;
	size_t concept = index_get(build, id);

	if (concept == SIGNAL_NO_CONCEPT) {
		index_room(build);
		ARENA_ROOM(reader->arena, policy->concepts, policy->n_concepts,
			   policy->cap_concepts);
		concept = policy->n_concepts++;
		policy->concepts[concept] =
			(struct concept){ .id = arena_str(reader->arena, id) };
		index_put(build, concept);
	}
	mention(build, concept, node);
	return concept;
}

static void phrase_add(struct yaml_reader *reader, struct concept *concept, struct str language,
		       const struct yaml_node *node)
{
	struct build *build = reader->context;
	struct folded folded;
	struct str text;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a phrase"))
		return;
	folded = text_fold(build->scratch, node->text);
	text = str_trim(folded.plain);
	if (text.n == 0)
		yaml_error(reader->diag, node, "an empty phrase");
	else if (text.n > LEXICON_PHRASE_MAX)
		yaml_error(reader->diag, node, "a phrase of %zu octets: the limit is %d", text.n,
			   LEXICON_PHRASE_MAX);
	else if (build->n_phrases++ == LEXICON_PHRASES_MAX)
		yaml_error(reader->diag, node, "more than %d phrases in all languages",
			   LEXICON_PHRASES_MAX);
	if (text.n == 0 || text.n > LEXICON_PHRASE_MAX || build->n_phrases > LEXICON_PHRASES_MAX)
		return;
	ARENA_ROOM(reader->arena, concept->phrases, concept->n_phrases, concept->cap_phrases);
	concept->phrases[concept->n_phrases++] = (struct phrase){
		.text = arena_str(reader->arena, text),
		.language = language,
		.file = node->file,
		.line = node->line,
	};
}

static void read_concepts(struct yaml_reader *reader, struct str language,
			  const struct yaml_node *map)
{
	struct build *build = reader->context;
	struct policy *policy = build->policy;

	if (!yaml_expect(reader, map, YAML_MAP, "a map of concepts to phrases"))
		return;
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_node *list = map->pairs[i].value;
		size_t concept;

		if (policy->n_concepts >= POLICY_CONCEPTS_MAX) {
			yaml_error(reader->diag, map, "more than %d concepts", POLICY_CONCEPTS_MAX);
			return;
		}
		if (!yaml_expect(reader, list, YAML_LIST, "a list of phrases"))
			continue;
		concept = build_concept(reader, map->pairs[i].key->text, NULL);
		for (size_t j = 0; j < list->n; j++)
			phrase_add(reader, &policy->concepts[concept], language, list->items[j]);
	}
}

/* A language's connecting words, added to what it has already. */
static struct language *language_of(struct yaml_reader *reader, struct str code)
{
	struct policy *policy = ((struct build *)reader->context)->policy;

	for (size_t i = 0; i < policy->n_languages; i++) {
		if (str_eq(policy->languages[i].code, code))
			return &policy->languages[i];
	}
	ARENA_ROOM(reader->arena, policy->languages, policy->n_languages, policy->cap_languages);
	policy->languages[policy->n_languages] =
		(struct language){ .code = arena_str(reader->arena, code) };
	return &policy->languages[policy->n_languages++];
}

static bool is_word_key(struct str key)
{
	for (size_t i = 0; when_word_keys[i] != NULL; i++) {
		if (str_is(key, when_word_keys[i]))
			return true;
	}
	return false;
}

static void read_when(struct yaml_reader *reader, struct language *language,
		      const struct yaml_node *map)
{
	static const struct yaml_key no_bounds = { 0 };

	if (!yaml_expect(reader, map, YAML_MAP, "a map of words by key"))
		return;
	for (size_t i = 0; i < map->n; i++) {
		struct word_list *list;

		if (!is_word_key(map->pairs[i].key->text)) {
			const char *nearest = yaml_nearest(map->pairs[i].key->text, when_word_keys);

			yaml_error(reader->diag, map->pairs[i].key,
				   "\"%.*s\" is no key of words%s%s%s",
				   STR_ARG(map->pairs[i].key->text),
				   nearest != NULL ? ": did you mean \"" : "",
				   nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
			continue;
		}

		ARENA_ROOM(reader->arena, language->when, language->n_when, language->cap_when);
		list = &language->when[language->n_when++];
		list->key = arena_str(reader->arena, map->pairs[i].key->text);
		yaml_read_str_list(reader, map->pairs[i].value, &no_bounds, &list->words);
	}
}

struct language_file {
	uint64_t serial;               /* milter/trust.h's, as the two times */
	int64_t not_before, not_after;
	struct str code;
	const struct yaml_node *concepts, *when;
};

static YAML_READER(keep_node)
{
	(void)reader;
	(void)key;
	*(const struct yaml_node **)field = node;
}

static const struct yaml_key language_keys[] = {
	{ "language", yaml_read_str, offsetof(struct language_file, code), YAML_REQUIRED },
	{ "serial", yaml_read_u64, offsetof(struct language_file, serial), .min = 1,
	  .max = INT64_MAX },
	{ "not-before", yaml_read_time, offsetof(struct language_file, not_before) },
	{ "not-after", yaml_read_time, offsetof(struct language_file, not_after) },
	{ "concepts", keep_node, offsetof(struct language_file, concepts) },
	{ "when", keep_node, offsetof(struct language_file, when) },
	{ NULL },
};

void build_language(struct yaml_reader *reader, struct str code, const struct yaml_node *root)
{
	struct language_file file = { 0 };
	struct language *language = language_of(reader, code);

	if (!yaml_read_map(reader, root, language_keys, &file))
		return;
	if (!str_eq(file.code, code))
		yaml_error(reader->diag, yaml_get(root, "language"),
			   "this file is for \"%.*s\", but is read for \"%.*s\"",
			   STR_ARG(file.code), STR_ARG(code));
	if (file.concepts != NULL)
		read_concepts(reader, language->code, file.concepts);
	if (file.when != NULL)
		read_when(reader, language, file.when);
}

YAML_READER(build_phrases)
{
	(void)key;
	(void)field;
	if (!yaml_expect(reader, node, YAML_MAP, "a map of languages"))
		return;
	for (size_t i = 0; i < node->n; i++) {
		struct language *language = language_of(reader, node->pairs[i].key->text);

		read_concepts(reader, language->code, node->pairs[i].value);
	}
}
