/* test_opaque.c - the content of S/MIME in one piece, and what is none */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/message/opaque.h"

#define OID(last) "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07" last
#define SIGNED_DATA OID("\x02")
#define DATA OID("\x01")
#define VERSION_AND_DIGESTS "\x02\x01\x01\x31\x00"
/* What stands before the content, every length left open. */
#define OPEN "\x30\x80" SIGNED_DATA "\xA0\x80\x30\x80" VERSION_AND_DIGESTS "\x30\x80" DATA "\xA0\x80"
#define END "\x00\x00"

static void check(const char *octets, size_t n, enum opaque expected, const char *text)
{
	struct arena *arena = arena_new();
	struct str content = STR_NONE;

	assert_int_equal(opaque_read(arena, (struct str){ octets, n }, &content), expected);
	if (text != NULL)
		assert_true(str_is(content, text));
	arena_free(arena);
}
#define CHECK(octets, expected, text) check(octets, sizeof(octets) - 1, expected, text)

static void with_lengths(void **state)
{
	(void)state;
	CHECK("\x30\x28" SIGNED_DATA "\xA0\x1B\x30\x19" VERSION_AND_DIGESTS "\x30\x12" DATA
	      "\xA0\x05\x04\x03one",
	      OPAQUE_SIGNED, "one");
	CHECK("\x30\x21" SIGNED_DATA "\xA0\x14\x30\x12" VERSION_AND_DIGESTS "\x30\x0B" DATA, OPAQUE_EMPTY,
	      NULL);
}

static void in_pieces(void **state)
{
	(void)state;
	CHECK(OPEN "\x24\x80\x04\x02on\x04\x01"
		   "e" END END END END END END,
	      OPAQUE_SIGNED, "one");
	CHECK(OPEN "\x24\x08\x04\x02on\x24\x02\x04\x00" END END END END END, OPAQUE_SIGNED, "on");
	CHECK(OPEN "\x24\x80\x24\x80\x04\x03one" END END END END END END END, OPAQUE_SIGNED, "one");
	CHECK(OPEN "\x24\x80\x02\x01\x00" END END END END END END, OPAQUE_MALFORMED, NULL);
}

static void of_other_kinds(void **state)
{
	(void)state;
	CHECK("\x30\x0B" OID("\x03"), OPAQUE_UNREADABLE, NULL);
	CHECK("", OPAQUE_MALFORMED, NULL);
	CHECK("<html>", OPAQUE_MALFORMED, NULL);
	CHECK("\x30\x84\xFF\xFF\xFF\xFF\x06", OPAQUE_MALFORMED, NULL);
	CHECK("\x30\x80" SIGNED_DATA "\xA0\x80\x30\x80", OPAQUE_MALFORMED, NULL);
	CHECK(OPEN "\x24\x80\x04\x02on", OPAQUE_MALFORMED, NULL);
}

/* Depth is bounded: lengths left open within lengths left open. */
static void too_deep(void **state)
{
	char octets[4096];
	size_t n = sizeof OPEN - 1;

	(void)state;
	memcpy(octets, OPEN, n);
	while (n + 2 <= sizeof octets) {
		octets[n++] = 0x24;
		octets[n++] = (char)0x80;
	}
	check(octets, n, OPAQUE_MALFORMED, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_lengths),
		cmocka_unit_test(in_pieces),
		cmocka_unit_test(of_other_kinds),
		cmocka_unit_test(too_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
