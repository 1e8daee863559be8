#include "milter/image/image.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "milter/image/helper.h"

/* What the helper may take over what an image may, in milliseconds. */
#define HELPER_SLACK 1000

struct image_helper {
	pthread_mutex_t lock;
	pid_t pid; /* 0 where none runs */
	int socket;
};

/* In the child: nothing of the filter's stays but the socket, as descriptor 0. A helper that is
 * started again comes from a process with threads, any of which may have held a lock: so only calls
 * that are async-signal-safe here and in helper_serve, and in a worker, which needs memory, what
 * takes no lock but malloc's, which the C library sets free in a child. */
static _Noreturn void become_helper(int socket)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE };
	sigset_t none;

	for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++)
		signal(stops[i], SIG_IGN); /* it ends when the socket does */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(socket, STDIN_FILENO) < 0)
		_exit(1);
	if (close_range(STDIN_FILENO + 1, ~0u, 0) != 0)
		for (int fd = 1; fd < 65536; fd++)
			close(fd);
	/* so that a dying library's last words are nobody's answer */
	if (open("/dev/null", O_WRONLY) == STDOUT_FILENO)
		dup2(STDOUT_FILENO, STDERR_FILENO);
	helper_serve(STDIN_FILENO);
}

static bool start(struct image_helper *helper)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	pid = fork();
	if (pid == 0)
		become_helper(ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return false;
	}
	helper->pid = pid;
	helper->socket = ends[0];
	return true;
}

static void stop(struct image_helper *helper)
{
	if (helper->pid == 0)
		return;
	close(helper->socket);
	kill(helper->pid, SIGKILL);
	while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
		;
	helper->pid = 0;
}

struct image_helper *image_helper_new(void)
{
	struct image_helper *helper = calloc(1, sizeof *helper);

	if (helper == NULL)
		return NULL;
	pthread_mutex_init(&helper->lock, NULL);
	if (start(helper))
		return helper;
	image_helper_free(helper);
	return NULL;
}

void image_helper_free(struct image_helper *helper)
{
	int error = errno;

	if (helper == NULL)
		return;
	stop(helper);
	pthread_mutex_destroy(&helper->lock);
	free(helper);
	errno = error;
}

/* False where the helper did not answer: it must be started again. */
static bool exchange(const struct image_helper *helper, struct str octets, int64_t deadline,
		     struct image_answer *ret_answer)
{
	struct helper_request request = { (uint32_t)octets.n };
	struct image_answer answer;

	if (!helper_write(helper->socket, &request, sizeof request, deadline) ||
	    !helper_write(helper->socket, octets.p, octets.n, deadline) ||
	    !helper_read(helper->socket, &answer, sizeof answer, deadline))
		return false;
	*ret_answer = answer;
	return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* A helper that died since the last image is noticed here: the image is given a second try. One
 * that hangs is given up long before the message's time is, for others wait for their images. */
static void decode_one(struct image_helper *helper, struct str octets, int64_t deadline,
		       struct image_answer *answer)
{
	int64_t patience = helper_now() + IMAGE_MILLISECONDS_MAX + HELPER_SLACK;

	for (int attempt = 0; attempt < 2 && helper_now() < earlier(deadline, patience); attempt++) {
		if (helper->pid == 0 && !start(helper))
			return;
		if (exchange(helper, octets, earlier(deadline, patience), answer))
			return;
		stop(helper);
	}
}

static bool take_lock(struct image_helper *helper, int64_t deadline)
{
	struct timespec until = { .tv_sec = deadline / 1000, .tv_nsec = deadline % 1000 * 1000000 };

	return pthread_mutex_clocklock(&helper->lock, CLOCK_MONOTONIC, &until) == 0;
}

void image_decode(struct image_helper *helper, const struct image_need *needs, size_t n,
		  int milliseconds, struct image_answer *ret_answers)
{
	int64_t deadline = helper_now() + milliseconds;

	for (size_t i = 0; i < n; i++)
		ret_answers[i] = (struct image_answer){ .state = IMAGE_UNKNOWN };
	if (n == 0 || helper == NULL || !take_lock(helper, deadline))
		return;
	for (size_t i = 0; i < n; i++)
		if (needs[i].octets.p != NULL && needs[i].octets.n > 0 &&
		    needs[i].octets.n <= IMAGE_OCTETS_MAX)
			decode_one(helper, needs[i].octets, deadline, &ret_answers[i]);
	pthread_mutex_unlock(&helper->lock);
}
