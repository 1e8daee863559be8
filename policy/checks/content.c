/* content.c - what the mail owes its reader, and whether the reader can see it
 *
 * Where something owed is there but hidden, content.hidden says so and the check of the thing
 * itself does not apply (POLICY.md, settled 12).
 */
#include "policy/base/buf.h"
#include "policy/checks/registry.h"

#define REPORT_FIELDS_ALL 0x3fu

static bool owes(const struct check *check, struct check_result *result,
		 enum content_requirement requirement, const char *what)
{
	if (check->category->content & requirement)
		return true;
	check_not_applicable(check, result, "%.*s owes no %s", STR_ARG(check->category->id), what);
	return false;
}

static void hidden_instead(const struct check *check, struct check_result *result)
{
	check_not_applicable(check, result, "it is there but hidden (content.hidden)");
}

static bool cancelled(const struct check *check, struct check_result *result)
{
	bool is = check->class->phase == PHASE_CANCELLED;

	if (is)
		check_not_applicable(check, result, "the mail cancels the event");
	return is;
}

/* The category's title, in the first language that gives it words: the policy's own example. */
static struct str title_example(const struct check *check)
{
	size_t title = check->category->title;
	const struct concept *concept;

	if (title == SIGNAL_NO_CONCEPT)
		return check->category->id;
	concept = &check->policy->concepts[title];
	for (size_t i = 0; i < concept->n_phrases; i++) {
		if (str_is(concept->phrases[i].language, "en"))
			return concept->phrases[i].text;
	}
	return concept->n_phrases > 0 ? concept->phrases[0].text : check->category->id;
}

static bool title_is_hidden(const struct check *check)
{
	return (check->category->content & CONTENT_NEEDS_TITLE) && !check->class->title_visible &&
	       check->class->title_hidden;
}

CHECK(check_content_title)
{
	if (!owes(check, result, CONTENT_NEEDS_TITLE, "title"))
		return;
	if (check->class->title_visible || check->class->title_disguised)
		return;
	if (title_is_hidden(check)) {
		hidden_instead(check, result);
		return;
	}
	check_fail(check, result,
		   "put the title (in English, or the same in the mail's language) into the subject or "
		   "the heading",
		   "neither subject nor heading bears the category's title \"%.*s\"",
		   STR_ARG(title_example(check)));
}

static bool approval_owed(const struct check *check)
{
	const struct milestone *milestone = check->judgement->milestone;

	return (check->category->content & CONTENT_NEEDS_APPROVAL) && milestone != NULL &&
	       milestone->approval && check->class->phase != PHASE_CANCELLED;
}

static bool approval_is_hidden(const struct check *check)
{
	const struct references *seen = &check->class->references;
	const struct references *hidden = &check->class->hidden;

	return approval_owed(check) && !(seen->approve && seen->reschedule) &&
	       (seen->approve || hidden->approve) && (seen->reschedule || hidden->reschedule);
}

CHECK(check_content_approval)
{
	const struct references *seen = &check->class->references;
	const struct milestone *milestone = check->judgement->milestone;

	if (!owes(check, result, CONTENT_NEEDS_APPROVAL, "approve-or-reschedule") ||
	    cancelled(check, result))
		return;
	if (!approval_owed(check)) {
		check_not_applicable(check, result,
				     "it is not owed in this mail of the series (%.*s)",
				     STR_ARG(milestone != NULL ? milestone->name
							       : STR_LIT("outside every milestone")));
		return;
	}
	if (seen->approve && seen->reschedule)
		return;
	if (approval_is_hidden(check)) {
		hidden_instead(check, result);
		return;
	}
	check_fail(check, result,
		   "offer both: to approve the date, and to reschedule it to another one from a list",
		   "the %.*s mail must let the reader approve or reschedule; it offers %s",
		   STR_ARG(milestone->name),
		   seen->approve	   ? "to approve only"
		   : seen->reschedule	   ? "to reschedule only"
					   : "neither");
}

static bool case_is_hidden(const struct check *check)
{
	return (check->category->content & CONTENT_NEEDS_CASE) &&
	       check->class->references.cases.n == 0 && check->class->hidden.cases.n > 0;
}

CHECK(check_content_case)
{
	if (!owes(check, result, CONTENT_NEEDS_CASE, "case reference"))
		return;
	if (check->class->references.cases.n > 0)
		return;
	if (case_is_hidden(check))
		hidden_instead(check, result);
	else
		check_fail(check, result, "write the case number into the subject or the text",
			   "the mail follows up a support case, and names no case number");
}

static bool incident_is_hidden(const struct check *check)
{
	return (check->category->content & CONTENT_NEEDS_INCIDENT) &&
	       check->class->references.incidents.n == 0 && check->class->hidden.incidents.n > 0;
}

CHECK(check_content_incident)
{
	if (!owes(check, result, CONTENT_NEEDS_INCIDENT, "incident reference"))
		return;
	if (check->class->references.incidents.n > 0)
		return;
	if (incident_is_hidden(check))
		hidden_instead(check, result);
	else
		check_fail(check, result, "write the incident's number into the subject or the text",
			   "the reader is not told which incident is meant: no incident number is shown");
}

static bool says_resolved(const struct references *references)
{
	return references->resolved || references->restored;
}

static bool resolution_is_hidden(const struct check *check)
{
	return (check->category->content & CONTENT_NEEDS_RESOLUTION) &&
	       !says_resolved(&check->class->references) && says_resolved(&check->class->hidden);
}

CHECK(check_content_resolution)
{
	if (!owes(check, result, CONTENT_NEEDS_RESOLUTION, "word of a resolution"))
		return;
	if (says_resolved(&check->class->references))
		return;
	if (resolution_is_hidden(check))
		hidden_instead(check, result);
	else
		check_fail(check, result, "say that the incident is resolved, or wait until it is",
			   "the follow-up does not say that the incident is resolved");
}

static bool report_owed(const struct check *check)
{
	return (check->category->content & CONTENT_NEEDS_REPORT_FIELDS) &&
	       check->class->phase == PHASE_REPORT;
}

static bool report_is_hidden(const struct check *check)
{
	unsigned seen = check->class->references.report_fields;

	return report_owed(check) && seen != REPORT_FIELDS_ALL &&
	       (seen | check->class->hidden.report_fields) == REPORT_FIELDS_ALL;
}

CHECK(check_content_report)
{
	static const char *const fields[] = { "description", "root cause", "customer impact",
					      "start", "resolution", "next steps" };
	unsigned seen = check->class->references.report_fields;
	struct buf missing;

	if (!owes(check, result, CONTENT_NEEDS_REPORT_FIELDS, "report"))
		return;
	if (!report_owed(check)) {
		check_not_applicable(check, result, "the mail is no post-incident report");
		return;
	}
	if (seen == REPORT_FIELDS_ALL)
		return;
	if (report_is_hidden(check)) {
		hidden_instead(check, result);
		return;
	}
	buf_init(&missing, check->arena, 200);
	for (unsigned i = 0; i < 6; i++) {
		if (!(seen & (1u << i)))
			buf_printf(&missing, "%s%s", missing.n > 0 ? ", " : "", fields[i]);
	}
	check_fail(check, result, "add the missing parts under headings of their own",
		   "a post-incident report has six parts; missing: %.*s",
		   STR_ARG(buf_str(&missing)));
}

CHECK(check_content_health_page)
{
	if (!owes(check, result, CONTENT_NEEDS_HEALTH_PAGE, "link to the health page"))
		return;
	if (!check->class->references.health_page)
		check_fail(check, result, "add a link to the service health page",
			   "the mail has no link to the service health page");
}

CHECK(check_content_obfuscated)
{
	if (check->class->obfuscated)
		check_fail(check, result,
			   "write the words in plain letters, without invisible characters",
			   "the words that make it a notice are found only after look-alike letters or "
			   "invisible characters are undone: \"%.*s\"",
			   STR_ARG(str_head(check->class->obfuscated_text, 200)));
}

/* A declared start is none that the reader sees. */
static bool time_is_hidden(const struct check *check)
{
	const struct when *when = check->when;

	return check->category->time.required && when->hidden_start &&
	       (!when->has_start || when->source == PLACE_DECLARED);
}

CHECK(check_content_hidden)
{
	const struct {
		const char *name;
		bool hidden;
	} things[] = {
		{ "the category's title", title_is_hidden(check) },
		{ "the event's time", time_is_hidden(check) },
		{ "approve-or-reschedule", approval_is_hidden(check) },
		{ "the case number", case_is_hidden(check) },
		{ "the incident's number", incident_is_hidden(check) },
		{ "the word that it is resolved", resolution_is_hidden(check) },
		{ "parts of the report", report_is_hidden(check) },
	};
	struct buf hidden;

	buf_init(&hidden, check->arena, 400);
	for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
		if (things[i].hidden)
			buf_printf(&hidden, "%s%s", hidden.n > 0 ? ", " : "", things[i].name);
	}
	if (hidden.n > 0)
		check_fail(check, result, "show it: in a size and a colour that can be read",
			   "it is in the mail, but its reader cannot see it: %.*s",
			   STR_ARG(buf_str(&hidden)));
}
