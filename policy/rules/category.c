/* category.c - the categories of a policy: who, when, under which banner, with what content, and
 * by which signals they are known */
#include "policy/rules/build.h"

#include "policy/rules/names.h"

const char *const signal_place_names[] = { "subject", "heading", "body", "footer",
					   "from",    "link",	 "lead", "calendar",
					   NULL };
const char *const content_requirement_names[] = { "title",	"approval",   "case",
						  "incident",	"resolution", "report-fields",
						  "health-page", NULL };
const char *const scope_names[] = { "none", "instances", NULL };

void build_severity_map(struct yaml_reader *reader, const struct yaml_node *map, bool *set,
			enum severity *severities)
{
	static const struct yaml_key choice = { .names = severity_names };
	const char *ids[FINDING_N + 1] = { NULL };

	if (!yaml_expect(reader, map, YAML_MAP, "a map of findings to severities"))
		return;
	for (int i = 0; i < FINDING_N; i++)
		ids[i] = finding_infos[i].id;
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_node *key = map->pairs[i].key;
		enum finding_id finding;

		if (finding_parse(key->text, &finding)) {
			yaml_read_choice(reader, map->pairs[i].value, &choice,
					 &severities[finding]);
			set[finding] = true;
			if (severities[finding] == SEVERITY_STRIP && !finding_blames(finding))
				yaml_error(reader->diag, map->pairs[i].value,
					   "strip is for recipients.unknown, recipients.role and "
					   "recipients.unaffected: %s is about no single recipient",
					   ids[finding]);
		} else {
			const char *nearest = yaml_nearest(key->text, ids);

			yaml_error(reader->diag, key, "\"%.*s\" is no finding%s%s%s",
				   STR_ARG(key->text), nearest != NULL ? ": did you mean \"" : "",
				   nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
		}
	}
}

static bool is_identifier(struct str text)
{
	if (text.n == 0 || text.n > 64 || !ascii_is_alnum(text.p[0]))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (!(c >= 'a' && c <= 'z') && !ascii_is_digit(c) && c != '-')
			return false;
	}
	return true;
}

YAML_READER(build_identifier)
{
	if (node->kind == YAML_SCALAR && node->text.n > 0 && !is_identifier(node->text))
		yaml_error(reader->diag, node,
			   "\"%.*s\" is no identifier: small letters, digits and hyphens",
			   STR_ARG(node->text));
	else
		yaml_read_str(reader, node, key, field);
}

/* size_t: the concept that the policy refers to. */
YAML_READER(build_concept_id)
{
	struct str id = STR_NONE;

	build_identifier(reader, node, key, &id);
	if (id.p != NULL)
		*(size_t *)field = build_concept(reader, id, node);
}

/* "none" is no choice. */
static YAML_READER(read_structure)
{
	struct yaml_key some = *key;
	int structure = -1;

	some.names++;
	yaml_read_choice(reader, node, &some, &structure);
	*(enum signal_structure *)field = (enum signal_structure)(structure + 1);
}

const struct yaml_key signal_keys[] = {
	{ "id", build_identifier, offsetof(struct signal, id), YAML_REQUIRED },
	{ "concept", build_concept_id, offsetof(struct signal, concept) },
	{ "in", yaml_read_flags, offsetof(struct signal, places), .names = signal_place_names },
	{ "structure", read_structure, offsetof(struct signal, structure),
	  .names = signal_structure_names },
	{ "weight", yaml_read_double, offsetof(struct signal, weight), YAML_REQUIRED,
	  .min = -1000, .max = 1000 },
	{ "needs-other", yaml_read_bool, offsetof(struct signal, needs_other) },
	{ "also", build_concept_id, offsetof(struct signal, also) },
	{ "unless", build_concept_id, offsetof(struct signal, unless) },
	{ NULL },
};

static void signal_check(struct yaml_reader *reader, const struct yaml_node *node,
			 const struct signal *signal)
{
	bool words = signal->concept != SIGNAL_NO_CONCEPT;
	bool structure = signal->structure != STRUCTURE_NONE;

	if (words == structure)
		yaml_error(reader->diag, node, "a signal has either a \"concept\" or a \"structure\"");
	else if (words && signal->places == 0)
		yaml_error(reader->diag, node, "a concept is looked for \"in\" a place: %.*s",
			   STR_ARG(yaml_names(reader->diag->arena, signal_place_names)));
	else if (structure && signal->places != 0)
		yaml_error(reader->diag, node, "a structure has no place: leave out \"in\"");
}

/* For the check of ids, once all are read. */
static void signal_note(struct build *build, const struct yaml_node *node)
{
	const struct yaml_node *id = yaml_get(node, "id");

	if (id == NULL || id->kind != YAML_SCALAR || id->text.n == 0)
		return;
	ARENA_ROOM(build->scratch, build->signal_ids, build->n_signals, build->cap_signals);
	build->signal_ids[build->n_signals++] = id;
}

static void read_signals(struct yaml_reader *reader, const struct yaml_node *list,
			 struct signal **ret_signals, size_t *ret_n)
{
	struct build *build = reader->context;
	struct signal *signals;

	if (!yaml_expect(reader, list, YAML_LIST, "a list of signals"))
		return;
	if (build->n_signals + list->n > POLICY_SIGNALS_MAX) {
		yaml_error(reader->diag, list, "more than %d signals in all", POLICY_SIGNALS_MAX);
		return;
	}
	signals = ARENA_ARRAY(reader->arena, list->n, struct signal);
	for (size_t i = 0; i < list->n; i++) {
		signals[i].concept = signals[i].also = signals[i].unless = SIGNAL_NO_CONCEPT;
		signals[i].line = list->items[i]->line;
		if (yaml_read_map(reader, list->items[i], signal_keys, &signals[i]))
			signal_check(reader, list->items[i], &signals[i]);
		signal_note(build, list->items[i]);
	}
	*ret_signals = signals;
	*ret_n = list->n;
}

static YAML_READER(read_category_signals)
{
	struct category *category = field;

	(void)key;
	read_signals(reader, node, &category->signals, &category->n_signals);
	category->cap_signals = category->n_signals;
}

YAML_READER(build_negatives)
{
	struct policy *policy = field;

	(void)key;
	read_signals(reader, node, &policy->negatives, &policy->n_negatives);
	policy->cap_negatives = policy->n_negatives;
}

static const struct yaml_key recipient_keys[] = {
	{ "roles", yaml_read_flags, offsetof(struct category, roles), YAML_REQUIRED,
	  .names = role_names },
	{ "scope", yaml_read_choice, offsetof(struct category, scope), .names = scope_names },
	{ NULL },
};

static YAML_READER(read_banner_color)
{
	struct category *category = field;

	(void)key;
	category->banner_required = category->banner_stated = false;
	if (node->kind == YAML_SCALAR && str_is(node->text, "none"))
		return;
	if (build_color(reader, node, &category->banner))
		category->banner_required = category->banner_stated = true;
}

static const struct yaml_key banner_keys[] = {
	{ "color", read_banner_color, 0, YAML_REQUIRED },
	{ "required", yaml_read_bool, offsetof(struct category, banner_required) },
	{ NULL },
};

/* "banner: light-blue", "banner: none", or "banner: {color: light-blue, required: false}". */
static YAML_READER(read_banner)
{
	struct category *category = field;

	if (node->kind != YAML_MAP) {
		read_banner_color(reader, node, key, field);
		return;
	}
	yaml_read_map(reader, node, banner_keys, field);
	if (category->banner_required && !category->banner_stated)
		yaml_error(reader->diag, node, "a banner is required, but no colour stated");
}

static YAML_READER(read_follows)
{
	struct build *build = reader->context;
	struct policy *policy = build->policy;
	struct category *category = field;

	(void)key;
	if (!yaml_expect(reader, node, YAML_LIST, "a list of categories"))
		return;
	category->follows = ARENA_ARRAY(reader->arena, policy->n_categories, bool);
	category->has_follows = node->n > 0;
	for (size_t i = 0; i < node->n; i++) {
		const struct category *other = policy_category(policy, node->items[i]->text);

		if (!yaml_expect(reader, node->items[i], YAML_SCALAR, "a category"))
			continue;
		if (other == NULL)
			yaml_error(reader->diag, node->items[i], "\"%.*s\" is no category here",
				   STR_ARG(node->items[i]->text));
		else
			category->follows[other->index] = true;
	}
}

static YAML_READER(read_category_severities)
{
	struct category *category = field;

	(void)key;
	build_severity_map(reader, node, category->severity_set, category->severities);
}

static const struct yaml_key submission_keys[] = {
	{ "sasl", yaml_read_str_list, offsetof(struct category, submission_sasl) },
	{ "tls", yaml_read_str_list, offsetof(struct category, submission_tls) },
	{ "smime", yaml_read_bool, offsetof(struct category, submission_smime) },
	{ NULL },
};

/* The order is the order of reading: a variant is a copy of what is read before it. */
const struct yaml_key category_keys[] = {
	{ "urgent", yaml_read_bool, offsetof(struct category, urgent) },
	{ "mailed", yaml_read_bool, offsetof(struct category, mailed) },
	{ "title", build_concept_id, offsetof(struct category, title) },
	{ "recipients", yaml_read_nested, 0, .keys = recipient_keys },
	{ "time", build_time, offsetof(struct category, time), .keys = time_keys },
	{ "banner", read_banner, 0, YAML_REQUIRED, .keys = banner_keys },
	{ "content", yaml_read_flags, offsetof(struct category, content),
	  .names = content_requirement_names },
	{ "follows", read_follows, 0 },
	{ "submission", yaml_read_nested, 0, .keys = submission_keys },
	{ "threshold", yaml_read_double, offsetof(struct category, threshold), .max = 1000 },
	{ "signals", read_category_signals, 0, YAML_REQUIRED, .keys = signal_keys },
	{ "severities", read_category_severities, 0 },
	{ "variants", build_variants, 0, .keys = variant_keys },
	{ NULL },
};

const struct yaml_key category_rule_keys[] = {
	{ "urgent", yaml_read_bool, offsetof(struct category, urgent) },
	{ "time", build_time, offsetof(struct category, time), .keys = time_keys },
	{ "banner", read_banner, 0, YAML_REQUIRED, .keys = banner_keys },
	{ "content", yaml_read_flags, offsetof(struct category, content),
	  .names = content_requirement_names },
	{ "severities", read_category_severities, 0 },
	{ NULL },
};

void build_category_check(struct yaml_reader *reader, const struct yaml_node *node,
			  const struct category *category)
{
	if (category->mailed && category->roles == 0)
		yaml_error(reader->diag, node,
			   "\"%.*s\" is mailed to nobody: give recipients.roles, or mailed: false",
			   STR_ARG(category->id));
	if ((category->content & CONTENT_NEEDS_TITLE) && category->title == SIGNAL_NO_CONCEPT)
		yaml_error(reader->diag, node, "content has title, but there is no \"title\" to find");
}

static void read_category(struct yaml_reader *reader, const struct yaml_pair *pair,
			  struct category *category)
{
	struct build *build = reader->context;

	category->mailed = true;
	category->threshold = 1;
	category->title = SIGNAL_NO_CONCEPT;
	category->line = pair->key->line;
	build->category_node = pair->value;
	build->category_errors = reader->diag->errors;
	if (yaml_read_map(reader, pair->value, category_keys, category))
		build_category_check(reader, pair->key, category);
}

static int id_order(const void *a, const void *b)
{
	const struct yaml_node *x = *(const struct yaml_node *const *)a;
	const struct yaml_node *y = *(const struct yaml_node *const *)b;
	int order = str_cmp(x->text, y->text);

	if (order != 0)
		return order;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

/* The ids stand in evidence and in `signals+`: each means one signal. */
static void signal_ids_check(struct yaml_reader *reader)
{
	struct build *build = reader->context;
	const struct yaml_node **ids = build->signal_ids;

	if (build->n_signals > 1)
		qsort(ids, build->n_signals, sizeof *ids, id_order);
	for (size_t i = 1; i < build->n_signals; i++) {
		if (str_eq(ids[i]->text, ids[i - 1]->text))
			yaml_error(reader->diag, ids[i], "a second signal \"%.*s\", first at %.*s:%u",
				   STR_ARG(ids[i]->text), STR_ARG(ids[i - 1]->file),
				   ids[i - 1]->line);
	}
}

YAML_READER(build_categories)
{
	struct policy *policy = field;

	if (!yaml_expect(reader, node, YAML_MAP, "a map of categories"))
		return;
	if (node->n == 0 || node->n > POLICY_CATEGORIES_MAX) {
		yaml_error(reader->diag, node, "%zu categories: a policy has 1 to %d", node->n,
			   POLICY_CATEGORIES_MAX);
		return;
	}
	policy->categories = ARENA_ARRAY(reader->arena, node->n, struct category);
	for (size_t i = 0; i < node->n; i++) {
		build_identifier(reader, node->pairs[i].key, key, &policy->categories[i].id);
		policy->categories[i].index = i;
	}
	policy->n_categories = node->n;
	for (size_t i = 0; i < node->n; i++)
		read_category(reader, &node->pairs[i], &policy->categories[i]);
	signal_ids_check(reader);
}
