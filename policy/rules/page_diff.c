/* page_diff.c - what another policy says otherwise, sentence by sentence */
#include "policy/base/map.h"
#include "policy/rules/page.h"

/* More than the page of any policy that is loaded. */
#define LINES_MAX ((size_t)256 * 1024 * 1024)

struct line {
	struct str all;   /* section, label and sentence */
	struct str place; /* section and label */
	struct str sentence;
	bool only;        /* the other page does not have it */
	bool told;
};

struct lines {
	struct line *items;
	size_t n, cap;
};

static struct line line_split(struct str all)
{
	size_t label = str_find_char(all, '\t', 0);
	size_t sentence = str_find_char(all, '\t', label + 1);

	return (struct line){ .all = all,
			      .place = str_head(all, sentence),
			      .sentence = str_skip(all, sentence + 1) };
}

static struct lines lines_of(struct arena *arena, const struct policy *policy,
			     const struct yaml_node *tree)
{
	struct lines lines = { 0 };
	struct str rest, one;
	struct buf out;

	buf_init(&out, arena, LINES_MAX);
	page_write(&(struct page){ .out = &out, .arena = arena, .form = PAGE_LINES }, policy, tree);
	rest = buf_str(&out);
	while (str_next_line(&rest, &one)) {
		ARENA_ROOM(arena, lines.items, lines.n, lines.cap);
		lines.items[lines.n++] = line_split(one);
	}
	return lines;
}

/* Marks what b has not as often as a. */
static void mark_only(struct arena *arena, struct lines *a, const struct lines *b)
{
	struct map counts;

	map_init_exact(&counts, arena);
	for (size_t i = 0; i < b->n; i++)
		++*map_put(&counts, b->items[i].all, 0);
	for (size_t i = 0; i < a->n; i++) {
		size_t *count = map_get(&counts, a->items[i].all);

		a->items[i].only = count == NULL || *count == 0;
		if (!a->items[i].only)
			--*count;
	}
}

static size_t tell(struct buf *out, struct lines *lines, struct str place, char mark)
{
	bool holidays = str_ends(place, STR_LIT("\tHolidays"));
	size_t n = 0;

	for (size_t i = 0; i < lines->n; i++) {
		struct line *line = &lines->items[i];

		if (!line->only || line->told || !str_eq(line->place, place))
			continue;
		line->told = true;
		if (n++ < PAGE_DAYS_MAX || !holidays)
			buf_printf(out, "  %c %.*s\n", mark, STR_ARG(line->sentence));
	}
	if (holidays && n > PAGE_DAYS_MAX)
		buf_printf(out, "  %c %zu more\n", mark, n - PAGE_DAYS_MAX);
	return n;
}

/* "Categories, planned maintenance, When:" */
static void tell_place(struct buf *out, struct str place)
{
	size_t tab = str_find_char(place, '\t', 0);
	struct str section = str_head(place, tab), label = str_skip(place, tab + 1);

	buf_add(out, section.n > 0 ? section : STR_LIT("The policy"));
	if (label.n > 0)
		buf_printf(out, ", %.*s", STR_ARG(label));
	buf_add_cstr(out, ":\n");
}

static size_t tell_all(struct buf *out, const struct lines *order, struct lines *a, struct lines *b)
{
	size_t n = 0;

	for (size_t i = 0; i < order->n; i++) {
		const struct line *line = &order->items[i];

		if (!line->only || line->told)
			continue;
		tell_place(out, line->place);
		n += tell(out, a, line->place, '-');
		n += tell(out, b, line->place, '+');
	}
	return n;
}

size_t policy_page_diff(struct buf *out, const struct policy *a, const struct yaml_node *tree_a,
			const struct policy *b, const struct yaml_node *tree_b)
{
	struct arena *arena = arena_new();
	struct lines old = lines_of(arena, a, tree_a), new = lines_of(arena, b, tree_b);
	size_t n;

	mark_only(arena, &old, &new);
	mark_only(arena, &new, &old);
	n = tell_all(out, &old, &old, &new);
	n += tell_all(out, &new, &old, &new);
	arena_free(arena);
	return n;
}
