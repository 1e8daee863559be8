/* When: hours and durations as people say them: half hours behind their sign, windows of so many
 * hours, hours spelt in words, and the end of an incident as its notice tells it. All are of June 2026. */
#include "tests/unit/when_rows.h"

#define R(text, start, end) \
	{ JUNE, A, NULL, text, "2026-06-" start ":00Z", "2026-06-" end ":00Z", NULL }
#define S(text, start) { JUNE, A, NULL, text, "2026-06-" start ":00Z", NULL, NULL }
#define P(text, start, end) \
	{ "2026-06-21T08:00:00Z", N, NULL, text, "2026-06-" start ":00Z", "2026-06-" end ":00Z", NULL }

static const struct row half_rows[] = {
	S("정기 점검은 2026년 6월 20일 오후 8시 반(UTC)에 시작합니다.", "20T20:30"),
	S("정기 점검은 2026년 6월 20일 오후 8시반(UTC)에 시작합니다.", "20T20:30"),
	R("정기 점검: 2026년 6월 20일 오후 8시 반부터 오후 10시 반까지 (UTC)", "20T20:30", "20T22:30"),
	R("점검은 2026년 6월 20일 20시(UTC)부터 두 시간 반 동안 진행됩니다.", "20T20:00", "20T22:30"),
	S("メンテナンスは2026年6月20日午後8時半（UTC）に開始します。", "20T20:30"),
	S("メンテナンスは2026年6月20日20時半（UTC）に開始します。", "20T20:30"),
	R("メンテナンス：2026年6月20日 20時半～22時半（UTC）", "20T20:30", "20T22:30"),
	S("정기 점검은 2026년 6월 20일 오후 8시 반영될 예정입니다 (UTC).", "20T20:00"),
	S("计划维护将于2026年6月20日晚上8点半（UTC）开始。", "20T20:30"),
	S("计划维护将于2026年6月20日晚上八点半（UTC）开始。", "20T20:30"),
	R("计划维护将于2026年6月20日晚上八点半至十点半（UTC）进行。", "20T20:30", "20T22:30"),
};

static void test_half(void **state)
{
	CHECK(state, half_rows);
}

static const struct row compound_rows[] = {
	R("Planned maintenance: a two-hour maintenance window starting at 22:00 UTC on 20 June 2026.", "20T22:00", "21T00:00"),
	R("We have scheduled a 4-hour maintenance window on 20 June 2026, starting at 18:00 UTC.", "20T18:00", "20T22:00"),
	R("Planned maintenance starts on 20 June 2026 at 18:00 UTC. It is a 90-minute maintenance.", "20T18:00", "20T19:30"),
	R("The planned maintenance starts on 20 June 2026 at 18:00 UTC with a three-hour window.", "20T18:00", "20T21:00"),
	R("Die geplante zweistündige Wartung beginnt am 20. Juni 2026 um 18:00 Uhr UTC.", "20T18:00", "20T20:00"),
	R("Die geplante 4-stündige Wartung beginnt am 20. Juni 2026 um 18:00 Uhr UTC.", "20T18:00", "20T22:00"),
	R("Es gibt eine 90-minütige Wartung ab dem 20. Juni 2026, 18:00 Uhr UTC.", "20T18:00", "20T19:30"),
	R("Une maintenance planifiée de deux heures commencera le 20 juin 2026 à 18h00 UTC.", "20T18:00", "20T20:00"),
	R("Una ventana de mantenimiento de dos horas comienza el 20 de junio de 2026 a las 18:00 UTC.", "20T18:00", "20T20:00"),
	R("Una finestra di manutenzione di due ore inizia il 20 giugno 2026 alle 18:00 UTC.", "20T18:00", "20T20:00"),
	R("Uma janela de manutenção de duas horas começa em 20 de junho de 2026 às 18:00 UTC.", "20T18:00", "20T20:00"),
	R("Een gepland onderhoud van twee uur begint op 20 juni 2026 om 18:00 uur UTC.", "20T18:00", "20T20:00"),
	R("Dwugodzinna konserwacja rozpocznie się 20 czerwca 2026 r. o godz. 18:00 UTC.", "20T18:00", "20T20:00"),
	R("Ett två timmars underhåll börjar den 20 juni 2026 kl. 18:00 UTC.", "20T18:00", "20T20:00"),
	R("İki saatlik bakım 20 Haziran 2026 saat 18:00 UTC'de başlayacaktır.", "20T18:00", "20T20:00"),
	R("Двухчасовые работы начнутся 20 июня 2026 г. в 18:00 UTC.", "20T18:00", "20T20:00"),
	R("Двогодинне обслуговування почнеться 20 червня 2026 р. о 18:00 UTC.", "20T18:00", "20T20:00"),
	R("2026年6月20日18:00（UTC）から2時間のメンテナンスを実施します。", "20T18:00", "20T20:00"),
	R("计划于2026年6月20日18:00（UTC）开始进行两小时的维护。", "20T18:00", "20T20:00"),
	R("2026년 6월 20일 18:00(UTC)부터 2시간 점검을 실시합니다.", "20T18:00", "20T20:00"),
	/* An end that is stated stands, and what is a notice's or a part's is no length of the window. */
	R("A two-hour maintenance window on 20 June 2026 from 18:00 to 20:00 UTC.", "20T18:00", "20T20:00"),
	S("Planned maintenance starts on 20 June 2026 at 18:00 UTC.\n\nOur 24-hour hotline is at your service.", "20T18:00"),
	S("Die geplante Wartung beginnt am 20. Juni 2026 um 18:00 Uhr UTC.\n\nUnsere 24-stündige Hotline hilft Ihnen.", "20T18:00"),
	S("Planned maintenance starts on 20 June 2026 at 18:00 UTC, with our usual two-hour notice.", "20T18:00"),
	S("Planned maintenance starts on 20 June 2026 at 18:00 UTC. All times are in 24-hour time.", "20T18:00"),
	S("Planned maintenance starts on 20 June 2026 at 18:00 UTC with a 10-minute interruption.", "20T18:00"),
	S("Planned maintenance starts on 20 June 2026 at 18:00 UTC. Expect a four-hour response time.", "20T18:00"),
	S("As our contract has a 72-hour notice of maintenance: we start on 20 June 2026 at 18:00 UTC.", "20T18:00"),
	S("A two- to four-hour maintenance window starts on 20 June 2026 at 18:00 UTC.", "20T18:00"),
	S("A two to four-hour maintenance window starts on 20 June 2026 at 18:00 UTC.", "20T18:00"),
	R("A half-hour maintenance window starts on 20 June 2026 at 18:00 UTC.", "20T18:00", "20T18:30"),
	S("Плановые работы начнутся 20 июня 2026 г. в 18:00 UTC. Часовой пояс: UTC.", "20T18:00"),
};

static void test_compound(void **state)
{
	CHECK(state, compound_rows);
}

static const struct row dutch_rows[] = {
	S("Het geplande onderhoud begint op 20 juni 2026 's avonds om 10 uur UTC.", "20T22:00"),
	S("Het geplande onderhoud begint op 20 juni 2026 om 10 uur in de avond (UTC).", "20T22:00"),
	S("Het geplande onderhoud begint op 20 juni 2026 om 10 uur 's avonds (UTC).", "20T22:00"),
	S("Het geplande onderhoud begint in de avond van 20 juni 2026 om 10 uur (UTC).", "20T22:00"),
};

static void test_dutch(void **state)
{
	CHECK(state, dutch_rows);
}

static const struct row spelt_rows[] = {
	S("Planned maintenance starts on 20 June 2026 at ten o'clock in the evening (UTC).", "20T22:00"),
	S("Planned maintenance starts on 20 June 2026 at eight thirty pm UTC.", "20T20:30"),
	S("Planned maintenance starts on 20 June 2026 at ten pm UTC.", "20T22:00"),
	S("Die geplante Wartung beginnt am 20. Juni 2026 um zehn Uhr abends (UTC).", "20T22:00"),
	S("La maintenance commence le 20 juin 2026 à vingt-deux heures UTC.", "20T22:00"),
	S("El mantenimiento comienza el 20 de junio de 2026 a las diez de la noche (UTC).", "20T22:00"),
	S("La manutenzione inizia il 20 giugno 2026 alle ventidue (UTC).", "20T22:00"),
	S("A manutenção começa em 20 de junho de 2026 às vinte e duas horas (UTC).", "20T22:00"),
	S("Het onderhoud begint op 20 juni 2026 om tien uur 's avonds (UTC).", "20T22:00"),
	S("Konserwacja rozpocznie się 20 czerwca 2026 r. o dwudziestej drugiej (UTC).", "20T22:00"),
	S("Underhållet börjar den 20 juni 2026 klockan tio på kvällen (UTC).", "20T22:00"),
	S("Planned maintenance starts on 20 June 2026 at ten (UTC) in the evening, that is at 22:00 UTC.", "20T22:00"),
	S("La maintenance commence le 20 juin 2026 à dix heures et demie du soir (UTC).", "20T22:30"),
	S("El mantenimiento comienza el 20 de junio de 2026 a las diez y media de la noche (UTC).", "20T22:30"),
	S("Die geplante Wartung beginnt am 20. Juni 2026 um zweiundzwanzig Uhr (UTC).", "20T22:00"),
	S("Konserwacja rozpocznie się 20 czerwca 2026 r. o dziesiątej wieczorem (UTC).", "20T22:00"),
	R("Planned maintenance takes place on 20 June 2026 from eight pm to ten thirty pm UTC.", "20T20:00", "20T22:30"),
	R("La maintenance a lieu le 20 juin 2026 de vingt heures à vingt-deux heures (UTC).", "20T20:00", "20T22:00"),
	R("Die Wartung ist am 20. Juni 2026 von zwanzig Uhr bis zweiundzwanzig Uhr (UTC).", "20T20:00", "20T22:00"),
	/* An end of which the start is not read is not read either. */
	{ JUNE, A, NULL, "La maintenance a lieu le 20 juin 2026 de vingt à vingt-deux heures (UTC).", "2026-06-20T00:00:00Z", NULL, "dz" },
	/* Numbers of other things stay numbers. */
	S("Planned maintenance of ten instances starts on 20 June 2026, 22:00 UTC.", "20T22:00"),
	S("Konserwacja rozpocznie się 20 czerwca 2026 r. o godz. 22:00 UTC, w dwudziestej edycji (UTC).", "20T22:00"),
	S("La manutenzione inizia il 20 giugno 2026 alle 22:00 UTC e si applica alle ventidue istanze.", "20T22:00"),
	S("El mantenimiento comienza el 20 de junio de 2026 a las 22:00 UTC y afecta a las dos instancias.", "20T22:00"),
	R("Underhållet börjar den 20 juni 2026 kl. 22:00 UTC. Det gäller i tjugotvå timmar.", "20T22:00", "21T20:00"),
	S("Die Wartung beginnt am 20. Juni 2026, 22:00 Uhr UTC. Wir haben um zehn am Vortag gebeten.", "20T22:00"),
};

static void test_spelt(void **state)
{
	CHECK(state, spelt_rows);
}

static const struct row restored_rows[] = {
	P("The service incident began on 20 June 2026 at 12:30 UTC. Service was restored on 20 June 2026 at 14:05 UTC.", "20T12:30", "20T14:05"),
	P("The incident started on 20 June 2026 at 12:30 UTC. The service has been back in operation since 14:05 UTC.", "20T12:30", "20T14:05"),
	P("Die Störung begann am 20. Juni 2026 um 12:30 Uhr UTC. Der Dienst wurde am 20. Juni 2026 um 14:05 Uhr UTC wiederhergestellt.", "20T12:30", "20T14:05"),
	P("Die Störung begann am 20. Juni 2026 um 12:30 Uhr UTC. Der Dienst ist seit 14:05 Uhr UTC wieder in Betrieb.", "20T12:30", "20T14:05"),
	P("L'incident a commencé le 20 juin 2026 à 12h30 UTC. Le service a été remis en service le 20 juin 2026 à 14h05 UTC.", "20T12:30", "20T14:05"),
	P("L'incident a commencé le 20 juin 2026 à 12h30 UTC. Le service a été rétabli à 14:05 UTC.", "20T12:30", "20T14:05"),
	P("El incidente comenzó el 20 de junio de 2026 a las 12:30 UTC. El servicio se restableció a las 14:05 UTC.", "20T12:30", "20T14:05"),
	P("L'incidente è iniziato il 20 giugno 2026 alle 12:30 UTC. Il servizio è stato ripristinato alle 14:05 UTC.", "20T12:30", "20T14:05"),
	P("O incidente começou em 20 de junho de 2026 às 12:30 UTC. O serviço foi restabelecido às 14:05 UTC.", "20T12:30", "20T14:05"),
	P("De storing begon op 20 juni 2026 om 12:30 uur UTC. De dienst was om 14:05 uur UTC weer beschikbaar.", "20T12:30", "20T14:05"),
	P("Awaria rozpoczęła się 20 czerwca 2026 r. o godz. 12:30 UTC. Usługa została przywrócona o godz. 14:05 UTC.", "20T12:30", "20T14:05"),
	P("Störningen började den 20 juni 2026 kl. 12:30 UTC. Tjänsten återställdes kl. 14:05 UTC.", "20T12:30", "20T14:05"),
	P("Arıza 20 Haziran 2026 saat 12:30 UTC'de başladı. Hizmet saat 14:05 UTC'de yeniden devreye alındı.", "20T12:30", "20T14:05"),
	P("Сбой начался 20 июня 2026 г. в 12:30 UTC. Работа сервиса восстановлена в 14:05 UTC.", "20T12:30", "20T14:05"),
	P("Збій почався 20 червня 2026 р. о 12:30 UTC. Роботу сервісу відновлено о 14:05 UTC.", "20T12:30", "20T14:05"),
	P("障害は2026年6月20日12:30（UTC）に発生し、14:05（UTC）に復旧しました。", "20T12:30", "20T14:05"),
	P("장애는 2026년 6월 20일 12:30(UTC)에 시작되어 14:05(UTC)에 복구되었습니다.", "20T12:30", "20T14:05"),
	P("故障于2026年6月20日12:30（UTC）开始，服务已于14:05（UTC）恢复。", "20T12:30", "20T14:05"),
	/* A heading that says so leaves the start a start. */
	P("Dienst wiederhergestellt\n\nDie Störung dauerte am 20. Juni 2026 von 12:30 bis 14:05 Uhr (UTC).", "20T12:30", "20T14:05"),
	P("Service remis en service\n\nDébut : 20 juin 2026 12h30 UTC\nFin : 20 juin 2026 14h05 UTC", "20T12:30", "20T14:05"),
	P("服务已恢复\n\n开始时间：2026年6月20日 12:30（UTC）\n恢复时间：2026年6月20日 14:05（UTC）", "20T12:30", "20T14:05"),
};

static void test_restored(void **state)
{
	CHECK(state, restored_rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_half),  cmocka_unit_test(test_compound),
		cmocka_unit_test(test_dutch), cmocka_unit_test(test_spelt),
		cmocka_unit_test(test_restored),
	};

	return cmocka_run_group_tests_name("when hours", tests, set_up, tear_down);
}
