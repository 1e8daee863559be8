/* variant.c - the variants of a category: the same category with some rules changed, for the mails
 * that speak of a concept */
#include "policy/rules/build.h"

#include "policy/rules/names.h"

#define VARIANTS_MAX 64

/* Read later, from what it comes to on top of the category's own. */
static YAML_READER(read_with_category)
{
	(void)reader;
	(void)node;
	(void)key;
	(void)field;
}

static YAML_READER(read_places)
{
	if (yaml_expect_some(reader, node))
		yaml_read_flags(reader, node, key, field);
}

const struct yaml_key variant_keys[] = {
	{ "id", build_identifier, offsetof(struct variant, id), YAML_REQUIRED },
	{ "concept", build_concept_id, offsetof(struct variant, concept), YAML_REQUIRED },
	{ "in", read_places, offsetof(struct variant, places), .names = signal_place_names },
	{ "unless", build_concept_id, offsetof(struct variant, unless) },
	{ "urgent", read_with_category, 0 },
	{ "time", read_with_category, 0 },
	{ "banner", read_with_category, 0 },
	{ "content", read_with_category, 0 },
	{ "severities", read_with_category, 0 },
	{ NULL },
};

/* The keys of a category or of a variant that both may have. */
static struct yaml_node *rules_of(struct arena *arena, const struct yaml_node *map)
{
	struct yaml_node *rules = ARENA_NEW(arena, struct yaml_node);

	*rules = *map;
	rules->pairs = ARENA_ARRAY(arena, map->n, struct yaml_pair);
	rules->n = 0;
	rules->cap = map->n;
	for (size_t i = 0; i < map->n; i++) {
		for (const struct yaml_key *key = category_rule_keys; key->name != NULL; key++) {
			if (str_is(map->pairs[i].key->text, key->name))
				rules->pairs[rules->n++] = map->pairs[i];
		}
	}
	return rules;
}

/* As an extending policy's rules are laid upon the extended one's, and read from the beginning. */
static void read_rules(struct yaml_reader *reader, const struct yaml_node *node,
		       struct category *category)
{
	struct build *build = reader->context;
	struct arena *arena = build->scratch;
	struct yaml_node *merged = yaml_merge(arena, rules_of(arena, build->category_node),
					      rules_of(arena, node));

	category->urgent = false;
	category->time = (struct time_rules){ .required = false };
	category->content = 0;
	memset(category->severity_set, 0, sizeof category->severity_set);
	merged->line = node->line;
	merged->column = node->column;
	if (yaml_read_map(reader, merged, category_rule_keys, category))
		build_category_check(reader, node, category);
}

/* False where it is not to be read on. */
static bool read_variant(struct yaml_reader *reader, const struct yaml_node *node,
			 const struct category *category, struct variant *variant)
{
	struct build *build = reader->context;

	variant->places = SIGNAL_SUBJECT | SIGNAL_HEADING | SIGNAL_LEAD | SIGNAL_BODY;
	variant->concept = variant->unless = SIGNAL_NO_CONCEPT;
	variant->line = node->line;
	variant->category = ARENA_NEW(reader->arena, struct category);
	*variant->category = *category;
	variant->category->variants = NULL;
	variant->category->n_variants = 0;
	if (!yaml_read_map(reader, node, variant_keys, variant))
		return false;
	if (rules_of(build->scratch, node)->n == 0)
		yaml_error(reader->diag, node,
			   "a variant changes something: urgent, time, banner, content, severities");
	return true;
}

YAML_READER(build_variants)
{
	const struct build *build = reader->context;
	struct category *category = field;
	struct variant *variants;
	/* What is wrong with the category is told once. */
	bool sound = reader->diag->errors == build->category_errors;

	(void)key;
	if (!yaml_expect(reader, node, YAML_LIST, "a list of variants with \"id\" and \"concept\""))
		return;
	if (node->n > VARIANTS_MAX) {
		yaml_error(reader->diag, node, "more than %d variants", VARIANTS_MAX);
		return;
	}
	variants = ARENA_ARRAY(reader->arena, node->n, struct variant);
	for (size_t i = 0; i < node->n; i++) {
		if (read_variant(reader, node->items[i], category, &variants[i]) && sound)
			read_rules(reader, node->items[i], variants[i].category);
		for (size_t j = 0; j < i; j++) {
			if (variants[i].id.n > 0 && str_eq(variants[j].id, variants[i].id))
				yaml_error(reader->diag, node->items[i],
					   "a second variant \"%.*s\": the first that fits counts",
					   STR_ARG(variants[i].id));
		}
	}
	category->variants = variants;
	category->n_variants = node->n;
}
