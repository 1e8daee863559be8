#include "milter/fetch.h"

#include <errno.h>
#include <time.h>

#include "certs/base64.h"
#include "certs/cms.h"
#include "milter/directory/directory.h"
#include "milter/image/image.h"

struct fetcher {
	struct image_helper *images;
};

struct fetcher *fetcher_new(const char **ret_error)
{
	struct fetcher *fetcher = calloc(1, sizeof *fetcher);

	if (fetcher == NULL) {
		*ret_error = "out of memory";
		return NULL;
	}
	fetcher->images = image_helper_new();
	if (fetcher->images == NULL) {
		*ret_error = strerror(errno);
		free(fetcher);
		return NULL;
	}
	return fetcher;
}

void fetcher_free(struct fetcher *fetcher)
{
	if (fetcher == NULL)
		return;
	image_helper_free(fetcher->images);
	free(fetcher);
}

static int64_t milliseconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void fetch_signature(const struct cms_anchors *anchors, struct arena *arena,
		     const struct needs *needs, struct answers *answers)
{
	enum cms_status status = CMS_MALFORMED;
	const uint8_t *octets;
	size_t n;

	if (needs->signature.n == 0 || anchors == NULL)
		return;
	if (base64_decode(arena, needs->signature, &octets, &n))
		status = cms_verify_mail(arena, anchors, needs->signed_content, needs->signature_carries,
					 (struct str){ (const char *)octets, n }, needs->now,
					 &answers->signers.items, &answers->signers.n);
	answers->signature = status == CMS_VALID ? ANSWER_OK : ANSWER_FAILED;
	answers->signature_error = str_from(cms_status_text(status));
}

/* The directory first: without it a notice is deferred. What is left of the
 * time belongs to the images. */
struct answers *fetch_answers(struct fetcher *fetcher, const struct gate *gate,
			      struct arena *arena, const struct needs *needs, unsigned seconds)
{
	struct answers *answers = ARENA_NEW(arena, struct answers);
	const struct directory_terms terms = { .seconds = seconds,
					       .stale = gate->policy->directory_stale };
	int64_t deadline = milliseconds_now() + (int64_t)seconds * 1000, left;

	directory_answer(gate->directory, arena, &terms, needs, answers);
	answers->ledger = ANSWER_NONE;
	fetch_signature(gate->mail_anchors, arena, needs, answers);
	answers->images = ARENA_ARRAY(arena, needs->n_images, struct image_answer);
	left = deadline - milliseconds_now();
	if (needs->n_images > 0)
		image_decode(fetcher != NULL ? fetcher->images : NULL, needs->images,
			     needs->n_images, left > 0 ? (int)left : 0, answers->images);
	return answers;
}
