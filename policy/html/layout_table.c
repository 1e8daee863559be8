#include <math.h>

#include "policy/html/layout_table.h"

#define COLUMNS_MAX 64
#define ROWS_MAX 1000

static unsigned attribute_unsigned(const struct html_node *node, const char *name, unsigned max)
{
	struct str text = str_trim(html_attr(node, name));
	unsigned value = 0;

	for (size_t i = 0; i < text.n && ascii_is_digit(text.p[i]) && value <= max; i++)
		value = value * 10 + (unsigned)(text.p[i] - '0');
	return value < 1 ? 1 : value > max ? max : value;
}

struct columns {
	struct length given[COLUMNS_MAX];
	double pref[COLUMNS_MAX];
	unsigned below[COLUMNS_MAX]; /* further rows that a cell reaches down to */
	unsigned n;
	bool fixed; /* the first row has spoken, and nobody after it (CSS 2.2, 17.5.2.1) */
};

static void give(struct columns *c, unsigned at, const struct style *s)
{
	struct length given = s->width;

	/* Expressions count as auto (CSS 2.2, 17.5.2). */
	if (!style_is_given(given) || given.kind == LENGTH_CALC)
		return;
	if (given.kind == LENGTH_PX && !s->border_box)
		given.value += style_edges(s, SIDE_LEFT, SIDE_RIGHT, 0);
	if (given.value >= c->given[at].value)
		c->given[at] = given;
}

/* Passes over columns that cells of earlier rows reach down to. */
static unsigned free_column(struct columns *c, unsigned at)
{
	while (at < COLUMNS_MAX && c->below[at] > 0)
		c->below[at++]--;
	return at;
}

/* The columns of a cell that begins at "at". */
static void occupy(struct columns *c, unsigned at, unsigned span, unsigned rows)
{
	for (unsigned i = at; i < at + span && i < COLUMNS_MAX; i++)
		c->below[i] = rows - 1;
}

static void row_columns(struct html_node *row, struct columns *c)
{
	unsigned at = 0;

	for (struct html_node *cell = row->first; cell != NULL; cell = cell->next) {
		struct box *box = cell->box;

		if (cell->is_text || cell->style->display != CSS_CELL || box->hidden)
			continue;
		at = free_column(c, at);
		if (at >= COLUMNS_MAX)
			break;
		box->column = at;
		box->span = attribute_unsigned(cell, "colspan", COLUMNS_MAX - at);
		if (box->span == 1 && !c->fixed) {
			c->pref[at] = fmax(c->pref[at], box->pref);
			give(c, at, cell->style);
		}
		occupy(c, at, box->span, attribute_unsigned(cell, "rowspan", ROWS_MAX));
		at += box->span;
	}
	if (at > c->n)
		c->n = at;
	for (; at < COLUMNS_MAX; at++)
		c->below[at] -= c->below[at] > 0;
}

/* A row of a table whose layout is fixed ends what its columns are told. */
static void table_row(const struct html_node *table, struct html_node *row, struct columns *c)
{
	row_columns(row, c);
	c->fixed = table->style->fixed_table && style_is_given(table->style->width);
}

/* Columns that have elements of their own. */
static void column_elements(const struct html_node *group, struct columns *c, unsigned *at)
{
	unsigned span = attribute_unsigned(group, "span", COLUMNS_MAX);

	if (group->tag == TAG_COL) {
		for (unsigned i = 0; i < span && *at < COLUMNS_MAX; i++)
			give(c, (*at)++, group->style);
		return;
	}
	for (const struct html_node *col = group->first; col != NULL; col = col->next)
		if (!col->is_text && col->tag == TAG_COL)
			column_elements(col, c, at);
}

static void gather_columns(struct html_node *table, struct columns *c)
{
	unsigned at = 0;

	for (struct html_node *group = table->first; group != NULL; group = group->next) {
		if (group->is_text)
			continue;
		if (group->tag == TAG_COL || group->tag == TAG_COLGROUP)
			column_elements(group, c, &at);
		if (group->style->display == CSS_ROW)
			table_row(table, group, c);
		if (group->style->display != CSS_ROW_GROUP)
			continue;
		for (struct html_node *row = group->first; row != NULL; row = row->next)
			if (!row->is_text && row->style->display == CSS_ROW)
				table_row(table, row, c);
	}
}

/* Columns with a width keep it, the others share the rest by what they would like. */
void layout_columns(struct layout *layout, struct html_node *table, double width)
{
	struct columns c = { .n = 0 };
	double taken = 0, wanted = 0, scale;
	double *columns;

	gather_columns(table, &c);
	for (unsigned i = 0; i < c.n && c.fixed; i++)
		c.pref[i] = 1;
	columns = ARENA_ARRAY(layout->arena, c.n + 1, double);
	for (unsigned i = 0; i < c.n; i++) {
		if (c.given[i].kind == LENGTH_AUTO)
			wanted += c.pref[i] + 1;
		else
			taken += columns[i] = style_resolve(c.given[i], width, 0);
	}
	if (wanted == 0 || taken > width) {
		scale = taken > 0 ? (width - (wanted > 0 ? fmin(wanted, width / 4) : 0)) / taken : 1;
		for (unsigned i = 0; i < c.n; i++)
			columns[i] *= scale;
		taken *= scale;
	}
	for (unsigned i = 0; i < c.n; i++)
		if (c.given[i].kind == LENGTH_AUTO)
			columns[i] = fmax(0, width - taken) * (c.pref[i] + 1) / wanted;
	table->box->columns = columns;
	table->box->n_columns = c.n;
}

static struct html_node *table_of(const struct html_node *cell)
{
	struct html_node *up = cell->parent;

	for (int i = 0; up != NULL && i < 3; i++, up = up->parent)
		if (up->style->display == CSS_TABLE)
			return up;
	return NULL;
}

double layout_cell_width(const struct html_node *cell, double available)
{
	const struct html_node *table = table_of(cell);
	double width = 0;

	if (table == NULL || table->box->columns == NULL)
		return available;
	for (unsigned i = 0; i < cell->box->span; i++)
		if (cell->box->column + i < table->box->n_columns)
			width += table->box->columns[cell->box->column + i];
	return width;
}
