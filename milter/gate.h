/* gate.h - one generation of what the daemon judges by: configuration, policy, directory
 *
 * Immutable and reference-counted. A reload makes a new one or fails; a message keeps the one it
 * began with.
 */
#ifndef MILTER_GATE_H
#define MILTER_GATE_H

#include "milter/config.h"

struct directory;
struct cms_anchors;
struct signing_key;
struct trust;

struct gate {
	unsigned references; /* atomic */
	unsigned generation; /* from 1 */
	struct config *config;
	struct policy *policy;
	struct directory *directory; /* NULL: none configured */
	struct signing_key *seal_key; /* NULL: messages are not sealed */
	struct signing_key *checkpoint_key; /* of the audit file; the journal takes it. May be NULL */
	struct cms_anchors *mail_anchors; /* of signed submissions; NULL: none configured */
	struct trust *trust; /* until gate_commit; NULL: signatures are not asked for */
	enum policy_mode mode;
	struct message_limits limits;
};

/* Reads the configuration (NULL: defaults) and all it names. NULL where there is an error: all of
 * them are in diag. The caller holds the one reference. */
struct gate *gate_load(const char *config_file, unsigned generation, struct diag *diag);
/* Before a generation comes into force: keeps the serials of its signed files. False with *ret_error,
 * a text of the arena, where they cannot be kept. */
bool gate_commit(struct gate *gate, struct arena *arena, struct str *ret_error);
struct gate *gate_ref(struct gate *gate);
/* NULL is allowed. */
void gate_unref(struct gate *gate);

#endif
