#include "policy/html/build.h"

void build_push(struct build *b, struct html_node *node)
{
	b->stack[b->n_stack++] = node;
	b->open[node->tag]++;
}

void build_pop(struct build *b)
{
	if (b->n_stack > 1)
		b->open[b->stack[--b->n_stack]->tag]--;
}

void build_pop_node(struct build *b, const struct html_node *node)
{
	while (b->n_stack > 1) {
		bool found = build_current(b) == node;

		build_pop(b);
		if (found)
			return;
	}
}

size_t build_stack_find(struct build *b, const struct html_node *node)
{
	for (size_t i = b->n_stack; i > 0; i--) {
		b->work++;
		if (b->stack[i - 1] == node)
			return i - 1;
	}
	return STR_NPOS;
}

void build_stack_remove(struct build *b, const struct html_node *node)
{
	size_t at = build_stack_find(b, node);

	if (at == STR_NPOS || at == 0)
		return;
	b->open[node->tag]--;
	b->n_stack--;
	memmove(b->stack + at, b->stack + at + 1, (b->n_stack - at) * sizeof *b->stack);
}

bool build_is_table_part(enum html_tag tag)
{
	return tag == TAG_TABLE || tag == TAG_TBODY || tag == TAG_TFOOT || tag == TAG_THEAD ||
	       tag == TAG_TR;
}

/* 13.2.6.1, the appropriate place. */
void build_place(struct build *b, struct html_node *node, struct html_node *target)
{
	size_t at = b->n_stack;

	if (!b->foster || !build_is_table_part(target->tag)) {
		node_insert(target, node, NULL);
		return;
	}
	while (at > 0 && b->stack[at - 1]->tag != TAG_TABLE)
		at--;
	if (at > 0 && b->stack[at - 1]->parent != NULL)
		node_insert(b->stack[at - 1]->parent, node, b->stack[at - 1]);
	else
		node_insert(at > 1 ? b->stack[at - 2] : b->stack[0], node, NULL);
}

static bool is_integration_point(const struct html_node *node)
{
	return node->foreign && (node->tag == TAG_TITLE || str_is(node->name, "foreignobject") ||
				 str_is(node->name, "desc") || str_is(node->name, "annotation-xml"));
}

bool build_in_foreign(const struct build *b)
{
	const struct html_node *node = build_current(b);

	return node->foreign && !is_integration_point(node);
}

struct html_node *build_insert(struct build *b, const struct html_token *token)
{
	struct html_node *parent = build_current(b);
	struct html_node *node = node_element(b, token);

	node->foreign = node->tag == TAG_SVG || node->tag == TAG_MATH || build_in_foreign(b);
	build_place(b, node, parent);
	return node;
}

struct html_node *build_element(struct build *b, const struct html_token *token)
{
	struct html_node *node = build_insert(b, token);

	if (b->n_stack >= HTML_DEPTH_MAX)
		b->tree->too_deep = true;
	else
		build_push(b, node);
	return node;
}

struct html_node *build_implied(struct build *b, enum html_tag tag)
{
	struct html_token token = { .type = HTML_TOKEN_START, .name = str_from(html_tag_name(tag)),
				    .tag = tag };

	return build_element(b, &token);
}

void build_text(struct build *b, struct str text)
{
	struct html_node *node;

	if (text.n == 0)
		return;
	node = ARENA_NEW(b->arena, struct html_node);
	node->is_text = true;
	node->text = text;
	b->tree->n_nodes++;
	build_place(b, node, build_current(b));
}

void build_merge(struct build *b, struct html_node *node,
			     const struct html_token *token)
{
	for (size_t i = 0; i < token->n_attrs && node->n_attrs < HTML_ATTRS_MAX; i++) {
		struct html_attr *grown;

		if (html_attr(node, arena_cstr(b->arena, token->attrs[i].name)).p != NULL)
			continue;
		grown = ARENA_ARRAY(b->arena, node->n_attrs + 1, struct html_attr);
		if (node->n_attrs > 0)
			memcpy(grown, node->attrs, node->n_attrs * sizeof *grown);
		grown[node->n_attrs++] = token->attrs[i];
		node->attrs = grown;
	}
}

void build_implied_ends(struct build *b, enum html_tag except)
{
	while (html_tag_is(build_current(b)->tag, TAG_IMPLIED_END) &&
	       build_current(b)->tag != except)
		build_pop(b);
}

void build_pop_tag(struct build *b, enum html_tag tag)
{
	while (b->n_stack > 2) {
		bool found = build_current(b)->tag == tag;

		build_pop(b);
		if (found)
			return;
	}
}

bool build_in_scope(struct build *b, enum html_tag tag, enum html_tag_flag scope)
{
	if (b->open[tag] == 0)
		return false;
	for (size_t i = b->n_stack; i > 0; i--) {
		enum html_tag here = b->stack[i - 1]->tag;

		b->work++;
		if (here == tag)
			return true;
		if (html_tag_is(here, scope))
			return false;
	}
	return false;
}

/* Elements whose content is no markup: pushed, closed by their own end tag. */
void build_raw(struct build *b, const struct html_token *token)
{
	enum html_tag tag = token->tag;

	if (b->n_stack >= HTML_DEPTH_MAX)
		return;
	build_element(b, token);
	b->tokenizer.content = tag == TAG_SCRIPT	    ? HTML_CONTENT_SCRIPT :
			       html_tag_is(tag, TAG_RCDATA) ? HTML_CONTENT_RCDATA :
							      HTML_CONTENT_RAWTEXT;
}

bool build_is_raw(enum html_tag tag)
{
	return tag == TAG_SCRIPT || html_tag_is(tag, TAG_RAW) || html_tag_is(tag, TAG_RCDATA);
}

bool build_is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_space(s.p[i]))
			return false;
	return true;
}
