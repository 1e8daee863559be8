#include <math.h>

#include "policy/html/layout_rows.h"
#include "policy/html/property.h"

/* Children that stand side by side: flex and grid. */

#define TRACKS_MAX 32

bool layout_is_sided(const struct html_node *node)
{
	const struct style *s = node->style;

	return (s->display == CSS_FLEX && !s->flex_column) ||
	       (s->display == CSS_GRID && s->grid_columns.n > 0);
}

static bool takes_part(const struct html_node *node)
{
	return !node->is_text && !node->box->gone && !node->style->absolute;
}

/* What a child would take before growing or shrinking. */
static double base_width(const struct html_node *child, double available)
{
	const struct style *s = child->style;
	struct length basis = s->flex_basis.kind != LENGTH_AUTO ? s->flex_basis : s->width;
	double around = style_edges(s, SIDE_LEFT, SIDE_RIGHT, available);
	double w = style_resolve(basis, available, -1);

	if (w < 0)
		return child->box->pref;
	return s->border_box ? fmax(w, around) : w + around;
}

/* CSS Flexbox 9.7: what is left of a line is shared by what its children grow, what is missing by
 * how wide they are. */
static void flex_line(struct html_node *first, const struct html_node *end, double total,
		      double grow, double available)
{
	for (struct html_node *child = first; child != end; child = child->next) {
		if (!takes_part(child))
			continue;
		if (total > available)
			child->box->share *= available / total;
		else if (grow > 0)
			child->box->share += (available - total) * child->style->flex_grow /
					     fmax(grow, 1);
	}
}

void layout_flex(struct html_node *parent, double available)
{
	struct html_node *first = parent->first;
	double total = 0, grow = 0;

	for (struct html_node *child = parent->first; child != NULL; child = child->next) {
		double base;

		if (!takes_part(child))
			continue;
		base = child->box->share = base_width(child, available);
		if (parent->style->flex_wrap && total > 0 && total + base > available + 1) {
			flex_line(first, child, total, grow, available);
			child->box->starts_line = true;
			first = child;
			total = grow = 0;
		}
		total += base;
		grow += child->style->flex_grow;
	}
	flex_line(first, NULL, total, grow, available);
}

struct tracks {
	double width[TRACKS_MAX], parts[TRACKS_MAX]; /* pixels, or shares of what is left */
	unsigned n;
};

static void add_track(struct tracks *t, const struct component *part, double available)
{
	struct css_value value;

	if (t->n == TRACKS_MAX)
		return;
	t->width[t->n] = t->parts[t->n] = 0;
	if (part->type == COMPONENT_DIMENSION && str_is_nocase(part->unit, "fr"))
		t->parts[t->n] = part->number;
	else if (!css_length_of(part, &value))
		t->parts[t->n] = 1; /* auto and kin */
	else
		t->width[t->n] = value.kind == CSS_KIND_PERCENT ? value.number / 100 * available :
				 value.kind == CSS_KIND_EM	? value.number * 16 :
								  value.number;
	t->n++;
}

/* minmax(least, most): most, and the least where repeat(auto-fit) counts. */
static void minmax(struct tracks *t, struct str arguments, double available)
{
	struct component part;
	size_t comma = css_find_top(arguments, ",");
	struct str most = str_skip(arguments, comma + 1);

	if (component_next(&most, &part))
		add_track(t, &part, available);
}

static void list_tracks(struct tracks *t, struct str text, double available, int depth);

static void repeat(struct tracks *t, struct str arguments, double available, int depth)
{
	size_t comma = css_find_top(arguments, ",");
	struct str count = str_head(arguments, comma), list = str_skip(arguments, comma + 1);
	struct component part, first, least;
	struct css_value value;
	double n = 1;

	if (!component_next(&count, &part))
		return;
	if (part.type == COMPONENT_NUMBER) {
		n = part.number;
	} else { /* auto-fit, auto-fill: as many as there is room for */
		struct str inner = list;

		if (component_next(&inner, &first) && first.type == COMPONENT_FUNCTION)
			inner = first.arguments;
		else
			inner = list;
		if (component_next(&inner, &least) && css_length_of(&least, &value) &&
		    value.kind == CSS_KIND_PX && value.number > 1)
			n = floor(available / value.number);
	}
	n = fmin(fmax(n, 1), TRACKS_MAX);
	for (double i = 0; i < n && t->n < TRACKS_MAX; i++)
		list_tracks(t, list, available, depth + 1);
}

static void list_tracks(struct tracks *t, struct str text, double available, int depth)
{
	struct component part;

	while (depth < 3 && t->n < TRACKS_MAX && component_next(&text, &part)) {
		if (part.type == COMPONENT_FUNCTION && str_is_nocase(part.text, "repeat"))
			repeat(t, part.arguments, available, depth);
		else if (part.type == COMPONENT_FUNCTION && str_is_nocase(part.text, "minmax"))
			minmax(t, part.arguments, available);
		else if (part.type != COMPONENT_OTHER) /* [names] of lines */
			add_track(t, &part, available);
	}
}

static void share_tracks(struct tracks *t, double available)
{
	double taken = 0, parts = 0;

	for (unsigned i = 0; i < t->n; i++) {
		taken += t->width[i];
		parts += t->parts[i];
	}
	for (unsigned i = 0; i < t->n && parts > 0; i++)
		t->width[i] += fmax(0, available - taken) * t->parts[i] / fmax(parts, 1);
}

/* Children fill the columns in their order, line after line. */
void layout_grid(struct html_node *parent, double available)
{
	struct tracks t = { .n = 0 };
	unsigned at = 0;

	list_tracks(&t, parent->style->grid_columns, available, 0);
	share_tracks(&t, available);
	for (struct html_node *child = parent->first; child != NULL && t.n > 0;
	     child = child->next) {
		unsigned span;

		if (!takes_part(child))
			continue;
		span = child->style->grid_span < t.n ? child->style->grid_span : t.n;
		if (at + span > t.n)
			at = 0;
		child->box->starts_line = at == 0;
		child->box->share = 0;
		for (unsigned i = 0; i < span; i++)
			child->box->share += t.width[at++];
	}
}
