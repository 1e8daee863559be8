#include <math.h>

#include "policy/html/property.h"

bool css_read_opacity(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	double value;

	if (!css_single(text, &part))
		return false;
	if (part.type != COMPONENT_NUMBER && part.type != COMPONENT_PERCENT)
		return false;
	value = part.type == COMPONENT_PERCENT ? part.number / 100 : part.number;
	value = value < 0 ? 0 : value > 1 ? 1 : value;
	css_put(r, property, (struct css_value){ .kind = CSS_KIND_NUMBER, .number = value });
	return true;
}

/* A rectangle or inset that leaves at most two pixels. */
static bool clips_all(const struct component *function)
{
	struct str text = function->arguments;
	struct component part;
	double values[4];
	size_t n = 0;
	bool percent = false;

	while (n < 4 && component_next(&text, &part)) {
		if (part.type == COMPONENT_COMMA)
			continue;
		percent = percent || part.type == COMPONENT_PERCENT;
		values[n++] = part.number;
	}
	if (str_is_nocase(function->text, "rect"))
		return n == 4 && (values[2] - values[0] <= 2 || values[1] - values[3] <= 2);
	if (str_is_nocase(function->text, "inset"))
		return n > 0 && percent && values[0] >= 49;
	if (str_is_nocase(function->text, "circle") || str_is_nocase(function->text, "ellipse"))
		return n > 0 && values[0] <= 1;
	return false;
}

bool css_read_clip(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	bool all;

	if (!component_next(&text, &part))
		return false;
	all = part.type == COMPONENT_FUNCTION && clips_all(&part);
	css_put(r, property, css_keyword_value(all ? CSS_CLIPPED : CSS_NONE));
	return true;
}

/* How far a box is carried, in pixels; a share of its own size counts as one of the pane. */
static bool is_far_off(const struct component *part)
{
	struct css_value value;

	if (!css_length_of(part, &value))
		return false;
	if (value.kind == CSS_KIND_PERCENT)
		return value.number <= -100 || value.number >= 500;
	return value.kind != CSS_KIND_CALC && (value.number <= -300 || value.number >= 3000);
}

static bool is_quarter_turn(const struct component *part)
{
	double degrees = str_is_nocase(part->unit, "turn") ? part->number * 360 : part->number;

	degrees = fabs(fmod(degrees, 180));
	return part->type == COMPONENT_DIMENSION && fabs(degrees - 90) < 1;
}

/* Scaled to nothing, turned on edge, or carried far away. */
static bool transforms_away(const struct component *function)
{
	struct str text = function->arguments, name = function->text;
	struct component part;

	while (component_next(&text, &part)) {
		if (part.type == COMPONENT_COMMA)
			continue;
		if (str_starts_nocase(name, STR_LIT("scale")) && fabs(part.number) < 0.05)
			return true;
		if (str_starts_nocase(name, STR_LIT("translate")) && is_far_off(&part))
			return true;
		if ((str_is_nocase(name, "rotatex") || str_is_nocase(name, "rotatey")) &&
		    is_quarter_turn(&part))
			return true;
		if (str_is_nocase(name, "matrix"))
			return fabs(part.number) < 0.05;
	}
	return false;
}

bool css_read_scale(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	bool nothing = false;

	while (component_next(&text, &part)) {
		if (part.type != COMPONENT_NUMBER && part.type != COMPONENT_PERCENT &&
		    part.type != COMPONENT_IDENT)
			return false;
		nothing = nothing || (part.type != COMPONENT_IDENT && fabs(part.number) < 0.05);
	}
	css_put(r, property, css_keyword_value(nothing ? CSS_CLIPPED : CSS_NONE));
	return true;
}

bool css_read_transform(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part;
	bool away = false;

	while (component_next(&text, &part)) {
		if (part.type == COMPONENT_FUNCTION)
			away = away || transforms_away(&part);
		else if (part.type != COMPONENT_IDENT)
			return false;
	}
	css_put(r, property, css_keyword_value(away ? CSS_CLIPPED : CSS_NONE));
	return true;
}

bool css_read_filter(struct css_reader *r, enum css_property property, struct str text)
{
	struct component part, value;
	bool gone = false;

	while (component_next(&text, &part)) {
		struct str arguments = part.arguments;

		if (part.type == COMPONENT_FUNCTION && str_is_nocase(part.text, "opacity") &&
		    component_next(&arguments, &value))
			gone = value.number < 0.05;
	}
	css_put(r, property, css_keyword_value(gone ? CSS_CLIPPED : CSS_NONE));
	return true;
}
