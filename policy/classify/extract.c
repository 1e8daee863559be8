#include "policy/classify/extract.h"

#define REFERENCES_MAX 64
#define TOKENS_MAX 256
#define TOKEN_MAX 253 /* as long as a host name can be */

#define SEEN (SIGNAL_SUBJECT | SIGNAL_BODY)

static const char *const report_fields[] = {
	"report-description", "report-root-cause", "report-impact",
	"report-start",	      "report-resolution", "report-next-steps",
};
#define REPORT_FIELDS (sizeof report_fields / sizeof *report_fields)

/* -- Numbers -- */

static void find_numbers(const struct reading *reading, struct str text,
			 struct references *references)
{
	struct str_list *lists[REFERENCE_N] = { &references->events, &references->incidents,
						&references->cases };
	struct reference_hit *hits;
	size_t n = lexicon_references(reading->policy->lexicon, reading->arena, text,
				      REFERENCES_MAX, &hits);

	for (size_t i = 0; i < n; i++)
		str_list_add_new(reading->arena, lists[hits[i].kind], hits[i].id, REFERENCES_MAX);
}

/* -- Words that may name instances -- */

static bool in_token(unsigned char c)
{
	return ascii_is_alnum((char)c) || c == '-' || c == '_' || c == '.' || c >= 0x80;
}

/* Plain words name nothing: ids have a hyphen, an underscore, a digit, or are host names. */
static bool may_name(struct str token)
{
	bool letter = false, mark = false;

	if (token.n < 3 || token.n > TOKEN_MAX)
		return false;
	for (size_t i = 0; i < token.n; i++) {
		letter |= ascii_is_alpha(token.p[i]) || (token.p[i] & 0x80);
		mark |= memchr("-_.", token.p[i], 3) != NULL || ascii_is_digit(token.p[i]);
	}
	return letter && mark;
}

static struct str token_trim(struct str token)
{
	while (token.n > 0 && memchr("-_.", token.p[token.n - 1], 3) != NULL)
		token.n--;
	while (token.n > 0 && memchr("-_.", token.p[0], 3) != NULL)
		token = str_skip(token, 1);
	return token;
}

static struct str lower(struct arena *arena, struct str s)
{
	char *p = arena_alloc(arena, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return (struct str){ p, s.n };
}

static void tokens_add(struct arena *arena, struct str text, struct str_list *list)
{
	size_t begin = 0;

	for (size_t i = 0; i <= text.n && list->n < TOKENS_MAX; i++) {
		struct str token;

		if (i < text.n && in_token((unsigned char)text.p[i]))
			continue;
		token = token_trim((struct str){ text.p + begin, i - begin });
		begin = i + 1;
		if (may_name(token))
			str_list_add_new(arena, list, lower(arena, token), TOKENS_MAX);
	}
}

/* Lines of text that are at least so long were wrapped: the sentence goes on in the next. */
#define WRAPPED_MIN 45

/* The end of the clause that begins at from: a sentence mark before white space, a semicolon, or
 * the end of a line that was not wrapped. line is where the line of from begins, and then that of
 * the end. */
static size_t clause_end(struct str text, size_t from, size_t *line)
{
	for (size_t i = from; i < text.n; i++) {
		bool last = i + 1 == text.n || ascii_is_space(text.p[i + 1]);
		bool wrapped = i - *line >= WRAPPED_MIN && !last;

		if (text.p[i] == ';' || (last && memchr(".,!?", text.p[i], 4) != NULL))
			return i;
		if (text.p[i] != '\n')
			continue;
		*line = i + 1;
		if (!wrapped)
			return i;
	}
	return text.n;
}

static bool says_unaffected(const struct reading *reading, struct str clause, size_t concept)
{
	struct lexicon_hits hits;
	struct folded folded = text_fold(reading->arena, clause);

	lexicon_scan(reading->policy->lexicon, reading->arena, folded.plain, 1000, &hits);
	for (size_t i = 0; i < hits.n; i++)
		if (hits.items[i].concept == concept)
			return true;
	return false;
}

/* "contoso-prod is taken down, contoso-test is not touched": clause by clause, where the mail
 * says anywhere that something is not touched; as a whole elsewhere. */
static void find_tokens(const struct reading *reading, struct references *references)
{
	struct str text = reading->visible;
	size_t concept = policy_concept(reading->policy, "unaffected"), line = 0, end;

	if (!reading_sighting(reading, concept)->places) {
		tokens_add(reading->arena, text, &references->scope_tokens);
		return;
	}
	for (size_t at = 0; at < text.n; at = end + 1) {
		struct str clause;

		end = clause_end(text, at, &line);
		clause = (struct str){ text.p + at, end - at };
		tokens_add(reading->arena, clause,
			   says_unaffected(reading, clause, concept)
				   ? &references->unaffected_tokens
				   : &references->scope_tokens);
	}
}

/* "https://contoso.crm4.example.com/main" -> "contoso.crm4.example.com" */
static struct str url_host(struct str url)
{
	size_t begin = str_find(url, STR_LIT("://"), 0), end;

	if (begin == STR_NPOS)
		return STR_NONE;
	begin += 3;
	for (end = begin; end < url.n && memchr("/:?#\\ ", url.p[end], 6) == NULL; end++)
		;
	return (struct str){ url.p + begin, end - begin };
}

static bool is_health_page(const struct policy *policy, struct str url)
{
	for (size_t i = 0; i < policy->health_pages.n; i++)
		if (str_starts_nocase(url, policy->health_pages.items[i]))
			return true;
	return false;
}

static void find_links(const struct reading *reading, struct references *references)
{
	const struct policy *policy = reading->policy;

	for (size_t i = 0; i < reading->view->n_documents; i++) {
		const struct document *document = reading->view->documents[i];

		for (size_t j = 0; j < document->n_links; j++) {
			const struct link *link = &document->links[j];
			struct str host = url_host(link->href);

			if (link->hidden)
				continue;
			references->health_page |= is_health_page(policy, link->href);
			if (host.n > 0 && host.n <= TOKEN_MAX)
				str_list_add_new(reading->arena, &references->scope_tokens,
					 lower(reading->arena, host), TOKENS_MAX);
		}
	}
	for (size_t i = 0; i < policy->health_pages.n; i++)
		references->health_page |= str_find_nocase(reading->visible,
							   policy->health_pages.items[i],
							   0) != STR_NPOS;
}

/* -- Promises -- */

unsigned extract_report_fields(unsigned bits)
{
	return (unsigned)__builtin_popcount(bits);
}

void extract_references(const struct reading *reading, struct references *ret_references)
{
	struct references references = { 0 };

	find_numbers(reading, reading->visible, &references);
	find_tokens(reading, &references);
	find_links(reading, &references);
	references.approve = reading_has(reading, "approve", SEEN | SIGNAL_LINK);
	references.reschedule = reading_has(reading, "reschedule", SEEN | SIGNAL_LINK);
	references.restored = reading_has(reading, "state-restored", SEEN);
	references.resolved = references.restored || reading_has(reading, "state-resolved", SEEN);
	for (size_t i = 0; i < REPORT_FIELDS; i++)
		if (reading_has(reading, report_fields[i], SEEN))
			references.report_fields |= 1U << i;
	*ret_references = references;
}

void extract_hidden(const struct reading *reading, struct references *ret_references)
{
	struct references references = { 0 };

	find_numbers(reading, reading->hidden, &references);
	references.approve = reading_find(reading, "approve")->hidden;
	references.reschedule = reading_find(reading, "reschedule")->hidden;
	references.restored = reading_find(reading, "state-restored")->hidden;
	references.resolved = references.restored || reading_find(reading, "state-resolved")->hidden;
	for (size_t i = 0; i < REPORT_FIELDS; i++)
		if (reading_find(reading, report_fields[i])->hidden)
			references.report_fields |= 1U << i;
	*ret_references = references;
}

/* -- Phases -- */

/* An incident's mail is its last once it says that it is over. */
static bool is_over(const struct classification *class)
{
	const struct category *category = class->category;
	bool incident = time_is_incident(&category->time) ||
			(category->content & (CONTENT_NEEDS_INCIDENT | CONTENT_NEEDS_RESOLUTION));

	return class->completed || (incident && class->references.resolved);
}

static bool is_asserted(const struct reading *reading, const char *concept)
{
	return reading_find(reading, concept)->asserted;
}

static bool is_report(const struct reading *reading, const struct classification *class)
{
	unsigned fields = extract_report_fields(class->references.report_fields);

	if ((class->category->content & CONTENT_NEEDS_REPORT_FIELDS) == 0)
		return false;
	return is_asserted(reading, "phase-report") || fields >= 5 ||
	       (fields >= 3 && reading_has(reading, "phase-report", SIGNAL_LEAD));
}

/* What goes on is told of again and again, and such a mail says so over its title ("Update 2: ..."). Of
 * what is announced in advance, an update by that name alone announces anew. */
static bool is_labelled_update(const struct reading *reading, const struct category *category)
{
	return category->urgent &&
	       reading_has(reading, "phase-update-label", SIGNAL_SUBJECT | SIGNAL_HEADING);
}

/* Whether the work is in a state: the text asserts it, or a calendar part gives it as the status and no
 * text that its reader sees speaks against it: it has words of the state too, or leaves the time to the
 * calendar part. A status alone must not free a notice of what it owes. */
static bool is_in_state(const struct reading *reading, const struct classification *class,
			const char *concept, enum maintnote_status status)
{
	if (is_asserted(reading, concept))
		return true;
	return class->maintnote.status == status &&
	       (class->only_calendar_timed || reading_has(reading, concept, SEEN));
}

/* The mails of an event have its numbers in text and calendar part alike. Numbers that the policy's
 * patterns do not know are somebody else's. */
static struct str other_event(const struct reading *reading, const struct classification *class)
{
	const struct str_list *ids = &class->maintnote.ids, *seen = &class->references.events;
	struct str other = STR_NONE;

	for (size_t i = 0; i < ids->n && seen->n > 0; i++) {
		struct reference_hit *hits;

		for (size_t j = 0; j < seen->n; j++) {
			if (str_eq_nocase(ids->items[i], seen->items[j]))
				return STR_NONE;
		}
		if (other.p == NULL &&
		    lexicon_references(reading->policy->lexicon, reading->arena, ids->items[i], 1,
				       &hits) > 0 &&
		    hits[0].kind == REFERENCE_EVENT && str_eq(hits[0].id, ids->items[i]))
			other = ids->items[i];
	}
	return other;
}

/* Cancelled, under way and completed free a mail from its floor, so that they must be said of the
 * work itself: "the electrician had a cancellation" says nothing of it. */
void extract_phase(const struct reading *reading, struct classification *class)
{
	bool rescheduled = class->maintnote.status == MAINTNOTE_RESCHEDULED;

	class->under_way =
		is_in_state(reading, class, "state-under-way", MAINTNOTE_IN_PROCESS);
	class->completed = is_in_state(reading, class, "state-completed", MAINTNOTE_COMPLETED);
	class->moved = rescheduled || reading_has(reading, "state-moved", SEEN);
	class->other_event = other_event(reading, class);
	if (class->category == NULL)
		class->phase = PHASE_INITIAL;
	else if (is_report(reading, class))
		class->phase = PHASE_REPORT;
	else if (is_in_state(reading, class, "state-cancelled", MAINTNOTE_CANCELLED))
		class->phase = PHASE_CANCELLED;
	else if (is_over(class))
		class->phase = PHASE_FINAL;
	else if (class->under_way || rescheduled ||
		 is_asserted(reading, "phase-update") ||
		 is_labelled_update(reading, class->category))
		class->phase = PHASE_UPDATE;
	else if (is_asserted(reading, "phase-reminder"))
		class->phase = PHASE_REMINDER;
	else
		class->phase = PHASE_INITIAL;
}
