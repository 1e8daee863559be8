#include "policy/html/property.h"

void css_put(struct css_reader *r, enum css_property property, struct css_value value)
{
	ARENA_ROOM(r->arena, r->out->items, r->out->n, r->out->cap);
	r->out->items[r->out->n++] =
		(struct css_declaration){ property, r->important, value };
}

/* Each box that has an expression evaluates it again. */
#define EXPRESSION_MAX 256

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

bool css_length_of(const struct component *part, struct css_value *ret_value)
{
	struct css_value value = { .kind = CSS_KIND_PX, .number = part->number };
	double ignored;

	if (part->type == COMPONENT_PERCENT) {
		value.kind = CSS_KIND_PERCENT;
		*ret_value = value;
		return true;
	}
	if (part->type == COMPONENT_NUMBER) { /* 0, or the quirk by which a number is pixels */
		*ret_value = value;
		return true;
	}
	if (part->type == COMPONENT_FUNCTION) {
		if (!css_is_math(part->text) || part->whole.n > EXPRESSION_MAX ||
		    !css_calc(part->whole, 16, 100, &ignored))
			return false;
		*ret_value = (struct css_value){ .kind = CSS_KIND_CALC, .calc = part->whole };
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

bool css_single(struct str text, struct component *ret_part)
{
	struct component more;

	return component_next(&text, ret_part) && !component_next(&text, &more);
}

bool css_parse_length(struct str text, struct css_value *ret_value)
{
	struct component part;

	return css_single(text, &part) && css_length_of(&part, ret_value);
}

static const struct css_word length_words[] = {
	{ "auto", CSS_AUTO },	      { "none", CSS_NONE },	     { "normal", CSS_NORMAL },
	{ "fit-content", CSS_FIT },   { "max-content", CSS_FIT },    { "min-content", CSS_FIT },
	{ "-webkit-fit-content", CSS_FIT }, { "-moz-fit-content", CSS_FIT },
	{ "intrinsic", CSS_FIT },     { NULL, CSS_NONE },
};

bool css_read_length(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	struct css_value value;

	if (!css_single(text, &part))
		return false;
	if (part.type == COMPONENT_IDENT) {
		enum css_keyword keyword;

		if (!css_word_of(length_words, part.text, &keyword))
			return false;
		value = css_keyword_value(keyword);
	} else if (!css_length_of(&part, &value)) {
		return false;
	}
	css_put(r, property, value);
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

bool css_component_color(const struct component *part, struct css_value *ret_value)
{
	if (part->type != COMPONENT_HASH && part->type != COMPONENT_FUNCTION &&
	    part->type != COMPONENT_IDENT)
		return false;
	return color_of(part->whole, ret_value);
}

bool css_read_color(struct css_reader *r, enum css_property property, struct str text)
{
	struct css_value value;

	if (!color_of(text, &value))
		return false;
	css_put(r, property, value);
	return true;
}

bool css_word_of(const struct css_word *words, struct str text, enum css_keyword *ret_keyword)
{
	for (; words->name != NULL; words++) {
		if (!str_is_nocase(text, words->name))
			continue;
		*ret_keyword = words->keyword;
		return true;
	}
	return false;
}

bool css_read_word(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	enum css_keyword keyword;

	if (!component_next(&text, &part) || part.type != COMPONENT_IDENT ||
	    !css_word_of(r->row->words, part.text, &keyword))
		return false;
	css_put(r, property, css_keyword_value(keyword));
	return true;
}
