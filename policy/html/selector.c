#include <stdlib.h>

#include "policy/html/component.h"
#include "policy/html/sheet.h"

#define NESTING_MAX 6
#define SPECIFICITY_ID (1u << 20)
#define SPECIFICITY_CLASS (1u << 10)
#define SPECIFICITY_TAG 1u

static bool parse_list(struct arena *arena, struct str text, unsigned nesting,
		       struct selector_list *ret_list);

static struct str take_name(struct arena *arena, struct str *s)
{
	size_t n = css_name_length(*s);
	struct str name = css_unescape(arena, str_head(*s, n));

	*s = str_skip(*s, n);
	return name;
}

static struct str lower(struct arena *arena, struct str s)
{
	char *copy = arena_cstr(arena, s);

	for (size_t i = 0; i < s.n; i++)
		copy[i] = ascii_lower(copy[i]);
	return (struct str){ copy, s.n };
}

static struct simple *add(struct arena *arena, struct compound *compound, enum simple_kind kind)
{
	ARENA_ROOM(arena, compound->items, compound->n, compound->cap);
	compound->items[compound->n] = (struct simple){ .kind = kind };
	return &compound->items[compound->n++];
}

/* [name op value i]; *s stands after the opening bracket. */
static bool parse_attribute(struct arena *arena, struct str *s, struct compound *compound)
{
	struct simple *simple = add(arena, compound, SIMPLE_ATTRIBUTE);
	size_t end = css_find_top(*s, "]");
	struct str text = css_skip_space(str_head(*s, end)), value;

	if (end == s->n)
		return false;
	*s = str_skip(*s, end + 1);
	simple->name = lower(arena, take_name(arena, &text));
	if (simple->name.n == 0)
		return false;
	text = css_skip_space(text);
	if (text.n == 0)
		return true;
	if (strchr("~|^$*", text.p[0]) != NULL && text.p[0] != '\0' && text.n > 1 &&
	    text.p[1] == '=') {
		simple->operator = text.p[0];
		text = str_skip(text, 2);
	} else if (text.p[0] == '=') {
		simple->operator = '=';
		text = str_skip(text, 1);
	} else {
		return false;
	}
	text = css_skip_space(text);
	if (text.n > 0 && (text.p[0] == '"' || text.p[0] == '\'')) {
		size_t close = str_find_char(text, text.p[0], 1);

		if (close == STR_NPOS)
			return false;
		value = css_unescape(arena, (struct str){ text.p + 1, close - 1 });
		text = str_skip(text, close + 1);
	} else {
		value = take_name(arena, &text);
		if (value.n == 0)
			return false;
	}
	text = str_trim(text);
	simple->value = value;
	simple->nocase = str_is_nocase(text, "i");
	return text.n == 0 || simple->nocase || str_is_nocase(text, "s");
}

static bool parse_integer(struct str s, int *ret_value)
{
	int value = 0, sign = 1;
	size_t i = 0;

	if (s.n > 0 && (s.p[0] == '+' || s.p[0] == '-'))
		sign = s.p[i++] == '-' ? -1 : 1;
	if (i == s.n)
		return false;
	for (; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]) || value > 1000000)
			return false;
		value = value * 10 + (s.p[i] - '0');
	}
	*ret_value = sign * value;
	return true;
}

/* An+B (CSS Syntax 6), white space taken out. */
static bool parse_nth(struct arena *arena, struct str text, struct simple *simple)
{
	char *copy = arena_alloc(arena, text.n + 1);
	struct str s = { copy, 0 }, head, tail;
	size_t n;

	for (size_t i = 0; i < text.n; i++)
		if (!ascii_is_space(text.p[i]))
			copy[s.n++] = ascii_lower(text.p[i]);
	if (str_is(s, "odd") || str_is(s, "even")) {
		simple->a = 2;
		simple->b = s.n == 3;
		return true;
	}
	n = str_find_char(s, 'n', 0);
	if (n == STR_NPOS)
		return parse_integer(s, &simple->b);
	head = str_head(s, n);
	tail = str_skip(s, n + 1);
	if (head.n == 0 || str_is(head, "+"))
		simple->a = 1;
	else if (str_is(head, "-"))
		simple->a = -1;
	else if (!parse_integer(head, &simple->a))
		return false;
	return tail.n == 0 || parse_integer(tail, &simple->b);
}

struct pseudo {
	const char *name;
	enum simple_kind kind;
	int b; /* of an nth kind without arguments */
};

/* Pseudo-classes that need somebody to point, click or type never hold. */
static const struct pseudo pseudos[] = {
	{ "first-child", SIMPLE_NTH_CHILD, 1 },	 { "last-child", SIMPLE_NTH_LAST_CHILD, 1 },
	{ "first-of-type", SIMPLE_NTH_OF_TYPE, 1 }, { "last-of-type", SIMPLE_NTH_LAST_OF_TYPE, 1 },
	{ "empty", SIMPLE_EMPTY, 0 },		 { "root", SIMPLE_ROOT, 0 },
	{ "link", SIMPLE_LINK, 0 },		 { "any-link", SIMPLE_LINK, 0 },
	{ "hover", SIMPLE_NEVER, 0 },		 { "active", SIMPLE_NEVER, 0 },
	{ "focus", SIMPLE_NEVER, 0 },		 { "visited", SIMPLE_NEVER, 0 },
	{ "checked", SIMPLE_NEVER, 0 },		 { "target", SIMPLE_NEVER, 0 },
	{ "focus-within", SIMPLE_NEVER, 0 },	 { "focus-visible", SIMPLE_NEVER, 0 },
	{ "disabled", SIMPLE_NEVER, 0 },	 { "enabled", SIMPLE_NEVER, 0 },
	{ "before", SIMPLE_NEVER, 0 },		 { "after", SIMPLE_NEVER, 0 },
	{ "first-line", SIMPLE_NEVER, 0 },	 { "first-letter", SIMPLE_NEVER, 0 },
};

static bool parse_pseudo_name(struct arena *arena, struct str name, struct compound *compound)
{
	if (str_is_nocase(name, "only-child") || str_is_nocase(name, "only-of-type")) {
		bool type = name.n > 10;

		add(arena, compound, type ? SIMPLE_NTH_OF_TYPE : SIMPLE_NTH_CHILD)->b = 1;
		add(arena, compound, type ? SIMPLE_NTH_LAST_OF_TYPE : SIMPLE_NTH_LAST_CHILD)->b = 1;
		return true;
	}
	for (size_t i = 0; i < sizeof pseudos / sizeof pseudos[0]; i++) {
		if (!str_is_nocase(name, pseudos[i].name))
			continue;
		add(arena, compound, pseudos[i].kind)->b = pseudos[i].b;
		return true;
	}
	return false;
}

/* An+B, and perhaps "of" with the selectors of those that count. */
static bool parse_nth_of(struct arena *arena, struct str text, unsigned nesting,
			 struct simple *simple)
{
	size_t of = str_find_nocase(text, STR_LIT(" of "), 0);
	struct selector_list *inner;

	if (!parse_nth(arena, str_head(text, of), simple))
		return false;
	if (of == STR_NPOS)
		return true;
	inner = ARENA_NEW(arena, struct selector_list);
	simple->inner = inner;
	return nesting < NESTING_MAX && parse_list(arena, str_skip(text, of + 4), nesting + 1, inner);
}

static char take_combinator(struct str *s)
{
	char c;

	*s = css_skip_space(*s);
	c = s->n > 0 ? s->p[0] : '\0';
	if (c != '>' && c != '+' && c != '~')
		return ' ';
	*s = str_skip(*s, 1);
	return c;
}

static bool parse_pseudo_function(struct arena *arena, struct str name, struct str argument,
				  unsigned nesting, struct compound *compound)
{
	struct selector_list *inner;
	struct simple *simple;

	if (str_is_nocase(name, "nth-child"))
		return parse_nth_of(arena, argument, nesting, add(arena, compound, SIMPLE_NTH_CHILD));
	if (str_is_nocase(name, "nth-last-child"))
		return parse_nth_of(arena, argument, nesting,
				    add(arena, compound, SIMPLE_NTH_LAST_CHILD));
	if (str_is_nocase(name, "nth-of-type"))
		return parse_nth(arena, argument, add(arena, compound, SIMPLE_NTH_OF_TYPE));
	if (str_is_nocase(name, "nth-last-of-type"))
		return parse_nth(arena, argument, add(arena, compound, SIMPLE_NTH_LAST_OF_TYPE));
	if (str_is_nocase(name, "lang")) {
		add(arena, compound, SIMPLE_NEVER);
		return true;
	}
	if (nesting >= NESTING_MAX)
		return false;
	if (str_is_nocase(name, "not"))
		simple = add(arena, compound, SIMPLE_NOT);
	else if (str_is_nocase(name, "is") || str_is_nocase(name, "where") ||
		 str_is_nocase(name, "matches") || str_is_nocase(name, "-webkit-any") ||
		 str_is_nocase(name, "-moz-any"))
		simple = add(arena, compound, SIMPLE_IS);
	else if (str_is_nocase(name, "has"))
		simple = add(arena, compound, SIMPLE_HAS);
	else
		return false;
	simple->nocase = str_is_nocase(name, "where"); /* adds no specificity */
	if (simple->kind == SIMPLE_HAS)
		simple->operator = take_combinator(&argument);
	inner = ARENA_NEW(arena, struct selector_list);
	simple->inner = inner;
	/* nesting is bounded, and the argument is shorter than what it stands in */
	return parse_list(arena, argument, nesting + 1, inner);
}

static bool parse_pseudo(struct arena *arena, struct str *s, unsigned nesting,
			 struct compound *compound)
{
	bool element = s->n > 0 && s->p[0] == ':';
	struct str name;
	size_t end;

	if (element)
		*s = str_skip(*s, 1);
	name = take_name(arena, s);
	if (name.n == 0)
		return false;
	if (s->n == 0 || s->p[0] != '(') {
		if (element) {
			add(arena, compound, SIMPLE_NEVER);
			return true;
		}
		return parse_pseudo_name(arena, name, compound);
	}
	end = css_skip_block(*s);
	if (end < 2 || s->p[end - 1] != ')')
		return false;
	if (!parse_pseudo_function(arena, name, (struct str){ s->p + 1, end - 2 }, nesting,
				   compound))
		return false;
	*s = str_skip(*s, end);
	return true;
}

static bool parse_compound(struct arena *arena, struct str *s, unsigned nesting,
			   struct compound *compound, bool *ret_any)
{
	*ret_any = false;
	if (s->n > 0 && s->p[0] == '*') {
		*s = str_skip(*s, 1);
		*ret_any = true;
	} else if (css_name_length(*s) > 0 && !ascii_is_digit(s->p[0])) {
		add(arena, compound, SIMPLE_TAG)->name = lower(arena, take_name(arena, s));
		*ret_any = true;
	}
	while (s->n > 0) {
		char c = s->p[0];

		if (c == '#' || c == '.') {
			struct str name;

			*s = str_skip(*s, 1);
			if (css_name_length(*s) == 0 || ascii_is_digit(s->p[0]))
				return false;
			name = take_name(arena, s);
			add(arena, compound, c == '#' ? SIMPLE_ID : SIMPLE_CLASS)->name = name;
		} else if (c == '[') {
			*s = str_skip(*s, 1);
			if (!parse_attribute(arena, s, compound))
				return false;
		} else if (c == ':') {
			*s = str_skip(*s, 1);
			if (!parse_pseudo(arena, s, nesting, compound))
				return false;
		} else {
			break;
		}
		*ret_any = true;
	}
	return true;
}

static unsigned highest(const struct selector_list *list)
{
	unsigned most = 0;

	for (size_t i = 0; list != NULL && i < list->n; i++)
		if (list->items[i].specificity > most)
			most = list->items[i].specificity;
	return most;
}

static unsigned specificity(const struct selector *selector)
{
	unsigned sum = 0;

	for (size_t i = 0; i < selector->n; i++) {
		for (size_t k = 0; k < selector->compounds[i].n; k++) {
			const struct simple *simple = &selector->compounds[i].items[k];

			if (simple->kind == SIMPLE_ID)
				sum += SPECIFICITY_ID;
			else if (simple->kind == SIMPLE_TAG)
				sum += SPECIFICITY_TAG;
			else if (simple->kind != SIMPLE_NOT && simple->kind != SIMPLE_IS &&
				 simple->kind != SIMPLE_HAS)
				sum += SPECIFICITY_CLASS;
			if (simple->inner != NULL && !simple->nocase)
				sum += highest(simple->inner);
		}
	}
	return sum;
}

/* One complex selector: compounds and what combines them. */
static bool parse_selector(struct arena *arena, struct str s, unsigned nesting,
			   struct selector *selector)
{
	char combinator = 0;
	bool any;

	s = str_trim(css_skip_space(s));
	for (;;) {
		struct str before;
		struct compound compound = { .combinator = combinator };

		if (!parse_compound(arena, &s, nesting, &compound, &any) || !any)
			return false;
		ARENA_ROOM(arena, selector->compounds, selector->n, selector->cap);
		selector->compounds[selector->n++] = compound;
		before = s;
		s = css_skip_space(s);
		if (s.n == 0)
			break;
		combinator = ' ';
		if (s.p[0] == '>' || s.p[0] == '+' || s.p[0] == '~') {
			combinator = s.p[0];
			s = css_skip_space(str_skip(s, 1));
		} else if (s.n == before.n) {
			return false; /* something that no compound holds */
		}
	}
	selector->specificity = specificity(selector);
	return true;
}

static bool parse_list(struct arena *arena, struct str text, unsigned nesting,
		       struct selector_list *ret_list)
{
	struct selector_list list = { NULL, 0, 0 };

	for (;;) {
		size_t end = css_find_top(text, ",");
		struct selector selector = { .n = 0 };

		if (!parse_selector(arena, str_head(text, end), nesting, &selector))
			return false;
		ARENA_ROOM(arena, list.items, list.n, list.cap);
		list.items[list.n++] = selector;
		if (end == text.n)
			break;
		text = str_skip(text, end + 1);
	}
	*ret_list = list;
	return true;
}

bool selector_parse(struct arena *arena, struct str text, struct selector_list *ret_list)
{
	return parse_list(arena, text, 0, ret_list);
}
