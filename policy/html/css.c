#include "policy/html/property.h"

#include "policy/base/buf.h"

static int hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str css_unescape(struct arena *arena, struct str s)
{
	struct buf out;

	if (str_find_char(s, '\\', 0) == STR_NPOS)
		return s;
	buf_init(&out, arena, s.n * 3);
	for (size_t i = 0; i < s.n;) {
		uint32_t code_point = 0;
		size_t digits = 0;

		if (s.p[i] != '\\') {
			buf_add_char(&out, s.p[i++]);
			continue;
		}
		i++;
		for (; i < s.n && digits < 6 && hex_value(s.p[i]) >= 0; i++, digits++)
			code_point = code_point * 16 + (uint32_t)hex_value(s.p[i]);
		if (digits > 0) {
			buf_add_utf8(&out, code_point);
			if (i < s.n && ascii_is_space(s.p[i]))
				i++;
		} else if (i < s.n) {
			buf_add_char(&out, s.p[i++]);
		}
	}
	return buf_str(&out);
}

/* Values that every property takes. */
static bool parse_wide(struct str text, struct css_value *ret_value)
{
	text = str_trim(text);
	if (str_is_nocase(text, "inherit"))
		*ret_value = css_keyword_value(CSS_INHERIT);
	else if (str_is_nocase(text, "initial") || str_is_nocase(text, "unset") ||
		 str_is_nocase(text, "revert"))
		*ret_value = css_keyword_value(CSS_INITIAL);
	else
		return false;
	return true;
}

static const struct css_word display[] = {
	{ "none", CSS_NONE }, { "block", CSS_BLOCK }, { "inline", CSS_INLINE },
	{ "inline-block", CSS_INLINE_BLOCK }, { "inline-flex", CSS_INLINE_BLOCK },
	{ "inline-grid", CSS_INLINE_BLOCK }, { "inline-table", CSS_INLINE_BLOCK },
	{ "list-item", CSS_LIST_ITEM }, { "flow-root", CSS_BLOCK }, { "flex", CSS_FLEX },
	{ "grid", CSS_BLOCK }, { "contents", CSS_INLINE }, { "table", CSS_TABLE },
	{ "table-row-group", CSS_ROW_GROUP }, { "table-header-group", CSS_ROW_GROUP },
	{ "table-footer-group", CSS_ROW_GROUP }, { "table-row", CSS_ROW },
	{ "table-cell", CSS_CELL }, { "table-caption", CSS_CAPTION },
	{ "table-column", CSS_COLUMN }, { "table-column-group", CSS_COLUMN },
	{ NULL, CSS_NONE },
};

static const struct css_word visibility[] = {
	{ "visible", CSS_VISIBLE }, { "hidden", CSS_HIDDEN }, { "collapse", CSS_COLLAPSE },
	{ NULL, CSS_NONE },
};

static const struct css_word overflow[] = {
	{ "visible", CSS_VISIBLE }, { "hidden", CSS_HIDDEN }, { "clip", CSS_HIDDEN },
	{ "scroll", CSS_HIDDEN }, { "auto", CSS_AUTO }, { NULL, CSS_NONE },
};

static const struct css_word position[] = {
	{ "absolute", CSS_ABSOLUTE }, { "fixed", CSS_ABSOLUTE }, { "relative", CSS_RELATIVE },
	{ "sticky", CSS_RELATIVE }, { "static", CSS_STATIC }, { NULL, CSS_NONE },
};

static const struct css_word white_space[] = {
	{ "normal", CSS_NORMAL }, { "nowrap", CSS_NORMAL }, { "pre", CSS_PRE },
	{ "pre-wrap", CSS_PRE }, { "pre-line", CSS_PRE }, { "break-spaces", CSS_PRE },
	{ NULL, CSS_NONE },
};

static const struct css_word box_sizing[] = {
	{ "border-box", CSS_BORDER_BOX }, { "content-box", CSS_NORMAL }, { NULL, CSS_NONE },
};

static const struct css_word floats[] = {
	{ "none", CSS_NONE }, { "left", CSS_BLOCK }, { "right", CSS_BLOCK }, { NULL, CSS_NONE },
};

/* Sorted by name. */
static const struct css_row rows[] = {
	{ "background", CSS_BACKGROUND_COLOR, 2, css_read_background, NULL },
	{ "background-color", CSS_BACKGROUND_COLOR, 1, css_read_color, NULL },
	{ "background-image", CSS_BACKGROUND_IMAGE, 1, css_read_background_image, NULL },
	{ "border", CSS_BORDER_TOP_WIDTH, 4, css_read_border, NULL },
	{ "border-bottom", CSS_BORDER_BOTTOM_WIDTH, 1, css_read_border_side, NULL },
	{ "border-bottom-color", CSS_BORDER_BOTTOM_COLOR, 1, css_read_color, NULL },
	{ "border-bottom-style", CSS_BORDER_BOTTOM_STYLE, 1, css_read_word, css_border_styles },
	{ "border-bottom-width", CSS_BORDER_BOTTOM_WIDTH, 1, css_read_length, NULL },
	{ "border-color", CSS_BORDER_TOP_COLOR, 4, css_read_border_color, NULL },
	{ "border-left", CSS_BORDER_LEFT_WIDTH, 1, css_read_border_side, NULL },
	{ "border-right", CSS_BORDER_RIGHT_WIDTH, 1, css_read_border_side, NULL },
	{ "border-style", CSS_BORDER_TOP_STYLE, 4, css_read_border_style, NULL },
	{ "border-top", CSS_BORDER_TOP_WIDTH, 1, css_read_border_side, NULL },
	{ "border-top-color", CSS_BORDER_TOP_COLOR, 1, css_read_color, NULL },
	{ "border-top-style", CSS_BORDER_TOP_STYLE, 1, css_read_word, css_border_styles },
	{ "border-top-width", CSS_BORDER_TOP_WIDTH, 1, css_read_length, NULL },
	{ "border-width", CSS_BORDER_TOP_WIDTH, 4, css_read_sides, NULL },
	{ "box-sizing", CSS_BOX_SIZING, 1, css_read_word, box_sizing },
	{ "clip", CSS_CLIP, 1, css_read_clip, NULL },
	{ "clip-path", CSS_CLIP, 1, css_read_clip, NULL },
	{ "color", CSS_COLOR, 1, css_read_color, NULL },
	{ "display", CSS_DISPLAY, 1, css_read_word, display },
	{ "filter", CSS_FILTER, 1, css_read_filter, NULL },
	{ "float", CSS_FLOAT, 1, css_read_word, floats },
	{ "font", CSS_FONT_SIZE, 3, css_read_font, NULL },
	{ "font-size", CSS_FONT_SIZE, 1, css_read_font_size, NULL },
	{ "font-weight", CSS_FONT_WEIGHT, 1, css_read_font_weight, NULL },
	{ "height", CSS_HEIGHT, 1, css_read_length, NULL },
	{ "left", CSS_LEFT, 1, css_read_length, NULL },
	{ "line-height", CSS_LINE_HEIGHT, 1, css_read_line_height, NULL },
	{ "margin", CSS_MARGIN_TOP, 4, css_read_sides, NULL },
	{ "margin-bottom", CSS_MARGIN_BOTTOM, 1, css_read_length, NULL },
	{ "margin-left", CSS_MARGIN_LEFT, 1, css_read_length, NULL },
	{ "margin-right", CSS_MARGIN_RIGHT, 1, css_read_length, NULL },
	{ "margin-top", CSS_MARGIN_TOP, 1, css_read_length, NULL },
	{ "max-height", CSS_MAX_HEIGHT, 1, css_read_length, NULL },
	{ "max-width", CSS_MAX_WIDTH, 1, css_read_length, NULL },
	{ "min-height", CSS_MIN_HEIGHT, 1, css_read_length, NULL },
	{ "min-width", CSS_MIN_WIDTH, 1, css_read_length, NULL },
	{ "opacity", CSS_OPACITY, 1, css_read_opacity, NULL },
	{ "overflow", CSS_OVERFLOW, 1, css_read_word, overflow },
	{ "overflow-y", CSS_OVERFLOW, 1, css_read_word, overflow },
	{ "padding", CSS_PADDING_TOP, 4, css_read_sides, NULL },
	{ "padding-bottom", CSS_PADDING_BOTTOM, 1, css_read_length, NULL },
	{ "padding-left", CSS_PADDING_LEFT, 1, css_read_length, NULL },
	{ "padding-right", CSS_PADDING_RIGHT, 1, css_read_length, NULL },
	{ "padding-top", CSS_PADDING_TOP, 1, css_read_length, NULL },
	{ "position", CSS_POSITION, 1, css_read_word, position },
	{ "right", CSS_RIGHT, 1, css_read_length, NULL },
	{ "text-indent", CSS_TEXT_INDENT, 1, css_read_length, NULL },
	{ "top", CSS_TOP, 1, css_read_length, NULL },
	{ "transform", CSS_TRANSFORM, 1, css_read_transform, NULL },
	{ "visibility", CSS_VISIBILITY, 1, css_read_word, visibility },
	{ "white-space", CSS_WHITE_SPACE, 1, css_read_word, white_space },
	{ "width", CSS_WIDTH, 1, css_read_length, NULL },
};

static const struct css_row *row_find(struct str name)
{
	size_t low = 0, high = sizeof rows / sizeof rows[0];
	char key[24];

	if (name.n >= sizeof key)
		return NULL;
	for (size_t i = 0; i < name.n; i++)
		key[i] = ascii_lower(name.p[i]);
	key[name.n] = '\0';
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(rows[middle].name, key);

		if (order == 0)
			return &rows[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Cuts "! important" off. */
static bool take_important(struct str *text)
{
	size_t mark = css_find_top(*text, "!");

	if (mark == text->n)
		return false;
	if (!str_is_nocase(str_trim(css_skip_space(str_skip(*text, mark + 1))), "important"))
		return false;
	*text = str_head(*text, mark);
	return true;
}

/* Escapes that only spell a word differently. One that stands for a control character or a space
 * ("#fff\\9") makes a word that no property knows, and stays. */
static struct str identifier_escapes(struct arena *arena, struct str text)
{
	struct str plain = css_unescape(arena, text);

	if (plain.p == text.p)
		return text;
	for (size_t i = 0; i < plain.n; i++)
		if (ascii_is_space(plain.p[i]) && (i >= text.n || !ascii_is_space(text.p[i])))
			return text;
	return plain;
}

static void declaration(struct css_reader *r, struct str text)
{
	size_t colon;
	struct str value;
	struct css_value wide;

	text = css_skip_space(text);
	colon = str_find_char(text, ':', 0);
	if (colon == STR_NPOS)
		return;
	r->row = row_find(css_unescape(r->arena, str_trim(str_head(text, colon))));
	if (r->row == NULL)
		return;
	value = str_skip(text, colon + 1);
	r->important = take_important(&value);
	value = str_trim(identifier_escapes(r->arena, value));
	if (!parse_wide(value, &wide)) {
		r->row->read(r, r->row->property, value);
		return;
	}
	for (unsigned i = 0; i < r->row->n; i++)
		css_put(r, (enum css_property)(r->row->property + i), wide);
}

struct css_declarations css_parse_declarations(struct arena *arena, struct str text)
{
	struct css_declarations declarations = { NULL, 0, 0 };
	struct css_reader reader = { .arena = arena, .out = &declarations };

	while (text.n > 0) {
		size_t end = css_find_top(text, ";");
		struct str piece = str_head(text, end);

		text = str_skip(text, end + 1);
		declaration(&reader, piece);
	}
	return declarations;
}
