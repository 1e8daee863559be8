#include "milter/cli/case_file.h"

#include <errno.h>

#include "policy/message/address.h"
#include "policy/rules/names.h"
#include "policy/rules/source.h"
#include "policy/rules/yaml.h"

#define CASE_FILE_MAX ((size_t)1024 * 1024)

static bool is_null(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && !node->quoted &&
	       (node->text.n == 0 || str_is(node->text, "null") || str_is(node->text, "~"));
}

/* struct expected_text; null is an absent text, "" an empty one. */
static YAML_READER(read_expected_text)
{
	struct expected_text *expected = field;

	expected->given = true;
	if (!is_null(node))
		yaml_read_text(reader, node, key, &expected->text);
}

static YAML_READER(read_expected_list)
{
	struct expected_list *expected = field;

	expected->given = true;
	yaml_read_str_list(reader, node, key, &expected->list);
}

static YAML_READER(read_expected_time)
{
	struct expected_time *expected = field;

	expected->given = true;
	yaml_read_time(reader, node, key, &expected->time);
}

/* A list of finding ids, each of which must exist. */
static YAML_READER(read_findings)
{
	struct expected_list *expected = field;

	read_expected_list(reader, node, key, field);
	for (size_t i = 0; i < expected->list.n; i++) {
		enum finding_id finding;

		if (!finding_parse(expected->list.items[i], &finding))
			yaml_error(reader->diag, node, "\"%.*s\" is no finding",
				   STR_ARG(expected->list.items[i]));
	}
}

static YAML_READER(read_notice)
{
	struct expectation *expect = field;

	expect->has_notice = true;
	yaml_read_bool(reader, node, key, &expect->notice);
}

static const struct yaml_key event_keys[] = {
	{ "id", read_expected_text, offsetof(struct expectation, event_id), 0 },
	{ "start", read_expected_time, offsetof(struct expectation, event_start), 0 },
	{ "end", read_expected_time, offsetof(struct expectation, event_end), 0 },
	{ NULL },
};

static YAML_READER(read_event)
{
	struct expectation *expect = field;

	(void)key;
	expect->has_event = true;
	if (!is_null(node))
		yaml_read_map(reader, node, event_keys, expect);
}

static const struct yaml_key expect_keys[] = {
	{ "notice", read_notice, 0 },
	{ "category", read_expected_text, offsetof(struct expectation, category) },
	{ "verdict", read_expected_text, offsetof(struct expectation, verdict) },
	{ "stripped", read_expected_list, offsetof(struct expectation, stripped) },
	{ "findings", read_findings, offsetof(struct expectation, findings) },
	{ "findings_include", read_findings, offsetof(struct expectation, findings_include) },
	{ "findings_exclude", read_findings, offsetof(struct expectation, findings_exclude) },
	{ "event", read_event, 0 },
	{ "banner", read_expected_text, offsetof(struct expectation, banner) },
	{ NULL },
};

static YAML_READER(read_phase)
{
	struct history_entry *entry = field;

	entry->has_phase = true;
	yaml_read_choice(reader, node, key, &entry->phase);
}

static YAML_READER(read_start)
{
	struct history_entry *entry = field;

	entry->has_start = true;
	yaml_read_time(reader, node, key, &entry->start);
}

static YAML_READER(read_end)
{
	struct history_entry *entry = field;

	entry->has_end = true;
	yaml_read_time(reader, node, key, &entry->end);
}

static const struct yaml_key history_keys[] = {
	{ "category", yaml_read_str, offsetof(struct history_entry, category), YAML_REQUIRED },
	{ "event", yaml_read_str, offsetof(struct history_entry, event) },
	{ "at", yaml_read_time, offsetof(struct history_entry, at), YAML_REQUIRED },
	{ "milestone", yaml_read_str, offsetof(struct history_entry, milestone) },
	{ "phase", read_phase, 0, .names = phase_names },
	{ "start", read_start, 0 },
	{ "end", read_end, 0 },
	{ "recipients", yaml_read_str_list, offsetof(struct history_entry, recipients) },
	{ NULL },
};

static YAML_READER(read_history)
{
	struct case_file *case_file = field;

	(void)key;
	if (!yaml_expect(reader, node, YAML_LIST, "a list of earlier notices"))
		return;
	case_file->has_history = true;
	case_file->history = ARENA_ARRAY(reader->arena, node->n, struct history_entry);
	for (size_t i = 0; i < node->n; i++) {
		struct history_entry *entry = &case_file->history[case_file->n_history++];

		yaml_read_map(reader, node->items[i], history_keys, entry);
		for (size_t j = 0; j < entry->recipients.n; j++)
			entry->recipients.items[j] = address_canonical(
				reader->arena, entry->recipients.items[j]);
	}
}

static YAML_READER(read_now)
{
	struct case_file *case_file = field;

	case_file->has_now = true;
	yaml_read_time(reader, node, key, &case_file->now);
}

static const struct yaml_key case_keys[] = {
	{ "now", read_now, 0 },
	{ "from", read_expected_text, offsetof(struct case_file, from) },
	{ "recipients", read_expected_list, offsetof(struct case_file, recipients) },
	{ "sasl", yaml_read_str, offsetof(struct case_file, sasl) },
	{ "tls_subject", yaml_read_str, offsetof(struct case_file, tls) },
	{ "history", read_history, 0 },
	{ "expect", yaml_read_nested, offsetof(struct case_file, expect), .keys = expect_keys },
	{ NULL },
};

bool case_file_read(struct arena *arena, const char *file, struct diag *diag,
		    struct case_file *ret_case)
{
	struct str name = arena_str(arena, str_from(file));
	struct yaml_reader reader = { arena, diag, NULL };
	struct case_file case_file = { 0 };
	size_t errors = diag->errors;
	struct yaml_node *root;
	struct source source;

	if (!source_read(arena, file, CASE_FILE_MAX, &source)) {
		diag_error(diag, name, 0, 0, "cannot read the case: %s", strerror(errno));
		return false;
	}
	root = yaml_parse(arena, diag, name, source.text, NULL);
	if (root == NULL && diag->errors == errors)
		diag_error(diag, name, 0, 0, "the case is empty");
	else if (root != NULL)
		yaml_read_map(&reader, root, case_keys, &case_file);
	if (diag->errors != errors)
		return false;
	*ret_case = case_file;
	return true;
}
