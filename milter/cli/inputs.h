/* inputs.h - the files that a command line names: whether they can be read, before they are */
#ifndef MILTER_CLI_INPUTS_H
#define MILTER_CLI_INPUTS_H

#include "policy/base/str.h"
#include "policy/rules/policy.h"

/* The exit status for a file that could not be read, by errno: no such file, or unreadable. What a
 * file that can be read holds is another matter, EX_CONFIG. */
int cli_input_status(int error);

/* Whether a file that the command line names is there and may be read. -1, or else the exit status,
 * with the reason on standard error after "crm-notice COMMAND: ". file NULL is none, and well. */
int cli_input(const char *command, const char *file);
/* The same for the sources of a directory; the first that is not there counts. */
int cli_input_sources(const char *command, const struct str_list *sources);

#endif
