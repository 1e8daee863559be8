/* lint_signals.c - signals that say nothing, and categories that no mail can reach */
#include "policy/rules/lint.h"

#include "policy/rules/names.h"

/* Where `also` and `unless` look (classify/score.c). */
#define SEEN (SIGNAL_SUBJECT | SIGNAL_HEADING | SIGNAL_BODY | SIGNAL_LEAD | SIGNAL_FOOTER | SIGNAL_FROM)

/* The signals of a category, or those against any notice. */
struct set {
	const struct lint *lint;
	const struct category *category; /* NULL: against any */
	const struct signal *signals;
	size_t n;
	const struct yaml_node *node;
	bool words;                      /* some words count alone */
};

static const struct yaml_node *signal_node(const struct set *set, const struct signal *signal)
{
	return lint_at(set->node, signal->id);
}

static bool has_references(const struct policy *policy, enum reference_kind kind)
{
	return policy->reference_patterns[kind].n > 0;
}

static bool has_phrases(const struct policy *policy, const char *concept)
{
	return policy_concept(policy, concept) != SIGNAL_NO_CONCEPT;
}

static bool wears_any(const struct policy *policy, const struct category *category)
{
	for (size_t i = 0; i < policy->n_palette; i++) {
		if (policy_wears(category, i))
			return true;
	}
	return false;
}

/* Why a structure holds for no mail of this category, or NULL. That no sender is listed is no reason: a
 * policy that others extend leaves that to them. */
static const char *structure_never(const struct policy *policy, const struct category *category,
				   enum signal_structure structure)
{
	switch (structure) {
	case STRUCTURE_BANNER_COLOR:
		return category != NULL && wears_any(policy, category)
			       ? NULL
			       : "the category has no banner colour";
	case STRUCTURE_BANNER_PALETTE:
		return policy->n_palette > 0 ? NULL : "the palette is empty";
	case STRUCTURE_NOTICE_SENDER:
	case STRUCTURE_ROLE_SENDER:
		return policy->notice_locals.n > 0 ? NULL : "senders.notice-locals is empty";
	case STRUCTURE_EVENT_REFERENCE:
		return has_references(policy, REFERENCE_EVENT) ? NULL : "references.event is empty";
	case STRUCTURE_INCIDENT_REFERENCE:
		return has_references(policy, REFERENCE_INCIDENT) ? NULL
								  : "references.incident is empty";
	case STRUCTURE_CASE_REFERENCE:
		return has_references(policy, REFERENCE_CASE) ? NULL : "references.case is empty";
	case STRUCTURE_APPROVAL_LINK:
		return has_phrases(policy, "approve") && has_phrases(policy, "reschedule")
			       ? NULL
			       : "no phrases for approve and reschedule";
	case STRUCTURE_REPORT_FIELDS:
		return has_phrases(policy, "report-root-cause") ? NULL
								: "no phrases for the parts of a report";
	default:
		return NULL;
	}
}

static const char *why_never(const struct set *set, const struct signal *signal)
{
	const char *why = structure_never(set->lint->policy, set->category, signal->structure);

	if (signal->also != SIGNAL_NO_CONCEPT && signal->also == signal->unless)
		return "\"also\" and \"unless\" name the same concept";
	if (signal->unless != SIGNAL_NO_CONCEPT && signal->unless == signal->concept &&
	    !(signal->places & ~(unsigned)SEEN))
		return "\"unless\" names its own concept";
	if (signal->needs_other && !set->words)
		return "it needs another signal, and no words of the category count alone";
	return why;
}

static bool same_signal(const struct signal *a, const struct signal *b)
{
	return a->concept == b->concept && a->structure == b->structure && a->places == b->places &&
	       a->also == b->also && a->unless == b->unless;
}

static void lint_signal(const struct set *set, size_t index)
{
	const struct signal *signal = &set->signals[index];
	const struct yaml_node *node = signal_node(set, signal);
	const char *never = why_never(set, signal);

	if (never != NULL)
		lint_say(set->lint, LINT_SIGNAL_NEVER, node,
			 "the signal \"%.*s\" cannot count: %s; take it out, or mend that",
			 STR_ARG(signal->id), never);
	if (signal->weight == 0)
		lint_say(set->lint, LINT_SIGNAL_IDLE, node,
			 "the signal \"%.*s\" weighs nothing: give it a weight, or take it out",
			 STR_ARG(signal->id));
	for (size_t i = 0; i < index; i++) {
		if (same_signal(&set->signals[i], signal))
			lint_say(set->lint, LINT_SIGNAL_TWICE, node,
				 "the signal \"%.*s\" looks for what \"%.*s\" does: one with both "
				 "weights is enough",
				 STR_ARG(signal->id), STR_ARG(set->signals[i].id));
	}
}

static void lint_set(struct set *set)
{
	for (size_t i = 0; i < set->n; i++)
		set->words |= set->signals[i].concept != SIGNAL_NO_CONCEPT &&
			      set->signals[i].weight > 0 && !set->signals[i].needs_other;
	for (size_t i = 0; i < set->n; i++)
		lint_signal(set, i);
}

/* All that can speak for a category at best; what speaks for any notice counts too. */
static double best_score(const struct policy *policy, const struct category *category)
{
	double best = 0;

	for (size_t i = 0; i < category->n_signals; i++)
		best += category->signals[i].weight > 0 ? category->signals[i].weight : 0;
	for (size_t i = 0; i < policy->n_negatives; i++)
		best += policy->negatives[i].weight > 0 ? policy->negatives[i].weight : 0;
	return best;
}

static void lint_reach(const struct lint *lint, const struct category *category,
		       const struct yaml_node *node)
{
	double best = best_score(lint->policy, category);
	bool alone = false;

	for (size_t i = 0; i < category->n_signals; i++)
		alone |= category->signals[i].weight > 0 && !category->signals[i].needs_other;
	if (best < category->threshold)
		lint_say(lint, LINT_CATEGORY_UNREACHABLE, node,
			 "%.*s: all signals together (%.1f) do not reach the threshold (%.1f): lower it, "
			 "or add to their weights",
			 STR_ARG(category->id), best, category->threshold);
	else if (!alone)
		lint_say(lint, LINT_CATEGORY_UNREACHABLE, node,
			 "%.*s: every signal needs another: one has to count alone",
			 STR_ARG(category->id));
}

void lint_signals(const struct lint *lint)
{
	const struct policy *policy = lint->policy;
	const struct yaml_node *categories = lint_at(lint->tree, STR_LIT("categories"));
	struct set against = { .lint = lint,
			       .signals = policy->negatives,
			       .n = policy->n_negatives,
			       .node = lint_at(lint->tree, STR_LIT("negatives")),
			       .words = true };

	for (size_t i = 0; i < policy->n_categories; i++) {
		const struct category *category = &policy->categories[i];
		const struct yaml_node *node = lint_at(categories, category->id);
		struct set set = { .lint = lint,
				   .category = category,
				   .signals = category->signals,
				   .n = category->n_signals,
				   .node = lint_at(node, STR_LIT("signals")) };

		lint_set(&set);
		lint_reach(lint, category, node);
	}
	lint_set(&against);
}
