#include <png.h>
#include <stdlib.h>

#include "milter/image/decode.h"

struct source {
	struct str octets;
	size_t at;
};

static void read_octets(png_structp png, png_bytep to, size_t n)
{
	struct source *source = png_get_io_ptr(png);

	if (n > source->octets.n - source->at)
		png_error(png, "truncated");
	memcpy(to, source->octets.p + source->at, n);
	source->at += n;
}

/* libpng's way out; never returns there. */
static void fail(png_structp png, png_const_charp message)
{
	(void)message;
	png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

/* Whatever the file has, rows come as red, green, blue, alpha of eight bits. */
static void as_rgba(png_structp png)
{
	png_set_expand(png);
	png_set_strip_16(png);
	png_set_gray_to_rgb(png);
	png_set_add_alpha(png, 0xFF, PNG_FILLER_AFTER);
}

static void set_limits(png_structp png)
{
	png_set_user_limits(png, DECODE_SIDE_MAX, DECODE_SIDE_MAX);
	png_set_chunk_cache_max(png, 64);
	png_set_chunk_malloc_max(png, 1024 * 1024);
}

/* Interlaced images come as seven smaller ones; for counting colours that is as good. */
static void read_rows(png_structp png, uint8_t *row, png_uint_32 width, png_uint_32 height,
		      bool interlaced, struct histogram *histogram)
{
	for (int pass = 0; pass < (interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1); pass++) {
		png_uint_32 columns = interlaced ? PNG_PASS_COLS(width, pass) : width;
		png_uint_32 rows = interlaced ? PNG_PASS_ROWS(height, pass) : height;

		if (columns == 0)
			continue;
		for (png_uint_32 y = 0; y < rows; y++) {
			png_read_row(png, row, NULL);
			histogram_row(histogram, row, columns);
		}
	}
}

static bool read_image(png_structp png, png_infop info, uint8_t *row, struct histogram *histogram,
		       struct image_answer *ret_size)
{
	png_uint_32 width, height;
	int depth, color, interlace;

	if (setjmp(png_jmpbuf(png)))
		return false;
	set_limits(png);
	png_read_info(png, info);
	if (!png_get_IHDR(png, info, &width, &height, &depth, &color, &interlace, NULL, NULL) ||
	    (size_t)width * height > DECODE_PIXELS_MAX)
		return false;
	as_rgba(png);
	png_read_update_info(png, info);
	if (png_get_rowbytes(png, info) > (size_t)DECODE_SIDE_MAX * 4)
		return false;
	ret_size->width = width;
	ret_size->height = height;
	read_rows(png, row, width, height, interlace != PNG_INTERLACE_NONE, histogram);
	return true;
}

bool decode_png(struct str octets, struct histogram *histogram, struct image_answer *ret_size)
{
	struct source source = { octets, 0 };
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, fail, ignore);
	png_infop info = png != NULL ? png_create_info_struct(png) : NULL;
	uint8_t *row = malloc((size_t)DECODE_SIDE_MAX * 4);
	bool decoded = false;

	if (info != NULL && row != NULL) {
		png_set_read_fn(png, &source, read_octets);
		decoded = read_image(png, info, row, histogram, ret_size);
	}
	free(row);
	png_destroy_read_struct(&png, &info, NULL);
	return decoded;
}
