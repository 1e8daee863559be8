#include "policy/html/cascade.h"

void cascade_set(struct cascade *c, enum css_property property, struct css_value value,
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
		cascade_set(c, varied.items[i].property, varied.items[i].value, source);
}

static void apply_one(struct cascade *c, const struct css_declaration *d, enum paint_source source)
{
	if (c->customs_only) {
		c->sheet->work += 8;
		if (d->property == CSS_CUSTOM && c->sheet->work <= SHEET_WORK_MAX)
			c->customs = custom_add(c->arena, c->customs, d->value.raw->name,
						d->value.raw->text);
	} else if (d->property == CSS_VARYING) {
		apply_varying(c, d->value.raw, source);
	} else if (d->property != CSS_CUSTOM) {
		cascade_set(c, d->property, d->value, source);
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

void cascade_run(struct cascade *c, const struct html_node *node, struct custom *inherited)
{
	struct str text = html_attr(node, "style");

	memset(c->set, 0, sizeof c->set);
	c->background_source = c->image_source = PAINT_NONE;
	c->fallback = (struct rgba){ 0, 0, 0, 0 };
	hints_browser(c, node);
	hints_attributes(c, node);
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
