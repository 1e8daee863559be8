#include "policy/base/buf.h"
#include "policy/html/component.h"
#include "policy/html/sheet.h"

/* Blocks within blocks, the layers, and the selector that a nested rule comes to. */
#define NESTING_MAX 8
#define LAYERS_MAX 256
#define NESTED_PRELUDE_MAX 2048
#define NESTED_MAX 4000

/* What is around a rule. */
struct scope {
	struct str parent; /* the selector of the rule that this one stands in; absent: none */
	struct str name;   /* of the layer; absent outside all layers */
	unsigned layer;
	unsigned depth;
};

static void read_block(struct sheet *sheet, struct str text, const struct scope *scope);
static void read_body(struct sheet *sheet, struct str body, const struct scope *scope);

/* The inside of a block that begins with its brace, and what follows it. */
static struct str take_block(struct str *s)
{
	size_t end = css_skip_block(*s);
	struct str inner = { s->p + 1, end > 0 ? end - 1 : 0 };

	if (inner.n > 0 && inner.p[inner.n - 1] == '}')
		inner.n--;
	*s = str_skip(*s, end);
	return inner;
}

static struct str skip_sheet_space(struct str s)
{
	for (;;) {
		s = css_skip_space(s);
		if (str_starts(s, STR_LIT("<!--")))
			s = str_skip(s, 4);
		else if (str_starts(s, STR_LIT("-->")))
			s = str_skip(s, 3);
		else if (s.n > 0 && (s.p[0] == '}' || s.p[0] == ';'))
			s = str_skip(s, 1); /* closes nothing */
		else
			return s;
	}
}

/* The place of a layer in the order of their first mention. */
static unsigned layer_of(struct sheet *sheet, struct str outer, struct str name)
{
	struct str full = arena_printf(sheet->arena, "%.*s%s%.*s", STR_ARG(outer),
				       outer.n > 0 ? "." : "", STR_ARG(name));

	for (size_t i = 0; i < sheet->n_layers && name.n > 0; i++)
		if (str_eq(sheet->layers[i], full))
			return (unsigned)i;
	if (sheet->n_layers >= LAYERS_MAX)
		return LAYERS_MAX;
	ARENA_ROOM(sheet->arena, sheet->layers, sheet->n_layers, sheet->cap_layers);
	sheet->layers[sheet->n_layers++] = full;
	return (unsigned)sheet->n_layers - 1;
}

/* "@layer a, b;" */
static void name_layers(struct sheet *sheet, struct str names, const struct scope *scope)
{
	struct str name;

	while (str_next_split(&names, ',', &name))
		layer_of(sheet, scope->name, str_trim(css_skip_space(name)));
}

static void enter(struct sheet *sheet, struct str body, const struct scope *outer,
		  struct scope inner)
{
	inner.depth = outer->depth + 1;
	if (inner.depth > NESTING_MAX)
		return;
	if (inner.parent.p != NULL)
		read_body(sheet, body, &inner);
	else
		read_block(sheet, body, &inner);
}

/* An at-rule; *s stands at its "@". */
static void at_rule(struct sheet *sheet, struct str *s, const struct scope *scope)
{
	size_t end = css_find_top(*s, "{;}"), n = 1 + css_name_length(str_skip(*s, 1));
	struct str name = str_head(*s, n), rest = { s->p + n, end > n ? end - n : 0 }, body;
	struct scope inner = *scope;

	*s = str_skip(*s, end);
	if (s->n == 0 || s->p[0] != '{') { /* @import, @charset */
		if (str_is_nocase(name, "@layer"))
			name_layers(sheet, rest, scope);
		*s = str_skip(*s, s->n > 0 && s->p[0] == ';' ? 1 : 0);
		return;
	}
	body = take_block(s);
	if (str_is_nocase(name, "@layer")) {
		rest = str_trim(css_skip_space(rest));
		inner.layer = layer_of(sheet, scope->name, rest);
		inner.name = inner.layer < sheet->n_layers ? sheet->layers[inner.layer] : rest;
		enter(sheet, body, scope, inner);
	} else if ((str_is_nocase(name, "@media") && media_holds(rest)) ||
		   (str_is_nocase(name, "@supports") && supports_holds(sheet->arena, rest))) {
		enter(sheet, body, scope, inner);
	}
}

/* A nested selector as one that could stand outside: "&" is the outer one, and where there is
 * none, it is an ancestor (CSS Nesting 3). */
static struct str nested_selector(struct sheet *sheet, struct str parent, struct str list)
{
	struct buf out;
	bool any = false;

	buf_init(&out, sheet->arena, NESTED_PRELUDE_MAX);
	while (list.n > 0) {
		size_t end = css_find_top(list, ",");
		struct str one = str_trim(css_skip_space(str_head(list, end)));

		buf_add_cstr(&out, any ? "," : "");
		if (str_find_char(one, '&', 0) == STR_NPOS)
			buf_printf(&out, ":is(%.*s) ", STR_ARG(parent));
		for (size_t i = 0; i < one.n && !out.full; i++) {
			if (one.p[i] == '&')
				buf_printf(&out, ":is(%.*s)", STR_ARG(parent));
			else
				buf_add_char(&out, one.p[i]);
		}
		any = true;
		list = str_skip(list, end + 1);
	}
	return out.full ? STR_NONE : buf_str(&out);
}

static void style_rule(struct sheet *sheet, struct str prelude, struct str body,
		       const struct scope *scope)
{
	struct scope inner = *scope;

	prelude = str_trim(css_skip_space(prelude));
	if (scope->parent.p != NULL && ++sheet->n_nested > NESTED_MAX) {
		sheet->exhausted = true;
		return;
	}
	if (scope->parent.p != NULL)
		prelude = nested_selector(sheet, scope->parent, prelude);
	if (prelude.n == 0)
		return;
	if (str_find_char(body, '{', 0) == STR_NPOS) {
		sheet_add_rule(sheet, prelude, body, scope->layer);
		return;
	}
	inner.parent = prelude;
	enter(sheet, body, scope, inner);
}

/* The declarations so far; what stands after a nested rule comes after it in the cascade, too. */
static void add_own(struct sheet *sheet, struct buf *own, const struct scope *scope)
{
	if (own->n > 0)
		sheet_add_rule(sheet, scope->parent, buf_str(own), scope->layer);
	buf_init(own, sheet->arena, own->max);
}

/* The inside of a rule of which parts are rules themselves. */
static void read_body(struct sheet *sheet, struct str body, const struct scope *scope)
{
	struct buf own;

	buf_init(&own, sheet->arena, body.n + 1);
	for (body = skip_sheet_space(body); body.n > 0; body = skip_sheet_space(body)) {
		size_t end = css_find_top(body, "{;");
		struct str head = str_head(body, end);

		if (body.p[0] == '@') {
			add_own(sheet, &own, scope);
			at_rule(sheet, &body, scope);
		} else if (end < body.n && body.p[end] == '{' && !str_starts(body, STR_LIT("--"))) {
			add_own(sheet, &own, scope);
			body = str_skip(body, end);
			style_rule(sheet, head, take_block(&body), scope);
		} else {
			end = css_find_top(body, ";");
			buf_add(&own, str_head(body, end + 1));
			body = str_skip(body, end + 1);
		}
	}
	add_own(sheet, &own, scope);
}

static void read_block(struct sheet *sheet, struct str text, const struct scope *scope)
{
	for (text = skip_sheet_space(text); text.n > 0; text = skip_sheet_space(text)) {
		struct str prelude;

		if (text.p[0] == '@') {
			at_rule(sheet, &text, scope);
			continue;
		}
		prelude = str_head(text, css_find_top(text, "{"));
		text = str_skip(text, prelude.n);
		if (text.n > 0)
			style_rule(sheet, prelude, take_block(&text), scope);
	}
}

void sheet_add(struct sheet *sheet, struct str text)
{
	struct scope scope = { .layer = SHEET_NO_LAYER };

	read_block(sheet, text, &scope);
}
