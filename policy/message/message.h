/* message.h - a message as its readers would take it apart: fields, parts, and what is not clear
 *
 * The first stage's product. ingest.h turns bytes or milter callbacks into struct message_source;
 * message_parse reads that into struct message: strictly, linear in time and memory, without
 * recursion on its input. Nothing is repaired in silence: what two mail readers could take
 * differently is an ambiguity in the list (POLICY.md, settled 13), what goes beyond a limit is
 * another (settled 14). Both lists stay empty for a clean message.
 */
#ifndef POLICY_MESSAGE_MESSAGE_H
#define POLICY_MESSAGE_MESSAGE_H

#include <stdint.h>

#include "policy/base/arena.h"

/* Defaults of POLICY.md, settled 14. A policy or the configuration may lower or raise them. */
struct message_limits {
	size_t message_octets; /* 25 MiB */
	size_t header_fields;  /* 1000 */
	size_t header_octets;  /* 256 KiB */
	size_t parts;          /* 256 */
	size_t depth;          /* 16 */
	size_t html_octets;    /* 2 MiB, of all HTML parts once decoded */
	size_t text_octets;    /* 512 KiB, of all other text parts that a reader shows */
	size_t css_octets;     /* 256 KiB, of all style sheets of a part */
	size_t recipients;     /* 1000 */
};
extern const struct message_limits message_limits_default;

/* A header field as it came. value is what follows the colon, with the leading space where there
 * is one, and its folds as LF + white space (CRLF is reduced to LF, as libmilter hands it). */
struct field {
	struct str name;
	struct str value;
};

/* What only the reader of the raw bytes can see; a mail server may have normalised it away. */
enum raw_defect {
	RAW_NUL_IN_HEADER = 1 << 0,
	RAW_BARE_CR = 1 << 1,
	RAW_BARE_LF = 1 << 2,
	RAW_NO_COLON = 1 << 3,  /* a header line without a colon, or 8-bit bytes in a field's name */
	RAW_LONG_LINE = 1 << 4, /* over 998 octets, in header or body */
	RAW_NUL_IN_BODY = 1 << 5,
	RAW_TRUNCATED = 1 << 6, /* the message is larger than the limit: the rest was not read */
	RAW_TOO_MANY_FIELDS = 1 << 7,
};

/* A message before it is read. Owned by whoever made it; message_parse keeps pointers into it,
 * so it outlives the struct message. */
struct message_source {
	const struct field *fields;
	size_t n_fields;
	struct str body;       /* lines end in CRLF */
	size_t octets;         /* of header and body */
	unsigned raw_defects;  /* enum raw_defect */
};

enum ambiguity_kind {
	AMBIGUITY_DUPLICATE_FIELD,
	AMBIGUITY_TRANSFER_ENCODING,
	AMBIGUITY_BOUNDARY,
	AMBIGUITY_CHARSET,        /* unknown, UTF-7, or bytes that are not in the declared one */
	AMBIGUITY_NUL,
	AMBIGUITY_BARE_CR,
	AMBIGUITY_BARE_LF,
	AMBIGUITY_LONG_LINE,
	AMBIGUITY_NO_COLON,
	AMBIGUITY_ENCODED_WORD_IN_PARAMETER,
	AMBIGUITY_PARAMETERS,     /* conflicting RFC 2231 parameters */
	AMBIGUITY_PARTIAL,
	AMBIGUITY_EXTERNAL_BODY,
	AMBIGUITY_ENCRYPTED,      /* encrypted or compressed: those without the key see nothing */
};

struct ambiguity {
	enum ambiguity_kind kind;
	struct str detail; /* for people: which field or part, and what two readers would see */
};

/* A limit that the message goes beyond. */
struct limit_breach {
	struct str what;   /* "parts", "depth", "header fields", ... */
	size_t measured;   /* what is there; where counting stopped early, the limit + 1 */
	size_t allowed;
};

/* One mailbox of an address field. Comments and group names are gone, quoted local parts are
 * unquoted where the quotes add nothing ("ada"@x is ada@x); the domain is lower case A-labels. */
struct mailbox {
	struct str name;    /* display name, decoded, UTF-8; absent where there is none */
	struct str address; /* local@domain; absent for what could not be read as an address */
	struct str raw;     /* what it was read from */
};

struct mailbox_list {
	struct mailbox *items;
	size_t n, cap;
};

enum disposition { DISPOSITION_NONE, DISPOSITION_INLINE, DISPOSITION_ATTACHMENT };

/* One MIME entity. The array of a message is in the order of the text, parents first. What can be
 * read in two ways (two Content-Types, two boundaries) stands there twice, and is ambiguous. */
struct part {
	int parent;                /* index, -1 for the root */
	unsigned depth;            /* 0 for the root */
	struct str type;           /* lower case "text/html"; RFC 2045 default where none is given */
	struct str charset;        /* lower case as declared, absent where none is */
	struct str boundary;
	struct str name;           /* file name, decoded; absent where there is none */
	struct str content_id;     /* without the angle brackets */
	struct str content_location;
	struct str method;         /* of text/calendar */
	struct str report_type;    /* of multipart/report */
	struct str start;          /* of multipart/related: the root's Content-ID, without brackets */
	struct str language;       /* Content-Language */
	enum disposition disposition;
	struct str encoded;        /* the body as it came */
	struct str octets;         /* leaves that may be shown or read (text, image, calendar, message):
				    * the transfer encoding undone; of S/MIME in one piece, what was
				    * signed; absent elsewhere */
	struct str text;           /* text leaves: octets as UTF-8, CRLF as LF, always valid */
	bool delsp;                /* of text/plain: format=flowed with DelSp=yes (RFC 3676 4.2) */
	bool in_attached_message;  /* below a message/rfc822 */
	bool second_reading;       /* the entity is in the list before, read in another way */
};

/* The X-CRM-Declared-* fields (INTERFACE.md). Absent where not given, text as it came, trimmed. */
struct declaration {
	struct str category;
	struct str event_id;
	struct str start;
	struct str end;
	struct str instances;
};

struct message {
	struct arena *arena;
	const struct message_source *source;

	struct str subject;     /* decoded, unfolded, valid UTF-8 (every text here is); where there are
				 * several, which is ambiguous, all of them */
	struct str message_id;  /* with its angle brackets */
	struct str in_reply_to; /* unfolded; absent where the field is */
	struct str references;
	struct str auto_submitted;
	struct str precedence;
	struct str list_unsubscribe;
	struct str list_id;
	struct str content_language;
	struct str return_path; /* address without brackets; empty for <>, absent without the field */
	int64_t date;           /* seconds since 1970 UTC */
	bool has_date;
	struct mailbox_list from, sender, reply_to, to, cc, bcc;
	struct declaration declared;

	struct part *parts;
	size_t n_parts;

	struct ambiguity *ambiguities;
	size_t n_ambiguities, cap_ambiguities;
	struct limit_breach *breaches;
	size_t n_breaches, cap_breaches;
};

/* Reads a message. Never fails: what cannot be read is an ambiguity or a breach, and what is
 * left is judged all the same. All memory comes from arena; source must outlive the result. */
struct message *message_parse(struct arena *arena, const struct message_source *source,
			      const struct message_limits *limits);

/* Adds to the lists; for the stages that see more than the structure (HTML, charsets). */
void message_ambiguous(struct message *message, enum ambiguity_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void message_over_limit(struct message *message, const char *what, size_t measured, size_t allowed);

/* Whether readers show the part as HTML: text/html, XHTML, or AMP for those who know it. */
bool part_is_html(const struct part *part);
bool part_is_amp(const struct part *part);

/* The value of the first field of this name, unfolded, trimmed and decoded (RFC 2047); absent
 * where there is none. */
struct str message_field(const struct message *message, const char *name);

#endif
