/* banner.h - the banner's colour as the palette names it */
#ifndef POLICY_NOTICE_BANNER_H
#define POLICY_NOTICE_BANNER_H

#include "policy/message/view.h"
#include "policy/rules/policy.h"

/* An image of which the colour must be known before the banner can be: asked for once, answered
 * by the one place that fetches. */
struct image_need {
	struct str url;      /* as in the markup */
	struct str octets;   /* of a cid: or data: image; absent for a remote one */
};

enum image_state { IMAGE_UNKNOWN, IMAGE_COLOR, IMAGE_TRANSPARENT };

/* The dominant colour of an image as its decoder saw it. */
struct image_answer {
	enum image_state state;
	uint8_t rgb[3];
	unsigned width, height; /* pixels */
};

enum banner_state { BANNER_NONE, BANNER_COLOR, BANNER_UNVERIFIABLE };

struct banner {
	enum banner_state state;
	uint8_t rgb[3];
	const struct palette_entry *entry; /* NULL: no palette entry is near enough */
	double distance;                   /* CIEDE2000 to the nearest entry */
	struct str source;                 /* "bgcolor", "style", "stylesheet", "vml", "image", ... */
	struct str where;
};

/* The images that banner_read will ask about, in its order; none for text-only mail. */
size_t banner_needs(struct arena *arena, const struct view *view, const struct policy *policy,
		    struct image_need **ret_needs);

/* The banner of the HTML part that is shown. answers has one entry for each need. */
struct banner banner_read(struct arena *arena, const struct view *view,
			  const struct policy *policy, const struct image_need *needs,
			  const struct image_answer *answers, size_t n_needs);

/* The nearest entry within its radius, or NULL; *ret_distance is to the nearest in any case. */
const struct palette_entry *palette_nearest(const struct policy *policy, const uint8_t rgb[3],
					    double *ret_distance);

#endif
