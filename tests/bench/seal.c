/* What a seal costs: CPU a notice with Ed25519, beside the 150 us it may take. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "certs/seal.h"

#define ROUNDS 2000
#define LIMIT_US 150.0

static struct signing_key *make_key(struct arena *arena)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	char file[] = "/tmp/bench-seal-XXXXXX";
	struct signing_key *key;
	int fd = mkstemp(file);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	struct str error = STR_LIT("no temporary file");

	if (out == NULL || PEM_write_PrivateKey(out, pkey, NULL, NULL, 0, NULL, NULL) != 1) {
		perror(file);
		exit(1);
	}
	fclose(out);
	EVP_PKEY_free(pkey);
	key = signing_key_load(arena, file, NULL, STR_LIT("bench"), geteuid(), &error);
	unlink(file);
	if (key == NULL) {
		fprintf(stderr, "%.*s\n", STR_ARG(error));
		exit(1);
	}
	return key;
}

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double cost(const struct signing_key *key, size_t octets)
{
	static const struct seal_field fields[] = {
		{ STR_LIT("X-CRM-Notice-Category"), STR_LIT("planned-maintenance; score=9.5") },
		{ STR_LIT("X-CRM-Notice-Event"), STR_LIT("id=CHG1; start=2026-03-10T22:00:00Z") },
		{ STR_LIT("X-CRM-Notice-Policy"), STR_LIT("crm-online; version=7") },
		{ STR_LIT("X-CRM-Notice-Verdict"), STR_LIT("accept") },
		{ STR_LIT("Message-ID"), STR_LIT("<1@crm.example>") },
		{ STR_LIT("From"), STR_LIT("CRM Online <notices@crm.example>") },
		{ STR_LIT("Date"), STR_LIT("Sun, 22 Nov 2026 18:55:19 +0000") },
		{ STR_LIT("Subject"), STR_LIT("Planned maintenance for contoso-prod") },
	};
	static const char line[] = "<tr><td style=\"padding:4px\">A line of the notice.</td></tr>\r\n";
	struct arena *arena = arena_new(), *scratch = arena_new();
	const struct str recipient = STR_LIT("ada@contoso.example");
	char *body = arena_alloc(arena, octets);
	double begun;

	for (size_t i = 0; i < octets; i++)
		body[i] = line[i % (sizeof line - 1)];
	struct seal_message message = {
		.fields = fields, .n_fields = sizeof fields / sizeof *fields,
		.body = { body, octets }, .recipients = &recipient, .n_recipients = 1,
		.recipients_known = true,
	};
	begun = cpu_us();
	for (int i = 0; i < ROUNDS; i++) {
		if (seal_sign(scratch, key, &message, 1800000000 + i).p == NULL)
			exit(1);
		arena_clear(scratch);
	}
	begun = (cpu_us() - begun) / ROUNDS;
	arena_free(scratch);
	arena_free(arena);
	return begun;
}

int main(void)
{
	static const size_t sizes[] = { 2000, 10000, 50000 };
	struct arena *arena = arena_new();
	struct signing_key *key = make_key(arena);
	int status = 0;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		double us = cost(key, sizes[i]);

		printf("sealing %5zu octets with Ed25519: %6.1f us of CPU (may take %.0f)\n", sizes[i],
		       us, LIMIT_US);
		status = us > LIMIT_US ? 1 : status;
	}
	signing_key_free(key);
	arena_free(arena);
	return status;
}
