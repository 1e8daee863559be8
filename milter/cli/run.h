/* run.h - one message through the judgement, with the answers that a command line has */
#ifndef MILTER_CLI_RUN_H
#define MILTER_CLI_RUN_H

#include "milter/cli/case_file.h"
#include "milter/directory/directory.h"
#include "milter/image/image.h"
#include "policy/judge.h"
#include "policy/message/ingest.h"

/* Reads what is left of a stream or a file, up to max octets and one more, so that too much can be
 * told. False, with errno, where it cannot be read. "-" is standard input. */
bool run_read(struct arena *arena, const char *file, size_t max, struct str *ret_bytes);

struct cms_anchors;

struct run {
	struct policy *policy;
	const struct directory *directory; /* NULL: none */
	struct image_helper *images;       /* NULL: images stay unknown */
	const struct case_file *case_file; /* NULL: none; gives now, from, recipients, history */
	const struct str *from;            /* NULL: the case's, else Return-Path, else From */
	const struct str_list *recipients; /* empty: the case's, else To, Cc and Bcc */
	struct str sasl, tls;              /* who submits it; absent: the case's, else nobody */
	const struct cms_anchors *anchors; /* of signed submissions; NULL: none */
	int64_t now;                       /* where the case says none */
};

struct run_result {
	const struct judgement *judgement;
	const struct answers *answers;
	struct ingest *ingest;
};

/* Judges a message whose memory is arena's. run_done gives the rest back. */
void run_judge(const struct run *run, struct arena *arena, struct str bytes,
	       struct run_result *ret_result);
void run_done(struct run_result *result);

#endif
