/* chain.h - audit records of which none can be changed, moved or taken away unseen
 *
 * Each line of an audit file carries its number, the hash of the line before and its own:
 *
 *   {"seq":12,"prev":"<64 hex>","hash":"<64 hex>","record":{...}}
 *
 * with hash = SHA-256 of prev's octets, the number in decimal, LF and the record's text. A chain
 * shows edits, deletions and reorderings inside it. That its end was cut off, or an older copy put
 * in its place, shows only against a checkpoint that was kept elsewhere: a signed word of number
 * and hash, which is both a record of the chain and a line in syslog.
 *
 * No I/O: the audit writer and `crm-notice audit verify` hand in and take out lines.
 */
#ifndef CERTS_CHAIN_H
#define CERTS_CHAIN_H

#include <stdint.h>

#include "certs/signer.h"

#define CHAIN_HASH_OCTETS 32
#define CHAIN_LINE_MAX ((size_t)64 * 1024)

/* Where a chain stands: the number and hash of its last line; both zero before the first. */
struct chain {
	uint64_t sequence;
	uint8_t hash[CHAIN_HASH_OCTETS];
};

/* The line that record (one JSON object, no line end in it) becomes, without a line end; chain
 * moves on. Absent where the crypto library fails or the line would be over CHAIN_LINE_MAX; then
 * chain is left as it was. */
struct str chain_append(struct arena *arena, struct chain *chain, struct str record);

enum chain_status {
	CHAIN_VALID,
	CHAIN_MALFORMED,  /* no line of this form */
	CHAIN_EDITED,     /* the hash is not the record's */
	CHAIN_BROKEN,     /* does not follow the line before: one is missing, moved or from elsewhere */
	CHAIN_STATUS_N,
};
const char *chain_status_text(enum chain_status status);

/* Reads one line that should follow *chain and moves it on; *ret_record points into line. At the
 * first line of a file that was begun by rotation, pass first true: then its own prev is taken
 * on trust, where chain->sequence is 0. On failure chain is left as it was. */
enum chain_status chain_follow(struct chain *chain, bool first, struct str line,
			       struct str *ret_record);

/* What a checkpoint says, and who says it. */
struct checkpoint {
	struct chain chain;
	int64_t at; /* seconds since 1970 UTC */
	struct str selector;
};

/* A signed tag list "v=1; n=...; h=<hex>; t=...; a=...; s=...; b=..." over where the chain stands.
 * Absent where the crypto library fails. */
struct str checkpoint_sign(struct arena *arena, const struct signing_key *key,
			   const struct chain *chain, int64_t now);
/* Reads one; false where it is malformed. *ret_status is what its signature is worth. */
bool checkpoint_verify(struct arena *arena, const struct key_ring *ring, struct str text,
		       struct checkpoint *ret_checkpoint, enum signature_status *ret_status);

#endif
