/* yaml_merge.c - one file laid upon another: what `extends` means */
#include "policy/rules/yaml.h"

static void pair_set(struct arena *arena, struct yaml_node *map, struct yaml_node *key,
		     struct yaml_node *value)
{
	for (size_t i = 0; i < map->n; i++) {
		if (str_eq(map->pairs[i].key->text, key->text)) {
			map->pairs[i] = (struct yaml_pair){ key, value };
			return;
		}
	}
	ARENA_ROOM(arena, map->pairs, map->n, map->cap);
	map->pairs[map->n++] = (struct yaml_pair){ key, value };
}

static void pair_remove(struct yaml_node *map, struct str key)
{
	for (size_t i = 0; i < map->n; i++) {
		if (str_eq(map->pairs[i].key->text, key)) {
			memmove(&map->pairs[i], &map->pairs[i + 1],
				(map->n - i - 1) * sizeof *map->pairs);
			map->n--;
			return;
		}
	}
}

static struct yaml_node *pair_find(const struct yaml_node *map, struct str key)
{
	for (size_t i = 0; i < map->n; i++) {
		if (str_eq(map->pairs[i].key->text, key))
			return map->pairs[i].value;
	}
	return NULL;
}

/* A node of the same place and kind with its own array. */
static struct yaml_node *node_copy(struct arena *arena, const struct yaml_node *node)
{
	struct yaml_node *copy = ARENA_NEW(arena, struct yaml_node);

	*copy = *node;
	copy->cap = node->n;
	if (node->kind == YAML_MAP) {
		copy->pairs = ARENA_ARRAY(arena, node->n, struct yaml_pair);
		if (node->n > 0)
			memcpy(copy->pairs, node->pairs, node->n * sizeof *node->pairs);
	} else if (node->kind == YAML_LIST) {
		copy->items = ARENA_ARRAY(arena, node->n, struct yaml_node *);
		if (node->n > 0)
			memcpy(copy->items, node->items, node->n * sizeof *node->items);
	}
	return copy;
}

/* Where list has an item with the same `id` as item, or list->n. */
static size_t item_with_id(const struct yaml_node *list, const struct yaml_node *item)
{
	const struct yaml_node *id = yaml_get(item, "id");

	for (size_t i = 0; id != NULL && i < list->n; i++) {
		const struct yaml_node *other = yaml_get(list->items[i], "id");

		if (other != NULL && str_eq(other->text, id->text))
			return i;
	}
	return list->n;
}

static struct yaml_node *list_append(struct arena *arena, const struct yaml_node *base,
				     const struct yaml_node *more)
{
	struct yaml_node *list = node_copy(arena, base);

	for (size_t i = 0; i < more->n; i++) {
		size_t at = item_with_id(list, more->items[i]);

		if (at == list->n) {
			ARENA_ROOM(arena, list->items, list->n, list->cap);
			list->n++;
		}
		list->items[at] = more->items[i];
	}
	return list;
}

static bool is_null(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && !node->quoted && str_is(node->text, "null");
}

static bool is_addition(const struct yaml_pair *pair)
{
	return pair->value->kind == YAML_LIST && str_ends(pair->key->text, STR_LIT("+"));
}

/* "signals+" as "signals". */
static struct yaml_node *addition_key(struct arena *arena, const struct yaml_node *key)
{
	struct yaml_node *plain = node_copy(arena, key);

	plain->text.n--;
	return plain;
}

/* Maps that wait to be merged: depth is bounded by the parser, so the stack is too. */
struct merge_task {
	struct yaml_node *into; /* a copy of the base's map */
	const struct yaml_node *over;
	size_t next;
};

static void merge_addition(struct arena *arena, struct yaml_node *into,
			   const struct yaml_pair *pair)
{
	struct yaml_node *key = addition_key(arena, pair->key);
	struct yaml_node *old = pair_find(into, key->text);

	if (old != NULL && old->kind == YAML_LIST)
		pair_set(arena, into, key, list_append(arena, old, pair->value));
	else
		pair_set(arena, into, key, pair->value);
}

/* Takes one pair over; a map upon a map is returned as a task of its own. */
static bool merge_pair(struct arena *arena, struct yaml_node *into, const struct yaml_pair *pair,
		       struct merge_task *ret_task)
{
	struct yaml_node *old = pair_find(into, pair->key->text);

	if (is_addition(pair)) {
		merge_addition(arena, into, pair);
	} else if (is_null(pair->value) && old != NULL) {
		pair_remove(into, pair->key->text);
	} else if (pair->value->kind == YAML_MAP) {
		/* Also where the base has nothing: its own "+" keys want the same treatment. */
		struct yaml_node *copy = node_copy(arena, pair->value);

		if (old != NULL && old->kind == YAML_MAP) {
			copy = node_copy(arena, old);
			copy->file = pair->value->file;
			copy->line = pair->value->line;
			copy->column = pair->value->column;
		} else {
			copy->n = 0;
		}
		pair_set(arena, into, pair->key, copy);
		*ret_task = (struct merge_task){ copy, pair->value, 0 };
		return true;
	} else {
		pair_set(arena, into, pair->key, pair->value);
	}
	return false;
}

struct yaml_node *yaml_merge(struct arena *arena, const struct yaml_node *base,
			     const struct yaml_node *over)
{
	struct merge_task tasks[YAML_DEPTH_MAX + 1];
	struct yaml_node *root;
	size_t n = 0;

	if (base->kind != YAML_MAP || over->kind != YAML_MAP)
		return node_copy(arena, over);
	root = node_copy(arena, base);
	tasks[n++] = (struct merge_task){ root, over, 0 };
	while (n > 0) {
		struct merge_task *task = &tasks[n - 1];

		if (task->next == task->over->n) {
			n--;
			continue;
		}
		if (merge_pair(arena, task->into, &task->over->pairs[task->next++], &tasks[n]))
			n++;
	}
	return root;
}
