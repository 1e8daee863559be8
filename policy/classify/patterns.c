#define PCRE2_CODE_UNIT_WIDTH 8
#include "policy/classify/patterns.h"

#include <pcre2.h>
#include <unicode/uchar.h>

#include "policy/classify/regex_digit.h"
#include "policy/text/utf8.h"

/* What one match may cost; a pattern that needs more on some text finds nothing there. */
#define MATCH_LIMIT 20000
#define DEPTH_LIMIT 1000
#define HEAP_LIMIT_KIB 1024
#define PATTERNS_MAX 64
/* The text is searched in spans of so many octets, each with as much behind it as a match may go on:
 * a pattern that walks over all the digits before it must not walk over all of the text each time. */
#define SPAN ((size_t)1024)
/* A match that needs a digit begins at most so many octets before it. */
#define DIGIT_REACH 96

struct pattern {
	enum reference_kind kind;
	pcre2_code *code;
	bool needs_digit;
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
						 PCRE2_NEVER_BACKSLASH_C |
						 PCRE2_USE_OFFSET_LIMIT,
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
			patterns->items[patterns->n++] =
				(struct pattern){ kind, code, regex_needs_digit(list->items[i]) };
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

/* Where a match may begin. */
struct window {
	size_t begin, end;
};

struct finder {
	const struct patterns *patterns;
	struct arena *arena;
	struct str text;
	size_t max;
	pcre2_match_context *limits;
	struct window *windows; /* before the digits of the text, in order, apart */
	size_t n_windows, cap_windows;
	struct reference_hit *hits;
	size_t n, cap;
};

static void window_add(struct finder *finder, size_t digit)
{
	size_t begin = digit > DIGIT_REACH ? digit - DIGIT_REACH : 0;
	struct window *last = finder->n_windows > 0 ? &finder->windows[finder->n_windows - 1] : NULL;

	if (last != NULL && begin <= last->end) {
		last->end = digit;
		return;
	}
	while (begin > 0 && ((unsigned char)finder->text.p[begin] & 0xc0) == 0x80)
		begin--;
	ARENA_ROOM(finder->arena, finder->windows, finder->n_windows, finder->cap_windows);
	finder->windows[finder->n_windows++] = (struct window){ begin, digit };
}

/* "\d" is any decimal digit of Unicode. */
static void windows_find(struct finder *finder)
{
	for (size_t at = 0; at < finder->text.n;) {
		size_t begin = at;
		uint32_t c = (unsigned char)finder->text.p[at];

		if (c < 0x80)
			at++;
		else
			c = utf8_next(finder->text, &at);
		if (c < 0x80 ? ascii_is_digit((char)c) : u_isdigit((UChar32)c))
			window_add(finder, begin);
	}
}

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

/* The first character's begin at or after at. */
static size_t char_begin(struct str text, size_t at)
{
	while (at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80)
		at++;
	return at < text.n ? at : text.n;
}

/* Matches that begin in the window, from *at on, which moves behind the last one. */
static void window_search(struct finder *finder, const struct pattern *pattern,
			  pcre2_match_data *match, struct window window, size_t *at)
{
	const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(match);
	uint32_t options = PCRE2_NO_UTF_CHECK | (*at > 0 ? PCRE2_NOTEMPTY : 0);

	if (*at < window.begin)
		*at = window.begin;
	while (*at < finder->text.n && *at <= window.end && finder->n < finder->max) {
		size_t last = *at + SPAN < window.end ? *at + SPAN : window.end;
		int groups;

		pcre2_set_offset_limit(finder->limits, last);
		groups = pcre2_match(pattern->code, (PCRE2_SPTR)finder->text.p,
				     char_begin(finder->text, last + SPAN), *at, options, match,
				     finder->limits);
		options |= PCRE2_NOTEMPTY;
		if (groups <= 0) {
			*at = char_begin(finder->text, last + 1);
			continue;
		}
		hit_add(finder, pattern->kind, offsets, groups);
		*at = offsets[1] > *at ? offsets[1] : char_begin(finder->text, *at + 1);
	}
}

static void pattern_find(struct finder *finder, const struct pattern *pattern)
{
	pcre2_match_data *match = pcre2_match_data_create_from_pattern(pattern->code, NULL);
	struct window all = { 0, finder->text.n };
	size_t at = 0;

	if (match == NULL)
		abort();
	for (size_t i = 0; pattern->needs_digit && i < finder->n_windows; i++)
		window_search(finder, pattern, match, finder->windows[i], &at);
	if (!pattern->needs_digit)
		window_search(finder, pattern, match, all, &at);
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
	struct finder finder = { .patterns = patterns, .arena = arena, .text = text, .max = max };

	if (text.n > 0 && utf8_is_valid(text)) {
		finder.limits = pcre2_match_context_copy(patterns->limits);
		if (finder.limits == NULL)
			abort();
		windows_find(&finder);
		for (size_t i = 0; i < patterns->n; i++)
			pattern_find(&finder, &patterns->items[i]);
		pcre2_match_context_free(finder.limits);
	}
	if (finder.n > 1)
		qsort(finder.hits, finder.n, sizeof *finder.hits, reference_compare);
	*ret_hits = finder.hits;
	return finder.n;
}
