#include "certs/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PASSPHRASE_MAX 1024

/* A passphrase is never asked for: a daemon has nobody to ask. */
static int no_passphrase(char *text, int size, int writing, void *context)
{
	(void)text;
	(void)size;
	(void)writing;
	(void)context;
	return -1;
}

static bool private_file_trusted(struct arena *arena, const char *file, int fd, uid_t owner,
				 struct str *ret_error)
{
	struct stat status;

	if (fstat(fd, &status) != 0) {
		*ret_error = arena_printf(arena, "%s: %s", file, strerror(errno));
	} else if (!S_ISREG(status.st_mode)) {
		*ret_error = arena_printf(arena, "%s: not a regular file", file);
	} else if (status.st_uid != 0 && status.st_uid != geteuid() && status.st_uid != owner) {
		*ret_error = arena_printf(arena, "%s: owned by user %u; a private key belongs to root "
					  "or to the user that reads it", file,
					  (unsigned)status.st_uid);
	} else if ((status.st_mode & 077) != 0) {
		*ret_error = arena_printf(arena, "%s: mode %04o lets others at the private key; make it "
					  "0600", file, (unsigned)status.st_mode & 07777);
	} else if ((size_t)status.st_size > KEYS_FILE_MAX) {
		*ret_error = arena_printf(arena, "%s: over %zu octets, that is no key", file,
					  KEYS_FILE_MAX);
	} else {
		return true;
	}
	return false;
}

bool keys_usable(const EVP_PKEY *key)
{
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_ED25519:
		return true;
	case EVP_PKEY_RSA:
		return EVP_PKEY_get_bits(key) >= KEYS_RSA_BITS_MIN;
	case EVP_PKEY_EC:
		return EVP_PKEY_get_bits(key) >= KEYS_EC_BITS_MIN;
	default:
		return false;
	}
}

static EVP_PKEY *refuse_weak(struct arena *arena, const char *file, EVP_PKEY *key,
			     struct str *ret_error)
{
	if (key != NULL && !keys_usable(key)) {
		*ret_error = arena_printf(arena, "%s: neither Ed25519, nor RSA of at least %d, nor EC of at "
					  "least %d bits", file, KEYS_RSA_BITS_MIN, KEYS_EC_BITS_MIN);
		EVP_PKEY_free(key);
		return NULL;
	}
	return key;
}

/* A file that only its owner can read, opened for reading; NULL with *ret_error. */
static FILE *private_open(struct arena *arena, const char *file, uid_t owner, struct str *ret_error)
{
	int fd = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	FILE *stream;

	if (fd < 0) {
		*ret_error = arena_printf(arena, "%s: %s", file,
					  errno == ELOOP ? "a symbolic link; name the key file itself"
							 : strerror(errno));
		return NULL;
	}
	if (!private_file_trusted(arena, file, fd, owner, ret_error)) {
		close(fd);
		return NULL;
	}
	stream = fdopen(fd, "r");
	if (stream == NULL) {
		*ret_error = arena_printf(arena, "%s: %s", file, strerror(errno));
		close(fd);
	}
	return stream;
}

/* The first line; its buffers are cleansed by the caller and here. */
static bool passphrase_read(struct arena *arena, const char *file, uid_t owner, char *ret_text,
			    size_t size, struct str *ret_error)
{
	FILE *stream = private_open(arena, file, owner, ret_error);
	ssize_t n;

	if (stream == NULL)
		return false;
	/* Unbuffered: what stdio keeps could not be cleansed. */
	n = read(fileno(stream), ret_text, size - 1);
	fclose(stream);
	ret_text[n > 0 ? n : 0] = '\0';
	ret_text[strcspn(ret_text, "\r\n")] = '\0';
	if (ret_text[0] != '\0')
		return true;
	*ret_error = arena_printf(arena, "%s: no passphrase in its first line", file);
	return false;
}

static int give_passphrase(char *text, int size, int writing, void *context)
{
	size_t n = strlen(context);

	(void)writing;
	if (n > (size_t)size)
		return -1;
	memcpy(text, context, n);
	return (int)n;
}

EVP_PKEY *keys_load_private(struct arena *arena, const char *file, const char *passphrase,
			    uid_t owner, struct str *ret_error)
{
	char secret[PASSPHRASE_MAX] = "";
	EVP_PKEY *key = NULL;
	FILE *stream;

	if (passphrase != NULL &&
	    !passphrase_read(arena, passphrase, owner, secret, sizeof secret, ret_error)) {
		OPENSSL_cleanse(secret, sizeof secret);
		return NULL;
	}
	stream = private_open(arena, file, owner, ret_error);
	if (stream != NULL) {
		key = PEM_read_PrivateKey(stream, NULL,
					  passphrase != NULL ? give_passphrase : no_passphrase,
					  secret);
		fclose(stream);
		if (key == NULL)
			*ret_error = arena_printf(
				arena, passphrase != NULL ? "%s: no private key in PEM form that the "
							    "passphrase opens"
							  : "%s: no unencrypted private key in PEM form",
				file);
	}
	OPENSSL_cleanse(secret, sizeof secret);
	ERR_clear_error();
	return refuse_weak(arena, file, key, ret_error);
}

static int64_t seconds_of(const ASN1_TIME *stamp)
{
	struct tm parts;

	return ASN1_TIME_to_tm(stamp, &parts) == 1 ? timegm(&parts) : 0;
}

EVP_PKEY *keys_load_public(struct arena *arena, const char *file, int64_t *ret_not_before,
			   int64_t *ret_not_after, struct str *ret_error)
{
	FILE *stream = fopen(file, "re");
	int64_t not_before = 0, not_after = 0;
	EVP_PKEY *key;

	if (stream == NULL) {
		*ret_error = arena_printf(arena, "%s: %s", file, strerror(errno));
		return NULL;
	}
	key = PEM_read_PUBKEY(stream, NULL, no_passphrase, NULL);
	if (key == NULL) {
		X509 *certificate;

		rewind(stream);
		certificate = PEM_read_X509(stream, NULL, no_passphrase, NULL);
		if (certificate != NULL) {
			key = X509_get_pubkey(certificate);
			not_before = seconds_of(X509_get0_notBefore(certificate));
			not_after = seconds_of(X509_get0_notAfter(certificate));
			X509_free(certificate);
		}
	}
	fclose(stream);
	if (key == NULL)
		*ret_error = arena_printf(arena, "%s: neither a public key nor a certificate in PEM "
					  "form", file);
	key = refuse_weak(arena, file, key, ret_error);
	if (key != NULL) {
		*ret_not_before = not_before;
		*ret_not_after = not_after;
	}
	return key;
}
