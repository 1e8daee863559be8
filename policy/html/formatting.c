#include "policy/html/build.h"

static bool same_attributes(const struct html_node *a, const struct html_node *b)
{
	if (a->n_attrs != b->n_attrs)
		return false;
	for (size_t i = 0; i < a->n_attrs; i++)
		if (!str_eq(a->attrs[i].name, b->attrs[i].name) ||
		    !str_eq(a->attrs[i].value, b->attrs[i].value))
			return false;
	return true;
}

static void drop(struct build *b, size_t at)
{
	b->n_formatting--;
	memmove(b->formatting + at, b->formatting + at + 1,
		(b->n_formatting - at) * sizeof *b->formatting);
}

/* 13.2.4.3: at most three of the same kind. */
static void leave_ark(struct build *b, const struct html_node *node)
{
	size_t same = 0, earliest = 0;

	for (size_t i = b->n_formatting; i > 0 && b->formatting[i - 1] != NULL; i--) {
		const struct html_node *other = b->formatting[i - 1];

		b->work++;
		if (other->tag == node->tag && same_attributes(other, node)) {
			same++;
			earliest = i - 1;
		}
	}
	if (same >= 3)
		drop(b, earliest);
}

void formatting_push(struct build *b, struct html_node *node)
{
	leave_ark(b, node);
	if (b->n_formatting == BUILD_FORMATTING_MAX)
		drop(b, 0);
	b->formatting[b->n_formatting++] = node;
}

void formatting_marker(struct build *b)
{
	if (b->n_formatting == BUILD_FORMATTING_MAX)
		drop(b, 0);
	b->formatting[b->n_formatting++] = NULL;
}

void formatting_clear_to_marker(struct build *b)
{
	while (b->n_formatting > 0 && b->formatting[--b->n_formatting] != NULL)
		;
}

static size_t entry_of(const struct build *b, const struct html_node *node)
{
	for (size_t i = 0; i < b->n_formatting; i++)
		if (b->formatting[i] == node)
			return i;
	return STR_NPOS;
}

void formatting_remove(struct build *b, const struct html_node *node)
{
	size_t at = entry_of(b, node);

	if (at != STR_NPOS)
		drop(b, at);
}

struct html_node *formatting_find(struct build *b, enum html_tag tag)
{
	for (size_t i = b->n_formatting; i > 0 && b->formatting[i - 1] != NULL; i--) {
		b->work++;
		if (b->formatting[i - 1]->tag == tag)
			return b->formatting[i - 1];
	}
	return NULL;
}

static struct html_node *clone(struct build *b, const struct html_node *node)
{
	struct html_token token = { .name = node->name, .tag = node->tag, .attrs = node->attrs,
				    .n_attrs = node->n_attrs };

	return node_element(b, &token);
}

void formatting_reopen(struct build *b)
{
	size_t from = b->n_formatting;

	while (from > 0 && b->formatting[from - 1] != NULL &&
	       build_stack_find(b, b->formatting[from - 1]) == STR_NPOS)
		from--;
	for (; from < b->n_formatting && b->n_stack < HTML_DEPTH_MAX; from++) {
		struct html_node *node = clone(b, b->formatting[from]);

		build_place(b, node, build_current(b));
		build_push(b, node);
		b->formatting[from] = node;
	}
}

/* The topmost special element below `node` on the stack, or STR_NPOS. */
static size_t furthest_block(const struct build *b, size_t node)
{
	for (size_t i = node + 1; i < b->n_stack; i++)
		if (html_tag_is(b->stack[i]->tag, TAG_SPECIAL))
			return i;
	return STR_NPOS;
}

static void move_children(struct html_node *from, struct html_node *to)
{
	while (from->first != NULL)
		node_insert(to, from->first, NULL);
}

static void stack_replace(struct build *b, size_t at, struct html_node *node)
{
	b->open[b->stack[at]->tag]--;
	b->open[node->tag]++;
	b->stack[at] = node;
}

/* Steps 13 and 14: what stands between the two is cloned around the block, or let go. Returns
 * the last node that was wrapped; *bookmark is where the formatting element will go. */
static struct html_node *wrap_between(struct build *b, size_t node_at, size_t block_at,
				      struct html_node *block, size_t *bookmark)
{
	struct html_node *last = block;

	for (size_t i = block_at - 1, inner = 1; i > node_at; i--, inner++) {
		struct html_node *node = b->stack[i], *copy;
		size_t entry = entry_of(b, node);

		b->work += b->n_formatting;
		if (inner > 3 && entry != STR_NPOS) {
			drop(b, entry);
			if (entry < *bookmark)
				(*bookmark)--;
			entry = STR_NPOS;
		}
		if (entry == STR_NPOS) {
			build_stack_remove(b, node);
			continue;
		}
		copy = clone(b, node);
		b->formatting[entry] = copy;
		stack_replace(b, i, copy);
		if (last == block)
			*bookmark = entry + 1;
		node_insert(copy, last, NULL);
		last = copy;
	}
	return last;
}

static void put_entry(struct build *b, size_t at, struct html_node *node)
{
	if (at > b->n_formatting)
		at = b->n_formatting;
	memmove(b->formatting + at + 1, b->formatting + at,
		(b->n_formatting - at) * sizeof *b->formatting);
	b->formatting[at] = node;
	b->n_formatting++;
}

static void put_below(struct build *b, const struct html_node *above, struct html_node *node)
{
	size_t at = build_stack_find(b, above) + 1;

	if (b->n_stack >= HTML_DEPTH_MAX)
		return;
	memmove(b->stack + at + 1, b->stack + at, (b->n_stack - at) * sizeof *b->stack);
	b->stack[at] = node;
	b->n_stack++;
	b->open[node->tag]++;
}

/* Steps 15 to 21, with a furthest block. */
static void adopt(struct build *b, struct html_node *node, size_t node_at, size_t block_at)
{
	struct html_node *block = b->stack[block_at], *ancestor = b->stack[node_at - 1];
	struct html_node *copy, *last;
	size_t bookmark = entry_of(b, node);

	last = wrap_between(b, node_at, block_at, block, &bookmark);
	build_place(b, last, ancestor);
	copy = clone(b, node);
	move_children(block, copy);
	node_insert(block, copy, NULL);
	if (entry_of(b, node) < bookmark)
		bookmark--;
	formatting_remove(b, node);
	put_entry(b, bookmark, copy);
	build_stack_remove(b, node);
	put_below(b, block, copy);
}

/* One round; false where there is nothing left to do. */
static bool agency_round(struct build *b, const struct html_token *token, enum html_tag tag)
{
	struct html_node *node = formatting_find(b, tag);
	size_t at, block;

	if (node == NULL) {
		build_end_other(b, token);
		return false;
	}
	at = build_stack_find(b, node);
	if (at == STR_NPOS || !build_in_scope(b, tag, TAG_SCOPE)) {
		if (at == STR_NPOS)
			formatting_remove(b, node);
		return false;
	}
	block = furthest_block(b, at);
	b->work += b->n_stack;
	if (block == STR_NPOS) {
		build_pop_node(b, node);
		formatting_remove(b, node);
		return false;
	}
	adopt(b, node, at, block);
	return true;
}

void formatting_end(struct build *b, const struct html_token *token)
{
	enum html_tag tag = token->tag;
	struct html_node *current = build_current(b);

	if (current->tag == tag && entry_of(b, current) == STR_NPOS) {
		build_pop(b);
		return;
	}
	for (int round = 0; round < 8; round++)
		if (!agency_round(b, token, tag))
			return;
}
