/* test_message.c - the parts of a message, and what is ambiguous in them */
#include "tests/unit/message_fixture.h"

#define HEAD "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"

static void multipart_is_taken_apart(void **state)
{
	struct message *message = parse(
		state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\npreamble\r\n--o\r\n"
			    "Content-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\n\r\nplain\r\n"
			    "--i\r\nContent-Type: text/html; charset=utf-8\r\n"
			    "Content-Transfer-Encoding: quoted-printable\r\n\r\n<b>h=\r\ntml</b>\r\n"
			    "--i--\r\n\r\n--o\r\nContent-Type: text/calendar; method=PUBLISH\r\n"
			    "Content-Disposition: attachment; filename=\"m.ics\"\r\n\r\nBEGIN\r\n"
			    "--o--\r\nepilogue\r\n");

	assert_clean(message);
	assert_int_equal(message->n_parts, 5);
	assert_int_equal(message->parts[0].parent, -1);
	assert_str(message->parts[1].type, "multipart/alternative");
	assert_int_equal(message->parts[1].parent, 0);
	assert_int_equal(message->parts[2].parent, 1);
	assert_int_equal(message->parts[2].depth, 2);
	assert_str(message->parts[2].type, "text/plain");
	assert_str(message->parts[2].text, "plain");
	assert_str(message->parts[3].text, "<b>html</b>");
	assert_str(message->parts[4].method, "PUBLISH");
	assert_str(message->parts[4].name, "m.ics");
	assert_int_equal(message->parts[4].disposition, DISPOSITION_ATTACHMENT);
	assert_str(message->parts[4].text, "BEGIN");
}

static void missing_closing_boundary_is_common(void **state)
{
	struct message *message = parse(
		state, HEAD "Content-Type: multipart/mixed; boundary=\"o\"\r\n\r\n--o\r\n\r\none\r\n");

	assert_clean(message);
	assert_int_equal(message->n_parts, 2);
	assert_str(message->parts[1].text, "one\n");
}

static void boundary_with_blanks_behind(void **state)
{
	struct message *message =
		parse(state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o \t\r\n\r\none\r\n"
				  "--o-- \r\n");

	assert_clean(message);
	assert_str(message->parts[1].text, "one");
}

static void boundary_that_begins_another(void **state)
{
	assert_clean(parse(state, HEAD "Content-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\n"
				       "Content-Type: multipart/alternative; boundary=part-2\r\n\r\n"
				       "--part-2\r\n\r\none\r\n--part-2--\r\n--part--\r\n"));
	assert_ambiguous(parse(state, HEAD "Content-Type: multipart/mixed; boundary=part\r\n\r\n"
					   "--part\r\n\r\none\r\n--part2\r\n\r\ntwo\r\n--part--\r\n"),
			 AMBIGUITY_BOUNDARY);
}

static void boundaries_that_are_not_clear(void **state)
{
	struct message *message;

	assert_ambiguous(parse(state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n"
					   "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\n"
					   "one\r\n--o--\r\n"),
			 AMBIGUITY_BOUNDARY);
	message = parse(state, HEAD "Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n\r\n"
				    "one\r\n----\r\n");
	assert_ambiguous(message, AMBIGUITY_BOUNDARY);
	assert_str(message->parts[1].text, "one");
	message = parse(state, HEAD "Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\none\r\n--x--\r\n");
	assert_ambiguous(message, AMBIGUITY_BOUNDARY);
	assert_str(message->parts[1].text, "one");
	message = parse(state, HEAD "Content-Type: multipart/mixed; boundary=a; boundary=b\r\n\r\n"
				    "--a\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n--a--\r\n");
	assert_ambiguous(message, AMBIGUITY_PARAMETERS);
	assert_int_equal(message->n_parts, 4);
	assert_true(message->parts[2].second_reading);
	assert_str(message->parts[3].text, "two");
	assert_ambiguous(parse(state, HEAD "Content-Type: multipart/mixed; boundary=a; boundary=a\r\n"
					   "\r\n--a\r\n\r\none\r\n--a--\r\n"),
			 AMBIGUITY_BOUNDARY);
	message = parse(state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\none\r\n"
				    "--o--\r\n--o\r\n\r\ntwo\r\n--o--\r\n");
	assert_ambiguous(message, AMBIGUITY_BOUNDARY);
	assert_str(message->parts[2].text, "two");
	assert_ambiguous(parse(state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n"
					   "Content-Type: multipart/mixed; boundary=o--\r\n\r\n--o--\r\n"
					   "\r\none\r\n--o----\r\n--o--\r\n"),
			 AMBIGUITY_BOUNDARY);
	assert_ambiguous(parse(state, HEAD "Content-Type: multipart/mixed; boundary=\"o \"\r\n\r\n"
					   "--o \r\n\r\none\r\n--o --\r\n"),
			 AMBIGUITY_BOUNDARY);
}

static void a_multipart_without_parts_is_text(void **state)
{
	static const char *const bodies[] = { "one\r\n", "one\r\n--p--\r\n" };
	struct message *message;

	for (size_t i = 0; i < 2; i++) {
		message = parse(state, arena_cstr(((struct fixture *)*state)->arena,
						  arena_concat(((struct fixture *)*state)->arena,
							       STR_LIT(HEAD "Content-Type: multipart/"
									    "digest; boundary=o\r\n\r\n"),
							       str_from(bodies[i]))));
		assert_ambiguous(message, AMBIGUITY_BOUNDARY);
		assert_int_equal(message->n_parts, 2);
		assert_true(str_starts(message->parts[1].text, STR_LIT("one")));
	}
	message = parse(state, HEAD "Content-Type: multipart/mixed\r\n\r\none\r\n");
	assert_str(message->parts[1].text, "one\n");
	assert_int_equal(parse(state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n \r\n")
				 ->n_ambiguities,
			 0);
	assert_int_equal(parse(state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o--\r\n")
				 ->n_ambiguities,
			 0);
}

static void types_with_signs_around_them(void **state)
{
	assert_str(parse(state, HEAD "Content-Type: text/html>; charset=utf-8\r\n\r\n")->parts[0].type,
		   "text/html");
	assert_str(parse(state, HEAD "Content-Type: \"text/html\"\r\n\r\n")->parts[0].type, "text/html");
	assert_str(parse(state, HEAD "Content-Type: text\r\n\r\n")->parts[0].type, "text/plain");
}

/* What cannot be read here is not taken for nothing. */
static void encrypted_parts(void **state)
{
	assert_ambiguous(parse(state, HEAD "Content-Type: application/pkcs7-mime; "
					   "smime-type=enveloped-data\r\n\r\n"
					   "0\x0B\x06\x09*\x86H\x86\xF7\x0D\x01\x07\x03"),
			 AMBIGUITY_ENCRYPTED);
	assert_ambiguous(parse(state, HEAD "Content-Type: multipart/encrypted; boundary=o\r\n\r\n"
					   "--o\r\n\r\none\r\n--o--\r\n"),
			 AMBIGUITY_ENCRYPTED);
	assert_int_equal(parse(state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n"
					   "Content-Type: application/pkcs7-mime; name=plan.pdf.p7m\r\n"
					   "\r\nx\r\n--o--\r\n")
				 ->n_ambiguities,
			 0);
}

static void two_content_types_are_both_read(void **state)
{
	struct message *message =
		parse(state, HEAD "Content-Type: text/plain\r\nContent-Type: multipart/mixed; "
				  "boundary=o\r\n\r\n--o\r\nContent-Transfer-Encoding: base64\r\n\r\n"
				  "UGxhbm5lZA==\r\n--o--\r\n");

	assert_ambiguous(message, AMBIGUITY_DUPLICATE_FIELD);
	assert_int_equal(message->n_parts, 3);
	assert_str(message->parts[0].type, "text/plain");
	assert_str(message->parts[1].type, "multipart/mixed");
	assert_str(message->parts[2].text, "Planned");
}

static void singletons_given_twice(void **state)
{
	static const char *const names[] = { "From", "Sender", "Subject", "Date", "To", "Cc",
					     "Message-ID", "MIME-Version",
					     "Content-Transfer-Encoding" };
	struct fixture *fixture = *state;
	struct message *message;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		message = parse_bytes(state, arena_printf(fixture->arena, "%s: 7bit\r\n%s: 7bit\r\n\r\nx",
							  names[i], names[i]));
		assert_ambiguous(message, AMBIGUITY_DUPLICATE_FIELD);
		message = parse_bytes(state,
				      arena_printf(fixture->arena, "%s: 7bit\r\n\r\nx", names[i]));
		assert_clean(message);
	}
	assert_clean(parse(state, "Received: a\r\nReceived: b\r\nReply-To: a@b.example\r\n\r\nx"));
	message = parse(state, "Subject: news\r\nSubject: Planned Maintenance\r\n\r\nx");
	assert_str(message->subject, "news | Planned Maintenance");
}

static void transfer_encodings_that_are_not_clear(void **state)
{
	struct message *message;

	message = parse(state, HEAD "Content-Transfer-Encoding: base-64\r\n\r\nUGxhbm5lZA==\r\n");
	assert_ambiguous(message, AMBIGUITY_TRANSFER_ENCODING);
	assert_str(message->parts[0].text, "Planned");
	assert_ambiguous(parse(state, HEAD "Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n"
					   "#86)C\r\nend\r\n"),
			 AMBIGUITY_TRANSFER_ENCODING);
	assert_ambiguous(parse(state, HEAD "Content-Transfer-Encoding: base64 x\r\n\r\nUGxhbm5lZA==\r\n"),
			 AMBIGUITY_TRANSFER_ENCODING);
	assert_ambiguous(parse(state, HEAD "Content-Transfer-Encoding: base64\r\n\r\nUGxh*bm5lZA==\r\n"),
			 AMBIGUITY_TRANSFER_ENCODING);
	message = parse(state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n"
				    "Content-Transfer-Encoding: base64\r\n\r\n"
				    "LS1vDQoNCm9uZQ0KLS1vLS0NCg==\r\n");
	assert_ambiguous(message, AMBIGUITY_TRANSFER_ENCODING);
	assert_str(message->parts[1].text, "one");
	assert_clean(parse(state, HEAD "Content-Transfer-Encoding: (c) BASE64 \r\n\r\nUGxhbm5lZA==\r\n"));
	assert_clean(parse(state, HEAD "Content-Transfer-Encoding: 8BIT\r\n\r\n\xC3\xBC\r\n"));
}

static void what_is_attached_is_not_looked_at_closely(void **state)
{
	assert_clean(parse(state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\none\r\n"
				       "--o\r\nContent-Type: text/csv; name=a.csv\r\n"
				       "Content-Disposition: attachment; filename=a.csv\r\n\r\n"
				       "M\xFCnchen\r\n--o--\r\n"));
}

static void charsets_that_are_not_clear(void **state)
{
	struct message *message;

	assert_ambiguous(parse(state, HEAD "Content-Type: text/plain; charset=utf-8\r\n\r\n\xFC\r\n"),
			 AMBIGUITY_CHARSET);
	assert_ambiguous(parse(state, HEAD "Content-Type: text/plain; charset=klingon\r\n\r\nx\r\n"),
			 AMBIGUITY_CHARSET);
	assert_ambiguous(parse(state, HEAD "Content-Type: text/plain; charset=us-ascii\r\n\r\n\xC3\xBC\r\n"),
			 AMBIGUITY_CHARSET);
	assert_ambiguous(parse(state, HEAD "Content-Type: text/plain\r\n\r\n\xFC\r\n"),
			 AMBIGUITY_CHARSET);
	message = parse(state, HEAD "Content-Type: text/plain; charset=utf-7\r\n\r\n+AFA-lanned\r\n");
	assert_ambiguous(message, AMBIGUITY_CHARSET);
	assert_str(message->parts[0].text, "Planned\n");
	message = parse(state, HEAD "Content-Type: text/html\r\n\r\n<meta charset=iso-8859-2>\xB1\r\n");
	assert_clean(message);
	assert_str(message->parts[0].text, "<meta charset=iso-8859-2>\u0105\n");
	assert_ambiguous(parse(state, HEAD "Content-Transfer-Encoding: base64\r\n\r\nUGwAYW4=\r\n"),
			 AMBIGUITY_NUL);
}

static void parameters_that_are_not_clear(void **state)
{
	assert_ambiguous(parse(state, HEAD "Content-Type: text/plain; name=\"=?utf-8?q?a?=\"\r\n\r\nx\r\n"),
			 AMBIGUITY_ENCODED_WORD_IN_PARAMETER);
	assert_ambiguous(parse(state, HEAD "Content-Disposition: inline; filename=\"=?utf-8?q?a?=\"\r\n"
					   "\r\nx\r\n"),
			 AMBIGUITY_ENCODED_WORD_IN_PARAMETER);
	assert_ambiguous(parse(state, HEAD "Content-Type: text/plain; charset=utf-8; charset=utf-7\r\n"
					   "\r\nx\r\n"),
			 AMBIGUITY_PARAMETERS);
}

static void fragments_and_remote_bodies(void **state)
{
	assert_ambiguous(parse(state, HEAD "Content-Type: message/partial; id=1; number=1\r\n\r\n"
					   "Subject: x\r\n\r\ny\r\n"),
			 AMBIGUITY_PARTIAL);
	assert_ambiguous(parse(state, HEAD "Content-Type: message/external-body; access-type=url\r\n\r\n"
					   "Content-Type: text/html\r\n\r\n"),
			 AMBIGUITY_EXTERNAL_BODY);
}

static void attached_message(void **state)
{
	struct message *message =
		parse(state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\none\r\n"
				  "--o\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\ntwo\r\n"
				  "--o--\r\n");

	assert_clean(message);
	assert_int_equal(message->n_parts, 4);
	assert_str(message->parts[2].type, "message/rfc822");
	assert_false(message->parts[2].in_attached_message);
	assert_true(message->parts[3].in_attached_message);
	assert_int_equal(message->parts[3].parent, 2);
	assert_str(message->parts[3].text, "two");
	assert_str(message->subject, "x");
}

static void depth_is_limited(void **state)
{
	struct fixture *fixture = *state;

	for (int depth = 16; depth <= 17; depth++) {
		struct str text = STR_LIT(HEAD);
		struct message *message;

		for (int i = 0; i < depth; i++)
			text = arena_printf(fixture->arena,
					    "%.*sContent-Type: multipart/mixed; boundary=b%d\r\n\r\n"
					    "--b%d\r\n",
					    STR_ARG(text), i, i);
		text = arena_printf(fixture->arena, "%.*s\r\nx\r\n", STR_ARG(text));
		message = parse_bytes(state, text);
		assert_int_equal(message->n_breaches, depth > 16);
		assert_int_equal(message->n_ambiguities, 0);
	}
}

static void number_of_parts_is_limited(void **state)
{
	struct fixture *fixture = *state;

	for (int parts = 255; parts <= 256; parts++) {
		struct str text = STR_LIT(HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n");
		struct message *message;

		for (int i = 0; i < parts; i++)
			text = arena_concat(fixture->arena, text, STR_LIT("--o\r\n\r\nx\r\n"));
		message = parse_bytes(state, arena_concat(fixture->arena, text, STR_LIT("--o--\r\n")));
		assert_int_equal(message->n_breaches, parts > 255);
		assert_int_equal(message->n_parts, 256);
	}
}

static void part_without_header_and_blank_line(void **state)
{
	struct message *message =
		parse(state, HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nHello there\r\n"
				  "--o--\r\n");

	assert_ambiguous(message, AMBIGUITY_NO_COLON);
	assert_str(message->parts[1].text, "Hello there");
}

static void fields_of_the_message(void **state)
{
	struct message *message =
		parse(state, "Return-Path: <>\r\nFrom: A <a@b.example>\r\nBcc: c@d.example\r\n"
			     "Auto-Submitted: auto-generated\r\nX-CRM-Declared-Category:  a \r\n"
			     "Date: Mon, 2 Mar 2026 08:59:58 +0000\r\nIn-Reply-To: <1@x>\r\n\r\nx\r\n");

	assert_non_null(message->return_path.p);
	assert_int_equal(message->return_path.n, 0);
	assert_str(message->bcc.items[0].address, "c@d.example");
	assert_str(message->auto_submitted, "auto-generated");
	assert_str(message->declared.category, "a");
	assert_null(message->declared.event_id.p);
	assert_true(message->has_date);
	assert_str(message->in_reply_to, "<1@x>");
	assert_null(message->references.p);
	message = parse(state, "Subject: x\r\n\r\n");
	assert_null(message->return_path.p);
	assert_false(message->has_date);
}

static void an_empty_file_is_an_empty_message(void **state)
{
	struct message *message = parse(state, "");

	assert_clean(message);
	assert_int_equal(message->n_parts, 1);
	assert_null(message->subject.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(multipart_is_taken_apart),
		TEST(missing_closing_boundary_is_common),
		TEST(boundary_with_blanks_behind),
		TEST(boundary_that_begins_another),
		TEST(boundaries_that_are_not_clear),
		TEST(a_multipart_without_parts_is_text),
		TEST(types_with_signs_around_them),
		TEST(encrypted_parts),
		TEST(two_content_types_are_both_read),
		TEST(singletons_given_twice),
		TEST(transfer_encodings_that_are_not_clear),
		TEST(what_is_attached_is_not_looked_at_closely),
		TEST(charsets_that_are_not_clear),
		TEST(parameters_that_are_not_clear),
		TEST(fragments_and_remote_bodies),
		TEST(attached_message),
		TEST(depth_is_limited),
		TEST(number_of_parts_is_limited),
		TEST(part_without_header_and_blank_line),
		TEST(fields_of_the_message),
		TEST(an_empty_file_is_an_empty_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
