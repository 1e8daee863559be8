/* map.h - texts to numbers: for addresses and ids, whose ASCII case is ignored, and for file names */
#ifndef POLICY_BASE_MAP_H
#define POLICY_BASE_MAP_H

#include <stdint.h>

#include "policy/base/arena.h"

struct map_slot {
	struct str key; /* absent: the slot is free */
	uint32_t hash;
	size_t value;
};

struct map {
	struct arena *arena;
	struct map_slot *slots;
	size_t n;
	size_t cap; /* a power of two, or 0 */
	bool exact; /* case matters */
};

static inline void map_init(struct map *map, struct arena *arena)
{
	*map = (struct map){ .arena = arena };
}

/* A map in which case matters. */
static inline void map_init_exact(struct map *map, struct arena *arena)
{
	*map = (struct map){ .arena = arena, .exact = true };
}

/* Maps key to value unless it is mapped already; returns where the value stands, which is good
 * until the next map_put. The key's bytes are not copied. */
size_t *map_put(struct map *map, struct str key, size_t value);
/* Where the value of key stands, or NULL. */
size_t *map_get(const struct map *map, struct str key);

#endif
