/* Any octets as an audit file and as a log with checkpoints; and a file that is sound, with these
 * octets put into it, which may be sound then only where they are nothing. */
#include "milter/cli/audit_walk.h"
#include "policy/base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static FILE *nowhere;

static FILE *open_text(struct str text)
{
	FILE *stream = fmemopen((void *)text.p, text.n, "r");

	if (stream == NULL)
		abort();
	return stream;
}

/* How many faults there are. */
static size_t walk_text(struct str log, struct str text)
{
	struct audit_walk walk = { .out = nowhere, .arena = arena_new(), .ring = key_ring_new() };
	FILE *stream;

	if (log.n > 0) {
		stream = open_text(log);
		audit_walk_log(&walk, "log", stream);
		fclose(stream);
	}
	audit_walk_begin(&walk);
	stream = open_text(text);
	audit_walk_file(&walk, "audit", stream);
	fclose(stream);
	audit_walk_finish(&walk);
	key_ring_free(walk.ring);
	arena_free(walk.arena);
	return walk.faults;
}

/* Three records, with text between the second and the third. */
static struct str sound_with(struct arena *arena, struct str text)
{
	struct chain chain = { 0 };
	struct buf out;

	buf_init(&out, arena, SIZE_MAX);
	for (int i = 0; i < 3; i++) {
		if (i == 2)
			buf_add(&out, text);
		buf_add(&out, chain_append(arena, &chain, STR_LIT("{\"verdict\":\"accept\"}")));
		buf_add_char(&out, '\n');
	}
	return buf_str(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena *arena = arena_new();

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	if (size > 0) {
		walk_text(STR_NONE, text);
		walk_text(text, sound_with(arena, STR_LIT("")));
		if (walk_text(STR_NONE, sound_with(arena, text)) == 0)
			abort();
	}
	if (walk_text(STR_NONE, sound_with(arena, STR_LIT(""))) != 0)
		abort();
	arena_free(arena);
	return 0;
}
