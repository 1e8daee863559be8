#include "policy/html/build.h"

/* Handlers of one mode return true where the token must be looked at again in the new mode. */

void build_push(struct build *b, struct html_node *node)
{
	b->stack[b->n_stack++] = node;
	b->open[node->tag]++;
}

void build_pop(struct build *b)
{
	if (b->n_stack > 1)
		b->open[b->stack[--b->n_stack]->tag]--;
}

void build_pop_node(struct build *b, const struct html_node *node)
{
	while (b->n_stack > 1) {
		bool found = build_current(b) == node;

		build_pop(b);
		if (found)
			return;
	}
}

size_t build_stack_find(struct build *b, const struct html_node *node)
{
	for (size_t i = b->n_stack; i > 0; i--) {
		b->work++;
		if (b->stack[i - 1] == node)
			return i - 1;
	}
	return STR_NPOS;
}

void build_stack_remove(struct build *b, const struct html_node *node)
{
	size_t at = build_stack_find(b, node);

	if (at == STR_NPOS || at == 0)
		return;
	b->open[node->tag]--;
	b->n_stack--;
	memmove(b->stack + at, b->stack + at + 1, (b->n_stack - at) * sizeof *b->stack);
}

static bool is_table_part(enum html_tag tag)
{
	return tag == TAG_TABLE || tag == TAG_TBODY || tag == TAG_TFOOT || tag == TAG_THEAD ||
	       tag == TAG_TR;
}

/* 13.2.6.1, the appropriate place. */
void build_place(struct build *b, struct html_node *node, struct html_node *target)
{
	size_t at = b->n_stack;

	if (!b->foster || !is_table_part(target->tag)) {
		node_insert(target, node, NULL);
		return;
	}
	while (at > 0 && b->stack[at - 1]->tag != TAG_TABLE)
		at--;
	if (at > 0 && b->stack[at - 1]->parent != NULL)
		node_insert(b->stack[at - 1]->parent, node, b->stack[at - 1]);
	else
		node_insert(at > 1 ? b->stack[at - 2] : b->stack[0], node, NULL);
}

static bool is_integration_point(const struct html_node *node)
{
	return node->foreign && (node->tag == TAG_TITLE || str_is(node->name, "foreignobject") ||
				 str_is(node->name, "desc") || str_is(node->name, "annotation-xml"));
}

static bool in_foreign(const struct build *b)
{
	const struct html_node *node = build_current(b);

	return node->foreign && !is_integration_point(node);
}

static struct html_node *insert(struct build *b, const struct html_token *token)
{
	struct html_node *parent = build_current(b);
	struct html_node *node = node_element(b, token->name, token->attrs, token->n_attrs);

	node->foreign = node->tag == TAG_SVG || node->tag == TAG_MATH || in_foreign(b);
	build_place(b, node, parent);
	return node;
}

struct html_node *build_element(struct build *b, const struct html_token *token)
{
	struct html_node *node = insert(b, token);

	if (b->n_stack >= HTML_DEPTH_MAX)
		b->tree->too_deep = true;
	else
		build_push(b, node);
	return node;
}

static void insert_void(struct build *b, const struct html_token *token)
{
	insert(b, token);
}

static struct html_node *insert_implied(struct build *b, const char *name)
{
	struct html_token token = { .type = HTML_TOKEN_START, .name = str_from(name) };

	return build_element(b, &token);
}

static void insert_text(struct build *b, struct str text)
{
	struct html_node *node;

	if (text.n == 0)
		return;
	node = ARENA_NEW(b->arena, struct html_node);
	node->is_text = true;
	node->text = text;
	b->tree->n_nodes++;
	build_place(b, node, build_current(b));
}

static void merge_attributes(struct build *b, struct html_node *node,
			     const struct html_token *token)
{
	for (size_t i = 0; i < token->n_attrs && node->n_attrs < HTML_ATTRS_MAX; i++) {
		struct html_attr *grown;

		if (html_attr(node, arena_cstr(b->arena, token->attrs[i].name)).p != NULL)
			continue;
		grown = ARENA_ARRAY(b->arena, node->n_attrs + 1, struct html_attr);
		if (node->n_attrs > 0)
			memcpy(grown, node->attrs, node->n_attrs * sizeof *grown);
		grown[node->n_attrs++] = token->attrs[i];
		node->attrs = grown;
	}
}

/* Whether an element of this tag is open, and no element of stops or TAG_SCOPE is above it. */
static bool in_scope(struct build *b, enum html_tag tag, enum html_tag stop, enum html_tag stop2)
{
	if (b->open[tag] == 0)
		return false;
	for (size_t i = b->n_stack; i > 0; i--) {
		enum html_tag here = b->stack[i - 1]->tag;

		b->work++;
		if (here == tag)
			return true;
		if (here == stop || here == stop2 || html_tag_is(here, TAG_SCOPE))
			return false;
	}
	return false;
}

bool build_in_scope(struct build *b, enum html_tag tag)
{
	return in_scope(b, tag, TAG_N, TAG_N);
}

static bool in_table_scope(struct build *b, enum html_tag tag)
{
	if (b->open[tag] == 0)
		return false;
	for (size_t i = b->n_stack; i > 0; i--) {
		enum html_tag here = b->stack[i - 1]->tag;

		b->work++;
		if (here == tag)
			return true;
		if (here == TAG_TABLE || here == TAG_HTML || here == TAG_TEMPLATE)
			return false;
	}
	return false;
}

static void implied_ends(struct build *b, enum html_tag except)
{
	while (html_tag_is(build_current(b)->tag, TAG_IMPLIED_END) &&
	       build_current(b)->tag != except)
		build_pop(b);
}

static void pop_until(struct build *b, enum html_tag tag)
{
	while (b->n_stack > 2) {
		bool found = build_current(b)->tag == tag;

		build_pop(b);
		if (found)
			return;
	}
}

static void close_p(struct build *b)
{
	if (!in_scope(b, TAG_P, TAG_BUTTON, TAG_N))
		return;
	implied_ends(b, TAG_P);
	pop_until(b, TAG_P);
}

void build_end_other(struct build *b, const struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);

	if (b->open[tag] == 0)
		return;
	for (size_t i = b->n_stack; i > 2; i--) {
		struct html_node *node = b->stack[i - 1];

		b->work++;
		if (node->tag == tag && str_eq(node->name, token->name)) {
			implied_ends(b, tag);
			build_pop_node(b, node);
			return;
		}
		if (html_tag_is(node->tag, TAG_SPECIAL))
			return;
	}
}

/* Elements whose content is no markup: pushed, closed by their own end tag. */
static void raw_element(struct build *b, const struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);

	if (b->n_stack >= HTML_DEPTH_MAX)
		return;
	build_element(b, token);
	b->tokenizer.content = tag == TAG_SCRIPT	    ? HTML_CONTENT_SCRIPT :
			       html_tag_is(tag, TAG_RCDATA) ? HTML_CONTENT_RCDATA :
							      HTML_CONTENT_RAWTEXT;
}

static bool is_raw(enum html_tag tag)
{
	return tag == TAG_SCRIPT || html_tag_is(tag, TAG_RAW) || html_tag_is(tag, TAG_RCDATA);
}

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_space(s.p[i]))
			return false;
	return true;
}

/* 13.2.6.4.1 to .6 in one: until something that is no head content comes. */
static bool mode_head(struct build *b, struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);

	switch (token->type) {
	case HTML_TOKEN_TEXT:
		if (is_blank(token->text))
			return false;
		break;
	case HTML_TOKEN_START:
		if (tag == TAG_HTML || tag == TAG_HEAD) {
			merge_attributes(b, tag == TAG_HTML ? b->tree->html : b->tree->head, token);
			return false;
		}
		if (tag == TAG_NOSCRIPT)
			return false; /* mail is read without scripts: what it holds is content */
		if (is_raw(tag) && html_tag_is(tag, TAG_IN_HEAD)) {
			raw_element(b, token);
			return false;
		}
		if (html_tag_is(tag, TAG_IN_HEAD) && tag != TAG_TEMPLATE && tag != TAG_NOFRAMES) {
			insert_void(b, token);
			return false;
		}
		break;
	case HTML_TOKEN_END:
		if (tag != TAG_HEAD && tag != TAG_BODY && tag != TAG_HTML && tag != TAG_BR)
			return false;
		if (tag == TAG_HEAD && b->mode == MODE_HEAD) {
			build_pop_node(b, b->tree->head);
			b->mode = MODE_AFTER_HEAD;
			return false;
		}
		break;
	default:
		return false;
	}
	if (b->mode == MODE_HEAD)
		build_pop_node(b, b->tree->head);
	build_push(b, b->tree->body);
	b->mode = MODE_BODY;
	if (token->type == HTML_TOKEN_START && tag == TAG_BODY)
		merge_attributes(b, b->tree->body, token);
	return true;
}

static void start_list_item(struct build *b, enum html_tag tag)
{
	for (size_t i = b->n_stack; i > 2; i--) {
		enum html_tag here = b->stack[i - 1]->tag;
		bool same = tag == TAG_LI ? here == TAG_LI : here == TAG_DD || here == TAG_DT;

		b->work++;
		if (same) {
			implied_ends(b, here);
			pop_until(b, here);
			break;
		}
		if (html_tag_is(here, TAG_SPECIAL) && here != TAG_ADDRESS && here != TAG_DIV &&
		    here != TAG_P)
			break;
	}
	close_p(b);
}

static void start_formatting(struct build *b, const struct html_token *token, enum html_tag tag)
{
	struct html_node *open = tag == TAG_A ? formatting_find(b, TAG_A) : NULL;
	struct html_token end = { .type = HTML_TOKEN_END, .name = token->name };

	if (open != NULL) {
		formatting_end(b, &end);
		formatting_remove(b, open);
		build_stack_remove(b, open);
	}
	formatting_reopen(b);
	if (tag == TAG_NOBR && build_in_scope(b, TAG_NOBR)) {
		formatting_end(b, &end);
		formatting_reopen(b);
	}
	if (b->n_stack < HTML_DEPTH_MAX)
		formatting_push(b, build_element(b, token));
	else
		build_element(b, token);
}

static void start_block(struct build *b, const struct html_token *token, enum html_tag tag)
{
	if (tag == TAG_LI || tag == TAG_DD || tag == TAG_DT)
		start_list_item(b, tag);
	else
		close_p(b);
	if (html_tag_is(tag, TAG_HEADING) && html_tag_is(build_current(b)->tag, TAG_HEADING))
		build_pop(b);
	if (tag == TAG_HR) {
		insert_void(b, token);
		return;
	}
	if (tag == TAG_XMP) {
		formatting_reopen(b);
		raw_element(b, token);
		return;
	}
	build_element(b, token);
	if (tag == TAG_TABLE)
		b->mode = MODE_TABLE;
	else if (tag == TAG_PLAINTEXT)
		b->tokenizer.content = HTML_CONTENT_PLAINTEXT;
}

static void start_ordinary(struct build *b, const struct html_token *token, enum html_tag tag)
{
	if (tag == TAG_BUTTON && build_in_scope(b, TAG_BUTTON)) {
		implied_ends(b, TAG_N);
		pop_until(b, TAG_BUTTON);
	}
	if ((tag == TAG_OPTION || tag == TAG_OPTGROUP) && build_current(b)->tag == TAG_OPTION)
		build_pop(b);
	formatting_reopen(b);
	if (html_tag_is(tag, TAG_VOID)) {
		insert_void(b, token);
		return;
	}
	/* Word's own elements (v:fill, o:p) are XML to Outlook and close themselves there. */
	if (token->self_closing && (tag == TAG_SVG || tag == TAG_MATH ||
				    (b->tokenizer.outlook &&
				     str_find_char(token->name, ':', 0) != STR_NPOS))) {
		insert_void(b, token);
		return;
	}
	build_element(b, token);
	if (tag == TAG_APPLET || tag == TAG_MARQUEE || tag == TAG_OBJECT)
		formatting_marker(b);
}

static void body_start(struct build *b, struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);

	switch (tag) {
	case TAG_HTML:
	case TAG_BODY:
		merge_attributes(b, tag == TAG_HTML ? b->tree->html : b->tree->body, token);
		return;
	case TAG_CAPTION: case TAG_COL: case TAG_COLGROUP: case TAG_FRAME: case TAG_FRAMESET:
	case TAG_HEAD: case TAG_TBODY: case TAG_TD: case TAG_TFOOT: case TAG_TH: case TAG_THEAD:
	case TAG_TR:
		return;
	case TAG_IMAGE:
		token->name = STR_LIT("img");
		start_ordinary(b, token, TAG_IMG);
		return;
	case TAG_SCRIPT: case TAG_STYLE: case TAG_TITLE: case TAG_NOFRAMES: case TAG_IFRAME:
	case TAG_NOEMBED: case TAG_TEXTAREA:
		raw_element(b, token);
		return;
	default:
		break;
	}
	if (html_tag_is(tag, TAG_FORMATTING))
		start_formatting(b, token, tag);
	else if (html_tag_is(tag, TAG_CLOSES_P))
		start_block(b, token, tag);
	else
		start_ordinary(b, token, tag);
}

static void end_heading(struct build *b)
{
	for (size_t i = b->n_stack; i > 2; i--) {
		enum html_tag here = b->stack[i - 1]->tag;

		b->work++;
		if (html_tag_is(here, TAG_HEADING)) {
			implied_ends(b, TAG_N);
			pop_until(b, here);
			return;
		}
		if (html_tag_is(here, TAG_SCOPE))
			return;
	}
}

static void end_in_scope(struct build *b, enum html_tag tag, enum html_tag stop,
			 enum html_tag stop2)
{
	if (!in_scope(b, tag, stop, stop2))
		return;
	implied_ends(b, tag);
	pop_until(b, tag);
}

static void body_end(struct build *b, struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);

	switch (tag) {
	case TAG_BODY:
	case TAG_HTML:
		return;
	case TAG_P:
		if (!in_scope(b, TAG_P, TAG_BUTTON, TAG_N))
			insert_implied(b, "p");
		end_in_scope(b, TAG_P, TAG_BUTTON, TAG_N);
		return;
	case TAG_BR:
		*token = (struct html_token){ .type = HTML_TOKEN_START, .name = STR_LIT("br") };
		start_ordinary(b, token, TAG_BR);
		return;
	case TAG_LI:
		end_in_scope(b, TAG_LI, TAG_OL, TAG_UL);
		return;
	case TAG_DD:
	case TAG_DT:
		end_in_scope(b, tag, TAG_N, TAG_N);
		return;
	case TAG_APPLET:
	case TAG_MARQUEE:
	case TAG_OBJECT:
		if (build_in_scope(b, tag)) {
			end_in_scope(b, tag, TAG_N, TAG_N);
			formatting_clear_to_marker(b);
		}
		return;
	default:
		break;
	}
	if (html_tag_is(tag, TAG_HEADING))
		end_heading(b);
	else if (html_tag_is(tag, TAG_FORMATTING))
		formatting_end(b, token);
	else if (html_tag_is(tag, TAG_BLOCK_END))
		end_in_scope(b, tag, TAG_N, TAG_N);
	else
		build_end_other(b, token);
}

static bool mode_body(struct build *b, struct html_token *token)
{
	if (token->type == HTML_TOKEN_TEXT) {
		if (!is_blank(token->text))
			formatting_reopen(b);
		insert_text(b, token->text);
	} else if (token->type == HTML_TOKEN_START) {
		body_start(b, token);
	} else if (token->type == HTML_TOKEN_END) {
		body_end(b, token);
	}
	return false;
}

static void clear_to(struct build *b, enum html_tag a, enum html_tag c, enum html_tag d)
{
	while (b->n_stack > 2) {
		enum html_tag here = build_current(b)->tag;

		if (here == a || here == c || here == d || here == TAG_TEMPLATE)
			return;
		build_pop(b);
	}
}

/* 13.2.4.1 */
static void reset_mode(struct build *b)
{
	for (size_t i = b->n_stack; i > 2; i--) {
		switch (b->stack[i - 1]->tag) {
		case TAG_TD:
		case TAG_TH:
			b->mode = MODE_CELL;
			return;
		case TAG_TR:
			b->mode = MODE_ROW;
			return;
		case TAG_TBODY:
		case TAG_THEAD:
		case TAG_TFOOT:
			b->mode = MODE_TABLE_BODY;
			return;
		case TAG_CAPTION:
			b->mode = MODE_CAPTION;
			return;
		case TAG_COLGROUP:
			b->mode = MODE_COLGROUP;
			return;
		case TAG_TABLE:
			b->mode = MODE_TABLE;
			return;
		default:
			break;
		}
	}
	b->mode = MODE_BODY;
}

/* What has no place in a table stands before it. */
static bool foster(struct build *b, struct html_token *token)
{
	enum build_mode mode = b->mode;

	b->foster = true;
	mode_body(b, token);
	b->foster = false;
	/* A table inside what was fostered has its own mode; else nothing changed. */
	if (b->mode != mode && b->mode != MODE_TABLE)
		b->mode = mode;
	return false;
}

static bool close_table(struct build *b)
{
	if (!in_table_scope(b, TAG_TABLE))
		return false;
	pop_until(b, TAG_TABLE);
	reset_mode(b);
	return true;
}

static bool table_start(struct build *b, struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);

	switch (tag) {
	case TAG_CAPTION:
		clear_to(b, TAG_TABLE, TAG_TABLE, TAG_TABLE);
		formatting_marker(b);
		build_element(b, token);
		b->mode = MODE_CAPTION;
		return false;
	case TAG_COLGROUP:
	case TAG_COL:
		clear_to(b, TAG_TABLE, TAG_TABLE, TAG_TABLE);
		if (tag == TAG_COLGROUP)
			build_element(b, token);
		else
			insert_implied(b, "colgroup");
		b->mode = MODE_COLGROUP;
		return tag == TAG_COL;
	case TAG_TBODY:
	case TAG_TFOOT:
	case TAG_THEAD:
		clear_to(b, TAG_TABLE, TAG_TABLE, TAG_TABLE);
		build_element(b, token);
		b->mode = MODE_TABLE_BODY;
		return false;
	case TAG_TR:
	case TAG_TD:
	case TAG_TH:
		clear_to(b, TAG_TABLE, TAG_TABLE, TAG_TABLE);
		insert_implied(b, "tbody");
		b->mode = MODE_TABLE_BODY;
		return true;
	case TAG_TABLE:
		return close_table(b);
	case TAG_STYLE:
	case TAG_SCRIPT:
		raw_element(b, token);
		return false;
	case TAG_FORM:
		insert_void(b, token);
		return false;
	default:
		return foster(b, token);
	}
}

static bool is_table_end(enum html_tag tag)
{
	return tag == TAG_BODY || tag == TAG_CAPTION || tag == TAG_COL || tag == TAG_COLGROUP ||
	       tag == TAG_HTML || tag == TAG_TBODY || tag == TAG_TD || tag == TAG_TFOOT ||
	       tag == TAG_TH || tag == TAG_THEAD || tag == TAG_TR;
}

static bool mode_table(struct build *b, struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);

	if (token->type == HTML_TOKEN_TEXT) {
		if (!is_blank(token->text) && is_table_part(build_current(b)->tag))
			return foster(b, token);
		return mode_body(b, token);
	}
	if (token->type == HTML_TOKEN_START)
		return table_start(b, token);
	if (token->type != HTML_TOKEN_END)
		return false;
	if (tag == TAG_TABLE) {
		close_table(b);
		return false;
	}
	return is_table_end(tag) ? false : foster(b, token);
}

static bool is_row_group(enum html_tag tag)
{
	return tag == TAG_TBODY || tag == TAG_TFOOT || tag == TAG_THEAD;
}

static bool starts_table_part(enum html_tag tag)
{
	return tag == TAG_CAPTION || tag == TAG_COL || tag == TAG_COLGROUP || is_row_group(tag);
}

static bool close_row_group(struct build *b)
{
	if (!in_table_scope(b, TAG_TBODY) && !in_table_scope(b, TAG_THEAD) &&
	    !in_table_scope(b, TAG_TFOOT))
		return false;
	clear_to(b, TAG_TBODY, TAG_THEAD, TAG_TFOOT);
	build_pop(b);
	b->mode = MODE_TABLE;
	return true;
}

static bool mode_table_body(struct build *b, struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);
	bool start = token->type == HTML_TOKEN_START, end = token->type == HTML_TOKEN_END;

	if (start && (tag == TAG_TR || tag == TAG_TD || tag == TAG_TH)) {
		clear_to(b, TAG_TBODY, TAG_THEAD, TAG_TFOOT);
		if (tag == TAG_TR)
			build_element(b, token);
		else
			insert_implied(b, "tr");
		b->mode = MODE_ROW;
		return tag != TAG_TR;
	}
	if ((start && starts_table_part(tag)) || (end && tag == TAG_TABLE))
		return close_row_group(b);
	if (end && is_row_group(tag)) {
		if (in_table_scope(b, tag))
			close_row_group(b);
		return false;
	}
	return mode_table(b, token);
}

static bool close_row(struct build *b)
{
	if (!in_table_scope(b, TAG_TR))
		return false;
	clear_to(b, TAG_TR, TAG_TR, TAG_TR);
	build_pop(b);
	b->mode = MODE_TABLE_BODY;
	return true;
}

static bool mode_row(struct build *b, struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);
	bool start = token->type == HTML_TOKEN_START, end = token->type == HTML_TOKEN_END;

	if (start && (tag == TAG_TD || tag == TAG_TH)) {
		clear_to(b, TAG_TR, TAG_TR, TAG_TR);
		build_element(b, token);
		b->mode = MODE_CELL;
		formatting_marker(b);
		return false;
	}
	if (end && tag == TAG_TR) {
		close_row(b);
		return false;
	}
	if ((start && (starts_table_part(tag) || tag == TAG_TR)) || (end && tag == TAG_TABLE))
		return close_row(b);
	if (end && is_row_group(tag))
		return in_table_scope(b, tag) && close_row(b);
	return mode_table(b, token);
}

static bool close_cell(struct build *b)
{
	enum html_tag cell = in_table_scope(b, TAG_TD) ? TAG_TD : TAG_TH;

	if (!in_table_scope(b, cell))
		return false;
	implied_ends(b, TAG_N);
	pop_until(b, cell);
	formatting_clear_to_marker(b);
	b->mode = MODE_ROW;
	return true;
}

static bool mode_cell(struct build *b, struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);
	bool start = token->type == HTML_TOKEN_START, end = token->type == HTML_TOKEN_END;

	if (end && (tag == TAG_TD || tag == TAG_TH)) {
		if (in_table_scope(b, tag))
			close_cell(b);
		return false;
	}
	if (start && (starts_table_part(tag) || tag == TAG_TD || tag == TAG_TH || tag == TAG_TR))
		return close_cell(b);
	if (end && (tag == TAG_TABLE || tag == TAG_TR || is_row_group(tag)))
		return in_table_scope(b, tag) && close_cell(b);
	if (end && is_table_end(tag))
		return false;
	return mode_body(b, token);
}

static bool close_caption(struct build *b)
{
	if (!in_table_scope(b, TAG_CAPTION))
		return false;
	implied_ends(b, TAG_N);
	pop_until(b, TAG_CAPTION);
	formatting_clear_to_marker(b);
	b->mode = MODE_TABLE;
	return true;
}

static bool mode_caption(struct build *b, struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);
	bool start = token->type == HTML_TOKEN_START, end = token->type == HTML_TOKEN_END;

	if (end && tag == TAG_CAPTION) {
		close_caption(b);
		return false;
	}
	if ((start && (starts_table_part(tag) || tag == TAG_TD || tag == TAG_TH || tag == TAG_TR)) ||
	    (end && tag == TAG_TABLE))
		return close_caption(b);
	if (end && is_table_end(tag))
		return false;
	return mode_body(b, token);
}

static bool mode_colgroup(struct build *b, struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);

	if (token->type == HTML_TOKEN_TEXT && is_blank(token->text))
		return false;
	if (token->type == HTML_TOKEN_START && tag == TAG_COL) {
		insert_void(b, token);
		return false;
	}
	if (token->type == HTML_TOKEN_EOF || token->type == HTML_TOKEN_COMMENT ||
	    token->type == HTML_TOKEN_DOCTYPE)
		return false;
	if (build_current(b)->tag == TAG_COLGROUP)
		build_pop(b);
	b->mode = MODE_TABLE;
	return !(token->type == HTML_TOKEN_END && (tag == TAG_COLGROUP || tag == TAG_COL));
}

/* 13.2.6.5: what breaks out of svg and math. */
static bool breaks_out(const struct html_token *token)
{
	enum html_tag tag = html_tag_find(token->name);

	if (tag == TAG_A || tag == TAG_OTHER || tag == TAG_TITLE || tag == TAG_STYLE ||
	    tag == TAG_SCRIPT || tag == TAG_SVG || tag == TAG_MATH || tag == TAG_FONT)
		return false;
	return html_tag_is(tag, TAG_FORMATTING) || html_tag_is(tag, TAG_BLOCK) ||
	       tag == TAG_BR || tag == TAG_IMG || tag == TAG_SPAN || tag == TAG_META ||
	       tag == TAG_EMBED || tag == TAG_SUB || tag == TAG_SUP || tag == TAG_HEAD;
}

static void end_foreign(struct build *b, const struct html_token *token)
{
	for (size_t i = b->n_stack; i > 2 && b->stack[i - 1]->foreign; i--) {
		b->work++;
		if (str_eq(b->stack[i - 1]->name, token->name)) {
			build_pop_node(b, b->stack[i - 1]);
			return;
		}
	}
	/* Nothing of svg has this name: the elements around it are asked. */
	body_end(b, (struct html_token *)token);
}

static bool foreign(struct build *b, struct html_token *token)
{
	if (token->type == HTML_TOKEN_TEXT) {
		insert_text(b, token->text);
	} else if (token->type == HTML_TOKEN_START && breaks_out(token)) {
		while (b->n_stack > 2 && in_foreign(b))
			build_pop(b);
		return true;
	} else if (token->type == HTML_TOKEN_START) {
		if (token->self_closing)
			insert_void(b, token);
		else
			build_element(b, token);
	} else if (token->type == HTML_TOKEN_END) {
		end_foreign(b, token);
	}
	return false;
}

static bool in_raw_element(struct build *b, const struct html_token *token)
{
	const struct html_node *node = build_current(b);

	if (node->foreign || !is_raw(node->tag))
		return false;
	if (token->type == HTML_TOKEN_TEXT)
		insert_text(b, token->text);
	else
		build_pop(b);
	return token->type == HTML_TOKEN_TEXT || token->type == HTML_TOKEN_END;
}

static bool dispatch(struct build *b, struct html_token *token)
{
	if (in_foreign(b))
		return foreign(b, token);
	switch (b->mode) {
	case MODE_HEAD:
	case MODE_AFTER_HEAD:
		return mode_head(b, token);
	case MODE_BODY:
		return mode_body(b, token);
	case MODE_TABLE:
		return mode_table(b, token);
	case MODE_CAPTION:
		return mode_caption(b, token);
	case MODE_COLGROUP:
		return mode_colgroup(b, token);
	case MODE_TABLE_BODY:
		return mode_table_body(b, token);
	case MODE_ROW:
		return mode_row(b, token);
	case MODE_CELL:
		return mode_cell(b, token);
	}
	return false;
}

void build_token(struct build *b, struct html_token *token)
{
	if (token->type == HTML_TOKEN_COMMENT || token->type == HTML_TOKEN_DOCTYPE ||
	    token->type == HTML_TOKEN_EOF || in_raw_element(b, token))
		return;
	/* No token passes through more modes than there are. */
	for (int again = 0; again < 12 && dispatch(b, token); again++)
		;
	if (b->tree->n_nodes > HTML_NODES_MAX || b->work > BUILD_WORK_MAX)
		b->tree->too_many = true;
}

void build_init(struct build *b, struct html_tree *tree, struct str input, bool outlook)
{
	*b = (struct build){ .arena = tree->arena, .tree = tree, .mode = MODE_HEAD };
	html_tokenizer_init(&b->tokenizer, tree->arena, input);
	b->tokenizer.outlook = outlook;
	tree->html = node_element(b, STR_LIT("html"), NULL, 0);
	tree->head = node_element(b, STR_LIT("head"), NULL, 0);
	tree->body = node_element(b, STR_LIT("body"), NULL, 0);
	node_insert(tree->html, tree->head, NULL);
	node_insert(tree->html, tree->body, NULL);
	build_push(b, tree->html);
	build_push(b, tree->head);
}
