/* tokenizer.h - HTML text as tokens, to the WHATWG standard (13.2.5)
 *
 * Pull: the tree builder asks for the next token, and tells which kind of text follows a start
 * tag. Linear in the input; tokens point into the input where nothing had to be decoded.
 */
#ifndef POLICY_HTML_TOKENIZER_H
#define POLICY_HTML_TOKENIZER_H

#include "policy/base/arena.h"
#include "policy/html/tags.h"

/* Attributes that one tag keeps; what is beyond is only counted. */
#define HTML_ATTRS_MAX 100

enum html_token_type {
	HTML_TOKEN_EOF,
	HTML_TOKEN_TEXT,
	HTML_TOKEN_START,
	HTML_TOKEN_END,
	HTML_TOKEN_COMMENT,
	HTML_TOKEN_DOCTYPE,
};

struct html_attr {
	struct str name; /* lower case */
	struct str value;
};

struct html_token {
	enum html_token_type type;
	struct str name; /* of a tag, lower case */
	enum html_tag tag;
	struct html_attr *attrs;
	size_t n_attrs;
	bool self_closing;
	struct str text; /* of text, references decoded and perhaps empty; of a comment */
};

/* What the text after a start tag is made of. */
enum html_content {
	HTML_CONTENT_DATA,
	HTML_CONTENT_RCDATA,
	HTML_CONTENT_RAWTEXT,
	HTML_CONTENT_SCRIPT,
	HTML_CONTENT_PLAINTEXT,
	HTML_CONTENT_CDATA, /* the rest of a CDATA section */
};

struct html_tokenizer {
	struct arena *arena;
	struct str input;
	size_t at;
	enum html_content content;
	struct str last_start; /* the end tag that ends RCDATA, RAWTEXT and SCRIPT */
	bool foreign;          /* inside svg or math: CDATA sections are text */
	bool outlook;          /* read as Outlook's Word engine does: [if mso] is content */
	bool conditional;      /* conditional comments were met */
	size_t attrs_dropped;
	struct html_attr *attrs; /* of the tag that is being read */
	size_t n_attrs, cap_attrs;
};

void html_tokenizer_init(struct html_tokenizer *tokenizer, struct arena *arena, struct str input);

/* The next token; HTML_TOKEN_EOF again and again at the end. */
struct html_token html_next(struct html_tokenizer *tokenizer);

#endif
