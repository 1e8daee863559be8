/* Any octets as a CMS structure: read to the end, and its content no longer than the whole. */
#include <stdlib.h>

#include "policy/message/opaque.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct str content = STR_NONE;
	volatile unsigned sum = 0; /* every octet is looked at */

	if (opaque_read(arena, (struct str){ (const char *)data, size }, &content) != OPAQUE_SIGNED)
		content = STR_NONE;
	if (content.n > size)
		abort();
	for (size_t i = 0; i < content.n; i++)
		sum += (unsigned char)content.p[i];
	arena_free(arena);
	return 0;
}
