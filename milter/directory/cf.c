#include "milter/directory/cf.h"

#include <errno.h>

#include "policy/rules/source.h"

static void entry_add(struct cf *cf, struct str line, unsigned number)
{
	size_t equals = str_find_char(line, '=', 0);
	struct cf_entry entry = { .line = number };

	if (equals == STR_NPOS || str_trim(str_head(line, equals)).n == 0) {
		diag_error(cf->diag, cf->file, number, 0, "a line has to be \"name = value\"");
		return;
	}
	entry.name = arena_str(cf->arena, str_trim(str_head(line, equals)));
	entry.value = arena_str(cf->arena, str_trim(str_skip(line, equals + 1)));
	for (size_t i = 0; i < cf->n; i++) {
		if (str_eq(cf->entries[i].name, entry.name))
			diag_error(cf->diag, cf->file, number, 0, "\"%.*s\" stands twice, in line %u too",
				   STR_ARG(entry.name), cf->entries[i].line);
	}
	ARENA_ROOM(cf->arena, cf->entries, cf->n, cf->cap);
	cf->entries[cf->n++] = entry;
}

bool cf_parse(struct arena *arena, struct str file, struct str text, struct diag *diag,
	      struct cf *ret_cf)
{
	struct cf cf = { .arena = arena, .file = arena_str(arena, file), .diag = diag };
	struct str rest = text, line, logical = STR_NONE;
	size_t errors = diag->errors;
	unsigned number = 0, begun = 0;

	while (str_next_line(&rest, &line)) {
		number++;
		if (str_trim(line).n == 0 || str_trim(line).p[0] == '#')
			continue;
		if (ascii_is_space(line.p[0]) && logical.n > 0) {
			logical = arena_printf(arena, "%.*s %.*s", STR_ARG(logical),
					       STR_ARG(str_trim(line)));
			continue;
		}
		if (logical.n > 0)
			entry_add(&cf, logical, begun);
		logical = line;
		begun = number;
	}
	if (logical.n > 0)
		entry_add(&cf, logical, begun);
	if (diag->errors != errors)
		return false;
	*ret_cf = cf;
	return true;
}

bool cf_read(struct arena *arena, struct str file, struct diag *diag, struct cf *ret_cf)
{
	struct source source;

	if (source_read(arena, arena_cstr(arena, file), CF_FILE_MAX, &source))
		return cf_parse(arena, file, source.text, diag, ret_cf);
	diag_error(diag, file, 0, 0, "%s", strerror(errno));
	return false;
}

static struct cf_entry *entry_find(struct cf *cf, const char *name)
{
	for (size_t i = 0; i < cf->n; i++) {
		if (!str_is(cf->entries[i].name, name))
			continue;
		cf->entries[i].used = true;
		return &cf->entries[i];
	}
	return NULL;
}

const char *cf_text(struct cf *cf, const char *name, const char *otherwise)
{
	const struct cf_entry *entry = entry_find(cf, name);

	return entry != NULL ? entry->value.p : otherwise;
}

unsigned cf_number(struct cf *cf, const char *name, unsigned otherwise, unsigned min, unsigned max)
{
	const struct cf_entry *entry = entry_find(cf, name);
	unsigned long number = 0;

	if (entry == NULL)
		return otherwise;
	for (size_t i = 0; i < entry->value.n; i++) {
		char c = entry->value.p[i];

		/* Postfix writes times as 10 or as 10s. */
		if (c == 's' && i > 0 && i + 1 == entry->value.n)
			break;
		number = ascii_is_digit(c) && number <= max ? number * 10 + (unsigned)(c - '0')
							    : (unsigned long)max + 1;
	}
	if (entry->value.n > 0 && number >= min && number <= max)
		return (unsigned)number;
	diag_error(cf->diag, cf->file, entry->line, 0, "%s: \"%.*s\" is no number from %u to %u",
		   name, STR_ARG(entry->value), min, max);
	return otherwise;
}

bool cf_bool(struct cf *cf, const char *name, bool otherwise)
{
	const struct cf_entry *entry = entry_find(cf, name);

	if (entry == NULL)
		return otherwise;
	if (str_is_nocase(entry->value, "yes") || str_is_nocase(entry->value, "no"))
		return str_is_nocase(entry->value, "yes");
	diag_error(cf->diag, cf->file, entry->line, 0, "%s: \"%.*s\" is neither yes nor no", name,
		   STR_ARG(entry->value));
	return otherwise;
}

void cf_finish(struct cf *cf, const char *const *ignored)
{
	for (size_t i = 0; i < cf->n; i++) {
		const struct cf_entry *entry = &cf->entries[i];
		bool known = false;

		for (size_t j = 0; ignored[j] != NULL; j++)
			known = known || str_is(entry->name, ignored[j]);
		if (entry->used)
			continue;
		if (known)
			diag_warning(cf->diag, cf->file, entry->line, 0, "%.*s has no effect here",
				     STR_ARG(entry->name));
		else
			diag_error(cf->diag, cf->file, entry->line, 0, "%.*s is no key of this file",
				   STR_ARG(entry->name));
	}
}
