/* document.h - what a reader sees: blocks of text in their order, links, and what is hidden
 *
 * One structure for plain text and HTML parts. Text that is not shown (display, visibility,
 * opacity, size, colour on its own colour, off-screen, clipped, comments excepted) stands in
 * blocks of its own with BLOCK_HIDDEN: later stages look there only to tell "missing" from
 * "hidden" (POLICY.md, settled 12).
 */
#ifndef POLICY_HTML_DOCUMENT_H
#define POLICY_HTML_DOCUMENT_H

#include "policy/message/message.h"
#include "policy/text/fold.h"

/* Where a statement was found; the names leave in JSON and audit ("text", "html", ...). */
enum place {
	PLACE_SUBJECT,
	PLACE_TEXT,
	PLACE_HTML,
	PLACE_CALENDAR,
	PLACE_JSONLD,
	PLACE_MICRODATA,
	PLACE_DECLARED,
	PLACE_N,
};
const char *place_name(enum place place);

enum block_flag {
	BLOCK_HEADING = 1 << 0,   /* h1..h6, or the text of the banner, or a short first line of text */
	BLOCK_BANNER = 1 << 1,    /* inside the banner's box */
	BLOCK_CELL = 1 << 2,      /* a table cell; row and column say which */
	BLOCK_ITEM = 1 << 3,      /* a list item */
	BLOCK_QUOTED = 1 << 4,    /* quoted mail: "> ", blockquote, below "-----Original Message-----" */
	BLOCK_SIGNATURE = 1 << 5, /* below "-- " */
	BLOCK_FOOTER = 1 << 6,    /* small print at the end */
	BLOCK_HIDDEN = 1 << 7,    /* present, not visible */
	BLOCK_FORWARDED = 1 << 8, /* below a forward's header lines */
};

struct block {
	struct str text;      /* UTF-8, white space collapsed; a line break that is shown is LF */
	struct folded folded; /* of text */
	unsigned flags;       /* enum block_flag */
	unsigned table;       /* 1.. for cells, 0 elsewhere; nested tables have their own number */
	unsigned row, column; /* from 0, within the table */
};

struct link {
	struct str href;   /* as written, entities decoded, trimmed */
	struct str text;   /* visible text, or an image's alt */
	size_t block;      /* where it stands */
	bool hidden;
};

/* schema.org data that no reader sees but machines do: raw JSON-LD scripts, and itemprop pairs. */
struct microdata {
	struct str name;   /* itemprop, such as startDate */
	struct str value;
};

enum paint_source { PAINT_NONE, PAINT_BGCOLOR, PAINT_STYLE, PAINT_STYLESHEET, PAINT_VML,
		    PAINT_GRADIENT, PAINT_IMAGE };

/* The first coloured block at the top of the layout (POLICY.md, Banner colours), still without
 * the palette: that is the policy's. Candidates stand in reading order; which of them is the
 * banner is decided by document readers with white, grey and pale rows passed over. */
struct banner_candidate {
	enum paint_source source;
	bool has_color;
	uint8_t rgb[3];         /* what is seen: alpha blended over what is beneath */
	bool gradient;          /* rgb is the fallback colour, where has_color */
	uint8_t stops[8][3];    /* of a gradient without a fallback */
	unsigned n_stops;
	struct str image;       /* cid:, data: or URL that is painted over or instead of the colour */
	double width;           /* share of the layout's width, 0 to 1 */
	bool unknown_size;      /* an image that does not say its size: width and height are 0 */
	double layout_width;    /* pixels, where unknown_size */
	double height;          /* pixels, estimated */
	struct str where;       /* for people: "td bgcolor", "div style background", ... */
};

struct document {
	enum place place;           /* PLACE_TEXT or PLACE_HTML */
	int part;                   /* index in message->parts */
	struct str language;        /* html lang or Content-Language, may be absent */
	struct str title;           /* <title>: not seen by a reader, kept for evidence */
	struct block *blocks;
	size_t n_blocks, cap_blocks;
	struct link *links;
	size_t n_links, cap_links;
	struct str *jsonld;         /* text of application/ld+json scripts */
	size_t n_jsonld, cap_jsonld;
	struct microdata *microdata;
	size_t n_microdata, cap_microdata;
	struct banner_candidate *banners; /* full-width coloured boxes at the top, in order */
	size_t n_banners, cap_banners;
};

/* Reads an HTML part (part->text). Ambiguities and breaches go to message's lists. Linear in
 * the size of the text; never fails. */
struct document *document_from_html(struct arena *arena, struct message *message, int part,
				    const struct message_limits *limits);
/* Reads a plain text part, its first 2 MiB; format=flowed is not undone, lines of a paragraph are
 * joined by LF. */
struct document *document_from_text(struct arena *arena, struct message *message, int part);

#endif
