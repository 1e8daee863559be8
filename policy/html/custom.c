#include "policy/html/custom.h"

#include "policy/base/buf.h"
#include "policy/html/component.h"
#include "policy/html/sheet.h"

/* A value grows no longer than this, and names stand for names no deeper: what goes round in a
 * circle ends here and is invalid. */
#define VALUE_MAX 4096
#define DEPTH_MAX 12
#define REFERENCES_MAX 256

struct substitution {
	const struct custom *list;
	struct buf out;
	unsigned references;
	size_t *work;
};

struct custom *custom_add(struct arena *arena, struct custom *list, struct str name,
			  struct str text)
{
	struct custom *custom = ARENA_NEW(arena, struct custom);

	*custom = (struct custom){ list, name, text };
	return custom;
}

static struct str find(struct substitution *s, struct str name)
{
	for (const struct custom *c = s->list; c != NULL; c = c->next) {
		++*s->work;
		if (str_eq(c->name, name))
			return c->text;
	}
	return STR_NONE;
}

/* The next "var(" that is no end of a longer name. */
static size_t find_var(struct str text, size_t from)
{
	size_t at = str_find_nocase(text, STR_LIT("var("), from);

	while (at != STR_NPOS && at > 0 && css_is_name_char(text.p[at - 1]))
		at = str_find_nocase(text, STR_LIT("var("), at + 4);
	return at;
}

static bool substitute(struct substitution *s, struct str text, int depth);

/* What is between the parentheses: a name, and after a comma what to take in its place. */
static bool reference(struct substitution *s, struct str inner, int depth)
{
	size_t comma = css_find_top(inner, ",");
	struct str value = find(s, str_trim(css_skip_space(str_head(inner, comma))));
	size_t before = s->out.n;

	s->references++;
	if (value.p != NULL && substitute(s, value, depth + 1))
		return true;
	if (comma == inner.n)
		return false;
	s->out.n = before;
	return substitute(s, str_skip(inner, comma + 1), depth + 1);
}

static bool substitute(struct substitution *s, struct str text, int depth)
{
	size_t at;

	if (depth > DEPTH_MAX || s->references > REFERENCES_MAX || *s->work > SHEET_WORK_MAX)
		return false;
	*s->work += text.n / 8;
	while ((at = find_var(text, 0)) != STR_NPOS) {
		struct str block = str_skip(text, at + 3);
		size_t end = css_skip_block(block);
		struct str inner = { block.p + 1, end - 1 };

		if (inner.n > 0 && inner.p[inner.n - 1] == ')')
			inner.n--;
		buf_add(&s->out, str_head(text, at));
		if (!reference(s, inner, depth))
			return false;
		text = str_skip(block, end);
	}
	buf_add(&s->out, text);
	return !s->out.full;
}

bool custom_substitute(struct arena *arena, const struct custom *list, struct str text,
		       size_t *work, struct str *ret_text)
{
	struct substitution s = { .list = list, .work = work };

	buf_init(&s.out, arena, VALUE_MAX);
	if (!substitute(&s, text, 0))
		return false;
	*ret_text = buf_str(&s.out);
	return true;
}

void custom_settle(struct arena *arena, struct custom *list, const struct custom *outer,
		   size_t *work)
{
	for (struct custom *c = list; c != outer; c = c->next) {
		struct str text;

		if (find_var(c->text, 0) == STR_NPOS)
			continue;
		c->text = custom_substitute(arena, list, c->text, work, &text) ? text : STR_NONE;
	}
}
