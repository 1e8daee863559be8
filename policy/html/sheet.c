#include "policy/html/sheet.h"

#include <stdlib.h>

#include "policy/html/component.h"

#define MEDIA_NESTING_MAX 8

struct sheet *sheet_new(struct arena *arena)
{
	struct sheet *sheet = ARENA_NEW(arena, struct sheet);

	sheet->arena = arena;
	return sheet;
}

static unsigned bucket(struct str key)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < key.n; i++)
		hash = (hash ^ (unsigned char)key.p[i]) * 16777619u;
	return hash % SHEET_BUCKETS;
}

static void index_rule(struct sheet *sheet, struct rule *rule)
{
	const struct selector *selector = rule->selector;
	const struct compound *last = &selector->compounds[selector->n - 1];
	struct rule **chain = &sheet->universal;
	int best = 0;

	for (size_t i = 0; i < last->n; i++) {
		const struct simple *simple = &last->items[i];

		if (simple->kind == SIMPLE_NEVER)
			return;
		if (simple->kind == SIMPLE_ID && best < 3) {
			best = 3;
			chain = &sheet->by_id[bucket(simple->name)];
		} else if (simple->kind == SIMPLE_CLASS && best < 2) {
			best = 2;
			chain = &sheet->by_class[bucket(simple->name)];
		} else if (simple->kind == SIMPLE_TAG && best < 1) {
			best = 1;
			chain = &sheet->by_tag[bucket(simple->name)];
		}
	}
	rule->next = *chain;
	*chain = rule;
}

static void add_rule(struct sheet *sheet, struct str prelude, struct str body)
{
	struct css_declarations declarations;
	struct selector_list *list;

	if (sheet->n_rules >= SHEET_RULES_MAX || prelude.n > SHEET_PRELUDE_MAX) {
		sheet->exhausted = true;
		return;
	}
	list = ARENA_NEW(sheet->arena, struct selector_list);
	if (!selector_parse(sheet->arena, prelude, list))
		return;
	declarations = css_parse_declarations(sheet->arena, body);
	if (declarations.n == 0)
		return;
	for (size_t i = 0; i < list->n; i++) {
		struct rule *rule = ARENA_NEW(sheet->arena, struct rule);

		rule->selector = &list->items[i];
		rule->declarations = declarations;
		rule->order = sheet->n_rules++;
		index_rule(sheet, rule);
	}
}

/* The reader's pane. */
#define MEDIA_WIDTH 700
#define MEDIA_HEIGHT 900
#define MEDIA_DEVICE_WIDTH 1280

static double media_length(struct str text)
{
	struct css_value value;

	if (!css_parse_length(text, &value))
		return -1;
	return value.kind == CSS_KIND_EM ? value.number * 16 : value.number;
}

static bool media_range(struct str name, struct str value, double is)
{
	double length = media_length(value);

	if (length < 0)
		return false;
	if (str_starts_nocase(name, STR_LIT("min-")))
		return is >= length;
	if (str_starts_nocase(name, STR_LIT("max-")))
		return is <= length;
	return is == length;
}

/* The level 4 form, such as (width <= 600px) or (400px < width). */
static bool media_comparison(struct str text)
{
	size_t at = css_find_top(text, "<>="), after = at;
	struct str left = str_trim(str_head(text, at)), right;
	bool less = at < text.n && text.p[at] == '<', equal;
	double l, r;

	while (after < text.n && strchr("<>=", text.p[after]) != NULL)
		after++;
	equal = after - at == 2 || !(less || (at < text.n && text.p[at] == '>'));
	right = str_trim(str_skip(text, after));
	l = str_is_nocase(left, "width") ? MEDIA_WIDTH : media_length(left);
	r = str_is_nocase(right, "width") ? MEDIA_WIDTH : media_length(right);
	if (l < 0 || r < 0)
		return false;
	return l == r ? equal : less ? l < r : at < text.n && text.p[at] == '>' && l > r;
}

static bool media_ratio(struct str name, struct str value)
{
	double ratio = media_length(str_head(value, css_find_top(value, "d/")));

	return str_starts_nocase(name, STR_LIT("-webkit-max")) ||
			       str_starts_nocase(name, STR_LIT("max")) ?
		       ratio >= 1 :
		       ratio <= 1;
}

/* (name) or (name: value); what is not known does not hold. */
static bool media_feature(struct str text)
{
	size_t colon = str_find_char(text, ':', 0);
	struct str name = str_trim(str_head(text, colon)), value = STR_NONE;

	if (colon != STR_NPOS)
		value = str_trim(str_skip(text, colon + 1));
	else if (css_find_top(text, "<>=") < text.n)
		return media_comparison(text);
	if (str_ends(name, STR_LIT("device-width")))
		return media_range(name, value, MEDIA_DEVICE_WIDTH);
	if (str_find_nocase(name, STR_LIT("device-height"), 0) != STR_NPOS)
		return media_range(name, value, MEDIA_HEIGHT);
	if (str_find_nocase(name, STR_LIT("pixel-ratio"), 0) != STR_NPOS)
		return media_ratio(name, value);
	if (str_find_nocase(name, STR_LIT("width"), 0) != STR_NPOS)
		return value.p == NULL || media_range(name, value, MEDIA_WIDTH);
	if (str_find_nocase(name, STR_LIT("height"), 0) != STR_NPOS)
		return value.p == NULL || media_range(name, value, MEDIA_HEIGHT);
	if (str_is_nocase(name, "prefers-color-scheme"))
		return value.p == NULL || str_is_nocase(value, "light") ||
		       str_is_nocase(value, "no-preference");
	if (str_is_nocase(name, "prefers-reduced-motion") ||
	    str_is_nocase(name, "prefers-contrast"))
		return str_is_nocase(value, "no-preference");
	if (str_is_nocase(name, "orientation"))
		return str_is_nocase(value, "portrait"); /* 700 by 900 */
	if (str_is_nocase(name, "color") || str_is_nocase(name, "hover") ||
	    str_is_nocase(name, "any-hover") || str_is_nocase(name, "scripting"))
		return !str_is_nocase(value, "none");
	return false;
}

static bool word_is(struct str *s, const char *word)
{
	struct str w = str_from(word);

	if (!str_starts_nocase(*s, w) || (s->n > w.n && css_is_name_char(s->p[w.n])))
		return false;
	*s = css_skip_space(str_skip(*s, w.n));
	return true;
}

/* One query: [not|only] type [and (feature)]..., or features alone. */
static bool media_query(struct str s)
{
	bool negated, holds = true, any = false;

	s = str_trim(css_skip_space(s));
	negated = word_is(&s, "not");
	if (!negated)
		word_is(&s, "only");
	while (s.n > 0) {
		if (s.p[0] == '(') {
			size_t end = css_skip_block(s);
			struct str inner = { s.p + 1, end >= 2 ? end - 2 : 0 };

			holds = media_feature(inner) && holds;
			s = css_skip_space(str_skip(s, end));
		} else if (any && word_is(&s, "and")) {
			continue;
		} else if (any && word_is(&s, "or")) {
			if (holds)
				return !negated;
			holds = true;
		} else if (!any && (word_is(&s, "all") || word_is(&s, "screen"))) {
			;
		} else {
			return negated && !any; /* print, handheld, ...: not this reader's */
		}
		any = true;
	}
	return any && holds != negated;
}

bool media_holds(struct str text)
{
	text = str_trim(css_skip_space(text));
	if (text.n == 0)
		return true;
	for (;;) {
		size_t end = css_find_top(text, ",");

		if (media_query(str_head(text, end)))
			return true;
		if (end >= text.n)
			return false;
		text = str_skip(text, end + 1);
	}
}

static bool is_media(struct str prelude)
{
	return str_starts_nocase(prelude, STR_LIT("@media")) &&
	       (prelude.n == 6 || !css_is_name_char(prelude.p[6]));
}

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

/* One rule or at-rule; the inside of a media block that holds goes to *ret_inner. */
static void rule(struct sheet *sheet, struct str *s, struct str *ret_inner)
{
	bool at_rule = s->p[0] == '@';
	size_t end = css_find_top(*s, at_rule ? "{;}" : "{");
	struct str prelude = str_head(*s, end), body;

	*s = str_skip(*s, end);
	if (s->n == 0)
		return;
	if (s->p[0] != '{') { /* @import, @charset */
		*s = str_skip(*s, 1);
		return;
	}
	body = take_block(s);
	if (!at_rule)
		add_rule(sheet, prelude, body);
	else if (is_media(prelude) && media_holds(str_skip(prelude, 6)))
		*ret_inner = body;
}

void sheet_add(struct sheet *sheet, struct str text)
{
	struct str stack[MEDIA_NESTING_MAX];
	size_t depth = 0;

	for (;;) {
		struct str inner = STR_NONE;

		text = skip_sheet_space(text);
		if (text.n == 0) {
			if (depth == 0)
				return;
			text = stack[--depth];
			continue;
		}
		rule(sheet, &text, &inner);
		if (inner.p != NULL && depth < MEDIA_NESTING_MAX) {
			stack[depth++] = text;
			text = inner;
		}
	}
}

static int by_precedence(const void *a, const void *b)
{
	const struct rule *x = *(const struct rule *const *)a, *y = *(const struct rule *const *)b;

	if (x->selector->specificity != y->selector->specificity)
		return x->selector->specificity < y->selector->specificity ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void match_chain(struct sheet *sheet, const struct rule *rules,
			const struct html_node *node, struct rule_list *list)
{
	for (; rules != NULL && sheet->work <= SHEET_WORK_MAX; rules = rules->next) {
		if (!selector_matches(sheet, rules->selector, node))
			continue;
		ARENA_ROOM(sheet->arena, list->items, list->n, list->cap);
		list->items[list->n++] = rules;
	}
}

/* A class attribute with the same bucket twice would match its rules twice. */
static void match_classes(struct sheet *sheet, const struct html_node *node,
			  struct rule_list *list)
{
	uint64_t seen[SHEET_BUCKETS / 64] = { 0 };
	struct str rest = node->classes;

	while (rest.n > 0 && sheet->work <= SHEET_WORK_MAX) {
		size_t n = 0;
		unsigned at;

		while (n < rest.n && !ascii_is_space(rest.p[n]))
			n++;
		at = bucket(str_head(rest, n));
		if (n > 0 && !(seen[at / 64] >> (at % 64) & 1)) {
			seen[at / 64] |= (uint64_t)1 << (at % 64);
			match_chain(sheet, sheet->by_class[at], node, list);
		}
		rest = str_skip(rest, n + 1);
	}
}

void sheet_match(struct sheet *sheet, const struct html_node *node, struct rule_list *ret_rules)
{
	ret_rules->n = 0;
	if (sheet->n_rules == 0)
		return;
	match_chain(sheet, sheet->universal, node, ret_rules);
	match_chain(sheet, sheet->by_tag[bucket(node->name)], node, ret_rules);
	if (node->classes.n > 0)
		match_classes(sheet, node, ret_rules);
	if (node->id.n > 0)
		match_chain(sheet, sheet->by_id[bucket(node->id)], node, ret_rules);
	sheet->work += ret_rules->n * 8; /* sorting and applying them */
	if (sheet->work > SHEET_WORK_MAX)
		sheet->exhausted = true;
	if (ret_rules->n > 1)
		qsort(ret_rules->items, ret_rules->n, sizeof *ret_rules->items, by_precedence);
}
