/* banner.c - the banner's colour against the category's (POLICY.md, Banner colours) */
#include "policy/checks/registry.h"

static const struct palette_entry *own_color(const struct check *check)
{
	return &check->policy->palette[check->category->banner];
}

static const char *color_text(const struct check *check, const uint8_t rgb[3])
{
	return arena_printf(check->arena, "#%02X%02X%02X", rgb[0], rgb[1], rgb[2]).p;
}

static bool has_own_color(const struct check *check, struct check_result *result)
{
	if (!check->category->banner_stated)
		check_not_applicable(check, result, "%.*s has no banner colour of its own",
				     STR_ARG(check->category->id));
	return check->category->banner_stated;
}

CHECK(check_banner_missing)
{
	if (!has_own_color(check, result))
		return;
	if (!check->category->banner_required) {
		check_not_applicable(check, result, "%.*s may go without a banner",
				     STR_ARG(check->category->id));
		return;
	}
	if (check->judgement->banner.state == BANNER_NONE)
		check_fail(check, result,
			   "use the category's template: an HTML mail that begins with a coloured bar "
			   "over at least 60% of its width, 8 pixels high or more",
			   "the mail shows no coloured banner at its top; %.*s needs a %.*s one (%s)",
			   STR_ARG(check->category->id), STR_ARG(own_color(check)->name),
			   color_text(check, own_color(check)->rgb));
}

CHECK(check_banner_color)
{
	const struct banner *banner = &check->judgement->banner;
	const struct palette_entry *own;
	struct str name;

	if (!has_own_color(check, result))
		return;
	if (banner->state != BANNER_COLOR) {
		check_not_applicable(check, result, "no banner colour could be seen");
		return;
	}
	own = own_color(check);
	if (banner->entry == own)
		return;
	name = banner->entry != NULL ? banner->entry->name : STR_LIT("no colour of the policy");
	check_fail(check, result,
		   "use this category's template, or correct the category if the banner is right",
		   "the banner is %s (%.*s); %.*s needs %.*s (%s)", color_text(check, banner->rgb),
		   STR_ARG(name), STR_ARG(check->category->id), STR_ARG(own->name),
		   color_text(check, own->rgb));
}

CHECK(check_banner_unverifiable)
{
	if (!has_own_color(check, result))
		return;
	if (check->judgement->banner.state == BANNER_UNVERIFIABLE)
		check_fail(check, result,
			   "give the banner a background colour (bgcolor) that is seen without the "
			   "picture, or have the picture added to the policy's approved images",
			   "the banner is a picture or gradient whose colour cannot be known here; "
			   "%.*s needs %.*s (%s)",
			   STR_ARG(check->category->id), STR_ARG(own_color(check)->name),
			   color_text(check, own_color(check)->rgb));
}

/* A category that this palette entry identifies, or NULL. */
static const struct category *color_owner(const struct check *check,
					  const struct palette_entry *entry)
{
	for (size_t i = 0; i < check->policy->n_categories; i++) {
		const struct category *category = &check->policy->categories[i];

		if (policy_wears(category, (size_t)(entry - check->policy->palette)))
			return category;
	}
	return NULL;
}

CHECK(check_banner_foreign)
{
	const struct banner *banner = &check->judgement->banner;
	const struct category *owner;

	if (check->category->banner_stated) {
		check_not_applicable(check, result, "%.*s has a banner colour of its own",
				     STR_ARG(check->category->id));
		return;
	}
	if (banner->state != BANNER_COLOR || banner->entry == NULL)
		return;
	owner = color_owner(check, banner->entry);
	if (owner != NULL)
		check_fail(check, result, "take the coloured banner out of this mail's template",
			   "the banner is %.*s (%s), the colour of %.*s; %.*s has none",
			   STR_ARG(banner->entry->name), color_text(check, banner->rgb),
			   STR_ARG(owner->id), STR_ARG(check->category->id));
}
