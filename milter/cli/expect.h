/* expect.h - a judgement held against what a case expects */
#ifndef MILTER_CLI_EXPECT_H
#define MILTER_CLI_EXPECT_H

#include "milter/cli/case_file.h"
#include "policy/judge.h"

enum expect_key {
	EXPECT_NOTICE,
	EXPECT_CATEGORY,
	EXPECT_VERDICT,
	EXPECT_FINDINGS, /* all three keys of findings */
	EXPECT_EVENT,
	EXPECT_BANNER,
	EXPECT_N,
};
const char *expect_key_name(enum expect_key key);

struct mismatch {
	const char *key; /* as in the case file: "findings_include", "event.start" */
	struct str expected, got;
};

struct comparison {
	bool given[EXPECT_N], agrees[EXPECT_N];
	struct mismatch *mismatches;
	size_t n, cap;
};

/* Compares the keys that the case gives, and only those. */
void expect_compare(struct arena *arena, const struct expectation *expect,
		    const struct judgement *judgement, struct comparison *ret_comparison);

#endif
