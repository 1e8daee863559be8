#include "policy/rules/holidays.h"

#include "policy/when/zone.h"
#include "policy/text/content_line.h"

#define FAULTS_MAX 50
#define FIRST_YEAR 1900
#define LAST_YEAR 2199

/* One VEVENT. */
struct event {
	unsigned line;
	bool has_start, has_end;
	bool dropped; /* cancelled, or a fault has been told */
	int32_t start, end; /* end: the day after the last */
	struct content_line rule; /* RRULE; its name is absent where there is none */
};

/* FREQ=YEARLY, and what of its parts is understood. */
struct rule {
	int interval, count;     /* count 0: no bound */
	int month, month_day;    /* 0: as DTSTART has it */
	int nth, weekday;        /* BYDAY=4TH: nth 4; nth 0: none; -1 is the last */
	bool has_until;
	int32_t until;
};

struct calendar {
	struct arena *arena;
	struct diag *diag;
	struct str file;
	struct day_list *days;
	size_t n_events, faults;
	bool full;
};

static void __attribute__((format(printf, 3, 4)))
fault(struct calendar *calendar, unsigned line, const char *format, ...)
{
	va_list args;
	struct str text;

	if (calendar->faults++ >= FAULTS_MAX)
		return;
	va_start(args, format);
	text = arena_vprintf(calendar->diag->arena, format, args);
	va_end(args);
	diag_error(calendar->diag, calendar->file, line, 0, "%.*s", STR_ARG(text));
}

/* -- Values -- */

/* At most nine digits, all of the text. */
static bool number_parse(struct str text, int *ret_number)
{
	int number = 0;

	if (text.n == 0 || text.n > 9)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!ascii_is_digit(text.p[i]))
			return false;
		number = number * 10 + (text.p[i] - '0');
	}
	*ret_number = number;
	return true;
}

static bool number_between(struct str text, int low, int high, int *ret_number)
{
	int number;

	if (!number_parse(text, &number) || number < low || number > high)
		return false;
	*ret_number = number;
	return true;
}

/* 20261225, and 20261225T000000 with or without Z, for some programs write days so. */
static bool day_parse(struct str text, int32_t *ret_day)
{
	int year, month, day;

	if (text.n > 8 && !(str_starts_nocase(str_skip(text, 8), STR_LIT("T000000")) &&
			    (text.n == 15 || (text.n == 16 && ascii_lower(text.p[15]) == 'z'))))
		return false;
	if (text.n < 8 || !number_between(str_head(text, 4), FIRST_YEAR, LAST_YEAR, &year) ||
	    !number_between((struct str){ text.p + 4, 2 }, 1, 12, &month) ||
	    !number_between((struct str){ text.p + 6, 2 }, 1, civil_month_length(year, month), &day))
		return false;
	*ret_day = (int32_t)civil_days(year, month, day);
	return true;
}

/* P1D, P2W. */
static bool duration_days(struct str text, int *ret_days)
{
	char unit = text.n > 2 ? ascii_lower(text.p[text.n - 1]) : '\0';
	int number;

	if ((unit != 'd' && unit != 'w') || ascii_lower(text.p[0]) != 'p' ||
	    !number_between((struct str){ text.p + 1, text.n - 2 }, 1, HOLIDAYS_EVENT_DAYS_MAX,
			    &number))
		return false;
	*ret_days = unit == 'w' ? 7 * number : number;
	return true;
}

/* 4TH, -1MO. */
static bool by_day_parse(struct str text, struct rule *rule)
{
	static const char *const days[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };
	bool minus = text.n > 0 && text.p[0] == '-';

	if (minus || (text.n > 0 && text.p[0] == '+'))
		text = str_skip(text, 1);
	if (text.n != 3 || text.p[0] < '1' || text.p[0] > '5')
		return false;
	for (int i = 0; i < 7; i++) {
		if (!str_is_nocase(str_skip(text, 1), days[i]))
			continue;
		rule->weekday = i;
		rule->nth = minus ? -(text.p[0] - '0') : text.p[0] - '0';
		return rule->nth >= -1;
	}
	return false;
}

/* One NAME=VALUE of an RRULE; false where it is not understood. */
static bool rule_part(struct rule *rule, struct str name, struct str value)
{
	if (str_is_nocase(name, "FREQ"))
		return str_is_nocase(value, "YEARLY");
	if (str_is_nocase(name, "INTERVAL"))
		return number_between(value, 1, 400, &rule->interval);
	if (str_is_nocase(name, "COUNT"))
		return number_between(value, 1, 1000, &rule->count);
	if (str_is_nocase(name, "BYMONTH"))
		return number_between(value, 1, 12, &rule->month);
	if (str_is_nocase(name, "BYMONTHDAY"))
		return number_between(value, 1, 31, &rule->month_day);
	if (str_is_nocase(name, "BYDAY"))
		return by_day_parse(value, rule);
	if (str_is_nocase(name, "UNTIL")) {
		/* The last day is the same whatever its time of day. */
		rule->has_until = day_parse(str_head(value, 8), &rule->until);
		return rule->has_until;
	}
	return str_is_nocase(name, "WKST"); /* of weeks, which no part that is read here counts */
}

static bool rule_parse(struct str text, struct rule *ret_rule, struct str *ret_unknown)
{
	struct rule rule = { .interval = 1 };
	struct str rest = text, part;
	bool yearly = false;

	while (rest.n > 0 && str_next_split(&rest, ';', &part)) {
		size_t equals = str_find_char(part, '=', 0);
		struct str name = str_head(part, equals != STR_NPOS ? equals : part.n);

		*ret_unknown = part;
		if (equals == STR_NPOS || !rule_part(&rule, name, str_skip(part, equals + 1)))
			return false;
		yearly = yearly || str_is_nocase(name, "FREQ");
	}
	*ret_unknown = text;
	/* "the fourth Thursday" needs a month to be in, and so does "the 25th", which is of every
	 * month where none is named (RFC 5545, 3.3.10); of day and weekday one can hold. */
	if (!yearly || ((rule.nth != 0 || rule.month_day != 0) && rule.month == 0) ||
	    (rule.nth != 0 && rule.month_day != 0))
		return false;
	*ret_rule = rule;
	return true;
}

/* -- Days -- */

static void days_add(struct calendar *calendar, const struct event *event, int32_t first)
{
	struct day_list *days = calendar->days;
	int32_t n = event->end - event->start;

	if (days->n + (size_t)n > HOLIDAYS_DAYS_MAX) {
		if (!calendar->full)
			fault(calendar, event->line, "more than %zu holidays in all",
			      HOLIDAYS_DAYS_MAX);
		calendar->full = true;
		return;
	}
	for (int32_t i = 0; i < n; i++) {
		ARENA_ROOM(calendar->arena, days->items, days->n, days->cap);
		days->items[days->n++] = first + i;
	}
}

/* The rule's day in a year; false where the year has none (29 February, a fifth Monday). */
static bool rule_day(const struct rule *rule, int year, int month, int day, int32_t *ret_day)
{
	int length;

	month = rule->month != 0 ? rule->month : month;
	day = rule->month_day != 0 ? rule->month_day : day;
	length = civil_month_length(year, month);
	if (rule->nth > 0) {
		int first = civil_weekday(civil_days(year, month, 1));

		day = 1 + (rule->weekday - first + 7) % 7 + 7 * (rule->nth - 1);
	} else if (rule->nth < 0) {
		int last = civil_weekday(civil_days(year, month, length));

		day = length - (last - rule->weekday + 7) % 7;
	}
	if (day > length)
		return false;
	*ret_day = (int32_t)civil_days(year, month, day);
	return true;
}

/* False where no year has such a day: 30 February. */
static bool rule_expand(struct calendar *calendar, const struct event *event,
			const struct rule *rule)
{
	int first, month, day, n = 0;
	bool any = false;

	civil_from_days(event->start, &first, &month, &day);
	for (int year = first; year <= HOLIDAYS_LAST_YEAR && !calendar->full;
	     year += rule->interval) {
		int32_t at;

		if (!rule_day(rule, year, month, day, &at))
			continue;
		any = true;
		if (at < event->start)
			continue;
		if ((rule->has_until && at > rule->until) || (rule->count > 0 && n++ == rule->count))
			break;
		days_add(calendar, event, at);
	}
	return any || calendar->full;
}

static void event_finish(struct calendar *calendar, struct event *event)
{
	struct rule rule;
	struct str unknown;

	if (event->dropped)
		return;
	if (!event->has_start) {
		fault(calendar, event->line, "a VEVENT without a DTSTART");
		return;
	}
	if (!event->has_end || event->end == event->start)
		event->end = event->start + 1;
	if (event->end < event->start || event->end - event->start > HOLIDAYS_EVENT_DAYS_MAX) {
		fault(calendar, event->line, "a VEVENT that lasts from 1 to %d days is a holiday",
		      HOLIDAYS_EVENT_DAYS_MAX);
		return;
	}
	if (event->rule.name.p == NULL)
		days_add(calendar, event, event->start);
	else if (!rule_parse(event->rule.value, &rule, &unknown))
		fault(calendar, event->rule.line,
		      "\"%.*s\" in an RRULE is not read here; what is: FREQ=YEARLY with INTERVAL, "
		      "COUNT, UNTIL, and BYMONTH with or without a BYMONTHDAY or a BYDAY such as 4TH or -1MO",
		      STR_ARG(str_head(unknown, 80)));
	else if (!rule_expand(calendar, event, &rule))
		fault(calendar, event->rule.line, "no year has the day of this RRULE");
}

/* -- Lines -- */

static void event_day(struct calendar *calendar, const struct content_line *line,
		      struct event *event, bool *ret_has, int32_t *ret_day)
{
	*ret_has = day_parse(line->value, ret_day);
	if (*ret_has)
		return;
	event->dropped = true;
	fault(calendar, line->line,
	      "\"%.*s\" is no whole day such as 20261225 of the years %d to %d",
	      STR_ARG(str_head(line->value, 40)), FIRST_YEAR, LAST_YEAR);
}

static struct event with_length(struct event event, int days)
{
	event.has_end = true;
	event.end = event.start + days;
	return event;
}

static void event_line(struct calendar *calendar, struct event *event,
		       const struct content_line *line)
{
	static const char *const refused[] = { "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID" };
	int days;

	if (str_is_nocase(line->name, "DTSTART")) {
		event_day(calendar, line, event, &event->has_start, &event->start);
	} else if (str_is_nocase(line->name, "DTEND")) {
		event_day(calendar, line, event, &event->has_end, &event->end);
	} else if (str_is_nocase(line->name, "DURATION")) {
		if (!duration_days(line->value, &days))
			fault(calendar, line->line, "\"%.*s\" is no number of days such as P1D",
			      STR_ARG(str_head(line->value, 40)));
		else if (event->has_start)
			*event = with_length(*event, days);
		else
			fault(calendar, line->line, "a DURATION before its DTSTART");
	} else if (str_is_nocase(line->name, "RRULE")) {
		if (event->rule.name.p != NULL)
			fault(calendar, line->line, "a second RRULE in one VEVENT");
		event->rule = *line;
	} else if (str_is_nocase(line->name, "STATUS")) {
		event->dropped = event->dropped || str_is_nocase(line->value, "CANCELLED");
	}
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		if (str_is_nocase(line->name, refused[i]))
			fault(calendar, line->line, "%s is not read here: give each day a VEVENT",
			      refused[i]);
	}
}

/* Components nest: what stands in a VALARM or a VTIMEZONE is not the event's. */
struct nesting {
	unsigned depth;       /* 1: in the VCALENDAR */
	unsigned event_depth; /* 0: in no VEVENT */
	struct event event;
};

static void component_begin(struct calendar *calendar, struct nesting *nesting,
			    const struct content_line *line)
{
	nesting->depth++;
	if (nesting->depth != 2 || !str_is_nocase(line->value, "VEVENT"))
		return;
	nesting->event_depth = nesting->depth;
	nesting->event = (struct event){ .line = line->line };
	if (calendar->n_events++ == HOLIDAYS_EVENTS_MAX)
		fault(calendar, line->line, "more than %d VEVENTs", HOLIDAYS_EVENTS_MAX);
}

static void component_end(struct calendar *calendar, struct nesting *nesting,
			  const struct content_line *line)
{
	if (nesting->depth == 0) {
		fault(calendar, line->line, "an END without its BEGIN");
		return;
	}
	if (nesting->depth == nesting->event_depth) {
		nesting->event_depth = 0;
		if (calendar->n_events <= HOLIDAYS_EVENTS_MAX)
			event_finish(calendar, &nesting->event);
	}
	nesting->depth--;
}

static void lines_read(struct calendar *calendar, struct content_reader *reader)
{
	struct nesting nesting = { 0 };
	struct content_line line;

	while (content_line_next(reader, &line) && calendar->faults < FAULTS_MAX) {
		if (str_is_nocase(line.name, "BEGIN"))
			component_begin(calendar, &nesting, &line);
		else if (str_is_nocase(line.name, "END"))
			component_end(calendar, &nesting, &line);
		else if (nesting.depth > 0 && nesting.depth == nesting.event_depth)
			event_line(calendar, &nesting.event, &line);
	}
	if (nesting.depth > 0 && calendar->faults < FAULTS_MAX)
		fault(calendar, reader->line, "the calendar breaks off: an END is missing");
}

void holidays_read(struct arena *arena, struct diag *diag, struct str file, struct str text,
		   struct day_list *days)
{
	struct calendar calendar = { .arena = arena, .diag = diag, .file = file, .days = days };
	struct content_reader reader;
	struct content_line first = { 0 };

	if (str_starts(text, STR_LIT("\xef\xbb\xbf")))
		text = str_skip(text, 3);
	reader = content_reader_of(diag->arena, text);
	if (!content_line_next(&reader, &first) || !str_is_nocase(first.name, "BEGIN") ||
	    !str_is_nocase(first.value, "VCALENDAR")) {
		fault(&calendar, 1, "no calendar: it does not begin with BEGIN:VCALENDAR");
		return;
	}
	reader = content_reader_of(diag->arena, text);
	lines_read(&calendar, &reader);
	if (calendar.n_events == 0 && calendar.faults == 0)
		fault(&calendar, 1, "a calendar without a VEVENT");
}

static int day_order(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return x < y ? -1 : x > y;
}

void holidays_sort(struct day_list *days)
{
	size_t n = 0;

	if (days->n == 0)
		return;
	qsort(days->items, days->n, sizeof *days->items, day_order);
	for (size_t i = 0; i < days->n; i++) {
		if (n == 0 || days->items[i] != days->items[n - 1])
			days->items[n++] = days->items[i];
	}
	days->n = n;
}
