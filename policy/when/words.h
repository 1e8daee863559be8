/* words.h - every word that has to do with dates, found in one walk over folded text */
#ifndef POLICY_WHEN_WORDS_H
#define POLICY_WHEN_WORDS_H

#include "policy/when/when.h"
#include "policy/when/place.h"
#include "policy/when/zone.h"

/* What a word can be. The kinds from WORD_STOP to WORD_WORK are the keys of the language files,
 * in the order of when_word_keys. */
enum word_kind {
	WORD_STOP,        /* frequent words that tell the language */
	WORD_START,       /* labels and verbs of a beginning */
	WORD_END,
	WORD_WINDOW,      /* labels of a window */
	WORD_DATE,        /* labels of a date alone */
	WORD_ZONE_LABEL,  /* "time zone", "all times are" */
	WORD_DURATION,    /* labels of a duration */
	WORD_FOR,         /* beside a duration: "for", "up to", "lasting" */
	WORD_IMPACT,      /* beside a duration that is not the window's: "expected outage" */
	WORD_FROM,
	WORD_TO,          /* between two times; alone: an end */
	WORD_UNTIL,       /* an end, with or without a beginning */
	WORD_AND,
	WORD_OR,
	WORD_MINUTES,
	WORD_HOURS,
	WORD_DAYS,
	WORD_WEEKS,
	WORD_HALF,
	WORD_NUMBER,      /* "two=2": the value is 60 times the number */
	WORD_ORDINAL,     /* "first=1", "last=-1" */
	WORD_TODAY,
	WORD_TOMORROW,
	WORD_TONIGHT,
	WORD_AFTER_TOMORROW,
	WORD_YESTERDAY,
	WORD_NEXT_DAY,    /* the day after the one named */
	WORD_THIS_WEEK,
	WORD_NEXT_WEEK,
	WORD_THIS_MONTH,
	WORD_NEXT_MONTH,
	WORD_EVERY,
	WORD_NOON,
	WORD_MIDNIGHT,
	WORD_AM,
	WORD_PM,
	WORD_NIGHT,       /* evening before midnight, morning after it */
	WORD_AT,          /* may stand before a clock time */
	WORD_CLOCK,       /* stands before a bare hour: "kl", "saat", "ore" */
	WORD_OCLOCK,      /* stands after it: "Uhr", "h", "時" */
	WORD_FILL,        /* inside a date or between date and time */
	WORD_SHIFT,       /* "half past=30", "halb=-30": minutes from the hour behind it */
	WORD_LASTING,     /* "zweistündige=2": an adjective; the value is 60 times the hours */
	WORD_LOCAL,       /* "local time" */
	WORD_TIME,        /* makes a zone of a place: "London time" */
	WORD_ZONE_NAME,   /* "berliner zeit=Europe/Berlin" */
	WORD_PLACE,       /* "warszawa=Europe/Warsaw" */
	WORD_BACKUP,      /* windows in reserve */
	WORD_DECOY,       /* dates beside it are no event */
	WORD_CHOICE,      /* dates beside it are offered to choose from */
	WORD_MOVED,       /* a window changed */
	WORD_MOVED_TO,    /* what follows holds now */
	WORD_MOVED_FROM,  /* what follows, or the sentence, held before */
	WORD_PAST,        /* tells of what has been */
	WORD_WORK,        /* what the notice is about */
	WORD_KEYS,
	/* Not from the files: */
	WORD_MONTH = WORD_KEYS, /* 1-12 */
	WORD_WEEKDAY,           /* 0 Sunday - 6 Saturday */
	WORD_ABBREVIATION,      /* index into abbreviations */
	WORD_YEAR_SIGN,
	WORD_MONTH_SIGN,
	WORD_DAY_SIGN,
	WORD_ERA,               /* the year before its first */
	WORD_KINDS,
};

struct word_meaning {
	enum word_kind kind;
	int language;               /* index into policy->languages, -1 for none */
	int value;
	const struct zone *zone;    /* of zone names and places */
	const char *region;         /* of places; may be NULL */
	bool brief;                 /* two letters or fewer: needs a sign that it is meant */
	bool abbreviated;           /* a short form, which may be a word of another language */
	bool shortened;             /* of months: a point behind it belongs to it */
	uint64_t kinds;             /* a bit for the kind of this one and of each that follows */
	const struct word_meaning *next;
};
_Static_assert(WORD_KINDS <= 64, "kinds has a bit for each kind of word");
#define WORD_BIT(kind) ((uint64_t)1 << (kind))

/* text with the ends of lines that were wrapped as spaces, for words_match: a phrase goes on over
 * them, not over the end of a label. */
struct str words_unwrap(struct arena *arena, struct str text);
/* The longest word or phrase that begins at text.p[offset]; NULL where there is none. It ends at
 * a word's end. *ret_length is in octets. */
const struct word_meaning *words_match(const struct when_words *words, struct str text,
				       size_t offset, size_t *ret_length);
/* The meaning of that kind, or NULL. */
static inline const struct word_meaning *word_of_kind(const struct word_meaning *meaning,
						      enum word_kind kind)
{
	if (meaning == NULL || !(meaning->kinds & WORD_BIT(kind)))
		return NULL;
	while (meaning->kind != kind)
		meaning = meaning->next;
	return meaning;
}
/* The language's code for an index of word_meaning.language. */
struct str words_language(const struct when_words *words, int language);

/* The code point at the offset and its length in octets; text is valid UTF-8. */
uint32_t text_code_point(struct str text, size_t offset, size_t *ret_length);
/* A letter of a script that is written without spaces, or with particles grown on. */
bool code_point_is_cjk(uint32_t c);

#endif
