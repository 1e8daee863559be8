#include "policy/notice/banner.h"

#include <stdio.h>

#include <openssl/sha.h>

#include "policy/base/buf.h"
#include "policy/html/color.h"
#include "policy/message/transfer.h"

/* POLICY.md, Banner colours: what an image must measure once its size is known. */
#define SHARE_LEAST 0.6
#define HEIGHT_LEAST 8
#define DATA_URL_MAX ((size_t)4 * 1024 * 1024)
#define NEEDS_MAX 16

/* The HTML part that is shown, or NULL for text-only mail. */
static const struct document *html_document(const struct view *view)
{
	for (size_t i = 0; i < view->n_documents; i++)
		if (view->documents[i]->place == PLACE_HTML)
			return view->documents[i];
	return NULL;
}

/* RFC 3986 2.1 */
static struct str percent_decode(struct arena *arena, struct str s)
{
	struct buf out;

	if (str_find_char(s, '%', 0) == STR_NPOS)
		return s;
	buf_init(&out, arena, s.n);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && i + 2 < s.n && hex_digit(s.p[i + 1]) >= 0 &&
		    hex_digit(s.p[i + 2]) >= 0) {
			buf_add_char(&out, (char)(hex_digit(s.p[i + 1]) * 16 + hex_digit(s.p[i + 2])));
			i += 2;
		} else {
			buf_add_char(&out, s.p[i]);
		}
	}
	return buf_str(&out);
}

/* RFC 2392; Content-ID is compared as it is. */
static struct str cid_octets(struct arena *arena, const struct message *message, struct str url)
{
	struct str id = percent_decode(arena, str_skip(url, 4));

	for (size_t i = 0; i < message->n_parts; i++) {
		const struct part *part = &message->parts[i];

		if (part->octets.p != NULL && str_eq(part->content_id, id))
			return part->octets;
	}
	return STR_NONE;
}

/* RFC 2557: a part may be named by its location. */
static struct str location_octets(const struct message *message, struct str url)
{
	for (size_t i = 0; i < message->n_parts; i++) {
		const struct part *part = &message->parts[i];

		if (part->octets.p != NULL && part->content_location.n > 0 &&
		    str_eq(part->content_location, url))
			return part->octets;
	}
	return STR_NONE;
}

/* RFC 2397 */
static struct str data_octets(struct arena *arena, struct str url)
{
	size_t comma = str_find_char(url, ',', 0);
	struct str data = str_skip(url, comma == STR_NPOS ? url.n : comma + 1);
	bool odd;

	if (url.n > DATA_URL_MAX)
		return STR_NONE;
	data = percent_decode(arena, data);
	if (str_find_nocase(str_head(url, comma), STR_LIT(";base64"), 0) == STR_NPOS)
		return data;
	return transfer_base64(arena, data, &odd);
}

/* Whether the image is one that the mail brings along, or says it does. */
static bool is_in_mail(struct str url)
{
	return str_starts_nocase(url, STR_LIT("cid:")) || str_starts_nocase(url, STR_LIT("data:"));
}

static struct str image_octets(struct arena *arena, const struct message *message, struct str url)
{
	if (str_starts_nocase(url, STR_LIT("cid:")))
		return cid_octets(arena, message, url);
	if (str_starts_nocase(url, STR_LIT("data:")))
		return data_octets(arena, url);
	return location_octets(message, url);
}

size_t banner_needs(struct arena *arena, const struct view *view, const struct policy *policy,
		    struct image_need **ret_needs)
{
	const struct document *document = html_document(view);
	struct image_need *needs;
	size_t n = 0;

	(void)policy;
	*ret_needs = NULL;
	if (document == NULL)
		return 0;
	needs = ARENA_ARRAY(arena, NEEDS_MAX, struct image_need);
	for (size_t i = 0; i < document->n_banners && n < NEEDS_MAX; i++) {
		struct str url = document->banners[i].image;
		struct str octets = STR_NONE;

		if (url.n > 0)
			octets = image_octets(arena, view->message, url);
		if (octets.p != NULL)
			needs[n++] = (struct image_need){ url, octets };
	}
	*ret_needs = needs;
	return n;
}

static const struct palette_entry *approved_by_url(const struct policy *policy, struct str url)
{
	for (size_t i = 0; i < policy->n_images; i++)
		if (policy->images[i].url.n > 0 && str_eq(policy->images[i].url, url))
			return &policy->palette[policy->images[i].color];
	return NULL;
}

static const struct palette_entry *approved_by_digest(const struct policy *policy,
						      struct str octets)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char hex[2 * SHA256_DIGEST_LENGTH + 1];

	if (policy->n_images == 0)
		return NULL;
	SHA256((const unsigned char *)octets.p, octets.n, digest);
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	for (size_t i = 0; i < policy->n_images; i++)
		if (str_is(policy->images[i].sha256, hex))
			return &policy->palette[policy->images[i].color];
	return NULL;
}

/* What one candidate turns out to be. */
enum look { LOOK_NO_BANNER, LOOK_COLOR, LOOK_UNVERIFIABLE, LOOK_PERHAPS };

struct reading {
	struct arena *arena;
	const struct policy *policy;
	const struct image_need *needs;
	const struct image_answer *answers;
	size_t n_needs;
};

static bool is_plain(const uint8_t rgb[3])
{
	return color_is_plain(color_from_bytes(rgb));
}

static enum look look_color(const uint8_t rgb[3], uint8_t ret_rgb[3])
{
	if (is_plain(rgb))
		return LOOK_NO_BANNER;
	memcpy(ret_rgb, rgb, 3);
	return LOOK_COLOR;
}

static enum look look_fallback(const struct banner_candidate *c, uint8_t ret_rgb[3])
{
	return c->has_color ? look_color(c->rgb, ret_rgb) : LOOK_NO_BANNER;
}

static bool is_large(const struct banner_candidate *c, const struct image_answer *answer)
{
	if (!c->unknown_size)
		return true;
	return answer->width >= SHARE_LEAST * c->layout_width && answer->height >= HEIGHT_LEAST;
}

/* An image that came with the mail. */
static enum look look_decoded(const struct reading *r, const struct banner_candidate *c, size_t at,
			      uint8_t ret_rgb[3])
{
	const struct image_answer *answer = r->answers != NULL ? &r->answers[at] : NULL;
	const struct palette_entry *approved = approved_by_digest(r->policy, r->needs[at].octets);

	if (approved != NULL)
		return look_color(approved->rgb, ret_rgb);
	if (answer == NULL || answer->state == IMAGE_UNKNOWN)
		return c->unknown_size ? LOOK_PERHAPS : LOOK_UNVERIFIABLE;
	if (!is_large(c, answer))
		return LOOK_NO_BANNER;
	if (answer->state == IMAGE_TRANSPARENT)
		return look_fallback(c, ret_rgb);
	return look_color(answer->rgb, ret_rgb);
}

static enum look look_image(const struct reading *r, const struct banner_candidate *c,
			    uint8_t ret_rgb[3])
{
	const struct palette_entry *approved;

	for (size_t i = 0; i < r->n_needs; i++)
		if (str_eq(r->needs[i].url, c->image))
			return look_decoded(r, c, i, ret_rgb);
	if (look_fallback(c, ret_rgb) == LOOK_COLOR)
		return LOOK_COLOR;
	approved = is_in_mail(c->image) ? NULL : approved_by_url(r->policy, c->image);
	if (approved != NULL)
		return look_color(approved->rgb, ret_rgb);
	return c->unknown_size ? LOOK_PERHAPS : LOOK_UNVERIFIABLE;
}

static enum look look_gradient(const struct reading *r, const struct banner_candidate *c,
			       uint8_t ret_rgb[3])
{
	const struct palette_entry *first = NULL;
	bool plain = true;
	double distance;

	if (look_fallback(c, ret_rgb) == LOOK_COLOR)
		return LOOK_COLOR;
	for (unsigned i = 0; i < c->n_stops; i++) {
		const struct palette_entry *entry = palette_nearest(r->policy, c->stops[i], &distance);

		plain = plain && is_plain(c->stops[i]);
		if (i == 0)
			first = entry;
		else if (entry != first)
			first = NULL;
	}
	if (c->n_stops > 0 && plain)
		return LOOK_NO_BANNER;
	return first != NULL ? look_color(c->stops[0], ret_rgb) : LOOK_UNVERIFIABLE;
}

static enum look look(const struct reading *r, const struct banner_candidate *c,
		      uint8_t ret_rgb[3])
{
	if (c->image.n > 0)
		return look_image(r, c, ret_rgb);
	if (c->gradient)
		return look_gradient(r, c, ret_rgb);
	return look_fallback(c, ret_rgb);
}

static struct str source_name(enum paint_source source)
{
	switch (source) {
	case PAINT_BGCOLOR:
		return STR_LIT("bgcolor");
	case PAINT_STYLE:
		return STR_LIT("style");
	case PAINT_STYLESHEET:
		return STR_LIT("stylesheet");
	case PAINT_VML:
		return STR_LIT("vml");
	case PAINT_GRADIENT:
		return STR_LIT("gradient");
	case PAINT_IMAGE:
		return STR_LIT("image");
	case PAINT_NONE:
		break;
	}
	return STR_LIT("none");
}

static struct banner banner_from(const struct reading *r, const struct banner_candidate *c,
				 enum banner_state state, const uint8_t rgb[3])
{
	struct banner banner = { .state = state, .source = source_name(c->source),
				 .where = c->where };

	if (state == BANNER_COLOR) {
		memcpy(banner.rgb, rgb, sizeof banner.rgb);
		banner.entry = palette_nearest(r->policy, rgb, &banner.distance);
	}
	return banner;
}

/* Where an image is all that browsers show and nobody can tell its colour, the shape that is drawn
 * for Outlook has it. */
static bool vml_color(const struct reading *r, const struct document *document,
		      struct banner *ret_banner)
{
	uint8_t rgb[3];

	for (size_t i = 0; i < document->n_banners; i++) {
		const struct banner_candidate *c = &document->banners[i];

		if (c->source != PAINT_VML || look_fallback(c, rgb) != LOOK_COLOR)
			continue;
		*ret_banner = banner_from(r, c, BANNER_COLOR, rgb);
		return true;
	}
	return false;
}

struct banner banner_read(struct arena *arena, const struct view *view,
			  const struct policy *policy, const struct image_need *needs,
			  const struct image_answer *answers, size_t n_needs)
{
	const struct document *document = html_document(view);
	const struct banner_candidate *perhaps = NULL;
	struct reading r = { arena, policy, needs, answers, n_needs };
	struct banner banner;
	uint8_t rgb[3];

	for (size_t i = 0; document != NULL && i < document->n_banners; i++) {
		const struct banner_candidate *c = &document->banners[i];

		switch (look(&r, c, rgb)) {
		case LOOK_COLOR:
			return banner_from(&r, c, BANNER_COLOR, rgb);
		case LOOK_UNVERIFIABLE:
			if (c->image.n == 0 || is_in_mail(c->image) ||
			    !vml_color(&r, document, &banner))
				banner = banner_from(&r, c, BANNER_UNVERIFIABLE, NULL);
			return banner;
		case LOOK_PERHAPS:
			perhaps = perhaps != NULL ? perhaps : c;
			break;
		case LOOK_NO_BANNER:
			break;
		}
	}
	if (perhaps != NULL)
		return banner_from(&r, perhaps, BANNER_UNVERIFIABLE, NULL);
	return (struct banner){ .state = BANNER_NONE, .source = STR_LIT("none") };
}
