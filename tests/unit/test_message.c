/* test_message.c - the message reader: ingest, header, parts, and what is ambiguous */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "policy/message/address.h"
#include "policy/message/charset.h"
#include "policy/message/date.h"
#include "policy/message/encoded_word.h"
#include "policy/message/ingest.h"
#include "policy/message/parameter.h"
#include "policy/message/transfer.h"

struct fixture {
	struct arena *arena;
	struct ingest *ingest;
};

static int set_up(void **state)
{
	struct fixture *fixture = malloc(sizeof *fixture);

	fixture->arena = arena_new();
	fixture->ingest = ingest_new(&message_limits_default);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	ingest_free(fixture->ingest);
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

static void assert_str(struct str s, const char *expected)
{
	if (!str_is(s, expected))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(s), expected);
}

static struct message *parse_bytes(void **state, struct str bytes)
{
	struct fixture *fixture = *state;

	ingest_clear(fixture->ingest);
	ingest_file(fixture->ingest, bytes);
	return message_parse(fixture->arena, ingest_source(fixture->ingest),
			     &message_limits_default);
}

static struct message *parse(void **state, const char *text)
{
	return parse_bytes(state, str_from(text));
}

static bool is_ambiguous(const struct message *message, enum ambiguity_kind kind)
{
	for (size_t i = 0; i < message->n_ambiguities; i++) {
		if (message->ambiguities[i].kind == kind)
			return true;
	}
	return false;
}

static void assert_clean(const struct message *message)
{
	if (message->n_ambiguities > 0)
		fail_msg("ambiguous: %.*s", STR_ARG(message->ambiguities[0].detail));
	if (message->n_breaches > 0)
		fail_msg("over the limit: %.*s", STR_ARG(message->breaches[0].what));
}

static void assert_ambiguous(const struct message *message, enum ambiguity_kind kind)
{
	if (!is_ambiguous(message, kind))
		fail_msg("not ambiguous for kind %d", (int)kind);
}

/* -- Ingest -- */

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

/* -- Header text -- */

static void check_text(void **state, const char *raw, const char *expected, unsigned expected_faults)
{
	struct fixture *fixture = *state;
	unsigned faults = 0;

	assert_str(header_text(fixture->arena, str_from(raw), &faults), expected);
	assert_int_equal(faults, expected_faults);
}

static void encoded_words(void **state)
{
	check_text(state, "plain", "plain", 0);
	check_text(state, "=?utf-8?q?Wartung_f=C3=BCr?= Sie", "Wartung f\u00fcr Sie", 0);
	check_text(state, "=?UTF-8?B?V2FydHVuZw==?= =?UTF-8?Q?_heute?=", "Wartung heute", 0);
	check_text(state, "=?utf-8?q?a?=\n =?utf-8?q?b?=", "ab", 0);
	check_text(state, "=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c", 0);
	check_text(state, "x=?utf-8?q?a?=y", "xay", 0);
	/* a letter cut in two */
	check_text(state, "=?utf-8?q?f=C3?= =?utf-8?q?=BCr?=", "f\u00fcr", 0);
	check_text(state, "=?iso-8859-1?Q?S=F8ren?=", "S\u00f8ren", 0);
	check_text(state, "=?iso-8859-1*de?Q?S=F8ren?=", "S\u00f8ren", 0);
	check_text(state, "=?gb18030?B?wdbUww==?=", "\u6797\u60a6", 0);
	check_text(state, "=?iso-2022-jp?B?GyRCJWElcxsoQg==?=", "\u30e1\u30f3", 0);
	check_text(state, "=?windows-1252?Q?=96?=", "\u2013", 0);
	check_text(state, "=?iso-8859-1?Q?=96?=", "\u2013", 0);
	check_text(state, "=?utf-8?q?a?", "=?utf-8?q?a?", 0);
	check_text(state, "=?utf-8?x?a?=", "=?utf-8?x?a?=", 0);
	check_text(state, "100 =? 200", "100 =? 200", 0);
}

static void encoded_words_that_are_not_clear(void **state)
{
	check_text(state, "=?x-none?q?abc?=", "abc", TEXT_CHARSET);
	check_text(state, "=?utf-7?q?abc?=", "abc", TEXT_CHARSET);
	check_text(state, "=?utf-8?q?=FF?=", "\ufffd", TEXT_CHARSET);
	check_text(state, "=?utf-8?q?a=ZZ?=", "a=ZZ", TEXT_ENCODING);
	check_text(state, "=?utf-8?b?YW!Jj?=", "abc", TEXT_ENCODING);
	check_text(state, "=?utf-8?q?a=0D=0Ab=00c?=", "a  b c", 0);
	check_text(state, "=?utf-8?q?a=C2=9Bb?=", "a  b", 0);
	check_text(state, "=?utf-8?q?Ready?_Yes?= =?utf-8?q?a?b?=", "Ready? Yesa?b", TEXT_ENCODING);
	check_text(state, "=?utf-8?b?YW?J?=", "=?utf-8?b?YW?J?=", 0);
	check_text(state, "=?iso-8859-1?q?Fr\xF6sche?=", "Fr\u00f6sche", TEXT_ENCODING);
	check_text(state, "=?utf-8?q?Fr\xC3\xB6sche?=", "Fr\u00f6sche", TEXT_ENCODING);
	check_text(state, "=?utf-8?q?Fr\xF6sche?=", "Fr\ufffdsche", TEXT_ENCODING | TEXT_CHARSET);
}

static void raw_eight_bit_header(void **state)
{
	check_text(state, "W\xC3\xA4hrung", "W\u00e4hrung", 0);
	check_text(state, "R\xE4ksm\xF6rg\xE5s \x96 AB", "R\u00e4ksm\u00f6rg\u00e5s \u2013 AB", 0);
	check_text(state, "R\xE4ka =?utf-8?q?=C3=B6?= \xC3\xA5", "R\u00e4ka \u00f6 \u00e5", 0);
}

/* -- Parameters -- */

static void check_parameter(void **state, const char *raw, const char *name, const char *expected,
			    bool conflict)
{
	struct fixture *fixture = *state;
	struct parameter_field field;
	const struct parameter *parameter;

	parameter_field_read(fixture->arena, str_from(raw), &field);
	parameter = parameter_find(&field, name);
	if (parameter == NULL)
		fail_msg("%s: no %s", raw, name);
	assert_str(parameter->value, expected);
	if (parameter->conflict != conflict)
		fail_msg("%s: conflict is %d", raw, parameter->conflict);
}

static void parameters(void **state)
{
	check_parameter(state, " text/plain; charset=utf-8", "charset", "utf-8", false);
	check_parameter(state, "text/plain; charset=\"utf-8\"", "charset", "utf-8", false);
	check_parameter(state, "text/plain; charset=us-ascii (Plain text)", "charset", "us-ascii",
			false);
	check_parameter(state, "text/plain (x;y=z); CHARSET = utf-8 ; a=b", "charset", "utf-8",
			false);
	check_parameter(state, "multipart/mixed;\n boundary=\"a;b=c \\\"d\"", "boundary",
			"a;b=c \"d", false);
	check_parameter(state, "multipart/mixed; boundary==_x=1", "boundary", "=_x=1", false);
	check_parameter(state, "attachment; filename=my file.pdf; size=3", "filename",
			"my file.pdf", false);
	check_parameter(state, "attachment; filename*=utf-8''M%C3%A4rz.pdf", "filename",
			"M\u00e4rz.pdf", false);
	check_parameter(state, "attachment; filename*0=\"a b\"; filename*1=\"c.pdf\"", "filename",
			"a bc.pdf", false);
	check_parameter(state, "attachment; filename*1*=%C3%A4; filename*0*=utf-8'de'a; filename*2=b",
			"filename", "a\u00e4b", false);
	/* a stand-in for readers that know no RFC 2231 */
	check_parameter(state, "attachment; filename=\"Marz.pdf\"; filename*=utf-8''M%C3%A4rz.pdf",
			"filename", "M\u00e4rz.pdf", false);
	check_parameter(state, "a/b; charset=utf-8; charset=utf-8", "charset", "utf-8", false);
	check_parameter(state, "attachment; filename=\"unclosed", "filename", "unclosed", false);
}

static void parameters_in_conflict(void **state)
{
	check_parameter(state, "attachment; filename=a.pdf; filename*=utf-8''b.exe", "filename",
			"b.exe", true);
	check_parameter(state, "attachment; filename=a.pdf; filename*=utf-8''%C3%A4.exe",
			"filename", "\u00e4.exe", true);
	check_parameter(state, "a/b; charset=utf-8; charset=utf-7", "charset", "utf-8", true);
	check_parameter(state, "a/b; name*0=a; name*2=c", "name", "a", true);
	check_parameter(state, "a/b; name*0=a; name*0=b", "name", "a", true);
	check_parameter(state, "a/b; name*=utf-8''%ZZ", "name", "%ZZ", true);
	check_parameter(state, "a/b; boundary=x; boundary*=us-ascii''y", "boundary", "y", true);
}

/* -- Addresses -- */

static void check_addresses(void **state, const char *raw, const char *expected)
{
	struct fixture *fixture = *state;
	struct mailbox_list list = { 0 };
	unsigned faults = 0;
	struct str out = STR_LIT("");

	address_list_read(fixture->arena, str_from(raw), &list, &faults);
	for (size_t i = 0; i < list.n; i++)
		out = arena_printf(fixture->arena, "%.*s%s%.*s|%.*s", STR_ARG(out), i > 0 ? "; " : "",
				   STR_ARG(list.items[i].name), STR_ARG(list.items[i].address));
	assert_str(out, expected);
}

static void addresses(void **state)
{
	check_addresses(state, " ada@x.example", "|ada@x.example");
	check_addresses(state, "Ada <ada@X.Example>, b@y.example", "Ada|ada@x.example; |b@y.example");
	check_addresses(state, "\"Love, Ada\" <ada@x.example>", "Love, Ada|ada@x.example");
	check_addresses(state, "ada@x.example (Ada (the first))", "Ada (the first)|ada@x.example");
	check_addresses(state, "Team: a@x.example, B <b@x.example>; c@x.example",
			"|a@x.example; B|b@x.example; |c@x.example");
	check_addresses(state, "undisclosed-recipients:;", "");
	check_addresses(state, "a@x.example; b@x.example", "|a@x.example; |b@x.example");
	check_addresses(state, "\"ada\"@x.example", "|ada@x.example");
	check_addresses(state, "\"ops team\"@x.example", "|\"ops team\"@x.example");
	check_addresses(state, "<@r1.example,@r2.example:ada@x.example>", "|ada@x.example");
	check_addresses(state, "ada . l @ x . example", "|ada.l@x.example");
	check_addresses(state, "=?utf-8?q?S=C3=B8ren=2C?= K <s@x.example>",
			"S\u00f8ren, K|s@x.example");
	check_addresses(state, "=?utf-8?q?Krag,_S?= <s@x.example>", "Krag, S|s@x.example");
	check_addresses(state, "Ada ada@x.example", "|ada@x.example");
	check_addresses(state, "a@x.example b@y.example", "|a@x.example; |b@y.example");
	check_addresses(state, "=?iso-8859-1?q?M\xFCller?= <m@x.example>", "M\u00fcller|m@x.example");
	check_addresses(state, "root", "|");
	check_addresses(state, "<>", "|");
	check_addresses(state, "", "");
	check_addresses(state, "a@[192.0.2.1], b@x.example", "|a@[192.0.2.1]; |b@x.example");
	check_addresses(state, "g:g:g:g:a@x.example;;;", "|a@x.example");
	check_addresses(state, "a+b@x.example", "|a+b@x.example");
}

static void addresses_in_other_alphabets(void **state)
{
	check_addresses(state, "j\u00f6rgen@r\u00e4ksm\u00f6rg\u00e5s.example",
			"|j\u00f6rgen@xn--rksmrgs-5wao1o.example");
	check_addresses(state, "jo\u0308rgen@ra\u0308ksmo\u0308rga\u030as.example",
			"|j\u00f6rgen@xn--rksmrgs-5wao1o.example");
	check_addresses(state, "x@M\u00dcLLER-apparate.example",
			"|x@xn--mller-apparate-gsb.example");
	check_addresses(state, "x@XN--MLLER-KVA.example", "|x@xn--mller-kva.example");
	check_addresses(state, "x@stra\u00dfe.example", "|x@xn--strae-oqa.example");
}

static void check_canonical(void **state, const char *address, const char *expected)
{
	struct fixture *fixture = *state;

	assert_str(address_canonical(fixture->arena, str_from(address)), expected);
}

static void canonical_addresses(void **state)
{
	check_canonical(state, "<Ada@X.Example.>", "Ada@x.example");
	check_canonical(state, "\"ada\"@x.example", "ada@x.example");
	check_canonical(state, "\"a\\d\\a\"@x.example", "ada@x.example");
	check_canonical(state, "\"a@b\"@x.example", "\"a@b\"@x.example");
	check_canonical(state, "\"\"@x.example", "\"\"@x.example");
	check_canonical(state, "\"a..b\"@x.example", "\"a..b\"@x.example");
	check_canonical(state, "a..b@x.example", "\"a..b\"@x.example");
	check_canonical(state, " postmaster ", "postmaster");
	check_canonical(state, "", "");
	check_canonical(state, "<>", "");
}

/* -- Date -- */

static void check_date(const char *text, int64_t expected)
{
	int64_t time = -1;

	assert_true(date_read(str_from(text), &time));
	assert_int_equal(time, expected);
}

static void dates(void **state)
{
	int64_t time = 5;

	(void)state;
	check_date("Mon, 2 Mar 2026 08:59:58 +0000", 1772441998);
	check_date("2 Mar 2026 08:59 +0000", 1772441940);
	check_date("Mon,  2 Mar 26 09:59:58 +0100 (CET)", 1772441998);
	check_date("Mon, 02 March 2026 03:59:58 EST", 1772441998);
	check_date("Thu, 1 Jan 1970 00:00:00 GMT", 0);
	check_date("Thu, 29 Feb 2024 12:00:00 -0000", 1709208000);
	assert_false(date_read(STR_LIT("tomorrow"), &time));
	assert_false(date_read(STR_LIT("Mon, 2 Mar 2026 25:00:00 +0000"), &time));
	assert_false(date_read(STR_LIT(""), &time));
	assert_int_equal(time, 5);
}

/* -- Transfer encodings and charsets -- */

static void check_base64(void **state, const char *encoded, const char *expected, bool odd)
{
	struct fixture *fixture = *state;
	bool got;

	assert_str(transfer_base64(fixture->arena, str_from(encoded), &got), expected);
	assert_int_equal(got, odd);
}

static void base64(void **state)
{
	check_base64(state, "", "", false);
	check_base64(state, "YWJj\r\nZA==\r\n", "abcd", false);
	check_base64(state, "YWJjZA", "abcd", false);
	check_base64(state, "YW!Jj", "abc", true);
	check_base64(state, "YQ==YWJj", "aabc", true);
	check_base64(state, "YWJjZ", "abc", true);
	check_base64(state, "YWJj====", "abc", true);
}

static void check_quoted(void **state, const char *encoded, const char *expected, bool odd)
{
	struct fixture *fixture = *state;
	bool got;

	assert_str(transfer_quoted_printable(fixture->arena, str_from(encoded), &got), expected);
	assert_int_equal(got, odd);
}

static void quoted_printable(void **state)
{
	check_quoted(state, "a=3Db=\r\nc\r\nd", "a=bc\r\nd", false);
	check_quoted(state, "f=c3=BCr", "f\u00fcr", false);
	check_quoted(state, "ends=", "ends", false);
	check_quoted(state, "a=\nb", "ab", false);
	check_quoted(state, "a=\"b\"", "a=\"b\"", true);
	check_quoted(state, "a= \r\nb", "ab", true);
	check_quoted(state, "a=4", "a=4", true);
}

static void check_charset(void **state, const char *label, struct str bytes, const char *expected,
			  enum charset_result result)
{
	struct fixture *fixture = *state;
	struct str text;
	enum charset_result got = charset_decode(fixture->arena, str_from(label), bytes, &text);

	assert_str(text, expected);
	if (got != result)
		fail_msg("%s: result %d", label, (int)got);
}

static void charsets(void **state)
{
	check_charset(state, "utf-8", STR_LIT("\xEF\xBB\xBF\xC3\xBC"), "\u00fc", CHARSET_OK);
	check_charset(state, "UTF-8", STR_LIT("\xC0\x80"), "\ufffd\ufffd", CHARSET_BAD);
	check_charset(state, "us-ascii", STR_LIT("abc"), "abc", CHARSET_OK);
	check_charset(state, "us-ascii", STR_LIT("\xC3\xBC"), "\u00fc", CHARSET_BAD);
	check_charset(state, "", STR_LIT("\xC3\xBC"), "\u00fc", CHARSET_OK);
	check_charset(state, "", STR_LIT("\xFC"), "\u00fc", CHARSET_BAD);
	check_charset(state, "iso-8859-1", STR_LIT("\xFC\x96\x81"), "\u00fc\u2013\xC2\x81",
		      CHARSET_OK);
	check_charset(state, "windows-1252", STR_LIT("\x81"), "\ufffd", CHARSET_BAD);
	check_charset(state, "iso-8859-9", STR_LIT("\xFD\xDE"), "\u0131\u015e", CHARSET_OK);
	check_charset(state, "iso-8859-2", STR_LIT("\xB1\xB3"), "\u0105\u0142", CHARSET_OK);
	check_charset(state, "iso-8859-15", STR_LIT("\xA4"), "\u20ac", CHARSET_OK);
	check_charset(state, "koi8-r", STR_LIT("\xF0\xCC\xC1\xCE"), "\u041f\u043b\u0430\u043d",
		      CHARSET_OK);
	check_charset(state, "koi8-u", STR_LIT("\xA4"), "\u0454", CHARSET_OK);
	check_charset(state, "windows-1251", STR_LIT("\xCF\xEB"), "\u041f\u043b", CHARSET_OK);
	check_charset(state, "gb2312", STR_LIT("\xCE\xAC\xBB\xA4"), "\u7ef4\u62a4", CHARSET_OK);
	check_charset(state, "gbk", STR_LIT("\xCE\xAC"), "\u7ef4", CHARSET_OK);
	check_charset(state, "big5", STR_LIT("\xBA\xFB\xC5\x40"), "\u7dad\u8b77", CHARSET_OK);
	check_charset(state, "shift_jis", STR_LIT("\x83\x81\x83\x93\x87\x40"),
		      "\u30e1\u30f3\u2460", CHARSET_OK);
	check_charset(state, "euc-jp", STR_LIT("\xA5\xE1\xA5\xF3"), "\u30e1\u30f3", CHARSET_OK);
	check_charset(state, "iso-2022-jp", STR_LIT("a\x1B$B%a%s-!\x1B(Bb"),
		      "a\u30e1\u30f3\u2460b", CHARSET_OK);
	check_charset(state, "iso-2022-jp", STR_LIT("a\xFF"), "a?", CHARSET_BAD);
	check_charset(state, "euc-kr", STR_LIT("\xC1\xA1\xB0\xCB"), "\uc810\uac80", CHARSET_OK);
	check_charset(state, "ks_c_5601-1987", STR_LIT("\xC1\xA1"), "\uc810", CHARSET_OK);
	check_charset(state, "euc-kr", STR_LIT("\xC1"), "\ufffd", CHARSET_BAD);
}

static void charsets_of_sixteen_bits(void **state)
{
	check_charset(state, "utf-16", STR_LIT("\xFF\xFE"
					       "a\0b\0"),
		      "ab", CHARSET_OK);
	check_charset(state, "utf-16", STR_LIT("\xFE\xFF\0a\0b"), "ab", CHARSET_OK);
	check_charset(state, "utf-16le", STR_LIT("a\0b\0"), "ab", CHARSET_OK);
	check_charset(state, "utf-16be", STR_LIT("\0a\0b"), "ab", CHARSET_OK);
	check_charset(state, "utf-16", STR_LIT("a\0b\0"), "ab", CHARSET_BAD);
	check_charset(state, "utf-16le", STR_LIT("\xFE\xFF\0a"), "a", CHARSET_BAD);
	check_charset(state, "", STR_LIT("\xFF\xFE"
					 "a\0"),
		      "a", CHARSET_OK);
	check_charset(state, "utf-8", STR_LIT("\xFF\xFE"
					      "a\0"),
		      "a", CHARSET_BAD);
}

static void charsets_that_are_refused(void **state)
{
	check_charset(state, "utf-7", STR_LIT("+AFA-lanned"), "Planned", CHARSET_REFUSED);
	check_charset(state, "x-user-defined", STR_LIT("abc"), "abc", CHARSET_UNKNOWN);
	check_charset(state, "UTF-8//TRANSLIT", STR_LIT("abc"), "abc", CHARSET_UNKNOWN);
	check_charset(state, "utf-8 utf8", STR_LIT("abc"), "abc", CHARSET_UNKNOWN);
	check_charset(state, " ", STR_LIT("abc"), "abc", CHARSET_UNKNOWN);
	check_charset(state, "'utf-8'", STR_LIT("abc"), "abc", CHARSET_OK);
	check_charset(state, "'utf-8'", STR_LIT("\xC3\xBC"), "\u00fc", CHARSET_UNKNOWN);
	check_charset(state, "'x'", STR_LIT("abc"), "abc", CHARSET_UNKNOWN);
}

static void charset_in_html(void **state)
{
	(void)state;
	assert_str(charset_of_html(STR_LIT("<html><meta charset=\"koi8-r\">")), "koi8-r");
	assert_str(charset_of_html(STR_LIT("<META http-equiv=x content='text/html; charset=big5'>")),
		   "big5");
	assert_str(charset_of_html(STR_LIT("<meta name=a><meta charset=utf-8>")), "utf-8");
	assert_null(charset_of_html(STR_LIT("<html>charset=x")).p);
}

/* -- Parts -- */

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

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
		TEST(encoded_words),
		TEST(encoded_words_that_are_not_clear),
		TEST(raw_eight_bit_header),
		TEST(parameters),
		TEST(parameters_in_conflict),
		TEST(addresses),
		TEST(addresses_in_other_alphabets),
		TEST(canonical_addresses),
		TEST(dates),
		TEST(base64),
		TEST(quoted_printable),
		TEST(charsets),
		TEST(charsets_of_sixteen_bits),
		TEST(charsets_that_are_refused),
		TEST(charset_in_html),
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
