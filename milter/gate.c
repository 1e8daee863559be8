#include "milter/gate.h"

#include <pwd.h>
#include <time.h>
#include <unistd.h>

#include "certs/cms.h"
#include "certs/provider.h"
#include "certs/signer.h"
#include "milter/directory/directory.h"
#include "milter/trust.h"
#include "policy/rules/source.h"

/* The administrator's limits stand over the policy's: they are about this machine. */
static void apply_limits(const struct config *config, struct message_limits *limits)
{
	if (config->limit_message != 0)
		limits->message_octets = config->limit_message;
	if (config->limit_parts != 0)
		limits->parts = config->limit_parts;
	if (config->limit_depth != 0)
		limits->depth = config->limit_depth;
}

static bool load_trust(struct gate *gate, struct diag *diag)
{
	const struct config *config = gate->config;
	struct trust_options options = {
		.anchors = config->trust_anchors.p,
		.signers = config->trust_signers.p,
		.state = config->trust_state.p,
		.policy = config->policy,
		.policy_name = config->trust_policy,
		.take_unsigned = config->trust_unsigned,
		.take_older = config->trust_older,
		.now = (int64_t)time(NULL),
	};
	struct str error;

	if (!config->trust)
		return true;
	gate->trust = trust_new(diag->arena, &options, &error);
	if (gate->trust == NULL)
		diag_error(diag, config->file, 0, 0, "trust: %.*s", STR_ARG(error));
	return gate->trust != NULL;
}

/* What the configuration says of trust comes first: without it no policy is looked at. */
static struct policy *load_policy(struct gate *gate, struct diag *diag)
{
	const struct config *config = gate->config;
	struct source_guard guard = { .admit = trust_admit };

	if (!load_trust(gate, diag))
		return NULL;
	guard.context = gate->trust;
	if (config->policy.n == 0)
		return policy_load_default(diag);
	return policy_load_guarded(config->policy.p, config->policy_path.p,
				   gate->trust != NULL ? &guard : NULL, diag);
}

/* Under the same guard as the policy, where the configuration says so. */
static bool load_directory(struct gate *gate, struct diag *diag)
{
	const struct config *config = gate->config;
	struct source_guard guard = { .admit = trust_admit, .context = gate->trust };

	if (config->directories.n == 0)
		return true;
	if (config->trust && config->trust_directory && gate->trust == NULL)
		return false; /* said already */
	gate->directory = directory_load_guarded(&config->directories,
						 config->trust_directory ? &guard : NULL, diag);
	return gate->directory != NULL;
}

/* The key belongs to root, to whoever runs this, or to the user that the daemon becomes. */
static uid_t key_owner(const struct config *config)
{
	struct passwd *user = config->user.n > 0 ? getpwnam(config->user.p) : NULL;

	return user != NULL ? user->pw_uid : geteuid();
}

/* True with no key where none is configured. */
static bool load_key(const struct config *config, const char *section, struct str file,
		     struct str passphrase, struct str selector, struct diag *diag,
		     struct signing_key **ret_key)
{
	struct str error;

	if (file.n == 0)
		return true;
	*ret_key = signing_key_load(diag->arena, file.p, passphrase.p, selector, key_owner(config),
				    &error);
	if (*ret_key == NULL)
		diag_error(diag, config->file, 0, 0, "%s: %.*s", section, STR_ARG(error));
	return *ret_key != NULL;
}

/* What the process has set up once stays: config_restart_keys says so. */
static bool load_providers(const struct config *config, struct diag *diag)
{
	const struct str_list *list = &config->openssl_providers;
	const char **names = ARENA_ARRAY(diag->arena, list->n, const char *);
	struct str error;

	for (size_t i = 0; i < list->n; i++)
		names[i] = list->items[i].p;
	if (provider_setup(diag->arena, config->openssl_config.p, names, list->n, &error))
		return true;
	diag_error(diag, config->file, 0, 0, "openssl: %.*s", STR_ARG(error));
	return false;
}

static bool load_keys(struct gate *gate, struct diag *diag)
{
	const struct config *config = gate->config;
	bool ok = load_providers(config, diag) &&
		  load_key(config, "seal", config->seal_key, config->seal_passphrase,
			   config->seal_selector, diag, &gate->seal_key);

	return ok && load_key(config, "audit.checkpoint", config->checkpoint_key,
			      config->checkpoint_passphrase, config->checkpoint_selector, diag,
			      &gate->checkpoint_key);
}

static bool load_mail_anchors(struct gate *gate, struct diag *diag)
{
	const struct config *config = gate->config;
	struct str error;

	if (config->submission_anchors.n == 0)
		return true;
	gate->mail_anchors = cms_anchors_load(diag->arena, config->submission_anchors.p, &error);
	if (gate->mail_anchors == NULL)
		diag_error(diag, config->file, 0, 0, "submissions: %.*s", STR_ARG(error));
	return gate->mail_anchors != NULL;
}

static bool gate_fill(struct gate *gate, struct diag *diag)
{
	const struct config *config = gate->config;
	bool ok = true;

	gate->policy = load_policy(gate, diag);
	if (gate->policy == NULL) {
		ok = false;
	} else {
		apply_limits(config, &gate->policy->limits);
		gate->limits = gate->policy->limits;
		gate->mode = config->has_mode ? config->mode : gate->policy->mode;
	}
	ok = load_directory(gate, diag) && ok;
	ok = load_mail_anchors(gate, diag) && ok;
	return load_keys(gate, diag) && ok;
}

struct gate *gate_load(const char *config_file, unsigned generation, struct diag *diag)
{
	struct config *config =
		config_file != NULL ? config_load(config_file, diag) : config_new();
	struct gate *gate;

	if (config == NULL)
		return NULL;
	gate = calloc(1, sizeof *gate);
	if (gate == NULL)
		abort();
	gate->references = 1;
	gate->generation = generation;
	gate->config = config;
	if (!gate_fill(gate, diag)) {
		gate_unref(gate);
		return NULL;
	}
	return gate;
}

bool gate_commit(struct gate *gate, struct arena *arena, struct str *ret_error)
{
	bool done = gate->trust == NULL || trust_commit(gate->trust, arena, ret_error);

	if (done) {
		trust_free(gate->trust);
		gate->trust = NULL;
	}
	return done;
}

struct gate *gate_ref(struct gate *gate)
{
	__atomic_add_fetch(&gate->references, 1, __ATOMIC_RELAXED);
	return gate;
}

void gate_unref(struct gate *gate)
{
	if (gate == NULL || __atomic_sub_fetch(&gate->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	policy_unref(gate->policy);
	directory_free(gate->directory);
	trust_free(gate->trust);
	cms_anchors_free(gate->mail_anchors);
	signing_key_free(gate->seal_key);
	signing_key_free(gate->checkpoint_key);
	config_free(gate->config);
	free(gate);
}
