/* log.h - lines to syslog that never hold up mail
 *
 * syslog(3) blocks where the system's log is slow and drops lines in silence where it is gone.
 * Here every line is sent without blocking; what cannot be sent waits in a bounded queue, a
 * thread tries again, and what is late or lost is counted and said once the log is back.
 * The audit's own file is journal.h's. Thread-safe.
 */
#ifndef MILTER_LOG_H
#define MILTER_LOG_H

#include <stdint.h>
#include <syslog.h>

#include "policy/base/str.h"

/* Longer lines are cut: rsyslog's default message size is 8 KiB. */
#define LOG_LINE_MAX 7000

struct log;

struct log_options {
	const char *ident;     /* the program's name in every line */
	const char *socket;    /* "/dev/log" */
	int facility;          /* LOG_MAIL, ... */
	bool to_stderr;        /* operational lines also to standard error */
	size_t queue_octets;   /* how much may wait while syslog is away */
};

struct log_stats {
	uint64_t sent;         /* lines that syslog took */
	uint64_t late;         /* of them, those that had to wait */
	uint64_t lost;         /* for which the queue had no room */
	size_t waiting;        /* lines in the queue now */
	bool away;             /* the last attempt to send failed */
};

/* Never NULL where memory and threads are to be had; a syslog that is not there is no error. Else
 * *ret_error is a static text. */
struct log *log_open(const struct log_options *options, const char **ret_error);
/* Sends what waits for at most milliseconds, then frees; what is left is lost. NULL is allowed. */
void log_close(struct log *log, unsigned milliseconds);

void log_set_facility(struct log *log, int facility);

/* An operational line. level is syslog's (LOG_ERR, ...). */
void log_printf(struct log *log, int level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* An audit line. */
void log_audit(struct log *log, int level, struct str line);

void log_get_stats(struct log *log, struct log_stats *ret_stats);

#endif
