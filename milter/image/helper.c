#include "milter/image/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "milter/image/decode.h"
#include "milter/image/image.h"

/* The worker: one image, one answer, and gone. */
static _Noreturn void work(struct str octets, int out)
{
	struct image_answer answer;

	if (!helper_confine(out))
		_exit(1);
	answer = decode_image(octets);
	_exit(write(out, &answer, sizeof answer) == (ssize_t)sizeof answer ? 0 : 1);
}

static void reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* What the worker says before its time is up. It may be in an attacker's hands: only colours that
 * can be are believed, and nothing it writes after its answer is read. */
static struct image_answer ask(struct str octets, int socket)
{
	struct image_answer answer = { .state = IMAGE_UNKNOWN }, said;
	int pipe_fds[2];
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) != 0)
		return answer;
	pid = fork();
	if (pid == 0) {
		close(pipe_fds[0]);
		close(socket);
		work(octets, pipe_fds[1]);
	}
	close(pipe_fds[1]);
	if (pid > 0) {
		if (helper_read(pipe_fds[0], &said, sizeof said,
				helper_now() + IMAGE_MILLISECONDS_MAX) &&
		    (said.state == IMAGE_COLOR || said.state == IMAGE_TRANSPARENT))
			answer = said;
		kill(pid, SIGKILL);
		reap(pid);
	}
	close(pipe_fds[0]);
	return answer;
}

_Noreturn void helper_serve(int socket)
{
	char *room = mmap(NULL, IMAGE_OCTETS_MAX, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct helper_request request;

	if (room == MAP_FAILED)
		_exit(1);
	while (helper_read(socket, &request, sizeof request, -1)) {
		struct image_answer answer;

		if (request.octets > IMAGE_OCTETS_MAX ||
		    !helper_read(socket, room, request.octets, -1))
			break;
		answer = ask((struct str){ room, request.octets }, socket);
		if (!helper_write(socket, &answer, sizeof answer, -1))
			break;
	}
	_exit(0);
}
