#include "policy/when/places.h"
#include "policy/when/settle.h"

/* Fewer votes than this tell no language. */
#define VOTES_MIN 2

struct scanner {
	struct arena *arena;
	const struct policy *policy;
	const struct when_words *words;
	struct when_facts *facts;
	unsigned *votes;
	struct zone_spec footer_zone;
};

static void add_source(struct scanner *scanner, enum place place, struct mention_list *list)
{
	struct when_facts *facts = scanner->facts;

	if (list == NULL)
		return;
	ARENA_ROOM(scanner->arena, facts->sources, facts->n_sources, facts->cap_sources);
	facts->sources[facts->n_sources++] = (struct when_source){ place, list };
}

static struct mention_list *read_text(struct scanner *scanner, struct cased_text text)
{
	struct when_facts *facts = scanner->facts;
	struct atom_list *atoms = atoms_read(scanner->arena, scanner->words, scanner->policy, text);

	for (size_t i = 0; i < scanner->policy->n_languages; i++)
		scanner->votes[i] += atoms->votes[i];
	for (size_t i = 0; i < atoms->n_places; i++) {
		ARENA_ROOM(scanner->arena, facts->places, facts->n_places, facts->cap_places);
		facts->places[facts->n_places++] = atoms->places[i];
	}
	return mentions_read(scanner->arena, atoms);
}

static void append(struct scanner *scanner, struct mention_list **hidden, struct mention_list *list)
{
	if (*hidden == NULL) {
		*hidden = list;
		return;
	}
	for (size_t i = 0; i < list->n && (*hidden)->n < MENTIONS_MAX; i++) {
		ARENA_ROOM(scanner->arena, (*hidden)->items, (*hidden)->n, (*hidden)->cap);
		(*hidden)->items[(*hidden)->n++] = list->items[i];
	}
}

static void scan_document(struct scanner *scanner, const struct document *document)
{
	unsigned apart = BLOCK_QUOTED | BLOCK_SIGNATURE | BLOCK_FOOTER | BLOCK_FORWARDED;
	struct cased_text text = text_of_document(scanner->arena, document, 0, apart | BLOCK_HIDDEN);
	size_t n_places;

	add_source(scanner, document->place, read_text(scanner, text));
	add_source(scanner, PLACE_JSONLD,
		   jsonld_read(scanner->arena, scanner->words, scanner->policy, document));
	add_source(scanner, PLACE_MICRODATA,
		   microdata_read(scanner->arena, scanner->words, scanner->policy, document));

	/* Hidden text and small print name no places for the rest. */
	n_places = scanner->facts->n_places;
	text = text_of_document(scanner->arena, document, BLOCK_HIDDEN, apart);
	if (text.folded.n > 0)
		append(scanner, &scanner->facts->hidden, read_text(scanner, text));
	text = text_of_document(scanner->arena, document, BLOCK_SIGNATURE | BLOCK_FOOTER,
				BLOCK_QUOTED | BLOCK_FORWARDED | BLOCK_HIDDEN);
	if (text.folded.n > 0) {
		struct mention_list *list = read_text(scanner, text);

		if (scanner->footer_zone.kind == ZONE_UNSTATED)
			scanner->footer_zone = list->zone;
	}
	scanner->facts->n_places = n_places;
}

/* The language of the words, else of the markup; the region is the markup's. */
static void tell_language(struct scanner *scanner, const struct view *view)
{
	static const char *const regions[] = { "US", "GB", "IN", "IE", "IL", "CN", "CA", "AU", "NZ" };
	struct when_facts *facts = scanner->facts;
	unsigned best = VOTES_MIN - 1;

	for (size_t i = 0; i < view->n_documents; i++) {
		struct str tag = view->documents[i]->language;

		if (tag.n < 2)
			continue;
		if (facts->language.n == 0)
			facts->language = str_head(tag, str_find_char(tag, '-', 0));
		for (size_t r = 0; r < sizeof regions / sizeof *regions && tag.n == 5; r++) {
			if (str_is_nocase(str_skip(tag, 3), regions[r]))
				facts->region = regions[r];
		}
	}
	for (size_t i = 0; i < scanner->policy->n_languages; i++) {
		if (scanner->votes[i] > best) {
			best = scanner->votes[i];
			facts->language = scanner->policy->languages[i].code;
		}
	}
}

struct when_facts *when_scan(struct arena *arena, const struct view *view,
			     const struct policy *policy)
{
	const struct declaration *declared = &view->message->declared;
	struct scanner scanner = { .arena = arena, .policy = policy };

	scanner.words = policy->when_words != NULL ? policy->when_words
						   : when_words_compile(arena, policy, NULL);
	scanner.facts = ARENA_NEW(arena, struct when_facts);
	scanner.votes = ARENA_ARRAY(arena, policy->n_languages + 1, unsigned);
	for (size_t i = 0; i < view->n_documents; i++)
		scan_document(&scanner, view->documents[i]);
	add_source(&scanner, PLACE_SUBJECT, read_text(&scanner, (struct cased_text){ view->subject.bare,
									view->message->subject }));
	for (size_t i = 0; i < view->n_calendars; i++) {
		const struct part *part = &view->message->parts[view->calendars[i]];

		add_source(&scanner, PLACE_CALENDAR,
			   calendar_read(arena, part->text.n > 0 ? part->text : part->octets));
	}
	add_source(&scanner, PLACE_DECLARED,
		   timestamps_read(arena, scanner.words, policy, declared->start, declared->end));
	for (size_t i = 0; i < scanner.facts->n_sources; i++) {
		struct mention_list *list = scanner.facts->sources[i].list;

		if (list->zone.kind == ZONE_UNSTATED &&
		    scanner.facts->sources[i].place <= PLACE_HTML)
			list->zone = scanner.footer_zone;
	}
	tell_language(&scanner, view);
	return scanner.facts;
}
