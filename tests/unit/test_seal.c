/* The seal: every way of tampering has an answer of its own, and transport breaks nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "certs/canonical.h"
#include "certs/seal.h"

#define NOW 1772442000

static char directory[] = "/tmp/test-seal-XXXXXX";
static struct arena *arena;
static struct signing_key *key, *rsa_key, *ec_key;
static struct key_ring *ring;

static struct str path(const char *name)
{
	return arena_printf(arena, "%s/%s", directory, name);
}

static void write_private(EVP_PKEY *pkey, const char *name, mode_t mode)
{
	FILE *stream = fopen(path(name).p, "w");

	assert_non_null(stream);
	assert_int_equal(PEM_write_PrivateKey(stream, pkey, NULL, NULL, 0, NULL, NULL), 1);
	fclose(stream);
	assert_int_equal(chmod(path(name).p, mode), 0);
}

static void write_public(EVP_PKEY *pkey, const char *name)
{
	FILE *stream = fopen(path(name).p, "w");

	assert_non_null(stream);
	assert_int_equal(PEM_write_PUBKEY(stream, pkey), 1);
	fclose(stream);
}

static void write_certificate(EVP_PKEY *pkey, const char *name, int64_t from, int64_t until)
{
	FILE *stream = fopen(path(name).p, "w");
	X509 *certificate = X509_new();

	assert_non_null(stream);
	ASN1_TIME_set(X509_getm_notBefore(certificate), from);
	ASN1_TIME_set(X509_getm_notAfter(certificate), until);
	X509_set_pubkey(certificate, pkey);
	assert_true(X509_sign(certificate, pkey, NULL) > 0);
	assert_int_equal(PEM_write_X509(stream, certificate), 1);
	X509_free(certificate);
	fclose(stream);
}

static void add(const char *selector, const char *file, int64_t from, int64_t until)
{
	struct str error;

	assert_true(key_ring_add(ring, arena, str_from(selector), path(file).p, from, until, &error));
}

static int set_up(void **state)
{
	EVP_PKEY *ed25519 = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	EVP_PKEY *other = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	EVP_PKEY *rsa = EVP_RSA_gen(2048), *weak = EVP_RSA_gen(1024);
	EVP_PKEY *ec = EVP_EC_gen("P-256");
	struct str error;

	(void)state;
	arena = arena_new();
	assert_non_null(mkdtemp(directory));
	write_private(ed25519, "key.pem", 0600);
	write_private(ed25519, "open.pem", 0640);
	write_private(weak, "weak.pem", 0600);
	write_private(rsa, "rsa.pem", 0600);
	write_private(ec, "ec.pem", 0600);
	write_public(ec, "ec-public.pem");
	write_public(ed25519, "public.pem");
	write_public(other, "other.pem");
	write_public(rsa, "rsa-public.pem");
	write_certificate(ed25519, "expired.pem", NOW - 1000, NOW - 10);
	write_certificate(ed25519, "future.pem", NOW + 10, NOW + 1000);
	assert_int_equal(symlink(path("key.pem").p, path("link.pem").p), 0);
	ring = key_ring_new();
	add("s1", "public.pem", 0, 0);
	add("other", "other.pem", 0, 0);
	add("rsa", "rsa-public.pem", 0, 0);
	add("ec", "ec-public.pem", 0, 0);
	add("expired", "expired.pem", 0, 0);
	add("future", "future.pem", 0, 0);
	add("ended", "public.pem", 0, NOW - 1);
	key = signing_key_load(arena, path("key.pem").p, NULL, STR_LIT("s1"), geteuid(), &error);
	rsa_key = signing_key_load(arena, path("rsa.pem").p, NULL, STR_LIT("rsa"), geteuid(), &error);
	assert_non_null(key);
	assert_non_null(rsa_key);
	ec_key = signing_key_load(arena, path("ec.pem").p, NULL, STR_LIT("ec"), geteuid(), &error);
	assert_non_null(ec_key);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(ed25519);
	EVP_PKEY_free(other);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(weak);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const files[] = { "key.pem", "open.pem", "weak.pem", "rsa.pem", "ec.pem", "ec-public.pem",
		"public.pem", "other.pem", "rsa-public.pem", "expired.pem", "future.pem", "link.pem" };

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		unlink(path(files[i]).p);
	rmdir(directory);
	signing_key_free(key);
	signing_key_free(rsa_key);
	signing_key_free(ec_key);
	key_ring_free(ring);
	arena_free(arena);
	return 0;
}

#define FIELD(name, value) { { name, sizeof(name) - 1 }, { value, sizeof(value) - 1 } }

static const struct seal_field original[] = {
	FIELD("From", " CRM Online <notices@crm.example>"),
	FIELD("To", " ada@contoso.example"),
	FIELD("Subject", " Planned Maintenance:\n contoso-prod"),
	FIELD("Date", " Mon, 2 Mar 2026 09:00:00 +0000"),
	FIELD("Message-ID", " <1@crm.example>"),
	FIELD("X-CRM-Notice-Category", " planned-maintenance; score=9.5; phase=initial"),
	FIELD("X-CRM-Notice-Event", " id=CHG1; start=2026-03-10T22:00:00Z"),
	FIELD("X-CRM-Notice-Policy", " crm-online; version=7; sha256=0011223344556677"),
	FIELD("X-CRM-Notice-Verdict", " flag; findings=content.title"),
};
#define ORIGINAL_N (sizeof original / sizeof *original)

static const struct str addresses[] = { { "ada@contoso.example", 19 },
					{ "bob@contoso.example", 19 } };

struct sealed {
	struct seal_field fields[ORIGINAL_N + 2];
	struct seal_message message;
};

static void seal_with(struct sealed *sealed, const struct signing_key *with, int64_t at)
{
	memcpy(sealed->fields, original, sizeof original);
	sealed->message = (struct seal_message){
		.fields = sealed->fields,
		.n_fields = ORIGINAL_N,
		.body = STR_LIT("Planned Maintenance\r\n\r\nStart: 10 March  2026\r\n"),
		.recipients = addresses,
		.n_recipients = 2,
		.recipients_known = true,
	};
	sealed->fields[ORIGINAL_N] = (struct seal_field){
		STR_LIT(SEAL_FIELD), seal_sign(arena, with, &sealed->message, at) };
	assert_non_null(sealed->fields[ORIGINAL_N].value.p);
	sealed->message.n_fields++;
}

static void expect(const struct sealed *sealed, enum seal_status status)
{
	struct str detail;
	enum seal_status found = seal_verify(arena, ring, &sealed->message, NOW, &detail);

	assert_string_equal(seal_status_name(found), seal_status_name(status));
	assert_true(strlen(seal_status_text(found)) > 10);
}

static void seals_verify(void **state)
{
	struct sealed sealed;

	(void)state;
	seal_with(&sealed, key, NOW);
	expect(&sealed, SEAL_VALID);
	seal_with(&sealed, rsa_key, NOW);
	expect(&sealed, SEAL_VALID);
	seal_with(&sealed, ec_key, NOW);
	expect(&sealed, SEAL_VALID);
	sealed.message.recipients_known = false;
	expect(&sealed, SEAL_VALID_RECIPIENTS_UNVERIFIED);
}

/* What mail servers do on the way: folds and spaces move, line ends change, an empty line comes. */
static void transport_breaks_nothing(void **state)
{
	static const struct str swapped[] = { { "Bob@Contoso.example", 19 },
					      { "ada@contoso.example", 19 },
					      { "ada@contoso.example", 19 } };
	struct sealed sealed;

	(void)state;
	seal_with(&sealed, key, NOW);
	sealed.fields[2].value = STR_LIT("Planned Maintenance:\r\n\t contoso-prod ");
	sealed.fields[0].name = STR_LIT("FROM");
	sealed.message.body = STR_LIT("Planned Maintenance  \n\nStart: 10 March 2026\n\n\n");
	sealed.message.recipients = swapped;
	sealed.message.n_recipients = 3;
	expect(&sealed, SEAL_VALID);
}

/* RFC 6376 3.4.4. */
static void bodies_in_relaxed_form(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{ "a b\r\n", "a \t b  \n", true },   { "a\tb\r\n", "a b\r\n", true },
		{ "\ta\r\n", " a\r\n", true },       { " a\r\n", "a\r\n", false },
		{ "a\r\n \t\r\n", "a\n", true },    { "a\r\n\r\nb\r\n", "a\n \nb\n", true },
		{ "a\r\nb\r\n", "a b\r\n", false }, { "a  b c\td \r\n", "a b c d", true },
		{ "", "\r\n\r\n", true },            { "ab\r\n", "a b\r\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned char a[32], b[32];

		assert_true(canonical_body_hash(str_from(rows[i].a), a));
		assert_true(canonical_body_hash(str_from(rows[i].b), b));
		assert_int_equal(memcmp(a, b, sizeof a) == 0, rows[i].same);
	}
}

static void altered_fields(void **state)
{
	static const size_t covered[] = { 0, 2, 3, 4, 5, 6, 7, 8 };
	struct sealed sealed;

	(void)state;
	for (size_t i = 0; i < sizeof covered / sizeof *covered; i++) {
		struct seal_field *field;

		seal_with(&sealed, key, NOW);
		field = &sealed.fields[covered[i]];
		field->value = arena_concat(arena, field->value, STR_LIT("x"));
		expect(&sealed, SEAL_SIGNATURE_INVALID);
		field->name = STR_LIT("X-Gone");
		expect(&sealed, SEAL_SIGNATURE_INVALID);
		seal_with(&sealed, key, NOW);
		sealed.fields[ORIGINAL_N + 1] = sealed.fields[covered[i]];
		sealed.message.n_fields++;
		expect(&sealed, SEAL_DUPLICATE);
	}
}

static void altered_body_and_recipients(void **state)
{
	struct sealed sealed;

	(void)state;
	seal_with(&sealed, key, NOW);
	sealed.message.body = STR_LIT("Planned Maintenance\r\n\r\nStart: 11 March  2026\r\n");
	expect(&sealed, SEAL_BODY_ALTERED);
	seal_with(&sealed, key, NOW);
	sealed.message.body = STR_LIT("");
	expect(&sealed, SEAL_BODY_ALTERED);
	seal_with(&sealed, key, NOW);
	sealed.message.n_recipients = 1;
	expect(&sealed, SEAL_RECIPIENTS_ALTERED);
	sealed.message.n_recipients = 0;
	expect(&sealed, SEAL_RECIPIENTS_ALTERED);
}

/* A replacement of old by new in the seal, and what it comes to. */
static void altered_seal(void **state)
{
	static const struct {
		const char *old, *new;
		enum seal_status status;
	} rows[] = {
		{ "v=1", "v=2", SEAL_UNKNOWN_VERSION },
		{ "v=1; ", "", SEAL_MALFORMED },
		{ "v=1", "v=1; v=1", SEAL_MALFORMED },
		{ "a=ed25519-sha256", "a=ed25519-sha1", SEAL_UNKNOWN_ALGORITHM },
		{ "a=ed25519-sha256", "a=rsa-sha256", SEAL_KEY_MISMATCH },
		{ "a=ed25519-sha256", "A=ed25519-sha256", SEAL_MALFORMED },
		{ "s=s1", "s=s2", SEAL_UNKNOWN_KEY },
		{ "s=s1", "s=other", SEAL_SIGNATURE_INVALID },
		{ "a=ed25519-sha256", "a=ecdsa-sha256", SEAL_KEY_MISMATCH },
		{ "s=s1", "s=rsa", SEAL_KEY_MISMATCH },
		{ "s=s1", "s=ec", SEAL_KEY_MISMATCH },
		{ "s=s1", "s=expired", SEAL_KEY_EXPIRED },
		{ "s=s1", "s=ended", SEAL_KEY_EXPIRED },
		{ "s=s1", "s=future", SEAL_KEY_NOT_YET_VALID },
		{ "s=s1", "s=../s1", SEAL_MALFORMED },
		{ "s=s1;", "", SEAL_MALFORMED },
		{ "t=1772442000", "t=1772442001", SEAL_SIGNATURE_INVALID },
		{ "t=1772442000", "t=1772449999", SEAL_IN_FUTURE },
		{ "t=1772442000", "t=-1", SEAL_MALFORMED },
		{ "t=1772442000", "t=99999999999999999999", SEAL_MALFORMED },
		{ "rh=", "rh=A", SEAL_MALFORMED },
		{ "bh=", "bh=!", SEAL_MALFORMED },
		{ "bh=", "bh=; x=", SEAL_MALFORMED },
		{ "b=\n ", "b=\n A", SEAL_MALFORMED },
		{ "b=\n ", "b=\n AAAA", SEAL_SIGNATURE_INVALID },
		{ "b=\n ", "c=1; b=\n ", SEAL_SIGNATURE_INVALID },
		{ "v=1", "v 1", SEAL_MALFORMED },
		{ "v=1", ";v=1", SEAL_MALFORMED },
	};
	struct sealed sealed;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str value, tail;
		size_t at;

		seal_with(&sealed, key, NOW);
		value = sealed.fields[ORIGINAL_N].value;
		at = str_find(value, str_from(rows[i].old), 0);
		assert_true(at != STR_NPOS);
		tail = str_skip(value, at + strlen(rows[i].old));
		value = arena_concat(arena, str_head(value, at), str_from(rows[i].new));
		sealed.fields[ORIGINAL_N].value = arena_concat(arena, value, tail);
		expect(&sealed, rows[i].status);
	}
}

static void missing_duplicate_and_replayed(void **state)
{
	struct sealed sealed, other;

	(void)state;
	seal_with(&sealed, key, NOW);
	sealed.message.n_fields--;
	expect(&sealed, SEAL_MISSING);
	seal_with(&sealed, key, NOW);
	sealed.fields[ORIGINAL_N + 1] = sealed.fields[ORIGINAL_N];
	sealed.message.n_fields++;
	expect(&sealed, SEAL_DUPLICATE);
	seal_with(&sealed, key, NOW);
	seal_with(&other, key, NOW);
	other.fields[4].value = STR_LIT(" <2@crm.example>");
	other.fields[ORIGINAL_N] = sealed.fields[ORIGINAL_N];
	expect(&other, SEAL_SIGNATURE_INVALID);
	sealed.fields[ORIGINAL_N].value = STR_LIT("");
	expect(&sealed, SEAL_MALFORMED);
	sealed.fields[ORIGINAL_N].value = arena_printf(arena, "v=1; x=%05000d", 0);
	expect(&sealed, SEAL_MALFORMED);
}

static void an_old_key_still_verifies_what_it_sealed(void **state)
{
	struct sealed sealed;
	struct str error;
	struct signing_key *ended = signing_key_load(arena, path("key.pem").p, NULL, STR_LIT("ended"), geteuid(), &error);

	(void)state;
	seal_with(&sealed, ended, NOW - 100);
	expect(&sealed, SEAL_VALID);
	seal_with(&sealed, ended, NOW);
	expect(&sealed, SEAL_KEY_EXPIRED);
	signing_key_free(ended);
}

static void bad_key_files(void **state)
{
	static const char *const names[] = { "open.pem", "link.pem", "weak.pem", "public.pem",
					     "absent.pem", "." };
	struct str error;

	(void)state;
	assert_int_equal(chmod(path("public.pem").p, 0600), 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		error = STR_NONE;
		assert_null(signing_key_load(arena, path(names[i]).p, NULL, STR_LIT("s1"), geteuid(), &error));
		assert_true(error.n > 0);
	}
	assert_null(signing_key_load(arena, path("key.pem").p, NULL, STR_LIT("no selector"), geteuid(), &error));
	assert_false(key_ring_add(ring, arena, STR_LIT("s1"), path("public.pem").p, 0, 0, &error));
	assert_false(key_ring_add(ring, arena, STR_LIT("s9"), path("absent.pem").p, 0, 0, &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seals_verify),
		cmocka_unit_test(transport_breaks_nothing),
		cmocka_unit_test(bodies_in_relaxed_form),
		cmocka_unit_test(altered_fields),
		cmocka_unit_test(altered_body_and_recipients),
		cmocka_unit_test(altered_seal),
		cmocka_unit_test(missing_duplicate_and_replayed),
		cmocka_unit_test(an_old_key_still_verifies_what_it_sealed),
		cmocka_unit_test(bad_key_files),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
