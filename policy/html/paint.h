/* paint.h - within policy/html: the coloured blocks at the top of the layout */
#ifndef POLICY_HTML_PAINT_H
#define POLICY_HTML_PAINT_H

#include "policy/html/layout.h"

struct painted {
	struct banner_candidate candidate;
	const struct html_node *node; /* the box; what is in it is the banner's */
};

struct painted_list {
	struct painted *items;
	size_t n, cap;
};

/* In reading order, up to where ordinary text begins. */
void paint_candidates(struct layout *layout, struct painted_list *ret_list);

/* Whether quoted mail begins with this element. */
bool paint_is_quote(const struct html_node *node);

#endif
