/* address.h - mailboxes of an address field, RFC 5322 3.4 and 4.4, with RFC 6532's letters */
#ifndef POLICY_MESSAGE_ADDRESS_H
#define POLICY_MESSAGE_ADDRESS_H

#include "policy/message/message.h"

/* Adds the mailboxes of a field's value to the list, groups flattened, comments and routes left
 * out. A semicolon outside a group separates too, as some desktop programs have it. What is no
 * address comes as a mailbox without one. *faults are enum text_fault, of the display names. */
void address_list_read(struct arena *arena, struct str raw, struct mailbox_list *list,
		       unsigned *faults);

/* The one form in which addresses are compared: angle brackets off, the local part unquoted where
 * the quotes add nothing and in NFC, its case kept; the domain in lower case A-labels (UTS #46,
 * nontransitional) without a final dot. For mail, envelope and directory alike: "ada"@X.example
 * and ada@x.example come out the same, so do müller.example and xn--mller-kva.example. Text
 * without an @ is returned trimmed; never fails. */
struct str address_canonical(struct arena *arena, struct str address);

/* A domain in that form. */
struct str domain_canonical(struct arena *arena, struct str domain);

#endif
