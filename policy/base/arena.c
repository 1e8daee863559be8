#include "policy/base/arena.h"

#include <malloc.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>

#define ARENA_FIRST_BLOCK ((size_t)16 * 1024)
#define ARENA_LARGEST_STEP ((size_t)1024 * 1024)

struct block {
	struct block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char data[];
};

struct arena {
	struct block *first;
	struct block *last;
	size_t used;
};

static _Noreturn void out_of_memory(size_t size)
{
	fprintf(stderr, "fatal: out of memory, %zu bytes wanted\n", size);
	abort();
}

static struct block *block_new(size_t size)
{
	struct block *block;

	if (size > SIZE_MAX - sizeof *block)
		out_of_memory(size);
	block = malloc(sizeof *block + size);
	if (block == NULL)
		out_of_memory(size);
	block->next = NULL;
	block->size = size;
	block->used = 0;
	return block;
}

struct arena *arena_new(void)
{
	struct arena *arena = malloc(sizeof *arena);

	if (arena == NULL)
		out_of_memory(sizeof *arena);
	arena->first = arena->last = block_new(ARENA_FIRST_BLOCK);
	arena->used = 0;
	return arena;
}

static void blocks_free(struct block *block)
{
	while (block != NULL) {
		struct block *next = block->next;

		free(block);
		block = next;
	}
}

void arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	blocks_free(arena->first);
	free(arena);
}

void arena_clear(struct arena *arena)
{
	blocks_free(arena->first->next);
	arena->first->next = NULL;
	arena->first->used = 0;
	arena->last = arena->first;
	arena->used = 0;
}

static size_t round_up(size_t size)
{
	size_t unit = alignof(max_align_t);

	if (size > SIZE_MAX - unit)
		out_of_memory(size);
	return (size + unit - 1) / unit * unit;
}

/* room octets, rounded up already, as they are. */
static void *take(struct arena *arena, size_t room)
{
	struct block *block = arena->last;
	void *p;

	if (block->size - block->used < room) {
		size_t step = block->size < ARENA_LARGEST_STEP ? block->size * 2 : ARENA_LARGEST_STEP;

		block->next = block_new(room > step ? room : step);
		block = arena->last = block->next;
	}
	p = block->data + block->used;
	block->used += room;
	arena->used += room;
	return p;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t room = round_up(size > 0 ? size : 1);

	return memset(take(arena, room), 0, room);
}

static size_t product(size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		out_of_memory(SIZE_MAX);
	return total;
}

void *arena_array(struct arena *arena, size_t n, size_t size)
{
	return arena_alloc(arena, product(n, size));
}

void *arena_grow(struct arena *arena, void *old, size_t old_n, size_t new_n, size_t size)
{
	size_t old_size = product(old_n, size), new_size = product(new_n, size);
	struct block *block = arena->last;
	size_t kept = old_size < new_size ? old_size : new_size;
	size_t room = round_up(new_size > 0 ? new_size : 1);
	char *grown;

	if (old != NULL && old_size > 0) {
		size_t old_room = round_up(old_size), new_room = round_up(new_size);
		char *end = (char *)old + old_room;

		if (end == block->data + block->used && new_room >= old_room &&
		    block->size - block->used >= new_room - old_room) {
			memset(end, 0, new_room - old_room);
			block->used += new_room - old_room;
			arena->used += new_room - old_room;
			return old;
		}
	}
	grown = take(arena, room);
	if (kept > 0)
		memcpy(grown, old, kept);
	memset(grown + kept, 0, room - kept);
	return grown;
}

char *arena_cstr(struct arena *arena, struct str s)
{
	char *copy = arena_alloc(arena, s.n + 1);

	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	return copy;
}

struct str arena_str(struct arena *arena, struct str s)
{
	return (struct str){ arena_cstr(arena, s), s.n };
}

struct str arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		return STR_LIT("");
	text = arena_alloc(arena, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, args);
	return (struct str){ text, (size_t)n };
}

struct str arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	struct str s;

	va_start(args, format);
	s = arena_vprintf(arena, format, args);
	va_end(args);
	return s;
}

struct str arena_concat(struct arena *arena, struct str a, struct str b)
{
	char *joined = arena_alloc(arena, a.n + b.n + 1);

	if (a.n > 0)
		memcpy(joined, a.p, a.n);
	if (b.n > 0)
		memcpy(joined + a.n, b.p, b.n);
	return (struct str){ joined, a.n + b.n };
}

void arena_tune(void)
{
	mallopt(M_MMAP_THRESHOLD, 2 * (int)ARENA_LARGEST_STEP);
	mallopt(M_TRIM_THRESHOLD, 4 * (int)ARENA_LARGEST_STEP);
	mallopt(M_ARENA_MAX, 8);
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}
