/* Any octets as a calendar of holidays: days in order, each once, within bounds, or a fault. */
#include <stdlib.h>

#include "policy/rules/holidays.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct day_list days = { 0 };
	struct diag diag;

	diag_init(&diag, arena);
	holidays_read(arena, &diag, STR_LIT("fuzz"), (struct str){ (const char *)data, size }, &days);
	if (days.n > HOLIDAYS_DAYS_MAX || (days.n == 0 && diag.errors == 0 && size == 0))
		abort();
	holidays_sort(&days);
	for (size_t i = 1; i < days.n; i++) {
		if (days.items[i] <= days.items[i - 1])
			abort();
	}
	for (size_t i = 0; i < diag.n; i++)
		diag_format(arena, &diag.entries[i]);
	arena_free(arena);
	return 0;
}
