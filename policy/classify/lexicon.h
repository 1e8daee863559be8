/* lexicon.h - all phrases of a policy, found in one pass over folded text */
#ifndef POLICY_CLASSIFY_LEXICON_H
#define POLICY_CLASSIFY_LEXICON_H

#include "policy/text/trie.h"
#include "policy/rules/policy.h"

/* Phrases of more octets, and policies of more phrases, are refused when a policy loads. */
#define LEXICON_PHRASE_MAX TRIE_TEXT_MAX
#define LEXICON_PHRASES_MAX 20000

/* Compiles policy->concepts and the reference patterns; faults go to diag with the phrase's own
 * file and line, and NULL comes back. */
struct lexicon *lexicon_compile(const struct policy *policy, struct diag *diag);
void lexicon_free(struct lexicon *lexicon);

struct lexicon_hit {
	size_t concept;        /* index into policy->concepts */
	const struct phrase *phrase;
	size_t begin, end;     /* octets of the text scanned */
};

struct lexicon_hits {
	struct lexicon_hit *items;
	size_t n, cap;
};

/* Finds every phrase in text (folded by text_fold) at word boundaries; scripts that write no
 * spaces have none. A phrase that ends in "*" matches words that begin so. Phrases with accents
 * are found without them too ("planifiee", in German also "fuer"). A longer phrase swallows a
 * shorter one at its begin or end where the two speak for different categories: "un-planned
 * maintenance" is no hit for "planned maintenance" (POLICY.md, settled 7); phrases that speak for
 * no category (of phases, of contents) neither swallow nor are swallowed. Hits are in the order
 * of the text. Thread-safe. At most max hits. */
void lexicon_scan(const struct lexicon *lexicon, struct arena *arena, struct str text, size_t max,
		  struct lexicon_hits *hits);

/* Whether some category's signals or title refer to this concept. */
bool lexicon_speaks(const struct lexicon *lexicon, size_t concept);

struct reference_hit {
	enum reference_kind kind;
	struct str id;
	size_t begin, end;
};
/* Event, incident and case numbers in text as seen. At most max; match limits bound the time. */
size_t lexicon_references(const struct lexicon *lexicon, struct arena *arena, struct str text,
			  size_t max, struct reference_hit **ret_hits);

#endif
