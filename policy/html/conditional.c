#include "policy/html/conditional.h"

#define OUTLOOK_VERSION 16

static bool takes(struct str *s, const char *word)
{
	struct str token = str_from(word);

	if (!str_starts_nocase(*s, token))
		return false;
	*s = str_skip(*s, token.n);
	while (s->n > 0 && ascii_is_space(s->p[0]))
		*s = str_skip(*s, 1);
	return true;
}

static unsigned version(struct str *s, bool *ret_given)
{
	unsigned value = 0;

	*ret_given = s->n > 0 && ascii_is_digit(s->p[0]);
	while (s->n > 0 && (ascii_is_digit(s->p[0]) || s->p[0] == '.')) {
		if (s->p[0] == '.') /* minor versions make no difference */
			while (s->n > 1 && ascii_is_digit(s->p[1]))
				*s = str_skip(*s, 1);
		else if (value < 1000)
			value = value * 10 + (unsigned)(s->p[0] - '0');
		*s = str_skip(*s, 1);
	}
	return value;
}

/* One term: [!] [gt|gte|lt|lte] (mso|IE|vml|true|...) [version] */
static bool term(struct str *s)
{
	bool gte, gt, lte, lt, given, holds, negated = takes(s, "!");
	unsigned number;

	while (takes(s, "("))
		;
	negated = takes(s, "!") != negated;
	gte = takes(s, "gte ");
	gt = !gte && takes(s, "gt ");
	lte = !gte && !gt && takes(s, "lte ");
	lt = !gte && !gt && !lte && takes(s, "lt ");
	holds = takes(s, "mso") || takes(s, "vml") || takes(s, "true");
	if (!holds)
		while (s->n > 0 && ascii_is_alnum(s->p[0]))
			*s = str_skip(*s, 1);
	while (s->n > 0 && ascii_is_space(s->p[0]))
		*s = str_skip(*s, 1);
	number = version(s, &given);
	if (holds && given) {
		holds = gte ? OUTLOOK_VERSION >= number : gt ? OUTLOOK_VERSION > number :
			lte ? OUTLOOK_VERSION <= number : lt ? OUTLOOK_VERSION < number :
			      OUTLOOK_VERSION == number;
	}
	while (s->n > 0 && (ascii_is_space(s->p[0]) || s->p[0] == ')'))
		*s = str_skip(*s, 1);
	return holds != negated;
}

bool conditional_holds(struct str expression)
{
	size_t end = str_find_char(expression, ']', 0);
	struct str s = str_trim(str_head(expression, end < 200 ? end : 200));
	bool holds = term(&s);

	/* "&" binds tighter than "|"; in mail a single kind of either is all there is. */
	for (;;) {
		if (takes(&s, "|"))
			holds = term(&s) || holds;
		else if (takes(&s, "&"))
			holds = term(&s) && holds;
		else
			return holds;
	}
}

size_t conditional_skip(struct str s, bool outlook, bool *met)
{
	struct str open = STR_LIT("<!--[if "), revealed = STR_LIT("<![if "), end = STR_LIT("<![endif]");
	size_t head, tail;
	bool comment = str_starts_nocase(s, open);

	if (!comment && !str_starts_nocase(s, revealed))
		return 0;
	*met = true;
	if (!outlook)
		return 0;
	head = str_find_char(s, '>', 0);
	if (head == STR_NPOS)
		return 0;
	head++;
	if (conditional_holds(str_skip(s, comment ? open.n : revealed.n)))
		return head;
	tail = str_find_nocase(s, end, head);
	return tail == STR_NPOS ? s.n : tail;
}
