#include "policy/message/charset.h"

#include <errno.h>
#include <iconv.h>

#include "policy/base/buf.h"
#include "policy/text/utf8.h"

/* After so many bad bytes the rest is not worth a converter's call each. */
#define BAD_BYTES_MAX 1000
#define LABEL_MAX 40

enum method {
	METHOD_ICONV,
	METHOD_ICONV_C1, /* and what the converter leaves out of 80..9F is a control character */
	METHOD_ASCII,
	METHOD_UTF8,
	METHOD_UTF16,
	METHOD_UTF7,
	METHOD_ISO2022JP,
};

struct charset {
	const char *labels; /* between spaces */
	const char *converter;
	enum method method;
};

static const struct charset charsets[] = {
	{ " utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8 ", NULL, METHOD_UTF8 },
	{ " us-ascii ascii ansi_x3.4-1968 iso646-us iso-646-us iso_646.irv:1991 646 us ", NULL,
	  METHOD_ASCII },
	{ " iso-8859-1 iso8859-1 iso_8859-1 iso_8859-1:1987 iso88591 latin1 latin-1 l1 cp819 ibm819 ",
	  "CP1252", METHOD_ICONV_C1 },
	{ " windows-1252 cp1252 cp-1252 x-cp1252 ansi win-1252 windows1252 ", "CP1252",
	  METHOD_ICONV },
	{ " iso-8859-2 iso8859-2 iso_8859-2 iso_8859-2:1987 latin2 l2 ", "ISO-8859-2",
	  METHOD_ICONV },
	{ " iso-8859-3 iso8859-3 iso_8859-3 latin3 l3 ", "ISO-8859-3", METHOD_ICONV },
	{ " iso-8859-4 iso8859-4 iso_8859-4 latin4 l4 ", "ISO-8859-4", METHOD_ICONV },
	{ " iso-8859-5 iso8859-5 iso_8859-5 cyrillic ", "ISO-8859-5", METHOD_ICONV },
	{ " iso-8859-6 iso-8859-6-i iso-8859-6-e iso8859-6 iso_8859-6 arabic ", "ISO-8859-6",
	  METHOD_ICONV },
	{ " iso-8859-7 iso8859-7 iso_8859-7 greek greek8 ", "ISO-8859-7", METHOD_ICONV },
	{ " iso-8859-8 iso-8859-8-i iso-8859-8-e iso8859-8 iso_8859-8 hebrew ", "ISO-8859-8",
	  METHOD_ICONV },
	{ " iso-8859-9 iso8859-9 iso_8859-9 iso_8859-9:1989 latin5 l5 ", "CP1254",
	  METHOD_ICONV_C1 },
	{ " windows-1254 cp1254 x-cp1254 ", "CP1254", METHOD_ICONV },
	{ " iso-8859-10 iso8859-10 latin6 l6 ", "ISO-8859-10", METHOD_ICONV },
	{ " iso-8859-11 iso8859-11 tis-620 tis620 ", "CP874", METHOD_ICONV_C1 },
	{ " windows-874 cp874 dos-874 ", "CP874", METHOD_ICONV },
	{ " iso-8859-13 iso8859-13 ", "ISO-8859-13", METHOD_ICONV },
	{ " iso-8859-14 iso8859-14 ", "ISO-8859-14", METHOD_ICONV },
	{ " iso-8859-15 iso8859-15 iso_8859-15 latin-9 latin9 l9 ", "ISO-8859-15", METHOD_ICONV },
	{ " iso-8859-16 iso8859-16 ", "ISO-8859-16", METHOD_ICONV },
	{ " windows-1250 cp1250 x-cp1250 win-1250 ", "CP1250", METHOD_ICONV },
	{ " windows-1251 cp1251 x-cp1251 win-1251 ", "CP1251", METHOD_ICONV },
	{ " windows-1253 cp1253 x-cp1253 ", "CP1253", METHOD_ICONV },
	{ " windows-1255 cp1255 x-cp1255 ", "CP1255", METHOD_ICONV },
	{ " windows-1256 cp1256 x-cp1256 ", "CP1256", METHOD_ICONV },
	{ " windows-1257 cp1257 x-cp1257 ", "CP1257", METHOD_ICONV },
	{ " windows-1258 cp1258 x-cp1258 ", "CP1258", METHOD_ICONV },
	{ " koi8-r koi8 koi koi8_r ", "KOI8-R", METHOD_ICONV },
	{ " koi8-u koi8-ru ", "KOI8-U", METHOD_ICONV },
	{ " ibm866 cp866 866 ", "CP866", METHOD_ICONV },
	{ " ibm850 cp850 ", "CP850", METHOD_ICONV },
	{ " ibm852 cp852 ", "CP852", METHOD_ICONV },
	{ " ibm437 cp437 ", "CP437", METHOD_ICONV },
	{ " macintosh mac x-mac-roman ", "MACINTOSH", METHOD_ICONV },
	{ " iso-2022-jp csiso2022jp iso-2022-jp-1 iso-2022-jp-ms cp50220 cp50221 ", "EUC-JP-MS",
	  METHOD_ISO2022JP },
	{ " shift_jis shift-jis sjis x-sjis ms_kanji windows-31j cp932 ms932 ", "CP932",
	  METHOD_ICONV },
	{ " euc-jp x-euc-jp eucjp ", "EUC-JP-MS", METHOD_ICONV },
	{ " gb18030 gb2312 gb_2312-80 gb_2312 gbk x-gbk cp936 ms936 windows-936 chinese euc-cn ",
	  "GB18030", METHOD_ICONV },
	{ " big5 big-5 cn-big5 x-x-big5 big5-hkscs cp950 windows-950 ", "BIG5-HKSCS",
	  METHOD_ICONV },
	{ " euc-kr euckr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean cp949 uhc "
	  "windows-949 ",
	  "UHC", METHOD_ICONV },
	{ " utf-16 utf16 unicode ucs-2 csunicode iso-10646-ucs-2 ", NULL, METHOD_UTF16 },
	{ " utf-16le unicodefffe utf16le ", "UTF-16LE", METHOD_UTF16 },
	{ " utf-16be unicodefeff utf16be ", "UTF-16BE", METHOD_UTF16 },
	{ " utf-7 utf7 unicode-1-1-utf-7 csunicode11utf7 x-unicode-2-0-utf-7 ", "UTF-7",
	  METHOD_UTF7 },
};

static const struct charset *charset_find(struct str label)
{
	char key[LABEL_MAX + 2];
	size_t n = 0;

	if (label.n == 0 || label.n > LABEL_MAX || str_find_char(label, ' ', 0) != STR_NPOS)
		return NULL;
	key[n++] = ' ';
	for (size_t i = 0; i < label.n; i++)
		key[n++] = ascii_lower(label.p[i]);
	key[n++] = ' ';
	for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
		if (str_find(str_from(charsets[i].labels), (struct str){ key, n }, 0) != STR_NPOS)
			return &charsets[i];
	}
	return NULL;
}

/* One octet that the converter refuses. */
static bool add_refused(struct buf *out, unsigned char byte, enum method method)
{
	if (method == METHOD_ICONV_C1 && byte >= 0x80 && byte <= 0x9F) {
		buf_add_utf8(out, byte);
		return true;
	}
	buf_add_utf8(out, 0xFFFD);
	return false;
}

static void add_rest(struct buf *out, struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i++) {
		if ((unsigned char)bytes.p[i] < 0x80)
			buf_add_char(out, bytes.p[i]);
		else
			buf_add_utf8(out, 0xFFFD);
	}
}

static bool convert(iconv_t converter, enum method method, struct str bytes, struct buf *out)
{
	char *in = (char *)bytes.p, room[4096];
	size_t left = bytes.n, bad = 0;
	bool flushed = false;

	while (!flushed) {
		char *to = room;
		size_t space = sizeof room, done;

		flushed = left == 0;
		done = iconv(converter, flushed ? NULL : &in, flushed ? NULL : &left, &to, &space);
		buf_add(out, str_span(room, to));
		if (done != (size_t)-1)
			continue;
		if (errno == E2BIG) {
			flushed = false;
			continue;
		}
		if (flushed)
			break;
		if (!add_refused(out, (unsigned char)*in, method) && ++bad > BAD_BYTES_MAX) {
			add_rest(out, (struct str){ in + 1, left - 1 });
			return false;
		}
		in++;
		left--;
	}
	return bad == 0;
}

static enum charset_result decode_iconv(struct arena *arena, const char *name, enum method method,
					struct str bytes, struct str *ret_text)
{
	iconv_t converter = iconv_open("UTF-8", name);
	struct buf out;
	bool good;

	/* Without its converters on the machine nothing but ASCII can be read. */
	buf_init(&out, arena, bytes.n * 6 + 16);
	if (converter == (iconv_t)-1) {
		add_rest(&out, bytes);
		*ret_text = buf_str(&out);
		return CHARSET_UNKNOWN;
	}
	good = convert(converter, method, bytes, &out);
	iconv_close(converter);
	*ret_text = buf_str(&out);
	return good ? CHARSET_OK : CHARSET_BAD;
}

/* RFC 1468 as its vendors write it: to EUC, whose converter knows their letters too. */
static enum charset_result decode_iso2022jp(struct arena *arena, struct str bytes,
					    struct str *ret_text)
{
	enum { ONE, TWO, KANA } state = ONE;
	struct buf euc;
	enum charset_result result;
	bool bad = false;

	buf_init(&euc, arena, bytes.n * 2 + 16);
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];
		char a = i + 1 < bytes.n ? bytes.p[i + 1] : 0, b = i + 2 < bytes.n ? bytes.p[i + 2] : 0;

		if (c == 0x1B && ((a == '$' && (b == '@' || b == 'B')) ||
				  (a == '(' && (b == 'B' || b == 'J' || b == 'I')))) {
			state = a == '$' ? TWO : b == 'I' ? KANA : ONE;
			i += 2;
		} else if (c == '\r' || c == '\n') {
			state = ONE;
			buf_add_char(&euc, (char)c);
		} else if (state == ONE || c <= 0x20) {
			bad = bad || c == 0x1B || c >= 0x80;
			buf_add_char(&euc, c < 0x80 ? (char)c : '?');
		} else if (state == KANA) {
			bad = bad || c >= 0x60;
			buf_add_char(&euc, (char)0x8E);
			buf_add_char(&euc, (char)(c | 0x80));
		} else {
			bad = bad || c >= 0x7F || (unsigned char)a <= 0x20 || (unsigned char)a >= 0x7F;
			if ((unsigned char)a > 0x20) {
				buf_add_char(&euc, (char)(c | 0x80));
				buf_add_char(&euc, (char)(a | (char)0x80));
				i++;
			}
		}
	}
	result = decode_iconv(arena, "EUC-JP-MS", METHOD_ICONV, buf_str(&euc), ret_text);
	return result == CHARSET_OK && bad ? CHARSET_BAD : result;
}

static struct str without_bom(struct str bytes)
{
	return str_starts(bytes, STR_LIT("\xEF\xBB\xBF")) ? str_skip(bytes, 3) : bytes;
}

static enum charset_result decode_windows(struct arena *arena, struct str bytes,
					  struct str *ret_text)
{
	return decode_iconv(arena, "CP1252", METHOD_ICONV_C1, bytes, ret_text);
}

static enum charset_result decode_utf8(struct arena *arena, struct str bytes, struct str *ret_text)
{
	struct buf out;

	bytes = without_bom(bytes);
	*ret_text = bytes;
	if (utf8_is_valid(bytes))
		return CHARSET_OK;
	buf_init(&out, arena, bytes.n * 3 + 16);
	for (size_t at = 0; at < bytes.n;)
		buf_add_utf8(&out, utf8_next(bytes, &at));
	*ret_text = buf_str(&out);
	return CHARSET_BAD;
}

/* Which end comes first is told by the mark; without one, the standards disagree (RFC 2781 4.3
 * big, WHATWG little), so that text is read by where its zeros stand and called bad. */
static enum charset_result decode_utf16(struct arena *arena, const char *name, struct str bytes,
					struct str *ret_text)
{
	bool little = str_starts(bytes, STR_LIT("\xFF\xFE"));
	bool big = str_starts(bytes, STR_LIT("\xFE\xFF"));
	bool guess = name == NULL && !little && !big, bad;
	enum charset_result result;

	bad = guess || (name != NULL && (strcmp(name, "UTF-16LE") == 0 ? big : little));
	if (guess) {
		size_t even = 0, odd = 0;

		for (size_t i = 0; i + 1 < bytes.n && i < 1024; i += 2) {
			even += bytes.p[i] == 0;
			odd += bytes.p[i + 1] == 0;
		}
		little = odd > even;
	}
	if (little || big)
		name = little ? "UTF-16LE" : "UTF-16BE";
	else if (name == NULL)
		name = "UTF-16BE";
	if (!guess && (little || big))
		bytes = str_skip(bytes, 2);
	result = decode_iconv(arena, name, METHOD_ICONV, bytes, ret_text);
	return result == CHARSET_OK && bad ? CHARSET_BAD : result;
}

static bool has_utf16_mark(struct str bytes)
{
	return str_starts(bytes, STR_LIT("\xFF\xFE")) || str_starts(bytes, STR_LIT("\xFE\xFF"));
}

/* As readers guess where nothing is declared, or nothing they know. */
static enum charset_result decode_guess(struct arena *arena, struct str bytes,
					struct str *ret_text)
{
	if (has_utf16_mark(bytes))
		return decode_utf16(arena, NULL, bytes, ret_text);
	if (utf8_is_valid(bytes)) {
		*ret_text = without_bom(bytes);
		return CHARSET_OK;
	}
	decode_windows(arena, bytes, ret_text);
	return CHARSET_BAD;
}

/* charset='utf-8': RFC 2045 5.1 has it that the quotes belong to the name, and PHP programs write
 * them. ASCII is the same to those who take them off and those who do not. */
static struct str without_quotes(struct str label)
{
	bool quoted = label.n > 2 && label.p[0] == '\'' && label.p[label.n - 1] == '\'';

	return quoted ? (struct str){ label.p + 1, label.n - 2 } : label;
}

enum charset_result charset_decode(struct arena *arena, struct str label, struct str bytes,
				   struct str *ret_text)
{
	const struct charset *charset = charset_find(label);
	enum charset_result result;

	if (charset == NULL && charset_find(without_quotes(label)) != NULL) {
		result = charset_decode(arena, without_quotes(label), bytes, ret_text);
		return utf8_is_ascii(bytes) ? result : CHARSET_UNKNOWN;
	}
	if (label.n == 0)
		return decode_guess(arena, bytes, ret_text);
	if (charset == NULL) {
		decode_guess(arena, bytes, ret_text);
		return CHARSET_UNKNOWN;
	}
	switch (charset->method) {
	case METHOD_UTF8:
		if (!has_utf16_mark(bytes))
			return decode_utf8(arena, bytes, ret_text);
		decode_guess(arena, bytes, ret_text);
		return CHARSET_BAD;
	case METHOD_ASCII:
		result = utf8_is_ascii(bytes) ? CHARSET_OK : CHARSET_BAD;
		decode_guess(arena, bytes, ret_text);
		return result;
	case METHOD_UTF16:
		return decode_utf16(arena, charset->converter, bytes, ret_text);
	case METHOD_UTF7:
		decode_iconv(arena, charset->converter, METHOD_ICONV, bytes, ret_text);
		return CHARSET_REFUSED;
	case METHOD_ISO2022JP:
		return decode_iso2022jp(arena, bytes, ret_text);
	case METHOD_ICONV:
	case METHOD_ICONV_C1:
		break;
	}
	if (utf8_is_ascii(bytes) && strcmp(charset->converter, "CP932") != 0) {
		*ret_text = bytes;
		return CHARSET_OK;
	}
	return decode_iconv(arena, charset->converter, charset->method, bytes, ret_text);
}

static struct str html_label(struct str rest)
{
	char quote = 0;
	size_t n = 0;

	rest = str_trim(rest);
	if (rest.n == 0 || rest.p[0] != '=')
		return STR_NONE;
	rest = str_trim(str_skip(rest, 1));
	if (rest.n > 0 && (rest.p[0] == '"' || rest.p[0] == '\'')) {
		quote = rest.p[0];
		rest = str_skip(rest, 1);
	}
	while (n < rest.n && rest.p[n] != quote && !ascii_is_space(rest.p[n]) &&
	       strchr(";>\"'/", rest.p[n]) == NULL)
		n++;
	return str_head(rest, n);
}

struct str charset_of_html(struct str bytes)
{
	struct str head = str_head(bytes, 1024);

	for (size_t at = 0;;) {
		size_t end, charset;

		at = str_find_nocase(head, STR_LIT("<meta"), at);
		if (at == STR_NPOS)
			return STR_NONE;
		end = str_find_char(head, '>', at);
		if (end == STR_NPOS)
			end = head.n;
		charset = str_find_nocase(str_head(head, end), STR_LIT("charset"), at);
		if (charset != STR_NPOS)
			return html_label(str_skip(str_head(head, end + 1), charset + 7));
		at = end;
	}
}
