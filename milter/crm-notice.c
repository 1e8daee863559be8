/* crm-notice - judges messages and tests policies at the command line: crm-notice(1) */
#include <stdio.h>
#include <sysexits.h>

#include "milter/cli/cli.h"

static const struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "check", "judge messages as the daemon would", cli_check },
	{ "test", "hold a policy against labelled messages", cli_test },
	{ "verify", "verify the seal of messages", cli_verify },
	{ "audit", "verify the audit file", cli_audit },
	{ "key", "the public half of a key that signs", cli_key },
	{ "policy", "check, show, compare and explain policies", cli_policy },
	{ "directory", "build, check, show and compare directories of contacts", cli_directory },
};

static void usage(FILE *out)
{
	fputs("usage: crm-notice COMMAND [OPTION]... [ARGUMENT]...\n"
	      "Judges service notices against a written policy.\n"
	      "\n",
	      out);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fputs("\n"
	      "crm-notice COMMAND --help tells more.\n",
	      out);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		usage(stderr);
		return EX_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		usage(stdout);
		return EX_OK;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	fprintf(stderr, "crm-notice: %s: no such command\n", argv[1]);
	usage(stderr);
	return EX_USAGE;
}
