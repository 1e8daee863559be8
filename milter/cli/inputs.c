#include "milter/cli/inputs.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "milter/directory/directory.h"

int cli_input_status(int error)
{
	return error == ENOENT || error == ENOTDIR ? EX_NOINPUT : EX_DATAERR;
}

/* Looked at, not opened: a pipe can be opened only once. */
int cli_input(const char *command, const char *file)
{
	struct stat status;
	int error = 0;

	if (file == NULL)
		return -1;
	if (stat(file, &status) != 0 || access(file, R_OK) != 0)
		error = errno;
	else if (S_ISDIR(status.st_mode))
		error = EISDIR;
	if (error == 0)
		return -1;
	fprintf(stderr, "crm-notice %s: %s: %s\n", command, file, strerror(error));
	return cli_input_status(error);
}

int cli_input_sources(const char *command, const struct str_list *sources)
{
	int status = -1;

	for (size_t i = 0; i < sources->n; i++) {
		/* It came from the command line, and ends where its source does. */
		int one = cli_input(command, directory_source_file(sources->items[i]).p);

		if (status < 0)
			status = one;
	}
	return status;
}
