#include "milter/cli/lines.h"

#include <stdlib.h>

void lines_init(struct lines *lines, FILE *stream, size_t max)
{
	*lines = (struct lines){ .stream = stream, .room = malloc(max), .max = max };
	if (lines->room == NULL)
		abort();
}

void lines_done(struct lines *lines)
{
	free(lines->room);
}

enum line_kind lines_next(struct lines *lines, struct str *ret_line)
{
	enum line_kind end = LINE_WHOLE;
	size_t n = 0;
	int c;

	while ((c = getc_unlocked(lines->stream)) != EOF && c != '\n' && n < LINES_ENDLESS) {
		if (n < lines->max)
			lines->room[n] = (char)c;
		n++;
	}
	if (n == LINES_ENDLESS)
		return LINE_ENDLESS;
	if (c == EOF)
		end = n > 0 && !ferror(lines->stream) ? LINE_CUT : LINE_NONE;
	*ret_line = (struct str){ lines->room, n < lines->max ? n : lines->max };
	return n > lines->max && end != LINE_NONE ? LINE_LONG : end;
}
