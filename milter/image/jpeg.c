#include <stdio.h> /* jpeglib.h needs FILE and size_t */

#include <jpeglib.h>
#include <setjmp.h>
#include <stdlib.h>

#include "milter/image/decode.h"

#define MEMORY_MAX (96L * 1024 * 1024)
/* A progressive image may repeat its scans without end. */
#define SCANS_MAX 64

struct errors {
	struct jpeg_error_mgr manager;
	jmp_buf out;
};

static void fail(j_common_ptr image)
{
	struct errors *errors = (struct errors *)image->err;

	longjmp(errors->out, 1);
}

static void count_warning(j_common_ptr image, int level)
{
	if (level < 0)
		image->err->num_warnings++;
}

static void no_message(j_common_ptr image)
{
	(void)image;
}

static void watch_scans(j_common_ptr image)
{
	if (image->is_decompressor && ((j_decompress_ptr)image)->input_scan_number > SCANS_MAX)
		fail(image);
}

/* Rows come as red, green, blue; the histogram wants alpha too. */
static void count_row(struct histogram *histogram, const uint8_t *rgb, size_t n)
{
	uint8_t rgba[4 * 256];

	while (n > 0) {
		size_t some = n < 256 ? n : 256;

		for (size_t i = 0; i < some; i++) {
			memcpy(rgba + 4 * i, rgb + 3 * i, 3);
			rgba[4 * i + 3] = 255;
		}
		histogram_row(histogram, rgba, some);
		rgb += 3 * some;
		n -= some;
	}
}

static bool begin(struct jpeg_decompress_struct *image, struct str octets)
{
	jpeg_mem_src(image, (const unsigned char *)octets.p, (unsigned long)octets.n);
	image->mem->max_memory_to_use = MEMORY_MAX;
	if (jpeg_read_header(image, TRUE) != JPEG_HEADER_OK || image->image_width > DECODE_SIDE_MAX ||
	    image->image_height > DECODE_SIDE_MAX ||
	    (size_t)image->image_width * image->image_height > DECODE_PIXELS_MAX)
		return false;
	/* four inks: no two programs make the same colours of them */
	if (image->num_components != 1 && image->num_components != 3)
		return false;
	image->out_color_space = JCS_RGB;
	return jpeg_start_decompress(image) != FALSE;
}

static bool read_image(struct jpeg_decompress_struct *image, struct errors *errors,
		       struct str octets, uint8_t *row, struct histogram *histogram,
		       struct image_answer *ret_size)
{
	JSAMPROW rows[1] = { row };

	if (setjmp(errors->out))
		return false;
	if (!begin(image, octets))
		return false;
	ret_size->width = image->output_width;
	ret_size->height = image->output_height;
	while (image->output_scanline < image->output_height) {
		if (jpeg_read_scanlines(image, rows, 1) != 1)
			return false;
		count_row(histogram, row, image->output_width);
	}
	return image->err->num_warnings == 0;
}

bool decode_jpeg(struct str octets, struct histogram *histogram, struct image_answer *ret_size)
{
	struct jpeg_decompress_struct image;
	struct jpeg_progress_mgr progress = { .progress_monitor = watch_scans };
	struct errors errors;
	uint8_t *row = malloc((size_t)DECODE_SIDE_MAX * 3);
	bool decoded;

	if (row == NULL)
		return false;
	image.err = jpeg_std_error(&errors.manager);
	errors.manager.error_exit = fail;
	errors.manager.emit_message = count_warning;
	errors.manager.output_message = no_message;
	jpeg_create_decompress(&image);
	image.progress = &progress;
	decoded = read_image(&image, &errors, octets, row, histogram, ret_size);
	jpeg_destroy_decompress(&image);
	free(row);
	return decoded;
}
