#include "policy/html/build.h"

static void close_p(struct build *b)
{
	if (!build_in_scope(b, TAG_P, TAG_SCOPE_BUTTON))
		return;
	build_implied_ends(b, TAG_P);
	build_pop_tag(b, TAG_P);
}

void build_end_other(struct build *b, const struct html_token *token)
{
	enum html_tag tag = token->tag;

	if (b->open[tag] == 0)
		return;
	for (size_t i = b->n_stack; i > 2; i--) {
		struct html_node *node = b->stack[i - 1];

		b->work++;
		if (node->tag == tag && str_eq(node->name, token->name)) {
			build_implied_ends(b, tag);
			build_pop_node(b, node);
			return;
		}
		if (html_tag_is(node->tag, TAG_SPECIAL))
			return;
	}
}

static void start_list_item(struct build *b, enum html_tag tag)
{
	for (size_t i = b->n_stack; i > 2; i--) {
		enum html_tag here = b->stack[i - 1]->tag;
		bool same = tag == TAG_LI ? here == TAG_LI : here == TAG_DD || here == TAG_DT;

		b->work++;
		if (same) {
			build_implied_ends(b, here);
			build_pop_tag(b, here);
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
	struct html_token end = { .type = HTML_TOKEN_END, .name = token->name, .tag = tag };

	if (open != NULL) {
		formatting_end(b, &end);
		formatting_remove(b, open);
		build_stack_remove(b, open);
	}
	formatting_reopen(b);
	if (tag == TAG_NOBR && build_in_scope(b, TAG_NOBR, TAG_SCOPE)) {
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
		build_insert(b, token);
		return;
	}
	if (tag == TAG_XMP) {
		formatting_reopen(b);
		build_raw(b, token);
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
	if (tag == TAG_BUTTON && build_in_scope(b, TAG_BUTTON, TAG_SCOPE)) {
		build_implied_ends(b, TAG_N);
		build_pop_tag(b, TAG_BUTTON);
	}
	if ((tag == TAG_OPTION || tag == TAG_OPTGROUP) && build_current(b)->tag == TAG_OPTION)
		build_pop(b);
	formatting_reopen(b);
	if (html_tag_is(tag, TAG_VOID)) {
		build_insert(b, token);
		return;
	}
	/* Word's own elements (v:fill, o:p) are XML to Outlook and close themselves there. */
	if (token->self_closing && (tag == TAG_SVG || tag == TAG_MATH ||
				    (b->tokenizer.outlook &&
				     str_find_char(token->name, ':', 0) != STR_NPOS))) {
		build_insert(b, token);
		return;
	}
	build_element(b, token);
	if (tag == TAG_APPLET || tag == TAG_MARQUEE || tag == TAG_OBJECT)
		formatting_marker(b);
}

static void body_start(struct build *b, struct html_token *token)
{
	enum html_tag tag = token->tag;

	switch (tag) {
	case TAG_HTML:
	case TAG_BODY:
		build_merge(b, tag == TAG_HTML ? b->tree->html : b->tree->body, token);
		return;
	case TAG_CAPTION: case TAG_COL: case TAG_COLGROUP: case TAG_FRAME: case TAG_FRAMESET:
	case TAG_HEAD: case TAG_TBODY: case TAG_TD: case TAG_TFOOT: case TAG_TH: case TAG_THEAD:
	case TAG_TR:
		return;
	case TAG_IMAGE:
		token->name = STR_LIT("img");
		token->tag = TAG_IMG;
		start_ordinary(b, token, TAG_IMG);
		return;
	case TAG_SCRIPT: case TAG_STYLE: case TAG_TITLE: case TAG_NOFRAMES: case TAG_IFRAME:
	case TAG_NOEMBED: case TAG_TEXTAREA:
		build_raw(b, token);
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
			build_implied_ends(b, TAG_N);
			build_pop_tag(b, here);
			return;
		}
		if (html_tag_is(here, TAG_SCOPE))
			return;
	}
}

static void end_in_scope(struct build *b, enum html_tag tag, enum html_tag_flag scope)
{
	if (!build_in_scope(b, tag, scope))
		return;
	build_implied_ends(b, tag);
	build_pop_tag(b, tag);
}

void build_body_end(struct build *b, struct html_token *token)
{
	enum html_tag tag = token->tag;

	switch (tag) {
	case TAG_BODY:
	case TAG_HTML:
		return;
	case TAG_P:
		if (!build_in_scope(b, TAG_P, TAG_SCOPE_BUTTON))
			build_implied(b, TAG_P);
		end_in_scope(b, TAG_P, TAG_SCOPE_BUTTON);
		return;
	case TAG_BR:
		*token = (struct html_token){ .type = HTML_TOKEN_START, .name = STR_LIT("br"),
					       .tag = TAG_BR };
		start_ordinary(b, token, TAG_BR);
		return;
	case TAG_LI:
		end_in_scope(b, TAG_LI, TAG_SCOPE_LIST);
		return;
	case TAG_DD:
	case TAG_DT:
		end_in_scope(b, tag, TAG_SCOPE);
		return;
	case TAG_APPLET:
	case TAG_MARQUEE:
	case TAG_OBJECT:
		if (build_in_scope(b, tag, TAG_SCOPE)) {
			end_in_scope(b, tag, TAG_SCOPE);
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
		end_in_scope(b, tag, TAG_SCOPE);
	else
		build_end_other(b, token);
}

bool build_mode_body(struct build *b, struct html_token *token)
{
	if (token->type == HTML_TOKEN_TEXT) {
		if (!build_is_blank(token->text))
			formatting_reopen(b);
		build_text(b, token->text);
	} else if (token->type == HTML_TOKEN_START) {
		body_start(b, token);
	} else if (token->type == HTML_TOKEN_END) {
		build_body_end(b, token);
	}
	return false;
}
