/* extract.h - what a mail refers to and promises, and in which phase of its event it stands
 *
 * Internal to policy/classify.
 */
#ifndef POLICY_CLASSIFY_EXTRACT_H
#define POLICY_CLASSIFY_EXTRACT_H

#include "policy/classify/classify.h"
#include "policy/classify/reading.h"

/* Of the visible text. */
void extract_references(const struct reading *reading, struct references *ret_references);
/* Of the hidden text: what stands only there is for the caller to tell. */
void extract_hidden(const struct reading *reading, struct references *ret_references);
/* How many of the six fields of a post-incident report are there. */
unsigned extract_report_fields(unsigned bits);
/* Sets phase, under_way, completed and moved, for the category and references found. */
void extract_phase(const struct reading *reading, struct classification *class);

#endif
