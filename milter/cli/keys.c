#include "milter/cli/keys.h"

#include <stdio.h>
#include <sysexits.h>

#include "milter/cli/inputs.h"
#include "policy/rules/yaml.h"

/* "FROM..UNTIL", either of which may be empty. */
static bool read_span(struct str span, int64_t *ret_from, int64_t *ret_until)
{
	size_t at = str_find(span, STR_LIT(".."), 0);
	struct str from, until;

	if (at == STR_NPOS)
		return false;
	from = str_head(span, at);
	until = str_skip(span, at + 2);
	return (from.n == 0 || yaml_time_parse(from, ret_from)) &&
	       (until.n == 0 || yaml_time_parse(until, ret_until));
}

int cli_add_key(const char *command, struct key_ring *ring, struct arena *arena, struct str text)
{
	size_t equals = str_find_char(text, '=', 0), comma = str_find_char(text, ',', 0);
	struct str file = str_skip(text, equals != STR_NPOS ? equals + 1 : text.n), error;
	int64_t from = 0, until = 0;
	int status;

	if (comma != STR_NPOS && file.n >= text.n - comma) {
		file = str_head(file, file.n - (text.n - comma));
		if (!read_span(str_skip(text, comma + 1), &from, &until))
			file = STR_NONE;
	}
	if (file.n == 0) {
		fprintf(stderr, "crm-notice %s: --key: has to be SELECTOR=FILE[,FROM..UNTIL]\n", command);
		return EX_USAGE;
	}
	status = cli_input(arena_printf(arena, "%s: --key", command).p, arena_cstr(arena, file));
	if (status >= 0)
		return status;
	if (!key_ring_add(ring, arena, str_head(text, equals), arena_cstr(arena, file), from, until,
			  &error)) {
		fprintf(stderr, "crm-notice %s: --key: %.*s\n", command, STR_ARG(error));
		return EX_CONFIG;
	}
	return -1;
}
