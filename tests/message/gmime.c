/* gmime.c - what GMime makes of a file, in the form of dump.c, for test_differential.py
 *
 * Usage: gmime FILE... ; one object a line. GMime repairs in silence what our reader reports, so
 * only messages that are not ambiguous can be held against it. */
#include <gmime/gmime.h>
#include <jansson.h>
#include <stdio.h>

static json_t *text(const char *s)
{
	json_t *value;

	if (s == NULL)
		return json_null();
	value = json_string(s);
	return value != NULL ? value : json_string("(not UTF-8)");
}

/* Groups flattened, as our list has them. */
static void add_mailboxes(json_t *array, InternetAddressList *list)
{
	for (int i = 0; list != NULL && i < internet_address_list_length(list); i++) {
		InternetAddress *one = internet_address_list_get_address(list, i);

		if (INTERNET_ADDRESS_IS_GROUP(one)) {
			InternetAddressGroup *group = INTERNET_ADDRESS_GROUP(one);

			add_mailboxes(array, internet_address_group_get_members(group));
		} else {
			InternetAddressMailbox *mailbox = INTERNET_ADDRESS_MAILBOX(one);
			const char *address = internet_address_mailbox_get_idn_addr(mailbox);

			json_array_append_new(array,
					      json_pack("[o,o]", text(internet_address_get_name(one)),
							text(address)));
		}
	}
}

static json_t *mailboxes(GMimeMessage *message, GMimeAddressType type)
{
	json_t *array = json_array();

	add_mailboxes(array, g_mime_message_get_addresses(message, type));
	return array;
}

static json_t *text_of(GMimeObject *part)
{
	char *s;
	json_t *value;

	if (!GMIME_IS_TEXT_PART(part))
		return json_null();
	s = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
	value = text(s);
	g_free(s);
	return value;
}

/* An attached message may have a name too. */
static const char *name_of(GMimeObject *part)
{
	const char *name = g_mime_object_get_content_disposition_parameter(part, "filename");

	return name != NULL ? name : g_mime_object_get_content_type_parameter(part, "name");
}

static void add_part(json_t *array, GMimeObject *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);
	const char *name = name_of(part);
	char *mime = g_mime_content_type_get_mime_type(type), *lower = g_ascii_strdown(mime, -1);

	json_array_append_new(array, json_pack("{s:o,s:o,s:o,s:b}", "type", text(lower), "name",
					       text(name), "text", text_of(part), "second", 0));
	g_free(lower);
	g_free(mime);
	if (GMIME_IS_MULTIPART(part)) {
		GMimeMultipart *multipart = GMIME_MULTIPART(part);

		for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
			add_part(array, g_mime_multipart_get_part(multipart, i));
	} else if (GMIME_IS_MESSAGE_PART(part)) {
		GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));

		if (inner != NULL && g_mime_message_get_mime_part(inner) != NULL)
			add_part(array, g_mime_message_get_mime_part(inner));
	}
}

static json_t *message_object(const char *file, GMimeMessage *message)
{
	GDateTime *date = g_mime_message_get_date(message);
	json_t *parts = json_array();

	if (g_mime_message_get_mime_part(message) != NULL)
		add_part(parts, g_mime_message_get_mime_part(message));
	return json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "file", file, "subject",
			 text(g_mime_message_get_subject(message)), "date",
			 date != NULL ? json_integer(g_date_time_to_unix(date)) : json_null(),
			 "from", mailboxes(message, GMIME_ADDRESS_TYPE_FROM), "to",
			 mailboxes(message, GMIME_ADDRESS_TYPE_TO), "cc",
			 mailboxes(message, GMIME_ADDRESS_TYPE_CC), "parts", parts);
}

static void dump(const char *file)
{
	GMimeStream *stream = g_mime_stream_file_open(file, "r", NULL);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	json_t *object = message != NULL ? message_object(file, message) : json_null();

	json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY);
	putchar('\n');
	fflush(stdout);
	json_decref(object);
	if (message != NULL)
		g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
}

int main(int argc, char **argv)
{
	g_mime_init();
	for (int i = 1; i < argc; i++)
		dump(argv[i]);
	g_mime_shutdown();
	return 0;
}
