#include "policy/html/cascade.h"

static void hint(struct cascade *c, enum css_property property, struct css_value value)
{
	cascade_set(c, property, value, PAINT_BGCOLOR);
}

static void hint_sides(struct cascade *c, enum css_property first, double top, double right,
		       double bottom, double left)
{
	hint(c, first, css_px(top));
	hint(c, (enum css_property)(first + SIDE_RIGHT), css_px(right));
	hint(c, (enum css_property)(first + SIDE_BOTTOM), css_px(bottom));
	hint(c, (enum css_property)(first + SIDE_LEFT), css_px(left));
}

static enum css_keyword default_display(const struct html_node *node)
{
	switch (node->tag) {
	case TAG_HEAD: case TAG_STYLE: case TAG_SCRIPT: case TAG_TITLE: case TAG_META:
	case TAG_LINK: case TAG_BASE: case TAG_TEMPLATE: case TAG_NOFRAMES: case TAG_NOEMBED:
	case TAG_PARAM: case TAG_SOURCE: case TAG_TRACK: case TAG_SVG: case TAG_RP:
	case TAG_IFRAME: case TAG_BASEFONT: case TAG_BGSOUND:
		return CSS_NONE;
	case TAG_TABLE:
		return CSS_TABLE;
	case TAG_TBODY: case TAG_THEAD: case TAG_TFOOT:
		return CSS_ROW_GROUP;
	case TAG_TR:
		return CSS_ROW;
	case TAG_TD: case TAG_TH:
		return CSS_CELL;
	case TAG_CAPTION:
		return CSS_CAPTION;
	case TAG_COL: case TAG_COLGROUP:
		return CSS_COLUMN;
	case TAG_LI:
		return CSS_LIST_ITEM;
	case TAG_BUTTON: case TAG_INPUT: case TAG_SELECT: case TAG_TEXTAREA: case TAG_IMG:
		return CSS_INLINE_BLOCK;
	case TAG_DIALOG:
		return html_attr(node, "open").p != NULL ? CSS_BLOCK : CSS_NONE;
	default:
		return html_tag_is(node->tag, TAG_BLOCK) ? CSS_BLOCK : CSS_INLINE;
	}
}

struct default_style {
	enum html_tag tag;
	double font, margin; /* em; margin of the element's own font size */
};

/* The part of a browser's own sheet that moves or sizes text (HTML 15.3). */
static const struct default_style default_styles[] = {
	{ TAG_H1, 2, 0.67 },   { TAG_H2, 1.5, 0.83 }, { TAG_H3, 1.17, 1 }, { TAG_H4, 1, 1.33 },
	{ TAG_H5, 0.83, 1.67 }, { TAG_H6, 0.67, 2.33 }, { TAG_P, 1, 1 },   { TAG_UL, 1, 1 },
	{ TAG_OL, 1, 1 },      { TAG_DL, 1, 1 },      { TAG_BLOCKQUOTE, 1, 1 },
	{ TAG_PRE, 0.8125, 1 }, { TAG_SMALL, 0.83, 0 }, { TAG_SUB, 0.83, 0 }, { TAG_SUP, 0.83, 0 },
	{ TAG_BIG, 1.2, 0 },
};

static struct css_value em(double number)
{
	return (struct css_value){ .kind = CSS_KIND_EM, .number = number };
}

void hints_browser(struct cascade *c, const struct html_node *node)
{
	hint(c, CSS_DISPLAY, css_keyword_value(default_display(node)));
	for (size_t i = 0; i < sizeof default_styles / sizeof default_styles[0]; i++) {
		const struct default_style *d = &default_styles[i];

		if (d->tag != node->tag)
			continue;
		if (d->font != 1)
			hint(c, CSS_FONT_SIZE, em(d->font));
		if (d->margin > 0) {
			hint(c, CSS_MARGIN_TOP, em(d->margin));
			hint(c, CSS_MARGIN_BOTTOM, em(d->margin));
		}
	}
	if (html_tag_is(node->tag, TAG_HEADING) || node->tag == TAG_TH || node->tag == TAG_B ||
	    node->tag == TAG_STRONG)
		hint(c, CSS_FONT_WEIGHT, css_keyword_value(CSS_BOLD));
	switch (node->tag) {
	case TAG_UL: case TAG_OL:
		hint(c, CSS_PADDING_LEFT, css_px(40));
		break;
	case TAG_BLOCKQUOTE: case TAG_FIGURE:
		hint(c, CSS_MARGIN_LEFT, css_px(40));
		hint(c, CSS_MARGIN_RIGHT, css_px(40));
		break;
	case TAG_BODY:
		hint_sides(c, CSS_MARGIN_TOP, 8, 8, 8, 8);
		break;
	case TAG_TD: case TAG_TH:
		hint_sides(c, CSS_PADDING_TOP, 1, 1, 1, 1);
		break;
	case TAG_PRE: case TAG_PLAINTEXT: case TAG_LISTING: case TAG_XMP: case TAG_TEXTAREA:
		hint(c, CSS_WHITE_SPACE, css_keyword_value(CSS_PRE));
		break;
	case TAG_A:
		if (html_attr(node, "href").p != NULL)
			hint(c, CSS_COLOR, (struct css_value){ .kind = CSS_KIND_COLOR,
							       .color = { 0, 0, 238, 1 } });
		break;
	default:
		break;
	}
}

static void hint_length(struct cascade *c, const struct html_node *node, const char *name,
			enum css_property property)
{
	struct str text = str_trim(html_attr(node, name));
	struct css_value value;
	size_t n = 0;

	while (n < text.n && (ascii_is_digit(text.p[n]) || text.p[n] == '.' || text.p[n] == '%'))
		n++;
	if (n > 0 && css_parse_length(str_head(text, n), &value))
		hint(c, property, value);
}

static void hint_color(struct cascade *c, const struct html_node *node, const char *name,
		       enum css_property property)
{
	struct css_value value = { .kind = CSS_KIND_COLOR };
	struct str text = html_attr(node, name);

	if (text.p != NULL && color_parse_legacy(text, &value.color))
		hint(c, property, value);
}

static void hint_image(struct cascade *c, const struct html_node *node)
{
	struct str url = str_trim(html_attr(node, "background"));
	struct css_image *image;

	if (url.n == 0)
		return;
	image = ARENA_NEW(c->arena, struct css_image);
	image->url = url;
	hint(c, CSS_BACKGROUND_IMAGE, (struct css_value){ .kind = CSS_KIND_IMAGE,
							  .image = image });
}

double hints_number(const struct html_node *node, const char *name, double otherwise)
{
	struct css_value value;
	struct str text = str_trim(html_attr(node, name));

	if (text.n == 0 || !css_parse_length(text, &value) || value.kind != CSS_KIND_PX)
		return otherwise;
	return value.number;
}

static void font_attributes(struct cascade *c, const struct html_node *node)
{
	static const double sizes[] = { 10, 13, 16, 18, 24, 32, 48 };
	struct str size = str_trim(html_attr(node, "size"));
	double number;

	hint_color(c, node, "color", CSS_COLOR);
	if (size.n == 0)
		return;
	number = hints_number(node, "size", 3);
	if (size.p[0] == '+' || size.p[0] == '-')
		number += 3;
	number = number < 1 ? 1 : number > 7 ? 7 : number;
	hint(c, CSS_FONT_SIZE, css_px(sizes[(int)number - 1]));
}

static void hr_attributes(struct cascade *c, const struct html_node *node)
{
	double size = hints_number(node, "size", 2);

	hint(c, CSS_HEIGHT, css_px(size > 2 ? size - 2 : 0));
	hint_sides(c, CSS_BORDER_TOP_WIDTH, 1, 0, 1, 0);
	hint(c, CSS_BORDER_TOP_STYLE, css_keyword_value(CSS_SOLID));
	hint(c, CSS_BORDER_BOTTOM_STYLE, css_keyword_value(CSS_SOLID));
	hint(c, CSS_MARGIN_TOP, em(0.5));
	hint(c, CSS_MARGIN_BOTTOM, em(0.5));
	hint_length(c, node, "width", CSS_WIDTH);
	hint_color(c, node, "color", CSS_BACKGROUND_COLOR);
}

/* What cellpadding gives the cells; the table is at most three elements up. */
static void cell_attributes(struct cascade *c, const struct html_node *node)
{
	const struct html_node *up = node->parent;

	for (int i = 0; up != NULL && up->tag != TAG_TABLE && i < 3; i++)
		up = up->parent;
	if (up != NULL && up->tag == TAG_TABLE && up->style != NULL &&
	    up->style->cell_padding >= 0) {
		double p = up->style->cell_padding;

		hint_sides(c, CSS_PADDING_TOP, p, p, p, p);
	}
	hint_length(c, node, "width", CSS_WIDTH);
	hint_length(c, node, "height", CSS_HEIGHT);
}

/* Word's vector shapes: a coloured box with the size of its style attribute. */
static void vml_attributes(struct cascade *c, const struct html_node *node)
{
	const struct html_node *fill = node->first;
	struct css_value color = { .kind = CSS_KIND_COLOR };
	struct str text = html_attr(node, "fillcolor");
	struct str filled = html_attr(node, "filled");

	while (fill != NULL && (fill->is_text || !str_is(fill->name, "v:fill")))
		fill = fill->next;
	if (fill != NULL && html_attr(fill, "color").n > 0)
		text = html_attr(fill, "color");
	/* "#FF8C00 [1234]" carries an index into a theme */
	text = str_trim(str_head(text, str_find_char(text, '[', 0)));
	hint(c, CSS_DISPLAY, css_keyword_value(CSS_BLOCK));
	if (str_find(html_attr(node, "style"), STR_LIT("mso-width-percent:1000"), 0) != STR_NPOS)
		hint(c, CSS_MIN_WIDTH, (struct css_value){ .kind = CSS_KIND_PERCENT, .number = 100 });
	if (str_is_nocase(filled, "f") || str_is_nocase(filled, "false"))
		return;
	if (color_parse(text, &color.color) || color_parse_legacy(text, &color.color))
		cascade_set(c, CSS_BACKGROUND_COLOR, color, PAINT_VML);
}

static bool is_vml_shape(const struct html_node *node)
{
	return node->tag == TAG_OTHER &&
	       (str_is(node->name, "v:rect") || str_is(node->name, "v:roundrect") ||
		str_is(node->name, "v:shape") || str_is(node->name, "v:background"));
}

void hints_attributes(struct cascade *c, const struct html_node *node)
{
	switch (node->tag) {
	case TAG_BODY:
		hint_color(c, node, "text", CSS_COLOR);
		break;
	case TAG_FONT:
		font_attributes(c, node);
		break;
	case TAG_HR:
		hr_attributes(c, node);
		break;
	case TAG_TD: case TAG_TH:
		cell_attributes(c, node);
		break;
	case TAG_TABLE: case TAG_IMG: case TAG_TR: case TAG_COL: case TAG_OBJECT: case TAG_EMBED:
		if (node->tag != TAG_TR)
			hint_length(c, node, "width", CSS_WIDTH);
		hint_length(c, node, "height", CSS_HEIGHT);
		break;
	default:
		break;
	}
	if (node->tag == TAG_BODY || node->tag == TAG_TABLE || node->tag == TAG_TD ||
	    node->tag == TAG_TH || node->tag == TAG_TR || node->tag == TAG_TBODY ||
	    node->tag == TAG_THEAD || node->tag == TAG_TFOOT) {
		hint_color(c, node, "bgcolor", CSS_BACKGROUND_COLOR);
		hint_image(c, node);
	}
	if (is_vml_shape(node))
		vml_attributes(c, node);
	if (html_attr(node, "hidden").p != NULL)
		hint(c, CSS_DISPLAY, css_keyword_value(CSS_NONE));
	if (node->tag == TAG_INPUT && str_is_nocase(html_attr(node, "type"), "hidden"))
		hint(c, CSS_DISPLAY, css_keyword_value(CSS_NONE));
}
