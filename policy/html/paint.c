#include "policy/html/paint.h"

#include <math.h>

/* POLICY.md, Banner colours. */
#define SHARE_LEAST 0.6
#define HEIGHT_LEAST 8
/* Letters of ordinary text after which the top of a mail is over, and the pixels. Small print
 * (a preheader, "view in browser") counts half. */
#define TOP_LETTERS 120
#define TOP_PIXELS 600
#define SMALL_PRINT 12
/* A box with more text than this right on it is a page, not a banner. */
#define BANNER_LETTERS 260
#define CANDIDATES_MAX 16

static bool has_word(struct str list, const char *word)
{
	struct str w = str_from(word);
	size_t at = str_find_nocase(list, w, 0);

	return at != STR_NPOS && (at == 0 || ascii_is_space(list.p[at - 1])) &&
	       (at + w.n == list.n || ascii_is_space(list.p[at + w.n]));
}

bool paint_is_quote(const struct html_node *node)
{
	return node->tag == TAG_BLOCKQUOTE || has_word(node->classes, "gmail_quote") ||
	       has_word(node->classes, "yahoo_quoted") ||
	       has_word(node->classes, "OutlookMessageHeader") ||
	       has_word(node->classes, "moz-forward-container") ||
	       str_is_nocase(node->id, "divRplyFwdMsg") ||
	       str_is_nocase(node->id, "appendonsend") ||
	       str_is_nocase(node->id, "reply-intro");
}

/* The width of the column that an element's content stands in: that of the outermost element
 * around it that is narrower than the pane. */
static double column_of(const struct html_node *node)
{
	double width = LAYOUT_WIDTH;

	for (; node != NULL; node = node->parent) {
		const struct style *s = node->style;
		bool given = style_is_given(s->width) || s->max_width.kind == LENGTH_PX || s->display == CSS_TABLE;

		if (given && s->display != CSS_CELL && s->display != CSS_INLINE_BLOCK &&
		    !s->floating && node->box->w < LAYOUT_WIDTH - 1 && node->tag != TAG_IMG)
			width = node->box->w;
	}
	return width;
}

#define WIDTHS_MAX 24

struct column {
	double width;
	size_t letters;
};

/* The columns of the page by the text in them. Nodes right after one another mostly share their
 * parent, so that the walk up is made once for each block. */
static size_t measure_columns(const struct layout *layout, struct column columns[WIDTHS_MAX])
{
	size_t n = 0;
	const struct html_node *last = NULL;
	double width = 0;

	for (size_t i = 0; i < layout->n; i++) {
		const struct html_node *node = layout->nodes[i];
		size_t letters, at = 0;

		if (!node->is_text || !layout_text_seen(node))
			continue;
		letters = node->letters;
		if (letters == 0)
			continue;
		if (node->parent != last)
			width = column_of(node->parent);
		last = node->parent;
		while (at < n && fabs(columns[at].width - width) > 8)
			at++;
		if (at == WIDTHS_MAX)
			continue;
		if (at == n)
			columns[n++] = (struct column){ width, 0 };
		columns[at].letters += letters;
	}
	return n;
}

/* The layout's width as a candidate is measured against it: that of most of the other text. */
static double layout_width(const struct column *columns, size_t n, const struct html_node *node)
{
	double own = column_of(node), best = own;
	size_t most = 0;

	for (size_t i = 0; i < n; i++) {
		size_t letters = columns[i].letters;

		if (fabs(columns[i].width - own) <= 8)
			letters -= node->box->text < letters ? node->box->text : letters;
		if (letters > most) {
			most = letters;
			best = columns[i].width;
		}
	}
	return best > 1 ? best : 1;
}

static bool same_paint(const struct box *a, const struct box *b)
{
	return a->backdrop_image == b->backdrop_image && fabs(a->backdrop.r - b->backdrop.r) < 4 &&
	       fabs(a->backdrop.g - b->backdrop.g) < 4 && fabs(a->backdrop.b - b->backdrop.b) < 4;
}

static bool stands_beside(const struct html_node *node)
{
	return node->style->display == CSS_CELL || node->style->display == CSS_INLINE_BLOCK ||
	       node->style->floating;
}

/* The picture that is all there is in a cell or link, or the node itself. */
static const struct html_node *only_image(const struct html_node *node)
{
	for (int depth = 0; node != NULL && node->tag != TAG_IMG && depth < 4; depth++) {
		const struct html_node *only = NULL;

		for (const struct html_node *in = node->first; in != NULL; in = in->next) {
			if (in->is_text ? in->letters > 0 : only != NULL)
				return NULL;
			only = in->is_text ? only : in;
		}
		node = only;
	}
	return node != NULL && node->tag == TAG_IMG && !node->box->hidden ? node : NULL;
}

/* A picture cut into slices, each in a cell or link beside the other. */
static double sliced_width(const struct html_node *image)
{
	const struct html_node *piece = image, *slice;
	double width = 0;
	int steps = 0;

	while (piece->parent != NULL && only_image(piece->parent) == image)
		piece = piece->parent;
	if (piece->parent == NULL || layout_is_block(piece) != (piece->style->display == CSS_CELL))
		return image->box->w;
	for (piece = piece->parent->first; piece != NULL && steps < 64; piece = piece->next) {
		steps++;
		slice = piece->is_text ? NULL : only_image(piece);
		if (slice != NULL && fabs(slice->box->h - image->box->h) < 2)
			width += slice->box->w;
	}
	return width;
}

/* Neighbours of one colour in a row are one block to the eye. */
static double joined_width(const struct html_node *node)
{
	double width = node->box->w;
	const struct html_node *other;

	if (!stands_beside(node))
		return width;
	for (int left = 0; left < 2; left++) {
		int steps = 0;

		for (other = left ? node->prev : node->next; other != NULL && steps < 64;
		     other = left ? other->prev : other->next, steps++) {
			if (other->is_text)
				continue;
			if (!stands_beside(other) || other->box->hidden ||
			    !same_paint(other->box, node->box))
				break;
			width += other->box->w;
		}
	}
	return width;
}

/* What the page or a card stands on: most of the text is on it, in other boxes narrower than it
 * or right on it. */
static bool is_page(const struct layout *layout, const struct html_node *node)
{
	const struct box *box = node->box;

	if (node->tag == TAG_BODY || node->tag == TAG_HTML)
		return true;
	if (box->text * 2 <= layout->text)
		return false;
	if (box->own_text * 2 >= box->text)
		return box->own_text > BANNER_LETTERS;
	return box->own_text == 0 || box->cover_width < 0.97 * box->w;
}

static bool is_coloured(const struct html_node *node)
{
	return node->style->background.a > 0 && node->box->paints &&
	       !color_is_plain(node->box->backdrop);
}

static enum paint_source source_of(const struct html_node *node, enum paint_source given)
{
	return node->name.n > 2 && str_starts(node->name, STR_LIT("v:")) ? PAINT_VML : given;
}

static const char *source_word(enum paint_source source)
{
	switch (source) {
	case PAINT_BGCOLOR:
		return "attribute";
	case PAINT_STYLE:
		return "style attribute";
	case PAINT_STYLESHEET:
		return "style sheet";
	case PAINT_VML:
		return "VML fill";
	case PAINT_GRADIENT:
		return "gradient";
	case PAINT_IMAGE:
		return "image";
	case PAINT_NONE:
		break;
	}
	return "background";
}

static void set_color(struct banner_candidate *c, const struct html_node *node)
{
	const struct box *beneath = node->parent != NULL ? node->parent->box : node->box;
	struct rgba fallback = node->style->fallback;

	if (fallback.a <= 0)
		return;
	fallback.a *= node->box->opacity;
	c->has_color = true;
	color_bytes(color_over(fallback, beneath->backdrop), c->rgb);
}

static void set_stops(struct banner_candidate *c, const struct html_node *node)
{
	const struct css_image *image = node->style->image;
	struct rgba beneath = node->parent != NULL ? node->parent->box->backdrop :
						     node->box->backdrop;

	c->gradient = true;
	c->n_stops = image->n_stops;
	for (unsigned i = 0; i < image->n_stops; i++)
		color_bytes(color_over(image->stops[i], beneath), c->stops[i]);
}

/* An image of the mail itself that covers the box is what is seen of it. */
static const struct html_node *covering_image(const struct html_node *node)
{
	int steps = 0;

	for (struct html_node *in = node->first; in != NULL && steps < 40;
	     in = html_after(node, in, false), steps++) {
		if (in->is_text) {
			if (in->letters > 0)
				return NULL;
		} else if (in->tag == TAG_IMG && !in->box->hidden) {
			return in->box->w >= 0.9 * node->box->w &&
			       in->box->h >= 0.7 * node->box->h ? in : NULL;
		}
	}
	return NULL;
}

static struct banner_candidate *add(struct layout *layout, struct painted_list *list,
				    const struct html_node *node, enum paint_source source)
{
	struct painted *p;

	ARENA_ROOM(layout->arena, list->items, list->n, list->cap);
	p = &list->items[list->n++];
	*p = (struct painted){ .node = node };
	p->candidate.source = source_of(node, source);
	p->candidate.height = node->box->h;
	p->candidate.where = arena_printf(layout->arena, "%.*s, %s", STR_ARG(node->name),
					  source_word(p->candidate.source));
	return &p->candidate;
}

struct top {
	struct layout *layout;
	struct painted_list *list;
	struct column columns[WIDTHS_MAX];
	size_t n_columns;
	size_t letters; /* of ordinary text that was passed */
};

static double share(const struct top *top, const struct html_node *node)
{
	double width = node->tag == TAG_IMG && !node->box->unknown_size ? sliced_width(node) :
									 joined_width(node);
	double part = width / layout_width(top->columns, top->n_columns, node);

	return part > 1 ? 1 : part;
}

/* A box with a background of its own. True where it is a candidate. */
static bool consider_box(struct top *top, const struct html_node *node)
{
	const struct style *s = node->style;
	const struct box *box = node->box;
	const struct html_node *image;
	struct banner_candidate *c;
	bool painted = s->image != NULL || (is_coloured(node) && s->background.a * box->opacity > 0.1);
	double part = painted ? share(top, node) : 0;

	if (!painted || s->invisible || s->display == CSS_INLINE || s->display == CSS_COLUMN ||
	    is_page(top->layout, node) || part < SHARE_LEAST || box->h < HEIGHT_LEAST ||
	    box->h - box->covered < HEIGHT_LEAST)
		return false;
	image = covering_image(node);
	c = add(top->layout, top->list, node, s->image != NULL ?
		s->image->gradient ? PAINT_GRADIENT : PAINT_IMAGE : s->background_source);
	c->width = part;
	set_color(c, node);
	if (s->image != NULL && s->image->gradient)
		set_stops(c, node);
	else if (s->image != NULL)
		c->image = s->image->url;
	else if (image != NULL)
		c->image = str_trim(html_attr(image, "src"));
	return true;
}

/* Thick borders are blocks too. */
static bool consider_border(struct top *top, const struct html_node *node, enum side side)
{
	const struct style *s = node->style;
	const struct box *beneath = node->parent != NULL ? node->parent->box : node->box;
	struct rgba seen = color_over(s->border_color[side], beneath->backdrop);
	struct banner_candidate *c;

	if (s->invisible || s->border[side] < HEIGHT_LEAST || s->border_color[side].a < 0.1 ||
	    s->display == CSS_INLINE || color_is_plain(seen) || share(top, node) < SHARE_LEAST)
		return false;
	c = add(top->layout, top->list, node, PAINT_STYLE);
	c->width = share(top, node);
	c->height = s->border[side];
	c->has_color = true;
	color_bytes(seen, c->rgb);
	c->where = arena_printf(top->layout->arena, "%.*s, border", STR_ARG(node->name));
	return true;
}

static bool is_logo(const struct html_node *node)
{
	struct str alt = html_attr(node, "alt"), src = html_attr(node, "src");

	return str_find_nocase(alt, STR_LIT("logo"), 0) != STR_NPOS ||
	       (!str_starts_nocase(src, STR_LIT("data:")) &&
		(str_find_nocase(src, STR_LIT("logo"), 0) != STR_NPOS ||
		 str_find_nocase(src, STR_LIT("icon"), 0) != STR_NPOS));
}

static void consider_image(struct top *top, const struct html_node *node)
{
	const struct box *box = node->box;
	struct str src = str_trim(html_attr(node, "src"));
	double part = share(top, node);
	struct banner_candidate *c;

	if (src.n == 0 || box->h < HEIGHT_LEAST || node->style->invisible)
		return;
	if (box->unknown_size ? is_logo(node) : part < SHARE_LEAST)
		return;
	c = add(top->layout, top->list, node, PAINT_IMAGE);
	c->image = src;
	if (node->style->background.a > 0)
		set_color(c, node);
	c->width = box->unknown_size ? 0 : part;
	c->unknown_size = box->unknown_size;
	c->layout_width = layout_width(top->columns, top->n_columns, node);
	if (box->unknown_size)
		c->height = 0;
}

static void pass_text(struct top *top, const struct html_node *text)
{
	size_t letters;

	if (!layout_text_seen(text))
		return;
	letters = text->letters;
	top->letters += text->parent->style->font_size <= SMALL_PRINT ? letters / 2 : letters;
}

/* True where nothing further down can be a banner. */
static bool is_over(const struct top *top, const struct html_node *node)
{
	return top->letters > TOP_LETTERS || top->list->n >= CANDIDATES_MAX ||
	       (!node->is_text && layout_is_block(node) && node->box->y > TOP_PIXELS) ||
	       (!node->is_text && !node->box->hidden && paint_is_quote(node));
}

/* One node; true where what is in it is done with. */
static bool consider(struct top *top, const struct html_node *node)
{
	size_t before = top->list->n;
	bool done;

	if (node->is_text) {
		pass_text(top, node);
		return false;
	}
	if (node->box->hidden)
		return true;
	if (node->tag == TAG_IMG) {
		consider_image(top, node);
		return false;
	}
	consider_border(top, node, SIDE_TOP);
	done = consider_box(top, node);
	if (!done && node->box->text * 2 <= top->layout->text)
		consider_border(top, node, SIDE_BOTTOM);
	/* an image in the mail may stand where a box has only a colour to fall back on */
	return done && top->list->n > before;
}

void paint_candidates(struct layout *layout, struct painted_list *ret_list)
{
	struct top top = { .layout = layout, .list = ret_list };
	struct html_node *html = layout->tree->html, *node = html;

	top.n_columns = measure_columns(layout, top.columns);
	while (node != NULL && !is_over(&top, node))
		node = html_after(html, node, consider(&top, node));
}
