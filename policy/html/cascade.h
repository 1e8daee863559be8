/* cascade.h - within policy/html: what wins for one element, before inheritance (CSS Cascade 5)
 *
 * hints.c says what browsers and the attributes of old say, cascade.c what authors do, style.c makes
 * a style of it.
 */
#ifndef POLICY_HTML_CASCADE_H
#define POLICY_HTML_CASCADE_H

#include "policy/base/map.h"
#include "policy/html/style.h"

/* The cascade's winner for each property so far, and where backgrounds came from. */
struct cascade {
	struct arena *arena;
	bool set[CSS_PROPERTY_N];
	struct css_value values[CSS_PROPERTY_N];
	enum paint_source background_source, image_source;
	struct rgba fallback;
	struct rule_list rules;
	struct css_declarations own;  /* of the style attribute */
	struct custom *customs;       /* those of the parent, and the element's own */
	bool customs_only;            /* the first round, in which --names are gathered */
	struct sheet *sheet;
	struct map attributes; /* the text of a style attribute to where it stands in read */
	struct css_declarations **read;
	size_t n_attributes, cap_attributes;
};

void cascade_set(struct cascade *c, enum css_property property, struct css_value value,
		 enum paint_source source);
/* The winners for node. inherited are the names of its parent; node->parent has its style. */
void cascade_run(struct cascade *c, const struct html_node *node, struct custom *inherited);

void hints_browser(struct cascade *c, const struct html_node *node);
/* HTML 15.3: which old attributes an element obeys. */
void hints_attributes(struct cascade *c, const struct html_node *node);
/* An attribute's number, such as cellpadding's. */
double hints_number(const struct html_node *node, const char *name, double otherwise);

#endif
