/* when.h - the time of the event: what the mail states, where, and whether it agrees
 *
 * Two steps. when_scan finds every mention, without a year where none is given, and without
 * knowing what kind of notice it is. when_resolve settles them once the category is known
 * (POLICY.md, settled 11, 15, 19): the year, the zone, the windows, the conflicts.
 */
#ifndef POLICY_WHEN_WHEN_H
#define POLICY_WHEN_WHEN_H

#include "policy/message/view.h"
#include "policy/rules/policy.h"

struct when_facts;
struct when_words;

/* The keys that the `when:` section of a language file may have; the list ends with NULL. Every
 * value is a list of texts; those of "numbers", "zone-names" and "places" are "text=value". */
extern const char *const when_word_keys[];

/* Makes the words of policy->languages, and the month and weekday names that CLDR has for them,
 * ready for when_scan; policy_load puts the result into policy->when_words. All memory is
 * arena's. Faulty values ("text=value" without a value, an unknown zone) go to diag where it is
 * not NULL, and are left out. */
struct when_words *when_words_compile(struct arena *arena, const struct policy *policy,
				      struct diag *diag);

/* Reads the system's time zone files, once in a process; when_words_compile does it too. A
 * program that gives up its view of the file system calls this first. False where the files are
 * not there: then only UTC and fixed offsets can be read. */
bool when_prepare(void);
/* Whether this is a time zone of the system (IANA, or a Windows name). */
bool when_zone_known(struct str name);

/* All mentions in declared fields, subject, visible text, tables, calendar parts, JSON-LD and
 * microdata; hidden text apart. Quoted text, signatures, footers and decoys ("last updated",
 * copyright, versions, telephone numbers, past incidents, lists of other dates to choose) are
 * left out. Needs no clock. */
struct when_facts *when_scan(struct arena *arena, const struct view *view,
			     const struct policy *policy);

enum when_direction {
	WHEN_ADVANCE, /* a start without a year is the next one after now */
	WHEN_NEAREST, /* the nearest one: incidents and unplanned work */
};

/* What one place states. */
struct when_statement {
	enum place place;
	bool has_start, has_end;
	int64_t start, end;     /* seconds since 1970 UTC */
	int start_offset;       /* seconds east of UTC in the zone stated, for counting days */
	bool clock_stated;      /* the start has a time of day */
	bool zone_stated;       /* in the text, or meant by the place's nature (UTC stamps) */
	struct str text;        /* the words it was read from */
};

struct when {
	bool has_start, has_end;
	int64_t start, end;
	int start_offset;
	bool clock_stated;
	bool zone_stated;            /* false: lead-time.zone, where clock_stated */
	enum place source;           /* of start; PLACE_DECLARED where no reader sees one */
	struct str text;
	struct when_statement *statements; /* one for each place that states a start */
	size_t n_statements;
	bool renewed;                /* it takes the place of another date, which no longer holds */
	bool conflict;               /* lead-time.conflict */
	struct str conflict_detail;  /* the two statements, for people */
	bool hidden_start;           /* no visible start, but one in hidden text: content.hidden */
	struct str note;             /* DST gaps and overlaps and how they were settled; may be absent */
};

/* Never fails; what is not stated stays false. now is seconds since 1970 UTC. */
struct when *when_resolve(struct arena *arena, const struct when_facts *facts,
			  const struct policy *policy, enum when_direction direction, int64_t now);

#endif
