/* The decoder and its helper process: colours, transparency, damage, a helper that is killed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
/* cmocka.h wants those first */
#include <cmocka.h>

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <jpeglib.h>
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

/* A JPEG of 64 by 16 pixels, all orange. */
static unsigned char *make_jpeg(unsigned long *ret_n)
{
	struct jpeg_compress_struct image;
	struct jpeg_error_mgr errors;
	unsigned char *file = NULL, row[64 * 3];
	JSAMPROW rows[1] = { row };

	for (size_t i = 0; i < sizeof row; i++)
		row[i] = orange[i % 3];
	image.err = jpeg_std_error(&errors);
	jpeg_create_compress(&image);
	jpeg_mem_dest(&image, &file, ret_n);
	image.image_width = 64;
	image.image_height = 16;
	image.input_components = 3;
	image.in_color_space = JCS_RGB;
	jpeg_set_defaults(&image);
	jpeg_start_compress(&image, TRUE);
	while (image.next_scanline < 16)
		jpeg_write_scanlines(&image, rows, 1);
	jpeg_finish_compress(&image);
	jpeg_destroy_compress(&image);
	return file;
}

static void test_jpeg(void **state)
{
	unsigned long n = 0;
	unsigned char *file = make_jpeg(&n);
	struct str jpeg = { (const char *)file, n };
	struct image_need need = { STR_LIT("a"), jpeg };
	struct image_helper *helper = image_helper_new();
	struct image_answer answer;

	(void)state;
	image_decode(helper, &need, 1, 5000, &answer);
	assert_int_equal(answer.state, IMAGE_COLOR);
	assert_int_equal(answer.width, 64);
	for (int c = 0; c < 3; c++)
		assert_in_range(answer.rgb[c] + 4, orange[c], orange[c] + 8);
	assert_int_equal(decode_image(str_head(jpeg, n - 8)).state, IMAGE_UNKNOWN);
	image_helper_free(helper);
	free(file);
}

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

/* The process that this one has started, by the process table; 0 where there is none. */
static pid_t child_of_mine(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	assert_non_null(proc);
	while (found == 0 && (entry = readdir(proc)) != NULL) {
		int pid, parent;
		char name[300];
		FILE *in;

		snprintf(name, sizeof name, "/proc/%s/stat", entry->d_name);
		in = fopen(name, "re");
		if (in == NULL)
			continue;
		if (fscanf(in, "%d %*s %*c %d", &pid, &parent) == 2 && parent == getpid())
			found = pid;
		fclose(in);
	}
	closedir(proc);
	return found;
}

static void *wait_for_end(void *lock)
{
	pthread_mutex_lock(lock);
	pthread_mutex_unlock(lock);
	return NULL;
}

/* A sanitizer's run-time cannot be forked safely beside other threads, the C library can. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define THREADS 0
#else
#define THREADS 64
#endif

/* A helper that is killed is started again, from a process with many threads and their stacks. */
static void test_killed_helper(void **state)
{
	struct image_helper *helper = image_helper_new();
	struct image_need need = { STR_LIT("a"), make_png(orange) };
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct image_answer answer;
	pthread_t threads[THREADS + 1];

	(void)state;
	assert_non_null(helper);
	pthread_mutex_lock(&lock);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, wait_for_end, &lock), 0);
	for (int round = 0; round < 5; round++) {
		pid_t pid = child_of_mine();

		assert_true(pid > 0);
		assert_int_equal(kill(pid, round % 2 ? SIGSEGV : SIGKILL), 0);
		image_decode(helper, &need, 1, 5000, &answer);
		assert_int_equal(answer.state, IMAGE_COLOR);
		assert_memory_equal(answer.rgb, orange, 3);
		assert_int_not_equal(child_of_mine(), pid);
	}
	/* one that does not answer is left behind when time is up: the image is not known */
	assert_int_equal(kill(child_of_mine(), SIGSTOP), 0);
	image_decode(helper, &need, 1, 300, &answer);
	assert_int_equal(answer.state, IMAGE_UNKNOWN);
	image_decode(helper, &need, 1, 5000, &answer);
	assert_int_equal(answer.state, IMAGE_COLOR);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	image_helper_free(helper);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_jpeg),
		cmocka_unit_test(test_helper),
		cmocka_unit_test(test_killed_helper),
	};

	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
