#include "milter/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "certs/chain.h"
#include "certs/digest.h"
#include "milter/audit.h"
#include "policy/base/buf.h"

/* "<20 digits> <64 hex>\n": always as long, so that one write replaces the one before. */
#define HEAD_OCTETS (20 + 1 + 2 * CHAIN_HASH_OCTETS + 1)
/* How long a new process waits for the one before to let go of the file. */
#define LOCK_ATTEMPTS 50
#define LOCK_MILLISECONDS 100

/* An open audit file. */
struct volume {
	int fd, head;     /* -1: none */
	dev_t device;
	ino_t inode;
	bool torn;        /* the last line has no end: a write was cut short */
};

struct journal {
	pthread_mutex_t syncing; /* who waits for the disk; taken before mutex: the file stays open */
	pthread_mutex_t mutex;
	struct log *log;
	struct volume volume;
	struct chain chain;
	struct signing_key *key;
	enum journal_sync sync;
	uint64_t synced;      /* the number up to which all is on the disk */
	uint64_t lost;        /* up to which it may not be: a wait failed */
	bool disk_fails;      /* the last wait for it did */
	unsigned every, seconds;
	uint64_t covered;     /* the number that the last checkpoint vouches for */
	int64_t uncovered_at; /* when the first record after it was written */
	uint64_t missed;      /* records not taken since the file last took one */
	struct journal_stats stats;
};

static const struct volume no_volume = { .fd = -1, .head = -1 };

struct journal *journal_new(struct log *log)
{
	struct journal *journal = calloc(1, sizeof *journal);

	if (journal == NULL)
		abort();
	pthread_mutex_init(&journal->mutex, NULL);
	pthread_mutex_init(&journal->syncing, NULL);
	journal->log = log;
	journal->volume = no_volume;
	return journal;
}

static void volume_close(struct volume *volume)
{
	if (volume->fd >= 0)
		close(volume->fd);
	if (volume->head >= 0)
		close(volume->head);
	*volume = no_volume;
}

/* Another process that appends would break the chain. The one before may still be finishing. */
static bool volume_lock(int fd)
{
	struct timespec pause = { .tv_nsec = LOCK_MILLISECONDS * 1000000L };

	for (int i = 0; i < LOCK_ATTEMPTS; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		nanosleep(&pause, NULL);
	}
	return false;
}

static bool volume_open(struct arena *arena, const char *file, struct volume *ret_volume,
			struct str *ret_error)
{
	static const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK;
	struct volume volume = no_volume;
	const char *head = arena_printf(arena, "%s.head", file).p, *fault = NULL;
	struct stat st;

	volume.fd = open(file, flags | O_APPEND, 0640);
	if (volume.fd < 0)
		fault = errno == ELOOP ? "a symbolic link; name the file itself" : strerror(errno);
	else if (fstat(volume.fd, &st) != 0 || !S_ISREG(st.st_mode))
		fault = "not a regular file";
	else if (!volume_lock(volume.fd))
		fault = "another process appends to it";
	else if ((volume.head = open(head, flags, 0640)) < 0)
		fault = "its .head beside it cannot be opened";
	if (fault != NULL) {
		*ret_error = arena_printf(arena, "%s: %s", file, fault);
		volume_close(&volume);
		return false;
	}
	volume.device = st.st_dev;
	volume.inode = st.st_ino;
	*ret_volume = volume;
	return true;
}

/* The end of the file: at most two lines' worth. Absent where it cannot be read. */
static struct str volume_tail(struct arena *arena, const struct volume *volume)
{
	size_t size = 2 * CHAIN_LINE_MAX, n = 0;
	char *text = arena_alloc(arena, size);
	struct stat st;
	ssize_t got;
	off_t from;

	if (fstat(volume->fd, &st) != 0)
		return STR_NONE;
	from = st.st_size > (off_t)size ? st.st_size - (off_t)size : 0;
	while (n < size && (got = pread(volume->fd, text + n, size - n, from + (off_t)n)) > 0)
		n += (size_t)got;
	return (struct str){ text, n };
}

/* Splits the tail into its last whole line and what stands after it without an end. */
static void tail_split(struct str tail, struct str *ret_line, struct str *ret_torn)
{
	size_t end = tail.n, begin;

	while (end > 0 && tail.p[end - 1] != '\n')
		end--;
	begin = end > 0 ? end - 1 : 0;
	while (begin > 0 && tail.p[begin - 1] != '\n')
		begin--;
	*ret_line = end > 0 ? str_span(tail.p + begin, tail.p + end - 1) : STR_NONE;
	*ret_torn = str_skip(tail, end);
}

/* Where the file says that the chain stands; true also for one that has no line yet. */
static bool chain_of_tail(struct str line, struct chain *ret_chain)
{
	struct str record;

	*ret_chain = (struct chain){ 0 };
	return line.p == NULL || chain_follow(ret_chain, true, line, &record) == CHAIN_VALID;
}

static bool head_read(const struct volume *volume, struct chain *ret_chain)
{
	char text[HEAD_OCTETS + 1] = "";
	struct chain chain = { 0 };
	unsigned octet;

	if (pread(volume->head, text, HEAD_OCTETS, 0) != HEAD_OCTETS ||
	    sscanf(text, "%20" SCNu64, &chain.sequence) != 1)
		return false;
	for (size_t i = 0; i < CHAIN_HASH_OCTETS; i++) {
		if (sscanf(text + 21 + 2 * i, "%2x", &octet) != 1)
			return false;
		chain.hash[i] = (uint8_t)octet;
	}
	*ret_chain = chain;
	return true;
}

/* A head that is behind only makes the next start look at the file alone. */
static void head_write(const struct volume *volume, const struct chain *chain)
{
	char text[HEAD_OCTETS + 1];
	int at = snprintf(text, sizeof text, "%020" PRIu64 " ", chain->sequence);
	ssize_t n;

	for (size_t i = 0; i < CHAIN_HASH_OCTETS; i++)
		at += snprintf(text + at, sizeof text - (size_t)at, "%02x", chain->hash[i]);
	text[at++] = '\n';
	n = pwrite(volume->head, text, (size_t)at, 0);
	(void)n;
}

/* Whether a crash between the two writes explains that the file is one ahead of its head. */
static bool tail_agrees(const struct chain *tail, const struct chain *head)
{
	return tail->sequence > head->sequence ||
	       (tail->sequence == head->sequence &&
		memcmp(tail->hash, head->hash, sizeof tail->hash) == 0);
}

/* Where the chain goes on. Where file and head disagree it goes on from the head: so the gap stays
 * visible to whoever verifies the file. */
static bool find_start(struct journal *journal, const char *file, struct str line,
		       const struct volume *volume, struct chain *ret_chain)
{
	struct chain tail, head;
	bool sound = chain_of_tail(line, &tail), has_head = head_read(volume, &head);

	if (!has_head) {
		*ret_chain = tail;
		return sound;
	}
	if (sound && tail_agrees(&tail, &head)) {
		*ret_chain = tail;
		return true;
	}
	/* An empty file is what rotation leaves. */
	if (line.p != NULL)
		log_printf(journal->log, LOG_ALERT,
			   "audit.file %s was changed: record %" PRIu64
			   " was the last one written, and the file ends with %s%" PRIu64,
			   file, head.sequence, sound ? "record " : "no record that is valid, not ",
			   sound ? tail.sequence : head.sequence);
	*ret_chain = head;
	return true;
}

static struct str record_open(struct arena *arena)
{
	return arena_printf(arena, "{\"time\":\"%.*s\"",
			    STR_ARG(audit_time(arena, (int64_t)time(NULL))));
}

/* Appends text whole or not at all; what cannot be taken back is closed off at the next append. */
static bool write_whole(struct volume *volume, const char *text, size_t n, const char **ret_error)
{
	ssize_t written = 0;
	size_t done = 0;
	struct stat st;

	if (fstat(volume->fd, &st) != 0) {
		*ret_error = strerror(errno);
		return false;
	}
	while (done < n && (written = write(volume->fd, text + done, n - done)) > 0)
		done += (size_t)written;
	if (done == n)
		return true;
	*ret_error = written < 0 ? strerror(errno) : "nothing was written";
	if (done > 0 && ftruncate(volume->fd, st.st_size) != 0)
		volume->torn = true;
	return false;
}

static bool append_line(struct journal *journal, struct arena *arena, struct str record,
			const char **ret_error)
{
	struct chain next = journal->chain;
	struct str line = chain_append(arena, &next, record);
	struct buf buf;

	if (line.p == NULL) {
		*ret_error = "the record is too long";
		return false;
	}
	buf_init(&buf, arena, line.n + 2);
	if (journal->volume.torn)
		buf_add_char(&buf, '\n');
	buf_add(&buf, line);
	buf_add_char(&buf, '\n');
	if (!write_whole(&journal->volume, buf.p, buf.n, ret_error))
		return false;
	journal->volume.torn = false;
	journal->chain = next;
	journal->stats.records++;
	/* A head that is ahead of what a power failure leaves would look like a cut file. */
	if (journal->sync != JOURNAL_SYNC_RECORD)
		head_write(&journal->volume, &next);
	return true;
}

/* Says in the chain what the half of a line before it is: so it is none that somebody put there. */
static bool close_torn(struct journal *journal, struct arena *arena, const char **ret_error)
{
	struct str line, torn, digest;

	if (!journal->volume.torn)
		return true;
	tail_split(volume_tail(arena, &journal->volume), &line, &torn);
	digest = digest_sha256_hex(arena, torn.p, torn.n);
	return append_line(journal, arena,
			   arena_printf(arena, "%.*s,\"event\":\"torn\",\"octets\":%zu,"
					"\"sha256\":\"%.*s\"}", STR_ARG(record_open(arena)), torn.n,
					STR_ARG(digest)), ret_error);
}

static bool append_resumed(struct journal *journal, struct arena *arena, const char **ret_error)
{
	if (journal->missed == 0)
		return true;
	if (!append_line(journal, arena,
			 arena_printf(arena, "%.*s,\"event\":\"resumed\",\"missed\":%" PRIu64 "}",
				      STR_ARG(record_open(arena)), journal->missed), ret_error))
		return false;
	log_printf(journal->log, LOG_NOTICE, "audit.file takes records again: %" PRIu64
		   " are missing from it", journal->missed);
	journal->missed = 0;
	return true;
}

/* One alert for each time that the file stops taking records. */
static void note_missed(struct journal *journal, const char *error)
{
	journal->stats.failed++;
	if (journal->missed++ == 0)
		log_printf(journal->log, LOG_CRIT,
			   "audit.file takes no records: %s; notices are deferred until it does",
			   error);
}

static bool append(struct journal *journal, struct arena *arena, struct str record,
		   const char **ret_error)
{
	if (!close_torn(journal, arena, ret_error) || !append_resumed(journal, arena, ret_error) ||
	    !append_line(journal, arena, record, ret_error)) {
		note_missed(journal, *ret_error);
		return false;
	}
	return true;
}

/* One alert for each time that the disk begins to fail; the records are in the file all the same. */
static void note_disk(struct journal *journal, const char *error)
{
	if (error != NULL)
		journal->stats.failed++;
	if (error != NULL && !journal->disk_fails)
		log_printf(journal->log, LOG_CRIT, "audit.file: records do not reach the disk: %s%s",
			   error, journal->sync == JOURNAL_SYNC_RECORD
				  ? "; notices are deferred until they do" : "");
	else if (error == NULL && journal->disk_fails)
		log_printf(journal->log, LOG_NOTICE, "audit.file: records reach the disk again");
	journal->disk_fails = error != NULL;
}

/* What came of a wait for the disk that began when the chain stood at chain; error is NULL where
 * all went well; under the mutex. Linux tells of a write that failed once, and the next wait says
 * nothing of what that lost (fsync(2)): who waits for a record that stood there has to hear of it
 * too. */
static void note_wait(struct journal *journal, const struct chain *chain, const char *error)
{
	note_disk(journal, error);
	if (error != NULL) {
		journal->lost = journal->chain.sequence;
	} else if (chain->sequence > journal->synced) {
		journal->synced = chain->sequence;
		head_write(&journal->volume, chain);
	}
}

/* What stands in the file so far is on the disk afterwards; under the mutex. */
static bool sync_all(struct journal *journal)
{
	const char *error = fdatasync(journal->volume.fd) == 0 ? NULL : strerror(errno);

	note_wait(journal, &journal->chain, error);
	return error == NULL;
}

/* Both a record of the chain and a line elsewhere: only the latter can show a cut end. */
static void make_checkpoint(struct journal *journal, struct arena *arena)
{
	struct str text;
	const char *error;

	if (journal->key == NULL || journal->volume.fd < 0 ||
	    journal->chain.sequence == journal->covered)
		return;
	text = checkpoint_sign(arena, journal->key, &journal->chain, (int64_t)time(NULL));
	if (text.p == NULL) {
		log_printf(journal->log, LOG_ERR, "a checkpoint of audit.file could not be signed");
		return;
	}
	if (append(journal, arena,
		   arena_printf(arena, "%.*s,\"event\":\"checkpoint\",\"checkpoint\":\"%.*s\"}",
				STR_ARG(record_open(arena)), STR_ARG(text)), &error) &&
	    (journal->sync == JOURNAL_SYNC_NONE || sync_all(journal))) {
		journal->covered = journal->chain.sequence;
		log_printf(journal->log, LOG_NOTICE, "audit checkpoint: %.*s", STR_ARG(text));
	}
}

static int64_t seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec;
}

static bool checkpoint_due(const struct journal *journal)
{
	uint64_t open = journal->chain.sequence - journal->covered;

	return journal->key != NULL && open > 0 &&
	       (open >= journal->every ||
		seconds_now() - journal->uncovered_at >= (int64_t)journal->seconds);
}

/* Waits until a record is on the disk. Whoever comes while another waits finds most often that its
 * record went there with the next wait, which is for all records that stand at its beginning. */
static bool sync_record(struct journal *journal, uint64_t number, const char **ret_error)
{
	const char *error = NULL;
	struct chain chain;
	bool done, lost;
	int fd;

	pthread_mutex_lock(&journal->syncing);
	pthread_mutex_lock(&journal->mutex);
	lost = journal->lost >= number;
	done = journal->synced >= number || lost;
	chain = journal->chain;
	fd = journal->volume.fd;
	pthread_mutex_unlock(&journal->mutex);
	if (!done) {
		error = fdatasync(fd) == 0 ? NULL : strerror(errno);
		pthread_mutex_lock(&journal->mutex);
		note_wait(journal, &chain, error);
		pthread_mutex_unlock(&journal->mutex);
	}
	pthread_mutex_unlock(&journal->syncing);
	if (lost)
		error = "the disk failed while it was written";
	if (error != NULL)
		*ret_error = error;
	return error == NULL;
}

bool journal_append(struct journal *journal, struct str record, const char **ret_error)
{
	struct arena *arena = arena_new();
	uint64_t number = 0;
	bool done = true;

	pthread_mutex_lock(&journal->mutex);
	if (journal->volume.fd >= 0) {
		if (journal->chain.sequence == journal->covered)
			journal->uncovered_at = seconds_now();
		done = append(journal, arena, record, ret_error);
		number = journal->chain.sequence;
		if (done && checkpoint_due(journal))
			make_checkpoint(journal, arena);
		if (journal->sync != JOURNAL_SYNC_RECORD)
			number = 0;
	}
	pthread_mutex_unlock(&journal->mutex);
	arena_free(arena);
	return done && (number == 0 || sync_record(journal, number, ret_error));
}

static void checkpoint_if(struct journal *journal, bool (*is_due)(const struct journal *journal))
{
	struct arena *arena = arena_new();

	pthread_mutex_lock(&journal->mutex);
	if (is_due(journal))
		make_checkpoint(journal, arena);
	pthread_mutex_unlock(&journal->mutex);
	arena_free(arena);
}

static bool always_due(const struct journal *journal)
{
	(void)journal;
	return true;
}

void journal_checkpoint(struct journal *journal)
{
	checkpoint_if(journal, always_due);
}

void journal_tick(struct journal *journal)
{
	checkpoint_if(journal, checkpoint_due);
}

/* The file that is open, by whatever name it was opened. */
static bool is_open(const struct journal *journal, const char *file)
{
	struct stat st;

	return journal->volume.fd >= 0 && file != NULL && lstat(file, &st) == 0 &&
	       st.st_dev == journal->volume.device && st.st_ino == journal->volume.inode;
}

/* Before a file is closed. */
static void sync_last(struct journal *journal)
{
	if (journal->volume.fd >= 0 && journal->sync != JOURNAL_SYNC_NONE)
		sync_all(journal);
}

/* Puts volume in the place of the file before. An empty file after a rotation goes on with the
 * chain: find_start found it in the head, which keeps its name. */
static void switch_volume(struct journal *journal, struct arena *arena, struct volume *volume,
			  const char *file, struct str line)
{
	struct chain start;

	make_checkpoint(journal, arena);
	sync_last(journal);
	find_start(journal, file, line, volume, &start);
	volume_close(&journal->volume);
	journal->volume = *volume;
	if (start.sequence != journal->chain.sequence)
		journal->covered = journal->lost = 0;
	journal->chain = start;
	journal->synced = start.sequence;
	journal->uncovered_at = seconds_now();
}

static bool open_volume(struct journal *journal, struct arena *arena, const char *file,
			struct str *ret_error)
{
	struct chain tail, head;
	struct volume volume;
	struct str line, torn;

	if (!volume_open(arena, file, &volume, ret_error))
		return false;
	tail_split(volume_tail(arena, &volume), &line, &torn);
	volume.torn = torn.n > 0;
	if (!chain_of_tail(line, &tail) && !head_read(&volume, &head)) {
		*ret_error = arena_printf(arena, "%s: ends with no record of an audit chain: move it "
					  "away, and a new one begins", file);
		volume_close(&volume);
		return false;
	}
	switch_volume(journal, arena, &volume, file, line);
	return true;
}

bool journal_open(struct journal *journal, struct arena *arena,
		  const struct journal_options *options, struct str *ret_error)
{
	bool done = true;

	pthread_mutex_lock(&journal->syncing);
	pthread_mutex_lock(&journal->mutex);
	if (options->file == NULL) {
		make_checkpoint(journal, arena);
		sync_last(journal);
		volume_close(&journal->volume);
	} else if (!is_open(journal, options->file)) {
		done = open_volume(journal, arena, options->file, ret_error);
	}
	if (done) {
		signing_key_free(journal->key);
		journal->key = options->key;
		journal->sync = options->sync;
		journal->every = options->every;
		journal->seconds = options->seconds;
	} else {
		signing_key_free(options->key);
	}
	pthread_mutex_unlock(&journal->mutex);
	pthread_mutex_unlock(&journal->syncing);
	return done;
}

void journal_get_stats(struct journal *journal, struct journal_stats *ret_stats)
{
	pthread_mutex_lock(&journal->mutex);
	*ret_stats = journal->stats;
	pthread_mutex_unlock(&journal->mutex);
}

void journal_free(struct journal *journal)
{
	if (journal == NULL)
		return;
	volume_close(&journal->volume);
	signing_key_free(journal->key);
	pthread_mutex_destroy(&journal->syncing);
	pthread_mutex_destroy(&journal->mutex);
	free(journal);
}
