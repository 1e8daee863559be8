#include "policy/base/diag.h"

#include "policy/base/buf.h"

static void __attribute__((format(printf, 6, 0)))
diag_add(struct diag *diag, bool warning, struct str file, unsigned line, unsigned column,
	 const char *format, va_list args)
{
	if (!warning)
		diag->errors++;
	if (diag->n >= DIAG_MAX)
		return;
	ARENA_ROOM(diag->arena, diag->entries, diag->n, diag->cap);
	diag->entries[diag->n++] = (struct diag_entry){
		.file = arena_str(diag->arena, file),
		.line = line,
		.column = column,
		.warning = warning,
		.text = arena_vprintf(diag->arena, format, args),
	};
}

void diag_error(struct diag *diag, struct str file, unsigned line, unsigned column,
		const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag_add(diag, false, file, line, column, format, args);
	va_end(args);
}

void diag_warning(struct diag *diag, struct str file, unsigned line, unsigned column,
		  const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag_add(diag, true, file, line, column, format, args);
	va_end(args);
}

struct str diag_format(struct arena *arena, const struct diag_entry *entry)
{
	struct buf out;

	buf_init(&out, arena, 4096);
	buf_add(&out, entry->file);
	if (entry->line > 0)
		buf_printf(&out, ":%u", entry->line);
	if (entry->line > 0 && entry->column > 0)
		buf_printf(&out, ":%u", entry->column);
	buf_printf(&out, ": %s%.*s", entry->warning ? "warning: " : "", STR_ARG(entry->text));
	return buf_str(&out);
}
