/* page_write.h - a page of headings, sentences, rows and items, as plain text, as HTML, or
 * line by line
 *
 * Internal to policy/rules. Texts are UTF-8; control characters in them become blanks.
 */
#ifndef POLICY_RULES_PAGE_WRITE_H
#define POLICY_RULES_PAGE_WRITE_H

#include "policy/base/buf.h"

enum page_form {
	PAGE_TEXT,
	PAGE_HTML,
	PAGE_LINES, /* "section\tlabel\tsentence", to be compared */
};

enum page_open { PAGE_NOTHING, PAGE_ROWS, PAGE_ITEMS };

struct page {
	struct buf *out;
	struct arena *arena; /* for what is put together */
	enum page_form form;
	enum page_open open;
	struct str section, subsection; /* of PAGE_LINES */
};

void page_begin(struct page *page, struct str title);
void page_end(struct page *page);
/* level 1 to 3; the title is 1. */
void page_heading(struct page *page, int level, struct str text);
void page_text(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A label and what is to be said of it; nothing where the text is empty. */
void page_row(struct page *page, const char *label, struct str text);
void page_item(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
