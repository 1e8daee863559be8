#include "policy/message/opaque.h"

/* Identifier octets of X.690 8.1.2. */
#define TAG_INTEGER 0x02
#define TAG_OCTETS 0x04
#define TAG_OID 0x06
#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31
#define TAG_OCTETS_IN_PIECES 0x24
#define TAG_EXPLICIT_0 0xA0
#define TAG_CONSTRUCTED 0x20

#define DEPTH_MAX 16

/* RFC 5652 5.1: 1.2.840.113549.1.7.2 */
#define OID_SIGNED_DATA STR_LIT("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02")

struct element {
	unsigned char tag;
	struct str content;
};

/* X.690 8.1.3; *ret_known is false for the indefinite form. False where it is broken or endless. */
static bool take_length(struct str *rest, size_t *ret_length, bool *ret_known)
{
	size_t length = 0, octets;

	if (rest->n == 0)
		return false;
	octets = (unsigned char)rest->p[0];
	*rest = str_skip(*rest, 1);
	*ret_known = octets != 0x80;
	if (octets <= 0x80) {
		*ret_length = octets & 0x7F;
		return true;
	}
	octets &= 0x7F;
	if (octets > 4 || octets > rest->n)
		return false;
	for (size_t i = 0; i < octets; i++)
		length = length << 8 | (unsigned char)rest->p[i];
	*rest = str_skip(*rest, octets);
	*ret_length = length;
	return true;
}

/* Tags above 30 are none of RFC 5652's. */
static bool take_head(struct str *rest, unsigned char *ret_tag, size_t *ret_length, bool *ret_known)
{
	if (rest->n < 2 || ((unsigned char)rest->p[0] & 0x1F) == 0x1F)
		return false;
	*ret_tag = (unsigned char)rest->p[0];
	*rest = str_skip(*rest, 1);
	return take_length(rest, ret_length, ret_known) && (!*ret_known || *ret_length <= rest->n);
}

static bool is_end(struct str s)
{
	return s.n >= 2 && s.p[0] == 0 && s.p[1] == 0;
}

/* Passes over what stands before the end-of-contents octets that belong here, which are taken too.
 * Elements of indefinite length inside it nest; they are counted, not recursed into. */
static bool skip_to_end(struct str *rest)
{
	size_t open = 1;

	while (open > 0) {
		unsigned char tag;
		size_t length;
		bool known;

		if (is_end(*rest)) {
			*rest = str_skip(*rest, 2);
			open--;
			continue;
		}
		if (!take_head(rest, &tag, &length, &known))
			return false;
		if (known)
			*rest = str_skip(*rest, length);
		else if (!(tag & TAG_CONSTRUCTED) || ++open > DEPTH_MAX)
			return false;
	}
	return true;
}

/* The element at the start of *rest, which is moved behind it. */
static bool take(struct str *rest, struct element *ret_element)
{
	size_t length;
	bool known;
	const char *begin;

	if (!take_head(rest, &ret_element->tag, &length, &known))
		return false;
	begin = rest->p;
	if (known) {
		ret_element->content = str_head(*rest, length);
		*rest = str_skip(*rest, length);
		return true;
	}
	if (!(ret_element->tag & TAG_CONSTRUCTED) || !skip_to_end(rest))
		return false;
	ret_element->content = str_span(begin, rest->p - 2);
	return true;
}

static bool take_tag(struct str *rest, unsigned char tag, struct str *ret_content)
{
	struct element element;

	if (!take(rest, &element) || element.tag != tag)
		return false;
	*ret_content = element.content;
	return true;
}

/* An OCTET STRING in pieces (X.690 8.7.3), of which a piece may come in pieces again. */
static bool join_pieces(struct str pieces, char *out, size_t *ret_length)
{
	struct str stack[DEPTH_MAX];
	size_t n = 0, length = 0;

	stack[n++] = pieces;
	while (n > 0) {
		struct element piece;

		if (stack[n - 1].n == 0) {
			n--;
			continue;
		}
		if (!take(&stack[n - 1], &piece))
			return false;
		if (piece.tag == TAG_OCTETS) {
			memcpy(out + length, piece.content.p, piece.content.n);
			length += piece.content.n;
		} else if (piece.tag == TAG_OCTETS_IN_PIECES && n < DEPTH_MAX) {
			stack[n++] = piece.content;
		} else {
			return false;
		}
	}
	*ret_length = length;
	return true;
}

/* EncapsulatedContentInfo's content, [0] EXPLICIT OCTET STRING. */
static enum opaque read_content(struct arena *arena, struct str wrapped, struct str *ret_content)
{
	struct element element;
	size_t length;
	char *joined;

	if (!take(&wrapped, &element))
		return OPAQUE_MALFORMED;
	if (element.tag == TAG_OCTETS) {
		*ret_content = element.content;
		return OPAQUE_SIGNED;
	}
	if (element.tag != TAG_OCTETS_IN_PIECES)
		return OPAQUE_MALFORMED;
	joined = arena_alloc(arena, element.content.n + 1);
	if (!join_pieces(element.content, joined, &length))
		return OPAQUE_MALFORMED;
	*ret_content = (struct str){ joined, length };
	return OPAQUE_SIGNED;
}

/* ContentInfo { OID, [0] { SignedData { version, digestAlgorithms, { OID, [0] content OPTIONAL } } } } */
enum opaque opaque_read(struct arena *arena, struct str octets, struct str *ret_content)
{
	struct str info, oid, wrapped, data, version, digests, encapsulated;

	if (!take_tag(&octets, TAG_SEQUENCE, &info) || !take_tag(&info, TAG_OID, &oid))
		return OPAQUE_MALFORMED;
	if (!str_eq(oid, OID_SIGNED_DATA))
		return OPAQUE_UNREADABLE;
	if (!take_tag(&info, TAG_EXPLICIT_0, &wrapped) || !take_tag(&wrapped, TAG_SEQUENCE, &data) ||
	    !take_tag(&data, TAG_INTEGER, &version) || !take_tag(&data, TAG_SET, &digests) ||
	    !take_tag(&data, TAG_SEQUENCE, &encapsulated) || !take_tag(&encapsulated, TAG_OID, &oid))
		return OPAQUE_MALFORMED;
	if (encapsulated.n == 0)
		return OPAQUE_EMPTY;
	if (!take_tag(&encapsulated, TAG_EXPLICIT_0, &wrapped))
		return OPAQUE_MALFORMED;
	return read_content(arena, wrapped, ret_content);
}
