#include <fcntl.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "milter/image/helper.h"

/* On top of what it is born with. */
#define MEMORY_MAX ((rlim_t)256 * 1024 * 1024)
#define CPU_SECONDS_MAX 2

/* A sanitizer's run-time needs more memory and calls than the decoders do. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UNDER_SANITIZER 1
#endif
#endif
#ifndef UNDER_SANITIZER
#define UNDER_SANITIZER 0
#endif

static bool limit(int resource, rlim_t value)
{
	struct rlimit limits = { value, value };

	return setrlimit((__rlimit_resource_t)resource, &limits) == 0;
}

/* The address space this process has already: a helper that was started again has the stacks and
 * heaps of all of the filter's threads in it. 0 where the system does not say. */
static rlim_t address_space(void)
{
	int in = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	char text[64] = "";
	ssize_t n = in >= 0 ? read(in, text, sizeof text - 1) : -1;

	if (in >= 0)
		close(in);
	return n > 0 ? (rlim_t)strtoull(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE) : 0;
}

static bool set_limits(void)
{
	rlim_t memory = address_space() + MEMORY_MAX;

	return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, 0) &&
	       limit(RLIMIT_CPU, CPU_SECONDS_MAX) &&
	       (UNDER_SANITIZER || limit(RLIMIT_AS, memory));
}

static bool allow(scmp_filter_ctx filter, int call)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
}

/* Of an int the kernel looks at the lower half only; so do we. */
static struct scmp_arg_cmp int_is(unsigned argument, int value)
{
	return (struct scmp_arg_cmp){ argument, SCMP_CMP_MASKED_EQ, UINT32_MAX, (uint32_t)value };
}

/* Memory without files, ending, and the answer. */
static bool add_rules(scmp_filter_ctx filter, int descriptor)
{
	struct scmp_arg_cmp to = int_is(0, descriptor);
	struct scmp_arg_cmp data = { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 };
	struct scmp_arg_cmp memory[] = { data, int_is(4, -1) };

	return allow(filter, SCMP_SYS(exit)) && allow(filter, SCMP_SYS(exit_group)) &&
	       allow(filter, SCMP_SYS(brk)) && allow(filter, SCMP_SYS(munmap)) &&
	       allow(filter, SCMP_SYS(mremap)) && allow(filter, SCMP_SYS(madvise)) &&
	       allow(filter, SCMP_SYS(rt_sigreturn)) &&
	       seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, memory) == 0 &&
	       /* a heap of a thread's grows by it, and the helper may come from a thread */
	       seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &data) == 0 &&
	       seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, &to) == 0;
}

bool helper_confine(int descriptor)
{
	scmp_filter_ctx filter;
	bool loaded;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    !set_limits())
		return false;
	if (UNDER_SANITIZER)
		return true;
	filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (filter == NULL)
		return false;
	loaded = add_rules(filter, descriptor) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return loaded;
}
