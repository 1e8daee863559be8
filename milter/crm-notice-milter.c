/* crm-notice-milter - the filter that guards outgoing service notices: crm-notice-milter(8) */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "milter/callbacks.h"
#include "milter/directory/directory.h"
#include "milter/fetch.h"
#include "milter/journal.h"
#include "milter/service.h"

#define PROGRAM "crm-notice-milter"
/* What may wait while syslog is away: some ten thousand audit lines. */
#define LOG_QUEUE_OCTETS ((size_t)4 << 20)

struct options {
	const char *config;
	const char *pid_file;
	bool check;
	bool foreground;
};

static void usage(FILE *out)
{
	fputs("usage: crm-notice-milter [-c FILE] [-n] [-f] [-p FILE]\n"
	      "Judges outgoing service notices for Postfix or Sendmail.\n"
	      "\n"
	      "  -c, --config FILE      configuration (default " CONFIG_FILE_DEFAULT ")\n"
	      "  -n, --check            check configuration, policy and directory, and exit\n"
	      "  -f, --foreground       stay in the foreground, log to standard error too\n"
	      "  -p, --pid-file FILE    write the process id there\n"
	      "  -h, --help             this text\n"
	      "\n"
	      "SIGUSR1 reloads, SIGUSR2 logs the counters, SIGTERM finishes the messages in\n"
	      "progress and stops. See crm-notice-milter(8).\n",
	      out);
}

/* The exit status where the program is to end here, else -1. */
static int read_options(int argc, char **argv, struct options *ret_options)
{
	static const struct option names[] = {
		{ "config", required_argument, NULL, 'c' }, { "check", no_argument, NULL, 'n' },
		{ "foreground", no_argument, NULL, 'f' },   { "pid-file", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },         { NULL, 0, NULL, 0 },
	};
	int c;

	*ret_options = (struct options){ .config = CONFIG_FILE_DEFAULT };
	while ((c = getopt_long(argc, argv, "c:nfp:h", names, NULL)) != -1) {
		switch (c) {
		case 'c':
			ret_options->config = optarg;
			break;
		case 'n':
			ret_options->check = true;
			break;
		case 'f':
			ret_options->foreground = true;
			break;
		case 'p':
			ret_options->pid_file = optarg;
			break;
		case 'h':
			usage(stdout);
			return EX_OK;
		default:
			usage(stderr);
			return EX_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, PROGRAM ": %s: no argument is expected here\n", argv[optind]);
		usage(stderr);
		return EX_USAGE;
	}
	return -1;
}

static void print_diag(const struct diag *diag)
{
	for (size_t i = 0; i < diag->n; i++)
		fprintf(stderr, PROGRAM ": %.*s\n",
			STR_ARG(diag_format(diag->arena, &diag->entries[i])));
	if (diag->errors > 0)
		fprintf(stderr, PROGRAM ": %zu error%s\n", diag->errors,
			diag->errors == 1 ? "" : "s");
}

/* What only the machine knows: worth a word at -n, and fatal at start. */
static void warn_names(const struct config *config)
{
	if (config->user.n > 0 && getpwnam(config->user.p) == NULL)
		fprintf(stderr, PROGRAM ": warning: user: nobody is called %s here\n", config->user.p);
	if (config->socket_group.n > 0 && getgrnam(config->socket_group.p) == NULL)
		fprintf(stderr, PROGRAM ": warning: socket_group: no group is called %s here\n",
			config->socket_group.p);
}

static int report_check(const struct gate *gate, struct arena *arena)
{
	struct str text = daemon_describe(arena, gate);

	warn_names(gate->config);
	printf("%s: ok: %.*s\n", gate->config->file.p, STR_ARG(text));
	return EX_OK;
}

/* The parent waits until the child serves, or says why not. Returns in the child with the pipe to
 * write to; ends the parent. */
static int go_background(void)
{
	int pipes[2];
	char status = EX_OSERR;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) != 0 || (pid = fork()) < 0) {
		fprintf(stderr, PROGRAM ": cannot fork: %s\n", strerror(errno));
		exit(EX_OSERR);
	}
	if (pid == 0) {
		close(pipes[0]);
		setsid();
		return pipes[1];
	}
	close(pipes[1]);
	if (read(pipes[0], &status, 1) != 1)
		status = EX_SOFTWARE;
	_exit(status);
}

/* Ends a start that failed and was said, and the parent that waits for it. EX_CONFIG: nothing but
 * another configuration mends it; EX_UNAVAILABLE: another try may. */
static _Noreturn void give_up(int parent, char status)
{
	ssize_t n = parent >= 0 ? write(parent, &status, 1) : 0;

	(void)n;
	_exit(status);
}

static void leave_terminal(int parent)
{
	int null;
	ssize_t n;

	if (parent < 0)
		return;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (chdir("/") != 0 || null < 0)
		return;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	close(null);
	n = write(parent, "\0", 1);
	(void)n;
	close(parent);
}

static bool write_pid(const char *file, struct arena *arena, struct str *ret_error)
{
	FILE *out;

	if (file == NULL)
		return true;
	out = fopen(file, "we");
	if (out == NULL || fprintf(out, "%d\n", (int)getpid()) < 0 || fclose(out) != 0) {
		*ret_error = arena_printf(arena, "%s: %s", file, strerror(errno));
		return false;
	}
	return true;
}

/* Under systemd, whose journal has every line from syslog already: it names the device and inode
 * of the stream that it reads in JOURNAL_STREAM. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char own[64];
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) != 0)
		return false;
	snprintf(own, sizeof own, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return strcmp(stream, own) == 0;
}

static struct log *open_log(const struct options *options, const struct config *config,
			    struct arena *arena, struct str *ret_error)
{
	struct log_options log_options = {
		.ident = PROGRAM,
		.socket = config->audit_socket.n > 0 ? config->audit_socket.p : "/dev/log",
		.facility = config->facility,
		.to_stderr = options->foreground && !stderr_is_journal(),
		.queue_octets = LOG_QUEUE_OCTETS,
	};
	const char *error = "";
	struct log *log = log_open(&log_options, &error);

	if (log == NULL)
		*ret_error = arena_printf(arena, "audit.socket %s: %s", log_options.socket, error);
	return log;
}

static bool start_fetcher(struct daemon *daemon, struct arena *arena, struct str *ret_error)
{
	const char *error = "";

	daemon->fetcher = fetcher_new(&error);
	if (daemon->fetcher == NULL)
		*ret_error = arena_printf(arena, "cannot start the image decoder: %s", error);
	return daemon->fetcher != NULL;
}

/* As the user that serves, who owns what is written here. */
static bool open_audit(struct daemon *daemon, const struct options *options, struct arena *arena,
		       struct str *ret_error)
{
	struct str error;

	if (!gate_commit(daemon->gate, arena, &error)) {
		*ret_error = arena_printf(arena, "trust.state %.*s", STR_ARG(error));
		return false;
	}
	daemon->log = open_log(options, daemon->gate->config, arena, ret_error);
	if (daemon->log == NULL)
		return false;
	daemon->journal = journal_new(daemon->log);
	if (daemon_open_journal(daemon, daemon->gate, arena, &error))
		return true;
	*ret_error = arena_printf(arena, "audit.file %.*s", STR_ARG(error));
	return false;
}

/* In this order: whatever needs root, then its end, then what makes processes and threads. */
static struct service *start(struct daemon *daemon, const struct options *options,
			     struct gate *gate, struct arena *arena, struct str *ret_error)
{
	struct service *service;

	daemon_init(daemon, gate);
	if (!service_catch_signals() || !callbacks_register(daemon)) {
		*ret_error = STR_LIT("cannot catch signals, or libmilter does not take the filter");
		return NULL;
	}
	service_limit_resources(gate->config);
	service = service_listen(daemon, arena, ret_error);
	if (service == NULL)
		return NULL;
	if (!write_pid(options->pid_file, arena, ret_error) ||
	    !service_drop_privileges(gate->config, arena, ret_error) ||
	    !start_fetcher(daemon, arena, ret_error))
		return NULL;
	return open_audit(daemon, options, arena, ret_error) ? service : NULL;
}

static void say_start(const struct daemon *daemon, struct arena *arena)
{
	const struct gate *gate = daemon->gate;

	log_printf(daemon->log, LOG_NOTICE, "started: %.*s socket=%.*s",
		   STR_ARG(daemon_describe(arena, gate)), STR_ARG(gate->config->socket));
	if (geteuid() == 0)
		log_printf(daemon->log, LOG_WARNING, "runs as root: give it a user");
	if (gate->directory == NULL)
		log_printf(daemon->log, LOG_WARNING,
			   "no directory is configured: recipients are not checked");
}

/* Does not return: libmilter's threads use what is here until the process is gone. */
static _Noreturn void serve(struct gate *gate, const struct options *options, int parent,
			    struct arena *arena)
{
	static struct daemon daemon;
	struct str error = STR_NONE;
	struct service *service = start(&daemon, options, gate, arena, &error);
	int status;

	if (service == NULL) {
		fprintf(stderr, PROGRAM ": %.*s\n", STR_ARG(error));
		give_up(parent, EX_UNAVAILABLE);
	}
	say_start(&daemon, arena);
	leave_terminal(parent);
	status = service_run(service, options->config);
	journal_checkpoint(daemon.journal);
	log_close(daemon.log, 2000);
	_exit(status);
}

/* A reload reads the same name after the daemon went to /; a symbolic link is followed anew. */
static const char *absolute_path(struct arena *arena, const char *path)
{
	char *directory = path[0] != '/' ? getcwd(NULL, 0) : NULL;

	if (directory == NULL)
		return path;
	path = arena_printf(arena, "%s/%s", directory, path).p;
	free(directory);
	return path;
}

int main(int argc, char **argv)
{
	struct options options;
	struct arena *arena;
	struct diag diag;
	struct gate *gate;
	int status = read_options(argc, argv, &options), parent = -1;

	if (status >= 0)
		return status;
	arena_tune();
	service_forbid_core();
	arena = arena_new();
	diag_init(&diag, arena);
	options.config = absolute_path(arena, options.config);
	/* Before keys are opened: what a token was told ends with the process that told it. */
	if (!options.check && !options.foreground)
		parent = go_background();
	gate = gate_load(options.config, 1, &diag);
	if (gate != NULL && options.check)
		directory_probe(gate->directory, &diag);
	print_diag(&diag);
	if (gate == NULL && !options.check)
		give_up(parent, EX_CONFIG);
	if (!options.check)
		serve(gate, &options, parent, arena);
	status = gate != NULL ? report_check(gate, arena) : EX_CONFIG;
	gate_unref(gate);
	arena_free(arena);
	return status;
}
