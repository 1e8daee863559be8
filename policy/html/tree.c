#include "policy/html/tree.h"

#include "policy/html/build.h"

struct str html_attr(const struct html_node *node, const char *name)
{
	struct str wanted = str_from(name);

	for (size_t i = 0; i < node->n_attrs; i++)
		if (str_eq(node->attrs[i].name, wanted))
			return node->attrs[i].value;
	return STR_NONE;
}

struct html_node *html_after(const struct html_node *root, struct html_node *node,
			     bool skip_children)
{
	if (!skip_children && node->first != NULL)
		return node->first;
	while (node != root && node != NULL) {
		if (node->next != NULL)
			return node->next;
		node = node->parent;
	}
	return NULL;
}

void node_unlink(struct html_node *node)
{
	struct html_node *parent = node->parent;

	if (parent == NULL)
		return;
	*(node->prev != NULL ? &node->prev->next : &parent->first) = node->next;
	*(node->next != NULL ? &node->next->prev : &parent->last) = node->prev;
	node->parent = node->prev = node->next = NULL;
}

void node_insert(struct html_node *parent, struct html_node *node, struct html_node *before)
{
	node_unlink(node);
	node->parent = parent;
	node->next = before;
	node->prev = before != NULL ? before->prev : parent->last;
	*(node->prev != NULL ? &node->prev->next : &parent->first) = node;
	*(before != NULL ? &before->prev : &parent->last) = node;
}

struct html_node *node_element(struct build *b, const struct html_token *token)
{
	struct html_node *node = ARENA_NEW(b->arena, struct html_node);

	node->tag = token->tag;
	node->name = token->name;
	node->attrs = token->attrs;
	node->n_attrs = token->n_attrs;
	b->tree->n_nodes++;
	return node;
}

/* Numbers depth and position once the tree stands, and keeps id and class at hand. */
static void settle(struct html_tree *tree)
{
	for (struct html_node *node = tree->html; node != NULL;
	     node = html_after(tree->html, node, false)) {
		/* text carries on the number of the element before it */
		node->index = (node->prev != NULL ? node->prev->index : 0) + (node->is_text ? 0 : 1);
		node->depth = node->parent != NULL ? node->parent->depth + 1 : 0;
		if (!node->is_text) {
			node->id = html_attr(node, "id");
			node->classes = html_attr(node, "class");
		}
	}
}

struct html_tree *html_parse(struct arena *arena, struct str input, bool outlook)
{
	struct html_tree *tree = ARENA_NEW(arena, struct html_tree);
	struct build *b = ARENA_NEW(arena, struct build);
	struct html_token token;

	tree->arena = arena;
	build_init(b, tree, input, outlook);
	do {
		b->tokenizer.foreign = build_current(b)->foreign;
		token = html_next(&b->tokenizer);
		build_token(b, &token);
	} while (token.type != HTML_TOKEN_EOF && !tree->too_many);
	tree->conditional = b->tokenizer.conditional;
	tree->attrs_dropped = b->tokenizer.attrs_dropped;
	settle(tree);
	return tree;
}
