/* span.c - how long after its purchase an organization gets such mails */
#include "policy/checks/registry.h"
#include "policy/when/zone.h"

/* The directory dates a purchase on the customer's calendar, the mail goes out on ours. */
#define CALENDARS_APART 1

/* The last day, counted since 1970, of the span that begins on the day of the purchase. Years are
 * the calendar's; where 29 February has no anniversary it is 1 March. */
static int64_t span_last_day(const struct time_span *span, int64_t purchased)
{
	int year, month, day;

	if (span->years == 0)
		return purchased + span->days;
	civil_from_days(purchased, &year, &month, &day);
	year += (int)span->years;
	if (day > civil_month_length(year, month)) {
		day = 1;
		month++;
	}
	return civil_days(year, month, day);
}

static struct str span_words(const struct check *check, const struct time_span *span)
{
	unsigned n = span->years > 0 ? span->years : span->days;

	return arena_printf(check->arena, "%u %s%s", n, span->years > 0 ? "year" : "day",
			    n == 1 ? "" : "s");
}

static void outside_span(const struct check *check, struct check_result *result, size_t recipient,
			 int64_t purchased)
{
	struct str words = span_words(check, &check->category->time.span);
	struct str date = utc_date(check->arena, purchased);
	int64_t age = utc_day(check->now, 0) - purchased;

	if (age < 0)
		check_fail(check, result,
			   "wait until the organization is a customer, or correct the directory",
			   "recipient %zu belongs to an organization that purchases only on %.*s; such "
			   "mails are for the %.*s after it",
			   recipient + 1, STR_ARG(date), STR_ARG(words));
	else
		check_fail(check, result,
			   "take the organization's contacts off the mail: it is no new customer any "
			   "more",
			   "recipient %zu belongs to an organization that purchased %lld days ago "
			   "(%.*s); at most %.*s are allowed",
			   recipient + 1, (long long)age, STR_ARG(date), STR_ARG(words));
}

CHECK(check_lead_time_expired)
{
	const struct time_span *span = &check->category->time.span;
	int64_t today = utc_day(check->now, 0);
	bool unknown = false;

	if (!span_stated(span)) {
		check_not_applicable(check, result, "%.*s may be sent at any time",
				     STR_ARG(check->category->id));
		return;
	}
	for (size_t i = 0; i < check->judgement->needs.n_recipients; i++) {
		const struct contact_list *contacts = &check->answers->contacts[i];

		for (size_t j = 0; j < contacts->n; j++) {
			const struct organization *customer = contacts->items[j]->organization;

			unknown = unknown || !customer->has_purchased;
			if (!customer->has_purchased ||
			    (today >= customer->purchased - CALENDARS_APART &&
			     today <= span_last_day(span, customer->purchased)))
				continue;
			outside_span(check, result, i, customer->purchased);
			return;
		}
	}
	if (unknown)
		check_cannot_tell(check, result,
				  "the directory does not say when a recipient's organization purchased");
}
