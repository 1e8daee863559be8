/* verdict_reply.c - a refusal that a person can act on without the log
 *
 * A mail server may run the lines together in a bounce, so every line is a sentence of its own and
 * names the finding it belongs to.
 */
#include "policy/base/buf.h"
#include "policy/base/utc.h"
#include "policy/verdict.h"

struct reply {
	struct arena *arena;
	const char *code; /* "550", "451" */
	const char *status;
	struct str texts[REPLY_LINES_MAX];
	size_t n;
};

/* Printable ASCII: white space is one space, and each run of anything else one question mark. */
static struct str plain_ascii(struct arena *arena, struct str text, size_t max)
{
	struct buf out;
	char last = ' ';

	buf_init(&out, arena, max);
	for (size_t i = 0; i < text.n && !out.full; i++) {
		unsigned char c = (unsigned char)text.p[i];
		char shown = c == ' ' || ascii_is_space((char)c) ? ' '
			     : c > ' ' && c < 0x7f		 ? (char)c
								 : '?';

		if ((shown == ' ' && last == ' ') || (c >= 0x80 && last == '?'))
			continue;
		buf_add_char(&out, shown);
		last = shown;
	}
	return str_trim(buf_str(&out));
}

static void reply_add(struct reply *reply, struct str text)
{
	const size_t max = REPLY_OCTETS_MAX - sizeof "550-5.7.1 ";
	struct str line;

	if (reply->n == REPLY_LINES_MAX)
		return;
	line = plain_ascii(reply->arena, text, max);
	if (line.n > max - 4)
		line = arena_printf(reply->arena, "%.*s...", STR_ARG(str_head(line, max - 4)));
	reply->texts[reply->n++] = line;
}

static void finding_add(struct reply *reply, const struct check_result *result)
{
	const struct finding_info *info = &finding_infos[result->finding];
	struct arena *arena = reply->arena;

	reply_add(reply, arena_printf(arena, "%s: %.*s.", info->id, STR_ARG(result->detail)));
	if (result->remedy.n > 0)
		reply_add(reply, arena_printf(arena, "%s, to mend it: %.*s. Policy: %s.", info->id,
					      STR_ARG(result->remedy), info->clause));
	else
		reply_add(reply, arena_printf(arena, "%s, policy: %s.", info->id, info->clause));
}

static bool refuses(const struct judgement *judgement, const struct check_result *result)
{
	return check_result_is_finding(result) &&
	       (result->severity == judgement->verdict ||
		(result->severity > SEVERITY_FLAG && result->severity < judgement->verdict));
}

static void summary_add(struct reply *reply, const struct judgement *judgement, size_t n)
{
	const struct policy *policy = judgement->policy;
	const struct category *category = judgement->class->category;
	const struct variant *variant = judgement->class->variant;
	bool reject = judgement->verdict == SEVERITY_REJECT;

	reply_add(reply,
		  arena_printf(reply->arena,
			       "This service notice (%.*s%s%.*s) was %s by policy %.*s/%llu: %zu reason%s.",
			       STR_ARG(category != NULL ? category->id : STR_LIT("no category")),
			       variant != NULL ? ", " : "",
			       STR_ARG(variant != NULL ? variant->id : STR_LIT("")),
			       reject ? "refused" : "deferred", STR_ARG(policy->name),
			       (unsigned long long)policy->version, n, n == 1 ? "" : "s"));
}

/* What the policy let pass for a time, and why: it is not to be taken for granted. */
static void exceptions_add(struct reply *reply, const struct judgement *judgement)
{
	for (int i = 0; i < FINDING_N; i++) {
		const struct check_result *result = &judgement->results[i];
		const struct policy_exception *exception = result->exception;

		if (exception != NULL && check_result_is_finding(result))
			reply_add(reply,
				  arena_printf(reply->arena, "%s, exception %.*s until %.*s: %.*s.",
					       finding_infos[i].id, STR_ARG(exception->id),
					       STR_ARG(utc_date(reply->arena, exception->until)),
					       STR_ARG(exception->reason)));
	}
}

/* The rest, by name: what was flagged too, and what found no room. */
static void rest_add(struct reply *reply, const struct judgement *judgement, size_t shown)
{
	struct buf out;
	size_t seen = 0;

	buf_init(&out, reply->arena, REPLY_OCTETS_MAX);
	for (int i = 0; i < FINDING_N; i++) {
		const struct check_result *result = &judgement->results[i];

		if (!check_result_is_finding(result) ||
		    (refuses(judgement, result) && seen++ < shown))
			continue;
		buf_printf(&out, "%s%s", out.n > 0 ? ", " : "Found too: ",
			   finding_infos[i].id);
	}
	if (out.n > 0)
		reply_add(reply, arena_printf(reply->arena, "%.*s.", STR_ARG(buf_str(&out))));
}

static void reply_finish(const struct reply *reply, struct judgement *judgement)
{
	judgement->reply = ARENA_ARRAY(reply->arena, reply->n, struct str);
	judgement->n_reply = reply->n;
	for (size_t i = 0; i < reply->n; i++)
		judgement->reply[i] = arena_printf(reply->arena, "%s%c%s %.*s", reply->code,
						   i + 1 < reply->n ? '-' : ' ', reply->status,
						   STR_ARG(reply->texts[i]));
}

void verdict_reply(struct judgement *judgement)
{
	/* First and last line, and two for each finding. */
	const size_t room = (REPLY_LINES_MAX - 2) / 2;
	bool reject = judgement->verdict == SEVERITY_REJECT;
	struct reply reply = { .arena = judgement->arena,
			       .code = reject ? "550" : "451",
			       .status = reject ? "5.7.1" : "4.7.1" };
	size_t n = 0, shown = 0;

	if (!reject && judgement->verdict != SEVERITY_TEMPFAIL)
		return;
	for (int i = 0; i < FINDING_N; i++)
		n += refuses(judgement, &judgement->results[i]);
	summary_add(&reply, judgement, n);
	for (int i = 0; i < FINDING_N && shown < room; i++) {
		if (!refuses(judgement, &judgement->results[i]))
			continue;
		finding_add(&reply, &judgement->results[i]);
		shown++;
	}
	rest_add(&reply, judgement, shown);
	exceptions_add(&reply, judgement);
	reply_finish(&reply, judgement);
}
