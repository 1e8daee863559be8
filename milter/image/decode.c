#include "milter/image/decode.h"

#include <stdlib.h>

/* 32 steps a channel. */
#define STEPS 32
#define BUCKETS (STEPS * STEPS * STEPS)
/* Of the pixels that are seen, how many must have nearly one colour. */
#define DOMINANT_SHARE 0.3

struct bucket {
	uint32_t n;
	uint64_t sum[3];
};

struct histogram {
	struct bucket buckets[BUCKETS];
	size_t seen, transparent;
};

struct histogram *histogram_new(void)
{
	return calloc(1, sizeof(struct histogram));
}

void histogram_free(struct histogram *histogram)
{
	free(histogram);
}

/* What a half transparent pixel shows on white paper. */
static unsigned over_white(unsigned channel, unsigned alpha)
{
	return (channel * alpha + 255 * (255 - alpha)) / 255;
}

void histogram_row(struct histogram *histogram, const uint8_t *rgba, size_t n)
{
	for (size_t i = 0; i < n; i++, rgba += 4) {
		unsigned rgb[3];
		struct bucket *bucket;

		if (rgba[3] < 64) {
			histogram->transparent++;
			continue;
		}
		for (int c = 0; c < 3; c++)
			rgb[c] = over_white(rgba[c], rgba[3]);
		bucket = &histogram->buckets[(rgb[0] >> 3) * STEPS * STEPS + (rgb[1] >> 3) * STEPS +
					     (rgb[2] >> 3)];
		bucket->n++;
		for (int c = 0; c < 3; c++)
			bucket->sum[c] += rgb[c];
		histogram->seen++;
	}
}

/* A bucket with its neighbours, for a colour may lie on a border, and JPEG blurs it. */
static struct bucket around(const struct histogram *histogram, int at)
{
	struct bucket sum = { .n = 0 };
	int r = at / (STEPS * STEPS), g = at / STEPS % STEPS, b = at % STEPS;

	for (int i = 0; i < 27; i++) {
		int x = r + i / 9 - 1, y = g + i / 3 % 3 - 1, z = b + i % 3 - 1;
		const struct bucket *bucket;

		if (x < 0 || y < 0 || z < 0 || x >= STEPS || y >= STEPS || z >= STEPS)
			continue;
		bucket = &histogram->buckets[(x * STEPS + y) * STEPS + z];
		sum.n += bucket->n;
		for (int c = 0; c < 3; c++)
			sum.sum[c] += bucket->sum[c];
	}
	return sum;
}

struct image_answer histogram_answer(const struct histogram *histogram)
{
	struct image_answer answer = { .state = IMAGE_UNKNOWN };
	struct bucket best = { .n = 0 };
	uint32_t fullest = 0;

	if (histogram->transparent > histogram->seen) {
		answer.state = IMAGE_TRANSPARENT;
		return answer;
	}
	for (int i = 0; i < BUCKETS; i++) {
		struct bucket sum;

		/* a peak, or nearly one: others need no look around */
		if (histogram->buckets[i].n == 0 || histogram->buckets[i].n < fullest / 8)
			continue;
		if (histogram->buckets[i].n > fullest)
			fullest = histogram->buckets[i].n;
		sum = around(histogram, i);
		if (sum.n > best.n)
			best = sum;
	}
	if (best.n == 0 || best.n < DOMINANT_SHARE * (double)histogram->seen)
		return answer;
	answer.state = IMAGE_COLOR;
	for (int c = 0; c < 3; c++)
		answer.rgb[c] = (uint8_t)((best.sum[c] + best.n / 2) / best.n);
	return answer;
}

struct image_answer decode_image(struct str octets)
{
	struct image_answer size = { .state = IMAGE_UNKNOWN }, answer = size;
	struct histogram *histogram = histogram_new();
	bool decoded = false;

	if (histogram == NULL)
		return answer;
	if (str_starts(octets, STR_LIT("\x89PNG\r\n\x1a\n")))
		decoded = decode_png(octets, histogram, &size);
	else if (str_starts(octets, STR_LIT("\xFF\xD8\xFF")))
		decoded = decode_jpeg(octets, histogram, &size);
	if (decoded) {
		answer = histogram_answer(histogram);
		answer.width = size.width;
		answer.height = size.height;
	}
	histogram_free(histogram);
	return answer;
}
