/* print.c - what a subcommand says, to standard output and standard error */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "milter/cli/cli.h"

void cli_print_diag(const struct diag *diag)
{
	for (size_t i = 0; i < diag->n; i++)
		fprintf(stderr, "crm-notice: %.*s\n",
			STR_ARG(diag_format(diag->arena, &diag->entries[i])));
	if (diag->errors > diag->n)
		fprintf(stderr, "crm-notice: and %zu more errors\n", diag->errors - diag->n);
}

int cli_print(const char *command, const struct buf *out)
{
	struct str text = buf_str(out);

	if (fwrite(text.p, 1, text.n, stdout) != text.n || fflush(stdout) != 0) {
		fprintf(stderr, "crm-notice %s: %s\n", command, strerror(errno));
		return EX_IOERR;
	}
	return EX_OK;
}
