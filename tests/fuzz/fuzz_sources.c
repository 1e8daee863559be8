/* Any octets as a whole directory file: compiled (cdb), YAML and CSV, read the way that the gate and
 * the command line read them. What cannot be read is an error or no answer, and never a contact. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "milter/directory/data.h"
#include "milter/directory/directory.h"
#include "policy/base/diag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct directory *directory, struct arena *arena, struct diag *diag)
{
	struct str texts[] = { STR_LIT("ada@contoso.example"), STR_LIT("contoso"),
			       STR_LIT("contoso-prod"), STR_LIT("all") };
	const struct needs needs = { .addresses = { texts, 1, 1 }, .n_recipients = 1,
				     .scope_tokens = { texts + 1, 3, 3 }, .scope_declared = true };
	struct str_list names = { texts, 3, 3 };
	struct answers answers = { 0 };

	directory_answer(directory, arena, NULL, &needs, &answers);
	if (answers.directory == ANSWER_FAILED && answers.directory_error.n == 0)
		abort();
	directory_read_all(directory, arena, NULL, diag);
	directory_read_all(directory, arena, &names, diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const schemes[] = { "cdb:", "file:", "csv:" };
	struct arena *arena = arena_new();
	struct directory *directory;
	struct diag diag;
	struct str name;
	int fd;

	diag_init(&diag, arena);
	fd = memfd_create("source", MFD_CLOEXEC);
	if (size > 0 && fd >= 0 && write(fd, data + 1, size - 1) == (ssize_t)size - 1) {
		name = arena_printf(arena, "%s/proc/self/fd/%d", schemes[data[0] % 3], fd);
		directory = directory_load(&(struct str_list){ &name, 1, 1 }, &diag);
		if (directory != NULL)
			ask(directory, arena, &diag);
		else if (diag.errors == 0)
			abort();
		directory_free(directory);
	}
	close(fd);
	arena_free(arena);
	return 0;
}
