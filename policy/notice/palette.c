#include "policy/html/color.h"
#include "policy/notice/banner.h"

const struct palette_entry *palette_nearest(const struct policy *policy, const uint8_t rgb[3],
					    double *ret_distance)
{
	struct lab color = color_lab(color_from_bytes(rgb));
	const struct palette_entry *nearest = NULL;
	double least = 0;

	for (size_t i = 0; i < policy->n_palette; i++) {
		struct lab entry = color_lab(color_from_bytes(policy->palette[i].rgb));
		double distance = color_distance(entry, color);

		if (nearest == NULL || distance < least) {
			nearest = &policy->palette[i];
			least = distance;
		}
	}
	*ret_distance = least;
	return nearest != NULL && least <= nearest->radius ? nearest : NULL;
}
