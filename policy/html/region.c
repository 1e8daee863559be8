#include "policy/html/write.h"
#include "policy/message/wording.h"

/* Titles are short and stand high up. */
#define TITLE_LETTERS 120
#define TITLE_BLOCKS 6
#define TITLE_GROWTH 1.2
#define FOOTER_BLOCKS 20
#define SMALL_PRINT 12
#define HEADER_LINES 8
/* Lines longer than this are no marks of mail programs. */
#define MARK_LETTERS 160

static void flag_from(struct document *d, size_t from, unsigned flags)
{
	for (size_t i = from; i < d->n_blocks; i++)
		d->blocks[i].flags |= flags;
}

/* The header lines of quoted mail that a block's lines are, as bits. */
static unsigned labels_in(struct arena *arena, struct str text, size_t *lines)
{
	struct str line;
	unsigned seen = 0;

	while (*lines < HEADER_LINES && str_next_line(&text, &line)) {
		(*lines)++;
		if (line.n <= MARK_LETTERS * 4)
			seen |= 1u << wording_header_label(text_fold(arena, line).plain);
	}
	return seen;
}

/* From, Sent, To and Subject in lines or blocks right after one another. */
static bool is_header_block(struct arena *arena, const struct document *d, size_t at)
{
	struct str text = d->blocks[at].text, line;
	size_t lines = 0;
	unsigned seen = 0;

	if (!str_next_line(&text, &line) || line.n > MARK_LETTERS * 4 ||
	    wording_header_label(text_fold(arena, line).plain) != LABEL_FROM)
		return false;
	for (size_t i = at; i < d->n_blocks && lines < HEADER_LINES; i++)
		seen |= labels_in(arena, d->blocks[i].text, &lines);
	return (seen & 1u << LABEL_SUBJECT) && (seen & (1u << LABEL_SENT | 1u << LABEL_TO));
}

/* A separator that stands in a line of its own. */
static enum separator separator_in(struct arena *arena, struct str text)
{
	struct str line;

	while (str_next_line(&text, &line)) {
		enum separator separator = SEPARATOR_NONE;

		if (line.n <= MARK_LETTERS && line.n > 4)
			separator = wording_separator(text_fold(arena, line).plain);
		if (separator != SEPARATOR_NONE)
			return separator;
	}
	return SEPARATOR_NONE;
}

/* Every line begins with ">": quoted as plain text is. */
static bool all_lines_quoted(struct str text)
{
	struct str line;
	bool any = false;

	while (str_next_line(&text, &line)) {
		line = str_trim(line);
		if (line.n > 0 && line.p[0] != '>')
			return false;
		any = any || line.n > 0;
	}
	return any;
}

static bool next_is_quoted(const struct document *d, size_t at)
{
	return at + 1 < d->n_blocks && (d->blocks[at + 1].flags & BLOCK_QUOTED);
}

static void mark_quoted(struct arena *arena, struct document *d)
{
	for (size_t i = 0; i < d->n_blocks; i++) {
		struct block *block = &d->blocks[i];
		enum separator separator;

		if (block->flags & BLOCK_HIDDEN)
			continue;
		if (all_lines_quoted(block->text))
			block->flags |= BLOCK_QUOTED;
		separator = separator_in(arena, block->text);
		if (separator == SEPARATOR_FORWARD)
			flag_from(d, i, BLOCK_QUOTED | BLOCK_FORWARDED);
		else if (separator == SEPARATOR_ORIGINAL || is_header_block(arena, d, i))
			flag_from(d, i, BLOCK_QUOTED);
		else if (next_is_quoted(d, i) && block->text.n <= MARK_LETTERS * 4 &&
			 wording_attribution(block->folded.plain))
			block->flags |= BLOCK_QUOTED;
		if (separator != SEPARATOR_NONE)
			return;
	}
}

/* The size in which most of the visible text is set. */
static double main_size(const struct document *d, const struct look *looks)
{
	double sizes[16] = { 0 };
	size_t letters[16] = { 0 }, n = 0, best = 0;

	for (size_t i = 0; i < d->n_blocks; i++) {
		size_t at = 0;

		if (d->blocks[i].flags & (BLOCK_HIDDEN | BLOCK_QUOTED))
			continue;
		while (at < n && sizes[at] != looks[i].font_size)
			at++;
		if (at == 16)
			continue;
		if (at == n)
			sizes[n++] = looks[i].font_size;
		letters[at] += looks[i].letters;
		if (letters[at] > letters[best])
			best = at;
	}
	return n > 0 ? sizes[best] : 16;
}

static bool is_small_print(const struct block *block, const struct look *look, double size)
{
	return look->fine || (look->font_size <= SMALL_PRINT && look->font_size < size - 0.5) ||
	       wording_footer(block->folded.plain);
}

static void mark_footer(struct document *d, const struct look *looks, double size)
{
	size_t marked = 0;

	for (size_t i = d->n_blocks; i > 0 && marked < FOOTER_BLOCKS; i--) {
		struct block *block = &d->blocks[i - 1];

		if (block->flags & (BLOCK_HIDDEN | BLOCK_QUOTED) || looks[i - 1].letters == 0)
			continue;
		if (block->flags & BLOCK_HEADING || !is_small_print(block, &looks[i - 1], size))
			return;
		block->flags |= BLOCK_FOOTER;
		marked++;
	}
}

/* A title need not be an h1: what is larger than the text, or bold, short, and stands first. */
static void mark_headings(struct document *d, const struct look *looks, double size)
{
	size_t seen = 0;
	bool any = false;

	for (size_t i = 0; i < d->n_blocks && seen < TITLE_BLOCKS; i++) {
		struct block *block = &d->blocks[i];
		const struct look *look = &looks[i];

		if (block->flags & (BLOCK_HIDDEN | BLOCK_QUOTED) || look->letters == 0)
			continue;
		seen++;
		if (look->letters <= TITLE_LETTERS && !(block->flags & (BLOCK_FOOTER | BLOCK_ITEM)) &&
		    (look->font_size >= size * TITLE_GROWTH || (look->bold && seen <= 3) ||
		     (!any && seen == 1 && look->letters <= TITLE_LETTERS / 2)))
			block->flags |= BLOCK_HEADING;
		any = any || (block->flags & BLOCK_HEADING);
	}
}

void region_mark(struct arena *arena, struct document *document, const struct look *looks)
{
	double size;

	for (size_t i = 0; i < document->n_blocks; i++)
		document->blocks[i].folded = text_fold(arena, document->blocks[i].text);
	mark_quoted(arena, document);
	size = main_size(document, looks);
	mark_headings(document, looks, size);
	mark_footer(document, looks, size);
}
