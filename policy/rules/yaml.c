/* yaml.c - from text to tree: what is no YAML, or more YAML than our files may use, ends here */
#include "policy/rules/yaml.h"

#include <yaml.h>

struct builder {
	struct arena *arena;
	struct diag *diag;
	struct str file;
	size_t depth_max;
	struct yaml_node *root;
	struct yaml_node *open[YAML_DEPTH_MAX + 1]; /* lists and maps that are not closed yet */
	struct yaml_node *keys[YAML_DEPTH_MAX + 1]; /* of open maps: the key that waits for a value */
	size_t n_open;
	unsigned documents;
	bool stop;
};

void yaml_error(struct diag *diag, const struct yaml_node *node, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	diag_error(diag, node->file, node->line, node->column, "%s", text);
}

static struct yaml_node *node_new(struct builder *builder, enum yaml_kind kind,
				  const yaml_event_t *event)
{
	struct yaml_node *node = ARENA_NEW(builder->arena, struct yaml_node);

	node->kind = kind;
	node->file = builder->file;
	node->line = (unsigned)event->start_mark.line + 1;
	node->column = (unsigned)event->start_mark.column + 1;
	return node;
}

static void pair_add(struct arena *arena, struct yaml_node *map, struct yaml_node *key,
		     struct yaml_node *value)
{
	ARENA_ROOM(arena, map->pairs, map->n, map->cap);
	map->pairs[map->n++] = (struct yaml_pair){ key, value };
}

static void item_add(struct arena *arena, struct yaml_node *list, struct yaml_node *item)
{
	ARENA_ROOM(arena, list->items, list->n, list->cap);
	list->items[list->n++] = item;
}

/* Puts a node where it belongs in the innermost open list or map. */
static void node_place(struct builder *builder, struct yaml_node *node)
{
	size_t top = builder->n_open - 1;
	struct yaml_node *parent;

	if (builder->n_open == 0) {
		builder->root = node;
		return;
	}
	parent = builder->open[top];
	if (parent->kind == YAML_LIST) {
		item_add(builder->arena, parent, node);
	} else if (builder->keys[top] != NULL) {
		pair_add(builder->arena, parent, builder->keys[top], node);
		builder->keys[top] = NULL;
	} else {
		if (node->kind != YAML_SCALAR) {
			yaml_error(builder->diag, node, "a key is a word, not a list or a map");
			builder->stop = true;
		}
		builder->keys[top] = node;
	}
}

/* An anchor can be used only by an alias, and a tag overrides what the schema says: both are
 * ways to make a file mean something other than it seems to a reader. */
static void refuse_properties(struct builder *builder, const struct yaml_node *node,
			      const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor != NULL)
		yaml_error(builder->diag, node, "anchors are not allowed: write it out");
	if (tag != NULL)
		yaml_error(builder->diag, node, "tags are not allowed");
}

static void scalar_add(struct builder *builder, const yaml_event_t *event)
{
	struct yaml_node *node = node_new(builder, YAML_SCALAR, event);
	struct str value = { (const char *)event->data.scalar.value, event->data.scalar.length };

	refuse_properties(builder, node, event->data.scalar.anchor, event->data.scalar.tag);
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (memchr(value.p, '\0', value.n) != NULL) {
		yaml_error(builder->diag, node, "a text cannot hold a NUL");
		value = str_head(value, strlen(value.p));
	}
	node->text = arena_str(builder->arena, value);
	node_place(builder, node);
}

static void collection_open(struct builder *builder, enum yaml_kind kind,
			    const yaml_event_t *event)
{
	struct yaml_node *node = node_new(builder, kind, event);

	if (kind == YAML_LIST)
		refuse_properties(builder, node, event->data.sequence_start.anchor,
				  event->data.sequence_start.tag);
	else
		refuse_properties(builder, node, event->data.mapping_start.anchor,
				  event->data.mapping_start.tag);
	if (builder->n_open >= builder->depth_max) {
		yaml_error(builder->diag, node, "nested more than %zu levels deep",
			   builder->depth_max);
		builder->stop = true;
		return;
	}
	node_place(builder, node);
	builder->keys[builder->n_open] = NULL;
	builder->open[builder->n_open++] = node;
}

static int pair_order(const void *a, const void *b)
{
	const struct yaml_node *x = *(struct yaml_node *const *)a;
	const struct yaml_node *y = *(struct yaml_node *const *)b;
	int order = str_cmp(x->text, y->text);

	if (order != 0)
		return order;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

static void refuse_duplicates(struct builder *builder, const struct yaml_node *map)
{
	struct yaml_node **keys = ARENA_ARRAY(builder->arena, map->n, struct yaml_node *);
	size_t first = 0;

	for (size_t i = 0; i < map->n; i++)
		keys[i] = map->pairs[i].key;
	if (map->n > 1)
		qsort(keys, map->n, sizeof *keys, pair_order);
	for (size_t i = 1; i < map->n; i++) {
		if (str_eq(keys[i]->text, keys[first]->text))
			yaml_error(builder->diag, keys[i],
				   "the key \"%.*s\" is given twice, first on line %u",
				   STR_ARG(keys[i]->text), keys[first]->line);
		else
			first = i;
	}
}

static void collection_close(struct builder *builder)
{
	struct yaml_node *node = builder->open[--builder->n_open];

	if (node->kind == YAML_MAP)
		refuse_duplicates(builder, node);
}

static void alias_refuse(struct builder *builder, const yaml_event_t *event)
{
	struct yaml_node *node = node_new(builder, YAML_SCALAR, event);

	yaml_error(builder->diag, node, "aliases are not allowed: write it out");
	node->text = STR_LIT("alias");
	node_place(builder, node);
}

static void event_take(struct builder *builder, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (++builder->documents > 1) {
			diag_error(builder->diag, builder->file,
				   (unsigned)event->start_mark.line + 1, 1,
				   "a second document: a file holds one");
			builder->stop = true;
		}
		break;
	case YAML_SCALAR_EVENT:
		scalar_add(builder, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		collection_open(builder, YAML_LIST, event);
		break;
	case YAML_MAPPING_START_EVENT:
		collection_open(builder, YAML_MAP, event);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		collection_close(builder);
		break;
	case YAML_ALIAS_EVENT:
		alias_refuse(builder, event);
		break;
	case YAML_STREAM_END_EVENT:
		builder->stop = true;
		break;
	default:
		break;
	}
}

static void syntax_error(struct builder *builder, const yaml_parser_t *parser)
{
	const yaml_mark_t *mark = &parser->problem_mark;
	const char *problem = parser->problem != NULL ? parser->problem : "not readable";

	if (parser->error == YAML_READER_ERROR)
		diag_error(builder->diag, builder->file, 0, 0,
			   "not UTF-8 text: %s at octet %zu", problem, parser->problem_offset);
	else
		diag_error(builder->diag, builder->file, (unsigned)mark->line + 1,
			   (unsigned)mark->column + 1, "not YAML: %s%s%s", problem,
			   parser->context != NULL ? ", " : "",
			   parser->context != NULL ? parser->context : "");
}

/* False where the text is no YAML. */
static bool events_read(struct builder *builder, yaml_parser_t *parser)
{
	while (!builder->stop) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event)) {
			syntax_error(builder, parser);
			return false;
		}
		event_take(builder, &event);
		yaml_event_delete(&event);
	}
	return true;
}

struct yaml_node *yaml_parse(struct arena *arena, struct diag *diag, struct str file,
			     struct str text, const struct yaml_limits *limits)
{
	size_t octets = limits != NULL && limits->octets > 0 ? limits->octets : YAML_FILE_MAX;
	size_t depth = limits != NULL && limits->depth > 0 ? limits->depth : YAML_DEPTH_MAX;
	struct builder builder = { .arena = arena, .diag = diag };
	size_t errors = diag->errors;
	yaml_parser_t parser;
	bool readable;

	builder.file = arena_str(arena, file);
	builder.depth_max = depth < YAML_DEPTH_MAX ? depth : YAML_DEPTH_MAX;
	if (text.n > octets) {
		diag_error(diag, file, 0, 0, "%zu octets: the limit is %zu", text.n, octets);
		return NULL;
	}
	if (!yaml_parser_initialize(&parser)) {
		diag_error(diag, file, 0, 0, "no memory to read it");
		return NULL;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
	readable = events_read(&builder, &parser);
	yaml_parser_delete(&parser);
	if (!readable || builder.n_open > 0)
		return NULL;
	if (builder.root == NULL && diag->errors == errors)
		diag_error(diag, file, 0, 0, "empty");
	return builder.root;
}

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	if (map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++) {
		if (str_is(map->pairs[i].key->text, key))
			return map->pairs[i].value;
	}
	return NULL;
}
