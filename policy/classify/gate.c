#include "policy/base/buf.h"
#include "policy/classify/classify.h"
#include "policy/classify/lexicon.h"
#include "policy/classify/sender.h"

/* Text of a message that is looked at before it is read; what is longer is read anyway. */
#define GATE_TEXT_MAX ((size_t)512 * 1024)
#define GATE_HITS_MAX 2000

/* Tags that stand inside words and lines; all others are spaces to a reader. */
static bool is_inline(struct str name)
{
	static const char *const names[] = { "a",   "b",      "i",    "u",   "s",     "em",
					     "wbr", "strong", "span", "font", "small", "big",
					     "sub", "sup",    "bdo",  "bdi", "mark",  "abbr" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_is_nocase(name, names[i]))
			return true;
	return false;
}

static struct str tag_name(struct str markup, size_t at)
{
	size_t begin = at + (at < markup.n && markup.p[at] == '/'), end = begin;

	while (end < markup.n && ascii_is_alnum(markup.p[end]))
		end++;
	return (struct str){ markup.p + begin, end - begin };
}

/* "&#80;" and "&#x50;"; other names become nothing, or a space for nbsp. Returns where to go on. */
static size_t entity_add(struct buf *buf, struct str markup, size_t at)
{
	size_t i = at + 1;
	uint32_t code = 0;
	bool hex;

	if (i >= markup.n || markup.p[i] != '#') {
		if (str_starts(str_skip(markup, at), STR_LIT("&nbsp")))
			buf_add_char(buf, ' ');
		while (i < markup.n && ascii_is_alnum(markup.p[i]))
			i++;
		return i < markup.n && markup.p[i] == ';' ? i + 1 : i;
	}
	hex = ++i < markup.n && ascii_lower(markup.p[i]) == 'x';
	i += hex;
	for (; i < markup.n && code < 0x110000; i++) {
		char c = ascii_lower(markup.p[i]);

		if (ascii_is_digit(c))
			code = code * (hex ? 16 : 10) + (uint32_t)(c - '0');
		else if (hex && c >= 'a' && c <= 'f')
			code = code * 16 + (uint32_t)(c - 'a') + 10;
		else
			break;
	}
	buf_add_utf8(buf, code);
	return i < markup.n && markup.p[i] == ';' ? i + 1 : i;
}

/* Markup without its tags, roughly: comments, styles and hidden text stay in it or not as it
 * happens. The gate only asks whether the words could be there. */
static struct str strip_tags(struct arena *arena, struct str markup)
{
	struct buf buf;

	buf_init(&buf, arena, markup.n + markup.n / 2 + 16);
	for (size_t i = 0; i < markup.n;) {
		char c = markup.p[i];
		size_t end;

		if (c == '&') {
			i = entity_add(&buf, markup, i);
			continue;
		}
		if (c != '<') {
			buf_add_char(&buf, c);
			i++;
			continue;
		}
		if (i + 1 < markup.n && markup.p[i + 1] != '!' &&
		    !is_inline(tag_name(markup, i + 1)))
			buf_add_char(&buf, ' ');
		end = str_find_char(markup, '>', i);
		i = end == STR_NPOS ? i + 1 : end + 1;
	}
	return buf_str(&buf);
}

/* Whether any phrase that speaks for a category is there. */
static bool has_signal(struct arena *arena, const struct policy *policy, struct str text)
{
	struct lexicon_hits hits;
	struct folded folded = text_fold(arena, text);

	lexicon_scan(policy->lexicon, arena, folded.bare, GATE_HITS_MAX, &hits);
	for (size_t i = 0; i < hits.n; i++)
		if (lexicon_speaks(policy->lexicon, hits.items[i].concept))
			return true;
	return false;
}

static bool parts_have_signal(struct arena *arena, const struct message *message,
			      const struct policy *policy)
{
	size_t left = GATE_TEXT_MAX;

	for (size_t i = 0; i < message->n_parts; i++) {
		const struct part *part = &message->parts[i];
		struct str text = part->text;

		if (text.n > left)
			return true;
		left -= text.n;
		if (part_is_html(part))
			text = strip_tags(arena, text);
		if (has_signal(arena, policy, text))
			return true;
	}
	return false;
}

bool classify_candidate(struct arena *arena, struct message *message,
			const struct envelope *envelope, const struct policy *policy)
{
	struct sender sender = sender_read(message, envelope, policy);

	if (sender.internal_only)
		return false;
	if (sender.declares_category || sender.declares_event)
		return true;
	if (sender.is_report)
		return false;
	if (sender.notices || message->n_ambiguities > 0 || message->n_breaches > 0)
		return true;
	return has_signal(arena, policy, message->subject) ||
	       parts_have_signal(arena, message, policy);
}
