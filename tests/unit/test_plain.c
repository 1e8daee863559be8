/* test_plain.c - plain text as blocks: titles, lists, quotes, signatures, small print */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/html/document.h"
#include "policy/message/wording.h"

static struct document *read(struct arena *arena, const char *text)
{
	struct message *message = ARENA_NEW(arena, struct message);

	message->arena = arena;
	message->parts = ARENA_NEW(arena, struct part);
	message->n_parts = 1;
	message->parts[0] = (struct part){ .parent = -1, .text = str_from(text) };
	return document_from_text(arena, message, 0);
}

struct expected {
	const char *text;
	unsigned flags;
};

static void check(const char *text, const struct expected *expected, size_t n)
{
	struct arena *arena = arena_new();
	struct document *document = read(arena, text);

	for (size_t i = 0; i < document->n_blocks && i < n; i++) {
		const struct block *block = &document->blocks[i];

		if (!str_is(block->text, expected[i].text) || block->flags != expected[i].flags)
			fail_msg("block %zu is \"%.*s\" %#x, not \"%s\" %#x", i, STR_ARG(block->text),
				 block->flags, expected[i].text, expected[i].flags);
	}
	assert_int_equal(document->n_blocks, n);
	arena_free(arena);
}

#define CHECK(text, ...)                                                          \
	do {                                                                      \
		const struct expected blocks[] = { __VA_ARGS__ };                 \
		check((text), blocks, sizeof blocks / sizeof *blocks);            \
	} while (0)

static void paragraphs_keep_their_lines(void **state)
{
	(void)state;
	CHECK("Dear customer,\n\nwe will  work\non servers.\n\n\nStart: \t22:00 UTC\nEnd:   02:00 UTC\n",
	      { "Dear customer,", 0 }, { "we will work\non servers.", 0 },
	      { "Start: 22:00 UTC\nEnd: 02:00 UTC", 0 });
}

static void titles(void **state)
{
	(void)state;
	CHECK("Planned Maintenance\n\nWe will work.\n", { "Planned Maintenance", BLOCK_HEADING },
	      { "We will work.", 0 });
	CHECK("Planned Maintenance\n===================\nWe will work.\n",
	      { "Planned Maintenance", BLOCK_HEADING }, { "We will work.", 0 });
	CHECK("Planned Maintenance\nStart: 22:00 UTC\n", { "Planned Maintenance", BLOCK_HEADING },
	      { "Start: 22:00 UTC", 0 });
	CHECK("CRM Online\n\nPlanned Maintenance\n\nWe will work.\n",
	      { "CRM Online", BLOCK_HEADING }, { "Planned Maintenance", BLOCK_HEADING },
	      { "We will work.", 0 });
	CHECK("We will work on many\nservers.\n\nNEXT STEPS\n\nNone at all.\n\n*What to do*\n\nNothing.\n",
	      { "We will work on many", BLOCK_HEADING }, { "servers.", 0 },
	      { "NEXT STEPS", BLOCK_HEADING }, { "None at all.", 0 },
	      { "*What to do*", BLOCK_HEADING }, { "Nothing.", 0 });
	CHECK("We will replace the network equipment that serves your organization\nnext week.\n",
	      { "We will replace the network equipment that serves your organization\nnext week.", 0 });
	CHECK("\u3010\u8a08\u753b\u30e1\u30f3\u30c6\u30ca\u30f3\u30b9\u3011\n\n\u958b\u59cb: 22:00\n",
	      { "\u3010\u8a08\u753b\u30e1\u30f3\u30c6\u30ca\u30f3\u30b9\u3011", BLOCK_HEADING },
	      { "\u958b\u59cb: 22:00", 0 });
}

static void list_items(void **state)
{
	(void)state;
	CHECK("Steps.\n\n* one\n  goes on\n- two\n\u2022 three\n\n1. four\n2. five\n", { "Steps.", 0 },
	      { "one\ngoes on", BLOCK_ITEM }, { "two", BLOCK_ITEM }, { "three", BLOCK_ITEM },
	      { "1. four", BLOCK_ITEM }, { "2. five", BLOCK_ITEM });
	/* a date and the end of a window are no items */
	CHECK("Text.\n\nThe work is on the\n12. March, from 22:00\n- 02:00 UTC.\n", { "Text.", 0 },
	      { "The work is on the\n12. March, from 22:00\n- 02:00 UTC.", 0 });
	/* "o" is a bullet, and a word of Polish and Portuguese */
	CHECK("Steps.\n\no One\no two\n", { "Steps.", 0 }, { "One", BLOCK_ITEM },
	      { "two", BLOCK_ITEM });
	CHECK("Tekst.\n\nPrace zaczną się w sobotę\no godz. 22:00.\n", { "Tekst.", 0 },
	      { "Prace zaczną się w sobotę\no godz. 22:00.", 0 });
}

static void quoted_text(void **state)
{
	(void)state;
	CHECK("Fine.\n\nOn 1 Mar 2026 Ada <a@x.example> wrote:\n> Planned\n>> Maintenance\n\nBye.\n",
	      { "Fine.", 0 }, { "On 1 Mar 2026 Ada <a@x.example> wrote:\nPlanned\nMaintenance",
				BLOCK_QUOTED },
	      { "Bye.", 0 });
	CHECK("Gut.\n\nAm 01.03.2026 um 10:00 schrieb Ada <a@x.example>:\n\nWartung\n", { "Gut.", 0 },
	      { "Am 01.03.2026 um 10:00 schrieb Ada <a@x.example>:", BLOCK_QUOTED },
	      { "Wartung", BLOCK_QUOTED });
	CHECK("Fine.\n\n-----Original Message-----\nFrom: A\n\nPlanned\n", { "Fine.", 0 },
	      { "-----Original Message-----\nFrom: A", BLOCK_QUOTED }, { "Planned", BLOCK_QUOTED });
	CHECK("Gut.\n\nVon: A <a@x.example>\nGesendet: Montag\nAn: B\nBetreff: Wartung\n\nText\n",
	      { "Gut.", 0 },
	      { "Von: A <a@x.example>\nGesendet: Montag\nAn: B\nBetreff: Wartung", BLOCK_QUOTED },
	      { "Text", BLOCK_QUOTED });
	CHECK("Look.\n\n---------- Forwarded message ---------\nFrom: A\n\nPlanned\n", { "Look.", 0 },
	      { "---------- Forwarded message ---------\nFrom: A", BLOCK_FORWARDED },
	      { "Planned", BLOCK_FORWARDED });
	CHECK("Look.\n\nBegin forwarded message:\n\nPlanned\n", { "Look.", 0 },
	      { "Begin forwarded message:", BLOCK_FORWARDED }, { "Planned", BLOCK_FORWARDED });
}

static void what_only_looks_like_quoted(void **state)
{
	(void)state;
	/* a window with the labels of a header */
	CHECK("Text.\n\nDate: 12 March\nFrom: 22:00\nTo: 23:00\n", { "Text.", 0 },
	      { "Date: 12 March\nFrom: 22:00\nTo: 23:00", 0 });
	CHECK("Text.\n\nThe following was written:\n\nNothing.\n", { "Text.", 0 },
	      { "The following was written:", 0 }, { "Nothing.", 0 });
	CHECK("Text.\n\nThe original message\n", { "Text.", 0 }, { "The original message", 0 });
}

static void signatures(void **state)
{
	(void)state;
	CHECK("Text.\n\n-- \nAda\nCRM\n", { "Text.", 0 }, { "Ada\nCRM", BLOCK_SIGNATURE });
	CHECK("Hi.\n\n-- \nStart: 22:00\nEnd: 23:00\nWhere: here\n", { "Hi.", 0 },
	      { "Start: 22:00\nEnd: 23:00\nWhere: here", 0 });
	CHECK("-- \nPlanned\n", { "Planned", BLOCK_HEADING });
	CHECK("Hi.\n\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n", { "Hi.", 0 },
	      { "1\n2\n3\n4\n5\n6\n7\n8\n9", 0 });
}

static void small_print(void **state)
{
	(void)state;
	CHECK("Text.\n\nStart: 22:00\n\nPlease do not reply to this mail.\n\n\u00a9 2026 CRM\n",
	      { "Text.", 0 }, { "Start: 22:00", 0 },
	      { "Please do not reply to this mail.", BLOCK_FOOTER },
	      { "\u00a9 2026 CRM", BLOCK_FOOTER });
	CHECK("Text.\n\nStart: 22:00, do not reply\n", { "Text.", 0 },
	      { "Start: 22:00, do not reply", 0 });
	CHECK("You can unsubscribe.\n", { "You can unsubscribe.", 0 });
}

static void links(void **state)
{
	struct arena *arena = arena_new();
	struct document *document =
		read(arena, "See https://status.example/a?b=c.\n\n(http://x.example/) ://\n");

	(void)state;
	assert_int_equal(document->n_links, 2);
	assert_true(str_is(document->links[0].href, "https://status.example/a?b=c"));
	assert_true(str_is(document->links[1].href, "http://x.example/"));
	assert_int_equal(document->links[1].block, 1);
	arena_free(arena);
}

static void rules_are_no_text(void **state)
{
	(void)state;
	CHECK("Text.\n-----\nMore.\n* * *\n+---+---+\n\u2500\u2500\u2500\u2500\n", { "Text.", BLOCK_HEADING },
	      { "More.", 0 });
}

static void text_is_limited(void **state)
{
	struct arena *arena = arena_new();
	struct message *message = ARENA_NEW(arena, struct message);
	size_t n = (size_t)2 * 1024 * 1024;
	char *text = arena_alloc(arena, n + 1);

	(void)state;
	memset(text, 'x', n + 1);
	message->arena = arena;
	message->parts = ARENA_NEW(arena, struct part);
	message->n_parts = 1;
	message->parts[0] = (struct part){ .parent = -1, .text = { text, n } };
	document_from_text(arena, message, 0);
	assert_int_equal(message->n_breaches, 0);
	message->parts[0].text.n = n + 1;
	document_from_text(arena, message, 0);
	assert_int_equal(message->n_breaches, 1);
	arena_free(arena);
}

static void subject_prefixes(void **state)
{
	static const struct {
		const char *subject;
		unsigned marks;
	} rows[] = {
		{ "re: planned", SUBJECT_REPLY },
		{ "aw: wg: wartung", SUBJECT_REPLY | SUBJECT_FORWARD },
		{ "re[2]: x", SUBJECT_REPLY },
		{ "[ext] sv: x", SUBJECT_REPLY },
		{ "fwd: x", SUBJECT_FORWARD },
		{ "ilt: x", SUBJECT_FORWARD },
		{ "\u56de\u590d: x", SUBJECT_REPLY },
		{ "automatic reply: x", SUBJECT_AUTOMATIC },
		{ "planned maintenance: re: x", 0 },
		{ "re planned", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(wording_subject(str_from(rows[i].subject)), rows[i].marks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paragraphs_keep_their_lines),
		cmocka_unit_test(titles),
		cmocka_unit_test(list_items),
		cmocka_unit_test(quoted_text),
		cmocka_unit_test(what_only_looks_like_quoted),
		cmocka_unit_test(signatures),
		cmocka_unit_test(small_print),
		cmocka_unit_test(links),
		cmocka_unit_test(rules_are_no_text),
		cmocka_unit_test(text_is_limited),
		cmocka_unit_test(subject_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
