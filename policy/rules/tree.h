/* tree.h - a policy as its files say it, put together, for people to look at */
#ifndef POLICY_RULES_TREE_H
#define POLICY_RULES_TREE_H

#include "policy/base/buf.h"
#include "policy/rules/policy.h"
#include "policy/rules/yaml.h"

/* The policy of file (NULL: the default) laid upon all that it extends, without `extends`; in
 * arena. NULL where a file cannot be read: diag says why. What the keys hold is not checked. */
struct yaml_node *policy_tree(struct arena *arena, const char *file, const char *path,
			      struct diag *diag);

/* Appends what differs from a to b, one difference a line: "path: old -> new", "path: added new",
 * "path: removed old". Items of lists that have an id or a name go by it. The number of
 * differences. */
size_t policy_tree_diff(struct buf *out, const struct yaml_node *a, const struct yaml_node *b);

/* Appends the holidays that differ where calendars are involved, which the tree only names; lists
 * the first of many. The number of differences. */
size_t policy_holidays_diff(struct buf *out, const struct policy *a, const struct policy *b);

#endif
