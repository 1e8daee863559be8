/* trie.h - which of many texts stand at a place of another */
#ifndef POLICY_TEXT_TRIE_H
#define POLICY_TEXT_TRIE_H

#include <stdint.h>

#include "policy/base/arena.h"

/* No text of a trie may be longer, so no more than this many can stand at one place. */
#define TRIE_TEXT_MAX 200

struct trie;

/* texts are in the order of str_cmp, distinct and not empty; they and their octets must live as
 * long as the trie, whose memory is arena's. Linear in their octets. */
struct trie *trie_build(struct arena *arena, const struct str *texts, size_t n);

/* The indices of all texts that text begins with, shortest first, into ret_indices, which has
 * room for TRIE_TEXT_MAX; how many there are comes back. text is not empty. */
size_t trie_match(const struct trie *trie, struct str text, uint32_t *ret_indices);
/* The text of an index. */
struct str trie_text(const struct trie *trie, uint32_t index);

#endif
