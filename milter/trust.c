#include "milter/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/cms.h"
#include "certs/digest.h"
#include "policy/base/buf.h"
#include "policy/rules/source.h"
#include "policy/rules/yaml.h"

#define STATE_MAX ((size_t)1024 * 1024)

/* The highest serial seen of a file, and the digest of the text that bore it: another text with
 * the same serial is no newer edition. */
struct seen {
	struct str file, sha256;
	uint64_t serial;
};

struct trust {
	struct arena *arena;
	struct trust_options options;
	struct cms_trust *certificates;
	struct seen *seen;
	size_t n_seen, cap_seen;
	bool changed;
};

/* What a signed text says of itself. */
struct edition {
	uint64_t serial;
	int64_t not_before, not_after;
};

static struct seen *seen_find(struct trust *trust, struct str file)
{
	for (size_t i = 0; i < trust->n_seen; i++) {
		if (str_eq(trust->seen[i].file, file))
			return &trust->seen[i];
	}
	return NULL;
}

static void seen_add(struct trust *trust, const struct seen *seen)
{
	ARENA_ROOM(trust->arena, trust->seen, trust->n_seen, trust->cap_seen);
	trust->seen[trust->n_seen++] = *seen;
}

/* "SERIAL SHA256 FILE" a line. */
static bool state_parse(struct trust *trust, struct str text)
{
	struct str line;

	while (str_next_line(&text, &line)) {
		struct seen seen = { .serial = 0 };
		size_t digits = 0;

		while (digits < line.n && ascii_is_digit(line.p[digits]))
			seen.serial = seen.serial * 10 + (uint64_t)(line.p[digits++] - '0');
		if (digits == 0 || digits > 19 || line.n < digits + 67 || line.p[digits] != ' ' ||
		    line.p[digits + 65] != ' ')
			return false;
		seen.sha256 = str_head(str_skip(line, digits + 1), 64);
		seen.file = str_skip(line, digits + 66);
		seen_add(trust, &seen);
	}
	return true;
}

static bool state_read(struct trust *trust, struct arena *arena, struct str *ret_error)
{
	const char *state = trust->options.state;
	struct source source;

	if (state == NULL)
		return true;
	if (!source_read(trust->arena, state, STATE_MAX, &source)) {
		if (errno == ENOENT)
			return true;
		*ret_error = arena_printf(arena, "%s: %s", state, strerror(errno));
		return false;
	}
	if (state_parse(trust, source.text))
		return true;
	*ret_error = arena_printf(arena, "%s: no list of serials", state);
	return false;
}

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
	trust->arena = arena_new();
	trust->options = *options;
	trust->certificates = certificates;
	if (state_read(trust, arena, ret_error))
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
		diag_error(diag, file, 0, 0, "is not signed: " TRUST_SUFFIX " beside it is missing");
	return trust->options.take_unsigned;
}

/* Only the keys about the edition; all others are for whoever reads the file in earnest. */
static bool edition_read(struct trust *trust, struct str file, struct str text,
			 struct edition *ret_edition, struct diag *diag)
{
	static const struct yaml_key keys[] = {
		{ "serial", yaml_read_u64, offsetof(struct edition, serial), .min = 1,
		  .max = INT64_MAX },
		{ "not-before", yaml_read_time, offsetof(struct edition, not_before) },
		{ "not-after", yaml_read_time, offsetof(struct edition, not_after) },
		{ NULL },
	};
	struct yaml_reader reader = { trust->arena, diag, NULL };
	struct yaml_node *root = yaml_parse(trust->arena, diag, file, text, NULL), own;
	size_t errors = diag->errors;

	*ret_edition = (struct edition){ 0 };
	if (root == NULL || root->kind != YAML_MAP)
		return false;
	own = (struct yaml_node){ .kind = YAML_MAP, .file = file, .line = 1, .column = 1 };
	own.pairs = ARENA_ARRAY(trust->arena, root->n, struct yaml_pair);
	for (size_t i = 0; i < root->n; i++) {
		struct str key = root->pairs[i].key->text;

		if (str_is(key, "serial") || str_is(key, "not-before") || str_is(key, "not-after"))
			own.pairs[own.n++] = root->pairs[i];
	}
	yaml_read_map(&reader, &own, keys, ret_edition);
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

static bool admit_older(const struct trust *trust, struct str file, const struct edition *edition,
			const struct seen *seen, struct diag *diag)
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

static bool edition_is_newest(struct trust *trust, struct str file, struct str text,
			      const struct edition *edition, struct diag *diag)
{
	struct str sha256 = digest_sha256_hex(trust->arena, text.p, text.n);
	struct seen *seen = seen_find(trust, file);

	if (edition->serial == 0) {
		diag_error(diag, file, 0, 0, "has no serial: a signed file needs one that rises");
		return false;
	}
	if (trust->options.state == NULL)
		return true;
	if (seen == NULL) {
		struct seen first = { arena_str(trust->arena, file), sha256, edition->serial };

		seen_add(trust, &first);
		trust->changed = true;
	} else if (edition->serial > seen->serial) {
		seen->serial = edition->serial;
		seen->sha256 = sha256;
		trust->changed = true;
	} else if (edition->serial < seen->serial || !str_eq(seen->sha256, sha256)) {
		return admit_older(trust, file, edition, seen, diag);
	}
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

static bool file_replace(const char *file, const char *temporary, struct str text)
{
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
	done = close(fd) == 0 && done && rename(temporary, file) == 0;
	if (!done)
		unlink(temporary);
	return done;
}

bool trust_commit(const struct trust *trust, struct arena *arena, struct str *ret_error)
{
	const char *state = trust->options.state;
	struct buf text;

	if (state == NULL || !trust->changed)
		return true;
	buf_init(&text, arena, STATE_MAX);
	for (size_t i = 0; i < trust->n_seen; i++)
		buf_printf(&text, "%" PRIu64 " %.*s %.*s\n", trust->seen[i].serial,
			   STR_ARG(trust->seen[i].sha256), STR_ARG(trust->seen[i].file));
	if (!text.full && file_replace(state, arena_printf(arena, "%s.new", state).p, buf_str(&text)))
		return true;
	*ret_error = arena_printf(arena, "%s: %s", state, strerror(errno));
	return false;
}
