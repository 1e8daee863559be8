/* json.h - a judgement as the JSON object of INTERFACE.md, crm-notice check */
#ifndef MILTER_CLI_JSON_H
#define MILTER_CLI_JSON_H

#include <jansson.h>

#include "policy/judge.h"

/* A new object; explain adds "checks", every check with its outcome. Texts that are not UTF-8
 * get U+FFFD for what is not. */
json_t *json_judgement(const char *file, const struct judgement *judgement,
		       const struct answers *answers, bool explain);

/* A text as JSON, null where it is absent; what is not UTF-8 becomes U+FFFD. */
json_t *json_text(struct arena *arena, struct str text);

#endif
