#include "policy/html/color.h"
#include "policy/html/component.h"

struct named_color {
	const char *name;
	uint32_t rgb;
};

/* CSS Color 4, 6.1 and 6.2, as light mode has them; sorted. */
/* clang-format off */
static const struct named_color named_colors[] = {
	{ "aliceblue", 0xF0F8FF }, { "antiquewhite", 0xFAEBD7 }, { "aqua", 0x00FFFF },
	{ "aquamarine", 0x7FFFD4 }, { "azure", 0xF0FFFF }, { "beige", 0xF5F5DC },
	{ "bisque", 0xFFE4C4 }, { "black", 0x000000 }, { "blanchedalmond", 0xFFEBCD },
	{ "blue", 0x0000FF }, { "blueviolet", 0x8A2BE2 }, { "brown", 0xA52A2A },
	{ "burlywood", 0xDEB887 }, { "buttonface", 0xF0F0F0 }, { "buttontext", 0x000000 },
	{ "cadetblue", 0x5F9EA0 }, { "canvas", 0xFFFFFF }, { "canvastext", 0x000000 },
	{ "chartreuse", 0x7FFF00 }, { "chocolate", 0xD2691E }, { "coral", 0xFF7F50 },
	{ "cornflowerblue", 0x6495ED }, { "cornsilk", 0xFFF8DC }, { "crimson", 0xDC143C },
	{ "cyan", 0x00FFFF }, { "darkblue", 0x00008B }, { "darkcyan", 0x008B8B },
	{ "darkgoldenrod", 0xB8860B }, { "darkgray", 0xA9A9A9 }, { "darkgreen", 0x006400 },
	{ "darkgrey", 0xA9A9A9 }, { "darkkhaki", 0xBDB76B }, { "darkmagenta", 0x8B008B },
	{ "darkolivegreen", 0x556B2F }, { "darkorange", 0xFF8C00 }, { "darkorchid", 0x9932CC },
	{ "darkred", 0x8B0000 }, { "darksalmon", 0xE9967A }, { "darkseagreen", 0x8FBC8F },
	{ "darkslateblue", 0x483D8B }, { "darkslategray", 0x2F4F4F }, { "darkslategrey", 0x2F4F4F },
	{ "darkturquoise", 0x00CED1 }, { "darkviolet", 0x9400D3 }, { "deeppink", 0xFF1493 },
	{ "deepskyblue", 0x00BFFF }, { "dimgray", 0x696969 }, { "dimgrey", 0x696969 },
	{ "dodgerblue", 0x1E90FF }, { "field", 0xFFFFFF }, { "fieldtext", 0x000000 },
	{ "firebrick", 0xB22222 }, { "floralwhite", 0xFFFAF0 }, { "forestgreen", 0x228B22 },
	{ "fuchsia", 0xFF00FF }, { "gainsboro", 0xDCDCDC }, { "ghostwhite", 0xF8F8FF },
	{ "gold", 0xFFD700 }, { "goldenrod", 0xDAA520 }, { "gray", 0x808080 },
	{ "graytext", 0x6D6D6D }, { "green", 0x008000 }, { "greenyellow", 0xADFF2F },
	{ "grey", 0x808080 }, { "highlight", 0x3399FF }, { "highlighttext", 0xFFFFFF },
	{ "honeydew", 0xF0FFF0 }, { "hotpink", 0xFF69B4 }, { "indianred", 0xCD5C5C },
	{ "indigo", 0x4B0082 }, { "ivory", 0xFFFFF0 }, { "khaki", 0xF0E68C },
	{ "lavender", 0xE6E6FA }, { "lavenderblush", 0xFFF0F5 }, { "lawngreen", 0x7CFC00 },
	{ "lemonchiffon", 0xFFFACD }, { "lightblue", 0xADD8E6 }, { "lightcoral", 0xF08080 },
	{ "lightcyan", 0xE0FFFF }, { "lightgoldenrodyellow", 0xFAFAD2 }, { "lightgray", 0xD3D3D3 },
	{ "lightgreen", 0x90EE90 }, { "lightgrey", 0xD3D3D3 }, { "lightpink", 0xFFB6C1 },
	{ "lightsalmon", 0xFFA07A }, { "lightseagreen", 0x20B2AA }, { "lightskyblue", 0x87CEFA },
	{ "lightslategray", 0x778899 }, { "lightslategrey", 0x778899 },
	{ "lightsteelblue", 0xB0C4DE }, { "lightyellow", 0xFFFFE0 }, { "lime", 0x00FF00 },
	{ "limegreen", 0x32CD32 }, { "linen", 0xFAF0E6 }, { "linktext", 0x0000EE },
	{ "magenta", 0xFF00FF }, { "maroon", 0x800000 }, { "mediumaquamarine", 0x66CDAA },
	{ "mediumblue", 0x0000CD }, { "mediumorchid", 0xBA55D3 }, { "mediumpurple", 0x9370DB },
	{ "mediumseagreen", 0x3CB371 }, { "mediumslateblue", 0x7B68EE },
	{ "mediumspringgreen", 0x00FA9A }, { "mediumturquoise", 0x48D1CC },
	{ "mediumvioletred", 0xC71585 }, { "midnightblue", 0x191970 }, { "mintcream", 0xF5FFFA },
	{ "mistyrose", 0xFFE4E1 }, { "moccasin", 0xFFE4B5 }, { "navajowhite", 0xFFDEAD },
	{ "navy", 0x000080 }, { "oldlace", 0xFDF5E6 }, { "olive", 0x808000 },
	{ "olivedrab", 0x6B8E23 }, { "orange", 0xFFA500 }, { "orangered", 0xFF4500 },
	{ "orchid", 0xDA70D6 }, { "palegoldenrod", 0xEEE8AA }, { "palegreen", 0x98FB98 },
	{ "paleturquoise", 0xAFEEEE }, { "palevioletred", 0xDB7093 }, { "papayawhip", 0xFFEFD5 },
	{ "peachpuff", 0xFFDAB9 }, { "peru", 0xCD853F }, { "pink", 0xFFC0CB }, { "plum", 0xDDA0DD },
	{ "powderblue", 0xB0E0E6 }, { "purple", 0x800080 }, { "rebeccapurple", 0x663399 },
	{ "red", 0xFF0000 }, { "rosybrown", 0xBC8F8F }, { "royalblue", 0x4169E1 },
	{ "saddlebrown", 0x8B4513 }, { "salmon", 0xFA8072 }, { "sandybrown", 0xF4A460 },
	{ "seagreen", 0x2E8B57 }, { "seashell", 0xFFF5EE }, { "sienna", 0xA0522D },
	{ "silver", 0xC0C0C0 }, { "skyblue", 0x87CEEB }, { "slateblue", 0x6A5ACD },
	{ "slategray", 0x708090 }, { "slategrey", 0x708090 }, { "snow", 0xFFFAFA },
	{ "springgreen", 0x00FF7F }, { "steelblue", 0x4682B4 }, { "tan", 0xD2B48C },
	{ "teal", 0x008080 }, { "thistle", 0xD8BFD8 }, { "tomato", 0xFF6347 },
	{ "turquoise", 0x40E0D0 }, { "violet", 0xEE82EE }, { "visitedtext", 0x551A8B },
	{ "wheat", 0xF5DEB3 }, { "white", 0xFFFFFF }, { "whitesmoke", 0xF5F5F5 },
	{ "window", 0xFFFFFF }, { "windowtext", 0x000000 }, { "yellow", 0xFFFF00 },
	{ "yellowgreen", 0x9ACD32 },
};
/* clang-format on */

static struct rgba from_number(uint32_t rgb)
{
	return (struct rgba){ rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF, 1 };
}

static bool find_name(struct str name, struct rgba *ret_color)
{
	size_t low = 0, high = sizeof named_colors / sizeof named_colors[0];
	char key[24];

	if (name.n >= sizeof key)
		return false;
	for (size_t i = 0; i < name.n; i++)
		key[i] = ascii_lower(name.p[i]);
	key[name.n] = '\0';
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(named_colors[middle].name, key);

		if (order == 0) {
			*ret_color = from_number(named_colors[middle].rgb);
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static int hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The digits after "#". */
static bool parse_hex(struct str s, struct rgba *ret_color)
{
	double parts[4] = { 0, 0, 0, 255 };
	size_t width = s.n == 3 || s.n == 4 ? 1 : 2;

	if (s.n != 3 && s.n != 4 && s.n != 6 && s.n != 8)
		return false;
	for (size_t i = 0; i < s.n; i += width) {
		int high = hex_value(s.p[i]), low = hex_value(s.p[i + width - 1]);

		if (high < 0 || low < 0)
			return false;
		parts[i / width] = high * 16 + low;
	}
	*ret_color = (struct rgba){ parts[0], parts[1], parts[2], parts[3] / 255 };
	return true;
}

bool color_parse_nested(struct str text, int depth, struct rgba *ret_color)
{
	struct component part, more;

	text = str_trim(text);
	if (!component_next(&text, &part) || component_next(&text, &more))
		return false;
	if (part.type == COMPONENT_HASH)
		return parse_hex(part.text, ret_color);
	if (part.type == COMPONENT_FUNCTION)
		return color_function(part.text, part.arguments, depth, ret_color);
	if (part.type != COMPONENT_IDENT)
		return false;
	if (str_is_nocase(part.text, "transparent")) {
		*ret_color = (struct rgba){ 0, 0, 0, 0 };
		return true;
	}
	return find_name(part.text, ret_color);
}

bool color_parse(struct str text, struct rgba *ret_color)
{
	return color_parse_nested(text, 0, ret_color);
}

/* The digits of one third: at most its last eight, then without common leading zeros, then two. */
static double legacy_part(const char *digits, size_t length, size_t skip)
{
	size_t from = skip, n = length - skip;
	int value = 0;

	if (n > 2)
		n = 2;
	for (size_t i = 0; i < n; i++) {
		int digit = hex_value(digits[from + i]);

		value = value * 16 + (digit > 0 ? digit : 0);
	}
	return value;
}

bool color_parse_legacy(struct str text, struct rgba *ret_color)
{
	char digits[128 + 3];
	size_t n = 0, length, skip;

	text = str_trim(text);
	if (text.n == 0 || str_is_nocase(text, "transparent"))
		return false;
	if (find_name(text, ret_color))
		return true;
	if (text.n == 4 && text.p[0] == '#' && parse_hex(str_skip(text, 1), ret_color))
		return true;
	if (text.p[0] == '#')
		text = str_skip(text, 1);
	for (size_t i = 0; i < text.n && n < 128; i++) {
		/* a character beyond ASCII is one "0", and two where it lies beyond the BMP */
		unsigned char c = (unsigned char)text.p[i];

		if (c >= 0x80 && c < 0xC0)
			continue;
		digits[n++] = hex_value(text.p[i]) >= 0 ? text.p[i] : '0';
		if (c >= 0xF0 && n < 128)
			digits[n++] = '0';
	}
	while (n == 0 || n % 3 != 0)
		digits[n++] = '0';
	length = n / 3;
	skip = length > 8 ? length - 8 : 0;
	while (length - skip > 2 && digits[skip] == '0' && digits[length + skip] == '0' &&
	       digits[2 * length + skip] == '0')
		skip++;
	*ret_color = (struct rgba){ legacy_part(digits, length, skip),
				    legacy_part(digits + length, length, skip),
				    legacy_part(digits + 2 * length, length, skip), 1 };
	return true;
}
