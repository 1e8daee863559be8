/* Any octets as a signature, in DER or PEM, by a pinned signer and over a mail. What is taken for
 * this content is taken for no other, and at no time at which the signer's certificate is not valid. */
#include "certs/cms.h"

#define CERTIFICATES "tests/fuzz/data/cms.pem"
#define NOW 1800000000
#define LONG_AGO 1000000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct cms_trust *trust;
static struct cms_anchors *anchors;

/* Anchor and signer stand in one file: the anchor may sign nothing, the signer is no authority. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct arena *arena = arena_new();
	struct str error;

	(void)argc;
	(void)argv;
	trust = cms_trust_load(arena, CERTIFICATES, CERTIFICATES, &error);
	anchors = cms_anchors_load(arena, CERTIFICATES, &error);
	if (trust == NULL || anchors == NULL)
		abort();
	arena_free(arena);
	return 0;
}

/* Detached (carried false) or in one piece. */
static bool mail_is_valid(struct arena *arena, struct str content, bool carried,
			  struct str signature, int64_t at)
{
	struct str *addresses;
	size_t n;

	if (cms_verify_mail(arena, anchors, content, carried, signature, at, &addresses, &n) !=
	    CMS_VALID)
		return false;
	if (n != 1 || !str_is(addresses[0], "notices@crm.example"))
		abort();
	return true;
}

static void must_refuse(struct arena *arena, struct str content, struct str signature, int64_t at)
{
	struct str signer;

	if (cms_verify(arena, trust, content, signature, at, &signer) == CMS_VALID ||
	    mail_is_valid(arena, content, false, signature, at) ||
	    mail_is_valid(arena, content, true, signature, at))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str signature = { (const char *)data, size }, content = STR_LIT("notice\r\n");
	struct arena *arena = arena_new();
	struct str signer;

	if (cms_verify(arena, trust, content, signature, NOW, &signer) == CMS_VALID && signer.n == 0)
		abort();
	if (mail_is_valid(arena, content, false, signature, NOW) &&
	    mail_is_valid(arena, content, true, signature, NOW))
		abort();
	must_refuse(arena, STR_LIT("notice\n"), signature, NOW);
	must_refuse(arena, STR_LIT(""), signature, NOW);
	must_refuse(arena, content, signature, LONG_AGO);
	arena_free(arena);
	return 0;
}
