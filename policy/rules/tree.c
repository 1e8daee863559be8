#include "policy/rules/tree.h"

#include "policy/base/utc.h"

/* Values longer than this are cut in a difference. */
#define SHOWN_MAX 160
/* A holiday of every year is many days. */
#define DAYS_SHOWN_MAX 40

struct differ {
	struct buf *out;
	struct arena *arena;
	size_t n;
};

static struct str value_text(struct arena *arena, const struct yaml_node *node)
{
	struct buf out;

	buf_init(&out, arena, 1024 * 1024);
	yaml_write_flow(&out, node);
	if (out.n > SHOWN_MAX)
		return arena_printf(arena, "%.*s ...", SHOWN_MAX, out.p);
	return buf_str(&out);
}

static bool same(struct arena *arena, const struct yaml_node *a, const struct yaml_node *b)
{
	struct buf x, y;

	buf_init(&x, arena, YAML_FILE_MAX);
	buf_init(&y, arena, YAML_FILE_MAX);
	yaml_write_flow(&x, a);
	yaml_write_flow(&y, b);
	return str_eq(buf_str(&x), buf_str(&y));
}

/* What an item of a list goes by, or absent. */
static struct str item_name(const struct yaml_node *item)
{
	const struct yaml_node *name = yaml_get(item, "id");

	if (name == NULL)
		name = yaml_get(item, "name");
	return name != NULL && name->kind == YAML_SCALAR ? name->text : STR_NONE;
}

/* Whether all items go by a name: then they are compared as a map is. */
static bool is_named(const struct yaml_node *node)
{
	for (size_t i = 0; i < node->n; i++) {
		if (item_name(node->items[i]).p == NULL)
			return false;
	}
	return node->n > 0;
}

struct child {
	struct str name;
	const struct yaml_node *value;
};

static struct child child_at(const struct yaml_node *node, size_t i)
{
	if (node->kind == YAML_MAP)
		return (struct child){ node->pairs[i].key->text, node->pairs[i].value };
	return (struct child){ item_name(node->items[i]), node->items[i] };
}

static const struct yaml_node *child_find(const struct yaml_node *node, struct str name)
{
	for (size_t i = 0; i < node->n; i++) {
		struct child child = child_at(node, i);

		if (str_eq(child.name, name))
			return child.value;
	}
	return NULL;
}

static void tell(struct differ *differ, struct str path, const struct yaml_node *a,
		 const struct yaml_node *b)
{
	differ->n++;
	buf_add(differ->out, path);
	if (a == NULL)
		buf_printf(differ->out, ": added %.*s\n", STR_ARG(value_text(differ->arena, b)));
	else if (b == NULL)
		buf_printf(differ->out, ": removed %.*s\n", STR_ARG(value_text(differ->arena, a)));
	else
		buf_printf(differ->out, ": %.*s -> %.*s\n", STR_ARG(value_text(differ->arena, a)),
			   STR_ARG(value_text(differ->arena, b)));
}

static bool has_children(const struct yaml_node *a, const struct yaml_node *b)
{
	if (a->kind != b->kind || a->kind == YAML_SCALAR)
		return false;
	return a->kind == YAML_MAP || (is_named(a) && is_named(b));
}

/* As deep as the parser lets a file be. */
static void compare(struct differ *differ, struct str path, const struct yaml_node *a,
		    const struct yaml_node *b)
{
	if (!has_children(a, b)) {
		if (!same(differ->arena, a, b))
			tell(differ, path, a, b);
		return;
	}
	for (size_t i = 0; i < a->n + b->n; i++) {
		struct child child = i < a->n ? child_at(a, i) : child_at(b, i - a->n);
		const struct yaml_node *old = child_find(a, child.name);
		const struct yaml_node *new = child_find(b, child.name);
		struct str inner = arena_printf(differ->arena, "%.*s%s%.*s", STR_ARG(path),
						path.n > 0 ? "." : "", STR_ARG(child.name));

		if (i < a->n && new != NULL)
			compare(differ, inner, old, new);
		else if (i < a->n || old == NULL)
			tell(differ, inner, old, new);
	}
}

size_t policy_tree_diff(struct buf *out, const struct yaml_node *a, const struct yaml_node *b)
{
	struct differ differ = { .out = out, .arena = arena_new() };

	compare(&differ, STR_LIT(""), a, b);
	arena_free(differ.arena);
	return differ.n;
}

static size_t days_only_in(struct buf *out, const struct day_list *a, const struct day_list *b,
			   const char *word)
{
	size_t n = 0, at = 0;

	for (size_t i = 0; i < a->n; i++) {
		while (at < b->n && b->items[at] < a->items[i])
			at++;
		if (at < b->n && b->items[at] == a->items[i])
			continue;
		if (n++ < DAYS_SHOWN_MAX)
			buf_printf(out, "business-days: %s %.*s\n", word,
				   STR_ARG(utc_date(out->arena, a->items[i])));
	}
	if (n > DAYS_SHOWN_MAX)
		buf_printf(out, "business-days: %s %zu more\n", word, n - DAYS_SHOWN_MAX);
	return n;
}

size_t policy_holidays_diff(struct buf *out, const struct policy *a, const struct policy *b)
{
	if (a->calendars.n + b->calendars.n == 0)
		return 0;
	return days_only_in(out, &a->holidays, &b->holidays, "removed") +
	       days_only_in(out, &b->holidays, &a->holidays, "added");
}
