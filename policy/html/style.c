#include "policy/html/style.h"

#include <math.h>

#include "policy/base/map.h"
/* The cascade's winner for each property so far, and where backgrounds came from. */
struct cascade {
	struct arena *arena;
	bool set[CSS_PROPERTY_N];
	struct css_value values[CSS_PROPERTY_N];
	enum paint_source background_source, image_source;
	struct rgba fallback;
	struct rule_list rules;
	struct css_declarations own;  /* of the style attribute */
	struct custom *customs;       /* those of the parent, and the element's own */
	bool customs_only;            /* the first round, in which --names are gathered */
	struct sheet *sheet;
	struct map attributes; /* the text of a style attribute to where it stands in read */
	struct css_declarations **read;
	size_t n_attributes, cap_attributes;
};

double style_line(const struct style *style)
{
	return style->line_factor ? style->line_height * style->font_size : style->line_height;
}

double style_resolve(struct length length, double of, double otherwise)
{
	double value;

	switch (length.kind) {
	case LENGTH_PX:
		return length.value;
	case LENGTH_PERCENT:
		return length.value / 100 * of;
	case LENGTH_CALC:
		return css_calc(length.calc, length.value, of, &value) ? value : otherwise;
	default:
		return otherwise;
	}
}

bool style_is_given(struct length length)
{
	return length.kind >= LENGTH_PX;
}

double style_edges(const struct style *s, enum side a, enum side b, double of)
{
	return fmax(0, style_resolve(s->padding[a], of, 0)) +
	       fmax(0, style_resolve(s->padding[b], of, 0)) + s->border[a] + s->border[b];
}

static void set(struct cascade *c, enum css_property property, struct css_value value,
		enum paint_source source)
{
	if (css_is(value, CSS_UNSET))
		value = css_keyword_value(css_is_inherited(property) ? CSS_INHERIT : CSS_INITIAL);
	if (css_is(value, CSS_RESET) && c->set[property] &&
	    c->values[property].kind == CSS_KIND_COLOR)
		c->fallback = c->values[property].color;
	c->set[property] = true;
	c->values[property] = value;
	if (property == CSS_BACKGROUND_COLOR)
		c->background_source = source;
	else if (property == CSS_BACKGROUND_IMAGE)
		c->image_source = source;
}

static void hint(struct cascade *c, enum css_property property, struct css_value value)
{
	set(c, property, value, PAINT_BGCOLOR);
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

static void browser_defaults(struct cascade *c, const struct html_node *node)
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

static double attribute_number(const struct html_node *node, const char *name, double otherwise)
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
	number = attribute_number(node, "size", 3);
	if (size.p[0] == '+' || size.p[0] == '-')
		number += 3;
	number = number < 1 ? 1 : number > 7 ? 7 : number;
	hint(c, CSS_FONT_SIZE, css_px(sizes[(int)number - 1]));
}

static void hr_attributes(struct cascade *c, const struct html_node *node)
{
	double size = attribute_number(node, "size", 2);

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
		set(c, CSS_BACKGROUND_COLOR, color, PAINT_VML);
}

static bool is_vml_shape(const struct html_node *node)
{
	return node->tag == TAG_OTHER &&
	       (str_is(node->name, "v:rect") || str_is(node->name, "v:roundrect") ||
		str_is(node->name, "v:shape") || str_is(node->name, "v:background"));
}

/* HTML 15.3: which old attributes an element obeys. */
static void attributes(struct cascade *c, const struct html_node *node)
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

/* Style attributes repeat from cell to cell: each text is read once. */
static const struct css_declarations *own_declarations(struct cascade *c, struct str text)
{
	static const struct css_declarations none = { NULL, 0, 0, false };
	struct css_declarations *read;
	size_t *known;

	if (text.n == 0)
		return &none;
	known = map_put(&c->attributes, text, c->n_attributes);
	if (*known < c->n_attributes)
		return c->read[*known];
	ARENA_ROOM(c->arena, c->read, c->n_attributes, c->cap_attributes);
	read = c->read[c->n_attributes++] = ARENA_NEW(c->arena, struct css_declarations);
	*read = css_parse_declarations(c->arena, text);
	return read;
}

static void apply_varying(struct cascade *c, const struct css_raw *raw, enum paint_source source)
{
	struct css_declarations varied;
	struct str text = STR_LIT("unset");

	custom_substitute(c->arena, c->customs, raw->text, &c->sheet->work, &text);
	varied = css_parse_varied(c->arena, raw, text);
	for (size_t i = 0; i < varied.n; i++)
		set(c, varied.items[i].property, varied.items[i].value, source);
}

static void apply_one(struct cascade *c, const struct css_declaration *d, enum paint_source source)
{
	if (c->customs_only) {
		if (d->property == CSS_CUSTOM)
			c->customs = custom_add(c->arena, c->customs, d->value.raw->name,
						d->value.raw->text);
	} else if (d->property == CSS_VARYING) {
		apply_varying(c, d->value.raw, source);
	} else if (d->property != CSS_CUSTOM) {
		set(c, d->property, d->value, source);
	}
}

static void apply(struct cascade *c, const struct css_declarations *declarations, bool important,
		  enum paint_source source)
{
	if (c->customs_only && !declarations->customs)
		return;
	for (size_t i = 0; i < declarations->n; i++)
		if (declarations->items[i].important == important)
			apply_one(c, &declarations->items[i], source);
}

/* What authors say, lowest precedence first. */
static void apply_all(struct cascade *c)
{
	for (int important = 0; important < 2; important++) {
		sheet_sort(c->sheet, &c->rules, important);
		for (size_t i = 0; i < c->rules.n; i++)
			apply(c, &c->rules.items[i]->declarations, important, PAINT_STYLESHEET);
		apply(c, &c->own, important, PAINT_STYLE);
	}
}

static bool has_customs(const struct cascade *c)
{
	bool any = c->own.customs;

	for (size_t i = 0; i < c->rules.n && !any; i++)
		any = c->rules.items[i]->declarations.customs;
	return any;
}

static void cascade(struct cascade *c, const struct html_node *node, struct custom *inherited)
{
	struct str text = html_attr(node, "style");

	memset(c->set, 0, sizeof c->set);
	c->background_source = c->image_source = PAINT_NONE;
	c->fallback = (struct rgba){ 0, 0, 0, 0 };
	browser_defaults(c, node);
	attributes(c, node);
	sheet_match(c->sheet, node, &c->rules);
	c->own = *own_declarations(c, text);
	c->customs = inherited;
	if (has_customs(c)) {
		c->customs_only = true;
		apply_all(c);
		c->customs_only = false;
		custom_settle(c->arena, c->customs, inherited, &c->sheet->work);
	}
	apply_all(c);
}

/* The winner, or NULL where nobody said anything or "initial" won. */
static const struct css_value *winner(const struct cascade *c, enum css_property property)
{
	if (!c->set[property] || css_is(c->values[property], CSS_INITIAL))
		return NULL;
	return &c->values[property];
}

static bool says(const struct cascade *c, enum css_property property, enum css_keyword keyword)
{
	return c->set[property] && css_is(c->values[property], keyword);
}

/* An expression without percentages has its value already. */
static struct length calculated(struct str calc, double font_size, enum length_kind otherwise)
{
	struct length length = { .kind = LENGTH_CALC, .value = font_size, .calc = calc };
	double value;

	if (str_find_char(calc, '%', 0) != STR_NPOS)
		return length;
	if (!css_calc(calc, font_size, 0, &value))
		return (struct length){ .kind = otherwise };
	return (struct length){ .kind = LENGTH_PX, .value = value };
}

/* A length or a keyword; what is not given is otherwise. */
static struct length length_of(const struct cascade *c, enum css_property property,
			       double font_size, enum length_kind otherwise)
{
	const struct css_value *value = winner(c, property);
	struct length length = { .kind = otherwise };

	if (value == NULL)
		return length;
	length.value = value->number;
	switch (value->kind) {
	case CSS_KIND_PX:
		length.kind = LENGTH_PX;
		break;
	case CSS_KIND_EM:
		length.kind = LENGTH_PX;
		length.value = value->number * font_size;
		break;
	case CSS_KIND_PERCENT:
		length.kind = LENGTH_PERCENT;
		break;
	case CSS_KIND_CALC:
		length = calculated(value->calc, font_size, otherwise);
		break;
	default:
		length.kind = css_is(*value, CSS_AUTO) ? LENGTH_AUTO :
			      css_is(*value, CSS_FIT)  ? LENGTH_FIT :
							 otherwise;
		break;
	}
	return length;
}

static double font_size(const struct cascade *c, const struct style *parent)
{
	const struct css_value *value = winner(c, CSS_FONT_SIZE);
	double size = parent->font_size;

	if (!c->set[CSS_FONT_SIZE])
		return size;
	if (value == NULL)
		return 16;
	switch (value->kind) {
	case CSS_KIND_PX:
		size = value->number;
		break;
	case CSS_KIND_EM:
		size *= value->number;
		break;
	case CSS_KIND_PERCENT:
		size *= value->number / 100;
		break;
	case CSS_KIND_CALC:
		css_calc(value->calc, size, size, &size);
		break;
	default:
		size = css_is(*value, CSS_SMALLER) ? size / 1.2 :
		       css_is(*value, CSS_LARGER)  ? size * 1.2 :
						     size;
		break;
	}
	return size > 1000 ? 1000 : size;
}

static void line_height(const struct cascade *c, const struct style *parent, struct style *style)
{
	const struct css_value *value = winner(c, CSS_LINE_HEIGHT);

	style->line_factor = parent->line_factor;
	style->line_height = parent->line_height;
	if (!c->set[CSS_LINE_HEIGHT] || says(c, CSS_LINE_HEIGHT, CSS_INHERIT))
		return;
	style->line_factor = true;
	style->line_height = 1.2;
	if (value == NULL)
		return;
	if (value->kind == CSS_KIND_NUMBER) {
		style->line_height = value->number;
	} else if (value->kind == CSS_KIND_CALC) {
		style->line_factor = !css_calc(value->calc, style->font_size, style->font_size,
					       &style->line_height);
	} else if (value->kind != CSS_KIND_KEYWORD) {
		style->line_factor = false;
		style->line_height = value->kind == CSS_KIND_PX	 ? value->number :
				     value->kind == CSS_KIND_EM ? value->number * style->font_size :
								  value->number / 100 *
									  style->font_size;
	}
}

static struct rgba color_of(const struct cascade *c, enum css_property property,
			    struct rgba inherited, struct rgba initial, struct rgba current)
{
	const struct css_value *value = winner(c, property);

	if (value == NULL)
		return initial;
	if (css_is(*value, CSS_INHERIT))
		return inherited;
	if (value->kind == CSS_KIND_CURRENT_COLOR)
		return current;
	return value->kind == CSS_KIND_COLOR ? value->color : initial;
}

static void colors(const struct cascade *c, const struct style *parent, struct style *style)
{
	struct rgba black = { 0, 0, 0, 1 }, none = { 0, 0, 0, 0 };
	const struct css_value *image = winner(c, CSS_BACKGROUND_IMAGE);

	style->color = c->set[CSS_COLOR] ?
			       color_of(c, CSS_COLOR, parent->color, black, parent->color) :
			       parent->color;
	style->filled = c->set[CSS_TEXT_FILL] ? !says(c, CSS_TEXT_FILL, CSS_INITIAL) : parent->filled;
	style->fill = !style->filled ? style->color :
		      c->set[CSS_TEXT_FILL] ? color_of(c, CSS_TEXT_FILL, parent->fill, style->color,
						       style->color) :
					      parent->fill;
	style->background = color_of(c, CSS_BACKGROUND_COLOR, parent->background, none,
				     style->color);
	style->fallback = style->background.a > 0 ? style->background : c->fallback;
	style->background_source = c->background_source;
	if (image != NULL && image->kind == CSS_KIND_IMAGE)
		style->image = image->image;
	else if (image != NULL && css_is(*image, CSS_INHERIT))
		style->image = parent->image;
	style->image_source = c->image_source;
}

static void borders(const struct cascade *c, struct style *style)
{
	for (int side = 0; side < 4; side++) {
		enum css_property width = (enum css_property)(CSS_BORDER_TOP_WIDTH + side);
		struct length length = length_of(c, width, style->font_size, LENGTH_AUTO);

		if (!says(c, (enum css_property)(CSS_BORDER_TOP_STYLE + side), CSS_SOLID))
			continue;
		style->border[side] = length.kind == LENGTH_PX ? length.value : 3;
		style->border_color[side] =
			color_of(c, (enum css_property)(CSS_BORDER_TOP_COLOR + side), style->color,
				 style->color, style->color);
	}
}

static void sizes(const struct cascade *c, const struct style *parent, struct style *style)
{
	double font = style->font_size;

	style->width = length_of(c, CSS_WIDTH, font, LENGTH_AUTO);
	style->min_width = length_of(c, CSS_MIN_WIDTH, font, LENGTH_NONE);
	style->max_width = length_of(c, CSS_MAX_WIDTH, font, LENGTH_NONE);
	style->height = length_of(c, CSS_HEIGHT, font, LENGTH_AUTO);
	style->min_height = length_of(c, CSS_MIN_HEIGHT, font, LENGTH_NONE);
	style->max_height = length_of(c, CSS_MAX_HEIGHT, font, LENGTH_NONE);
	for (int side = 0; side < 4; side++) {
		style->padding[side] = length_of(c, (enum css_property)(CSS_PADDING_TOP + side),
						 font, LENGTH_NONE);
		style->margin[side] = length_of(c, (enum css_property)(CSS_MARGIN_TOP + side),
						font, LENGTH_NONE);
	}
	style->text_indent = c->set[CSS_TEXT_INDENT] ?
				     length_of(c, CSS_TEXT_INDENT, font, LENGTH_NONE) :
				     parent->text_indent;
	style->left = length_of(c, CSS_LEFT, font, LENGTH_AUTO);
	style->right = length_of(c, CSS_RIGHT, font, LENGTH_AUTO);
	style->top = length_of(c, CSS_TOP, font, LENGTH_AUTO);
	style->bottom = length_of(c, CSS_BOTTOM, font, LENGTH_AUTO);
}

static bool inherited_flag(const struct cascade *c, enum css_property property, bool inherited,
			   bool is)
{
	return !c->set[property] || says(c, property, CSS_INHERIT) ? inherited : is;
}

static void flags(const struct cascade *c, const struct style *parent, struct style *style)
{
	const struct css_value *display = winner(c, CSS_DISPLAY), *opacity = winner(c, CSS_OPACITY);

	style->display = display != NULL && !css_is(*display, CSS_INHERIT) ? display->keyword :
									      CSS_INLINE;
	style->opacity = opacity != NULL && opacity->kind == CSS_KIND_NUMBER ? opacity->number : 1;
	style->invisible = inherited_flag(c, CSS_VISIBILITY, parent->invisible,
					  says(c, CSS_VISIBILITY, CSS_HIDDEN) ||
						  says(c, CSS_VISIBILITY, CSS_COLLAPSE));
	style->bold = inherited_flag(c, CSS_FONT_WEIGHT, parent->bold,
				     says(c, CSS_FONT_WEIGHT, CSS_BOLD));
	style->pre = inherited_flag(c, CSS_WHITE_SPACE, parent->pre,
				    says(c, CSS_WHITE_SPACE, CSS_PRE));
	style->nowrap = inherited_flag(c, CSS_WHITE_SPACE, parent->nowrap,
				       says(c, CSS_WHITE_SPACE, CSS_NOWRAP));
	style->floating = says(c, CSS_FLOAT, CSS_BLOCK);
	style->absolute = says(c, CSS_POSITION, CSS_ABSOLUTE);
	style->positioned = style->absolute || says(c, CSS_POSITION, CSS_RELATIVE);
	style->overflow_hidden = says(c, CSS_OVERFLOW, CSS_HIDDEN) ||
				 says(c, CSS_OVERFLOW, CSS_AUTO);
	style->border_box = says(c, CSS_BOX_SIZING, CSS_BORDER_BOX);
	style->fixed_table = says(c, CSS_TABLE_LAYOUT, CSS_FIXED);
	style->clipped = (style->absolute && says(c, CSS_CLIP, CSS_CLIPPED)) ||
			 says(c, CSS_CLIP_PATH, CSS_CLIPPED) ||
			 says(c, CSS_TRANSFORM, CSS_CLIPPED) || says(c, CSS_SCALE, CSS_CLIPPED) ||
			 says(c, CSS_FILTER, CSS_CLIPPED) ||
			 says(c, CSS_CONTENT_VISIBILITY, CSS_CLIPPED);
}

static double number_of(const struct cascade *c, enum css_property property, double otherwise)
{
	const struct css_value *value = winner(c, property);

	return value != NULL && value->kind == CSS_KIND_NUMBER ? value->number : otherwise;
}

/* Of containers whose children stand side by side, and of such children. */
static void sides(const struct cascade *c, struct style *style)
{
	const struct css_value *columns = winner(c, CSS_GRID_COLUMNS);

	style->flex_column = says(c, CSS_FLEX_DIRECTION, CSS_COLUMN);
	style->flex_wrap = says(c, CSS_FLEX_WRAP, CSS_WRAP);
	style->flex_grow = number_of(c, CSS_FLEX_GROW, 0);
	style->flex_basis = length_of(c, CSS_FLEX_BASIS, style->font_size, LENGTH_AUTO);
	style->grid_span = (unsigned)number_of(c, CSS_GRID_COLUMN, 1);
	if (columns != NULL && columns->kind == CSS_KIND_RAW)
		style->grid_columns = columns->raw->text;
}

static struct style *resolve(struct cascade *c, const struct html_node *node,
			     const struct style *parent)
{
	struct style *style = ARENA_NEW(c->arena, struct style);

	style->customs = c->customs;
	style->font_size = font_size(c, parent);
	line_height(c, parent, style);
	colors(c, parent, style);
	borders(c, style);
	sizes(c, parent, style);
	flags(c, parent, style);
	sides(c, style);
	style->cell_padding = -1;
	if (node->tag == TAG_TABLE)
		style->cell_padding = attribute_number(node, "cellpadding", -1);
	return style;
}

static bool is_sheet(const struct html_node *node)
{
	struct str type = html_attr(node, "type"), media = html_attr(node, "media");

	return node->tag == TAG_STYLE && !node->foreign &&
	       (type.n == 0 || str_starts_nocase(str_trim(type), STR_LIT("text/css"))) &&
	       (media.p == NULL || media_holds(media));
}

static size_t read_sheets(struct html_tree *tree, struct sheet *sheet, size_t css_octets)
{
	size_t octets = 0;

	for (struct html_node *node = tree->html; node != NULL;
	     node = html_after(tree->html, node, node->tag == TAG_TEMPLATE)) {
		if (node->is_text || !is_sheet(node))
			continue;
		for (struct html_node *text = node->first; text != NULL; text = text->next) {
			if (octets < css_octets)
				sheet_add(sheet, str_head(text->text, css_octets - octets));
			octets += text->text.n;
		}
	}
	return octets;
}

void style_compute(struct html_tree *tree, size_t css_octets, size_t *ret_css_octets,
		   bool *ret_exhausted)
{
	static const struct style initial = { .color = { 0, 0, 0, 1 }, .opacity = 1,
		.font_size = 16, .line_factor = true, .line_height = 1.2 };
	struct cascade *c = ARENA_NEW(tree->arena, struct cascade);
	const struct style *parent;

	c->arena = tree->arena;
	c->sheet = sheet_new(tree->arena);
	map_init_exact(&c->attributes, tree->arena);
	*ret_css_octets = read_sheets(tree, c->sheet, css_octets);
	for (struct html_node *node = tree->html; node != NULL;
	     node = html_after(tree->html, node, false)) {
		if (node->is_text)
			continue;
		parent = node->parent != NULL ? node->parent->style : &initial;
		cascade(c, node, parent->customs);
		node->style = resolve(c, node, parent);
	}
	*ret_exhausted = c->sheet->exhausted || c->sheet->work > SHEET_WORK_MAX;
}
