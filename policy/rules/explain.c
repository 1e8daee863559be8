#include "policy/base/utc.h"
#include "policy/rules/report.h"

const struct finding_text finding_texts[FINDING_N] = {
	[FINDING_CATEGORY_AMBIGUOUS] = {
		"The mail is a notice, but two categories fit it equally well.",
		"Say in the subject or the heading what the notice is, or declare the category.",
	},
	[FINDING_CATEGORY_CONFLICT] = {
		"The category that the mail declares and what it says disagree.",
		"Correct X-CRM-Declared-Category, or the text.",
	},
	[FINDING_CATEGORY_NOT_MAILED] = {
		"Mails of this category are normally not sent at all.",
		"Do not send it; with downtime it is planned maintenance and must say so.",
	},
	[FINDING_SENDER_UNAUTHORIZED] = {
		"A notice from a sender that the policy does not list.",
		"Send it through a listed sender, or add the sender to the policy's senders.",
	},
	[FINDING_DECLARATION_MISSING] = {
		"The policy demands that the sending application declares what it sends.",
		"Add the X-CRM-Declared-* fields.",
	},
	[FINDING_RECIPIENTS_UNKNOWN] = {
		"An address that is no contact of any organization.",
		"Take the address out, or add it to the directory.",
	},
	[FINDING_RECIPIENTS_ROLE] = {
		"A contact whose role may not get mails of this category.",
		"Send it to the administrators and those on the notification list.",
	},
	[FINDING_RECIPIENTS_UNAFFECTED] = {
		"A contact none of whose instances is touched by the event.",
		"Take the contact out, or name all instances that are touched.",
	},
	[FINDING_RECIPIENTS_EXPOSURE] = {
		"To, Cc or Bcc shows contacts of more than one organization to each other.",
		"Send each organization a mail of its own.",
	},
	[FINDING_RECIPIENTS_INCOMPLETE] = {
		"Administrators who must be told were told neither by this mail nor before.",
		"Send it to the administrators that are left out as well.",
	},
	[FINDING_LEAD_TIME_MISSING] = {
		"The mail does not state when the event takes place.",
		"State date, time and zone of the start.",
	},
	[FINDING_LEAD_TIME_MINIMUM] = {
		"The mail comes later than the category demands.",
		"Move the event, or send the notice earlier.",
	},
	[FINDING_LEAD_TIME_PARTIAL_DAY] = {
		"There are enough days on the calendar, but not enough hours.",
		"Send it earlier in the day, or move the start.",
	},
	[FINDING_LEAD_TIME_PAST] = {
		"A notice in advance of something that has already begun.",
		"Correct the start; what could not be announced is unplanned maintenance.",
	},
	[FINDING_LEAD_TIME_WINDOW] = {
		"The event is not wholly within the hours that the policy allows.",
		"Move the event into the hours where the customer is.",
	},
	[FINDING_LEAD_TIME_MILESTONE] = {
		"A mail of a series on a day when none is due.",
		"Send it when the next mail of the series is due.",
	},
	[FINDING_LEAD_TIME_DEADLINE] = {
		"A deadline after the start, the end, the resolution or the announcement has passed.",
		"Send it all the same; the delay is on record.",
	},
	[FINDING_LEAD_TIME_CADENCE] = {
		"More time than is allowed has passed since the event's previous mail.",
		"Send it all the same; the delay is on record.",
	},
	[FINDING_LEAD_TIME_CONFLICT] = {
		"Subject, text, calendar part or declaration state different times, or events.",
		"Make them state one time, and one event.",
	},
	[FINDING_LEAD_TIME_ZONE] = {
		"A time of day without a time zone; it was read in the policy's own.",
		"State the zone with the time.",
	},
	[FINDING_LEAD_TIME_EXPIRED] = {
		"The span in which the organization gets such mails is over.",
		"Take the organization out of this mailing.",
	},
	[FINDING_BANNER_MISSING] = {
		"The category has a banner colour, and the mail has no banner.",
		"Put the category's banner at the top.",
	},
	[FINDING_BANNER_COLOR] = {
		"The banner has another colour than the category's.",
		"Use the category's banner, or correct the category.",
	},
	[FINDING_BANNER_UNVERIFIABLE] = {
		"The banner is an image whose colour cannot be known.",
		"Give the cell a background colour, attach the image, or list it in the policy.",
	},
	[FINDING_BANNER_FOREIGN] = {
		"The category has no colour, and the mail wears another category's.",
		"Leave the banner out.",
	},
	[FINDING_CONTENT_TITLE] = {
		"Neither the subject nor a heading has the category's title.",
		"Put the title into the subject or the heading.",
	},
	[FINDING_CONTENT_APPROVAL] = {
		"The reader is owed a way to approve the date or to choose another.",
		"Add both: approve, and reschedule.",
	},
	[FINDING_CONTENT_CASE] = {
		"The mail names no support case.",
		"Name the case number.",
	},
	[FINDING_CONTENT_INCIDENT] = {
		"The mail does not say which incident it is about.",
		"Name the incident.",
	},
	[FINDING_CONTENT_RESOLUTION] = {
		"The follow-up does not say that the incident is resolved.",
		"Say so, or wait until it is.",
	},
	[FINDING_CONTENT_REPORT] = {
		"A post-incident report lacks one of its six parts.",
		"Give description, root cause, customer impact, start, resolution, next steps.",
	},
	[FINDING_CONTENT_HEALTH_PAGE] = {
		"There is no link to the service health page.",
		"Add the link.",
	},
	[FINDING_CONTENT_OBFUSCATED] = {
		"Wording is found only after invisible or look-alike letters are undone.",
		"Write it in plain letters.",
	},
	[FINDING_CONTENT_HIDDEN] = {
		"What the notice owes is in the mail, but a reader does not see it.",
		"Make it visible.",
	},
	[FINDING_SEQUENCE_FIRST] = {
		"A later mail of a series whose first mail was never sent.",
		"Send the first mail of the series, in its time.",
	},
	[FINDING_SEQUENCE_DUPLICATE] = {
		"A recipient gets the same mail of a series again.",
		"Leave out those who have had it.",
	},
	[FINDING_SEQUENCE_ORPHAN] = {
		"The mail ends an incident that nobody was told of.",
		"Check the incident's number.",
	},
	[FINDING_SIGNATURE_MISSING] = {
		"The policy demands signed submissions, and there is no signature.",
		"Sign the submission.",
	},
	[FINDING_SIGNATURE_INVALID] = {
		"The signature does not hold.",
		"Sign the mail as it is sent, with a key that the policy trusts.",
	},
	[FINDING_MESSAGE_AMBIGUOUS] = {
		"Two mail readers could show the mail differently, or it is encrypted.",
		"Build the mail by the standards; the detail says where it does not.",
	},
	[FINDING_MESSAGE_LIMIT] = {
		"The mail has more parts, depth or size than the limits allow.",
		"Make it smaller.",
	},
};

static void explain_needs(struct buf *out, unsigned needs)
{
	if (needs & NEEDS_DIRECTORY)
		buf_add_cstr(out, "It needs a directory; without one it is not applicable.\n");
	if (needs & NEEDS_LEDGER)
		buf_add_cstr(out, "It needs a ledger; without one it is not applicable.\n");
	if (needs & NEEDS_CATEGORY)
		buf_add_cstr(out, "It is left out where the category is ambiguous.\n");
}

/* "reject", "flag (urgent)", "never, for it has no colour" */
static const char *effect_words(struct arena *arena, const struct policy *policy,
				const struct category *category, enum finding_id finding)
{
	const char *never = policy_why_never(category, finding);

	if (never != NULL)
		return arena_printf(arena, "never, for %s", never).p;
	return arena_printf(arena, "%s%s", severity_name(policy_severity(policy, category, finding)),
			    category->urgent ? " (urgent)" : "")
		.p;
}

/* What it does in a category, and in those of its variants where that is something else. */
static void explain_category(struct buf *out, const struct policy *policy,
			     const struct category *category, enum finding_id finding)
{
	const char *words = effect_words(out->arena, policy, category, finding);

	buf_printf(out, "  for %.*s: %s\n", STR_ARG(category->id), words);
	for (size_t i = 0; i < category->n_variants; i++) {
		const struct variant *variant = &category->variants[i];
		const char *own = effect_words(out->arena, policy, variant->category, finding);

		if (strcmp(own, words) != 0)
			buf_printf(out, "  for %.*s, %.*s: %s\n", STR_ARG(category->id),
				   STR_ARG(variant->id), own);
	}
}

static void explain_exceptions(struct buf *out, const struct policy *policy,
			       enum finding_id finding)
{
	for (size_t i = 0; i < policy->n_exceptions; i++) {
		const struct policy_exception *exception = &policy->exceptions[i];

		if (exception->findings[finding])
			buf_printf(out, "Until %.*s at most %s where %.*s fits: %.*s\n",
				   STR_ARG(utc_date(out->arena, exception->until)),
				   severity_name(exception->severity), STR_ARG(exception->id),
				   STR_ARG(exception->reason));
	}
}

void policy_explain(struct buf *out, const struct policy *policy, enum finding_id finding)
{
	const struct finding_info *info = &finding_infos[finding];
	enum severity severity = policy_severity(policy, NULL, finding);

	buf_printf(out, "%s\n\n%s\nClause: %s.\nTo mend it: %s\n\n", info->id,
		   finding_texts[finding].means, info->clause, finding_texts[finding].remedy);
	explain_needs(out, info->needs);
	buf_printf(out, "Default severity: %s\n", severity_name(info->severity));
	buf_printf(out, "In %.*s version %llu: %s\n", STR_ARG(policy->name),
		   (unsigned long long)policy->version, severity_name(severity));
	for (size_t i = 0; i < policy->n_categories; i++)
		explain_category(out, policy, &policy->categories[i], finding);
	explain_exceptions(out, policy, finding);
	buf_printf(out, "Where it cannot be told: %s\n",
		   severity_name(policy->when_unknown[finding]));
}
