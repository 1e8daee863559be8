/* When: what sentences say about dates: offered to choose from, moved, cancelled, hours in a sentence
 * of their own, ends that are expected; each in every language. All are of June 2026. */
#include "tests/unit/when_rows.h"

#define R(text, start, end) \
	{ JUNE, A, NULL, text, "2026-06-" start ":00Z", "2026-06-" end ":00Z", NULL }
#define S(text, start) { JUNE, A, NULL, text, "2026-06-" start ":00Z", NULL, NULL }
#define NONE(text) { JUNE, A, NULL, text, NULL, NULL, NULL }
#define P(text, start, end) \
	{ "2026-06-21T08:00:00Z", N, NULL, text, "2026-06-" start ":00Z", "2026-06-" end ":00Z", NULL }

static const struct row offered_rows[] = {
	S("The major service update is planned for 20 June 2026, 22:00 UTC.\n\nApprove this date, or change it to 27 June or 4 July.", "20T22:00"),
	S("The major service update is planned for 20 June 2026, 22:00 UTC.\n\nYou can approve this date or move it to 27 June.", "20T22:00"),
	S("Das Service-Update ist für den 20. Juni 2026, 22:00 Uhr (UTC) geplant. Bitte genehmigen Sie den Termin oder verschieben Sie ihn auf den 27. Juni oder den 4. Juli 2026.", "20T22:00"),
	S("Das Service-Update ist für den 20. Juni 2026, 22:00 Uhr (UTC) geplant. Sie können den Termin genehmigen oder auf den 27. Juni verschieben.", "20T22:00"),
	S("La mise à jour est prévue le 20 juin 2026 à 22h00 (UTC). Approuvez cette date ou reportez la mise à jour au 27 juin ou au 4 juillet.", "20T22:00"),
	S("La mise à jour est prévue le 20 juin 2026 à 22h00 (UTC). Vous pouvez approuver cette date ou la déplacer au 27 juin.", "20T22:00"),
	S("La actualización está prevista para el 20 de junio de 2026 a las 22:00 (UTC). Apruebe la fecha o cámbiela al 27 de junio o al 4 de julio.", "20T22:00"),
	S("La actualización está prevista para el 20 de junio de 2026 a las 22:00 (UTC). Puede aprobar la fecha o aplazarla al 27 de junio.", "20T22:00"),
	S("L'aggiornamento è previsto per il 20 giugno 2026 alle 22:00 (UTC). Approvi la data oppure la sposti al 27 giugno o al 4 luglio.", "20T22:00"),
	S("L'aggiornamento è previsto per il 20 giugno 2026 alle 22:00 (UTC). Può approvare la data o rinviarla al 27 giugno.", "20T22:00"),
	S("A atualização está prevista para 20 de junho de 2026 às 22:00 (UTC). Aprove a data ou reagende para 27 de junho ou 4 de julho.", "20T22:00"),
	S("A atualização está prevista para 20 de junho de 2026 às 22:00 (UTC). Pode aprovar a data ou adiá-la para 27 de junho.", "20T22:00"),
	S("De service-update staat gepland op 20 juni 2026 om 22:00 uur (UTC). Keur de datum goed of verplaats de update naar 27 juni of 4 juli.", "20T22:00"),
	S("De service-update staat gepland op 20 juni 2026 om 22:00 uur (UTC). U kunt de datum goedkeuren of naar 27 juni verplaatsen.", "20T22:00"),
	S("Aktualizacja jest zaplanowana na 20 czerwca 2026 r. o godz. 22:00 (UTC). Proszę zatwierdzić termin albo przełożyć go na 27 czerwca lub 4 lipca.", "20T22:00"),
	S("Aktualizacja jest zaplanowana na 20 czerwca 2026 r. o godz. 22:00 (UTC). Mogą Państwo zatwierdzić termin lub zmienić go na 27 czerwca.", "20T22:00"),
	S("Nästa stora tjänsteuppdatering är planerad till lördag den 20 juni 2026 kl. 22:00 (UTC).\n\nGodkänn datumet eller boka om till den 27 juni eller den 4 juli 2026.", "20T22:00"),
	S("Tjänsteuppdateringen är planerad till den 20 juni 2026 kl. 22:00 (UTC). Ni kan godkänna datumet eller flytta det till den 27 juni.", "20T22:00"),
	S("Hizmet güncellemesi 20 Haziran 2026 saat 22:00 (UTC) için planlandı. Tarihi onaylayın veya 27 Haziran ya da 4 Temmuz tarihine erteleyin.", "20T22:00"),
	S("Hizmet güncellemesi 20 Haziran 2026 saat 22:00 (UTC) için planlandı. Bu tarihi onaylayabilir veya 27 Haziran tarihine erteleyebilirsiniz.", "20T22:00"),
	S("Обновление запланировано на 20 июня 2026 г. в 22:00 (UTC). Подтвердите дату или перенесите обновление на 27 июня или 4 июля.", "20T22:00"),
	S("Обновление запланировано на 20 июня 2026 г. в 22:00 (UTC). Вы можете подтвердить дату либо перенести её на 27 июня.", "20T22:00"),
	S("Оновлення заплановано на 20 червня 2026 р. о 22:00 (UTC). Підтвердьте дату або перенесіть оновлення на 27 червня чи 4 липня.", "20T22:00"),
	S("Оновлення заплановано на 20 червня 2026 р. о 22:00 (UTC). Ви можете підтвердити дату або перенести її на 27 червня.", "20T22:00"),
	S("サービス更新は 2026年6月20日 22:00（UTC）に予定されています。\n\nこの日程を承認するか、6月27日 または 7月4日 に変更することができます。", "20T22:00"),
	S("サービス更新は 2026年6月20日 22:00（UTC）に予定されています。承認いただくか、6月27日に変更してください。", "20T22:00"),
	S("서비스 업데이트는 2026년 6월 20일 22:00(UTC)에 예정되어 있습니다. 일정을 승인하시거나 6월 27일 또는 7월 4일로 변경하실 수 있습니다.", "20T22:00"),
	S("서비스 업데이트는 2026년 6월 20일 22:00(UTC)에 예정되어 있습니다. 승인하거나 6월 27일로 연기해 주세요.", "20T22:00"),
	S("服务更新计划于2026年6月20日22:00（UTC）进行。请批准该日期，或改为6月27日或7月4日。", "20T22:00"),
	S("服务更新计划于2026年6月20日22:00（UTC）进行。您可以批准该日期，也可以改期至6月27日。", "20T22:00"),
	S("服務更新預定於2026年6月20日22:00（UTC）進行。請核准此日期，或改為6月27日或7月4日。", "20T22:00"),
	/* What can be moved has not been. */
	S("The update of 20 June 2026, 22:00 UTC is planned. The date can be moved to 27 June.", "20T22:00"),
	S("Das Update ist für den 20. Juni 2026, 22:00 Uhr (UTC) geplant. Der Termin kann auf den 27. Juni verschoben werden.", "20T22:00"),
	S("La mise à jour est prévue le 20 juin 2026 à 22h00 (UTC). La date peut être reportée au 27 juin.", "20T22:00"),
	S("La actualización está prevista para el 20 de junio de 2026 a las 22:00 (UTC). La fecha puede ser aplazada al 27 de junio.", "20T22:00"),
	S("L'aggiornamento è previsto per il 20 giugno 2026 alle 22:00 (UTC). La data può essere rinviata al 27 giugno.", "20T22:00"),
	S("A atualização está prevista para 20 de junho de 2026 às 22:00 (UTC). A data pode ser adiada para 27 de junho.", "20T22:00"),
	S("De update staat gepland op 20 juni 2026 om 22:00 uur (UTC). De datum kan worden verplaatst naar 27 juni.", "20T22:00"),
	S("Aktualizacja jest zaplanowana na 20 czerwca 2026 r. o godz. 22:00 (UTC). Termin może zostać przełożony na 27 czerwca.", "20T22:00"),
	S("Uppdateringen är planerad till den 20 juni 2026 kl. 22:00 (UTC). Datumet kan flyttas till den 27 juni.", "20T22:00"),
	S("Güncelleme 20 Haziran 2026 saat 22:00 (UTC) için planlandı. Tarih 27 Haziran'a ertelenebilir.", "20T22:00"),
	S("Обновление запланировано на 20 июня 2026 г. в 22:00 (UTC). Дата может быть перенесена на 27 июня.", "20T22:00"),
	S("Оновлення заплановано на 20 червня 2026 р. о 22:00 (UTC). Дату можна перенести на 27 червня.", "20T22:00"),
	/* What has been moved has, whatever else is offered. */
	S("The update planned for 13 June 2026 has been moved to 20 June 2026, 22:00 UTC. Approve this date or choose 27 June.", "20T22:00"),
	S("Die für den 13. Juni 2026 geplanten Arbeiten oder Teile davon wurden auf den 20. Juni 2026, 22:00 Uhr UTC verschoben.", "20T22:00"),
};

static void test_offered(void **state)
{
	CHECK(state, offered_rows);
}

static const struct row daypart_rows[] = {
	R("In the night or the day of 20 June 2026, from 14:00 until 17:00 (UTC), we replace the disks.", "20T14:00", "20T17:00"),
	R("In der Nacht oder am Tag des 20. Juni 2026, ab 14:00 Uhr und bis 17:00 Uhr (UTC), tauschen wir die Platten.", "20T14:00", "20T17:00"),
	R("dans la nuit ou la journée du 20 juin 2026, à partir de 14:00 et\njusqu’à 17:00 (UTC), nous remplacerons les disques.", "20T14:00", "20T17:00"),
	R("En la noche o durante el día 20 de junio de 2026, a partir de las 14:00 y hasta las 17:00 (UTC), cambiaremos los discos.", "20T14:00", "20T17:00"),
	R("Nella notte o nella giornata del 20 giugno 2026, a partire dalle 14:00 e fino alle 17:00 (UTC), sostituiremo i dischi.", "20T14:00", "20T17:00"),
	R("Na noite ou durante o dia 20 de junho de 2026, a partir das 14:00 e até às 17:00 (UTC), trocaremos os discos.", "20T14:00", "20T17:00"),
	R("In de nacht of overdag op 20 juni 2026, vanaf 14:00 en tot 17:00 uur (UTC), vervangen wij de schijven.", "20T14:00", "20T17:00"),
	R("W nocy lub w dzień 20 czerwca 2026 r., od godz. 14:00 i do godz. 17:00 (UTC), wymienimy dyski.", "20T14:00", "20T17:00"),
	R("På natten eller dagen den 20 juni 2026, från kl. 14:00 och till kl. 17:00 (UTC), byter vi diskar.", "20T14:00", "20T17:00"),
	R("20 Haziran 2026 gecesi veya günü saat 14:00'ten 17:00'ye kadar (UTC) diskleri değiştireceğiz.", "20T14:00", "20T17:00"),
	R("В ночь или днём 20 июня 2026 г., с 14:00 и до 17:00 (UTC), мы заменим диски.", "20T14:00", "20T17:00"),
	R("В ніч або вдень 20 червня 2026 р., з 14:00 і до 17:00 (UTC), ми замінимо диски.", "20T14:00", "20T17:00"),
	R("夜間または日中の2026年6月20日14:00から17:00（UTC）まで、ディスクを交換します。", "20T14:00", "20T17:00"),
	R("야간 또는 주간인 2026년 6월 20일 14:00부터 17:00(UTC)까지 디스크를 교체합니다.", "20T14:00", "20T17:00"),
	R("我们将于夜间或白天即2026年6月20日14:00起至17:00（UTC）更换磁盘。", "20T14:00", "20T17:00"),
};

static void test_daypart(void **state)
{
	CHECK(state, daypart_rows);
}

static const struct row next_sentence_rows[] = {
	R("contoso-prod moves to new servers on 20 June 2026. Work begins at 18:00 and is finished at 20:00 (UTC).", "20T18:00", "20T20:00"),
	R("contoso-prod zieht am 20. Juni 2026 auf neue Server um. Die Arbeiten beginnen um 18:00 Uhr und sind um 20:00 Uhr (UTC) fertig.", "20T18:00", "20T20:00"),
	R("contoso-prod sera déplacé vers de nouveaux serveurs le 20 juin 2026. Les travaux commencent à 18h00 et se terminent à 20h00 (UTC).", "20T18:00", "20T20:00"),
	R("contoso-prod se traslada a nuevos servidores el 20 de junio de 2026. Los trabajos empiezan a las 18:00 y terminan a las 20:00 (UTC).", "20T18:00", "20T20:00"),
	R("contoso-prod si sposta su nuovi server il 20 giugno 2026. I lavori iniziano alle 18:00 e finiscono alle 20:00 (UTC).", "20T18:00", "20T20:00"),
	R("contoso-prod muda para novos servidores em 20 de junho de 2026. O trabalho começa às 18:00 e termina às 20:00 (UTC).", "20T18:00", "20T20:00"),
	R("contoso-prod verhuist op 20 juni 2026 naar nieuwe servers. Het werk begint om 18:00 uur en is klaar om 20:00 uur (UTC).", "20T18:00", "20T20:00"),
	R("contoso-prod zostanie przeniesiony na nowe serwery 20 czerwca 2026 r. Prace zaczną się o godz. 18:00 i skończą o godz. 20:00 (UTC).", "20T18:00", "20T20:00"),
	R("coho-se flyttas till nya servrar den 20 juni 2026. Arbetet börjar kl.\n18:00 och är klart kl. 20:00 (UTC).", "20T18:00", "20T20:00"),
	R("coho-se flyttas till nya servrar den 20 juni 2026. Arbetet startar kl. 18:00 och slutar kl. 20:00 (UTC).", "20T18:00", "20T20:00"),
	R("contoso-prod 20 Haziran 2026 tarihinde yeni sunuculara taşınacak. Çalışma saat 18:00'de başlayacak ve saat 20:00'de (UTC) bitecek.", "20T18:00", "20T20:00"),
	R("contoso-prod будет перенесён на новые серверы 20 июня 2026 г. Работы начнутся в 18:00 и закончатся в 20:00 (UTC).", "20T18:00", "20T20:00"),
	R("contoso-prod буде перенесено на нові сервери 20 червня 2026 р. Роботи почнуться о 18:00 і закінчаться о 20:00 (UTC).", "20T18:00", "20T20:00"),
	R("contoso-prodは2026年6月20日に新しいサーバーへ移動します。作業は18:00に開始し、20:00（UTC）に終了します。", "20T18:00", "20T20:00"),
	R("contoso-prod은 2026년 6월 20일에 새 서버로 이전됩니다. 작업은 18:00에 시작하여 20:00(UTC)에 끝납니다.", "20T18:00", "20T20:00"),
	R("contoso-prod将于2026年6月20日迁移到新服务器。工作于18:00开始，20:00（UTC）结束。", "20T18:00", "20T20:00"),
	R("contoso-prod將於2026年6月20日移至新伺服器。作業於18:00開始，20:00（UTC）結束。", "20T18:00", "20T20:00"),
};

static const struct row elsewhere_rows[] = {
	/* Systems are moved to new servers: that moves no date. */
	R("On 20 June 2026 from 20:00 to 23:00 UTC the instances will be moved to new servers.", "20T20:00", "20T23:00"),
	R("The instances will be moved from 20 June 2026 22:00 UTC to 21 June 2026 02:00 UTC.", "20T22:00", "21T02:00"),
	R("The instances are moved to new hardware on 20 June 2026 from 20:00 to 23:00 UTC.", "20T20:00", "20T23:00"),
	R("Am 20. Juni 2026 von 20:00 bis 23:00 Uhr (UTC) werden die Instanzen auf neue Server verlegt.", "20T20:00", "20T23:00"),
	R("Le 20 juin 2026 de 20h00 à 23h00 (UTC), les instances seront déplacées au nouveau centre de données.", "20T20:00", "20T23:00"),
	R("El 20 de junio de 2026, de 20:00 a 23:00 (UTC), las instancias serán trasladadas a servidores nuevos. El servicio trasladado al nuevo centro será más rápido.", "20T20:00", "20T23:00"),
	R("Il 20 giugno 2026 dalle 20:00 alle 23:00 (UTC) il sistema sarà spostato al nuovo data center.", "20T20:00", "20T23:00"),
	R("Em 20 de junho de 2026, das 20:00 às 23:00 (UTC), a instância será transferida para novos servidores.", "20T20:00", "20T23:00"),
	R("Op 20 juni 2026 van 20:00 tot 23:00 uur (UTC) wordt de instantie verplaatst naar nieuwe servers.", "20T20:00", "20T23:00"),
	R("20 czerwca 2026 r. od godz. 20:00 do 23:00 (UTC) system zostanie przeniesiony na nowe serwery.", "20T20:00", "20T23:00"),
	R("Den 20 juni 2026 kl. 20:00 till 23:00 (UTC) flyttas instansen till nya servrar och flyttas till nytt nät.", "20T20:00", "20T23:00"),
	R("20 Haziran 2026 saat 20:00 ile 23:00 (UTC) arasında sistem yeni sunuculara taşınacaktır.", "20T20:00", "20T23:00"),
	R("20 июня 2026 г. с 20:00 до 23:00 (UTC) экземпляр будет перенесён на новые серверы.", "20T20:00", "20T23:00"),
	R("20 червня 2026 р. з 20:00 до 23:00 (UTC) екземпляр буде перенесено на нові сервери.", "20T20:00", "20T23:00"),
	R("2026年6月20日20:00から23:00（UTC）まで、接続先を新しいサーバーに変更します。", "20T20:00", "20T23:00"),
	R("2026년 6월 20일 20:00부터 23:00(UTC)까지 서버를 새 장비로 변경합니다.", "20T20:00", "20T23:00"),
	R("2026年6月20日20:00至23:00（UTC），服务地址将更改为新域名。", "20T20:00", "20T23:00"),
	R("2026年6月20日20:00至23:00（UTC），服務位址將變更為新網域。", "20T20:00", "20T23:00"),
	/* What is moved to a date is. */
	S("The maintenance of 13 June 2026, 20:00 UTC has been moved to: 20 June 2026, 22:00 UTC.", "20T22:00"),
	S("The maintenance of 13 June 2026, 20:00 UTC has been moved to a new date. It is now on 20 June 2026, 22:00 UTC.", "20T22:00"),
	/* The names of columns stand over rows of spaces. */
	R("Zone             Start                   End\nUTC              20 June 2026 20:00  20 June 2026 23:00\nNew York (EDT)   20 June 2026 16:00  20 June 2026 19:00\nSingapore (SGT)  21 June 2026 04:00  21 June 2026 07:00", "20T20:00", "20T23:00"),
	R("Beginn             Ende\n20.06.2026 20:00 UTC   20.06.2026 23:00 UTC", "20T20:00", "20T23:00"),
	R("Zone: UTC | Start: 20 June 2026 20:00 | End: 20 June 2026 23:00\nZone: EDT | Start: 20 June 2026 16:00 | End: 20 June 2026 19:00", "20T20:00", "20T23:00"),
	/* Polish "o" and Portuguese "o" at the head of a wrapped line are words. */
	S("Planowana konserwacja instancji alpine-pl odbędzie się 20 czerwca 2026 r.\no godz. 22:00 (UTC).", "20T22:00"),
	S("No sábado, 20 de junho de 2026, às 22:00 no horário universal (UTC)\no sistema ficará indisponível.", "20T22:00"),
	/* The hours of a date that holds now stand in the next sentence. */
	R("The maintenance of 13 June 2026 has been moved to 20 June 2026. It begins at 18:00 and ends at 20:00 (UTC).", "20T18:00", "20T20:00"),
	R("Die Wartung vom 13. Juni wurde auf den 20. Juni 2026 verschoben. Sie beginnt um 18:00 Uhr und endet um 20:00 Uhr (UTC).", "20T18:00", "20T20:00"),
};

static void test_elsewhere(void **state)
{
	CHECK(state, elsewhere_rows);
}

static void test_next_sentence(void **state)
{
	CHECK(state, next_sentence_rows);
}

static const struct row midnight_rows[] = {
	R("28 June 2026 from 00:00 to 03:00 Moscow time (UTC+3) the instances move.", "27T21:00", "28T00:00"),
	R("Am 28. Juni 2026 von 00:00 bis 03:00 Uhr Moskauer Zeit (UTC+3) ziehen die Instanzen um.", "27T21:00", "28T00:00"),
	R("Le 28 juin 2026 de 00h00 à 03h00, heure de Moscou (UTC+3), les instances seront déplacées.", "27T21:00", "28T00:00"),
	R("28 июня 2026 года с 00:00 до 03:00 по московскому времени (UTC+3)\nэкземпляры будут перенесены на новые серверы.", "27T21:00", "28T00:00"),
	R("28 червня 2026 року з 00:00 до 03:00 за московським часом (UTC+3)\nекземпляри буде перенесено на нові сервери.", "27T21:00", "28T00:00"),
	R("28 czerwca 2026 roku od 00:00 do 03:00 czasu moskiewskiego (UTC+3) instancje zostaną przeniesione na nowe serwery.", "27T21:00", "28T00:00"),
	R("28 Haziran 2026'da 00:00 ile 03:00 arasında İstanbul saatiyle (UTC+3) sunucular yeni donanıma taşınacak.", "27T21:00", "28T00:00"),
	R("2026年6月28日 00:00 ～ 03:00（UTC+3）にインスタンスを移行します。", "27T21:00", "28T00:00"),
};

static void test_midnight(void **state)
{
	CHECK(state, midnight_rows);
}

static const struct row completed_rows[] = {
	P("The planned maintenance of contoso-prod, begun on 20 June 2026 at 22:00 (UTC), was completed at 02:00.", "20T22:00", "21T02:00"),
	P("Die geplante Wartung, begonnen am 20. Juni 2026 um 22:00 Uhr (UTC), wurde um 02:00 Uhr abgeschlossen.", "20T22:00", "21T02:00"),
	P("La maintenance planifiée, commencée le 20 juin 2026 à 22h00 (UTC), s'est terminée à 02h00.", "20T22:00", "21T02:00"),
	P("El mantenimiento planificado, iniciado el 20 de junio de 2026 a las 22:00 (UTC), finalizó a las 02:00.", "20T22:00", "21T02:00"),
	P("La manutenzione programmata, iniziata il 20 giugno 2026 alle 22:00 (UTC), è stata completata alle 02:00.", "20T22:00", "21T02:00"),
	P("A manutenção planejada, iniciada em 20 de junho de 2026 às 22:00 (UTC), foi concluída às 02:00.", "20T22:00", "21T02:00"),
	P("Het geplande onderhoud, begonnen op 20 juni 2026 om 22:00 uur (UTC), is om 02:00 uur afgerond.", "20T22:00", "21T02:00"),
	P("Planowana konserwacja instancji alpine-pl, rozpoczęta 20 czerwca 2026 r.\no godz. 22:00 (UTC), została zakończona o godz. 02:00. Wszystkie funkcje\ndziałają prawidłowo.", "20T22:00", "21T02:00"),
	P("Det planerade underhållet, som påbörjades den 20 juni 2026 kl. 22:00 (UTC), avslutades kl. 02:00.", "20T22:00", "21T02:00"),
	P("20 Haziran 2026 saat 22:00'de (UTC) başlayan planlı bakım saat 02:00'de tamamlandı.", "20T22:00", "21T02:00"),
	P("Плановое обслуживание, начатое 20 июня 2026 г. в 22:00 (UTC), было завершено в 02:00.", "20T22:00", "21T02:00"),
	P("Планове обслуговування, розпочате 20 червня 2026 р. о 22:00 (UTC), було завершено о 02:00.", "20T22:00", "21T02:00"),
	P("2026年6月20日22:00（UTC）に開始した計画メンテナンスは、02:00に完了しました。", "20T22:00", "21T02:00"),
	P("2026년 6월 20일 22:00(UTC)에 시작된 정기 점검이 02:00에 완료되었습니다.", "20T22:00", "21T02:00"),
	P("2026年6月20日22:00（UTC）开始的计划维护已于02:00完成。", "20T22:00", "21T02:00"),
	P("2026年6月20日22:00（UTC）開始的計劃維護已於02:00完成。", "20T22:00", "21T02:00"),
};

static void test_completed(void **state)
{
	CHECK(state, completed_rows);
}

static const struct row report_rows[] = {
	P("Start date and time\n\nJune 20, 2026, 14:02 UTC\n\nResolution date and time\n\nJune 20, 2026, 17:05 UTC\n\nNext steps\n\nAll certificates are covered since June 20.", "20T14:02", "20T17:05"),
	P("Datum und Uhrzeit des Beginns\n\n20. Juni 2026, 14:02 Uhr UTC\n\nDatum und Uhrzeit der Behebung\n\n20. Juni 2026, 17:05 Uhr UTC", "20T14:02", "20T17:05"),
	P("Startdatum und -uhrzeit\n\n20. Juni 2026, 14:02 Uhr UTC\n\nLösungsdatum und -uhrzeit\n\n20. Juni 2026, 17:05 Uhr UTC", "20T14:02", "20T17:05"),
	P("Date et heure de début\n\n20 juin 2026 à 14h02 UTC\n\nDate et heure de résolution\n\n20 juin 2026 à 17h05 UTC", "20T14:02", "20T17:05"),
	P("Fecha y hora de inicio\n\n20 de junio de 2026, 14:02 UTC\n\nFecha y hora de resolución\n\n20 de junio de 2026, 17:05 UTC", "20T14:02", "20T17:05"),
	P("Data e ora di inizio\n\n20 giugno 2026, ore 14:02 UTC\n\nData e ora di risoluzione\n\n20 giugno 2026, ore 17:05 UTC", "20T14:02", "20T17:05"),
	P("Data e hora de início\n\n20 de junho de 2026, 14:02 UTC\n\nData e hora da resolução\n\n20 de junho de 2026, 17:05 UTC", "20T14:02", "20T17:05"),
	P("Begindatum en -tijd\n\n20 juni 2026, 14:02 uur UTC\n\nDatum en tijd van de oplossing\n\n20 juni 2026, 17:05 uur UTC", "20T14:02", "20T17:05"),
	P("Data i godzina rozpoczęcia\n\n20 czerwca 2026 r., 14:02 UTC\n\nData i godzina rozwiązania\n\n20 czerwca 2026 r., 17:05 UTC", "20T14:02", "20T17:05"),
	P("Startdatum och tid\n\n20 juni 2026 kl. 14:02 UTC\n\nDatum och tid för lösning\n\n20 juni 2026 kl. 17:05 UTC", "20T14:02", "20T17:05"),
	P("Başlangıç tarihi ve saati\n\n20 Haziran 2026, 14:02 UTC\n\nÇözüm tarihi ve saati\n\n20 Haziran 2026, 17:05 UTC", "20T14:02", "20T17:05"),
	P("Дата и время начала\n\n20 июня 2026 г., 14:02 UTC\n\nДата и время устранения\n\n20 июня 2026 г., 17:05 UTC", "20T14:02", "20T17:05"),
	P("Дата і час початку\n\n20 червня 2026 р., 14:02 UTC\n\nДата і час усунення\n\n20 червня 2026 р., 17:05 UTC", "20T14:02", "20T17:05"),
	P("発生日時\n\n2026年6月20日 14:02 UTC\n\n解決日時\n\n2026年6月20日 17:05 UTC", "20T14:02", "20T17:05"),
	P("시작 일시\n\n2026년 6월 20일 14:02 UTC\n\n해결 일시\n\n2026년 6월 20일 17:05 UTC", "20T14:02", "20T17:05"),
	P("开始日期和时间\n\n2026年6月20日 14:02 UTC\n\n解决日期和时间\n\n2026年6月20日 17:05 UTC", "20T14:02", "20T17:05"),
	P("開始日期與時間\n\n2026年6月20日 14:02 UTC\n\n解決日期與時間\n\n2026年6月20日 17:05 UTC", "20T14:02", "20T17:05"),
};

static void test_report(void **state)
{
	CHECK(state, report_rows);
}

static const struct row expected_end_rows[] = {
	P("Since 15:20 UTC on 20 June 2026 we have been carrying out unplanned maintenance. We expect to finish at 17:00 UTC.", "20T15:20", "20T17:00"),
	P("Seit 15:20 Uhr UTC am 20. Juni 2026 führen wir eine ungeplante Wartung durch. Wir rechnen damit, sie um 17:00 Uhr UTC zu beenden.", "20T15:20", "20T17:00"),
	P("Depuis 15h20 UTC le 20 juin 2026, nous effectuons une maintenance non planifiée. Nous prévoyons de terminer à 17h00 UTC.", "20T15:20", "20T17:00"),
	P("Desde las 15:20 UTC del 20 de junio de 2026 estamos realizando un mantenimiento no planificado en el clúster de contoso-prod. Prevemos terminar a las 17:00 UTC.", "20T15:20", "20T17:00"),
	P("Dalle 15:20 UTC del 20 giugno 2026 è in corso una manutenzione non programmata. Prevediamo di terminare alle 17:00 UTC.", "20T15:20", "20T17:00"),
	P("Desde as 15:20 UTC de 20 de junho de 2026 estamos realizando uma manutenção não planejada. Prevemos terminar às 17:00 UTC.", "20T15:20", "20T17:00"),
	P("Sinds 15:20 uur UTC op 20 juni 2026 voeren wij ongepland onderhoud uit. Wij verwachten om 17:00 uur UTC klaar te zijn.", "20T15:20", "20T17:00"),
	P("Od godz. 15:20 UTC 20 czerwca 2026 r. prowadzimy nieplanowaną konserwację. Planujemy zakończyć o godz. 17:00 UTC.", "20T15:20", "20T17:00"),
	P("Sedan kl. 15:20 UTC den 20 juni 2026 utför vi ett oplanerat underhåll. Vi räknar med att avsluta kl. 17:00 UTC.", "20T15:20", "20T17:00"),
	P("20 Haziran 2026 saat 15:20 UTC'den beri plansız bakım yapıyoruz. Çalışmayı saat 17:00 UTC'de bitirmeyi planlıyoruz.", "20T15:20", "20T17:00"),
	P("С 15:20 UTC 20 июня 2026 г. мы проводим внеплановое обслуживание. Планируем завершить в 17:00 UTC.", "20T15:20", "20T17:00"),
	P("З 15:20 UTC 20 червня 2026 р. ми проводимо позапланове обслуговування. Плануємо завершити о 17:00 UTC.", "20T15:20", "20T17:00"),
	P("2026年6月20日15:20（UTC）より緊急メンテナンスを実施しています。17:00（UTC）に完了する見込みです。", "20T15:20", "20T17:00"),
	P("2026년 6월 20일 15:20(UTC)부터 긴급 점검을 진행하고 있습니다. 17:00(UTC)에 마칠 예정입니다.", "20T15:20", "20T17:00"),
	P("自2026年6月20日15:20（UTC）起我们正在进行计划外维护，预计17:00（UTC）完成。", "20T15:20", "20T17:00"),
};

static void test_expected_end(void **state)
{
	CHECK(state, expected_end_rows);
}

static const struct row weeks_rows[] = {
	R("Planned maintenance starts in two weeks: Saturday the 20th of June, 2026, at half past eight in the evening UTC (20:30 UTC), for 45 minutes.", "20T20:30", "20T21:15"),
	S("Planned maintenance starts in three weeks, on Saturday 20 June 2026 at 20:30 UTC.", "20T20:30"),
	S("Die geplante Wartung beginnt in drei Wochen: am Samstag, 20. Juni 2026, um 20:30 Uhr UTC.", "20T20:30"),
	S("La maintenance planifiée commence dans trois semaines : samedi 20 juin 2026 à 20h30 UTC.", "20T20:30"),
	S("El mantenimiento planificado empieza dentro de tres semanas: el sábado 20 de junio de 2026 a las 20:30 UTC.", "20T20:30"),
	S("La manutenzione programmata inizia tra tre settimane: sabato 20 giugno 2026 alle 20:30 UTC.", "20T20:30"),
	S("A manutenção planejada começa em três semanas: sábado, 20 de junho de 2026, às 20:30 UTC.", "20T20:30"),
	S("Het geplande onderhoud begint over drie weken: zaterdag 20 juni 2026 om 20:30 uur UTC.", "20T20:30"),
	S("Planowana konserwacja rozpocznie się za trzy tygodnie: w sobotę 20 czerwca 2026 r. o godz. 20:30 UTC.", "20T20:30"),
	S("Det planerade underhållet börjar om tre veckor: lördag den 20 juni 2026 kl. 20:30 UTC.", "20T20:30"),
	S("Planlı bakım üç hafta sonra başlıyor: 20 Haziran 2026 Cumartesi saat 20:30 UTC.", "20T20:30"),
	S("Плановое обслуживание начнётся через три недели: в субботу 20 июня 2026 г. в 20:30 UTC.", "20T20:30"),
	S("Планове обслуговування почнеться через три тижні: у суботу 20 червня 2026 р. о 20:30 UTC.", "20T20:30"),
	S("計画メンテナンスは3週間後の2026年6月20日 20:30（UTC）に開始します。", "20T20:30"),
	S("정기 점검은 3주 후인 2026년 6월 20일 20:30(UTC)에 시작합니다.", "20T20:30"),
	S("计划维护将在三周后开始：2026年6月20日20:30（UTC）。", "20T20:30"),
	S("Planned maintenance in three weeks: Saturday 20 June 2026, 20:30 UTC.", "20T20:30"),
	R("The maintenance will last three days from 20 June 2026, 20:30 UTC.", "20T20:30", "23T20:30"),
};

static void test_weeks(void **state)
{
	CHECK(state, weeks_rows);
}

static const struct row prepared_rows[] = {
	NONE("We intend to carry out planned maintenance during the third quarter. The date will be announced.\n\nThis notice was prepared on 24 May 2026."),
	NONE("Die Wartung wird im dritten Quartal stattfinden. Der Termin folgt.\n\nDiese Mitteilung wurde am 24. Mai 2026 erstellt."),
	NONE("La maintenance aura lieu au troisième trimestre. La date sera communiquée.\n\nCet avis a été rédigé le 24 mai 2026."),
	NONE("El mantenimiento tendrá lugar en el tercer trimestre. La fecha se anunciará.\n\nEste aviso se redactó el 24 de mayo de 2026."),
	NONE("La manutenzione avrà luogo nel terzo trimestre. La data sarà comunicata.\n\nQuesto avviso è stato redatto il 24 maggio 2026."),
	NONE("A manutenção ocorrerá no terceiro trimestre. A data será anunciada.\n\nEste aviso foi elaborado em 24 de maio de 2026."),
	NONE("Het onderhoud vindt plaats in het derde kwartaal. De datum volgt.\n\nDit bericht is opgesteld op 24 mei 2026."),
	NONE("Konserwacja odbędzie się w trzecim kwartale. Termin podamy później.\n\nWiadomość przygotowano 24 maja 2026 r."),
	NONE("Underhållet sker under tredje kvartalet. Datum meddelas senare.\n\nDetta meddelande skrevs den 24 maj 2026."),
	NONE("Bakım üçüncü çeyrekte yapılacaktır. Tarih ayrıca duyurulacaktır.\n\nBu bildirim 24 Mayıs 2026 tarihinde hazırlanmıştır."),
	NONE("Обслуживание пройдёт в третьем квартале. О дате сообщим дополнительно.\n\nУведомление подготовлено 24 мая 2026 г."),
	NONE("Обслуговування відбудеться в третьому кварталі. Про дату повідомимо.\n\nПовідомлення підготовлено 24 травня 2026 р."),
	NONE("メンテナンスは第3四半期に実施します。日程は追ってお知らせします。\n\n本通知は2026年5月24日に作成しました。"),
	NONE("점검은 3분기에 진행됩니다. 날짜는 추후 안내합니다.\n\n이 안내문은 2026년 5월 24일에 작성되었습니다."),
	NONE("维护将在第三季度进行，日期另行通知。\n\n本通知编写于2026年5月24日。"),
};

static void test_prepared(void **state)
{
	CHECK(state, prepared_rows);
}

static const struct row cancelled_rows[] = {
	S("The planned maintenance of contoso-prod, announced for Saturday 20 June 2026, 22:00 UTC, has been cancelled. No new date has been set.", "20T22:00"),
	S("Die für den 20. Juni 2026, 22:00 Uhr UTC angekündigte Wartung entfällt. Ein neuer Termin steht noch nicht fest.", "20T22:00"),
	S("La maintenance annoncée pour le 20 juin 2026 à 22h00 UTC est annulée.", "20T22:00"),
	S("El mantenimiento anunciado para el 20 de junio de 2026 a las 22:00 UTC ha sido cancelado.", "20T22:00"),
	S("La manutenzione annunciata per il 20 giugno 2026 alle 22:00 UTC è annullata.", "20T22:00"),
	S("A manutenção anunciada para 20 de junho de 2026 às 22:00 UTC foi cancelada.", "20T22:00"),
	S("Het voor 20 juni 2026 om 22:00 uur UTC aangekondigde onderhoud is geannuleerd.", "20T22:00"),
	S("Zapowiedziana na 20 czerwca 2026 r. o godz. 22:00 UTC konserwacja została odwołana.", "20T22:00"),
	S("Underhållet som aviserades till den 20 juni 2026 kl. 22:00 UTC är inställt.", "20T22:00"),
	S("20 Haziran 2026 saat 22:00 UTC için duyurduğumuz bakım iptal edilmiştir.", "20T22:00"),
	S("Объявленное на 20 июня 2026 г. в 22:00 UTC обслуживание отменено.", "20T22:00"),
	S("Оголошене на 20 червня 2026 р. о 22:00 UTC обслуговування скасовано.", "20T22:00"),
	S("2026年6月20日22:00（UTC）に予定していたメンテナンスは中止となりました。", "20T22:00"),
	S("2026년 6월 20일 22:00(UTC)에 예정되었던 점검이 취소되었습니다.", "20T22:00"),
	S("原定于2026年6月20日22:00（UTC）的维护已取消。", "20T22:00"),
};

static void test_cancelled(void **state)
{
	CHECK(state, cancelled_rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offered),	      cmocka_unit_test(test_daypart),
		cmocka_unit_test(test_next_sentence), cmocka_unit_test(test_midnight),
		cmocka_unit_test(test_completed),     cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_report),	      cmocka_unit_test(test_expected_end),
		cmocka_unit_test(test_weeks),	      cmocka_unit_test(test_prepared),
		cmocka_unit_test(test_cancelled),
	};

	return cmocka_run_group_tests_name("when sentences", tests, set_up, tear_down);
}
