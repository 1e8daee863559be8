#include "policy/classify/sender.h"

static struct str local_part(struct str address)
{
	size_t at = STR_NPOS;

	for (size_t i = 0; i < address.n; i++)
		if (address.p[i] == '@')
			at = i;
	return at == STR_NPOS ? address : str_head(address, at);
}

static struct str domain_part(struct str address)
{
	struct str local = local_part(address);

	return str_skip(address, local.n + 1);
}

/* "bounce+abc" and "notices-123" are the addresses of "bounce" and "notices". */
static bool is_role(const struct policy *policy, struct str address)
{
	struct str local = local_part(address);

	for (size_t i = 0; i < policy->notice_locals.n; i++) {
		struct str role = policy->notice_locals.items[i];

		if (!str_starts_nocase(local, role))
			continue;
		if (local.n == role.n || !ascii_is_alpha(local.p[role.n]))
			return true;
	}
	return false;
}

/* Listed by its very address, and not by a pattern for many. */
static bool is_named(const struct pattern_list *patterns, struct str address)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (str_eq_nocase(patterns->items[i], address))
			return true;
	return false;
}

static bool from_matches(const struct message *message, const struct policy *policy)
{
	for (size_t i = 0; i < message->from.n; i++)
		if (!pattern_list_matches(&policy->senders_from, message->from.items[i].address))
			return false;
	return message->from.n > 0;
}

/* A word of the display name that the local part contains: "Nair, Priya" <priya.nair@...>. */
static bool names_itself(struct mailbox mailbox)
{
	struct str local = local_part(mailbox.address), name = mailbox.name;
	size_t words = 0, found = 0, begin = 0;

	for (size_t i = 0; i <= name.n; i++) {
		bool letter = i < name.n && (ascii_is_alpha(name.p[i]) || (name.p[i] & 0x80));
		struct str word = { name.p + begin, i - begin };

		if (letter)
			continue;
		words += word.n > 0;
		if (word.n >= 3 && str_find_nocase(local, word, 0) != STR_NPOS)
			found++;
		begin = i + 1;
	}
	return words >= 2 && words <= 4 && found > 0;
}

/* "first.last", "f.last" or "first_last", of letters only. */
static bool is_two_names(struct str local)
{
	size_t separators = 0, letters = 0;

	for (size_t i = 0; i < local.n; i++) {
		if (local.p[i] == '.' || local.p[i] == '_')
			separators++;
		else if (ascii_is_alpha(local.p[i]) || (local.p[i] & 0x80))
			letters++;
		else
			return false;
	}
	return separators >= 1 && separators <= 2 && letters >= 4 && local.p[0] != '.';
}

static bool is_personal(const struct message *message, const struct policy *policy)
{
	const struct mailbox *from;

	if (message->from.n != 1)
		return false;
	from = &message->from.items[0];
	if (is_role(policy, from->address))
		return false;
	return is_two_names(local_part(from->address)) || names_itself(*from);
}

static bool in_domain(struct str domain, struct str of)
{
	if (domain.n > of.n && domain.p[domain.n - of.n - 1] == '.')
		domain = str_skip(domain, domain.n - of.n);
	return str_eq_nocase(domain, of);
}

static bool is_internal(struct str address, const struct policy *policy)
{
	for (size_t i = 0; i < policy->internal.n; i++)
		if (in_domain(domain_part(address), policy->internal.items[i]))
			return true;
	return false;
}

static bool all_internal(const struct envelope *envelope, const struct policy *policy)
{
	for (size_t i = 0; i < envelope->n_recipients; i++)
		if (!is_internal(envelope->recipients[i], policy))
			return false;
	return envelope->n_recipients > 0;
}

/* A multipart/report (RFC 6522) with a part that only reports have: RFC 3464, 3798, 5965, 6533. */
static bool is_report(const struct message *message)
{
	static const char *const types[] = {
		"message/delivery-status",	  "message/disposition-notification",
		"message/feedback-report",	  "message/global-delivery-status",
		"message/global-disposition-notification", "message/tracking-status",
	};

	for (size_t i = 1; i < message->n_parts && str_is(message->parts[0].type, "multipart/report");
	     i++)
		for (size_t j = 0; j < sizeof types / sizeof *types; j++)
			if (str_is(message->parts[i].type, types[j]))
				return true;
	return false;
}

/* RFC 3834: an automatic reply says so, and answers something. */
static bool is_automatic_reply(const struct message *message, const struct sender *sender)
{
	if (str_starts_nocase(message->auto_submitted, STR_LIT("auto-replied")))
		return message->in_reply_to.p != NULL || message->references.p != NULL ||
		       !sender->notices;
	return false;
}

struct sender sender_read(const struct message *message, const struct envelope *envelope,
			  const struct policy *policy)
{
	struct sender sender = { 0 };
	bool by_from = policy->senders_from.n > 0, by_envelope = policy->senders_envelope.n > 0;
	bool from = from_matches(message, policy);
	bool bounce = pattern_list_matches(&policy->senders_envelope, envelope->from);
	struct str address = message->from.n > 0 ? message->from.items[0].address : STR_NONE;
	const struct declaration *declared = &message->declared;

	sender.authorized = (!by_from || from) &&
			    (!by_envelope || envelope->from.p == NULL || bounce);
	sender.listed = (by_from && from) || (by_envelope && bounce);
	sender.role = is_role(policy, address) ||
		      (message->from.n == 0 && is_role(policy, envelope->from));
	sender.strange = (by_from || by_envelope) && !sender.listed;
	sender.notices = sender.listed &&
			 (sender.role || is_named(&policy->senders_from, address));
	sender.personal = is_personal(message, policy);
	sender.internal_only = all_internal(envelope, policy);
	sender.is_report = envelope->from.p != NULL && envelope->from.n == 0 &&
			   ((!sender.notices && is_report(message)) ||
			    is_automatic_reply(message, &sender));
	sender.declares_category = declared->category.p != NULL;
	sender.declares_event = declared->event_id.p != NULL || declared->start.p != NULL ||
				declared->end.p != NULL || declared->instances.p != NULL;
	return sender;
}
