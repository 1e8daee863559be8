/* policy.h - a company's written policy, as the judgement uses it
 *
 * Read from YAML by policy_load; immutable afterwards and reference-counted, so that a session
 * keeps the policy it started with across a reload. Everything a vendor decides is data here: no
 * category, colour, time or word is known to the code. Pointers live in the policy's own arena.
 */
#ifndef POLICY_RULES_POLICY_H
#define POLICY_RULES_POLICY_H

#include <stdint.h>

#include "policy/base/diag.h"
#include "policy/base/str_list.h"
#include "policy/checks/finding.h"
#include "policy/message/message.h"
#include "policy/rules/exception.h"
#include "policy/rules/holidays.h"
#include "policy/rules/time_rules.h"

enum policy_mode { MODE_ENFORCE, MODE_FLAG, MODE_OBSERVE };
const char *policy_mode_name(enum policy_mode mode);
bool policy_mode_parse(struct str name, enum policy_mode *ret_mode);

/* The roles of INTERFACE.md, "The directory file". */
enum role {
	ROLE_SYSTEM_ADMINISTRATOR,
	ROLE_NOTIFICATION_LIST,
	ROLE_DELEGATE,
	ROLE_INITIAL_USER,
	ROLE_USER,
	ROLE_N,
};
const char *role_name(enum role role);
bool role_parse(struct str name, enum role *ret_role);

struct palette_entry {
	struct str name;
	uint8_t rgb[3];
	double radius; /* CIEDE2000 */
};

/* A banner image that the policy vouches for. */
struct approved_image {
	struct str url;    /* exact; absent where sha256 is given */
	struct str sha256; /* lower case hex of the image's octets; absent where url is given */
	size_t color;      /* index into palette */
};

/* Where a signal is looked for. */
enum signal_place {
	SIGNAL_SUBJECT = 1 << 0,
	SIGNAL_HEADING = 1 << 1, /* headings, banner, first line of a text */
	SIGNAL_BODY = 1 << 2,    /* visible text that is not quoted, signature or footer; headings too */
	SIGNAL_FOOTER = 1 << 3,  /* footer and signature */
	SIGNAL_FROM = 1 << 4,    /* display name and address of From */
	SIGNAL_LINK = 1 << 5,    /* link targets and texts */
	SIGNAL_LEAD = 1 << 6,    /* the first sentences of the body, headings apart */
	SIGNAL_CALENDAR = 1 << 7, /* text/calendar parts as written, names of properties too */
};

/* Facts that are no words; classify.c evaluates them. */
enum signal_structure {
	STRUCTURE_NONE,
	STRUCTURE_SENDER_LISTED,   /* From or envelope matches the policy's senders, and it lists some */
	STRUCTURE_DECLARED,        /* the mail declares this category */
	STRUCTURE_REPLY,
	STRUCTURE_FORWARD,
	STRUCTURE_REPORT,
	STRUCTURE_BULK_LIST,       /* List-Unsubscribe, List-Id, Precedence: bulk */
	STRUCTURE_INVITATION,      /* a calendar part with METHOD:REQUEST and attendees */
	STRUCTURE_FUTURE_WINDOW,   /* a stated start after now */
	STRUCTURE_PAST_TIME,       /* a stated start before now */
	STRUCTURE_NO_TIME,
	STRUCTURE_APPROVAL_LINK,
	STRUCTURE_EVENT_REFERENCE,
	STRUCTURE_INCIDENT_REFERENCE,
	STRUCTURE_CASE_REFERENCE,
	STRUCTURE_INSTANCE_NAMED,
	STRUCTURE_BANNER_COLOR,    /* the banner has this category's colour: confirms, never decides */
	STRUCTURE_REPORT_FIELDS,   /* at least four of the six fields of a post-incident report */
	STRUCTURE_QUOTED_MOST,     /* more quoted text than text of its own */
	STRUCTURE_PERSONAL,        /* From is a person: no role address, signed by a name */
	STRUCTURE_NOTICE_SENDER,   /* listed (or none are), and its local part is one of notice_locals */
	STRUCTURE_ROLE_SENDER,     /* the local part is one of notice_locals, listed or not */
	STRUCTURE_BANNER_PALETTE,  /* the banner has a palette colour, whose ever */
	STRUCTURE_DECLARED_EVENT,  /* the mail declares an event, times or instances */
	STRUCTURE_STRANGER,        /* the policy lists senders, not this one, and no instance is named */
	STRUCTURE_CALENDAR,        /* a calendar part that invites nobody */
	STRUCTURE_N,
};
const char *signal_structure_name(enum signal_structure structure);

/* One weighted signal: a concept found in a place, or a structure. */
struct signal {
	struct str id;        /* in evidence; unique in the policy */
	size_t concept;       /* index into policy->concepts, or SIGNAL_NO_CONCEPT */
	unsigned places;      /* enum signal_place */
	enum signal_structure structure;
	double weight;        /* added once, however often it is found; negative speaks against */
	bool needs_other;     /* confirms only: counts when another signal of the category did */
	size_t also;          /* counts only where this concept is in the visible text too, */
	size_t unless;        /* and where this one is not; SIGNAL_NO_CONCEPT for either: no matter */
	unsigned line;        /* in the file, for diagnostics */
};
#define SIGNAL_NO_CONCEPT ((size_t)-1)

/* A named set of phrases, filled from the language files: "planned-maintenance", "restored",
 * "approve", "phase-reminder", ... Signals, titles, phases and contents refer to it by name. */
struct phrase {
	struct str text;      /* folded by text_fold; matches whole words only (CJK: anywhere) */
	struct str language;  /* "en" */
	struct str file;
	unsigned line;
};

struct concept {
	struct str id;
	struct phrase *phrases;
	size_t n_phrases, cap_phrases;
};

struct word_list {
	struct str key;
	struct str_list words; /* as written in the file */
};

/* What a language file says beside its concepts: the connecting words of dates, by key. The keys
 * are when.h's (when_word_keys). */
struct language {
	struct str code;      /* BCP 47 primary tag: "en", "pt"; "zh" serves both scripts */
	struct word_list *when;
	size_t n_when, cap_when;
};

/* References that mails carry, as PCRE2 patterns over the text as seen; group 1 is the id. */
enum reference_kind { REFERENCE_EVENT, REFERENCE_INCIDENT, REFERENCE_CASE, REFERENCE_N };

enum content_requirement {
	CONTENT_NEEDS_TITLE = 1 << 0,
	CONTENT_NEEDS_APPROVAL = 1 << 1,
	CONTENT_NEEDS_CASE = 1 << 2,
	CONTENT_NEEDS_INCIDENT = 1 << 3,
	CONTENT_NEEDS_RESOLUTION = 1 << 4,
	CONTENT_NEEDS_REPORT_FIELDS = 1 << 5, /* in a report phase */
	CONTENT_NEEDS_HEALTH_PAGE = 1 << 6,
};

enum scope_kind {
	SCOPE_NONE,      /* anyone with the role */
	SCOPE_INSTANCES, /* contacts of the instances in the event's scope */
};

struct category;

/* What a category demands of some of its mails: of those that speak of a concept. */
struct variant {
	struct str id;
	size_t concept;          /* index into policy->concepts */
	unsigned places;         /* where it is looked for: enum signal_place */
	size_t unless;           /* not where this one is in the mail; SIGNAL_NO_CONCEPT: no matter */
	struct category *category; /* the category as it is then; it has no variants itself */
	unsigned line;
};

struct category {
	struct str id;
	size_t index;            /* in policy->categories */
	bool urgent;
	bool mailed;             /* false: category.not-mailed */
	size_t title;            /* index into concepts, or SIGNAL_NO_CONCEPT */

	unsigned roles;          /* bit for each enum role that may receive it */
	enum scope_kind scope;

	struct time_rules time;

	bool banner_required;    /* banner.missing */
	bool banner_stated;      /* false: no colour of its own; another's is banner.foreign */
	size_t banner;           /* index into palette where banner_stated */

	unsigned content;        /* enum content_requirement */
	bool *follows;           /* [n_categories]: sequence.orphan unless one of these is on record;
				  * a category that follows itself: only its final mail does */
	bool has_follows;

	struct signal *signals;
	size_t n_signals, cap_signals;
	struct pattern_list submission_sasl; /* who may submit it: authenticated names, */
	struct pattern_list submission_tls;  /* subjects of client certificates, */
	bool submission_smime;               /* whoever signs as the From address */
	double threshold;        /* score from which it is a notice of this category */

	bool severity_set[FINDING_N];
	enum severity severities[FINDING_N]; /* where set, before the urgent cap */
	struct variant *variants; /* the first that fits counts */
	size_t n_variants;
	unsigned line;
};

struct lexicon; /* the compiled phrases of all concepts: classify/lexicon.h */

struct policy {
	struct arena *arena;
	unsigned references;     /* atomic */
	struct str name;
	uint64_t version;
	uint64_t serial;         /* of a signed policy; 0: none is given */
	int64_t not_before, not_after; /* in which a signed policy may be loaded; 0: unbounded */
	struct str sha256;       /* lower case hex over the files it was read from, in order */
	struct str file;

	enum policy_mode mode;
	struct str timezone;     /* IANA name */
	struct pattern_list senders_from, senders_envelope;
	struct str_list notice_locals; /* local parts of automatic senders: "notices", "noreply" */
	struct str_list internal;      /* domains, A-labels, lower case */
	struct str_list health_pages;  /* URL prefixes */

	struct palette_entry *palette;
	size_t n_palette;
	struct approved_image *images;
	size_t n_images;

	struct category *categories;
	size_t n_categories;
	struct signal *negatives;  /* signals against any notice; their sum is taken off every score */
	size_t n_negatives, cap_negatives;
	double margin;             /* two categories nearer than this are ambiguous */

	struct concept *concepts;
	size_t n_concepts, cap_concepts;
	struct language *languages;
	size_t n_languages, cap_languages;
	struct str_list reference_patterns[REFERENCE_N];
	struct lexicon *lexicon;
	struct when_words *when_words; /* of languages: notice/when.h; NULL: compiled at each scan */

	bool severity_set[FINDING_N];
	enum severity severities[FINDING_N];
	enum severity when_unknown[FINDING_N];
	bool declaration_required;
	struct policy_exception *exceptions;
	size_t n_exceptions;
	int64_t directory_stale;   /* seconds that a compiled directory may be old where the servers
				    * it copies do not answer; 0: it does not stand in */

	struct str_list zone_keys, zone_values; /* "IST" -> "Asia/Kolkata" */
	unsigned weekend;          /* bit 0 Sunday ... bit 6 Saturday */
	struct day_list holidays;  /* ascending, each once; those of the calendars too */
	struct str_list calendars; /* their names, as the policy has them */
	struct str business_zone;  /* in which business days are counted; absent: as business.h says */
	struct message_limits limits;
};

struct source_guard; /* source.h */

/* Reads file and what it extends. NULL where there is an error: all of them are in diag then,
 * with file, line and column. Lexicon and patterns are compiled. path is a colon-separated list
 * of directories for `extends` and languages (NULL: the environment's CRM_NOTICE_POLICY_PATH).
 * The caller holds the one reference. */
struct policy *policy_load(const char *file, const char *path, struct diag *diag);
/* The same under a guard, which is asked about each file but those that are the built-in ones to
 * the octet and those whose digest the policy pins; NULL admits all. */
struct policy *policy_load_guarded(const char *file, const char *path,
				   const struct source_guard *guard, struct diag *diag);
/* The same for text that is in no file; name stands for it in messages. Looks beside name too,
 * but not where it begins with "built-in:". */
struct policy *policy_load_text(struct str name, struct str text, const char *path,
				struct diag *diag);
/* The default policy, crm-online, as it is embedded in the program. */
struct policy *policy_load_default(struct diag *diag);
struct policy *policy_ref(struct policy *policy);
/* Gives a reference back; the last one frees the policy. NULL is allowed. */
void policy_unref(struct policy *policy);

/* The severity a finding has for a category (NULL: none known) in this policy: the category's
 * own, else the policy's, else the registry's; capped at flag where the category is urgent and
 * the finding is banner.*, lead-time.* or content.* but content.hidden (POLICY.md, Urgent). */
enum severity policy_severity(const struct policy *policy, const struct category *category,
			      enum finding_id finding);

/* The concept of this name, or SIGNAL_NO_CONCEPT. */
size_t policy_concept(const struct policy *policy, const char *id);
/* Whether an exception's last day is over at `now`, in the policy's zone. */
bool policy_exception_ended(const struct policy *policy, const struct policy_exception *exception,
			    int64_t now);
/* Whether a banner of this palette entry is a category's own, in one of its variants or in none. */
bool policy_wears(const struct category *category, size_t color);
/* The category of this id, or NULL. */
const struct category *policy_category(const struct policy *policy, struct str id);
/* Whether an address matches one of the patterns; ASCII case is ignored. */
bool pattern_list_matches(const struct pattern_list *patterns, struct str address);

#endif
