/* Detached signatures: each trap of the library that FACTS and RFC 5652 know has its row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/cms.h>

#include "certs/cms.h"
#include "policy/rules/source.h"

static char directory[] = "/tmp/test-cms-XXXXXX";
static struct arena *arena;
static struct cms_trust *trust;
static int64_t now;
static const struct str content = { "policy: crm-online\nversion: 7\n", 30 };

static const char *path(const char *name)
{
	return arena_printf(arena, "%s/%s", directory, name).p;
}

static int shell(struct str command)
{
	return system(command.p);
}

static int set_up(void **state)
{
	struct str error;

	(void)state;
	arena = arena_new();
	now = time(NULL) + 60;
	assert_non_null(mkdtemp(directory));
	assert_int_equal(shell(arena_printf(arena, "certs/make-dev-ca %s", directory)), 0);
	assert_int_equal(shell(arena_printf(arena, "cd %s && cat signer.pem tls.pem expired.pem "
					    "stranger.pem >pinned.pem", directory)), 0);
	trust = cms_trust_load(arena, path("ca.pem"), path("pinned.pem"), &error);
	assert_non_null(trust);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_int_equal(shell(arena_printf(arena, "rm -r %s", directory)), 0);
	cms_trust_free(trust);
	arena_free(arena);
	return 0;
}

static struct str sign_as(const char *name)
{
	struct str certificate = arena_printf(arena, "%s/%s.pem", directory, name);
	struct str key = arena_printf(arena, "%s/%s.key", directory, name), error = STR_NONE;
	struct str signature = cms_sign(arena, content, certificate.p, key.p, NULL, &error);

	assert_non_null(signature.p);
	return signature;
}

static void expect(struct str text, struct str signature, int64_t at, enum cms_status status)
{
	struct str signer;

	assert_string_equal(cms_status_text(cms_verify(arena, trust, text, signature, at, &signer)),
			    cms_status_text(status));
}

static void signers(void **state)
{
	struct str signer;

	(void)state;
	assert_int_equal(cms_verify(arena, trust, content, sign_as("signer"), now, &signer), CMS_VALID);
	assert_true(str_find(signer, STR_LIT("development signer"), 0) != STR_NPOS);
	expect(content, sign_as("tls"), now, CMS_SIGNER_PURPOSE);
	expect(content, sign_as("expired"), now, CMS_SIGNER_UNTRUSTED);
	expect(content, sign_as("stranger"), now, CMS_SIGNER_UNTRUSTED);
	expect(content, sign_as("ca"), now, CMS_SIGNER_UNKNOWN);
}

/* The clock is handed in: before it begins and after it ends, a certificate signs nothing. */
static void moved_clock(void **state)
{
	(void)state;
	expect(content, sign_as("signer"), now - 86400, CMS_SIGNER_UNTRUSTED);
	expect(content, sign_as("signer"), now + 366 * (int64_t)86400, CMS_SIGNER_UNTRUSTED);
	expect(content, sign_as("expired"), 1577836800 + 3600, CMS_SIGNER_UNTRUSTED);
}

/* What openssl signs with options, as signer. */
static struct str signed_by_openssl(const char *signer, const char *options)
{
	struct str command = arena_printf(
		arena, "cd %s && printf '%.*s' | openssl cms -sign -binary -outform PEM -signer %s.pem "
		"-inkey %s.key %s >openssl.p7s", directory, STR_ARG(content), signer, signer, options);
	struct source source;

	assert_int_equal(shell(command), 0);
	assert_true(source_read(arena, path("openssl.p7s"), CMS_SIGNATURE_MAX, &source));
	return source.text;
}

/* Two texts may have one digest, or somebody else the key. */
static void weak_algorithms(void **state)
{
	struct str error, issue = arena_printf(
		arena, "cd %s && openssl req -newkey rsa:1024 -nodes -keyout weak.key -subj /CN=weak "
		"-out weak.csr 2>/dev/null && printf 'keyUsage=digitalSignature\\n"
		"extendedKeyUsage=emailProtection\\n' >weak.ext && openssl x509 -req -in weak.csr -CA "
		"ca.pem -CAkey ca.key -set_serial 99 -days 9 -extfile weak.ext -out weak.pem 2>/dev/null",
		directory);
	struct cms_trust *before = trust;

	(void)state;
	expect(content, signed_by_openssl("signer", "-md sha384"), now, CMS_VALID);
	expect(content, signed_by_openssl("signer", "-md sha1"), now, CMS_DIGEST_WEAK);
	expect(content, signed_by_openssl("signer", "-md sha224"), now, CMS_DIGEST_WEAK);
	assert_int_equal(shell(issue), 0);
	trust = cms_trust_load(arena, path("ca.pem"), path("weak.pem"), &error);
	assert_non_null(trust);
	expect(content, signed_by_openssl("weak", ""), now, CMS_SIGNER_UNTRUSTED);
	cms_trust_free(trust);
	trust = before;
}

static void altered_content(void **state)
{
	struct str signature = sign_as("signer");

	(void)state;
	expect(STR_LIT("policy: crm-online\nversion: 8\n"), signature, now, CMS_CONTENT_ALTERED);
	expect(STR_LIT("policy: crm-online\r\nversion: 7\r\n"), signature, now, CMS_CONTENT_ALTERED);
	expect(STR_LIT("policy: crm-online\nversion: 7\n\n"), signature, now, CMS_CONTENT_ALTERED);
	expect(STR_LIT(""), signature, now, CMS_CONTENT_ALTERED);
}

/* The signature in DER, with a change that edit makes to it. */
static struct str der_of(struct str signature)
{
	BIO *in = BIO_new_mem_buf(signature.p, (int)signature.n);
	CMS_ContentInfo *cms = PEM_read_bio_CMS(in, NULL, NULL, NULL);
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	struct str text = arena_str(arena, (struct str){ (char *)der, (size_t)n });

	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	return text;
}

static void forms(void **state)
{
	struct str pem = sign_as("signer"), der = der_of(pem);

	(void)state;
	expect(content, der, now, CMS_VALID);
	expect(content, arena_concat(arena, der, STR_LIT("x")), now, CMS_MALFORMED);
	expect(content, str_head(der, der.n - 1), now, CMS_MALFORMED);
	expect(content, arena_concat(arena, pem, pem), now, CMS_MALFORMED);
	expect(content, arena_concat(arena, pem, STR_LIT("\n \n")), now, CMS_VALID);
	expect(content, STR_LIT(""), now, CMS_MALFORMED);
	expect(content, STR_LIT("no signature"), now, CMS_MALFORMED);
}

/* A signature by the library with other flags, or of more signers, than ours. */
static struct str sign_with(unsigned flags, const char *second)
{
	BIO *in = BIO_new_mem_buf(content.p, (int)content.n), *out = BIO_new(BIO_s_mem());
	const char *names[2] = { "signer", second };
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, in, flags | CMS_PARTIAL);
	struct str text;
	char *data;
	long n;

	for (int i = 0; i < 2 && names[i] != NULL; i++) {
		FILE *certificate_file = fopen(arena_printf(arena, "%s/%s.pem", directory, names[i]).p, "r");
		FILE *key_file = fopen(arena_printf(arena, "%s/%s.key", directory, names[i]).p, "r");
		X509 *certificate = PEM_read_X509(certificate_file, NULL, NULL, NULL);
		EVP_PKEY *key = PEM_read_PrivateKey(key_file, NULL, NULL, NULL);

		assert_non_null(CMS_add1_signer(cms, certificate, key, NULL, flags));
		X509_free(certificate);
		EVP_PKEY_free(key);
		fclose(certificate_file);
		fclose(key_file);
	}
	assert_int_equal(CMS_final(cms, in, NULL, flags), 1);
	assert_int_equal(PEM_write_bio_CMS(out, cms), 1);
	n = BIO_get_mem_data(out, &data);
	text = arena_str(arena, (struct str){ data, (size_t)n });
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	BIO_free(out);
	return text;
}

static void structures(void **state)
{
	(void)state;
	expect(content, sign_with(CMS_BINARY | CMS_DETACHED, NULL), now, CMS_VALID);
	expect(content, sign_with(CMS_BINARY, NULL), now, CMS_NOT_DETACHED);
	expect(content, sign_with(CMS_BINARY | CMS_DETACHED, "stranger"), now, CMS_SIGNER_COUNT);
	/* The signer's certificate need not travel with the signature: the pinned one is used. */
	expect(content, sign_with(CMS_BINARY | CMS_DETACHED | CMS_NOCERTS, NULL), now, CMS_VALID);
}

static void unusable_files(void **state)
{
	struct str error = STR_NONE;

	(void)state;
	assert_null(cms_trust_load(arena, path("absent.pem"), path("signer.pem"), &error));
	assert_true(error.n > 0);
	assert_null(cms_trust_load(arena, path("ca.pem"), path("ca.key"), &error));
	assert_null(cms_sign(arena, content, path("signer.pem"), path("tls.key"), NULL, &error).p);
	assert_null(cms_sign(arena, content, path("signer.key"), path("signer.key"), NULL, &error).p);
	assert_null(cms_sign(arena, content, path("absent.pem"), path("signer.key"), NULL, &error).p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signers),	    cmocka_unit_test(moved_clock),
		cmocka_unit_test(weak_algorithms),
		cmocka_unit_test(altered_content),  cmocka_unit_test(forms),
		cmocka_unit_test(structures),	    cmocka_unit_test(unusable_files),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
