#include "policy/html/build.h"

/* 13.2.6.5: what breaks out of svg and math. */
static bool breaks_out(const struct html_token *token)
{
	enum html_tag tag = token->tag;

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
	build_body_end(b, (struct html_token *)token);
}

static bool mode_foreign(struct build *b, struct html_token *token)
{
	if (token->type == HTML_TOKEN_TEXT) {
		build_text(b, token->text);
	} else if (token->type == HTML_TOKEN_START && breaks_out(token)) {
		while (b->n_stack > 2 && build_in_foreign(b))
			build_pop(b);
		return true;
	} else if (token->type == HTML_TOKEN_START) {
		if (token->self_closing)
			build_insert(b, token);
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

	if (node->foreign || !build_is_raw(node->tag))
		return false;
	if (token->type == HTML_TOKEN_TEXT)
		build_text(b, token->text);
	else
		build_pop(b);
	return token->type == HTML_TOKEN_TEXT || token->type == HTML_TOKEN_END;
}

/* 13.2.6.4.1 to .6 in one: until something that is no head content comes. */
static bool mode_head(struct build *b, struct html_token *token)
{
	enum html_tag tag = token->tag;

	switch (token->type) {
	case HTML_TOKEN_TEXT:
		if (build_is_blank(token->text))
			return false;
		break;
	case HTML_TOKEN_START:
		if (tag == TAG_HTML || tag == TAG_HEAD) {
			build_merge(b, tag == TAG_HTML ? b->tree->html : b->tree->head, token);
			return false;
		}
		if (tag == TAG_NOSCRIPT)
			return false; /* mail is read without scripts: what it holds is content */
		if (build_is_raw(tag) && html_tag_is(tag, TAG_IN_HEAD)) {
			build_raw(b, token);
			return false;
		}
		if (html_tag_is(tag, TAG_IN_HEAD) && tag != TAG_TEMPLATE && tag != TAG_NOFRAMES) {
			build_insert(b, token);
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
		build_merge(b, b->tree->body, token);
	return true;
}

static build_mode_fn *const modes[] = {
	[MODE_HEAD] = mode_head,
	[MODE_AFTER_HEAD] = mode_head,
	[MODE_BODY] = build_mode_body,
	[MODE_TABLE] = build_mode_table,
	[MODE_CAPTION] = build_mode_caption,
	[MODE_COLGROUP] = build_mode_colgroup,
	[MODE_TABLE_BODY] = build_mode_table_body,
	[MODE_ROW] = build_mode_row,
	[MODE_CELL] = build_mode_cell,
};

static bool dispatch(struct build *b, struct html_token *token)
{
	return build_in_foreign(b) ? mode_foreign(b, token) : modes[b->mode](b, token);
}

void build_token(struct build *b, struct html_token *token)
{
	token->tag = html_tag_find(token->name);
	if (token->type == HTML_TOKEN_COMMENT || token->type == HTML_TOKEN_DOCTYPE ||
	    token->type == HTML_TOKEN_EOF || in_raw_element(b, token))
		return;
	/* No token passes through more modes than there are. */
	for (int again = 0; again < 12 && dispatch(b, token); again++)
		;
	if (b->tree->n_nodes > HTML_NODES_MAX || b->work > BUILD_WORK_MAX)
		b->tree->too_many = true;
}

static struct html_node *root(struct build *b, enum html_tag tag)
{
	struct html_token token = { .name = str_from(html_tag_name(tag)), .tag = tag };

	return node_element(b, &token);
}

void build_init(struct build *b, struct html_tree *tree, struct str input, bool outlook)
{
	*b = (struct build){ .arena = tree->arena, .tree = tree, .mode = MODE_HEAD };
	html_tokenizer_init(&b->tokenizer, tree->arena, input);
	b->tokenizer.outlook = outlook;
	tree->html = root(b, TAG_HTML);
	tree->head = root(b, TAG_HEAD);
	tree->body = root(b, TAG_BODY);
	node_insert(tree->html, tree->head, NULL);
	node_insert(tree->html, tree->body, NULL);
	build_push(b, tree->html);
	build_push(b, tree->head);
}
