#include "certs/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "certs/provider.h"
#include "certs/token.h"

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

/* By name: a provider's key has no number of OpenSSL's. */
bool keys_usable(const EVP_PKEY *key)
{
	if (EVP_PKEY_is_a(key, "RSA") == 1)
		return EVP_PKEY_get_bits(key) >= KEYS_RSA_BITS_MIN;
	if (EVP_PKEY_is_a(key, "EC") == 1)
		return EVP_PKEY_get_bits(key) >= KEYS_EC_BITS_MIN;
	return EVP_PKEY_is_a(key, "ED25519") == 1;
}

const char *keys_path(const char *name)
{
	size_t n = 0;

	if (strncmp(name, "file:", 5) == 0)
		return name + 5;
	/* RFC 3986 3.1 */
	while (ascii_is_alnum(name[n]) || (n > 0 && strchr("+-.", name[n]) != NULL && name[n] != '\0'))
		n++;
	return n > 1 && name[n] == ':' ? NULL : name;
}

const char *keys_name_fault(const char *name)
{
	const char *path = keys_path(name);

	if (path != NULL)
		return path[0] == '/' ? NULL : "has to be a path that begins with /, or the URI of a key "
					       "in a token, such as pkcs11:token=gate;object=seal";
	if (strstr(name, "pin-value") != NULL || strstr(name, "pin-source") != NULL)
		return "a PIN does not belong in the URI: passphrase names the file that holds it";
	return NULL;
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

/* Reads a file that only its owner can read. The octets are the caller's to cleanse; a NUL
 * follows them. False with *ret_error. */
static bool private_read(struct arena *arena, const char *file, uid_t owner, char *ret_text,
			 size_t size, size_t *ret_n, struct str *ret_error)
{
	int fd = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t got = -1;
	size_t n = 0;

	if (fd < 0) {
		*ret_error = arena_printf(arena, "%s: %s", file,
					  errno == ELOOP ? "a symbolic link; name the file itself"
							 : strerror(errno));
		return false;
	}
	if (private_file_trusted(arena, file, fd, owner, ret_error)) {
		while (n < size - 1 && (got = read(fd, ret_text + n, size - 1 - n)) > 0)
			n += (size_t)got;
		if (got < 0)
			*ret_error = arena_printf(arena, "%s: %s", file, strerror(errno));
		else
			got = 0;
	}
	close(fd);
	ret_text[n] = '\0';
	*ret_n = n;
	return got == 0;
}

/* The first line; cleansed by the caller. */
static bool passphrase_read(struct arena *arena, const char *file, uid_t owner, char *ret_text,
			    size_t size, struct str *ret_error)
{
	size_t n;

	if (!private_read(arena, file, owner, ret_text, size, &n, ret_error))
		return false;
	ret_text[strcspn(ret_text, "\r\n")] = '\0';
	n = strlen(ret_text);
	if (n > 0 && n < size - 1)
		return true;
	*ret_error = n == 0 ? arena_printf(arena, "%s: no passphrase in its first line", file)
			    : arena_printf(arena, "%s: over %zu octets, that is no passphrase", file,
					   size - 2);
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

static EVP_PKEY *pem_load(struct arena *arena, const char *file, char *secret, uid_t owner,
			  struct str *ret_error)
{
	char *text = malloc(KEYS_FILE_MAX + 1);
	EVP_PKEY *key = NULL;
	BIO *in;
	size_t n;

	if (text == NULL)
		abort();
	if (private_read(arena, file, owner, text, KEYS_FILE_MAX + 1, &n, ret_error)) {
		in = BIO_new_mem_buf(text, (int)n);
		key = PEM_read_bio_PrivateKey_ex(in, NULL,
						 secret != NULL ? give_passphrase : no_passphrase,
						 secret, provider_context(), NULL);
		BIO_free(in);
		if (key == NULL)
			*ret_error = arena_printf(
				arena, secret != NULL ? "%s: no private key in PEM form that the "
							"passphrase opens"
						      : "%s: no unencrypted private key in PEM form",
				file);
	}
	OPENSSL_cleanse(text, KEYS_FILE_MAX + 1);
	free(text);
	return key;
}

EVP_PKEY *keys_load_private(struct arena *arena, const char *name, const char *passphrase,
			    uid_t owner, struct str *ret_error)
{
	char secret[KEYS_PASSPHRASE_MAX] = "";
	const char *path = keys_path(name);
	EVP_PKEY *key = NULL;

	if (passphrase == NULL ||
	    passphrase_read(arena, passphrase, owner, secret, sizeof secret, ret_error)) {
		char *given = passphrase != NULL ? secret : NULL;

		if (path != NULL)
			key = pem_load(arena, path, given, owner, ret_error);
		else
			key = token_load_private(arena, name, given, ret_error);
	}
	OPENSSL_cleanse(secret, sizeof secret);
	ERR_clear_error();
	return refuse_weak(arena, name, key, ret_error);
}

/* A software key of what key tells of itself: providers do not all write PEM. */
static EVP_PKEY *public_copy(const EVP_PKEY *key)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, EVP_PKEY_get0_type_name(key), NULL);
	OSSL_PARAM *parameters = NULL;
	EVP_PKEY *copy = NULL;

	if (context != NULL && EVP_PKEY_todata(key, EVP_PKEY_PUBLIC_KEY, &parameters) == 1 &&
	    (EVP_PKEY_fromdata_init(context) != 1 ||
	     EVP_PKEY_fromdata(context, &copy, EVP_PKEY_PUBLIC_KEY, parameters) != 1))
		copy = NULL;
	OSSL_PARAM_free(parameters);
	EVP_PKEY_CTX_free(context);
	return copy;
}

struct str keys_public_half(struct arena *arena, const char *name, const char *passphrase,
			    uid_t owner, struct str *ret_error)
{
	EVP_PKEY *key = keys_load_private(arena, name, passphrase, owner, ret_error);
	struct str text = STR_NONE;
	EVP_PKEY *copy;
	BIO *out;
	char *data;
	long n;

	if (key == NULL)
		return STR_NONE;
	copy = public_copy(key);
	out = BIO_new(BIO_s_mem());
	if (copy != NULL && PEM_write_bio_PUBKEY(out, copy) == 1) {
		n = BIO_get_mem_data(out, &data);
		text = arena_str(arena, (struct str){ data, n > 0 ? (size_t)n : 0 });
	} else {
		*ret_error = arena_printf(arena, "%s: does not give its public half away: %s", name,
					  provider_reason());
	}
	BIO_free(out);
	EVP_PKEY_free(copy);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return text;
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
