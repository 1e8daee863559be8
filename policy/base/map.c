#include "policy/base/map.h"

/* FNV-1a over lower-cased octets. Keys that strangers choose are few (the recipients of a mail),
 * so that a keyed hash would buy nothing. */
static uint32_t hash_nocase(struct str key)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < key.n; i++) {
		hash ^= (unsigned char)ascii_lower(key.p[i]);
		hash *= 16777619u;
	}
	/* Keys that differ in a digit would stand in long rows without. */
	hash ^= hash >> 15;
	hash *= 0x2c1b3c6du;
	return hash ^ hash >> 12;
}

static struct map_slot *slot_find(const struct map *map, struct str key, uint32_t hash)
{
	size_t i = hash & (map->cap - 1);

	while (map->slots[i].key.p != NULL) {
		if (map->slots[i].hash == hash && str_eq_nocase(map->slots[i].key, key) &&
		    (!map->exact || str_eq(map->slots[i].key, key)))
			break;
		i = (i + 1) & (map->cap - 1);
	}
	return &map->slots[i];
}

static void map_enlarge(struct map *map)
{
	struct map old = *map;

	map->cap = old.cap > 0 ? old.cap * 2 : 16;
	map->slots = ARENA_ARRAY(map->arena, map->cap, struct map_slot);
	for (size_t i = 0; i < old.cap; i++) {
		if (old.slots[i].key.p != NULL)
			*slot_find(map, old.slots[i].key, old.slots[i].hash) = old.slots[i];
	}
}

size_t *map_put(struct map *map, struct str key, size_t value)
{
	uint32_t hash = hash_nocase(key);
	struct map_slot *slot;

	if ((map->n + 1) * 4 > map->cap * 3)
		map_enlarge(map);
	slot = slot_find(map, key, hash);
	if (slot->key.p == NULL) {
		*slot = (struct map_slot){ key.p != NULL ? key : STR_LIT(""), hash, value };
		map->n++;
	}
	return &slot->value;
}

size_t *map_get(const struct map *map, struct str key)
{
	struct map_slot *slot;

	if (map->cap == 0)
		return NULL;
	slot = slot_find(map, key, hash_nocase(key));
	return slot->key.p != NULL ? &slot->value : NULL;
}
