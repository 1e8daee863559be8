/* conditional.h - conditional comments, which Outlook's Word engine alone obeys
 *
 * "<!--[if mso]> ... <![endif]-->" is a comment to every other reader; what stands between
 * "<!--[if !mso]><!-->" and "<!--<![endif]-->" is content to every reader but Outlook.
 */
#ifndef POLICY_HTML_CONDITIONAL_H
#define POLICY_HTML_CONDITIONAL_H

#include "policy/base/str.h"

/* Whether Outlook for Windows (mso 16) takes what follows "[if ": "mso]", "gte mso 9]",
 * "(mso)|(IE)]", "!mso]" ... */
bool conditional_holds(struct str expression);

/* s begins at "<". How many of its octets a reader passes over because of a conditional comment:
 * for Outlook the opening of one that holds, or all of one that does not. 0 where s is to be read
 * as any markup. *met is set where a conditional comment begins here. */
size_t conditional_skip(struct str s, bool outlook, bool *met);

#endif
