#include "policy/html/color.h"

#include <math.h>

struct rgba color_over(struct rgba top, struct rgba beneath)
{
	double a = top.a;

	return (struct rgba){ top.r * a + beneath.r * (1 - a), top.g * a + beneath.g * (1 - a),
			      top.b * a + beneath.b * (1 - a), 1 };
}

static uint8_t to_byte(double value)
{
	return value <= 0 ? 0 : value >= 255 ? 255 : (uint8_t)lround(value);
}

void color_bytes(struct rgba color, uint8_t ret_rgb[3])
{
	ret_rgb[0] = to_byte(color.r);
	ret_rgb[1] = to_byte(color.g);
	ret_rgb[2] = to_byte(color.b);
}

struct rgba color_from_bytes(const uint8_t rgb[3])
{
	return (struct rgba){ rgb[0], rgb[1], rgb[2], 1 };
}

static double linear(double channel)
{
	double c = channel / 255;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double lab_curve(double t)
{
	return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

struct lab color_lab(struct rgba color)
{
	double r = linear(color.r), g = linear(color.g), b = linear(color.b);
	double x = lab_curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
	double y = lab_curve(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
	double z = lab_curve((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);

	return (struct lab){ 116 * y - 16, 500 * (x - y), 200 * (y - z) };
}

double color_chroma(struct lab color)
{
	return hypot(color.a, color.b);
}

static double hue(double a, double b)
{
	double h;

	if (a == 0 && b == 0)
		return 0;
	h = atan2(b, a) * 180 / M_PI;
	return h < 0 ? h + 360 : h;
}

static double cos_degrees(double degrees)
{
	return cos(degrees * M_PI / 180);
}

/* h' difference and mean: Sharma, Wu, Dalal 2005, equations 10 and 14. */
static void hue_terms(double h1, double h2, bool grey, double *ret_difference, double *ret_mean)
{
	double difference = h2 - h1, sum = h1 + h2;

	if (grey) {
		*ret_difference = 0;
		*ret_mean = sum;
		return;
	}
	*ret_difference = difference > 180 ? difference - 360 : difference < -180 ? difference + 360 :
									      difference;
	*ret_mean = fabs(difference) <= 180 ? sum / 2 : sum < 360 ? (sum + 360) / 2 :
								  (sum - 360) / 2;
}

static double power7(double value)
{
	return pow(value, 7);
}

double color_distance(struct lab x, struct lab y)
{
	double mean_c7 = power7((color_chroma(x) + color_chroma(y)) / 2);
	double g = 0.5 * (1 - sqrt(mean_c7 / (mean_c7 + power7(25))));
	double a1 = (1 + g) * x.a, a2 = (1 + g) * y.a;
	double c1 = hypot(a1, x.b), c2 = hypot(a2, y.b), mean_c = (c1 + c2) / 2;
	double mean_l = (x.l + y.l) / 2, l50 = (mean_l - 50) * (mean_l - 50);
	double dh, h, t, sl, sc, sh, rc, rt, l, c, big_h;

	hue_terms(hue(a1, x.b), hue(a2, y.b), c1 * c2 == 0, &dh, &h);
	t = 1 - 0.17 * cos_degrees(h - 30) + 0.24 * cos_degrees(2 * h) +
	    0.32 * cos_degrees(3 * h + 6) - 0.20 * cos_degrees(4 * h - 63);
	sl = 1 + 0.015 * l50 / sqrt(20 + l50);
	sc = 1 + 0.045 * mean_c;
	sh = 1 + 0.015 * mean_c * t;
	rc = 2 * sqrt(power7(mean_c) / (power7(mean_c) + power7(25)));
	rt = -sin(60 * exp(-((h - 275) / 25) * ((h - 275) / 25)) * M_PI / 180) * rc;
	l = (y.l - x.l) / sl;
	c = (c2 - c1) / sc;
	big_h = 2 * sqrt(c1 * c2) * sin(dh / 2 * M_PI / 180) / sh;
	return sqrt(l * l + c * c + big_h * big_h + rt * c * big_h);
}

/* Chroma below which a colour is grey, and lightness and chroma of what is only tinted paper. */
#define GREY_CHROMA 12
#define PALE_LIGHTNESS 85
#define PALE_CHROMA 30

bool color_is_plain(struct rgba color)
{
	struct lab lab = color_lab(color);
	double chroma = color_chroma(lab);

	return chroma < GREY_CHROMA || (lab.l >= PALE_LIGHTNESS && chroma < PALE_CHROMA);
}
