/* verdict_headers.c - the header fields the gate adds, and those it takes away (INTERFACE.md) */
#include "policy/base/buf.h"
#include "policy/base/utc.h"
#include "policy/verdict.h"

#define VALUE_MAX 900
#define ID_MAX 100

static const struct str notice_prefix = { "X-CRM-Notice-", sizeof "X-CRM-Notice-" - 1 };
static const struct str declared_prefix = { "X-CRM-Declared-", sizeof "X-CRM-Declared-" - 1 };

/* Text from the mail as a value between semicolons: visible ASCII, the separators replaced. */
static struct str value_token(struct arena *arena, struct str text)
{
	struct buf out;

	buf_init(&out, arena, ID_MAX);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool plain = c > ' ' && c < 0x7f && c != ';' && c != ',' && c != '=' && c != '"';

		buf_add_char(&out, plain ? c : '_');
	}
	return buf_str(&out);
}

static void header_add(struct judgement *judgement, struct str name, const struct buf *value)
{
	judgement->headers[judgement->n_headers++] =
		(struct header){ name, arena_str(judgement->arena, buf_str(value)) };
}

static void category_add(struct judgement *judgement)
{
	const struct classification *class = judgement->class;
	struct buf value;

	buf_init(&value, judgement->arena, VALUE_MAX);
	buf_add(&value, class->category != NULL ? class->category->id : STR_LIT("unknown"));
	buf_printf(&value, "; score=%.1f; phase=%s", class->score, phase_name(class->phase));
	header_add(judgement, STR_LIT("X-CRM-Notice-Category"), &value);
}

static void event_add(struct judgement *judgement)
{
	const struct when *when = judgement->when;
	struct arena *arena = judgement->arena;
	struct buf value;

	buf_init(&value, arena, VALUE_MAX);
	if (judgement->event.n > 0)
		buf_printf(&value, "id=%.*s", STR_ARG(value_token(arena, judgement->event)));
	if (when->has_start)
		buf_printf(&value, "%sstart=%.*s", value.n > 0 ? "; " : "",
			   STR_ARG(utc_stamp(arena, when->start)));
	if (when->has_end)
		buf_printf(&value, "%send=%.*s", value.n > 0 ? "; " : "",
			   STR_ARG(utc_stamp(arena, when->end)));
	if (value.n > 0)
		header_add(judgement, STR_LIT("X-CRM-Notice-Event"), &value);
}

static void policy_add(struct judgement *judgement)
{
	const struct policy *policy = judgement->policy;
	struct buf value;

	buf_init(&value, judgement->arena, VALUE_MAX);
	buf_printf(&value, "%.*s; version=%llu; sha256=%.*s",
		   STR_ARG(value_token(judgement->arena, policy->name)),
		   (unsigned long long)policy->version, STR_ARG(str_head(policy->sha256, 16)));
	header_add(judgement, STR_LIT("X-CRM-Notice-Policy"), &value);
}

static void verdict_add(struct judgement *judgement)
{
	const char *comma = "; findings=";
	struct buf value;

	buf_init(&value, judgement->arena, VALUE_MAX);
	buf_add_cstr(&value, severity_name(judgement->verdict));
	for (int i = 0; i < FINDING_N; i++) {
		if (!check_result_is_finding(&judgement->results[i]))
			continue;
		buf_printf(&value, "%s%s", comma, finding_infos[i].id);
		comma = ",";
	}
	header_add(judgement, STR_LIT("X-CRM-Notice-Verdict"), &value);
}

/* What arrives under our own name is forged, whatever the mail is; declarations are for the gate
 * alone, and leave other mail as it came. */
static void fields_remove(struct judgement *judgement)
{
	const struct message_source *source = judgement->message->source;
	struct str_list *removed = &judgement->removed;

	for (size_t i = 0; i < source->n_fields; i++) {
		struct str name = str_trim(source->fields[i].name);

		if (!str_starts_nocase(name, notice_prefix) &&
		    !(judgement->notice && str_starts_nocase(name, declared_prefix)))
			continue;
		ARENA_ROOM(judgement->arena, removed->items, removed->n, removed->cap);
		removed->items[removed->n++] = name;
	}
}

void verdict_headers(struct judgement *judgement)
{
	if (judgement->mode == MODE_OBSERVE)
		return; /* it only watches */
	fields_remove(judgement);
	if (!judgement->notice)
		return;
	judgement->headers = ARENA_ARRAY(judgement->arena, 4, struct header);
	category_add(judgement);
	event_add(judgement);
	policy_add(judgement);
	verdict_add(judgement);
}
