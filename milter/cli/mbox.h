/* mbox.h - the messages of a stream, one after another: an mbox file (RFC 4155; mboxrd, mboxo), or
 * one message alone
 *
 * A stream that begins with "From " is an mbox. A message ends before a line "From SENDER DATE" that
 * stands behind an empty line; the date has to be one, so that a sentence that begins with the word
 * ends nothing. ">From " is undone by one ">". Memory is bounded by the largest message that is kept,
 * whatever the file holds.
 */
#ifndef MILTER_CLI_MBOX_H
#define MILTER_CLI_MBOX_H

#include <stdint.h>
#include <stdio.h>

#include "policy/base/arena.h"

struct mbox;

struct mbox_message {
	struct str bytes;      /* without the "From " line; a message of more than the maximum is cut
				* one octet behind it */
	size_t number;         /* from 1; 0: the stream is this one message */
	bool has_postmark;
	int64_t postmark;      /* the time in the "From " line, seconds since 1970 UTC */
};

/* Reads from where the stream stands; it stays the caller's, and open. one: it is one message, however it
 * begins. */
struct mbox *mbox_new(FILE *stream, size_t max, bool one);
void mbox_free(struct mbox *mbox);

/* The next message, whose octets are arena's. False at the end, and where the stream cannot be read
 * on: mbox_error tells them apart. An empty stream has no message. */
bool mbox_next(struct mbox *mbox, struct arena *arena, struct mbox_message *ret_message);
/* errno of the failed read, or 0. */
int mbox_error(const struct mbox *mbox);

/* The time in a line "From SENDER Mon Mar  1 09:00:00 2026" (UTC unless it has an offset); false
 * where it is no such line. */
bool mbox_postmark(struct str line, int64_t *ret_time);

#endif
