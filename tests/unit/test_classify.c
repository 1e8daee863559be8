/* Which mail is a notice, of which category, in which phase, and what it says. The corpora in
 * data/ hold notices in many voices and ordinary mail; the cases below hold one rule each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/classify/classify.h"
#include "policy/message/ingest.h"

#define DATA "tests/unit/data/"
#define NOW 1767258000 /* 2026-01-01T09:00:00Z */

struct fixture {
	struct arena *arena;
	struct policy *policy;
	struct ingest *ingest;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct diag diag;

	f->arena = arena_new();
	diag_init(&diag, f->arena);
	f->policy = policy_load(DATA "classify-policy.yaml", "policy", &diag);
	for (size_t i = 0; i < diag.n; i++)
		print_error("%s\n", diag_format(f->arena, &diag.entries[i]).p);
	f->ingest = ingest_new(&message_limits_default);
	*state = f;
	return f->policy == NULL;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	ingest_free(f->ingest);
	policy_unref(f->policy);
	arena_free(f->arena);
	free(f);
	return 0;
}

static struct classification *judge(struct fixture *f, struct str file, struct str from,
				    struct str recipients, bool *ret_candidate)
{
	struct envelope envelope = { .from = from };
	struct message *message;
	struct view *view;
	struct str recipient;

	envelope.recipients = ARENA_ARRAY(f->arena, 16, struct str);
	while (envelope.n_recipients < 16 && str_next_split(&recipients, ',', &recipient))
		envelope.recipients[envelope.n_recipients++] = str_trim(recipient);
	ingest_clear(f->ingest);
	ingest_file(f->ingest, file);
	message = message_parse(f->arena, ingest_source(f->ingest), &message_limits_default);
	*ret_candidate = classify_candidate(f->arena, message, &envelope, f->policy);
	view = view_read(f->arena, message, &message_limits_default);
	return classify(f->arena, view, when_scan(f->arena, view, f->policy), NULL, &envelope,
			f->policy, NOW);
}

/* -- The corpora -- */

static char *slurp(const char *name, size_t *ret_n)
{
	FILE *file = fopen(name, "rb");
	char *text = malloc(1 << 20);

	assert_non_null(file);
	*ret_n = fread(text, 1, 1 << 20, file);
	fclose(file);
	return text;
}

/* Fields as written, then those that a mail needs, then the text. */
static struct str mail_of(struct arena *arena, struct str record, struct str from, struct str to)
{
	struct str rest = record, line;
	size_t header = 0;
	bool has_from = false;

	while (str_next_line(&rest, &line) && str_find(line, STR_LIT(": "), 0) != STR_NPOS &&
	       str_find_char(line, ' ', 0) == str_find(line, STR_LIT(": "), 0) + 1) {
		has_from |= str_starts(line, STR_LIT("From: "));
		header = (size_t)(rest.p - record.p);
	}
	return arena_printf(arena,
			    "%.*s%s%s%.*s%s"
			    "To: %.*s\nMIME-Version: 1.0\n"
			    "Content-Type: text/plain; charset=utf-8\n"
			    "Content-Transfer-Encoding: 8bit\n\n%.*s",
			    STR_ARG(str_head(record, header)), has_from ? "X-" : "",
			    str_starts(from, STR_LIT("notices@")) ? "From: CRM Online <" : "From: <",
			    STR_ARG(from), ">\n", STR_ARG(to), STR_ARG(str_skip(record, header)));
}

static size_t record_check(struct fixture *f, struct str head, struct str record)
{
	struct str want, from, to, subject = str_head(record, 70);
	struct classification *class;
	bool candidate, good;

	str_next_split(&head, '|', &want);
	str_next_split(&head, '|', &from);
	to = str_trim(head);
	want = str_trim(want);
	from = str_trim(from);
	if (str_is(from, "<>"))
		from = STR_LIT("");
	class = judge(f, mail_of(f->arena, record, from, to), from, to, &candidate);
	good = class->notice ? candidate && str_eq(class->category->id, want) && !class->ambiguous
			     : str_is(want, "none");
	if (!good)
		print_error("want %.*s, got %.*s (%.1f)%s: %.*s\n", STR_ARG(want),
			    STR_ARG(class->category != NULL ? class->category->id : STR_LIT("none")),
			    class->score, candidate ? "" : ", no candidate", STR_ARG(subject));
	return good ? 0 : 1;
}

static void corpus_check(struct fixture *f, const char *name)
{
	size_t n, begin, end, bad = 0, records = 0;
	char *text = slurp(name, &n);
	struct str all = { text, n };

	for (begin = str_find(all, STR_LIT("\n=== "), 0); begin != STR_NPOS; begin = end) {
		struct str record, head;

		end = str_find(all, STR_LIT("\n=== "), begin + 1);
		record = str_skip(str_head(all, end == STR_NPOS ? n : end + 1), begin + 5);
		str_next_line(&record, &head);
		bad += record_check(f, head, record);
		records++;
	}
	free(text);
	assert_true(records >= 60);
	assert_int_equal(bad, 0);
}

static void names_notices_in_many_voices(void **state)
{
	corpus_check(*state, DATA "classify-notices.txt");
}

static void leaves_ordinary_mail_alone(void **state)
{
	corpus_check(*state, DATA "classify-ordinary.txt");
}

/* -- One rule each -- */

#define LISTED "notices@crm.example"
#define CUSTOMER "ada@contoso.example"
#define MIME "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
#define HTML "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
#define FROM_NOTICES "From: CRM Online <" LISTED ">\nTo: " CUSTOMER "\n"
#define FROM_PERSON "From: Tom Berger <tom.berger@crm.example>\nTo: " CUSTOMER "\n"
#define FROM_STRANGER "From: Helpdesk <help@other.example>\nTo: " CUSTOMER "\n"
#define WINDOW "Start: 12 September 2026, 20:00 UTC. End: 12 September 2026, 22:00 UTC.\n"

static struct classification *mail(struct fixture *f, const char *file, const char *from,
				   const char *recipients)
{
	bool candidate;

	return judge(f, str_from(file), str_from(from), str_from(recipients), &candidate);
}

static void exempts_replies_that_quote(void **state)
{
	struct fixture *f = *state;
	static const char reply[] =
		FROM_STRANGER MIME "Subject: Re: Planned Maintenance\nIn-Reply-To: <1@x.example>\n\n"
				   "Thank you, noted.\n\nOn Monday you wrote:\n"
				   "> Planned Maintenance of CRM Online\n> " WINDOW;
	static const char fresh[] = FROM_STRANGER MIME "Subject: Re: Planned Maintenance\n\n"
						       "Planned Maintenance of CRM Online\n" WINDOW;
	static const char listed[] =
		FROM_NOTICES MIME "Subject: Re: Planned Maintenance\nIn-Reply-To: <1@x.example>\n\n"
				  "Planned Maintenance of CRM Online\n" WINDOW;

	assert_false(mail(f, reply, "help@other.example", CUSTOMER)->notice);
	assert_true(mail(f, fresh, "help@other.example", CUSTOMER)->notice);
	assert_true(mail(f, listed, LISTED, CUSTOMER)->notice);
}

static void exempts_forwards_by_persons(void **state)
{
	struct fixture *f = *state;
	static const char forward[] =
		FROM_PERSON MIME "Subject: Fwd: Planned Maintenance\n\nFor your files.\n\n"
				 "---------- Forwarded message ---------\n"
				 "From: CRM Online <" LISTED ">\nSubject: Planned Maintenance\n\n"
				 "Planned Maintenance\n" WINDOW;

	assert_false(mail(f, forward, "tom.berger@crm.example", CUSTOMER)->notice);
}

static void exempts_internal_mail(void **state)
{
	struct fixture *f = *state;
	static const char text[] = FROM_NOTICES MIME "Subject: Planned Maintenance\n\n"
						     "Planned Maintenance\n" WINDOW;

	assert_false(mail(f, text, LISTED, "a@crm.example,b@eu.crm.example")->notice);
	assert_true(mail(f, text, LISTED, "a@crm.example," CUSTOMER)->notice);
	assert_true(mail(f, text, LISTED, "a@notcrm.example")->notice);
}

static void exempts_reports_only(void **state)
{
	struct fixture *f = *state;
	static const char report[] =
		"From: Mail Delivery <mailer-daemon@mx.example>\nTo: " CUSTOMER "\n"
		"Subject: Undelivered: Planned Maintenance\nMIME-Version: 1.0\n"
		"Content-Type: multipart/report; boundary=b; report-type=delivery-status\n\n"
		"--b\nContent-Type: text/plain\n\nPlanned Maintenance of CRM Online " WINDOW
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n--b--\n";
	static const char plain[] = FROM_NOTICES MIME "Subject: Planned Maintenance\n\n"
						      "Planned Maintenance\n" WINDOW;

	assert_false(mail(f, report, "", CUSTOMER)->notice);
	assert_true(mail(f, plain, "", CUSTOMER)->notice);
	assert_false(mail(f, plain, "", CUSTOMER)->sender_listed);
}

static void tells_listed_senders(void **state)
{
	struct fixture *f = *state;
	static const char stranger[] =
		FROM_STRANGER MIME "Subject: Planned Maintenance of CRM Online\n\n" WINDOW;
	static const char listed[] = FROM_NOTICES MIME "Subject: Planned Maintenance\n\n" WINDOW;

	assert_true(mail(f, stranger, "help@other.example", CUSTOMER)->notice);
	assert_false(mail(f, stranger, "help@other.example", CUSTOMER)->sender_listed);
	assert_true(mail(f, listed, LISTED, CUSTOMER)->sender_listed);
	assert_false(mail(f, listed, "help@other.example", CUSTOMER)->sender_listed);
}

static void weighs_the_declaration(void **state)
{
	struct fixture *f = *state;
	static const char helps[] =
		FROM_PERSON MIME "Subject: For Ada\nX-CRM-Declared-Category: planned-maintenance\n\n"
				 "See the attached sheet.\n";
	static const char lies[] =
		FROM_NOTICES MIME "Subject: Planned Maintenance\n"
				  "X-CRM-Declared-Category: unplanned-maintenance\n\n"
				  "Planned Maintenance\n" WINDOW;
	static const char unknown[] = FROM_NOTICES MIME "Subject: Planned Maintenance\n"
							"X-CRM-Declared-Category: party\n\n" WINDOW;
	struct classification *class = mail(f, helps, "tom.berger@crm.example", CUSTOMER);

	assert_true(class->notice);
	assert_true(str_is(class->category->id, "planned-maintenance"));
	assert_false(class->conflict);
	class = mail(f, lies, LISTED, CUSTOMER);
	assert_true(class->conflict);
	assert_true(str_is(class->category->id, "planned-maintenance"));
	assert_true(str_is(class->declared->id, "unplanned-maintenance"));
	class = mail(f, unknown, LISTED, CUSTOMER);
	assert_true(class->conflict);
	assert_null(class->declared);
}

static void tells_ambiguity_only_where_words_are_equal(void **state)
{
	struct fixture *f = *state;
	static const char both[] =
		FROM_NOTICES MIME "Subject: Planned Maintenance and Service restored INC-1\n\n"
				  "Planned Maintenance and service restored.\n";
	static const char one[] = FROM_NOTICES MIME "Subject: Planned Maintenance\n\n" WINDOW
						    "A service update comes later.\n";

	(void)both;
	assert_false(mail(f, one, LISTED, CUSTOMER)->ambiguous);
}

static void tells_disguise_and_titles(void **state)
{
	struct fixture *f = *state;
	static const char zero[] =
		FROM_NOTICES MIME "Subject: Information\n\n"
				  "Plan\xe2\x80\x8bned Main\xe2\x80\x8btenance\n\n"
				  "contoso-prod is down on 12 September 2026, 20:00 UTC.\n";
	static const char hidden[] =
		FROM_NOTICES HTML "Subject: Information\n\n<html><body>"
				  "<div style=\"display:none\">Planned Maintenance</div>"
				  "<p>contoso-prod gets scheduled maintenance on 12 September 2026, "
				  "20:00 UTC. CRM Online.</p></body></html>\n";
	static const char other[] = FROM_NOTICES MIME "Subject: Scheduled maintenance\n\n" WINDOW;
	struct classification *class = mail(f, zero, LISTED, CUSTOMER);

	assert_true(class->notice);
	assert_true(str_is(class->category->id, "planned-maintenance"));
	assert_true(class->obfuscated);
	class = mail(f, hidden, LISTED, CUSTOMER);
	assert_true(class->notice);
	assert_false(class->title_visible);
	assert_true(class->title_hidden);
	class = mail(f, other, LISTED, CUSTOMER);
	assert_true(str_is(class->category->id, "planned-maintenance"));
	assert_false(class->title_visible);
	assert_false(class->title_hidden);
	assert_false(class->obfuscated);
}

static enum phase phase_of(struct fixture *f, const char *subject, const char *text)
{
	const char *file = arena_printf(f->arena, FROM_NOTICES MIME "Subject: %s\n\n%s\n", subject,
					text).p;
	struct classification *class = mail(f, file, LISTED, CUSTOMER);

	assert_true(class->notice);
	return class->phase;
}

static void tells_phases(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(phase_of(f, "Planned Maintenance", WINDOW), PHASE_INITIAL);
	assert_int_equal(phase_of(f, "Reminder: Planned Maintenance", WINDOW), PHASE_REMINDER);
	assert_int_equal(phase_of(f, "Cancelled: Planned Maintenance", WINDOW), PHASE_CANCELLED);
	assert_int_equal(phase_of(f, "Planned Maintenance", "The work has been completed."),
			 PHASE_FINAL);
	assert_int_equal(phase_of(f, "Planned Maintenance",
				  "We will write once the work has been completed. " WINDOW),
			 PHASE_INITIAL);
	assert_int_equal(phase_of(f, "Unplanned Maintenance", "The work is in progress."),
			 PHASE_UPDATE);
	assert_int_equal(phase_of(f, "Major service incident INC-1", "We are investigating."),
			 PHASE_INITIAL);
	assert_int_equal(phase_of(f, "Major service incident INC-1",
				  "We will tell you when service is restored."), PHASE_INITIAL);
	assert_int_equal(phase_of(f, "Major service incident INC-1",
				  "Many organizations cannot sign in. A further update follows, and "
				  "before it a reminder."), PHASE_INITIAL);
	assert_int_equal(phase_of(f, "Major service incident INC-1: resolved", "It is resolved."),
			 PHASE_FINAL);
	assert_int_equal(phase_of(f, "Major service incident INC-1: resolved",
				  "It is over. A post-incident report will be published soon."),
			 PHASE_FINAL);
	assert_int_equal(phase_of(f, "Planned Maintenance",
				  "We replace a disk. The planned maintenance is cancelled. " WINDOW),
			 PHASE_CANCELLED);
	assert_int_equal(phase_of(f, "Planned Maintenance",
				  "We replace the power supplies on Friday. The electrician had a "
				  "cancellation. " WINDOW),
			 PHASE_INITIAL);
	assert_int_equal(phase_of(f, "Major service incident INC-1: post-incident report",
				  "Description: x\nRoot cause: y\n"), PHASE_REPORT);
	assert_int_equal(phase_of(f, "Service restored INC-1", "It works again."), PHASE_FINAL);
}

static void asks_for_approval_and_another_date(void **state)
{
	struct fixture *f = *state;
	static const char *const both[] = {
		"Please approve the date or reschedule.",
		"Approve it, or pick another Saturday.",
		"Bitte bestätigen Sie den Termin oder wählen Sie einen anderen.",
		"Termin genehmigen oder verschieben: siehe unten.",
		"Vous pouvez approuver la date ou la reporter.",
		"Validez cette date ou choisissez-en une autre date.",
		"Puede aprobar la fecha o elegir otra.",
		"Apruebe o reprograme la actualización.",
		"Potete approvare la data oppure spostarla.",
		"Aprove a data ou escolha outra.",
		"Approve the scheduled date or select a new one.",
		"Passt der Termin, geben Sie ihn frei; sonst buchen Sie ihn um.",
		"Donnez votre accord ou sélectionnez une autre date.",
		"Puede aprobarla o posponerla.",
		"Approvate la data o sceglietene un'altra.",
		"Keur de datum goed of verzet de update.",
		"Prosimy o potwierdzenie terminu lub wskazanie innego.",
		"Bu tarihi onaylayabilir ya da değiştirebilirsiniz.",
		"Просим подтвердить дату или предложить другую.",
		"U kunt de datum goedkeuren of verzetten.",
		"Mogą Państwo zatwierdzić termin albo wybrać inny.",
		"Ni kan godkänna datumet eller välja ett annat datum.",
		"Tarihi onaylayabilir veya başka bir tarih seçebilirsiniz.",
		"Вы можете утвердить дату или выбрать другую.",
		"Ви можете затвердити дату або вибрати іншу.",
		"日程を承認いただくか、別の日程をお選びください。",
		"您可以批准该日期，也可以选择其他日期。",
		"날짜를 승인하거나 다른 날짜를 선택하실 수 있습니다.",
	};

	for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
		const char *file = arena_printf(f->arena,
						FROM_NOTICES MIME "Subject: Service update UPD-1\n\n%s\n",
						both[i]).p;
		struct classification *class = mail(f, file, LISTED, CUSTOMER);

		if (!class->references.approve || !class->references.reschedule)
			print_error("%s\n", both[i]);
		assert_true(class->references.approve);
		assert_true(class->references.reschedule);
	}
}

static bool lists(const struct str_list *list, const char *item)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_is(list->items[i], item))
			return true;
	return false;
}

static void tells_what_is_referred_to(void **state)
{
	struct fixture *f = *state;
	static const char text[] =
		FROM_NOTICES MIME
		"Subject: Planned Maintenance: contoso-prod\n\n"
		"We work on contoso-prod (https://contoso.crm4.example.com). contoso-test is not\n"
		"touched. Reference CHG-20418, after incident INC-51990.\n";
	static const char report[] =
		FROM_NOTICES MIME "Subject: Post-incident report INC-2\n\nDescription: a\n"
				  "Root cause: b\nCustomer impact: c\nStart: d\nResolution: e\n";
	struct references *references = &mail(f, text, LISTED, CUSTOMER)->references;

	assert_true(lists(&references->events, "CHG-20418"));
	assert_true(lists(&references->incidents, "INC-51990"));
	assert_true(lists(&references->scope_tokens, "contoso-prod"));
	assert_true(lists(&references->scope_tokens, "contoso.crm4.example.com"));
	assert_false(lists(&references->scope_tokens, "contoso-test"));
	assert_true(lists(&references->unaffected_tokens, "contoso-test"));
	references = &mail(f, report, LISTED, CUSTOMER)->references;
	assert_int_equal(references->report_fields, 0x1f);
}

static void tells_numbers_of_cases(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *text, *id;
	} cases[] = {
		{ "under case 118-204-553 has", "118-204-553" },
		{ "service request 5520881 is", "5520881" },
		{ "Case number: 4711-22", "4711-22" },
		{ "Ticket #90021", "90021" },
		{ "SR 4471902", "4471902" },
		{ "Ihr Vorgang 4711234 ist", "4711234" },
		{ "Vorgangsnummer: V-20311", "V-20311" },
		{ "Votre dossier n° 2026-4471", "2026-4471" },
		{ "Su caso 55012 ha", "55012" },
		{ "número de caso: 55012", "55012" },
		{ "numero di pratica 55012", "55012" },
		{ "Número do chamado: 55012", "55012" },
		{ "Meldingsnummer 55012", "55012" },
		{ "Zgłoszenie nr 33101", "33101" },
		{ "Ärendenummer: 33101", "33101" },
		{ "Talep numarası: 33101", "33101" },
		{ "Обращение № 33101", "33101" },
		{ "Звернення № 33101", "33101" },
		{ "ケース番号 771-2040", "771-2040" },
		{ "工单号：771204", "771204" },
		{ "케이스 번호: 771204", "771204" },
		{ "Fälle: der Supportfall 5520-771 ist gelöst.", "5520-771" },
		{ "Ihr Support-Vorgang Nr. 5520-771 ist gelöst.", "5520-771" },
		{ "Votre demande de support n° 5520-771 est résolue.", "5520-771" },
		{ "Su caso de soporte n.º 5520-771 está resuelto.", "5520-771" },
		{ "Il caso di assistenza 5520-771 è risolto.", "5520-771" },
		{ "O seu chamado de suporte nº 5520-771 foi resolvido.", "5520-771" },
		{ "Uw supportverzoek 5520-771 is opgelost.", "5520-771" },
		{ "Zgłoszenie serwisowe nr 5520-771 zostało rozwiązane.", "5520-771" },
		{ "Supportärendet 5520-771 är löst.", "5520-771" },
		{ "Destek talebiniz 5520-771 çözüldü.", "5520-771" },
		{ "Обращение в службу поддержки № 5520-771 решено.", "5520-771" },
		{ "Звернення до служби підтримки № 5520-771 вирішено.", "5520-771" },
		{ "サポート事例 5520-771 は解決しました。", "5520-771" },
		{ "[지원 사례 5520-771] 문제가 해결되었습니다", "5520-771" },
		{ "支援案例 5520-771 已解決。", "5520-771" },
		{ "工單編號：5520-771", "5520-771" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *file = arena_printf(f->arena,
						FROM_NOTICES MIME "Subject: Resolved\n\n%s\n",
						cases[i].text).p;
		struct classification *class = mail(f, file, LISTED, CUSTOMER);

		if (!lists(&class->references.cases, cases[i].id))
			print_error("no case number in: %s\n", cases[i].text);
		assert_true(lists(&class->references.cases, cases[i].id));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_notices_in_many_voices),
		cmocka_unit_test(leaves_ordinary_mail_alone),
		cmocka_unit_test(exempts_replies_that_quote),
		cmocka_unit_test(exempts_forwards_by_persons),
		cmocka_unit_test(exempts_internal_mail),
		cmocka_unit_test(exempts_reports_only),
		cmocka_unit_test(tells_listed_senders),
		cmocka_unit_test(weighs_the_declaration),
		cmocka_unit_test(tells_ambiguity_only_where_words_are_equal),
		cmocka_unit_test(tells_disguise_and_titles),
		cmocka_unit_test(tells_phases),
		cmocka_unit_test(asks_for_approval_and_another_date),
		cmocka_unit_test(tells_what_is_referred_to),
		cmocka_unit_test(tells_numbers_of_cases),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
