/* test_view.c - which parts of a message a reader sees, and what kind of mail it is */
#include "policy/base/buf.h"
#include "policy/message/view.h"
#include "tests/unit/message_fixture.h"

static struct view *view_of(void **state, const char *text)
{
	struct fixture *fixture = *state;

	return view_read(fixture->arena, parse(state, text), &message_limits_default);
}

static struct str first_text(const struct document *document)
{
	for (size_t i = 0; i < document->n_blocks; i++) {
		if (document->blocks[i].text.n > 0)
			return document->blocks[i].text;
	}
	return STR_LIT("");
}

/* The first block with text of each document, between bars. */
static void check_shown(void **state, const char *text, const char *expected)
{
	struct fixture *fixture = *state;
	struct view *view = view_of(state, text);
	struct buf shown;

	buf_init(&shown, fixture->arena, 4096);
	for (size_t i = 0; i < view->n_documents; i++) {
		if (i > 0)
			buf_add_char(&shown, '|');
		buf_add(&shown, first_text(view->documents[i]));
	}
	if (!str_is(buf_str(&shown), expected))
		fail_msg("shown: \"%.*s\", not \"%s\"", STR_ARG(buf_str(&shown)), expected);
}

#define MULTIPART(kind) "Content-Type: multipart/" kind "; boundary=b\n\n"
#define PART(fields, text) "--b\n" fields "\n" text "\n"
#define HTML "Content-Type: text/html\n"
#define ATTACHED "Content-Disposition: attachment\n"
#define END "--b--\n"

static void both_alternatives_are_kept(void **state)
{
	check_shown(state, MULTIPART("alternative") PART("", "plain") PART(HTML, "<p>html</p>") END,
		    "plain|html");
}

static void attachments_are_not_shown(void **state)
{
	check_shown(state,
		    MULTIPART("mixed") PART("", "one") PART(ATTACHED, "two")
			    PART("Content-Type: text/csv\n", "three") END,
		    "one");
	check_shown(state, MULTIPART("mixed") PART("", "one") PART("", "two") END, "one|two");
	/* nothing else is there */
	check_shown(state, ATTACHED "\none\n", "one");
}

static void related_shows_its_root(void **state)
{
	check_shown(state,
		    MULTIPART("related") PART(HTML, "<p>root</p>") PART(HTML, "<p>other</p>") END,
		    "root");
	check_shown(state,
		    "Content-Type: multipart/related; boundary=b; start=\"<r@x>\"\n\n" PART(
			    HTML "Content-ID: <o@x>\n", "<p>other</p>")
			    PART(HTML "Content-ID: <r@x>\n", "<p>root</p>") END,
		    "root");
}

static void attached_messages_are_not_shown(void **state)
{
	check_shown(state,
		    MULTIPART("mixed") PART("", "one")
			    PART("Content-Type: message/rfc822\n", "Subject: x\n\ntwo") END,
		    "one");
	check_shown(state, "Content-Type: message/rfc822\n\nSubject: x\n\ntwo\n", "two");
}

static void signed_content_is_shown(void **state)
{
	check_shown(state,
		    MULTIPART("signed") PART("", "one")
			    PART("Content-Type: application/pgp-signature\n", "xyz") END,
		    "one");
}

static void reports_show_their_first_part(void **state)
{
	struct view *view;
	const char *text = MULTIPART("report") PART("", "one")
		PART("Content-Type: message/delivery-status\n", "Status: 5.0.0")
			PART("Content-Type: text/rfc822-headers\n", "Subject: x") END;

	check_shown(state, text, "one");
	view = view_of(state, text);
	assert_true(view->report);
}

static void calendars_count_inline_and_attached(void **state)
{
	struct view *view = view_of(
		state, MULTIPART("mixed") PART("", "one")
			       PART("Content-Type: text/calendar\n", "BEGIN:VCALENDAR")
				       PART("Content-Type: application/ics\n" ATTACHED, "BEGIN:VCALENDAR")
					       PART("Content-Type: application/octet-stream; name=a.ICS\n",
						    "BEGIN:VCALENDAR")
						       PART("Content-Type: application/pdf\n", "%PDF") END);

	assert_int_equal(view->n_documents, 1);
	assert_int_equal(view->n_calendars, 3);
	assert_int_equal(view->calendars[0], 2);
}

struct kind {
	bool reply, forward, report, bulk;
};

static void check_kind(void **state, const char *text, struct kind kind)
{
	struct view *view = view_of(state, text);

	if (view->reply != kind.reply || view->forward != kind.forward ||
	    view->report != kind.report || view->bulk_list != kind.bulk)
		fail_msg("%s: reply %d forward %d report %d bulk %d", text, view->reply,
			 view->forward, view->report, view->bulk_list);
}

static void kinds_of_mail(void **state)
{
	check_kind(state, "Subject: x\n\ny\n", (struct kind){ 0 });
	check_kind(state, "Subject: Re: x\n\ny\n", (struct kind){ .reply = true });
	check_kind(state, "In-Reply-To: <a@b>\n\ny\n", (struct kind){ .reply = true });
	check_kind(state, "Subject: WG: AW: x\n\ny\n", (struct kind){ .reply = true, .forward = true });
	check_kind(state, "Subject: =?utf-8?b?xLBMVDog?= x\n\ny\n", (struct kind){ .forward = true });
	check_kind(state, "Subject: =?utf-8?b?5Zue5aSN77ya?= x\n\ny\n", (struct kind){ .reply = true });
	check_kind(state, "Subject: x\n\ny\n\n----- Forwarded message -----\nz\n",
		   (struct kind){ .forward = true });
	check_kind(state, "List-Unsubscribe: <mailto:a@b>\n\ny\n", (struct kind){ .bulk = true });
	check_kind(state, "Precedence: bulk\n\ny\n", (struct kind){ .bulk = true });
}

static void reports_and_automatic_mail(void **state)
{
	check_kind(state, "Auto-Submitted: auto-replied; x=y\n\ny\n", (struct kind){ .report = true });
	check_kind(state, "Auto-Submitted: auto-generated\n\ny\n", (struct kind){ 0 });
	check_kind(state, "Auto-Submitted: no\nIn-Reply-To: <a@b>\n\ny\n",
		   (struct kind){ .reply = true });
	check_kind(state, "Auto-Submitted: auto-generated\nSubject: Automatic reply: x\n\ny\n",
		   (struct kind){ .report = true });
	check_kind(state, "X-Autoreply: yes\n\ny\n", (struct kind){ .report = true });
}

static void subject_is_folded(void **state)
{
	struct view *view = view_of(state, "Subject: =?utf-8?q?Pl=D0=B0nned?= MAINTENANCE\n\nx\n");

	assert_true(str_is(view->subject.bare, "planned maintenance"));
	assert_true(view->subject.disguised);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_alternatives_are_kept),
		TEST(attachments_are_not_shown),
		TEST(related_shows_its_root),
		TEST(attached_messages_are_not_shown),
		TEST(signed_content_is_shown),
		TEST(reports_show_their_first_part),
		TEST(calendars_count_inline_and_attached),
		TEST(kinds_of_mail),
		TEST(reports_and_automatic_mail),
		TEST(subject_is_folded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
