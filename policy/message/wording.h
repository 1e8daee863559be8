/* wording.h - the words by which mail programs mark replies, forwards and quoted text
 *
 * These come from programs, not from people: there are few, they do not change, and no policy
 * needs others. All are compared folded (text/fold.h).
 */
#ifndef POLICY_MESSAGE_WORDING_H
#define POLICY_MESSAGE_WORDING_H

#include "policy/base/str.h"

enum subject_mark {
	SUBJECT_REPLY = 1 << 0,
	SUBJECT_FORWARD = 1 << 1,
	SUBJECT_AUTOMATIC = 1 << 2, /* "Automatic reply:", "Out of office:" */
};

/* What a folded subject is marked as, by its prefixes ("re:", "aw:", "fwd:", "[ext] re[2]:"). */
unsigned wording_subject(struct str subject);

enum separator {
	SEPARATOR_NONE,
	SEPARATOR_ORIGINAL, /* -----Original Message----- */
	SEPARATOR_FORWARD,  /* ---------- Forwarded message --------- */
};

/* What a folded line stands for, dashes and all. */
enum separator wording_separator(struct str line);

/* Whether a folded line, or two joined, introduces quoted text: "on ... ada wrote:". */
bool wording_attribution(struct str line);

enum header_label { LABEL_NONE, LABEL_FROM, LABEL_SENT, LABEL_TO, LABEL_SUBJECT };

/* The header line of quoted mail that a folded line is: "from: ...", "gesendet: ...". */
enum header_label wording_header_label(struct str line);

/* Whether folded text is small print: why it was sent, how to get no more, whose it is. */
bool wording_footer(struct str text);

#endif
