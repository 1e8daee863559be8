#include "policy/notice/milestone.h"

static bool is_due(const struct milestone *milestone, const struct when *when, int64_t now)
{
	int64_t end = when->has_end ? when->end : when->start;
	int64_t off = when->start - now - milestone->before;

	if (milestone->after)
		return now >= end && now <= end + milestone->tolerance;
	return off >= -milestone->tolerance && off <= milestone->tolerance;
}

/* How far from its moment the mail is; a mail after the end is a day-of mail no more. */
static int64_t distance(const struct milestone *milestone, const struct when *when, bool completed,
			int64_t now)
{
	int64_t off = when->start - now - milestone->before;

	if (milestone->after)
		return completed || when->has_end ? -1 : INT64_MAX;
	return off < 0 ? -off : off;
}

const struct milestone *milestone_find(const struct category *category, const struct when *when,
				       bool completed, int64_t now)
{
	const struct milestone *best = NULL;

	if (category == NULL || !when->has_start)
		return NULL;
	for (size_t i = 0; i < category->time.n_milestones; i++) {
		const struct milestone *milestone = &category->time.milestones[i];

		if (!is_due(milestone, when, now))
			continue;
		if (best == NULL || distance(milestone, when, completed, now) <
					    distance(best, when, completed, now))
			best = milestone;
	}
	return best;
}
