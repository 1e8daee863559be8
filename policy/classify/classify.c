#include "policy/classify/classify.h"

#include "policy/classify/extract.h"
#include "policy/classify/score.h"
#include "policy/classify/sender.h"

/* Words that say less than this are no contradiction to what the mail declares. */
#define CONTENT_SPEAKS 3.0
/* How much more must speak for another category than for the declared one. */
#define CONFLICT_LEAD 3.0
/* Own text of a mail that mostly forwards; less than this is only a covering line. */
#define COVER_OCTETS 160

#define TITLE_PLACES (SIGNAL_SUBJECT | SIGNAL_HEADING)

/* -- Facts that are no words -- */

static bool has_thread(const struct message *message)
{
	return message->in_reply_to.p != NULL || message->references.p != NULL;
}

static bool is_invitation(const struct view *view, bool *ret_other)
{
	bool invitation = false;

	*ret_other = false;
	for (size_t i = 0; i < view->n_calendars; i++) {
		const struct part *part = &view->message->parts[view->calendars[i]];
		bool asks = str_find_nocase(part->text, STR_LIT("METHOD:REQUEST"), 0) != STR_NPOS &&
			    str_find_nocase(part->text, STR_LIT("ATTENDEE"), 0) != STR_NPOS;

		invitation |= asks;
		*ret_other |= !asks;
	}
	return invitation;
}

static void find_time(struct features *features, struct classification *class, struct arena *arena,
		      const struct when_facts *when, const struct policy *policy, int64_t now)
{
	const struct when *resolved;

	class->only_calendar_timed = true;
	if (when == NULL) {
		features->structures[STRUCTURE_NO_TIME] = true;
		return;
	}
	resolved = when_resolve(arena, when, policy, WHEN_NEAREST, now);
	for (size_t i = 0; i < resolved->n_statements; i++)
		class->only_calendar_timed &= resolved->statements[i].place == PLACE_CALENDAR;
	features->structures[STRUCTURE_NO_TIME] = !resolved->has_start;
	features->structures[STRUCTURE_FUTURE_WINDOW] = resolved->has_start &&
							 resolved->start > now;
	features->structures[STRUCTURE_PAST_TIME] = resolved->has_start && resolved->start <= now;
}

/* Objects that calendar parts name are in the scope as those that the text names. */
static void find_maintnote(struct classification *class, struct arena *arena, const struct view *view)
{
	struct str_list *scope = &class->references.scope_tokens;

	for (size_t i = 0; i < view->n_calendars; i++)
		maintnote_read(arena, view->message->parts[view->calendars[i]].text,
			       &class->maintnote);
	for (size_t i = 0; i < class->maintnote.objects.n; i++) {
		ARENA_ROOM(arena, scope->items, scope->n, scope->cap);
		scope->items[scope->n++] = class->maintnote.objects.items[i];
	}
}

static void find_banner(struct features *features, const struct banner *banner,
			const struct policy *policy)
{
	features->banner_color = SIGNAL_NO_CONCEPT;
	if (banner == NULL || banner->state != BANNER_COLOR || banner->entry == NULL)
		return;
	features->structures[STRUCTURE_BANNER_PALETTE] = true;
	features->banner_color = (size_t)(banner->entry - policy->palette);
}

static void find_sender(struct features *features, const struct sender *sender,
			const struct view *view, const struct reading *reading)
{
	bool *structures = features->structures;

	structures[STRUCTURE_SENDER_LISTED] = sender->listed;
	structures[STRUCTURE_NOTICE_SENDER] = sender->notices;
	structures[STRUCTURE_ROLE_SENDER] = sender->role;
	structures[STRUCTURE_PERSONAL] = sender->personal;
	structures[STRUCTURE_DECLARED_EVENT] = sender->declares_event;
	structures[STRUCTURE_REPLY] = !sender->notices && has_thread(view->message);
	structures[STRUCTURE_FORWARD] = !sender->notices && view->forward;
	structures[STRUCTURE_REPORT] = !sender->notices && view->report;
	structures[STRUCTURE_BULK_LIST] = view->bulk_list;
	structures[STRUCTURE_QUOTED_MOST] = reading->quoted_octets > reading->own_octets;
	structures[STRUCTURE_INVITATION] = is_invitation(view, &structures[STRUCTURE_CALENDAR]);
}

static void find_contents(struct features *features, const struct sender *sender,
			  const struct references *references)
{
	bool *structures = features->structures;
	bool named = false;

	for (size_t i = 0; i < references->scope_tokens.n && !named; i++)
		named = str_find_char(references->scope_tokens.items[i], '-', 0) != STR_NPOS;
	structures[STRUCTURE_STRANGER] = sender->strange && !named;
	structures[STRUCTURE_APPROVAL_LINK] = references->approve && references->reschedule;
	structures[STRUCTURE_EVENT_REFERENCE] = references->events.n > 0;
	structures[STRUCTURE_INCIDENT_REFERENCE] = references->incidents.n > 0;
	structures[STRUCTURE_CASE_REFERENCE] = references->cases.n > 0;
	structures[STRUCTURE_INSTANCE_NAMED] = named;
	structures[STRUCTURE_REPORT_FIELDS] = extract_report_fields(references->report_fields) >= 4;
}

/* -- Which mail is no notice, whatever it says (POLICY.md, settled 10) -- */

static bool quotes(const struct view *view, const struct reading *reading)
{
	if (reading->quoted_octets > 0)
		return true;
	for (size_t i = 0; i < view->message->n_parts; i++)
		if (view->message->parts[i].in_attached_message && view->forward)
			return true;
	return false;
}

static bool is_exempt(const struct sender *sender, const struct view *view,
		      const struct reading *reading)
{
	if (sender->internal_only)
		return true;
	if (sender->declares_category)
		return false;
	if (sender->is_report)
		return true;
	if (sender->notices)
		return false;
	return (view->reply || view->forward) && quotes(view, reading);
}

/* -- Which category -- */

static double whole(const struct score *score)
{
	return score->total + score->bonus;
}

/* The two best by what value says, best first; equal ones in the policy's order. */
static void best_two(struct score *scores, size_t n, double (*value)(const struct score *),
		     struct score **ret_best, struct score **ret_second)
{
	*ret_best = *ret_second = NULL;
	for (size_t i = 0; i < n; i++) {
		if (*ret_best == NULL || value(&scores[i]) > value(*ret_best)) {
			*ret_second = *ret_best;
			*ret_best = &scores[i];
		} else if (*ret_second == NULL || value(&scores[i]) > value(*ret_second)) {
			*ret_second = &scores[i];
		}
	}
}

static double total(const struct score *score)
{
	return score->total;
}

static struct score *score_of(struct score *scores, size_t n, const struct category *category)
{
	for (size_t i = 0; i < n; i++)
		if (scores[i].category == category)
			return &scores[i];
	return NULL;
}

/* Of two that are near, the one of which the words say clearly more: sender and product speak
 * for any category, words for one. */
static void prefer_words(struct score **best, struct score **second, double margin)
{
	struct score *loser = *second;

	if (loser == NULL || loser->total < loser->category->threshold ||
	    (*best)->total - loser->total > 2 * margin ||
	    loser->content < (*best)->content + CONTENT_SPEAKS)
		return;
	*second = *best;
	*best = loser;
}

/* Settled 16: equal only where the words, and not the sender or the colour, speak for both. */
static bool is_ambiguous(const struct score *best, const struct score *second, double margin)
{
	double words, all;

	if (second == NULL || whole(second) < second->category->threshold)
		return false;
	words = best->content - second->content;
	all = whole(best) - whole(second);
	return all < margin && all > -margin && words <= 2 * margin && words >= -2 * margin &&
	       second->content >= CONTENT_SPEAKS && best->content >= CONTENT_SPEAKS;
}

static void tell_conflict(struct classification *class, struct arena *arena,
			  struct str declared, const struct category *content)
{
	class->conflict = true;
	class->conflict_detail =
		arena_printf(arena, "declared %.*s, the text reads as %.*s", STR_ARG(declared),
			     STR_ARG(content->id));
}

static void choose(struct classification *class, struct arena *arena, struct score *scores,
		   const struct policy *policy, struct str declared_text, struct score **ret_chosen)
{
	size_t n = policy->n_categories;
	struct score *best, *second, *declared = score_of(scores, n, class->declared);

	best_two(scores, n, total, &best, &second);
	prefer_words(&best, &second, policy->margin);
	if (declared != NULL && best != declared) {
		if (best->content >= CONTENT_SPEAKS &&
		    best->total - declared->total >= CONFLICT_LEAD) {
			tell_conflict(class, arena, declared_text, best->category);
		} else {
			second = best;
			best = declared;
		}
	} else if (declared == NULL) {
		class->ambiguous = is_ambiguous(best, second, policy->margin);
		if (declared_text.p != NULL)
			tell_conflict(class, arena, declared_text, best->category);
	}
	class->score = whole(best);
	class->second = second != NULL ? second->category : NULL;
	class->second_score = second != NULL ? whole(second) : 0;
	*ret_chosen = best;
}

/* -- What the notice owes its reader -- */

static void find_title(struct classification *class, const struct reading *reading)
{
	const struct sighting *title = reading_sighting(reading, class->category->title);
	unsigned seen = title->places & TITLE_PLACES;

	class->title_visible = seen != 0;
	class->title_disguised = seen != 0 && (title->clear & TITLE_PLACES) == 0;
	class->title_hidden = seen == 0 && title->hidden;
}

/* The variant of its category that the mail's words make it, or NULL. */
static const struct variant *find_variant(const struct reading *reading,
					  const struct category *category)
{
	for (size_t i = 0; i < category->n_variants; i++) {
		const struct variant *variant = &category->variants[i];
		unsigned unless = variant->unless != SIGNAL_NO_CONCEPT
					  ? reading_sighting(reading, variant->unless)->places
					  : 0;

		if ((reading_sighting(reading, variant->concept)->places & variant->places) &&
		    !(unless & variant->places))
			return variant;
	}
	return NULL;
}

static void settle(struct classification *class, const struct reading *reading,
		   const struct score *chosen)
{
	class->variant = find_variant(reading, chosen->category);
	class->category = class->variant != NULL ? class->variant->category : chosen->category;
	class->obfuscated = chosen->disguised;
	class->obfuscated_text = chosen->disguised_text;
	class->evidence = chosen->evidence;
	class->n_evidence = chosen->n_evidence;
	extract_hidden(reading, &class->hidden);
	find_title(class, reading);
	extract_phase(reading, class);
}

/* Only a covering line of its own: what is forwarded is what a notice system sends. */
static bool is_cover(const struct sender *sender, const struct reading *reading)
{
	return sender->notices && reading->quoted_octets > 0 && reading->own_octets < COVER_OCTETS;
}

struct classification *classify(struct arena *arena, const struct view *view,
				const struct when_facts *when, const struct banner *banner,
				const struct envelope *envelope, const struct policy *policy,
				int64_t now)
{
	struct classification *class = ARENA_NEW(arena, struct classification);
	struct sender sender = sender_read(view->message, envelope, policy);
	struct str declared = view->message->declared.category;
	struct reading *reading;
	struct features features = { 0 };
	struct score *chosen;

	class->sender_listed = sender.authorized;
	if (policy->n_categories == 0 || sender.internal_only)
		return class;
	reading = reading_make(arena, view, policy, false);
	if (is_cover(&sender, reading))
		reading = reading_make(arena, view, policy, true);
	if (is_exempt(&sender, view, reading))
		return class;
	class->declared = declared.p != NULL ? policy_category(policy, declared) : NULL;
	extract_references(reading, &class->references);
	features.declared = class->declared;
	find_maintnote(class, arena, view);
	find_time(&features, class, arena, when, policy, now);
	find_banner(&features, banner, policy);
	find_sender(&features, &sender, view, reading);
	find_contents(&features, &sender, &class->references);
	choose(class, arena, score_all(reading, &features), policy, declared, &chosen);
	class->notice = sender.declares_category || class->score >= chosen->category->threshold;
	if (class->notice)
		settle(class, reading, chosen);
	return class;
}
