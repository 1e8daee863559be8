/* answers.h - what a judgement needs from outside, and what came back
 *
 * The judgement says in struct needs what it must know; the one place that does I/O (the
 * daemon's fetch, the command line, a case file) answers all of it at once in struct answers.
 * Nothing here is owned by the judgement: answers live as long as whoever fetched them says,
 * which is longer than the judgement.
 */
#ifndef POLICY_NOTICE_ANSWERS_H
#define POLICY_NOTICE_ANSWERS_H

#include "policy/notice/banner.h"
#include "policy/rules/policy.h"

struct instance {
	struct str id;
	struct str url;      /* absent where none */
	struct str region;
	struct str timezone; /* IANA; absent: the organization's */
};

struct organization {
	struct str id;
	struct str name;
	bool has_purchased;
	int32_t purchased;   /* days since 1970-01-01 */
	struct str timezone;
	struct instance *instances;
	size_t n_instances, cap_instances;
};

struct contact {
	struct str address;  /* A-label domain, lower case; local part as in the directory */
	enum role role;
	const struct organization *organization;
	size_t *instances;   /* indexes into organization->instances; n 0 means all */
	size_t n_instances;
};

/* An address may be the contact of several organizations, or have several roles. */
struct contact_list {
	const struct contact **items;
	size_t n, cap;
};

/* An instance, a whole organization (instance NULL), or everything (both NULL), that a scope token
 * names. */
struct scope_entry {
	struct str token;
	const struct organization *organization;
	const struct instance *instance;
};

struct history_entry {
	struct str category;
	struct str event;
	int64_t at;
	struct str milestone;  /* absent where none */
	bool has_phase;
	enum phase phase;
	bool has_start, has_end;
	int64_t start, end;
	struct str_list recipients;
};

struct needs {
	struct str_list addresses;    /* envelope recipients first, in order, then To, Cc, Bcc */
	size_t n_recipients;          /* how many of addresses are envelope recipients */
	struct str_list scope_tokens; /* declared instances; without them ids and URLs in the text */
	bool scope_declared;          /* scope_tokens are declared: organization ids and "all" count
				       * too, in the text instance ids and URLs alone */
	struct str event;             /* absent where the mail names none */
	struct image_need *images;
	size_t n_images;
	struct str signed_content, signature; /* message/signed.h; absent where nothing asks for it */
	bool signature_carries;               /* the signature holds the content itself */
	int64_t now;                  /* when the signature has to be valid */
};

enum answer_state { ANSWER_NONE, ANSWER_OK, ANSWER_FAILED }; /* NONE: no such backend configured */

struct answers {
	enum answer_state directory;
	struct str directory_error;
	struct contact_list *contacts;      /* [needs.addresses.n] */
	struct scope_entry *scope;
	size_t n_scope;
	struct contact_list administrators; /* of every instance in scope: those who must be told */
	bool administrators_partial;        /* there are more: too many to list */

	enum answer_state ledger;
	struct str ledger_error;
	struct history_entry *history;      /* of the event and of its recipients, oldest first */
	size_t n_history;

	struct image_answer *images;        /* [needs.n_images] */

	enum answer_state signature;        /* FAILED: not valid, signature_error says why */
	struct str signature_error;
	struct str_list signers;            /* addresses in the signer's certificate */
};

#endif
