/* Streams cut into messages: mbox of either kind, one message alone, hostile ones; the time of a mail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "milter/cli/mails.h"
#include "milter/cli/mbox.h"
#include "policy/base/buf.h"

#define MARK "From notices@crm.example Sun Mar  1 09:00:00 2026\n"
#define NOON ((int64_t)1772355600) /* 2026-03-01T09:00:00Z */
#define MAX 1000

struct read {
	struct arena *arena;
	struct mbox_message messages[64];
	size_t n;
	bool one; /* the stream is said to be one message */
};

static void read_text(struct read *read, const char *text, size_t size)
{
	FILE *stream = fmemopen((void *)(uintptr_t)text, size, "r");
	struct mbox *mbox = mbox_new(stream, MAX, read->one);

	read->n = 0;
	while (mbox_next(mbox, read->arena, &read->messages[read->n]))
		assert_true(++read->n < 64);
	assert_int_equal(mbox_error(mbox), 0);
	mbox_free(mbox);
	fclose(stream);
}

static void assert_messages(struct read *read, const char *text, const char *const *wanted)
{
	size_t n = 0;

	read_text(read, text, strlen(text));
	for (; wanted[n] != NULL; n++) {
		assert_true(n < read->n);
		assert_string_equal(arena_cstr(read->arena, read->messages[n].bytes), wanted[n]);
	}
	assert_int_equal(read->n, n);
}

#define ASSERT_MESSAGES(read, text, ...)                                                         \
	assert_messages((read), (text), (const char *const[]){ __VA_ARGS__, NULL })

static int set_up(void **state)
{
	struct read *read = calloc(1, sizeof *read);

	read->arena = arena_new();
	*state = read;
	return 0;
}

static int tear_down(void **state)
{
	struct read *read = *state;

	arena_free(read->arena);
	free(read);
	return 0;
}

static void test_one_message(void **state)
{
	struct read *read = *state;

	ASSERT_MESSAGES(read, "Subject: a\n\nFrom x Sun Mar  1 09:00:00 2026\n\n" MARK,
			"Subject: a\n\nFrom x Sun Mar  1 09:00:00 2026\n\n" MARK);
	assert_int_equal(read->messages[0].number, 0);
	assert_false(read->messages[0].has_postmark);
	ASSERT_MESSAGES(read, "\n", "\n");
	read->one = true;
	ASSERT_MESSAGES(read, MARK "A: 1\n\n>From a\n\n" MARK, MARK "A: 1\n\n>From a\n\n" MARK);
	assert_int_equal(read->messages[0].number, 0);
}

static void test_many_messages(void **state)
{
	struct read *read = *state;

	ASSERT_MESSAGES(read, MARK "A: 1\n\none\n\n" MARK "A: 2\n\ntwo\n\n" MARK "A: 3\n\nthree",
			"A: 1\n\none\n", "A: 2\n\ntwo\n", "A: 3\n\nthree");
	assert_int_equal(read->messages[2].number, 3);
	assert_true(read->messages[2].has_postmark);
	assert_int_equal(read->messages[2].postmark, NOON);
	ASSERT_MESSAGES(read, "From x\r\nA: 1\r\n\r\none\r\n\r\nFrom y Sun Mar 1 9:00 2026\r\nA: 2\r\n",
			"A: 1\r\n\r\none\r\n", "A: 2\r\n");
	assert_false(read->messages[0].has_postmark);
	ASSERT_MESSAGES(read, MARK MARK MARK "A: 1\n", "", "", "A: 1\n");
}

/* mboxrd puts one ">" before any number of them, mboxo only before the first. */
static void test_quoted_lines(void **state)
{
	ASSERT_MESSAGES(*state, MARK "\n>From a\n>>From b\n> From c\n>Fromage\n",
			"\nFrom a\n>From b\n> From c\n>Fromage\n");
	ASSERT_MESSAGES(*state, "A: 1\n\n>From a\n", "A: 1\n\n>From a\n");
}

/* Not every writer of mbox files quotes. */
static void test_sentences_end_no_message(void **state)
{
	static const char body[] = "A: 1\n"
				   "\n"
				   "text\n"
				   "From x Sun Mar  1 09:00:00 2026\n"
				   "\n"
				   "From Monday on, 09:00 is the time.\n"
				   "\n"
				   "From Sun to Mon 2026\n";

	ASSERT_MESSAGES(*state, arena_printf(((struct read *)*state)->arena, MARK "%s", body).p,
			body);
}

static void test_postmarks(void **state)
{
	int64_t time = 0;

	(void)state;
	assert_true(mbox_postmark(STR_LIT("From - Sun Mar 01 10:00:00 2026 +0100\r\n"), &time));
	assert_int_equal(time, NOON);
	assert_true(mbox_postmark(STR_LIT("From \"a b\"@x Sun Mar  1 09:00:00 UTC 2026"), &time));
	assert_int_equal(time, NOON);
	assert_true(mbox_postmark(STR_LIT("From a Sun Mar  1 04:00:00 -0500 2026"), &time));
	assert_int_equal(time, NOON);
	assert_false(mbox_postmark(STR_LIT("From a Sun Mar  1 09:00:00"), &time));
	assert_false(mbox_postmark(STR_LIT("From a Son Mar  1 09:00:00 2026"), &time));
	assert_false(mbox_postmark(STR_LIT(" From a Sun Mar  1 09:00:00 2026"), &time));
	assert_false(mbox_postmark(STR_LIT("From "), &time));
}

/* A message beyond the maximum is cut where it can be told, and the next one is found. */
static void test_limits(void **state)
{
	struct read *read = *state;
	size_t size = 300000;
	struct buf text;

	buf_init(&text, read->arena, 2 * size);
	buf_add_cstr(&text, MARK);
	for (size_t i = 0; i < size; i++)
		buf_add_char(&text, 'x');
	buf_add_cstr(&text, "\n\n" MARK "A: 2\n");
	read_text(read, text.p, text.n);
	assert_int_equal(read->n, 2);
	assert_int_equal(read->messages[0].bytes.n, MAX + 1);
	assert_true(str_is(read->messages[1].bytes, "A: 2\n"));
	read_text(read, text.p + sizeof MARK, size);
	assert_int_equal(read->n, 1);
	assert_int_equal(read->messages[0].bytes.n, MAX + 1);
}

static void assert_time(const char *text, const char *source, int64_t time)
{
	const char *got_source;
	int64_t got;

	assert_true(mail_time(str_from(text), &got, &got_source));
	assert_string_equal(got_source, source);
	assert_int_equal(got, time);
}

static void test_times_of_mails(void **state)
{
	const char *source;
	int64_t time;

	(void)state;
	assert_time("Received: b; Mon, 2 Mar 2026 00:00:00 +0000\n"
		    "Received: from x (a; b)\n\tby y; Sun, 1 Mar 2026\n 10:00:00 +0100 (CET)\n"
		    "Date: Sat, 28 Feb 2026 00:00:00 +0000\n\n",
		    "received", NOON);
	assert_time("Received: nothing\nDate: Sun, 1 Mar 2026 09:00:00 GMT\n\n"
		    "Received: x; Mon, 2 Mar 2026 00:00:00 +0000\n",
		    "date", NOON);
	assert_false(mail_time(STR_LIT("Subject: x\n\nDate: Sun, 1 Mar 2026 09:00:00 GMT\n"), &time,
			       &source));
	assert_false(mail_time(STR_LIT(""), &time, &source));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_one_message),	    TEST(test_many_messages),
		TEST(test_quoted_lines),    TEST(test_sentences_end_no_message),
		TEST(test_postmarks),	    TEST(test_limits),
		TEST(test_times_of_mails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
