#include "policy/classify/score.h"

static bool structure_holds(const struct features *features, const struct category *category,
			    enum signal_structure structure)
{
	switch (structure) {
	case STRUCTURE_DECLARED:
		return category != NULL ? features->declared == category
					: features->declared != NULL;
	case STRUCTURE_BANNER_COLOR:
		return category != NULL && policy_wears(category, features->banner_color);
	default:
		return features->structures[structure];
	}
}

static bool conditions_hold(const struct reading *reading, const struct signal *signal)
{
	unsigned seen = SIGNAL_SUBJECT | SIGNAL_BODY | SIGNAL_FOOTER | SIGNAL_FROM;

	if (signal->also != SIGNAL_NO_CONCEPT &&
	    !(reading_sighting(reading, signal->also)->places & seen))
		return false;
	return signal->unless == SIGNAL_NO_CONCEPT ||
	       !(reading_sighting(reading, signal->unless)->places & seen);
}

static unsigned lowest_bit(unsigned bits)
{
	return (unsigned)__builtin_ctz(bits);
}

static void evidence_add(struct score *score, struct arena *arena, const struct signal *signal,
			 const char *where, struct str text)
{
	struct evidence *evidence;

	ARENA_ROOM(arena, score->evidence, score->n_evidence, score->cap_evidence);
	evidence = &score->evidence[score->n_evidence++];
	*evidence = (struct evidence){ .signal = signal->id,
				       .where = str_from(where),
				       .text = text,
				       .weight = signal->weight,
				       .category = score->category };
}

/* A concept in a place. Returns whether it counted. */
static bool count_words(struct score *score, const struct reading *reading,
			const struct signal *signal)
{
	const struct sighting *sighting = reading_sighting(reading, signal->concept);
	unsigned where = sighting->places & signal->places;
	const struct mention *mention;

	if (where == 0)
		return false;
	mention = sighting->first[lowest_bit(where)];
	if (signal->weight > 0 && !(sighting->clear & signal->places) && !score->disguised) {
		score->disguised = true;
		score->disguised_text = mention_text(mention);
	}
	if (signal->weight > 0 && !signal->needs_other)
		score->content += signal->weight;
	evidence_add(score, reading->arena, signal, place_bit_name(lowest_bit(where)),
		     mention_text(mention));
	return true;
}

static void count_signal(struct score *score, const struct reading *reading,
			 const struct features *features, const struct signal *signal)
{
	if (!conditions_hold(reading, signal))
		return;
	if (signal->concept != SIGNAL_NO_CONCEPT) {
		if (!count_words(score, reading, signal))
			return;
	} else {
		if (!structure_holds(features, score->category, signal->structure))
			return;
		evidence_add(score, reading->arena, signal, "message",
			     str_from(signal_structure_name(signal->structure)));
	}
	if (signal->structure == STRUCTURE_DECLARED)
		score->bonus += signal->weight;
	else
		score->total += signal->weight;
}

static void count_signals(struct score *score, const struct reading *reading,
			  const struct features *features, const struct signal *signals, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!signals[i].needs_other)
			count_signal(score, reading, features, &signals[i]);
	for (size_t i = 0; i < n; i++)
		if (signals[i].needs_other && score->content > 0)
			count_signal(score, reading, features, &signals[i]);
}

static void negatives_add(struct score *score, const struct score *against,
			       struct arena *arena)
{
	score->total += against->total;
	for (size_t i = 0; i < against->n_evidence; i++) {
		ARENA_ROOM(arena, score->evidence, score->n_evidence, score->cap_evidence);
		score->evidence[score->n_evidence++] = against->evidence[i];
	}
}

static int evidence_compare(const void *a, const void *b)
{
	const struct evidence *x = a, *y = b;
	double left = x->weight < 0 ? -x->weight : x->weight;
	double right = y->weight < 0 ? -y->weight : y->weight;

	if (left != right)
		return left > right ? -1 : 1;
	return str_cmp(x->signal, y->signal);
}

struct score *score_all(const struct reading *reading, const struct features *features)
{
	const struct policy *policy = reading->policy;
	struct score *scores = ARENA_ARRAY(reading->arena, policy->n_categories, struct score);
	struct score against = { 0 };

	count_signals(&against, reading, features, policy->negatives, policy->n_negatives);
	for (size_t i = 0; i < policy->n_categories; i++) {
		struct score *score = &scores[i];

		score->category = &policy->categories[i];
		count_signals(score, reading, features, score->category->signals,
			      score->category->n_signals);
		negatives_add(score, &against, reading->arena);
		if (score->n_evidence > 1)
			qsort(score->evidence, score->n_evidence, sizeof *score->evidence,
			      evidence_compare);
	}
	return scores;
}
