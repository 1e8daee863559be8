#include "policy/base/utc.h"

#include <time.h>

/* Years beyond four digits come only from nonsense; they are held at the ends. */
static struct tm broken_down(int64_t seconds)
{
	const int64_t first = -62135596800, last = 253402300799; /* years 1 and 9999 */
	time_t t = (time_t)(seconds < first ? first : seconds > last ? last : seconds);
	struct tm tm;

	gmtime_r(&t, &tm);
	return tm;
}

struct str utc_stamp(struct arena *arena, int64_t seconds)
{
	struct tm tm = broken_down(seconds);

	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
			    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

struct str utc_words(struct arena *arena, int64_t seconds)
{
	struct tm tm = broken_down(seconds);

	return arena_printf(arena, "%04d-%02d-%02d %02d:%02d UTC", tm.tm_year + 1900,
			    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min);
}

struct str utc_date(struct arena *arena, int64_t days)
{
	struct tm tm = broken_down(days * UTC_DAY);

	return arena_printf(arena, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
			    tm.tm_mday);
}

int64_t utc_day(int64_t seconds, int offset)
{
	int64_t local = seconds + offset;

	return local / UTC_DAY - (local % UTC_DAY < 0);
}

static struct str counted(struct arena *arena, int64_t n, const char *unit)
{
	return arena_printf(arena, "%lld %s%s", (long long)n, unit, n == 1 ? "" : "s");
}

struct str utc_span(struct arena *arena, int64_t seconds)
{
	static const struct {
		int64_t size;
		const char *name;
	} units[] = { { UTC_DAY, "day" }, { UTC_HOUR, "hour" }, { UTC_MINUTE, "minute" },
		      { 1, "second" } };
	int64_t left = seconds < 0 ? -seconds : seconds;

	for (size_t i = 0; i < 3; i++) {
		struct str large;

		if (left < units[i].size)
			continue;
		large = counted(arena, left / units[i].size, units[i].name);
		left = left % units[i].size / units[i + 1].size;
		if (left == 0)
			return large;
		return arena_printf(arena, "%.*s %.*s", STR_ARG(large),
				    STR_ARG(counted(arena, left, units[i + 1].name)));
	}
	return counted(arena, left, "second");
}
