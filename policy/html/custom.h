/* custom.h - custom properties (--name) and var() (CSS Custom Properties 1) */
#ifndef POLICY_HTML_CUSTOM_H
#define POLICY_HTML_CUSTOM_H

#include "policy/base/arena.h"

/* One name; later ones of the list are those of elements further out, or lost the cascade. */
struct custom {
	struct custom *next;
	struct str name;
	struct str text; /* absent: no valid value, as of names that go round in a circle */
};

/* list with one more in front. text may have var() in it until custom_settle. */
struct custom *custom_add(struct arena *arena, struct custom *list, struct str name,
			  struct str text);
/* Replaces var() in the values from list up to, and without, outer: what an element has itself. */
void custom_settle(struct arena *arena, struct custom *list, const struct custom *outer,
		   size_t *work);
/* text with what each var() stands for; false where one stands for nothing. *work counts
 * comparisons and octets, against SHEET_WORK_MAX. */
bool custom_substitute(struct arena *arena, const struct custom *list, struct str text,
		       size_t *work, struct str *ret_text);

#endif
