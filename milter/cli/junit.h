/* junit.h - results of tests as JUnit XML, which continuous integration systems read */
#ifndef MILTER_CLI_JUNIT_H
#define MILTER_CLI_JUNIT_H

#include "policy/base/arena.h"

enum junit_outcome { JUNIT_PASSED, JUNIT_FAILED, JUNIT_BROKEN };

struct junit_case {
	const char *folder; /* the suite */
	const char *name;
	const char *file;
	enum junit_outcome outcome;
	struct str text;    /* why not, a line for each reason */
	double seconds;
};

/* Writes file anew: a suite for each folder, in the order in which they first come. Whatever names and
 * texts hold, it is well-formed: what XML cannot hold becomes U+FFFD. False, with errno, where it
 * cannot be written. */
bool junit_write(const char *file, const struct junit_case *cases, size_t n);

#endif
