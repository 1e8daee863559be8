/* window.c - the hours of the day that an event lies within, on the clocks of those it touches */
#include "policy/base/buf.h"
#include "policy/checks/registry.h"
#include "policy/when/zone.h"
#include "policy/rules/names.h"

/* More zones than people live in. */
#define ZONES_MAX 64
/* Windows on end, for an event of several days. */
#define WINDOWS_MAX 400

/* The zones in whose hours the event has to lie. */
struct zones {
	const struct zone *items[ZONES_MAX];
	size_t n;
	bool unknown; /* and others, whose zone nobody says */
};

static void zones_add(struct zones *zones, struct str name)
{
	const struct zone *zone = name.n > 0 ? zone_find(name) : NULL;

	for (size_t i = 0; zone != NULL && i < zones->n; i++) {
		if (zones->items[i] == zone)
			return;
	}
	if (zone != NULL && zones->n < ZONES_MAX)
		zones->items[zones->n++] = zone;
	else
		zones->unknown = true;
}

static void zones_add_instance(struct zones *zones, const struct organization *organization,
			       const struct instance *instance)
{
	zones_add(zones, instance->timezone.n > 0 ? instance->timezone : organization->timezone);
}

static void zones_add_organization(struct zones *zones, const struct organization *organization)
{
	for (size_t i = 0; i < organization->n_instances; i++)
		zones_add_instance(zones, organization, &organization->instances[i]);
	if (organization->n_instances == 0)
		zones_add(zones, organization->timezone);
}

static void zones_add_contact(struct zones *zones, const struct contact *contact)
{
	const struct organization *organization = contact->organization;

	for (size_t i = 0; i < contact->n_instances; i++)
		zones_add_instance(zones, organization,
				   &organization->instances[contact->instances[i]]);
	if (contact->n_instances == 0)
		zones_add_organization(zones, organization);
}

/* False where the event touches what the mail does not name one by one. */
static bool zones_of_scope(const struct check *check, struct zones *zones)
{
	const struct answers *answers = check->answers;

	for (size_t i = 0; i < answers->n_scope; i++) {
		const struct scope_entry *entry = &answers->scope[i];

		if (entry->organization == NULL)
			return false;
		if (entry->instance != NULL)
			zones_add_instance(zones, entry->organization, entry->instance);
		else
			zones_add_organization(zones, entry->organization);
	}
	return answers->n_scope > 0;
}

static void zones_of_recipients(const struct check *check, struct zones *zones)
{
	*zones = (struct zones){ 0 };
	for (size_t i = 0; i < check->judgement->needs.n_recipients; i++) {
		const struct contact_list *contacts = &check->answers->contacts[i];

		for (size_t j = 0; j < contacts->n; j++)
			zones_add_contact(zones, contacts->items[j]);
	}
	zones->unknown = zones->unknown || zones->n == 0;
}

/* -- Hours -- */

/* When a wall clock shows a time for the last time: where an hour comes twice, a window that closes
 * in it closes with the second. */
static int64_t last_instant(const struct zone *zone, int64_t wall)
{
	enum zone_local kind;
	int64_t utc = zone_to_utc(zone, wall, &kind);
	int low, high;

	if (kind != ZONE_LOCAL_TWICE)
		return utc;
	zone_year_offsets(zone, utc, &low, &high);
	return wall - low;
}

/* The end of the window that is open at an instant; false where none is. */
static bool window_close(const struct time_window *window, const struct zone *zone, int64_t at,
			 int64_t *ret_close)
{
	int64_t today = utc_day(at, zone_offset(zone, at));
	bool overnight = window->to <= window->from;

	for (int64_t day = today - 1; day <= today; day++) {
		enum zone_local kind;
		int64_t open, close;

		if (window->days != 0 && !(window->days & (1u << civil_weekday(day))))
			continue;
		open = zone_to_utc(zone, day * UTC_DAY + window->from * UTC_MINUTE, &kind);
		close = last_instant(zone, (day + overnight) * UTC_DAY + window->to * UTC_MINUTE);
		if (at >= open && at < close) {
			*ret_close = close;
			return true;
		}
	}
	return false;
}

/* Whether all of the event is within windows, one after the other. */
static bool is_within(const struct check *check, const struct zone *zone)
{
	const struct time_window *window = &check->category->time.window;
	int64_t at = check->when->start, close;

	for (int i = 0; i < WINDOWS_MAX; i++) {
		if (!window_close(window, zone, at, &close))
			return false;
		if (!check->when->has_end || check->when->end <= close)
			return true;
		at = close;
	}
	return false;
}

static const char *local_words(const struct check *check, const struct zone *zone, int64_t at)
{
	int64_t wall = at + zone_offset(zone, at), day = utc_day(wall, 0);
	int64_t minute = (wall - day * UTC_DAY) / UTC_MINUTE;

	return arena_printf(check->arena, "%.*s %02d:%02d", STR_ARG(utc_date(check->arena, day)),
			    (int)(minute / 60), (int)(minute % 60))
		.p;
}

/* ", opening on friday, saturday"; nothing where it is every day. */
static struct str days_words(const struct check *check, unsigned days)
{
	struct buf out;

	buf_init(&out, check->arena, 200);
	for (unsigned i = 0; weekday_names[i] != NULL; i++) {
		if (days & 1u << i)
			buf_printf(&out, "%s%s", out.n > 0 ? ", " : ", opening on ", weekday_names[i]);
	}
	return buf_str(&out);
}

static void outside(const struct check *check, struct check_result *result,
		    const struct zone *zone)
{
	const struct time_window *window = &check->category->time.window;
	const struct when *when = check->when;

	check_fail(check, result,
		   "move the event into these hours; work that cannot wait is announced as unplanned",
		   "the event (%s%s%s in %s) is not wholly between %02d:%02d and %02d:%02d there%.*s",
		   local_words(check, zone, when->start), when->has_end ? " to " : "",
		   when->has_end ? local_words(check, zone, when->end) : "", zone_name(zone),
		   window->from / 60, window->from % 60, window->to / 60, window->to % 60,
		   STR_ARG(days_words(check, window->days)));
}

/* Why the mail's time is not one that the window is for, or NULL. */
static const char *not_ahead(const struct check *check)
{
	enum phase phase = check->class->phase;

	if (phase == PHASE_CANCELLED)
		return "the mail cancels the event";
	if (phase == PHASE_FINAL || phase == PHASE_REPORT || check->class->completed)
		return "the mail looks back at the event";
	return check->when->has_start ? NULL : "the mail states no start";
}

/* In the hours of the instances: all of those in scope; where the mail does not name them, those of
 * its recipients, which tell only where they agree. */
static void check_instances(const struct check *check, struct check_result *result)
{
	const struct zone *missed = NULL;
	struct zones zones = { 0 };
	bool named = zones_of_scope(check, &zones);
	size_t within = 0;

	if (!named)
		zones_of_recipients(check, &zones);
	for (size_t i = 0; i < zones.n; i++) {
		if (is_within(check, zones.items[i]))
			within++;
		else if (missed == NULL)
			missed = zones.items[i];
	}
	if (missed != NULL && (named || (within == 0 && !zones.unknown)))
		outside(check, result, missed);
	else if (missed != NULL || zones.unknown)
		check_cannot_tell(check, result, "%s",
				  named ? "the directory has no time zone of an instance in scope"
					: "the mail does not name the instances, and its recipients' "
					  "do not all have the same hours");
}

CHECK(check_lead_time_window)
{
	const struct time_window *window = &check->category->time.window;
	const char *reason = not_ahead(check);
	const struct zone *zone;

	if (!window->stated) {
		check_not_applicable(check, result, "%.*s may take place at any hour",
				     STR_ARG(check->category->id));
	} else if (reason != NULL) {
		check_not_applicable(check, result, "%s", reason);
	} else if (!check->when->clock_stated) {
		check_cannot_tell(check, result, "the mail states the day of the event, not its hours");
	} else if (window->in == WINDOW_INSTANCE) {
		if (check->answers->directory == ANSWER_NONE)
			check_not_applicable(check, result, "no directory is configured");
		else if (check->answers->directory == ANSWER_FAILED)
			check_unanswered(check, result, "directory");
		else
			check_instances(check, result);
	} else {
		zone = zone_find(window->in == WINDOW_POLICY ? check->policy->timezone
							      : window->zone);
		if (zone == NULL)
			check_cannot_tell(check, result, "the window's time zone is not known here");
		else if (!is_within(check, zone))
			outside(check, result, zone);
	}
}
