/* layout_rows.h - within policy/html: children that stand side by side, in flex and grid */
#ifndef POLICY_HTML_LAYOUT_ROWS_H
#define POLICY_HTML_LAYOUT_ROWS_H

#include "policy/html/layout.h"

/* Whether its children stand side by side and have their share of its width. */
bool layout_is_sided(const struct html_node *node);
/* Sets share, and starts_line where more than one line is known of, in the children's boxes;
 * available is the width inside the parent, whose children have their preferred widths. */
void layout_flex(struct html_node *parent, double available);
void layout_grid(struct html_node *parent, double available);

#endif
