/* embedded.h - the policies and languages that the program carries inside
 *
 * So that it judges by the published policy with nothing installed beside it. The files go in as
 * they are, by the assembler's .incbin; nothing is generated.
 */
#ifndef POLICY_EMBEDDED_EMBEDDED_H
#define POLICY_EMBEDDED_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name;  /* "crm-online.yaml", "lang/en.yaml": as a policy refers to it */
	const char *label; /* "built-in:crm-online.yaml": as messages name it */
	const char *begin, *end;
};

extern const struct embedded_file embedded_files[];
extern const size_t embedded_n_files;

#endif
