/* cdb.h - a directory compiled into a constant database
 *
 * Keys are a letter and a text in lower case:
 *   ""                the head: format, time of building, counts
 *   a ADDRESS         the contacts of an address, each with its organization's id, address where
 *                     it is not the key itself, role, ids of instances
 *   o ID              an organization with its instances and all its contacts
 *   i ID              the organizations that have an instance of this id (mostly one)
 *   h HOST            the organizations that have an instance at this host
 * Values are numbers of seven bits an octet, least first, and texts after their length. A file
 * that ends too early or lies is an error of that look-up, nothing worse.
 */
#ifndef MILTER_DIRECTORY_CDB_H
#define MILTER_DIRECTORY_CDB_H

#include "milter/directory/data.h"
#include "policy/base/diag.h"

/* Raised whenever a reader of before could misread what is written now. */
#define DIRECTORY_CDB_FORMAT 1
#define DIRECTORY_CDB_MAGIC "crm-notice directory\n"

struct directory_cdb_head {
	uint64_t format, built, organizations, contacts;
	bool local_part_sensitive;
};

/* Writes data to file: beside it first, synced, then renamed over it, so that a reader sees the
 * old one or the new one and never half of one. False, with the reason in diag. */
bool directory_cdb_write(const struct directory_data *data, const char *file, int64_t now,
			 struct diag *diag);

/* Values under construction, and being read: false where the value ends too early. */
struct buf;
void cdb_put_number(struct buf *out, uint64_t number);
void cdb_put_text(struct buf *out, struct str text);
bool cdb_get_number(struct str *rest, uint64_t *ret_number);
bool cdb_get_text(struct str *rest, struct str *ret_text);

/* Reads an organization's value into data; contacts too where wanted, all or administrators. Texts
 * are copied. False where the value makes no sense. */
enum cdb_contacts { CDB_NO_CONTACTS, CDB_ADMINISTRATORS, CDB_ALL_CONTACTS };
bool directory_cdb_organization(struct directory_data *data, struct str value,
				enum cdb_contacts contacts);
/* Reads the contacts of an address. Their organizations are best read before: only then are their
 * instances more than ids. */
struct cdb_address {
	struct str address; /* as asked */
	struct str key;     /* in lower case; lives as long as data */
	bool sensitive;     /* local parts compare with their case */
};
bool directory_cdb_contacts(struct directory_data *data, const struct cdb_address *asked,
			    struct str value);

#endif
