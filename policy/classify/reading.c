#include "policy/classify/reading.h"

#include "policy/base/buf.h"

#define RUN_TEXT_MAX ((size_t)8 * 1024 * 1024)
#define LINKS_MAX 200
#define CALENDARS_MAX 8
#define CALENDAR_TEXT_MAX ((size_t)64 * 1024)
/* How far a word of negation may stand from what it negates, in octets and in words between. */
#define NEGATION_REACH 32
#define NEGATION_WORDS 1
/* The same for what makes a state one that is yet to come: "once service is restored". */
#define CONDITION_REACH 72
#define CONDITION_WORDS 6
/* Concepts that a condition takes back have names that begin so. */
#define STATE_PREFIX "state-"
/* The same for what is only promised: "a report will be published". */
#define PROMISED "phase-report"
/* A sentence that ends sooner, in octets, is a greeting. */
#define GREETING_MAX 30

static const char *const place_names[PLACES_N] = { "subject", "heading", "body", "footer",
						   "from",    "link",	 "body", "calendar" };

const char *place_bit_name(unsigned bit)
{
	return bit < PLACES_N ? place_names[bit] : "body";
}

/* -- Runs -- */

struct run_builder {
	struct run *run;
	struct arena *arena;
	struct buf plain, bare;
	bool disguised;
};

static struct run_builder run_begin(struct reading *reading, enum run_kind kind)
{
	struct run_builder builder = { .arena = reading->arena };

	builder.run = ARENA_NEW(reading->arena, struct run);
	builder.run->kind = kind;
	buf_init(&builder.plain, reading->arena, RUN_TEXT_MAX);
	buf_init(&builder.bare, reading->arena, RUN_TEXT_MAX);
	return builder;
}

static void run_add(struct run_builder *builder, unsigned places, struct str text,
		    struct folded folded, bool reads_on)
{
	struct run *run = builder->run;
	struct stretch *stretch;

	if (folded.plain.n == 0)
		return;
	if (run->n_stretches > 0) {
		buf_add_char(&builder->plain, reads_on ? ' ' : '\n');
		buf_add_char(&builder->bare, reads_on ? ' ' : '\n');
	}
	ARENA_ROOM(builder->arena, run->stretches, run->n_stretches, run->cap_stretches);
	stretch = &run->stretches[run->n_stretches++];
	stretch->begin = builder->plain.n;
	stretch->bare_begin = builder->bare.n;
	stretch->places = places;
	stretch->text = text;
	buf_add(&builder->plain, folded.plain);
	buf_add(&builder->bare, folded.bare);
	builder->disguised |= folded.disguised;
}

static void run_end(struct reading *reading, struct run_builder *builder)
{
	struct run *run = builder->run;

	if (run->n_stretches == 0)
		return;
	run->plain = buf_str(&builder->plain);
	run->bare = builder->disguised ? buf_str(&builder->bare) : run->plain;
	ARENA_ROOM(reading->arena, reading->runs, reading->n_runs, reading->cap_runs);
	reading->runs[reading->n_runs++] = run;
}

static void read_line(struct reading *reading, unsigned places, struct str text,
		      struct folded folded)
{
	struct run_builder builder = run_begin(reading, RUN_VISIBLE);

	run_add(&builder, places, text, folded, false);
	run_end(reading, &builder);
}

static void read_sender(struct reading *reading)
{
	const struct mailbox_list *from = &reading->view->message->from;

	for (size_t i = 0; i < from->n && i < 4; i++) {
		struct str text = arena_printf(reading->arena, "%.*s %.*s",
					       STR_ARG(from->items[i].name),
					       STR_ARG(from->items[i].address));

		read_line(reading, SIGNAL_FROM, text, text_fold(reading->arena, text));
	}
}

/* Two readers may show different subjects: each is read (POLICY.md, settled 13). */
static void read_subjects(struct reading *reading)
{
	const struct message *message = reading->view->message;
	const struct message_source *source = message->source;
	size_t n = 0;

	read_line(reading, SIGNAL_SUBJECT, message->subject, reading->view->subject);
	if (message->n_ambiguities == 0 || source == NULL)
		return;
	for (size_t i = 0; i < source->n_fields && n < 8; i++) {
		struct str value = str_trim(source->fields[i].value);

		if (!str_is_nocase(source->fields[i].name, "subject") || n++ == 0)
			continue;
		read_line(reading, SIGNAL_SUBJECT, value, text_fold(reading->arena, value));
	}
}

static bool is_quoted(unsigned flags)
{
	return (flags & (BLOCK_QUOTED | BLOCK_FORWARDED)) != 0;
}

/* Whether the block goes on in the reader's eye where the last one ended. */
static bool reads_on(const struct block *last, const struct block *block)
{
	unsigned both = last != NULL ? last->flags & block->flags : 0;

	if (both & BLOCK_CELL)
		return last->table == block->table && last->row == block->row;
	return (both & BLOCK_BANNER) != 0;
}

static unsigned block_places(unsigned flags, size_t *body_octets, size_t n)
{
	unsigned places;

	if (flags & (BLOCK_FOOTER | BLOCK_SIGNATURE))
		return SIGNAL_FOOTER;
	if (flags & (BLOCK_HEADING | BLOCK_BANNER))
		return SIGNAL_HEADING | SIGNAL_BODY;
	places = SIGNAL_BODY | (*body_octets < READING_LEAD_MAX ? SIGNAL_LEAD : 0);
	*body_octets += n;
	return places;
}

static bool block_wanted(unsigned flags, enum run_kind kind, bool quoted_counts)
{
	bool hidden = (flags & BLOCK_HIDDEN) != 0;
	bool quoted = is_quoted(flags) && !quoted_counts;

	if (kind == RUN_HIDDEN)
		return hidden && !quoted;
	return !hidden && quoted == (kind == RUN_QUOTED);
}

static void read_document(struct reading *reading, const struct document *document,
			  enum run_kind kind, bool quoted_counts)
{
	struct run_builder builder = run_begin(reading, kind);
	const struct block *last = NULL;
	size_t body_octets = 0;

	for (size_t i = 0; i < document->n_blocks; i++) {
		const struct block *block = &document->blocks[i];
		size_t n = block->folded.plain.n;
		unsigned places;

		if (!block_wanted(block->flags, kind, quoted_counts))
			continue;
		places = block_places(block->flags, &body_octets, n);
		run_add(&builder, places, block->text, block->folded, reads_on(last, block));
		last = block;
		if (kind == RUN_QUOTED)
			reading->quoted_octets += n;
		else if (kind == RUN_VISIBLE && !(places & SIGNAL_FOOTER))
			reading->own_octets += n;
	}
	run_end(reading, &builder);
}

/* Targets and texts of links: what a button offers, where its label is a picture's. */
static void read_links(struct reading *reading, const struct document *document)
{
	struct run_builder builder = run_begin(reading, RUN_VISIBLE);

	for (size_t i = 0; i < document->n_links && i < LINKS_MAX; i++) {
		const struct link *link = &document->links[i];
		bool counts = !link->hidden && (link->block >= document->n_blocks ||
						!is_quoted(document->blocks[link->block].flags));
		struct str text;

		if (!counts)
			continue;
		text = arena_printf(reading->arena, "%.*s %.*s",
				    STR_ARG(str_head(link->href, 2000)),
				    STR_ARG(str_head(link->text, 2000)));
		run_add(&builder, SIGNAL_LINK, text, text_fold(reading->arena, text), false);
	}
	run_end(reading, &builder);
}

/* What a calendar part says in words of its own (RFC 5545), and which properties it has. */
static void read_calendars(struct reading *reading)
{
	const struct view *view = reading->view;

	for (size_t i = 0; i < view->n_calendars && i < CALENDARS_MAX; i++) {
		struct str text = str_head(view->message->parts[view->calendars[i]].text,
					   CALENDAR_TEXT_MAX);

		read_line(reading, SIGNAL_CALENDAR, text, text_fold(reading->arena, text));
	}
}

/* Where readers take the structure differently, any of it may be what one of them shows. */
static void read_raw(struct reading *reading)
{
	const struct message *message = reading->view->message;

	if (message->n_ambiguities == 0)
		return;
	for (size_t i = 0; i < message->n_parts; i++) {
		struct str text = str_head(message->parts[i].text, (size_t)64 * 1024);

		if (!message->parts[i].in_attached_message && text.n > 0)
			read_line(reading, SIGNAL_BODY, text, text_fold(reading->arena, text));
	}
}

/* -- Mentions -- */

static const struct stretch *stretch_at(const struct run *run, size_t offset, bool bare)
{
	size_t low = 0, high = run->n_stretches;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		const struct stretch *stretch = &run->stretches[middle];

		if ((bare ? stretch->bare_begin : stretch->begin) <= offset)
			low = middle;
		else
			high = middle;
	}
	return &run->stretches[low];
}

struct str mention_text(const struct mention *mention)
{
	struct str text = mention->disguised ? mention->run->bare : mention->run->plain;

	return (struct str){ text.p + mention->begin, mention->end - mention->begin };
}

/* How far words of doubt reach, and which they are. */
struct doubt {
	size_t before, after; /* concepts; SIGNAL_NO_CONCEPT where the policy has none */
	size_t reach, words;
};

/* Whether words of doubt stand so close that they belong to what is beside them: no sentence
 * mark and few words between. */
static bool is_near(const struct doubt *doubt, struct str between)
{
	size_t words = 0;

	if (between.n > doubt->reach)
		return false;
	for (size_t i = 0; i < between.n; i++) {
		if (memchr(".;:!?\n,(|", between.p[i], 9) != NULL)
			return false;
		words += between.p[i] == ' ';
	}
	return words <= doubt->words + 1;
}

/* A word of one language says nothing about a phrase of another: "Mai" is "never" in Italian. */
static bool is_doubt(const struct lexicon_hit *hit, const struct lexicon_hit *word, size_t concept)
{
	return word->concept == concept && str_eq(word->phrase->language, hit->phrase->language);
}

static bool is_doubted(const struct doubt *doubt, const struct lexicon_hits *hits, size_t index,
		       struct str text)
{
	const struct lexicon_hit *hit = &hits->items[index];
	size_t reach = doubt->reach + LEXICON_PHRASE_MAX;

	for (size_t i = index; i-- > 0 && hits->items[i].begin + reach > hit->begin;) {
		const struct lexicon_hit *other = &hits->items[i];

		if (is_doubt(hit, other, doubt->before) && other->end <= hit->begin &&
		    is_near(doubt, str_span(text.p + other->end, text.p + hit->begin)))
			return true;
	}
	for (size_t i = index + 1; i < hits->n && hits->items[i].begin < hit->end + reach; i++) {
		const struct lexicon_hit *other = &hits->items[i];

		if (is_doubt(hit, other, doubt->after) && other->begin >= hit->end &&
		    is_near(doubt, str_span(text.p + hit->end, text.p + other->begin)))
			return true;
	}
	return false;
}

/* -- Sentences: what the mail says of its own subject -- */

/* Whether a sentence ends at i: a mark before white space (but in "10. Juli"), the end of a block,
 * or an ideographic full stop. */
static bool ends_sentence(struct str text, size_t i)
{
	bool last = i + 1 == text.n || ascii_is_space(text.p[i + 1]);

	if (text.p[i] == '\n')
		return true;
	if (last && memchr(".!?", text.p[i], 3) != NULL)
		return i == 0 || !ascii_is_digit(text.p[i - 1]);
	return i >= 2 && memcmp(text.p + i - 2, "\xe3\x80\x82", 3) == 0;
}

/* "Dear administrator,": short, or a line that ends in a comma. */
static bool is_greeting(struct str sentence)
{
	return sentence.n < GREETING_MAX || sentence.p[sentence.n - 1] == ',';
}

/* Where the first sentence of the body ends, greetings apart. */
static size_t opening_end(const struct run *run, struct str text, bool bare)
{
	size_t from = text.n, sentence;

	for (size_t i = 0; i < run->n_stretches && from == text.n; i++)
		if (run->stretches[i].places & SIGNAL_LEAD)
			from = bare ? run->stretches[i].bare_begin : run->stretches[i].begin;
	sentence = from;
	for (size_t i = from; i < text.n && i - from < READING_LEAD_MAX; i++) {
		if (!ends_sentence(text, i))
			continue;
		if (!is_greeting(str_span(text.p + sentence, text.p + i)))
			return i;
		sentence = i + 1;
	}
	return from + READING_LEAD_MAX;
}

/* Whether the sentence of a mention names the work before it: "the maintenance is cancelled". */
static bool of_the_work(const struct lexicon_hits *hits, size_t index, struct str text,
			size_t work)
{
	size_t at = hits->items[index].begin, begin = at;

	while (begin > 0 && at - begin < READING_LEAD_MAX && !ends_sentence(text, begin - 1))
		begin--;
	for (size_t i = index; i-- > 0 && hits->items[i].begin >= begin;)
		if (hits->items[i].concept == work)
			return true;
	return false;
}

static void sighting_add(struct sighting *sighting, const struct mention *mention)
{
	unsigned places = mention->stretch->places;

	if (mention->run->kind == RUN_HIDDEN) {
		sighting->hidden = true;
		return;
	}
	if (mention->run->kind == RUN_QUOTED) {
		sighting->quoted = true;
		return;
	}
	if (mention->negated) {
		sighting->negated |= places;
		return;
	}
	sighting->n++;
	sighting->asserted |= mention->asserted;
	sighting->places |= places;
	if (!mention->disguised)
		sighting->clear |= places;
	for (unsigned i = 0; i < PLACES_N; i++)
		if ((places & (1U << i)) && sighting->first[i] == NULL)
			sighting->first[i] = mention;
}

/* What scanning a text needs to know of the policy. */
struct doubts {
	struct doubt negation, condition, promise;
	size_t work;
};

static struct doubts doubts_of(const struct policy *policy)
{
	size_t promise = policy_concept(policy, "promise");

	return (struct doubts){
		.negation = { policy_concept(policy, "negation"),
			      policy_concept(policy, "negation-after"), NEGATION_REACH,
			      NEGATION_WORDS },
		.condition = { policy_concept(policy, "condition"), SIGNAL_NO_CONCEPT,
			       CONDITION_REACH, CONDITION_WORDS },
		.promise = { promise, promise, CONDITION_REACH, CONDITION_WORDS },
		.work = policy_concept(policy, "the-work"),
	};
}

static bool is_taken_back(const struct doubts *doubts, struct str concept,
			  const struct lexicon_hits *hits, size_t index, struct str text)
{
	if (is_doubted(&doubts->negation, hits, index, text))
		return true;
	if (str_is(concept, PROMISED))
		return is_doubted(&doubts->promise, hits, index, text);
	return str_starts(concept, STR_LIT(STATE_PREFIX)) &&
	       is_doubted(&doubts->condition, hits, index, text);
}

static void scan_text(struct reading *reading, const struct run *run, bool bare)
{
	struct str text = bare ? run->bare : run->plain;
	const struct policy *policy = reading->policy;
	struct doubts doubts = doubts_of(policy);
	size_t opening = opening_end(run, text, bare);
	struct lexicon_hits hits;
	struct mention *mentions;

	lexicon_scan(policy->lexicon, reading->arena, text, READING_HITS_MAX, &hits);
	mentions = ARENA_ARRAY(reading->arena, hits.n, struct mention);
	for (size_t i = 0; i < hits.n; i++) {
		const struct lexicon_hit *hit = &hits.items[i];
		struct str concept = policy->concepts[hit->concept].id;
		struct mention *mention = &mentions[i];
		struct sighting *sighting = &reading->sightings[hit->concept];

		*mention = (struct mention){ .concept = hit->concept,
					     .run = run,
					     .stretch = stretch_at(run, hit->begin, bare),
					     .begin = hit->begin,
					     .end = hit->end,
					     .disguised = bare };
		mention->negated = is_taken_back(&doubts, concept, &hits, i, text);
		mention->asserted =
			(mention->stretch->places & (SIGNAL_SUBJECT | SIGNAL_HEADING)) != 0 ||
			((mention->stretch->places & SIGNAL_LEAD) != 0 &&
			 (hit->begin < opening ||
			  (str_starts(concept, STR_LIT(STATE_PREFIX)) &&
			   of_the_work(&hits, i, text, doubts.work))));
		/* Of the second look only what the first did not see there is news. */
		if (!bare || (mention->stretch->places & ~sighting->places) != 0)
			sighting_add(sighting, mention);
	}
}

/* -- The text as seen -- */

static void seen_add(struct buf *buf, struct str text, bool on)
{
	if (buf->n > 0)
		buf_add_char(buf, on ? ' ' : '\n');
	buf_add(buf, text);
}

static void collect_seen(struct reading *reading, bool quoted_counts)
{
	struct buf visible, hidden;

	buf_init(&visible, reading->arena, RUN_TEXT_MAX);
	buf_init(&hidden, reading->arena, RUN_TEXT_MAX);
	seen_add(&visible, reading->view->message->subject, false);
	for (size_t i = 0; i < reading->view->n_documents; i++) {
		const struct document *document = reading->view->documents[i];
		const struct block *last = NULL;

		for (size_t j = 0; j < document->n_blocks; j++) {
			const struct block *block = &document->blocks[j];

			if (is_quoted(block->flags) && !quoted_counts)
				continue;
			if (block->flags & BLOCK_HIDDEN)
				seen_add(&hidden, block->text, false);
			else
				seen_add(&visible, block->text, reads_on(last, block));
			last = block;
		}
	}
	reading->visible = buf_str(&visible);
	reading->hidden = buf_str(&hidden);
}

struct reading *reading_make(struct arena *arena, const struct view *view,
			     const struct policy *policy, bool quoted_counts)
{
	struct reading *reading = ARENA_NEW(arena, struct reading);

	reading->arena = arena;
	reading->policy = policy;
	reading->view = view;
	reading->sightings = ARENA_ARRAY(arena, policy->n_concepts + 1, struct sighting);
	read_subjects(reading);
	read_sender(reading);
	for (size_t i = 0; i < view->n_documents; i++) {
		read_document(reading, view->documents[i], RUN_VISIBLE, quoted_counts);
		read_document(reading, view->documents[i], RUN_HIDDEN, quoted_counts);
		read_document(reading, view->documents[i], RUN_QUOTED, quoted_counts);
		read_links(reading, view->documents[i]);
	}
	read_calendars(reading);
	read_raw(reading);
	for (size_t i = 0; i < reading->n_runs; i++) {
		const struct run *run = reading->runs[i];

		scan_text(reading, run, false);
		if (run->bare.p != run->plain.p)
			scan_text(reading, run, true);
	}
	collect_seen(reading, quoted_counts);
	return reading;
}

const struct sighting *reading_sighting(const struct reading *reading, size_t concept)
{
	size_t n = reading->policy->n_concepts;

	return &reading->sightings[concept < n ? concept : n];
}

const struct sighting *reading_find(const struct reading *reading, const char *concept)
{
	return reading_sighting(reading, policy_concept(reading->policy, concept));
}

bool reading_has(const struct reading *reading, const char *concept, unsigned places)
{
	return (reading_find(reading, concept)->places & places) != 0;
}
