#include "milter/cli/expect.h"

#include "policy/base/buf.h"
#include "policy/base/utc.h"

struct compare {
	struct arena *arena;
	const struct expectation *expect;
	const struct judgement *judgement;
	struct comparison *result;
};

const char *expect_key_name(enum expect_key key)
{
	static const char *const names[] = { "notice", "category", "verdict",
					     "findings", "event", "banner" };

	return names[key];
}

static void differs(struct compare *compare, enum expect_key key, const char *name,
		    struct str expected, struct str got)
{
	struct comparison *result = compare->result;

	result->agrees[key] = false;
	ARENA_ROOM(compare->arena, result->mismatches, result->n, result->cap);
	result->mismatches[result->n++] = (struct mismatch){ name, expected, got };
}

static void given(struct compare *compare, enum expect_key key)
{
	compare->result->given[key] = compare->result->agrees[key] = true;
}

static struct str or_null(struct str text)
{
	return text.p != NULL ? text : STR_LIT("null");
}

/* got is absent where there is none. */
static void compare_text(struct compare *compare, enum expect_key key, const char *name,
			 const struct expected_text *expected, struct str got)
{
	if (!expected->given)
		return;
	if (!compare->result->given[key])
		given(compare, key);
	if ((expected->text.p == NULL) != (got.p == NULL) || !str_eq(expected->text, got))
		differs(compare, key, name, or_null(expected->text), or_null(got));
}

static struct str yes_no(bool value)
{
	return value ? STR_LIT("true") : STR_LIT("false");
}

static bool list_has(const struct str_list *list, const char *id)
{
	for (size_t i = 0; i < list->n; i++) {
		if (str_is(list->items[i], id))
			return true;
	}
	return false;
}

static bool is_found(const struct judgement *judgement, int finding)
{
	return judgement->notice && check_result_is_finding(&judgement->results[finding]);
}

static struct str list_text(struct arena *arena, const struct str_list *list)
{
	struct buf out;

	buf_init(&out, arena, 4096);
	buf_add_char(&out, '[');
	for (size_t i = 0; i < list->n; i++) {
		buf_add_cstr(&out, i > 0 ? ", " : "");
		buf_add(&out, list->items[i]);
	}
	buf_add_char(&out, ']');
	return buf_str(&out);
}

static struct str findings_text(struct arena *arena, const struct judgement *judgement)
{
	struct str_list list = { 0 };

	for (int i = 0; i < FINDING_N; i++) {
		if (!is_found(judgement, i))
			continue;
		ARENA_ROOM(arena, list.items, list.n, list.cap);
		list.items[list.n++] = str_from(finding_infos[i].id);
	}
	return list_text(arena, &list);
}

/* Which ids must be found, and which must not. */
static void compare_findings(struct compare *compare, const char *name,
			     const struct expected_list *expected, bool listed_are,
			     bool others_are_not)
{
	bool agrees = true;

	if (!expected->given)
		return;
	if (!compare->result->given[EXPECT_FINDINGS])
		given(compare, EXPECT_FINDINGS);
	for (int i = 0; i < FINDING_N && agrees; i++) {
		bool found = is_found(compare->judgement, i);

		if (list_has(&expected->list, finding_infos[i].id))
			agrees = found == listed_are;
		else
			agrees = !(others_are_not && found);
	}
	if (!agrees)
		differs(compare, EXPECT_FINDINGS, name,
			list_text(compare->arena, &expected->list),
			findings_text(compare->arena, compare->judgement));
}

static struct str time_text(struct arena *arena, bool has, int64_t time)
{
	return has ? utc_stamp(arena, time) : STR_NONE;
}

static void compare_time(struct compare *compare, const char *name,
			 const struct expected_time *expected, bool has, int64_t time)
{
	if (expected->given && (!has || time != expected->time))
		differs(compare, EXPECT_EVENT, name, utc_stamp(compare->arena, expected->time),
			or_null(time_text(compare->arena, has, time)));
}

static void compare_event(struct compare *compare)
{
	const struct expectation *expect = compare->expect;
	const struct judgement *judgement = compare->judgement;
	static const struct when no_time;
	const struct when *when = judgement->notice ? judgement->when : &no_time;

	if (!expect->has_event)
		return;
	given(compare, EXPECT_EVENT);
	if (!expect->event_id.given && !expect->event_start.given && !expect->event_end.given) {
		if (when->has_start)
			differs(compare, EXPECT_EVENT, "event", STR_LIT("null"),
				utc_stamp(compare->arena, when->start));
		return;
	}
	compare_text(compare, EXPECT_EVENT, "event.id", &expect->event_id,
		     judgement->event.n > 0 ? judgement->event : STR_NONE);
	compare_time(compare, "event.start", &expect->event_start, when->has_start, when->start);
	compare_time(compare, "event.end", &expect->event_end, when->has_end, when->end);
}

static struct str joined(struct arena *arena, const struct str_list *list)
{
	struct str text = STR_LIT("");

	for (size_t i = 0; i < list->n; i++)
		text = arena_printf(arena, "%.*s%s%.*s", STR_ARG(text), i > 0 ? ", " : "",
				    STR_ARG(list->items[i]));
	return text;
}

/* The recipients that were taken off, in the envelope's order. */
static void compare_stripped(struct compare *compare)
{
	struct str want = joined(compare->arena, &compare->expect->stripped.list);
	struct str got = joined(compare->arena, &compare->judgement->stripped);

	if (!compare->expect->stripped.given)
		return;
	if (!compare->result->given[EXPECT_VERDICT])
		given(compare, EXPECT_VERDICT);
	if (!str_eq(want, got))
		differs(compare, EXPECT_VERDICT, "stripped", want, got);
}

static struct str banner_name(const struct judgement *judgement)
{
	const struct banner *banner = &judgement->banner;

	if (!judgement->notice || banner->state != BANNER_COLOR || banner->entry == NULL)
		return STR_NONE;
	return banner->entry->name;
}

void expect_compare(struct arena *arena, const struct expectation *expect,
		    const struct judgement *judgement, struct comparison *ret_comparison)
{
	const struct category *category =
		judgement->notice ? judgement->class->category : NULL;
	struct compare compare = { arena, expect, judgement, ret_comparison };

	*ret_comparison = (struct comparison){ 0 };
	if (expect->has_notice) {
		given(&compare, EXPECT_NOTICE);
		if (expect->notice != judgement->notice)
			differs(&compare, EXPECT_NOTICE, "notice", yes_no(expect->notice),
				yes_no(judgement->notice));
	}
	compare_text(&compare, EXPECT_CATEGORY, "category", &expect->category,
		     category != NULL ? category->id : STR_NONE);
	compare_text(&compare, EXPECT_VERDICT, "verdict", &expect->verdict,
		     str_from(severity_name(judgement->verdict)));
	compare_stripped(&compare);
	compare_findings(&compare, "findings", &expect->findings, true, true);
	compare_findings(&compare, "findings_include", &expect->findings_include, true, false);
	compare_findings(&compare, "findings_exclude", &expect->findings_exclude, false, false);
	compare_event(&compare);
	compare_text(&compare, EXPECT_BANNER, "banner", &expect->banner, banner_name(judgement));
}
