/* fetch.h - the one place that asks the world, in one batch, under one deadline
 *
 * A judgement says what it needs (struct needs); here all of it is answered: who the addresses
 * are and who is in scope, what was sent before, which colour an image has.
 */
#ifndef MILTER_FETCH_H
#define MILTER_FETCH_H

#include "milter/gate.h"
#include "policy/notice/answers.h"

struct fetcher;

/* Starts what outlives a message (the image decoder). Call before threads, and after privileges
 * are dropped. NULL and *ret_error where it cannot start. */
struct fetcher *fetcher_new(const char **ret_error);
/* NULL is allowed. */
void fetcher_free(struct fetcher *fetcher);

/* Answers needs in arena's memory; seconds is the deadline for all of it together. What could not be
 * had in time is ANSWER_FAILED or IMAGE_UNKNOWN, never left out. The directory's answers live
 * as long as gate. */
struct answers *fetch_answers(struct fetcher *fetcher, const struct gate *gate,
			      struct arena *arena, const struct needs *needs, unsigned seconds);

/* The signature alone, with anchors NULL none: answers->signature, and who signed. */
void fetch_signature(const struct cms_anchors *anchors, struct arena *arena,
		     const struct needs *needs, struct answers *answers);

#endif
