/* report.h - a policy in words: what is doubtful in it, what it says, what a finding means */
#ifndef POLICY_RULES_REPORT_H
#define POLICY_RULES_REPORT_H

#include "policy/base/buf.h"
#include "policy/rules/policy.h"

struct yaml_node;

/* Adds a warning for all that is allowed but cannot be meant, and for what is out of date at `now`
 * (seconds since 1970): lint.h lists them. Each stands at its file and line where tree, the policy as
 * policy_tree gives it, is not NULL. */
void policy_lint(const struct policy *policy, const struct yaml_node *tree, int64_t now,
		 struct diag *diag);

/* The policy as a page for people who do not read YAML, plain text or HTML: all that it says, but the
 * wording of language files. tree is the policy as policy_tree gives it. */
void policy_page(struct buf *out, const struct policy *policy, const struct yaml_node *tree,
		 bool html);

/* Appends what b says otherwise than a, in the page's words: a place, and below it the sentences that are
 * gone ("-") and new ("+"). The wording of concepts is left out, and so is another order, but of
 * variants and exceptions. The number of sentences. */
size_t policy_page_diff(struct buf *out, const struct policy *a, const struct yaml_node *tree_a,
			const struct policy *b, const struct yaml_node *tree_b);

/* What a finding means and how a sender mends it; plain sentences, for every finding. */
struct finding_text {
	const char *means;
	const char *remedy;
};
extern const struct finding_text finding_texts[FINDING_N];

/* Why a finding cannot arise in a category, its variants aside, or NULL. */
const char *policy_why_never(const struct category *category, enum finding_id finding);

/* A finding in a policy: meaning, clause, what it needs, what it does in each category. */
void policy_explain(struct buf *out, const struct policy *policy, enum finding_id finding);

/* "5 days", "15 minutes", "36 hours". */
struct str duration_words(struct arena *arena, int64_t seconds);

#endif
