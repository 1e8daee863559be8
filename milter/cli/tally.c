#include "milter/cli/tally.h"

#include "milter/cli/text.h"

void tally_init(struct tally *tally, struct arena *arena)
{
	*tally = (struct tally){ .arena = arena };
	map_init_exact(&tally->folder_index, arena);
	tally->categories = ARENA_ARRAY(arena, TALLY_CATEGORIES_MAX, struct category_tally);
}

/* -- Counting -- */

static struct folder_tally *folder_of(struct tally *tally, const char *folder)
{
	size_t fresh = tally->n_folders;
	size_t index = *map_put(&tally->folder_index, str_from(folder), fresh);

	if (index == fresh) {
		ARENA_ROOM(tally->arena, tally->folders, tally->n_folders, tally->cap_folders);
		tally->folders[tally->n_folders++] = (struct folder_tally){ .folder = folder };
	}
	return &tally->folders[index];
}

static size_t category_of(struct tally *tally, struct str name)
{
	for (size_t i = 0; i < tally->n_categories; i++) {
		if (str_eq(tally->categories[i].name, name))
			return i;
	}
	if (tally->n_categories == TALLY_CATEGORIES_MAX)
		return TALLY_CATEGORIES_MAX - 1;
	tally->categories[tally->n_categories].name = text_safe(tally->arena, name);
	return tally->n_categories++;
}

/* The category that a case expects, as effect_of names them; absent where it says nothing. */
static struct str expected_category(const struct expectation *expect)
{
	if (expect->has_notice && !expect->notice)
		return STR_LIT("no notice");
	if (!expect->category.given)
		return STR_NONE;
	if (expect->category.text.p != NULL)
		return expect->category.text;
	return expect->has_notice ? STR_LIT("not clear") : STR_LIT("no notice");
}

static bool list_has(const struct expected_list *list, const char *id)
{
	for (size_t i = 0; i < list->list.n; i++) {
		if (str_is(list->list.items[i], id))
			return true;
	}
	return false;
}

static void count_finding(struct hits *hits, const struct expectation *expect, const char *id,
			  bool found)
{
	bool wanted = list_has(&expect->findings, id) || list_has(&expect->findings_include, id);
	bool unwanted = (expect->findings.given && !wanted) || list_has(&expect->findings_exclude, id);

	hits->right += wanted && found;
	hits->missed += wanted && !found;
	hits->wrong += unwanted && found;
}

void tally_add(struct tally *tally, const char *folder, const struct expectation *expect,
	       const struct judgement *judgement, const struct comparison *comparison)
{
	struct folder_tally *counts = folder_of(tally, folder);
	struct effect effect = effect_of(judgement);
	struct str expected = expected_category(expect);
	bool passed = comparison->n == 0;

	counts->cases++;
	counts->passed += passed;
	tally->passed += passed;
	tally->failed += !passed;
	for (int i = 0; i < EXPECT_N; i++) {
		counts->given[i] += comparison->given[i];
		counts->agreed[i] += comparison->agrees[i];
	}
	if (expected.p != NULL) {
		size_t row = category_of(tally, expected);

		tally->categories[row].judged[category_of(tally, effect.category)]++;
	}
	for (int i = 0; i < FINDING_N; i++)
		count_finding(&tally->findings[i], expect, finding_infos[i].id,
			      effect.findings[i] != SEVERITY_OFF);
}

void tally_add_broken(struct tally *tally, const char *folder)
{
	folder_of(tally, folder)->cases++;
	tally->failed++;
}

/* -- Printing -- */

static void print_folder(FILE *out, const struct folder_tally *tally)
{
	fprintf(out, "%s: %zu of %zu cases pass", tally->folder, tally->passed, tally->cases);
	for (int key = 0; key < EXPECT_N; key++) {
		if (tally->given[key] > 0)
			fprintf(out, "; %s %zu/%zu", expect_key_name((enum expect_key)key),
				tally->agreed[key], tally->given[key]);
	}
	fputc('\n', out);
}

/* A share in hundredths; a dash where there is nothing to share. */
static void print_share(FILE *out, size_t part, size_t whole)
{
	if (whole == 0)
		fputs("         -", out);
	else
		fprintf(out, "      %4.2f", (double)part / (double)whole);
}

static void print_hits(FILE *out, struct str name, const struct hits *hits)
{
	fprintf(out, "  %-24.*s %6zu %6zu %6zu", STR_ARG(name), hits->right, hits->missed,
		hits->wrong);
	print_share(out, hits->right, hits->right + hits->wrong);
	print_share(out, hits->right, hits->right + hits->missed);
	fputc('\n', out);
}

static void print_head(FILE *out, const char *title)
{
	fprintf(out, "%-26s  right missed  false precision    recall\n", title);
}

static struct hits category_hits(const struct tally *tally, size_t category)
{
	struct hits hits = { .right = tally->categories[category].judged[category] };

	for (size_t i = 0; i < tally->n_categories; i++) {
		if (i == category)
			continue;
		hits.missed += tally->categories[category].judged[i];
		hits.wrong += tally->categories[i].judged[category];
	}
	return hits;
}

/* A row for each expected category, a column for each judged one; columns go by letters: 26 of one,
 * then two. */
static void print_confusion(FILE *out, const struct tally *tally)
{
	fputs("expected (rows) x judged (columns)\n ", out);
	for (size_t i = 0; i < tally->n_categories; i++)
		fprintf(out, "   %c%c", i < 26 ? ' ' : (char)('a' + i / 26 - 1), (char)('a' + i % 26));
	fputc('\n', out);
	for (size_t row = 0; row < tally->n_categories; row++) {
		fputc(' ', out);
		for (size_t i = 0; i < tally->n_categories; i++) {
			if (tally->categories[row].judged[i] > 0)
				fprintf(out, " %4zu", tally->categories[row].judged[i]);
			else
				fputs("    .", out);
		}
		fprintf(out, "  %c%c  %.*s\n", row < 26 ? ' ' : (char)('a' + row / 26 - 1),
			(char)('a' + row % 26), STR_ARG(tally->categories[row].name));
	}
}

void tally_print(FILE *out, const struct tally *tally)
{
	for (size_t i = 0; i < tally->n_folders; i++)
		print_folder(out, &tally->folders[i]);
	if (tally->n_categories > 0)
		print_head(out, "categories");
	for (size_t i = 0; i < tally->n_categories; i++) {
		struct hits hits = category_hits(tally, i);

		print_hits(out, tally->categories[i].name, &hits);
	}
	print_head(out, "findings");
	for (int i = 0; i < FINDING_N; i++) {
		const struct hits *hits = &tally->findings[i];

		if (hits->right + hits->missed + hits->wrong > 0)
			print_hits(out, str_from(finding_infos[i].id), hits);
	}
	if (tally->n_categories > 0)
		print_confusion(out, tally);
}
