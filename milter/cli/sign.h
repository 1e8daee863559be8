/* sign.h - policy sign and policy verify: what the daemon's trust asks for, made and checked */
#ifndef MILTER_CLI_SIGN_H
#define MILTER_CLI_SIGN_H

#include <stddef.h>
#include <stdint.h>

struct sign_options {
	const char *certificate, *key; /* sign: PEM files */
	const char *passphrase;        /* file with the key's; NULL: it is not encrypted */
	const char *anchors, *signers; /* verify: PEM files */
	int64_t now;                   /* seconds since 1970 UTC */
};

/* Writes FILE.p7s beside each file. The exit status. */
int sign_files(const struct sign_options *options, char **files, size_t n);
/* Says of each file, and of what it extends, whether a gate with these certificates would take
 * it. The exit status. */
int sign_verify(const struct sign_options *options, const char *path, char **files, size_t n);

#endif
