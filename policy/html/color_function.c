#include <math.h>

#include "policy/html/color.h"
#include "policy/html/component.h"

/* Colours within colours: color-mix() and kin. */
#define DEPTH_MAX 4

static double clamp(double value, double low, double high)
{
	return value < low ? low : value > high ? high : value;
}

/* The arguments of a colour function: three values and maybe alpha, by commas or by spaces with
 * a slash before alpha. "none" is 0; of a relative colour, the letters are the channels of from. */
static bool arguments(struct str text, const struct rgba *from, struct component ret_args[4],
		      size_t *ret_n)
{
	struct component part;
	size_t n = 0;

	while (component_next(&text, &part)) {
		if (part.type == COMPONENT_COMMA || part.type == COMPONENT_SLASH)
			continue;
		if (n == 4)
			return false;
		if (part.type == COMPONENT_IDENT && str_is_nocase(part.text, "none"))
			part.number = 0;
		else if (part.type == COMPONENT_IDENT && from != NULL && part.text.n == 1 &&
			 strchr("rgb", part.text.p[0]) != NULL && part.text.p[0] != '\0')
			part.number = part.text.p[0] == 'r' ? from->r :
				      part.text.p[0] == 'g' ? from->g :
							      from->b;
		else if (part.type == COMPONENT_IDENT && from != NULL &&
			 str_is_nocase(part.text, "alpha"))
			part.number = from->a;
		else if (part.type != COMPONENT_NUMBER && part.type != COMPONENT_PERCENT &&
			 part.type != COMPONENT_DIMENSION)
			return false;
		ret_args[n++] = part;
	}
	*ret_n = n;
	return n >= 3;
}

static double alpha_of(const struct component *args, size_t n)
{
	if (n < 4)
		return 1;
	return clamp(args[3].type == COMPONENT_PERCENT ? args[3].number / 100 : args[3].number, 0, 1);
}

static double degrees(const struct component *part)
{
	double value = part->number;

	if (part->type == COMPONENT_DIMENSION) {
		if (str_is_nocase(part->unit, "turn"))
			value *= 360;
		else if (str_is_nocase(part->unit, "rad"))
			value *= 180 / M_PI;
		else if (str_is_nocase(part->unit, "grad"))
			value *= 0.9;
	}
	value = fmod(value, 360);
	return value < 0 ? value + 360 : value;
}

/* One channel of a hue, 0 to 1: CSS Color 4, 7.1. */
static double hue_channel(double n, double hue, double saturation, double lightness)
{
	double k = fmod(n + hue / 30, 12), a = saturation * fmin(lightness, 1 - lightness);

	return lightness - a * fmax(-1, fmin(fmin(k - 3, 9 - k), 1));
}

static struct rgba from_hsl(double hue, double saturation, double lightness)
{
	return (struct rgba){ 255 * hue_channel(0, hue, saturation, lightness),
			      255 * hue_channel(8, hue, saturation, lightness),
			      255 * hue_channel(4, hue, saturation, lightness), 1 };
}

static struct rgba from_hwb(double hue, double white, double black)
{
	struct rgba pure = from_hsl(hue, 1, 0.5);
	double scale;

	if (white + black >= 1) {
		double grey = 255 * white / (white + black);

		return (struct rgba){ grey, grey, grey, 1 };
	}
	scale = 1 - white - black;
	return (struct rgba){ pure.r * scale + 255 * white, pure.g * scale + 255 * white,
			      pure.b * scale + 255 * white, 1 };
}

static double srgb_encode(double linear)
{
	linear = clamp(linear, 0, 1);
	return 255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055);
}

static double srgb_decode(double value)
{
	value = clamp(value / 255, 0, 1);
	return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static struct rgba from_linear(const double matrix[3][3], double x, double y, double z)
{
	double out[3];

	for (int i = 0; i < 3; i++)
		out[i] = srgb_encode(matrix[i][0] * x + matrix[i][1] * y + matrix[i][2] * z);
	return (struct rgba){ out[0], out[1], out[2], 1 };
}

/* CSS Color 4, 9.3: L*a*b* has the white of D50. */
static double lab_decode(double t)
{
	return t > 6.0 / 29 ? t * t * t : 3 * (6.0 / 29) * (6.0 / 29) * (t - 4.0 / 29);
}

static struct rgba from_lab(double l, double a, double b)
{
	static const double d50[3][3] = { { 3.1338561, -1.6168667, -0.4906146 },
					  { -0.9787684, 1.9161415, 0.0334540 },
					  { 0.0719453, -0.2289914, 1.4052427 } };
	double y = (clamp(l, 0, 100) + 16) / 116;

	return from_linear(d50, 0.96422 * lab_decode(y + a / 500), lab_decode(y),
			   0.82521 * lab_decode(y - b / 200));
}

static double cube(double x)
{
	return x * x * x;
}

static struct rgba from_oklab(double l, double a, double b)
{
	static const double lms[3][3] = { { 4.0767416621, -3.3077115913, 0.2309699292 },
					  { -1.2684380046, 2.6097574011, -0.3413193965 },
					  { -0.0041960863, -0.7034186147, 1.7076147010 } };

	l = clamp(l, 0, 1);
	return from_linear(lms, cube(l + 0.3963377774 * a + 0.2158037573 * b),
			   cube(l - 0.1055613458 * a - 0.0638541728 * b),
			   cube(l - 0.0894841775 * a - 1.2914855480 * b));
}

static void to_oklab(struct rgba c, double ret[3])
{
	double r = srgb_decode(c.r), g = srgb_decode(c.g), b = srgb_decode(c.b);
	double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
	double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
	double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);

	ret[0] = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
	ret[1] = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
	ret[2] = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
}

static double channel(const struct component *part)
{
	return clamp(part->type == COMPONENT_PERCENT ? part->number * 2.55 : part->number, 0, 255);
}

/* A channel whose 100 % is scale. */
static double scaled(const struct component *part, double scale)
{
	return part->type == COMPONENT_PERCENT ? part->number / 100 * scale : part->number;
}

static struct rgba rgb_channels(const struct component *args)
{
	return (struct rgba){ channel(&args[0]), channel(&args[1]), channel(&args[2]), 1 };
}

static struct rgba hsl_channels(const struct component *args)
{
	return from_hsl(degrees(&args[0]), clamp(args[1].number / 100, 0, 1),
			clamp(args[2].number / 100, 0, 1));
}

static struct rgba hwb_channels(const struct component *args)
{
	return from_hwb(degrees(&args[0]), clamp(args[1].number / 100, 0, 1),
			clamp(args[2].number / 100, 0, 1));
}

static struct rgba lab_channels(const struct component *args)
{
	return from_lab(scaled(&args[0], 100), scaled(&args[1], 125), scaled(&args[2], 125));
}

static struct rgba lch_channels(const struct component *args)
{
	double chroma = fmax(0, scaled(&args[1], 150)), hue = degrees(&args[2]) * M_PI / 180;

	return from_lab(scaled(&args[0], 100), chroma * cos(hue), chroma * sin(hue));
}

static struct rgba oklab_channels(const struct component *args)
{
	return from_oklab(scaled(&args[0], 1), scaled(&args[1], 0.4), scaled(&args[2], 0.4));
}

static struct rgba oklch_channels(const struct component *args)
{
	double chroma = fmax(0, scaled(&args[1], 0.4)), hue = degrees(&args[2]) * M_PI / 180;

	return from_oklab(scaled(&args[0], 1), chroma * cos(hue), chroma * sin(hue));
}

struct notation {
	const char *name;
	struct rgba (*channels)(const struct component *args);
	int hue; /* which argument may have a unit; -1 for none */
};

static const struct notation notations[] = {
	{ "rgb", rgb_channels, -1 },	 { "rgba", rgb_channels, -1 },
	{ "hsl", hsl_channels, 0 },	 { "hsla", hsl_channels, 0 },
	{ "hwb", hwb_channels, 0 },	 { "lab", lab_channels, -1 },
	{ "lch", lch_channels, 2 },	 { "oklab", oklab_channels, -1 },
	{ "oklch", oklch_channels, 2 },
};

/* "from COLOR" at the beginning, which only rgb() is read with. */
static bool take_origin(struct str *text, int depth, struct rgba *ret_from)
{
	struct str rest = *text;
	struct component part;

	if (!component_next(&rest, &part) || part.type != COMPONENT_IDENT ||
	    !str_is_nocase(part.text, "from") || !component_next(&rest, &part) ||
	    !color_parse_nested(part.whole, depth + 1, ret_from))
		return false;
	*text = rest;
	return true;
}

static bool read_notation(const struct notation *notation, struct str text, int depth,
			  struct rgba *ret_color)
{
	struct component args[4];
	struct rgba from;
	bool relative = notation->channels == rgb_channels && take_origin(&text, depth, &from);
	size_t n;

	if (!arguments(text, relative ? &from : NULL, args, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (args[i].type == COMPONENT_DIMENSION && (int)i != notation->hue)
			return false;
	*ret_color = notation->channels(args);
	ret_color->a = alpha_of(args, n);
	return true;
}

/* color(SPACE x y z / alpha) for the spaces of screens. */
static bool read_color(struct str text, struct rgba *ret_color)
{
	static const double same[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
	static const double p3[3][3] = { { 1.2249401, -0.2249404, 0 },
					 { -0.0420569, 1.0420571, 0 },
					 { -0.0196376, -0.0786361, 1.0982735 } };
	struct component space, args[4];
	bool linear, wide;
	double v[3];
	size_t n;

	if (!component_next(&text, &space) || !arguments(text, NULL, args, &n))
		return false;
	linear = str_is_nocase(space.text, "srgb-linear");
	wide = str_is_nocase(space.text, "display-p3");
	if (!linear && !wide && !str_is_nocase(space.text, "srgb"))
		return false;
	for (int i = 0; i < 3; i++) {
		v[i] = scaled(&args[i], 1);
		v[i] = linear ? v[i] : srgb_decode(255 * v[i]);
	}
	*ret_color = from_linear(wide ? p3 : same, v[0], v[1], v[2]);
	ret_color->a = alpha_of(args, n);
	return true;
}

/* One of the two: a colour, with its share before or after it; -1 where none is said. */
static bool mixed_part(struct str text, int depth, struct rgba *ret_color, double *ret_share)
{
	struct component part;
	bool any = false;

	*ret_share = -1;
	while (component_next(&text, &part)) {
		if (part.type == COMPONENT_PERCENT)
			*ret_share = clamp(part.number / 100, 0, 1);
		else if (any || !color_parse_nested(part.whole, depth + 1, ret_color))
			return false;
		else
			any = true;
	}
	return any;
}

static struct rgba mix(bool srgb, struct rgba x, double share, struct rgba y)
{
	double a[3] = { x.r, x.g, x.b }, b[3] = { y.r, y.g, y.b }, out[3];
	double alpha = x.a * share + y.a * (1 - share);
	struct rgba mixed;

	if (!srgb) {
		to_oklab(x, a);
		to_oklab(y, b);
	}
	for (int i = 0; i < 3; i++)
		out[i] = alpha > 0 ? (a[i] * x.a * share + b[i] * y.a * (1 - share)) / alpha : 0;
	mixed = srgb ? (struct rgba){ out[0], out[1], out[2], 1 } :
		       from_oklab(out[0], out[1], out[2]);
	mixed.a = alpha;
	return mixed;
}

/* color-mix(in SPACE, COLOR [SHARE], COLOR [SHARE]): CSS Color 5, 3. Spaces other than srgb are
 * near enough to oklab. */
static bool read_mix(struct str text, int depth, struct rgba *ret_color)
{
	struct str pieces[3];
	struct rgba x, y;
	double p, q, sum;

	for (int i = 0; i < 3; i++) {
		size_t end = css_find_top(text, ",");

		pieces[i] = str_trim(str_head(text, end));
		text = str_skip(text, end + 1);
	}
	if (!str_starts_nocase(pieces[0], STR_LIT("in ")) ||
	    !mixed_part(pieces[1], depth, &x, &p) || !mixed_part(pieces[2], depth, &y, &q))
		return false;
	if (p < 0)
		p = q < 0 ? 0.5 : 1 - q;
	if (q < 0)
		q = 1 - p;
	sum = p + q;
	if (sum <= 0)
		return false;
	*ret_color = mix(str_is_nocase(str_trim(str_skip(pieces[0], 3)), "srgb"), x, p / sum, y);
	ret_color->a *= fmin(sum, 1);
	return true;
}

bool color_function(struct str name, struct str text, int depth, struct rgba *ret_color)
{
	if (depth > DEPTH_MAX)
		return false;
	for (size_t i = 0; i < sizeof notations / sizeof notations[0]; i++)
		if (str_is_nocase(name, notations[i].name))
			return read_notation(&notations[i], text, depth, ret_color);
	if (str_is_nocase(name, "color"))
		return read_color(text, ret_color);
	if (str_is_nocase(name, "color-mix"))
		return read_mix(text, depth, ret_color);
	if (str_is_nocase(name, "light-dark")) /* a reader in light mode */
		return color_parse_nested(str_head(text, css_find_top(text, ",")), depth + 1,
					  ret_color);
	return false;
}
