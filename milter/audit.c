#include "milter/audit.h"

#include <inttypes.h>
#include <time.h>

#include "policy/base/buf.h"

#define LINE_MAX_OCTETS 6500
/* The file's record is never cut: every value escaped in full has room. */
#define RECORD_MAX_OCTETS ((size_t)32 * 1024)

struct writer {
	enum audit_format format;
	struct buf buf;
	bool any;
};

static bool is_json(const struct writer *w)
{
	return w->format != AUDIT_TEXT;
}

struct str audit_duration(struct arena *arena, int64_t seconds)
{
	const char *sign = seconds < 0 ? "-" : "";
	uint64_t s = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;

	if (s >= 86400)
		return arena_printf(arena, "%s%" PRIu64 "d%02" PRIu64 "h", sign, s / 86400,
				    s % 86400 / 3600);
	if (s >= 3600)
		return arena_printf(arena, "%s%" PRIu64 "h%02" PRIu64 "m", sign, s / 3600,
				    s % 3600 / 60);
	return arena_printf(arena, "%s%" PRIu64 "m", sign, s / 60);
}

struct str audit_time(struct arena *arena, int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;
	char text[64];

	if (gmtime_r(&t, &tm) == NULL)
		return STR_LIT("?");
	return arena_str(arena, (struct str){ text, strftime(text, sizeof text,
							     "%Y-%m-%dT%H:%M:%SZ", &tm) });
}

/* The length of the well-formed UTF-8 sequence at p (RFC 3629), or 0. C1 controls count as
 * malformed: a terminal would act on them. */
static size_t utf8_length(const unsigned char *p, size_t n)
{
	size_t need = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3
		      : p[0] < 0xf5 ? 4 : 0;

	if (need == 0 || need > n)
		return 0;
	for (size_t i = 1; i < need; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xe0 && p[1] < 0xa0) ||
	    (p[0] == 0xed && p[1] >= 0xa0) || (p[0] == 0xf0 && p[1] < 0x90) ||
	    (p[0] == 0xf4 && p[1] >= 0x90))
		return 0;
	return need;
}

/* U+2028, U+2029 and the bidirectional controls would make a line read as another. */
static bool is_deceptive(const unsigned char *p, size_t length)
{
	return length == 3 && p[0] == 0xe2 &&
	       ((p[1] == 0x80 && p[2] >= 0x8b && p[2] <= 0x8f) ||
		(p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae) ||
		(p[1] == 0x81 && p[2] >= 0xa0 && p[2] <= 0xaf));
}

/* JSON knows no octets: there each stands as the code point of its number. */
static void add_octets(struct writer *w, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_add_cstr(&w->buf, is_json(w) ? "\\u00" : "\\x");
		buf_printf(&w->buf, "%02x", p[i]);
	}
}

static void add_escaped(struct writer *w, struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	bool cut = s.n > AUDIT_VALUE_MAX;
	size_t n = cut ? AUDIT_VALUE_MAX : s.n;

	for (size_t i = 0; i < n;) {
		size_t length = utf8_length(p + i, s.n - i);

		if (length == 1 && p[i] >= 0x20 && p[i] != 0x7f) {
			if (p[i] == '"' || p[i] == '\\')
				buf_add_char(&w->buf, '\\');
			buf_add_char(&w->buf, (char)p[i]);
		} else if (length > 1 && !is_deceptive(p + i, length)) {
			buf_add(&w->buf, (struct str){ s.p + i, length });
		} else {
			length = length > 0 ? length : 1;
			add_octets(w, p + i, length);
		}
		i += length;
	}
	if (cut)
		buf_add(&w->buf, STR_LIT("..."));
}

/* Whether a text value can stand without quotes: one word that cannot be taken for a key or for
 * the end of a value. */
static bool is_plain(struct str s)
{
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '=' || c == '\'')
			return false;
	}
	return true;
}

static void add_key(struct writer *w, const char *key)
{
	if (w->any)
		buf_add(&w->buf, is_json(w) ? STR_LIT(",") : STR_LIT(" "));
	w->any = true;
	if (is_json(w))
		buf_printf(&w->buf, "\"%s\":", key);
	else
		buf_printf(&w->buf, "%s=", key);
}

static void put(struct writer *w, const char *key, struct str value)
{
	bool quoted = is_json(w) || !is_plain(value);

	add_key(w, key);
	if (quoted)
		buf_add_char(&w->buf, '"');
	add_escaped(w, value);
	if (quoted)
		buf_add_char(&w->buf, '"');
}

static void put_present(struct writer *w, const char *key, struct str value)
{
	if (value.n > 0)
		put(w, key, value);
}

static void put_number(struct writer *w, const char *key, int64_t value)
{
	add_key(w, key);
	buf_printf(&w->buf, "%" PRId64, value);
}

static void put_bool(struct writer *w, const char *key, bool value)
{
	add_key(w, key);
	if (is_json(w))
		buf_add_cstr(&w->buf, value ? "true" : "false");
	else
		buf_add_cstr(&w->buf, value ? "yes" : "no");
}

/* <...> as in the interface, also where the value needs quotes. */
static void put_address(struct writer *w, const char *key, struct arena *arena, struct str address)
{
	put(w, key, arena_printf(arena, "<%.*s>", STR_ARG(str_head(address, AUDIT_VALUE_MAX - 2))));
}

/* The ids that came to one outcome and still have an effect, in the registry's order. Their
 * names are ours: no escaping, and no cut. */
static void put_results(struct writer *w, const char *key, const struct judgement *judgement,
			enum outcome outcome)
{
	bool any = false;

	for (int i = 0; i < FINDING_N; i++) {
		const struct check_result *result = &judgement->results[i];

		if (result->outcome != outcome || result->severity == SEVERITY_OFF)
			continue;
		if (!any)
			add_key(w, key);
		if (is_json(w))
			buf_printf(&w->buf, "%s\"%s\"", any ? "," : "[", finding_infos[i].id);
		else
			buf_printf(&w->buf, "%s%s", any ? "," : "", finding_infos[i].id);
		any = true;
	}
	if (any && is_json(w))
		buf_add_char(&w->buf, ']');
}

static bool lacks_ledger(const struct judgement *judgement)
{
	for (int i = 0; i < FINDING_N; i++) {
		if ((finding_infos[i].needs & NEEDS_LEDGER) != 0 &&
		    judgement->results[i].outcome != OUTCOME_NOT_APPLICABLE)
			return false;
	}
	return true;
}

static void put_event(struct writer *w, struct arena *arena, const struct judgement *judgement)
{
	const struct when *when = judgement->when;

	put_present(w, "event", judgement->event);
	if (when == NULL || !when->has_start)
		return;
	put(w, "start", audit_time(arena, when->start));
	if (when->has_end)
		put(w, "end", audit_time(arena, when->end));
	put(w, "lead", audit_duration(arena, when->start - judgement->now));
}

static void put_banner(struct writer *w, struct arena *arena, const struct banner *banner)
{
	if (banner->state == BANNER_UNVERIFIABLE)
		put(w, "banner", STR_LIT("unverifiable"));
	else if (banner->state == BANNER_COLOR && banner->entry != NULL)
		put(w, "banner", banner->entry->name);
	else if (banner->state == BANNER_COLOR)
		put(w, "banner", arena_printf(arena, "#%02x%02x%02x", banner->rgb[0], banner->rgb[1],
					      banner->rgb[2]));
	else
		put(w, "banner", STR_LIT("none"));
}

static void put_notice(struct writer *w, struct arena *arena, const struct judgement *judgement)
{
	const struct classification *class = judgement->class;

	if (class != NULL && class->category != NULL) {
		put(w, "category", class->category->id);
		if (class->variant != NULL)
			put(w, "variant", class->variant->id);
		add_key(w, "score");
		buf_printf(&w->buf, "%.1f", class->score);
		put(w, "phase", str_from(phase_name(class->phase)));
	}
	put_event(w, arena, judgement);
	put_banner(w, arena, &judgement->banner);
}

static void put_judgement(struct writer *w, struct arena *arena, const struct audit_entry *entry)
{
	const struct judgement *judgement = entry->judgement;
	const struct policy *policy = judgement->policy;

	put_bool(w, "notice", judgement->notice);
	if (judgement->notice)
		put_notice(w, arena, judgement);
	put(w, "policy", arena_printf(arena, "%.*s/%" PRIu64, STR_ARG(policy->name),
				      policy->version));
	put(w, "mode", str_from(policy_mode_name(entry->mode)));
}

/* Whether an earlier finding was let pass by the same exception. */
static bool exception_told(const struct judgement *judgement, int finding)
{
	for (int i = 0; i < finding; i++) {
		if (judgement->results[i].exception == judgement->results[finding].exception)
			return true;
	}
	return false;
}

/* Which exceptions were made, and why: "house-move: the centre moves; other: ..." */
static void put_exceptions(struct writer *w, const struct judgement *judgement)
{
	struct buf ids, reasons;

	buf_init(&ids, judgement->arena, AUDIT_VALUE_MAX);
	buf_init(&reasons, judgement->arena, AUDIT_VALUE_MAX);
	for (int i = 0; i < FINDING_N; i++) {
		const struct policy_exception *exception = judgement->results[i].exception;

		if (exception == NULL || exception_told(judgement, i))
			continue;
		buf_printf(&ids, "%s%.*s", ids.n > 0 ? "," : "", STR_ARG(exception->id));
		buf_printf(&reasons, "%s%.*s: %.*s", reasons.n > 0 ? "; " : "",
			   STR_ARG(exception->id), STR_ARG(exception->reason));
	}
	put_present(w, "exceptions", buf_str(&ids));
	put_present(w, "exception_reasons", buf_str(&reasons));
}

/* Who was taken off: the log is the only place that says it. */
static void put_stripped(struct writer *w, const struct judgement *judgement)
{
	struct buf list;

	buf_init(&list, judgement->arena, AUDIT_VALUE_MAX);
	for (size_t i = 0; i < judgement->stripped.n; i++) {
		buf_add_cstr(&list, i > 0 ? "," : "");
		buf_add(&list, judgement->stripped.items[i]);
	}
	if (list.n == 0)
		return;
	put_number(w, "nstripped", (int64_t)judgement->stripped.n);
	put(w, "stripped_recipients", buf_str(&list));
}

static void put_outcome(struct writer *w, const struct audit_entry *entry)
{
	const struct judgement *judgement = entry->judgement;

	put(w, "verdict", str_from(entry->verdict));
	if (judgement == NULL || !judgement->notice)
		return;
	if (judgement->verdict_enforced != judgement->verdict)
		put(w, "enforced", str_from(severity_name(judgement->verdict_enforced)));
	put_results(w, "findings", judgement, OUTCOME_FAIL);
	put_results(w, "cannot_tell", judgement, OUTCOME_CANNOT_TELL);
	put_exceptions(w, judgement);
	put_stripped(w, judgement);
	if (lacks_ledger(judgement))
		put(w, "ledger", STR_LIT("none"));
}

struct str audit_line(struct arena *arena, enum audit_format format,
		      const struct audit_entry *entry)
{
	struct writer w = { .format = format };

	buf_init(&w.buf, arena, format == AUDIT_RECORD ? RECORD_MAX_OCTETS : LINE_MAX_OCTETS);
	if (is_json(&w)) {
		buf_add_cstr(&w.buf, format == AUDIT_CEE ? "@cee: {" : "{");
		if (format == AUDIT_RECORD)
			put(&w, "time", audit_time(arena, entry->now));
		put_present(&w, "queue_id", entry->queue_id);
	} else {
		add_escaped(&w, entry->queue_id.n > 0 ? entry->queue_id : entry->transaction);
		buf_add(&w.buf, STR_LIT(": "));
	}
	put(&w, "message-id", entry->message_id);
	put_address(&w, "from", arena, entry->from);
	put_present(&w, "sasl", entry->sasl);
	put_present(&w, "client", entry->client);
	put_number(&w, "nrcpt", (int64_t)entry->n_recipients);
	if (!entry->in_scope)
		put(&w, "scope", STR_LIT("outside"));
	if (entry->judgement != NULL)
		put_judgement(&w, arena, entry);
	put_outcome(&w, entry);
	if (entry->n_stripped > 0)
		put_number(&w, "stripped", (int64_t)entry->n_stripped);
	put_present(&w, "error", entry->error);
	put(&w, "transaction", entry->transaction);
	put_number(&w, "generation", entry->generation);
	put_number(&w, "time_us", entry->time_us);
	if (is_json(&w))
		buf_add_char(&w.buf, '}');
	return buf_str(&w.buf);
}
