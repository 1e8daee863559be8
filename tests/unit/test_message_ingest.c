/* test_message_ingest.c - the octets of a message: line ends, NUL, lines and limits */
#include "tests/unit/message_fixture.h"

static void lf_file_is_read_as_crlf(void **state)
{
	struct message *message = parse(state, "From: a@b.example\nSubject: x\n y\n\none\ntwo\n");

	assert_clean(message);
	assert_str(message->subject, "x y");
	assert_str(message->source->body, "one\r\ntwo\r\n");
	assert_str(message->parts[0].text, "one\ntwo\n");
}

static void lone_lf_among_crlf_is_a_defect(void **state)
{
	assert_ambiguous(parse(state, "Subject: x\r\n\r\none\ntwo\r\n"), AMBIGUITY_BARE_LF);
	assert_ambiguous(parse(state, "Subject: x\nTo: a@b.example\r\n\r\none\r\n"),
			 AMBIGUITY_BARE_LF);
	assert_clean(parse(state, "Subject: x\r\n\r\none\r\ntwo"));
}

static void lone_cr_is_a_defect(void **state)
{
	assert_ambiguous(parse(state, "Subject: x\r\n\r\none\rtwo\r\n"), AMBIGUITY_BARE_CR);
	assert_ambiguous(parse(state, "Subject: x\ry\r\n\r\none\r\n"), AMBIGUITY_BARE_CR);
	assert_ambiguous(parse(state, "Subject: x\n\none\rtwo\n"), AMBIGUITY_BARE_CR);
	assert_ambiguous(parse(state, "Subject: x\r\n\r\none\r\r\n"), AMBIGUITY_BARE_CR);
	assert_ambiguous(parse(state, "Subject: x\r\n\r\none\r"), AMBIGUITY_BARE_CR);
}

static void nul_is_a_defect(void **state)
{
	static const char header[] = "Subject: x\0y\r\n\r\none\r\n";
	static const char body[] = "Subject: x\r\n\r\no\0ne\r\n";

	assert_ambiguous(parse_bytes(state, (struct str){ header, sizeof header - 1 }),
			 AMBIGUITY_NUL);
	assert_ambiguous(parse_bytes(state, (struct str){ body, sizeof body - 1 }), AMBIGUITY_NUL);
}

static void chunks_may_be_cut_anywhere(void **state)
{
	struct fixture *fixture = *state;
	const char *text = "one\r\ntwo\r\n\r\nthree\r\n";

	for (size_t cut = 0; cut <= strlen(text); cut++) {
		const struct message_source *source;

		ingest_clear(fixture->ingest);
		ingest_field(fixture->ingest, STR_LIT("Subject"), STR_LIT(" x\n y"));
		ingest_body(fixture->ingest, (struct str){ text, cut });
		ingest_body(fixture->ingest, (struct str){ text + cut, strlen(text) - cut });
		source = ingest_source(fixture->ingest);
		assert_int_equal(source->raw_defects, 0);
		assert_str(source->body, text);
	}
}

static void daemon_and_file_agree(void **state)
{
	struct fixture *fixture = *state;
	struct message *file = parse(state, "From: A <a@b.example>\r\nSubject: =?utf-8?q?=C3=BC?=\r\n"
					    "Content-Type: text/plain; charset=utf-8\r\n\r\nx\r\n");
	struct str subject = arena_str(fixture->arena, file->subject);
	struct message *milter;

	ingest_clear(fixture->ingest);
	ingest_field(fixture->ingest, STR_LIT("From"), STR_LIT(" A <a@b.example>"));
	ingest_field(fixture->ingest, STR_LIT("Subject"), STR_LIT("=?utf-8?q?=C3=BC?="));
	ingest_field(fixture->ingest, STR_LIT("Content-Type"),
		     STR_LIT("text/plain; charset=utf-8"));
	ingest_body(fixture->ingest, STR_LIT("x\r\n"));
	milter = message_parse(fixture->arena, ingest_source(fixture->ingest),
			       &message_limits_default);
	assert_true(str_eq(subject, milter->subject));
	assert_str(milter->from.items[0].address, "a@b.example");
	assert_clean(milter);
}

static void mbox_line_is_skipped(void **state)
{
	struct message *message =
		parse(state, "From a@b.example Mon Mar  2 10:00:00 2026\nSubject: x\n\ny\n");

	assert_clean(message);
	assert_str(message->subject, "x");
}

static void long_lines_are_ambiguous(void **state)
{
	char line[1100];
	struct fixture *fixture = *state;

	memset(line, 'x', sizeof line);
	for (size_t n = 998; n <= 999; n++) {
		struct message *message = parse_bytes(
			state, arena_printf(fixture->arena, "Subject: x\r\n\r\n%.*s\r\n", (int)n, line));

		assert_int_equal(is_ambiguous(message, AMBIGUITY_LONG_LINE), n > 998);
		message = parse_bytes(state, arena_printf(fixture->arena, "X-Y:%.*s\r\n\r\nz\r\n",
							  (int)n - 4, line));
		assert_int_equal(is_ambiguous(message, AMBIGUITY_LONG_LINE), n > 998);
	}
}

static void header_line_without_colon(void **state)
{
	struct message *message =
		parse(state, "From: a@b.example\r\nno field\r\nSubject: x\r\n\r\nbody\r\n");

	assert_ambiguous(message, AMBIGUITY_NO_COLON);
	assert_str(message->subject, "x");
	assert_str(message->source->body, "body\r\n");
	message = parse(state, "From: a@b.example\r\nHello there\r\nStart at ten\r\n");
	assert_ambiguous(message, AMBIGUITY_NO_COLON);
	assert_str(message->source->body, "Hello there\r\nStart at ten\r\n");
	assert_ambiguous(parse(state, "S\xC3\xBC"
				      "bject: x\r\n\r\ny\r\n"),
			 AMBIGUITY_NO_COLON);
	assert_ambiguous(parse(state, " folded: x\r\nSubject: x\r\n\r\ny\r\n"), AMBIGUITY_NO_COLON);
}

static void limits_of_the_header(void **state)
{
	struct fixture *fixture = *state;
	struct message *message;

	ingest_clear(fixture->ingest);
	for (size_t i = 0; i < 1000; i++)
		ingest_field(fixture->ingest, STR_LIT("X-Y"), STR_LIT(" z"));
	assert_int_equal(ingest_source(fixture->ingest)->raw_defects, 0);
	ingest_field(fixture->ingest, STR_LIT("X-Y"), STR_LIT(" z"));
	ingest_field(fixture->ingest, STR_LIT("Subject"), STR_LIT(" still read"));
	message = message_parse(fixture->arena, ingest_source(fixture->ingest),
				&message_limits_default);
	assert_int_equal(message->n_breaches, 1);
	assert_str(message->breaches[0].what, "header fields");
	assert_str(message->subject, "still read");
}

static void limit_of_the_message(void **state)
{
	struct message_limits limits = message_limits_default;
	struct fixture *fixture = *state;
	struct ingest *ingest;
	struct message *message;

	limits.message_octets = 100;
	ingest = ingest_new(&limits);
	for (int i = 0; i < 20; i++)
		ingest_body(ingest, STR_LIT("12345678\r\n"));
	message = message_parse(fixture->arena, ingest_source(ingest), &limits);
	assert_int_equal(message->n_breaches, 1);
	assert_true(message->source->body.n <= 100);
	ingest_free(ingest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lf_file_is_read_as_crlf),
		TEST(lone_lf_among_crlf_is_a_defect),
		TEST(lone_cr_is_a_defect),
		TEST(nul_is_a_defect),
		TEST(chunks_may_be_cut_anywhere),
		TEST(daemon_and_file_agree),
		TEST(mbox_line_is_skipped),
		TEST(long_lines_are_ambiguous),
		TEST(header_line_without_colon),
		TEST(limits_of_the_header),
		TEST(limit_of_the_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
