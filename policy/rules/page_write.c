#include "policy/rules/page_write.h"

/* Columns of a text, and where what stands behind a label begins. */
#define WIDTH 78
#define LABEL 19

/* -- Text -- */

static size_t columns(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

static void add_blanks(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_add_char(out, ' ');
}

static bool is_blank(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f;
}

/* Takes the next word off *text; false where there is none. */
static bool next_word(struct str *text, struct str *ret_word)
{
	size_t begin = 0, end;

	while (begin < text->n && is_blank(text->p[begin]))
		begin++;
	for (end = begin; end < text->n && !is_blank(text->p[end]); end++)
		;
	*ret_word = (struct str){ text->p + begin, end - begin };
	*text = str_skip(*text, end);
	return end > begin;
}

/* Wrapped words; the first line has `at` columns already, the others begin at `indent`. */
static void add_wrapped(struct buf *out, struct str text, size_t at, size_t indent)
{
	struct str word;
	bool first = true;

	while (next_word(&text, &word)) {
		size_t n = columns(word);

		if (!first && at + 1 + n > WIDTH) {
			buf_add_char(out, '\n');
			add_blanks(out, indent);
			at = indent;
			first = true;
		}
		if (!first)
			buf_add_char(out, ' ');
		buf_add(out, word);
		at += n + !first;
		first = false;
	}
	buf_add_char(out, '\n');
}

static void add_heading(struct buf *out, int level, struct str text)
{
	size_t n = columns(text);

	if (level > 1)
		buf_add_char(out, '\n');
	add_wrapped(out, text, 0, 0);
	for (size_t i = 0; level < 3 && i < n && i < WIDTH; i++)
		buf_add_char(out, level == 1 ? '=' : '-');
	if (level < 3)
		buf_add_char(out, '\n');
}

/* -- HTML -- */

static void add_escaped(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '&')
			buf_add_cstr(out, "&amp;");
		else if (c == '<')
			buf_add_cstr(out, "&lt;");
		else if (c == '>')
			buf_add_cstr(out, "&gt;");
		else if (c == '"')
			buf_add_cstr(out, "&quot;");
		else
			buf_add_char(out, is_blank(c) ? ' ' : c);
	}
}

static void add_element(struct buf *out, const char *name, struct str text)
{
	buf_printf(out, "<%s>", name);
	add_escaped(out, text);
	buf_printf(out, "</%s>\n", name);
}

static void open(struct page *page, enum page_open what)
{
	static const char *const tags[] = { NULL, "dl", "ul" };

	if (page->open == what)
		return;
	if (page->form == PAGE_HTML && page->open != PAGE_NOTHING)
		buf_printf(page->out, "</%s>\n", tags[page->open]);
	if (page->form == PAGE_HTML && what != PAGE_NOTHING)
		buf_printf(page->out, "<%s>\n", tags[what]);
	page->open = what;
}

static const char head[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n"
	"<head>\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<title>";
static const char style[] =
	"</title>\n"
	"<style>\n"
	"body { font: 16px/1.5 serif; max-width: 46em; margin: 2em auto; padding: 0 1em; }\n"
	"h1, h2, h3, dt { font-family: sans-serif; }\n"
	"h2 { border-bottom: 1px solid; margin-top: 2em; }\n"
	"dl { display: grid; grid-template-columns: max-content 1fr; gap: .3em 1em; }\n"
	"dt { font-weight: bold; }\n"
	"dd { margin: 0; overflow-wrap: anywhere; }\n"
	"</style>\n"
	"</head>\n"
	"<body>\n";

/* -- Lines, for comparing: section, label and sentence with a tab between -- */

static void add_line(struct page *page, const char *label, struct str sentence)
{
	sentence = str_trim(sentence);
	if (sentence.n == 0)
		return;
	buf_printf(page->out, "%.*s%s%.*s\t%s\t", STR_ARG(page->section),
		   page->section.n > 0 && page->subsection.n > 0 ? ", " : "",
		   STR_ARG(page->subsection), label);
	for (size_t i = 0; i < sentence.n; i++)
		buf_add_char(page->out, is_blank(sentence.p[i]) ? ' ' : sentence.p[i]);
	buf_add_char(page->out, '\n');
}

/* Sentences one by one, and the members of what is a list. */
static void add_lines(struct page *page, const char *label, struct str text)
{
	struct str mark = str_ends(text, STR_LIT(".")) ? STR_LIT(". ") : STR_LIT(", ");

	for (size_t at = 0, end; at < text.n; at = end) {
		end = str_find(text, mark, at);
		end = end == STR_NPOS ? text.n : end + (mark.p[0] == '.' ? 1 : 0);
		add_line(page, label, (struct str){ text.p + at, end - at });
		end += mark.p[0] == ',' ? mark.n : 0;
	}
}

static void enter(struct page *page, int level, struct str text)
{
	if (level == 3) {
		page->subsection = text;
		return;
	}
	page->section = level == 2 ? text : STR_LIT("");
	page->subsection = STR_LIT("");
	if (level == 1)
		add_line(page, "", text);
}

/* -- All forms -- */

void page_begin(struct page *page, struct str title)
{
	if (page->form == PAGE_HTML) {
		buf_add_cstr(page->out, head);
		add_escaped(page->out, title);
		buf_add_cstr(page->out, style);
	}
	page_heading(page, 1, title);
}

void page_end(struct page *page)
{
	open(page, PAGE_NOTHING);
	if (page->form == PAGE_HTML)
		buf_add_cstr(page->out, "</body>\n</html>\n");
}

void page_heading(struct page *page, int level, struct str text)
{
	static const char *const names[] = { "h1", "h2", "h3" };

	open(page, PAGE_NOTHING);
	if (page->form == PAGE_HTML)
		add_element(page->out, names[level - 1], text);
	else if (page->form == PAGE_LINES)
		enter(page, level, text);
	else
		add_heading(page->out, level, text);
}

void page_text(struct page *page, const char *format, ...)
{
	struct str text;
	va_list args;

	va_start(args, format);
	text = arena_vprintf(page->arena, format, args);
	va_end(args);
	open(page, PAGE_NOTHING);
	if (page->form == PAGE_HTML)
		add_element(page->out, "p", text);
	else if (page->form == PAGE_LINES)
		add_lines(page, "", text);
	else
		add_wrapped(page->out, text, 0, 0);
}

void page_row(struct page *page, const char *label, struct str text)
{
	size_t n = strlen(label);

	if (text.n == 0)
		return;
	open(page, PAGE_ROWS);
	if (page->form == PAGE_HTML) {
		add_element(page->out, "dt", str_from(label));
		add_element(page->out, "dd", text);
		return;
	}
	if (page->form == PAGE_LINES) {
		add_lines(page, label, text);
		return;
	}
	buf_printf(page->out, "  %s:", label);
	add_blanks(page->out, n + 3 < LABEL ? LABEL - n - 3 : 1);
	add_wrapped(page->out, text, n + 3 < LABEL ? LABEL : n + 4, LABEL);
}

void page_item(struct page *page, const char *format, ...)
{
	struct str text;
	va_list args;

	va_start(args, format);
	text = arena_vprintf(page->arena, format, args);
	va_end(args);
	open(page, PAGE_ITEMS);
	if (page->form == PAGE_HTML) {
		add_element(page->out, "li", text);
		return;
	}
	if (page->form == PAGE_LINES) {
		add_line(page, "", text);
		return;
	}
	buf_add_cstr(page->out, "  - ");
	add_wrapped(page->out, text, 4, 4);
}
