#include "policy/html/write.h"

#include "policy/base/buf.h"

#define MICRODATA_TEXT 500
#define FLAGS_N 16

/* Text under way: of what is seen, or of what is not. */
struct stream {
	struct buf text;
	bool space; /* white space came since the last character */
	double font_size;
	bool all_bold, any;
	size_t letters;
};

struct table {
	const struct html_node *node;
	unsigned number, row, column;
	bool in_cell;
};

struct writer {
	struct arena *arena;
	struct document *document;
	const struct painted_list *painted;
	struct stream shown, hidden;
	unsigned depth[FLAGS_N]; /* how many elements around give each flag */
	unsigned fine;
	struct table *tables;
	size_t n_tables, cap_tables;
	unsigned table_numbers;
	struct look *looks;
	size_t cap_looks;
	size_t link_settled;     /* links before this one know their block */
	bool in_link, link_seen;
	struct buf link_text;
};

static void stream_clear(struct writer *w, struct stream *s)
{
	*s = (struct stream){ .all_bold = true };
	buf_init(&s->text, w->arena, SIZE_MAX);
}

static unsigned current_flags(const struct writer *w)
{
	unsigned flags = 0;

	for (unsigned i = 0; i < FLAGS_N; i++)
		if (w->depth[i] > 0)
			flags |= 1u << i;
	return flags;
}

static struct block *add_block(struct writer *w, const struct stream *s, unsigned flags)
{
	struct document *d = w->document;
	struct block *block;
	struct look look = { s->font_size, s->all_bold, w->fine > 0, s->letters };

	ARENA_ROOM(w->arena, d->blocks, d->n_blocks, d->cap_blocks);
	ARENA_ROOM(w->arena, w->looks, d->n_blocks, w->cap_looks);
	w->looks[d->n_blocks] = look;
	block = &d->blocks[d->n_blocks++];
	block->text = arena_str(w->arena, str_trim(buf_str(&s->text)));
	block->flags = current_flags(w) | flags;
	if (w->n_tables > 0 && w->tables[w->n_tables - 1].in_cell) {
		const struct table *table = &w->tables[w->n_tables - 1];

		block->flags |= BLOCK_CELL;
		block->table = table->number;
		block->row = table->row;
		block->column = table->column;
	}
	return block;
}

/* Ends the block under way; what is seen stands before what is hidden in it. */
static void flush(struct writer *w)
{
	size_t shown_at = w->document->n_blocks, hidden_at;
	bool shown = w->shown.any, hidden = w->hidden.any;

	if (!shown && !hidden)
		return;
	if (shown)
		add_block(w, &w->shown, 0);
	hidden_at = w->document->n_blocks;
	if (hidden)
		add_block(w, &w->hidden, BLOCK_HIDDEN);
	for (; w->link_settled < w->document->n_links; w->link_settled++) {
		struct link *link = &w->document->links[w->link_settled];
		bool in_hidden = link->hidden ? hidden : !shown;

		link->block = in_hidden ? hidden_at : shown_at;
	}
	if (shown)
		stream_clear(w, &w->shown);
	if (hidden)
		stream_clear(w, &w->hidden);
}

static void add_collapsed(struct stream *s, struct str text, bool keep_lines)
{
	size_t i = 0;

	while (i < text.n) {
		size_t from = i;

		if (ascii_is_space(text.p[i])) {
			if (keep_lines && text.p[i] == '\n') {
				buf_add_char(&s->text, '\n');
				s->space = false;
			} else {
				s->space = true;
			}
			i++;
			continue;
		}
		while (i < text.n && !ascii_is_space(text.p[i]))
			i++;
		if (s->space && s->text.n > 0 && s->text.p[s->text.n - 1] != '\n')
			buf_add_char(&s->text, ' ');
		s->space = false;
		buf_add(&s->text, (struct str){ text.p + from, i - from });
		s->any = true;
	}
}

static void add_text(struct writer *w, const struct html_node *in, struct str text, bool seen)
{
	struct stream *s = seen ? &w->shown : &w->hidden;
	size_t letters = layout_letters(text);

	add_collapsed(s, text, in->style->pre);
	if (letters > 0) {
		if (in->style->font_size > s->font_size)
			s->font_size = in->style->font_size;
		s->all_bold = s->all_bold && in->style->bold;
		s->letters += letters;
	}
	if (w->in_link && (seen || !w->link_seen)) {
		if (w->link_text.n > 0)
			buf_add_char(&w->link_text, ' ');
		buf_add(&w->link_text, text);
		w->link_seen = w->link_seen || (seen && letters > 0);
	}
}

static void add_break(struct writer *w, bool seen)
{
	struct stream *s = seen ? &w->shown : &w->hidden;

	s->space = false;
	if (s->any)
		buf_add_char(&s->text, '\n');
}

/* White space in the text of links, too, is one space. */
static struct str collapsed(struct arena *arena, struct str text)
{
	struct stream s = { .any = false };

	buf_init(&s.text, arena, SIZE_MAX);
	add_collapsed(&s, text, false);
	return buf_str(&s.text);
}

static void open_link(struct writer *w, const struct html_node *node)
{
	struct document *d = w->document;

	ARENA_ROOM(w->arena, d->links, d->n_links, d->cap_links);
	d->links[d->n_links++] = (struct link){
		.href = arena_str(w->arena, str_trim(html_attr(node, "href"))),
		.hidden = node->box->hidden,
		.block = d->n_blocks,
	};
	w->in_link = true;
	w->link_seen = false;
	buf_init(&w->link_text, w->arena, 4096);
}

static void close_link(struct writer *w)
{
	struct link *link = &w->document->links[w->document->n_links - 1];

	link->text = collapsed(w->arena, buf_str(&w->link_text));
	link->hidden = link->hidden || (!w->link_seen && link->text.n > 0);
	w->in_link = false;
}

static bool mentions(struct str list, const char *word)
{
	return str_find_nocase(list, str_from(word), 0) != STR_NPOS;
}

static bool is_fine(const struct html_node *node)
{
	return node->tag == TAG_FOOTER || mentions(node->classes, "footer") ||
	       mentions(node->id, "footer") || mentions(node->classes, "legal") ||
	       mentions(node->classes, "unsub");
}

static bool is_banner(const struct writer *w, const struct html_node *node)
{
	for (size_t i = 0; i < w->painted->n; i++)
		if (w->painted->items[i].node == node)
			return true;
	return false;
}

/* The flags that an element gives to all in it. */
static unsigned flags_of(const struct writer *w, const struct html_node *node)
{
	unsigned flags = 0;

	if (html_tag_is(node->tag, TAG_HEADING) || str_is_nocase(html_attr(node, "role"), "heading"))
		flags |= BLOCK_HEADING;
	if (node->style->display == CSS_LIST_ITEM)
		flags |= BLOCK_ITEM;
	if (paint_is_quote(node))
		flags |= BLOCK_QUOTED;
	if (mentions(node->classes, "gmail_signature") || mentions(node->classes, "moz-signature"))
		flags |= BLOCK_SIGNATURE;
	if (w->painted->n > 0 && is_banner(w, node))
		flags |= BLOCK_BANNER | BLOCK_HEADING;
	return flags;
}

static void count_flags(struct writer *w, const struct html_node *node, bool enter)
{
	unsigned flags = flags_of(w, node);

	for (unsigned i = 0; i < FLAGS_N; i++)
		if (flags & 1u << i)
			w->depth[i] += enter ? 1u : -1u;
	if (is_fine(node))
		w->fine += enter ? 1u : -1u;
}

static void enter_table(struct writer *w, const struct html_node *node)
{
	struct table *table;

	switch (node->style->display) {
	case CSS_TABLE:
		ARENA_ROOM(w->arena, w->tables, w->n_tables, w->cap_tables);
		w->tables[w->n_tables++] = (struct table){ node, ++w->table_numbers, 0, 0, false };
		break;
	case CSS_CELL:
		if (w->n_tables == 0)
			break;
		table = &w->tables[w->n_tables - 1];
		table->column = node->box->column;
		table->in_cell = true;
		break;
	default:
		break;
	}
}

static void leave_table(struct writer *w, const struct html_node *node)
{
	if (w->n_tables == 0)
		return;
	if (node->style->display == CSS_TABLE)
		w->n_tables--;
	else if (node->style->display == CSS_CELL)
		w->tables[w->n_tables - 1].in_cell = false;
	else if (node->style->display == CSS_ROW)
		w->tables[w->n_tables - 1].row++;
}

/* The text in an element, up to a limit. */
static struct str text_in(struct arena *arena, struct html_node *node)
{
	struct buf text;

	buf_init(&text, arena, MICRODATA_TEXT);
	for (struct html_node *in = node->first; in != NULL && !text.full;
	     in = html_after(node, in, false))
		if (in->is_text)
			buf_add(&text, in->text);
	return collapsed(arena, buf_str(&text));
}

/* HTML 5.2.4, the value of a property. */
static struct str property_value(struct arena *arena, struct html_node *node)
{
	static const char *const names[] = { "content", "datetime", "href", "src", "value" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct str value = html_attr(node, names[i]);

		if (value.p != NULL && (i < 2 || node->tag != TAG_OTHER))
			return arena_str(arena, str_trim(value));
	}
	return text_in(arena, node);
}

static void add_microdata(struct writer *w, struct html_node *node)
{
	struct document *d = w->document;
	struct str names = html_attr(node, "itemprop"), name, value;

	if (names.n == 0)
		return;
	value = property_value(w->arena, node);
	while (str_next_split(&names, ' ', &name)) {
		name = str_trim(name);
		if (name.n == 0)
			continue;
		ARENA_ROOM(w->arena, d->microdata, d->n_microdata, d->cap_microdata);
		d->microdata[d->n_microdata++] =
			(struct microdata){ arena_str(w->arena, name), value };
	}
}

static void add_jsonld(struct writer *w, const struct html_node *node)
{
	struct document *d = w->document;

	if (!mentions(html_attr(node, "type"), "ld+json") || node->first == NULL)
		return;
	ARENA_ROOM(w->arena, d->jsonld, d->n_jsonld, d->cap_jsonld);
	d->jsonld[d->n_jsonld++] = arena_str(w->arena, node->first->text);
}

/* Elements whose text is no text of the page at all. */
static bool is_no_text(const struct html_node *node)
{
	switch (node->tag) {
	case TAG_HEAD: case TAG_SCRIPT: case TAG_STYLE: case TAG_IFRAME: case TAG_NOEMBED:
	case TAG_NOFRAMES:
		return true;
	case TAG_TITLE:
		return !node->foreign;
	default:
		return false;
	}
}

static void read_head(struct writer *w, struct html_node *node)
{
	if (node->tag == TAG_SCRIPT)
		add_jsonld(w, node);
	else if (node->tag == TAG_TITLE && !node->foreign && w->document->title.p == NULL)
		w->document->title = text_in(w->arena, node);
}

static bool is_button(const struct html_node *node)
{
	struct str type = html_attr(node, "type");

	return node->tag == TAG_INPUT && (str_is_nocase(type, "submit") ||
					  str_is_nocase(type, "button") ||
					  str_is_nocase(type, "reset"));
}

static void enter_inline(struct writer *w, const struct html_node *node)
{
	const struct box *box = node->box;
	bool seen = !box->hidden && !node->style->invisible;

	if (node->tag == TAG_BR) {
		add_break(w, seen);
		return;
	}
	if ((node->tag == TAG_A || node->tag == TAG_AREA) && !w->in_link &&
	    html_attr(node, "href").p != NULL)
		open_link(w, node);
	if (node->style->display == CSS_INLINE_BLOCK)
		w->shown.space = w->hidden.space = true;
	if (node->tag == TAG_IMG) {
		add_text(w, node, html_attr(node, "alt"), seen);
		w->link_seen = w->link_seen || seen;
		w->shown.space = w->hidden.space = true;
	} else if (is_button(node)) {
		add_text(w, node, html_attr(node, "value"), seen);
	}
}

/* Whether text before and after the element stands in blocks of its own. */
static bool breaks(const struct html_node *node)
{
	return layout_is_block(node) && !node->box->gone;
}

/* False where what is in the element is not gone through. */
static bool enter(struct writer *w, struct html_node *node)
{
	if (node->is_text) {
		add_text(w, node->parent, node->text, layout_text_seen(node));
		return true;
	}
	read_head(w, node);
	if (is_no_text(node) && node->tag != TAG_HEAD)
		return false;
	add_microdata(w, node);
	if (node->tag == TAG_HEAD)
		return true;
	if (breaks(node))
		flush(w);
	else if (html_tag_is(node->tag, TAG_BLOCK))
		w->hidden.space = true; /* display: none: neither a break nor a join */
	count_flags(w, node, true);
	enter_table(w, node);
	enter_inline(w, node);
	return true;
}

static void leave(struct writer *w, const struct html_node *node)
{
	if (node->is_text || is_no_text(node))
		return;
	if (breaks(node) || (flags_of(w, node) != 0 && !node->box->gone))
		flush(w);
	if ((node->tag == TAG_A || node->tag == TAG_AREA) && w->in_link &&
	    html_attr(node, "href").p != NULL)
		close_link(w);
	if (node->style->display == CSS_INLINE_BLOCK)
		w->shown.space = w->hidden.space = true;
	else if (html_tag_is(node->tag, TAG_BLOCK))
		w->hidden.space = true;
	leave_table(w, node);
	count_flags(w, node, false);
}

static void walk(struct writer *w, struct html_node *root)
{
	struct html_node *node = root;

	for (;;) {
		if (enter(w, node) && node->first != NULL) {
			node = node->first;
			continue;
		}
		leave(w, node);
		while (node != root && node->next == NULL) {
			node = node->parent;
			leave(w, node);
		}
		if (node == root)
			return;
		node = node->next;
	}
}

static void read_language(struct writer *w, const struct html_tree *tree)
{
	struct str language = html_attr(tree->html, "lang");

	if (language.n == 0)
		language = html_attr(tree->html, "xml:lang");
	if (language.n == 0)
		language = html_attr(tree->body, "lang");
	if (language.n > 0)
		w->document->language = arena_str(w->arena, str_trim(language));
}

void write_document(struct arena *arena, struct document *document, const struct layout *layout,
		    const struct painted_list *painted, struct look **ret_looks)
{
	struct writer w = { .arena = arena, .document = document, .painted = painted };

	stream_clear(&w, &w.shown);
	stream_clear(&w, &w.hidden);
	read_language(&w, layout->tree);
	walk(&w, layout->tree->html);
	flush(&w);
	*ret_looks = w.looks;
}
