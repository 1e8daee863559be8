/* lookalike.h - letters of one script that pass for those of another */
#ifndef POLICY_TEXT_LOOKALIKE_H
#define POLICY_TEXT_LOOKALIKE_H

#include <stdbool.h>
#include <stdint.h>

enum script { SCRIPT_NONE, SCRIPT_LATIN, SCRIPT_CYRILLIC, SCRIPT_GREEK, SCRIPT_OTHER };

/* The script of a letter, as far as disguise is concerned; SCRIPT_NONE for digits, marks and
 * punctuation. */
enum script lookalike_script(uint32_t c);

/* The Latin letter that c looks like, 0 where there is none. c may be Latin too: small capitals
 * and phonetic letters stand for the plain ones. */
uint32_t lookalike_latin(uint32_t c);
/* The same for the letters of a Cyrillic or Greek word; c is Latin mostly. */
uint32_t lookalike_cyrillic(uint32_t c);
uint32_t lookalike_greek(uint32_t c);

/* Whether c is Latin, but one of the letters that nobody's language writes words with. */
bool lookalike_is_fancy(uint32_t c);

#endif
