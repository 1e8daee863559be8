#include "policy/when/places.h"

#include "policy/when/vtimezone.h"

#define CALENDAR_MAX (256 * 1024)
#define CALENDAR_LINES_MAX 20000
#define EVENTS_MAX 100

/* An IANA or Windows name, or one that ends in an IANA name: "/vendor.example/Europe/Berlin". */
static const struct zone *calendar_zone(struct str tzid)
{
	const struct zone *zone = zone_find(tzid);

	for (size_t i = 0; zone == NULL && i < tzid.n; i++) {
		if (tzid.p[i] == '/')
			zone = zone_find(str_skip(tzid, i + 1));
	}
	return zone;
}

/* 20260312 or 20260312T220000[Z]: RFC 5545, 3.3.4 and 3.3.5. */
static bool calendar_stamp(const struct content_line *line, const struct vtimezones *zones,
			   struct stamp *ret_stamp)
{
	struct stamp stamp = { .weekday = -1 };
	struct str value = line->value;
	struct str tzid = content_parameter(line->parameters, "TZID");

	if (!content_digits(value, 0, 4, &stamp.date.year) ||
	    !content_digits(value, 4, 2, &stamp.date.month) ||
	    !content_digits(value, 6, 2, &stamp.date.day) || stamp.date.month < 1 ||
	    stamp.date.month > 12 || stamp.date.year < 1970 || stamp.date.day < 1 ||
	    stamp.date.day > civil_month_length(stamp.date.year, stamp.date.month))
		return false;
	stamp.date.has = true;
	if (value.n >= 15 && (value.p[8] == 'T' || value.p[8] == 't')) {
		if (!content_digits(value, 9, 2, &stamp.clock.hour) ||
		    !content_digits(value, 11, 2, &stamp.clock.minute) ||
		    !content_digits(value, 13, 2, &stamp.clock.second) || stamp.clock.hour > 24 ||
		    stamp.clock.minute > 59 || stamp.clock.second > 60)
			return false;
		stamp.clock.has = true;
		if (value.n > 15 && (value.p[15] == 'Z' || value.p[15] == 'z'))
			stamp.zone.kind = ZONE_FIXED;
	}
	if (stamp.zone.kind == ZONE_UNSTATED && tzid.n > 0) {
		stamp.zone.zone = calendar_zone(tzid);
		if (stamp.zone.zone != NULL)
			stamp.zone.kind = ZONE_PLACE;
		else if (vtimezone_offset(zones, tzid, &stamp, &stamp.zone.minutes))
			stamp.zone.kind = ZONE_FIXED;
	}
	*ret_stamp = stamp;
	return true;
}

int64_t duration_parse(struct str text)
{
	int64_t seconds = 0, number = 0;
	bool time = false;
	size_t i = 0;

	if (text.n > 0 && (text.p[0] == '+' || text.p[0] == '-'))
		i++;
	if (text.n < 3 || (text.p[i] != 'P' && text.p[i] != 'p') || text.p[0] == '-')
		return 0;
	for (i++; i < text.n; i++) {
		char c = ascii_lower(text.p[i]);

		if (ascii_is_digit(c) && number < 1000000) {
			number = number * 10 + (c - '0');
			continue;
		}
		if (c == 't') {
			time = true;
			continue;
		}
		seconds += c == 'w'             ? number * 7 * SECONDS_OF_DAY
			   : c == 'd'           ? number * SECONDS_OF_DAY
			   : c == 'h' && time   ? number * 3600
			   : c == 'm' && time   ? number * 60
			   : c == 's' && time   ? number
						: 0;
		number = 0;
	}
	return seconds;
}

struct event {
	struct stamp start, end;
	bool has_start, has_end;
	int64_t seconds; /* DURATION; 0 where none */
};

static void event_line(struct event *event, const struct vtimezones *zones,
		       const struct content_line *line)
{
	if (str_is_nocase(line->name, "DTSTART"))
		event->has_start = calendar_stamp(line, zones, &event->start) || event->has_start;
	else if (str_is_nocase(line->name, "DTEND"))
		event->has_end = calendar_stamp(line, zones, &event->end) || event->has_end;
	else if (str_is_nocase(line->name, "DURATION"))
		event->seconds = duration_parse(line->value);
}

static void event_finish(struct arena *arena, struct mention_list *list, const struct event *event)
{
	struct mention mention = { .role = ROLE_WINDOW,
				   .start = event->start,
				   .end = event->end,
				   .has_end = event->has_end };

	if (!event->has_start || list->n >= EVENTS_MAX)
		return;
	if (!event->has_end && event->seconds > 0) {
		ARENA_ROOM(arena, list->durations, list->n_durations, list->cap_durations);
		list->durations[list->n_durations++] = (struct duration_mention){
			.minutes = (int)(event->seconds / 60), .labelled = true
		};
	}
	/* An end without a zone of its own is in its start's (RFC 5545, 3.6.1). */
	if (mention.has_end && mention.end.zone.kind == ZONE_UNSTATED)
		mention.end.zone = mention.start.zone;
	ARENA_ROOM(arena, list->items, list->n, list->cap);
	list->items[list->n++] = mention;
}

struct mention_list *calendar_read(struct arena *arena, struct str text)
{
	struct mention_list *list = ARENA_NEW(arena, struct mention_list);
	struct content_reader reader = content_reader_of(arena, str_head(text, CALENDAR_MAX));
	struct content_line content;
	struct event event = { .has_start = false };
	struct vtimezones zones = { .n = 0 };
	unsigned inside = 0, other = 0;

	list->text = text;
	vtimezones_read(arena, str_head(text, CALENDAR_MAX), &zones);
	for (unsigned n = 0; n < CALENDAR_LINES_MAX && content_line_next(&reader, &content); n++) {
		if (str_is_nocase(content.name, "BEGIN")) {
			if (inside > 0)
				other++; /* VALARM has times of its own */
			else if (str_is_nocase(content.value, "VEVENT")) {
				inside = 1;
				event = (struct event){ .has_start = false };
			}
		} else if (str_is_nocase(content.name, "END")) {
			if (other > 0) {
				other--;
			} else if (inside > 0) {
				inside = 0;
				event_finish(arena, list, &event);
			}
		} else if (inside > 0 && other == 0) {
			event_line(&event, &zones, &content);
		}
	}
	return list->n > 0 ? list : NULL;
}
