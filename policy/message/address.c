#include "policy/message/address.h"

#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "policy/base/buf.h"
#include "policy/message/charset.h"
#include "policy/message/encoded_word.h"
#include "policy/message/header.h"
#include "policy/text/utf8.h"

/* RFC 1035 has 255 octets; U-labels may take more. */
#define DOMAIN_MAX 1024
#define LOCAL_MAX 1024

static struct str lower(struct arena *arena, struct str s)
{
	char *out = arena_alloc(arena, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		out[i] = ascii_lower(s.p[i]);
	return (struct str){ out, s.n };
}

static struct str to_ascii(struct arena *arena, struct str domain)
{
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode error = U_ZERO_ERROR;
	UIDNA *idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_USE_STD3_RULES,
				      &error);
	char out[DOMAIN_MAX];
	int32_t n;

	if (U_FAILURE(error))
		return STR_NONE;
	n = uidna_nameToASCII_UTF8(idna, domain.p, (int32_t)domain.n, out, DOMAIN_MAX, &info,
				   &error);
	uidna_close(idna);
	if (U_FAILURE(error) || info.errors != 0 || n <= 0 || n >= DOMAIN_MAX)
		return STR_NONE;
	return arena_str(arena, (struct str){ out, (size_t)n });
}

static struct str without_space(struct arena *arena, struct str s)
{
	char *out = arena_alloc(arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_space(s.p[i]))
			out[n++] = s.p[i];
	}
	return (struct str){ out, n };
}

struct str domain_canonical(struct arena *arena, struct str domain)
{
	struct str ascii = STR_NONE;

	domain = without_space(arena, domain);
	while (domain.n > 0 && domain.p[domain.n - 1] == '.')
		domain.n--;
	if (!utf8_is_ascii(domain) && domain.n < DOMAIN_MAX && utf8_is_valid(domain))
		ascii = to_ascii(arena, domain);
	return lower(arena, ascii.p != NULL ? ascii : domain);
}

/* Normalization Form C: "ö" is one letter, however it was typed. */
static struct str compose(struct arena *arena, struct str s)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&error);
	UChar in[LOCAL_MAX], out[LOCAL_MAX * 3];
	char text[LOCAL_MAX * 9];
	int32_t n = 0;

	u_strFromUTF8(in, LOCAL_MAX, &n, s.p, (int32_t)s.n, &error);
	n = unorm2_normalize(nfc, in, n, out, LOCAL_MAX * 3, &error);
	u_strToUTF8(text, LOCAL_MAX * 9, &n, out, n, &error);
	return U_SUCCESS(error) ? arena_str(arena, (struct str){ text, (size_t)n }) : s;
}

static bool is_atom_char(char c)
{
	return (unsigned char)c >= 0x80 || ascii_is_alnum(c) ||
	       (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool is_dot_atom(struct str s)
{
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.' && i > 0 && i + 1 < s.n && s.p[i - 1] != '.')
			continue;
		if (!is_atom_char(s.p[i]))
			return false;
	}
	return true;
}

/* Quotes and backslashes off; blanks outside of quotes, which old mail may have, too. */
static struct str unquote_local(struct arena *arena, struct str s)
{
	char *out = arena_alloc(arena, s.n + 1);
	bool quoted = false;
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			quoted = !quoted;
		else if (s.p[i] == '\\' && quoted && i + 1 < s.n)
			out[n++] = s.p[++i];
		else if (quoted || !ascii_is_space(s.p[i]))
			out[n++] = s.p[i];
	}
	return (struct str){ out, n };
}

static struct str canonical_local(struct arena *arena, struct str raw)
{
	struct str local = unquote_local(arena, raw);
	struct buf out;

	if (!utf8_is_ascii(local) && local.n < LOCAL_MAX && utf8_is_valid(local))
		local = compose(arena, local);
	if (is_dot_atom(local))
		return local;
	buf_init(&out, arena, local.n * 2 + 2);
	buf_add_char(&out, '"');
	for (size_t i = 0; i < local.n; i++) {
		if (local.p[i] == '"' || local.p[i] == '\\')
			buf_add_char(&out, '\\');
		buf_add_char(&out, local.p[i]);
	}
	buf_add_char(&out, '"');
	return buf_str(&out);
}

/* The last @ that stands outside quotes, or STR_NPOS. */
static size_t find_at(struct str s)
{
	size_t at = STR_NPOS;
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			quoted = !quoted;
		else if (s.p[i] == '\\' && quoted)
			i++;
		else if (s.p[i] == '@' && !quoted)
			at = i;
	}
	return at;
}

struct str address_canonical(struct arena *arena, struct str address)
{
	struct str canonical;
	size_t at;

	address = str_trim(address);
	if (address.n > 1 && address.p[0] == '<' && address.p[address.n - 1] == '>')
		address = str_trim((struct str){ address.p + 1, address.n - 2 });
	at = find_at(address);
	if (at == STR_NPOS)
		return arena_str(arena, address);
	canonical = arena_concat(arena, canonical_local(arena, str_head(address, at)),
				 STR_LIT("@"));
	return arena_concat(arena, canonical, domain_canonical(arena, str_skip(address, at + 1)));
}

/* One element of the list while it is read. */
struct element {
	size_t begin;
	struct buf words;   /* outside the angle brackets, comments left out */
	struct buf angle;   /* inside of them */
	struct buf comment; /* the last one */
	bool has_angle;
	bool has_at; /* outside quotes */
};

static void element_start(struct element *element, struct arena *arena, size_t begin)
{
	element->begin = begin;
	element->has_angle = false;
	element->has_at = false;
	buf_init(&element->words, arena, (size_t)-1);
	buf_init(&element->angle, arena, (size_t)-1);
	buf_init(&element->comment, arena, (size_t)-1);
}

static size_t read_comment(struct str s, size_t at, struct buf *comment)
{
	size_t depth = 0;

	comment->n = 0;
	for (; at < s.n; at++) {
		if (s.p[at] == '\\' && at + 1 < s.n) {
			at++;
		} else if (s.p[at] == '(') {
			if (depth++ == 0)
				continue;
		} else if (s.p[at] == ')' && --depth == 0) {
			return at + 1;
		}
		buf_add_char(comment, s.p[at]);
	}
	return at;
}

static size_t read_quoted(struct str s, size_t at, struct buf *out)
{
	size_t begin = at;

	for (at++; at < s.n && s.p[at] != '"'; at++) {
		if (s.p[at] == '\\')
			at++;
	}
	at = at < s.n ? at + 1 : s.n;
	buf_add(out, (struct str){ s.p + begin, at - begin });
	return at;
}

/* The source route of RFC 5322 4.4 in front of an address: @a.example,@b.example: */
static struct str without_route(struct str address)
{
	size_t colon;

	address = str_trim(address);
	if (address.n == 0 || address.p[0] != '@')
		return address;
	colon = str_find_char(address, ':', 0);
	return colon != STR_NPOS ? str_trim(str_skip(address, colon + 1)) : address;
}

/* The end of the word that begins here. Blanks beside a dot belong to it: ada@x . example (RFC 5322
 * 4.4). */
static size_t word_end(struct str s, size_t at)
{
	for (;;) {
		size_t end = at, next;

		while (end < s.n && !ascii_is_space(s.p[end]))
			end++;
		for (next = end; next < s.n && ascii_is_space(s.p[next]);)
			next++;
		if (next == s.n || end == 0 || (s.p[end - 1] != '.' && s.p[next] != '.'))
			return end;
		at = next;
	}
}

/* A bare word with an @ among others: Ada Lovelace ada@x.example */
static struct str last_word_with_at(struct str words)
{
	size_t at, begin, end;

	if (str_find_char(words, '"', 0) != STR_NPOS)
		return words;
	at = find_at(words);
	if (at == STR_NPOS)
		return words;
	for (begin = at; begin > 0 && !ascii_is_space(words.p[begin - 1]);)
		begin--;
	end = word_end(words, at);
	return begin < at && end > at + 1 ? str_span(words.p + begin, words.p + end) : words;
}

static struct str phrase_text(struct arena *arena, struct str words, unsigned *faults)
{
	char *out = arena_alloc(arena, words.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < words.n; i++) {
		if (words.p[i] == '"')
			continue;
		if (words.p[i] == '\\' && i + 1 < words.n)
			i++;
		out[n++] = words.p[i];
	}
	return header_text(arena, (struct str){ out, n }, faults);
}

static struct str as_utf8(struct arena *arena, struct str s)
{
	if (!utf8_is_valid(s))
		charset_decode(arena, STR_LIT("iso-8859-1"), s, &s);
	return s;
}

static void list_add(struct arena *arena, struct mailbox_list *list, struct mailbox mailbox)
{
	ARENA_ROOM(arena, list->items, list->n, list->cap);
	list->items[list->n++] = mailbox;
}

/* ada@x.example bob@x.example, without a comma: some readers take the first, some all. */
static bool add_bare(struct arena *arena, struct str words, struct mailbox_list *list)
{
	struct str rest = words, word;
	size_t n = 0;

	if (str_find_char(words, '"', 0) != STR_NPOS)
		return false;
	while (str_next_split(&rest, ' ', &word)) {
		size_t at = find_at(word);

		if (word.n > 0 && (at == STR_NPOS || at == 0 || at + 1 == word.n))
			return false;
		n += word.n > 0;
	}
	if (n < 2)
		return false;
	while (str_next_split(&words, ' ', &word)) {
		if (word.n > 0)
			list_add(arena, list,
				 (struct mailbox){ .address = address_canonical(
							   arena, as_utf8(arena, word)),
						   .raw = as_utf8(arena, word) });
	}
	return true;
}

static void element_end(struct arena *arena, struct element *element, struct str raw,
			struct mailbox_list *list, unsigned *faults)
{
	struct str words = str_trim(buf_str(&element->words)), address, name;
	struct mailbox mailbox = { .raw = as_utf8(arena, str_trim(raw)) };
	size_t at;

	if (words.n == 0 && !element->has_angle)
		return;
	if (!element->has_angle && add_bare(arena, words, list))
		return;
	address = element->has_angle ? without_route(buf_str(&element->angle))
				     : last_word_with_at(words);
	name = element->has_angle ? words : buf_str(&element->comment);
	if (name.n > 0)
		mailbox.name = phrase_text(arena, name, faults);
	at = find_at(address);
	if (at != STR_NPOS && at > 0 && at + 1 < address.n)
		mailbox.address = address_canonical(arena, as_utf8(arena, address));
	list_add(arena, list, mailbox);
}

/* Reads what stands at this place into the element; what may end it is left to the caller. */
static size_t element_read(struct element *element, struct str s, size_t at, bool in_angle)
{
	struct buf *out = in_angle ? &element->angle : &element->words;
	size_t word;

	if (s.p[at] == '(')
		return read_comment(s, at, &element->comment);
	if (s.p[at] == '"')
		return read_quoted(s, at, out);
	if (s.p[at] == '[' && element->has_at) {
		size_t end = str_find_char(s, ']', at);

		end = end == STR_NPOS ? s.n : end + 1;
		buf_add(out, (struct str){ s.p + at, end - at });
		return end;
	}
	element->has_at = element->has_at || s.p[at] == '@';
	word = in_angle ? 0 : encoded_word_length(s, at);
	buf_add(out, (struct str){ s.p + at, word > 0 ? word : 1 });
	return at + (word > 0 ? word : 1);
}

void address_list_read(struct arena *arena, struct str raw, struct mailbox_list *list,
		       unsigned *faults)
{
	struct str s = header_unfold(arena, raw);
	struct element element;
	bool in_angle = false;

	element_start(&element, arena, 0);
	for (size_t at = 0; at < s.n;) {
		char c = s.p[at];
		bool route = in_angle && element.angle.n > 0 && element.angle.p[0] == '@';

		if ((c == ',' && !route) || (c == ';' && !in_angle)) {
			element_end(arena, &element, str_span(s.p + element.begin, s.p + at), list,
				    faults);
			element_start(&element, arena, ++at);
			in_angle = false;
		} else if (c == ':' && !in_angle && !element.has_angle) {
			element_start(&element, arena, ++at); /* the name of a group */
		} else if (c == '<' && !in_angle && !element.has_angle) {
			in_angle = element.has_angle = true;
			at++;
		} else if (c == '>') {
			in_angle = false;
			at++;
		} else {
			at = element_read(&element, s, at, in_angle);
		}
	}
	element_end(arena, &element, str_skip(s, element.begin), list, faults);
}
