/* verdict.h - what the findings come to: verdict, reply to the sender, header fields
 *
 * Internal to the judgement; callers read the results from struct judgement.
 */
#ifndef POLICY_VERDICT_H
#define POLICY_VERDICT_H

#include "policy/judge.h"

/* Sets verdict and verdict_enforced: the worst severity, then the mode. Sets stripped: who is taken
 * off. A message that nobody would be left to receive is refused, and so are its findings. */
void verdict_decide(struct judgement *judgement);

/* An SMTP reply has at most this many lines (smfi_setmlreply), and each at most so many octets
 * (RFC 5321 4.5.3.1.5: 512 with code and line end). */
#define REPLY_LINES_MAX 32
#define REPLY_OCTETS_MAX 500

/* Sets reply where the verdict refuses the message or defers it. Printable ASCII only: a reply
 * reaches programs that know nothing else. */
void verdict_reply(struct judgement *judgement);

/* Sets headers and removed. */
void verdict_headers(struct judgement *judgement);

#endif
