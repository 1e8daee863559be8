/* seal.h - the X-CRM-Notice-Seal field: what the gate judged, bound to the message it judged
 *
 * A tag list in the manner of DKIM-Signature (RFC 6376 3.2, 3.5): tags are case-sensitive, a tag
 * given twice invalidates the list, unknown tags are ignored. The signature covers a fixed set of
 * fields in relaxed canonical form (RFC 6376 3.4.2), the body in relaxed canonical form (3.4.4)
 * through its hash bh, and the envelope's recipients through their hash rh, so that a seal fits
 * no other message, no other verdict and no other audience.
 *
 *   v=1; a=ed25519-sha256; s=SELECTOR; t=SECONDS; rh=BASE64; bh=BASE64; b=BASE64
 *
 * Sealed are X-CRM-Notice-Category, -Event, -Policy, -Verdict, Message-ID, From, Date and Subject:
 * version 1 means just these, present or not, so that one taken away or added shows as well.
 */
#ifndef CERTS_SEAL_H
#define CERTS_SEAL_H

#include <stdint.h>

#include "certs/signer.h"

#define SEAL_FIELD "X-CRM-Notice-Seal"
#define SEAL_VALUE_MAX 4096

/* What is sealed. Texts are borrowed for the call. */
struct seal_field {
	struct str name;
	struct str value; /* unfolded or folded, as it stands in the message */
};

struct seal_message {
	const struct seal_field *fields; /* all of the message, the X-CRM-Notice-* ones too */
	size_t n_fields;
	struct str body;                 /* lines end in CRLF or LF */
	const struct str *recipients;    /* envelope recipients; any order, duplicates do not count */
	size_t n_recipients;
	bool recipients_known;           /* false: verification says that they are not verified */
};

enum seal_status {
	SEAL_VALID,
	SEAL_VALID_RECIPIENTS_UNVERIFIED, /* all but the envelope, which was not given */
	SEAL_MISSING,
	SEAL_DUPLICATE,          /* more than one seal, or a sealed field given twice */
	SEAL_MALFORMED,          /* no tag list, a required tag absent or twice, no base64 */
	SEAL_UNKNOWN_VERSION,
	SEAL_UNKNOWN_ALGORITHM,
	SEAL_UNKNOWN_KEY,        /* no key of this selector */
	SEAL_KEY_NOT_YET_VALID,
	SEAL_KEY_EXPIRED,        /* at the time of sealing */
	SEAL_KEY_MISMATCH,       /* the selector's key is of another algorithm */
	SEAL_IN_FUTURE,          /* sealed after now */
	SEAL_BODY_ALTERED,
	SEAL_RECIPIENTS_ALTERED,
	SEAL_SIGNATURE_INVALID,  /* a sealed field or the seal itself was altered, or another message */
	SEAL_STATUS_N,
};
/* A word for programs: "valid", "body-altered", ... */
const char *seal_status_name(enum seal_status status);
/* A sentence for people. */
const char *seal_status_text(enum seal_status status);

/* The field's value, folded to lines under 78 octets where it can be. Absent on failure of the
 * crypto library (no memory). Thread-safe for one key. now is seconds since 1970 UTC. */
struct str seal_sign(struct arena *arena, const struct signing_key *key,
		     const struct seal_message *message, int64_t now);

/* Checks the message's seal. *ret_detail says which part, for people. */
enum seal_status seal_verify(struct arena *arena, const struct key_ring *ring,
			     const struct seal_message *message, int64_t now,
			     struct str *ret_detail);

#endif
