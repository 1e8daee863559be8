/* registry.h - one row a check: every finding's id leads to the function that decides it */
#ifndef POLICY_CHECKS_REGISTRY_H
#define POLICY_CHECKS_REGISTRY_H

#include "policy/checks/check.h"

/* Runs every check over a judgement that is a notice and fills judgement->results. */
void checks_run(struct judgement *judgement, const struct answers *answers);

/* The checks. Each is given a result that says PASS. */
#define CHECK(name) void name(const struct check *check, struct check_result *result)
CHECK(check_category_ambiguous);
CHECK(check_category_conflict);
CHECK(check_category_not_mailed);
CHECK(check_sender_unauthorized);
CHECK(check_declaration_missing);
CHECK(check_recipients_unknown);
CHECK(check_recipients_role);
CHECK(check_recipients_unaffected);
CHECK(check_recipients_exposure);
CHECK(check_recipients_incomplete);
CHECK(check_lead_time_missing);
CHECK(check_lead_time_minimum);
CHECK(check_lead_time_partial_day);
CHECK(check_lead_time_past);
CHECK(check_lead_time_window);
CHECK(check_lead_time_milestone);
CHECK(check_lead_time_deadline);
CHECK(check_lead_time_cadence);
CHECK(check_lead_time_conflict);
CHECK(check_lead_time_zone);
CHECK(check_lead_time_expired);
CHECK(check_banner_missing);
CHECK(check_banner_color);
CHECK(check_banner_unverifiable);
CHECK(check_banner_foreign);
CHECK(check_content_title);
CHECK(check_content_approval);
CHECK(check_content_case);
CHECK(check_content_incident);
CHECK(check_content_resolution);
CHECK(check_content_report);
CHECK(check_content_health_page);
CHECK(check_content_obfuscated);
CHECK(check_content_hidden);
CHECK(check_sequence_first);
CHECK(check_sequence_duplicate);
CHECK(check_sequence_orphan);
CHECK(check_signature_missing);
CHECK(check_signature_invalid);
CHECK(check_message_ambiguous);
CHECK(check_message_limit);

#endif
