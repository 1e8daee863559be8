/* The audit chain: edits, deletions, reorderings and cut ends all show. */
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

#include "certs/chain.h"

#define LINES 5

static struct arena *arena;
static struct str lines[LINES];
static struct chain end;

static int set_up(void **state)
{
	struct chain chain = { 0 };

	(void)state;
	arena = arena_new();
	for (int i = 0; i < LINES; i++) {
		lines[i] = chain_append(arena, &chain,
					arena_printf(arena, "{\"verdict\":\"reject\",\"n\":%d}", i));
		assert_non_null(lines[i].p);
	}
	end = chain;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* Follows the lines of these indexes from the genesis; the first status that is not valid. */
static enum chain_status follow(const struct str *text, const int *order, size_t n, bool rotated)
{
	struct chain chain = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct str record;
		enum chain_status status = chain_follow(&chain, rotated && i == 0, text[order[i]],
							&record);

		if (status != CHAIN_VALID)
			return status;
	}
	return CHAIN_VALID;
}

static void whole_and_rotated(void **state)
{
	static const int whole[] = { 0, 1, 2, 3, 4 }, later[] = { 2, 3, 4 };

	(void)state;
	assert_int_equal(follow(lines, whole, 5, false), CHAIN_VALID);
	assert_int_equal(follow(lines, later, 3, true), CHAIN_VALID);
	assert_int_equal(follow(lines, later, 3, false), CHAIN_BROKEN);
}

static void deleted_moved_and_repeated(void **state)
{
	static const int rows[][4] = { { 0, 2, 3, 4 }, { 1, 0, 2, 3 }, { 0, 1, 1, 2 },
				       { 0, 1, 3, 2 }, { 0, 1, 2, 4 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(follow(lines, rows[i], 4, false), CHAIN_BROKEN);
}

static void every_changed_octet_shows(void **state)
{
	static const int order[] = { 0, 1, 2 };

	(void)state;
	for (size_t at = 0; at < lines[1].n; at++) {
		struct str changed[3] = { lines[0], arena_str(arena, lines[1]), lines[2] };

		((char *)changed[1].p)[at] ^= 1;
		assert_int_not_equal(follow(changed, order, 3, false), CHAIN_VALID);
	}
	for (size_t n = 0; n < lines[1].n; n++) {
		struct str cut[3] = { lines[0], str_head(lines[1], n), lines[2] };

		assert_int_not_equal(follow(cut, order, 3, false), CHAIN_VALID);
	}
}

/* Somebody who can write the file can make a chain of their own from any point: only a
 * checkpoint from elsewhere shows it. */
static void rewritten_end_differs_from_the_checkpoint(void **state)
{
	struct chain chain = { 0 };
	struct str record;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(chain_follow(&chain, false, lines[i], &record), CHAIN_VALID);
	chain_append(arena, &chain, STR_LIT("{\"verdict\":\"accept\",\"n\":3}"));
	chain_append(arena, &chain, STR_LIT("{\"verdict\":\"reject\",\"n\":4}"));
	assert_int_equal(chain.sequence, end.sequence);
	assert_memory_not_equal(chain.hash, end.hash, sizeof end.hash);
}

static void checkpoints(void **state)
{
	char key_file[] = "/tmp/test-chain-key-XXXXXX", public_file[] = "/tmp/test-chain-pub-XXXXXX";
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	FILE *key_stream = fdopen(mkstemp(key_file), "w"), *public_stream = fdopen(mkstemp(public_file), "w");
	struct key_ring *ring = key_ring_new();
	enum signature_status status;
	struct checkpoint checkpoint;
	struct signing_key *key;
	struct str text, error;
	char *changed;

	(void)state;
	PEM_write_PrivateKey(key_stream, pkey, NULL, NULL, 0, NULL, NULL);
	PEM_write_PUBKEY(public_stream, pkey);
	fclose(key_stream);
	fclose(public_stream);
	EVP_PKEY_free(pkey);
	key = signing_key_load(arena, key_file, NULL, STR_LIT("a1"), geteuid(), &error);
	assert_non_null(key);
	assert_true(key_ring_add(ring, arena, STR_LIT("a1"), public_file, 0, 0, &error));
	unlink(key_file);
	unlink(public_file);

	text = checkpoint_sign(arena, key, &end, 1772442000);
	assert_true(checkpoint_verify(arena, ring, text, &checkpoint, &status));
	assert_int_equal(status, SIGNATURE_VALID);
	assert_int_equal(checkpoint.chain.sequence, LINES);
	assert_memory_equal(checkpoint.chain.hash, end.hash, sizeof end.hash);
	assert_int_equal(checkpoint.at, 1772442000);

	changed = arena_cstr(arena, text);
	*strstr(changed, "n=5") = 'm';
	assert_false(checkpoint_verify(arena, ring, str_from(changed), &checkpoint, &status));
	changed = arena_cstr(arena, text);
	strstr(changed, "n=5")[2] = '4';
	assert_true(checkpoint_verify(arena, ring, str_from(changed), &checkpoint, &status));
	assert_int_equal(status, SIGNATURE_WRONG);
	changed = arena_cstr(arena, text);
	strstr(changed, "s=a1")[3] = '2';
	assert_true(checkpoint_verify(arena, ring, str_from(changed), &checkpoint, &status));
	assert_int_equal(status, SIGNATURE_UNKNOWN_KEY);
	signing_key_free(key);
	key_ring_free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_and_rotated),
		cmocka_unit_test(deleted_moved_and_repeated),
		cmocka_unit_test(every_changed_octet_shows),
		cmocka_unit_test(rewritten_end_differs_from_the_checkpoint),
		cmocka_unit_test(checkpoints),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
