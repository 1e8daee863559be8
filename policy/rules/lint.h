/* lint.h - what a policy may say but cannot mean: every remark has an id, a place and what would be right
 *
 * Internal to policy/rules but for the list of ids and policy_lint (report.h).
 */
#ifndef POLICY_RULES_LINT_H
#define POLICY_RULES_LINT_H

#include "policy/rules/report.h"
#include "policy/rules/yaml.h"

/* X(identifier, "id", "what it says") in the order of reports */
#define LINTS(X)                                                                                   \
	X(CATEGORY_UNREACHABLE, "category.unreachable", "No mail can reach the threshold.")         \
	X(SIGNAL_IDLE, "signal.idle", "A signal that changes no score.")                            \
	X(SIGNAL_NEVER, "signal.never", "A signal that no mail can show.")                          \
	X(SIGNAL_TWICE, "signal.twice", "Two signals look for the same thing in the same places.")  \
	X(CONCEPT_UNUSED, "concept.unused", "Phrases for a concept that nothing refers to.")        \
	X(PHRASE_TWICE, "phrase.twice", "A phrase stands twice in one concept and language.")       \
	X(PHRASE_CONTAINED, "phrase.contained",                                                     \
	  "A phrase that is found only where a shorter one of the same concept is.")                \
	X(PHRASE_RIVAL, "phrase.rival", "One phrase for concepts that speak for different "         \
					"categories, of which it tells nothing apart.")             \
	X(PHRASE_BROAD, "phrase.broad", "A phrase so short that it is found in any text.")          \
	X(SEVERITY_NEVER, "severity.never", "A severity for a finding that cannot arise.")          \
	X(SEVERITY_CAPPED, "severity.capped", "A severity above what an urgent category allows.")   \
	X(CONTENT_UNMEETABLE, "content.unmeetable", "Content is owed that no mail can have.")       \
	X(FLOOR_SOFT, "floor.soft", "Days on the calendar soften a floor by whole days.")           \
	X(WINDOW_IDLE, "window.idle", "A window that is never closed.")                             \
	X(SERIES_APPROVAL, "series.approval", "Content approval and the series disagree.")          \
	X(SERIES_UNTIMED, "series.untimed", "A series without a time to count from.")               \
	X(PALETTE_UNWORN, "palette.unworn", "A colour that no category has.")                       \
	X(PALETTE_OVERLAP, "palette.overlap", "Two colours within each other's radius.")            \
	X(SENDER_COVERED, "sender.covered", "A pattern or domain that another one covers.")         \
	X(HOLIDAYS_PAST, "holidays.past", "All holidays are over.")                                 \
	X(EXCEPTION_ENDED, "exception.ended", "An exception whose last day is over.")               \
	X(VALIDITY, "validity", "The policy is not valid now, or never is.")

enum lint_id {
#define X(identifier, id, means) LINT_##identifier,
	LINTS(X)
#undef X
	LINT_N,
};

struct lint_info {
	const char *id;
	const char *means;
};
extern const struct lint_info lint_infos[LINT_N];

struct lint {
	const struct policy *policy;
	const struct yaml_node *tree; /* where things stand; NULL: unknown */
	int64_t now;
	struct diag *diag;
};

/* Adds a warning at a node of the tree; NULL: of the policy as a whole. */
void lint_say(const struct lint *lint, enum lint_id id, const struct yaml_node *node,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The value of a key of a map, or the item of a list that has this id; NULL where there is none, and
 * for a node of NULL. */
const struct yaml_node *lint_at(const struct yaml_node *node, struct str name);

void lint_signals(const struct lint *lint);
void lint_phrases(const struct lint *lint);

/* The concepts that the program itself looks for, by name; NULL-terminated. */
extern const char *const lint_known_concepts[];

#endif
