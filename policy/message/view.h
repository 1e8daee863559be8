/* view.h - which parts a reader is shown, and what stands in them
 *
 * Of a multipart/alternative a reader sees one part, but one reader sees the text and the other
 * the HTML: both are kept, and later stages hold them against each other. Attached messages are
 * not what the reader sees, unless they are all that the message consists of; calendar parts
 * count inline and attached (POLICY.md, settled 11).
 */
#ifndef POLICY_MESSAGE_VIEW_H
#define POLICY_MESSAGE_VIEW_H

#include "policy/html/document.h"

struct view {
	struct message *message;
	struct folded subject;
	struct document **documents; /* in the order of the parts, AMP behind all others */
	size_t n_documents;
	int *calendars;              /* indexes of text/calendar parts, application/ics too */
	size_t n_calendars;
	bool reply;        /* In-Reply-To, References or a "Re:" subject: RFC 5322 3.6.4 */
	bool forward;      /* "Fwd:" subject or a forwarded message in the text */
	bool report;       /* multipart/report, or an automatic reply (RFC 3834). "auto-generated" alone
			    * is none: that is what an application's notices are */
	bool bulk_list;    /* List-Unsubscribe, List-Id or Precedence bulk or list */
};

/* Reads the parts that are shown. Never fails. */
struct view *view_read(struct arena *arena, struct message *message,
		       const struct message_limits *limits);

#endif
