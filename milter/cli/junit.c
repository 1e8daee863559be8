#include "milter/cli/junit.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "policy/base/map.h"
#include "policy/text/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* XML 1.0, 2.2: Char. utf8_next gives no surrogates; UTF8_BAD is none. */
static bool is_xml_char(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0x10ffff && c != 0xfffe && c != 0xffff);
}

/* Text as an attribute's value or between tags. White space other than blanks is written by number, or
 * a parser would make blanks of it, but as it is where it is in plain: between tags line feeds are. */
static void add_text(FILE *out, struct str text, const char *plain)
{
	for (size_t at = 0; at < text.n;) {
		size_t begin = at;
		uint32_t c = utf8_next(text, &at);

		if (c == '&')
			fputs("&amp;", out);
		else if (c == '<')
			fputs("&lt;", out);
		else if (c == '>')
			fputs("&gt;", out);
		else if (c == '"')
			fputs("&quot;", out);
		else if (!is_xml_char(c))
			fputs(REPLACEMENT, out);
		else if (c < 0x20 && strchr(plain, (int)c) == NULL)
			fprintf(out, "&#%u;", (unsigned)c);
		else
			fwrite(text.p + begin, 1, at - begin, out);
	}
}

static void add_attribute(FILE *out, const char *name, struct str value)
{
	fprintf(out, " %s=\"", name);
	add_text(out, value, "");
	fputc('"', out);
}

static struct str first_line(struct str text)
{
	struct str line = STR_NONE;

	str_next_line(&text, &line);
	return line;
}

static void add_case(FILE *out, const struct junit_case *one)
{
	static const char *const elements[] = { NULL, "failure", "error" };
	const char *element = elements[one->outcome];

	fputs("    <testcase", out);
	add_attribute(out, "classname", str_from(one->folder));
	add_attribute(out, "name", str_from(one->name));
	add_attribute(out, "file", str_from(one->file));
	fprintf(out, " time=\"%.6f\"", one->seconds);
	if (element == NULL) {
		fputs("/>\n", out);
		return;
	}
	fprintf(out, ">\n      <%s", element);
	add_attribute(out, "type", one->outcome == JUNIT_FAILED ? STR_LIT("mismatch")
							       : STR_LIT("broken"));
	add_attribute(out, "message", first_line(one->text));
	fputc('>', out);
	add_text(out, one->text, "\n");
	fprintf(out, "</%s>\n    </testcase>\n", element);
}

struct counts {
	size_t tests, outcomes[3];
	double seconds;
};

static void count(struct counts *counts, const struct junit_case *one)
{
	counts->tests++;
	counts->outcomes[one->outcome]++;
	counts->seconds += one->seconds;
}

static void add_counts(FILE *out, const struct counts *counts)
{
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"0\" time=\"%.6f\">\n",
		counts->tests, counts->outcomes[JUNIT_FAILED], counts->outcomes[JUNIT_BROKEN],
		counts->seconds);
}

/* Cases by folder; next[i] is the case after i in the same one. */
struct suites {
	struct map index;
	size_t *first, *last, *next;
	struct counts *counts;
	size_t n;
};

#define NO_CASE ((size_t)-1)

static void suites_add(struct suites *suites, const struct junit_case *cases, size_t i)
{
	size_t suite = *map_put(&suites->index, str_from(cases[i].folder), suites->n);

	suites->next[i] = NO_CASE;
	if (suite == suites->n) {
		suites->first[suites->n++] = i;
	} else {
		suites->next[suites->last[suite]] = i;
	}
	suites->last[suite] = i;
	count(&suites->counts[suite], &cases[i]);
}

static void write_suites(FILE *out, struct arena *arena, const struct junit_case *cases, size_t n)
{
	struct suites suites = { .first = ARENA_ARRAY(arena, n, size_t),
				 .last = ARENA_ARRAY(arena, n, size_t),
				 .next = ARENA_ARRAY(arena, n, size_t),
				 .counts = ARENA_ARRAY(arena, n, struct counts) };
	struct counts all = { 0 };

	map_init_exact(&suites.index, arena);
	for (size_t i = 0; i < n; i++) {
		suites_add(&suites, cases, i);
		count(&all, &cases[i]);
	}
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"crm-notice\"", out);
	add_counts(out, &all);
	for (size_t suite = 0; suite < suites.n; suite++) {
		fputs("  <testsuite", out);
		add_attribute(out, "name", str_from(cases[suites.first[suite]].folder));
		add_counts(out, &suites.counts[suite]);
		for (size_t i = suites.first[suite]; i != NO_CASE; i = suites.next[i])
			add_case(out, &cases[i]);
		fputs("  </testsuite>\n", out);
	}
	fputs("</testsuites>\n", out);
}

bool junit_write(const char *file, const struct junit_case *cases, size_t n)
{
	FILE *out = fopen(file, "we");
	struct arena *arena;
	bool good;
	int error;

	if (out == NULL)
		return false;
	arena = arena_new();
	write_suites(out, arena, cases, n);
	arena_free(arena);
	good = !ferror(out);
	error = errno;
	if (fclose(out) != 0)
		return false;
	errno = error;
	return good;
}
