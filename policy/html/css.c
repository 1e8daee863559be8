#include "policy/html/css.h"

#include "policy/base/buf.h"
#include "policy/html/component.h"

struct reader {
	struct arena *arena;
	struct css_declarations *out;
	bool important;
};

typedef bool parse_fn(struct reader *r, enum css_property property, struct str text);

struct property {
	const char *name;
	enum css_property property;
	parse_fn *parse;
};

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

static void put(struct reader *r, enum css_property property, struct css_value value)
{
	ARENA_ROOM(r->arena, r->out->items, r->out->n, r->out->cap);
	r->out->items[r->out->n++] =
		(struct css_declaration){ property, r->important, value };
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

struct unit {
	const char *name;
	enum css_kind kind;
	double factor;
};

/* CSS Values 4; the viewport is that of a reader's pane, 700 by 900. */
static const struct unit units[] = {
	{ "px", CSS_KIND_PX, 1 },	 { "pt", CSS_KIND_PX, 4.0 / 3 },
	{ "pc", CSS_KIND_PX, 16 },	 { "in", CSS_KIND_PX, 96 },
	{ "cm", CSS_KIND_PX, 96 / 2.54 }, { "mm", CSS_KIND_PX, 9.6 / 2.54 },
	{ "q", CSS_KIND_PX, 2.4 / 2.54 }, { "rem", CSS_KIND_PX, 16 },
	{ "em", CSS_KIND_EM, 1 },	 { "ex", CSS_KIND_EM, 0.5 },
	{ "ch", CSS_KIND_EM, 0.5 },	 { "vw", CSS_KIND_PX, 7 },
	{ "vh", CSS_KIND_PX, 9 },	 { "vmin", CSS_KIND_PX, 7 },
	{ "vmax", CSS_KIND_PX, 9 },
};

static bool length_of(const struct component *part, struct css_value *ret_value)
{
	struct css_value value = { .kind = CSS_KIND_PX, .number = part->number };

	if (part->type == COMPONENT_PERCENT) {
		value.kind = CSS_KIND_PERCENT;
		*ret_value = value;
		return true;
	}
	if (part->type == COMPONENT_NUMBER) { /* 0, or the quirk by which a number is pixels */
		*ret_value = value;
		return true;
	}
	if (part->type != COMPONENT_DIMENSION)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (!str_is_nocase(part->unit, units[i].name))
			continue;
		value.kind = units[i].kind;
		value.number = part->number * units[i].factor;
		*ret_value = value;
		return true;
	}
	return false;
}

/* The single component that text is made of. */
static bool single(struct str text, struct component *ret_part)
{
	struct component more;

	return component_next(&text, ret_part) && !component_next(&text, &more);
}

bool css_parse_length(struct str text, struct css_value *ret_value)
{
	struct component part;

	return single(text, &part) && length_of(&part, ret_value);
}

static bool parse_length(struct reader *r, enum css_property property, struct str text)
{
	struct component part;
	struct css_value value;

	if (!single(text, &part))
		return false;
	if (part.type == COMPONENT_FUNCTION) { /* calc() and kin: not known before the layout */
		if (!str_is_nocase(part.text, "calc") && !str_is_nocase(part.text, "min") &&
		    !str_is_nocase(part.text, "max") && !str_is_nocase(part.text, "clamp"))
			return false;
		value = css_keyword_value(CSS_AUTO);
	} else if (part.type == COMPONENT_IDENT) {
		if (str_is_nocase(part.text, "auto") || str_is_nocase(part.text, "fit-content") ||
		    str_is_nocase(part.text, "max-content") ||
		    str_is_nocase(part.text, "min-content"))
			value = css_keyword_value(CSS_AUTO);
		else if (str_is_nocase(part.text, "none"))
			value = css_keyword_value(CSS_NONE);
		else if (str_is_nocase(part.text, "normal"))
			value = css_keyword_value(CSS_NORMAL);
		else
			return false;
	} else if (!length_of(&part, &value)) {
		return false;
	}
	put(r, property, value);
	return true;
}

static bool color_of(struct str text, struct css_value *ret_value)
{
	struct css_value value = { .kind = CSS_KIND_COLOR };

	if (str_is_nocase(str_trim(text), "currentcolor"))
		value.kind = CSS_KIND_CURRENT_COLOR;
	else if (!color_parse(text, &value.color))
		return false;
	*ret_value = value;
	return true;
}

static bool parse_color(struct reader *r, enum css_property property, struct str text)
{
	struct css_value value;

	if (!color_of(text, &value))
		return false;
	put(r, property, value);
	return true;
}

struct word {
	const char *name;
	enum css_keyword keyword;
};

static bool word_of(const struct word *words, size_t n, struct str text,
		    enum css_keyword *ret_keyword)
{
	for (size_t i = 0; i < n; i++) {
		if (!str_is_nocase(text, words[i].name))
			continue;
		*ret_keyword = words[i].keyword;
		return true;
	}
	return false;
}

static const struct word words[] = {
	{ "none", CSS_NONE }, { "normal", CSS_NORMAL }, { "block", CSS_BLOCK },
	{ "inline", CSS_INLINE }, { "inline-block", CSS_INLINE_BLOCK },
	{ "inline-flex", CSS_INLINE_BLOCK }, { "inline-grid", CSS_INLINE_BLOCK },
	{ "inline-table", CSS_INLINE_BLOCK }, { "list-item", CSS_LIST_ITEM },
	{ "flow-root", CSS_BLOCK }, { "flex", CSS_FLEX }, { "grid", CSS_BLOCK },
	{ "contents", CSS_INLINE }, { "table", CSS_TABLE }, { "table-row-group", CSS_ROW_GROUP },
	{ "table-header-group", CSS_ROW_GROUP }, { "table-footer-group", CSS_ROW_GROUP },
	{ "table-row", CSS_ROW }, { "table-cell", CSS_CELL }, { "table-caption", CSS_CAPTION },
	{ "table-column", CSS_COLUMN }, { "table-column-group", CSS_COLUMN },
	{ "hidden", CSS_HIDDEN }, { "visible", CSS_VISIBLE }, { "collapse", CSS_COLLAPSE },
	{ "clip", CSS_HIDDEN }, { "scroll", CSS_HIDDEN }, { "auto", CSS_AUTO },
	{ "absolute", CSS_ABSOLUTE }, { "fixed", CSS_ABSOLUTE }, { "relative", CSS_RELATIVE },
	{ "sticky", CSS_RELATIVE }, { "static", CSS_STATIC }, { "pre", CSS_PRE },
	{ "pre-wrap", CSS_PRE }, { "pre-line", CSS_PRE }, { "break-spaces", CSS_PRE },
	{ "nowrap", CSS_NORMAL }, { "border-box", CSS_BORDER_BOX }, { "content-box", CSS_NORMAL },
	{ "left", CSS_BLOCK }, { "right", CSS_BLOCK }, { "solid", CSS_SOLID },
	{ "dashed", CSS_SOLID }, { "dotted", CSS_SOLID }, { "double", CSS_SOLID },
	{ "groove", CSS_SOLID }, { "ridge", CSS_SOLID }, { "inset", CSS_SOLID },
	{ "outset", CSS_SOLID },
};

/* One word; which of them the property takes decides the list after it. */
static bool parse_words(struct reader *r, enum css_property property, struct str text,
			const enum css_keyword *taken, size_t n)
{
	struct component part;
	enum css_keyword keyword;

	if (!component_next(&text, &part) || part.type != COMPONENT_IDENT ||
	    !word_of(words, sizeof words / sizeof words[0], part.text, &keyword))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (taken[i] != keyword)
			continue;
		put(r, property, css_keyword_value(keyword));
		return true;
	}
	return false;
}

#define TAKES(list) (list), sizeof(list) / sizeof((list)[0])

static bool parse_display(struct reader *r, enum css_property property, struct str text)
{
	static const enum css_keyword taken[] = { CSS_NONE, CSS_BLOCK, CSS_INLINE,
		CSS_INLINE_BLOCK, CSS_LIST_ITEM, CSS_TABLE, CSS_ROW_GROUP, CSS_ROW, CSS_CELL,
		CSS_CAPTION, CSS_COLUMN, CSS_FLEX };

	return parse_words(r, property, text, TAKES(taken));
}

static bool parse_visibility(struct reader *r, enum css_property property, struct str text)
{
	static const enum css_keyword taken[] = { CSS_VISIBLE, CSS_HIDDEN, CSS_COLLAPSE };

	return parse_words(r, property, text, TAKES(taken));
}

static bool parse_overflow(struct reader *r, enum css_property property, struct str text)
{
	static const enum css_keyword taken[] = { CSS_VISIBLE, CSS_HIDDEN, CSS_AUTO };

	return parse_words(r, property, text, TAKES(taken));
}

static bool parse_position(struct reader *r, enum css_property property, struct str text)
{
	static const enum css_keyword taken[] = { CSS_ABSOLUTE, CSS_RELATIVE, CSS_STATIC };

	return parse_words(r, property, text, TAKES(taken));
}

static bool parse_white_space(struct reader *r, enum css_property property, struct str text)
{
	static const enum css_keyword taken[] = { CSS_PRE, CSS_NORMAL };

	return parse_words(r, property, text, TAKES(taken));
}

static bool parse_box_sizing(struct reader *r, enum css_property property, struct str text)
{
	static const enum css_keyword taken[] = { CSS_BORDER_BOX, CSS_NORMAL };

	return parse_words(r, property, text, TAKES(taken));
}

static bool parse_float(struct reader *r, enum css_property property, struct str text)
{
	static const enum css_keyword taken[] = { CSS_NONE, CSS_BLOCK };

	return parse_words(r, property, text, TAKES(taken));
}

static bool parse_opacity(struct reader *r, enum css_property property, struct str text)
{
	struct component part;
	double value;

	if (!single(text, &part))
		return false;
	if (part.type != COMPONENT_NUMBER && part.type != COMPONENT_PERCENT)
		return false;
	value = part.type == COMPONENT_PERCENT ? part.number / 100 : part.number;
	value = value < 0 ? 0 : value > 1 ? 1 : value;
	put(r, property, (struct css_value){ .kind = CSS_KIND_NUMBER, .number = value });
	return true;
}

static bool font_size_of(const struct component *part, struct css_value *ret_value)
{
	static const struct {
		const char *name;
		double px;
	} sizes[] = {
		{ "xx-small", 9 }, { "x-small", 10 }, { "small", 13 }, { "medium", 16 },
		{ "large", 18 }, { "x-large", 24 }, { "xx-large", 32 }, { "xxx-large", 48 },
	};

	if (part->type != COMPONENT_IDENT)
		return length_of(part, ret_value) && ret_value->number >= 0;
	if (str_is_nocase(part->text, "smaller")) {
		*ret_value = css_keyword_value(CSS_SMALLER);
		return true;
	}
	if (str_is_nocase(part->text, "larger")) {
		*ret_value = css_keyword_value(CSS_LARGER);
		return true;
	}
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		if (!str_is_nocase(part->text, sizes[i].name))
			continue;
		*ret_value = css_px(sizes[i].px);
		return true;
	}
	return false;
}

static bool parse_font_size(struct reader *r, enum css_property property, struct str text)
{
	struct component part;
	struct css_value value;

	if (!single(text, &part) || !font_size_of(&part, &value))
		return false;
	put(r, property, value);
	return true;
}

static bool line_height_of(const struct component *part, struct css_value *ret_value)
{
	if (part->type == COMPONENT_IDENT && str_is_nocase(part->text, "normal")) {
		*ret_value = css_keyword_value(CSS_NORMAL);
		return true;
	}
	if (part->type == COMPONENT_NUMBER) {
		*ret_value = (struct css_value){ .kind = CSS_KIND_NUMBER, .number = part->number };
		return part->number >= 0;
	}
	return length_of(part, ret_value) && ret_value->number >= 0;
}

static bool parse_line_height(struct reader *r, enum css_property property, struct str text)
{
	struct component part;
	struct css_value value;

	if (!single(text, &part) || !line_height_of(&part, &value))
		return false;
	put(r, property, value);
	return true;
}

static bool is_bold(const struct component *part)
{
	if (part->type == COMPONENT_NUMBER)
		return part->number >= 600 && part->number <= 1000;
	return part->type == COMPONENT_IDENT &&
	       (str_is_nocase(part->text, "bold") || str_is_nocase(part->text, "bolder"));
}

static bool parse_font_weight(struct reader *r, enum css_property property, struct str text)
{
	struct component part;

	if (!single(text, &part) ||
	    (part.type != COMPONENT_IDENT && part.type != COMPONENT_NUMBER))
		return false;
	put(r, property, css_keyword_value(is_bold(&part) ? CSS_BOLD : CSS_NORMAL));
	return true;
}

/* font: [style weight stretch] size[/line-height] family */
static bool parse_font(struct reader *r, enum css_property property, struct str text)
{
	struct component part;
	struct css_value size, height = css_keyword_value(CSS_NORMAL);
	bool bold = false, sized = false, family = false;

	(void)property;
	while (!sized && component_next(&text, &part)) {
		bool weight = part.type == COMPONENT_NUMBER && part.number >= 1 &&
			      part.number <= 1000;

		bold = bold || is_bold(&part);
		sized = !weight && font_size_of(&part, &size);
		/* "font: 0/0 a" begins with the size */
	}
	if (!sized)
		return false;
	while (component_next(&text, &part)) {
		struct component line;

		if (part.type != COMPONENT_SLASH)
			family = true;
		else if (!component_next(&text, &line) || !line_height_of(&line, &height))
			return false;
	}
	if (!family)
		return false;
	put(r, CSS_FONT_SIZE, size);
	put(r, CSS_LINE_HEIGHT, height);
	put(r, CSS_FONT_WEIGHT, css_keyword_value(bold ? CSS_BOLD : CSS_NORMAL));
	return true;
}

/* One to four values for the sides that begin at property. */
static bool parse_sides(struct reader *r, enum css_property property, struct str text)
{
	static const int from[5][4] = { { 0 }, { 0, 0, 0, 0 }, { 0, 1, 0, 1 }, { 0, 1, 2, 1 },
					{ 0, 1, 2, 3 } };
	struct css_value values[4];
	struct component part;
	size_t n = 0;

	while (component_next(&text, &part)) {
		if (n == 4)
			return false;
		if (part.type == COMPONENT_IDENT && str_is_nocase(part.text, "auto"))
			values[n] = css_keyword_value(CSS_AUTO);
		else if (part.type == COMPONENT_FUNCTION)
			values[n] = css_px(0);
		else if (!length_of(&part, &values[n]))
			return false;
		n++;
	}
	if (n == 0)
		return false;
	for (int side = 0; side < 4; side++)
		put(r, (enum css_property)(property + side), values[from[n][side]]);
	return true;
}

static bool border_width_of(const struct component *part, struct css_value *ret_value)
{
	if (part->type == COMPONENT_IDENT) {
		double px = str_is_nocase(part->text, "thin")	? 1 :
			    str_is_nocase(part->text, "medium") ? 3 :
			    str_is_nocase(part->text, "thick")	? 5 :
								  -1;

		*ret_value = css_px(px);
		return px > 0;
	}
	return part->type != COMPONENT_PERCENT && length_of(part, ret_value);
}

static bool component_color(const struct component *part, struct css_value *ret_value)
{
	if (part->type != COMPONENT_HASH && part->type != COMPONENT_FUNCTION &&
	    part->type != COMPONENT_IDENT)
		return false;
	return color_of(part->whole, ret_value);
}

struct border {
	struct css_value width, style, color;
};

static bool border_of(struct str text, struct border *border)
{
	static const struct word styles[] = {
		{ "none", CSS_NONE }, { "hidden", CSS_NONE }, { "solid", CSS_SOLID },
		{ "dashed", CSS_SOLID }, { "dotted", CSS_SOLID }, { "double", CSS_SOLID },
		{ "groove", CSS_SOLID }, { "ridge", CSS_SOLID }, { "inset", CSS_SOLID },
		{ "outset", CSS_SOLID },
	};
	struct component part;

	*border = (struct border){ css_px(3), css_keyword_value(CSS_NONE),
				   { .kind = CSS_KIND_CURRENT_COLOR } };
	while (component_next(&text, &part)) {
		enum css_keyword keyword;

		if (part.type == COMPONENT_IDENT &&
		    word_of(styles, sizeof styles / sizeof styles[0], part.text, &keyword))
			border->style = css_keyword_value(keyword);
		else if (!border_width_of(&part, &border->width) &&
			 !component_color(&part, &border->color))
			return false;
	}
	return true;
}

static void put_border(struct reader *r, int side, const struct border *border)
{
	put(r, (enum css_property)(CSS_BORDER_TOP_WIDTH + side), border->width);
	put(r, (enum css_property)(CSS_BORDER_TOP_STYLE + side), border->style);
	put(r, (enum css_property)(CSS_BORDER_TOP_COLOR + side), border->color);
}

/* border-top and kin; property is the side's width. */
static bool parse_border_side(struct reader *r, enum css_property property, struct str text)
{
	struct border border;

	if (!border_of(text, &border))
		return false;
	put_border(r, (int)(property - CSS_BORDER_TOP_WIDTH), &border);
	return true;
}

static bool parse_border(struct reader *r, enum css_property property, struct str text)
{
	struct border border;

	(void)property;
	if (!border_of(text, &border))
		return false;
	for (int side = 0; side < 4; side++)
		put_border(r, side, &border);
	return true;
}

static bool parse_border_word(struct reader *r, enum css_property property, struct str text)
{
	static const enum css_keyword taken[] = { CSS_NONE, CSS_HIDDEN, CSS_SOLID };

	return parse_words(r, property, text, TAKES(taken));
}

static bool parse_border_style(struct reader *r, enum css_property property, struct str text)
{
	bool valid = true;

	for (int side = 0; side < 4 && valid; side++)
		valid = parse_border_word(r, (enum css_property)(property + side), text);
	return valid;
}

static bool parse_border_color(struct reader *r, enum css_property property, struct str text)
{
	struct css_value value;
	struct component part;

	if (!component_next(&text, &part) || !component_color(&part, &value))
		return false;
	for (int side = 0; side < 4; side++)
		put(r, (enum css_property)(property + side), value);
	return true;
}

static bool is_gradient(struct str name)
{
	static const char *const names[] = { "linear-gradient", "radial-gradient",
		"conic-gradient", "repeating-linear-gradient", "repeating-radial-gradient",
		"-webkit-linear-gradient", "-moz-linear-gradient", "-o-linear-gradient",
		"-ms-linear-gradient", "-webkit-gradient", "-webkit-radial-gradient" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_is_nocase(name, names[i]))
			return true;
	return false;
}

/* Every colour among the arguments is a stop; from(), to() and color-stop() hold one each. */
static void gradient_stops(struct str text, struct css_image *image)
{
	struct component part, inner;

	while (component_next(&text, &part)) {
		struct css_value value;
		struct str arguments = part.arguments;

		if (part.type == COMPONENT_FUNCTION && !component_color(&part, &value)) {
			while (component_next(&arguments, &inner))
				if (component_color(&inner, &value) && image->n_stops < CSS_STOPS_MAX)
					image->stops[image->n_stops++] = value.color;
		} else if (component_color(&part, &value) && image->n_stops < CSS_STOPS_MAX) {
			image->stops[image->n_stops++] = value.color;
		}
	}
}

static struct str url_of(struct reader *r, const struct component *part)
{
	struct str inner = part->arguments;
	struct component text;

	if (component_next(&inner, &text) && text.type == COMPONENT_STRING)
		return css_unescape(r->arena, text.text);
	return css_unescape(r->arena, str_trim(part->arguments));
}

static bool image_of(struct reader *r, const struct component *part, struct css_value *ret_value)
{
	struct css_image image = { .gradient = false };
	struct css_image *kept;

	if (part->type != COMPONENT_FUNCTION)
		return false;
	if (str_is_nocase(part->text, "url")) {
		image.url = url_of(r, part);
	} else if (is_gradient(part->text)) {
		image.gradient = true;
		gradient_stops(part->arguments, &image);
	} else if (str_is_nocase(part->text, "image-set") ||
		   str_is_nocase(part->text, "-webkit-image-set")) {
		struct str inner = part->arguments;
		struct component first;

		if (!component_next(&inner, &first))
			return false;
		image.url = first.type == COMPONENT_STRING ? first.text : url_of(r, &first);
	} else {
		return false;
	}
	kept = ARENA_NEW(r->arena, struct css_image);
	*kept = image;
	*ret_value = (struct css_value){ .kind = CSS_KIND_IMAGE, .image = kept };
	return true;
}

static bool parse_background_image(struct reader *r, enum css_property property, struct str text)
{
	struct component part;
	struct css_value value;

	if (!component_next(&text, &part))
		return false;
	if (part.type == COMPONENT_IDENT && str_is_nocase(part.text, "none"))
		value = css_keyword_value(CSS_NONE);
	else if (!image_of(r, &part, &value))
		return false;
	put(r, property, value);
	return true;
}

static bool is_background_word(struct str text)
{
	static const char *const names[] = { "repeat", "repeat-x", "repeat-y", "no-repeat",
		"space", "round", "scroll", "fixed", "local", "left", "right", "top", "bottom",
		"center", "cover", "contain", "auto", "border-box", "padding-box", "content-box",
		"text" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_is_nocase(text, names[i]))
			return true;
	return false;
}

/* The whole shorthand is invalid where one part of it is. Layers: the first image is on top, the
 * colour belongs to the last. */
static bool parse_background(struct reader *r, enum css_property property, struct str text)
{
	struct css_value color = { .kind = CSS_KIND_COLOR }, image = css_keyword_value(CSS_NONE);
	struct css_value found;
	struct component part;
	bool colored = false, any = false;

	(void)property;
	while (component_next(&text, &part)) {
		any = true;
		if (image_of(r, &part, &found)) {
			if (image.kind != CSS_KIND_IMAGE)
				image = found;
		} else if (component_color(&part, &found)) {
			if (colored)
				return false;
			color = found;
			colored = true;
		} else if (part.type == COMPONENT_IDENT) {
			if (!is_background_word(part.text) && !str_is_nocase(part.text, "none"))
				return false;
		} else if (part.type == COMPONENT_COMMA) {
			if (colored) /* a colour before the last layer */
				return false;
		} else if (part.type != COMPONENT_SLASH &&
			   (part.type == COMPONENT_FUNCTION ?
				    !str_is_nocase(part.text, "calc") :
				    !length_of(&part, &found))) {
			return false;
		}
	}
	if (!any)
		return false;
	if (!colored && image.kind == CSS_KIND_IMAGE)
		color = css_keyword_value(CSS_RESET);
	put(r, CSS_BACKGROUND_COLOR, color);
	put(r, CSS_BACKGROUND_IMAGE, image);
	return true;
}

/* A rectangle or inset that leaves at most two pixels. */
static bool clips_all(const struct component *function)
{
	struct str text = function->arguments;
	struct component part;
	double values[4];
	size_t n = 0;
	bool percent = false;

	while (n < 4 && component_next(&text, &part)) {
		if (part.type == COMPONENT_COMMA)
			continue;
		percent = percent || part.type == COMPONENT_PERCENT;
		values[n++] = part.number;
	}
	if (str_is_nocase(function->text, "rect"))
		return n == 4 && (values[2] - values[0] <= 2 || values[1] - values[3] <= 2);
	if (str_is_nocase(function->text, "inset"))
		return n > 0 && percent && values[0] >= 49;
	if (str_is_nocase(function->text, "circle") || str_is_nocase(function->text, "ellipse"))
		return n > 0 && values[0] <= 1;
	return false;
}

static bool parse_clip(struct reader *r, enum css_property property, struct str text)
{
	struct component part;
	bool all;

	if (!component_next(&text, &part))
		return false;
	all = part.type == COMPONENT_FUNCTION && clips_all(&part);
	put(r, property, css_keyword_value(all ? CSS_CLIPPED : CSS_NONE));
	return true;
}

/* scale(0), and being carried far away */
static bool transforms_away(const struct component *function)
{
	struct str text = function->arguments;
	struct component part;

	while (component_next(&text, &part)) {
		if (str_starts_nocase(function->text, STR_LIT("scale")) && part.number < 0.05 &&
		    part.number > -0.05 && part.type == COMPONENT_NUMBER)
			return true;
		if (str_starts_nocase(function->text, STR_LIT("translate")) &&
		    (part.number <= -300 || part.number >= 3000))
			return true;
	}
	return false;
}

static bool parse_transform(struct reader *r, enum css_property property, struct str text)
{
	struct component part;
	bool away = false;

	while (component_next(&text, &part)) {
		if (part.type == COMPONENT_FUNCTION)
			away = away || transforms_away(&part);
		else if (part.type != COMPONENT_IDENT)
			return false;
	}
	put(r, property, css_keyword_value(away ? CSS_CLIPPED : CSS_NONE));
	return true;
}

static bool parse_filter(struct reader *r, enum css_property property, struct str text)
{
	struct component part, value;
	bool gone = false;

	while (component_next(&text, &part)) {
		struct str arguments = part.arguments;

		if (part.type == COMPONENT_FUNCTION && str_is_nocase(part.text, "opacity") &&
		    component_next(&arguments, &value))
			gone = value.number < 0.05;
	}
	put(r, property, css_keyword_value(gone ? CSS_CLIPPED : CSS_NONE));
	return true;
}

/* Sorted by name. */
static const struct property properties[] = {
	{ "background", CSS_BACKGROUND_COLOR, parse_background },
	{ "background-color", CSS_BACKGROUND_COLOR, parse_color },
	{ "background-image", CSS_BACKGROUND_IMAGE, parse_background_image },
	{ "border", CSS_BORDER_TOP_WIDTH, parse_border },
	{ "border-bottom", CSS_BORDER_BOTTOM_WIDTH, parse_border_side },
	{ "border-bottom-color", CSS_BORDER_BOTTOM_COLOR, parse_color },
	{ "border-bottom-style", CSS_BORDER_BOTTOM_STYLE, parse_border_word },
	{ "border-bottom-width", CSS_BORDER_BOTTOM_WIDTH, parse_length },
	{ "border-color", CSS_BORDER_TOP_COLOR, parse_border_color },
	{ "border-left", CSS_BORDER_LEFT_WIDTH, parse_border_side },
	{ "border-right", CSS_BORDER_RIGHT_WIDTH, parse_border_side },
	{ "border-style", CSS_BORDER_TOP_STYLE, parse_border_style },
	{ "border-top", CSS_BORDER_TOP_WIDTH, parse_border_side },
	{ "border-top-color", CSS_BORDER_TOP_COLOR, parse_color },
	{ "border-top-style", CSS_BORDER_TOP_STYLE, parse_border_word },
	{ "border-top-width", CSS_BORDER_TOP_WIDTH, parse_length },
	{ "border-width", CSS_BORDER_TOP_WIDTH, parse_sides },
	{ "box-sizing", CSS_BOX_SIZING, parse_box_sizing },
	{ "clip", CSS_CLIP, parse_clip },
	{ "clip-path", CSS_CLIP, parse_clip },
	{ "color", CSS_COLOR, parse_color },
	{ "display", CSS_DISPLAY, parse_display },
	{ "filter", CSS_FILTER, parse_filter },
	{ "float", CSS_FLOAT, parse_float },
	{ "font", CSS_FONT_SIZE, parse_font },
	{ "font-size", CSS_FONT_SIZE, parse_font_size },
	{ "font-weight", CSS_FONT_WEIGHT, parse_font_weight },
	{ "height", CSS_HEIGHT, parse_length },
	{ "left", CSS_LEFT, parse_length },
	{ "line-height", CSS_LINE_HEIGHT, parse_line_height },
	{ "margin", CSS_MARGIN_TOP, parse_sides },
	{ "margin-bottom", CSS_MARGIN_BOTTOM, parse_length },
	{ "margin-left", CSS_MARGIN_LEFT, parse_length },
	{ "margin-right", CSS_MARGIN_RIGHT, parse_length },
	{ "margin-top", CSS_MARGIN_TOP, parse_length },
	{ "max-height", CSS_MAX_HEIGHT, parse_length },
	{ "max-width", CSS_MAX_WIDTH, parse_length },
	{ "min-height", CSS_MIN_HEIGHT, parse_length },
	{ "min-width", CSS_MIN_WIDTH, parse_length },
	{ "opacity", CSS_OPACITY, parse_opacity },
	{ "overflow", CSS_OVERFLOW, parse_overflow },
	{ "overflow-y", CSS_OVERFLOW, parse_overflow },
	{ "padding", CSS_PADDING_TOP, parse_sides },
	{ "padding-bottom", CSS_PADDING_BOTTOM, parse_length },
	{ "padding-left", CSS_PADDING_LEFT, parse_length },
	{ "padding-right", CSS_PADDING_RIGHT, parse_length },
	{ "padding-top", CSS_PADDING_TOP, parse_length },
	{ "position", CSS_POSITION, parse_position },
	{ "right", CSS_RIGHT, parse_length },
	{ "text-indent", CSS_TEXT_INDENT, parse_length },
	{ "top", CSS_TOP, parse_length },
	{ "transform", CSS_TRANSFORM, parse_transform },
	{ "visibility", CSS_VISIBILITY, parse_visibility },
	{ "white-space", CSS_WHITE_SPACE, parse_white_space },
	{ "width", CSS_WIDTH, parse_length },
};

static const struct property *property_find(struct str name)
{
	size_t low = 0, high = sizeof properties / sizeof properties[0];
	char key[24];

	if (name.n >= sizeof key)
		return NULL;
	for (size_t i = 0; i < name.n; i++)
		key[i] = ascii_lower(name.p[i]);
	key[name.n] = '\0';
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(properties[middle].name, key);

		if (order == 0)
			return &properties[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* What a shorthand sets, for "inherit" and "initial". */
static void put_wide(struct reader *r, const struct property *property, struct css_value value)
{
	size_t n = property->parse == parse_sides || property->parse == parse_border_style ||
				   property->parse == parse_border_color ||
				   property->parse == parse_border ?
			   4 :
			   1;

	for (size_t i = 0; i < n; i++)
		put(r, (enum css_property)(property->property + (int)i), value);
	if (property->parse == parse_background)
		put(r, CSS_BACKGROUND_IMAGE, value);
	else if (property->parse == parse_font)
		put(r, CSS_LINE_HEIGHT, value);
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

static void declaration(struct reader *r, struct str text)
{
	size_t colon;
	struct str value;
	struct css_value wide;
	const struct property *property;

	text = css_skip_space(text);
	colon = str_find_char(text, ':', 0);
	if (colon == STR_NPOS)
		return;
	property = property_find(css_unescape(r->arena, str_trim(str_head(text, colon))));
	if (property == NULL)
		return;
	value = str_skip(text, colon + 1);
	r->important = take_important(&value);
	value = str_trim(identifier_escapes(r->arena, value));
	if (parse_wide(value, &wide))
		put_wide(r, property, wide);
	else
		property->parse(r, property->property, value);
}

struct css_declarations css_parse_declarations(struct arena *arena, struct str text)
{
	struct css_declarations declarations = { NULL, 0, 0 };
	struct reader reader = { .arena = arena, .out = &declarations };

	while (text.n > 0) {
		size_t end = css_find_top(text, ";");
		struct str piece = str_head(text, end);

		text = str_skip(text, end + 1);
		declaration(&reader, piece);
	}
	return declarations;
}
