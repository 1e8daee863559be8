#include "policy/html/visible.h"

#include <math.h>

/* Text this small, boxes this low and pieces this far away are not read. */
#define SMALLEST_FONT 2
#define SMALLEST_BOX 3
#define FAR_AWAY 200
#define FAINTEST 0.05
/* CIEDE2000 below which text melts into what is behind it. */
#define FAINT_DISTANCE 5

static bool is_tiny(struct length length)
{
	return (length.kind == LENGTH_PX || length.kind == LENGTH_PERCENT) &&
	       length.value < (length.kind == LENGTH_PX ? SMALLEST_BOX : 0.5);
}

/* A box without room whose content may not leave it. */
static bool is_crushed(const struct html_node *node)
{
	const struct style *s = node->style;
	bool cell = s->display == CSS_CELL || s->display == CSS_ROW || s->display == CSS_TABLE;
	bool padded = s->padding[SIDE_TOP].value + s->padding[SIDE_BOTTOM].value >= SMALLEST_BOX;

	if (!s->overflow_hidden || s->display == CSS_INLINE)
		return false;
	if (is_tiny(s->width) || is_tiny(s->max_width))
		return !cell;
	if (cell || padded)
		return false;
	return (is_tiny(s->height) && !(s->min_height.value > SMALLEST_BOX)) ||
	       is_tiny(s->max_height);
}

static bool is_far(struct length length)
{
	return (length.kind == LENGTH_PX && length.value <= -FAR_AWAY) ||
	       (length.kind == LENGTH_PERCENT && length.value <= -100);
}

static bool is_beyond(struct length length)
{
	return length.kind == LENGTH_PX && length.value > 5000;
}

static bool is_away(const struct style *s)
{
	if (s->positioned && (is_far(s->left) || is_far(s->top)))
		return true;
	if (s->absolute && (is_far(s->right) || is_beyond(s->left) || is_beyond(s->right)))
		return true;
	return is_far(s->margin[SIDE_LEFT]) || is_far(s->margin[SIDE_TOP]);
}

/* What a closed details element keeps to itself: all but its first summary. */
static bool is_closed(const struct html_node *node)
{
	return node->tag == TAG_DETAILS && html_attr(node, "open").p == NULL;
}

static bool is_folded_away(const struct html_node *node)
{
	const struct html_node *other = node->prev;

	if (node->parent == NULL || !is_closed(node->parent))
		return false;
	while (other != NULL && other->tag != TAG_SUMMARY)
		other = other->prev;
	return node->tag != TAG_SUMMARY || other != NULL;
}

/* The first line is moved out of the box, and there is no second. */
static bool is_indented_away(const struct style *s, const struct box *box)
{
	return is_far(s->text_indent) ||
	       (s->text_indent.kind == LENGTH_PERCENT && s->text_indent.value >= 100 &&
		s->nowrap && box->clips);
}

static bool hides_all(const struct html_node *node, const struct box *box)
{
	const struct style *s = node->style;

	return s->display == CSS_NONE || s->display == CSS_COLUMN || box->opacity < FAINTEST ||
	       s->clipped || is_crushed(node) || is_away(s);
}

static void paint(struct html_node *node, struct box *box, const struct box *parent)
{
	const struct style *s = node->style;
	struct rgba seen = s->background;
	bool image = s->image != NULL && !s->invisible;

	seen.a *= s->invisible ? 0 : box->opacity;
	box->backdrop = color_over(seen, parent->backdrop);
	box->backdrop_image = parent->backdrop_image;
	box->painter = parent->painter;
	if (seen.a >= 0.98)
		box->backdrop_image = false;
	if (image)
		box->backdrop_image = true;
	box->paints = image ||
		      (seen.a > 0 && (parent->backdrop_image ||
				      color_distance(color_lab(box->backdrop),
						     color_lab(parent->backdrop)) >= 1));
	if (box->paints)
		box->painter = node;
}

/* Colours repeat from element to element: the last comparison is kept. */
struct contrast {
	struct rgba text, backdrop;
	bool faint;
	bool known;
};

static bool same_color(struct rgba a, struct rgba b)
{
	return a.r == b.r && a.g == b.g && a.b == b.b;
}

static bool is_faint(struct contrast *last, struct rgba text, const struct box *box)
{
	struct rgba seen = text;

	seen.a *= box->opacity;
	if (seen.a < FAINTEST)
		return true;
	if (box->backdrop_image)
		return false;
	seen = color_over(seen, box->backdrop);
	if (!last->known || !same_color(last->text, seen) ||
	    !same_color(last->backdrop, box->backdrop)) {
		last->known = true;
		last->text = seen;
		last->backdrop = box->backdrop;
		last->faint = color_distance(color_lab(seen), color_lab(box->backdrop)) <
			      FAINT_DISTANCE;
	}
	return last->faint;
}

void visible_compute(struct layout *layout)
{
	struct box page = { .opacity = 1, .backdrop = { 255, 255, 255, 1 } };
	struct contrast contrast = { .known = false };

	for (size_t i = 0; i < layout->n; i++) {
		struct html_node *node = layout->nodes[i];
		const struct box *parent = node->parent != NULL ? node->parent->box : &page;
		struct box *box;

		if (node->is_text)
			continue;
		box = node->box = ARENA_NEW(layout->arena, struct box);
		box->opacity = parent->opacity * node->style->opacity;
		box->hidden = parent->hidden || hides_all(node, box);
		box->gone = parent->gone || node->style->display == CSS_NONE || is_folded_away(node);
		box->hidden = box->hidden || box->gone;
		box->clips = parent->clips || node->style->overflow_hidden;
		paint(node, box, parent);
		box->text_hidden = node->style->invisible ||
				   node->style->font_size < SMALLEST_FONT ||
				   is_indented_away(node->style, box) || is_closed(node) ||
				   is_faint(&contrast, node->style->fill, box);
	}
}
