#include "policy/message/view.h"

#include "policy/message/wording.h"

/* Which parts are taken, in the order in which they are tried. */
enum effort {
	EFFORT_SHOWN,    /* what stands in the message */
	EFFORT_ATTACHED, /* nothing does: text that is attached, or the message that is */
};

static const struct part *parent_of(const struct message *message, const struct part *part)
{
	return part->parent >= 0 ? &message->parts[part->parent] : NULL;
}

/* The number of earlier children of its parent; second readings count with the first. */
static size_t place_among_children(const struct message *message, size_t index)
{
	const struct part *part = &message->parts[index];
	size_t place = 0;

	for (size_t i = (size_t)part->parent + 1; i < index; i++) {
		if (message->parts[i].parent == part->parent && !message->parts[i].second_reading)
			place++;
	}
	return part->second_reading && place > 0 ? place - 1 : place;
}

/* RFC 2387: the root is named by start, else it is the first. */
static bool is_related_root(const struct message *message, size_t index)
{
	const struct part *part = &message->parts[index];
	const struct part *related = parent_of(message, part);

	if (related->start.n > 0) {
		for (size_t i = (size_t)part->parent + 1; i < message->n_parts; i++) {
			if (message->parts[i].parent == part->parent &&
			    str_eq(message->parts[i].content_id, related->start))
				return str_eq(part->content_id, related->start);
		}
	}
	return place_among_children(message, index) == 0;
}

/* Whether the part and all above it are where a reader looks. */
static bool is_in_sight(const struct message *message, size_t index, enum effort effort)
{
	for (int i = (int)index; i >= 0; i = message->parts[i].parent) {
		const struct part *part = &message->parts[i];
		const struct part *parent = parent_of(message, part);

		if (effort == EFFORT_SHOWN && part->disposition == DISPOSITION_ATTACHMENT)
			return false;
		if (parent == NULL)
			break;
		if (str_is(parent->type, "multipart/related") && !is_related_root(message, (size_t)i))
			return false;
		if (str_is(parent->type, "multipart/report") &&
		    place_among_children(message, (size_t)i) > 0)
			return false;
	}
	return effort == EFFORT_ATTACHED || !message->parts[index].in_attached_message;
}

/* Text that readers show in the message: of others they make an icon. */
static bool is_plain(const struct part *part)
{
	return str_is(part->type, "text/plain") || str_is(part->type, "text/enriched") ||
	       str_is(part->type, "text/richtext") || str_is(part->type, "text/markdown") ||
	       (part->parent < 0 && str_starts(part->type, STR_LIT("text/")) &&
		!str_is(part->type, "text/calendar"));
}

static bool is_calendar(const struct part *part)
{
	struct str suffix = STR_LIT(".ics");

	if (str_is(part->type, "text/calendar") || str_is(part->type, "application/ics"))
		return true;
	return part->name.n > suffix.n && part->text.p != NULL &&
	       str_eq_nocase(str_skip(part->name, part->name.n - suffix.n), suffix);
}

static void add_documents(struct arena *arena, struct view *view,
			  const struct message_limits *limits, enum effort effort, bool amp)
{
	struct message *message = view->message;

	for (size_t i = 0; i < message->n_parts; i++) {
		const struct part *part = &message->parts[i];
		struct document *document;

		if (part->text.p == NULL || is_calendar(part) || part_is_amp(part) != amp ||
		    (!part_is_html(part) && !is_plain(part)) || !is_in_sight(message, i, effort))
			continue;
		document = part_is_html(part) ? document_from_html(arena, message, (int)i, limits)
					      : document_from_text(arena, message, (int)i);
		view->documents[view->n_documents++] = document;
	}
}

/* AMP comes last, wherever it stands: few readers know it, and it is made to be filled by them. */
static void read_documents(struct arena *arena, struct view *view,
			   const struct message_limits *limits, enum effort effort)
{
	view->documents = ARENA_ARRAY(arena, view->message->n_parts, struct document *);
	add_documents(arena, view, limits, effort, false);
	add_documents(arena, view, limits, effort, true);
}

/* Inline or attached, but not those of an attached message: that is another mail's event. */
static void read_calendars(struct arena *arena, struct view *view, enum effort effort)
{
	const struct message *message = view->message;

	view->calendars = ARENA_ARRAY(arena, message->n_parts, int);
	for (size_t i = 0; i < message->n_parts; i++) {
		const struct part *part = &message->parts[i];

		if (is_calendar(part) && (effort == EFFORT_ATTACHED || !part->in_attached_message))
			view->calendars[view->n_calendars++] = (int)i;
	}
}

static bool has_forwarded_text(const struct view *view)
{
	for (size_t i = 0; i < view->n_documents; i++) {
		const struct document *document = view->documents[i];

		for (size_t k = 0; k < document->n_blocks; k++) {
			if (document->blocks[k].flags & BLOCK_FORWARDED)
				return true;
		}
	}
	return false;
}

/* The first word of a field such as "auto-replied; owner=..." is this one. */
static bool first_word_is(struct str value, const char *word)
{
	size_t n = 0;

	while (n < value.n && value.p[n] != ';' && value.p[n] != ' ' && value.p[n] != '(')
		n++;
	return str_is_nocase(str_head(value, n), word);
}

static bool is_report(const struct message *message, unsigned marks)
{
	struct str submitted = message->auto_submitted;
	bool answers = message->in_reply_to.p != NULL || (marks & SUBJECT_AUTOMATIC);

	if (message->n_parts > 0 && str_is(message->parts[0].type, "multipart/report"))
		return true;
	if (first_word_is(submitted, "auto-replied") ||
	    first_word_is(message->precedence, "auto_reply"))
		return true;
	if (answers && submitted.n > 0 && !first_word_is(submitted, "no"))
		return true;
	return message_field(message, "X-Autoreply").n > 0 ||
	       message_field(message, "X-Autorespond").n > 0;
}

struct view *view_read(struct arena *arena, struct message *message,
		       const struct message_limits *limits)
{
	struct view *view = ARENA_NEW(arena, struct view);
	enum effort effort = EFFORT_SHOWN;
	unsigned marks;

	view->message = message;
	view->subject = text_fold(arena, message->subject);
	read_documents(arena, view, limits, effort);
	if (view->n_documents == 0) {
		effort = EFFORT_ATTACHED;
		read_documents(arena, view, limits, effort);
	}
	read_calendars(arena, view, effort);
	marks = wording_subject(view->subject.plain);
	view->reply = message->in_reply_to.p != NULL || message->references.p != NULL ||
		      (marks & SUBJECT_REPLY);
	view->forward = (marks & SUBJECT_FORWARD) || has_forwarded_text(view);
	view->report = is_report(message, marks);
	view->bulk_list = message->list_unsubscribe.n > 0 || message->list_id.n > 0 ||
			  first_word_is(message->precedence, "bulk") ||
			  first_word_is(message->precedence, "list");
	return view;
}
