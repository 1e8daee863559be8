#include <stdio.h>

#include "milter/cli/cli.h"

void cli_print_diag(const struct diag *diag)
{
	for (size_t i = 0; i < diag->n; i++)
		fprintf(stderr, "crm-notice: %.*s\n",
			STR_ARG(diag_format(diag->arena, &diag->entries[i])));
	if (diag->errors > diag->n)
		fprintf(stderr, "crm-notice: and %zu more errors\n", diag->errors - diag->n);
}
