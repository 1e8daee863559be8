#include "policy/notice/when_words.h"

struct when_facts {
	const struct view *view;
};

struct when_facts *when_scan(struct arena *arena, const struct view *view,
			     const struct policy *policy)
{
	struct when_facts *facts = ARENA_NEW(arena, struct when_facts);

	(void)policy;
	facts->view = view;
	return facts;
}

struct when *when_resolve(struct arena *arena, const struct when_facts *facts,
			  const struct policy *policy, enum when_direction direction, int64_t now)
{
	(void)facts;
	(void)policy;
	(void)direction;
	(void)now;
	return ARENA_NEW(arena, struct when);
}
