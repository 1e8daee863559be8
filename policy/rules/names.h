/* names.h - the words that YAML uses for the policy's enums; NULL-terminated, index is value */
#ifndef POLICY_RULES_NAMES_H
#define POLICY_RULES_NAMES_H

extern const char *const policy_mode_names[];
extern const char *const role_names[];
extern const char *const phase_names[];
extern const char *const signal_structure_names[];
/* enum severity, enum signal_place (by bit), enum content_requirement (by bit) and so on */
extern const char *const severity_names[];
extern const char *const signal_place_names[];
extern const char *const content_requirement_names[];
extern const char *const scope_names[];
extern const char *const time_direction_names[];
extern const char *const time_anchor_names[];
extern const char *const weekday_names[];

#endif
