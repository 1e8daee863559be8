#include "policy/html/cascade.h"

#include <math.h>

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
		return css_calc(length.calc->text, length.calc->em, of, &value) ? value : otherwise;
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
static struct length calculated(struct arena *arena, struct str calc, double font_size,
				enum length_kind otherwise)
{
	struct expression *expression;
	double value;

	if (str_find_char(calc, '%', 0) != STR_NPOS) {
		expression = ARENA_NEW(arena, struct expression);
		*expression = (struct expression){ calc, font_size };
		return (struct length){ .kind = LENGTH_CALC, .calc = expression };
	}
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
		length = calculated(c->arena, value->calc, font_size, otherwise);
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
		style->cell_padding = hints_number(node, "cellpadding", -1);
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
		cascade_run(c, node, parent->customs);
		node->style = resolve(c, node, parent);
	}
	*ret_exhausted = c->sheet->exhausted || c->sheet->work > SHEET_WORK_MAX;
}
