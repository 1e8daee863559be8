/* helper.h - within milter/image: what runs in the helper process */
#ifndef MILTER_IMAGE_HELPER_H
#define MILTER_IMAGE_HELPER_H

#include <stdint.h>

#include "policy/notice/banner.h"

/* On the socket: a request is its length and then the octets; the reply is one answer. */
struct helper_request {
	uint32_t octets;
};

/* Serves requests from the socket until it is closed, then ends the process. */
_Noreturn void helper_serve(int socket);

/* Takes everything away from this process but computing and writing to the descriptor. False
 * where the system does not let it. */
bool helper_confine(int descriptor);

/* Reads or writes exactly n octets before the deadline (milliseconds of CLOCK_MONOTONIC; negative:
 * none); false at the end of the stream, on an error and when time is up. */
bool helper_read(int descriptor, void *to, size_t n, int64_t deadline);
bool helper_write(int descriptor, const void *from, size_t n, int64_t deadline);
int64_t helper_now(void);

#endif
