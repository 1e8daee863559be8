/* decode.h - within milter/image: an image's octets to its dominant colour, in this very process
 *
 * For the worker, for unit tests and for the fuzzer. PNG and JPEG; every other format, GIF among
 * them, is IMAGE_UNKNOWN. Rows are counted as they come: no image is held in memory.
 */
#ifndef MILTER_IMAGE_DECODE_H
#define MILTER_IMAGE_DECODE_H

#include "policy/notice/banner.h"

#define DECODE_SIDE_MAX 8192
#define DECODE_PIXELS_MAX ((size_t)16 * 1000 * 1000)

struct image_answer decode_image(struct str octets);

/* The colours of an image, counted pixel by pixel. Large: 32,768 buckets. */
struct histogram;
struct histogram *histogram_new(void);
void histogram_free(struct histogram *histogram);
/* n pixels of four octets: red, green, blue, alpha. */
void histogram_row(struct histogram *histogram, const uint8_t *rgba, size_t n);
/* The colour that most pixels have, nearly; IMAGE_UNKNOWN where no colour stands out. */
struct image_answer histogram_answer(const struct histogram *histogram);

/* The two decoders: false where the octets are no such image, or a damaged one. */
bool decode_png(struct str octets, struct histogram *histogram, struct image_answer *ret_size);
bool decode_jpeg(struct str octets, struct histogram *histogram, struct image_answer *ret_size);

#endif
