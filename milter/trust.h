/* trust.h - files that decide only with a signature: policies, what they extend, directories
 *
 * Beside FILE stands FILE.p7s, a detached CMS signature (certs/cms.h) by one of the pinned signers.
 * Inside the signed text stand a serial, which must not fall below the highest one seen of this
 * file, the time in which it may be loaded, and a name: a file goes on being what it was, so that
 * a signer's other policy does not pass in its place. What was seen lives in a state file that
 * only the daemon writes (serials.h).
 */
#ifndef MILTER_TRUST_H
#define MILTER_TRUST_H

#include <stdint.h>

#include "policy/base/diag.h"

#define TRUST_SUFFIX ".p7s"

struct trust;

struct trust_options {
	const char *anchors, *signers; /* PEM files of certificates */
	const char *state;             /* file of serials; NULL: none are kept or held against */
	struct str policy;             /* the file that the configuration names, and */
	struct str policy_name;        /* the name it has to bear; absent: the one it had before */
	bool take_unsigned;            /* with a warning; a signature that is there has to be right */
	bool take_older;               /* with a warning: serials below the highest seen */
	int64_t now;                   /* seconds since 1970 UTC */
};

/* NULL with the reason in *ret_error, a text of the arena, where certificates or state cannot be
 * read. A state file that is not there is empty. Texts of options are borrowed. */
struct trust *trust_new(struct arena *arena, const struct trust_options *options,
			struct str *ret_error);
/* NULL is allowed. */
void trust_free(struct trust *trust);

/* Whether text, the octets of file, may be used; the reason goes to diag where not. context is a
 * struct trust: fits struct source_guard. */
bool trust_admit(void *context, struct str file, struct str text, struct diag *diag);

/* Keeps the serials of what was admitted, before it comes into force. False with *ret_error, a text
 * of the arena, where the state file cannot be written. */
bool trust_commit(const struct trust *trust, struct arena *arena, struct str *ret_error);

#endif
