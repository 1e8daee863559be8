/* message_fixture.h - reads a message from text, for tests of the message reader */
#ifndef TESTS_UNIT_MESSAGE_FIXTURE_H
#define TESTS_UNIT_MESSAGE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/message/ingest.h"

struct fixture {
	struct arena *arena;
	struct ingest *ingest;
};

static inline int set_up(void **state)
{
	struct fixture *fixture = malloc(sizeof *fixture);

	fixture->arena = arena_new();
	fixture->ingest = ingest_new(&message_limits_default);
	*state = fixture;
	return 0;
}

static inline int tear_down(void **state)
{
	struct fixture *fixture = *state;

	ingest_free(fixture->ingest);
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

static inline void assert_str(struct str s, const char *expected)
{
	if (!str_is(s, expected))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(s), expected);
}

static inline struct message *parse_bytes(void **state, struct str bytes)
{
	struct fixture *fixture = *state;

	ingest_clear(fixture->ingest);
	ingest_file(fixture->ingest, bytes);
	return message_parse(fixture->arena, ingest_source(fixture->ingest),
			     &message_limits_default);
}

static inline struct message *parse(void **state, const char *text)
{
	return parse_bytes(state, str_from(text));
}

static inline bool is_ambiguous(const struct message *message, enum ambiguity_kind kind)
{
	for (size_t i = 0; i < message->n_ambiguities; i++) {
		if (message->ambiguities[i].kind == kind)
			return true;
	}
	return false;
}

static inline void assert_clean(const struct message *message)
{
	if (message->n_ambiguities > 0)
		fail_msg("ambiguous: %.*s", STR_ARG(message->ambiguities[0].detail));
	if (message->n_breaches > 0)
		fail_msg("over the limit: %.*s", STR_ARG(message->breaches[0].what));
}

static inline void assert_ambiguous(const struct message *message, enum ambiguity_kind kind)
{
	if (!is_ambiguous(message, kind))
		fail_msg("not ambiguous for kind %d", (int)kind);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
