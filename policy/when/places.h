/* places.h - the readers of each place in a message: text, tables, calendar, schema.org */
#ifndef POLICY_WHEN_PLACES_H
#define POLICY_WHEN_PLACES_H

#include "policy/when/mentions.h"

/* The blocks of a document that have one of the flags (0: those with none of the excluded ones),
 * as one folded text with the signs of atoms.h. Rows of a table become lines; where the first
 * row has only names, they stand again before the cells below them. */
struct cased_text text_of_document(struct arena *arena, const struct document *document,
				   unsigned wanted, unsigned excluded);

/* The events of a text/calendar part (RFC 5545), or NULL where it has none. Time zones come from
 * the system; of one that it does not know, from the part's own VTIMEZONE. No recurrence is
 * expanded. */
struct mention_list *calendar_read(struct arena *arena, struct str text);

/* A timestamp of a machine: ISO 8601 or what people write; the list has one mention, or NULL. */
struct mention_list *timestamps_read(struct arena *arena, const struct when_words *words,
				     const struct policy *policy, struct str start, struct str end);
/* startDate, endDate and duration in the JSON-LD and the microdata of a document; NULL where
 * there are none. */
struct mention_list *jsonld_read(struct arena *arena, const struct when_words *words,
				 const struct policy *policy, const struct document *document);
struct mention_list *microdata_read(struct arena *arena, const struct when_words *words,
				    const struct policy *policy, const struct document *document);

/* "PT2H30M" in seconds (RFC 5545, 3.3.6; ISO 8601); 0 where it is none. */
int64_t duration_parse(struct str text);

#endif
