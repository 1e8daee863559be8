#include "policy/when/places.h"

#include <jansson.h>

#include "policy/base/buf.h"
#include "policy/text/fold.h"

#define JSON_MAX (128 * 1024)
#define JSON_STACK 256
#define DATA_EVENTS_MAX 50

static bool stamp_parse(struct arena *arena, const struct when_words *words,
			const struct policy *policy, struct str text, struct stamp *ret_stamp)
{
	struct str folded = text_fold(arena, str_head(text, 200)).plain;
	struct mention_list *list = mentions_read(arena, atoms_read(arena, words, policy, (struct cased_text){ folded, folded }));

	if (list->n == 0 || !list->items[0].start.date.has)
		return false;
	*ret_stamp = list->items[0].start;
	return true;
}

static void data_add(struct arena *arena, const struct when_words *words,
		     const struct policy *policy, struct mention_list *list, struct str start,
		     struct str end, struct str duration)
{
	struct mention mention = { .role = ROLE_WINDOW, .end = { .weekday = -1 } };
	int64_t seconds;

	if (list->n >= DATA_EVENTS_MAX || start.n == 0 ||
	    !stamp_parse(arena, words, policy, start, &mention.start))
		return;
	mention.has_end = end.n > 0 && stamp_parse(arena, words, policy, end, &mention.end);
	if (mention.has_end && mention.end.zone.kind == ZONE_UNSTATED)
		mention.end.zone = mention.start.zone;
	seconds = duration_parse(duration);
	if (!mention.has_end && seconds > 0) {
		ARENA_ROOM(arena, list->durations, list->n_durations, list->cap_durations);
		list->durations[list->n_durations++] = (struct duration_mention){
			.minutes = (int)(seconds / 60), .labelled = true
		};
	}
	ARENA_ROOM(arena, list->items, list->n, list->cap);
	mention.end_at = list->text.n;
	list->items[list->n++] = mention;
}

struct mention_list *timestamps_read(struct arena *arena, const struct when_words *words,
				     const struct policy *policy, struct str start, struct str end)
{
	struct mention_list *list = ARENA_NEW(arena, struct mention_list);

	list->text = start;
	data_add(arena, words, policy, list, start, end, STR_NONE);
	return list->n > 0 ? list : NULL;
}

static struct str json_member(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_string(value))
		return STR_NONE;
	return (struct str){ json_string_value(value), json_string_length(value) };
}

/* Walks arrays and objects with a stack of its own; what is deeper or wider is not read. */
static void json_walk(struct arena *arena, const struct when_words *words,
		      const struct policy *policy, struct mention_list *list, json_t *root)
{
	json_t *stack[JSON_STACK];
	size_t n = 0;

	stack[n++] = root;
	while (n > 0) {
		json_t *node = stack[--n], *value;
		const char *key;
		size_t index;

		if (json_is_array(node)) {
			json_array_foreach(node, index, value) {
				if (n < JSON_STACK)
					stack[n++] = value;
			}
		} else if (json_is_object(node)) {
			data_add(arena, words, policy, list,
				 arena_str(arena, json_member(node, "startDate")),
				 arena_str(arena, json_member(node, "endDate")),
				 json_member(node, "duration"));
			json_object_foreach(node, key, value) {
				if (n < JSON_STACK && (json_is_array(value) || json_is_object(value)))
					stack[n++] = value;
			}
		}
	}
}

struct mention_list *jsonld_read(struct arena *arena, const struct when_words *words,
				 const struct policy *policy, const struct document *document)
{
	struct mention_list *list = ARENA_NEW(arena, struct mention_list);

	for (size_t i = 0; i < document->n_jsonld; i++) {
		struct str text = str_head(document->jsonld[i], JSON_MAX);
		json_error_t error;
		json_t *root = json_loadb(text.p != NULL ? text.p : "", text.n,
					  JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &error);

		if (root == NULL)
			continue;
		if (list->text.n == 0)
			list->text = text;
		json_walk(arena, words, policy, list, root);
		json_decref(root);
	}
	return list->n > 0 ? list : NULL;
}

struct mention_list *microdata_read(struct arena *arena, const struct when_words *words,
				    const struct policy *policy, const struct document *document)
{
	struct mention_list *list = ARENA_NEW(arena, struct mention_list);
	struct str start = STR_NONE, end = STR_NONE, duration = STR_NONE;

	for (size_t i = 0; i < document->n_microdata; i++) {
		const struct microdata *item = &document->microdata[i];

		if (str_is_nocase(item->name, "startDate")) {
			data_add(arena, words, policy, list, start, end, duration);
			start = item->value;
			end = duration = STR_NONE;
		} else if (str_is_nocase(item->name, "endDate")) {
			end = item->value;
		} else if (str_is_nocase(item->name, "duration")) {
			duration = item->value;
		}
	}
	data_add(arena, words, policy, list, start, end, duration);
	if (list->n > 0)
		list->text = start;
	return list->n > 0 ? list : NULL;
}
