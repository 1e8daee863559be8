/* policy_fixture.h - policies loaded from texts and files, for tests of what they may say */
#ifndef TESTS_UNIT_POLICY_FIXTURE_H
#define TESTS_UNIT_POLICY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "policy/rules/policy.h"

struct fixture {
	struct arena *arena;
	struct diag diag;
	char directory[64];
};

static inline int set_up(void **state)
{
	struct fixture *f = malloc(sizeof *f);

	f->arena = arena_new();
	diag_init(&f->diag, f->arena);
	snprintf(f->directory, sizeof f->directory, "/tmp/crm-notice-policy-XXXXXX");
	assert_non_null(mkdtemp(f->directory));
	*state = f;
	return 0;
}

static inline const char *path_of(struct fixture *f, const char *name)
{
	return arena_printf(f->arena, "%s/%s", f->directory, name).p;
}

static inline int tear_down(void **state)
{
	static const char *const files[] = { "a.yaml",	     "b.yaml",	   "crm-online.yaml",
					     "lang/en.yaml", "sub/b.yaml", "h.ics",
					     "lang",	     "sub" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		remove(path_of(f, files[i]));
	rmdir(f->directory);
	arena_free(f->arena);
	free(f);
	return 0;
}

static inline const char *put(struct fixture *f, const char *name, const char *text)
{
	const char *path = path_of(f, name);
	FILE *file;

	mkdir(path_of(f, "lang"), 0700);
	mkdir(path_of(f, "sub"), 0700);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return path;
}

/* All faults, one a line, without the directory. */
static inline const char *faults(struct fixture *f)
{
	struct str all = STR_LIT("");

	for (size_t i = 0; i < f->diag.n; i++) {
		struct str line = diag_format(f->arena, &f->diag.entries[i]);

		if (str_starts(line, str_from(f->directory)))
			line = str_skip(line, strlen(f->directory) + 1);
		all = arena_printf(f->arena, "%.*s%s%.*s", STR_ARG(all), i > 0 ? "\n" : "",
				   STR_ARG(line));
	}
	return arena_cstr(f->arena, all);
}

static inline struct policy *load_text(struct fixture *f, const char *text)
{
	return policy_load_text(STR_LIT("built-in:p"), str_from(text), NULL, &f->diag);
}

/* The smallest policy: everything else has a default. */
#define HEAD "policy: small\nversion: 1\n"
#define WORDS "phrases: {en: {work: [planned work], outage: [outage]}}\n"
#define CATEGORY                                                     \
	"categories:\n"                                              \
	"  work:\n"                                                  \
	"    recipients: {roles: [system-administrator]}\n"          \
	"    banner: none\n"                                         \
	"    signals: [{id: s, concept: work, in: [subject], weight: 2}]\n"
#define SMALL HEAD WORDS CATEGORY

static inline const struct category *category_of(const struct policy *policy, const char *id)
{
	return policy_category(policy, str_from(id));
}

static inline void expect_faults(void **state, const char *text, const char *expected)
{
	struct fixture *f = *state;

	assert_null(load_text(f, text));
	assert_string_equal(faults(f), expected);
}

#endif
