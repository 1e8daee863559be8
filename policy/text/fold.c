#include "policy/text/fold.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "policy/base/buf.h"
#include "policy/text/lookalike.h"
#include "policy/text/utf8.h"

/* What is longer is cut: ICU counts in int32_t, and one folded character may be three. */
#define FOLD_MAX ((size_t)64 * 1024 * 1024)

struct characters {
	uint32_t *c;
	size_t n;
};

static struct folded honest(struct str plain)
{
	return (struct folded){ .plain = plain, .bare = plain };
}

static struct str fold_ascii(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.n + 1);
	size_t n = 0;
	bool space = true;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c > ' ' || !ascii_is_space(c)) {
			out[n++] = c == '`' ? '\'' : ascii_lower(c);
			space = false;
		} else if (!space) {
			out[n++] = ' ';
			space = true;
		}
	}
	if (n > 0 && space)
		n--;
	return (struct str){ out, n };
}

/* What NFKC would take apart into a space and a mark, or double. */
static uint32_t before_nfkc(uint32_t c)
{
	switch (c) {
	case UTF8_BAD:
		return 0xFFFD;
	case 0x00B4: /* acute accent, typed for an apostrophe */
		return '\'';
	case 0x2033: /* double prime */
	case 0x2036:
		return '"';
	default:
		return c;
	}
}

static struct characters normalize(struct arena *arena, struct str text)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&error);
	UChar *raw = ARENA_ARRAY(arena, text.n + 1, UChar), *clean;
	int32_t n = 0, room, length;
	struct characters out = { NULL, 0 };

	for (size_t at = 0; at < text.n;) {
		uint32_t c = before_nfkc(utf8_next(text, &at));

		U16_APPEND_UNSAFE(raw, n, c);
	}
	/* One character becomes 18 at most, but a whole text never grows like that: ask first. */
	room = unorm2_normalize(nfkc, raw, n, NULL, 0, &error);
	error = U_ZERO_ERROR;
	clean = ARENA_ARRAY(arena, (size_t)room + 1, UChar);
	length = unorm2_normalize(nfkc, raw, n, clean, room + 1, &error);
	if (U_FAILURE(error)) {
		clean = raw;
		length = n;
	}
	out.c = ARENA_ARRAY(arena, (size_t)length + 1, uint32_t);
	for (int32_t at = 0; at < length;) {
		uint32_t c;

		U16_NEXT(clean, at, length, c);
		out.c[out.n++] = c;
	}
	return out;
}

static bool is_control(uint32_t c)
{
	return (c < 0x20 && !ascii_is_space((char)c)) || (c >= 0x7F && c < 0xA0 && c != 0x85);
}

static bool is_invisible(uint32_t c)
{
	if (is_control(c))
		return true;
	return c >= 0xAD && (u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
			     u_charType((UChar32)c) == U_FORMAT_CHAR);
}

static bool is_word(uint32_t c)
{
	if (c < 0x80)
		return ascii_is_alnum((char)c);
	return u_isalnum((UChar32)c) || u_charType((UChar32)c) == U_NON_SPACING_MARK;
}

/* Invisible characters at the edge of a word split nothing: editors and preheaders leave them
 * there, and they go in the first step. Those inside a word are left for the second. */
static void drop_harmless(struct characters *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < text->n;) {
		size_t end = i;

		while (end < text->n && is_invisible(text->c[end]))
			end++;
		if (end > i && kept > 0 && is_word(text->c[kept - 1]) && end < text->n &&
		    is_word(text->c[end])) {
			while (i < end)
				text->c[kept++] = text->c[i++];
		}
		i = end;
		if (i < text->n)
			text->c[kept++] = text->c[i++];
	}
	text->n = kept;
}

/* Typography that means an ASCII character; 0 where it means itself. */
static uint32_t plain_typography(uint32_t c)
{
	if (c >= 0x2010 && c <= 0x2015)
		return '-';
	switch (c) {
	case '`':
	case 0x02B9:
	case 0x02BB:
	case 0x02BC:
	case 0x2018:
	case 0x2019:
	case 0x201A:
	case 0x201B:
	case 0x2032:
	case 0x2035:
	case 0x2039:
	case 0x203A:
		return '\'';
	case 0x00AB:
	case 0x00BB:
	case 0x201C:
	case 0x201D:
	case 0x201E:
	case 0x201F:
		return '"';
	case 0x2043: /* hyphen bullet */
	case 0x2212: /* minus */
	case 0x2E3A:
	case 0x2E3B:
		return '-';
	case 0x2044: /* fraction slash */
		return '/';
	case 0x0131: /* dotless i: Turkish capitals fold to the dotted one, so both must */
		return 'i';
	case 0x0451: /* yo: mostly written ye */
		return 0x0435;
	default:
		return 0;
	}
}

static bool is_space(uint32_t c)
{
	return c < 0x80 ? ascii_is_space((char)c)
			: u_isUWhiteSpace((UChar32)c) || c == 0x3164 || c == 0x2800;
}

/* Case, white space and typography, from UTF-16 that is folded already. */
static struct str emit(struct arena *arena, const UChar *text, int32_t n)
{
	struct buf out;
	bool space = false;
	uint32_t last = 0;

	buf_init(&out, arena, FOLD_MAX * 3);
	for (int32_t at = 0; at < n;) {
		uint32_t c, plain;

		U16_NEXT(text, at, n, c);
		if (is_space(c)) {
			space = out.n > 0;
			continue;
		}
		if (c == 0x0307 && last == 'i' && !space)
			continue; /* what the fold of a dotted capital I leaves behind */
		if (space)
			buf_add_char(&out, ' ');
		space = false;
		plain = plain_typography(c);
		last = plain != 0 ? plain : is_control(c) ? 0xFFFD : c;
		buf_add_utf8(&out, last);
	}
	return buf_str(&out);
}

static struct str fold_characters(struct arena *arena, struct arena *scratch,
				  const struct characters *text)
{
	UChar *raw = ARENA_ARRAY(scratch, text->n * 2 + 1, UChar), *folded;
	UErrorCode error = U_ZERO_ERROR;
	int32_t n = 0, length;

	for (size_t i = 0; i < text->n; i++)
		U16_APPEND_UNSAFE(raw, n, text->c[i]);
	folded = ARENA_ARRAY(scratch, (size_t)n * 3 + 1, UChar); /* SpecialCasing: 3 at most */
	length = u_strFoldCase(folded, n * 3 + 1, raw, n, U_FOLD_CASE_DEFAULT, &error);
	if (U_FAILURE(error))
		return emit(arena, raw, n);
	return emit(arena, folded, length);
}

static bool is_stray_mark(uint32_t c)
{
	return (c >= 0x0300 && c <= 0x036F) || (c >= 0x20D0 && c <= 0x20F0);
}

struct letters {
	size_t of[SCRIPT_OTHER + 1];
	size_t alike; /* those with a Latin look-alike that are not Latin */
	bool fancy;
};

static struct letters count_letters(const uint32_t *c, size_t n)
{
	struct letters letters = { 0 };

	for (size_t i = 0; i < n; i++) {
		enum script script = lookalike_script(c[i]);

		letters.of[script]++;
		if (script != SCRIPT_NONE && script != SCRIPT_LATIN && lookalike_latin(c[i]) != 0)
			letters.alike++;
		if (lookalike_is_fancy(c[i]))
			letters.fancy = true;
	}
	return letters;
}

static bool replace_letters(uint32_t *c, size_t n, enum script own, uint32_t (*twin_of)(uint32_t))
{
	bool changed = false;

	for (size_t i = 0; i < n; i++) {
		enum script script = lookalike_script(c[i]);
		uint32_t twin;

		if (script == SCRIPT_NONE || (script == own && !lookalike_is_fancy(c[i])))
			continue;
		twin = twin_of(c[i]);
		if (twin != 0 && twin != c[i]) {
			c[i] = twin;
			changed = true;
		}
	}
	return changed;
}

/* A word of one script is left alone, unless every letter of it passes for Latin and all around
 * it is Latin: nobody writes a Cyrillic word like that into English text. */
static bool unmask_word(uint32_t *c, size_t n, bool latin_text)
{
	struct letters letters = count_letters(c, n);
	size_t latin = letters.of[SCRIPT_LATIN], cyrillic = letters.of[SCRIPT_CYRILLIC];
	size_t greek = letters.of[SCRIPT_GREEK], all = latin + cyrillic + greek;

	all += letters.of[SCRIPT_OTHER];
	if (latin == all)
		return letters.fancy && replace_letters(c, n, SCRIPT_LATIN, lookalike_latin);
	if (latin == 0 && letters.alike == all)
		return latin_text && n > 2 && replace_letters(c, n, SCRIPT_LATIN, lookalike_latin);
	if (latin == 0 && (cyrillic == 0 || greek == 0))
		return false;
	if (cyrillic > latin && cyrillic > greek)
		return replace_letters(c, n, SCRIPT_CYRILLIC, lookalike_cyrillic);
	if (greek > latin && greek > cyrillic)
		return replace_letters(c, n, SCRIPT_GREEK, lookalike_greek);
	return replace_letters(c, n, SCRIPT_LATIN, lookalike_latin);
}

static bool drop_invisible(struct characters *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < text->n; i++) {
		if (!is_invisible(text->c[i]) && !is_stray_mark(text->c[i]))
			text->c[kept++] = text->c[i];
	}
	if (kept == text->n)
		return false;
	text->n = kept;
	return true;
}

static bool unmask_words(struct characters *text)
{
	struct letters letters = count_letters(text->c, text->n);
	size_t foreign = letters.of[SCRIPT_CYRILLIC] + letters.of[SCRIPT_GREEK] +
			 letters.of[SCRIPT_OTHER];
	bool latin_text = letters.of[SCRIPT_LATIN] > 4 * foreign, changed = false;

	if (letters.alike == 0 && !letters.fancy)
		return false;
	for (size_t i = 0; i < text->n;) {
		size_t end = i;

		while (end < text->n && is_word(text->c[end]))
			end++;
		if (end > i && unmask_word(text->c + i, end - i, latin_text))
			changed = true;
		i = end > i ? end : i + 1;
	}
	return changed;
}

/* -- Words spelled letter by letter: "P l a n n e d", "p.l.a.n.n.e.d" -- */

/* So many single letters in a row are no initials. */
#define SPELLED_MIN 4

static bool is_spelling_mark(uint32_t c)
{
	return c == 0xA0 || c == 0xB7 ||
	       (c < 0x80 && c != 0 && memchr(" .-_*|/~+=", (int)c, 10) != NULL);
}

static bool is_spelled_letter(const struct characters *text, size_t i)
{
	enum script script = lookalike_script(text->c[i]);

	return (script == SCRIPT_LATIN || script == SCRIPT_CYRILLIC || script == SCRIPT_GREEK) &&
	       (i + 1 >= text->n || !is_word(text->c[i + 1]));
}

/* Where the run of single letters that begins at i ends, each parted from the next by one and the
 * same mark; i where it is too short. */
static size_t spelled_end(const struct characters *text, size_t i)
{
	size_t last = i, n = 1;

	if (i + 1 >= text->n || (i > 0 && is_word(text->c[i - 1])) || !is_spelled_letter(text, i) ||
	    !is_spelling_mark(text->c[i + 1]))
		return i;
	while (last + 2 < text->n && text->c[last + 1] == text->c[i + 1] &&
	       is_spelled_letter(text, last + 2)) {
		last += 2;
		n++;
	}
	return n >= SPELLED_MIN ? last + 1 : i;
}

static bool join_spelled(struct characters *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < text->n;) {
		size_t end = spelled_end(text, i);

		if (end == i)
			text->c[kept++] = text->c[i++];
		for (; i + 1 < end; i += 2)
			text->c[kept++] = text->c[i];
		if (i < end)
			text->c[kept++] = text->c[i++];
	}
	if (kept == text->n)
		return false;
	text->n = kept;
	return true;
}

/* A first look at plain ASCII: only such a row of letters makes it worth another. */
static bool may_be_spelled(struct str text)
{
	for (size_t i = 0; i + 6 < text.n; i++) {
		char mark = text.p[i + 1];

		if (mark == text.p[i + 3] && mark == text.p[i + 5] && !ascii_is_alnum(mark) &&
		    ascii_is_alpha(text.p[i]) && ascii_is_alpha(text.p[i + 2]) &&
		    ascii_is_alpha(text.p[i + 4]) && ascii_is_alpha(text.p[i + 6]))
			return true;
	}
	return false;
}

static bool has_controls(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7F) &&
		    !ascii_is_space(text.p[i]))
			return true;
	}
	return false;
}

/* The folding of text that is not plain ASCII. Its steps take many times the text, in scratch. */
static struct folded fold_letters(struct arena *arena, struct arena *scratch, struct str text)
{
	struct characters first = normalize(scratch, text), second;
	struct folded folded;
	bool changed;

	drop_harmless(&first);
	folded = honest(fold_characters(arena, scratch, &first));
	second.c = ARENA_ARRAY(scratch, first.n + 1, uint32_t);
	second.n = first.n;
	memcpy(second.c, first.c, first.n * sizeof *first.c);
	changed = drop_invisible(&second);
	changed |= join_spelled(&second);
	if (unmask_words(&second) || changed) {
		struct str bare = fold_characters(arena, scratch, &second);

		if (!str_eq(bare, folded.plain)) {
			folded.bare = bare;
			folded.disguised = true;
		}
	}
	return folded;
}

struct folded text_fold(struct arena *arena, struct str text)
{
	struct folded folded;
	struct arena *scratch;

	text = str_head(text, FOLD_MAX);
	if (utf8_is_ascii(text) && !has_controls(text) && !may_be_spelled(text))
		return honest(fold_ascii(arena, text));
	scratch = arena_new();
	folded = fold_letters(arena, scratch, text);
	arena_free(scratch);
	return folded;
}
