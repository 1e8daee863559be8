/* arena.h - memory that is given out piece by piece and freed at once */
#ifndef POLICY_BASE_ARENA_H
#define POLICY_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include "policy/base/str.h"

struct arena;

/* A new, empty arena. Never NULL: where the system has no memory left the process ends with a
 * message, for a mail filter that cannot think must not answer. What mail can make an arena
 * hold is bounded by the limits of the readers, not here. */
struct arena *arena_new(void);
/* Frees the arena and all that came from it; NULL is allowed. */
void arena_free(struct arena *arena);
/* Keeps the arena's first block and gives back the rest; all that came from it is gone. */
void arena_clear(struct arena *arena);

/* size zeroed bytes, aligned for any type; valid until the arena is cleared or freed. size 0 is
 * allowed. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);
/* Zeroed room for n elements; a product that overflows ends the process. */
void *arena_array(struct arena *arena, size_t n, size_t size);
/* Room for new_n elements that begin with the old_n of old (which may be NULL); the added ones
 * are zeroed. Grows in place where old was given out last. */
void *arena_grow(struct arena *arena, void *old, size_t old_n, size_t new_n, size_t size);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, n, type) ((type *)arena_array((arena), (n), sizeof(type)))

/* Makes room for one more element in the growing array (items, n, cap) of an arena, doubling
 * cap; the caller fills items[n++]. */
#define ARENA_ROOM(arena, items, n, cap)                                                         \
	do {                                                                                     \
		if ((n) == (cap)) {                                                              \
			size_t new_cap_ = (cap) > 0 ? (cap) * 2 : 8;                             \
			(items) = arena_grow((arena), (items), (cap), new_cap_, sizeof *(items)); \
			(cap) = new_cap_;                                                        \
		}                                                                                \
	} while (0)

/* A copy of s that is followed by a NUL, which its length does not count. */
struct str arena_str(struct arena *arena, struct str s);
char *arena_cstr(struct arena *arena, struct str s);
/* Formatted text, followed by a NUL that the length does not count. */
struct str arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
/* a and b joined. */
struct str arena_concat(struct arena *arena, struct str a, struct str b);

/* Tells the allocator of this process to keep what one message needs for the next one, instead of
 * asking the system for each page again: a third of a judgement would go there. Of what a large
 * message took, all but a few MiB a thread goes back. Before the first thread. */
void arena_tune(void);

/* The bytes given out so far, for limits and tests. */
size_t arena_used(const struct arena *arena);

#endif
