#include "policy/when/atoms.h"

static struct atom *atom_add(struct reader *reader)
{
	struct atom_list *atoms = reader->atoms;

	ARENA_ROOM(reader->arena, atoms->items, atoms->n, atoms->cap);
	atoms->items[atoms->n] = (struct atom){ .kind = ATOM_GAP };
	return &atoms->items[atoms->n++];
}

static void add_gap(struct reader *reader)
{
	struct atom_list *atoms = reader->atoms;
	const struct token *token = reader_peek(reader, 0);
	struct atom *atom;

	if (atoms->n > 0 && atoms->items[atoms->n - 1].kind == ATOM_GAP) {
		atom = &atoms->items[atoms->n - 1];
	} else {
		atom = atom_add(reader);
		atom->begin = token->begin;
	}
	atom->value++;
	atom->end = token->end;
	reader->i++;
}

static struct atom *add_token(struct reader *reader, enum atom_kind kind, int value)
{
	const struct token *token = reader_peek(reader, 0);
	struct atom *atom = atom_add(reader);

	atom->kind = kind;
	atom->value = value;
	atom->begin = token->begin;
	atom->end = token->end;
	reader->i++;
	return atom;
}

/* A full stop ends a sentence where white space follows; ";" does too. */
static bool sign_ends_sentence(const struct reader *reader)
{
	const struct token *token = reader_peek(reader, 0), *after = reader_peek(reader, 1);

	switch (token->value) {
	case '!':
	case '?':
	case ';':
	case 0x3002: /* ideographic full stop */
		return true;
	case '.':
		return !after->glued || after->kind == TOKEN_BREAK || after->kind == TOKEN_END;
	default:
		return false;
	}
}

/* A dash at the head of a line is a bullet, elsewhere it may link two times. */
static bool sign_links(const struct reader *reader)
{
	const struct atom_list *atoms = reader->atoms;
	uint32_t c = reader_peek(reader, 0)->value;

	return (c == '-' || c == '~' || c == '>' || c == 0x301c || c == 0x2192 || c == 0x2026) && atoms->n > 0 &&
	       atoms->items[atoms->n - 1].kind != ATOM_BREAK &&
	       atoms->items[atoms->n - 1].kind != ATOM_GAP;
}

/* "20:00 UTC ... 22:00 UTC" is a range, and "Start ........ 20:00" a label. */
static bool read_dots(struct reader *reader)
{
	const struct atom_list *atoms = reader->atoms;
	enum atom_kind last = atoms->n > 0 ? atoms->items[atoms->n - 1].kind : ATOM_BREAK;
	bool after_time = last == ATOM_CLOCK || last == ATOM_ZONE || last == ATOM_DATE;
	size_t n = 1;

	while (token_is_sign(reader_peek(reader, n), '.') && reader_peek(reader, n)->glued)
		n++;
	if (n < 3 || !(n > 3 || (after_time && reader_peek(reader, n)->kind == TOKEN_NUMBER)))
		return false;
	if (after_time)
		add_token(reader, ATOM_LINK, 0);
	else
		add_token(reader, ATOM_SIGN, ':');
	reader->i += n - 1;
	return true;
}

static void read_sign(struct reader *reader)
{
	const struct token *token = reader_peek(reader, 0);
	const struct atom_list *atoms = reader->atoms;

	if (token->value == '.' && read_dots(reader))
		return;
	if (sign_ends_sentence(reader)) {
		add_token(reader, ATOM_BREAK, '.');
	} else if (token->value == '|') {
		add_token(reader, ATOM_BREAK, SIGN_CELL);
	} else if (sign_links(reader)) {
		add_token(reader, ATOM_LINK, 0);
	} else if (atoms->n > 0 && atoms->items[atoms->n - 1].kind == ATOM_SIGN &&
		   atoms->items[atoms->n - 1].value == (int)token->value && token->value != '(' &&
		   token->value != ')') {
		reader->i++; /* "====", "----" */
	} else {
		add_token(reader, ATOM_SIGN, (int)token->value);
	}
}

/* "per circa due ore": "Per" is Thursday in Turkish, but "circa" is not Turkish. */
static bool word_is_foreign(const struct token *token, int language)
{
	if (token->kind != TOKEN_WORD)
		return false;
	for (const struct word_meaning *m = token->meaning; m != NULL; m = m->next) {
		if (m->language == language || m->language < 0)
			return false;
	}
	return true;
}

/* "Mo.-Fr." and "Mo - Fr": two short names make each other weekdays. */
static bool weekdays_are_linked(const struct reader *reader)
{
	const struct atom_list *atoms = reader->atoms;
	size_t k = 1 + token_is_sign(reader_peek(reader, 1), '.');

	if (token_is_sign(reader_peek(reader, k), '-') &&
	    token_word(reader_peek(reader, k + 1), WORD_WEEKDAY) != NULL)
		return true;
	return atoms->n >= 2 && atoms->items[atoms->n - 1].kind == ATOM_LINK &&
	       atoms->items[atoms->n - 2].kind == ATOM_WEEKDAY;
}

/* Two letters, or one CJK character, are a weekday only beside what dates have around them. */
static bool weekday_is_meant(const struct reader *reader, const struct word_meaning *weekday)
{
	const struct token *token = reader_peek(reader, 0), *after = reader_peek(reader, 1);
	const struct token *before = reader->i > 0 ? &reader->tokens[reader->i - 1] : NULL;
	bool in_parens = before != NULL && token_is_sign(before, '(') &&
			 (token_is_sign(after, ')') || token_is_sign(after, '.') ||
			  token_is_sign(after, 0x30fb) || token_is_sign(after, '/'));

	if (in_parens)
		return true;
	if (!weekday->brief)
		return !weekday->abbreviated || !word_is_foreign(after, weekday->language);
	if (code_point_is_cjk(token->value))
		return false;
	if (weekdays_are_linked(reader))
		return true;
	if (token_is_sign(after, '.') || token_is_sign(after, ','))
		return reader_peek(reader, 2)->kind == TOKEN_NUMBER ||
		       token_word(reader_peek(reader, 2), WORD_FILL) != NULL;
	return after->kind == TOKEN_NUMBER && token->meaning->next == NULL;
}

static bool read_weekday(struct reader *reader)
{
	const struct word_meaning *weekday = token_word(reader_peek(reader, 0), WORD_WEEKDAY);
	const struct token *after = reader_peek(reader, 1);
	struct atom *atom;

	if (weekday == NULL || !weekday_is_meant(reader, weekday))
		return false;
	atom = add_token(reader, ATOM_WEEKDAY, weekday->value);
	atom->meaning = weekday;
	atom->sure = !weekday->brief;
	if (token_is_sign(after, '.') && after->glued)
		reader->i++;
	return true;
}

static bool read_relative(struct reader *reader)
{
	static const struct {
		enum word_kind word;
		enum relative_day day;
	} days[] = {
		{ WORD_TODAY, RELATIVE_TODAY },         { WORD_TONIGHT, RELATIVE_TONIGHT },
		{ WORD_TOMORROW, RELATIVE_TOMORROW },   { WORD_YESTERDAY, RELATIVE_YESTERDAY },
		{ WORD_AFTER_TOMORROW, RELATIVE_AFTER_TOMORROW },
		{ WORD_THIS_WEEK, RELATIVE_THIS_WEEK }, { WORD_NEXT_WEEK, RELATIVE_NEXT_WEEK },
	};

	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		if (token_word(reader_peek(reader, 0), days[i].word) != NULL) {
			const struct word_meaning *meaning = reader_peek(reader, 0)->meaning;

			add_token(reader, ATOM_RELATIVE, (int)days[i].day)->meaning = meaning;
			return true;
		}
	}
	if (token_word(reader_peek(reader, 0), WORD_NEXT_DAY) == NULL)
		return false;
	add_token(reader, ATOM_NEXT_DAY, 0);
	return true;
}

/* "H+30", "H-45 min": minutes before or after an hour named elsewhere. */
static bool read_offset(struct reader *reader)
{
	const struct token *h = reader_peek(reader, 0), *sign = reader_peek(reader, 1);
	const struct token *number = reader_peek(reader, 2), *unit = reader_peek(reader, 3);
	int minutes;
	struct atom *atom;

	if (h->end - h->begin != 1 || reader->text.p[h->begin] != 'h' || !sign->glued ||
	    (!token_is_sign(sign, '+') && !token_is_sign(sign, '-')) ||
	    number->kind != TOKEN_NUMBER || number->digits > 3 || h->glued)
		return false;
	/* Without a unit, what is too long for hours is minutes. */
	minutes = (int)number->value;
	if (token_word(unit, WORD_HOURS) != NULL ||
	    (token_word(unit, WORD_MINUTES) == NULL && minutes <= 12))
		minutes *= 60;
	atom = add_token(reader, ATOM_OFFSET, token_is_sign(sign, '-') ? -minutes : minutes);
	atom->end = number->end;
	reader->i += 2;
	return true;
}

static void note_place(struct reader *reader, const struct word_meaning *place)
{
	struct atom_list *atoms = reader->atoms;

	ARENA_ROOM(reader->arena, atoms->places, atoms->n_places, atoms->cap_places);
	atoms->places[atoms->n_places++] = place;
}

/* What a state says of the place before it, unless that is known to be elsewhere in the country. */
static void note_state(struct reader *reader, const struct word_meaning *place,
		       const struct place_zone *state)
{
	struct word_meaning *meaning = ARENA_NEW(reader->arena, struct word_meaning);

	meaning->kind = WORD_PLACE;
	meaning->kinds = WORD_BIT(WORD_PLACE);
	meaning->zone = zone_find(str_from(state->zone));
	meaning->region = state->region;
	if (place == NULL || place->region == NULL || strcmp(place->region, state->region) != 0 ||
	    place->zone == meaning->zone)
		note_place(reader, meaning);
}

/* "San Jose, CA": the state tells which of the places of a name is meant. */
static void read_place_name(struct reader *reader)
{
	const struct token *token = reader_peek(reader, 0), *state = reader_peek(reader, 2);
	const struct word_meaning *place = token_word(token, WORD_PLACE);

	if (token->kind == TOKEN_WORD && token_is_sign(reader_peek(reader, 1), ',') &&
	    state->kind == TOKEN_WORD && state->end - state->begin == 2 &&
	    reader_peek(reader, 3)->kind != TOKEN_WORD && reader_peek(reader, 1)->glued) {
		const struct place_zone *found = place_of_state(
			(struct str){ reader->text.p + state->begin, 2 });

		if (found != NULL)
			note_state(reader, place, found);
	}
	if (place != NULL)
		note_place(reader, place);
}

/* Stop words tell the language of a text; other words do where those are missing. */
static void vote(struct reader *reader, const struct token *token)
{
	for (const struct word_meaning *m = token->meaning; m != NULL; m = m->next) {
		if (m->language >= 0 && m->kind != WORD_PLACE && m->kind != WORD_ZONE_NAME)
			reader->atoms->votes[m->language] += m->kind == WORD_STOP ? VOTE_OF_STOP_WORD : 1;
	}
}

static bool read_words(struct reader *reader)
{
	const struct token *token = reader_peek(reader, 0);
	bool other = false;
	struct atom *atom;

	vote(reader, token);
	if (read_weekday(reader) || read_relative(reader))
		return true;
	for (const struct word_meaning *m = token->meaning; m != NULL; m = m->next)
		other |= m->kind != WORD_STOP;
	if (!other)
		return false;
	atom = add_token(reader, ATOM_WORD, (int)token->value);
	atom->meaning = token->meaning;
	return true;
}

/* "с 22 до 2 часов", "à 23h (CEST) jusqu'à 2h": the word for "up to" at i is the one for "until". */
static bool clock_before(const struct atom_list *atoms, size_t i)
{
	for (size_t n = 0; i-- > 0 && n < 7; n++) {
		const struct atom *atom = &atoms->items[i];

		if (atom->kind == ATOM_CLOCK)
			return true;
		if ((atom->kind == ATOM_GAP && atom->value > 2) || atom->kind == ATOM_DURATION ||
		    (atom->kind == ATOM_WORD && (word_of_kind(atom->meaning, WORD_FOR) != NULL ||
						 word_of_kind(atom->meaning, WORD_DURATION) != NULL)) ||
		    (atom->kind == ATOM_BREAK && atom->value != SIGN_LINE) ||
		    (atom->kind == ATOM_WORD && word_of_kind(atom->meaning, WORD_START) != NULL))
			return false;
	}
	return false;
}

/* Behind words like "for" and "duration", a number with a unit that could also be a clock time
 * ("2 h") is a duration. */
static bool duration_is_due(const struct reader *reader)
{
	const struct atom_list *atoms = reader->atoms;

	for (size_t i = atoms->n; i-- > 0 && atoms->n - i <= 4;) {
		const struct atom *atom = &atoms->items[i];

		if (atom->kind == ATOM_WORD && word_of_kind(atom->meaning, WORD_UNTIL) != NULL &&
		    clock_before(atoms, i))
			return false;
		if (atom->kind == ATOM_WORD && (word_of_kind(atom->meaning, WORD_FOR) != NULL ||
						word_of_kind(atom->meaning, WORD_DURATION) != NULL ||
						word_of_kind(atom->meaning, WORD_IMPACT) != NULL))
			return true;
		if (atom->kind == ATOM_BREAK && atom->value != SIGN_CELL)
			break;
		if (atom->kind == ATOM_WORD && word_of_kind(atom->meaning, WORD_AT) != NULL)
			continue;
		if (atom->kind != ATOM_SIGN && atom->kind != ATOM_GAP && atom->kind != ATOM_BREAK)
			break;
	}
	return false;
}

/* Most words mean nothing, and most signs too; "Europe/Berlin" need not be among the words. */
static bool may_begin_time(const struct reader *reader)
{
	static const uint64_t kinds =
		WORD_BIT(WORD_MONTH) | WORD_BIT(WORD_ORDINAL) | WORD_BIT(WORD_ERA) |
		WORD_BIT(WORD_AM) | WORD_BIT(WORD_PM) | WORD_BIT(WORD_NIGHT) | WORD_BIT(WORD_NOON) |
		WORD_BIT(WORD_MIDNIGHT) | WORD_BIT(WORD_NUMBER) | WORD_BIT(WORD_HALF) |
		WORD_BIT(WORD_ABBREVIATION) | WORD_BIT(WORD_ZONE_NAME) | WORD_BIT(WORD_PLACE) |
		WORD_BIT(WORD_LOCAL) | WORD_BIT(WORD_TIME) | WORD_BIT(WORD_SHIFT) |
		WORD_BIT(WORD_LASTING);
	const struct token *token = reader_peek(reader, 0);

	if (token->kind == TOKEN_SIGN)
		return token->value == '+' || token->value == '-';
	return token->kind == TOKEN_NUMBER || token_is_sign(reader_peek(reader, 1), '/') ||
	       (token->meaning != NULL && (token->meaning->kinds & kinds) != 0);
}

static bool read_time(struct reader *reader)
{
	struct atom atom;

	if (!may_begin_time(reader))
		return false;
	if (!(duration_is_due(reader) && read_duration(reader, &atom)) && !read_date(reader, &atom) &&
	    !read_clock(reader, &atom) && !read_duration(reader, &atom) && !read_zone(reader, &atom))
		return false;
	*atom_add(reader) = atom;
	/* The "T" of a timestamp. */
	if (atom.kind == ATOM_DATE) {
		const struct token *t = reader_peek(reader, 0);

		if (t->kind == TOKEN_WORD && t->glued && t->end - t->begin == 1 &&
		    reader->text.p[t->begin] == 't' && reader_peek(reader, 1)->glued)
			reader->i++;
	}
	return true;
}

struct atom_list *atoms_read(struct arena *arena, const struct when_words *words,
			     const struct policy *policy, struct cased_text text)
{
	struct atom_list *atoms = ARENA_NEW(arena, struct atom_list);
	struct reader reader = {
		.arena = arena, .words = words, .text = str_head(text.folded, TEXT_MAX), .atoms = atoms
	};

	atoms->text = reader.text;
	atoms->original = text.original.n == text.folded.n ? str_head(text.original, TEXT_MAX)
							   : reader.text;
	atoms->votes = ARENA_ARRAY(arena, policy->n_languages + 1, unsigned);
	tokens_read(&reader);
	/* Room at once for what prose comes to, so that nothing is copied while it grows. */
	atoms->cap = reader.n / 2 + 8 < ATOMS_MAX ? reader.n / 2 + 8 : ATOMS_MAX;
	atoms->items = ARENA_ARRAY(arena, atoms->cap, struct atom);
	while (reader.i < reader.n && atoms->n < ATOMS_MAX) {
		const struct token *token = reader_peek(&reader, 0);

		if (token->kind == TOKEN_BREAK) {
			add_token(&reader, ATOM_BREAK, (int)token->value);
			continue;
		}
		if (reader.link_at == reader.i && reader.i > 0) {
			add_token(&reader, ATOM_LINK, 0);
			continue;
		}
		if (token->kind == TOKEN_WORD)
			read_place_name(&reader);
		if (read_offset(&reader) || read_late_year(&reader) || read_time(&reader))
			continue;
		if (token->kind == TOKEN_SIGN)
			read_sign(&reader);
		else if (token->meaning == NULL || !read_words(&reader))
			add_gap(&reader);
	}
	return atoms;
}
