/* judge.c - what the judgement of each file costs
 *
 * Usage: judge [--directory FILE] FILE... ; beside FILE, FILE.rcpt may hold the envelope's
 * recipients, one a line. Writes a line for each: the CPU time in milliseconds, the growth of the
 * process at its highest in KiB (the message itself not counted), the verdict, the file. Images are
 * left out: their decoder is another process, with limits of its own.
 */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "milter/cli/run.h"
#include "policy/rules/severity.h"

#define NOW 1772355600 /* 2026-03-01T09:00:00Z */

static int64_t cpu_microseconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) +
	       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/* A line of /proc/self/status in KiB, such as "VmHWM:". */
static long status_line(const char *name)
{
	FILE *in = fopen("/proc/self/status", "re");
	char line[256];
	long value = -1;

	while (in != NULL && value < 0 && fgets(line, sizeof line, in) != NULL) {
		if (strncmp(line, name, strlen(name)) == 0)
			value = strtol(line + strlen(name), NULL, 10);
	}
	if (in != NULL)
		fclose(in);
	return value;
}

/* Lets the high-water mark start again from what there is. */
static void forget_high_water(void)
{
	FILE *out;

	malloc_trim(0);
	out = fopen("/proc/self/clear_refs", "we");
	if (out == NULL)
		return;
	fputs("5", out);
	fclose(out);
}

static void read_recipients(struct arena *arena, const char *file, struct str_list *list)
{
	char *name = arena_cstr(arena, arena_concat(arena, str_from(file), STR_LIT(".rcpt")));
	struct str text, line;

	*list = (struct str_list){ 0 };
	if (!run_read(arena, name, 64 * 1024 * 1024, &text))
		text = STR_LIT("ada.byrne@contoso.example\n");
	while (str_next_line(&text, &line)) {
		ARENA_ROOM(arena, list->items, list->n, list->cap);
		list->items[list->n++] = line;
	}
}

static bool judge(struct run *run, const char *file)
{
	struct str from = STR_LIT("notices@crm-vendor.example"), bytes;
	struct arena *arena = arena_new();
	struct str_list recipients;
	struct run_result result;
	int64_t begun;
	long before;

	if (!run_read(arena, file, 64 * 1024 * 1024, &bytes)) {
		perror(file);
		arena_free(arena);
		return false;
	}
	read_recipients(arena, file, &recipients);
	run->from = &from;
	run->recipients = &recipients;
	forget_high_water();
	before = status_line("VmRSS:");
	begun = cpu_microseconds();
	run_judge(run, arena, bytes, &result);
	printf("%.1f %ld ", (double)(cpu_microseconds() - begun) / 1000,
	       status_line("VmHWM:") - before);
	printf("%s %s\n", severity_name(result.judgement->verdict), file);
	fflush(stdout);
	run_done(&result);
	arena_free(arena);
	return true;
}

int main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	struct directory *directory = NULL;
	struct run run = { .now = NOW };
	int status = 0, first = 1;
	struct diag diag;

	diag_init(&diag, arena);
	run.policy = policy_load_default(&diag);
	if (argc > 2 && strcmp(argv[1], "--directory") == 0) {
		struct str name = str_from(argv[2]);
		struct str_list names = { .items = &name, .n = 1 };

		run.directory = directory = directory_load(&names, &diag);
		first = 3;
	}
	if (diag.errors > 0)
		return 1;
	for (int i = first; i < argc; i++)
		status |= !judge(&run, argv[i]);
	directory_free(directory);
	policy_unref(run.policy);
	arena_free(arena);
	return status;
}
