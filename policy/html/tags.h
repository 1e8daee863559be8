/* tags.h - the elements whose treatment differs, and how */
#ifndef POLICY_HTML_TAGS_H
#define POLICY_HTML_TAGS_H

#include "policy/base/str.h"

/* In the order of the table in tags.c, which is alphabetical. */
enum html_tag {
	TAG_OTHER, /* any name that is not listed */
	TAG_A, TAG_ADDRESS, TAG_APPLET, TAG_AREA, TAG_ARTICLE, TAG_ASIDE, TAG_B, TAG_BASE,
	TAG_BASEFONT, TAG_BGSOUND, TAG_BIG, TAG_BLOCKQUOTE, TAG_BODY, TAG_BR, TAG_BUTTON,
	TAG_CAPTION, TAG_CENTER, TAG_CODE, TAG_COL, TAG_COLGROUP, TAG_DD, TAG_DEL, TAG_DETAILS,
	TAG_DIALOG, TAG_DIR, TAG_DIV, TAG_DL, TAG_DT, TAG_EM, TAG_EMBED, TAG_FIELDSET,
	TAG_FIGCAPTION, TAG_FIGURE, TAG_FONT, TAG_FOOTER, TAG_FORM, TAG_FRAME, TAG_FRAMESET, TAG_H1,
	TAG_H2, TAG_H3, TAG_H4, TAG_H5, TAG_H6, TAG_HEAD, TAG_HEADER, TAG_HGROUP, TAG_HR, TAG_HTML,
	TAG_I, TAG_IFRAME, TAG_IMAGE, TAG_IMG, TAG_INPUT, TAG_KEYGEN, TAG_LI, TAG_LINK, TAG_LISTING,
	TAG_MAIN, TAG_MARQUEE, TAG_MATH, TAG_MENU, TAG_META, TAG_NAV, TAG_NOBR, TAG_NOEMBED,
	TAG_NOFRAMES, TAG_NOSCRIPT, TAG_OBJECT, TAG_OL, TAG_OPTGROUP, TAG_OPTION, TAG_P, TAG_PARAM,
	TAG_PLAINTEXT, TAG_PRE, TAG_RP, TAG_RT, TAG_S, TAG_SCRIPT, TAG_SEARCH, TAG_SECTION,
	TAG_SELECT, TAG_SMALL, TAG_SOURCE, TAG_SPAN, TAG_STRIKE, TAG_STRONG, TAG_STYLE, TAG_SUB,
	TAG_SUMMARY, TAG_SUP, TAG_SVG, TAG_TABLE, TAG_TBODY, TAG_TD, TAG_TEMPLATE, TAG_TEXTAREA,
	TAG_TFOOT, TAG_TH, TAG_THEAD, TAG_TIME, TAG_TITLE, TAG_TR, TAG_TRACK, TAG_TT, TAG_U, TAG_UL,
	TAG_WBR, TAG_XMP,
	TAG_N,
};

enum html_tag_flag {
	TAG_SPECIAL = 1 << 0,     /* 13.2.4.2 */
	TAG_VOID = 1 << 1,        /* no content, no end tag */
	TAG_FORMATTING = 1 << 2,  /* reopened after misnesting */
	TAG_CLOSES_P = 1 << 3,    /* its start ends an open paragraph */
	TAG_BLOCK_END = 1 << 4,   /* its end tag closes what is open inside it */
	TAG_SCOPE = 1 << 5,       /* end tags do not reach through it */
	TAG_IMPLIED_END = 1 << 6, /* p, li, td ...: the end tag may be left out */
	TAG_HEADING = 1 << 7,
	TAG_IN_HEAD = 1 << 8,     /* belongs to the head when it stands there */
	TAG_RAW = 1 << 9,         /* its content is text up to its own end tag */
	TAG_RCDATA = 1 << 10,     /* as RAW, but with character references */
	TAG_BLOCK = 1 << 11,      /* display: block unless a style says otherwise */
	TAG_IS_BUTTON = 1 << 12,
	TAG_IS_LIST = 1 << 13,
	/* The other scopes of 13.2.4.2. */
	TAG_SCOPE_BUTTON = TAG_SCOPE | TAG_IS_BUTTON,
	TAG_SCOPE_LIST = TAG_SCOPE | TAG_IS_LIST,
	TAG_SCOPE_TABLE = 1 << 14,
};

/* name is lower case. */
enum html_tag html_tag_find(struct str name);
const char *html_tag_name(enum html_tag tag);
unsigned html_tag_flags(enum html_tag tag);

static inline bool html_tag_is(enum html_tag tag, enum html_tag_flag flag)
{
	return (html_tag_flags(tag) & flag) != 0;
}

#endif
