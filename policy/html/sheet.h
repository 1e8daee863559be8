/* sheet.h - style sheets: rules, and which of them an element's style comes from
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
#define SHEET_WORK_MAX 4000000
/* Rules, a selector each, and the octets of one rule's list of selectors. What is beyond is left
 * out, and counts as SHEET_WORK_MAX reached. */
#define SHEET_RULES_MAX 20000
#define SHEET_PRELUDE_MAX 16384
#define SHEET_BUCKETS 512

enum simple_kind {
	SIMPLE_TAG, SIMPLE_ID, SIMPLE_CLASS, SIMPLE_ATTRIBUTE,
	SIMPLE_NTH_CHILD, SIMPLE_NTH_LAST_CHILD, SIMPLE_NTH_OF_TYPE, SIMPLE_NTH_LAST_OF_TYPE,
	SIMPLE_EMPTY, SIMPLE_ROOT, SIMPLE_LINK, SIMPLE_NOT, SIMPLE_IS, SIMPLE_NEVER,
};

struct selector_list;

struct simple {
	enum simple_kind kind;
	struct str name;
	struct str value;
	char operator; /* of an attribute: 0 for presence, '=', '~', '|', '^', '$', '*' */
	bool nocase;
	int a, b;      /* an+b */
	const struct selector_list *inner;
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
	unsigned order;
};

struct sheet {
	struct arena *arena;
	struct rule *by_id[SHEET_BUCKETS], *by_class[SHEET_BUCKETS], *by_tag[SHEET_BUCKETS];
	struct rule *universal;
	unsigned n_rules;
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

/* The rules that match, lowest precedence first. The list is emptied before. */
void sheet_match(struct sheet *sheet, const struct html_node *node, struct rule_list *ret_rules);

/* A comma-separated list of media queries; an empty one holds. */
bool media_holds(struct str text);

/* Within policy/html only. False where the list is no selector. */
bool selector_parse(struct arena *arena, struct str text, struct selector_list *ret_list);
bool selector_matches(struct sheet *sheet, const struct selector *selector,
		      const struct html_node *node);

#endif
