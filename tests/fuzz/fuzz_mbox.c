/* Any octets as an mbox: what comes out is no more than what went in, and no message is larger than
 * its bound; the same octets, read as one message, come out as they are. */
#include "milter/cli/mbox.h"
#include "milter/cli/mails.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *stream = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	struct arena *arena = arena_new();
	struct mbox_message message;
	struct mbox *mbox;
	bool many = str_starts((struct str){ (const char *)data, size }, STR_LIT("From "));
	size_t sum = 0, n = 0;

	if (stream == NULL) {
		arena_free(arena);
		return 0;
	}
	mbox = mbox_new(stream, MAX, false);
	while (mbox_next(mbox, arena, &message)) {
		const char *source;
		int64_t time;

		if (message.bytes.n > MAX + 1 || message.number != (many ? ++n : 0))
			abort();
		if (message.number == 0 &&
		    memcmp(message.bytes.p, data, message.bytes.n) != 0)
			abort();
		mail_time(message.bytes, &time, &source);
		sum += message.bytes.n;
	}
	if (sum > size || mbox_error(mbox) != 0)
		abort();
	mbox_free(mbox);
	fclose(stream);
	arena_free(arena);
	return 0;
}
