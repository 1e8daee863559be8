#include "policy/html/layout.h"

#include <math.h>

#include "policy/html/layout_rows.h"
#include "policy/html/layout_table.h"
#include "policy/html/visible.h"

/* Going through the nodes backwards meets every child before its parent; what a parent needs to
 * know of its children is added up in its box on the way. */

static bool is_letter(uint32_t c)
{
	if (c < 0x80)
		return c > ' ';
	return c != 0xA0 && c != 0xAD && c != 0x34F && c != 0x200B && c != 0x200C &&
	       c != 0x200D && c != 0x2060 && c != 0xFEFF && c != 0x180E && c != 0x2007 &&
	       !(c >= 0x2000 && c <= 0x200F);
}

/* The next code point of valid UTF-8. */
static uint32_t next_code_point(struct str s, size_t *at)
{
	unsigned char c = (unsigned char)s.p[(*at)++];
	uint32_t code_point;

	if (c < 0x80)
		return c;
	code_point = c < 0xE0 ? c & 0x1F : c < 0xF0 ? c & 0x0F : c & 0x07;
	while (*at < s.n && ((unsigned char)s.p[*at] & 0xC0) == 0x80)
		code_point = code_point << 6 | ((unsigned char)s.p[(*at)++] & 0x3F);
	return code_point;
}

/* East Asian scripts: as wide as high, and a word each or two. */
static bool is_wide(uint32_t c)
{
	if (c < 0x1100)
		return false;
	return c < 0x1200 || (c >= 0x2E80 && c < 0xA4D0) ||
	       (c >= 0xAC00 && c < 0xD7B0) || (c >= 0xF900 && c < 0xFB00) ||
	       (c >= 0xFF00 && c < 0xFF61) || c >= 0x1F000;
}

size_t layout_letters(struct str text)
{
	size_t n = 0;

	for (size_t at = 0; at < text.n;) {
		uint32_t c = next_code_point(text, &at);

		if (is_letter(c))
			n += is_wide(c) ? 2 : 1;
	}
	return n;
}

bool layout_is_block(const struct html_node *node)
{
	return node->style->display != CSS_INLINE && node->style->display != CSS_INLINE_BLOCK &&
	       node->style->display != CSS_NONE;
}

bool layout_text_seen(const struct html_node *text)
{
	const struct box *box = text->parent->box;

	return !box->hidden && !box->text_hidden;
}

static double inner_width(const struct html_node *node)
{
	double w = node->box->w - style_edges(node->style, SIDE_LEFT, SIDE_RIGHT, node->box->w);

	return w > 1 ? w : 1;
}

/* Letters and spaces of each text in units of a narrow letter. */
static void measure(struct html_node *node)
{
	struct str text = node->text;
	size_t gaps = 0;
	bool space = true;

	for (size_t at = 0; at < text.n;) {
		uint32_t c = next_code_point(text, &at);

		if (is_letter(c)) {
			node->letters += is_wide(c) ? 2 : 1;
			space = false;
		} else if (!space || c == 0xA0) {
			node->inked = node->inked || c == 0xA0;
			gaps++;
			space = true;
		}
	}
	node->inked = node->inked || node->letters > 0;
	node->units = (double)node->letters + (double)gaps / 2;
}

/* In pixels, at half the font size a letter. */
static double text_width(const struct html_node *text)
{
	const struct style *style = text->parent->style;

	return text->units * style->font_size * (style->bold ? 0.54 : 0.5);
}

static void list_nodes(struct layout *layout)
{
	struct html_node *html = layout->tree->html;

	layout->nodes = ARENA_ARRAY(layout->arena, layout->tree->n_nodes + 4, struct html_node *);
	for (struct html_node *node = html; node != NULL; node = html_after(html, node, false)) {
		layout->nodes[layout->n++] = node;
		if (node->is_text)
			measure(node);
	}
}

static void count_text(struct layout *layout)
{
	for (size_t i = layout->n; i > 0; i--) {
		struct html_node *node = layout->nodes[i - 1];
		size_t letters;

		if (node->is_text && layout_text_seen(node)) {
			letters = node->letters;
			node->parent->box->text += letters;
			if (node->parent->box->painter != NULL)
				node->parent->box->painter->box->own_text += letters;
		} else if (!node->is_text && node->parent != NULL) {
			node->parent->box->text += node->box->text;
		}
	}
	layout->text = layout->tree->html->box->text;
}

static void end_run(struct box *box)
{
	box->pref = fmax(box->pref, box->run);
	box->run = 0;
}

/* What a child adds to the width that its parent would like. */
static void prefer(struct html_node *parent, const struct html_node *child)
{
	struct box *box = parent->box;

	if (child->tag == TAG_BR) {
		end_run(box);
	} else if (parent->style->display == CSS_ROW || layout_is_sided(parent) ||
		   !layout_is_block(child) || child->style->floating) {
		box->run += child->box->pref;
	} else {
		end_run(box);
		box->pref = fmax(box->pref, child->box->pref);
	}
}

static void own_preference(struct html_node *node)
{
	struct box *box = node->box;
	const struct style *s = node->style;
	double around = style_edges(s, SIDE_LEFT, SIDE_RIGHT, 0);

	end_run(box);
	if (s->width.kind == LENGTH_PX)
		box->pref = s->width.value + (s->border_box || s->display == CSS_TABLE ? 0 : around);
	else
		box->pref += around;
	if (s->max_width.kind == LENGTH_PX)
		box->pref = fmin(box->pref, s->max_width.value + around);
	if (node->tag == TAG_IMG && s->width.kind == LENGTH_AUTO) {
		box->unknown_size = s->max_width.kind != LENGTH_PX || s->max_width.value > 300;
		box->pref = 100; /* of a logo, perhaps */
	}
	box->pref = fmin(box->pref, 100000);
}

static void preferred_widths(struct layout *layout)
{
	for (size_t i = layout->n; i > 0; i--) {
		struct html_node *node = layout->nodes[i - 1];

		if (node->is_text) {
			if (!node->parent->box->hidden)
				node->parent->box->run += text_width(node);
			continue;
		}
		own_preference(node);
		if (node->parent != NULL && !node->box->hidden)
			prefer(node->parent, node);
	}
}

static double limited(const struct style *s, double w, double available, double around)
{
	double most = style_resolve(s->max_width, available, -1), least = style_resolve(s->min_width, available, -1);
	double extra = s->border_box || s->max_width.kind == LENGTH_PERCENT ? 0 : around;

	if (most >= 0 && w > most + extra)
		w = most + extra;
	if (least >= 0 && w < least)
		w = least;
	return w;
}

/* Held at both sides, as "inset: 0" says it. */
static bool spans_parent(const struct style *s)
{
	return style_is_given(s->left) && style_is_given(s->right);
}

static double own_width(const struct html_node *node, double available)
{
	const struct style *s = node->style;
	const struct box *box = node->box;
	double margins = fmax(0, style_resolve(s->margin[SIDE_LEFT], available, 0)) +
			 fmax(0, style_resolve(s->margin[SIDE_RIGHT], available, 0));
	double around = style_edges(s, SIDE_LEFT, SIDE_RIGHT, available);
	double room = fmax(1, available - margins), w = room;
	bool shrinks = s->display == CSS_TABLE || s->display == CSS_INLINE_BLOCK || s->floating ||
		       (s->absolute && !spans_parent(s)) || s->width.kind == LENGTH_FIT;

	if (s->display == CSS_CELL)
		return layout_cell_width(node, available);
	if (node->parent != NULL && layout_is_sided(node->parent) && !s->absolute)
		return limited(s, box->share, available, around);
	if (s->display == CSS_ROW || s->display == CSS_ROW_GROUP || s->display == CSS_INLINE)
		return available;
	if (style_is_given(s->width)) {
		w = style_resolve(s->width, available, room);
		if (!s->border_box && s->display != CSS_TABLE && node->tag != TAG_IMG)
			w += around;
	} else if (shrinks) {
		w = fmin(box->pref, room);
	}
	return limited(s, w, available, around);
}

static void widths(struct layout *layout)
{
	for (size_t i = 0; i < layout->n; i++) {
		struct html_node *node = layout->nodes[i];

		if (node->is_text)
			continue;
		node->box->w = node->parent == NULL ? LAYOUT_WIDTH :
						      own_width(node, inner_width(node->parent));
		if (node->style->display == CSS_TABLE)
			layout_columns(layout, node, inner_width(node));
		else if (layout_is_sided(node))
			(node->style->display == CSS_FLEX ? layout_flex :
							    layout_grid)(node, inner_width(node));
	}
}

/* The height of the inline content gathered so far. */
static double flush_run(struct html_node *node)
{
	struct box *box = node->box;
	double lines, height = 0;

	if (box->run_any) {
		/* a word or an image that is only a little too wide breaks no line */
		lines = ceil(box->run / inner_width(node) - 0.1);
		height = fmax(lines, 1) * box->run_line;
	}
	box->run = box->run_line = 0;
	box->run_any = false;
	return height;
}

static void add_inline(struct box *box, double width, double line)
{
	box->run += width;
	box->run_line = fmax(box->run_line, line);
	box->run_any = true;
}

static double vertical_margins(const struct html_node *node)
{
	const struct style *s = node->style;
	double of = node->box->w;

	if (s->display == CSS_CELL || s->display == CSS_ROW || s->display == CSS_ROW_GROUP)
		return 0;
	/* margins of neighbours collapse: half of each is near enough */
	return (fmax(0, style_resolve(s->margin[SIDE_TOP], of, 0)) +
		fmax(0, style_resolve(s->margin[SIDE_BOTTOM], of, 0))) / 2;
}

/* What a child adds to the height of its parent. */
static void pile(struct html_node *parent, struct html_node *child)
{
	struct box *box = parent->box, *in = child->box;

	if (child->tag == TAG_BR) {
		if (!box->run_any)
			add_inline(box, 0, style_line(parent->style));
		box->h += flush_run(parent);
	} else if (parent->style->display == CSS_ROW) {
		box->h = fmax(box->h, in->h);
	} else if (child->style->absolute) {
		return;
	} else if (layout_is_sided(parent)) {
		box->line = fmax(box->line, in->h);
		if (in->starts_line) {
			in->line = box->line;
			box->h += box->line;
			box->line = 0;
		}
	} else if (child->style->display == CSS_INLINE && !in->stacked) {
		if (in->run_any)
			add_inline(box, in->run, in->run_line);
	} else if (child->style->display == CSS_INLINE_BLOCK || child->style->floating) {
		if (in->w > 0 || in->h > 0)
			add_inline(box, in->w, in->h);
	} else {
		in->after = flush_run(parent);
		box->h += in->after + in->h + vertical_margins(child);
		box->stacked = true;
	}
}

static double content_height(struct html_node *node)
{
	struct box *box = node->box;
	const struct style *s = node->style;

	if (node->tag == TAG_IMG)
		return s->height.kind == LENGTH_AUTO ? (box->unknown_size ? 30 : box->w / 5) : 0;
	box->first_run = flush_run(node);
	return box->h + box->first_run + (layout_is_sided(node) ? box->line : 0);
}

static void own_height(struct html_node *node)
{
	struct box *box = node->box;
	const struct style *s = node->style;
	bool table = s->display == CSS_TABLE || s->display == CSS_ROW || s->display == CSS_CELL;
	double around, content, given;

	if (s->display == CSS_INLINE && !box->stacked && box->h == 0)
		return; /* its run goes into its parent's */
	around = style_edges(s, SIDE_TOP, SIDE_BOTTOM, box->w);
	content = content_height(node);
	box->stacked = true;
	box->h = content + around;
	if (s->height.kind == LENGTH_PX) {
		given = s->height.value + (s->border_box || table || node->tag == TAG_IMG ? 0 : around);
		box->h = table ? fmax(box->h, given) : given;
	}
	if (s->min_height.kind == LENGTH_PX)
		box->h = fmax(box->h, s->min_height.value + (s->border_box ? 0 : around));
	if (s->max_height.kind == LENGTH_PX && (s->overflow_hidden || node->tag == TAG_IMG))
		box->h = fmin(box->h, s->max_height.value + (s->border_box ? 0 : around));
}

static void heights(struct layout *layout)
{
	for (size_t i = 0; i < layout->n; i++)
		if (!layout->nodes[i]->is_text)
			layout->nodes[i]->box->run = 0;
	for (size_t i = layout->n; i > 0; i--) {
		struct html_node *node = layout->nodes[i - 1];
		struct html_node *parent = node->parent;

		if (node->is_text) {
			if (parent->box->hidden)
				continue;
			if (node->inked)
				add_inline(parent->box, text_width(node), style_line(parent->style));
			continue;
		}
		if (node->box->hidden)
			continue;
		own_height(node);
		if (parent != NULL)
			pile(parent, node);
	}
}

/* Of a flex or grid container: the next line begins where the last one ended. */
static void place_in_line(struct box *parent, struct box *box)
{
	if (!box->starts_line)
		return;
	parent->cursor = box->y = parent->cursor + parent->passed;
	parent->passed = box->line;
}

/* From top to bottom; cells of a row stand side by side and are as high as it. */
static void positions(struct layout *layout)
{
	for (size_t i = 0; i < layout->n; i++) {
		struct html_node *node = layout->nodes[i];
		struct box *box = node->box, *parent;
		double margins;

		if (node->is_text || box->hidden)
			continue;
		if (node->parent != NULL) {
			parent = node->parent->box;
			margins = vertical_margins(node);
			box->y = parent->cursor;
			if (node->parent->style->display == CSS_ROW) {
				box->h = fmax(box->h, parent->h);
			} else if (layout_is_sided(node->parent)) {
				place_in_line(parent, box);
			} else if (layout_is_block(node) && !node->style->floating &&
				   !node->style->absolute) {
				box->y += margins / 2;
				parent->cursor += margins + box->h + box->after;
			}
		}
		box->cursor = box->y + box->first_run +
			      style_edges(node->style, SIDE_TOP, SIDE_TOP, box->w) / 2;
	}
}

static void cover(struct html_node *parent, const struct html_node *child)
{
	struct box *box = parent->box;
	const struct box *in = child->box;
	double height = in->covered, width = in->cover_width;

	if (in->paints && in->w >= 0.6 * box->w && !child->style->absolute) {
		height = in->h;
		width = in->w;
	}
	if (parent->style->display == CSS_ROW)
		box->covered = fmax(box->covered, height);
	else
		box->covered += height;
	box->cover_width = fmax(box->cover_width, width);
}

static void covers(struct layout *layout)
{
	for (size_t i = layout->n; i > 0; i--) {
		struct html_node *node = layout->nodes[i - 1];

		if (!node->is_text && node->parent != NULL && !node->box->hidden)
			cover(node->parent, node);
	}
}

struct layout *layout_compute(struct html_tree *tree)
{
	struct layout *layout = ARENA_NEW(tree->arena, struct layout);

	layout->arena = tree->arena;
	layout->tree = tree;
	list_nodes(layout);
	visible_compute(layout);
	count_text(layout);
	preferred_widths(layout);
	widths(layout);
	heights(layout);
	positions(layout);
	covers(layout);
	return layout;
}
