/* atoms.h - from folded text to the atoms of dates: dates, clocks, zones, words about them
 *
 * One pass makes tokens, a second one atoms. Both are linear; what goes beyond their caps is
 * not read.
 */
#ifndef POLICY_WHEN_ATOMS_H
#define POLICY_WHEN_ATOMS_H

#include "policy/when/words.h"

/* Signs that stand between the pieces of a text; control characters never leave text_fold. */
#define SIGN_LINE '\n'
#define SIGN_CELL '\x1f'
#define SIGN_BLOCK '\x1e'
#define SIGN_HEADING '\x1d' /* a block that is a heading */

/* Other words of a language count where stop words are missing. */
#define VOTE_OF_STOP_WORD 1000

#define TEXT_MAX (512 * 1024)
#define TOKENS_MAX 100000
#define ATOMS_MAX 20000

/* A folded text, and the letters it was folded from at the same offsets; where the two differ in
 * length, the original is not used. */
struct cased_text {
	struct str folded, original;
};

enum zone_kind { ZONE_UNSTATED, ZONE_FIXED, ZONE_PLACE, ZONE_ABBREVIATION, ZONE_LOCAL };

/* A zone as it is written. */
struct zone_spec {
	enum zone_kind kind;
	int minutes;                            /* ZONE_FIXED */
	const struct zone *zone;                /* ZONE_PLACE */
	const struct abbreviation *abbreviation; /* ZONE_ABBREVIATION */
};

enum relative_day {
	RELATIVE_NONE,
	RELATIVE_TODAY,
	RELATIVE_TONIGHT,
	RELATIVE_TOMORROW,
	RELATIVE_AFTER_TOMORROW,
	RELATIVE_YESTERDAY,
	RELATIVE_THIS_WEEK,
	RELATIVE_NEXT_WEEK,
};

/* Which of two numbers is the month. */
enum date_order { ORDER_SURE, ORDER_EITHER };

struct date_part {
	uint32_t languages;   /* a bit for each whose name of the month it is; 0: in figures */
	int year;             /* 0: none is given */
	int month, day;
	bool has;             /* day and month are given */
	bool slashed;         /* with "/", where the month may come first by custom */
	enum date_order order : 8; /* EITHER: month and day could change places */
	int8_t custom;        /* numbers that show the custom: 1 month first, -1 day first */
	int8_t months_ahead;  /* where month is 0: 0 this month, 1 the next */
	int8_t nth, nth_weekday; /* "first Wednesday in April": nth 1..4, -1 the last; day is 0 */
};

enum meridiem { MERIDIEM_NONE, MERIDIEM_AM, MERIDIEM_PM, MERIDIEM_NIGHT };

struct clock_part {
	int hour, minute, second; /* hour as stated on a 24-hour clock; may be 24 to 29 */
	bool has;
	enum meridiem meridiem : 8;
	bool open;            /* a bare "9": takes the meridiem of its partner */
	bool padded;          /* "09:00": nobody writes an evening so */
	bool weak;            /* a bare number that only a partner makes a clock */
	bool midnight;        /* the word: 0:00 of a start, 24:00 of an end */
};

enum atom_kind {
	ATOM_DATE,
	ATOM_CLOCK,
	ATOM_ZONE,
	ATOM_WEEKDAY,   /* value */
	ATOM_RELATIVE,  /* value: enum relative_day */
	ATOM_NEXT_DAY,
	ATOM_DURATION,  /* value: minutes; vague */
	ATOM_OFFSET,    /* "H+30": value in minutes from the start */
	ATOM_LINK,      /* a dash between two times */
	ATOM_WORD,      /* meaning: any other known word; value: its first code point */
	ATOM_SIGN,      /* value: the character */
	ATOM_GAP,       /* value: how many unknown words and numbers */
	ATOM_BREAK,     /* value: SIGN_LINE, SIGN_CELL, SIGN_BLOCK, SIGN_HEADING, '.' of a sentence */
};

/* A text has some thousands of these, so they are kept small. */
struct atom {
	enum atom_kind kind;
	uint32_t begin, end; /* octets of the text */
	int value;
	bool vague;
	bool adjective;      /* of a duration: "two-hour", which says of what it is */
	bool sure;           /* of a weekday: it cannot mean anything else */
	union {
		struct date_part date;  /* ATOM_DATE */
		struct clock_part clock; /* ATOM_CLOCK */
		struct zone_spec zone;  /* ATOM_ZONE */
		/* ATOM_WORD, ATOM_WEEKDAY, ATOM_RELATIVE: all of its meanings. */
		const struct word_meaning *meaning;
	};
};

struct atom_list {
	struct str text;
	struct str original; /* as long as text */
	struct atom *items;
	size_t n, cap;
	unsigned *votes;            /* [policy->n_languages]: stop words seen */
	const struct word_meaning **places; /* places named, in their order */
	size_t *place_at;
	size_t n_places, cap_places, cap_place_at;
};

enum token_kind { TOKEN_NUMBER, TOKEN_WORD, TOKEN_SIGN, TOKEN_BREAK, TOKEN_END };

struct token {
	const struct word_meaning *meaning; /* NULL: unknown */
	uint32_t begin, end;
	uint32_t value;   /* a number, or a sign's code point */
	enum token_kind kind : 8;
	bool glued;       /* no space before it */
	bool letter;      /* a word of letters */
	uint8_t digits;   /* of a number */
};

struct reader {
	struct arena *arena;
	const struct when_words *words;
	struct str text;
	struct token *tokens; /* ends with TOKEN_END, so that looking ahead is safe */
	size_t n;
	size_t i;             /* the next one */
	size_t link_at;       /* the word that links two days; 0: none */
	struct atom_list *atoms;
};

/* Reads folded text with the signs above. votes must have room for every language. */
struct atom_list *atoms_read(struct arena *arena, const struct when_words *words,
			     const struct policy *policy, struct cased_text text);

extern const struct token token_end;

/* The token n ahead; TOKEN_END where there is none. */
static inline const struct token *reader_peek(const struct reader *reader, size_t n)
{
	return reader->i + n < reader->n ? &reader->tokens[reader->i + n] : &token_end;
}

static inline bool token_is_sign(const struct token *token, uint32_t c)
{
	return token->kind == TOKEN_SIGN && token->value == c;
}

static inline const struct word_meaning *token_word(const struct token *token, enum word_kind kind)
{
	return word_of_kind(token->meaning, kind);
}

/* The token n before reader->i; NULL where there is none. */
static inline const struct token *token_before(const struct reader *reader, size_t n)
{
	return reader->i >= n ? &reader->tokens[reader->i - n] : NULL;
}

/* A word of one of these kinds; token may be NULL. */
bool token_is_any(const struct token *token, const enum word_kind *kinds, size_t n);
/* A dash, "to", "until" or "and" between two times or lengths. */
bool token_is_link(const struct token *token);
/* Minutes in a unit word; 0 where it is none. */
int unit_minutes(const struct token *token);

/* Each reads an atom at reader->i, moves behind it and returns true; or does nothing. */
bool read_date(struct reader *reader, struct atom *ret_atom);
bool read_clock(struct reader *reader, struct atom *ret_atom);
/* A year that stands behind the clock time: it goes to the date before that. */
bool read_late_year(struct reader *reader);
bool read_duration(struct reader *reader, struct atom *ret_atom);
bool read_zone(struct reader *reader, struct atom *ret_atom);

/* Makes tokens of text. */
void tokens_read(struct reader *reader);

#endif
