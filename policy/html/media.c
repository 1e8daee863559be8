#include "policy/html/component.h"
#include "policy/html/sheet.h"

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
