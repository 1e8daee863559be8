/* dump.c - what message_parse makes of a file, as JSON, for test_differential.py
 *
 * Usage: dump FILE... ; one object a line. */
#include <jansson.h>
#include <stdio.h>

#include "policy/message/ingest.h"

static const char *const kinds[] = {
	"duplicate-field", "transfer-encoding", "boundary",	 "charset",	"nul",
	"bare-cr",	   "bare-lf",		"long-line",	 "no-colon",	"encoded-word-in-parameter",
	"parameters",	   "partial",		"external-body", "encrypted",
};

static json_t *text(struct str s)
{
	return s.p == NULL ? json_null() : json_stringn_nocheck(s.p, s.n);
}

static json_t *mailboxes(const struct mailbox_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++)
		json_array_append_new(array, json_pack("[o,o]", text(list->items[i].name),
						       text(list->items[i].address)));
	return array;
}

static json_t *parts(const struct message *message)
{
	json_t *array = json_array();

	for (size_t i = 0; i < message->n_parts; i++) {
		const struct part *part = &message->parts[i];

		json_array_append_new(
			array, json_pack("{s:i,s:i,s:o,s:o,s:o,s:i,s:o,s:b}", "parent", part->parent,
					 "depth", (int)part->depth, "type", text(part->type),
					 "charset", text(part->charset), "name", text(part->name),
					 "disposition", (int)part->disposition, "text",
					 text(part->text), "second", (int)part->second_reading));
	}
	return array;
}

static json_t *ambiguities(const struct message *message)
{
	json_t *array = json_array();

	for (size_t i = 0; i < message->n_ambiguities; i++)
		json_array_append_new(array,
				      json_pack("[s,o]", kinds[message->ambiguities[i].kind],
						text(message->ambiguities[i].detail)));
	for (size_t i = 0; i < message->n_breaches; i++)
		json_array_append_new(array, json_pack("[s,o]", "limit",
						       text(message->breaches[i].what)));
	return array;
}

static void dump(const char *file, const struct message *message)
{
	json_t *date = message->has_date ? json_integer(message->date) : json_null();
	json_t *object = json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "file", file, "subject",
				   text(message->subject), "date", date, "from",
				   mailboxes(&message->from), "to", mailboxes(&message->to), "cc",
				   mailboxes(&message->cc), "parts", parts(message), "ambiguities",
				   ambiguities(message));

	json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(object);
}

static bool read_file(const char *name, char **ret_bytes, size_t *ret_n)
{
	FILE *file = fopen(name, "rb");
	char *bytes = NULL;
	size_t n = 0, cap = 0, got;

	if (file == NULL)
		return false;
	do {
		if (n == cap) {
			cap = cap > 0 ? cap * 2 : 65536;
			bytes = realloc(bytes, cap);
			if (bytes == NULL)
				abort();
		}
		got = fread(bytes + n, 1, cap - n, file);
		n += got;
	} while (got > 0);
	fclose(file);
	*ret_bytes = bytes;
	*ret_n = n;
	return true;
}

int main(int argc, char **argv)
{
	struct ingest *ingest = ingest_new(&message_limits_default);
	struct arena *arena = arena_new();

	for (int i = 1; i < argc; i++) {
		char *bytes;
		size_t n;

		if (!read_file(argv[i], &bytes, &n)) {
			perror(argv[i]);
			return 66;
		}
		ingest_file(ingest, (struct str){ bytes, n });
		dump(argv[i], message_parse(arena, ingest_source(ingest), &message_limits_default));
		ingest_clear(ingest);
		arena_clear(arena);
		free(bytes);
	}
	arena_free(arena);
	ingest_free(ingest);
	return 0;
}
