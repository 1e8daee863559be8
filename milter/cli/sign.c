#include "milter/cli/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "certs/cms.h"
#include "certs/keys.h"
#include "certs/provider.h"
#include "milter/cli/cli.h"
#include "milter/cli/inputs.h"
#include "milter/directory/directory.h"
#include "milter/directory/file.h"
#include "milter/trust.h"
#include "policy/rules/policy.h"
#include "policy/rules/source.h"
#include "policy/rules/yaml.h"

bool sign_option(struct sign_options *options, int option, const char *argument)
{
	switch (option) {
	case 'C':
		options->certificate = argument;
		break;
	case 'K':
		options->key = argument;
		break;
	case 'W':
		options->passphrase = argument;
		break;
	case 'O':
		options->openssl = argument;
		break;
	case 'V':
		if (options->n_providers == SIGN_PROVIDERS_MAX) {
			fprintf(stderr, "crm-notice %s: --provider: more than %d\n", options->command,
				SIGN_PROVIDERS_MAX);
			return false;
		}
		options->providers[options->n_providers++] = argument;
		break;
	case 'A':
		options->anchors = argument;
		break;
	case 'S':
		options->signers = argument;
		break;
	case 'T':
		options->state = argument;
		break;
	default:
		if (yaml_time_parse(str_from(argument), &options->now))
			break;
		fprintf(stderr, "crm-notice %s: --now: not RFC 3339\n", options->command);
		return false;
	}
	return true;
}

/* A signed file without a serial would be refused: said now, not at the gate. */
static bool has_serial(const struct sign_options *options, struct arena *arena,
		       const struct source *source)
{
	static const struct yaml_limits limits = { .octets = DIRECTORY_FILE_MAX };
	struct yaml_node *root;
	struct diag diag;

	diag_init(&diag, arena);
	root = yaml_parse(arena, &diag, source->file, source->text, &limits);
	if (root != NULL && root->kind == YAML_MAP && yaml_get(root, "serial") != NULL)
		return true;
	cli_print_diag(&diag);
	fprintf(stderr, "crm-notice %s: %.*s: has no serial: give it a number that rises with "
		"each edition\n", options->command, STR_ARG(source->file));
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
	const char *name, *command = options->command;
	struct str signature, error;
	struct source source;

	if (!source_read(arena, file, DIRECTORY_FILE_MAX, &source)) {
		int code = errno;

		fprintf(stderr, "crm-notice %s: %s: %s\n", command, file, strerror(code));
		return cli_input_status(code);
	}
	if (!has_serial(options, arena, &source))
		return EX_CONFIG;
	signature = cms_sign(arena, source.text, options->certificate, options->key,
			     options->passphrase, &error);
	if (signature.p == NULL) {
		fprintf(stderr, "crm-notice %s: %.*s\n", command, STR_ARG(error));
		return EX_CONFIG;
	}
	name = arena_printf(arena, "%s" TRUST_SUFFIX, file).p;
	if (!write_new(name, arena_printf(arena, "%s.new", name).p, signature)) {
		fprintf(stderr, "crm-notice %s: %s: %s\n", command, name, strerror(errno));
		return EX_CANTCREAT;
	}
	printf("%s\n", name);
	return EX_OK;
}

/* The first status of files that cannot be read, else EX_OK. */
static int find_inputs(const char *command, const char *const *files, size_t n)
{
	int status = -1;

	for (size_t i = 0; i < n && status < 0; i++)
		status = cli_input(command, files[i]);
	return status < 0 ? EX_OK : status;
}

/* What the key needs before it can be read. EX_OK, or the exit status with the reason said. */
static int prepare_key(const struct sign_options *options)
{
	const char *fault = keys_path(options->key) == NULL ? keys_name_fault(options->key) : NULL;
	struct arena *arena = arena_new();
	int status = EX_CONFIG;
	struct str error;

	if (fault != NULL)
		fprintf(stderr, "crm-notice %s: --key: %s\n", options->command, fault);
	else if (!provider_setup(arena, options->openssl, options->providers, options->n_providers,
				 &error))
		fprintf(stderr, "crm-notice %s: %.*s\n", options->command, STR_ARG(error));
	else
		status = EX_OK;
	arena_free(arena);
	return status;
}

int sign_files(const struct sign_options *options, char **files, size_t n)
{
	const char *const inputs[] = {
		options->certificate, options->key != NULL ? keys_path(options->key) : NULL,
		options->passphrase, options->openssl,
	};
	int status;

	if (options->certificate == NULL || options->key == NULL) {
		fprintf(stderr, "crm-notice %s: --certificate and --key are needed\n",
			options->command);
		return EX_USAGE;
	}
	status = find_inputs(options->command, inputs, sizeof inputs / sizeof *inputs);
	if (status == EX_OK)
		status = prepare_key(options);
	for (size_t i = 0; i < n && status == EX_OK; i++) {
		struct arena *arena = arena_new();

		status = sign_file(options, arena, files[i]);
		arena_free(arena);
	}
	return status;
}

int sign_public_key(const struct sign_options *options)
{
	const char *const inputs[] = { keys_path(options->key), options->passphrase,
				       options->openssl };
	int status = find_inputs(options->command, inputs, sizeof inputs / sizeof *inputs);
	struct arena *arena = arena_new();
	struct str text, error;

	if (status == EX_OK)
		status = prepare_key(options);
	if (status == EX_OK) {
		text = keys_public_half(arena, options->key, options->passphrase, geteuid(), &error);
		status = text.n > 0 ? EX_OK : EX_CONFIG;
		if (text.n > 0)
			printf("%.*s", STR_ARG(text));
		else
			fprintf(stderr, "crm-notice %s: %.*s\n", options->command, STR_ARG(error));
	}
	arena_free(arena);
	return status;
}

/* Reads one file under a guard, and says on standard output what was taken. */
typedef bool verifier(const struct sign_options *options, const char *file,
		      const struct source_guard *guard, struct diag *diag);

static bool verify_policy(const struct sign_options *options, const char *file,
			  const struct source_guard *guard, struct diag *diag)
{
	struct policy *policy = policy_load_guarded(file, options->path, guard, diag);
	bool taken = policy != NULL;

	if (taken)
		printf("%s: ok: %.*s version %llu, serial %llu\n", file, STR_ARG(policy->name),
		       (unsigned long long)policy->version, (unsigned long long)policy->serial);
	policy_unref(policy);
	return taken;
}

static bool verify_directory(const struct sign_options *options, const char *file,
			     const struct source_guard *guard, struct diag *diag)
{
	struct str source = str_from(file);
	struct directory *directory =
		directory_load_guarded(&(struct str_list){ &source, 1, 1 }, guard, diag);
	bool taken = directory != NULL;

	(void)options;
	if (taken)
		printf("%s: ok\n", file);
	directory_free(directory);
	return taken;
}

static int verify_all(const struct sign_options *options, struct trust *trust, verifier *verify,
		      char **files, size_t n)
{
	struct source_guard guard = { .admit = trust_admit, .context = trust };
	int status = CLI_CONFORMS;

	for (size_t i = 0; i < n; i++) {
		struct arena *arena = arena_new();
		struct diag diag;

		diag_init(&diag, arena);
		if (!verify(options, files[i], &guard, &diag))
			status = CLI_REFUSED;
		cli_print_diag(&diag);
		arena_free(arena);
	}
	return status;
}

static int verify_files(const struct sign_options *options, verifier *verify, char **files,
			size_t n)
{
	struct trust_options trust_options = {
		.anchors = options->anchors, .signers = options->signers,
		.state = options->state, .now = options->now,
	};
	const char *const inputs[] = { options->anchors, options->signers };
	struct arena *arena;
	struct trust *trust;
	struct str error;
	int status;

	if (options->anchors == NULL || options->signers == NULL) {
		fprintf(stderr, "crm-notice %s: --anchors and --signers are needed\n",
			options->command);
		return EX_USAGE;
	}
	status = find_inputs(options->command, inputs, sizeof inputs / sizeof *inputs);
	if (status != EX_OK)
		return status;
	status = EX_CONFIG;
	arena = arena_new();
	trust = trust_new(arena, &trust_options, &error);
	if (trust != NULL)
		status = verify_all(options, trust, verify, files, n);
	else
		fprintf(stderr, "crm-notice %s: %.*s\n", options->command, STR_ARG(error));
	trust_free(trust);
	arena_free(arena);
	return status;
}

int sign_verify_policies(const struct sign_options *options, char **files, size_t n)
{
	return verify_files(options, verify_policy, files, n);
}

int sign_verify_directories(const struct sign_options *options, char **files, size_t n)
{
	return verify_files(options, verify_directory, files, n);
}
