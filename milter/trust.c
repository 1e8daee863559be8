#include "milter/trust.h"

#include <errno.h>
#include <inttypes.h>

#include "certs/cms.h"
#include "certs/digest.h"
#include "milter/serials.h"
#include "policy/rules/source.h"
#include "policy/rules/yaml.h"

/* The largest signed file: directories have the most. */
#define TEXT_MAX ((size_t)1 << 30)

struct trust {
	struct arena *arena;
	struct trust_options options;
	struct cms_trust *certificates;
	struct serials serials;
	bool changed;
};

/* What a signed text says of itself. */
struct edition {
	uint64_t serial;
	int64_t not_before, not_after;
	struct str policy, directory, language; /* its name, and what it is by that */
};

struct trust *trust_new(struct arena *arena, const struct trust_options *options,
			struct str *ret_error)
{
	struct cms_trust *certificates =
		cms_trust_load(arena, options->anchors, options->signers, ret_error);
	struct trust *trust;

	if (certificates == NULL)
		return NULL;
	trust = calloc(1, sizeof *trust);
	if (trust == NULL)
		abort();
	trust->arena = trust->serials.arena = arena_new();
	trust->options = *options;
	trust->certificates = certificates;
	if (options->state == NULL ||
	    serials_read(&trust->serials, arena, options->state, ret_error))
		return trust;
	trust_free(trust);
	return NULL;
}

void trust_free(struct trust *trust)
{
	if (trust == NULL)
		return;
	cms_trust_free(trust->certificates);
	arena_free(trust->arena);
	free(trust);
}

/* True without a signature where there is no file of it. */
static bool signature_read(const struct trust *trust, struct str file, struct str *ret_signature,
			   struct diag *diag)
{
	const char *name = arena_printf(trust->arena, "%.*s" TRUST_SUFFIX, STR_ARG(file)).p;
	struct source source;

	*ret_signature = STR_NONE;
	if (source_read(trust->arena, name, CMS_SIGNATURE_MAX, &source)) {
		*ret_signature = source.text;
		return true;
	}
	if (errno == ENOENT)
		return true;
	diag_error(diag, arena_str(diag->arena, str_from(name)), 0, 0, "%s", strerror(errno));
	return false;
}

static bool admit_unsigned(const struct trust *trust, struct str file, struct diag *diag)
{
	file = arena_str(diag->arena, file);
	if (trust->options.take_unsigned)
		diag_warning(diag, file, 0, 0, "is not signed");
	else
		diag_error(diag, file, 0, 0, "is not signed: " TRUST_SUFFIX
			   " beside it is missing, and no policy pins it");
	return trust->options.take_unsigned;
}

static const struct yaml_key edition_keys[] = {
	{ "serial", yaml_read_u64, offsetof(struct edition, serial), .min = 1, .max = INT64_MAX },
	{ "not-before", yaml_read_time, offsetof(struct edition, not_before) },
	{ "not-after", yaml_read_time, offsetof(struct edition, not_after) },
	{ "policy", yaml_read_str, offsetof(struct edition, policy) },
	{ "directory", yaml_read_str, offsetof(struct edition, directory) },
	{ "language", yaml_read_str, offsetof(struct edition, language) },
	{ NULL },
};

static bool is_edition_key(struct str key)
{
	for (const struct yaml_key *known = edition_keys; known->name != NULL; known++) {
		if (str_is(key, known->name))
			return true;
	}
	return false;
}

/* Only the keys about the edition; all others are for whoever reads the file in earnest. */
static bool edition_read(struct trust *trust, struct str file, struct str text,
			 struct edition *ret_edition, struct diag *diag)
{
	static const struct yaml_limits limits = { .octets = TEXT_MAX };
	struct yaml_reader reader = { trust->arena, diag, NULL };
	struct yaml_node *root = yaml_parse(trust->arena, diag, file, text, &limits), own;
	size_t errors = diag->errors;

	*ret_edition = (struct edition){ 0 };
	if (root == NULL || root->kind != YAML_MAP) {
		diag_error(diag, file, 0, 0, "has no place for a serial: a signed policy has to pin it");
		return false;
	}
	own = (struct yaml_node){ .kind = YAML_MAP, .file = file, .line = 1, .column = 1 };
	own.pairs = ARENA_ARRAY(trust->arena, root->n, struct yaml_pair);
	for (size_t i = 0; i < root->n; i++) {
		if (is_edition_key(root->pairs[i].key->text))
			own.pairs[own.n++] = root->pairs[i];
	}
	yaml_read_map(&reader, &own, edition_keys, ret_edition);
	return diag->errors == errors;
}

static bool edition_in_time(const struct trust *trust, struct str file,
			    const struct edition *edition, struct diag *diag)
{
	if (edition->not_before != 0 && trust->options.now < edition->not_before)
		diag_error(diag, file, 0, 0, "is not yet in force: see its not-before");
	else if (edition->not_after != 0 && trust->options.now > edition->not_after)
		diag_error(diag, file, 0, 0, "is no longer in force: see its not-after");
	else
		return true;
	return false;
}

/* "policy:contoso-crm". A text that has no name is that, and no other. */
static struct str edition_name(struct trust *trust, const struct edition *edition)
{
	if (edition->policy.n > 0)
		return arena_concat(trust->arena, STR_LIT("policy:"), edition->policy);
	if (edition->directory.n > 0)
		return arena_concat(trust->arena, STR_LIT("directory:"), edition->directory);
	if (edition->language.n > 0)
		return arena_concat(trust->arena, STR_LIT("language:"), edition->language);
	return STR_LIT("unnamed");
}

/* The state is lines of text, which a name may not break. */
static bool is_one_line(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] < ' ')
			return false;
	}
	return true;
}

/* Whether the text is what this file is for: the configuration's word counts, else the past's. */
static bool name_is_bound(const struct trust *trust, struct str file, struct str name,
			  const struct serial_seen *seen, struct diag *diag)
{
	const struct trust_options *options = &trust->options;

	if (!is_one_line(file) || !is_one_line(name)) {
		diag_error(diag, file, 0, 0, "control characters in the name");
		return false;
	}
	if (options->policy_name.n > 0 && str_eq(file, options->policy)) {
		if (str_starts(name, STR_LIT("policy:")) &&
		    str_eq(str_skip(name, strlen("policy:")), options->policy_name))
			return true;
		diag_error(diag, file, 0, 0, "is %.*s, and trust.policy wants policy:%.*s",
			   STR_ARG(name), STR_ARG(options->policy_name));
		return false;
	}
	if (seen == NULL || seen->name.p == NULL || str_eq(seen->name, name))
		return true;
	diag_error(diag, file, 0, 0, "is %.*s, and this file was %.*s: another text in its place, or "
		   "a new name, which trust.state has to forget first",
		   STR_ARG(name), STR_ARG(seen->name));
	return false;
}

static bool admit_older(const struct trust *trust, struct str file, const struct edition *edition,
			const struct serial_seen *seen, struct diag *diag)
{
	if (trust->options.take_older)
		diag_warning(diag, file, 0, 0, "serial %" PRIu64 " is older than %" PRIu64
			     ", which was seen", edition->serial, seen->serial);
	else if (edition->serial < seen->serial)
		diag_error(diag, file, 0, 0, "serial %" PRIu64 " is older than %" PRIu64
			   ", which was seen: an edition put back", edition->serial, seen->serial);
	else
		diag_error(diag, file, 0, 0, "another text has had serial %" PRIu64
			   ": each edition needs a higher one", edition->serial);
	return trust->options.take_older;
}

static void edition_keep(struct trust *trust, const struct serial_seen *edition)
{
	struct serial_seen *seen = serials_find(&trust->serials, edition->file), kept = *edition;

	trust->changed = true;
	if (seen != NULL) {
		*seen = kept;
		return;
	}
	kept.file = arena_str(trust->arena, edition->file);
	serials_add(&trust->serials, &kept);
}

static bool edition_is_newest(struct trust *trust, struct str file, struct str text,
			      const struct edition *edition, struct diag *diag)
{
	const struct serial_seen *seen = serials_find(&trust->serials, file);
	struct serial_seen now = {
		.file = seen != NULL ? seen->file : file,
		.sha256 = digest_sha256_hex(trust->arena, text.p, text.n),
		.name = edition_name(trust, edition),
		.serial = edition->serial,
	};

	if (edition->serial == 0) {
		diag_error(diag, file, 0, 0, "has no serial: a signed file needs one that rises");
		return false;
	}
	if (!name_is_bound(trust, file, now.name, seen, diag))
		return false;
	if (trust->options.state == NULL)
		return true;
	if (seen != NULL && (now.serial < seen->serial ||
			     (now.serial == seen->serial && !str_eq(seen->sha256, now.sha256))))
		return admit_older(trust, file, edition, seen, diag);
	if (seen == NULL || now.serial > seen->serial || !str_eq(seen->name, now.name))
		edition_keep(trust, &now);
	return true;
}

bool trust_admit(void *context, struct str file, struct str text, struct diag *diag)
{
	struct trust *trust = context;
	struct str signature, signer;
	struct edition edition;
	enum cms_status status;

	if (!signature_read(trust, file, &signature, diag))
		return false;
	if (signature.p == NULL)
		return admit_unsigned(trust, file, diag);
	file = arena_str(diag->arena, file);
	status = cms_verify(trust->arena, trust->certificates, text, signature, trust->options.now,
			    &signer);
	if (status != CMS_VALID) {
		diag_error(diag, file, 0, 0, "signature not accepted: %s%s%.*s%s",
			   cms_status_text(status), signer.n > 0 ? " (" : "", STR_ARG(signer),
			   signer.n > 0 ? ")" : "");
		return false;
	}
	return edition_read(trust, file, text, &edition, diag) &&
	       edition_in_time(trust, file, &edition, diag) &&
	       edition_is_newest(trust, file, text, &edition, diag);
}

bool trust_commit(const struct trust *trust, struct arena *arena, struct str *ret_error)
{
	const char *state = trust->options.state;

	return state == NULL || !trust->changed ||
	       serials_write(&trust->serials, arena, state, ret_error);
}
