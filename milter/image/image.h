/* image.h - the dominant colour of banner images, decoded where a bad image can do no harm
 *
 * Decoders of foreign images never run in the filter itself. A helper process, started before
 * threads and privileges come into play, forks a worker for each image; the worker has no
 * descriptors but the pipe for its answer, little memory and time, and a seccomp filter that lets
 * it compute and answer, nothing else. A worker that dies, or takes too long, is an image that is
 * not known (POLICY.md: banner.unverifiable). A helper that dies is started again.
 */
#ifndef MILTER_IMAGE_IMAGE_H
#define MILTER_IMAGE_IMAGE_H

#include "policy/notice/banner.h"

/* An image with more octets than this is not looked at. */
#define IMAGE_OCTETS_MAX ((size_t)4 * 1024 * 1024)
/* What one image may take, in milliseconds. */
#define IMAGE_MILLISECONDS_MAX 2000

struct image_helper;

/* Starts the helper process. Call it before the first thread is made. NULL, with errno, where the
 * system refuses. */
struct image_helper *image_helper_new(void);
/* Ends the helper. NULL is allowed. */
void image_helper_free(struct image_helper *helper);

/* Answers every need, within so many milliseconds for all of them; what cannot be told is
 * IMAGE_UNKNOWN, as are needs without octets and all needs where helper is NULL. ret_answers has
 * room for n. Any thread may call it; calls wait for one another, within their deadlines. */
void image_decode(struct image_helper *helper, const struct image_need *needs, size_t n,
		  int milliseconds, struct image_answer *ret_answers);

#endif
