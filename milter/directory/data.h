/* data.h - contacts and organizations in memory: a whole directory, or what one message asks of it
 *
 * Internal to milter/directory. A YAML file becomes one of these and stays; the other sources add
 * what they know of a message's addresses and scope to one that lives as long as the message.
 * The same code answers from both, so that every source means the same.
 */
#ifndef MILTER_DIRECTORY_DATA_H
#define MILTER_DIRECTORY_DATA_H

#include "policy/base/map.h"
#include "policy/notice/answers.h"

/* Where an instance is. */
struct directory_place {
	size_t organization, instance; /* indexes */
	size_t next_host;              /* the next place with the same host, or SIZE_MAX */
};

struct directory_data {
	struct arena *arena;
	struct organization **organizations; /* each allocated for itself: contacts point to it */
	size_t *last_contact;                /* [cap_organizations] of each, or SIZE_MAX */
	size_t n_organizations, cap_organizations, cap_last;
	struct contact *contacts;
	struct directory_link *links;        /* [cap_links] beside contacts */
	size_t n_contacts, cap_contacts, cap_links;
	struct map organization_ids; /* index into organizations */
	struct map instance_ids;     /* index into places */
	struct map instance_hosts;   /* index into places: the last of those with this host */
	struct map addresses;        /* index into contacts: the last one of an address */
	struct directory_place *places;
	size_t n_places, cap_places;
	size_t n_repeated;           /* rows that said nothing new */
	bool local_part_sensitive;
	bool partial;                /* not all administrators are here: there are too many */
};

/* Contacts before this one; SIZE_MAX where there is none. */
struct directory_link {
	size_t same_address, same_organization;
};

/* What a table's row, a line of CSV or an entry of LDAP says: an organization, perhaps one of its
 * instances, perhaps one of its contacts. With both, the contact is that instance's (among
 * others); without an instance, of all of them. */
struct directory_row {
	struct str organization, name, timezone;
	bool has_purchased;
	int32_t purchased;
	struct str instance, url, region, instance_timezone;
	struct str address; /* canonical; absent: no contact */
	enum role role;
};

/* More administrators than this are not handed on for one message: it tells them all only over
 * many mails, and a list of them would be the mail's largest cost. */
#define DIRECTORY_ADMINISTRATORS_MAX 100000

void directory_data_init(struct directory_data *data, struct arena *arena);

/* Adding. Texts are not copied: they live as long as the arena or longer. */
size_t directory_data_organization(struct directory_data *data, struct organization *organization);
/* The instance goes to the organization at index. */
void directory_data_instance(struct directory_data *data, size_t organization,
			     const struct instance *instance);
void directory_data_contact(struct directory_data *data, size_t organization,
			    const struct contact *contact);
/* Adds what a row says and is not known yet. The first to name a value is believed. */
void directory_data_row(struct directory_data *data, const struct directory_row *row);
/* The organization of this id, made where there is none. */
size_t directory_data_intern(struct directory_data *data, struct str id);

/* The index in organization->instances, or n_instances. */
size_t directory_instance_find(const struct organization *organization, struct str id);
/* The index of a contact's organization. */
size_t directory_contact_organization(const struct directory_data *data,
				      const struct contact *contact);

/* Copies an organization with its instances, and contacts, from one to another. */
void directory_data_copy_organization(struct directory_data *into,
				      const struct organization *organization);
void directory_data_copy_contact(struct directory_data *into, const struct contact *contact);

/* Answers the directory's part of needs; arrays come from arena, the rest points into data. */
void directory_data_answer(const struct directory_data *data, struct arena *arena,
			   const struct needs *needs, struct answers *answers);

/* The host of a URL, without scheme, user, port and path; absent where there is none. */
struct str url_host(struct str url);

#endif
