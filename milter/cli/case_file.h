/* case_file.h - NAME.case.yaml: what a message is judged under, and what should come of it
 * (INTERFACE.md, crm-notice test)
 */
#ifndef MILTER_CLI_CASE_FILE_H
#define MILTER_CLI_CASE_FILE_H

#include "policy/notice/answers.h"
#include "policy/rules/policy.h"

/* A text that may be expected to be null: present with an absent text. */
struct expected_text {
	bool given;
	struct str text;
};

struct expected_list {
	bool given;
	struct str_list list;
};

struct expected_time {
	bool given;
	int64_t time;
};

struct expectation {
	bool has_notice, notice;
	struct expected_text category, verdict, banner;
	struct expected_list findings, findings_include, findings_exclude, stripped;
	bool has_event;    /* with none of the three: no event is expected */
	struct expected_text event_id;
	struct expected_time event_start, event_end;
};

struct case_file {
	bool has_now;
	int64_t now;
	struct expected_text from;  /* an empty text is the null sender */
	struct expected_list recipients;
	struct str sasl, tls;       /* who submits it: the name, the certificate's subject */
	bool has_history;           /* without it there is no ledger; empty is an empty ledger */
	struct history_entry *history;
	size_t n_history;
	struct expectation expect;
};

/* Reads a case. False where there is an error: all of them are in diag then. */
bool case_file_read(struct arena *arena, const char *file, struct diag *diag,
		    struct case_file *ret_case);

#endif
