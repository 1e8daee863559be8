/* mails.h - the messages that a command line names: files, mbox files, Maildirs, folders of files */
#ifndef MILTER_CLI_MAILS_H
#define MILTER_CLI_MAILS_H

#include <stdint.h>

#include "policy/base/arena.h"

struct mail {
	const char *file;
	size_t number;         /* within an mbox, from 1; 0: the file is this one message */
	struct str bytes;      /* cut one octet behind the maximum */
	const char *case_file; /* NAME.case.yaml beside NAME.eml, or NULL */
	bool has_postmark;     /* the mbox says when it came */
	int64_t postmark;
};

/* Who is told of them. mail and its memory are gone when a call returns. */
struct mails_visitor {
	void (*mail)(void *context, const struct mail *mail);
	/* A file that cannot be read, with the reason; error is its errno. */
	void (*broken)(void *context, const char *file, int error, const char *reason);
	void *context;
	size_t max; /* octets of a message */
};

/* Visits the messages of path, in the order of names: a folder with cur and new is a Maildir; of any
 * other the files *.eml and *.mbox are read, in all folders below it but those whose names begin with
 * a dot and are no Maildirs. A file *.eml is one message; any other that begins with "From " is an mbox, and
 * else one message too; "-" is standard input. Links are followed where a command line names them or they are files. What cannot
 * be read is said, and the rest is visited all the same. */
void mails_visit(const struct mails_visitor *visitor, const char *path);

/* When a mail server took a message in: its first Received field, that is the lowest, or else Date.
 * ret_source becomes "received" or "date". False where neither says. */
bool mail_time(struct str bytes, int64_t *ret_time, const char **ret_source);

#endif
