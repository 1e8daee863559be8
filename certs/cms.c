#include "certs/cms.h"

#include <errno.h>
#include <limits.h>
#include <openssl/pem.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <unistd.h>

#include "certs/keys.h"
#include "certs/provider.h"

#define CMS_FLAGS (CMS_BINARY | CMS_DETACHED)
#define DIGEST_OCTETS_MIN 32
/* 112 bits: X509_VERIFY_PARAM_set_auth_level(3), SSL_CTX_set_security_level(3) */
#define SECURITY_LEVEL 2

static const char *const status_texts[CMS_STATUS_N] = {
	[CMS_VALID] = "valid",
	[CMS_MALFORMED] = "no CMS signature, or something follows it",
	[CMS_NOT_DETACHED] = "the signature carries a content of its own; a detached one is wanted",
	[CMS_SIGNER_COUNT] = "there must be just one signer",
	[CMS_SIGNER_UNKNOWN] = "the signer is none of those that may sign",
	[CMS_SIGNER_UNTRUSTED] =
		"the signer's certificate is not valid, too weak, or of no trusted authority",
	[CMS_SIGNER_PURPOSE] = "the signer's certificate is not meant for signing",
	[CMS_DIGEST_WEAK] = "the signature is over a digest weaker than SHA-256",
	[CMS_CONTENT_ALTERED] = "the file is not the one that was signed",
};

const char *cms_status_text(enum cms_status status)
{
	return status_texts[status];
}

static X509 *certificate_load(struct arena *arena, const char *file, struct str *ret_error)
{
	FILE *stream = fopen(file, "re");
	X509 *certificate;

	if (stream == NULL) {
		*ret_error = arena_printf(arena, "%s: %s", file, strerror(errno));
		return NULL;
	}
	certificate = X509_new_ex(provider_context(), NULL);
	if (certificate != NULL && PEM_read_X509(stream, &certificate, NULL, NULL) == NULL) {
		X509_free(certificate);
		certificate = NULL;
	}
	fclose(stream);
	if (certificate == NULL)
		*ret_error = arena_printf(arena, "%s: no certificate in PEM form", file);
	return certificate;
}

/* What a memory BIO holds, as text of the arena; the BIO is freed. */
static struct str take_bio(struct arena *arena, BIO *bio)
{
	char *data;
	long n = BIO_get_mem_data(bio, &data);
	struct str text = arena_str(arena, (struct str){ data, n > 0 ? (size_t)n : 0 });

	BIO_free(bio);
	return text;
}

static struct str sign_content(struct arena *arena, struct str content, X509 *certificate,
			       EVP_PKEY *pkey)
{
	BIO *in = BIO_new_mem_buf(content.p, (int)content.n), *out = BIO_new(BIO_s_mem());
	CMS_ContentInfo *cms = CMS_sign_ex(certificate, pkey, NULL, in, CMS_FLAGS,
					   provider_context(), provider_query(pkey));
	struct str text = STR_NONE;
	bool written = cms != NULL && PEM_write_bio_CMS(out, cms) == 1;

	text = take_bio(arena, out);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	return written ? text : STR_NONE;
}

struct str cms_sign(struct arena *arena, struct str content, const char *certificate,
		    const char *key, const char *passphrase, struct str *ret_error)
{
	struct str text = STR_NONE;
	EVP_PKEY *pkey;
	X509 *x509;

	if (content.n > INT_MAX) {
		*ret_error = STR_LIT("too large to sign");
		return STR_NONE;
	}
	x509 = certificate_load(arena, certificate, ret_error);
	if (x509 == NULL)
		return STR_NONE;
	pkey = keys_load_private(arena, key, passphrase, geteuid(), ret_error);
	if (pkey != NULL) {
		if (EVP_PKEY_is_a(pkey, "ED25519") == 1) {
			*ret_error = arena_printf(arena, "%s: is Ed25519, with which this OpenSSL makes "
						  "no CMS signature; EC and RSA keys do", key);
		} else if (X509_check_private_key(x509, pkey) != 1) {
			*ret_error = arena_printf(arena, "%s is not the key of %s", key, certificate);
		} else {
			text = sign_content(arena, content, x509, pkey);
			if (text.p == NULL)
				*ret_error = arena_printf(arena, "%s: OpenSSL could not sign: %s", key,
							  provider_reason());
		}
	}
	EVP_PKEY_free(pkey);
	X509_free(x509);
	ERR_clear_error();
	return text;
}

struct cms_trust {
	STACK_OF(X509) *anchors;
	STACK_OF(X509) *signers;
};

static STACK_OF(X509) *certificates_load(struct arena *arena, const char *file,
					 struct str *ret_error)
{
	FILE *stream = fopen(file, "re");
	STACK_OF(X509) *certificates;
	X509 *certificate;

	if (stream == NULL) {
		*ret_error = arena_printf(arena, "%s: %s", file, strerror(errno));
		return NULL;
	}
	certificates = sk_X509_new_null();
	while ((certificate = PEM_read_X509(stream, NULL, NULL, NULL)) != NULL)
		sk_X509_push(certificates, certificate);
	fclose(stream);
	ERR_clear_error();
	if (sk_X509_num(certificates) > 0)
		return certificates;
	*ret_error = arena_printf(arena, "%s: no certificate in PEM form", file);
	sk_X509_free(certificates);
	return NULL;
}

struct cms_trust *cms_trust_load(struct arena *arena, const char *anchors, const char *signers,
				 struct str *ret_error)
{
	struct cms_trust *trust = calloc(1, sizeof *trust);

	if (trust == NULL)
		abort();
	trust->anchors = certificates_load(arena, anchors, ret_error);
	if (trust->anchors != NULL)
		trust->signers = certificates_load(arena, signers, ret_error);
	if (trust->signers != NULL)
		return trust;
	cms_trust_free(trust);
	return NULL;
}

void cms_trust_free(struct cms_trust *trust)
{
	if (trust == NULL)
		return;
	sk_X509_pop_free(trust->anchors, X509_free);
	sk_X509_pop_free(trust->signers, X509_free);
	free(trust);
}

/* One structure, all of the octets: PEM with nothing but white space after it, or DER. */
static CMS_ContentInfo *signature_parse(struct str signature)
{
	BIO *in = BIO_new_mem_buf(signature.p, (int)signature.n);
	CMS_ContentInfo *cms = NULL;
	char *data;
	long left;

	if (str_starts(signature, STR_LIT("-----BEGIN ")))
		cms = PEM_read_bio_CMS(in, NULL, NULL, NULL);
	else
		cms = d2i_CMS_bio(in, NULL);
	left = BIO_get_mem_data(in, &data);
	if (cms != NULL && (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed ||
			    str_trim((struct str){ data, left > 0 ? (size_t)left : 0 }).n > 0)) {
		CMS_ContentInfo_free(cms);
		cms = NULL;
	}
	BIO_free(in);
	return cms;
}

/* The certificate that made the one signature, or NULL. */
static X509 *find_signer(STACK_OF(X509) *signers, CMS_SignerInfo *info)
{
	for (int i = 0; i < sk_X509_num(signers); i++) {
		if (CMS_SignerInfo_cert_cmp(info, sk_X509_value(signers, i)) == 0)
			return sk_X509_value(signers, i);
	}
	return NULL;
}

static bool may_sign(X509 *certificate)
{
	uint32_t usage = X509_get_key_usage(certificate);
	uint32_t extended = X509_get_extended_key_usage(certificate);

	return (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0 &&
	       (extended & (XKU_SMIME | XKU_CODE_SIGN | XKU_ANYEKU)) != 0;
}

static bool digest_is_strong(CMS_SignerInfo *info)
{
	X509_ALGOR *algorithm = NULL;
	const EVP_MD *digest;

	CMS_SignerInfo_get0_algs(info, NULL, NULL, &algorithm, NULL);
	digest = algorithm != NULL ? EVP_get_digestbyobj(algorithm->algorithm) : NULL;
	return digest != NULL && EVP_MD_get_size(digest) >= DIGEST_OCTETS_MIN;
}

/* Purpose is may_sign's: the store only builds the chain, at the time asked about. */
static bool chains_to_anchor(STACK_OF(X509) *anchors, STACK_OF(X509) *between, X509 *certificate,
			     int64_t at)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	bool trusted = false;

	if (store != NULL && context != NULL &&
	    X509_STORE_CTX_init(context, store, certificate, between) == 1) {
		X509_STORE_CTX_set0_trusted_stack(context, anchors);
		X509_STORE_CTX_set_time(context, 0, (time_t)at);
		X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context),
						 SECURITY_LEVEL);
		trusted = X509_verify_cert(context) == 1;
	}
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	return trusted;
}

/* The content stands behind a filter: a memory BIO itself would be copied, and that copy is lost
 * (OpenSSL 3.0.19) where the structure names an algorithm that is none. */
static bool signs_content(STACK_OF(X509) *signers, CMS_ContentInfo *cms, struct str content)
{
	BIO *in = BIO_push(BIO_new(BIO_f_null()), BIO_new_mem_buf(content.p, (int)content.n));
	bool signs = CMS_verify(cms, signers, NULL, in, NULL,
				CMS_FLAGS | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY) == 1;

	BIO_free_all(in);
	return signs;
}

static struct str subject_of(struct arena *arena, X509 *certificate)
{
	BIO *out = BIO_new(BIO_s_mem());

	X509_NAME_print_ex(out, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
	return take_bio(arena, out);
}

static enum cms_status verify_parsed(struct arena *arena, const struct cms_trust *trust,
				     CMS_ContentInfo *cms, struct str content, int64_t at,
				     struct str *ret_signer)
{
	STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
	ASN1_OCTET_STRING **inner = CMS_get0_content(cms);
	X509 *signer;

	if (inner != NULL && *inner != NULL)
		return CMS_NOT_DETACHED;
	if (sk_CMS_SignerInfo_num(infos) != 1)
		return CMS_SIGNER_COUNT;
	signer = find_signer(trust->signers, sk_CMS_SignerInfo_value(infos, 0));
	if (signer == NULL)
		return CMS_SIGNER_UNKNOWN;
	*ret_signer = subject_of(arena, signer);
	if (!may_sign(signer))
		return CMS_SIGNER_PURPOSE;
	if (!chains_to_anchor(trust->anchors, NULL, signer, at))
		return CMS_SIGNER_UNTRUSTED;
	if (!digest_is_strong(sk_CMS_SignerInfo_value(infos, 0)))
		return CMS_DIGEST_WEAK;
	return signs_content(trust->signers, cms, content) ? CMS_VALID : CMS_CONTENT_ALTERED;
}

enum cms_status cms_verify(struct arena *arena, const struct cms_trust *trust,
			   struct str content, struct str signature, int64_t at,
			   struct str *ret_signer)
{
	enum cms_status status = CMS_MALFORMED;
	CMS_ContentInfo *cms;

	*ret_signer = STR_NONE;
	if (content.n > INT_MAX || signature.n > CMS_SIGNATURE_MAX)
		return CMS_MALFORMED;
	cms = signature_parse(signature);
	if (cms != NULL)
		status = verify_parsed(arena, trust, cms, content, at, ret_signer);
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return status;
}

struct cms_anchors {
	STACK_OF(X509) *certificates;
};

struct cms_anchors *cms_anchors_load(struct arena *arena, const char *file, struct str *ret_error)
{
	STACK_OF(X509) *certificates = certificates_load(arena, file, ret_error);
	struct cms_anchors *anchors;

	if (certificates == NULL)
		return NULL;
	anchors = calloc(1, sizeof *anchors);
	if (anchors == NULL)
		abort();
	anchors->certificates = certificates;
	return anchors;
}

void cms_anchors_free(struct cms_anchors *anchors)
{
	if (anchors != NULL)
		sk_X509_pop_free(anchors->certificates, X509_free);
	free(anchors);
}

/* A certificate without extended key usage may do anything: here that is too much. */
static bool may_sign_mail(X509 *certificate)
{
	return may_sign(certificate) &&
	       (X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) != 0 &&
	       (X509_get_extended_key_usage(certificate) & XKU_SMIME) != 0;
}

static struct str *addresses_of(struct arena *arena, X509 *certificate, size_t *ret_n)
{
	STACK_OF(OPENSSL_STRING) *found = X509_get1_email(certificate);
	size_t n = found != NULL ? (size_t)sk_OPENSSL_STRING_num(found) : 0;
	struct str *addresses = ARENA_ARRAY(arena, n, struct str);

	for (size_t i = 0; i < n; i++)
		addresses[i] = arena_str(arena, str_from(sk_OPENSSL_STRING_value(found, (int)i)));
	X509_email_free(found);
	*ret_n = n;
	return addresses;
}

/* What was read must be what was signed, octet by octet. */
static enum cms_status check_carried(CMS_ContentInfo *cms, struct str content, bool carried)
{
	ASN1_OCTET_STRING **inner = CMS_get0_content(cms);
	bool there = inner != NULL && *inner != NULL;

	if (!carried)
		return there ? CMS_NOT_DETACHED : CMS_VALID;
	if (!there || !str_eq(content, (struct str){ (const char *)ASN1_STRING_get0_data(*inner),
						     (size_t)ASN1_STRING_length(*inner) }))
		return CMS_CONTENT_ALTERED;
	return CMS_VALID;
}

static enum cms_status mail_verify_parsed(struct arena *arena, const struct cms_anchors *anchors,
					  CMS_ContentInfo *cms, STACK_OF(X509) *brought,
					  struct str content, int64_t at,
					  struct str **ret_addresses, size_t *ret_n)
{
	STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
	STACK_OF(X509) *one;
	X509 *signer;
	bool signs;

	if (sk_CMS_SignerInfo_num(infos) != 1)
		return CMS_SIGNER_COUNT;
	signer = find_signer(brought, sk_CMS_SignerInfo_value(infos, 0));
	if (signer == NULL)
		return CMS_SIGNER_UNKNOWN;
	if (!may_sign_mail(signer))
		return CMS_SIGNER_PURPOSE;
	if (!chains_to_anchor(anchors->certificates, brought, signer, at))
		return CMS_SIGNER_UNTRUSTED;
	if (!digest_is_strong(sk_CMS_SignerInfo_value(infos, 0)))
		return CMS_DIGEST_WEAK;
	one = sk_X509_new_null();
	sk_X509_push(one, signer);
	signs = signs_content(one, cms, content);
	sk_X509_free(one);
	if (!signs)
		return CMS_CONTENT_ALTERED;
	*ret_addresses = addresses_of(arena, signer, ret_n);
	return CMS_VALID;
}

enum cms_status cms_verify_mail(struct arena *arena, const struct cms_anchors *anchors,
				struct str content, bool carried, struct str signature, int64_t at,
				struct str **ret_addresses, size_t *ret_n)
{
	/* in pieces, a content may take up to some octets more for each */
	size_t limit = CMS_SIGNATURE_MAX + (carried ? content.n * 2 : 0);
	enum cms_status status = CMS_MALFORMED;
	CMS_ContentInfo *cms;

	if (content.n > INT_MAX / 4 || signature.n > limit)
		return CMS_MALFORMED;
	cms = signature_parse(signature);
	if (cms != NULL) {
		STACK_OF(X509) *brought = CMS_get1_certs(cms);

		status = check_carried(cms, content, carried);
		if (status == CMS_VALID)
			status = mail_verify_parsed(arena, anchors, cms, brought, content, at,
						    ret_addresses, ret_n);
		sk_X509_pop_free(brought, X509_free);
	}
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return status;
}
