#include "policy/classify/regex_digit.h"

#define DEPTH_MAX 32

/* A group: all its branches so far need a digit; the branch that is being read does. */
struct group {
	bool all, branch;
};

struct walk {
	struct str regex;
	size_t at;
	struct group groups[DEPTH_MAX];
	size_t depth;
};

static char walk_peek(const struct walk *walk, size_t ahead)
{
	return walk->at + ahead < walk->regex.n ? walk->regex.p[walk->at + ahead] : '\0';
}

/* An item has been read; with "?", "*", "{0" or "{," behind it, it may be left out. */
static void item_end(struct walk *walk, bool needs)
{
	char c = walk_peek(walk, 0), next = walk_peek(walk, 1);
	bool optional = c == '?' || c == '*' || (c == '{' && (next == '0' || next == ','));

	walk->groups[walk->depth].branch |= needs && !optional;
}

/* "\d", "\p{L}", "\x{e9}": walk->at is behind the backslash. */
static bool read_escape(struct walk *walk, bool *ret_digit)
{
	char c = walk_peek(walk, 0);
	size_t end;

	/* Some take letters or digits behind them for their own. */
	if (ascii_is_digit(c) || strchr("Qgkc", c) != NULL ||
	    (strchr("xo", c) != NULL && walk_peek(walk, 1) != '{'))
		return false;
	walk->at++;
	if (strchr("pPxNo", c) != NULL && walk_peek(walk, 0) == '{') {
		end = str_find_char(walk->regex, '}', walk->at);
		if (end == STR_NPOS)
			return false;
		walk->at = end + 1;
	}
	*ret_digit = c == 'd';
	return true;
}

/* walk->at is behind "[". Of the classes only "[0-9]" and "[\d]" are known to need a digit. */
static bool read_class(struct walk *walk, bool *ret_digit)
{
	size_t begin = walk->at, i = begin;
	struct str inside;

	i += i < walk->regex.n && walk->regex.p[i] == '^';
	i += i < walk->regex.n && walk->regex.p[i] == ']';
	for (; i < walk->regex.n && walk->regex.p[i] != ']'; i++) {
		if (walk->regex.p[i] == '[')
			return false;
		i += walk->regex.p[i] == '\\';
	}
	if (i >= walk->regex.n)
		return false;
	inside = (struct str){ walk->regex.p + begin, i - begin };
	*ret_digit = str_is(inside, "0-9") || str_is(inside, "\\d");
	walk->at = i + 1;
	return true;
}

/* walk->at is behind "(". */
static bool group_begin(struct walk *walk)
{
	if (walk_peek(walk, 0) == '*' || walk->depth + 1 == DEPTH_MAX)
		return false;
	if (walk_peek(walk, 0) == '?') {
		if (walk_peek(walk, 1) != ':' && walk_peek(walk, 1) != '|')
			return false;
		walk->at += 2;
	}
	walk->groups[++walk->depth] = (struct group){ .all = true };
	return true;
}

static bool group_end(struct walk *walk)
{
	struct group group = walk->groups[walk->depth];

	if (walk->depth == 0)
		return false;
	walk->depth--;
	item_end(walk, group.all && group.branch);
	return true;
}

static bool read_item(struct walk *walk)
{
	struct group *group = &walk->groups[walk->depth];
	char c = walk->regex.p[walk->at++];
	bool digit = ascii_is_digit(c);

	switch (c) {
	case '(':
		return group_begin(walk);
	case ')':
		return group_end(walk);
	case '|':
		*group = (struct group){ .all = group->all && group->branch };
		return true;
	case '{': /* the counts of a quantifier are no digits of the text */
		while (ascii_is_digit(walk_peek(walk, 0)) || walk_peek(walk, 0) == ',')
			walk->at++;
		return true;
	case '\\':
		if (!read_escape(walk, &digit))
			return false;
		break;
	case '[':
		if (!read_class(walk, &digit))
			return false;
		break;
	}
	item_end(walk, digit);
	return true;
}

bool regex_needs_digit(struct str regex)
{
	struct walk walk = { .regex = regex, .groups = { { .all = true } } };

	while (walk.at < regex.n) {
		if (!read_item(&walk))
			return false;
	}
	return walk.depth == 0 && walk.groups[0].all && walk.groups[0].branch;
}
