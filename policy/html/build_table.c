#include "policy/html/build.h"

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
	build_mode_body(b, token);
	b->foster = false;
	/* A table inside what was fostered has its own mode; else nothing changed. */
	if (b->mode != mode && b->mode != MODE_TABLE)
		b->mode = mode;
	return false;
}

static bool close_table(struct build *b)
{
	if (!build_in_scope(b, TAG_TABLE, TAG_SCOPE_TABLE))
		return false;
	build_pop_tag(b, TAG_TABLE);
	reset_mode(b);
	return true;
}

static bool table_start(struct build *b, struct html_token *token)
{
	enum html_tag tag = token->tag;

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
			build_implied(b, TAG_COLGROUP);
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
		build_implied(b, TAG_TBODY);
		b->mode = MODE_TABLE_BODY;
		return true;
	case TAG_TABLE:
		return close_table(b);
	case TAG_STYLE:
	case TAG_SCRIPT:
		build_raw(b, token);
		return false;
	case TAG_FORM:
		build_insert(b, token);
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

bool build_mode_table(struct build *b, struct html_token *token)
{
	enum html_tag tag = token->tag;

	if (token->type == HTML_TOKEN_TEXT) {
		if (!build_is_blank(token->text) && build_is_table_part(build_current(b)->tag))
			return foster(b, token);
		return build_mode_body(b, token);
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
	if (!build_in_scope(b, TAG_TBODY, TAG_SCOPE_TABLE) &&
	    !build_in_scope(b, TAG_THEAD, TAG_SCOPE_TABLE) &&
	    !build_in_scope(b, TAG_TFOOT, TAG_SCOPE_TABLE))
		return false;
	clear_to(b, TAG_TBODY, TAG_THEAD, TAG_TFOOT);
	build_pop(b);
	b->mode = MODE_TABLE;
	return true;
}

bool build_mode_table_body(struct build *b, struct html_token *token)
{
	enum html_tag tag = token->tag;
	bool start = token->type == HTML_TOKEN_START, end = token->type == HTML_TOKEN_END;

	if (start && (tag == TAG_TR || tag == TAG_TD || tag == TAG_TH)) {
		clear_to(b, TAG_TBODY, TAG_THEAD, TAG_TFOOT);
		if (tag == TAG_TR)
			build_element(b, token);
		else
			build_implied(b, TAG_TR);
		b->mode = MODE_ROW;
		return tag != TAG_TR;
	}
	if ((start && starts_table_part(tag)) || (end && tag == TAG_TABLE))
		return close_row_group(b);
	if (end && is_row_group(tag)) {
		if (build_in_scope(b, tag, TAG_SCOPE_TABLE))
			close_row_group(b);
		return false;
	}
	return build_mode_table(b, token);
}

static bool close_row(struct build *b)
{
	if (!build_in_scope(b, TAG_TR, TAG_SCOPE_TABLE))
		return false;
	clear_to(b, TAG_TR, TAG_TR, TAG_TR);
	build_pop(b);
	b->mode = MODE_TABLE_BODY;
	return true;
}

bool build_mode_row(struct build *b, struct html_token *token)
{
	enum html_tag tag = token->tag;
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
		return build_in_scope(b, tag, TAG_SCOPE_TABLE) && close_row(b);
	return build_mode_table(b, token);
}

static bool close_cell(struct build *b)
{
	enum html_tag cell = build_in_scope(b, TAG_TD, TAG_SCOPE_TABLE) ? TAG_TD : TAG_TH;

	if (!build_in_scope(b, cell, TAG_SCOPE_TABLE))
		return false;
	build_implied_ends(b, TAG_N);
	build_pop_tag(b, cell);
	formatting_clear_to_marker(b);
	b->mode = MODE_ROW;
	return true;
}

bool build_mode_cell(struct build *b, struct html_token *token)
{
	enum html_tag tag = token->tag;
	bool start = token->type == HTML_TOKEN_START, end = token->type == HTML_TOKEN_END;

	if (end && (tag == TAG_TD || tag == TAG_TH)) {
		if (build_in_scope(b, tag, TAG_SCOPE_TABLE))
			close_cell(b);
		return false;
	}
	if (start && (starts_table_part(tag) || tag == TAG_TD || tag == TAG_TH || tag == TAG_TR))
		return close_cell(b);
	if (end && (tag == TAG_TABLE || tag == TAG_TR || is_row_group(tag)))
		return build_in_scope(b, tag, TAG_SCOPE_TABLE) && close_cell(b);
	if (end && is_table_end(tag))
		return false;
	return build_mode_body(b, token);
}

static bool close_caption(struct build *b)
{
	if (!build_in_scope(b, TAG_CAPTION, TAG_SCOPE_TABLE))
		return false;
	build_implied_ends(b, TAG_N);
	build_pop_tag(b, TAG_CAPTION);
	formatting_clear_to_marker(b);
	b->mode = MODE_TABLE;
	return true;
}

bool build_mode_caption(struct build *b, struct html_token *token)
{
	enum html_tag tag = token->tag;
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
	return build_mode_body(b, token);
}

bool build_mode_colgroup(struct build *b, struct html_token *token)
{
	enum html_tag tag = token->tag;

	if (token->type == HTML_TOKEN_TEXT && build_is_blank(token->text))
		return false;
	if (token->type == HTML_TOKEN_START && tag == TAG_COL) {
		build_insert(b, token);
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
