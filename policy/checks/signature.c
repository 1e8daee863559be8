/* signature.c - signed submissions: who may hand in a notice of a category, and how they show it
 *
 * A category's `submission` names authenticated identities (SASL, TLS) and whether an S/MIME
 * signature by the sender does. One of them is enough.
 */
#include "policy/checks/registry.h"

static bool is_demanded(const struct category *category)
{
	return category->submission_sasl.n > 0 || category->submission_tls.n > 0 ||
	       category->submission_smime;
}

static bool is_authorized(const struct check *check)
{
	const struct envelope *envelope = check->judgement->envelope;

	return (envelope->sasl.n > 0 &&
		pattern_list_matches(&check->category->submission_sasl, envelope->sasl)) ||
	       (envelope->tls.n > 0 &&
		pattern_list_matches(&check->category->submission_tls, envelope->tls));
}

CHECK(check_signature_missing)
{
	const struct envelope *envelope = check->judgement->envelope;

	if (!is_demanded(check->category))
		check_not_applicable(check, result, "the policy asks for no signed submissions");
	else if (!is_authorized(check) &&
		 !(check->category->submission_smime && check->judgement->needs.signature.n > 0))
		check_fail(check, result,
			   check->category->submission_smime
				   ? "sign it with S/MIME, or submit it as one who may"
				   : "submit it as one who may",
			   "%s%.*s%s; %.*s needs a submission by one whom the policy names%s",
			   envelope->sasl.n > 0 ? "\"" : "the sender is not authenticated",
			   STR_ARG(str_head(envelope->sasl, 100)),
			   envelope->sasl.n > 0 ? "\" is not among those who may submit it" : "",
			   STR_ARG(check->category->id),
			   check->category->submission_smime ? ", or an S/MIME signature" : "");
}

/* The signer is who the reader believes the mail to be from. */
static bool is_bound_to_sender(const struct check *check)
{
	const struct mailbox_list *from = &check->judgement->message->from;
	const struct str_list *signers = &check->answers->signers;

	for (size_t i = 0; from->n == 1 && i < signers->n; i++) {
		if (str_eq_nocase(signers->items[i], from->items[0].address))
			return true;
	}
	return false;
}

CHECK(check_signature_invalid)
{
	const struct answers *answers = check->answers;

	if (!is_demanded(check->category) || !check->category->submission_smime ||
	    check->judgement->needs.signature.n == 0)
		check_not_applicable(check, result, "there is no signature that is asked for");
	else if (is_authorized(check))
		check_not_applicable(check, result, "the authenticated submission is enough");
	else if (answers->signature == ANSWER_NONE)
		check_cannot_tell(check, result, "no anchors are configured for signed submissions");
	else if (answers->signature == ANSWER_FAILED)
		check_fail(check, result, "sign it anew, as the last step before it is sent",
			   "the S/MIME signature is not accepted: %.*s",
			   STR_ARG(answers->signature_error));
	else if (!is_bound_to_sender(check))
		check_fail(check, result, "sign it with the certificate of the From address",
			   "the S/MIME signature is not the sender's: its certificate has another "
			   "address than From");
}
