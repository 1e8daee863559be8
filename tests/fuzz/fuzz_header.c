/* Any octets as the value of a header field, read in every way that fields are read. */
#include "policy/message/address.h"
#include "policy/message/date.h"
#include "policy/message/encoded_word.h"
#include "policy/message/parameter.h"
#include "policy/text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct str text)
{
	if (!utf8_is_valid(text))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str raw = { (const char *)data, size }, text, canonical;
	struct arena *arena = arena_new();
	struct mailbox_list list = { 0 };
	struct parameter_field field;
	unsigned faults = 0;
	int64_t time;

	text = header_text(arena, raw, &faults);
	check_text(text);
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] < 0x20)
			abort();
	}
	address_list_read(arena, raw, &list, &faults);
	for (size_t i = 0; i < list.n; i++) {
		check_text(list.items[i].name);
		check_text(list.items[i].address);
		canonical = address_canonical(arena, list.items[i].address);
		if (!str_eq(canonical, list.items[i].address))
			abort();
	}
	parameter_field_read(arena, raw, &field);
	for (size_t i = 0; i < field.n; i++)
		check_text(field.items[i].value);
	date_read(raw, &time);
	arena_free(arena);
	return 0;
}
