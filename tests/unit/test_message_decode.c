/* test_message_decode.c - transfer encodings and charsets */
#include "policy/message/charset.h"
#include "policy/message/transfer.h"
#include "tests/unit/message_fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(base64),
		TEST(quoted_printable),
		TEST(charsets),
		TEST(charsets_of_sixteen_bits),
		TEST(charsets_that_are_refused),
		TEST(charset_in_html),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
