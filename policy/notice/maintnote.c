#include "policy/notice/maintnote.h"

#include "policy/base/buf.h"
#include "policy/text/content_line.h"

#define CALENDAR_MAX ((size_t)256 * 1024)
#define LINES_MAX 20000
#define VALUE_MAX ((size_t)200)
#define IDS_MAX 32
#define OBJECTS_MAX 256

static const struct {
	const char *word;
	enum maintnote_status status;
} statuses[] = {
	{ "TENTATIVE", MAINTNOTE_TENTATIVE },     { "CONFIRMED", MAINTNOTE_CONFIRMED },
	{ "CANCELLED", MAINTNOTE_CANCELLED },     { "IN-PROCESS", MAINTNOTE_IN_PROCESS },
	{ "COMPLETED", MAINTNOTE_COMPLETED },     { "RE-SCHEDULED", MAINTNOTE_RESCHEDULED },
	{ "RESCHEDULED", MAINTNOTE_RESCHEDULED },
};

/* "a\, b" is "a, b"; what is no text becomes a blank. */
static struct str value_text(struct arena *arena, struct str value)
{
	struct buf out;

	buf_init(&out, arena, VALUE_MAX);
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c == '\\' && i + 1 < value.n) {
			c = value.p[++i];
			if (c == 'n' || c == 'N')
				c = ' ';
		}
		buf_add_char(&out, (unsigned char)c < ' ' || c == 0x7f ? ' ' : c);
	}
	return str_trim(buf_str(&out));
}

static void read_id(struct arena *arena, const struct content_line *line, struct maintnote *note)
{
	struct str precedence = content_parameter(line->parameters, "X-MAINTNOTE-PRECEDENCE");
	struct str id = value_text(arena, line->value);
	size_t n = note->ids.n;

	if (id.n > 0)
		str_list_add_new(arena, &note->ids, id, IDS_MAX);
	if (note->ids.n > n && str_is_nocase(precedence, "PRIMARY")) {
		struct str primary = note->ids.items[n];

		note->ids.items[n] = note->ids.items[0];
		note->ids.items[0] = primary;
	}
}

static void read_object(struct arena *arena, const struct content_line *line,
			struct maintnote *note)
{
	struct str impact = content_parameter(line->parameters, "X-MAINTNOTE-OBJECT-IMPACT");
	struct str object = value_text(arena, line->value);

	if (object.n > 0 && !str_is_nocase(impact, "NO-IMPACT"))
		str_list_add_new(arena, &note->objects, object, OBJECTS_MAX);
}

static enum maintnote_status status_of(struct str value)
{
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		if (str_is_nocase(value, statuses[i].word))
			return statuses[i].status;
	}
	return MAINTNOTE_NONE;
}

void maintnote_read(struct arena *arena, struct str text, struct maintnote *note)
{
	struct content_reader reader = content_reader_of(arena, str_head(text, CALENDAR_MAX));
	struct content_line line;

	for (unsigned n = 0; n < LINES_MAX && content_line_next(&reader, &line); n++) {
		enum maintnote_status status;

		if (!str_starts_nocase(line.name, STR_LIT("X-MAINTNOTE-")))
			continue;
		if (str_is_nocase(line.name, "X-MAINTNOTE-MAINTENANCE-ID")) {
			read_id(arena, &line, note);
		} else if (str_is_nocase(line.name, "X-MAINTNOTE-OBJECT-ID")) {
			read_object(arena, &line, note);
		} else if (str_is_nocase(line.name, "X-MAINTNOTE-STATUS")) {
			status = status_of(line.value);
			note->status = note->has_status && status != note->status ? MAINTNOTE_NONE
										  : status;
			note->has_status = true;
		}
	}
}
