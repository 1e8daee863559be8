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

/* What is to be hashed, gathered: a call of the library for each line costs more than its hash. */
struct stage {
	EVP_MD_CTX *context;
	size_t n;
	bool failed;
	char octets[16384];
};

static void stage_flush(struct stage *stage)
{
	if (EVP_DigestUpdate(stage->context, stage->octets, stage->n) != 1)
		stage->failed = true;
	stage->n = 0;
}

static void stage_add(struct stage *stage, const char *p, size_t n)
{
	while (n > 0) {
		size_t room = sizeof stage->octets - stage->n, step = n < room ? n : room;

		memcpy(stage->octets + stage->n, p, step);
		stage->n += step;
		p += step;
		n -= step;
		if (stage->n == sizeof stage->octets)
			stage_flush(stage);
	}
}

/* The next white space of line from i on; its length where there is none. */
static size_t next_wsp(struct str line, size_t i, size_t *tab)
{
	size_t space = str_find_char(line, ' ', i);

	if (*tab != STR_NPOS && *tab < i)
		*tab = str_find_char(line, '\t', i);
	if (space == STR_NPOS)
		space = line.n;
	return *tab != STR_NPOS && *tab < space ? *tab : space;
}

/* One line, without its end: runs of white space as one space, none at the end. A single space is
 * what it will be, so a common line goes on as it is, in one piece. */
static void add_reduced(struct stage *stage, struct str line)
{
	size_t begin = 0, i = 0, tab = str_find_char(line, '\t', 0);

	while ((i = next_wsp(line, i, &tab)) < line.n) {
		size_t end = i + 1;

		if (line.p[i] == ' ' && end < line.n && !is_wsp(line.p[end])) {
			i = end;
			continue;
		}
		stage_add(stage, line.p + begin, i - begin);
		while (end < line.n && is_wsp(line.p[end]))
			end++;
		if (end < line.n)
			stage_add(stage, " ", 1);
		begin = i = end;
	}
	stage_add(stage, line.p + begin, line.n - begin);
}

static bool is_empty(struct str line)
{
	for (size_t i = 0; i < line.n; i++) {
		if (!is_wsp(line.p[i]))
			return false;
	}
	return true;
}

static void add_body(struct stage *stage, struct str body)
{
	size_t empty = 0;
	struct str line;

	while (str_next_line(&body, &line)) {
		if (is_empty(line)) {
			empty++;
			continue;
		}
		for (; empty > 0; empty--)
			stage_add(stage, "\r\n", 2);
		add_reduced(stage, line);
		stage_add(stage, "\r\n", 2);
	}
}

bool canonical_body_hash(struct str body, unsigned char ret_digest[32])
{
	struct stage stage = { .context = EVP_MD_CTX_new() };
	unsigned char digest[EVP_MAX_MD_SIZE];
	bool done = false;

	if (stage.context != NULL && EVP_DigestInit_ex(stage.context, EVP_sha256(), NULL) == 1) {
		add_body(&stage, body);
		stage_flush(&stage);
		done = !stage.failed && EVP_DigestFinal_ex(stage.context, digest, NULL) == 1;
	}
	if (done)
		memcpy(ret_digest, digest, 32);
	EVP_MD_CTX_free(stage.context);
	return done;
}
