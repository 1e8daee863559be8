/* Any octets as a policy: either it loads whole, or there are faults and no policy. One that loads can
 * be remarked on, put into words and explained. */
#include "policy/rules/lint.h"
#include "policy/rules/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WORDS_MAX ((size_t)4 * 1024 * 1024)

static void put_into_words(struct arena *arena, const struct policy *policy, struct str text)
{
	struct diag diag;
	struct yaml_node *tree;
	struct buf out;

	diag_init(&diag, arena);
	buf_init(&out, arena, WORDS_MAX);
	tree = yaml_parse(arena, &diag, STR_LIT("built-in:fuzz"), text, NULL);
	policy_lint(policy, tree, 0, &diag);
	policy_page(&out, policy, tree, false);
	policy_page(&out, policy, tree, true);
	if (policy_page_diff(&out, policy, tree, policy, tree) != 0)
		abort();
	for (int i = 0; i < FINDING_N; i++)
		policy_explain(&out, policy, (enum finding_id)i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena *arena = arena_new();
	struct policy *policy;
	struct diag diag;

	diag_init(&diag, arena);
	policy = policy_load_text(STR_LIT("built-in:fuzz"), text, "", &diag);
	if ((policy == NULL) != (diag.errors > 0))
		abort();
	if (policy != NULL)
		put_into_words(arena, policy, text);
	policy_unref(policy);
	arena_free(arena);
	return 0;
}
