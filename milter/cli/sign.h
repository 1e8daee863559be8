/* sign.h - sign and verify of policies and directories: what the daemon's trust asks for */
#ifndef MILTER_CLI_SIGN_H
#define MILTER_CLI_SIGN_H

#include <getopt.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

struct sign_options {
	const char *command;           /* "policy", "directory": in messages */
	const char *certificate, *key; /* sign: PEM files */
	const char *passphrase;        /* file with the key's; NULL: it is not encrypted */
	const char *anchors, *signers; /* verify: PEM files */
	const char *state;             /* verify: the daemon's file of serials; NULL: none */
	const char *path;              /* verify: where a policy's files are looked up */
	int64_t now;                   /* seconds since 1970 UTC */
};

/* Rows of a table for getopt_long, and what takes one: false where its argument cannot be, with
 * the reason on standard error. */
#define SIGN_LONG_OPTIONS                                                                        \
	{ "certificate", required_argument, NULL, 'C' }, { "key", required_argument, NULL, 'K' }, \
	{ "passphrase", required_argument, NULL, 'W' },                                          \
	{ "anchors", required_argument, NULL, 'A' }, { "signers", required_argument, NULL, 'S' }, \
	{ "state", required_argument, NULL, 'T' }, { "now", required_argument, NULL, 'N' }
#define SIGN_OPTION_CASES                                                                        \
	case 'C': case 'K': case 'W': case 'A': case 'S': case 'T': case 'N'
bool sign_option(struct sign_options *options, int option, const char *argument);

/* Writes FILE.p7s beside each file. The exit status. */
int sign_files(const struct sign_options *options, char **files, size_t n);
/* Says of each file, and of what a policy takes in, whether a gate with these certificates would
 * take it. The exit status. */
int sign_verify_policies(const struct sign_options *options, char **files, size_t n);
int sign_verify_directories(const struct sign_options *options, char **files, size_t n);

#endif
