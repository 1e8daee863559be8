/* yaml_read.c - from tree to struct, by a table of keys */
#include "policy/rules/yaml.h"


#include "policy/base/buf.h"
#include "policy/rules/policy.h"

static const char *kind_name(enum yaml_kind kind)
{
	static const char *const names[] = { "a text", "a list", "a map" };

	return names[kind];
}

static bool is_empty(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && !node->quoted &&
	       (node->text.n == 0 || str_is(node->text, "~") || str_is(node->text, "null"));
}

bool yaml_expect(struct yaml_reader *reader, const struct yaml_node *node, enum yaml_kind kind,
		 const char *wanted)
{
	if (kind == YAML_SCALAR && is_empty(node)) {
		yaml_error(reader->diag, node, "no value: %s is wanted", wanted);
		return false;
	}
	if (node->kind == kind)
		return true;
	yaml_error(reader->diag, node, "%s where %s is wanted",
		   is_empty(node) ? "no value" : kind_name(node->kind), wanted);
	return false;
}

bool yaml_expect_some(struct yaml_reader *reader, const struct yaml_node *node)
{
	bool some = node->kind != YAML_LIST || node->n > 0;

	if (!some)
		yaml_error(reader->diag, node, "an empty list: name some, or leave the key out");
	return some;
}

/* The edit distance of two short texts, with a transposition as one edit; beyond 32 octets they
 * count as strangers. */
static unsigned edit_distance(struct str a, struct str b)
{
	unsigned rows[3][34];

	if (a.n > 32 || b.n > 32)
		return 99;
	for (unsigned j = 0; j <= b.n; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];

		row[0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			unsigned best = above[j - 1] + (a.p[i - 1] != b.p[j - 1]);

			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1] && second[j - 2] + 1 < best)
				best = second[j - 2] + 1;
			row[j] = best;
		}
	}
	return rows[a.n % 3][b.n];
}

/* The one name that begins as was written; NULL where there are several, or none. */
static const char *begun_name(struct str written, const char *const *names)
{
	const char *only = NULL;

	for (; written.n > 2 && *names != NULL; names++) {
		if (!str_starts(str_from(*names), written))
			continue;
		if (only != NULL)
			return NULL;
		only = *names;
	}
	return only;
}

const char *yaml_nearest(struct str written, const char *const *names)
{
	unsigned best = (unsigned)(written.n < 6 ? 2 : 1 + written.n / 3);
	const char *nearest = begun_name(written, names);

	if (nearest != NULL)
		return nearest;
	for (; *names != NULL; names++) {
		unsigned distance = edit_distance(written, str_from(*names));

		if (distance < best || (distance == best && nearest == NULL)) {
			best = distance;
			nearest = *names;
		}
	}
	return nearest;
}

struct str yaml_names(struct arena *arena, const char *const *names)
{
	struct buf out;

	buf_init(&out, arena, 2048);
	for (size_t i = 0; names[i] != NULL; i++)
		buf_printf(&out, "%s%s", i > 0 ? ", " : "", names[i]);
	return buf_str(&out);
}

static const struct yaml_key *key_find(const struct yaml_key *keys, struct str name)
{
	for (; keys->name != NULL; keys++) {
		if (str_is(name, keys->name))
			return keys;
	}
	return NULL;
}

static void unknown_key(struct yaml_reader *reader, const struct yaml_node *node,
			const struct yaml_key *keys)
{
	struct arena *arena = reader->diag->arena;
	const char **names;
	const char *nearest;
	size_t n = 0;

	while (keys[n].name != NULL)
		n++;
	names = ARENA_ARRAY(arena, n + 1, const char *);
	for (size_t i = 0; i < n; i++)
		names[i] = keys[i].name;
	nearest = yaml_nearest(node->text, names);
	if (nearest != NULL)
		yaml_error(reader->diag, node, "unknown key \"%.*s\": did you mean \"%s\"?",
			   STR_ARG(node->text), nearest);
	else
		yaml_error(reader->diag, node, "unknown key \"%.*s\"; allowed here: %.*s",
			   STR_ARG(node->text), STR_ARG(yaml_names(arena, names)));
}

bool yaml_read_map(struct yaml_reader *reader, const struct yaml_node *map,
		   const struct yaml_key *keys, void *target)
{
	size_t errors = reader->diag->errors;

	if (!yaml_expect(reader, map, YAML_MAP, "a map (key: value)"))
		return false;
	for (size_t i = 0; i < map->n; i++) {
		if (key_find(keys, map->pairs[i].key->text) == NULL)
			unknown_key(reader, map->pairs[i].key, keys);
	}
	for (const struct yaml_key *key = keys; key->name != NULL; key++) {
		const struct yaml_node *value = yaml_get(map, key->name);

		if (value != NULL)
			key->read(reader, value, key, (char *)target + key->offset);
		else if (key->flags & YAML_REQUIRED)
			yaml_error(reader->diag, map, "the key \"%s\" is missing here", key->name);
	}
	return reader->diag->errors == errors;
}

YAML_READER(yaml_read_nested)
{
	yaml_read_map(reader, node, key->keys, field);
}

YAML_READER(yaml_read_str)
{
	(void)key;
	if (!yaml_expect(reader, node, YAML_SCALAR, "a text"))
		return;
	if (str_trim(node->text).n == 0) {
		yaml_error(reader->diag, node, "an empty text");
		return;
	}
	*(struct str *)field = arena_str(reader->arena, node->text);
}

YAML_READER(yaml_read_text)
{
	(void)key;
	if (yaml_expect(reader, node, YAML_SCALAR, "a text (\"\" for an empty one)"))
		*(struct str *)field = arena_str(reader->arena, node->text);
}

YAML_READER(yaml_read_cstr)
{
	struct str text = STR_NONE;

	yaml_read_str(reader, node, key, &text);
	if (text.p != NULL)
		*(char **)field = arena_cstr(reader->arena, text);
}

YAML_READER(yaml_read_bool)
{
	(void)key;
	if (!yaml_expect(reader, node, YAML_SCALAR, "true or false"))
		return;
	if (str_is(node->text, "true"))
		*(bool *)field = true;
	else if (str_is(node->text, "false"))
		*(bool *)field = false;
	else
		yaml_error(reader->diag, node, "\"%.*s\" is neither true nor false",
			   STR_ARG(node->text));
}

/* The digits at the start of *text as a number; false where there are none or too many. */
static bool digits_take(struct str *text, unsigned base, uint64_t *ret_number)
{
	uint64_t number = 0;
	size_t i = 0;

	for (; i < text->n && ascii_is_digit(text->p[i]); i++) {
		unsigned digit = (unsigned)(text->p[i] - '0');

		if (digit >= base || __builtin_mul_overflow(number, (uint64_t)base, &number) ||
		    __builtin_add_overflow(number, (uint64_t)digit, &number))
			return false;
	}
	if (i == 0)
		return false;
	*text = str_skip(*text, i);
	*ret_number = number;
	return true;
}

static bool number_in_bounds(struct yaml_reader *reader, const struct yaml_node *node,
			     const struct yaml_key *key, uint64_t number)
{
	uint64_t max = key->max > 0 ? (uint64_t)key->max : UINT64_MAX;

	if (number >= (uint64_t)key->min && number <= max)
		return true;
	if (key->max > 0)
		yaml_error(reader->diag, node, "%.*s is not between %lld and %lld",
			   STR_ARG(node->text), (long long)key->min, (long long)key->max);
	else
		yaml_error(reader->diag, node, "%.*s is less than %lld", STR_ARG(node->text),
			   (long long)key->min);
	return false;
}

static bool number_read(struct yaml_reader *reader, const struct yaml_node *node,
			const struct yaml_key *key, unsigned base, uint64_t *ret_number)
{
	struct str text = node->text;
	uint64_t number;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a number"))
		return false;
	if (!digits_take(&text, base, &number) || text.n > 0) {
		yaml_error(reader->diag, node, "\"%.*s\" is no %s", STR_ARG(node->text),
			   base == 8 ? "octal number such as 0660" : "whole number");
		return false;
	}
	if (!number_in_bounds(reader, node, key, number))
		return false;
	*ret_number = number;
	return true;
}

YAML_READER(yaml_read_unsigned)
{
	struct yaml_key bounded = *key;
	uint64_t number;

	if (bounded.max <= 0 || bounded.max > UINT32_MAX)
		bounded.max = UINT32_MAX;
	if (number_read(reader, node, &bounded, 10, &number))
		*(unsigned *)field = (unsigned)number;
}

YAML_READER(yaml_read_u64)
{
	uint64_t number;

	if (number_read(reader, node, key, 10, &number))
		*(uint64_t *)field = number;
}

YAML_READER(yaml_read_octal)
{
	struct yaml_key bounded = *key;
	uint64_t number;

	if (bounded.max <= 0)
		bounded.max = 07777;
	if (number_read(reader, node, &bounded, 8, &number))
		*(unsigned *)field = (unsigned)number;
}

/* Sign, digits, a point, digits: what strtod takes beyond that (hex, inf, nan, exponents) has no
 * place in a policy. */
static bool decimal_parse(struct str text, double *ret_value)
{
	double sign = 1, value = 0, unit = 1;
	size_t i = 0, digits = 0;

	if (text.n > 0 && (text.p[0] == '-' || text.p[0] == '+')) {
		sign = text.p[0] == '-' ? -1 : 1;
		i++;
	}
	for (; i < text.n && ascii_is_digit(text.p[i]); i++, digits++)
		value = value * 10 + (text.p[i] - '0');
	if (i < text.n && text.p[i] == '.') {
		for (i++; i < text.n && ascii_is_digit(text.p[i]); i++, digits++) {
			value = value * 10 + (text.p[i] - '0');
			unit *= 10;
		}
	}
	if (digits == 0 || digits > 15 || i < text.n)
		return false;
	*ret_value = sign * value / unit;
	return true;
}

YAML_READER(yaml_read_double)
{
	double value;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a number"))
		return;
	if (!decimal_parse(node->text, &value)) {
		yaml_error(reader->diag, node, "\"%.*s\" is no number such as 2 or 1.5",
			   STR_ARG(node->text));
		return;
	}
	if ((key->min != 0 || key->max != 0) &&
	    (value < (double)key->min || value > (double)key->max)) {
		yaml_error(reader->diag, node, "%.*s is not between %lld and %lld",
			   STR_ARG(node->text), (long long)key->min, (long long)key->max);
		return;
	}
	*(double *)field = value;
}

static bool duration_unit(char unit, int64_t *ret_seconds)
{
	switch (unit) {
	case 's':
		*ret_seconds = 1;
		return true;
	case 'm':
		*ret_seconds = 60;
		return true;
	case 'h':
		*ret_seconds = 3600;
		return true;
	case 'd':
		*ret_seconds = 86400;
		return true;
	case 'w':
		*ret_seconds = 7 * 86400;
		return true;
	default:
		return false;
	}
}

bool yaml_duration_parse(struct str text, int64_t *ret_seconds)
{
	int64_t total = 0, last = INT64_MAX;

	if (str_is(text, "0")) {
		*ret_seconds = 0;
		return true;
	}
	do {
		uint64_t number;
		int64_t unit, part;

		if (!digits_take(&text, 10, &number) || text.n == 0 || number > INT32_MAX ||
		    !duration_unit(text.p[0], &unit) || unit >= last)
			return false;
		if (__builtin_mul_overflow((int64_t)number, unit, &part) ||
		    __builtin_add_overflow(total, part, &total))
			return false;
		last = unit;
		text = str_skip(text, 1);
	} while (text.n > 0);
	*ret_seconds = total;
	return true;
}

YAML_READER(yaml_read_duration)
{
	int64_t seconds;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a duration such as 15m, 12h or 5d"))
		return;
	if (!yaml_duration_parse(node->text, &seconds)) {
		yaml_error(reader->diag, node,
			   "\"%.*s\" is no duration such as 45s, 15m, 12h, 5d, 2w or 1h30m",
			   STR_ARG(node->text));
		return;
	}
	if (number_in_bounds(reader, node, key, (uint64_t)seconds))
		*(int64_t *)field = seconds;
}

bool yaml_size_parse(struct str text, size_t *ret_octets)
{
	uint64_t number, unit = 1;

	if (!digits_take(&text, 10, &number) || text.n > 1)
		return false;
	if (text.n == 1) {
		if (text.p[0] == 'K')
			unit = 1024;
		else if (text.p[0] == 'M')
			unit = 1024 * 1024;
		else if (text.p[0] == 'G')
			unit = 1024 * 1024 * 1024;
		else
			return false;
	}
	if (__builtin_mul_overflow(number, unit, &number) || number > SIZE_MAX / 2)
		return false;
	*ret_octets = (size_t)number;
	return true;
}

YAML_READER(yaml_read_size)
{
	size_t octets;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a size such as 256K or 25M"))
		return;
	if (!yaml_size_parse(node->text, &octets)) {
		yaml_error(reader->diag, node, "\"%.*s\" is no size such as 4096, 256K, 25M or 1G",
			   STR_ARG(node->text));
		return;
	}
	if (number_in_bounds(reader, node, key, octets))
		*(size_t *)field = octets;
}

/* n digits at the start of *text. */
static bool fixed_digits(struct str *text, size_t n, unsigned *ret_number)
{
	unsigned number = 0;

	if (text->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_is_digit(text->p[i]))
			return false;
		number = number * 10 + (unsigned)(text->p[i] - '0');
	}
	*text = str_skip(*text, n);
	*ret_number = number;
	return true;
}

static bool char_take(struct str *text, char c)
{
	if (text->n == 0 || ascii_lower(text->p[0]) != c)
		return false;
	*text = str_skip(*text, 1);
	return true;
}

static unsigned month_days(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Days since 1970-01-01 of a date in the Gregorian calendar, for years from 1 on: whole years
 * counted from March, so that the leap day comes last. */
static int32_t days_of(unsigned year, unsigned month, unsigned day)
{
	int32_t y = (int32_t)year - (month < 3), m = (int32_t)(month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + (int32_t)day - 1 - 719468;
}

static bool date_take(struct str *text, int32_t *ret_days)
{
	unsigned year, month, day;

	if (!fixed_digits(text, 4, &year) || !char_take(text, '-') ||
	    !fixed_digits(text, 2, &month) || !char_take(text, '-') ||
	    !fixed_digits(text, 2, &day))
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
		return false;
	*ret_days = days_of(year, month, day);
	return true;
}

bool yaml_date_parse(struct str text, int32_t *ret_days)
{
	int32_t days;

	if (!date_take(&text, &days) || text.n > 0)
		return false;
	*ret_days = days;
	return true;
}

YAML_READER(yaml_read_date)
{
	int32_t days;

	(void)key;
	if (!yaml_expect(reader, node, YAML_SCALAR, "a date such as 2026-03-01"))
		return;
	if (yaml_date_parse(node->text, &days))
		*(int32_t *)field = days;
	else
		yaml_error(reader->diag, node, "\"%.*s\" is no date such as 2026-03-01",
			   STR_ARG(node->text));
}

/* "Z", "+01:00", "-05:00"; seconds east. */
static bool offset_take(struct str *text, int *ret_offset)
{
	unsigned hours, minutes;
	int sign = 1;

	if (char_take(text, 'z')) {
		*ret_offset = 0;
		return true;
	}
	if (char_take(text, '-'))
		sign = -1;
	else if (!char_take(text, '+'))
		return false;
	if (!fixed_digits(text, 2, &hours) || !char_take(text, ':') ||
	    !fixed_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*ret_offset = sign * (int)(hours * 3600 + minutes * 60);
	return true;
}

bool yaml_time_parse(struct str text, int64_t *ret_seconds)
{
	unsigned hours, minutes, seconds;
	int32_t days;
	int offset;

	if (!date_take(&text, &days) || (!char_take(&text, 't') && !char_take(&text, ' ')) ||
	    !fixed_digits(&text, 2, &hours) || !char_take(&text, ':') ||
	    !fixed_digits(&text, 2, &minutes) || !char_take(&text, ':') ||
	    !fixed_digits(&text, 2, &seconds))
		return false;
	if (char_take(&text, '.')) {
		uint64_t fraction;

		if (!digits_take(&text, 10, &fraction))
			return false;
	}
	if (!offset_take(&text, &offset) || text.n > 0 || hours > 23 || minutes > 59 ||
	    seconds > 60)
		return false;
	*ret_seconds = (int64_t)days * 86400 + hours * 3600 + minutes * 60 + seconds - offset;
	return true;
}

YAML_READER(yaml_read_time)
{
	int64_t seconds;

	(void)key;
	if (!yaml_expect(reader, node, YAML_SCALAR, "a time such as 2026-03-01T09:00:00Z"))
		return;
	if (yaml_time_parse(node->text, &seconds))
		*(int64_t *)field = seconds;
	else
		yaml_error(reader->diag, node, "\"%.*s\" is no time such as 2026-03-01T09:00:00Z",
			   STR_ARG(node->text));
}

/* The index of a scalar among names; reports where it is none. */
static bool name_read(struct yaml_reader *reader, const struct yaml_node *node,
		      const char *const *names, unsigned *ret_index)
{
	struct str allowed = yaml_names(reader->diag->arena, names);

	if (!yaml_expect(reader, node, YAML_SCALAR, "a word"))
		return false;
	for (unsigned i = 0; names[i] != NULL; i++) {
		if (str_is(node->text, names[i])) {
			*ret_index = i;
			return true;
		}
	}
	yaml_error(reader->diag, node, "\"%.*s\" is none of: %.*s", STR_ARG(node->text),
		   STR_ARG(allowed));
	return false;
}

YAML_READER(yaml_read_choice)
{
	unsigned index;

	if (name_read(reader, node, key->names, &index))
		*(int *)field = (int)index;
}

YAML_READER(yaml_read_flags)
{
	unsigned flags = 0, index;

	if (node->kind == YAML_SCALAR) {
		if (name_read(reader, node, key->names, &index))
			*(unsigned *)field = 1u << index;
		return;
	}
	if (!yaml_expect(reader, node, YAML_LIST, "a list of words"))
		return;
	for (size_t i = 0; i < node->n; i++) {
		if (name_read(reader, node->items[i], key->names, &index))
			flags |= 1u << index;
	}
	*(unsigned *)field = flags;
}

YAML_READER(yaml_read_str_list)
{
	struct str_list *list = field;
	struct str_list fresh = { 0 };

	if (node->kind == YAML_SCALAR) {
		fresh.items = ARENA_NEW(reader->arena, struct str);
		yaml_read_str(reader, node, key, fresh.items);
		fresh.n = fresh.cap = fresh.items[0].p != NULL;
		*list = fresh;
		return;
	}
	if (!yaml_expect(reader, node, YAML_LIST, "a list of texts"))
		return;
	fresh.items = ARENA_ARRAY(reader->arena, node->n, struct str);
	fresh.cap = node->n;
	for (size_t i = 0; i < node->n; i++) {
		struct str text = STR_NONE;

		yaml_read_str(reader, node->items[i], key, &text);
		if (text.p != NULL)
			fresh.items[fresh.n++] = text;
	}
	*list = fresh;
}
