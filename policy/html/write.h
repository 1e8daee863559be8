/* write.h - within policy/html: the blocks, links and data of a document, from its layout */
#ifndef POLICY_HTML_WRITE_H
#define POLICY_HTML_WRITE_H

#include "policy/html/paint.h"

/* How a block looks, beside what struct block says. */
struct look {
	double font_size; /* of its largest letters */
	bool bold;        /* all of it */
	bool fine;        /* in a footer element, or in a class of that name */
	size_t letters;
};

/* Fills blocks, links, jsonld, microdata, title and language; looks has one entry a block. */
void write_document(struct arena *arena, struct document *document, const struct layout *layout,
		    const struct painted_list *painted, struct look **ret_looks);

/* Marks what is quoted, forwarded, heading and footer by what the blocks say and look like, and
 * folds their texts. */
void region_mark(struct arena *arena, struct document *document, const struct look *looks);

#endif
