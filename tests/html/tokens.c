/* tokens.c - the HTML tokenizer at the command line, for tests of the standard
 *
 * Reads one JSON object a line, {"input": TEXT, "state": STATE, "lastStartTag": NAME}, and writes
 * the tokens as one JSON array a line in the form of the html5lib tests:
 * ["StartTag", NAME, {ATTRIBUTES}, true where self-closing], ["EndTag", NAME],
 * ["Character", TEXT], ["Comment", TEXT], ["DOCTYPE"].
 */
#include <jansson.h>
#include <stdio.h>

#include "policy/html/tokenizer.h"

static const struct {
	const char *name;
	enum html_content content;
} states[] = {
	{ "Data state", HTML_CONTENT_DATA },       { "RCDATA state", HTML_CONTENT_RCDATA },
	{ "RAWTEXT state", HTML_CONTENT_RAWTEXT }, { "Script data state", HTML_CONTENT_SCRIPT },
	{ "PLAINTEXT state", HTML_CONTENT_PLAINTEXT },
	{ "CDATA section state", HTML_CONTENT_CDATA },
};

static json_t *text(struct str s)
{
	json_t *value = json_stringn(s.p != NULL ? s.p : "", s.n);

	return value != NULL ? value : json_string("(not UTF-8)");
}

static json_t *start_tag(const struct html_token *token)
{
	json_t *attrs = json_object(), *array = json_array();

	for (size_t i = 0; i < token->n_attrs; i++)
		json_object_setn_new(attrs, token->attrs[i].name.p, token->attrs[i].name.n,
				     text(token->attrs[i].value));
	json_array_append_new(array, json_string("StartTag"));
	json_array_append_new(array, text(token->name));
	json_array_append_new(array, attrs);
	if (token->self_closing)
		json_array_append_new(array, json_true());
	return array;
}

static json_t *pair(const char *kind, struct str s)
{
	return json_pack("[so]", kind, text(s));
}

static void add_token(json_t *tokens, const struct html_token *token)
{
	json_t *last = json_array_get(tokens, json_array_size(tokens) - 1);

	switch (token->type) {
	case HTML_TOKEN_TEXT:
		if (token->text.n == 0)
			return;
		/* Runs of text are one token in the tests. */
		if (json_array_size(tokens) > 0 && json_array_size(last) == 2 &&
		    strcmp(json_string_value(json_array_get(last, 0)), "Character") == 0) {
			json_t *both = json_sprintf("%s%.*s", json_string_value(json_array_get(last, 1)),
						    STR_ARG(token->text));

			json_array_set_new(last, 1, both != NULL ? both : json_string("(not UTF-8)"));
			return;
		}
		json_array_append_new(tokens, pair("Character", token->text));
		return;
	case HTML_TOKEN_START:
		json_array_append_new(tokens, start_tag(token));
		return;
	case HTML_TOKEN_END:
		json_array_append_new(tokens, pair("EndTag", token->name));
		return;
	case HTML_TOKEN_COMMENT:
		json_array_append_new(tokens, pair("Comment", token->text));
		return;
	case HTML_TOKEN_DOCTYPE:
		json_array_append_new(tokens, json_pack("[s]", "DOCTYPE"));
		return;
	case HTML_TOKEN_EOF:
		return;
	}
}

static void run(const json_t *test)
{
	const char *state = json_string_value(json_object_get(test, "state"));
	const char *last = json_string_value(json_object_get(test, "lastStartTag"));
	const json_t *input = json_object_get(test, "input");
	struct arena *arena = arena_new();
	json_t *tokens = json_array();
	struct html_tokenizer tokenizer;
	struct html_token token;

	html_tokenizer_init(&tokenizer, arena,
			    (struct str){ json_string_value(input), json_string_length(input) });
	for (size_t i = 0; state != NULL && i < sizeof states / sizeof states[0]; i++) {
		if (strcmp(state, states[i].name) == 0)
			tokenizer.content = states[i].content;
	}
	tokenizer.last_start = str_from(last);
	do {
		token = html_next(&tokenizer);
		add_token(tokens, &token);
	} while (token.type != HTML_TOKEN_EOF);
	json_dumpf(tokens, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(tokens);
	arena_free(arena);
}

int main(void)
{
	static char line[1 << 20];

	while (fgets(line, sizeof line, stdin) != NULL) {
		json_t *test = json_loads(line, JSON_ALLOW_NUL, NULL);

		if (test == NULL)
			return 1;
		run(test);
		json_decref(test);
	}
	return 0;
}
