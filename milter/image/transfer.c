#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "milter/image/helper.h"

int64_t helper_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool ready(int descriptor, short events, int64_t deadline)
{
	struct pollfd poll_fd = { .fd = descriptor, .events = events };

	for (;;) {
		int64_t left = deadline < 0 ? -1 : deadline - helper_now();
		int n;

		if (deadline >= 0 && left <= 0)
			return false;
		n = poll(&poll_fd, 1, left > 60000 ? 60000 : (int)left);
		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
	}
}

bool helper_read(int descriptor, void *to, size_t n, int64_t deadline)
{
	char *at = to;

	while (n > 0) {
		ssize_t got;

		if (!ready(descriptor, POLLIN, deadline))
			return false;
		got = read(descriptor, at, n);
		if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
			return false;
		if (got > 0) {
			at += got;
			n -= (size_t)got;
		}
	}
	return true;
}

bool helper_write(int descriptor, const void *from, size_t n, int64_t deadline)
{
	const char *at = from;

	while (n > 0) {
		ssize_t put;

		if (!ready(descriptor, POLLOUT, deadline))
			return false;
		put = send(descriptor, at, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (put < 0 && errno != EINTR && errno != EAGAIN)
			return false;
		if (put > 0) {
			at += put;
			n -= (size_t)put;
		}
	}
	return true;
}
