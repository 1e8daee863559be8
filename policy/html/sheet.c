#include "policy/html/sheet.h"

#include <stdlib.h>

struct sheet *sheet_new(struct arena *arena)
{
	struct sheet *sheet = ARENA_NEW(arena, struct sheet);

	sheet->arena = arena;
	return sheet;
}

static unsigned bucket(struct str key)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < key.n; i++)
		hash = (hash ^ (unsigned char)key.p[i]) * 16777619u;
	return hash % SHEET_BUCKETS;
}

static void index_rule(struct sheet *sheet, struct rule *rule)
{
	const struct selector *selector = rule->selector;
	const struct compound *last = &selector->compounds[selector->n - 1];
	struct rule **chain = &sheet->universal;
	int best = 0;

	for (size_t i = 0; i < last->n; i++) {
		const struct simple *simple = &last->items[i];

		if (simple->kind == SIMPLE_NEVER)
			return;
		if (simple->kind == SIMPLE_ID && best < 3) {
			best = 3;
			chain = &sheet->by_id[bucket(simple->name)];
		} else if (simple->kind == SIMPLE_CLASS && best < 2) {
			best = 2;
			chain = &sheet->by_class[bucket(simple->name)];
		} else if (simple->kind == SIMPLE_TAG && best < 1) {
			best = 1;
			chain = &sheet->by_tag[bucket(simple->name)];
		}
	}
	rule->next = *chain;
	*chain = rule;
}

void sheet_add_rule(struct sheet *sheet, struct str prelude, struct str body, unsigned layer)
{
	struct css_declarations declarations;
	struct selector_list *list;

	if (sheet->n_rules >= SHEET_RULES_MAX || prelude.n > SHEET_PRELUDE_MAX) {
		sheet->exhausted = true;
		return;
	}
	list = ARENA_NEW(sheet->arena, struct selector_list);
	if (!selector_parse(sheet->arena, prelude, list))
		return;
	declarations = css_parse_declarations(sheet->arena, body);
	if (declarations.n == 0)
		return;
	for (size_t i = 0; i < list->n; i++) {
		struct rule *rule = ARENA_NEW(sheet->arena, struct rule);

		rule->selector = &list->items[i];
		rule->declarations = declarations;
		rule->order = sheet->n_rules++;
		rule->layer = layer;
		index_rule(sheet, rule);
	}
}

static int compare(unsigned x, unsigned y)
{
	return x < y ? -1 : x > y;
}

static int by_precedence(const void *a, const void *b)
{
	const struct rule *x = *(const struct rule *const *)a, *y = *(const struct rule *const *)b;

	if (x->layer != y->layer)
		return compare(x->layer, y->layer);
	if (x->selector->specificity != y->selector->specificity)
		return compare(x->selector->specificity, y->selector->specificity);
	return compare(x->order, y->order);
}

/* Of what is !important, the first layer wins (CSS Cascade 5, 6.4.4). */
static int by_importance(const void *a, const void *b)
{
	const struct rule *x = *(const struct rule *const *)a, *y = *(const struct rule *const *)b;

	return x->layer != y->layer ? compare(y->layer, x->layer) : by_precedence(a, b);
}

void sheet_sort(const struct sheet *sheet, struct rule_list *rules, bool important)
{
	if (rules->n > 1 && (!important || sheet->n_layers > 0))
		qsort(rules->items, rules->n, sizeof *rules->items,
		      important ? by_importance : by_precedence);
}

static void match_chain(struct sheet *sheet, const struct rule *rules,
			const struct html_node *node, struct rule_list *list)
{
	for (; rules != NULL && sheet->work <= SHEET_WORK_MAX; rules = rules->next) {
		if (!selector_matches(sheet, rules->selector, node))
			continue;
		ARENA_ROOM(sheet->arena, list->items, list->n, list->cap);
		list->items[list->n++] = rules;
	}
}

/* A class attribute with the same bucket twice would match its rules twice. */
static void match_classes(struct sheet *sheet, const struct html_node *node,
			  struct rule_list *list)
{
	uint64_t seen[SHEET_BUCKETS / 64] = { 0 };
	struct str rest = node->classes;

	while (rest.n > 0 && sheet->work <= SHEET_WORK_MAX) {
		size_t n = 0;
		unsigned at;

		while (n < rest.n && !ascii_is_space(rest.p[n]))
			n++;
		at = bucket(str_head(rest, n));
		if (n > 0 && !(seen[at / 64] >> (at % 64) & 1)) {
			seen[at / 64] |= (uint64_t)1 << (at % 64);
			match_chain(sheet, sheet->by_class[at], node, list);
		}
		rest = str_skip(rest, n + 1);
	}
}

void sheet_match(struct sheet *sheet, const struct html_node *node, struct rule_list *ret_rules)
{
	ret_rules->n = 0;
	if (sheet->n_rules == 0)
		return;
	match_chain(sheet, sheet->universal, node, ret_rules);
	match_chain(sheet, sheet->by_tag[bucket(node->name)], node, ret_rules);
	if (node->classes.n > 0)
		match_classes(sheet, node, ret_rules);
	if (node->id.n > 0)
		match_chain(sheet, sheet->by_id[bucket(node->id)], node, ret_rules);
	sheet->work += ret_rules->n * 8; /* sorting and applying them */
	if (sheet->work > SHEET_WORK_MAX)
		sheet->exhausted = true;
}
