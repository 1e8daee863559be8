/* str_list.h - a list of texts in an arena */
#ifndef POLICY_BASE_STR_LIST_H
#define POLICY_BASE_STR_LIST_H

#include "policy/base/arena.h"

struct str_list {
	struct str *items;
	size_t n, cap;
};

/* The items' octets stay where they are and must live as long as the list, whose memory is arena's. */
void str_list_add(struct arena *arena, struct str_list *list, struct str item);
/* Adds what is not there yet, whatever its case in ASCII, as long as there are fewer than max. */
void str_list_add_new(struct arena *arena, struct str_list *list, struct str item, size_t max);

#endif
