#include "milter/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* How long the thread waits between two attempts while syslog is away. */
#define RETRY_MILLISECONDS 200

struct line {
	struct line *next;
	size_t n;
	char text[];
};

struct log {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	pthread_t thread;
	bool stopping;
	const char *ident;
	char socket[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	int facility;
	bool to_stderr;
	int fd;           /* -1: not connected */
	struct line *first, **last;
	size_t octets, max_octets;
	int64_t away_since; /* monotonic milliseconds, 0: not away */
	uint64_t late_then, lost_then; /* the counters when it went away */
	struct log_stats stats;
};

static int64_t milliseconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The socket is tried anew whenever it is missing: a syslog that restarts makes a new one. */
static bool connect_syslog(struct log *log)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (log->fd >= 0)
		return true;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	memcpy(address.sun_path, log->socket, sizeof address.sun_path);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		close(fd);
		return false;
	}
	log->fd = fd;
	return true;
}

static bool send_syslog(struct log *log, const char *text, size_t n)
{
	for (int attempt = 0; attempt < 2; attempt++) {
		if (!connect_syslog(log))
			return false;
		if (send(log->fd, text, n, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			return true;
		if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS || errno == EINTR)
			return false;
		close(log->fd);
		log->fd = -1;
	}
	return false;
}

static void note_away(struct log *log)
{
	if (log->away_since != 0)
		return;
	log->away_since = milliseconds_now();
	log->late_then = log->stats.late;
	log->lost_then = log->stats.lost;
	if (log->to_stderr)
		fprintf(stderr, "%s: syslog at %s takes no lines: they wait, up to %zu octets\n",
			log->ident, log->socket, log->max_octets);
}

/* RFC 3164's form, as syslog(3) writes it. */
static size_t write_head(const struct log *log, int level, char *ret_head, size_t size)
{
	time_t now = time(NULL);
	struct tm tm;
	char when[32];
	int n;

	localtime_r(&now, &tm);
	strftime(when, sizeof when, "%b %e %H:%M:%S", &tm);
	n = snprintf(ret_head, size, "<%d>%s %s[%d]: ",
		     __atomic_load_n(&log->facility, __ATOMIC_RELAXED) | level, when, log->ident,
		     (int)getpid());
	return n > 0 && (size_t)n < size ? (size_t)n : 0;
}

static void enqueue(struct log *log, const char *text, size_t n)
{
	struct line *line;

	if (log->octets + n > log->max_octets) {
		log->stats.lost++;
		return;
	}
	line = malloc(sizeof *line + n);
	if (line == NULL) {
		log->stats.lost++;
		return;
	}
	line->next = NULL;
	line->n = n;
	memcpy(line->text, text, n);
	*log->last = line;
	log->last = &line->next;
	log->octets += n;
	log->stats.waiting++;
	pthread_cond_signal(&log->changed);
}

static void drop_first(struct log *log)
{
	struct line *line = log->first;

	log->first = line->next;
	if (log->first == NULL)
		log->last = &log->first;
	log->octets -= line->n;
	log->stats.waiting--;
	free(line);
}

static void report_back(struct log *log)
{
	char text[400];
	size_t n = write_head(log, LOG_WARNING, text, sizeof text);
	int64_t away = milliseconds_now() - log->away_since;
	int m = snprintf(text + n, sizeof text - n,
			 "syslog took no lines for %lld.%01lld s: %llu came late, %llu were lost",
			 (long long)(away / 1000), (long long)(away % 1000 / 100),
			 (unsigned long long)(log->stats.late - log->late_then),
			 (unsigned long long)(log->stats.lost - log->lost_then));

	if (m > 0 && send_syslog(log, text, n + (size_t)m))
		log->away_since = 0;
}

static void wait_retry(struct log *log)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += RETRY_MILLISECONDS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_cond_timedwait(&log->changed, &log->mutex, &until);
}

/* While syslog is away: its queue is full, and poll says when there is room, or nobody listens,
 * and only trying again will tell. The mutex is not held while waiting. */
static void wait_away(struct log *log)
{
	struct pollfd p = { .fd = log->fd, .events = POLLOUT };

	if (log->fd < 0) {
		wait_retry(log);
		return;
	}
	pthread_mutex_unlock(&log->mutex);
	poll(&p, 1, RETRY_MILLISECONDS);
	pthread_mutex_lock(&log->mutex);
}

static void *writer(void *argument)
{
	struct log *log = argument;

	pthread_mutex_lock(&log->mutex);
	while (!log->stopping) {
		if (log->first == NULL && log->away_since == 0) {
			pthread_cond_wait(&log->changed, &log->mutex);
		} else if (log->first == NULL) {
			report_back(log);
			if (log->away_since != 0)
				wait_away(log);
		} else if (send_syslog(log, log->first->text, log->first->n)) {
			log->stats.sent++;
			log->stats.late++;
			drop_first(log);
		} else {
			wait_away(log);
		}
	}
	pthread_mutex_unlock(&log->mutex);
	return NULL;
}

/* The order of lines is kept: nothing overtakes what waits. */
static void submit(struct log *log, const char *text, size_t n)
{
	pthread_mutex_lock(&log->mutex);
	if (log->first == NULL && send_syslog(log, text, n)) {
		log->stats.sent++;
	} else {
		note_away(log);
		enqueue(log, text, n);
	}
	pthread_mutex_unlock(&log->mutex);
}

static bool start_writer(struct log *log)
{
	pthread_condattr_t attributes;
	bool ok;

	pthread_mutex_init(&log->mutex, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&log->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	ok = pthread_create(&log->thread, NULL, writer, log) == 0;
	return ok;
}

struct log *log_open(const struct log_options *options, const char **ret_error)
{
	struct log *log = calloc(1, sizeof *log);

	if (log == NULL) {
		*ret_error = "out of memory";
		return NULL;
	}
	log->ident = options->ident;
	log->facility = options->facility;
	log->to_stderr = options->to_stderr;
	log->max_octets = options->queue_octets;
	log->fd = -1;
	log->last = &log->first;
	if (strlen(options->socket) >= sizeof log->socket) {
		*ret_error = "the path of the syslog socket is too long";
		free(log);
		return NULL;
	}
	memcpy(log->socket, options->socket, strlen(options->socket) + 1);
	if (!start_writer(log)) {
		*ret_error = "cannot start a thread";
		free(log);
		return NULL;
	}
	return log;
}

void log_close(struct log *log, unsigned milliseconds)
{
	int64_t deadline = milliseconds_now() + milliseconds;

	if (log == NULL)
		return;
	pthread_mutex_lock(&log->mutex);
	while (log->first != NULL && milliseconds_now() < deadline)
		wait_retry(log);
	log->stopping = true;
	pthread_cond_broadcast(&log->changed);
	pthread_mutex_unlock(&log->mutex);
	pthread_join(log->thread, NULL);
	while (log->first != NULL)
		drop_first(log);
	if (log->fd >= 0)
		close(log->fd);
	pthread_cond_destroy(&log->changed);
	pthread_mutex_destroy(&log->mutex);
	free(log);
}

void log_set_facility(struct log *log, int facility)
{
	__atomic_store_n(&log->facility, facility, __ATOMIC_RELAXED);
}

/* A control character in a line would be another line to some reader of the log. */
static void blank_controls(char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			text[i] = ' ';
	}
}

void log_printf(struct log *log, int level, const char *format, ...)
{
	char text[LOG_LINE_MAX];
	size_t head = write_head(log, level, text, sizeof text);
	va_list args;
	int m;
	size_t n;

	va_start(args, format);
	m = vsnprintf(text + head, sizeof text - head, format, args);
	va_end(args);
	if (m < 0)
		return;
	n = (size_t)m < sizeof text - head ? head + (size_t)m : sizeof text - 1;
	blank_controls(text + head, n - head);
	if (log->to_stderr)
		fprintf(stderr, "%s: %.*s\n", log->ident, (int)(n - head), text + head);
	submit(log, text, n);
}

void log_audit(struct log *log, int level, struct str line)
{
	char text[LOG_LINE_MAX];
	size_t n = write_head(log, level, text, sizeof text);

	line = str_head(line, sizeof text - n);
	memcpy(text + n, line.p, line.n);
	submit(log, text, n + line.n);
}

void log_get_stats(struct log *log, struct log_stats *ret_stats)
{
	pthread_mutex_lock(&log->mutex);
	*ret_stats = log->stats;
	ret_stats->away = log->away_since != 0;
	pthread_mutex_unlock(&log->mutex);
}
