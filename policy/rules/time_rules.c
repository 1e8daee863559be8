/* time_rules.c - the `time` of a category, read and held against itself */
#include "policy/rules/build.h"

#include "policy/rules/names.h"

const char *const time_direction_names[] = { "advance", "nearest", NULL };

const char *const time_anchor_names[] = {
	[ANCHOR_NONE] = "none",
	[ANCHOR_START] = "start",
	[ANCHOR_END] = "end",
	[ANCHOR_RESOLUTION] = "resolution",
	[ANCHOR_ANNOUNCEMENT] = "announcement",
	[ANCHOR_PREVIOUS] = "previous",
	[ANCHOR_N] = NULL,
};

/* -- Floors -- */

static const struct yaml_key floor_keys[] = {
	{ "at-least", yaml_read_duration, offsetof(struct time_floor, seconds), .min = 1 },
	{ "business-days", yaml_read_unsigned, offsetof(struct time_floor, business_days),
	  .min = 1, .max = 366 },
	{ "calendar-days", yaml_read_unsigned, offsetof(struct time_floor, calendar_days),
	  .max = 3660 },
	{ NULL },
};

static YAML_READER(read_floor)
{
	const struct time_floor *floor = field;

	(void)key;
	if (!yaml_read_map(reader, node, floor_keys, field))
		return;
	if (!floor_stated(floor))
		yaml_error(reader->diag, node,
			   "a floor has \"at-least\", \"business-days\", or both");
	else if (floor->seconds == 0 && floor->calendar_days > 0)
		yaml_error(reader->diag, node, "\"calendar-days\" soften \"at-least\": give it too");
}

/* -- Series -- */

struct milestone_text {
	struct milestone milestone;
	int64_t before, after_end;
};

static const struct yaml_key milestone_keys[] = {
	{ "name", build_identifier, offsetof(struct milestone_text, milestone.name), YAML_REQUIRED },
	{ "before", yaml_read_duration, offsetof(struct milestone_text, before) },
	{ "tolerance", yaml_read_duration, offsetof(struct milestone_text, milestone.tolerance) },
	{ "after-end", yaml_read_duration, offsetof(struct milestone_text, after_end), .min = 1 },
	{ "approval", yaml_read_bool, offsetof(struct milestone_text, milestone.approval) },
	{ NULL },
};

static void read_milestone(struct yaml_reader *reader, const struct yaml_node *node,
			   struct milestone *ret_milestone)
{
	struct milestone_text read = { .before = -1, .after_end = -1 };

	read.milestone.tolerance = -1;
	if (!yaml_read_map(reader, node, milestone_keys, &read))
		return;
	if ((read.before >= 0) == (read.after_end >= 0)) {
		yaml_error(reader->diag, node,
			   "a mail of a series is due either \"before\" the start or within "
			   "\"after-end\"");
		return;
	}
	if (read.after_end >= 0) {
		if (read.milestone.tolerance >= 0)
			yaml_error(reader->diag, node, "\"after-end\" is a span: leave out "
						       "\"tolerance\"");
		read.milestone.after = true;
		read.milestone.tolerance = read.after_end;
	} else {
		read.milestone.before = read.before;
		if (read.milestone.tolerance < 0)
			read.milestone.tolerance = 86400;
	}
	*ret_milestone = read.milestone;
}

/* Whether two mails of a series could both claim one moment. */
static bool milestones_overlap(const struct milestone *a, const struct milestone *b)
{
	return a->name.p != NULL && b->name.p != NULL && !a->after && !b->after &&
	       a->before - a->tolerance <= b->before + b->tolerance &&
	       b->before - b->tolerance <= a->before + a->tolerance;
}

static void milestone_check(struct yaml_reader *reader, const struct yaml_node *node,
			    const struct milestone *earlier, size_t n)
{
	const struct milestone *last = &earlier[n];

	for (size_t i = 0; i < n; i++) {
		if (last->name.p != NULL && str_eq(earlier[i].name, last->name))
			yaml_error(reader->diag, node, "a second mail named \"%.*s\" in the series",
				   STR_ARG(last->name));
		else if (milestones_overlap(&earlier[i], last))
			yaml_error(reader->diag, node, "overlaps with \"%.*s\" within the tolerances",
				   STR_ARG(earlier[i].name));
	}
}

static YAML_READER(read_series)
{
	struct time_rules *time = field;

	(void)key;
	if (!yaml_expect(reader, node, YAML_LIST, "a list of mails with \"name\" and \"before\""))
		return;
	if (node->n > 64) {
		yaml_error(reader->diag, node, "more than 64 mails in a series");
		return;
	}
	time->milestones = ARENA_ARRAY(reader->arena, node->n, struct milestone);
	time->n_milestones = node->n;
	for (size_t i = 0; i < node->n; i++) {
		read_milestone(reader, node->items[i], &time->milestones[i]);
		milestone_check(reader, node->items[i], time->milestones, i);
	}
}

/* -- Deadlines -- */

/* "none" is no choice: a deadline that is not owed is left out. */
static YAML_READER(read_anchor)
{
	struct yaml_key some = *key;
	int anchor = -1;

	some.names++;
	yaml_read_choice(reader, node, &some, &anchor);
	*(enum time_anchor *)field = (enum time_anchor)(anchor + 1);
}

static const struct yaml_key deadline_keys[] = {
	{ "after", read_anchor, offsetof(struct time_deadline, after), YAML_REQUIRED,
	  .names = time_anchor_names },
	{ "within", yaml_read_duration, offsetof(struct time_deadline, within), .min = 1 },
	{ "business-days", yaml_read_unsigned, offsetof(struct time_deadline, business_days),
	  .min = 1, .max = 366 },
	{ NULL },
};

static void read_deadline(struct yaml_reader *reader, const struct yaml_pair *pair,
			  struct time_rules *time)
{
	struct time_deadline deadline = { 0 };
	enum phase phase;

	if (!phase_parse(pair->key->text, &phase)) {
		yaml_error(reader->diag, pair->key, "\"%.*s\" is no phase: %.*s",
			   STR_ARG(pair->key->text),
			   STR_ARG(yaml_names(reader->diag->arena, phase_names)));
		return;
	}
	if (!yaml_read_map(reader, pair->value, deadline_keys, &deadline))
		return;
	if ((deadline.within > 0) == (deadline.business_days > 0))
		yaml_error(reader->diag, pair->value,
			   "a deadline is either \"within\" a time or so many \"business-days\"");
	else if (phase == PHASE_INITIAL &&
		 (deadline.after == ANCHOR_ANNOUNCEMENT || deadline.after == ANCHOR_PREVIOUS))
		yaml_error(reader->diag, pair->value,
			   "before the initial mail there is none: count it from start or end");
	else
		time->deadlines[phase] = deadline;
}

/* "deadlines: {report: {after: resolution, business-days: 5}}" */
static YAML_READER(read_deadlines)
{
	(void)key;
	if (!yaml_expect(reader, node, YAML_MAP, "a map of phases to deadlines"))
		return;
	for (size_t i = 0; i < node->n; i++)
		read_deadline(reader, &node->pairs[i], field);
}

/* -- Windows -- */

/* "22:00", up to "24:00", as minutes after midnight. */
static YAML_READER(read_clock)
{
	struct str text = node->text;
	int hour, minute;

	(void)key;
	if (!yaml_expect(reader, node, YAML_SCALAR, "a time of day such as \"22:00\""))
		return;
	if (text.n == 5 && ascii_is_digit(text.p[0]) && ascii_is_digit(text.p[1]) &&
	    text.p[2] == ':' && ascii_is_digit(text.p[3]) && ascii_is_digit(text.p[4])) {
		hour = 10 * (text.p[0] - '0') + (text.p[1] - '0');
		minute = 10 * (text.p[3] - '0') + (text.p[4] - '0');
		if (minute < 60 && 60 * hour + minute <= 24 * 60) {
			*(int *)field = 60 * hour + minute;
			return;
		}
	}
	yaml_error(reader->diag, node, "\"%.*s\" is no time of day such as \"22:00\"", STR_ARG(text));
}

static YAML_READER(read_window_zone)
{
	struct time_window *window = field;

	if (node->kind == YAML_SCALAR && str_is(node->text, "instance")) {
		window->in = WINDOW_INSTANCE;
	} else if (node->kind == YAML_SCALAR && str_is(node->text, "policy")) {
		window->in = WINDOW_POLICY;
	} else {
		window->in = WINDOW_NAMED;
		build_zone(reader, node, key, &window->zone);
	}
}

static YAML_READER(read_days)
{
	if (yaml_expect_some(reader, node))
		yaml_read_flags(reader, node, key, field);
}

static const struct yaml_key window_keys[] = {
	{ "from", read_clock, offsetof(struct time_window, from), YAML_REQUIRED },
	{ "to", read_clock, offsetof(struct time_window, to), YAML_REQUIRED },
	{ "zone", read_window_zone, 0 },
	{ "days", read_days, offsetof(struct time_window, days), .names = weekday_names },
	{ NULL },
};

static YAML_READER(read_window)
{
	struct time_window *window = field;

	(void)key;
	window->stated = yaml_read_map(reader, node, window_keys, window);
	if (window->stated && window->from == 24 * 60)
		yaml_error(reader->diag, node, "a window that opens at 24:00 opens at 00:00");
}

/* -- Cadence -- */

/* The initial mail has none before it, and after the final one nothing goes on. */
static YAML_READER(read_until)
{
	int until = -1;

	yaml_read_choice(reader, node, key, &until);
	if (until < 0)
		return;
	if (until >= PHASE_REMINDER && until <= PHASE_FINAL)
		*(enum phase *)field = (enum phase)until;
	else
		yaml_error(reader->diag, node, "a cadence ends with a reminder, update or final mail");
}

static const struct yaml_key cadence_keys[] = {
	{ "every", yaml_read_duration, offsetof(struct time_cadence, every), YAML_REQUIRED,
	  .min = 1 },
	{ "tolerance", yaml_read_duration, offsetof(struct time_cadence, tolerance) },
	{ "until", read_until, offsetof(struct time_cadence, until), .names = phase_names },
	{ NULL },
};

static YAML_READER(read_cadence)
{
	struct time_cadence *cadence = field;

	(void)key;
	cadence->until = PHASE_FINAL;
	yaml_read_map(reader, node, cadence_keys, cadence);
}

/* -- Spans -- */

/* "1y", or a whole number of days as a duration. */
static YAML_READER(read_span_length)
{
	struct time_span *span = field;
	struct str text = node->text;
	int64_t seconds = -1;
	unsigned years = 0;

	if (node->kind == YAML_SCALAR && text.n > 1 && text.n <= 3 && text.p[text.n - 1] == 'y') {
		for (size_t i = 0; i + 1 < text.n && ascii_is_digit(text.p[i]); i++)
			years = 10 * years + (unsigned)(text.p[i] - '0');
		if (years > 0) {
			*span = (struct time_span){ .years = years };
			return;
		}
	}
	yaml_read_duration(reader, node, key, &seconds);
	if (seconds < 0)
		return;
	if (seconds == 0 || seconds % 86400 != 0)
		yaml_error(reader->diag, node, "%.*s is neither years nor days, such as 1y or 90d",
			   STR_ARG(text));
	else
		*span = (struct time_span){ .days = (unsigned)(seconds / 86400) };
}

static const struct yaml_key span_keys[] = {
	{ "after-purchase", read_span_length, 0, YAML_REQUIRED, .max = 36600LL * 86400 },
	{ NULL },
};

/* -- All of it -- */

const struct yaml_key time_keys[] = {
	{ "direction", yaml_read_choice, offsetof(struct time_rules, direction),
	  .names = time_direction_names },
	{ "required", yaml_read_bool, offsetof(struct time_rules, required) },
	{ "in-advance", yaml_read_bool, offsetof(struct time_rules, in_advance) },
	{ "floor", read_floor, offsetof(struct time_rules, floor), .keys = floor_keys },
	{ "series", read_series, 0, .keys = milestone_keys },
	{ "deadlines", read_deadlines, 0, .keys = deadline_keys },
	{ "window", read_window, offsetof(struct time_rules, window), .keys = window_keys },
	{ "cadence", read_cadence, offsetof(struct time_rules, cadence), .keys = cadence_keys },
	{ "span", yaml_read_nested, offsetof(struct time_rules, span), .keys = span_keys },
	{ NULL },
};

YAML_READER(build_time)
{
	const struct time_rules *time = field;

	(void)key;
	if (!yaml_read_map(reader, node, time_keys, field))
		return;
	if (floor_stated(&time->floor) && time->direction != TIME_ADVANCE)
		yaml_error(reader->diag, node, "a floor needs time.direction: advance");
}
