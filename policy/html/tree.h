/* tree.h - the elements of an HTML part, as a browser would nest them
 *
 * The standard's tree construction (13.2.6) for what mail uses: implied tags, tables with what is
 * fostered out of them, misnested formatting. Not built: forms' ownership, scripting, quirks.
 */
#ifndef POLICY_HTML_TREE_H
#define POLICY_HTML_TREE_H

#include "policy/html/tags.h"
#include "policy/html/tokenizer.h"

#define HTML_NODES_MAX 44000
/* Browsers flatten what is nested deeper; so do we, and say it. */
#define HTML_DEPTH_MAX 512

struct style;

struct html_node {
	enum html_tag tag;
	bool is_text;
	bool foreign;            /* inside svg or math */
	unsigned depth;          /* 0 for html */
	unsigned index;          /* among the element children of its parent, from 1; see tree.c */
	struct str name;         /* of an element, lower case */
	struct html_attr *attrs;
	size_t n_attrs;
	struct str id;           /* absent where there is none */
	struct str classes;      /* the class attribute as it is */
	struct str text;         /* of a text node */
	size_t letters;          /* of a text node, by layout: wide letters count twice */
	double units;            /* its width in narrow letters, with what is between them */
	bool inked;              /* it takes room: letters, or a space that does not break */
	struct html_node *parent, *first, *last, *prev, *next;
	struct style *style;     /* of an element; set by style_compute */
	struct box *box;         /* of an element; set by layout */
};

struct html_tree {
	struct arena *arena;
	struct html_node *html, *head, *body;
	size_t n_nodes;
	bool conditional;        /* there are conditional comments */
	bool too_many;           /* more nodes, or more work, than the limits allow: the rest is left out */
	bool too_deep;
	size_t attrs_dropped;
};

/* Never fails; html, head and body are always there. outlook: as the Word engine reads. */
struct html_tree *html_parse(struct arena *arena, struct str input, bool outlook);

/* The value of an attribute; absent where the element has none of that name. */
struct str html_attr(const struct html_node *node, const char *name);

/* The node after this one in document order, within root; NULL at the end. skip_children leaves
 * out what is below node. */
struct html_node *html_after(const struct html_node *root, struct html_node *node,
			     bool skip_children);

#endif
