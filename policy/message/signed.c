#include "policy/message/signed.h"

#include "policy/message/boundary.h"

/* What stands before the next delimiter at or after *from, which is moved behind that. */
static enum delimiter next_part(struct str body, struct str needle, size_t *from,
				struct str *ret_part)
{
	struct delimiter_place place;
	enum delimiter found;
	size_t at = *from;

	while ((found = boundary_next(body, needle, at, &place)) == DELIMITER_NEARLY)
		at = place.line + 1;
	if (found == DELIMITER_NONE)
		return found;
	*ret_part = str_skip(str_head(body, place.begin), *from);
	*from = place.end;
	return found;
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

/* mime.c has taken the content out, and left it with the part that held it. */
static bool read_piece(const struct message *message, struct signed_content *ret_signed)
{
	const struct part *root = message->parts;

	if (message->n_parts < 2 || root->octets.p == NULL || message->parts[1].second_reading ||
	    (!str_is(root->type, "application/pkcs7-mime") &&
	     !str_is(root->type, "application/x-pkcs7-mime")))
		return false;
	*ret_signed = (struct signed_content){ root->octets, root->encoded, true };
	return true;
}

bool signed_read(const struct message *message, struct signed_content *ret_signed)
{
	const struct part *root = message->parts, *signature;
	struct str needle, preamble, content, second;
	size_t at = 0;

	if (read_piece(message, ret_signed))
		return true;
	if (message->n_parts < 3 || !str_is(root->type, "multipart/signed") || root->boundary.n == 0)
		return false;
	signature = signature_part(message);
	needle = boundary_needle(message->arena, root->boundary);
	if (signature == NULL || next_part(root->encoded, needle, &at, &preamble) != DELIMITER_OPEN ||
	    next_part(root->encoded, needle, &at, &content) != DELIMITER_OPEN ||
	    next_part(root->encoded, needle, &at, &second) != DELIMITER_CLOSE)
		return false;
	*ret_signed = (struct signed_content){ content, signature->encoded, false };
	return true;
}
