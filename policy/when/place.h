/* place.h - names that mean a time zone in every language: abbreviations, places, Windows
 *
 * Facts of geography, not of a vendor's policy; what a language calls them beside these names
 * stands in its file (zone-names, places).
 */
#ifndef POLICY_WHEN_PLACE_H
#define POLICY_WHEN_PLACE_H

#include <stdint.h>

#include "policy/base/str.h"

/* What an abbreviation can mean: a fixed offset, and the zone whose people use it. */
struct abbreviation_meaning {
	int minutes;       /* east of UTC */
	const char *zone;  /* NULL for UTC and its kin: they are nobody's summer time */
	const char *region; /* ISO 3166, of the ambiguous ones */
};

struct abbreviation {
	const char *name;  /* lower case */
	bool generic;      /* "et": the zone's own time, summer or winter */
	bool strict;       /* only directly after a clock time: "mt", "pt", "pacific" */
	int n;             /* more than one: ambiguous */
	struct abbreviation_meaning meanings[3];
};

extern const struct abbreviation abbreviations[];
extern const size_t n_abbreviations;

/* Places that one zone serves, and their country (ISO 3166). */
struct place_zone {
	const char *zone;
	const char *region;
	const char *names; /* lower case, with "|" between them */
};

/* Cities and countries. */
extern const struct place_zone place_zones[];
extern const size_t n_place_zones;
/* "ca" in "San Jose, CA": a state of the USA or a province of Canada; NULL where it is none. */
const struct place_zone *place_of_state(struct str code);

/* The IANA zone of a Windows zone name such as "W. Europe Standard Time"; NULL where none. */
const char *place_windows_zone(struct str name);
/* The Windows names one by one; NULL behind the last. */
const char *place_windows_name(size_t i, const char **ret_iana);

#endif
