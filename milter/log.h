/* log.h - lines to syslog that never hold up mail
 *
 * syslog(3) blocks where the system's log is slow and drops lines in silence where it is gone.
 * Here every line is sent without blocking; what cannot be sent waits in a bounded queue, a
 * thread tries again, and what is late or lost is counted and said once the log is back.
 * Audit lines may also go to a file of their own. Thread-safe.
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
	const char *file;      /* second copy of audit lines; NULL for none */
	bool to_stderr;        /* operational lines also to standard error */
	size_t queue_octets;   /* how much may wait while syslog is away */
};

struct log_stats {
	uint64_t sent;         /* lines that syslog took */
	uint64_t late;         /* of them, those that had to wait */
	uint64_t lost;         /* for which the queue had no room */
	uint64_t file_failed;  /* audit lines that the file did not take */
	size_t waiting;        /* lines in the queue now */
	bool away;             /* the last attempt to send failed */
};

/* Never NULL where memory and threads are to be had; a syslog that is not there is no error.
 * A file that cannot be opened is: NULL and *ret_error (a static or strerror text). */
struct log *log_open(const struct log_options *options, const char **ret_error);
/* Sends what waits for at most milliseconds, then frees; what is left is lost. NULL is allowed. */
void log_close(struct log *log, unsigned milliseconds);

/* Opens another file for audit lines, or the same one again after rotation. False and *ret_error
 * where it cannot be opened: the one before stays. */
bool log_reopen(struct log *log, const char *file, const char **ret_error);
void log_set_facility(struct log *log, int facility);

/* An operational line. level is syslog's (LOG_ERR, ...). */
void log_printf(struct log *log, int level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* An audit line: to syslog at level and to the file. */
void log_audit(struct log *log, int level, struct str line);

void log_get_stats(struct log *log, struct log_stats *ret_stats);

#endif
