/* schema.c - the keys of a policy, in one table, and the readers of those that stand at its top */
#include "policy/rules/build.h"

#include <unicode/uidna.h>

#include "policy/classify/regex_cost.h"
#include "policy/when/when.h"
#include "policy/rules/names.h"
#include "policy/text/utf8.h"

#define RADIUS_DEFAULT 8.0

const char *const weekday_names[] = { "sunday",	  "monday", "tuesday",	"wednesday",
				      "thursday", "friday", "saturday", NULL };

static struct policy *the_policy(const struct yaml_reader *reader)
{
	return ((struct build *)reader->context)->policy;
}

YAML_READER(build_zone)
{
	struct str name = STR_NONE;

	yaml_read_str(reader, node, key, &name);
	if (name.p == NULL)
		return;
	if (when_zone_known(name))
		*(struct str *)field = name;
	else
		yaml_error(reader->diag, node, "\"%.*s\" is no time zone such as Europe/Berlin or UTC",
			   STR_ARG(name));
}

/* "IST: Asia/Kolkata": what an abbreviation means that means several. */
static YAML_READER(read_zones)
{
	struct policy *policy = field;

	if (!yaml_expect(reader, node, YAML_MAP, "a map of abbreviations to time zones"))
		return;
	policy->zone_keys.items = ARENA_ARRAY(reader->arena, node->n, struct str);
	policy->zone_values.items = ARENA_ARRAY(reader->arena, node->n, struct str);
	for (size_t i = 0; i < node->n; i++) {
		struct str zone = STR_NONE;

		build_zone(reader, node->pairs[i].value, key, &zone);
		if (zone.p == NULL)
			continue;
		policy->zone_keys.items[policy->zone_keys.n++] =
			arena_str(reader->arena, node->pairs[i].key->text);
		policy->zone_values.items[policy->zone_values.n++] = zone;
	}
}

/* A domain, or a pattern of one, as A-labels in lower case: mail has them so. False where it is
 * none. */
static bool domain_to_ascii(struct arena *arena, struct str domain, struct str *ret_ascii)
{
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode status = U_ZERO_ERROR;
	UIDNA *idna;
	char ascii[512];
	int32_t n;

	if (domain.n == 0 || domain.n > 255)
		return false;
	idna = uidna_openUTS46(UIDNA_DEFAULT, &status);
	if (U_FAILURE(status))
		return false;
	n = uidna_nameToASCII_UTF8(idna, domain.p, (int32_t)domain.n, ascii, sizeof ascii, &info,
				   &status);
	uidna_close(idna);
	if (U_FAILURE(status) || info.errors != 0 || n <= 0 || n >= (int32_t)sizeof ascii)
		return false;
	*ret_ascii = arena_str(arena, (struct str){ ascii, (size_t)n });
	return true;
}

static YAML_READER(read_domains)
{
	struct str_list domains = { 0 };

	yaml_read_str_list(reader, node, key, &domains);
	for (size_t i = 0; i < domains.n; i++) {
		struct str domain = domains.items[i];

		if (memchr(domain.p, '@', domain.n) != NULL ||
		    !domain_to_ascii(reader->arena, domain, &domains.items[i]))
			yaml_error(reader->diag, node->kind == YAML_LIST ? node->items[i] : node,
				   "\"%.*s\" is no domain such as crm.example", STR_ARG(domain));
	}
	*(struct str_list *)field = domains;
}

/* "*@crm.example", "bounce+*@crm.example". */
YAML_READER(build_patterns)
{
	struct str_list patterns = { 0 };

	yaml_read_str_list(reader, node, key, &patterns);
	for (size_t i = 0; i < patterns.n; i++) {
		struct str pattern = patterns.items[i], domain;
		size_t at = pattern.n;

		while (at > 0 && pattern.p[at - 1] != '@')
			at--;
		if (at < 2 || !domain_to_ascii(reader->arena, str_skip(pattern, at), &domain)) {
			yaml_error(reader->diag, node->kind == YAML_LIST ? node->items[i] : node,
				   "\"%.*s\" is no address pattern such as notices@crm.example or "
				   "*@crm.example",
				   STR_ARG(pattern));
			continue;
		}
		patterns.items[i] =
			arena_concat(reader->arena, str_head(pattern, at), domain);
	}
	*(struct pattern_list *)field =
		(struct pattern_list){ patterns.items, patterns.n, patterns.cap };
}

static int hex_digit(char c)
{
	c = ascii_lower(c);
	if (ascii_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool rgb_parse(struct str text, uint8_t ret_rgb[3])
{
	uint8_t rgb[3];

	if (text.n != 7 || text.p[0] != '#')
		return false;
	for (size_t i = 0; i < 3; i++) {
		int high = hex_digit(text.p[1 + 2 * i]), low = hex_digit(text.p[2 + 2 * i]);

		if (high < 0 || low < 0)
			return false;
		rgb[i] = (uint8_t)(high * 16 + low);
	}
	memcpy(ret_rgb, rgb, sizeof rgb);
	return true;
}

static YAML_READER(read_rgb)
{
	(void)key;
	if (yaml_expect(reader, node, YAML_SCALAR, "a colour such as \"#FF8C00\"") &&
	    !rgb_parse(node->text, field))
		yaml_error(reader->diag, node, "\"%.*s\" is no colour such as \"#FF8C00\"",
			   STR_ARG(node->text));
}

static const struct yaml_key palette_keys[] = {
	{ "rgb", read_rgb, offsetof(struct palette_entry, rgb), YAML_REQUIRED },
	{ "radius", yaml_read_double, offsetof(struct palette_entry, radius), .max = 100 },
	{ NULL },
};

/* "light-blue: "#00BCF2"", or "light-blue: {rgb: "#00BCF2", radius: 8}". */
static YAML_READER(read_palette)
{
	struct policy *policy = field;

	if (!yaml_expect(reader, node, YAML_MAP, "a map of colour names"))
		return;
	policy->palette = ARENA_ARRAY(reader->arena, node->n, struct palette_entry);
	for (size_t i = 0; i < node->n; i++) {
		struct palette_entry *entry = &policy->palette[policy->n_palette++];

		entry->name = arena_str(reader->arena, node->pairs[i].key->text);
		entry->radius = RADIUS_DEFAULT;
		if (str_is(entry->name, "none"))
			yaml_error(reader->diag, node->pairs[i].key,
				   "\"none\" cannot name a colour: it stands for no banner");
		if (node->pairs[i].value->kind == YAML_MAP)
			yaml_read_map(reader, node->pairs[i].value, palette_keys, entry);
		else
			read_rgb(reader, node->pairs[i].value, key, entry->rgb);
	}
}

bool build_color(struct yaml_reader *reader, const struct yaml_node *node, size_t *ret_color)
{
	struct policy *policy = the_policy(reader);
	const char **names;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a colour of the palette"))
		return false;
	names = ARENA_ARRAY(reader->diag->arena, policy->n_palette + 1, const char *);
	for (size_t i = 0; i < policy->n_palette; i++) {
		if (str_eq(policy->palette[i].name, node->text)) {
			*ret_color = i;
			return true;
		}
		names[i] = policy->palette[i].name.p;
	}
	yaml_error(reader->diag, node, "\"%.*s\" is no colour of the palette: %.*s",
		   STR_ARG(node->text), STR_ARG(yaml_names(reader->diag->arena, names)));
	return false;
}

static YAML_READER(read_color)
{
	(void)key;
	build_color(reader, node, field);
}

static YAML_READER(read_sha256)
{
	struct str text = STR_NONE;
	char *hex;

	yaml_read_str(reader, node, key, &text);
	if (text.p == NULL)
		return;
	hex = arena_cstr(reader->arena, text);
	for (size_t i = 0; i < text.n; i++) {
		if (text.n != 64 || hex_digit(hex[i]) < 0) {
			yaml_error(reader->diag, node, "a SHA-256 is 64 hexadecimal digits");
			return;
		}
		hex[i] = ascii_lower(hex[i]);
	}
	*(struct str *)field = (struct str){ hex, text.n };
}

static const struct yaml_key image_keys[] = {
	{ "url", yaml_read_str, offsetof(struct approved_image, url) },
	{ "sha256", read_sha256, offsetof(struct approved_image, sha256) },
	{ "color", read_color, offsetof(struct approved_image, color), YAML_REQUIRED },
	{ NULL },
};

static YAML_READER(read_images)
{
	struct policy *policy = field;

	(void)key;
	if (!yaml_expect(reader, node, YAML_LIST, "a list of images"))
		return;
	policy->images = ARENA_ARRAY(reader->arena, node->n, struct approved_image);
	for (size_t i = 0; i < node->n; i++) {
		struct approved_image *image = &policy->images[policy->n_images++];

		if (yaml_read_map(reader, node->items[i], image_keys, image) &&
		    (image->url.p != NULL) == (image->sha256.p != NULL))
			yaml_error(reader->diag, node->items[i],
				   "an image is given by either \"url\" or \"sha256\"");
	}
}

static YAML_READER(read_holidays)
{
	struct policy *policy = the_policy(reader);

	(void)field;
	if (!yaml_expect(reader, node, YAML_LIST, "a list of dates"))
		return;
	for (size_t i = 0; i < node->n; i++) {
		struct day_list *days = &policy->holidays;
		int32_t day = INT32_MIN;

		yaml_read_date(reader, node->items[i], key, &day);
		if (day == INT32_MIN)
			continue;
		ARENA_ROOM(reader->arena, days->items, days->n, days->cap);
		days->items[days->n++] = day;
	}
	holidays_sort(&policy->holidays);
}

static YAML_READER(read_weekend)
{
	unsigned weekend = ~0u;

	yaml_read_flags(reader, node, key, &weekend);
	if (weekend == 0x7f)
		yaml_error(reader->diag, node, "a week needs a business day");
	else if (weekend != ~0u)
		*(unsigned *)field = weekend;
}

static YAML_READER(read_unknown_effects)
{
	struct policy *policy = field;
	bool set[FINDING_N];

	(void)key;
	build_severity_map(reader, node, set, policy->when_unknown);
	for (int i = 0; i < FINDING_N; i++) {
		if (policy->when_unknown[i] == SEVERITY_STRIP)
			yaml_error(reader->diag, node,
				   "%s: strip cannot be: nobody is known to be at fault",
				   finding_infos[i].id);
	}
}

static YAML_READER(read_severities)
{
	struct policy *policy = field;

	(void)key;
	build_severity_map(reader, node, policy->severity_set, policy->severities);
}

static const struct yaml_key sender_keys[] = {
	{ "from", build_patterns, offsetof(struct policy, senders_from) },
	{ "envelope", build_patterns, offsetof(struct policy, senders_envelope) },
	{ "notice-locals", yaml_read_str_list, offsetof(struct policy, notice_locals) },
	{ NULL },
};

static const struct yaml_key business_day_keys[] = {
	{ "weekend", read_weekend, offsetof(struct policy, weekend), .names = weekday_names },
	{ "holidays", read_holidays, 0 },
	{ "calendar", yaml_read_str_list, offsetof(struct policy, calendars) },
	{ "timezone", build_zone, offsetof(struct policy, business_zone) },
	{ NULL },
};

/* Regular expressions, each of which has to compile and to be quick. */
static YAML_READER(read_regexes)
{
	struct str_list *list = field;

	list->n = 0;
	yaml_read_str_list(reader, node, key, list);
	for (size_t i = 0; i < list->n; i++) {
		struct str fault = regex_fault(reader->diag->arena, list->items[i]);

		if (fault.p != NULL)
			yaml_error(reader->diag, node->kind == YAML_LIST ? node->items[i] : node,
				   "the pattern \"%.*s\": %.*s",
				   STR_ARG(utf8_head(list->items[i], 60)), STR_ARG(fault));
	}
}

static const struct yaml_key reference_keys[] = {
	{ "event", read_regexes, offsetof(struct policy, reference_patterns[REFERENCE_EVENT]) },
	{ "incident", read_regexes,
	  offsetof(struct policy, reference_patterns[REFERENCE_INCIDENT]) },
	{ "case", read_regexes, offsetof(struct policy, reference_patterns[REFERENCE_CASE]) },
	{ NULL },
};

static const struct yaml_key directory_keys[] = {
	{ "stale", yaml_read_duration, offsetof(struct policy, directory_stale) },
	{ NULL },
};

#define LIMIT(field) offsetof(struct policy, limits.field)
static const struct yaml_key limit_keys[] = {
	{ "message", yaml_read_size, LIMIT(message_octets), .min = 1024 },
	{ "header-fields", yaml_read_size, LIMIT(header_fields), .min = 1 },
	{ "headers", yaml_read_size, LIMIT(header_octets), .min = 1024 },
	{ "parts", yaml_read_size, LIMIT(parts), .min = 1, .max = 100000 },
	{ "depth", yaml_read_size, LIMIT(depth), .min = 1, .max = 1000 },
	{ "html", yaml_read_size, LIMIT(html_octets), .min = 1024 },
	{ "text", yaml_read_size, LIMIT(text_octets), .min = 1024 },
	{ "css", yaml_read_size, LIMIT(css_octets), .min = 1024 },
	{ "recipients", yaml_read_size, LIMIT(recipients), .min = 1 },
	{ NULL },
};
#undef LIMIT

/* Taken out by the loader before the tree comes here; known, so that they are no unknown keys. */
static YAML_READER(read_nothing)
{
	(void)reader;
	(void)node;
	(void)key;
	(void)field;
}

/* Only their form: load.c holds the files against them as it draws these in. */
static YAML_READER(read_pins)
{
	(void)key;
	(void)field;
	if (!yaml_expect(reader, node, YAML_MAP, "a map of file names to SHA-256 digests"))
		return;
	for (size_t i = 0; i < node->n; i++) {
		const struct yaml_node *value = node->pairs[i].value;
		size_t digits = 0;

		if (!yaml_expect(reader, value, YAML_SCALAR, "a SHA-256 digest"))
			continue;
		while (digits < value->text.n && memchr("0123456789abcdef", value->text.p[digits], 16) != NULL)
			digits++;
		if (digits != 64 || value->text.n != 64)
			yaml_error(reader->diag, value, "pins: a SHA-256 digest is 64 hex digits in lower case");
	}
}

/* The order is the order of reading: what others refer to comes first. */
const struct yaml_key policy_keys[] = {
	{ "extends", read_nothing, 0 },
	{ "languages", read_nothing, 0 },
	{ "pins", read_pins, 0 },
	{ "policy", yaml_read_str, offsetof(struct policy, name), YAML_REQUIRED },
	{ "version", yaml_read_u64, offsetof(struct policy, version), YAML_REQUIRED,
	  .max = INT64_MAX },
	{ "serial", yaml_read_u64, offsetof(struct policy, serial), .min = 1, .max = INT64_MAX },
	{ "not-before", yaml_read_time, offsetof(struct policy, not_before) },
	{ "not-after", yaml_read_time, offsetof(struct policy, not_after) },
	{ "mode", yaml_read_choice, offsetof(struct policy, mode), .names = policy_mode_names },
	{ "senders", yaml_read_nested, 0, .keys = sender_keys },
	{ "internal", read_domains, offsetof(struct policy, internal) },
	{ "health-pages", yaml_read_str_list, offsetof(struct policy, health_pages) },
	{ "timezone", build_zone, offsetof(struct policy, timezone) },
	{ "zones", read_zones, 0 },
	{ "business-days", yaml_read_nested, 0, .keys = business_day_keys },
	{ "palette", read_palette, 0, .keys = palette_keys },
	{ "images", read_images, 0, .keys = image_keys },
	{ "references", yaml_read_nested, 0, .keys = reference_keys },
	{ "phrases", build_phrases, 0 },
	{ "margin", yaml_read_double, offsetof(struct policy, margin), .max = 1000 },
	{ "negatives", build_negatives, 0, .keys = signal_keys },
	{ "categories", build_categories, 0, YAML_REQUIRED, .keys = category_keys },
	{ "severities", read_severities, 0 },
	{ "exceptions", build_exceptions, 0, .keys = exception_keys },
	{ "when_unknown", read_unknown_effects, 0 },
	{ "directory", yaml_read_nested, 0, .keys = directory_keys },
	{ "limits", yaml_read_nested, 0, .keys = limit_keys },
	{ NULL },
};

/* What holds where the files say nothing (POLICY.md, settled 14 and 19, Unknown). */
static void defaults_set(struct policy *policy)
{
	policy->mode = MODE_ENFORCE;
	policy->timezone = STR_LIT("UTC");
	policy->weekend = 1u << 0 | 1u << 6;
	policy->margin = 1;
	policy->limits = message_limits_default;
	for (int i = 0; i < FINDING_N; i++)
		policy->when_unknown[i] = SEVERITY_FLAG;
	/* For an unknown scope. */
	policy->when_unknown[FINDING_RECIPIENTS_UNAFFECTED] = SEVERITY_ACCEPT;
	policy->when_unknown[FINDING_RECIPIENTS_INCOMPLETE] = SEVERITY_ACCEPT;
}

/* A declaration is demanded where its absence has an effect. */
static bool declaration_matters(const struct policy *policy)
{
	if (policy_severity(policy, NULL, FINDING_DECLARATION_MISSING) != SEVERITY_OFF)
		return true;
	for (size_t i = 0; i < policy->n_categories; i++) {
		if (policy_severity(policy, &policy->categories[i], FINDING_DECLARATION_MISSING) !=
		    SEVERITY_OFF)
			return true;
	}
	return false;
}

void build_policy(struct yaml_reader *reader, const struct yaml_node *root)
{
	struct policy *policy = the_policy(reader);

	defaults_set(policy);
	yaml_read_map(reader, root, policy_keys, policy);
	policy->declaration_required = declaration_matters(policy);
}
