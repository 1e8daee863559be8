/* changes_text.h - changes as text, and as JSON, an object a line */
#ifndef MILTER_CLI_CHANGES_TEXT_H
#define MILTER_CLI_CHANGES_TEXT_H

#include <stdio.h>

#include "milter/cli/changes.h"

/* Which mail, and when it was judged. */
struct change_place {
	const char *file;
	size_t number;          /* within an mbox; 0: the file is the message */
	struct str message_id;
	int64_t now;
	const char *now_from;   /* "option", "case", "received", "date", "postmark", "clock" */
};

void changes_print(FILE *out, struct arena *arena, const struct change_place *place,
		   const struct effect *before, const struct effect *after);
void changes_summary(FILE *out, const struct changes *changes);

void changes_json(FILE *out, struct arena *arena, const struct change_place *place,
		  const struct effect *before, const struct effect *after);
void changes_json_broken(FILE *out, struct arena *arena, const struct change_place *place,
			 const char *reason);
void changes_json_summary(FILE *out, const struct changes *changes);

#endif
