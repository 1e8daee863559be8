/* sender.h - who sends a message, to whom, and what that says about it
 *
 * Internal to policy/classify.
 */
#ifndef POLICY_CLASSIFY_SENDER_H
#define POLICY_CLASSIFY_SENDER_H

#include "policy/classify/classify.h"

struct sender {
	bool authorized;    /* From and envelope match the policy's lists, or it has none */
	bool listed;        /* From or envelope matches, and the policy lists some */
	bool strange;       /* neither matches, and the policy lists some */
	bool role;          /* an automatic address: its local part is one of notice_locals */
	bool notices;       /* listed, and automatic or listed by its very address */
	bool personal;      /* From looks like a person's own address */
	bool internal_only; /* all recipients are in the policy's internal domains */
	bool is_report;     /* null sender, and really a report or an automatic reply */
	bool declares_category;
	bool declares_event; /* event, times or instances */
};

struct sender sender_read(const struct message *message, const struct envelope *envelope,
			  const struct policy *policy);

#endif
