#include "milter/config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "certs/keys.h"
#include "certs/signer.h"
#include "policy/base/buf.h"
#include "policy/rules/yaml.h"

#define SESSIONS_DEFAULT 500
#define SESSIONS_MAX 60000
#define SECONDS_DEFAULT 60
/* Postfix waits 300 s for the end of a message (milter_content_timeout): stay under 80 % of it. */
#define SECONDS_MAX 240
#define DRAIN_DEFAULT 30
#define IDLE_DEFAULT 3600
#define CHECKPOINT_EVERY_DEFAULT 1000
#define CHECKPOINT_INTERVAL_DEFAULT 3600

static const char *const on_error_names[] = { "tempfail", "reject", "accept", NULL };
static const char *const format_names[] = { "text", "cee", NULL };
static const char *const sync_names[] = { "record", "checkpoint", "none", NULL };
static const char *const mode_names[] = { "enforce", "flag", "observe", NULL };
static const char *const header_names[] = { "category", "event", "policy",
					    "verdict",  "seal",  NULL };

static const struct facility {
	const char *name;
	int facility;
} facilities[] = {
	{ "mail", LOG_MAIL },     { "daemon", LOG_DAEMON }, { "user", LOG_USER },
	{ "local0", LOG_LOCAL0 }, { "local1", LOG_LOCAL1 }, { "local2", LOG_LOCAL2 },
	{ "local3", LOG_LOCAL3 }, { "local4", LOG_LOCAL4 }, { "local5", LOG_LOCAL5 },
	{ "local6", LOG_LOCAL6 }, { "local7", LOG_LOCAL7 },
};

const char *config_socket_fault(struct str socket)
{
	struct str rest, port;
	size_t at;

	if (str_starts(socket, STR_LIT("unix:")) || str_starts(socket, STR_LIT("local:"))) {
		rest = str_skip(socket, str_find_char(socket, ':', 0) + 1);
		return rest.n > 0 && rest.p[0] == '/' ? NULL : "the path has to begin with /";
	}
	if (socket.n > 0 && socket.p[0] == '/')
		return NULL;
	if (!str_starts(socket, STR_LIT("inet:")) && !str_starts(socket, STR_LIT("inet6:")))
		return "has to be unix:/path, inet:port@host or inet6:port@host";
	rest = str_skip(socket, str_find_char(socket, ':', 0) + 1);
	at = str_find_char(rest, '@', 0);
	port = at == STR_NPOS ? rest : str_head(rest, at);
	if (str_find_char(port, ':', 0) != STR_NPOS)
		return "has to be inet:port@host here; inet:host:port is the form that Postfix's "
		       "smtpd_milters takes";
	if (port.n == 0 || (at != STR_NPOS && at + 1 == rest.n))
		return "has to be inet:port@host";
	return NULL;
}

bool config_parse_network(struct str text, struct network *ret_network)
{
	size_t slash = str_find_char(text, '/', 0);
	struct str host = slash == STR_NPOS ? text : str_head(text, slash);
	struct str digits = slash == STR_NPOS ? STR_NONE : str_skip(text, slash + 1);
	struct network network = { .family = AF_INET6, .bits = 128 };
	char z[INET6_ADDRSTRLEN];
	unsigned bits = 0;

	if (host.n == 0 || host.n >= sizeof z || digits.n > 3 || (slash != STR_NPOS && digits.n == 0))
		return false;
	memcpy(z, host.p, host.n);
	z[host.n] = '\0';
	if (inet_pton(AF_INET, z, network.address) == 1) {
		network.family = AF_INET;
		network.bits = 32;
	} else if (inet_pton(AF_INET6, z, network.address) != 1) {
		return false;
	}
	for (size_t i = 0; i < digits.n; i++) {
		if (!ascii_is_digit(digits.p[i]))
			return false;
		bits = bits * 10 + (unsigned)(digits.p[i] - '0');
	}
	if (bits > network.bits)
		return false;
	if (digits.n > 0)
		network.bits = bits;
	*ret_network = network;
	return true;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned octets = bits / 8, rest = bits % 8;
	uint8_t mask = (uint8_t)(0xff << (8 - rest));

	if (octets > 0 && memcmp(a, b, octets) != 0)
		return false;
	return rest == 0 || ((a[octets] ^ b[octets]) & mask) == 0;
}

bool config_in_network(const struct network *network, const struct sockaddr *address)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof v4);
		return network->family == AF_INET &&
		       same_bits(network->address, (const uint8_t *)&v4.sin_addr, network->bits);
	}
	if (address->sa_family != AF_INET6)
		return false;
	memcpy(&v6, address, sizeof v6);
	if (network->family == AF_INET)
		return memcmp(&v6.sin6_addr, mapped, sizeof mapped) == 0 &&
		       same_bits(network->address, v6.sin6_addr.s6_addr + 12, network->bits);
	return same_bits(network->address, v6.sin6_addr.s6_addr, network->bits);
}

static YAML_READER(read_socket)
{
	struct str *socket = field;
	const char *fault;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a socket"))
		return;
	fault = config_socket_fault(node->text);
	if (fault != NULL)
		yaml_error(reader->diag, node, "%s: %s", key->name, fault);
	else
		*socket = arena_str(reader->arena, node->text);
}

/* A path, or the word none. */
static YAML_READER(read_path)
{
	struct str *path = field;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a path"))
		return;
	if (str_is(node->text, "none"))
		*path = STR_NONE;
	else if (node->text.n > 0 && node->text.p[0] == '/')
		*path = arena_str(reader->arena, node->text);
	else
		yaml_error(reader->diag, node, "%s: has to be a path that begins with /, or none",
			   key->name);
}

/* A private key: a path, or a URI that a provider of OpenSSL opens. */
static YAML_READER(read_key)
{
	struct str *name = field;
	const char *fault;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a private key"))
		return;
	*name = arena_str(reader->arena, node->text);
	fault = keys_name_fault(name->p);
	if (fault != NULL)
		yaml_error(reader->diag, node, "%s: %s", key->name, fault);
}

static YAML_READER(read_facility)
{
	int *facility = field;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a syslog facility"))
		return;
	for (size_t i = 0; i < sizeof facilities / sizeof facilities[0]; i++) {
		if (str_is(node->text, facilities[i].name)) {
			*facility = facilities[i].facility;
			return;
		}
	}
	yaml_error(reader->diag, node, "%s: %.*s is none of mail, daemon, user, local0 to local7",
		   key->name, STR_ARG(node->text));
}

static YAML_READER(read_mode)
{
	struct config *config = reader->context;
	size_t errors = reader->diag->errors;

	yaml_read_choice(reader, node, key, field);
	config->has_mode = reader->diag->errors == errors;
}

static void read_network(struct yaml_reader *reader, const struct yaml_node *node)
{
	struct config *config = reader->context;
	struct network network;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a network"))
		return;
	if (!config_parse_network(node->text, &network)) {
		yaml_error(reader->diag, node,
			   "outbound.networks: %.*s is no network such as 192.0.2.0/24 or "
			   "2001:db8::/32",
			   STR_ARG(node->text));
		return;
	}
	ARENA_ROOM(config->arena, config->networks, config->n_networks, config->cap_networks);
	config->networks[config->n_networks++] = network;
}

static YAML_READER(read_networks)
{
	(void)key;
	(void)field;
	if (!yaml_expect(reader, node, YAML_LIST, "a list of networks"))
		return;
	for (size_t i = 0; i < node->n; i++)
		read_network(reader, node->items[i]);
}

/* A ledger that is asked for and not there would let sequences pass unchecked: said at start. */
static YAML_READER(read_ledger)
{
	struct str *ledger = field;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a ledger"))
		return;
	if (str_is(node->text, "none"))
		return;
	*ledger = arena_str(reader->arena, node->text);
	diag_warning(reader->diag, node->file, node->line, node->column,
		     "%s: this version keeps no ledger: recipients.incomplete and sequence.* are not "
		     "applicable",
		     key->name);
}

static YAML_READER(read_selector)
{
	struct str *selector = field;

	if (!yaml_expect(reader, node, YAML_SCALAR, "a selector"))
		return;
	if (selector_valid(node->text))
		*selector = arena_str(reader->arena, node->text);
	else
		yaml_error(reader->diag, node,
			   "%s: has to be 1 to 63 letters, digits, '-', '_' or '.'", key->name);
}

/* A list that is given empty is a list: no header leaves. */
static YAML_READER(read_headers)
{
	unsigned *headers = field;

	*headers = 0;
	yaml_read_flags(reader, node, key, field);
}

#define AT(member) offsetof(struct config, member)

static const struct yaml_key outbound_keys[] = {
	{ "networks", read_networks, AT(networks), 0, NULL, NULL, 0, 0 },
	{ "daemon_names", yaml_read_str_list, AT(daemon_names), 0, NULL, NULL, 0, 0 },
	{ "authenticated", yaml_read_bool, AT(authenticated), 0, NULL, NULL, 0, 0 },
	{ NULL, NULL, 0, 0, NULL, NULL, 0, 0 },
};

static const struct yaml_key checkpoint_keys[] = {
	{ "key", read_key, AT(checkpoint_key), YAML_REQUIRED, NULL, NULL, 0, 0 },
	{ "passphrase", read_path, AT(checkpoint_passphrase), 0, NULL, NULL, 0, 0 },
	{ "selector", read_selector, AT(checkpoint_selector), YAML_REQUIRED, NULL, NULL, 0, 0 },
	{ "every", yaml_read_unsigned, AT(checkpoint_every), 0, NULL, NULL, 1, 1000000 },
	{ "interval", yaml_read_duration, AT(checkpoint_interval), 0, NULL, NULL, 1, 7 * 86400 },
	{ NULL, NULL, 0, 0, NULL, NULL, 0, 0 },
};

static const struct yaml_key audit_keys[] = {
	{ "facility", read_facility, AT(facility), 0, NULL, NULL, 0, 0 },
	{ "format", yaml_read_choice, AT(audit_format), 0, format_names, NULL, 0, 0 },
	{ "ordinary_mail", yaml_read_bool, AT(ordinary_mail), 0, NULL, NULL, 0, 0 },
	{ "file", read_path, AT(audit_file), 0, NULL, NULL, 0, 0 },
	{ "sync", yaml_read_choice, AT(audit_sync), 0, sync_names, NULL, 0, 0 },
	{ "socket", read_path, AT(audit_socket), 0, NULL, NULL, 0, 0 },
	{ "checkpoint", yaml_read_nested, 0, 0, NULL, checkpoint_keys, 0, 0 },
	{ NULL, NULL, 0, 0, NULL, NULL, 0, 0 },
};

static const struct yaml_key headers_keys[] = {
	{ "add", read_headers, AT(headers), 0, header_names, NULL, 0, 0 },
	{ NULL, NULL, 0, 0, NULL, NULL, 0, 0 },
};

static const struct yaml_key seal_keys[] = {
	{ "key", read_key, AT(seal_key), YAML_REQUIRED, NULL, NULL, 0, 0 },
	{ "passphrase", read_path, AT(seal_passphrase), 0, NULL, NULL, 0, 0 },
	{ "selector", read_selector, AT(seal_selector), YAML_REQUIRED, NULL, NULL, 0, 0 },
	{ NULL, NULL, 0, 0, NULL, NULL, 0, 0 },
};

static const struct yaml_key openssl_keys[] = {
	{ "config", read_path, AT(openssl_config), 0, NULL, NULL, 0, 0 },
	{ "providers", yaml_read_str_list, AT(openssl_providers), 0, NULL, NULL, 0, 0 },
	{ NULL, NULL, 0, 0, NULL, NULL, 0, 0 },
};

static const struct yaml_key submissions_keys[] = {
	{ "anchors", read_path, AT(submission_anchors), YAML_REQUIRED, NULL, NULL, 0, 0 },
	{ NULL, NULL, 0, 0, NULL, NULL, 0, 0 },
};

static const struct yaml_key trust_keys[] = {
	{ "anchors", read_path, AT(trust_anchors), YAML_REQUIRED, NULL, NULL, 0, 0 },
	{ "signers", read_path, AT(trust_signers), YAML_REQUIRED, NULL, NULL, 0, 0 },
	{ "state", read_path, AT(trust_state), YAML_REQUIRED, NULL, NULL, 0, 0 },
	{ "policy", yaml_read_str, AT(trust_policy), 0, NULL, NULL, 0, 0 },
	{ "directory", yaml_read_bool, AT(trust_directory), 0, NULL, NULL, 0, 0 },
	{ "allow_unsigned", yaml_read_bool, AT(trust_unsigned), 0, NULL, NULL, 0, 0 },
	{ "allow_older", yaml_read_bool, AT(trust_older), 0, NULL, NULL, 0, 0 },
	{ NULL, NULL, 0, 0, NULL, NULL, 0, 0 },
};

static const struct yaml_key limits_keys[] = {
	{ "message", yaml_read_size, AT(limit_message), 0, NULL, NULL, 1024, 1 << 30 },
	{ "parts", yaml_read_size, AT(limit_parts), 0, NULL, NULL, 1, 100000 },
	{ "depth", yaml_read_size, AT(limit_depth), 0, NULL, NULL, 1, 1000 },
	{ "sessions", yaml_read_unsigned, AT(sessions), 0, NULL, NULL, 1, SESSIONS_MAX },
	{ "seconds", yaml_read_unsigned, AT(seconds), 0, NULL, NULL, 1, SECONDS_MAX },
	{ "drain", yaml_read_unsigned, AT(drain), 0, NULL, NULL, 1, 300 },
	{ "idle", yaml_read_unsigned, AT(idle), 0, NULL, NULL, 10, 86400 },
	{ NULL, NULL, 0, 0, NULL, NULL, 0, 0 },
};

static YAML_READER(read_trust)
{
	struct config *config = reader->context;

	config->trust = true;
	yaml_read_nested(reader, node, key, field);
	if (node->kind == YAML_MAP && (config->trust_anchors.n == 0 || config->trust_signers.n == 0))
		yaml_error(reader->diag, node, "trust: anchors and signers have to be files");
	if (config->trust_policy.n > 0 && config->policy.n == 0)
		yaml_error(reader->diag, node, "trust: policy is the name of a signed policy, and the "
			   "configuration names no policy's file");
}

/* The sections' fields are the configuration's own: their offset is 0. */
static const struct yaml_key config_keys[] = {
	{ "socket", read_socket, AT(socket), YAML_REQUIRED, NULL, NULL, 0, 0 },
	{ "socket_mode", yaml_read_octal, AT(socket_mode), 0, NULL, NULL, 0, 0777 },
	{ "socket_group", yaml_read_str, AT(socket_group), 0, NULL, NULL, 0, 0 },
	{ "user", yaml_read_str, AT(user), 0, NULL, NULL, 0, 0 },
	{ "policy", yaml_read_str, AT(policy), 0, NULL, NULL, 0, 0 },
	{ "policy_path", yaml_read_str, AT(policy_path), 0, NULL, NULL, 0, 0 },
	{ "directory", yaml_read_str_list, AT(directories), 0, NULL, NULL, 0, 0 },
	{ "ledger", read_ledger, AT(ledger), 0, NULL, NULL, 0, 0 },
	{ "mode", read_mode, AT(mode), 0, mode_names, NULL, 0, 0 },
	{ "outbound", yaml_read_nested, 0, 0, NULL, outbound_keys, 0, 0 },
	{ "audit", yaml_read_nested, 0, 0, NULL, audit_keys, 0, 0 },
	{ "headers", yaml_read_nested, 0, 0, NULL, headers_keys, 0, 0 },
	{ "seal", yaml_read_nested, 0, 0, NULL, seal_keys, 0, 0 },
	{ "openssl", yaml_read_nested, 0, 0, NULL, openssl_keys, 0, 0 },
	{ "submissions", yaml_read_nested, 0, 0, NULL, submissions_keys, 0, 0 },
	{ "trust", read_trust, 0, 0, NULL, trust_keys, 0, 0 },
	{ "limits", yaml_read_nested, 0, 0, NULL, limits_keys, 0, 0 },
	{ "on_error", yaml_read_choice, AT(on_error), 0, on_error_names, NULL, 0, 0 },
	{ NULL, NULL, 0, 0, NULL, NULL, 0, 0 },
};

struct config *config_new(void)
{
	struct arena *arena = arena_new();
	struct config *config = ARENA_NEW(arena, struct config);

	*config = (struct config){
		.arena = arena,
		.socket_mode = 0660,
		.facility = LOG_MAIL,
		.audit_socket = STR_LIT("/dev/log"),
		.checkpoint_every = CHECKPOINT_EVERY_DEFAULT,
		.checkpoint_interval = CHECKPOINT_INTERVAL_DEFAULT,
		.headers = HEADER_ALL,
		.sessions = SESSIONS_DEFAULT,
		.seconds = SECONDS_DEFAULT,
		.drain = DRAIN_DEFAULT,
		.idle = IDLE_DEFAULT,
	};
	return config;
}

void config_free(struct config *config)
{
	if (config != NULL)
		arena_free(config->arena);
}

static bool read_file(struct arena *arena, const char *file, struct str *ret_text,
		      const char **ret_error)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	size_t n = 0;
	ssize_t got = 0;
	char *text;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		*ret_error = fd >= 0 ? "is no regular file" : strerror(errno);
		if (fd >= 0)
			close(fd);
		return false;
	}
	text = arena_alloc(arena, YAML_FILE_MAX + 1);
	while (n <= YAML_FILE_MAX && (got = read(fd, text + n, YAML_FILE_MAX + 1 - n)) > 0)
		n += (size_t)got;
	close(fd);
	if (got < 0)
		*ret_error = strerror(errno);
	*ret_text = (struct str){ text, n };
	return got >= 0;
}

/* Paths are relative to the file that names them, wherever the daemon was started; also behind
 * the kind of a source ("sqlite:", "ldap:"). */
static struct str beside(const struct config *config, struct str path)
{
	size_t colon = str_find_char(path, ':', 0);
	struct str kind = colon != STR_NPOS ? str_head(path, colon + 1) : STR_LIT("");
	struct str name = str_skip(path, kind.n), file = config->file;

	if (name.n == 0 || name.p[0] == '/')
		return path;
	while (file.n > 0 && file.p[file.n - 1] != '/')
		file.n--;
	return arena_concat(config->arena, kind, arena_concat(config->arena, file, name));
}

static void resolve_paths(struct config *config)
{
	config->policy = beside(config, config->policy);
	for (size_t i = 0; i < config->directories.n; i++)
		config->directories.items[i] = beside(config, config->directories.items[i]);
}

struct config *config_load(const char *file, struct diag *diag)
{
	struct config *config = config_new();
	struct arena *scratch = arena_new();
	struct yaml_reader reader = { config->arena, diag, config };
	size_t errors = diag->errors;
	const char *error = NULL;
	struct yaml_node *root;
	struct str text;

	config->file = arena_str(config->arena, str_from(file));
	if (!read_file(scratch, file, &text, &error)) {
		diag_error(diag, config->file, 0, 0, "%s", error);
	} else {
		root = yaml_parse(scratch, diag, config->file, text, NULL);
		if (root != NULL)
			yaml_read_map(&reader, root, config_keys, config);
		else if (diag->errors == errors)
			diag_error(diag, config->file, 0, 0, "is empty: at least socket is needed");
	}
	arena_free(scratch);
	if (diag->errors == errors) {
		resolve_paths(config);
		return config;
	}
	config_free(config);
	return NULL;
}

static bool same_lists(const struct str_list *a, const struct str_list *b)
{
	for (size_t i = 0; a->n == b->n && i < a->n; i++) {
		if (!str_eq(a->items[i], b->items[i]))
			return false;
	}
	return a->n == b->n;
}

static void note_key(struct buf *names, const char *key, bool differs)
{
	if (!differs)
		return;
	if (names->n > 0)
		buf_add_cstr(names, ", ");
	buf_add_cstr(names, key);
}

struct str config_restart_keys(struct arena *arena, const struct config *before,
			       const struct config *after)
{
	struct buf names;

	buf_init(&names, arena, 400);
	note_key(&names, "socket", !str_eq(before->socket, after->socket));
	note_key(&names, "socket_mode", before->socket_mode != after->socket_mode);
	note_key(&names, "socket_group", !str_eq(before->socket_group, after->socket_group));
	note_key(&names, "user", !str_eq(before->user, after->user));
	note_key(&names, "audit.socket", !str_eq(before->audit_socket, after->audit_socket));
	note_key(&names, "openssl",
		 !str_eq(before->openssl_config, after->openssl_config) ||
			 !same_lists(&before->openssl_providers, &after->openssl_providers));
	note_key(&names, "limits.idle", before->idle != after->idle);
	return arena_str(arena, buf_str(&names));
}
