/* The daemon's own parts: configuration, replies, audit lines, sessions; without libmilter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <malloc.h>

#include "milter/audit.h"
#include "milter/journal.h"
#include "milter/reply.h"
#include "milter/session.h"

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct str str(const char *z)
{
	return str_from(z);
}

#define assert_str(got, wanted) assert_string_equal(arena_cstr(arena, (got)), (wanted))

static void test_sockets(void **state)
{
	static const char *const right[] = { "unix:/run/x", "local:/run/x", "/run/x", "inet:8895",
					     "inet:8895@localhost", "inet6:8895@::1" };
	static const char *const wrong[] = { "unix:x", "inet:localhost:8895", "inet:", "inet:1@",
					     "tcp:8895", "", "8895" };

	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
		assert_null(config_socket_fault(str(right[i])));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_non_null(config_socket_fault(str(wrong[i])));
}

static bool in(const char *network_text, const char *address)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct network network;

	assert_true(config_parse_network(str(network_text), &network));
	if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
		return config_in_network(&network, (struct sockaddr *)&v4);
	assert_int_equal(inet_pton(AF_INET6, address, &v6.sin6_addr), 1);
	return config_in_network(&network, (struct sockaddr *)&v6);
}

static void test_networks(void **state)
{
	static const char *const wrong[] = { "", "x", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "::/129",
					     "1.2.3.4/-1", "1.2.3.4/8x", "/8" };
	struct network network;

	(void)state;
	assert_true(in("192.0.2.0/24", "192.0.2.255"));
	assert_false(in("192.0.2.0/24", "192.0.3.0"));
	assert_true(in("192.0.2.7", "192.0.2.7"));
	assert_false(in("192.0.2.7", "192.0.2.6"));
	assert_true(in("10.0.0.0/9", "10.127.1.1"));
	assert_false(in("10.0.0.0/9", "10.128.1.1"));
	assert_true(in("0.0.0.0/0", "8.8.8.8"));
	assert_true(in("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(in("2001:db8::/33", "2001:db8:8000::1"));
	assert_true(in("192.0.2.0/24", "::ffff:192.0.2.9"));
	assert_false(in("::/0", "192.0.2.9"));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(config_parse_network(str(wrong[i]), &network));
}

static struct config *load(const char *text, struct diag *diag)
{
	char file[] = "/tmp/crm-notice-test-XXXXXX";
	int fd = mkstemp(file);
	struct config *config;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	diag_init(diag, arena);
	config = config_load(file, diag);
	unlink(file);
	return config;
}

static void test_config(void **state)
{
	struct diag diag;
	struct config *config = load("socket: unix:/run/x.sock\n"
				     "socket_mode: 0660\n"
				     "policy: policy.yaml\n"
				     "directory: [a.yaml, /b.yaml]\n"
				     "mode: observe\n"
				     "outbound: {networks: [10.0.0.0/8], authenticated: true}\n"
				     "audit: {facility: local3, format: cee, file: none}\n"
				     "headers: {add: [verdict]}\n"
				     "limits: {message: 1M, sessions: 7, seconds: 9}\n"
				     "on_error: reject\n",
				     &diag);

	(void)state;
	assert_non_null(config);
	assert_int_equal(config->socket_mode, 0660);
	assert_str(config->policy, "/tmp/policy.yaml");
	assert_str(config->directories.items[0], "/tmp/a.yaml");
	assert_str(config->directories.items[1], "/b.yaml");
	assert_true(config->has_mode && config->mode == MODE_OBSERVE);
	assert_int_equal(config->n_networks, 1);
	assert_true(config->authenticated);
	assert_int_equal(config->facility, LOG_LOCAL3);
	assert_int_equal(config->audit_format, AUDIT_CEE);
	assert_int_equal(config->headers, HEADER_VERDICT);
	assert_int_equal(config->limit_message, 1 << 20);
	assert_int_equal(config->sessions, 7);
	assert_int_equal(config->on_error, ON_ERROR_REJECT);
	config_free(config);
}

static void test_config_tells_every_fault(void **state)
{
	struct diag diag;

	(void)state;
	assert_null(load("sokcet: x\nmode: maybe\nlimits: {seconds: 999}\n", &diag));
	assert_int_equal(diag.errors, 4); /* the unknown key, the missing one, and two values */
	assert_null(load("", &diag));
	assert_true(diag.errors > 0);
	diag_init(&diag, arena);
	assert_null(config_load("/nonexistent/x.yaml", &diag));
	assert_int_equal(diag.errors, 1);
}

static void test_reply(void **state)
{
	struct str lines[40];
	struct smtp_reply reply;

	(void)state;
	lines[0] = str("550-5.7.1 lead-time.minimum: 40 % of it");
	lines[1] = str("550 5.7.1 caf\xc3\xa9\r\nx");
	smtp_reply_prepare(arena, '5', lines, 2, &reply);
	assert_string_equal(reply.code, "550");
	assert_string_equal(reply.enhanced, "5.7.1");
	assert_string_equal(reply.lines[0], "lead-time.minimum: 40 %% of it");
	assert_string_equal(reply.lines[1], "caf??  x");
	/* A text of the other class would be dropped by libmilter: the class asked for wins. */
	smtp_reply_prepare(arena, '4', lines, 2, &reply);
	assert_string_equal(reply.code, "451");
	assert_string_equal(reply.enhanced, "4.7.1");
	smtp_reply_prepare(arena, '5', NULL, 0, &reply);
	assert_int_equal(reply.n_lines, 1);
	for (size_t i = 0; i < 40; i++)
		lines[i] = str("550-5.7.1 %%%%");
	smtp_reply_prepare(arena, '5', lines, 40, &reply);
	assert_int_equal(reply.n_lines, REPLY_LINES_MAX);
	assert_string_equal(reply.lines[31], "%%%%%%%%");
}

static void test_reply_lines_stay_short(void **state)
{
	char text[3000];
	struct str line = { text, sizeof text };
	struct smtp_reply reply;

	(void)state;
	memset(text, '%', sizeof text);
	smtp_reply_prepare(arena, '5', &line, 1, &reply);
	assert_true(strlen(reply.lines[0]) <= REPLY_LINE_OCTETS);
	assert_int_equal(strlen(reply.lines[0]) % 2, 0);
}

static void test_field_values_are_folded(void **state)
{
	struct str name = STR_LIT("X-CRM-Notice-Verdict");
	char text[3000];
	char *value = field_value_prepare(arena, name, str("flag; findings=a,b"), true);

	(void)state;
	assert_string_equal(value, " flag; findings=a,b");
	value = field_value_prepare(arena, name, str("a\r\nBcc: x"), false);
	assert_string_equal(value, "a  Bcc: x");
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = i % 25 == 24 ? ',' : 'a';
	value = field_value_prepare(arena, name, (struct str){ text, sizeof text }, true);
	for (const char *line = value; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		assert_true(strcspn(line, "\n") < 998);
	}
}

static void test_durations(void **state)
{
	(void)state;
	assert_str(audit_duration(arena, 3 * 86400 + 2 * 3600 + 59), "3d02h");
	assert_str(audit_duration(arena, 7500), "2h05m");
	assert_str(audit_duration(arena, -90), "-1m");
	assert_str(audit_duration(arena, INT64_MIN), "-106751991167300d15h");
	assert_str(audit_time(arena, 0), "1970-01-01T00:00:00Z");
}

static struct audit_entry entry(void)
{
	return (struct audit_entry){
		.queue_id = STR_LIT("4Fz1"),
		.transaction = STR_LIT("T1"),
		.message_id = STR_LIT("<a@b>"),
		.from = STR_LIT(""),
		.n_recipients = 2,
		.in_scope = true,
		.verdict = "accept",
		.generation = 1,
		.time_us = 412,
	};
}

static void test_audit_text(void **state)
{
	struct audit_entry e = entry();

	(void)state;
	assert_str(audit_line(arena, AUDIT_TEXT, &e),
		   "4Fz1: message-id=<a@b> from=<> nrcpt=2 verdict=accept transaction=T1 generation=1 "
		   "time_us=412");
	e.queue_id = STR_NONE;
	e.message_id = str("<a b=\"c\\\"\n\x7f\xff\xc2\x9b\xe2\x80\xae\xc3\xa9>");
	assert_str(audit_line(arena, AUDIT_TEXT, &e),
		   "T1: message-id=\"<a b=\\\"c\\\\\\\"\\x0a\\x7f\\xff\\xc2\\x9b\\xe2\\x80\\xae\xc3\xa9>\" "
		   "from=<> nrcpt=2 verdict=accept transaction=T1 generation=1 time_us=412");
}

static void test_audit_cee(void **state)
{
	struct audit_entry e = entry();

	(void)state;
	e.message_id = str("a\"\\\x01\xff");
	assert_str(audit_line(arena, AUDIT_CEE, &e),
		   "@cee: {\"queue_id\":\"4Fz1\",\"message-id\":\"a\\\"\\\\\\u0001\\u00ff\",\"from\":\"<>\","
		   "\"nrcpt\":2,\"verdict\":\"accept\",\"transaction\":\"T1\",\"generation\":1,"
		   "\"time_us\":412}");
}

static void test_audit_cuts_long_values(void **state)
{
	struct audit_entry e = entry();
	char text[20000];
	struct str line;

	(void)state;
	memset(text, 'x', sizeof text);
	e.message_id = e.sasl = e.from = (struct str){ text, sizeof text };
	line = audit_line(arena, AUDIT_TEXT, &e);
	assert_true(line.n < 2000);
	assert_true(str_ends(line, STR_LIT("time_us=412")));
}

struct site {
	struct daemon daemon;
	struct log *log;
};

static void site_begin(struct site *site)
{
	struct log_options options = { .ident = "test", .socket = "/nonexistent/log",
				       .facility = LOG_MAIL, .queue_octets = 4096 };
	const char *error = "";
	struct diag diag;
	struct gate *gate;

	diag_init(&diag, arena);
	gate = gate_load(NULL, 1, &diag);
	assert_non_null(gate);
	daemon_init(&site->daemon, gate);
	site->daemon.log = site->log = log_open(&options, &error);
	assert_non_null(site->log);
	site->daemon.journal = journal_new(site->log);
}

static void site_end(struct site *site)
{
	journal_free(site->daemon.journal);
	log_close(site->log, 0);
	daemon_done(&site->daemon);
}

/* Every order of commands, and every one left out, ends without a leak and with an answer. */
static void test_session_in_any_order(void **state)
{
	struct site site;
	struct session *session;
	struct decision *decision;

	(void)state;
	site_begin(&site);
	session = session_new(&site.daemon);
	session_abort(session);
	session_body(session, STR_LIT("body"));
	session_field(session, "x-crm-notice-verdict", "forged");
	session_field(session, "X-CRM-Notice-Verdict", "forged");
	session_field(session, "X-CRM-Notice-A", "forged");
	session_recipient(session, "<a@b.example>");
	decision = session_decide(session, NULL, 0);
	assert_int_equal(decision->verdict, SEVERITY_ACCEPT);
	assert_int_equal(decision->n_removals, 3);
	assert_int_equal(decision->removals[0].index, 2);
	assert_int_equal(decision->removals[1].index, 1);
	assert_int_equal(decision->removals[2].index, 1);
	session_finish(session, decision);
	assert_null(session->transaction);
	session_mail(session, "<>", NULL);
	session_mail(session, NULL, "user");
	session_recipient(session, NULL);
	assert_int_equal(site.daemon.transactions, 1);
	session_abort(session);
	session_abort(session);
	assert_int_equal(site.daemon.transactions, 0);
	session_mail(session, "<a@b.example>", NULL);
	session_free(session);
	session_free(NULL);
	assert_int_equal(site.daemon.transactions, 0);
	assert_int_equal(site.daemon.open_sessions, 0);
	site_end(&site);
}

/* What is beyond the limit of the header costs nothing, whether or not the space behind the colon
 * comes with it, and whosever fields they are. */
static void test_session_header_is_bounded(void **state)
{
	static const char *const names[] = { "X-Padding", "X-CRM-Notice-Verdict" };
	static char value[60001];
	struct site site;
	struct session *session;
	size_t before;

	(void)state;
	memset(value, 'a', sizeof value - 1);
	site_begin(&site);
	for (int i = 0; i < 4; i++) {
		session = session_new(&site.daemon);
		session->leading_space = i & 1;
		session_mail(session, "<a@b.example>", NULL);
		before = mallinfo2().uordblks + mallinfo2().hblkhd;
		for (int k = 0; k < 2000; k++)
			session_field(session, names[i / 2], value);
		assert_true(mallinfo2().uordblks + mallinfo2().hblkhd < before + 4000000);
		session_free(session);
	}
	session = session_new(&site.daemon);
	memcpy(value, "X-CRM-Notice-", 13);
	before = mallinfo2().uordblks + mallinfo2().hblkhd;
	for (int k = 0; k < 2000; k++)
		session_field(session, value, "forged");
	assert_true(mallinfo2().uordblks + mallinfo2().hblkhd < before + 4000000);
	assert_int_equal(session_decide(session, NULL, 0)->verdict, SEVERITY_REJECT);
	session_free(session);
	site_end(&site);
}

static void test_session_failure_defers(void **state)
{
	struct site site;
	struct session *session;
	struct decision *decision;

	(void)state;
	site_begin(&site);
	session = session_new(&site.daemon);
	session_mail(session, "<a@b.example>", NULL);
	decision = session_decide(session, "4Fz1", 0);
	session_failed(session, decision, "the MTA did not let it");
	assert_int_equal(decision->verdict, SEVERITY_TEMPFAIL);
	assert_true(str_starts(decision->reply[0], STR_LIT("451 4.3.0 ")));
	session_finish(session, decision);
	assert_int_equal(site.daemon.counters.errors, 1);
	session_free(session);
	site_end(&site);
}

static void test_log_is_bounded_while_syslog_is_away(void **state)
{
	struct site site;
	struct log_stats stats;

	(void)state;
	site_begin(&site);
	for (int i = 0; i < 1000; i++)
		log_printf(site.log, LOG_INFO, "line %d", i);
	log_get_stats(site.log, &stats);
	assert_true(stats.away);
	assert_int_equal(stats.sent, 0);
	assert_true(stats.lost > 0);
	assert_int_equal(stats.waiting + stats.lost, 1000);
	site_end(&site);
}

static void test_reload_keeps_what_it_cannot_better(void **state)
{
	struct site site;

	(void)state;
	site_begin(&site);
	assert_false(daemon_reload(&site.daemon, "/nonexistent/x.yaml"));
	assert_int_equal(site.daemon.gate->generation, 1);
	assert_true(daemon_reload(&site.daemon, NULL));
	assert_int_equal(site.daemon.gate->generation, 2);
	site_end(&site);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sockets, begin, end),
		cmocka_unit_test_setup_teardown(test_networks, begin, end),
		cmocka_unit_test_setup_teardown(test_config, begin, end),
		cmocka_unit_test_setup_teardown(test_config_tells_every_fault, begin, end),
		cmocka_unit_test_setup_teardown(test_reply, begin, end),
		cmocka_unit_test_setup_teardown(test_reply_lines_stay_short, begin, end),
		cmocka_unit_test_setup_teardown(test_field_values_are_folded, begin, end),
		cmocka_unit_test_setup_teardown(test_durations, begin, end),
		cmocka_unit_test_setup_teardown(test_audit_text, begin, end),
		cmocka_unit_test_setup_teardown(test_audit_cee, begin, end),
		cmocka_unit_test_setup_teardown(test_audit_cuts_long_values, begin, end),
		cmocka_unit_test_setup_teardown(test_session_in_any_order, begin, end),
		cmocka_unit_test_setup_teardown(test_session_failure_defers, begin, end),
		cmocka_unit_test_setup_teardown(test_session_header_is_bounded, begin, end),
		cmocka_unit_test_setup_teardown(test_log_is_bounded_while_syslog_is_away, begin, end),
		cmocka_unit_test_setup_teardown(test_reload_keeps_what_it_cannot_better, begin, end),
	};

	return cmocka_run_group_tests_name("milter", tests, NULL, NULL);
}
