/* settle.h - from what is written to an instant: year, order of day and month, zone
 *
 * The rules are POLICY.md's, settled 11 and 19. Nothing is remembered between two calls.
 */
#ifndef POLICY_WHEN_SETTLE_H
#define POLICY_WHEN_SETTLE_H

#include "policy/when/mentions.h"

/* The mentions of one place: a document, the subject, a calendar part. */
struct when_source {
	enum place place;
	struct mention_list *list;
};

struct when_facts {
	struct when_source *sources;
	size_t n_sources, cap_sources;
	struct mention_list *hidden;   /* of hidden blocks; NULL where there are none */
	const struct word_meaning **places;
	size_t n_places, cap_places;
	struct str language;           /* "en": by the words, else by the markup; may be absent */
	const char *region;            /* "US" of "en-US"; NULL where not said */
};

struct settle_context {
	struct arena *arena;
	const struct when_facts *facts;
	const struct policy *policy;
	enum when_direction direction;
	int64_t now;
	const struct zone *fallback;   /* the policy's zone; NULL: UTC */
	struct zone_spec common;       /* of a mail that names one zone for all its times */
	bool withdrawn;                /* dates that no longer hold are read: there are no others */
	struct str note;
};

/* What a stamp takes from its surroundings. */
struct settle_base {
	bool has_day;
	int64_t day;                   /* of its context: the date in the line above */
	bool after;                    /* it lies on that day or later: an end */
	struct zone_spec zone;         /* where it states none */
	bool past;                     /* told of what has been: the nearest year */
};

struct settled {
	int64_t utc;
	int64_t day;                   /* days since 1970 of the local date */
	int wall;                      /* seconds since local midnight */
	int offset;
	bool clock, zone_stated, dated;
	bool twelve;                   /* the clock was told with a part of the day */
	bool weekday_wrong;
};

/* False where the stamp has no date of its own and the base none either. */
bool stamp_settle(struct settle_context *context, const struct stamp *stamp,
		  const struct settle_base *base, struct settled *ret_settled);

/* Whether a spec says a zone that can be told: not a "local time" of no place, nor an
 * abbreviation that means several and that nothing settles. */
bool zone_spec_known(const struct settle_context *context, const struct zone_spec *spec);
bool zone_spec_equal(const struct zone_spec *a, const struct zone_spec *b);

#endif
