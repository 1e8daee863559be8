/* config.h - crm-notice.yaml, as the daemon uses it
 *
 * Immutable once read. Texts are followed by a NUL. What is not given has its default; a key that
 * nobody knows, a value that cannot be, and a file that names itself twice are errors with line
 * and column, all of them in one run.
 */
#ifndef MILTER_CONFIG_H
#define MILTER_CONFIG_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "milter/audit.h"
#include "milter/journal.h"
#include "policy/base/diag.h"
#include "policy/rules/policy.h"

/* What becomes of a notice when the gate itself fails. */
enum on_error { ON_ERROR_TEMPFAIL, ON_ERROR_REJECT, ON_ERROR_ACCEPT };

enum header_choice {
	HEADER_CATEGORY = 1 << 0,
	HEADER_EVENT = 1 << 1,
	HEADER_POLICY = 1 << 2,
	HEADER_VERDICT = 1 << 3,
	HEADER_SEAL = 1 << 4,
	HEADER_ALL = (1 << 5) - 1,
};

/* An address and how many of its leading bits count. */
struct network {
	int family; /* AF_INET, AF_INET6 */
	uint8_t address[16];
	unsigned bits;
};

struct config {
	struct arena *arena;
	struct str file;

	struct str socket;       /* libmilter's syntax */
	unsigned socket_mode;
	struct str socket_group; /* absent: the process's own */
	struct str user;         /* absent: no change */
	struct str policy;       /* absent: the embedded default */
	struct str policy_path;  /* where `extends` looks; absent: as the environment says */
	struct str_list directories;
	struct str ledger;       /* absent: none */
	bool has_mode;
	enum policy_mode mode;

	/* outbound: any of them makes mail ours to judge; none given, all is */
	struct network *networks;
	size_t n_networks, cap_networks;
	struct str_list daemon_names;
	bool authenticated;

	int facility;
	enum audit_format audit_format;
	bool ordinary_mail;
	struct str audit_file;   /* absent: none */
	enum journal_sync audit_sync;
	struct str checkpoint_key; /* PEM file or URI; absent: the audit file gets no checkpoints */
	struct str checkpoint_passphrase; /* file; absent: the key is not encrypted */
	struct str checkpoint_selector;
	unsigned checkpoint_every;    /* records */
	int64_t checkpoint_interval;  /* seconds */
	struct str audit_socket; /* "/dev/log" */

	unsigned headers;        /* enum header_choice */
	struct str seal_key;     /* PEM file or URI; absent: messages are not sealed */
	struct str seal_passphrase; /* file; absent: the key is not encrypted */
	struct str seal_selector;

	struct str openssl_config;  /* file of OpenSSL's; absent: none but the machine's own */
	struct str_list openssl_providers; /* names, or paths of modules */

	bool trust;              /* policies need signatures; what is below counts then only */
	struct str trust_anchors, trust_signers; /* PEM files */
	struct str trust_state;  /* the highest serials seen */
	struct str trust_policy; /* the name that the policy has to bear; absent: that of before */
	bool trust_directory;    /* directory files need signatures too */
	bool trust_unsigned;     /* unsigned policies are taken all the same */
	bool trust_older;        /* and those with a serial below the highest */

	struct str submission_anchors; /* PEM file: who may sign mail; absent: none */

	size_t limit_message;    /* 0: the policy's, as all three */
	size_t limit_parts;
	size_t limit_depth;
	unsigned sessions;
	unsigned seconds;        /* for one judgement with all it has to fetch */
	unsigned drain;          /* seconds to finish messages after SIGTERM */
	unsigned idle;           /* seconds of silence after which a session is given up */
	enum on_error on_error;
};

/* Reads file. NULL where there is an error: all of them are in diag then. */
struct config *config_load(const char *file, struct diag *diag);
/* All defaults: the embedded policy, no directory, a socket the caller has to name. */
struct config *config_new(void);
void config_free(struct config *config);

/* Where the daemon looks without -c. */
#define CONFIG_FILE_DEFAULT "/etc/crm-notice/crm-notice.yaml"

/* Faults of a socket's syntax as a text for people, or NULL where it is right. */
const char *config_socket_fault(struct str socket);
/* "192.0.2.0/24", "2001:db8::/32", or an address alone. */
bool config_parse_network(struct str text, struct network *ret_network);
/* Whether address lies in network; an IPv4 address mapped into IPv6 is the IPv4 address. */
bool config_in_network(const struct network *network, const struct sockaddr *address);

/* The names of the keys whose value differs and that only a restart changes, joined by ", ";
 * empty where there is none. */
struct str config_restart_keys(struct arena *arena, const struct config *before,
			       const struct config *after);

#endif
