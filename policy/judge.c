#include "policy/judge.h"

#include "policy/checks/exception.h"
#include "policy/checks/registry.h"
#include "policy/message/address.h"
#include "policy/notice/milestone.h"
#include "policy/verdict.h"
#include "policy/message/signed.h"

static bool list_has(const struct str_list *list, struct str item)
{
	for (size_t i = 0; i < list->n; i++) {
		if (str_eq_nocase(list->items[i], item))
			return true;
	}
	return false;
}

static void mailboxes_add(struct judgement *judgement, const struct mailbox_list *mailboxes)
{
	for (size_t i = 0; i < mailboxes->n; i++) {
		if (mailboxes->items[i].address.n > 0)
			str_list_add(judgement->arena, &judgement->needs.addresses,
				 address_canonical(judgement->arena, mailboxes->items[i].address));
	}
}

static void need_addresses(struct judgement *judgement)
{
	const struct envelope *envelope = judgement->envelope;
	const struct message *message = judgement->message;
	struct needs *needs = &judgement->needs;

	for (size_t i = 0; i < envelope->n_recipients; i++)
		str_list_add(judgement->arena, &needs->addresses,
			 address_canonical(judgement->arena, envelope->recipients[i]));
	needs->n_recipients = needs->addresses.n;
	mailboxes_add(judgement, &message->to);
	mailboxes_add(judgement, &message->cc);
	mailboxes_add(judgement, &message->bcc);
}

/* Settled 20: the declared instances, else those named in the text. */
static void need_scope(struct judgement *judgement)
{
	const struct references *references = &judgement->class->references;
	struct str rest = judgement->message->declared.instances, token;
	struct needs *needs = &judgement->needs;

	while (rest.n > 0 && str_next_split(&rest, ',', &token)) {
		token = str_trim(token);
		if (token.n > 0)
			str_list_add(judgement->arena, &needs->scope_tokens, token);
	}
	needs->scope_declared = needs->scope_tokens.n > 0;
	if (needs->scope_declared)
		return;
	for (size_t i = 0; i < references->scope_tokens.n; i++) {
		if (!list_has(&references->unaffected_tokens, references->scope_tokens.items[i]))
			str_list_add(judgement->arena, &needs->scope_tokens,
				 references->scope_tokens.items[i]);
	}
}

/* The declared event id, else the first number that the reader sees, else that of a calendar part. */
static struct str event_id(const struct judgement *judgement)
{
	const struct references *references = &judgement->class->references;
	const struct str_list *lists[] = { &references->events, &references->incidents,
					   &references->cases };

	if (judgement->message->declared.event_id.n > 0)
		return judgement->message->declared.event_id;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		if (lists[i]->n > 0)
			return lists[i]->items[0];
	}
	return judgement->class->maintnote.ids.n > 0 ? judgement->class->maintnote.ids.items[0]
						     : STR_NONE;
}

/* Work that is under way or done is no notice in advance, whatever its category: its start is
 * the one nearest to now. */
static enum when_direction direction(const struct classification *class)
{
	if (class->category == NULL || class->under_way || class->completed)
		return WHEN_NEAREST;
	return class->category->time.direction == TIME_ADVANCE ? WHEN_ADVANCE : WHEN_NEAREST;
}

static void banner_see(struct judgement *judgement, const struct image_answer *images)
{
	struct needs *needs = &judgement->needs;

	if (images == NULL)
		images = ARENA_ARRAY(judgement->arena, needs->n_images, struct image_answer);
	judgement->banner = banner_read(judgement->arena, judgement->view, judgement->policy,
					needs->images, images, needs->n_images);
}

/* Only where the category asks for it: elsewhere a signature is the sender's own affair. */
static void need_signature(struct judgement *judgement)
{
	const struct category *category = judgement->class->category;
	struct signed_content content;

	if (category == NULL || !category->submission_smime ||
	    !signed_read(judgement->message, &content))
		return;
	judgement->needs.signed_content = content.content;
	judgement->needs.signature = content.signature;
	judgement->needs.signature_carries = content.carried;
	judgement->needs.now = judgement->now;
}

/* "The maintenance of 3 March was cancelled; we now do it on 10 March": the event is moved, not
 * cancelled, and its new window is bound as any other (settled 15). */
static void settle_renewed(struct judgement *judgement)
{
	struct classification *class = judgement->class;

	if (class->phase != PHASE_CANCELLED || !judgement->when->renewed)
		return;
	class->phase = PHASE_INITIAL;
	class->moved = true;
}

/* Facts, category, then what the facts mean for it. */
static void judge_read(struct judgement *judgement)
{
	struct arena *arena = judgement->arena;
	struct policy *policy = judgement->policy;
	struct when_facts *facts;

	judgement->view = view_read(arena, judgement->message, &policy->limits);
	facts = when_scan(arena, judgement->view, policy);
	judgement->needs.n_images = banner_needs(arena, judgement->view, policy,
						 &judgement->needs.images);
	banner_see(judgement, NULL);
	judgement->class = classify(arena, judgement->view, facts, &judgement->banner,
				    judgement->envelope, policy, judgement->now);
	judgement->notice = judgement->class->notice;
	judgement->when = when_resolve(arena, facts, policy, direction(judgement->class),
				       judgement->now);
	settle_renewed(judgement);
	judgement->milestone = milestone_find(judgement->class->category, judgement->when,
					      judgement->class->completed, judgement->now);
	judgement->event = event_id(judgement);
}

struct judgement *judge_begin(struct arena *arena, struct policy *policy,
			      const struct message_source *source,
			      const struct envelope *envelope, enum policy_mode mode, int64_t now)
{
	struct judgement *judgement = ARENA_NEW(arena, struct judgement);

	judgement->arena = arena;
	judgement->policy = policy_ref(policy);
	judgement->envelope = envelope;
	judgement->mode = mode;
	judgement->now = now;
	judgement->verdict = judgement->verdict_enforced = SEVERITY_ACCEPT;
	judgement->message = message_parse(arena, source, &policy->limits);
	if (envelope->n_recipients > policy->limits.recipients)
		message_over_limit(judgement->message, "recipients", envelope->n_recipients,
				   policy->limits.recipients);
	judgement->candidate = classify_candidate(arena, judgement->message, envelope, policy);
	if (!judgement->candidate)
		return judgement;
	judge_read(judgement);
	if (judgement->notice) {
		need_addresses(judgement);
		need_scope(judgement);
		judgement->needs.event = judgement->event;
		need_signature(judgement);
	} else {
		judgement->needs = (struct needs){ 0 };
	}
	return judgement;
}

void judge_finish(struct judgement *judgement, const struct answers *answers)
{
	static const struct answers none;

	if (judgement->notice) {
		if (answers == NULL)
			answers = &none;
		banner_see(judgement, answers->images);
		checks_run(judgement, answers);
		exceptions_apply(judgement, answers);
		verdict_decide(judgement);
		verdict_reply(judgement);
	}
	verdict_headers(judgement);
}

void judge_done(struct judgement *judgement)
{
	if (judgement == NULL)
		return;
	policy_unref(judgement->policy);
	judgement->policy = NULL;
}
