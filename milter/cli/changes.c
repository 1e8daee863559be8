#include "milter/cli/changes.h"

#include <stdio.h>

const char *change_name(enum change change)
{
	static const char *const names[] = { "notice-new", "notice-gone", "category",
					     "stricter",   "milder",	  "findings" };

	return names[change];
}

struct effect effect_of(const struct judgement *judgement)
{
	struct effect effect = { .notice = judgement->notice,
				   .category = STR_LIT("no notice"),
				   .verdict = judgement->verdict_enforced };

	if (!judgement->notice)
		return effect;
	effect.category = judgement->class->category != NULL ? judgement->class->category->id
							      : STR_LIT("not clear");
	for (int i = 0; i < FINDING_N; i++) {
		const struct check_result *result = &judgement->results[i];

		if (check_result_is_finding(result))
			effect.findings[i] = result->severity;
	}
	return effect;
}

unsigned effect_changes(const struct effect *before, const struct effect *after)
{
	unsigned changes = 0;

	if (before->notice != after->notice)
		changes |= 1u << (after->notice ? CHANGE_NOTICE_NEW : CHANGE_NOTICE_GONE);
	else if (!str_eq(before->category, after->category))
		changes |= 1u << CHANGE_CATEGORY;
	if (before->verdict != after->verdict)
		changes |= 1u << (after->verdict > before->verdict ? CHANGE_STRICTER
								   : CHANGE_MILDER);
	if (memcmp(before->findings, after->findings, sizeof before->findings) != 0)
		changes |= 1u << CHANGE_FINDINGS;
	return changes;
}

void changes_init(struct changes *changes, struct arena *arena)
{
	*changes = (struct changes){ .arena = arena };
	map_init(&changes->categories.index, arena);
	map_init(&changes->moves.index, arena);
	map_init(&changes->verdicts.index, arena);
}

/* name is copied where it is new. */
static void count(struct arena *arena, struct counts *counts, struct str name, bool changed)
{
	size_t *known = map_get(&counts->index, name);
	size_t index = known != NULL ? *known : counts->n;

	if (known == NULL) {
		ARENA_ROOM(arena, counts->items, counts->n, counts->cap);
		counts->items[counts->n++] = (struct count){ .name = arena_str(arena, name) };
		map_put(&counts->index, counts->items[index].name, index);
	}
	counts->items[index].messages++;
	counts->items[index].changed += changed;
}

static void count_move(struct changes *changes, struct counts *counts, struct str from,
		       struct str to)
{
	char text[256];
	int n = snprintf(text, sizeof text, "%.*s -> %.*s", STR_ARG(from), STR_ARG(to));

	if (n > 0)
		count(changes->arena, counts, str_head(str_from(text), sizeof text - 1), true);
}

static void count_findings(struct changes *changes, const struct effect *before,
			   const struct effect *after)
{
	for (int i = 0; i < FINDING_N; i++) {
		if (before->findings[i] == after->findings[i])
			continue;
		if (before->findings[i] == SEVERITY_OFF)
			changes->found[i]++;
		else if (after->findings[i] == SEVERITY_OFF)
			changes->lost[i]++;
		else
			changes->weighed[i]++;
	}
}

void changes_add(struct changes *changes, const struct effect *before,
		 const struct effect *after)
{
	unsigned kinds = effect_changes(before, after);

	changes->messages++;
	changes->changed += kinds != 0;
	count(changes->arena, &changes->categories, before->category, kinds != 0);
	for (int i = 0; i < CHANGE_N; i++)
		changes->kinds[i] += kinds >> i & 1;
	if (!str_eq(before->category, after->category))
		count_move(changes, &changes->moves, before->category, after->category);
	if (before->verdict != after->verdict)
		count_move(changes, &changes->verdicts, str_from(severity_name(before->verdict)),
			   str_from(severity_name(after->verdict)));
	count_findings(changes, before, after);
}
