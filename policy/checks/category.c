/* category.c - what it is, whether that is said consistently, and who says it */
#include "policy/base/buf.h"
#include "policy/checks/registry.h"

static struct str category_id(const struct category *category)
{
	return category != NULL ? category->id : STR_LIT("none");
}

CHECK(check_category_ambiguous)
{
	const struct classification *class = check->class;

	if (class->ambiguous)
		check_fail(check, result,
			   "name the category in subject and heading as the policy titles it, or declare "
			   "it in X-CRM-Declared-Category",
			   "the mail reads as %.*s (score %.1f) and as %.*s (score %.1f) alike",
			   STR_ARG(category_id(class->category)), class->score,
			   STR_ARG(category_id(class->second)), class->second_score);
}

CHECK(check_category_conflict)
{
	const struct classification *class = check->class;
	struct str declared = check->judgement->message->declared.category;

	if (!class->conflict) {
		if (declared.p == NULL)
			check_not_applicable(check, result, "the mail declares no category");
		return;
	}
	if (class->conflict_detail.n > 0)
		check_fail(check, result, "declare the category that the mail's text says it has",
			   "%.*s", STR_ARG(class->conflict_detail));
	else
		check_fail(check, result, "declare the category that the mail's text says it has",
			   "declared is %.*s, but the mail reads as %.*s",
			   STR_ARG(str_head(declared, 100)), STR_ARG(category_id(class->category)));
}

CHECK(check_category_not_mailed)
{
	if (!check->category->mailed)
		check_fail(check, result,
			   "publish it on the service health page instead; if there is downtime, announce "
			   "the downtime",
			   "%.*s is a category that is normally not mailed",
			   STR_ARG(check->category->id));
}

CHECK(check_sender_unauthorized)
{
	const struct judgement *judgement = check->judgement;
	struct str from = judgement->message->from.n > 0 ? judgement->message->from.items[0].address
							 : STR_NONE;
	struct str envelope = judgement->envelope->from;

	if (check->class->sender_listed)
		return;
	check_fail(check, result,
		   "send it through the notification system, or add the sender to the policy's "
		   "senders",
		   "From is %.*s, the envelope sender %.*s: the policy does not list them as senders of "
		   "notices",
		   STR_ARG(from.n > 0 ? from : STR_LIT("missing")),
		   STR_ARG(envelope.n > 0 ? envelope : STR_LIT("<>")));
}

CHECK(check_declaration_missing)
{
	const struct declaration *declared = &check->judgement->message->declared;
	const struct category *category = check->category;
	bool timed = category != NULL && category->time.required;
	bool scoped = category != NULL && category->scope == SCOPE_INSTANCES;
	struct buf missing;

	if (!check->policy->declaration_required) {
		check_not_applicable(check, result, "the policy asks for no declarations");
		return;
	}
	buf_init(&missing, check->arena, 200);
	if (declared->category.n == 0)
		buf_add_cstr(&missing, " X-CRM-Declared-Category");
	if (declared->event_id.n == 0)
		buf_add_cstr(&missing, " X-CRM-Declared-Event-Id");
	if (timed && declared->start.n == 0)
		buf_add_cstr(&missing, " X-CRM-Declared-Start");
	if (scoped && declared->instances.n == 0)
		buf_add_cstr(&missing, " X-CRM-Declared-Instances");
	if (missing.n > 0)
		check_fail(check, result, "let the sending application add these header fields",
			   "the policy asks for declarations; missing:%.*s",
			   STR_ARG(buf_str(&missing)));
}
