#include "milter/cli/text.h"

#include "policy/base/buf.h"
#include "policy/base/utc.h"

struct str text_safe(struct arena *arena, struct str text)
{
	struct buf out;

	buf_init(&out, arena, text.n);
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		bool c1 = c == 0xc2 && i + 1 < text.n && (unsigned char)text.p[i + 1] < 0xa0;

		if (c1)
			i++;
		buf_add_char(&out, c < ' ' || c == 0x7f || c1 ? ' ' : (char)c);
	}
	return buf_str(&out);
}

static void print_notice(FILE *out, const struct judgement *judgement)
{
	const struct classification *class = judgement->class;
	struct arena *arena = judgement->arena;

	fprintf(out, "  category  %.*s%s%.*s (score %.1f, phase %s)\n",
		STR_ARG(class->category != NULL ? class->category->id : STR_LIT("not clear")),
		class->variant != NULL ? ", " : "",
		STR_ARG(class->variant != NULL ? class->variant->id : STR_LIT("")),
		class->score, phase_name(class->phase));
	for (size_t i = 0; i < class->n_evidence; i++)
		fprintf(out, "            %+.1f %.*s in %.*s: %.*s\n", class->evidence[i].weight,
			STR_ARG(class->evidence[i].signal), STR_ARG(class->evidence[i].where),
			STR_ARG(text_safe(arena, str_head(class->evidence[i].text, 80))));
}

static void print_event(FILE *out, const struct judgement *judgement)
{
	const struct when *when = judgement->when;
	struct arena *arena = judgement->arena;

	if (judgement->event.n == 0 && !when->has_start)
		return;
	fputs("  event     ", out);
	if (judgement->event.n > 0)
		fprintf(out, "%.*s ", STR_ARG(text_safe(arena, judgement->event)));
	if (when->has_start)
		fprintf(out, "from %.*s ", STR_ARG(utc_stamp(arena, when->start)));
	if (when->has_end)
		fprintf(out, "to %.*s ", STR_ARG(utc_stamp(arena, when->end)));
	if (when->has_start)
		fprintf(out, "(%s)", place_name(when->source));
	fputc('\n', out);
}

static void print_banner(FILE *out, const struct judgement *judgement)
{
	const struct banner *banner = &judgement->banner;

	if (banner->state == BANNER_COLOR)
		fprintf(out, "  banner    #%02x%02x%02x %.*s (distance %.1f, %.*s)\n",
			banner->rgb[0], banner->rgb[1], banner->rgb[2],
			STR_ARG(banner->entry != NULL ? banner->entry->name
						      : STR_LIT("in no palette colour")),
			banner->distance, STR_ARG(banner->source));
	else if (banner->state == BANNER_UNVERIFIABLE)
		fputs("  banner    cannot be seen here\n", out);
}

static void print_exception(FILE *out, struct arena *arena, const struct check_result *result)
{
	const struct policy_exception *exception = result->exception;

	if (exception != NULL)
		fprintf(out, "            exception %.*s until %.*s: %.*s (else %s)\n",
			STR_ARG(exception->id), STR_ARG(utc_date(arena, exception->until)),
			STR_ARG(text_safe(arena, exception->reason)),
			severity_name(result->severity_without));
}

static void print_finding(FILE *out, struct arena *arena, const struct check_result *result)
{
	fprintf(out, "  %-9s %s: %s%.*s\n", severity_name(result->severity),
		finding_infos[result->finding].id,
		result->outcome == OUTCOME_CANNOT_TELL ? "cannot tell: " : "",
		STR_ARG(text_safe(arena, result->detail)));
	print_exception(out, arena, result);
	if (result->remedy.n > 0)
		fprintf(out, "            to mend it: %.*s\n", STR_ARG(result->remedy));
	fprintf(out, "            policy: %s\n", finding_infos[result->finding].clause);
}

static void print_explanation(FILE *out, const struct judgement *judgement)
{
	for (int i = 0; i < FINDING_N; i++) {
		const struct check_result *result = &judgement->results[i];

		fprintf(out, "    %-14s %s%s%.*s\n", outcome_name(result->outcome),
			finding_infos[i].id, result->detail.n > 0 ? ": " : "",
			STR_ARG(text_safe(judgement->arena, result->detail)));
		print_exception(out, judgement->arena, result);
	}
}

void text_judgement(FILE *out, const char *file, const struct judgement *judgement, bool explain)
{
	if (!judgement->notice) {
		fprintf(out, "%s: no notice\n", file);
		return;
	}
	fprintf(out, "%s: %s\n", file, severity_name(judgement->verdict));
	print_notice(out, judgement);
	print_event(out, judgement);
	print_banner(out, judgement);
	for (int i = 0; i < FINDING_N; i++) {
		if (check_result_is_finding(&judgement->results[i]))
			print_finding(out, judgement->arena, &judgement->results[i]);
	}
	for (size_t i = 0; i < judgement->stripped.n; i++)
		fprintf(out, "  taken off %.*s\n",
			STR_ARG(text_safe(judgement->arena, judgement->stripped.items[i])));
	if (explain)
		print_explanation(out, judgement);
}
