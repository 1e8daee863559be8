/* Any octets in any character set, and as base64, quoted-printable and uuencode: what comes out is
 * UTF-8, and no longer than it may be. The first line is the character set's name. */
#include <stdint.h>
#include <stdlib.h>

#include "policy/message/charset.h"
#include "policy/message/transfer.h"
#include "policy/text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_charset(struct arena *arena, struct str label, struct str bytes)
{
	struct str text;
	enum charset_result result = charset_decode(arena, label, bytes, &text);

	if (!utf8_is_valid(text) || text.n > bytes.n * 6 + 16)
		abort();
	/* what is called good holds no mark of what is not */
	if (result == CHARSET_OK && utf8_is_ascii(bytes) && utf8_is_ascii(text) &&
	    str_starts_nocase(label, STR_LIT("windows-")) && !str_eq(text, bytes))
		abort();
	charset_of_html(bytes);
}

static void check_transfer(struct arena *arena, struct str encoded)
{
	bool odd;

	if (transfer_base64(arena, encoded, &odd).n > encoded.n / 4 * 3 + 3 ||
	    transfer_quoted_printable(arena, encoded, &odd).n > encoded.n ||
	    transfer_uuencode(arena, encoded).n > encoded.n)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = { (const char *)data, size }, label;
	struct arena *arena = arena_new();

	if (str_next_line(&bytes, &label))
		check_charset(arena, label, bytes);
	check_charset(arena, STR_NONE, (struct str){ (const char *)data, size });
	check_transfer(arena, bytes);
	arena_free(arena);
	return 0;
}
