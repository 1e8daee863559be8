/* cms.h - detached CMS signatures (RFC 5652) over files that decide: policies, directories
 *
 * Stricter than the library's defaults, each point for a reason: the signature covers the octets
 * as they are (no line end is translated); the structure must be SignedData and nothing may
 * follow it; just one signer, one of those pinned, whose certificate is taken from the pinned
 * file and never from the signature; it must chain to the site's own anchors at the time asked
 * about, and be allowed to sign (key usage digitalSignature or nonRepudiation, extended key usage
 * emailProtection, codeSigning or any, where it states one). Digests below SHA-256, and in the
 * chain keys below 112 bits of security (RSA 2048) or SHA-1, are refused: whose digest collides
 * has signed two texts.
 */
#ifndef CERTS_CMS_H
#define CERTS_CMS_H

#include <stdint.h>

#include "policy/base/arena.h"

#define CMS_SIGNATURE_MAX ((size_t)256 * 1024)

/* Signs content; the result is PEM ("-----BEGIN CMS-----"). certificate and key are PEM files,
 * key and passphrase as keys_load_private wants them. Absent with *ret_error, a text of the arena. */
struct str cms_sign(struct arena *arena, struct str content, const char *certificate,
		    const char *key, const char *passphrase, struct str *ret_error);

enum cms_status {
	CMS_VALID,
	CMS_MALFORMED,        /* no CMS SignedData, or something follows it */
	CMS_NOT_DETACHED,     /* carries a content of its own */
	CMS_SIGNER_COUNT,     /* not just one signer */
	CMS_SIGNER_UNKNOWN,   /* none of the pinned certificates */
	CMS_SIGNER_UNTRUSTED, /* does not chain to the anchors at that time, or expired */
	CMS_SIGNER_PURPOSE,   /* its certificate is not for signing */
	CMS_DIGEST_WEAK,      /* below SHA-256 */
	CMS_CONTENT_ALTERED,  /* the signature is not this content's */
	CMS_STATUS_N,
};
const char *cms_status_text(enum cms_status status);

/* The certificates of authorities whose signers of mail a site trusts. Immutable once loaded. */
struct cms_anchors;

/* PEM file of CA certificates. NULL with *ret_error, a text of the arena. */
struct cms_anchors *cms_anchors_load(struct arena *arena, const char *file, struct str *ret_error);
void cms_anchors_free(struct cms_anchors *anchors);

/* Verifies an S/MIME signature in DER over content at a time: as cms_verify, but with the signer's
 * certificate, and those between it and the anchors, from the signature. It has to state the
 * extended key usage emailProtection. carried: the signature has to hold that very content itself
 * (RFC 8551 3.5.2), else it must hold none. *ret_addresses are the *ret_n mail addresses in it,
 * in arena; only CMS_VALID sets them. */
enum cms_status cms_verify_mail(struct arena *arena, const struct cms_anchors *anchors,
				struct str content, bool carried, struct str signature, int64_t at,
				struct str **ret_addresses, size_t *ret_n);

/* The certificates that a site trusts. Immutable once loaded. */
struct cms_trust;

/* anchors: PEM file of CA certificates; signers: PEM file of the certificates that may sign. NULL
 * with *ret_error, a text of the arena, where either cannot be read or holds none. */
struct cms_trust *cms_trust_load(struct arena *arena, const char *anchors, const char *signers,
				 struct str *ret_error);
void cms_trust_free(struct cms_trust *trust);

/* Verifies a signature in PEM or DER over content at a time (seconds since 1970). *ret_signer is
 * the subject of the signer's certificate where one was found, else absent. The signing time
 * inside the signature is the signer's claim and is not looked at. */
enum cms_status cms_verify(struct arena *arena, const struct cms_trust *trust,
			   struct str content, struct str signature, int64_t at,
			   struct str *ret_signer);

#endif
