/* when_rows.h - rows of notations, and what each comes to; for the tests that include it */
#ifndef TESTS_UNIT_WHEN_ROWS_H
#define TESTS_UNIT_WHEN_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "policy/message/ingest.h"
#include "policy/when/when.h"
#include "policy/when/zone.h"

struct row {
	const char *now;
	enum when_direction direction;
	const char *subject; /* NULL: none */
	const char *text;
	const char *start;   /* "2026-06-05T15:59:00Z"; NULL: none is stated */
	const char *end;     /* NULL: none */
	const char *marks;   /* "z": no zone is stated; "c": conflict; "d": no clock time */
};

static int set_up(void **state)
{
	struct arena *arena = arena_new();
	struct diag diag;
	struct policy *policy;

	diag_init(&diag, arena);
	policy = policy_load_default(&diag);
	for (size_t i = 0; i < diag.n; i++)
		print_error("%.*s\n", STR_ARG(diag_format(arena, &diag.entries[i])));
	arena_free(arena);
	*state = policy;
	return policy == NULL;
}

static int tear_down(void **state)
{
	policy_unref(*state);
	return 0;
}

static int64_t instant(const char *text)
{
	int year, month, day, hour, minute, second;

	if (text == NULL)
		return 0;
	assert_int_equal(sscanf(text, "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second),
			 6);
	return civil_days(year, month, day) * SECONDS_OF_DAY + hour * 3600 + minute * 60 + second;
}

static void format(char *buf, size_t n, bool has, int64_t at)
{
	int year, month, day;
	int64_t second = at % SECONDS_OF_DAY;

	if (!has) {
		snprintf(buf, n, "none");
		return;
	}
	civil_from_days(at / SECONDS_OF_DAY, &year, &month, &day);
	snprintf(buf, n, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, (int)(second / 3600),
		 (int)(second / 60 % 60), (int)(second % 60));
}

static struct when *resolve(struct arena *arena, struct ingest *ingest, struct policy *policy,
			    const struct row *row)
{
	bool whole = str_starts(str_from(row->text), STR_LIT("Content-Type:"));
	struct str mail = arena_printf(arena,
				       "From: a@crm.example\nSubject: %s\nMIME-Version: 1.0\n"
				       "%s%s\n",
				       row->subject != NULL ? row->subject : "Notice",
				       whole ? ""
					     : "Content-Type: text/plain; charset=utf-8\n"
					       "Content-Transfer-Encoding: 8bit\n\n",
				       row->text);
	struct message *message;
	struct view *view;

	ingest_file(ingest, mail);
	message = message_parse(arena, ingest_source(ingest), &message_limits_default);
	view = view_read(arena, message, &message_limits_default);
	return when_resolve(arena, when_scan(arena, view, policy), policy, row->direction,
			    instant(row->now));
}

static bool row_holds(struct policy *policy, const struct row *row)
{
	struct arena *arena = arena_new();
	struct ingest *ingest = ingest_new(&message_limits_default);
	struct when *when = resolve(arena, ingest, policy, row);
	const char *marks = row->marks != NULL ? row->marks : "";
	bool conflict = strchr(marks, 'c') != NULL, no_clock = strchr(marks, 'd') != NULL;
	bool no_zone = strchr(marks, 'z') != NULL;
	bool holds = when->has_start == (row->start != NULL) &&
		     when->has_end == (row->end != NULL) && when->conflict == conflict;

	if (row->start != NULL)
		holds = holds && when->start == instant(row->start) &&
			when->clock_stated == !no_clock &&
			(no_clock || when->zone_stated == !no_zone);
	if (row->end != NULL)
		holds = holds && when->end == instant(row->end);
	if (!holds) {
		char start[64], end[64];

		format(start, sizeof start, when->has_start, when->start);
		format(end, sizeof end, when->has_end, when->end);
		print_error("%s\n   is   %s .. %s%s%s%s %.*s\n   want %s .. %s %s\n", row->text, start,
			    end, when->conflict ? " conflict" : "", when->zone_stated ? "" : " no zone",
			    when->clock_stated ? "" : " no clock", STR_ARG(when->conflict_detail),
			    row->start != NULL ? row->start : "none",
			    row->end != NULL ? row->end : "none", marks);
	}
	ingest_free(ingest);
	arena_free(arena);
	return holds;
}

static void check_rows(struct policy *policy, const struct row *rows, size_t n)
{
	size_t failed = 0;

	for (size_t i = 0; i < n; i++)
		failed += !row_holds(policy, &rows[i]);
	if (failed > 0)
		print_error("%zu of %zu notations are misread\n", failed, n);
	assert_int_equal(failed, 0);
}
#define CHECK(state, rows) check_rows(*(state), rows, sizeof(rows) / sizeof *(rows))

#define JUNE "2026-06-01T08:00:00Z"
#define A WHEN_ADVANCE
#define N WHEN_NEAREST

#endif
