#include "policy/when/atoms.h"

/* Syllables of Korean, which puts spaces between its words. */
#define HANGUL_FIRST 0xac00
#define HANGUL_LAST 0xd7a3

/* What a number needs to be a clock time, before its neighbours are asked. */
struct clock_draft {
	struct clock_part clock;
	size_t tokens;
	bool colon;    /* "22:00" */
	bool dotted;   /* "22.00": also a version or a price */
	bool unit;     /* has "Uhr", "h", am or pm */
	bool either;   /* its unit also counts hours: "22 h", "22 heures" */
};

static void clock_apply(struct clock_part *clock, enum meridiem meridiem)
{
	clock->open = false;
	clock->meridiem = meridiem;
	if (clock->hour > 12)
		return;
	if (meridiem == MERIDIEM_PM && clock->hour < 12)
		clock->hour += 12;
	else if (meridiem == MERIDIEM_AM && clock->hour == 12)
		clock->hour = 0;
	else if (meridiem == MERIDIEM_NIGHT && clock->hour == 12)
		clock->hour = 0;
	else if (meridiem == MERIDIEM_NIGHT && clock->hour >= 6)
		clock->hour += 12;
}

static enum meridiem token_meridiem(const struct token *token)
{
	/* "this evening" is a day first; its part of the day is told by the group. */
	if (token->meaning != NULL &&
	    (token->meaning->kinds & (WORD_BIT(WORD_TONIGHT) | WORD_BIT(WORD_TODAY) |
				      WORD_BIT(WORD_TOMORROW) | WORD_BIT(WORD_YESTERDAY))) != 0)
		return MERIDIEM_NONE;
	if (token_word(token, WORD_AM) != NULL)
		return MERIDIEM_AM;
	if (token_word(token, WORD_PM) != NULL)
		return MERIDIEM_PM;
	return token_word(token, WORD_NIGHT) != NULL ? MERIDIEM_NIGHT : MERIDIEM_NONE;
}

/* ":30", ":30:15", ":30:15.28" at k; the minutes must have two digits. */
static size_t draft_minutes(const struct reader *reader, size_t k, struct clock_draft *draft)
{
	uint32_t separator = reader_peek(reader, k)->value;
	const struct token *token = reader_peek(reader, k + 1);

	if (token->kind != TOKEN_NUMBER || token->digits != 2 || !token->glued || token->value > 59)
		return k;
	draft->clock.minute = (int)token->value;
	draft->dotted = separator == '.';
	draft->colon = separator == ':';
	k += 2;
	token = reader_peek(reader, k + 1);
	if (token_is_sign(reader_peek(reader, k), separator) && token->kind == TOKEN_NUMBER &&
	    token->glued && reader_peek(reader, k)->glued) {
		if (token->digits != 2 || token->value > 60)
			return 0;
		draft->clock.second = (int)token->value;
		k += 2;
		if (token_is_sign(reader_peek(reader, k), '.') &&
		    reader_peek(reader, k + 1)->kind == TOKEN_NUMBER &&
		    reader_peek(reader, k + 1)->glued && separator == ':')
			k += 2;
	}
	return k;
}

/* "3点半", "8時半", "8시 반" at k, behind the sign of hours; not "8시 반영", another word's first sign. */
static bool half_follows(const struct reader *reader, size_t k)
{
	const struct token *sign = reader_peek(reader, k - 1), *half = reader_peek(reader, k);
	const struct token *after = reader_peek(reader, k + 1);

	if (token_word(half, WORD_HALF) == NULL)
		return false;
	if (sign->value < HANGUL_FIRST || sign->value > HANGUL_LAST)
		return half->glued;
	return !after->glued || after->kind != TOKEN_WORD || after->meaning != NULL;
}

/* "h", "Uhr", "時" behind the hour, with minutes behind it: "22h30", "22時30分", "3点半". */
static size_t draft_unit(const struct reader *reader, size_t k, bool bare,
			 struct clock_draft *draft)
{
	const struct token *unit = reader_peek(reader, k), *minutes = reader_peek(reader, k + 1);
	bool hours = token_word(unit, WORD_HOURS) != NULL;

	if (token_word(unit, WORD_OCLOCK) == NULL)
		return k;
	draft->unit = true;
	draft->either = hours && bare;
	k++;
	if (half_follows(reader, k)) {
		draft->clock.minute = 30;
		return k + 1;
	}
	if (minutes->kind != TOKEN_NUMBER || minutes->digits > 2 || minutes->value > 59 ||
	    draft->colon || draft->dotted)
		return k;
	if (token_word(reader_peek(reader, k + 1), WORD_MINUTES) != NULL) {
		draft->clock.minute = (int)minutes->value;
		draft->either = draft->either && !code_point_is_cjk(unit->value);
		return k + 2;
	}
	/* "21 heures 30" */
	if (minutes->digits == 2 && (minutes->glued || !hours || unit->end - unit->begin == 1 ||
				     draft->clock.hour > 12) &&
	    !token_is_sign(reader_peek(reader, k + 1), '.') &&
	    token_word(reader_peek(reader, k + 1), WORD_MONTH) == NULL &&
	    !token_is_sign(reader_peek(reader, k + 1), '/')) {
		draft->clock.minute = (int)minutes->value;
		draft->either = false;
		return k + 1;
	}
	return k;
}

/* The number at k and all that belongs to it; false where it cannot be a clock time. */
static bool clock_draft(const struct reader *reader, size_t k, struct clock_draft *draft)
{
	const struct token *hour = reader_peek(reader, k);
	size_t begin = k, end;
	enum meridiem meridiem;

	*draft = (struct clock_draft){ .clock = { .has = true } };
	if (hour->kind != TOKEN_NUMBER || hour->digits > 2 || hour->value > 29)
		return false;
	draft->clock.hour = (int)hour->value;
	draft->clock.open = true;
	k++;
	if ((token_is_sign(reader_peek(reader, k), ':') || token_is_sign(reader_peek(reader, k), '.')) &&
	    reader_peek(reader, k)->glued) {
		end = draft_minutes(reader, k, draft);
		if (end == 0)
			return false;
		if (end > k) {
			draft->clock.open = hour->digits < 2 || hour->value <= 12;
			draft->clock.padded = hour->digits == 2;
		}
		k = end;
	}
	k = draft_unit(reader, k, k - begin == 1, draft);
	meridiem = token_meridiem(reader_peek(reader, k));
	if (meridiem != MERIDIEM_NONE && draft->clock.hour <= 12) {
		clock_apply(&draft->clock, meridiem);
		draft->unit = true;
		draft->either = false;
		k++;
	} else if (meridiem != MERIDIEM_NONE) {
		k++;
	}
	if (token_word(reader_peek(reader, k), WORD_NOON) != NULL && draft->clock.hour == 12) {
		draft->unit = true;
		draft->clock.open = false;
		k++;
	} else if (token_word(reader_peek(reader, k), WORD_MIDNIGHT) != NULL &&
		   draft->clock.hour % 12 == 0) {
		draft->unit = draft->clock.midnight = true;
		draft->clock.hour = 0;
		draft->clock.open = false;
		k++;
	}
	draft->tokens = k - begin;
	return true;
}

/* The hour at k, in figures or as a word; -1 where there is none. */
static int hour_at(const struct token *token)
{
	const struct word_meaning *word = token_word(token, WORD_NUMBER);

	if (token->kind == TOKEN_NUMBER && token->digits <= 2 && token->value <= 12)
		return (int)token->value;
	return word != NULL && word->value % 60 == 0 && word->value <= 12 * 60 ? word->value / 60 : -1;
}

/* A clock time that needs no neighbour's help stands at k, behind "at" and the like. */
static bool clock_follows(const struct reader *reader, size_t k)
{
	struct clock_draft draft;

	while (token_word(reader_peek(reader, k), WORD_AT) != NULL ||
	       token_word(reader_peek(reader, k), WORD_CLOCK) != NULL ||
	       token_word(reader_peek(reader, k), WORD_FILL) != NULL)
		k++;
	if (token_word(reader_peek(reader, k), WORD_SHIFT) != NULL)
		return hour_at(reader_peek(reader, k + 1)) >= 0;
	return clock_draft(reader, k, &draft) && draft.unit;
}

static enum atom_kind last_kind(const struct reader *reader)
{
	return reader->atoms->n > 0 ? reader->atoms->items[reader->atoms->n - 1].kind : ATOM_BREAK;
}

/* "22:00 - 2": the partner of a clock time already read. */
static bool follows_linked_clock(const struct reader *reader)
{
	const struct atom_list *atoms = reader->atoms;

	if (atoms->n < 2 || atoms->items[atoms->n - 2].kind != ATOM_CLOCK)
		return false;
	const struct atom *link = &atoms->items[atoms->n - 1];
	if (atoms->n >= 3 && link->kind == ATOM_WORD && atoms->items[atoms->n - 3].kind == ATOM_WORD &&
	    word_of_kind(link->meaning, WORD_AND) != NULL &&
	    word_of_kind(atoms->items[atoms->n - 3].meaning, WORD_FROM) != NULL)
		return true;
	return link->kind == ATOM_LINK ||
	       (link->kind == ATOM_WORD && (word_of_kind(link->meaning, WORD_TO) != NULL ||
					    word_of_kind(link->meaning, WORD_UNTIL) != NULL));
}

/* "14 maart 2026, 21 uur" */
static bool follows_date_and_comma(const struct reader *reader)
{
	const struct atom_list *atoms = reader->atoms;

	return atoms->n >= 2 && atoms->items[atoms->n - 1].kind == ATOM_SIGN &&
	       atoms->items[atoms->n - 1].value == ',' &&
	       (atoms->items[atoms->n - 2].kind == ATOM_DATE ||
		atoms->items[atoms->n - 2].kind == ATOM_WEEKDAY);
}

static bool has_cue(const struct reader *reader)
{
	static const enum word_kind cues[] = { WORD_AT, WORD_FROM, WORD_TO, WORD_UNTIL, WORD_CLOCK,
					       WORD_AND };

	return token_is_any(token_before(reader, 1), cues, 6);
}

/* Whether a draft without ":" means a clock time, by what stands around it. */
static bool draft_is_clock(const struct reader *reader, const struct clock_draft *draft)
{
	enum atom_kind last = last_kind(reader);
	size_t next = draft->tokens;

	if (draft->unit && !draft->either)
		return true;
	if (draft->dotted && (last == ATOM_DATE || last == ATOM_WEEKDAY || has_cue(reader)))
		return true;
	/* "20:00 - 2 hours" */
	if (last == ATOM_LINK && draft->either && draft->clock.hour <= 12 &&
	    reader_peek(reader, 1)->end - reader_peek(reader, 1)->begin > 2)
		return false;
	if (follows_linked_clock(reader) || token_is_any(token_before(reader, 1),
							 (enum word_kind[]){ WORD_CLOCK }, 1))
		return true;
	if (token_is_link(reader_peek(reader, next)) && clock_follows(reader, next + 1))
		return true;
	if (draft->either)
		return has_cue(reader) || last == ATOM_DATE || last == ATOM_WEEKDAY ||
		       last == ATOM_LINK ||
		       (draft->clock.hour > 12 && follows_date_and_comma(reader)) ||
		       (token_before(reader, 1) != NULL && token_is_sign(token_before(reader, 1), '='));
	if (draft->dotted) {
		/* 22.00-02.00, 22.00 (CET) */
		struct clock_draft partner;

		if (token_is_link(reader_peek(reader, next)) &&
		    clock_draft(reader, next + 1, &partner) && partner.dotted)
			return true;
		next += token_is_sign(reader_peek(reader, next), '(');
		return token_word(reader_peek(reader, next), WORD_ABBREVIATION) != NULL;
	}
	return false;
}

static bool number_is_glued(const struct reader *reader)
{
	const struct token *token = reader_peek(reader, 0);
	char before = token->begin > 0 ? reader->text.p[token->begin - 1] : ' ';

	return token->glued && (before == '.' || before == '#' || before == '+' ||
				(token->begin > 1 && (before == ',' || before == '/' || before == ':') &&
				 ascii_is_digit(reader->text.p[token->begin - 2])));
}

static bool before_is_t(const struct reader *reader)
{
	const struct token *token = token_before(reader, 1);

	return token != NULL && token->kind == TOKEN_WORD && token->end - token->begin == 1 &&
	       reader->text.p[token->begin] == 't' && reader_peek(reader, 0)->glued;
}

/* 2200, 220000: behind a "T", or before a zone or a unit. */
static bool read_packed(struct reader *reader, struct atom *ret_atom)
{
	const struct token *token = reader_peek(reader, 0), *after = reader_peek(reader, 1);
	int value = (int)token->value, second = 0;

	if (token->kind != TOKEN_NUMBER || (token->digits != 4 && token->digits != 6))
		return false;
	if (!before_is_t(reader) &&
	    (token->digits != 4 ||
	     (token_word(after, WORD_ABBREVIATION) == NULL && token_word(after, WORD_OCLOCK) == NULL &&
	      !(token_is_sign(after, '(') &&
		token_word(reader_peek(reader, 2), WORD_ABBREVIATION) != NULL) &&
	      !(token_is_link(after) && reader_peek(reader, 2)->digits == 4 &&
		(has_cue(reader) ||
		 token_word(reader_peek(reader, 3), WORD_ABBREVIATION) != NULL ||
		 token_word(reader_peek(reader, 3), WORD_OCLOCK) != NULL)) &&
	      !follows_linked_clock(reader))))
		return false;
	if (token->digits == 6) {
		second = value % 100;
		value /= 100;
	}
	if (value / 100 > 24 || value % 100 > 59)
		return false;
	*ret_atom = (struct atom){ .kind = ATOM_CLOCK,
				   .begin = token->begin,
				   .end = token->end,
				   .clock = { .has = true,
					      .hour = value / 100,
					      .minute = value % 100,
					      .second = second } };
	reader->i += 1 + (token_word(after, WORD_OCLOCK) != NULL);
	return true;
}

static bool read_named_hour(struct reader *reader, struct atom *ret_atom)
{
	const struct token *token = reader_peek(reader, 0);
	bool noon = token_word(token, WORD_NOON) != NULL;

	if (!noon && token_word(token, WORD_MIDNIGHT) == NULL)
		return false;
	*ret_atom = (struct atom){ .kind = ATOM_CLOCK,
				   .begin = token->begin,
				   .end = token->end,
				   .clock = { .has = true, .hour = noon ? 12 : 0, .midnight = !noon } };
	reader->i++;
	return true;
}

/* "half past ten", "halb zehn", "ten o'clock" */
static bool read_spoken_clock(struct reader *reader, struct atom *ret_atom)
{
	const struct word_meaning *shift = token_word(reader_peek(reader, 0), WORD_SHIFT);
	size_t k = shift != NULL ? 1 : 0;
	const struct token *unit = reader_peek(reader, k + 1);
	int hour = hour_at(reader_peek(reader, k)), minutes;
	struct clock_part clock = { .has = true, .open = true };
	enum meridiem meridiem;

	/* "half one hour" is no clock time. */
	if (unit_minutes(unit) > 0 && token_word(unit, WORD_OCLOCK) == NULL)
		return false;
	/* Without a word that shifts it, an hour in words needs a unit that counts no hours. */
	if (hour < 0 || (shift == NULL && (reader_peek(reader, k)->kind == TOKEN_NUMBER ||
					   token_word(unit, WORD_OCLOCK) == NULL ||
					   token_word(unit, WORD_HOURS) != NULL)))
		return false;
	minutes = (hour * 60 + (shift != NULL ? shift->value : 0) + 12 * 60) % (12 * 60);
	clock.hour = minutes / 60 == 0 ? 12 : minutes / 60;
	clock.minute = minutes % 60;
	k += 1 + (token_word(unit, WORD_OCLOCK) != NULL);
	meridiem = token_meridiem(reader_peek(reader, k));
	if (meridiem != MERIDIEM_NONE) {
		clock_apply(&clock, meridiem);
		k++;
	}
	*ret_atom = (struct atom){ .kind = ATOM_CLOCK,
				   .begin = reader_peek(reader, 0)->begin,
				   .end = reader_peek(reader, k - 1)->end,
				   .clock = clock };
	reader->i += k;
	return true;
}

/* What a word says of the part of the day in one language: "am" is a preposition in German. */
static enum meridiem meridiem_in(const struct token *token, int language)
{
	if (token_meridiem(token) == MERIDIEM_NONE)
		return MERIDIEM_NONE;
	for (const struct word_meaning *m = token->meaning; m != NULL; m = m->next) {
		if (m->language != language)
			continue;
		if (m->kind == WORD_AM || m->kind == WORD_PM || m->kind == WORD_NIGHT)
			return m->kind == WORD_AM   ? MERIDIEM_AM
			       : m->kind == WORD_PM ? MERIDIEM_PM
						    : MERIDIEM_NIGHT;
	}
	return MERIDIEM_NONE;
}

/* "UTC", "(UTC" at k; an abbreviation of several meanings may be a word: "est", "ist". */
static bool zone_follows(const struct reader *reader, size_t k)
{
	bool opened = token_is_sign(reader_peek(reader, k), '(');
	const struct word_meaning *zone = token_word(reader_peek(reader, k + opened),
						     WORD_ABBREVIATION);

	return zone != NULL && (opened || abbreviations[zone->value].n == 1);
}

/* Whether the words up to k, an hour without a part of the day, can be nothing but a time. */
static bool hour_is_sure(const struct reader *reader, size_t k, int hour, const struct token *unit)
{
	const struct token *cue = token_before(reader, 1), *next = reader_peek(reader, k);
	bool clock = token_word(cue, WORD_CLOCK) != NULL;
	bool late = hour > 12;

	if (token_word(unit, WORD_OCLOCK) != NULL && token_word(cue, WORD_FROM) != NULL && late &&
	    token_is_link(next))
		return true;
	if (token_word(unit, WORD_OCLOCK) != NULL)
		return clock || token_word(unit, WORD_HOURS) == NULL ||
		       /* "à vingt-deux heures" */
		       (late && token_word(cue, WORD_AT) != NULL && token_word(cue, WORD_TO) != NULL);
	if (zone_follows(reader, k))
		return clock || late;
	/* "alle ventidue del 20 giugno", but not "alle ventidue istanze". */
	return clock && late &&
	       ((next->kind != TOKEN_WORD && next->kind != TOKEN_NUMBER) ||
		token_word(next, WORD_FILL) != NULL);
}

/* "ten pm", "diez y media de la noche", "vingt-deux heures" behind "at" and the like. */
static bool read_hour_in_words(struct reader *reader, struct atom *ret_atom)
{
	const struct token *first = reader_peek(reader, 0), *unit = reader_peek(reader, 1);
	const struct token *before = token_before(reader, 2);

	/* "between ten and eleven pm" is not the eleventh hour; an end has its start read before it. */
	if (!has_cue(reader) || (before != NULL && token_word(before, WORD_NUMBER) != NULL) ||
	    (before != NULL && token_word(before, WORD_HOURS) != NULL && !follows_linked_clock(reader)))
		return false;
	for (const struct word_meaning *m = first->meaning; m != NULL; m = m->next) {
		struct clock_part clock = { .has = true, .hour = m->value / 60 };
		size_t k = 1 + (token_word(unit, WORD_OCLOCK) != NULL);
		const struct word_meaning *minutes = token_word(reader_peek(reader, k), WORD_NUMBER);
		enum meridiem meridiem;

		if (m->kind != WORD_NUMBER || m->value % 60 != 0 || clock.hour > 23)
			continue;
		if (token_word(reader_peek(reader, k), WORD_HALF) != NULL)
			clock.minute = 30;
		else if (minutes != NULL && minutes->value % 60 == 0 && minutes->value >= 10 * 60 &&
			 minutes->value < 60 * 60)
			clock.minute = minutes->value / 60;
		k += clock.minute > 0;
		clock.open = clock.hour <= 12;
		meridiem = meridiem_in(reader_peek(reader, k), m->language);
		if (meridiem != MERIDIEM_NONE && clock.open)
			clock_apply(&clock, meridiem);
		else if (!hour_is_sure(reader, k, clock.hour, unit))
			continue;
		k += meridiem != MERIDIEM_NONE;
		*ret_atom = (struct atom){ .kind = ATOM_CLOCK,
					   .begin = first->begin,
					   .end = reader_peek(reader, k - 1)->end,
					   .clock = clock };
		reader->i += k;
		return true;
	}
	return false;
}

bool read_clock(struct reader *reader, struct atom *ret_atom)
{
	enum meridiem meridiem = token_meridiem(reader_peek(reader, 0));
	struct clock_draft draft;
	size_t k = 0;

	/* 午後11時, 오후 11시; but "pm 10" is none. */
	if (meridiem != MERIDIEM_NONE && reader_peek(reader, 1)->kind == TOKEN_NUMBER &&
	    (code_point_is_cjk(reader_peek(reader, 0)->value) ||
	     (token_word(reader_peek(reader, 0), WORD_AT) == NULL &&
	      token_is_sign(reader_peek(reader, 2), ':'))))
		k = 1;
	else
		meridiem = MERIDIEM_NONE;
	if (k == 0 && (read_named_hour(reader, ret_atom) || read_packed(reader, ret_atom) ||
		       read_spoken_clock(reader, ret_atom) ||
		       read_hour_in_words(reader, ret_atom)))
		return true;
	if (!clock_draft(reader, k, &draft) || (k == 0 && number_is_glued(reader)))
		return false;
	if (k == 1 && draft.clock.meridiem == MERIDIEM_NONE) {
		clock_apply(&draft.clock, meridiem);
		draft.unit = true;
		draft.either = false;
	}
	if (!draft.colon && !draft_is_clock(reader, &draft))
		return false;
	*ret_atom = (struct atom){ .kind = ATOM_CLOCK,
				   .begin = reader_peek(reader, 0)->begin,
				   .end = reader_peek(reader, k + draft.tokens - 1)->end,
				   .clock = draft.clock };
	reader->i += k + draft.tokens;
	return true;
}
