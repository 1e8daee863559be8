/* patterns.h - the reference patterns of a policy: numbers of events, incidents and cases */
#ifndef POLICY_CLASSIFY_PATTERNS_H
#define POLICY_CLASSIFY_PATTERNS_H

#include "policy/classify/lexicon.h"

struct patterns;

/* Compiles policy->reference_patterns; the struct is arena's, what PCRE2 allocates is given back
 * by patterns_free. NULL where one does not compile: diag says which. */
struct patterns *patterns_compile(struct arena *arena, const struct policy *policy,
				  struct diag *diag);
void patterns_free(struct patterns *patterns); /* NULL is allowed */

/* As lexicon_references: hits in the order of the text. Of two hits of a kind that share text the
 * longer counts. Thread-safe. */
size_t patterns_find(const struct patterns *patterns, struct arena *arena, struct str text,
		     size_t max, struct reference_hit **ret_hits);

#endif
