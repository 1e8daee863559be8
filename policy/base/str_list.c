#include "policy/base/str_list.h"

void str_list_add(struct arena *arena, struct str_list *list, struct str item)
{
	ARENA_ROOM(arena, list->items, list->n, list->cap);
	list->items[list->n++] = item;
}

void str_list_add_new(struct arena *arena, struct str_list *list, struct str item, size_t max)
{
	if (list->n >= max)
		return;
	for (size_t i = 0; i < list->n; i++)
		if (str_eq_nocase(list->items[i], item))
			return;
	str_list_add(arena, list, item);
}
