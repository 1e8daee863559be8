/* yaml.h - the YAML that people write for us: read whole, checked against a table of keys, every
 * fault with its place
 *
 * For the policy, the languages, the directory, the configuration and the case files alike. Two
 * steps: yaml_parse makes a tree (refusing what our files may not have: anchors, aliases, tags,
 * duplicate keys, several documents, too much depth); yaml_read_map then walks the tree by a
 * table of keys into a struct. Faults never stop the walk: one run reports all of them, with
 * file, line and column and with what would be right. Whether there were any says diag->errors.
 *
 *	struct contact { struct str address; enum role role; struct str_list instances; };
 *	static const struct yaml_key contact_keys[] = {
 *		{ "address", yaml_read_str, offsetof(struct contact, address), YAML_REQUIRED },
 *		{ "role", yaml_read_choice, offsetof(struct contact, role), YAML_REQUIRED,
 *		  .names = role_names },
 *		{ "instances", yaml_read_str_list, offsetof(struct contact, instances) },
 *		{ NULL },
 *	};
 *	struct yaml_reader reader = { arena, diag, NULL };
 *	struct yaml_node *root = yaml_parse(scratch, diag, file, text, NULL);
 *	if (root != NULL)
 *		yaml_read_map(&reader, root, contact_keys, &contact);
 */
#ifndef POLICY_RULES_YAML_H
#define POLICY_RULES_YAML_H

#include <stdint.h>

#include "policy/base/diag.h"

#define YAML_FILE_MAX ((size_t)1024 * 1024)
#define YAML_DEPTH_MAX 32

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_pair;

struct yaml_node {
	enum yaml_kind kind;
	struct str file;
	unsigned line, column;    /* from 1 */
	struct str text;          /* scalars: as written, escapes undone */
	bool quoted;              /* scalars: in quotes or a block */
	struct yaml_node **items; /* lists */
	struct yaml_pair *pairs;  /* maps, in the order of the file */
	size_t n;                 /* items or pairs */
	size_t cap;
};

struct yaml_pair {
	struct yaml_node *key; /* always a scalar */
	struct yaml_node *value;
};

struct yaml_limits {
	size_t octets; /* 0: YAML_FILE_MAX */
	size_t depth;  /* 0: YAML_DEPTH_MAX */
};

/* The tree of the one document in text; nodes and texts live in arena. NULL, with the reasons in
 * diag, where it cannot be read as YAML at all; duplicate keys, anchors and tags are in diag too
 * but leave a tree, so that the walk finds the rest of the faults. limits NULL: the defaults. */
struct yaml_node *yaml_parse(struct arena *arena, struct diag *diag, struct str file,
			     struct str text, const struct yaml_limits *limits);

/* The value of a map's key, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* over laid upon base: maps by key, anything else replaces. A key that ends in "+" appends its
 * list to the base's; an item with an `id` that the base's list has replaces that one. The word
 * null takes the base's key away. Neither tree is changed. */
struct yaml_node *yaml_merge(struct arena *arena, const struct yaml_node *base,
			     const struct yaml_node *over);

struct buf;
/* Appends the tree as text that parses to the same tree: blocks, with what is short on one line.
 * Comments are not in the tree. */
void yaml_write(struct buf *out, const struct yaml_node *node);
/* The same on one line, without a line end. */
void yaml_write_flow(struct buf *out, const struct yaml_node *node);

/* An error at a node. */
void yaml_error(struct diag *diag, const struct yaml_node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What the readers need: arena takes what they read (texts are copied there, so that the tree may
 * go), context is the caller's. */
struct yaml_reader {
	struct arena *arena;
	struct diag *diag;
	void *context;
};

enum yaml_flags { YAML_REQUIRED = 1 << 0 };

/* One key of a map: how its value is read, and where to. Tables end with a row without a name. */
struct yaml_key {
	const char *name;
	/* Reads node into field (target + offset), or reports an error and leaves it as it was. */
	void (*read)(struct yaml_reader *reader, const struct yaml_node *node,
		     const struct yaml_key *key, void *field);
	size_t offset;
	unsigned flags;               /* enum yaml_flags */
	const char *const *names;     /* for choices and flags: NULL-terminated, index is value */
	const struct yaml_key *keys;  /* for yaml_read_nested */
	int64_t min, max;             /* for numbers, durations and sizes; max 0: no bound */
};

/* Reads a map by its table, in the table's order. Unknown keys are errors, with the nearest known
 * one, missing required ones too. False where anything was wrong. */
bool yaml_read_map(struct yaml_reader *reader, const struct yaml_node *map,
		   const struct yaml_key *keys, void *target);

/* Whether node is no empty list; an error where it is: what was begun and not finished must not come
 * to mean the same as the key left out. */
bool yaml_expect_some(struct yaml_reader *reader, const struct yaml_node *node);
/* Whether node is of this kind; an error that names what is wanted where not. */
bool yaml_expect(struct yaml_reader *reader, const struct yaml_node *node, enum yaml_kind kind,
		 const char *wanted);
/* The nearest of NULL-terminated names to what was written, for "did you mean": the only one that
 * begins so, else the one with the fewest letters wrong; NULL where none is near. */
const char *yaml_nearest(struct str written, const char *const *names);
/* "a, b, c": what is allowed, for messages. */
struct str yaml_names(struct arena *arena, const char *const *names);

/* Readers for tables. The field's type stands behind each. */
#define YAML_READER(name)                                                                        \
	void name(struct yaml_reader *reader, const struct yaml_node *node,                      \
		  const struct yaml_key *key, void *field)
YAML_READER(yaml_read_str);       /* struct str; not empty */
YAML_READER(yaml_read_text);      /* struct str; may be empty ("") */
YAML_READER(yaml_read_cstr);      /* char *, NUL-terminated, not empty */
YAML_READER(yaml_read_bool);      /* bool: true or false */
YAML_READER(yaml_read_unsigned);  /* unsigned */
YAML_READER(yaml_read_u64);       /* uint64_t */
YAML_READER(yaml_read_octal);     /* unsigned: a file mode such as 0660 */
YAML_READER(yaml_read_double);    /* double; min and max bind it too */
YAML_READER(yaml_read_duration);  /* int64_t, seconds: 45s, 15m, 12h, 5d, 2w, 1h30m; 0 needs no unit */
YAML_READER(yaml_read_size);      /* size_t, octets: 4096, 256K, 25M, 1G */
YAML_READER(yaml_read_date);      /* int32_t, days since 1970-01-01: 2026-03-01 */
YAML_READER(yaml_read_time);      /* int64_t, seconds since 1970 UTC: RFC 3339 */
YAML_READER(yaml_read_choice);    /* an int-sized enum: one of names */
YAML_READER(yaml_read_flags);     /* unsigned: a list of names, a bit for each */
YAML_READER(yaml_read_str_list);  /* struct { struct str *items; size_t n, cap; }; a list of texts,
				   * or one text */
YAML_READER(yaml_read_nested);    /* a struct by key->keys */

/* The same, for text from elsewhere; false where it is none, ret_... untouched. */
bool yaml_duration_parse(struct str text, int64_t *ret_seconds);
bool yaml_size_parse(struct str text, size_t *ret_octets);
bool yaml_date_parse(struct str text, int32_t *ret_days);
/* RFC 3339: 2026-03-01T09:00:00Z, a fraction of a second is cut off, offsets are honoured. */
bool yaml_time_parse(struct str text, int64_t *ret_seconds);

#endif
