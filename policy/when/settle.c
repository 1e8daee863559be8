#include "policy/when/settle.h"

/* A zone that can be computed with. */
struct real_zone {
	const struct zone *zone; /* NULL: minutes count */
	int minutes;
	const char *family;      /* of an abbreviation: whose it is */
	bool stated;
};

bool zone_spec_equal(const struct zone_spec *a, const struct zone_spec *b)
{
	return a->kind == b->kind && a->minutes == b->minutes && a->zone == b->zone &&
	       a->abbreviation == b->abbreviation;
}

static bool region_is_named(const struct when_facts *facts, const char *region)
{
	if (facts->region != NULL && strcmp(facts->region, region) == 0)
		return true;
	for (size_t i = 0; i < facts->n_places; i++) {
		if (facts->places[i]->region != NULL &&
		    strcmp(facts->places[i]->region, region) == 0)
			return true;
	}
	return false;
}

/* A language of which an abbreviation's readers are sure: IST is of three countries where English
 * is spoken, BST and CST in English are what the United Kingdom and the USA write. */
static bool language_means(struct str language, const char *region)
{
	static const struct { const char *language, *region; } table[] = {
		{ "zh", "CN" }, { "he", "IL" }, { "hi", "IN" }, { "ga", "IE" }, { "bn", "BD" },
		{ "en", "GB" }, { "en", "US" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (str_is(language, table[i].language) && strcmp(region, table[i].region) == 0)
			return true;
	}
	return false;
}

/* The meaning of an abbreviation that has several (POLICY.md, settled 19); NULL where nothing
 * tells. *ret_zone is the policy's own answer. */
static const struct abbreviation_meaning *meaning_of(const struct settle_context *context,
						     const struct abbreviation *abbreviation,
						     const struct zone **ret_zone)
{
	const struct abbreviation_meaning *found = NULL;
	const struct policy *policy = context->policy;

	*ret_zone = NULL;
	if (abbreviation->n == 1)
		return &abbreviation->meanings[0];
	for (int i = 0; i < abbreviation->n; i++) {
		if (!region_is_named(context->facts, abbreviation->meanings[i].region))
			continue;
		if (found != NULL)
			return NULL;
		found = &abbreviation->meanings[i];
	}
	for (int i = 0; i < abbreviation->n && found == NULL; i++) {
		if (language_means(context->facts->language, abbreviation->meanings[i].region))
			found = &abbreviation->meanings[i];
	}
	for (size_t i = 0; i < policy->zone_keys.n && found == NULL; i++) {
		if (str_is_nocase(policy->zone_keys.items[i], abbreviation->name)) {
			*ret_zone = zone_find(policy->zone_values.items[i]);
			break;
		}
	}
	return found;
}

static const struct zone *place_of_text(const struct settle_context *context)
{
	const struct when_facts *facts = context->facts;

	for (size_t i = 0; i < facts->n_places; i++) {
		if (facts->places[i]->zone != NULL)
			return facts->places[i]->zone;
	}
	return NULL;
}

static struct real_zone zone_real(const struct settle_context *context,
				  const struct zone_spec *spec)
{
	struct real_zone real = { .stated = true };
	const struct abbreviation_meaning *meaning;

	switch (spec->kind) {
	case ZONE_FIXED:
		real.minutes = spec->minutes;
		return real;
	case ZONE_PLACE:
		real.zone = spec->zone;
		return real;
	case ZONE_LOCAL:
		real.zone = place_of_text(context);
		if (real.zone != NULL)
			return real;
		break;
	case ZONE_ABBREVIATION:
		meaning = meaning_of(context, spec->abbreviation, &real.zone);
		if (meaning != NULL && spec->abbreviation->generic)
			real.zone = zone_find(str_from(meaning->zone));
		if (meaning != NULL) {
			real.minutes = meaning->minutes;
			real.family = meaning->zone;
		}
		if (meaning != NULL || real.zone != NULL)
			return real;
		break;
	case ZONE_UNSTATED:
		break;
	}
	return (struct real_zone){ .zone = context->fallback };
}

bool zone_spec_known(const struct settle_context *context, const struct zone_spec *spec)
{
	return zone_real(context, spec).stated;
}

/* The place named in the text whose people write this abbreviation, but not on that date. */
static const struct zone *place_instead(const struct settle_context *context,
					const struct real_zone *real, int64_t utc)
{
	const struct zone *family = real->family != NULL ? zone_find(str_from(real->family)) : NULL;
	int low, high;

	if (family == NULL || real->zone != NULL)
		return NULL;
	zone_year_offsets(family, utc, &low, &high);
	for (size_t i = 0; i < context->facts->n_places && low != high; i++) {
		const struct zone *zone = context->facts->places[i]->zone;
		int place_low, place_high;

		if (zone == NULL)
			continue;
		zone_year_offsets(zone, utc, &place_low, &place_high);
		if (place_low == low && place_high == high &&
		    zone_offset(zone, utc) != real->minutes * 60)
			return zone;
	}
	return NULL;
}

static int64_t wall_to_utc(struct settle_context *context, const struct real_zone *real,
			   int64_t wall, int *ret_offset)
{
	int64_t utc = wall - (int64_t)real->minutes * 60;
	const struct zone *zone = real->zone != NULL ? real->zone
						     : place_instead(context, real, utc);
	enum zone_local kind;

	*ret_offset = real->minutes * 60;
	if (zone == NULL)
		return utc;
	utc = zone_to_utc(zone, wall, &kind);
	*ret_offset = (int)(wall - utc);
	if (kind == ZONE_LOCAL_GAP)
		context->note = arena_printf(context->arena,
					     "the stated time does not exist in %s, where the clocks "
					     "go forward: read with the offset before the change",
					     zone_name(zone));
	else if (kind == ZONE_LOCAL_TWICE)
		context->note = arena_printf(context->arena,
					     "the stated time comes twice in %s, where the clocks go "
					     "back: the first is taken", zone_name(zone));
	return utc;
}

static int64_t today_in(const struct settle_context *context, const struct real_zone *real)
{
	int offset = real->zone != NULL ? zone_offset(real->zone, context->now) : real->minutes * 60;
	int64_t local = context->now + offset;

	return (local >= 0 ? local : local - (SECONDS_OF_DAY - 1)) / SECONDS_OF_DAY;
}

static int64_t date_day(const struct date_part *date, int year)
{
	int day = date->day;

	if (date->nth != 0)
		day = civil_nth_weekday(year, date->month, date->nth, date->nth_weekday);
	else if (day > civil_month_length(year, date->month))
		day = civil_month_length(year, date->month);
	return civil_days(year, date->month, day);
}

/* Does some other date of the mail, of which the order is certain, equal this reading? */
static bool reading_is_told(const struct when_facts *facts, const struct date_part *date)
{
	for (size_t s = 0; s < facts->n_sources; s++) {
		const struct mention_list *list = facts->sources[s].list;

		for (size_t i = 0; i < list->n; i++) {
			const struct date_part *other = &list->items[i].start.date;

			if (other->has && other->order == ORDER_SURE && other->month == date->month &&
			    other->day == date->day &&
			    (other->year == 0 || date->year == 0 || other->year == date->year))
				return true;
		}
	}
	return false;
}

/* What numbers that admit one reading only say about the mail's custom: 1 month first, -1 day
 * first, 0 nothing. */
static int order_told(const struct when_facts *facts)
{
	for (size_t s = 0; s < facts->n_sources; s++) {
		const struct mention_list *list = facts->sources[s].list;

		for (size_t i = 0; i < list->n; i++) {
			const struct date_part *date = &list->items[i].start.date;

			if (date->has && date->custom != 0)
				return date->custom;
		}
	}
	return 0;
}

static bool zone_is_american(const struct real_zone *real)
{
	const char *name = real->zone != NULL ? zone_name(real->zone) : real->family;
	static const char *const names[] = { "America/New_York", "America/Chicago",
					     "America/Denver",   "America/Los_Angeles",
					     "America/Phoenix",  "America/Detroit",
					     "America/Anchorage", "Pacific/Honolulu" };

	for (size_t i = 0; name != NULL && i < sizeof names / sizeof *names; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

static struct date_part date_swapped(const struct date_part *date)
{
	struct date_part swapped = *date;

	swapped.day = date->month;
	swapped.month = date->day;
	return swapped;
}

/* Day first or month first: by the weekday, by the mail's other dates, by the zone's country, by
 * the language. */
static struct date_part date_ordered(const struct settle_context *context,
				     const struct stamp *stamp, const struct real_zone *real)
{
	const struct when_facts *facts = context->facts;
	struct date_part day_first = stamp->date, month_first = date_swapped(&stamp->date);
	int told;

	if (stamp->date.order == ORDER_SURE)
		return stamp->date;
	if (stamp->weekday >= 0 && stamp->date.year > 0) {
		bool a = civil_weekday(date_day(&day_first, day_first.year)) == stamp->weekday;
		bool b = civil_weekday(date_day(&month_first, month_first.year)) == stamp->weekday;

		if (a != b)
			return a ? day_first : month_first;
	}
	if (reading_is_told(facts, &day_first) != reading_is_told(facts, &month_first))
		return reading_is_told(facts, &day_first) ? day_first : month_first;
	told = order_told(facts);
	if (told == 0 && facts->region != NULL)
		told = strcmp(facts->region, "US") == 0 ? 1 : -1;
	if (told == 0 && zone_is_american(real))
		told = 1;
	if (told == 0 && (region_is_named(facts, "US") || real->family != NULL || real->zone != NULL))
		told = region_is_named(facts, "US") && !region_is_named(facts, "GB") ? 1 : -1;
	if (told == 0)
		told = str_is(facts->language, "en") && stamp->date.slashed &&
				       !(stamp->zone.kind == ZONE_ABBREVIATION &&
					 strcmp(stamp->zone.abbreviation->name, "gmt") == 0)
			       ? 1
			       : -1;
	return told > 0 ? month_first : day_first;
}

/* The year of the same day and month elsewhere in the mail; 0 where there is none. */
static int year_told(const struct when_facts *facts, const struct date_part *date)
{
	for (size_t s = 0; s < facts->n_sources; s++) {
		const struct mention_list *list = facts->sources[s].list;

		for (size_t i = 0; i < list->n; i++) {
			const struct date_part *start = &list->items[i].start.date;
			const struct date_part *end = &list->items[i].end.date;

			if (start->has && start->year > 0 && start->month == date->month &&
			    start->day == date->day)
				return start->year;
			if (end->has && end->year > 0 && end->month == date->month &&
			    end->day == date->day)
				return end->year;
		}
	}
	return 0;
}

static int64_t day_distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* A date without a year: the next one for notices in advance, else the nearest. A weekday that
 * only the neighbouring year has decides for that. */
static int64_t day_without_year(const struct settle_context *context, const struct date_part *date,
				const struct settle_base *base, int weekday, int64_t today)
{
	int year, month, day, told = year_told(context->facts, date);
	int64_t best, next, before;

	if (told > 0)
		return date_day(date, told);
	civil_from_days(today, &year, &month, &day);
	if (base->after && base->has_day) {
		civil_from_days(base->day, &year, &month, &day);
		best = date_day(date, year);
		return best >= base->day ? best : date_day(date, year + 1);
	}
	next = date_day(date, year);
	if (next < today)
		next = date_day(date, year + 1);
	before = date_day(date, next == date_day(date, year) ? year - 1 : year);
	best = next;
	if ((context->direction == WHEN_NEAREST || base->past) &&
	    day_distance(before, today) < day_distance(next, today))
		best = before;
	if (weekday >= 0 && date->nth == 0 && civil_weekday(best) != weekday) {
		int64_t other = best == next ? before : next;

		if (civil_weekday(other) == weekday && day_distance(other, today) <= 60)
			best = other;
	}
	return best;
}

static int64_t weekday_from(int64_t from, int weekday)
{
	return from + (weekday - civil_weekday(from) + 7) % 7;
}

/* A weekday without a date: after the day of its context, in the week that is named, else the
 * next (or, of what has been, the last) one. */
static int64_t day_of_weekday(const struct settle_context *context, const struct stamp *stamp,
			      const struct settle_base *base, int64_t today)
{
	int64_t monday = today - (civil_weekday(today) + 6) % 7;

	if (base->has_day && base->after)
		return weekday_from(base->day, stamp->weekday);
	if (stamp->relative == RELATIVE_NEXT_WEEK)
		return weekday_from(monday + 7, stamp->weekday);
	if (stamp->relative == RELATIVE_THIS_WEEK)
		return weekday_from(monday, stamp->weekday);
	if (base->has_day && weekday_from(base->day - 3, stamp->weekday) <= base->day + 3)
		return weekday_from(base->day - 3, stamp->weekday);
	if (context->direction == WHEN_NEAREST || base->past)
		return weekday_from(today - 3, stamp->weekday);
	return weekday_from(today, stamp->weekday);
}

static bool day_of_relative(const struct stamp *stamp, int64_t today, int64_t *ret_day)
{
	switch (stamp->relative) {
	case RELATIVE_TODAY:
		*ret_day = today;
		return true;
	case RELATIVE_TONIGHT:
		*ret_day = today + (stamp->clock.has && stamp->clock.hour < 6);
		return true;
	case RELATIVE_TOMORROW:
		*ret_day = today + 1;
		return true;
	case RELATIVE_AFTER_TOMORROW:
		*ret_day = today + 2;
		return true;
	case RELATIVE_YESTERDAY:
		*ret_day = today - 1;
		return true;
	case RELATIVE_NONE:
	case RELATIVE_THIS_WEEK:
	case RELATIVE_NEXT_WEEK:
		break;
	}
	return false;
}

/* "of next month" */
static void date_month_from(struct date_part *date, int64_t today)
{
	int day;

	civil_from_days(today, &date->year, &date->month, &day);
	date->month += date->months_ahead;
	if (date->month > 12) {
		date->month = 1;
		date->year++;
	}
}

static bool stamp_day(const struct settle_context *context, const struct stamp *stamp,
		      const struct settle_base *base, const struct real_zone *real,
		      struct settled *settled)
{
	int64_t today = today_in(context, real);

	settled->dated = true;
	if (stamp->date.has) {
		struct date_part date = date_ordered(context, stamp, real);

		if (date.month == 0)
			date_month_from(&date, today);
		settled->day = date.year > 0 ? date_day(&date, date.year)
					     : day_without_year(context, &date, base,
								stamp->weekday, today);
		settled->weekday_wrong = stamp->weekday >= 0 &&
					 civil_weekday(settled->day) != stamp->weekday;
		return true;
	}
	if (day_of_relative(stamp, today, &settled->day)) {
		settled->weekday_wrong = stamp->weekday >= 0 &&
					 civil_weekday(settled->day) != stamp->weekday;
		return true;
	}
	if (stamp->weekday >= 0) {
		settled->day = day_of_weekday(context, stamp, base, today);
		return true;
	}
	settled->dated = false;
	if (!base->has_day)
		return false;
	settled->day = base->day + stamp->next_day;
	return true;
}

bool stamp_settle(struct settle_context *context, const struct stamp *stamp,
		  const struct settle_base *base, struct settled *ret_settled)
{
	const struct zone_spec *spec = &stamp->zone;
	struct settled settled = { .clock = stamp->clock.has,
				   .twelve = stamp->clock.meridiem != MERIDIEM_NONE };
	struct real_zone real;

	if (stamp->instant) {
		*ret_settled = (struct settled){ .utc = stamp->utc,
						 .day = stamp->utc / SECONDS_OF_DAY,
						 .wall = (int)(stamp->utc % SECONDS_OF_DAY),
						 .clock = true,
						 .zone_stated = true,
						 .dated = true };
		return true;
	}
	if (!zone_spec_known(context, spec) && zone_spec_known(context, &base->zone))
		spec = &base->zone;
	if (!zone_spec_known(context, spec) && zone_spec_known(context, &context->common))
		spec = &context->common;
	real = zone_real(context, spec);
	if (!stamp_day(context, stamp, base, &real, &settled))
		return false;
	if (stamp->clock.has)
		settled.wall = stamp->clock.hour * 3600 + stamp->clock.minute * 60 +
			       stamp->clock.second;
	settled.utc = wall_to_utc(context, &real, settled.day * SECONDS_OF_DAY + settled.wall,
				  &settled.offset);
	settled.zone_stated = real.stated;
	*ret_settled = settled;
	return true;
}
