/* score.h - weighted signals over a reading: how much speaks for each category
 *
 * Internal to policy/classify.
 */
#ifndef POLICY_CLASSIFY_SCORE_H
#define POLICY_CLASSIFY_SCORE_H

#include "policy/classify/classify.h"
#include "policy/classify/reading.h"

/* What is no word. Facts that depend on the category are told by the two pointers. */
struct features {
	bool structures[STRUCTURE_N];
	const struct category *declared;
	size_t banner_color; /* index into the palette; SIGNAL_NO_CONCEPT where none is seen */
};

struct score {
	const struct category *category;
	double total;      /* all signals, the declaration's apart */
	double content;    /* what its own words say for it, those that only confirm left out */
	double bonus;      /* what the declaration adds */
	bool disguised;    /* a signal that counted was seen in disguise only */
	struct str disguised_text;
	struct evidence *evidence;
	size_t n_evidence, cap_evidence;
};

/* One score for each category of the policy, in its order. */
struct score *score_all(const struct reading *reading, const struct features *features);

#endif
