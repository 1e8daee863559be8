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

/* Values that every property takes. "revert" is the browser's own value, and nearly always unset. */
static const struct css_word wide_words[] = {
	{ "inherit", CSS_INHERIT }, { "initial", CSS_INITIAL },	     { "unset", CSS_UNSET },
	{ "revert", CSS_UNSET },    { "revert-layer", CSS_UNSET }, { NULL, CSS_NONE },
};

static const struct css_word display[] = {
	{ "none", CSS_NONE }, { "block", CSS_BLOCK }, { "inline", CSS_INLINE },
	{ "inline-block", CSS_INLINE_BLOCK }, { "inline-flex", CSS_INLINE_BLOCK },
	{ "inline-grid", CSS_INLINE_BLOCK }, { "inline-table", CSS_INLINE_BLOCK },
	{ "list-item", CSS_LIST_ITEM }, { "flow-root", CSS_BLOCK }, { "flex", CSS_FLEX },
	{ "grid", CSS_GRID }, { "contents", CSS_INLINE }, { "table", CSS_TABLE },
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
	{ "normal", CSS_NORMAL }, { "nowrap", CSS_NOWRAP }, { "pre", CSS_PRE },
	{ "pre-wrap", CSS_PRE }, { "pre-line", CSS_PRE }, { "break-spaces", CSS_PRE },
	{ NULL, CSS_NONE },
};

static const struct css_word box_sizing[] = {
	{ "border-box", CSS_BORDER_BOX }, { "content-box", CSS_NORMAL }, { NULL, CSS_NONE },
};

static const struct css_word floats[] = {
	{ "none", CSS_NONE }, { "left", CSS_BLOCK }, { "right", CSS_BLOCK }, { NULL, CSS_NONE },
};

static const struct css_word flex_flow[] = {
	{ "row", CSS_ROW }, { "row-reverse", CSS_ROW }, { "column", CSS_COLUMN },
	{ "column-reverse", CSS_COLUMN }, { "nowrap", CSS_NOWRAP }, { "wrap", CSS_WRAP },
	{ "wrap-reverse", CSS_WRAP }, { NULL, CSS_NONE },
};

static const struct css_word content_visibility[] = {
	{ "hidden", CSS_CLIPPED }, { "visible", CSS_NONE }, { "auto", CSS_NONE }, { NULL, CSS_NONE },
};

static const struct css_word table_layout[] = {
	{ "auto", CSS_AUTO }, { "fixed", CSS_FIXED }, { NULL, CSS_NONE },
};

/* Sorted by name. */
static const struct css_row rows[] = {
	{ "-webkit-text-fill-color", CSS_TEXT_FILL, 1, css_read_color, NULL },
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
	{ "border-style", CSS_BORDER_TOP_STYLE, 4, css_read_border_style, css_border_styles },
	{ "border-top", CSS_BORDER_TOP_WIDTH, 1, css_read_border_side, NULL },
	{ "border-top-color", CSS_BORDER_TOP_COLOR, 1, css_read_color, NULL },
	{ "border-top-style", CSS_BORDER_TOP_STYLE, 1, css_read_word, css_border_styles },
	{ "border-top-width", CSS_BORDER_TOP_WIDTH, 1, css_read_length, NULL },
	{ "border-width", CSS_BORDER_TOP_WIDTH, 4, css_read_sides, NULL },
	{ "bottom", CSS_BOTTOM, 1, css_read_length, NULL },
	{ "box-sizing", CSS_BOX_SIZING, 1, css_read_word, box_sizing },
	{ "clip", CSS_CLIP, 1, css_read_clip, NULL },
	{ "clip-path", CSS_CLIP_PATH, 1, css_read_clip, NULL },
	{ "color", CSS_COLOR, 1, css_read_color, NULL },
	{ "content-visibility", CSS_CONTENT_VISIBILITY, 1, css_read_word, content_visibility },
	{ "display", CSS_DISPLAY, 1, css_read_word, display },
	{ "filter", CSS_FILTER, 1, css_read_filter, NULL },
	{ "flex", CSS_FLEX_BASIS, 1, css_read_flex, NULL },
	{ "flex-basis", CSS_FLEX_BASIS, 1, css_read_length, NULL },
	{ "flex-direction", CSS_FLEX_DIRECTION, 1, css_read_word, flex_flow },
	{ "flex-flow", CSS_FLEX_DIRECTION, 2, css_read_flex_flow, flex_flow },
	{ "flex-grow", CSS_FLEX_GROW, 1, css_read_number, NULL },
	{ "flex-wrap", CSS_FLEX_WRAP, 1, css_read_word, flex_flow },
	{ "float", CSS_FLOAT, 1, css_read_word, floats },
	{ "font", CSS_FONT_SIZE, 3, css_read_font, NULL },
	{ "font-size", CSS_FONT_SIZE, 1, css_read_font_size, NULL },
	{ "font-weight", CSS_FONT_WEIGHT, 1, css_read_font_weight, NULL },
	{ "grid-column", CSS_GRID_COLUMN, 1, css_read_grid_column, NULL },
	{ "grid-template-columns", CSS_GRID_COLUMNS, 1, css_read_tracks, NULL },
	{ "height", CSS_HEIGHT, 1, css_read_length, NULL },
	{ "inset", CSS_TOP, 4, css_read_sides, NULL },
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
	{ "scale", CSS_SCALE, 1, css_read_scale, NULL },
	{ "table-layout", CSS_TABLE_LAYOUT, 1, css_read_word, table_layout },
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
	char key[26];

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

static void put_all(struct css_reader *r, enum css_keyword keyword)
{
	for (unsigned i = 0; i < r->row->n; i++)
		css_put(r, (enum css_property)(r->row->property + i), css_keyword_value(keyword));
}

static bool put_value(struct css_reader *r, struct str text)
{
	enum css_keyword wide;

	if (!css_word_of(wide_words, text, &wide))
		return r->row->read(r, r->row->property, text);
	put_all(r, wide);
	return true;
}

static void put_raw(struct css_reader *r, enum css_property property, struct str name,
		    struct str text)
{
	struct css_raw *raw = ARENA_NEW(r->arena, struct css_raw);

	*raw = (struct css_raw){ name, text };
	css_put(r, property, (struct css_value){ .kind = CSS_KIND_RAW, .raw = raw });
	r->out->customs = r->out->customs || property == CSS_CUSTOM;
}

static void declaration(struct css_reader *r, struct str text)
{
	struct str name, value;

	text = css_skip_space(text);
	name = str_head(text, css_name_length(text));
	text = css_skip_space(str_skip(text, name.n));
	if (text.n == 0 || text.p[0] != ':')
		return;
	name = css_unescape(r->arena, name);
	value = str_skip(text, 1);
	r->important = take_important(&value);
	if (str_starts(name, STR_LIT("--"))) {
		put_raw(r, CSS_CUSTOM, name, str_trim(value));
		return;
	}
	r->row = row_find(name);
	if (r->row == NULL)
		return;
	value = str_trim(identifier_escapes(r->arena, css_skip_space(value)));
	if (str_find_char(value, '(', 0) != STR_NPOS &&
	    str_find_nocase(value, STR_LIT("var("), 0) != STR_NPOS)
		put_raw(r, CSS_VARYING, name, value);
	else
		put_value(r, value);
}

struct css_declarations css_parse_varied(struct arena *arena, const struct css_raw *raw,
					 struct str text)
{
	struct css_declarations declarations = { NULL, 0, 0, false };
	struct css_reader reader = { .arena = arena, .out = &declarations,
				     .row = row_find(raw->name) };

	text = str_trim(css_skip_space(text));
	if (reader.row != NULL && !put_value(&reader, text))
		put_all(&reader, CSS_UNSET);
	return declarations;
}

bool css_is_inherited(enum css_property property)
{
	return property == CSS_COLOR || property == CSS_TEXT_FILL || property == CSS_FONT_SIZE ||
	       property == CSS_FONT_WEIGHT ||
	       property == CSS_LINE_HEIGHT || property == CSS_TEXT_INDENT ||
	       property == CSS_VISIBILITY || property == CSS_WHITE_SPACE;
}

struct css_declarations css_parse_declarations(struct arena *arena, struct str text)
{
	struct css_declarations declarations = { NULL, 0, 0, false };
	struct css_reader reader = { .arena = arena, .out = &declarations };

	while (text.n > 0) {
		size_t end = css_find_top(text, ";");
		struct str piece = str_head(text, end);

		text = str_skip(text, end + 1);
		declaration(&reader, piece);
	}
	return declarations;
}
