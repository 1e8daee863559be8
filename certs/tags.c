#include "certs/tags.h"

static bool tag_name_valid(struct str name)
{
	if (name.n == 0 || !ascii_is_alpha(name.p[0]))
		return false;
	for (size_t i = 1; i < name.n; i++) {
		if (!ascii_is_alnum(name.p[i]) && name.p[i] != '_')
			return false;
	}
	return true;
}

bool tags_parse(struct str text, struct tags *ret_tags)
{
	struct tags tags = { .n = 0 };
	struct str piece;

	if (text.p == NULL)
		return false;
	while (str_next_split(&text, ';', &piece)) {
		size_t equals = str_find_char(piece, '=', 0);
		struct tag tag;

		if (str_trim(piece).n == 0 && text.p == NULL && tags.n > 0)
			break;
		if (equals == STR_NPOS || tags.n == TAGS_MAX)
			return false;
		tag.name = str_trim(str_head(piece, equals));
		tag.value = str_trim(str_skip(piece, equals + 1));
		if (!tag_name_valid(tag.name))
			return false;
		for (size_t i = 0; i < tags.n; i++) {
			if (str_eq(tags.items[i].name, tag.name))
				return false;
		}
		tags.items[tags.n++] = tag;
	}
	*ret_tags = tags;
	return true;
}

struct str tags_get(const struct tags *tags, const char *name)
{
	for (size_t i = 0; i < tags->n; i++) {
		if (str_is(tags->items[i].name, name))
			return tags->items[i].value;
	}
	return STR_NONE;
}
