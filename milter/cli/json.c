#include "milter/cli/json.h"

#include "policy/base/buf.h"
#include "policy/base/utc.h"
#include "policy/text/utf8.h"

json_t *json_text(struct arena *arena, struct str text)
{
	struct buf clean;
	json_t *string;
	size_t at = 0;

	if (text.p == NULL)
		return json_null();
	string = json_stringn(text.p, text.n);
	if (string != NULL)
		return string;
	buf_init(&clean, arena, 3 * text.n);
	while (at < text.n)
		buf_add_utf8(&clean, utf8_next(text, &at));
	text = buf_str(&clean);
	return json_stringn(text.p, text.n);
}

static json_t *json_time(struct arena *arena, bool given, int64_t seconds)
{
	return given ? json_text(arena, utc_stamp(arena, seconds)) : json_null();
}

/* To one decimal, as scores are written everywhere. */
static json_t *json_rounded(double number)
{
	double tenths = number * 10 + (number < 0 ? -0.5 : 0.5);

	return json_real((double)(int64_t)tenths / 10);
}

static json_t *json_evidence(struct arena *arena, const struct classification *class)
{
	json_t *list = json_array();

	for (size_t i = 0; class != NULL && class->notice && i < class->n_evidence; i++) {
		const struct evidence *evidence = &class->evidence[i];
		json_t *item = json_object();

		json_object_set_new(item, "signal", json_text(arena, evidence->signal));
		json_object_set_new(item, "where", json_text(arena, evidence->where));
		json_object_set_new(item, "text", json_text(arena, evidence->text));
		json_object_set_new(item, "weight", json_rounded(evidence->weight));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *json_event(struct arena *arena, const struct judgement *judgement)
{
	const struct when *when = judgement->when;
	json_t *event;

	if (!judgement->notice || !when->has_start)
		return json_null();
	event = json_object();
	json_object_set_new(event, "id", judgement->event.n > 0 ? json_text(arena, judgement->event)
								 : json_null());
	json_object_set_new(event, "start", json_time(arena, true, when->start));
	json_object_set_new(event, "end", json_time(arena, when->has_end, when->end));
	json_object_set_new(event, "source", json_string(place_name(when->source)));
	return event;
}

static json_t *json_banner(struct arena *arena, const struct judgement *judgement)
{
	const struct banner *banner = &judgement->banner;
	json_t *object;

	if (!judgement->notice || banner->state != BANNER_COLOR)
		return json_null();
	object = json_object();
	json_object_set_new(object, "color",
			    json_text(arena, arena_printf(arena, "#%02x%02x%02x", banner->rgb[0],
							  banner->rgb[1], banner->rgb[2])));
	json_object_set_new(object, "name", banner->entry != NULL
						    ? json_text(arena, banner->entry->name)
						    : json_null());
	json_object_set_new(object, "distance", json_rounded(banner->distance));
	json_object_set_new(object, "source", json_text(arena, banner->source));
	return object;
}

static json_t *json_recipients(struct arena *arena, const struct judgement *judgement,
			       const struct answers *answers)
{
	json_t *list = json_array();

	for (size_t i = 0; i < judgement->envelope->n_recipients; i++) {
		const struct contact *contact = NULL;
		json_t *item = json_object();

		if (judgement->notice && answers->contacts != NULL && answers->contacts[i].n > 0)
			contact = answers->contacts[i].items[0];
		json_object_set_new(item, "address",
				    json_text(arena, judgement->envelope->recipients[i]));
		json_object_set_new(item, "organization",
				    contact != NULL ? json_text(arena, contact->organization->id)
						    : json_null());
		json_object_set_new(item, "role", contact != NULL
							  ? json_string(role_name(contact->role))
							  : json_null());
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *json_exception(struct arena *arena, const struct check_result *result)
{
	const struct policy_exception *exception = result->exception;
	json_t *object = json_object();

	json_object_set_new(object, "id", json_text(arena, exception->id));
	json_object_set_new(object, "until", json_text(arena, utc_date(arena, exception->until)));
	json_object_set_new(object, "reason", json_text(arena, exception->reason));
	json_object_set_new(object, "severity_without",
			    json_string(severity_name(result->severity_without)));
	return object;
}

static json_t *json_result(struct arena *arena, const struct check_result *result, bool outcome)
{
	json_t *item = json_object();

	json_object_set_new(item, "check", json_string(finding_infos[result->finding].id));
	if (outcome)
		json_object_set_new(item, "outcome", json_string(outcome_name(result->outcome)));
	json_object_set_new(item, "severity", json_string(severity_name(result->severity)));
	json_object_set_new(item, "detail", json_text(arena, result->detail));
	if (outcome && result->remedy.n > 0)
		json_object_set_new(item, "remedy", json_text(arena, result->remedy));
	json_object_set_new(item, "clause", json_string(finding_infos[result->finding].clause));
	if (result->exception != NULL)
		json_object_set_new(item, "exception", json_exception(arena, result));
	return item;
}

static json_t *json_results(struct arena *arena, const struct judgement *judgement, bool all)
{
	json_t *list = json_array();

	for (int i = 0; judgement->notice && i < FINDING_N; i++) {
		const struct check_result *result = &judgement->results[i];

		if (all || check_result_is_finding(result))
			json_array_append_new(list, json_result(arena, result, all));
	}
	return list;
}

static json_t *json_texts(struct arena *arena, const struct str *texts, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_text(arena, texts[i]));
	return list;
}

static json_t *json_headers(struct arena *arena, const struct judgement *judgement)
{
	json_t *list = json_array();

	for (size_t i = 0; i < judgement->n_headers; i++) {
		json_t *item = json_object();

		json_object_set_new(item, "name", json_text(arena, judgement->headers[i].name));
		json_object_set_new(item, "value", json_text(arena, judgement->headers[i].value));
		json_array_append_new(list, item);
	}
	return list;
}

json_t *json_judgement(const char *file, const struct judgement *judgement,
		       const struct answers *answers, bool explain)
{
	const struct classification *class = judgement->class;
	struct arena *arena = judgement->arena;
	bool notice = judgement->notice;
	json_t *object = json_object();

	json_object_set_new(object, "file", json_text(arena, str_from(file)));
	json_object_set_new(object, "message_id", json_text(arena, judgement->message->message_id));
	json_object_set_new(object, "notice", json_boolean(notice));
	json_object_set_new(object, "category", notice && class->category != NULL
							? json_text(arena, class->category->id)
							: json_null());
	if (notice && class->variant != NULL)
		json_object_set_new(object, "variant", json_text(arena, class->variant->id));
	json_object_set_new(object, "score", json_rounded(class != NULL ? class->score : 0));
	json_object_set_new(object, "phase",
			    notice ? json_string(phase_name(class->phase)) : json_null());
	json_object_set_new(object, "evidence", json_evidence(arena, class));
	json_object_set_new(object, "event", json_event(arena, judgement));
	json_object_set_new(object, "banner", json_banner(arena, judgement));
	json_object_set_new(object, "recipients", json_recipients(arena, judgement, answers));
	json_object_set_new(object, "findings", json_results(arena, judgement, false));
	if (explain)
		json_object_set_new(object, "checks", json_results(arena, judgement, true));
	json_object_set_new(object, "verdict", json_string(severity_name(judgement->verdict)));
	json_object_set_new(object, "stripped", json_texts(arena, judgement->stripped.items,
							   judgement->stripped.n));
	json_object_set_new(object, "reply",
			    json_texts(arena, judgement->reply, judgement->n_reply));
	json_object_set_new(object, "headers", json_headers(arena, judgement));
	return object;
}
