#include "certs/canonical.h"

#include <openssl/evp.h>

static bool is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

void canonical_field(struct buf *out, struct str name, struct str value)
{
	bool space = false;

	name = str_trim(name);
	for (size_t i = 0; i < name.n; i++)
		buf_add_char(out, ascii_lower(name.p[i]));
	buf_add_char(out, ':');
	value = str_trim(value);
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (is_wsp(c) || c == '\r' || c == '\n') {
			space = true;
			continue;
		}
		if (space)
			buf_add_char(out, ' ');
		space = false;
		buf_add_char(out, c);
	}
	buf_add_cstr(out, "\r\n");
}

/* One line without its end, reduced, into line (which has room for it); its length comes back. */
static size_t reduce_line(struct str text, char *line)
{
	size_t n = 0;
	bool space = false;

	for (size_t i = 0; i < text.n; i++) {
		if (is_wsp(text.p[i])) {
			space = true;
			continue;
		}
		if (space)
			line[n++] = ' ';
		space = false;
		line[n++] = text.p[i];
	}
	return n;
}

static bool hash_body(EVP_MD_CTX *context, struct str body, char *line)
{
	size_t empty = 0;
	struct str text;

	while (str_next_line(&body, &text)) {
		size_t n = reduce_line(text, line);

		if (n == 0) {
			empty++;
			continue;
		}
		for (; empty > 0; empty--) {
			if (EVP_DigestUpdate(context, "\r\n", 2) != 1)
				return false;
		}
		if (EVP_DigestUpdate(context, line, n) != 1 ||
		    EVP_DigestUpdate(context, "\r\n", 2) != 1)
			return false;
	}
	return true;
}

bool canonical_body_hash(struct str body, unsigned char ret_digest[32])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	char *line = malloc(body.n + 1);
	unsigned char digest[EVP_MAX_MD_SIZE];
	bool done;

	done = context != NULL && line != NULL &&
	       EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
	       hash_body(context, body, line) && EVP_DigestFinal_ex(context, digest, NULL) == 1;
	if (done)
		memcpy(ret_digest, digest, 32);
	free(line);
	EVP_MD_CTX_free(context);
	return done;
}
