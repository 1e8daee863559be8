/* Any octets as a policy: either it loads whole, or there are faults and no policy. */
#include "policy/rules/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct policy *policy;
	struct diag diag;

	diag_init(&diag, arena);
	policy = policy_load_text(STR_LIT("built-in:fuzz"),
				  (struct str){ (const char *)data, size }, "", &diag);
	if ((policy == NULL) != (diag.errors > 0))
		abort();
	policy_unref(policy);
	arena_free(arena);
	return 0;
}
