#include "policy/html/document.h"

#include "policy/html/write.h"

const char *place_name(enum place place)
{
	static const char *const names[PLACE_N] = {
		[PLACE_SUBJECT] = "subject", [PLACE_TEXT] = "text",
		[PLACE_HTML] = "html",	     [PLACE_CALENDAR] = "calendar",
		[PLACE_JSONLD] = "jsonld",   [PLACE_MICRODATA] = "microdata",
		[PLACE_DECLARED] = "declared",
	};

	return place < PLACE_N ? names[place] : "unknown";
}

struct reading {
	struct message *message;
	const struct message_limits *limits;
	struct arena *scratch;
	struct str text;
	bool amp;
};

static void report_limits(const struct reading *r, const struct html_tree *tree,
			  size_t css_octets, bool exhausted)
{
	if (css_octets > r->limits->css_octets)
		message_over_limit(r->message, "style sheet octets", css_octets,
				   r->limits->css_octets);
	if (tree->too_many)
		message_over_limit(r->message, "HTML elements", HTML_NODES_MAX + 1, HTML_NODES_MAX);
	if (tree->too_deep)
		message_over_limit(r->message, "HTML depth", HTML_DEPTH_MAX + 1, HTML_DEPTH_MAX);
	if (tree->attrs_dropped > 0)
		message_over_limit(r->message, "HTML attributes",
				   HTML_ATTRS_MAX + tree->attrs_dropped, HTML_ATTRS_MAX);
	if (exhausted)
		message_over_limit(r->message, "style sheet work", SHEET_WORK_MAX + 1,
				   SHEET_WORK_MAX);
}

/* A program that knows AMP takes this sheet, which hides all, away once it has loaded the rest. */
static void drop_boilerplate(struct html_tree *tree)
{
	for (struct html_node *node = tree->html; node != NULL;
	     node = html_after(tree->html, node, false)) {
		if (!node->is_text && node->tag == TAG_STYLE &&
		    html_attr(node, "amp4email-boilerplate").p != NULL)
			node->first = NULL;
	}
}

static struct layout *read_layout(const struct reading *r, bool outlook,
				  struct painted_list *painted)
{
	struct html_tree *tree = html_parse(r->scratch, r->text, outlook);
	struct layout *layout;
	size_t css_octets;
	bool exhausted;

	if (r->amp)
		drop_boilerplate(tree);
	style_compute(tree, r->limits->css_octets, &css_octets, &exhausted);
	layout = layout_compute(tree);
	paint_candidates(layout, painted);
	if (!outlook)
		report_limits(r, tree, css_octets, exhausted);
	return layout;
}

/* Whether one of them is certainly a coloured block, whatever images turn out to be. */
static bool any_certain(const struct painted_list *painted)
{
	for (size_t i = 0; i < painted->n; i++)
		if (!painted->items[i].candidate.unknown_size &&
		    (painted->items[i].candidate.image.n == 0 ||
		     painted->items[i].candidate.has_color))
			return true;
	return false;
}

static struct str kept(struct arena *arena, struct str s)
{
	return s.p != NULL ? arena_str(arena, s) : s;
}

/* The scratch memory goes; what a candidate points to stays. */
static void add_banners(struct arena *arena, struct document *document,
			const struct painted_list *painted)
{
	for (size_t i = 0; i < painted->n; i++) {
		struct banner_candidate candidate = painted->items[i].candidate;

		candidate.image = kept(arena, candidate.image);
		candidate.where = kept(arena, candidate.where);
		ARENA_ROOM(arena, document->banners, document->n_banners, document->cap_banners);
		document->banners[document->n_banners++] = candidate;
	}
}

static struct str limited_text(const struct reading *r, const struct part *part)
{
	if (part->text.n <= r->limits->html_octets)
		return part->text;
	message_over_limit(r->message, "HTML octets", part->text.n, r->limits->html_octets);
	return str_head(part->text, r->limits->html_octets);
}

struct document *document_from_html(struct arena *arena, struct message *message, int part,
				    const struct message_limits *limits)
{
	struct document *document = ARENA_NEW(arena, struct document);
	struct reading r = { .message = message, .limits = limits, .scratch = arena_new() };
	struct painted_list painted = { NULL, 0, 0 }, outlook = { NULL, 0, 0 };
	struct layout *layout;
	struct look *looks;

	document->place = PLACE_HTML;
	document->part = part;
	document->language = message->parts[part].language;
	r.amp = part_is_amp(&message->parts[part]);
	r.text = limited_text(&r, &message->parts[part]);
	layout = read_layout(&r, false, &painted);
	if (layout->tree->conditional && !any_certain(&painted))
		read_layout(&r, true, &outlook);
	write_document(arena, document, layout, &painted, &looks);
	region_mark(arena, document, looks);
	add_banners(arena, document, &painted);
	add_banners(arena, document, &outlook);
	arena_free(r.scratch);
	return document;
}
