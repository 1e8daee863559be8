#include "policy/text/trie.h"

#define NONE UINT32_MAX

/* The children of a node stand side by side, and their octets too. A branch with one text left
 * ends in a leaf, and what is left of the text is compared: most texts part early. */
struct node {
	uint32_t text;     /* the one that ends here, or of a leaf the one that is left; or NONE */
	uint32_t children; /* where the first stands */
	uint32_t n_children;
};

struct trie {
	const struct str *texts;
	struct node *nodes;
	uint8_t *octets; /* that lead to each node */
	size_t n_nodes, cap_nodes, cap_octets;
	uint32_t first[256]; /* the root's child for an octet; 0, which is the root, for none */
};

/* The texts below a node, and how many octets of them lead to it. */
struct span {
	uint32_t begin, end, depth;
};

struct builder {
	struct arena *arena, *scratch;
	struct trie *trie;
	struct span *spans; /* for each node; in scratch */
	size_t cap_spans;
};

static void node_add(struct builder *builder, uint8_t octet, struct span span)
{
	struct trie *trie = builder->trie;

	ARENA_ROOM(builder->arena, trie->nodes, trie->n_nodes, trie->cap_nodes);
	ARENA_ROOM(builder->arena, trie->octets, trie->n_nodes, trie->cap_octets);
	ARENA_ROOM(builder->scratch, builder->spans, trie->n_nodes, builder->cap_spans);
	trie->octets[trie->n_nodes] = octet;
	builder->spans[trie->n_nodes] = span;
	trie->nodes[trie->n_nodes++] = (struct node){ .text = NONE };
}

static uint8_t octet_at(const struct trie *trie, uint32_t text, uint32_t depth)
{
	return (uint8_t)trie->texts[text].p[depth];
}

static void node_fill(struct builder *builder, size_t index)
{
	struct trie *trie = builder->trie;
	struct span span = builder->spans[index];
	size_t children = trie->n_nodes;
	uint32_t next;

	if (index > 0 && (span.end - span.begin == 1 ||
			  trie->texts[span.begin].n == span.depth))
		trie->nodes[index].text = span.begin++;
	if (index > 0 && trie->nodes[index].text != NONE &&
	    trie->texts[trie->nodes[index].text].n > span.depth)
		return;
	for (uint32_t text = span.begin; text < span.end; text = next) {
		uint8_t octet = octet_at(trie, text, span.depth);

		next = text + 1;
		while (next < span.end && octet_at(trie, next, span.depth) == octet)
			next++;
		node_add(builder, octet, (struct span){ text, next, span.depth + 1 });
	}
	trie->nodes[index].children = (uint32_t)children;
	trie->nodes[index].n_children = (uint32_t)(trie->n_nodes - children);
}

struct trie *trie_build(struct arena *arena, const struct str *texts, size_t n)
{
	struct trie *trie = ARENA_NEW(arena, struct trie);
	struct builder builder = { .arena = arena, .scratch = arena_new(), .trie = trie };
	const struct node *root;

	trie->texts = texts;
	node_add(&builder, 0, (struct span){ 0, (uint32_t)n, 0 });
	for (size_t i = 0; i < trie->n_nodes; i++)
		node_fill(&builder, i);
	root = trie->nodes;
	for (uint32_t i = root->children; i < root->children + root->n_children; i++)
		trie->first[trie->octets[i]] = i;
	arena_free(builder.scratch);
	return trie;
}

static const struct node *node_child(const struct trie *trie, const struct node *node,
				     uint8_t octet)
{
	const uint8_t *octets = trie->octets + node->children;
	const uint8_t *at = memchr(octets, octet, node->n_children);

	return at != NULL ? trie->nodes + node->children + (at - octets) : NULL;
}

size_t trie_match(const struct trie *trie, struct str text, uint32_t *ret_indices)
{
	uint32_t first = trie->first[(uint8_t)text.p[0]];
	const struct node *node = first != 0 ? trie->nodes + first : NULL;
	size_t n = 0;

	for (size_t depth = 1; node != NULL; depth++) {
		if (node->text != NONE) {
			struct str whole = trie->texts[node->text];

			if (whole.n == depth || str_starts(text, whole))
				ret_indices[n++] = node->text;
		}
		if (depth == text.n || node->n_children == 0)
			break;
		node = node_child(trie, node, (uint8_t)text.p[depth]);
	}
	return n;
}

struct str trie_text(const struct trie *trie, uint32_t index)
{
	return trie->texts[index];
}
