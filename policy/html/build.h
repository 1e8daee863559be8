/* build.h - tree construction, within policy/html only: the stack, the modes, the formatting list
 *
 * build.c keeps the stack and what is inserted, build_token.c hands each token to a mode and holds
 * those of head and svg, build_body.c and build_table.c the others, formatting.c reopening and the
 * adoption agency, tree.c the links between nodes.
 */
#ifndef POLICY_HTML_BUILD_H
#define POLICY_HTML_BUILD_H

#include "policy/html/tree.h"

/* Steps over the stack and the formatting list that one part may cost. */
#define BUILD_WORK_MAX 20000000
#define BUILD_FORMATTING_MAX 128

enum build_mode {
	MODE_HEAD, /* before and in the head */
	MODE_AFTER_HEAD,
	MODE_BODY,
	MODE_TABLE,
	MODE_CAPTION,
	MODE_COLGROUP,
	MODE_TABLE_BODY,
	MODE_ROW,
	MODE_CELL,
};

struct build {
	struct arena *arena;
	struct html_tree *tree;
	struct html_tokenizer tokenizer;
	enum build_mode mode;
	struct html_node *stack[HTML_DEPTH_MAX + 8];
	size_t n_stack;
	struct html_node *formatting[BUILD_FORMATTING_MAX]; /* NULL is a marker */
	size_t n_formatting;
	unsigned open[TAG_N]; /* how many of each are on the stack */
	bool foster;          /* what is inserted now goes before the table */
	size_t work;
};

void build_init(struct build *b, struct html_tree *tree, struct str input, bool outlook);
/* Finds the token's tag, and hands it on. */
void build_token(struct build *b, struct html_token *token);

static inline struct html_node *build_current(const struct build *b)
{
	return b->stack[b->n_stack - 1];
}

void build_push(struct build *b, struct html_node *node);
void build_pop(struct build *b);
/* Pops up to and with this node. */
void build_pop_node(struct build *b, const struct html_node *node);
void build_stack_remove(struct build *b, const struct html_node *node);
/* Its place on the stack, or STR_NPOS. */
size_t build_stack_find(struct build *b, const struct html_node *node);
/* Puts node where the next content belongs: into the current node, or before the table. */
void build_place(struct build *b, struct html_node *node, struct html_node *target);
/* Inserts an element without opening it. */
struct html_node *build_insert(struct build *b, const struct html_token *token);
/* Inserts and opens it, unless the depth is at its limit. */
struct html_node *build_element(struct build *b, const struct html_token *token);
struct html_node *build_implied(struct build *b, enum html_tag tag);
/* Opens an element whose content is no markup, until its own end tag. */
void build_raw(struct build *b, const struct html_token *token);
void build_text(struct build *b, struct str text);
/* Gives node the attributes that it has not yet. */
void build_merge(struct build *b, struct html_node *node, const struct html_token *token);
/* Whether an element of this tag is open, with none above it that ends the scope (13.2.4.2). */
bool build_in_scope(struct build *b, enum html_tag tag, enum html_tag_flag scope);
/* 13.2.6.3 */
void build_implied_ends(struct build *b, enum html_tag except);
/* Pops up to and with the first element of this tag; html and body stay. */
void build_pop_tag(struct build *b, enum html_tag tag);
bool build_in_foreign(const struct build *b);

bool build_is_raw(enum html_tag tag);
bool build_is_table_part(enum html_tag tag);
bool build_is_blank(struct str s);

/* The insertion modes. True where the token must be looked at again in the new mode. */
typedef bool build_mode_fn(struct build *b, struct html_token *token);
build_mode_fn build_mode_body, build_mode_table, build_mode_caption, build_mode_colgroup,
	build_mode_table_body, build_mode_row, build_mode_cell;

void build_body_end(struct build *b, struct html_token *token);
/* "Any other end tag" of the body (13.2.6.4.7). */
void build_end_other(struct build *b, const struct html_token *token);

void formatting_push(struct build *b, struct html_node *node);
void formatting_marker(struct build *b);
void formatting_clear_to_marker(struct build *b);
void formatting_reopen(struct build *b);
/* The end tag of a formatting element: the adoption agency (13.2.6.4.7). */
void formatting_end(struct build *b, const struct html_token *token);
/* The last one of this tag after the last marker, or NULL. */
struct html_node *formatting_find(struct build *b, enum html_tag tag);
void formatting_remove(struct build *b, const struct html_node *node);

struct html_node *node_element(struct build *b, const struct html_token *token);
void node_unlink(struct html_node *node);
/* before NULL: at the end. */
void node_insert(struct html_node *parent, struct html_node *node, struct html_node *before);

#endif
