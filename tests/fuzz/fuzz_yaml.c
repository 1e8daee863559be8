/* Any octets as a YAML file: parsed, merged with itself and read by tables, never more than a
 * fault. */
#include "policy/rules/policy.h"
#include "policy/rules/yaml.h"

struct sample {
	struct str text;
	bool on;
	unsigned count, flags;
	double weight;
	int64_t wait, at;
	size_t size;
	int32_t day;
	struct str_list words;
};

static const char *const names[] = { "red", "green", NULL };

static const struct yaml_key keys[] = {
	{ "text", yaml_read_str, offsetof(struct sample, text) },
	{ "on", yaml_read_bool, offsetof(struct sample, on) },
	{ "count", yaml_read_unsigned, offsetof(struct sample, count), .max = 10 },
	{ "flags", yaml_read_flags, offsetof(struct sample, flags), .names = names },
	{ "weight", yaml_read_double, offsetof(struct sample, weight) },
	{ "wait", yaml_read_duration, offsetof(struct sample, wait) },
	{ "at", yaml_read_time, offsetof(struct sample, at) },
	{ "size", yaml_read_size, offsetof(struct sample, size) },
	{ "day", yaml_read_date, offsetof(struct sample, day) },
	{ "words", yaml_read_str_list, offsetof(struct sample, words) },
	{ NULL },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct sample sample = { 0 };
	struct yaml_node *root;
	struct diag diag;

	diag_init(&diag, arena);
	root = yaml_parse(arena, &diag, STR_LIT("fuzz"),
			  (struct str){ (const char *)data, size }, NULL);
	if (root != NULL) {
		struct yaml_reader reader = { arena, &diag, NULL };

		yaml_read_map(&reader, yaml_merge(arena, root, root), keys, &sample);
	}
	for (size_t i = 0; i < diag.n; i++)
		diag_format(arena, &diag.entries[i]);
	arena_free(arena);
	return 0;
}
