#include "policy/message/signed.h"

enum delimiter { NO_DELIMITER, DELIMITER, CLOSE_DELIMITER };

/* RFC 2046 5.1.1: "--" and the boundary; "--" more at the end; white space may follow. */
static enum delimiter delimiter_of(struct str line, struct str boundary)
{
	if (!str_starts(line, STR_LIT("--")))
		return NO_DELIMITER;
	line = str_skip(line, 2);
	if (!str_starts(line, boundary))
		return NO_DELIMITER;
	line = str_skip(line, boundary.n);
	if (str_trim(line).n == 0)
		return DELIMITER;
	return str_is(str_trim(line), "--") ? CLOSE_DELIMITER : NO_DELIMITER;
}

/* Takes what stands before the next delimiter off *rest; the line end before a delimiter belongs to
 * the delimiter. */
static enum delimiter next_part(struct str *rest, struct str boundary, struct str *ret_part)
{
	const char *begin = rest->p, *end;
	enum delimiter found;
	struct str line;

	while (str_next_line(rest, &line)) {
		found = delimiter_of(line, boundary);
		if (found == NO_DELIMITER)
			continue;
		end = line.p;
		if (end > begin && end[-1] == '\n')
			end--;
		if (end > begin && end[-1] == '\r')
			end--;
		*ret_part = str_span(begin, end);
		return found;
	}
	return NO_DELIMITER;
}

static bool is_signature_type(struct str type)
{
	return str_is(type, "application/pkcs7-signature") ||
	       str_is(type, "application/x-pkcs7-signature");
}

/* The two children of the root, the second a signature; NULL otherwise. */
static const struct part *signature_part(const struct message *message)
{
	const struct part *last = NULL;
	size_t n = 0;

	for (size_t i = 1; i < message->n_parts; i++) {
		if (message->parts[i].parent != 0)
			continue;
		last = &message->parts[i];
		n++;
	}
	return n == 2 && is_signature_type(last->type) ? last : NULL;
}

bool signed_read(const struct message *message, struct signed_content *ret_signed)
{
	const struct part *root = message->parts, *signature;
	struct str rest, preamble, content, second;

	if (message->n_parts < 3 || !str_is(root->type, "multipart/signed") || root->boundary.n == 0)
		return false;
	signature = signature_part(message);
	rest = root->encoded;
	if (signature == NULL || next_part(&rest, root->boundary, &preamble) != DELIMITER ||
	    next_part(&rest, root->boundary, &content) != DELIMITER ||
	    next_part(&rest, root->boundary, &second) != CLOSE_DELIMITER)
		return false;
	*ret_signed = (struct signed_content){ content, signature->encoded };
	return true;
}
