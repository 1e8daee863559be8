/* test_message_header.c - what stands in header fields: encoded words, parameters, addresses, dates */
#include "policy/message/address.h"
#include "policy/message/date.h"
#include "policy/message/encoded_word.h"
#include "policy/message/parameter.h"
#include "tests/unit/message_fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(encoded_words),
		TEST(encoded_words_that_are_not_clear),
		TEST(raw_eight_bit_header),
		TEST(parameters),
		TEST(parameters_in_conflict),
		TEST(addresses),
		TEST(addresses_in_other_alphabets),
		TEST(canonical_addresses),
		TEST(dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
