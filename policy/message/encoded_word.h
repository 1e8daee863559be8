/* encoded_word.h - header text to UTF-8: RFC 2047, and what stands there unencoded */
#ifndef POLICY_MESSAGE_ENCODED_WORD_H
#define POLICY_MESSAGE_ENCODED_WORD_H

#include "policy/base/arena.h"

enum text_fault {
	TEXT_CHARSET = 1 << 0,  /* unknown, refused, or bytes that are not in it */
	TEXT_ENCODING = 1 << 1, /* broken base64 or "=" escapes, 8-bit bytes or "?" inside of a word */
};

/* The text of an unstructured field, a phrase or a comment: unfolded, encoded words decoded, the
 * white space between two of them dropped. Words of one charset that stand side by side are put
 * together before they are decoded, for many programs cut letters in two. 8-bit bytes outside of
 * words are UTF-8 where all between two words is, else windows-1252; inside of one they are its
 * charset's, and a fault. *faults is added to. The result is valid UTF-8 without control
 * characters. */
struct str header_text(struct arena *arena, struct str raw, unsigned *faults);

/* Whether an encoded word stands anywhere in it. */
bool has_encoded_word(struct str raw);

/* The length of the encoded word that begins at this place, 0 where none does. */
size_t encoded_word_length(struct str raw, size_t at);

#endif
