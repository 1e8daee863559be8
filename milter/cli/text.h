/* text.h - a judgement for people */
#ifndef MILTER_CLI_TEXT_H
#define MILTER_CLI_TEXT_H

#include <stdio.h>

#include "policy/judge.h"

/* Some lines a message; explain adds every check with its outcome. Control characters that come
 * from the mail are left out. */
void text_judgement(FILE *out, const char *file, const struct judgement *judgement, bool explain);

/* text without control characters, which could steer a terminal. */
struct str text_safe(struct arena *arena, struct str text);

#endif
