/* reading.h - where in a message the policy's concepts stand: what classification works on
 *
 * Internal to policy/classify. A message is read as runs: the subject, the sender, and for each
 * document its visible and its hidden text. A run is the folded text of its blocks joined, so that
 * one search covers it; what stands in two cells of a row reads on, other blocks do not.
 */
#ifndef POLICY_CLASSIFY_READING_H
#define POLICY_CLASSIFY_READING_H

#include "policy/classify/lexicon.h"
#include "policy/message/view.h"

/* How many hits of a run are looked at; a longer text has said what it is by then. */
#define READING_HITS_MAX 20000
/* The opening of a text, in octets of folded text, that counts as SIGNAL_LEAD. */
#define READING_LEAD_MAX 420

#define PLACES_N 8 /* of enum signal_place */

enum run_kind { RUN_VISIBLE, RUN_HIDDEN, RUN_QUOTED };

/* A stretch of a run that counts for the same places. */
struct stretch {
	size_t begin;          /* in the run's plain text */
	size_t bare_begin;     /* in its bare text */
	unsigned places;       /* enum signal_place */
	struct str text;       /* as the reader sees it */
};

struct run {
	enum run_kind kind;
	struct stretch *stretches;
	size_t n_stretches, cap_stretches;
	struct str plain, bare; /* the same pointer where nothing is disguised */
};

/* Where a phrase stands. */
struct mention {
	size_t concept;
	const struct run *run;
	const struct stretch *stretch;
	size_t begin, end;     /* in the run's plain text, or in its bare text where disguised */
	bool disguised;        /* not found before look-alikes and zero-width letters were undone */
	bool negated;          /* "no planned maintenance" */
	bool asserted;         /* of the mail's own matter: see struct sighting */
};

/* Where a concept was found. */
struct sighting {
	unsigned places;       /* visible and meant: enum signal_place */
	unsigned clear;        /* of these, those not in disguise */
	unsigned negated;      /* visible, but negated */
	bool hidden;           /* in hidden text; also_hidden in the subject is not possible */
	bool quoted;           /* in quoted or forwarded text */
	bool asserted;         /* of these, one in subject, heading or the first sentence, or, of a
				* state, in a sentence of the opening that names the work */
	size_t n;              /* visible mentions that are meant */
	const struct mention *first[PLACES_N]; /* for each bit of places */
};

struct reading {
	struct arena *arena;
	const struct policy *policy;
	const struct view *view;
	struct run **runs;
	size_t n_runs, cap_runs;
	struct sighting *sightings; /* [policy->n_concepts] */
	struct str visible;         /* visible text as seen, blocks joined by LF, subject first */
	struct str hidden;          /* hidden text, the same way */
	size_t own_octets;          /* of visible text that is neither quoted nor footer */
	size_t quoted_octets;
};

/* quoted_counts: quoted text is read as the sender's own (a notice system that forwards). */
struct reading *reading_make(struct arena *arena, const struct view *view,
			     const struct policy *policy, bool quoted_counts);

/* The sighting of a concept by index or by name; one that is nowhere, for an unknown concept. */
const struct sighting *reading_sighting(const struct reading *reading, size_t concept);
const struct sighting *reading_find(const struct reading *reading, const char *concept);
/* Whether a concept is seen in one of these places. */
bool reading_has(const struct reading *reading, const char *concept, unsigned places);

/* The words of a mention, and the name of the first place it counts for. */
struct str mention_text(const struct mention *mention);
const char *place_bit_name(unsigned bit);

#endif
