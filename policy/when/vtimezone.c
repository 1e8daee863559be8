#include "policy/when/vtimezone.h"

#define LINES_MAX 20000
#define OFFSET_MAX_MINUTES (14 * 60)

bool content_digits(struct str text, size_t at, size_t n, int *ret_value)
{
	int value = 0;

	if (at + n > text.n)
		return false;
	for (size_t i = at; i < at + n; i++) {
		if (!ascii_is_digit(text.p[i]))
			return false;
		value = value * 10 + (text.p[i] - '0');
	}
	*ret_value = value;
	return true;
}

/* +hhmm: RFC 5545, 3.3.14. */
static bool offset_parse(struct str text, int *ret_minutes)
{
	int hours, minutes;

	if (text.n < 5 || (text.p[0] != '+' && text.p[0] != '-') ||
	    !content_digits(text, 1, 2, &hours) || !content_digits(text, 3, 2, &minutes) ||
	    hours * 60 + minutes > OFFSET_MAX_MINUTES || minutes > 59)
		return false;
	*ret_minutes = (text.p[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

static void since_parse(struct observance *observance, struct str value)
{
	int year, month, day, hour, minute;

	if (!content_digits(value, 0, 4, &year) || !content_digits(value, 4, 2, &month) ||
	    !content_digits(value, 6, 2, &day) || !content_digits(value, 9, 2, &hour) ||
	    !content_digits(value, 11, 2, &minute) || month < 1 || month > 12)
		return;
	observance->seconds = hour * 3600 + minute * 60;
	observance->since = civil_days(year, month, day) * SECONDS_OF_DAY + observance->seconds;
}

/* BYDAY=-1SU or 2SU. */
static void by_day_parse(struct observance *observance, struct str value)
{
	static const char *const names[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };
	bool last = value.n > 0 && value.p[0] == '-';
	int nth;

	value = str_skip(value, last || (value.n > 0 && value.p[0] == '+'));
	if (!content_digits(value, 0, 1, &nth) || nth < 1 || nth > 4)
		return;
	for (int i = 0; i < 7; i++) {
		if (str_is_nocase(str_skip(value, 1), names[i])) {
			observance->weekday = i;
			observance->nth = last ? -1 : nth;
		}
	}
}

/* FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU; any other rule is not understood. */
static void rule_parse(struct observance *observance, struct str rule)
{
	struct str part;

	while (str_next_split(&rule, ';', &part)) {
		size_t equals = str_find_char(part, '=', 0);
		struct str name = str_head(part, equals == STR_NPOS ? part.n : equals);
		struct str value = equals == STR_NPOS ? STR_NONE : str_skip(part, equals + 1);

		if (str_is_nocase(name, "BYMONTH") && value.n <= 2)
			content_digits(value, 0, value.n, &observance->month);
		else if (str_is_nocase(name, "BYDAY"))
			by_day_parse(observance, value);
	}
	observance->yearly = observance->month >= 1 && observance->month <= 12 &&
			     observance->nth != 0;
}

static void observance_line(struct observance *observance, const struct content_line *line)
{
	if (str_is_nocase(line->name, "TZOFFSETTO"))
		observance->has = offset_parse(line->value, &observance->minutes);
	else if (str_is_nocase(line->name, "DTSTART"))
		since_parse(observance, line->value);
	else if (str_is_nocase(line->name, "RRULE"))
		rule_parse(observance, line->value);
}

/* The zone or the observance that begins with this line. */
static void begin_line(struct vtimezones *zones, struct str what, struct vtimezone **zone,
		       struct observance **observance)
{
	*observance = NULL;
	if (str_is_nocase(what, "VTIMEZONE")) {
		*zone = zones->n < VTIMEZONES_MAX ? &zones->items[zones->n++] : NULL;
		if (*zone != NULL)
			**zone = (struct vtimezone){ .id = STR_NONE };
	} else if (*zone != NULL && str_is_nocase(what, "STANDARD")) {
		*observance = &(*zone)->standard;
	} else if (*zone != NULL && str_is_nocase(what, "DAYLIGHT")) {
		*observance = &(*zone)->daylight;
	}
	/* Of several the last is today's. */
	if (*observance != NULL)
		**observance = (struct observance){ .has = false };
}

void vtimezones_read(struct arena *arena, struct str text, struct vtimezones *zones)
{
	struct vtimezone *zone = NULL;
	struct observance *observance = NULL;
	struct content_reader reader = content_reader_of(arena, text);
	struct content_line line;

	for (unsigned n = 0; n < LINES_MAX && content_line_next(&reader, &line); n++) {
		if (str_is_nocase(line.name, "BEGIN")) {
			begin_line(zones, line.value, &zone, &observance);
		} else if (str_is_nocase(line.name, "END")) {
			observance = NULL;
			zone = str_is_nocase(line.value, "VTIMEZONE") ? NULL : zone;
		} else if (observance != NULL) {
			observance_line(observance, &line);
		} else if (zone != NULL && str_is_nocase(line.name, "TZID")) {
			zone->id = line.value;
		}
	}
}

/* The wall clock seconds since 1970 at which it begins in that year. */
static int64_t observance_begin(const struct observance *observance, int year)
{
	int day = civil_nth_weekday(year, observance->month, observance->nth, observance->weekday);

	return civil_days(year, observance->month, day) * SECONDS_OF_DAY + observance->seconds;
}

static bool is_daylight(const struct vtimezone *zone, int year, int64_t wall, bool *ret_daylight)
{
	const struct observance *standard = &zone->standard, *daylight = &zone->daylight;

	if (!standard->has || !daylight->has) {
		*ret_daylight = daylight->has;
		return standard->has || daylight->has;
	}
	if (standard->yearly && daylight->yearly) {
		int64_t begin = observance_begin(daylight, year);
		int64_t end = observance_begin(standard, year);

		*ret_daylight = begin < end ? wall >= begin && wall < end
					    : wall >= begin || wall < end;
		return true;
	}
	/* Each once, for this event: the later one that has begun. */
	if (standard->yearly != daylight->yearly ||
	    (wall < standard->since && wall < daylight->since))
		return false;
	*ret_daylight = wall >= daylight->since &&
			(wall < standard->since || daylight->since > standard->since);
	return true;
}

bool vtimezone_offset(const struct vtimezones *zones, struct str tzid, const struct stamp *stamp,
		      int *ret_minutes)
{
	int64_t day = civil_days(stamp->date.year, stamp->date.month, stamp->date.day);
	int64_t wall = day * SECONDS_OF_DAY + stamp->clock.hour * 3600 + stamp->clock.minute * 60;
	bool daylight;

	for (size_t i = 0; i < zones->n; i++) {
		const struct vtimezone *zone = &zones->items[i];

		if (!str_eq(zone->id, tzid) ||
		    !is_daylight(zone, stamp->date.year, wall, &daylight))
			continue;
		*ret_minutes = daylight ? zone->daylight.minutes : zone->standard.minutes;
		return true;
	}
	return false;
}
