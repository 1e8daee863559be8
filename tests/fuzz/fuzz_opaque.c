/* Any octets as a CMS structure: read to the end, and its content no longer than the whole. */
#include <stdint.h>
#include <stdlib.h>

#include "policy/message/opaque.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct str content;

	if (opaque_read(arena, (struct str){ (const char *)data, size }, &content) == OPAQUE_SIGNED) {
		if (content.n > size)
			abort();
		arena_str(arena, content); /* every octet of it is there */
	}
	arena_free(arena);
	return 0;
}
