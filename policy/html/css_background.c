#include "policy/html/property.h"

static bool is_gradient(struct str name)
{
	static const char *const names[] = { "linear-gradient", "radial-gradient",
		"conic-gradient", "repeating-linear-gradient", "repeating-radial-gradient",
		"-webkit-linear-gradient", "-moz-linear-gradient", "-o-linear-gradient",
		"-ms-linear-gradient", "-webkit-gradient", "-webkit-radial-gradient" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_is_nocase(name, names[i]))
			return true;
	return false;
}

/* Every colour among the arguments is a stop; from(), to() and color-stop() hold one each. */
static void gradient_stops(struct str text, struct css_image *image)
{
	struct component part, inner;

	while (component_next(&text, &part)) {
		struct css_value value;
		struct str arguments = part.arguments;

		if (part.type == COMPONENT_FUNCTION && !css_component_color(&part, &value)) {
			while (component_next(&arguments, &inner))
				if (css_component_color(&inner, &value) && image->n_stops < CSS_STOPS_MAX)
					image->stops[image->n_stops++] = value.color;
		} else if (css_component_color(&part, &value) && image->n_stops < CSS_STOPS_MAX) {
			image->stops[image->n_stops++] = value.color;
		}
	}
}

static struct str url_of(struct css_reader *r, const struct component *part)
{
	struct str inner = part->arguments;
	struct component text;

	if (component_next(&inner, &text) && text.type == COMPONENT_STRING)
		return css_unescape(r->arena, text.text);
	return css_unescape(r->arena, str_trim(part->arguments));
}

static bool image_of(struct css_reader *r, const struct component *part, struct css_value *ret_value)
{
	struct css_image image = { .gradient = false };
	struct css_image *kept;

	if (part->type != COMPONENT_FUNCTION)
		return false;
	if (str_is_nocase(part->text, "url")) {
		image.url = url_of(r, part);
	} else if (is_gradient(part->text)) {
		image.gradient = true;
		gradient_stops(part->arguments, &image);
	} else if (str_is_nocase(part->text, "image-set") ||
		   str_is_nocase(part->text, "-webkit-image-set")) {
		struct str inner = part->arguments;
		struct component first;

		if (!component_next(&inner, &first))
			return false;
		image.url = first.type == COMPONENT_STRING ? first.text : url_of(r, &first);
	} else {
		return false;
	}
	kept = ARENA_NEW(r->arena, struct css_image);
	*kept = image;
	*ret_value = (struct css_value){ .kind = CSS_KIND_IMAGE, .image = kept };
	return true;
}

bool css_read_background_image(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	struct css_value value;

	if (!component_next(&text, &part))
		return false;
	if (part.type == COMPONENT_IDENT && str_is_nocase(part.text, "none"))
		value = css_keyword_value(CSS_NONE);
	else if (!image_of(r, &part, &value))
		return false;
	css_put(r, property, value);
	return true;
}

static bool is_background_word(struct str text)
{
	static const char *const names[] = { "repeat", "repeat-x", "repeat-y", "no-repeat",
		"space", "round", "scroll", "fixed", "local", "left", "right", "top", "bottom",
		"center", "cover", "contain", "auto", "border-box", "padding-box", "content-box",
		"text" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_is_nocase(text, names[i]))
			return true;
	return false;
}

/* The whole shorthand is invalid where one part of it is. Layers: the first image is on top, the
 * colour belongs to the last. */
bool css_read_background(struct css_reader *r, enum css_property property, struct str text)
{
	struct css_value color = { .kind = CSS_KIND_COLOR }, image = css_keyword_value(CSS_NONE);
	struct css_value found;
	struct component part;
	bool colored = false, any = false;

	(void)property;
	while (component_next(&text, &part)) {
		any = true;
		if (image_of(r, &part, &found)) {
			if (image.kind != CSS_KIND_IMAGE)
				image = found;
		} else if (css_component_color(&part, &found)) {
			if (colored)
				return false;
			color = found;
			colored = true;
		} else if (part.type == COMPONENT_IDENT) {
			if (!is_background_word(part.text) && !str_is_nocase(part.text, "none"))
				return false;
		} else if (part.type == COMPONENT_COMMA) {
			if (colored) /* a colour before the last layer */
				return false;
		} else if (part.type != COMPONENT_SLASH && !css_length_of(&part, &found)) {
			return false;
		}
	}
	if (!any)
		return false;
	if (!colored && image.kind == CSS_KIND_IMAGE)
		color = css_keyword_value(CSS_RESET);
	css_put(r, CSS_BACKGROUND_COLOR, color);
	css_put(r, CSS_BACKGROUND_IMAGE, image);
	return true;
}
