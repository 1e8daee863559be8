/* charset.h - the character sets that mail uses, to UTF-8
 *
 * A name from a mail never reaches iconv: it is looked up in a table of labels, and the table
 * names the converter. As browsers and mail readers do (WHATWG Encoding), ISO-8859-1 and US-ASCII
 * are read as windows-1252, ISO-8859-9 as windows-1254, the Korean, Japanese and Chinese names as
 * their vendors' supersets.
 */
#ifndef POLICY_MESSAGE_CHARSET_H
#define POLICY_MESSAGE_CHARSET_H

#include "policy/base/arena.h"

enum charset_result {
	CHARSET_OK,
	CHARSET_UNKNOWN, /* no such label: read as UTF-8 or windows-1252 all the same */
	CHARSET_REFUSED, /* UTF-7: read all the same, but no reader of today should */
	CHARSET_BAD,     /* bytes that are not in it; the text has U+FFFD there */
};

/* Reads bytes in the charset of this label (any case; absent or empty: none was declared, which
 * is UTF-8 where the bytes are that, as all ASCII is). *ret_text is always written, and is valid
 * UTF-8 without byte order mark; it may be bytes itself. */
enum charset_result charset_decode(struct arena *arena, struct str label, struct str bytes,
				   struct str *ret_text);

/* The label that an HTML document declares for itself in its first 1024 bytes (WHATWG HTML,
 * 13.2.3.2, by and large); absent where it declares none. */
struct str charset_of_html(struct str bytes);

#endif
