/* The decoder and its helper process: colours, transparency, damage, a helper that is killed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
/* cmocka.h wants those first */
#include <cmocka.h>

#include <png.h>

#include "milter/image/decode.h"
#include "milter/image/image.h"

/* A PNG of 60 by 20 pixels, all of one colour. */
static struct str make_png(const uint8_t rgba[4])
{
	png_image image = { .version = PNG_IMAGE_VERSION, .width = 60, .height = 20,
			    .format = PNG_FORMAT_RGBA };
	static uint8_t pixels[60 * 20 * 4];
	static char file[8192];
	png_alloc_size_t n = sizeof file;

	for (size_t i = 0; i < sizeof pixels; i++)
		pixels[i] = rgba[i % 4];
	assert_true(png_image_write_to_memory(&image, file, &n, 0, pixels, 0, NULL));
	return (struct str){ file, n };
}

static const uint8_t orange[4] = { 0xD8, 0x38, 0x01, 255 };

static void test_decode(void **state)
{
	static const uint8_t clear[4] = { 0, 0, 0, 0 };
	struct str png = make_png(orange);
	struct image_answer answer = decode_image(png);

	(void)state;
	assert_int_equal(answer.state, IMAGE_COLOR);
	assert_memory_equal(answer.rgb, orange, 3);
	assert_int_equal(answer.width, 60);
	assert_int_equal(answer.height, 20);
	assert_int_equal(decode_image(str_head(png, png.n - 20)).state, IMAGE_UNKNOWN);
	assert_int_equal(decode_image(STR_LIT("GIF89a")).state, IMAGE_UNKNOWN);
	assert_int_equal(decode_image(make_png(clear)).state, IMAGE_TRANSPARENT);
}

static void test_helper(void **state)
{
	struct image_helper *helper = image_helper_new();
	struct image_need needs[3] = { { STR_LIT("a"), make_png(orange) },
				       { STR_LIT("b"), STR_LIT("\x89PNG\r\n\x1a\nrubbish") },
				       { STR_LIT("c"), STR_NONE } };
	struct image_answer answers[3];

	(void)state;
	assert_non_null(helper);
	for (int round = 0; round < 3; round++) {
		image_decode(helper, needs, 3, 5000, answers);
		assert_int_equal(answers[0].state, IMAGE_COLOR);
		assert_memory_equal(answers[0].rgb, orange, 3);
		assert_int_equal(answers[1].state, IMAGE_UNKNOWN);
		assert_int_equal(answers[2].state, IMAGE_UNKNOWN);
	}
	image_decode(helper, needs, 1, 0, answers);
	assert_int_equal(answers[0].state, IMAGE_UNKNOWN);
	image_helper_free(helper);
	image_decode(NULL, needs, 1, 1000, answers);
	assert_int_equal(answers[0].state, IMAGE_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_helper),
	};

	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
