/* page.h - what the files of the page share: sentences on the parts of a policy
 *
 * Internal to policy/rules.
 */
#ifndef POLICY_RULES_PAGE_H
#define POLICY_RULES_PAGE_H

#include "policy/rules/page_write.h"
#include "policy/rules/report.h"

/* Of holidays that a calendar repeats for a century only so many are shown. */
#define PAGE_DAYS_MAX 40

/* "system administrator": a name as words. */
struct str page_words(struct arena *arena, struct str name);
/* "a, b": the names of a set's bits, as words. */
struct str page_set(struct arena *arena, const char *const *names, unsigned set);
/* "a, b"; none where the list is empty. */
struct str page_list(struct arena *arena, const struct str_list *list, const char *none);
/* What becomes of a notice: "is refused". */
const char *page_effect(enum severity severity);

/* The page in any form, without the fingerprint and the phrases where its lines are compared: those
 * differ whatever a policy says, or are compared with the language files'. */
void page_write(struct page *page, const struct policy *policy, const struct yaml_node *tree);

/* A category: who, when, under which banner, with what content. */
void page_category(struct page *page, const struct policy *policy, const struct category *category);
/* How notices of a category (NULL: of any) are known. */
void page_signals(struct page *page, const struct policy *policy, const struct category *category);

#endif
