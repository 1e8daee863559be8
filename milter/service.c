#include "milter/service.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libmilter/mfapi.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "milter/journal.h"

/* Deep enough for ICU and PCRE2, small enough that a thread for each session is no worry. */
#define STACK_OCTETS (2u << 20)
/* Descriptors beside the sessions': log, policy files, image decoder, libmilter's own. */
#define SPARE_DESCRIPTORS 128

/* How often what falls due by time is looked for. */
#define TICK_MILLISECONDS 1000
/* Sessions that wait for a thread of libmilter and get one at each tick: see nudge(). */
#define NUDGES 4

struct service {
	struct daemon *daemon;
	int listener;        /* libmilter's own; -1 once it was taken away */
	char *path;          /* of a Unix socket, to remove at the end */
	dev_t device;        /* of path, so that only ours is removed */
	ino_t inode;
	pthread_t thread;
	int done_pipe[2];    /* written once smfi_main returned */
	int status;
};

/* Signal handlers can only write here: one letter a signal. Made before the handlers. */
static int signal_pipe[2] = { -1, -1 };

static void on_signal(int number)
{
	int saved = errno;
	char letter = number == SIGUSR1 ? 'r' : number == SIGUSR2 ? 's' : 't';
	ssize_t n = write(signal_pipe[1], &letter, 1);

	(void)n;
	errno = saved;
}

/* SIGTERM and SIGHUP would make libmilter's own thread stop the filter at once, messages in
 * progress and all. Linux hands a signal to the main thread where that does not block it, so it is
 * ours as long as libmilter runs on another. Should libmilter get one after all, the filter stops
 * the way libmilter does. */
static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2 };
#define N_SIGNALS (sizeof signals / sizeof signals[0])

static bool mask_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < N_SIGNALS; i++)
		sigaddset(&set, signals[i]);
	return pthread_sigmask(how, &set, NULL) == 0;
}

bool service_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	if (!mask_signals(SIG_BLOCK) || pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	for (size_t i = 0; i < N_SIGNALS; i++)
		sigaction(signals[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* A file at its limit is a failed write, which has its own handling. */
	signal(SIGXFSZ, SIG_IGN);
	return true;
}

void service_forbid_core(void)
{
	static const struct rlimit none;

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void service_limit_resources(const struct config *config)
{
	rlim_t wanted = (rlim_t)config->sessions + SPARE_DESCRIPTORS;
	pthread_attr_t attributes;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted) {
		limit.rlim_cur = wanted;
		if (limit.rlim_max < wanted && geteuid() == 0)
			limit.rlim_max = wanted;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (pthread_attr_init(&attributes) != 0)
		return;
	if (pthread_attr_setstacksize(&attributes, STACK_OCTETS) == 0)
		pthread_setattr_default_np(&attributes);
	pthread_attr_destroy(&attributes);
}

void service_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t n = path != NULL ? strlen(path) : 0;
	int fd;

	if (n == 0 || n >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(address.sun_path, path, n);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
	       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	close(fd);
}

/* The path of a Unix socket, or NULL for another kind. */
static const char *unix_path(struct str socket)
{
	if (str_starts(socket, STR_LIT("unix:")))
		return socket.p + 5;
	if (str_starts(socket, STR_LIT("local:")))
		return socket.p + 6;
	return socket.n > 0 && socket.p[0] == '/' ? socket.p : NULL;
}

/* libmilter would remove any socket at this path, also that of a filter that runs. */
static bool clear_path(const char *path, struct arena *arena, struct str *ret_error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat st;
	int fd, status;

	if (strlen(path) >= sizeof address.sun_path) {
		*ret_error = arena_printf(arena, "%s: longer than %zu octets", path,
					  sizeof address.sun_path - 1);
		return false;
	}
	if (lstat(path, &st) != 0)
		return true;
	if (!S_ISSOCK(st.st_mode)) {
		*ret_error = arena_printf(arena, "%s: is there, and no socket: not touched", path);
		return false;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	status = fd < 0 ? -1 : connect(fd, (struct sockaddr *)&address, sizeof address);
	if (fd >= 0)
		close(fd);
	if (status == 0) {
		*ret_error = arena_printf(arena, "%s: another process listens there already", path);
		return false;
	}
	unlink(path);
	return true;
}

/* libmilter keeps its descriptor to itself; it is the only one in this process that listens. */
static int find_listener(void)
{
	struct rlimit limit;
	int max = 1024;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536)
		max = (int)limit.rlim_cur;
	for (int fd = 3; fd < max; fd++) {
		int listening = 0;
		socklen_t n = sizeof listening;

		if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) == 0 && listening != 0)
			return fd;
	}
	return -1;
}

/* The socket belongs to whom the daemon becomes, so that it can nudge itself. */
static bool own_path(struct service *service, const struct config *config, struct arena *arena,
		     struct str *ret_error)
{
	const struct passwd *user =
		config->user.n > 0 && geteuid() == 0 ? getpwnam(config->user.p) : NULL;
	uid_t owner = user != NULL ? user->pw_uid : (uid_t)-1;
	gid_t group = (gid_t)-1;
	struct stat st;

	if (config->socket_group.n > 0) {
		const struct group *entry = getgrnam(config->socket_group.p);

		if (entry == NULL) {
			*ret_error = arena_printf(arena, "socket_group: no group is called %.*s",
						  STR_ARG(config->socket_group));
			return false;
		}
		group = entry->gr_gid;
	}
	if (((owner != (uid_t)-1 || group != (gid_t)-1) &&
	     chown(service->path, owner, group) != 0) ||
	    chmod(service->path, config->socket_mode) != 0 || stat(service->path, &st) != 0) {
		*ret_error = arena_printf(arena, "%s: %s", service->path, strerror(errno));
		return false;
	}
	service->device = st.st_dev;
	service->inode = st.st_ino;
	return true;
}

static bool open_socket(struct service *service, const struct config *config,
			struct arena *arena, struct str *ret_error)
{
	const char *path = unix_path(config->socket);
	int one = 1;
	mode_t mask;
	bool ok;

	if (path != NULL && !clear_path(path, arena, ret_error))
		return false;
	mask = umask(0777 & ~config->socket_mode);
	errno = 0;
	ok = smfi_setconn(arena_cstr(arena, config->socket)) == MI_SUCCESS &&
	     smfi_opensocket(true) == MI_SUCCESS;
	umask(mask);
	if (!ok) {
		*ret_error = arena_printf(arena, "cannot listen on %.*s%s%s", STR_ARG(config->socket),
					  errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
		return false;
	}
	service->listener = find_listener();
	if (path == NULL) {
		/* Accepted connections inherit it. Without, each added field costs 40 ms. */
		setsockopt(service->listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		return true;
	}
	service->path = strdup(path);
	return service->path != NULL && own_path(service, config, arena, ret_error);
}

struct service *service_listen(struct daemon *daemon, struct arena *arena, struct str *ret_error)
{
	const struct config *config = daemon->gate->config;
	struct service *service = calloc(1, sizeof *service);

	if (service == NULL)
		abort();
	service->daemon = daemon;
	service->listener = -1;
	smfi_settimeout((int)config->idle);
	if (!open_socket(service, config, arena, ret_error)) {
		service_free(service);
		return NULL;
	}
	return service;
}

void service_free(struct service *service)
{
	if (service == NULL)
		return;
	free(service->path);
	free(service);
}

bool service_drop_privileges(const struct config *config, struct arena *arena,
			     struct str *ret_error)
{
	const struct passwd *user = NULL;

	if (config->user.n > 0) {
		user = getpwnam(config->user.p);
		if (user == NULL) {
			*ret_error = arena_printf(arena, "user: nobody is called %.*s",
						  STR_ARG(config->user));
			return false;
		}
	}
	if (user != NULL && geteuid() == 0) {
		capng_clear(CAPNG_SELECT_BOTH);
		if (capng_change_id((int)user->pw_uid, (int)user->pw_gid,
				    CAPNG_INIT_SUPP_GRP | CAPNG_CLEAR_BOUNDING) != 0) {
			*ret_error = arena_printf(arena, "cannot become %s: %s", user->pw_name,
						  strerror(errno));
			return false;
		}
	} else if (user != NULL && user->pw_uid != geteuid()) {
		*ret_error = arena_printf(arena, "user: only root can become %s", user->pw_name);
		return false;
	}
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* Changing ids made the process undumpable; that also hides /proc/self from itself. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	return true;
}

static void *milter_thread(void *argument)
{
	struct service *service = argument;
	ssize_t n;

	service->status = smfi_main() == MI_SUCCESS ? EX_OK : EX_UNAVAILABLE;
	n = write(service->done_pipe[1], "", 1);
	(void)n;
	return NULL;
}

static void remove_path(struct service *service)
{
	struct stat st;

	if (service->path != NULL && stat(service->path, &st) == 0 &&
	    st.st_dev == service->device && st.st_ino == service->inode)
		unlink(service->path);
}

/* No new sessions, while those that run go on: libmilter's listening descriptor becomes one that
 * nobody knows, and the real one is shut, which also wakes libmilter from its poll. */
static void stop_accepting(struct service *service)
{
	struct sockaddr_un nobody = { .sun_family = AF_UNIX };
	int real, other;

	if (service->listener < 0)
		return;
	real = fcntl(service->listener, F_DUPFD_CLOEXEC, 3);
	other = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* An address without a name: the kernel finds one in its abstract space. */
	if (real >= 0 && other >= 0 &&
	    bind(other, (struct sockaddr *)&nobody, sizeof nobody.sun_family) == 0 &&
	    listen(other, 1) == 0 && dup2(other, service->listener) >= 0) {
		remove_path(service);
		shutdown(real, SHUT_RDWR);
	}
	if (other >= 0)
		close(other);
	if (real >= 0)
		close(real);
	service->listener = -1;
}

static void sleep_milliseconds(long milliseconds)
{
	struct timespec t = { .tv_sec = milliseconds / 1000,
			      .tv_nsec = milliseconds % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* Waits until no message is in progress; a second signal cuts it short. */
static void drain(struct service *service)
{
	struct daemon *daemon = service->daemon;
	struct gate *gate = daemon_gate(daemon);
	unsigned seconds = gate->config->drain, left;
	bool again = false;

	gate_unref(gate);
	__atomic_store_n(&daemon->draining, true, __ATOMIC_RELEASE);
	service_notify("STOPPING=1");
	stop_accepting(service);
	log_printf(daemon->log, LOG_NOTICE, "stopping: %u messages in progress, %u sessions",
		   COUNT_GET(daemon->transactions), COUNT_GET(daemon->open_sessions));
	for (unsigned i = 0; i < seconds * 50 && !again; i++) {
		char letter;

		if (COUNT_GET(daemon->transactions) == 0)
			break;
		sleep_milliseconds(20);
		again = read(signal_pipe[0], &letter, 1) == 1 && letter == 't';
	}
	left = COUNT_GET(daemon->transactions);
	if (left > 0)
		log_printf(daemon->log, LOG_WARNING,
			   "%u messages are cut off%s: the MTA will try them again", left,
			   again ? " by a second signal" : " at the end of the time to drain");
	/* The answer to the last message is written after its callback returned. */
	sleep_milliseconds(50);
}

static void reload(struct service *service, const char *config_file)
{
	service_notify("RELOADING=1");
	daemon_reload(service->daemon, config_file);
	service_notify("READY=1");
}

/* True until the filter is to stop. */
static bool handle_signals(struct service *service, const char *config_file)
{
	char letters[64];
	ssize_t n = read(signal_pipe[0], letters, sizeof letters);
	bool again = false, report = false, stop = false;

	for (ssize_t i = 0; i < n; i++) {
		again = again || letters[i] == 'r';
		report = report || letters[i] == 's';
		stop = stop || letters[i] == 't';
	}
	if (again && !stop)
		reload(service, config_file);
	if (report)
		daemon_report(service->daemon);
	return !stop;
}

/* libmilter wakes an idle thread for each session that has something to read; where several have at
 * the same moment, the thread takes any of them, and the others wait until some thread is done. With
 * every thread held by a peer that sent half a packet, that is limits.idle. A session that ends at
 * once gets a thread of its own, which then looks for those that wait. */
static void nudge(const struct service *service)
{
	struct sockaddr_storage address;
	socklen_t n = sizeof address;

	if (getsockname(service->listener, (struct sockaddr *)&address, &n) != 0)
		return;
	for (int i = 0; i < NUDGES; i++) {
		int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		if (fd < 0)
			return;
		/* Where it does not come about, the next tick is soon enough. */
		(void)!connect(fd, (struct sockaddr *)&address, n);
		close(fd);
	}
}

static void serve(struct service *service, const char *config_file)
{
	struct pollfd p[2] = { { .fd = signal_pipe[0], .events = POLLIN },
			       { .fd = service->done_pipe[0], .events = POLLIN } };

	for (;;) {
		int n = poll(p, 2, TICK_MILLISECONDS);

		if (n < 0 && errno != EINTR)
			return;
		journal_tick(service->daemon->journal);
		if (n == 0)
			nudge(service);
		if (n <= 0)
			continue;
		if (p[1].revents != 0) {
			log_printf(service->daemon->log, LOG_ERR, "libmilter stopped by itself");
			return;
		}
		if (p[0].revents != 0 && !handle_signals(service, config_file))
			break;
	}
	drain(service);
}

int service_run(struct service *service, const char *config_file)
{
	struct daemon *daemon = service->daemon;

	if (pipe2(service->done_pipe, O_CLOEXEC) != 0 ||
	    pthread_create(&service->thread, NULL, milter_thread, service) != 0 ||
	    !mask_signals(SIG_UNBLOCK)) {
		log_printf(daemon->log, LOG_ERR, "cannot start: %s", strerror(errno));
		return EX_OSERR;
	}
	service_notify("READY=1");
	serve(service, config_file);
	remove_path(service);
	daemon_report(daemon);
	log_printf(daemon->log, LOG_NOTICE, "stopped");
	return service->status;
}
