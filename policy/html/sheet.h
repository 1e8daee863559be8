/* sheet.h - style sheets: rules, and which of them an element's style comes from
 *
 * sheet_read.c reads rules and at-rules, media.c and supports.c their conditions, selector.c reads
 * selectors and selector_match.c holds them against elements; sheet.c finds the rules of one.
 *
 * Of the media queries those hold that are true for a reader in light mode on a screen about 700
 * pixels wide. Sheets that are linked or imported are not there. The work of matching is bounded;
 * rules are found by the id, class or name of their rightmost part.
 */
#ifndef POLICY_HTML_SHEET_H
#define POLICY_HTML_SHEET_H

#include "policy/html/css.h"
#include "policy/html/tree.h"

/* Compound selectors tried, and characters of class lists looked through, for one part. */
#define SHEET_WORK_MAX 2500000
/* Rules, a selector each, and the octets of one rule's list of selectors. What is beyond is left
 * out, and counts as SHEET_WORK_MAX reached. */
#define SHEET_RULES_MAX 20000
#define SHEET_PRELUDE_MAX 16384
#define SHEET_BUCKETS 512
#define SHEET_NO_LAYER ((unsigned)-1)

enum simple_kind {
	SIMPLE_TAG, SIMPLE_ID, SIMPLE_CLASS, SIMPLE_ATTRIBUTE,
	SIMPLE_NTH_CHILD, SIMPLE_NTH_LAST_CHILD, SIMPLE_NTH_OF_TYPE, SIMPLE_NTH_LAST_OF_TYPE,
	SIMPLE_EMPTY, SIMPLE_ROOT, SIMPLE_LINK, SIMPLE_NOT, SIMPLE_IS, SIMPLE_HAS, SIMPLE_NEVER,
};

struct selector_list;

struct simple {
	enum simple_kind kind;
	struct str name;
	struct str value;
	char operator; /* of an attribute: 0 for presence, '=', '~', '|', '^', '$', '*';
			* of has: the combinator it begins with */
	bool nocase;
	int a, b;      /* an+b */
	const struct selector_list *inner; /* of not, is, has; of nth-child( of ) where given */
};

struct compound {
	char combinator; /* to the compound at its left: ' ', '>', '+', '~'; 0 for the leftmost */
	struct simple *items;
	size_t n, cap;
};

struct selector {
	struct compound *compounds; /* from left to right */
	size_t n, cap;
	unsigned specificity;
};

struct selector_list {
	struct selector *items;
	size_t n, cap;
};

/* A rule's selector, with what it gives, in the chain of its bucket. */
struct rule {
	struct rule *next;
	const struct selector *selector;
	struct css_declarations declarations;
	unsigned layer; /* of @layer, in their order; SHEET_NO_LAYER, the strongest, outside all */
	unsigned order;
};

struct sheet {
	struct arena *arena;
	struct rule *by_id[SHEET_BUCKETS], *by_class[SHEET_BUCKETS], *by_tag[SHEET_BUCKETS];
	struct rule *universal;
	unsigned n_rules, n_nested;
	struct str *layers; /* their names, outer ones before a "." */
	size_t n_layers, cap_layers;
	size_t work;
	bool exhausted; /* SHEET_WORK_MAX was reached: later elements have no rules */
};

struct sheet *sheet_new(struct arena *arena);
/* Adds the rules of one style element. */
void sheet_add(struct sheet *sheet, struct str text);

struct rule_list {
	const struct rule **items;
	size_t n, cap;
};

/* The rules that match, in no order. The list is emptied before. */
void sheet_match(struct sheet *sheet, const struct html_node *node, struct rule_list *ret_rules);

/* Lowest precedence first, as it is among declarations that are !important or those that are
 * not. */
void sheet_sort(const struct sheet *sheet, struct rule_list *rules, bool important);

/* A comma-separated list of media queries; an empty one holds. */
bool media_holds(struct str text);
/* The condition of @supports: whether a browser of today knows the properties and selectors. */
bool supports_holds(struct arena *arena, struct str text);

/* Within policy/html only. */
void sheet_add_rule(struct sheet *sheet, struct str prelude, struct str body, unsigned layer);
/* False where the list is no selector. */
bool selector_parse(struct arena *arena, struct str text, struct selector_list *ret_list);
bool selector_matches(struct sheet *sheet, const struct selector *selector,
		      const struct html_node *node);

#endif
