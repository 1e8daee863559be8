/* page.c - the policy as a lawyer reads it: all that it says, in sentences, without keys */
#include "policy/rules/page.h"

#include "policy/base/utc.h"
#include "policy/rules/lint.h"
#include "policy/rules/names.h"

struct str duration_words(struct arena *arena, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *word;
	} units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" }, { 1, "second" } };
	size_t unit = 0;

	while (unit < 3 && (seconds % units[unit].seconds != 0 || seconds < units[unit].seconds))
		unit++;
	return arena_printf(arena, "%lld %s%s", (long long)(seconds / units[unit].seconds),
			    units[unit].word, seconds == units[unit].seconds ? "" : "s");
}

struct str page_words(struct arena *arena, struct str name)
{
	char *words = arena_cstr(arena, name);

	for (size_t i = 0; i < name.n; i++) {
		if (words[i] == '-')
			words[i] = ' ';
	}
	return (struct str){ words, name.n };
}

struct str page_set(struct arena *arena, const char *const *names, unsigned set)
{
	struct buf out;

	buf_init(&out, arena, 4096);
	for (unsigned i = 0; names[i] != NULL; i++) {
		if (!(set & 1u << i))
			continue;
		buf_add_cstr(&out, out.n > 0 ? ", " : "");
		buf_add(&out, page_words(arena, str_from(names[i])));
	}
	return buf_str(&out);
}

struct str page_list(struct arena *arena, const struct str_list *list, const char *none)
{
	struct buf out;

	buf_init(&out, arena, 1024 * 1024);
	for (size_t i = 0; i < list->n; i++) {
		buf_add_cstr(&out, i > 0 ? ", " : "");
		buf_add(&out, list->items[i]);
	}
	return out.n > 0 ? buf_str(&out) : str_from(none);
}

const char *page_effect(enum severity severity)
{
	static const char *const effects[] = {
		[SEVERITY_OFF] = "is not looked at",
		[SEVERITY_ACCEPT] = "passes, with a word on record",
		[SEVERITY_STRIP] = "goes out without the recipients at fault",
		[SEVERITY_FLAG] = "is marked, and passes",
		[SEVERITY_QUARANTINE] = "is held",
		[SEVERITY_TEMPFAIL] = "is deferred",
		[SEVERITY_REJECT] = "is refused",
	};

	return effects[severity];
}

/* -- The policy itself -- */

static struct str time_text(struct arena *arena, int64_t time)
{
	return time != 0 ? utc_words(arena, time) : STR_LIT("");
}

static struct str tree_list(struct arena *arena, const struct yaml_node *node)
{
	struct buf out;

	buf_init(&out, arena, 1024 * 1024);
	for (size_t i = 0; node != NULL && node->kind != YAML_SCALAR && i < node->n; i++) {
		buf_add_cstr(&out, i > 0 ? ", " : "");
		if (node->kind == YAML_LIST)
			buf_add(&out, node->items[i]->text);
		else
			buf_printf(&out, "%.*s (SHA-256 %.*s)", STR_ARG(node->pairs[i].key->text),
				   STR_ARG(node->pairs[i].value->text));
	}
	return buf_str(&out);
}

static void page_about(struct page *page, const struct policy *policy, const struct yaml_node *tree)
{
	static const char *const modes[] = {
		[MODE_ENFORCE] = "Enforced: a notice that breaks a rule is dealt with as said below.",
		[MODE_FLAG] = "A notice that breaks a rule is marked, and never refused.",
		[MODE_OBSERVE] = "Everything passes, and what would happen is put on record.",
	};
	struct arena *arena = page->arena;

	page_row(page, "Effect", str_from(modes[policy->mode]));
	if (policy->serial != 0)
		page_row(page, "Signed edition",
			 arena_printf(arena, "%llu", (unsigned long long)policy->serial));
	page_row(page, "Valid from", time_text(arena, policy->not_before));
	page_row(page, "Valid until", time_text(arena, policy->not_after));
	page_row(page, "Languages", tree_list(arena, lint_at(tree, STR_LIT("languages"))));
	page_row(page, "Takes in", tree_list(arena, lint_at(tree, STR_LIT("pins"))));
	if (page->form != PAGE_LINES)
		page_row(page, "Fingerprint", policy->sha256);
}

static struct str patterns_text(struct arena *arena, const struct pattern_list *patterns)
{
	return page_list(arena, &(struct str_list){ patterns->items, patterns->n, 0 }, "anyone");
}

static void page_senders(struct page *page, const struct policy *policy)
{
	struct arena *arena = page->arena;

	page_heading(page, 2, STR_LIT("Who sends notices"));
	page_row(page, "From", patterns_text(arena, &policy->senders_from));
	page_row(page, "Envelope sender", patterns_text(arena, &policy->senders_envelope));
	page_row(page, "Nothing else", page_list(arena, &policy->notice_locals, ""));
	page_text(page, "The last are the names before the @ of addresses that send nothing but notices. A "
			"star stands for anything.");
	page_row(page, "Internal", page_list(arena, &policy->internal, "no domain"));
	page_row(page, "Health pages", page_list(arena, &policy->health_pages, "none"));
	page_text(page, "Mail that stays within the internal domains is no notice.");
}

static struct str zones_text(struct arena *arena, const struct policy *policy)
{
	struct buf out;

	buf_init(&out, arena, 64 * 1024);
	for (size_t i = 0; i < policy->zone_keys.n; i++)
		buf_printf(&out, "%s%.*s is %.*s", i > 0 ? ", " : "",
			   STR_ARG(policy->zone_keys.items[i]), STR_ARG(policy->zone_values.items[i]));
	return buf_str(&out);
}

/* What a calendar repeats goes on for a century: of many days the first, but all to be compared. */
static struct str days_text(const struct page *page, const struct day_list *days)
{
	bool all = page->form == PAGE_LINES || days->n < PAGE_DAYS_MAX;
	size_t shown = all ? days->n : PAGE_DAYS_MAX;
	struct arena *arena = page->arena;
	struct buf out;

	buf_init(&out, arena, 16 * (shown + 4));
	for (size_t i = 0; i < shown; i++)
		buf_printf(&out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(utc_date(arena, days->items[i])));
	if (days->n > shown)
		buf_printf(&out, " and %zu more up to %.*s", days->n - shown,
			   STR_ARG(utc_date(arena, days->items[days->n - 1])));
	return buf_str(&out);
}

static void page_time(struct page *page, const struct policy *policy)
{
	struct arena *arena = page->arena;

	page_heading(page, 2, STR_LIT("Times and business days"));
	page_row(page, "Time zone", arena_printf(arena, "%.*s, where a mail states none",
						 STR_ARG(policy->timezone)));
	page_row(page, "Abbreviations", zones_text(arena, policy));
	page_row(page, "Weekend", page_set(arena, weekday_names, policy->weekend));
	page_row(page, "Holidays", days_text(page, &policy->holidays));
	page_row(page, "Calendars", page_list(arena, &policy->calendars, ""));
	page_row(page, "Counted in", policy->business_zone);
}

/* -- Faults -- */

/* To be compared, each fault says for itself what becomes of it. */
static void page_fault_lines(struct page *page, const struct policy *policy)
{
	page_heading(page, 2, STR_LIT("What becomes of faults"));
	for (int i = 0; i < FINDING_N; i++)
		page_row(page, finding_infos[i].id,
			 arena_printf(page->arena,
				      "The notice %s. Where it cannot be told, the notice %s.",
				      page_effect(policy_severity(policy, NULL, (enum finding_id)i)),
				      page_effect(policy->when_unknown[i])));
}

static void page_faults(struct page *page, const struct policy *policy)
{
	page_heading(page, 2, STR_LIT("What becomes of faults"));
	page_text(page, "Where a category says nothing else. The worst fault of a notice decides.");
	for (int severity = SEVERITY_N; severity-- > 0;) {
		bool said = false;

		for (int i = 0; i < FINDING_N; i++) {
			if (policy_severity(policy, NULL, (enum finding_id)i) != (enum severity)severity)
				continue;
			if (!said)
				page_text(page, "A notice %s for:",
					  page_effect((enum severity)severity));
			said = true;
			page_item(page, "%s: %s Where that cannot be told, it %s.", finding_infos[i].id,
				  finding_texts[i].means, page_effect(policy->when_unknown[i]));
		}
	}
}

static struct str findings_text(struct arena *arena, const bool *findings)
{
	struct buf out;

	buf_init(&out, arena, 4096);
	for (int i = 0; i < FINDING_N; i++) {
		if (findings[i])
			buf_printf(&out, "%s%s", out.n > 0 ? ", " : "", finding_infos[i].id);
	}
	return buf_str(&out);
}

static struct str categories_text(struct arena *arena, const struct policy *policy,
				  const bool *categories)
{
	struct buf out;

	buf_init(&out, arena, 64 * 1024);
	for (size_t i = 0; categories != NULL && i < policy->n_categories; i++) {
		if (!categories[i])
			continue;
		buf_add_cstr(&out, out.n > 0 ? ", " : "");
		buf_add(&out, page_words(arena, policy->categories[i].id));
	}
	return buf_str(&out);
}

/* A text that ends as sentences do: else its commas would be those of a list. */
static struct str as_sentence(struct arena *arena, struct str text)
{
	text = str_trim(text);
	return str_ends(text, STR_LIT(".")) ? text : arena_printf(arena, "%.*s.", STR_ARG(text));
}

static void page_exception(struct page *page, const struct policy *policy,
			   const struct policy_exception *exception)
{
	const struct {
		const char *label;
		const struct pattern_list *list;
	} rows[] = {
		{ "Senders", &exception->senders },
		{ "Recipients", &exception->recipients },
		{ "Organizations", &exception->organizations },
		{ "Events", &exception->events },
	};
	struct arena *arena = page->arena;

	page_heading(page, 3, page_words(arena, exception->id));
	page_text(page, "At worst a notice %s.", page_effect(exception->severity));
	page_row(page, "For", findings_text(arena, exception->findings));
	page_row(page, "Until", utc_date(arena, exception->until));
	page_row(page, "Reason", as_sentence(arena, exception->reason));
	page_row(page, "Categories", categories_text(arena, policy, exception->categories));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		page_row(page, rows[i].label,
			 page_list(arena, &(struct str_list){ rows[i].list->items, rows[i].list->n, 0 },
				   ""));
}

static void page_exceptions(struct page *page, const struct policy *policy)
{
	struct buf order;

	buf_init(&order, page->arena, 1024 * 1024);
	for (size_t i = 0; i < policy->n_exceptions; i++)
		buf_printf(&order, "%s%.*s", i > 0 ? ", " : "",
			   STR_ARG(page_words(page->arena, policy->exceptions[i].id)));
	if (policy->n_exceptions > 0)
		page_heading(page, 2, STR_LIT("Exceptions"));
	if (policy->n_exceptions > 1)
		page_text(page, "Of several that fit the first counts: %.*s.", STR_ARG(buf_str(&order)));
	for (size_t i = 0; i < policy->n_exceptions; i++)
		page_exception(page, policy, &policy->exceptions[i]);
}

/* -- How notices are known -- */

static void page_banners(struct page *page, const struct policy *policy)
{
	page_heading(page, 2, STR_LIT("Banner colours"));
	for (size_t i = 0; i < policy->n_palette; i++) {
		const struct palette_entry *entry = &policy->palette[i];

		page_item(page, "%.*s: #%02X%02X%02X, and what is at most %g from it (CIEDE2000)",
			  STR_ARG(page_words(page->arena, entry->name)), entry->rgb[0], entry->rgb[1],
			  entry->rgb[2], entry->radius);
	}
	for (size_t i = 0; i < policy->n_images; i++) {
		const struct approved_image *image = &policy->images[i];

		page_item(page, "the image %s%.*s is %.*s", image->url.n > 0 ? "" : "with the SHA-256 ",
			  STR_ARG(image->url.n > 0 ? image->url : image->sha256),
			  STR_ARG(page_words(page->arena, policy->palette[image->color].name)));
	}
}

static void page_references(struct page *page, const struct policy *policy)
{
	static const char *const of[REFERENCE_N] = { "an event", "an incident", "a support case" };

	for (int kind = 0; kind < REFERENCE_N; kind++) {
		const struct str_list *list = &policy->reference_patterns[kind];

		for (size_t i = 0; i < list->n; i++)
			page_item(page, "the number of %s: %.*s", of[kind], STR_ARG(list->items[i]));
	}
}

/* The policy's own phrases; those of language files are many, and serve all policies. */
static void page_phrases(struct page *page, const struct yaml_node *tree)
{
	const struct yaml_node *languages = lint_at(tree, STR_LIT("phrases"));

	for (size_t i = 0; languages != NULL && i < languages->n; i++) {
		const struct yaml_node *concepts = languages->pairs[i].value;

		for (size_t j = 0; concepts->kind == YAML_MAP && j < concepts->n; j++)
			page_item(page, "words for %.*s (%.*s): %.*s",
				  STR_ARG(page_words(page->arena, concepts->pairs[j].key->text)),
				  STR_ARG(languages->pairs[i].key->text),
				  STR_ARG(tree_list(page->arena, concepts->pairs[j].value)));
	}
}

static void page_known(struct page *page, const struct policy *policy, const struct yaml_node *tree)
{
	page_heading(page, 2, STR_LIT("How notices are known"));
	page_text(page, "A mail gets points for what it says and what it is; it is a notice of the category "
			"with the most points, if they reach that category's mark. Two categories that are "
			"less than %g apart fit equally.",
		  policy->margin);
	for (size_t i = 0; i < policy->n_categories; i++)
		page_signals(page, policy, &policy->categories[i]);
	page_heading(page, 3, STR_LIT("any category"));
	page_signals(page, policy, NULL);
	page_heading(page, 3, STR_LIT("words and numbers"));
	if (page->form != PAGE_LINES)
		page_phrases(page, tree);
	page_references(page, policy);
}

static void page_limits(struct page *page, const struct policy *policy)
{
	const struct message_limits *limits = &policy->limits;
	const struct {
		const char *what;
		size_t most;
	} rows[] = {
		{ "octets", limits->message_octets },
		{ "header fields", limits->header_fields },
		{ "octets of header fields", limits->header_octets },
		{ "parts", limits->parts },
		{ "parts within one another", limits->depth },
		{ "octets of HTML", limits->html_octets },
		{ "octets of other text", limits->text_octets },
		{ "octets of one part's style sheets", limits->css_octets },
		{ "recipients", limits->recipients },
	};

	page_heading(page, 2, STR_LIT("Limits"));
	page_text(page, "A notice has at most");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		page_item(page, "%zu %s", rows[i].most, rows[i].what);
	page_text(page, "A compiled directory that is at most %.*s old stands in for servers that do not "
			"answer.",
		  STR_ARG(duration_words(page->arena, policy->directory_stale)));
}

void page_write(struct page *page, const struct policy *policy, const struct yaml_node *tree)
{
	page_begin(page, arena_printf(page->arena, "Policy %.*s, version %llu", STR_ARG(policy->name),
				      (unsigned long long)policy->version));
	page_about(page, policy, tree);
	page_senders(page, policy);
	page_time(page, policy);
	page_heading(page, 2, STR_LIT("Categories"));
	for (size_t i = 0; i < policy->n_categories; i++)
		page_category(page, policy, &policy->categories[i]);
	if (page->form == PAGE_LINES)
		page_fault_lines(page, policy);
	else
		page_faults(page, policy);
	page_exceptions(page, policy);
	page_banners(page, policy);
	page_known(page, policy, tree);
	page_limits(page, policy);
	page_end(page);
}

void policy_page(struct buf *out, const struct policy *policy, const struct yaml_node *tree, bool html)
{
	struct page page = { .out = out,
			     .arena = out->arena,
			     .form = html ? PAGE_HTML : PAGE_TEXT };

	page_write(&page, policy, tree);
}
