#define PCRE2_CODE_UNIT_WIDTH 8
#include "policy/classify/patterns.h"

#include <pcre2.h>

/* What one match may cost; a pattern that needs more on some text finds nothing there. */
#define MATCH_LIMIT 100000
#define DEPTH_LIMIT 1000
#define HEAP_LIMIT_KIB 1024
#define PATTERNS_MAX 64

struct pattern {
	enum reference_kind kind;
	pcre2_code *code;
};

struct patterns {
	pcre2_match_context *limits;
	size_t n;
	struct pattern items[PATTERNS_MAX];
};

static pcre2_code *pattern_compile(struct str text, struct str file, struct diag *diag)
{
	int error;
	PCRE2_SIZE offset;
	char message[128];
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)text.p, text.n,
					 PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS |
						 PCRE2_NEVER_BACKSLASH_C,
					 &error, &offset, NULL);

	if (code == NULL) {
		pcre2_get_error_message(error, (PCRE2_UCHAR *)message, sizeof message);
		diag_error(diag, file, 0, 0, "reference pattern \"%.*s\", at %zu: %s", STR_ARG(text),
			   (size_t)offset, message);
		return NULL;
	}
	/* Where memory must not be executable this fails, and matching is interpreted. */
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	return code;
}

static bool kind_compile(struct patterns *patterns, enum reference_kind kind,
			 const struct policy *policy, struct diag *diag)
{
	const struct str_list *list = &policy->reference_patterns[kind];
	bool good = true;

	for (size_t i = 0; i < list->n; i++) {
		pcre2_code *code;

		if (patterns->n == PATTERNS_MAX) {
			diag_error(diag, policy->file, 0, 0, "more than %d reference patterns",
				   PATTERNS_MAX);
			return false;
		}
		code = pattern_compile(list->items[i], policy->file, diag);
		if (code != NULL)
			patterns->items[patterns->n++] = (struct pattern){ kind, code };
		good &= code != NULL;
	}
	return good;
}

struct patterns *patterns_compile(struct arena *arena, const struct policy *policy,
				  struct diag *diag)
{
	struct patterns *patterns = ARENA_NEW(arena, struct patterns);
	bool good = true;

	patterns->limits = pcre2_match_context_create(NULL);
	if (patterns->limits == NULL)
		abort(); /* no memory: as arena.h says */
	pcre2_set_match_limit(patterns->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(patterns->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(patterns->limits, HEAP_LIMIT_KIB);
	for (int kind = 0; kind < REFERENCE_N; kind++)
		good &= kind_compile(patterns, (enum reference_kind)kind, policy, diag);
	if (good)
		return patterns;
	patterns_free(patterns);
	return NULL;
}

void patterns_free(struct patterns *patterns)
{
	if (patterns == NULL)
		return;
	for (size_t i = 0; i < patterns->n; i++)
		pcre2_code_free(patterns->items[i].code);
	pcre2_match_context_free(patterns->limits);
}

struct finder {
	const struct patterns *patterns;
	struct arena *arena;
	struct str text;
	size_t max;
	struct reference_hit *hits;
	size_t n, cap;
};

/* Of one kind, hits that share text are one: the longer. */
static bool overlaps(struct finder *finder, const struct reference_hit *hit)
{
	for (size_t i = 0; i < finder->n; i++) {
		struct reference_hit *other = &finder->hits[i];

		if (other->kind != hit->kind || other->end <= hit->begin || hit->end <= other->begin)
			continue;
		if (hit->end - hit->begin > other->end - other->begin)
			*other = *hit;
		return true;
	}
	return false;
}

static void hit_add(struct finder *finder, enum reference_kind kind, const PCRE2_SIZE *offsets,
		    int groups)
{
	bool grouped = groups > 1 && offsets[2] != PCRE2_UNSET;
	struct reference_hit hit = { .kind = kind,
				     .begin = grouped ? offsets[2] : offsets[0],
				     .end = grouped ? offsets[3] : offsets[1] };

	if (hit.begin >= hit.end)
		return;
	hit.id = (struct str){ finder->text.p + hit.begin, hit.end - hit.begin };
	if (overlaps(finder, &hit))
		return;
	ARENA_ROOM(finder->arena, finder->hits, finder->n, finder->cap);
	finder->hits[finder->n++] = hit;
}

static void pattern_find(struct finder *finder, const struct pattern *pattern)
{
	pcre2_match_data *match = pcre2_match_data_create_from_pattern(pattern->code, NULL);
	PCRE2_SIZE at = 0;
	uint32_t options = 0; /* the first match checks that the text is UTF-8 */

	if (match == NULL)
		abort();
	while (at < finder->text.n && finder->n < finder->max) {
		const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(match);
		int groups = pcre2_match(pattern->code, (PCRE2_SPTR)finder->text.p, finder->text.n,
					 at, options, match, finder->patterns->limits);

		if (groups <= 0)
			break;
		hit_add(finder, pattern->kind, offsets, groups);
		options = PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY;
		if (offsets[1] > at)
			at = offsets[1];
		else if (++at < finder->text.n)
			while (at < finder->text.n && ((unsigned char)finder->text.p[at] & 0xc0) == 0x80)
				at++;
	}
	pcre2_match_data_free(match);
}

static int reference_compare(const void *a, const void *b)
{
	const struct reference_hit *x = a, *y = b;

	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	return (x->kind > y->kind) - (x->kind < y->kind);
}

size_t patterns_find(const struct patterns *patterns, struct arena *arena, struct str text,
		     size_t max, struct reference_hit **ret_hits)
{
	struct finder finder = { patterns, arena, text, max, NULL, 0, 0 };

	if (text.n > 0)
		for (size_t i = 0; i < patterns->n; i++)
			pattern_find(&finder, &patterns->items[i]);
	if (finder.n > 1)
		qsort(finder.hits, finder.n, sizeof *finder.hits, reference_compare);
	*ret_hits = finder.hits;
	return finder.n;
}
