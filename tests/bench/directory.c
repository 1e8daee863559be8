/* directory.c - how long a compiled directory takes to open and to answer, and what memory it
 * costs: directory FILE.cdb ORGANIZATIONS (as directory-csv wrote them) */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "milter/directory/directory.h"
#include "policy/base/diag.h"

#define RECIPIENTS 200
#define ROUNDS 200

static double milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Kilobytes of the process's own memory: what is mapped from files does not count. */
static long anonymous_memory(void)
{
	FILE *in = fopen("/proc/self/status", "re");
	long kilobytes = -1;
	char line[200];

	while (in != NULL && fgets(line, sizeof line, in) != NULL)
		sscanf(line, "RssAnon: %ld", &kilobytes);
	if (in != NULL)
		fclose(in);
	return kilobytes;
}

static size_t ask(const struct directory *directory, unsigned organizations, unsigned seed)
{
	struct arena *arena = arena_new();
	struct str *addresses = ARENA_ARRAY(arena, RECIPIENTS, struct str);
	struct needs needs = { .addresses = { addresses, RECIPIENTS, RECIPIENTS },
			       .n_recipients = RECIPIENTS };
	struct answers answers = { 0 };
	size_t found = 0;

	for (unsigned i = 0; i < RECIPIENTS; i++)
		addresses[i] = arena_printf(arena, "admin@org%07u.example",
					    (seed * RECIPIENTS + i) * 2654435761u % organizations);
	directory_answer(directory, arena, NULL, &needs, &answers);
	for (unsigned i = 0; i < RECIPIENTS; i++)
		found += answers.contacts[i].n;
	arena_free(arena);
	return found;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	unsigned organizations = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	struct arena *arena = arena_new();
	struct directory *directory;
	double begun, opened, times[ROUNDS];
	long before, after;
	struct str source;
	struct diag diag;

	if (organizations == 0) {
		fputs("usage: directory FILE.cdb ORGANIZATIONS\n", stderr);
		return 64;
	}
	diag_init(&diag, arena);
	source = arena_printf(arena, "cdb:%s", argv[1]);
	before = anonymous_memory();
	begun = milliseconds();
	directory = directory_load(&(struct str_list){ &source, 1, 1 }, &diag);
	opened = milliseconds() - begun;
	if (directory == NULL) {
		fprintf(stderr, "%s: no directory\n", argv[1]);
		return 65;
	}
	for (unsigned i = 0; i < ROUNDS; i++) {
		begun = milliseconds();
		if (ask(directory, organizations, i) != RECIPIENTS) {
			fputs("a contact was not found\n", stderr);
			return 1;
		}
		times[i] = milliseconds() - begun;
	}
	after = anonymous_memory();
	qsort(times, ROUNDS, sizeof *times, compare);
	printf("open_ms=%.3f answer_%d_ms=%.3f worst_ms=%.3f memory_grown_kb=%ld\n", opened,
	       RECIPIENTS, times[ROUNDS / 2], times[ROUNDS - 1], after - before);
	directory_free(directory);
	arena_free(arena);
	return 0;
}
