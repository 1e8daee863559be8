/* fold.h - text made comparable: compatibility forms, case, invisible and look-alike letters
 *
 * Two steps, because they mean different things (POLICY.md, settled 12). The first is honest
 * typography: NFKC and full case folding, white space runs as one space, typographic quotes and
 * dashes as ASCII; zero-width characters at the edge of a word, where they part nothing, go. Both
 * Turkish i's fold to the dotted one, as capitals do not tell them apart for other languages, and
 * Russian yo to ye. The second undoes disguise: zero-width and control characters within words are
 * dropped, stray combining marks too, and letters of another script that look like the word's own
 * are replaced: in words that mix scripts, so that Russian, Greek and the rest stay what they are,
 * and in words wholly made of such letters where all around is Latin; words spelled letter by letter
 * are joined. A word found only after the
 * second step is obfuscated.
 */
#ifndef POLICY_TEXT_FOLD_H
#define POLICY_TEXT_FOLD_H

#include "policy/base/arena.h"

struct folded {
	struct str plain;  /* after the first step */
	struct str bare;   /* after both; the same pointer as plain where nothing was disguised */
	bool disguised;    /* bare differs from plain */
};

/* text is UTF-8 (bytes that are not become U+FFFD). What comes out is UTF-8 without control
 * characters. Linear; safe from any thread. */
struct folded text_fold(struct arena *arena, struct str text);

#endif
