#include "policy/message/transfer.h"

#include "policy/base/buf.h"

int hex_digit(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 4648 4: the value of each digit plus one, so that what is none is 0. */
static const unsigned char digits[256] = {
	['A'] = 1,  ['B'] = 2,	['C'] = 3,  ['D'] = 4,	['E'] = 5,  ['F'] = 6,	['G'] = 7,
	['H'] = 8,  ['I'] = 9,	['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14,
	['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21,
	['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28,
	['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35,
	['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
	['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49,
	['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
	['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63,
	['/'] = 64,
};

/* Whole groups of four digits from a place on, three octets each; returns where they end. */
static size_t take_groups(struct str encoded, size_t at, char *out, size_t *n)
{
	for (; encoded.n - at >= 4; at += 4) {
		const unsigned char *p = (const unsigned char *)encoded.p + at;
		unsigned a = digits[p[0]], b = digits[p[1]], c = digits[p[2]], d = digits[p[3]];
		uint32_t bits = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);

		if (a == 0 || b == 0 || c == 0 || d == 0)
			break;
		out[(*n)++] = (char)(bits >> 16);
		out[(*n)++] = (char)(bits >> 8);
		out[(*n)++] = (char)bits;
	}
	return at;
}

struct str transfer_base64(struct arena *arena, struct str encoded, bool *ret_odd)
{
	char *out = arena_alloc(arena, encoded.n / 4 * 3 + 4);
	unsigned have = 0, padding = 0;
	bool odd = false;
	uint32_t bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < encoded.n; i++) {
		unsigned digit;

		if (have == 0 && padding == 0) {
			i = take_groups(encoded, i, out, &n);
			if (i == encoded.n)
				break;
		}
		digit = digits[(unsigned char)encoded.p[i]];
		if (digit == 0) {
			if (encoded.p[i] == '=')
				padding++;
			else if (!ascii_is_space(encoded.p[i]))
				odd = true;
			continue;
		}
		if (padding > 0) { /* two encodings one after the other: some readers stop here */
			odd = true;
			padding = 0;
			have = 0;
		}
		bits = bits << 6 | (digit - 1);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have);
		}
	}
	*ret_odd = odd || have == 6 || padding > 2;
	return (struct str){ out, n };
}

/* The length of a soft line break's white space and line end at the start of s; 0: it is none. */
static size_t line_end(struct str s)
{
	size_t i = 0;

	if (i < s.n && s.p[i] == '\r')
		i++;
	return i < s.n && s.p[i] == '\n' ? i + 1 : 0;
}

static struct str without_trailing_space(struct str line)
{
	while (line.n > 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t'))
		line.n--;
	return line;
}

struct str transfer_quoted_printable(struct arena *arena, struct str encoded, bool *ret_odd)
{
	char *out = arena_alloc(arena, encoded.n + 1);
	bool odd = false;
	size_t n = 0;

	for (size_t i = 0; i < encoded.n; i++) {
		struct str rest = str_skip(encoded, i + 1);
		size_t skip;

		if (encoded.p[i] != '=') {
			out[n++] = encoded.p[i];
			continue;
		}
		if (rest.n >= 2 && hex_digit(rest.p[0]) >= 0 && hex_digit(rest.p[1]) >= 0) {
			out[n++] = (char)(hex_digit(rest.p[0]) << 4 | hex_digit(rest.p[1]));
			i += 2;
			continue;
		}
		skip = line_end(rest);
		if (skip == 0 && rest.n > 0) {
			size_t spaces = 0;

			while (spaces < rest.n && (rest.p[spaces] == ' ' || rest.p[spaces] == '\t'))
				spaces++;
			if (spaces > 0 && line_end(str_skip(rest, spaces)) > 0)
				skip = spaces + line_end(str_skip(rest, spaces));
			else
				out[n++] = '=';
			odd = true;
		}
		i += skip;
	}
	*ret_odd = odd;
	return (struct str){ out, n };
}

static void uu_line(struct buf *out, struct str line)
{
	size_t want = line.n > 0 ? ((unsigned char)line.p[0] - 32u) & 63 : 0, have = 0;

	for (size_t i = 1; i + 3 < line.n && have < want; i += 4) {
		uint32_t bits = 0;

		for (size_t k = 0; k < 4; k++)
			bits = bits << 6 | (((unsigned char)line.p[i + k] - 32u) & 63);
		for (int shift = 16; shift >= 0 && have < want; shift -= 8, have++)
			buf_add_char(out, (char)(bits >> shift));
	}
}

struct str transfer_uuencode(struct arena *arena, struct str encoded)
{
	struct str line;
	struct buf out;
	bool inside = false;

	buf_init(&out, arena, encoded.n + 4);
	while (str_next_line(&encoded, &line)) {
		line = without_trailing_space(line);
		if (!inside)
			inside = str_starts(line, STR_LIT("begin "));
		else if (str_is(line, "end"))
			inside = false;
		else
			uu_line(&out, line);
	}
	return buf_str(&out);
}
