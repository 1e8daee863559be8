#include "policy/html/component.h"
#include "policy/html/sheet.h"

#define NESTING_MAX 8

static bool condition(struct arena *arena, struct str text, int depth);

/* Properties that css.c has no use for, and that mail asks after. */
static bool is_known_name(struct str name)
{
	static const char *const names[] = {
		"align-items", "animation", "appearance", "aspect-ratio", "backdrop-filter",
		"background-clip", "background-position", "background-repeat", "background-size",
		"border-collapse", "border-radius", "border-spacing", "box-shadow", "color-scheme",
		"column-count", "columns", "content", "cursor", "direction", "flex", "flex-direction",
		"flex-wrap", "font-family", "font-style", "font-variant", "gap", "grid", "grid-area",
		"grid-template-columns", "grid-template-rows", "hyphens", "justify-content",
		"letter-spacing", "list-style", "mask", "mix-blend-mode", "object-fit", "order",
		"outline", "overflow-wrap", "overflow-x", "pointer-events", "scroll-snap-type",
		"table-layout", "text-align", "text-decoration", "text-shadow", "text-transform",
		"transition", "vertical-align", "will-change", "word-break", "word-wrap", "z-index",
		"-webkit-appearance", "-webkit-background-clip", "-webkit-mask-image",
		"-webkit-text-fill-color", "-webkit-text-size-adjust",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_is_nocase(name, names[i]))
			return true;
	return false;
}

static bool declaration_known(struct arena *arena, struct str text)
{
	return css_parse_declarations(arena, text).n > 0 ||
	       is_known_name(str_trim(str_head(text, str_find_char(text, ':', 0))));
}

static bool function_holds(struct arena *arena, const struct component *part)
{
	struct selector_list list;

	return str_is_nocase(part->text, "selector") &&
	       selector_parse(arena, part->arguments, &list);
}

/* What stands in parentheses: a declaration, or another condition. */
static bool in_parentheses(struct arena *arena, struct str whole, int depth)
{
	struct str inner = str_trim(css_skip_space(str_head(str_skip(whole, 1), whole.n - 2)));

	if (inner.n > 0 && (inner.p[0] == '(' ||
			    str_is_nocase(str_head(inner, css_name_length(inner)), "not")))
		return condition(arena, inner, depth + 1);
	return declaration_known(arena, inner);
}

/* not, and, or, between things in parentheses (CSS Conditional 3, 6). */
static bool condition(struct arena *arena, struct str text, int depth)
{
	struct component part;
	bool holds = false, any = false, negated = false, also = false;

	if (depth > NESTING_MAX)
		return false;
	while (component_next(&text, &part)) {
		bool here;

		if (part.type == COMPONENT_IDENT) {
			negated = negated || str_is_nocase(part.text, "not");
			also = str_is_nocase(part.text, "and");
			continue;
		}
		if (part.type == COMPONENT_FUNCTION && str_is_nocase(part.text, "not"))
			here = false; /* "not(" is no negation, and no function that is known */
		else if (part.type == COMPONENT_FUNCTION)
			here = function_holds(arena, &part);
		else
			here = part.whole.n > 2 && part.whole.p[0] == '(' &&
			       in_parentheses(arena, part.whole, depth);
		here = here != negated;
		holds = !any ? here : also ? holds && here : holds || here;
		any = true;
		negated = false;
	}
	return any && holds;
}

bool supports_holds(struct arena *arena, struct str text)
{
	return condition(arena, text, 0);
}
