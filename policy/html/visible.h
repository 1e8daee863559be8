/* visible.h - within policy/html: what is seen of each element, and on which background */
#ifndef POLICY_HTML_VISIBLE_H
#define POLICY_HTML_VISIBLE_H

#include "policy/html/layout.h"

/* Makes the boxes of all elements, with what layout.h says of hidden, backdrop and painter. */
void visible_compute(struct layout *layout);

#endif
