/* cli.h - the subcommands of crm-notice
 *
 * Each takes its own name as argv[0], reads its options with getopt_long and returns the exit
 * status (INTERFACE.md, Programs): 0, 1, 2 for what came of it, sysexits(3) for what kept it
 * from working.
 */
#ifndef MILTER_CLI_CLI_H
#define MILTER_CLI_CLI_H

#include "policy/base/buf.h"
#include "policy/base/diag.h"

int cli_check(int argc, char **argv);
int cli_test(int argc, char **argv);
int cli_policy(int argc, char **argv);
int cli_directory(int argc, char **argv);
int cli_verify(int argc, char **argv);
int cli_audit(int argc, char **argv);
int cli_key(int argc, char **argv);

/* Exit statuses of check. */
enum { CLI_CONFORMS = 0, CLI_FLAGGED = 1, CLI_REFUSED = 2 };

/* Prints all faults to standard error, one a line. */
void cli_print_diag(const struct diag *diag);
/* Writes out to standard output: EX_OK, or EX_IOERR once it has said why not, by the subcommand's
 * name. */
int cli_print(const char *command, const struct buf *out);

#endif
