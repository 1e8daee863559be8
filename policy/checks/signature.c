/* signature.c - signed submissions
 *
 * No policy can demand them yet, so there is nothing that could be missing or wrong; the rows
 * keep their place in the registry, in the manual and in `--explain`.
 */
#include "policy/checks/registry.h"

CHECK(check_signature_missing)
{
	check_not_applicable(check, result, "the policy asks for no signed submissions");
}

CHECK(check_signature_invalid)
{
	check_not_applicable(check, result, "the policy asks for no signed submissions");
}
