#include "milter/cli/mbox.h"

#include <errno.h>

#include "policy/base/buf.h"
#include "policy/message/date.h"

#define ROOM ((size_t)65536)
/* What is seen of a line at once; no "From " line is longer. */
#define PIECE_MAX ((size_t)4096)
#define WORDS_MAX 32

struct mbox {
	FILE *stream;
	size_t max;
	bool begun, one, many;
	bool open;          /* a message has begun that was not handed out */
	bool line_start;    /* the next piece begins a line */
	int error;
	size_t number;
	struct mbox_message next; /* what its "From " line said */
	size_t begin, end;  /* of what was read and not yet taken, in room */
	char room[ROOM];
};

struct mbox *mbox_new(FILE *stream, size_t max, bool one)
{
	struct mbox *mbox = malloc(sizeof *mbox);

	if (mbox == NULL)
		abort(); /* no memory: as arena.h says */
	memset(mbox, 0, offsetof(struct mbox, room));
	mbox->stream = stream;
	mbox->max = max;
	mbox->one = one;
	mbox->line_start = true;
	return mbox;
}

void mbox_free(struct mbox *mbox)
{
	free(mbox);
}

int mbox_error(const struct mbox *mbox)
{
	return mbox->error;
}

/* -- "From " lines -- */

static int index_of(struct str word, const char *names)
{
	for (int i = 0; word.n == 3 && names[3 * i] != '\0'; i++) {
		if (str_eq_nocase(word, (struct str){ names + 3 * i, 3 }))
			return i;
	}
	return -1;
}

static bool is_number(struct str word, size_t min, size_t max)
{
	for (size_t i = 0; i < word.n; i++) {
		if (!ascii_is_digit(word.p[i]))
			return false;
	}
	return word.n >= min && word.n <= max;
}

/* "09:00:00", "9:00". */
static bool is_clock(struct str word)
{
	size_t colon = str_find_char(word, ':', 0);

	if (colon == STR_NPOS || !is_number(str_head(word, colon), 1, 2))
		return false;
	word = str_skip(word, colon + 1);
	colon = str_find_char(word, ':', 0);
	return is_number(str_head(word, colon), 2, 2) &&
	       (colon == STR_NPOS || is_number(str_skip(word, colon + 1), 2, 2));
}

static bool is_offset(struct str word)
{
	return word.n == 5 && (word.p[0] == '+' || word.p[0] == '-') &&
	       is_number(str_skip(word, 1), 4, 4);
}

/* The words "Mon Mar 1 09:00:00 2026", with a zone before or behind the year; other zones than
 * offsets are read as UTC. */
static bool words_are_date(const struct str *words, size_t n, int64_t *ret_time)
{
	static const char days[] = "MonTueWedThuFriSatSun";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct str year = STR_NONE, offset = STR_LIT("+0000");
	char text[64];

	if (n < 5 || index_of(words[0], days) < 0 || index_of(words[1], months) < 0 ||
	    !is_number(words[2], 1, 2) || !is_clock(words[3]))
		return false;
	for (size_t i = 4; i < n && i < 6; i++) {
		if (is_number(words[i], 4, 4) && year.n == 0)
			year = words[i];
		else if (is_offset(words[i]))
			offset = words[i];
	}
	if (year.n == 0)
		return false;
	snprintf(text, sizeof text, "%.*s %.*s %.*s %.*s %.*s", STR_ARG(words[2]), STR_ARG(words[1]),
		 STR_ARG(year), STR_ARG(words[3]), STR_ARG(offset));
	return date_read(str_from(text), ret_time);
}

bool mbox_postmark(struct str line, int64_t *ret_time)
{
	struct str words[WORDS_MAX], word;
	size_t n = 0;

	if (!str_starts(line, STR_LIT("From ")))
		return false;
	line = str_trim(str_skip(line, 5));
	while (n < WORDS_MAX && str_next_split(&line, ' ', &word)) {
		if (word.n > 0)
			words[n++] = word;
	}
	for (size_t i = 0; i < n; i++) {
		if (words_are_date(&words[i], n - i, ret_time))
			return true;
	}
	return false;
}

/* -- Lines -- */

/* A whole line, or so much of it as is seen at once; empty at the end. */
static struct str piece_see(struct mbox *mbox)
{
	struct str there;
	size_t lf;

	if (mbox->end - mbox->begin < PIECE_MAX && mbox->error == 0) {
		memmove(mbox->room, mbox->room + mbox->begin, mbox->end - mbox->begin);
		mbox->end -= mbox->begin;
		mbox->begin = 0;
		errno = 0;
		mbox->end += fread(mbox->room + mbox->end, 1, ROOM - mbox->end, mbox->stream);
		if (ferror(mbox->stream))
			mbox->error = errno != 0 ? errno : EIO;
	}
	there = str_head(str_span(mbox->room + mbox->begin, mbox->room + mbox->end), PIECE_MAX);
	lf = str_find_char(there, '\n', 0);
	return lf != STR_NPOS ? str_head(there, lf + 1) : there;
}

static void piece_take(struct mbox *mbox, struct str piece)
{
	mbox->begin += piece.n;
	mbox->line_start = piece.n > 0 && piece.p[piece.n - 1] == '\n';
}

/* The rest of the line that a piece began. */
static void line_skip(struct mbox *mbox, struct str piece)
{
	piece_take(mbox, piece);
	while (!mbox->line_start && (piece = piece_see(mbox)).n > 0)
		piece_take(mbox, piece);
}

static void message_begin(struct mbox *mbox, struct str postmark)
{
	mbox->open = true;
	mbox->next = (struct mbox_message){ .number = ++mbox->number };
	mbox->next.has_postmark = mbox_postmark(postmark, &mbox->next.postmark);
	line_skip(mbox, postmark);
}

static void stream_begin(struct mbox *mbox)
{
	struct str first = piece_see(mbox);

	mbox->begun = true;
	mbox->many = !mbox->one && str_starts(first, STR_LIT("From "));
	if (mbox->many) {
		message_begin(mbox, first);
	} else {
		mbox->open = first.n > 0;
		mbox->next = (struct mbox_message){ 0 };
	}
}

/* ">From ", ">>From ", ...: one ">" is the mbox's. */
static bool is_quoted(struct str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '>')
		n++;
	return n > 0 && str_starts(str_skip(line, n), STR_LIT("From "));
}

static bool is_blank(struct str line)
{
	return str_is(line, "\n") || str_is(line, "\r\n");
}

/* What there is room for. */
static void keep(struct buf *bytes, struct str text)
{
	buf_add(bytes, str_head(text, bytes->max - bytes->n));
}

bool mbox_next(struct mbox *mbox, struct arena *arena, struct mbox_message *ret_message)
{
	struct str piece, blank = STR_LIT(""); /* the empty line before a "From " line is the mbox's */
	bool after_blank = true;
	struct buf bytes;
	int64_t time;

	if (!mbox->begun)
		stream_begin(mbox);
	if (!mbox->open)
		return false;
	buf_init(&bytes, arena, mbox->max + 1);
	*ret_message = mbox->next;
	mbox->open = false;
	while ((piece = piece_see(mbox)).n > 0) {
		bool starts = mbox->line_start;

		if (mbox->many && starts && after_blank && mbox_postmark(piece, &time)) {
			message_begin(mbox, piece);
			break;
		}
		keep(&bytes, blank);
		blank = STR_LIT("");
		after_blank = starts && is_blank(piece);
		piece_take(mbox, piece);
		if (after_blank && mbox->many)
			blank = piece.n == 1 ? STR_LIT("\n") : STR_LIT("\r\n");
		else
			keep(&bytes, str_skip(piece, mbox->many && starts && is_quoted(piece)));
	}
	ret_message->bytes = buf_str(&bytes);
	return mbox->error == 0;
}
