#include <math.h>

#include "policy/html/property.h"

/* calc() and kin (CSS Values 4, 10): evaluated where the layout knows what 100 % is. Numbers and
 * lengths are not told apart: what mixes them wrongly is no mail that is sent. */
#define DEPTH_MAX 8
#define ARGUMENTS_MAX 16

struct calc {
	double em, of;
	int depth;
};

static bool sum(struct calc *c, struct str text, double *ret_value);

static bool is_operator(const struct component *part, char a, char b)
{
	return part->whole.n == 1 && (part->whole.p[0] == a || part->whole.p[0] == b);
}

/* min(), max() and clamp() of their arguments; calc() of its one. */
static bool function(struct calc *c, struct str name, struct str text, double *ret_value)
{
	double values[ARGUMENTS_MAX], result;
	size_t n = 0;

	do {
		size_t end = css_find_top(text, ",");

		if (n == ARGUMENTS_MAX || !sum(c, str_head(text, end), &values[n++]))
			return false;
		text = str_skip(text, end + 1);
	} while (text.n > 0);
	result = values[0];
	if (str_is_nocase(name, "clamp")) {
		*ret_value = n == 3 ? fmax(values[0], fmin(values[1], values[2])) : 0;
		return n == 3;
	}
	for (size_t i = 1; i < n; i++)
		result = str_is_nocase(name, "min") ? fmin(result, values[i]) : fmax(result, values[i]);
	*ret_value = result;
	return n == 1 || str_is_nocase(name, "min") || str_is_nocase(name, "max");
}

static bool operand(struct calc *c, const struct component *part, double *ret_value)
{
	struct css_value value;

	if (part->type == COMPONENT_FUNCTION)
		return css_is_math(part->text) && function(c, part->text, part->arguments, ret_value);
	if (part->whole.n > 2 && part->whole.p[0] == '(')
		return sum(c, (struct str){ part->whole.p + 1, part->whole.n - 2 }, ret_value);
	if (!css_length_of(part, &value))
		return false;
	*ret_value = value.kind == CSS_KIND_EM	    ? value.number * c->em :
		     value.kind == CSS_KIND_PERCENT ? value.number / 100 * c->of :
						      value.number;
	return true;
}

static bool product(struct calc *c, struct str *rest, double *ret_value)
{
	struct component part;
	struct str ahead;
	double value, right;

	if (!component_next(rest, &part) || !operand(c, &part, &value))
		return false;
	for (ahead = *rest; component_next(&ahead, &part) && is_operator(&part, '*', '/');
	     ahead = *rest) {
		bool divide = part.whole.p[0] == '/';

		if (!component_next(&ahead, &part) || !operand(c, &part, &right) ||
		    (divide && right == 0))
			return false;
		value = divide ? value / right : value * right;
		*rest = ahead;
	}
	*ret_value = value;
	return true;
}

static bool sum(struct calc *c, struct str text, double *ret_value)
{
	struct component part;
	double value = 0, right;
	bool valid = c->depth++ < DEPTH_MAX && product(c, &text, &value);

	while (valid && component_next(&text, &part)) {
		valid = is_operator(&part, '+', '-') && product(c, &text, &right);
		if (valid)
			value += part.whole.p[0] == '-' ? -right : right;
	}
	c->depth--;
	*ret_value = value;
	return valid;
}

bool css_is_math(struct str name)
{
	return str_is_nocase(name, "calc") || str_is_nocase(name, "min") ||
	       str_is_nocase(name, "max") || str_is_nocase(name, "clamp") ||
	       str_is_nocase(name, "-webkit-calc");
}

bool css_calc(struct str text, double em, double of, double *ret_value)
{
	struct calc c = { .em = em, .of = of };

	return sum(&c, text, ret_value) && isfinite(*ret_value);
}
