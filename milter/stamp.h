/* stamp.h - the X-CRM-Notice-* fields that leave with a message, sealed last */
#ifndef MILTER_STAMP_H
#define MILTER_STAMP_H

#include "milter/config.h"
#include "policy/judge.h"

struct signing_key;

#define STAMP_HEADERS_MAX 8

struct stamp {
	struct header headers[STAMP_HEADERS_MAX];
	size_t n_headers;
};

/* The fields of a finished judgement that the configuration chose, in their order, and the seal
 * over them, the message and the recipients who are not taken off, where key is not NULL and the
 * judgement has fields (it has none in mode observe). Memory is arena's. False where the message
 * could not be sealed; ret_stamp is not written then. now is seconds since 1970 UTC. */
bool stamp_message(struct arena *arena, const struct config *config, const struct signing_key *key,
		   const struct judgement *judgement, const struct message_source *source,
		   int64_t now, struct stamp *ret_stamp);

/* Whether a field is one of those that only the gate may add: X-CRM-Notice-*, in any case. */
bool stamp_is_ours(struct str name);

#endif
