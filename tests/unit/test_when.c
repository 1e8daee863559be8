/* When: what people write for a time, and what it comes to. One row a notation. */
#include "tests/unit/when_rows.h"


static const struct row numeric_rows[] = {
	{ JUNE, A, NULL, "Start: 2026-06-17T22:00:00Z", "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 2026-06-17T22:00:00+02:00\nEnd: 2026-06-18T01:00:00+02:00",
	  "2026-06-17T20:00:00Z", "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, NULL, "Start: 2026-06-17T22:00:00-0500", "2026-06-18T03:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Window: 20260617T220000Z", "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "2026-06-17 22:00 UTC to 2026-06-18 02:00 UTC",
	  "2026-06-17T22:00:00Z", "2026-06-18T02:00:00Z", NULL },
	{ JUNE, A, NULL, "2026-06-17 22:00 - 2026-06-18 02:00 (UTC)", "2026-06-17T22:00:00Z",
	  "2026-06-18T02:00:00Z", NULL },
	{ JUNE, A, NULL, "Maintenance 2026/06/17 22:00-23:30 UTC", "2026-06-17T22:00:00Z",
	  "2026-06-17T23:30:00Z", NULL },
	{ JUNE, A, NULL, "Start: 17-Jun-2026 22:00:00(UTC)", "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "17-Jun-26 22:00 UTC", "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Jun 17, 2026 10:00 PM UTC", "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "06/17/2026 10 PM ET", "2026-06-18T02:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "17/06/2026 22:00 GMT", "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 08/07/2026 22:00 CEST", "2026-07-08T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 07/08/2026 10:00 PM EDT", "2026-07-09T02:00:00Z", NULL, NULL },
	{ JUNE, A, "Work on 8 July 2026", "Start: 07/08/2026 22:00 UTC", "2026-07-08T22:00:00Z",
	  NULL, NULL },
	{ JUNE, A, NULL, "Wednesday 07/08/2026 22:00 UTC", "2026-07-08T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 17.06.2026 22:00 CEST", "2026-06-17T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Starting 2200 UTC on 17 June 2026 until 0200 UTC",
	  "2026-06-17T22:00:00Z", "2026-06-18T02:00:00Z", NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026 2200Z", "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026, 22:00 UTC+5:30", "2026-06-17T16:30:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026, 22:00 GMT-3", "2026-06-18T01:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026, 22:00 (UTC+08:00)", "2026-06-17T14:00:00Z", NULL,
	  NULL },
	{ JUNE, A, NULL,
	  "Start: 17 June 2026, 22:00 (UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
	  "2026-06-17T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026, 22:00 Europe/Berlin", "2026-06-17T20:00:00Z", NULL,
	  NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026, 22:00", "2026-06-17T22:00:00Z", NULL, "z" },
	{ JUNE, A, NULL, "Maintenance on 17 June 2026", "2026-06-17T00:00:00Z", NULL, "d" },
};

static void test_numeric(void **state)
{
	CHECK(state, numeric_rows);
}

static const struct row english_rows[] = {
	{ JUNE, A, NULL, "On Wednesday, June 17, 2026 from 10 PM to 2 AM Pacific Time",
	  "2026-06-18T05:00:00Z", "2026-06-18T09:00:00Z", NULL },
	{ JUNE, A, NULL, "between 9 and 11 PM UTC on June 17, 2026", "2026-06-17T21:00:00Z",
	  "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, NULL, "June 17, 2026, 11-1 PM UTC", "2026-06-17T11:00:00Z",
	  "2026-06-17T13:00:00Z", NULL },
	{ JUNE, A, NULL, "17 June 2026, noon to midnight UTC", "2026-06-17T12:00:00Z",
	  "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "17 June 2026 from 8 p.m. until midnight London time",
	  "2026-06-17T19:00:00Z", "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026, 12:30 AM UTC", "2026-06-17T00:30:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026, 12:30 PM UTC", "2026-06-17T12:30:00Z", NULL, NULL },
	{ JUNE, A, NULL, "17th of June 2026 at 22:00 UTC for two hours", "2026-06-17T22:00:00Z",
	  "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "17 June 2026 at 22:00 UTC, up to 4 hours", "2026-06-17T22:00:00Z",
	  "2026-06-18T02:00:00Z", NULL },
	{ JUNE, A, NULL, "17 June 2026 at 22:00 UTC for 1-2 hours", "2026-06-17T22:00:00Z", NULL,
	  NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026, 22:00 UTC\nDuration: 90 minutes",
	  "2026-06-17T22:00:00Z", "2026-06-17T23:30:00Z", NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026, 22:00 UTC\nDuration: 2h 30m", "2026-06-17T22:00:00Z",
	  "2026-06-18T00:30:00Z", NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026, 22:00 UTC\nDuration: 02:30", "2026-06-17T22:00:00Z",
	  "2026-06-18T00:30:00Z", NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026, 22:00 UTC\nExpected outage: 45 minutes",
	  "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Maintenance starts tomorrow at 06:00 UTC", "2026-06-02T06:00:00Z", NULL,
	  NULL },
	{ JUNE, A, NULL, "We start tonight at 23:00 UTC", "2026-06-01T23:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Maintenance today at 14:00 UTC until 15:00 UTC", "2026-06-01T14:00:00Z",
	  "2026-06-01T15:00:00Z", NULL },
	{ JUNE, A, NULL, "Maintenance next Saturday at 14:00 UTC", "2026-06-06T14:00:00Z", NULL,
	  NULL },
	{ JUNE, A, NULL, "Date: 17 June 2026\nTime: 22:00 - 23:00\nTime zone: CEST",
	  "2026-06-17T20:00:00Z", "2026-06-17T21:00:00Z", NULL },
	{ JUNE, A, "Maintenance on 17 June 2026", "From 22:00 to 23:00 CEST.",
	  "2026-06-17T20:00:00Z", "2026-06-17T21:00:00Z", NULL },
	{ JUNE, A, NULL, "All times are UTC.\n\nStart: 17 June 2026 22:00\nEnd: 17 June 2026 23:00",
	  "2026-06-17T22:00:00Z", "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, NULL, "17 June 2026, 22:00 CEST (20:00 UTC)", "2026-06-17T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "17 June 2026, 22:00 CEST (21:00 UTC)", "2026-06-17T20:00:00Z", NULL, "c" },
	{ JUNE, A, NULL, "17 June 2026, 22:00 CEST / 20:00 UTC", "2026-06-17T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "17 June 2026, 9:00 PM EDT (01:00 UTC on June 18)", "2026-06-18T01:00:00Z",
	  NULL, NULL },
	{ JUNE, A, NULL, "Tuesday 17 June 2026, 22:00 UTC", "2026-06-17T22:00:00Z", NULL, "c" },
	{ JUNE, A, NULL, "17 June, 22:00 UTC", "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "17 May, 22:00 UTC", "2027-05-17T22:00:00Z", NULL, NULL },
	{ JUNE, N, NULL, "The incident started on 17 May at 22:00 UTC", "2026-05-17T22:00:00Z",
	  NULL, NULL },
	{ "2026-12-20T08:00:00Z", A, NULL, "3 January, 22:00 UTC", "2027-01-03T22:00:00Z", NULL,
	  NULL },
	{ JUNE, A, NULL, "20-22 June 2026", "2026-06-20T00:00:00Z", NULL, "d" },
	{ JUNE, A, NULL, "12 - 13 June 2026, 22:00 - 02:00 UTC", "2026-06-12T22:00:00Z",
	  "2026-06-13T02:00:00Z", NULL },
	{ JUNE, A, NULL, "First Wednesday of July 2026 at 06:00 UTC", "2026-07-01T06:00:00Z", NULL,
	  NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026 22:00 CET in Berlin", "2026-06-17T20:00:00Z", NULL,
	  NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026 22:00 CET", "2026-06-17T21:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026 22:00 EST. Location: New York", "2026-06-18T02:00:00Z",
	  NULL, NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026 22:00 IST. Location: Mumbai", "2026-06-17T16:30:00Z",
	  NULL, NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026 22:00 IST. Location: Dublin", "2026-06-17T21:00:00Z",
	  NULL, NULL },
	{ JUNE, A, NULL, "Start: 17 June 2026 22:00 IST", "2026-06-17T22:00:00Z", NULL, "z" },
	{ JUNE, A, NULL, "Start: 17 June 2026 22:00 IST (16:30 UTC)", "2026-06-17T16:30:00Z", NULL,
	  NULL },
	{ JUNE, A, NULL, "Window 1: 17 June 2026 22:00-23:00 UTC\nWindow 2: 18 June 2026 22:00-23:00 UTC",
	  "2026-06-17T22:00:00Z", "2026-06-18T23:00:00Z", NULL },
	{ JUNE, A, NULL,
	  "Primary window: 17 June 2026 22:00-23:00 UTC\nBackup window: 18 June 2026 22:00-23:00 UTC",
	  "2026-06-17T22:00:00Z", "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, NULL,
	  "Primary window\nStart: 17 June 2026 22:00 UTC\nEnd: 17 June 2026 23:00 UTC\n\n"
	  "Backup window\nStart: 10 June 2026 22:00 UTC\nEnd: 10 June 2026 23:00 UTC",
	  "2026-06-17T22:00:00Z", "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, NULL,
	  "The maintenance has been postponed from 12 June 2026 22:00 UTC to 17 June 2026 22:00 UTC.",
	  "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL,
	  "The maintenance originally planned for 12 June 2026, 22:00 UTC has been moved to 17 June "
	  "2026, 22:00 UTC.",
	  "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Last updated: 28 May 2026, 10:00 UTC", NULL, NULL, NULL },
	{ JUNE, A, NULL, "\xc2\xa9 2015-2026 CRM Online. Call +44 20 2026 0714, version 9.2.26034.00145",
	  NULL, NULL, NULL },
	{ JUNE, A, NULL, "Fixes SB-2026-07-1 and build 20260301.2 were deployed.", NULL, NULL, NULL },
	{ JUNE, A, NULL, "The date will be announced. Case 2026-07-.", NULL, NULL, NULL },
};

static void test_english(void **state)
{
	CHECK(state, english_rows);
}

static const struct row german_rows[] = {
	{ JUNE, A, NULL, "am 17.06.2026 von 22:00 bis 02:00 Uhr MESZ", "2026-06-17T20:00:00Z",
	  "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "Mittwoch, 17. Juni 2026, 22 Uhr bis 24 Uhr (MESZ)", "2026-06-17T20:00:00Z",
	  "2026-06-17T22:00:00Z", NULL },
	{ JUNE, A, NULL, "Beginn: 17. Juni 2026, 22.00 Uhr MESZ\nEnde: 18. Juni 2026, 02.00 Uhr MESZ",
	  "2026-06-17T20:00:00Z", "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "am 17. Juni 2026 zwischen 20 und 22 Uhr Berliner Zeit",
	  "2026-06-17T18:00:00Z", "2026-06-17T20:00:00Z", NULL },
	{ JUNE, A, NULL, "Die Wartung ist am 17.6. um 22 Uhr MESZ.", "2026-06-17T20:00:00Z", NULL,
	  NULL },
	{ JUNE, A, NULL, "Vom 17. bis 18. Juni 2026, 22:00 bis 02:00 Uhr MESZ", "2026-06-17T20:00:00Z",
	  "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "am 17. Juni 2026 ab 20:00 Uhr MESZ, Dauer: zwei Stunden",
	  "2026-06-17T18:00:00Z", "2026-06-17T20:00:00Z", NULL },
	{ JUNE, A, NULL, "am 17. Juni 2026 von 20:00 Uhr bis Mitternacht (MESZ)",
	  "2026-06-17T18:00:00Z", "2026-06-17T22:00:00Z", NULL },
	{ JUNE, A, NULL, "morgen um 8 Uhr morgens MESZ", "2026-06-02T06:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Neuer Termin: 17. Juni 2026, 22:00 Uhr MESZ (statt am 12. Juni 2026)",
	  "2026-06-17T20:00:00Z", NULL, NULL },
};

static void test_german(void **state)
{
	CHECK(state, german_rows);
}

static const struct row romance_rows[] = {
	{ JUNE, A, NULL, "le mercredi 17 juin 2026 de 22h à 2h (heure de Paris)",
	  "2026-06-17T20:00:00Z", "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "le 17 juin 2026 de 22h00 à 23h30, heure de Paris", "2026-06-17T20:00:00Z",
	  "2026-06-17T21:30:00Z", NULL },
	{ JUNE, A, NULL, "Début : 17/06/2026 22:00 CEST\nFin : 18/06/2026 02:00 CEST",
	  "2026-06-17T20:00:00Z", "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "entre 22 h 30 et minuit le 17 juin 2026 (heure de Paris)",
	  "2026-06-17T20:30:00Z", "2026-06-17T22:00:00Z", NULL },
	{ JUNE, A, NULL, "Le 1er juillet 2026 à midi UTC, durée : 2 heures", "2026-07-01T12:00:00Z",
	  "2026-07-01T14:00:00Z", NULL },
	{ JUNE, A, NULL, "La maintenance débutera le 17 juin 2026 à 22 heures UTC",
	  "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "el miércoles 17 de junio de 2026 de 22:00 a 02:00 h (hora peninsular)",
	  "2026-06-17T20:00:00Z", "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "Inicio: 17/06/2026 10:00 p. m. (hora de Bogotá)", "2026-06-18T03:00:00Z",
	  NULL, NULL },
	{ JUNE, A, NULL, "desde las 22:00 hasta las 23:30 UTC del 17 de junio de 2026",
	  "2026-06-17T22:00:00Z", "2026-06-17T23:30:00Z", NULL },
	{ JUNE, A, NULL, "a las 10 de la noche del 17 de junio de 2026, hora de Madrid",
	  "2026-06-17T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "mercoledì 17 giugno 2026 dalle ore 22:00 alle ore 02:00 (ora italiana)",
	  "2026-06-17T20:00:00Z", "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "dalle 22 alle 24 del 17 giugno 2026, ora italiana", "2026-06-17T20:00:00Z",
	  "2026-06-17T22:00:00Z", NULL },
	{ JUNE, A, NULL, "Inizio: 17 giugno 2026, ore 22.00 CEST", "2026-06-17T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "quarta-feira, 17 de junho de 2026, das 22h às 2h (horário de Brasília)",
	  "2026-06-18T01:00:00Z", "2026-06-18T05:00:00Z", NULL },
	{ JUNE, A, NULL, "Início: 17/06/2026 às 22h30 (BRT)\nTérmino: 18/06/2026 às 01h00 (BRT)",
	  "2026-06-18T01:30:00Z", "2026-06-18T04:00:00Z", NULL },
	{ JUNE, A, NULL, "em 17 de junho de 2026, das 22:00 até meia-noite (hora de Lisboa)",
	  "2026-06-17T21:00:00Z", "2026-06-17T23:00:00Z", NULL },
};

static void test_romance(void **state)
{
	CHECK(state, romance_rows);
}

static const struct row northern_rows[] = {
	{ JUNE, A, NULL, "op woensdag 17 juni 2026 van 22.00 uur tot 02.00 uur (CEST)",
	  "2026-06-17T20:00:00Z", "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "Begin: 17-06-2026 22:00 uur CEST\nEinde: 18-06-2026 02:00 uur CEST",
	  "2026-06-17T20:00:00Z", "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "onsdag den 17 juni 2026 kl. 22.00-02.00 (CEST)", "2026-06-17T20:00:00Z",
	  "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "17 juni 2026 mellan kl 22 och 24 svensk tid", "2026-06-17T20:00:00Z",
	  "2026-06-17T22:00:00Z", NULL },
	{ JUNE, A, NULL, "w środę 17 czerwca 2026 r. w godz. 22:00-02:00 (CEST)",
	  "2026-06-17T20:00:00Z", "2026-06-18T00:00:00Z", NULL },
	{ JUNE, A, NULL, "17.06.2026 od godz. 22:00 do godz. 23:30 czasu polskiego",
	  "2026-06-17T20:00:00Z", "2026-06-17T21:30:00Z", NULL },
	{ JUNE, A, NULL, "17 czerwca 2026 o godz. 22.00 czasu warszawskiego, przez dwie godziny",
	  "2026-06-17T20:00:00Z", "2026-06-17T22:00:00Z", NULL },
	{ JUNE, A, NULL, "17 Haziran 2026 Çarşamba saat 22.00 - 02.00 (TSİ)", "2026-06-17T19:00:00Z",
	  "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, NULL, "17 Haziran 2026 günü saat 22:00'dan 23:30'a kadar (Türkiye saati)",
	  "2026-06-17T19:00:00Z", "2026-06-17T20:30:00Z", NULL },
	{ JUNE, A, NULL, "Başlangıç: 17.06.2026 22:00 (UTC+3)\nBitiş: 18.06.2026 01:00 (UTC+3)",
	  "2026-06-17T19:00:00Z", "2026-06-17T22:00:00Z", NULL },
};

static void test_northern(void **state)
{
	CHECK(state, northern_rows);
}

static const struct row cyrillic_rows[] = {
	{ JUNE, A, NULL, "17 июня 2026 г. с 22:00 до 02:00 по московскому времени (МСК)",
	  "2026-06-17T19:00:00Z", "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, NULL, "в среду, 17 июня 2026 года, с 22 до 2 часов по московскому времени",
	  "2026-06-17T19:00:00Z", "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, NULL, "Начало: 17.06.2026 22:00 (МСК)\nОкончание: 18.06.2026 02:00 (МСК)",
	  "2026-06-17T19:00:00Z", "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, NULL, "17 июня 2026 в 10 часов вечера по московскому времени",
	  "2026-06-17T19:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "17 червня 2026 р. з 22:00 до 02:00 за київським часом",
	  "2026-06-17T19:00:00Z", "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, NULL, "Початок: 17 червня 2026 року о 22:00 (за Києвом)", "2026-06-17T19:00:00Z",
	  NULL, NULL },
};

static void test_cyrillic(void **state)
{
	CHECK(state, cyrillic_rows);
}

static const struct row cjk_rows[] = {
	{ JUNE, A, NULL, "2026年6月17日(水) 22:00～翌2:00 (JST)", "2026-06-17T13:00:00Z",
	  "2026-06-17T17:00:00Z", NULL },
	{ JUNE, A, NULL, "日時：2026年6月17日（水）午後10時から午後11時30分まで（日本時間）",
	  "2026-06-17T13:00:00Z", "2026-06-17T14:30:00Z", NULL },
	{ JUNE, A, NULL, "令和8年6月17日(水) 22時30分～25時00分 (日本時間)", "2026-06-17T13:30:00Z",
	  "2026-06-17T16:00:00Z", NULL },
	{ JUNE, A, NULL, "開始：２０２６年６月１７日　２２：００（日本時間）\n終了：２０２６年６月１８日　２：００（日本時間）",
	  "2026-06-17T13:00:00Z", "2026-06-17T17:00:00Z", NULL },
	{ JUNE, A, NULL, "2026/6/17(水) 22:00 〜 2026/6/18(木) 2:00 JST", "2026-06-17T13:00:00Z",
	  "2026-06-17T17:00:00Z", NULL },
	{ JUNE, A, NULL, "2026年6月17日（星期三）23:00至次日02:00（北京时间）",
	  "2026-06-17T15:00:00Z", "2026-06-17T18:00:00Z", NULL },
	{ JUNE, A, NULL, "开始时间：2026年6月17日 下午10点\n结束时间：2026年6月18日 凌晨2点\n所有时间均为北京时间",
	  "2026-06-17T14:00:00Z", "2026-06-17T18:00:00Z", NULL },
	{ JUNE, A, NULL, "我们将于2026年6月17日22时30分至24时（北京时间）进行维护",
	  "2026-06-17T14:30:00Z", "2026-06-17T16:00:00Z", NULL },
	{ JUNE, A, NULL, "維護時間：2026年6月17日 晚上11點至翌日凌晨3點（台北時間）",
	  "2026-06-17T15:00:00Z", "2026-06-17T19:00:00Z", NULL },
	{ JUNE, A, NULL, "22:00 CST，2026年6月17日，系统将进行维护，请您知悉",
	  "2026-06-17T14:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "일시: 2026년 6월 17일(수) 22:00 ~ 익일 02:00 (KST)", "2026-06-17T13:00:00Z",
	  "2026-06-17T17:00:00Z", NULL },
	{ JUNE, A, NULL, "시작: 2026. 6. 17.(수) 오후 11시 30분 (한국 시간)\n종료: 2026. 6. 18.(목) 오전 2시 (한국 시간)",
	  "2026-06-17T14:30:00Z", "2026-06-17T17:00:00Z", NULL },
	{ JUNE, A, NULL, "6월 17일 22시부터 24시까지 (한국시간) 점검합니다", "2026-06-17T13:00:00Z",
	  "2026-06-17T15:00:00Z", NULL },
};

static void test_cjk(void **state)
{
	CHECK(state, cjk_rows);
}

/* Carriers, clouds and universities. */
static const struct row field_rows[] = {
	{ JUNE, A, NULL, "Scheduled start: Fri 12 Jun 2026 at 22:00 hrs CEST",
	  "2026-06-12T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL,
	  "Between 22:00 CEST on Friday 12 June and 04:00 CEST on Saturday 13 June 2026",
	  "2026-06-12T20:00:00Z", "2026-06-13T02:00:00Z", NULL },
	{ JUNE, A, NULL, "Friday 12 June 2026 22:00 – Saturday 13 June 2026 04:00 CEST",
	  "2026-06-12T20:00:00Z", "2026-06-13T02:00:00Z", NULL },
	{ JUNE, A, NULL, "Friday, June 12 at 10pm through Saturday, June 13 at 4am (ET)",
	  "2026-06-13T02:00:00Z", "2026-06-13T08:00:00Z", NULL },
	{ JUNE, A, NULL, "12 June 2026, 22:00 UTC until 04:00 UTC the next day",
	  "2026-06-12T22:00:00Z", "2026-06-13T04:00:00Z", NULL },
	{ JUNE, A, NULL, "06/12/26 22:00 - 06/13/26 04:00 EDT", "2026-06-13T02:00:00Z",
	  "2026-06-13T08:00:00Z", NULL },
	{ JUNE, A, NULL, "June 12th, 10:00 PM - 4:00 AM EDT", "2026-06-13T02:00:00Z",
	  "2026-06-13T08:00:00Z", NULL },
	{ JUNE, A, NULL, "Window: 2026-06-12T22:00Z/2026-06-13T04:00Z", "2026-06-12T22:00:00Z",
	  "2026-06-13T04:00:00Z", NULL },
	{ JUNE, A, NULL, "Start: 12JUN2026 22:00Z", "2026-06-12T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: Fri, 12 Jun 2026 22:00:00 +0200", "2026-06-12T20:00:00Z", NULL,
	  NULL },
	{ JUNE, A, NULL, "Start: Fri Jun 12 22:00:00 CEST 2026", "2026-06-12T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Maintenance begins at 11:59 p.m. EDT on Friday, June 12.",
	  "2026-06-13T03:59:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 12/06/2026 22:00 (AEST)", "2026-06-12T12:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "1am-5am ET, Saturday, June 13, 2026", "2026-06-13T05:00:00Z",
	  "2026-06-13T09:00:00Z", NULL },
	{ JUNE, A, NULL, "Date: Saturday, June 13, 2026\nStart time: 1:00 AM\nEnd time: 5:00 AM\n"
			 "Time zone: Eastern Time (US & Canada)",
	  "2026-06-13T05:00:00Z", "2026-06-13T09:00:00Z", NULL },
	{ JUNE, A, NULL, "Start (UTC): 2026-06-12 22:00\nEnd (UTC): 2026-06-13 04:00",
	  "2026-06-12T22:00:00Z", "2026-06-13T04:00:00Z", NULL },
	{ JUNE, A, NULL, "Start Time: 12 June 2026 22:00 UTC\nEnd Time: 13 June 2026 04:00 UTC\n"
			 "Service Impact: 30 minutes within the window",
	  "2026-06-12T22:00:00Z", "2026-06-13T04:00:00Z", NULL },
	{ JUNE, A, NULL, "The upgrade will take place on Friday 12 June 2026. It will begin at 22:00 "
			 "UTC and is expected to be completed by 23:30 UTC.",
	  "2026-06-12T22:00:00Z", "2026-06-12T23:30:00Z", NULL },
	{ JUNE, A, NULL, "On Friday 12 June 2026 at 22:00 UTC we will replace switches. Please reply by "
			 "8 June 2026.",
	  "2026-06-12T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Please reply by 8 June 2026. We work on 12 June 2026 from 22:00 to 23:00 UTC. "
			 "Our help desk is open from 8:00 to 18:00.",
	  "2026-06-12T22:00:00Z", "2026-06-12T23:00:00Z", NULL },
	{ JUNE, A, NULL, "On 12 May 2026 from 03:10 to 04:55 UTC a disk failed. We replace it on 12 June "
			 "2026, 03:00-05:00 UTC.",
	  "2026-06-12T03:00:00Z", "2026-06-12T05:00:00Z", NULL },
	{ JUNE, A, NULL, "Approve 12 June 2026, 22:00 UTC, or reschedule to 19 June or 26 June 2026.",
	  "2026-06-12T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "12 June 2026, 22:00 UTC\n\nAlternative dates:\n- 5 June 2026, 22:00 UTC\n"
			 "- 6 June 2026, 22:00 UTC",
	  "2026-06-12T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Old date: 12 June 2026, 22:00 UTC\nNew date: 17 June 2026, 22:00 UTC",
	  "2026-06-17T22:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "The work has been brought forward to 10 June 2026, 22:00 UTC. 12 June no longer "
			 "applies.",
	  "2026-06-10T22:00:00Z", NULL, NULL },
	{ JUNE, A, "Maintenance 12 June moved to 17 June", "New window: 17 June 2026, 22:00 UTC to 23:00 "
							   "UTC.",
	  "2026-06-17T22:00:00Z", "2026-06-17T23:00:00Z", NULL },
	{ JUNE, A, "Maintenance on 13 June 2026", "Start: 12 June 2026 22:00 UTC",
	  "2026-06-12T22:00:00Z", NULL, "c" },
	{ JUNE, A, NULL, "Maintenance window: Saturdays 22:00-23:00 UTC", NULL, NULL, NULL },
	{ JUNE, N, NULL, "Start: 1 June 2026, 07:10 UTC\nResolution: 1 June 2026, 07:50 UTC",
	  "2026-06-01T07:10:00Z", "2026-06-01T07:50:00Z", NULL },
	{ JUNE, N, NULL, "Since 07:10 UTC today sign-in fails. The incident began at 07:10 UTC.",
	  "2026-06-01T07:10:00Z", NULL, NULL },
	{ "2026-03-20T08:00:00Z", A, NULL, "Start: 29 March 2026, 02:30 Berlin time",
	  "2026-03-29T01:30:00Z", NULL, NULL },
	{ "2026-10-20T08:00:00Z", A, NULL, "Start: 25 October 2026, 02:30 Berlin time",
	  "2026-10-25T00:30:00Z", NULL, NULL },
	{ "2026-10-20T08:00:00Z", A, NULL, "Start: 25 October 2026, 02:30 CET",
	  "2026-10-25T01:30:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 12 June 2026, 22:00 W. Europe Standard Time",
	  "2026-06-12T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 12 June 2026, 22:00 (local time in Sydney)", "2026-06-12T12:00:00Z",
	  NULL, NULL },
	{ JUNE, A, NULL, "Start: 12 June 2026, 22:00 local time\nLocation: Austin, TX",
	  "2026-06-13T03:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, "Start: 12 June 2026, 22:00 local time", "2026-06-12T22:00:00Z", NULL, "z" },
	{ JUNE, A, NULL, "The window\n\nStart | End | Zone\n12 June 2026 22:00 | 13 June 2026 02:00 | CEST",
	  "2026-06-12T20:00:00Z", "2026-06-13T00:00:00Z", NULL },
	{ JUNE, A, NULL, "Beginn der Arbeiten ist am Freitag, den 12.06.2026, um 22:00 Uhr (MESZ), die "
			 "Dauer beträgt etwa 3 Stunden.",
	  "2026-06-12T20:00:00Z", "2026-06-12T23:00:00Z", NULL },
	{ JUNE, A, NULL, "In der Nacht vom 12. auf den 13. Juni 2026 von 23:00 bis 05:00 Uhr MESZ",
	  "2026-06-12T21:00:00Z", "2026-06-13T03:00:00Z", NULL },
	{ JUNE, A, NULL, "dans la nuit du 12 au 13 juin 2026, de 23h à 5h (heure de Paris)",
	  "2026-06-12T21:00:00Z", "2026-06-13T03:00:00Z", NULL },
	{ JUNE, A, NULL, "w nocy z 12 na 13 czerwca 2026 r., w godz. 23:00-05:00 (CEST)",
	  "2026-06-12T21:00:00Z", "2026-06-13T03:00:00Z", NULL },
	{ JUNE, A, NULL, "natten till den 13 juni 2026 kl 01.00–04.00 (CEST)",
	  "2026-06-12T23:00:00Z", "2026-06-13T02:00:00Z", NULL },
	{ JUNE, A, NULL, "в ночь с 12 на 13 "
			 "июня 2026 г. с 23:00 до 05:00 "
			 "(МСК)",
	  "2026-06-12T20:00:00Z", "2026-06-13T02:00:00Z", NULL },
};

static void test_field(void **state)
{
	CHECK(state, field_rows);
}

#define HTML "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
#define MIXED "Content-Type: multipart/mixed; boundary=x\n\n--x\n"
#define TEXT "Content-Type: text/plain; charset=utf-8\n\n"
#define ICS "\n--x\nContent-Type: text/calendar; charset=utf-8; method=PUBLISH\n\nBEGIN:VCALENDAR\n"
#define END "\nEND:VCALENDAR\n--x--\n"

/* Whole mails: tables, calendar parts, schema.org, and what the places say of one another. */
static const struct row places_rows[] = {
	{ JUNE, A, NULL,
	  HTML "<p>Maintenance</p><table><tr><th>Date</th><th>Start</th><th>End</th><th>Zone</th></tr>"
	       "<tr><td>12 June 2026</td><td>22:00</td><td>02:00</td><td>CEST</td></tr></table>",
	  "2026-06-12T20:00:00Z", "2026-06-13T00:00:00Z", NULL },
	{ JUNE, A, NULL,
	  HTML "<table><tr><td>Date</td><td>12 June 2026</td></tr><tr><td>Time</td><td>22:00 - "
	       "02:00</td></tr><tr><td>Time zone</td><td>CEST</td></tr></table>",
	  "2026-06-12T20:00:00Z", "2026-06-13T00:00:00Z", NULL },
	{ JUNE, A, NULL,
	  HTML "<table><tr><th>Start (UTC)</th><th>End (UTC)</th></tr><tr><td>2026-06-12 "
	       "22:00</td><td>2026-06-13 02:00</td></tr></table>",
	  "2026-06-12T22:00:00Z", "2026-06-13T02:00:00Z", NULL },
	{ JUNE, A, NULL,
	  HTML "<table><tr><th>Region</th><th>Start</th><th>End</th></tr><tr><td>Europe</td><td>12 June "
	       "2026 22:00 UTC</td><td>13 June 2026 02:00 UTC</td></tr><tr><td>Asia</td><td>12 June 2026 "
	       "14:00 UTC</td><td>12 June 2026 18:00 UTC</td></tr></table>",
	  "2026-06-12T14:00:00Z", "2026-06-13T02:00:00Z", NULL },
	{ JUNE, A, NULL,
	  HTML "<p>Maintenance is coming.</p><div style=\"display:none\">12 June 2026, 22:00 UTC</div>",
	  NULL, NULL, NULL },
	{ JUNE, A, NULL, MIXED TEXT "See the calendar." ICS
	  "BEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20260612T220000\nDURATION:PT1H30M\nEND:VEVENT" END,
	  "2026-06-12T20:00:00Z", "2026-06-12T21:30:00Z", NULL },
	{ JUNE, A, NULL, MIXED TEXT "See the calendar." ICS
	  "BEGIN:VEVENT\nDTSTART:20260612T220000Z\nDTEND:20260612T230000Z\nEND:VEVENT\nBEGIN:VEVENT\n"
	  "DTSTART:20260613T220000Z\nDTEND:20260613T230000Z\nEND:VEVENT" END,
	  "2026-06-12T22:00:00Z", "2026-06-13T23:00:00Z", NULL },
	{ JUNE, A, NULL, MIXED TEXT "Start: 12 June 2026, 22:00 CEST" ICS
	  "BEGIN:VEVENT\nDTSTART:20260612T200000Z\nEND:VEVENT" END,
	  "2026-06-12T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, MIXED TEXT "Start: 12 June 2026, 22:00 CEST" ICS
	  "BEGIN:VEVENT\nDTSTART:20260612T220000Z\nEND:VEVENT" END,
	  "2026-06-12T20:00:00Z", NULL, "c" },
	{ JUNE, A, NULL, MIXED TEXT "Start: 12 June 2026, 22:00 CEST" ICS
	  "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260612\nEND:VEVENT" END,
	  "2026-06-12T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, MIXED TEXT "Start: 12 June 2026, 22:00 CEST" ICS
	  "BEGIN:VEVENT\nDTSTART;TZID=\"W. Europe Standard Time\":20260612T220000\nEND:VEVENT" END,
	  "2026-06-12T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, MIXED TEXT "Start: 12 June 2026, 22:00 CEST" ICS
	  "BEGIN:VEVENT\nDTSTART:20260612T220000\nEND:VEVENT" END,
	  "2026-06-12T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL, MIXED TEXT "Start: 12 June 2026, 22:00" ICS
	  "BEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20260612T220000\nEND:VEVENT" END,
	  "2026-06-12T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL,
	  HTML "<script type=\"application/ld+json\">{\"@type\":\"Event\",\"startDate\":"
	       "\"2026-06-12T22:00:00+02:00\"}</script><p>Start: 12 June 2026, 22:00 CEST</p>",
	  "2026-06-12T20:00:00Z", NULL, NULL },
	{ JUNE, A, NULL,
	  HTML "<script type=\"application/ld+json\">{\"@type\":\"Event\",\"startDate\":"
	       "\"2026-06-12T23:00:00+02:00\"}</script><p>Start: 12 June 2026, 22:00 CEST</p>",
	  "2026-06-12T20:00:00Z", NULL, "c" },
	{ JUNE, A, NULL,
	  HTML "<div itemscope itemtype=\"https://schema.org/Event\"><meta itemprop=\"startDate\" "
	       "content=\"2026-06-13T20:00:00Z\">Start: 12 June 2026, 22:00 CEST</div>",
	  "2026-06-12T20:00:00Z", NULL, "c" },
	{ JUNE, A, "Maintenance 12 June 2026, 22:00 CEST", HTML "<p>Start: 12 June 2026, 20:00 UTC</p>",
	  "2026-06-12T20:00:00Z", NULL, NULL },
	{ JUNE, A, "Maintenance 12 June 2026, 21:00 CEST", HTML "<p>Start: 12 June 2026, 20:00 UTC</p>",
	  "2026-06-12T20:00:00Z", NULL, "c" },
	{ JUNE, A, "Maintenance 12-13 June 2026", HTML "<p>12 June 2026, 22:00 to 02:00 UTC</p>",
	  "2026-06-12T22:00:00Z", "2026-06-13T02:00:00Z", NULL },
};

static void test_places(void **state)
{
	CHECK(state, places_rows);
}

static void test_zones(void **state)
{
	static const struct { const char *zone, *wall, *utc; } rows[] = {
		{ "Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59" },
		{ "Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00" },
		{ "Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00" },
		{ "Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00" },
		{ "Europe/Berlin", "2028-07-01T12:00:00", "2028-07-01T10:00:00" },
		{ "Europe/Berlin", "2045-07-01T12:00:00", "2045-07-01T10:00:00" },
		{ "America/New_York", "2025-03-09T03:00:00", "2025-03-09T07:00:00" },
		{ "America/New_York", "2027-11-07T01:30:00", "2027-11-07T05:30:00" },
		{ "America/New_York", "2027-11-07T02:00:00", "2027-11-07T07:00:00" },
		{ "Europe/Istanbul", "2026-03-29T03:30:00", "2026-03-29T00:30:00" },
		{ "Australia/Sydney", "2026-04-05T02:30:00", "2026-04-04T15:30:00" },
		{ "Australia/Sydney", "2027-01-10T12:00:00", "2027-01-10T01:00:00" },
		{ "Asia/Kolkata", "2028-02-29T05:30:00", "2028-02-29T00:00:00" },
		{ "W. Europe Standard Time", "2026-07-01T12:00:00", "2026-07-01T10:00:00" },
	};
	enum zone_local kind;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct zone *zone = zone_find(str_from(rows[i].zone));

		assert_non_null(zone);
		assert_int_equal(zone_to_utc(zone, instant(rows[i].wall), &kind), instant(rows[i].utc));
	}
	zone_to_utc(zone_find(STR_LIT("Europe/Berlin")), instant("2026-03-29T02:30:00"), &kind);
	assert_int_equal(kind, ZONE_LOCAL_GAP);
	zone_to_utc(zone_find(STR_LIT("Europe/Berlin")), instant("2026-10-25T02:30:00"), &kind);
	assert_int_equal(kind, ZONE_LOCAL_TWICE);
	assert_null(zone_find(STR_LIT("Europe/Atlantis")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zones),    cmocka_unit_test(test_numeric),
		cmocka_unit_test(test_english),  cmocka_unit_test(test_german),
		cmocka_unit_test(test_romance),  cmocka_unit_test(test_northern),
		cmocka_unit_test(test_cyrillic), cmocka_unit_test(test_cjk),
		cmocka_unit_test(test_field),    cmocka_unit_test(test_places),
	};

	return cmocka_run_group_tests_name("when", tests, set_up, tear_down);
}
