/* changes_text.c - changes for people, and as JSON */
#include "milter/cli/changes_text.h"

#include "milter/cli/json.h"
#include "milter/cli/text.h"
#include "policy/base/utc.h"

/* -- Text -- */

static void print_place(FILE *out, struct arena *arena, const struct change_place *place)
{
	fprintf(out, "%.*s", STR_ARG(text_safe(arena, str_from(place->file))));
	if (place->number > 0)
		fprintf(out, ":%zu", place->number);
	if (place->message_id.n > 0)
		fprintf(out, ": %.*s", STR_ARG(text_safe(arena, place->message_id)));
}

static void print_findings(FILE *out, const struct effect *before, const struct effect *after)
{
	for (int i = 0; i < FINDING_N; i++) {
		enum severity was = before->findings[i], is = after->findings[i];
		const char *id = finding_infos[i].id;

		if (was == is)
			continue;
		if (was == SEVERITY_OFF)
			fprintf(out, "    finding   + %s (%s)\n", id, severity_name(is));
		else if (is == SEVERITY_OFF)
			fprintf(out, "    finding   - %s (%s)\n", id, severity_name(was));
		else
			fprintf(out, "    finding   %s: %s -> %s\n", id, severity_name(was),
				severity_name(is));
	}
}

void changes_print(FILE *out, struct arena *arena, const struct change_place *place,
		   const struct effect *before, const struct effect *after)
{
	bool same = effect_changes(before, after) == 0;

	print_place(out, arena, place);
	if (same)
		fprintf(out, ": no change: %.*s, %s", STR_ARG(before->category),
			severity_name(before->verdict));
	fputc('\n', out);
	if (!str_eq(before->category, after->category))
		fprintf(out, "    category  %.*s -> %.*s\n", STR_ARG(before->category),
			STR_ARG(after->category));
	if (before->verdict != after->verdict)
		fprintf(out, "    verdict   %s -> %s\n", severity_name(before->verdict),
			severity_name(after->verdict));
	print_findings(out, before, after);
}

static void print_counts(FILE *out, const char *title, const struct counts *counts)
{
	if (counts->n > 0)
		fprintf(out, "%s:\n", title);
	for (size_t i = 0; i < counts->n; i++)
		fprintf(out, "  %7zu  %.*s\n", counts->items[i].changed, STR_ARG(counts->items[i].name));
}

void changes_summary(FILE *out, const struct changes *changes)
{
	static const char *const words[CHANGE_N] = {
		"become notices", "are no notices any more", "are of another category",
		"get a stricter verdict", "get a milder verdict", "have other findings",
	};

	for (int i = 0; i < CHANGE_N; i++) {
		if (changes->kinds[i] > 0)
			fprintf(out, "  %7zu  %s\n", changes->kinds[i], words[i]);
	}
	print_counts(out, "verdicts", &changes->verdicts);
	print_counts(out, "categories", &changes->moves);
	if (changes->kinds[CHANGE_FINDINGS] > 0)
		fputs("findings:       added, gone, of another severity\n", out);
	for (int i = 0; i < FINDING_N; i++) {
		if (changes->found[i] + changes->lost[i] + changes->weighed[i] > 0)
			fprintf(out, "  %-24s %5zu %5zu %5zu\n", finding_infos[i].id,
				changes->found[i], changes->lost[i], changes->weighed[i]);
	}
	if (changes->messages > 0)
		fputs("by category as it was: changed, of all\n", out);
	for (size_t i = 0; i < changes->categories.n; i++) {
		const struct count *count = &changes->categories.items[i];

		fprintf(out, "  %-24.*s %5zu %5zu\n", STR_ARG(count->name), count->changed,
			count->messages);
	}
	fprintf(out, "%zu messages, %zu changed, %zu could not be read\n", changes->messages,
		changes->changed, changes->broken);
}

/* -- JSON -- */

static json_t *json_effect(struct arena *arena, const struct effect *effect)
{
	json_t *object = json_object(), *findings = json_array();

	for (int i = 0; i < FINDING_N; i++) {
		if (effect->findings[i] != SEVERITY_OFF)
			json_array_append_new(findings,
					      json_pack("{s:s,s:s}", "check", finding_infos[i].id,
							"severity",
							severity_name(effect->findings[i])));
	}
	json_object_set_new(object, "notice", json_boolean(effect->notice));
	json_object_set_new(object, "category",
			    effect->notice ? json_text(arena, effect->category) : json_null());
	json_object_set_new(object, "verdict", json_string(severity_name(effect->verdict)));
	json_object_set_new(object, "findings", findings);
	return object;
}

static void dump(FILE *out, json_t *object)
{
	json_dumpf(object, out, JSON_PRESERVE_ORDER | JSON_COMPACT);
	fputc('\n', out);
	json_decref(object);
}

void changes_json(FILE *out, struct arena *arena, const struct change_place *place,
		  const struct effect *before, const struct effect *after)
{
	unsigned kinds = effect_changes(before, after);
	json_t *object = json_object(), *names = json_array();

	for (int i = 0; i < CHANGE_N; i++) {
		if (kinds >> i & 1)
			json_array_append_new(names, json_string(change_name((enum change)i)));
	}
	json_object_set_new(object, "file", json_text(arena, str_from(place->file)));
	json_object_set_new(object, "number", place->number > 0 ? json_integer((json_int_t)place->number)
								: json_null());
	json_object_set_new(object, "message_id", json_text(arena, place->message_id));
	json_object_set_new(object, "now", json_text(arena, utc_stamp(arena, place->now)));
	json_object_set_new(object, "now_from", json_string(place->now_from));
	json_object_set_new(object, "changes", names);
	json_object_set_new(object, "before", json_effect(arena, before));
	json_object_set_new(object, "after", json_effect(arena, after));
	dump(out, object);
}

void changes_json_broken(FILE *out, struct arena *arena, const struct change_place *place,
			 const char *reason)
{
	json_t *object = json_object();

	json_object_set_new(object, "file", json_text(arena, str_from(place->file)));
	json_object_set_new(object, "number", place->number > 0 ? json_integer((json_int_t)place->number)
								: json_null());
	json_object_set_new(object, "error", json_text(arena, str_from(reason)));
	dump(out, object);
}

static json_t *json_counts(struct arena *arena, const struct counts *counts)
{
	json_t *object = json_object();

	for (size_t i = 0; i < counts->n; i++)
		json_object_set_new(object, arena_cstr(arena, counts->items[i].name),
				    json_integer((json_int_t)counts->items[i].changed));
	return object;
}

static json_t *json_findings(const struct changes *changes)
{
	json_t *object = json_object();

	for (int i = 0; i < FINDING_N; i++) {
		if (changes->found[i] + changes->lost[i] + changes->weighed[i] > 0)
			json_object_set_new(object, finding_infos[i].id,
					    json_pack("{s:I,s:I,s:I}", "added",
						      (json_int_t)changes->found[i], "gone",
						      (json_int_t)changes->lost[i], "severity",
						      (json_int_t)changes->weighed[i]));
	}
	return object;
}

void changes_json_summary(FILE *out, const struct changes *changes)
{
	json_t *summary = json_object(), *kinds = json_object(), *categories = json_object();

	for (int i = 0; i < CHANGE_N; i++)
		json_object_set_new(kinds, change_name((enum change)i),
				    json_integer((json_int_t)changes->kinds[i]));
	for (size_t i = 0; i < changes->categories.n; i++) {
		const struct count *count = &changes->categories.items[i];

		json_object_set_new(categories, arena_cstr(changes->arena, count->name),
				    json_pack("{s:I,s:I}", "messages", (json_int_t)count->messages,
					      "changed", (json_int_t)count->changed));
	}
	json_object_set_new(summary, "messages", json_integer((json_int_t)changes->messages));
	json_object_set_new(summary, "changed", json_integer((json_int_t)changes->changed));
	json_object_set_new(summary, "broken", json_integer((json_int_t)changes->broken));
	json_object_set_new(summary, "changes", kinds);
	json_object_set_new(summary, "verdicts", json_counts(changes->arena, &changes->verdicts));
	json_object_set_new(summary, "moves", json_counts(changes->arena, &changes->moves));
	json_object_set_new(summary, "findings", json_findings(changes));
	json_object_set_new(summary, "categories", categories);
	dump(out, json_pack("{s:o}", "summary", summary));
}
