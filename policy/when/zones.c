#include "policy/when/atoms.h"

#define OFFSET_MAX_MINUTES (14 * 60)

static const struct atom *atom_before(const struct reader *reader, size_t n)
{
	const struct atom_list *atoms = reader->atoms;

	return atoms->n >= n ? &atoms->items[atoms->n - n] : NULL;
}

/* "+8", "+08:00", "-0530", "+5.5" is none; at k. A "-" counts where it touches both sides, for
 * "20:00 UTC - 22:00" is a range. */
static bool offset_at(const struct reader *reader, size_t *k, bool glued, int *ret_minutes)
{
	const struct token *sign = reader_peek(reader, *k), *hours = reader_peek(reader, *k + 1);
	const struct token *minutes = reader_peek(reader, *k + 3);
	int value, sign_of = token_is_sign(sign, '-') || token_is_sign(sign, 0x2212) ? -1 : 1;
	size_t end = *k + 2;

	if ((sign_of > 0 && !token_is_sign(sign, '+')) || hours->kind != TOKEN_NUMBER ||
	    (hours->digits > 2 && hours->digits != 4) || (sign_of < 0 && !hours->glued) ||
	    (sign_of < 0 && glued && !sign->glued))
		return false;
	value = hours->digits == 4 ? (int)hours->value / 100 * 60 + (int)hours->value % 100
				   : (int)hours->value * 60;
	if (hours->digits <= 2 &&
	    (token_is_sign(reader_peek(reader, end), ':') ||
	     token_is_sign(reader_peek(reader, end), '.')) &&
	    minutes->kind == TOKEN_NUMBER && minutes->digits == 2 && minutes->glued) {
		value += (int)minutes->value;
		end += 2;
	}
	if (value > OFFSET_MAX_MINUTES || value % 15 != 0)
		return false;
	*ret_minutes = sign_of * value;
	*k = end;
	return true;
}

static bool zone_finish(struct reader *reader, size_t k, struct zone_spec zone,
			struct atom *ret_atom)
{
	*ret_atom = (struct atom){ .kind = ATOM_ZONE,
				   .begin = reader_peek(reader, 0)->begin,
				   .end = reader_peek(reader, k - 1)->end,
				   .zone = zone };
	reader->i += k;
	return true;
}

/* Windows writes "(UTC+01:00) Amsterdam, Berlin, ..." for the zone of those places, and
 * "(UTC-08:00) Pacific Time (US & Canada)" in summer too. */
static bool places_after_offset(const struct reader *reader, size_t k, int minutes,
				const struct zone **ret_zone)
{
	const struct word_meaning *place, *name;

	if (reader->i == 0 || !token_is_sign(&reader->tokens[reader->i - 1], '(') ||
	    !token_is_sign(reader_peek(reader, k), ')'))
		return false;
	name = token_word(reader_peek(reader, k + 1), WORD_ABBREVIATION);
	if (name != NULL && abbreviations[name->value].generic &&
	    abbreviations[name->value].meanings[0].minutes == minutes) {
		*ret_zone = zone_find(str_from(abbreviations[name->value].meanings[0].zone));
		return *ret_zone != NULL;
	}
	place = token_word(reader_peek(reader, k + 1), WORD_PLACE);
	if (place == NULL || place->zone == NULL || !token_is_sign(reader_peek(reader, k + 2), ','))
		return false;
	*ret_zone = place->zone;
	return true;
}

/* "et" and the like are words of other languages and states too. */
static bool strict_is_meant(const struct reader *reader)
{
	for (size_t n = 1; n <= 4; n++) {
		const struct atom *atom = atom_before(reader, n);

		if (atom == NULL || (atom->kind == ATOM_BREAK && atom->value != SIGN_CELL))
			return false;
		if (atom->kind == ATOM_CLOCK || atom->kind == ATOM_ZONE)
			return true;
		if (atom->kind == ATOM_WORD && word_of_kind(atom->meaning, WORD_ZONE_LABEL) != NULL)
			return true;
		if (atom->kind == ATOM_GAP && n > 1)
			return false;
	}
	return false;
}

/* The token behind; where a line was wrapped there, the word that goes on in the next one. */
static const struct token *token_behind(const struct reader *reader)
{
	const struct token *after = reader_peek(reader, 1), *next = reader_peek(reader, 2);
	struct str text = reader->atoms->original;

	if (after->kind == TOKEN_BREAK && after->value == (uint32_t)SIGN_LINE &&
	    next->kind == TOKEN_WORD && !(text.p[next->begin] >= 'A' && text.p[next->begin] <= 'Z'))
		return next;
	return after;
}

/* "est", "ist", "art", "west" and "eat" are words of French, German and English: as a zone they
 * are not followed by any other word than those that go on about a time. */
static bool word_goes_on(const struct reader *reader)
{
	static const enum word_kind kinds[] = { WORD_AT,       WORD_TO,    WORD_UNTIL,  WORD_AND,
						WORD_OR,       WORD_FROM,  WORD_WEEKDAY, WORD_MONTH,
						WORD_NEXT_DAY, WORD_TODAY, WORD_TOMORROW, WORD_END,
						WORD_START,    WORD_ABBREVIATION };
	const struct token *after = token_behind(reader);

	/* "22 h 30 et 23 h" */
	if (after->kind == TOKEN_NUMBER &&
	    token_word(reader_peek(reader, 0), WORD_AND) != NULL &&
	    (token_is_sign(reader_peek(reader, 2), ':') ||
	     token_word(reader_peek(reader, 2), WORD_OCLOCK) != NULL))
		return false;
	if (after->kind != TOKEN_WORD)
		return true;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const struct word_meaning *meaning = token_word(after, kinds[i]);

		for (; meaning != NULL; meaning = word_of_kind(meaning->next, kinds[i])) {
			struct str language = words_language(reader->words, meaning->language);

			if (meaning->language < 0 || str_is(language, "en"))
				return true;
		}
	}
	return false;
}

/* "EST contoso-prod", but not "EST PRÉVU": in capitals among words that are not. */
static bool is_capitals(const struct reader *reader)
{
	const struct token *token = reader_peek(reader, 0), *after = reader_peek(reader, 1);
	struct str text = reader->atoms->original;

	for (size_t i = token->begin; i < token->end; i++) {
		if (text.p[i] < 'A' || text.p[i] > 'Z')
			return false;
	}
	for (size_t i = after->begin; after->kind == TOKEN_WORD && i < after->end; i++) {
		if (text.p[i] >= 'a' && text.p[i] <= 'z')
			return true;
	}
	return false;
}

static bool is_common_word(const char *name)
{
	static const char *const words[] = { "est", "ist", "art", "west", "eat",
					     "cot", "met", "wet",  "et",
					     "wat", "cat", "pet", "vet" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(name, words[i]) == 0)
			return true;
	}
	return false;
}

static bool in_parens(const struct reader *reader)
{
	return reader->i > 0 && token_is_sign(&reader->tokens[reader->i - 1], '(') &&
	       token_is_sign(reader_peek(reader, 1), ')');
}

static bool read_abbreviation(struct reader *reader, struct atom *ret_atom)
{
	const struct token *token = reader_peek(reader, 0);
	const struct word_meaning *meaning = token_word(token, WORD_ABBREVIATION);
	const struct abbreviation *abbreviation;
	struct zone_spec spec = { .kind = ZONE_ABBREVIATION };
	size_t k = 1, more;

	if (meaning == NULL)
		return false;
	abbreviation = &abbreviations[meaning->value];
	spec.abbreviation = abbreviation;
	if ((abbreviation->strict || is_common_word(abbreviation->name)) && !in_parens(reader) &&
	    !strict_is_meant(reader))
		return false;
	if (is_common_word(abbreviation->name) && !is_capitals(reader) && !word_goes_on(reader))
		return false;
	if (str_is(str_from(abbreviation->name), "z") &&
	    (!token->glued || atom_before(reader, 1) == NULL ||
	     atom_before(reader, 1)->kind != ATOM_CLOCK))
		return false;
	/* "CET/CEST" changes with the season: it is the place's own time. */
	if (token_is_sign(reader_peek(reader, 1), '/') &&
	    token_word(reader_peek(reader, 2), WORD_ABBREVIATION) != NULL && abbreviation->n == 1 &&
	    abbreviation->meanings[0].zone != NULL) {
		const struct abbreviation *other =
			&abbreviations[token_word(reader_peek(reader, 2), WORD_ABBREVIATION)->value];

		if (other->n == 1 && other->meanings[0].zone == abbreviation->meanings[0].zone) {
			spec = (struct zone_spec){ .kind = ZONE_PLACE,
						   .zone = zone_find(str_from(
							   abbreviation->meanings[0].zone)) };
			return zone_finish(reader, 3, spec, ret_atom);
		}
	}
	more = k;
	if (abbreviation->n == 1 && abbreviation->meanings[0].zone == NULL &&
	    offset_at(reader, &more, true, &spec.minutes)) {
		spec.kind = ZONE_FIXED;
		k = more;
		if (places_after_offset(reader, k, spec.minutes, &spec.zone))
			spec.kind = ZONE_PLACE;
	}
	return zone_finish(reader, k, spec, ret_atom);
}

/* "Europe/Berlin" */
static bool read_iana(struct reader *reader, struct atom *ret_atom)
{
	const struct token *token = reader_peek(reader, 0);
	size_t end = token->begin, k = 0;
	const struct zone *zone;

	if (token->kind != TOKEN_WORD || !token_is_sign(reader_peek(reader, 1), '/') ||
	    reader_peek(reader, 2)->kind != TOKEN_WORD || !reader_peek(reader, 2)->glued)
		return false;
	while (end < reader->text.n && end - token->begin < 48 &&
	       (ascii_is_alpha(reader->text.p[end]) || reader->text.p[end] == '/' ||
		reader->text.p[end] == '_'))
		end++;
	zone = zone_find((struct str){ reader->text.p + token->begin, end - token->begin });
	if (zone == NULL)
		return false;
	while (reader_peek(reader, k)->kind != TOKEN_END && reader_peek(reader, k)->begin < end)
		k++;
	return zone_finish(reader, k, (struct zone_spec){ .kind = ZONE_PLACE, .zone = zone }, ret_atom);
}

/* Behind "in", "of", "de", where a place follows. */
static const struct word_meaning *place_at(const struct reader *reader, size_t *k)
{
	size_t at = *k;
	const struct word_meaning *place;

	for (int i = 0; i < 3; i++) {
		const struct token *token = reader_peek(reader, at);

		place = token_word(token, WORD_PLACE);
		if (place != NULL) {
			*k = at + 1;
			return place;
		}
		if (token_word(token, WORD_FILL) == NULL && token_word(token, WORD_AT) == NULL &&
		    !(token->kind == TOKEN_BREAK && token->value == SIGN_LINE) &&
		    !token_is_sign(token, '(') && !token_is_sign(token, ','))
			return NULL;
		at++;
	}
	return NULL;
}

/* "Singapore: 23 Aug 2026 00:00" and a cell "Singapore" before such a one: the place's own time. */
static bool place_is_label(const struct reader *reader)
{
	const struct token *sign = reader_peek(reader, 1);
	const struct atom *last = atom_before(reader, 1);

	return (last == NULL || last->kind == ATOM_BREAK) &&
	       (token_is_sign(sign, ':') ||
		(sign->kind == TOKEN_BREAK && sign->value == (uint32_t)SIGN_CELL)) &&
	       (reader_peek(reader, 2)->kind == TOKEN_NUMBER ||
		token_word(reader_peek(reader, 2), WORD_WEEKDAY) != NULL ||
		token_word(reader_peek(reader, 2), WORD_MONTH) != NULL);
}

/* "Time zone: Madrid", "in the time zone of Madrid" */
static bool follows_zone_label(const struct reader *reader)
{
	for (size_t n = 1; n <= 4; n++) {
		const struct atom *atom = atom_before(reader, n);

		if (atom == NULL)
			return false;
		if (atom->kind == ATOM_WORD && word_of_kind(atom->meaning, WORD_ZONE_LABEL) != NULL)
			return true;
		if (atom->kind != ATOM_SIGN &&
		    !(atom->kind == ATOM_BREAK && atom->value == SIGN_CELL) &&
		    !(atom->kind == ATOM_WORD && (word_of_kind(atom->meaning, WORD_FILL) != NULL ||
						  word_of_kind(atom->meaning, WORD_AT) != NULL)))
			return false;
	}
	return false;
}

/* "local time in Frankfurt", "heure de Paris", "London time", "Frankfurt local time". */
static bool read_place_time(struct reader *reader, struct atom *ret_atom)
{
	const struct token *token = reader_peek(reader, 0), *after = reader_peek(reader, 1);
	const struct word_meaning *place = token_word(token, WORD_PLACE);
	const struct atom *last = atom_before(reader, 1);
	bool local = token_word(token, WORD_LOCAL) != NULL;
	struct zone_spec spec = { .kind = ZONE_PLACE };
	size_t k = 1;

	if (place != NULL && place->zone != NULL) {
		spec.zone = place->zone;
		if (token_word(after, WORD_TIME) != NULL || token_word(after, WORD_LOCAL) != NULL)
			return zone_finish(reader, 2, spec, ret_atom);
		if ((last != NULL && last->kind == ATOM_CLOCK) || place_is_label(reader) ||
		    follows_zone_label(reader))
			return zone_finish(reader, 1, spec, ret_atom);
		if (last != NULL && last->kind == ATOM_SIGN && last->value == '(' &&
		    atom_before(reader, 2) != NULL && atom_before(reader, 2)->kind == ATOM_CLOCK &&
		    token_is_sign(after, ')'))
			return zone_finish(reader, 1, spec, ret_atom);
		return false;
	}
	if (!local && token_word(token, WORD_TIME) == NULL)
		return false;
	place = place_at(reader, &k);
	if (place != NULL && place->zone != NULL) {
		spec.zone = place->zone;
		return zone_finish(reader, k, spec, ret_atom);
	}
	return local && zone_finish(reader, 1, (struct zone_spec){ .kind = ZONE_LOCAL }, ret_atom);
}

/* "+08:00" directly behind a clock time; "-05:00" behind one with a "T", and "-0500". */
static bool read_bare_offset(struct reader *reader, struct atom *ret_atom)
{
	const struct token *sign = reader_peek(reader, 0), *hours = reader_peek(reader, 1);
	const struct atom *clock = atom_before(reader, 1);
	struct zone_spec spec = { .kind = ZONE_FIXED };
	size_t k = 0;
	bool timestamp;

	if (clock == NULL || clock->kind != ATOM_CLOCK)
		return false;
	timestamp = clock->begin > 0 && reader->text.p[clock->begin - 1] == 't' && sign->glued;
	if (!token_is_sign(sign, '+') && !(token_is_sign(sign, '-') &&
					   (timestamp || (hours->digits == 4 && !sign->glued))))
		return false;
	if (!offset_at(reader, &k, false, &spec.minutes))
		return false;
	return zone_finish(reader, k, spec, ret_atom);
}

bool read_zone(struct reader *reader, struct atom *ret_atom)
{
	const struct token *token = reader_peek(reader, 0);
	const struct word_meaning *name;

	if (token->kind == TOKEN_SIGN)
		return read_bare_offset(reader, ret_atom);
	if (token->kind != TOKEN_WORD)
		return false;
	name = token_word(token, WORD_ZONE_NAME);
	if (name != NULL && name->zone != NULL)
		return zone_finish(reader, 1,
				   (struct zone_spec){ .kind = ZONE_PLACE, .zone = name->zone },
				   ret_atom);
	return read_abbreviation(reader, ret_atom) || read_iana(reader, ret_atom) ||
	       read_place_time(reader, ret_atom);
}
