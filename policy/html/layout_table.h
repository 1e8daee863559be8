/* layout_table.h - within policy/html: the columns of a table */
#ifndef POLICY_HTML_LAYOUT_TABLE_H
#define POLICY_HTML_LAYOUT_TABLE_H

#include "policy/html/layout.h"

/* Sets the columns of a table's box, and column and span in its cells' boxes; width is that
 * inside the table, and the cells have their preferred widths. */
void layout_columns(struct layout *layout, struct html_node *table, double width);
/* The width of a cell once its table has its columns; else what is available. */
double layout_cell_width(const struct html_node *cell, double available);

#endif
