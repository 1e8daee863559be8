#include "policy/message/leaf.h"

#include "policy/message/charset.h"
#include "policy/message/transfer.h"
#include "policy/text/utf8.h"

enum encoding { ENCODING_NONE, ENCODING_BASE64, ENCODING_QUOTED, ENCODING_UU, ENCODING_UNKNOWN };

static enum encoding encoding_of(struct str name)
{
	if (name.n == 0 || str_is(name, "7bit") || str_is(name, "8bit") || str_is(name, "binary"))
		return ENCODING_NONE;
	if (str_is(name, "base64"))
		return ENCODING_BASE64;
	if (str_is(name, "quoted-printable"))
		return ENCODING_QUOTED;
	return ENCODING_UNKNOWN;
}

/* What a forgiving reader may take an unknown encoding for. */
static enum encoding encoding_guess(struct str name)
{
	if (str_find(name, STR_LIT("64"), 0) != STR_NPOS)
		return ENCODING_BASE64;
	if (str_find(name, STR_LIT("quoted"), 0) != STR_NPOS || str_is(name, "qp"))
		return ENCODING_QUOTED;
	if (str_find(name, STR_LIT("uu"), 0) != STR_NPOS)
		return ENCODING_UU;
	return ENCODING_NONE;
}

static struct str decode(struct arena *arena, enum encoding encoding, struct str body,
			 bool *ret_odd)
{
	*ret_odd = false;
	switch (encoding) {
	case ENCODING_BASE64:
		return transfer_base64(arena, body, ret_odd);
	case ENCODING_QUOTED:
		return transfer_quoted_printable(arena, body, ret_odd);
	case ENCODING_UU:
		return transfer_uuencode(arena, body);
	case ENCODING_NONE:
	case ENCODING_UNKNOWN:
		break;
	}
	return body;
}

struct str leaf_decode(struct arena *arena, const struct parameter_field *field, struct str body,
		       bool *ret_odd)
{
	enum encoding encoding = encoding_of(field->value);

	if (encoding == ENCODING_UNKNOWN)
		encoding = encoding_guess(field->value);
	return decode(arena, encoding, body, ret_odd);
}

bool leaf_is_encoded(const struct parameter_field *field)
{
	return encoding_of(field->value) != ENCODING_NONE;
}

void leaf_check_encoding(struct leaf_reader *reader, const struct parameter_field *field,
			 struct str label, bool composite)
{
	enum encoding encoding = encoding_of(field->value);

	if (encoding == ENCODING_UNKNOWN || field->junk)
		message_ambiguous(reader->message, AMBIGUITY_TRANSFER_ENCODING,
				  "%.*s: the transfer encoding \"%.*s\"%s is not one of RFC 2045",
				  STR_ARG(label), STR_ARG(str_head(field->value, 60)),
				  field->junk ? " with more words" : "");
	if (composite && encoding != ENCODING_NONE)
		message_ambiguous(reader->message, AMBIGUITY_TRANSFER_ENCODING,
				  "%.*s: a part made of parts cannot be %.*s (RFC 2045 6.4)",
				  STR_ARG(label), STR_ARG(str_head(field->value, 60)));
}

static bool ends_nocase(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq_nocase(str_skip(s, s.n - suffix.n), suffix);
}

static bool is_text(struct str type)
{
	return str_starts(type, STR_LIT("text/")) || str_is(type, "application/ics") ||
	       str_is(type, "application/xhtml+xml") || str_is(type, "application/ld+json");
}

static bool is_calendar_name(const struct part *part)
{
	return ends_nocase(part->name, STR_LIT(".ics"));
}

bool leaf_attached_counts(const struct message *message)
{
	return str_starts(message->parts[0].type, STR_LIT("message/"));
}

bool leaf_may_be_shown(const struct message *message, const struct part *part)
{
	const struct part *root = &message->parts[0];

	if (part == root || is_calendar_name(part) || str_is(part->type, "text/calendar") ||
	    str_is(part->type, "application/ics"))
		return true;
	if (part->in_attached_message && !leaf_attached_counts(message))
		return false;
	return part->disposition != DISPOSITION_ATTACHMENT;
}

static void charset_fault(struct leaf_reader *reader, enum charset_result result, struct str charset,
			  struct str label)
{
	switch (result) {
	case CHARSET_OK:
		return;
	case CHARSET_UNKNOWN:
		message_ambiguous(reader->message, AMBIGUITY_CHARSET,
				  "%.*s: the character set \"%.*s\" is not known", STR_ARG(label),
				  STR_ARG(str_head(charset, 60)));
		return;
	case CHARSET_REFUSED:
		message_ambiguous(reader->message, AMBIGUITY_CHARSET,
				  "%.*s: UTF-7, which some readers decode and others show as it is",
				  STR_ARG(label));
		return;
	case CHARSET_BAD:
		message_ambiguous(reader->message, AMBIGUITY_CHARSET,
				  "%.*s: bytes that are not %.*s", STR_ARG(label),
				  STR_ARG(charset.n > 0 ? str_head(charset, 60)
							: STR_LIT("UTF-8, with no charset declared")));
		return;
	}
}

/* Line ends as LF. NUL goes: no reader shows it, and words around it would hide. */
static struct str clean_text(struct leaf_reader *reader, struct str text, struct str label)
{
	char *out;
	size_t n = 0;
	bool nul = false;

	if (str_find_char(text, '\r', 0) == STR_NPOS && str_find_char(text, '\0', 0) == STR_NPOS)
		return text;
	out = arena_alloc(reader->message->arena, text.n + 1);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\0') {
			nul = true;
		} else if (text.p[i] == '\r') {
			if (i + 1 == text.n || text.p[i + 1] != '\n')
				out[n++] = '\n';
		} else {
			out[n++] = text.p[i];
		}
	}
	if (nul)
		message_ambiguous(reader->message, AMBIGUITY_NUL, "%.*s: NUL in the text",
				  STR_ARG(label));
	return (struct str){ out, n };
}

static void unclean(struct leaf_reader *reader, const struct parameter_field *field, struct str label)
{
	message_ambiguous(reader->message, AMBIGUITY_TRANSFER_ENCODING,
			  "%.*s: not clean %.*s, and readers mend it differently", STR_ARG(label),
			  STR_ARG(str_head(field->value, 60)));
}

/* report: whether a fault of its charset matters. */
static void read_text(struct leaf_reader *reader, struct part *part, bool report, struct str label)
{
	struct str charset = part->charset, text;
	enum charset_result result;

	if (charset.n == 0 && part_is_html(part))
		charset = charset_of_html(part->octets);
	/* a meta element that can be read is not UTF-16, whatever it says (WHATWG HTML 13.2.3.2) */
	if (part->charset.n == 0 && str_starts_nocase(charset, STR_LIT("utf-16")))
		charset = STR_LIT("utf-8");
	result = charset_decode(reader->message->arena, charset, part->octets, &text);
	if (report)
		charset_fault(reader, result, charset, label);
	part->text = clean_text(reader, text, label);
}

static enum text_budget text_budget_of(const struct leaf_reader *reader, const struct part *part)
{
	if (!leaf_may_be_shown(reader->message, part))
		return TEXT_ATTACHED;
	return part_is_html(part) ? TEXT_HTML : TEXT_OTHER;
}

/* Decodes no more than what the limits leave; what lies beyond is not even looked at. */
static void read_text_leaf(struct leaf_reader *reader, struct part *part, const struct parameter_field *field,
			   struct str label)
{
	enum text_budget budget = text_budget_of(reader, part);
	size_t limit = budget == TEXT_HTML ? reader->limits->html_octets
					   : reader->limits->text_octets;
	size_t room = limit - reader->used[budget];
	/* no encoding takes more than four octets for one, line ends apart */
	struct str encoded = str_head(part->encoded, room * 4 + 1024);
	bool odd, cut;

	part->octets = leaf_decode(reader->message->arena, field, encoded, &odd);
	cut = encoded.n < part->encoded.n || part->octets.n > room;
	part->octets = str_head(part->octets, room);
	read_text(reader, part, budget != TEXT_ATTACHED && !cut, label);
	cut = cut || part->text.n > room;
	part->text = utf8_head(part->text, room);
	reader->used[budget] += part->text.n;
	if (cut && budget != TEXT_ATTACHED)
		message_over_limit(reader->message,
				   budget == TEXT_HTML ? "HTML octets" : "text octets", limit + 1,
				   limit);
	if (odd && !cut && budget != TEXT_ATTACHED)
		unclean(reader, field, label);
}

/* Some programs attach pictures without saying that they are; HTML finds them by these. */
static bool is_perhaps_image(const struct part *part)
{
	return str_is(part->type, "application/octet-stream") &&
	       (part->content_id.n > 0 || part->content_location.n > 0);
}

void leaf_read(struct leaf_reader *reader, struct part *part, const struct parameter_field *field,
	       struct str label)
{
	bool odd;

	if (!part->in_attached_message || leaf_attached_counts(reader->message))
		leaf_check_encoding(reader, field, label, false);
	if (is_text(part->type) || is_calendar_name(part)) {
		read_text_leaf(reader, part, field, label);
		return;
	}
	/* the rest is decoded by nobody here, so that large attachments cost nothing */
	if (!str_starts(part->type, STR_LIT("image/")) &&
	    !str_starts(part->type, STR_LIT("message/")) && !is_perhaps_image(part))
		return;
	part->octets = leaf_decode(reader->message->arena, field, part->encoded, &odd);
	if (odd && leaf_may_be_shown(reader->message, part) && !is_perhaps_image(part))
		unclean(reader, field, label);
}

