/* finding.h - every finding the gate knows, from one list: id, default severity, what it needs,
 * and the clause of the published policy that it enforces
 *
 * The id is configuration key, audit value and manual entry, and never renamed. The order is the
 * order of reports: who, when, what colour, what content, which sequence, which structure.
 */
#ifndef POLICY_CHECKS_FINDING_H
#define POLICY_CHECKS_FINDING_H

#include "policy/rules/severity.h"

/* The families of outside answers that a check needs; without them it is not applicable. */
enum finding_needs {
	NEEDS_NOTHING = 0,
	NEEDS_DIRECTORY = 1 << 0,
	NEEDS_LEDGER = 1 << 1,
	NEEDS_CATEGORY = 1 << 2, /* left out where the category is ambiguous (settled 16) */
};

/* X(identifier, "id", default severity, needs, "clause") */
#define FINDINGS(X)                                                                               \
	X(CATEGORY_AMBIGUOUS, "category.ambiguous", FLAG, NEEDS_NOTHING,                          \
	  "Each kind of communication has one category")                                          \
	X(CATEGORY_CONFLICT, "category.conflict", REJECT, NEEDS_NOTHING,                          \
	  "Each kind of communication has one category")                                          \
	X(CATEGORY_NOT_MAILED, "category.not-mailed", FLAG, NEEDS_CATEGORY,                       \
	  "Security updates: administrators usually don't receive emails")                        \
	X(SENDER_UNAUTHORIZED, "sender.unauthorized", REJECT, NEEDS_NOTHING,                      \
	  "Notices come from the senders that the policy lists")                                  \
	X(DECLARATION_MISSING, "declaration.missing", OFF, NEEDS_NOTHING,                         \
	  "The sending application declares category, event, times and instances")                \
	X(RECIPIENTS_UNKNOWN, "recipients.unknown", REJECT, NEEDS_DIRECTORY,                      \
	  "Notices go to the contacts of the customers' organizations")                           \
	X(RECIPIENTS_ROLE, "recipients.role", REJECT, NEEDS_DIRECTORY | NEEDS_CATEGORY,           \
	  "Each category goes to the administrators it names")                                    \
	X(RECIPIENTS_UNAFFECTED, "recipients.unaffected", REJECT,                                 \
	  NEEDS_DIRECTORY | NEEDS_CATEGORY,                                                       \
	  "Notices go to the instances that are scheduled or affected")                           \
	X(RECIPIENTS_EXPOSURE, "recipients.exposure", REJECT, NEEDS_DIRECTORY,                    \
	  "A notice does not show one customer's contacts to another")                            \
	X(RECIPIENTS_INCOMPLETE, "recipients.incomplete", FLAG,                                   \
	  NEEDS_DIRECTORY | NEEDS_LEDGER | NEEDS_CATEGORY,                                        \
	  "All System Administrators in every instance that is scheduled")                        \
	X(LEAD_TIME_MISSING, "lead-time.missing", REJECT, NEEDS_CATEGORY,                         \
	  "A notice states when the event takes place")                                           \
	X(LEAD_TIME_MINIMUM, "lead-time.minimum", REJECT, NEEDS_CATEGORY,                         \
	  "Planned maintenance: email five days before")                                          \
	X(LEAD_TIME_PARTIAL_DAY, "lead-time.partial-day", FLAG, NEEDS_CATEGORY,                   \
	  "Planned maintenance: email five days before")                                          \
	X(LEAD_TIME_PAST, "lead-time.past", REJECT, NEEDS_CATEGORY,                               \
	  "A notice in advance comes before the event")                                           \
	X(LEAD_TIME_WINDOW, "lead-time.window", FLAG, NEEDS_CATEGORY,                             \
	  "Work is done in the hours that the customer was promised")                             \
	X(LEAD_TIME_MILESTONE, "lead-time.milestone", FLAG, NEEDS_CATEGORY,                       \
	  "Service updates: 90, 30, 15, 7, 0 days before, and post update")                       \
	X(LEAD_TIME_DEADLINE, "lead-time.deadline", FLAG, NEEDS_CATEGORY,                         \
	  "Major service incidents: within 15 minutes; report after five business days")          \
	X(LEAD_TIME_CADENCE, "lead-time.cadence", FLAG, NEEDS_LEDGER | NEEDS_CATEGORY,            \
	  "Updates come as often as promised until the event is over")                            \
	X(LEAD_TIME_CONFLICT, "lead-time.conflict", REJECT, NEEDS_CATEGORY,                       \
	  "A notice states one time for the event")                                               \
	X(LEAD_TIME_ZONE, "lead-time.zone", FLAG, NEEDS_CATEGORY,                                 \
	  "A time is stated with its zone")                                                       \
	X(LEAD_TIME_EXPIRED, "lead-time.expired", REJECT, NEEDS_DIRECTORY | NEEDS_CATEGORY,       \
	  "Customer lifecycle: during the first year after the purchase")                         \
	X(BANNER_MISSING, "banner.missing", REJECT, NEEDS_CATEGORY,                               \
	  "Each category is identified by its banner")                                            \
	X(BANNER_COLOR, "banner.color", REJECT, NEEDS_CATEGORY,                                   \
	  "Each category is identified by its banner's colour")                                   \
	X(BANNER_UNVERIFIABLE, "banner.unverifiable", FLAG, NEEDS_CATEGORY,                       \
	  "Each category is identified by its banner's colour")                                   \
	X(BANNER_FOREIGN, "banner.foreign", FLAG, NEEDS_CATEGORY,                                 \
	  "A banner belongs to the categories it identifies")                                     \
	X(CONTENT_TITLE, "content.title", FLAG, NEEDS_CATEGORY,                                   \
	  "Your organization receives a \"Planned Maintenance\" email")                           \
	X(CONTENT_APPROVAL, "content.approval", REJECT, NEEDS_CATEGORY,                           \
	  "Service updates: approve the date or reschedule from a list of dates")                 \
	X(CONTENT_CASE, "content.case", FLAG, NEEDS_CATEGORY,                                     \
	  "Service incidents: an email follows up the case")                                      \
	X(CONTENT_INCIDENT, "content.incident", FLAG, NEEDS_CATEGORY,                             \
	  "Service restored: the mail says which incident is over")                               \
	X(CONTENT_RESOLUTION, "content.resolution", FLAG, NEEDS_CATEGORY,                         \
	  "Service incidents: an email when the incident is resolved")                            \
	X(CONTENT_REPORT, "content.report", REJECT, NEEDS_CATEGORY,                               \
	  "Post-incident report: description, root cause, impact, start, resolution, next steps") \
	X(CONTENT_HEALTH_PAGE, "content.health-page", OFF, NEEDS_CATEGORY,                        \
	  "The status is also on the service health page")                                        \
	X(CONTENT_OBFUSCATED, "content.obfuscated", FLAG, NEEDS_NOTHING,                          \
	  "A notice says what it is in plain letters")                                            \
	X(CONTENT_HIDDEN, "content.hidden", REJECT, NEEDS_CATEGORY,                               \
	  "What a notice owes its reader is visible")                                             \
	X(SEQUENCE_FIRST, "sequence.first", REJECT, NEEDS_LEDGER | NEEDS_CATEGORY,                \
	  "Service updates: the first mail comes 90 days before")                                 \
	X(SEQUENCE_DUPLICATE, "sequence.duplicate", FLAG, NEEDS_LEDGER | NEEDS_CATEGORY,          \
	  "Each mail of a series is sent once")                                                   \
	X(SEQUENCE_ORPHAN, "sequence.orphan", FLAG, NEEDS_LEDGER | NEEDS_CATEGORY,                \
	  "Service restored: to those who were told of the incident")                             \
	X(SIGNATURE_MISSING, "signature.missing", REJECT, NEEDS_CATEGORY,                         \
	  "Submissions are signed where the policy demands it")                                   \
	X(SIGNATURE_INVALID, "signature.invalid", REJECT, NEEDS_CATEGORY,                         \
	  "Submissions are signed where the policy demands it")                                   \
	X(MESSAGE_AMBIGUOUS, "message.ambiguous", REJECT, NEEDS_NOTHING,                          \
	  "A notice reads the same in every mail reader")                                         \
	X(MESSAGE_LIMIT, "message.limit", REJECT, NEEDS_NOTHING,                                  \
	  "A notice can be read whole")

enum finding_id {
#define X(identifier, id, severity, needs, clause) FINDING_##identifier,
	FINDINGS(X)
#undef X
	FINDING_N,
};

struct finding_info {
	const char *id;
	enum severity severity;
	unsigned needs; /* enum finding_needs */
	const char *clause;
};
extern const struct finding_info finding_infos[FINDING_N];

/* False where no finding has this id. */
bool finding_parse(struct str id, enum finding_id *ret_finding);

/* Whether the finding is about single recipients, who can be taken off. */
bool finding_blames(enum finding_id finding);

enum outcome { OUTCOME_PASS, OUTCOME_FAIL, OUTCOME_NOT_APPLICABLE, OUTCOME_CANNOT_TELL };
/* "pass", "fail", "not-applicable", "cannot-tell". */
const char *outcome_name(enum outcome outcome);

#endif
