/* sign.h - sign and verify of policies and directories: what the daemon's trust asks for */
#ifndef MILTER_CLI_SIGN_H
#define MILTER_CLI_SIGN_H

#include <getopt.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

#define SIGN_PROVIDERS_MAX 8

struct sign_options {
	const char *command;           /* "policy sign": in messages */
	const char *certificate;       /* sign: PEM file */
	const char *key;               /* PEM file or URI */
	const char *passphrase;        /* file with the key's or the PIN; NULL: there is none */
	const char *openssl;           /* OpenSSL's configuration; NULL: the machine's */
	const char *providers[SIGN_PROVIDERS_MAX]; /* of OpenSSL, beside that */
	size_t n_providers;
	const char *anchors, *signers; /* verify: PEM files */
	const char *state;             /* verify: the daemon's file of serials; NULL: none */
	const char *path;              /* verify: where a policy's files are looked up */
	int64_t now;                   /* seconds since 1970 UTC */
};

/* Rows of a table for getopt_long, and what takes one: false where its argument cannot be, with
 * the reason on standard error. */
#define SIGN_KEY_OPTIONS                                                                         \
	{ "passphrase", required_argument, NULL, 'W' },                                          \
	{ "openssl-config", required_argument, NULL, 'O' },                                      \
	{ "provider", required_argument, NULL, 'V' }
#define SIGN_LONG_OPTIONS                                                                        \
	SIGN_KEY_OPTIONS, { "certificate", required_argument, NULL, 'C' },                       \
	{ "key", required_argument, NULL, 'K' }, { "anchors", required_argument, NULL, 'A' },     \
	{ "signers", required_argument, NULL, 'S' }, { "state", required_argument, NULL, 'T' },   \
	{ "now", required_argument, NULL, 'N' }
#define SIGN_OPTION_CASES                                                                        \
	case 'C': case 'K': case 'W': case 'O': case 'V': case 'A': case 'S': case 'T': case 'N'
bool sign_option(struct sign_options *options, int option, const char *argument);

/* Writes FILE.p7s beside each file. The exit status. */
int sign_files(const struct sign_options *options, char **files, size_t n);
/* Prints the public key of options->key. The exit status. */
int sign_public_key(const struct sign_options *options);
/* Says of each file, and of what a policy takes in, whether a gate with these certificates would
 * take it. The exit status. */
int sign_verify_policies(const struct sign_options *options, char **files, size_t n);
int sign_verify_directories(const struct sign_options *options, char **files, size_t n);

#endif
