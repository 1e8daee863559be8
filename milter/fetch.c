#include "milter/fetch.h"

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
		*ret_error = "the image helper cannot be started";
		free(fetcher);
		return NULL;
	}
	return fetcher;
}

void fetcher_free(struct fetcher *fetcher)
{
	if (fetcher != NULL)
		image_helper_free(fetcher->images);
	free(fetcher);
}

struct answers *fetch_answers(struct fetcher *fetcher, const struct gate *gate,
			      struct arena *arena, const struct needs *needs, unsigned seconds)
{
	struct answers *answers = ARENA_NEW(arena, struct answers);

	directory_answer(gate->directory, arena, needs, answers);
	answers->ledger = ANSWER_NONE;
	answers->images = ARENA_ARRAY(arena, needs->n_images, struct image_answer);
	image_decode(fetcher->images, needs->images, needs->n_images, (int)seconds * 1000,
		     answers->images);
	return answers;
}
