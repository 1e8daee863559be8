#include <unicode/uchar.h>

#include "policy/base/buf.h"
#include "policy/html/document.h"
#include "policy/message/wording.h"
#include "policy/text/utf8.h"

/* Lines longer than this are no headings, labels or marks. */
#define SHORT_LINE 120
#define TITLE_MAX 80
#define HEADER_BLOCK_LINES 8
#define LINKS_MAX 1000
#define TOP_BLOCKS 4
/* A signature is short; what would hide a notice is not. */
#define SIGNATURE_LINES 12
#define FOOTER_BLOCKS 6
/* Of one part; beyond it nobody reads on, and time is better spent. */
#define TEXT_MAX ((size_t)2 * 1024 * 1024)

struct line {
	struct str text;   /* trimmed, "> " taken off */
	struct str folded; /* of short lines; empty for others */
	unsigned flags;    /* QUOTED, FORWARDED, SIGNATURE */
	bool quoted;       /* it had "> " */
	bool dropped;      /* a mark that is not text: "-- ", rules */
	unsigned indent;
};

struct writer {
	struct arena *arena;
	struct document *document;
	struct line *lines;
	size_t n, cap;
	size_t top;          /* blocks since the start that may all be titles */
	bool at_top;
	struct buf text;     /* of the block that is being written */
	size_t block_lines;
	unsigned block_flags;
	struct str first_line;
};

/* -- Lines -- */

static struct str take_quote_marks(struct str s, bool *ret_quoted)
{
	*ret_quoted = false;
	while (s.n > 0 && s.p[0] == '>') {
		*ret_quoted = true;
		s = str_skip(s, 1);
		if (s.n > 1 && s.p[0] == ' ' && s.p[1] == '>')
			s = str_skip(s, 1);
	}
	return s;
}

/* The octets of the white space at s.p[at], or 0. */
static size_t space_at(struct str s, size_t at)
{
	unsigned char c = (unsigned char)s.p[at];

	if (c < 0x80)
		return ascii_is_space(s.p[at]);
	if (c == 0xC2)
		return str_starts(str_skip(s, at), STR_LIT("\xC2\xA0")) ? 2 : 0;
	return c == 0xE3 && str_starts(str_skip(s, at), STR_LIT("\xE3\x80\x80")) ? 3 : 0;
}

/* White space runs as one space, no-break and ideographic spaces too. */
static struct str collapse(struct arena *arena, struct str s)
{
	char *out = arena_alloc(arena, s.n + 1);
	size_t n = 0;
	bool space = false;

	for (size_t i = 0; i < s.n; i++) {
		size_t skip = space_at(s, i);

		if (skip > 0) {
			space = n > 0;
			i += skip - 1;
			continue;
		}
		if (space)
			out[n++] = ' ';
		space = false;
		out[n++] = s.p[i];
	}
	return (struct str){ out, n };
}

static unsigned indent_of(struct str s)
{
	unsigned n = 0;

	while (n < s.n && n < 100 && (s.p[n] == ' ' || s.p[n] == '\t'))
		n++;
	return n;
}

/* RFC 3676 4.2: with DelSp=yes a line that ends in a space goes on in the next one without it, in
 * the middle of a word too. Quotes are left as they are, and so is the mark of a signature. */
static struct str without_soft_breaks(struct arena *arena, struct str text)
{
	struct str line;
	struct buf out;
	bool soft = false;

	buf_init(&out, arena, text.n + 1);
	while (str_next_line(&text, &line)) {
		if (soft && line.n > 0 && line.p[0] == ' ')
			line = str_skip(line, 1); /* 4.4: stuffed */
		soft = str_ends(line, STR_LIT(" ")) && !str_is(line, "-- ") && line.p[0] != '>' &&
		       !str_starts(text, STR_LIT(">")) && !str_starts(text, STR_LIT("-- \n"));
		buf_add(&out, str_head(line, line.n - soft));
		if (!soft)
			buf_add_char(&out, '\n');
	}
	return buf_str(&out);
}

static void read_lines(struct writer *writer, struct str text)
{
	struct arena *scratch = arena_new(); /* folding takes many times the line */
	struct str raw;

	while (str_next_line(&text, &raw)) {
		struct line line = { .flags = 0 };
		struct str rest = take_quote_marks(raw, &line.quoted);

		line.indent = indent_of(rest);
		line.text = collapse(writer->arena, rest);
		if (line.text.n <= SHORT_LINE)
			line.folded = arena_str(writer->arena, text_fold(scratch, line.text).plain);
		arena_clear(scratch);
		if (line.quoted)
			line.flags |= BLOCK_QUOTED;
		/* RFC 3676 4.3; many programs lose the blank */
		line.dropped = !line.quoted && (str_is(raw, "-- ") || str_is(raw, "--"));
		ARENA_ROOM(writer->arena, writer->lines, writer->n, writer->cap);
		writer->lines[writer->n++] = line;
	}
	arena_free(scratch);
}

/* -- Regions: what is quoted, forwarded, signature -- */

static void flag_from(struct writer *writer, size_t from, unsigned flags)
{
	for (size_t i = from; i < writer->n; i++)
		writer->lines[i].flags |= flags;
}

/* Outlook's way: From, Sent, To and Subject in lines of their own, then all that was said. */
static bool is_header_block(const struct writer *writer, size_t at)
{
	unsigned seen = 0;

	if (wording_header_label(writer->lines[at].folded) != LABEL_FROM)
		return false;
	for (size_t i = at; i < writer->n && i < at + HEADER_BLOCK_LINES; i++) {
		if (writer->lines[i].text.n == 0 && i > at + 1 && (seen & 1u << LABEL_SUBJECT))
			break;
		seen |= 1u << wording_header_label(writer->lines[i].folded);
	}
	return (seen & 1u << LABEL_SUBJECT) != 0 &&
	       (seen & (1u << LABEL_SENT | 1u << LABEL_TO)) != 0;
}

static bool next_is_quoted(const struct writer *writer, size_t at)
{
	while (at < writer->n && writer->lines[at].text.n == 0 && !writer->lines[at].quoted)
		at++;
	return at < writer->n && writer->lines[at].quoted;
}

/* The lines of an attribution that begins here, which may be cut in two; 0 for none. */
static size_t attribution_lines(struct writer *writer, size_t at)
{
	struct str first = writer->lines[at].folded;

	if (first.n == 0)
		return 0;
	if (wording_attribution(first))
		return 1;
	if (at + 1 < writer->n && writer->lines[at + 1].folded.n > 0 &&
	    first.p[first.n - 1] != ':' &&
	    wording_attribution(arena_printf(writer->arena, "%.*s %.*s", STR_ARG(first),
					     STR_ARG(writer->lines[at + 1].folded))))
		return 2;
	return 0;
}

static void find_quotes(struct writer *writer)
{
	for (size_t i = 0; i < writer->n; i++) {
		struct line *line = &writer->lines[i];
		enum separator separator = wording_separator(line->folded);
		size_t introduced;

		if (line->quoted || line->folded.n == 0)
			continue;
		if (separator == SEPARATOR_FORWARD) {
			flag_from(writer, i, BLOCK_FORWARDED);
			return;
		}
		if (separator == SEPARATOR_ORIGINAL || is_header_block(writer, i)) {
			flag_from(writer, i, BLOCK_QUOTED);
			return;
		}
		introduced = attribution_lines(writer, i);
		if (introduced > 0 && next_is_quoted(writer, i + introduced)) {
			for (size_t k = i; k < i + introduced; k++)
				writer->lines[k].flags |= BLOCK_QUOTED;
			i += introduced - 1;
		} else if (introduced > 0) {
			flag_from(writer, i, BLOCK_QUOTED);
			return;
		}
	}
}

static bool is_own_text(const struct line *line)
{
	return line->text.n > 0 && !line->dropped &&
	       !(line->flags & (BLOCK_QUOTED | BLOCK_FORWARDED));
}

/* The last "-- " with little behind it. More than a signature's worth, or than the text above
 * bears, is text, however marked: a reader sees it. */
static void find_signature(struct writer *writer)
{
	size_t mark = writer->n, above = 0, below = 0;

	for (size_t i = 0; i < writer->n; i++) {
		const struct line *line = &writer->lines[i];

		if (line->dropped && !(line->flags & (BLOCK_QUOTED | BLOCK_FORWARDED))) {
			mark = i;
			above += below;
			below = 0;
		} else if (is_own_text(line)) {
			below++;
		}
	}
	if (mark == writer->n || below > SIGNATURE_LINES || below > above * 2)
		return;
	for (size_t i = mark; i < writer->n; i++) {
		if (!(writer->lines[i].flags & (BLOCK_QUOTED | BLOCK_FORWARDED)))
			writer->lines[i].flags |= BLOCK_SIGNATURE;
	}
}

/* -- What kind of line it is -- */

/* Nothing but signs, three at least: a rule, or the frame of a table. */
static bool is_rule(struct str s)
{
	size_t signs = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ' ')
			continue;
		if (strchr("-_=*~+#|", s.p[i]) == NULL) {
			/* box drawing, U+2500 to U+257F */
			if (s.n - i < 3 || memcmp(s.p + i, "\xE2\x94", 2) != 0) {
				if (s.n - i < 3 || memcmp(s.p + i, "\xE2\x95", 2) != 0)
					return false;
			}
			i += 2;
		}
		signs++;
	}
	return signs >= 3;
}

/* The underline of a heading: one sign, about as long. */
static bool is_underline(struct str line, struct str title)
{
	if (line.n < 3 || strchr("-=~*_", line.p[0]) == NULL || title.n == 0 ||
	    title.n > TITLE_MAX || line.n * 3 < title.n)
		return false;
	for (size_t i = 1; i < line.n; i++) {
		if (line.p[i] != line.p[0])
			return false;
	}
	return true;
}

enum item { ITEM_NONE, ITEM_BULLET, ITEM_NUMBER };

/* The length of a bullet at the start of a line, 0 where there is none. */
static size_t bullet_length(struct str s)
{
	static const char *const bullets[] = { "-",	   "*",		   "+",		   "o",
					       "\u2022", "\u00b7", "\u2023", "\u25aa",
					       "\u25cf", "\u25cb", "\u2013", "\u2014",
					       "\u2043", "\u30fb" };

	for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++) {
		struct str bullet = str_from(bullets[i]);

		if (str_starts(s, bullet) && s.n > bullet.n + 1 && s.p[bullet.n] == ' ')
			return bullet.n + 1;
	}
	return 0;
}

static bool is_numbered(struct str s)
{
	size_t n = s.n > 0 && s.p[0] == '(', begin = n;

	while (n < s.n && n < begin + 2 && ascii_is_digit(s.p[n]))
		n++;
	if (n == begin && n < s.n && ascii_is_alpha(s.p[n]))
		n++;
	return n > begin && n + 2 < s.n && (s.p[n] == ')' || (s.p[n] == '.' && begin == 0)) &&
	       s.p[n + 1] == ' ';
}

/* Whether what looks like a bullet goes on with the paragraph above: "- 02:00" is the end of a
 * window, and "o" a word in Portuguese ("o sistema") and Polish ("o godz. 22:00"). */
static bool goes_on(struct str s, size_t bullet)
{
	return ascii_is_digit(s.p[bullet]) ||
	       (s.p[0] == 'o' && !(s.p[bullet] >= 'A' && s.p[bullet] <= 'Z'));
}

/* A number begins an item only where a list goes on or a paragraph does not: "12. March" is also
 * a date. */
static enum item item_of(const struct writer *writer, struct str s)
{
	size_t bullet = bullet_length(s);
	bool in_text = writer->block_lines > 0 && !(writer->block_flags & BLOCK_ITEM);

	if (bullet > 0 && !(in_text && goes_on(s, bullet)))
		return ITEM_BULLET;
	if (bullet == 0 && !in_text && is_numbered(s))
		return ITEM_NUMBER;
	return ITEM_NONE;
}

/* -- Headings -- */

static bool all_capitals(struct str s)
{
	size_t letters = 0;

	for (size_t at = 0; at < s.n;) {
		uint32_t c = utf8_next(s, &at);

		if (c == UTF8_BAD)
			return false;
		if (u_islower((UChar32)c))
			return false;
		letters += u_isupper((UChar32)c) != 0;
	}
	return letters >= 4;
}

/* *Title*, == Title ==, # Title, and the signs of Japanese and Chinese headings. */
static bool is_decorated(struct str s)
{
	static const char *const signs[] = { "\u25a0", "\u25a1", "\u25c6", "\u25c7",
					     "\u25bc", "\u3010", "\u203b\u203b" };

	if (s.n > 4 && strchr("*=#~_-", s.p[0]) != NULL && s.p[s.n - 1] == s.p[0])
		return true;
	if (s.n > 2 && s.p[0] == '#' && (s.p[1] == ' ' || s.p[1] == '#'))
		return true;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		if (str_starts(s, str_from(signs[i])))
			return str_find_char(s, ':', 0) == STR_NPOS &&
			       str_find(s, STR_LIT("\uff1a"), 0) == STR_NPOS;
	}
	return false;
}

static bool ends_with_one_of(struct str s, const char *const *ends)
{
	for (; *ends != NULL; ends++) {
		if (str_ends(s, str_from(*ends)))
			return true;
	}
	return false;
}

/* "Dear customer,": titles may follow it. */
static bool is_salutation(struct str s)
{
	static const char *const ends[] = { ",", ":", "\uff0c", "\u3001", "\uff1a", NULL };

	return ends_with_one_of(s, ends);
}

/* "22:00": neither small print nor a title names an hour. */
static bool has_clock(struct str s)
{
	for (size_t i = 1; i + 2 < s.n; i++) {
		if (s.p[i] == ':' && ascii_is_digit(s.p[i - 1]) && ascii_is_digit(s.p[i + 1]) &&
		    ascii_is_digit(s.p[i + 2]))
			return true;
	}
	return false;
}

static bool is_title_line(struct str s)
{
	static const char *const ends[] = { ".", ";", "\u3002", NULL };

	return s.n > 0 && s.n <= TITLE_MAX && !is_salutation(s) && !ends_with_one_of(s, ends) &&
	       !has_clock(s) && str_find(s, STR_LIT(": "), 0) == STR_NPOS;
}

/* Whether a line breaks off where the next word would have fitted: the author meant the break. */
static bool breaks_on_purpose(struct str line, struct str next)
{
	size_t word = str_find_char(next, ' ', 0);

	return line.n + 1 + (word == STR_NPOS ? next.n : word) <= 60;
}

/* -- Blocks -- */

static void add_links(struct writer *writer, struct str text, size_t block)
{
	struct document *document = writer->document;

	for (size_t at = 0; document->n_links < LINKS_MAX;) {
		size_t hit = str_find(text, STR_LIT("://"), at), begin, end;

		if (hit == STR_NPOS)
			return;
		for (begin = hit; begin > at && ascii_is_alpha(text.p[begin - 1]);)
			begin--;
		for (end = hit + 3; end < text.n && (unsigned char)text.p[end] > ' ' &&
				    strchr("<>\"", text.p[end]) == NULL;)
			end++;
		at = end;
		while (end > hit + 3 && strchr(".,;:!?)'*_]", text.p[end - 1]) != NULL)
			end--;
		if (begin == hit || end == hit + 3)
			continue;
		ARENA_ROOM(writer->arena, document->links, document->n_links, document->cap_links);
		document->links[document->n_links++] = (struct link){
			.href = str_span(text.p + begin, text.p + end),
			.text = str_span(text.p + begin, text.p + end),
			.block = block,
		};
	}
}

static unsigned heading_flag(struct writer *writer, struct str text)
{
	bool single = writer->block_lines == 1 && text.n <= SHORT_LINE;

	if (writer->block_flags & (BLOCK_QUOTED | BLOCK_FORWARDED | BLOCK_SIGNATURE | BLOCK_ITEM))
		return 0;
	if (single && (is_decorated(text) || (text.n <= TITLE_MAX && all_capitals(text))))
		return BLOCK_HEADING;
	if (!writer->at_top)
		return 0;
	if (!single || writer->top >= TOP_BLOCKS || (!is_title_line(text) && !is_salutation(text)))
		writer->at_top = false;
	writer->top++;
	return writer->at_top && is_title_line(text) ? BLOCK_HEADING : 0;
}

static void block_end(struct writer *writer, unsigned flags)
{
	struct document *document = writer->document;
	struct str text = buf_str(&writer->text);

	if (writer->block_lines > 0 && text.n > 0) {
		unsigned all = writer->block_flags | flags | heading_flag(writer, text);

		ARENA_ROOM(writer->arena, document->blocks, document->n_blocks,
			   document->cap_blocks);
		document->blocks[document->n_blocks] = (struct block){
			.text = text,
			.folded = text_fold(writer->arena, text),
			.flags = all,
		};
		add_links(writer, text, document->n_blocks++);
	}
	buf_init(&writer->text, writer->arena, (size_t)-1);
	writer->block_lines = 0;
	writer->block_flags = 0;
}

static void block_line(struct writer *writer, struct str text)
{
	if (writer->block_lines++ > 0)
		buf_add_char(&writer->text, '\n');
	else
		writer->first_line = text;
	buf_add(&writer->text, text);
}

/* The first line of all, where the text goes on below it and yet it is a title. */
static bool is_title_above_text(const struct writer *writer, const struct line *line,
				const struct line *next)
{
	return writer->at_top && writer->document->n_blocks == 0 && writer->block_lines == 1 &&
	       line->flags == 0 && is_title_line(writer->first_line) &&
	       breaks_on_purpose(writer->first_line, next->text);
}

static void write_line(struct writer *writer, size_t at)
{
	const struct line *line = &writer->lines[at];
	enum item item;

	if (writer->block_lines > 0 && line->flags != (writer->block_flags & ~(unsigned)BLOCK_ITEM))
		block_end(writer, 0);
	if (line->text.n == 0 || line->dropped) {
		block_end(writer, 0);
		return;
	}
	if (writer->block_lines == 1 && line->flags == 0 && is_underline(line->text, writer->first_line)) {
		block_end(writer, BLOCK_HEADING);
		return;
	}
	if (is_rule(line->text)) {
		block_end(writer, 0);
		return;
	}
	item = item_of(writer, line->text);
	if (item != ITEM_NONE || is_title_above_text(writer, line, line))
		block_end(writer, 0);
	writer->block_flags |= line->flags | (item != ITEM_NONE ? BLOCK_ITEM : 0);
	block_line(writer, item == ITEM_BULLET
				   ? str_skip(line->text, bullet_length(line->text))
				   : line->text);
}

static bool has_text_above(const struct document *document, size_t block)
{
	while (block-- > 0) {
		if (!(document->blocks[block].flags & ~(unsigned)BLOCK_ITEM))
			return true;
	}
	return false;
}

/* Small print, from the end upwards: as long as blocks read like it. */
static void find_footer(struct document *document)
{
	size_t looked = 0;

	for (size_t i = document->n_blocks; i > 0 && looked < FOOTER_BLOCKS; i--) {
		struct block *block = &document->blocks[i - 1];

		if (block->flags & (BLOCK_QUOTED | BLOCK_FORWARDED | BLOCK_SIGNATURE))
			continue;
		looked++;
		if ((block->flags & BLOCK_HEADING) || !wording_footer(block->folded.plain) ||
		    has_clock(block->text) || !has_text_above(document, i - 1))
			break;
		block->flags |= BLOCK_FOOTER;
	}
}

struct document *document_from_text(struct arena *arena, struct message *message, int part)
{
	const struct part *source = &message->parts[part];
	struct document *document = ARENA_NEW(arena, struct document);
	struct writer *writer = ARENA_NEW(arena, struct writer);
	struct str text;

	document->place = PLACE_TEXT;
	document->part = part;
	document->language = source->language.n > 0 ? source->language : message->content_language;
	*writer = (struct writer){ .arena = arena, .document = document, .at_top = true };
	buf_init(&writer->text, arena, (size_t)-1);
	if (source->text.n > TEXT_MAX)
		message_over_limit(message, "octets of a text part", source->text.n, TEXT_MAX);
	text = str_head(source->text, TEXT_MAX);
	read_lines(writer, source->delsp ? without_soft_breaks(arena, text) : text);
	find_quotes(writer);
	find_signature(writer);
	for (size_t i = 0; i < writer->n; i++)
		write_line(writer, i);
	block_end(writer, 0);
	find_footer(document);
	return document;
}
