/* build.h - a policy while it is read: what the files of rules/ tell one another */
#ifndef POLICY_RULES_BUILD_H
#define POLICY_RULES_BUILD_H

#include "policy/rules/policy.h"
#include "policy/rules/yaml.h"

/* Beyond these a policy is refused: generous for people, small for the machine. */
#define POLICY_CATEGORIES_MAX 200
#define POLICY_SIGNALS_MAX 10000
#define POLICY_CONCEPTS_MAX 5000
#define POLICY_EXTENDS_MAX 8

/* The context of the readers. */
struct build {
	struct policy *policy;
	struct arena *scratch;              /* gone when the policy is loaded */
	const struct yaml_node **mentions;  /* by concept: where the policy first refers to it; NULL
					     * where it does not */
	size_t n_mentions;
	const struct yaml_node *category_node; /* the category being read, */
	size_t category_errors;             /* and how many errors there were before it */
	const struct yaml_node *languages;  /* the list, for what is wrong with a file in it */
	struct str_list language_codes;
	size_t *concept_index;              /* hash of ids, open addressing: index + 1 */
	size_t concept_index_size;
	size_t n_phrases;
	const struct yaml_node **signal_ids; /* of all signals */
	size_t n_signals, cap_signals;
};

/* The keys of a policy, of one category and of one signal: the schema, also for the manual's
 * test. */
extern const struct yaml_key policy_keys[];
extern const struct yaml_key category_keys[];
extern const struct yaml_key signal_keys[];

/* Reads the merged tree into build->policy and holds its parts against each other. Faults are in
 * reader->diag. */
void build_policy(struct yaml_reader *reader, const struct yaml_node *root);

/* The concept of this id, added where it is new. node is where the policy refers to it, or NULL
 * for a language file, which only defines it. */
size_t build_concept(struct yaml_reader *reader, struct str id, const struct yaml_node *node);

/* struct str: small letters, digits and hyphens. */
YAML_READER(build_identifier);
/* struct policy, of its exceptions: exception.c. */
YAML_READER(build_exceptions);
extern const struct yaml_key exception_keys[];
/* struct pattern_list, of addresses. */
YAML_READER(build_patterns);
/* struct str: a time zone of the system. */
YAML_READER(build_zone);
/* struct time_rules, by time_keys. */
YAML_READER(build_time);
extern const struct yaml_key time_keys[];

/* size_t: a concept that the policy refers to. */
YAML_READER(build_concept_id);
/* struct category, of which all but the variants is read: variant.c. */
YAML_READER(build_variants);
extern const struct yaml_key variant_keys[];
/* The keys of a category that a variant may have too. */
extern const struct yaml_key category_rule_keys[];
/* What fits none of a category's keys alone. */
void build_category_check(struct yaml_reader *reader, const struct yaml_node *node,
			  const struct category *category);

/* Readers of category.c that the policy's table refers to. */
YAML_READER(build_categories); /* struct policy */
YAML_READER(build_negatives);  /* struct policy */
/* Reads a map of finding ids to severities. */
void build_severity_map(struct yaml_reader *reader, const struct yaml_node *map, bool *set,
			enum severity *severities);
/* The index of a colour in the palette; reports where it is none. */
bool build_color(struct yaml_reader *reader, const struct yaml_node *node, size_t *ret_color);

/* Adds what a language file says to the policy. */
void build_language(struct yaml_reader *reader, struct str code, const struct yaml_node *root);
/* The phrases of a policy's own `phrases` key: {en: {concept: [..]}}. */
YAML_READER(build_phrases); /* struct policy */

#endif
