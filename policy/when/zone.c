#include "policy/when/zone.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/when/place.h"

#define ZONE_ROOT "/usr/share/zoneinfo"
#define ZONE_FILE_MAX (64 * 1024)
#define ZONES_MAX 1024
/* Nothing before 2000 matters to a notice; the rest is kept. */
#define ZONE_SINCE 946684800

/* One end of summer time in the footer's rule: week 1-5 (5: last) of the month, or a day. */
struct rule_date {
	int month, week, weekday;
	int day; /* Jn: 1-365, leap days not counted; 0 where month and week are given */
	int seconds;
};

struct zone {
	char name[48];
	size_t n;
	int64_t *at;      /* transitions, ascending */
	int32_t *offset;  /* from that instant on */
	int32_t before;   /* offset before the first of them */
	bool has_rule, has_summer;
	int32_t standard, summer;
	struct rule_date begin, end;
};

static struct {
	struct zone *zones;
	size_t n;
} table;
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

int64_t civil_days(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return (int64_t)era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void civil_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int of_era = (int)(z - era * 146097);
	int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * y + y / 4 - y / 100);
	int m = (5 * of_year + 2) / 153;

	*ret_day = of_year - (153 * m + 2) / 5 + 1;
	*ret_month = m < 10 ? m + 3 : m - 9;
	*ret_year = (int)(y + era * 400) + (*ret_month <= 2);
}

int civil_month_length(int year, int month)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : lengths[month - 1];
}

int civil_weekday(int64_t days)
{
	return (int)(((days + 4) % 7 + 7) % 7);
}

int civil_nth_weekday(int year, int month, int nth, int weekday)
{
	int first = civil_weekday(civil_days(year, month, 1));
	int day = 1 + (weekday - first + 7) % 7 + (nth > 0 ? nth - 1 : 4) * 7;

	while (day > civil_month_length(year, month))
		day -= 7;
	return day;
}

static int32_t read_be32(const unsigned char *p)
{
	return (int32_t)((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]);
}

static int64_t read_be64(const unsigned char *p)
{
	return (int64_t)((uint64_t)(uint32_t)read_be32(p) << 32 | (uint32_t)read_be32(p + 4));
}

static int rule_number(const char **p)
{
	int n = 0;

	while (ascii_is_digit(**p) && n < 100000)
		n = n * 10 + (*(*p)++ - '0');
	return n;
}

/* [+-]hh[:mm[:ss]] */
static int rule_time(const char **p)
{
	int sign = **p == '-' ? -1 : 1;
	int seconds;

	if (**p == '-' || **p == '+')
		(*p)++;
	seconds = rule_number(p) * 3600;
	if (**p == ':') {
		(*p)++;
		seconds += rule_number(p) * 60;
	}
	if (**p == ':') {
		(*p)++;
		seconds += rule_number(p);
	}
	return sign * seconds;
}

static void rule_skip_name(const char **p)
{
	if (**p == '<') {
		while (**p != '\0' && **p != '>')
			(*p)++;
		if (**p == '>')
			(*p)++;
		return;
	}
	while (ascii_is_alpha(**p))
		(*p)++;
}

static bool rule_parse_date(const char **p, struct rule_date *date)
{
	*date = (struct rule_date){ .seconds = 2 * 3600 };
	if (**p != ',')
		return false;
	(*p)++;
	if (**p == 'M') {
		(*p)++;
		date->month = rule_number(p);
		if (*(*p)++ != '.')
			return false;
		date->week = rule_number(p);
		if (*(*p)++ != '.')
			return false;
		date->weekday = rule_number(p);
	} else if (**p == 'J') {
		(*p)++;
		date->day = rule_number(p);
	} else {
		return false;
	}
	if (**p == '/') {
		(*p)++;
		date->seconds = rule_time(p);
	}
	return date->day > 0 || (date->month >= 1 && date->month <= 12 && date->week >= 1 &&
				 date->week <= 5 && date->weekday <= 6);
}

/* The POSIX TZ string of the footer: RFC 8536, 3.3. */
static void zone_parse_rule(struct zone *zone, const char *p)
{
	rule_skip_name(&p);
	if (*p == '\0')
		return;
	zone->standard = -rule_time(&p);
	zone->has_rule = true;
	if (*p == '\0')
		return;
	rule_skip_name(&p);
	zone->summer = *p == ',' || *p == '\0' ? zone->standard + 3600 : -rule_time(&p);
	zone->has_summer = rule_parse_date(&p, &zone->begin) && rule_parse_date(&p, &zone->end);
}

/* Octets of the data block behind a TZif header whose times have that many octets. */
static size_t tzif_length(const unsigned char *h, size_t time_size)
{
	size_t isut = (size_t)read_be32(h + 20), isstd = (size_t)read_be32(h + 24);
	size_t leap = (size_t)read_be32(h + 28), times = (size_t)read_be32(h + 32);
	size_t types = (size_t)read_be32(h + 36), chars = (size_t)read_be32(h + 40);

	return times * time_size + times + types * 6 + chars + leap * (time_size + 4) + isstd + isut;
}

static bool zone_parse(struct zone *zone, const unsigned char *bytes, size_t n)
{
	const unsigned char *h = bytes, *times, *kinds, *types;
	size_t skip, count, rest;

	if (n < 88 || memcmp(h, "TZif", 4) != 0 || h[4] < '2')
		return false;
	skip = 44 + tzif_length(h, 4);
	if (skip + 44 > n || memcmp(bytes + skip, "TZif", 4) != 0)
		return false;
	h = bytes + skip;
	rest = n - skip - 44;
	count = (size_t)read_be32(h + 32);
	if (count > 10000 || read_be32(h + 36) < 1 || tzif_length(h, 8) >= rest)
		return false;
	times = h + 44;
	kinds = times + count * 8;
	types = kinds + count;
	zone->at = calloc(count + 1, sizeof *zone->at);
	zone->offset = calloc(count + 1, sizeof *zone->offset);
	if (zone->at == NULL || zone->offset == NULL)
		return false;
	zone->before = read_be32(types);
	for (size_t i = 0; i < count; i++) {
		int64_t at = read_be64(times + i * 8);
		int32_t offset = read_be32(types + (size_t)kinds[i] * 6);

		if (at < ZONE_SINCE) {
			zone->before = offset;
			continue;
		}
		zone->at[zone->n] = at;
		zone->offset[zone->n++] = offset;
	}
	if (h[44 + tzif_length(h, 8)] == '\n')
		zone_parse_rule(zone, (const char *)h + 44 + tzif_length(h, 8) + 1);
	return true;
}

static void zone_load(const char *directory, const char *name)
{
	char path[256], bytes[ZONE_FILE_MAX + 1];
	struct zone *zone = &table.zones[table.n];
	FILE *file;
	size_t n;
	char *footer;

	*zone = (struct zone){ .n = 0 };
	n = (size_t)snprintf(zone->name, sizeof zone->name, "%s%s%s", directory,
			     directory[0] != '\0' ? "/" : "", name);
	if (n >= sizeof zone->name || table.n + 1 >= ZONES_MAX)
		return;
	snprintf(path, sizeof path, ZONE_ROOT "/%s", zone->name);
	file = fopen(path, "rbe");
	if (file == NULL)
		return;
	n = fread(bytes, 1, ZONE_FILE_MAX, file);
	fclose(file);
	bytes[n] = '\0';
	footer = n > 1 ? memrchr(bytes, '\n', n - 1) : NULL;
	if (footer != NULL && bytes[n - 1] == '\n')
		bytes[n - 1] = '\0';
	if (zone_parse(zone, (const unsigned char *)bytes, n))
		table.n++;
}

static int zone_compare(const void *a, const void *b)
{
	const struct zone *left = a, *right = b;

	return strcasecmp(left->name, right->name);
}

static void table_load(void)
{
	static const char *const directories[] = {
		"Africa", "America", "America/Argentina", "America/Indiana", "America/Kentucky",
		"America/North_Dakota", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia",
		"Europe", "Indian", "Pacific", "Etc", "US", "Canada",
	};
	static const char *const singles[] = { "UTC", "GMT", "CET", "MET", "EET", "WET", "EST5EDT",
					       "CST6CDT", "MST7MDT", "PST8PDT", "Turkey", "Japan" };

	table.zones = calloc(ZONES_MAX, sizeof *table.zones);
	if (table.zones == NULL)
		return;
	for (size_t i = 0; i < sizeof singles / sizeof *singles; i++)
		zone_load("", singles[i]);
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
		char path[256];
		struct dirent *entry;
		DIR *directory;

		snprintf(path, sizeof path, ZONE_ROOT "/%s", directories[i]);
		directory = opendir(path);
		if (directory == NULL)
			continue;
		while ((entry = readdir(directory)) != NULL) {
			if (entry->d_name[0] != '.')
				zone_load(directories[i], entry->d_name);
		}
		closedir(directory);
	}
	qsort(table.zones, table.n, sizeof *table.zones, zone_compare);
}

bool zone_prepare(void)
{
	pthread_once(&table_once, table_load);
	return table.n > 0;
}

static const struct zone *zone_lookup(struct str name)
{
	struct zone key;

	if (name.n == 0 || name.n >= sizeof key.name || !zone_prepare())
		return NULL;
	memcpy(key.name, name.p, name.n);
	key.name[name.n] = '\0';
	return bsearch(&key, table.zones, table.n, sizeof *table.zones, zone_compare);
}

const struct zone *zone_find(struct str name)
{
	const struct zone *zone = zone_lookup(name);
	const char *iana;

	if (zone != NULL)
		return zone;
	iana = place_windows_zone(name);
	return iana != NULL ? zone_lookup(str_from(iana)) : NULL;
}

const char *zone_name(const struct zone *zone)
{
	return zone->name;
}

/* The wall clock seconds since 1970 at which a rule's date falls in a year. */
static int64_t rule_wall(const struct rule_date *date, int year)
{
	int64_t days;

	if (date->day > 0) {
		bool leap = civil_month_length(year, 2) == 29;

		days = civil_days(year, 1, 1) + date->day - 1 + (leap && date->day > 59);
	} else {
		int64_t first = civil_days(year, date->month, 1);
		int ahead = (date->weekday - civil_weekday(first) + 7) % 7 + (date->week - 1) * 7;

		while (ahead >= civil_month_length(year, date->month))
			ahead -= 7;
		days = first + ahead;
	}
	return days * SECONDS_OF_DAY + date->seconds;
}

static int rule_offset(const struct zone *zone, int64_t utc)
{
	int year, month, day;
	int64_t begin, end;
	bool summer;

	if (!zone->has_summer)
		return zone->standard;
	civil_from_days((utc + zone->standard) / SECONDS_OF_DAY, &year, &month, &day);
	begin = rule_wall(&zone->begin, year) - zone->standard;
	end = rule_wall(&zone->end, year) - zone->summer;
	summer = begin < end ? utc >= begin && utc < end : utc >= begin || utc < end;
	return summer ? zone->summer : zone->standard;
}

int zone_offset(const struct zone *zone, int64_t utc)
{
	size_t low = 0, high = zone->n;

	if (zone->has_rule && (zone->n == 0 || utc >= zone->at[zone->n - 1]))
		return rule_offset(zone, utc);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->at[middle] <= utc)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? zone->before : zone->offset[low - 1];
}

void zone_year_offsets(const struct zone *zone, int64_t utc, int *ret_low, int *ret_high)
{
	int year, month, day, winter, summer;

	civil_from_days(utc / SECONDS_OF_DAY, &year, &month, &day);
	winter = zone_offset(zone, civil_days(year, 1, 15) * SECONDS_OF_DAY);
	summer = zone_offset(zone, civil_days(year, 7, 15) * SECONDS_OF_DAY);
	*ret_low = winter < summer ? winter : summer;
	*ret_high = winter < summer ? summer : winter;
}

int64_t zone_to_utc(const struct zone *zone, int64_t wall, enum zone_local *ret_kind)
{
	int before = zone_offset(zone, wall - SECONDS_OF_DAY);
	int after = zone_offset(zone, wall + SECONDS_OF_DAY);
	bool fits_before = zone_offset(zone, wall - before) == before;
	bool fits_after = zone_offset(zone, wall - after) == after;

	*ret_kind = ZONE_LOCAL_ONE;
	if (before == after)
		return wall - before;
	if (fits_before && fits_after) {
		*ret_kind = ZONE_LOCAL_TWICE;
		return wall - (before > after ? before : after);
	}
	if (fits_before)
		return wall - before;
	if (fits_after)
		return wall - after;
	*ret_kind = ZONE_LOCAL_GAP;
	return wall - before;
}
