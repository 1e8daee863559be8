/* layout.h - about where each element stands, how large it is, and whether it is seen
 *
 * No typesetting: widths follow from what the markup says, heights from lines of average
 * letters. Enough to tell a banner from a hairline, a button or a footer, and text from what
 * nobody can see.
 */
#ifndef POLICY_HTML_LAYOUT_H
#define POLICY_HTML_LAYOUT_H

#include "policy/html/style.h"

/* The width of a reader's pane, in pixels. */
#define LAYOUT_WIDTH 700

struct box {
	double y, w, h;           /* of the border box */
	double pref;              /* the width it would take if nothing held it back */
	double run, run_line;     /* inline content since the last block */
	double first_run, after;  /* heights of the inline content before the first block in it, and
				   * after itself */
	bool run_any;
	bool stacked;             /* its height is that of blocks: it stands alone, though inline */
	double cursor;
	double *columns;          /* of a table */
	unsigned n_columns;
	unsigned column;          /* of a cell */
	unsigned span;

	double share;             /* of a child of flex or grid: its width */
	bool starts_line;         /* of a grid's child: the first of its line */
	double line;              /* the height of the line that it starts; of a grid, of the last */
	double passed;            /* of a grid: the height of the line that is being placed */

	bool clips;               /* what leaves it, or a box around it, is not seen */
	bool hidden;              /* it and all that is in it */
	bool gone;                /* and it takes no room: display is none, here or further out */
	bool text_hidden;         /* text right in it is not seen: size or colour */
	bool unknown_size;        /* an image that does not say its size */
	double opacity;           /* with that of what it stands in */
	struct rgba backdrop;     /* what is behind its content, opaque */
	bool backdrop_image;      /* an image or gradient is */
	bool paints;              /* its background differs from what is beneath */
	struct html_node *painter; /* the nearest element, itself included, that paints; NULL: page */
	size_t text;              /* visible letters in it; wide ones count twice */
	size_t own_text;          /* of them, those right on the background it paints */
	double covered;           /* height of other full-width backgrounds on it */
	double cover_width;
};

struct layout {
	struct arena *arena;
	struct html_tree *tree;
	struct html_node **nodes; /* elements and text in document order */
	size_t n;
	size_t text;              /* visible letters of the page */
};

/* style_compute came before. Sets node->box of every element. */
struct layout *layout_compute(struct html_tree *tree);

/* The letters of a text, for weighing: white space and invisible characters count nothing. */
size_t layout_letters(struct str text);
/* Whether a text node is seen. */
bool layout_text_seen(const struct html_node *text);
bool layout_is_block(const struct html_node *node);

#endif
