#include "milter/cli/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "certs/cms.h"
#include "milter/cli/cli.h"
#include "milter/cli/inputs.h"
#include "milter/trust.h"
#include "policy/rules/policy.h"
#include "policy/rules/source.h"
#include "policy/rules/yaml.h"

/* A signed file without a serial would be refused: said now, not at the gate. */
static bool has_serial(struct arena *arena, struct str file, struct str text)
{
	struct yaml_node *root;
	struct diag diag;

	diag_init(&diag, arena);
	root = yaml_parse(arena, &diag, file, text, NULL);
	if (root != NULL && root->kind == YAML_MAP && yaml_get(root, "serial") != NULL)
		return true;
	cli_print_diag(&diag);
	fprintf(stderr, "crm-notice policy sign: %.*s: has no serial: give it a number that rises with "
		"each edition\n", STR_ARG(file));
	return false;
}

static bool write_new(const char *file, const char *temporary, struct str text)
{
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, text.p, text.n) == (ssize_t)text.n;
	done = close(fd) == 0 && done && rename(temporary, file) == 0;
	if (!done)
		unlink(temporary);
	return done;
}

static int sign_file(const struct sign_options *options, struct arena *arena, const char *file)
{
	struct str signature, error;
	struct source source;
	const char *name;

	if (!source_read(arena, file, YAML_FILE_MAX, &source)) {
		int code = errno;

		fprintf(stderr, "crm-notice policy sign: %s: %s\n", file, strerror(code));
		return cli_input_status(code);
	}
	if (!has_serial(arena, source.file, source.text))
		return EX_CONFIG;
	signature = cms_sign(arena, source.text, options->certificate, options->key,
			     options->passphrase, &error);
	if (signature.p == NULL) {
		fprintf(stderr, "crm-notice policy sign: %.*s\n", STR_ARG(error));
		return EX_CONFIG;
	}
	name = arena_printf(arena, "%s" TRUST_SUFFIX, file).p;
	if (!write_new(name, arena_printf(arena, "%s.new", name).p, signature)) {
		fprintf(stderr, "crm-notice policy sign: %s: %s\n", name, strerror(errno));
		return EX_CANTCREAT;
	}
	printf("%s\n", name);
	return EX_OK;
}

/* The first status of files that cannot be read, else EX_OK. */
static int find_inputs(const char *command, const char *const *files, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int status = cli_input(command, files[i]);

		if (status >= 0)
			return status;
	}
	return EX_OK;
}

int sign_files(const struct sign_options *options, char **files, size_t n)
{
	const char *const inputs[] = { options->certificate, options->key, options->passphrase };
	int status;

	if (options->certificate == NULL || options->key == NULL) {
		fputs("crm-notice policy sign: --certificate and --key are needed\n", stderr);
		return EX_USAGE;
	}
	status = find_inputs("policy sign", inputs, sizeof inputs / sizeof *inputs);
	for (size_t i = 0; i < n && status == EX_OK; i++) {
		struct arena *arena = arena_new();

		status = sign_file(options, arena, files[i]);
		arena_free(arena);
	}
	return status;
}

static int verify_file(struct trust *trust, const char *path, const char *file)
{
	struct policy_guard guard = { .admit = trust_admit, .context = trust };
	struct arena *arena = arena_new();
	struct policy *policy;
	struct diag diag;

	diag_init(&diag, arena);
	policy = policy_load_guarded(file, path, &guard, &diag);
	if (policy != NULL)
		printf("%s: ok: %.*s version %llu, serial %llu\n", file, STR_ARG(policy->name),
		       (unsigned long long)policy->version, (unsigned long long)policy->serial);
	cli_print_diag(&diag);
	arena_free(arena);
	policy_unref(policy);
	return policy != NULL ? CLI_CONFORMS : CLI_REFUSED;
}

int sign_verify(const struct sign_options *options, const char *path, char **files, size_t n)
{
	struct trust_options trust_options = {
		.anchors = options->anchors, .signers = options->signers, .now = options->now,
	};
	const char *const inputs[] = { options->anchors, options->signers };
	struct arena *arena;
	struct trust *trust;
	int status;
	struct str error;

	if (options->anchors == NULL || options->signers == NULL) {
		fputs("crm-notice policy verify: --anchors and --signers are needed\n", stderr);
		return EX_USAGE;
	}
	status = find_inputs("policy verify", inputs, sizeof inputs / sizeof *inputs);
	if (status != EX_OK)
		return status;
	arena = arena_new();
	trust = trust_new(arena, &trust_options, &error);
	if (trust == NULL) {
		fprintf(stderr, "crm-notice policy verify: %.*s\n", STR_ARG(error));
		status = EX_CONFIG;
	}
	for (size_t i = 0; i < n && trust != NULL; i++) {
		int one = verify_file(trust, path, files[i]);

		status = one != CLI_CONFORMS ? one : status;
	}
	trust_free(trust);
	arena_free(arena);
	return status;
}
