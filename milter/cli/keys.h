/* keys.h - the --key option of verify and audit verify */
#ifndef MILTER_CLI_KEYS_H
#define MILTER_CLI_KEYS_H

#include "certs/signer.h"

/* Adds "SELECTOR=FILE[,FROM..UNTIL]" to ring. The exit status where it cannot be, with the reason on
 * standard error after "crm-notice COMMAND: ", else -1. */
int cli_add_key(const char *command, struct key_ring *ring, struct arena *arena, struct str text);

#endif
