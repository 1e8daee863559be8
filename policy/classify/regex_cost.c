#define PCRE2_CODE_UNIT_WIDTH 8
#include "policy/classify/regex_cost.h"

#include <pcre2.h>

#include "policy/text/utf8.h"

/* A tedious text, and what a match on it may cost: some steps an octet are linear, its square is not. */
#define PROBE_OCTETS 256
#define PROBE_STEPS 4000
/* Parts that repeat, of one expression, that are tried. */
#define PARTS_MAX 32
/* A bounded repetition up to this many times is as good as none. */
#define FEW 8
#define LETTERS_MAX 12
#define PAIRED 4
#define DEPTH_MAX 64

/* -- Parts that repeat -- */

struct walk {
	struct str regex;
	size_t at;
	size_t groups[DEPTH_MAX]; /* where they begin */
	size_t depth;
	size_t item;              /* where the item before at begins */
	size_t parts[PARTS_MAX];
	size_t n_parts;
};

static char char_at(struct str regex, size_t at)
{
	return at < regex.n ? regex.p[at] : '\0';
}

/* Behind an escape, with the braces that belong to it. */
static size_t escape_end(struct str regex, size_t at)
{
	size_t end = at + 2;

	if (strchr("pPxoNgk", char_at(regex, at + 1)) != NULL && char_at(regex, end) == '{') {
		end = str_find_char(regex, '}', end);
		return end == STR_NPOS ? regex.n : end + 1;
	}
	return end < regex.n ? end : regex.n;
}

static size_t class_end(struct str regex, size_t at)
{
	size_t i = at + 1;

	i += char_at(regex, i) == '^';
	i += char_at(regex, i) == ']';
	while (i < regex.n && regex.p[i] != ']') {
		if (regex.p[i] == '\\')
			i++;
		else if (regex.p[i] == '[' && char_at(regex, i + 1) == ':' &&
			 str_find(regex, STR_LIT(":]"), i) != STR_NPOS)
			i = str_find(regex, STR_LIT(":]"), i) + 1;
		i++;
	}
	return i < regex.n ? i + 1 : regex.n;
}

/* Behind what cannot be taken apart: a letter, an escape, a class, a bracket. */
static size_t token_end(struct str regex, size_t at)
{
	if (regex.p[at] == '\\')
		return escape_end(regex, at);
	if (regex.p[at] == '[')
		return class_end(regex, at);
	utf8_next(regex, &at);
	return at;
}

/* "*", "+", "{3,}", "{1,90}": often, or without end. */
static bool is_repeated(struct str regex, size_t at)
{
	unsigned most = 0;

	if (char_at(regex, at) == '*' || char_at(regex, at) == '+')
		return true;
	if (char_at(regex, at) != '{')
		return false;
	for (at++; ascii_is_digit(char_at(regex, at)); at++)
		;
	if (char_at(regex, at) != ',')
		return false;
	if (char_at(regex, at + 1) == '}')
		return true;
	for (at++; ascii_is_digit(char_at(regex, at)) && most <= FEW; at++)
		most = most * 10 + (unsigned)(regex.p[at] - '0');
	return most > FEW;
}

/* The rest of the branch that from stands in. */
static struct str branch_rest(struct str regex, size_t from)
{
	size_t depth = 0, at = from;

	while (at < regex.n) {
		char c = regex.p[at];

		if (depth == 0 && (c == ')' || c == '|'))
			break;
		depth += (c == '(') - (size_t)(c == ')');
		at = token_end(regex, at);
	}
	return (struct str){ regex.p + from, at - from };
}

/* From the item on, and from the outermost group that it stands in: what repeats in "(a*)-(a*)-x" has
 * all the rest behind it. */
static void part_add(struct walk *walk)
{
	if (walk->depth > 0 &&
	    (walk->n_parts == 0 || walk->parts[walk->n_parts - 1] != walk->groups[0]))
		walk->parts[walk->n_parts++] = walk->groups[0];
	walk->parts[walk->n_parts++] = walk->item;
}

static void parts_find(struct walk *walk)
{
	while (walk->at < walk->regex.n && walk->n_parts + 2 <= PARTS_MAX) {
		size_t begin = walk->at;
		char c = walk->regex.p[begin];

		walk->at = token_end(walk->regex, begin);
		if (c == '(') {
			if (walk->depth == DEPTH_MAX)
				return;
			walk->groups[walk->depth++] = begin;
			continue;
		}
		if (c == ')' && walk->depth > 0)
			walk->item = walk->groups[--walk->depth];
		else
			walk->item = begin;
		if (c != '|' && is_repeated(walk->regex, walk->at))
			part_add(walk);
	}
}

/* -- Texts to try -- */

/* The first few different letters, digits and hyphens of a part: what it may be made of. */
static size_t letters_of(struct str part, char *ret_letters)
{
	size_t n = 0;

	for (size_t i = 0; i < part.n && n < LETTERS_MAX; i++) {
		char c = ascii_lower(part.p[i]);

		if (c == '\\')
			i++;
		else if ((ascii_is_alnum(c) || c == '-') && memchr(ret_letters, c, n) == NULL)
			ret_letters[n++] = c;
	}
	return n;
}

struct probe {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	char text[PROBE_OCTETS + 1];
};

/* Whether a text of this unit, over and over, and then something else, takes long. */
static bool is_slow_on(struct probe *probe, struct str unit)
{
	int status;

	for (size_t i = 0; i < PROBE_OCTETS; i++)
		probe->text[i] = unit.p[i % unit.n];
	probe->text[PROBE_OCTETS] = '!';
	status = pcre2_match(probe->code, (PCRE2_SPTR)probe->text, sizeof probe->text, 0,
			     PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, probe->match,
			     probe->limits);
	return status == PCRE2_ERROR_MATCHLIMIT || status == PCRE2_ERROR_DEPTHLIMIT ||
	       status == PCRE2_ERROR_HEAPLIMIT;
}

static bool is_slow_on_letters(struct probe *probe, struct str part)
{
	static const char *const usual[] = { "a", "1", " ", "a1", "1-", "a ", "a-" };
	char letters[LETTERS_MAX], pair[2];
	size_t n = letters_of(part, letters);

	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		if (is_slow_on(probe, str_from(usual[i])))
			return true;
	}
	for (size_t i = 0; i < n; i++) {
		if (is_slow_on(probe, (struct str){ &letters[i], 1 }))
			return true;
		for (size_t j = i + 1; j < n && j < PAIRED; j++) {
			pair[0] = letters[i];
			pair[1] = letters[j];
			if (is_slow_on(probe, (struct str){ pair, 2 }))
				return true;
		}
	}
	return false;
}

/* Without the short cuts of a match, one of which is to look first whether a letter that has to come
 * is there at all: in a tedious text it is. */
static pcre2_code *compile(struct str regex, int *ret_error, PCRE2_SIZE *ret_offset)
{
	return pcre2_compile((PCRE2_SPTR)regex.p, regex.n,
			     PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C |
				     PCRE2_NO_START_OPTIMIZE,
			     ret_error, ret_offset, NULL);
}

/* A part that cannot stand alone (it refers to a group outside) is passed over. */
static bool part_is_slow(struct str part, pcre2_match_context *limits)
{
	struct probe probe = { .limits = limits };
	PCRE2_SIZE offset;
	bool slow;
	int error;

	probe.code = compile(part, &error, &offset);
	if (probe.code == NULL)
		return false;
	probe.match = pcre2_match_data_create_from_pattern(probe.code, NULL);
	if (probe.match == NULL)
		abort(); /* no memory: as arena.h says */
	slow = is_slow_on_letters(&probe, part);
	pcre2_match_data_free(probe.match);
	pcre2_code_free(probe.code);
	return slow;
}

struct str regex_fault(struct arena *arena, struct str regex)
{
	struct walk walk = { .regex = regex };
	struct str fault = STR_NONE, part;
	pcre2_match_context *limits;
	PCRE2_SIZE offset;
	pcre2_code *code;
	char message[128];
	int error;

	if (regex.n > REGEX_MAX)
		return arena_printf(arena, "%zu octets: the limit is %d", regex.n, REGEX_MAX);
	code = compile(regex, &error, &offset);
	if (code == NULL) {
		pcre2_get_error_message(error, (PCRE2_UCHAR *)message, sizeof message);
		return arena_printf(arena, "at %zu: %s", (size_t)offset, message);
	}
	pcre2_code_free(code);
	limits = pcre2_match_context_create(NULL);
	if (limits == NULL)
		abort();
	pcre2_set_match_limit(limits, PROBE_STEPS);
	parts_find(&walk);
	for (size_t i = 0; i < walk.n_parts && fault.p == NULL; i++) {
		part = branch_rest(regex, walk.parts[i]);
		if (part_is_slow(part, limits))
			fault = arena_printf(arena, "takes too long on some texts: \"%.*s\" can match "
					     "the same text in many ways", STR_ARG(part));
	}
	pcre2_match_context_free(limits);
	return fault;
}
