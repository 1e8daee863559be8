/* message.c - whether it can be read in one way only, and whole */
#include "policy/base/buf.h"
#include "policy/checks/registry.h"

/* How many faults a detail names before it only counts. */
#define NAMED_MAX 4

static void more_add(struct buf *out, size_t n)
{
	if (n > NAMED_MAX)
		buf_printf(out, "; and %zu more", n - NAMED_MAX);
}

CHECK(check_message_ambiguous)
{
	const struct message *message = check->judgement->message;
	struct buf out;

	if (message->n_ambiguities == 0)
		return;
	buf_init(&out, check->arena, 1200);
	for (size_t i = 0; i < message->n_ambiguities && i < NAMED_MAX; i++) {
		buf_add_cstr(&out, i > 0 ? "; " : "");
		buf_add(&out, str_head(message->ambiguities[i].detail, 250));
	}
	more_add(&out, message->n_ambiguities);
	check_fail(check, result,
		   "mend the program that writes the mail, or send it with another one",
		   "two mail readers could show this message differently: %.*s",
		   STR_ARG(buf_str(&out)));
}

CHECK(check_message_limit)
{
	const struct message *message = check->judgement->message;
	struct buf out;

	if (message->n_breaches == 0)
		return;
	buf_init(&out, check->arena, 1200);
	for (size_t i = 0; i < message->n_breaches && i < NAMED_MAX; i++) {
		const struct limit_breach *breach = &message->breaches[i];

		buf_printf(&out, "%s%.*s: %zu or more, %zu allowed", i > 0 ? "; " : "",
			   STR_ARG(breach->what), breach->measured, breach->allowed);
	}
	more_add(&out, message->n_breaches);
	check_fail(check, result, "send a smaller or simpler message, or split its recipients",
		   "the message goes beyond the limits, so that not all of it was read: %.*s",
		   STR_ARG(buf_str(&out)));
}
