#include "policy/message/encoded_word.h"

#include "policy/base/buf.h"
#include "policy/message/charset.h"
#include "policy/message/header.h"
#include "policy/message/transfer.h"
#include "policy/text/utf8.h"

struct word {
	struct str charset; /* without the language of RFC 2231 5 */
	char encoding;      /* 'b' or 'q' */
	struct str text;
	size_t end;
};

/* The encoded word at this place. Blanks within its text are against RFC 2047 2, yet sent; and so is
 * "?" in the text of a "q", where some readers end the word and some do not. */
static bool word_at(struct str s, size_t at, struct word *ret_word)
{
	size_t mark1, end, star;
	struct word word;

	if (s.n - at < 2 || s.p[at] != '=' || s.p[at + 1] != '?')
		return false;
	mark1 = str_find_char(s, '?', at + 2);
	if (mark1 == STR_NPOS || mark1 - at > 60 || s.n - mark1 < 3 || s.p[mark1 + 2] != '?')
		return false;
	word.encoding = ascii_lower(s.p[mark1 + 1]);
	if (word.encoding != 'b' && word.encoding != 'q')
		return false;
	word.charset = (struct str){ s.p + at + 2, mark1 - at - 2 };
	for (size_t i = 0; i < word.charset.n; i++) {
		if (word.charset.p[i] <= ' ' || word.charset.p[i] == '=')
			return false;
	}
	star = str_find_char(word.charset, '*', 0);
	word.charset = str_head(word.charset, star);
	end = word.encoding == 'q' ? str_find(s, STR_LIT("?="), mark1 + 3)
				   : str_find_char(s, '?', mark1 + 3);
	if (end == STR_NPOS || end + 1 >= s.n || s.p[end + 1] != '=')
		return false;
	word.text = (struct str){ s.p + mark1 + 3, end - mark1 - 3 };
	word.end = end + 2;
	*ret_word = word;
	return true;
}

size_t encoded_word_length(struct str raw, size_t at)
{
	struct word word;

	return at < raw.n && word_at(raw, at, &word) ? word.end - at : 0;
}

bool has_encoded_word(struct str raw)
{
	struct word word;

	for (size_t at = 0; (at = str_find(raw, STR_LIT("=?"), at)) != STR_NPOS; at += 2) {
		if (word_at(raw, at, &word))
			return true;
	}
	return false;
}

static struct str q_decode(struct arena *arena, struct str text, unsigned *faults)
{
	char *out = arena_alloc(arena, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '=') {
			out[n++] = text.p[i] == '_' ? ' ' : text.p[i];
		} else if (text.n - i > 2 && hex_digit(text.p[i + 1]) >= 0 &&
			   hex_digit(text.p[i + 2]) >= 0) {
			out[n++] = (char)(hex_digit(text.p[i + 1]) << 4 | hex_digit(text.p[i + 2]));
			i += 2;
		} else {
			out[n++] = '=';
			*faults |= TEXT_ENCODING;
		}
	}
	return (struct str){ out, n };
}

static struct str word_octets(struct arena *arena, const struct word *word, unsigned *faults)
{
	struct str octets;
	bool odd;

	/* RFC 2047 2: not an encoded word then, but many readers take it for one */
	if (!utf8_is_ascii(word->text) || str_find_char(word->text, '?', 0) != STR_NPOS)
		*faults |= TEXT_ENCODING;
	if (word->encoding == 'q')
		return q_decode(arena, word->text, faults);
	octets = transfer_base64(arena, word->text, &odd);
	if (odd)
		*faults |= TEXT_ENCODING;
	return octets;
}

/* Words of one charset, gathered until something else comes. */
struct gathering {
	struct str charset;
	struct buf octets;
};

static void gathering_end(struct arena *arena, struct gathering *gathered, struct buf *out,
			  unsigned *faults)
{
	struct str text;

	if (gathered->charset.p == NULL)
		return;
	if (charset_decode(arena, gathered->charset, buf_str(&gathered->octets), &text) !=
	    CHARSET_OK)
		*faults |= TEXT_CHARSET;
	buf_add(out, text);
	gathered->charset = STR_NONE;
}

static void gathering_add(struct arena *arena, struct gathering *gathered, const struct word *word,
			  struct buf *out, unsigned *faults)
{
	if (gathered->charset.p == NULL || !str_eq_nocase(gathered->charset, word->charset)) {
		gathering_end(arena, gathered, out, faults);
		gathered->charset = word->charset;
		buf_init(&gathered->octets, arena, (size_t)-1);
	}
	buf_add(&gathered->octets, word_octets(arena, word, faults));
}

static bool is_blank(struct str s)
{
	return str_trim(s).n == 0;
}

/* The bytes of a word are its charset's; only what stands outside of words is to be guessed. */
static void add_unencoded(struct arena *arena, struct str piece, struct buf *out)
{
	if (!utf8_is_valid(piece))
		charset_decode(arena, STR_LIT("iso-8859-1"), piece, &piece);
	buf_add(out, piece);
}

/* What an encoded word may hold and a line of text may not: line ends, NUL, control characters.
 * C1 controls, two bytes in UTF-8, go too: terminals and log readers obey them. */
static struct str without_controls(struct str s)
{
	char *p = (char *)s.p;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c < 0x20 || c == 0x7F)
			p[i] = ' ';
		else if (c == 0xC2 && i + 1 < s.n && (unsigned char)p[i + 1] < 0xA0)
			p[i] = p[i + 1] = ' ';
	}
	return str_trim(s);
}

struct str header_text(struct arena *arena, struct str raw, unsigned *faults)
{
	struct gathering gathered = { 0 };
	struct str text = header_unfold(arena, raw);
	struct word word;
	struct buf out;
	size_t plain = 0;

	if (utf8_is_ascii(text) && str_find(text, STR_LIT("=?"), 0) == STR_NPOS)
		return text;
	buf_init(&out, arena, (size_t)-1);
	for (size_t at = 0; (at = str_find(text, STR_LIT("=?"), at)) != STR_NPOS;) {
		struct str between;

		if (!word_at(text, at, &word)) {
			at += 2;
			continue;
		}
		between = str_span(text.p + plain, text.p + at);
		if (gathered.charset.p == NULL || !is_blank(between)) {
			gathering_end(arena, &gathered, &out, faults);
			add_unencoded(arena, between, &out);
		}
		gathering_add(arena, &gathered, &word, &out, faults);
		plain = at = word.end;
	}
	gathering_end(arena, &gathered, &out, faults);
	add_unencoded(arena, str_skip(text, plain), &out);
	return without_controls(arena_str(arena, buf_str(&out)));
}
