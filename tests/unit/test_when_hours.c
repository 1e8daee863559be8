/* When: hours as people say them. All are of June 2026. */
#include "tests/unit/when_rows.h"

#define R(text, start, end) \
	{ JUNE, A, NULL, text, "2026-06-" start ":00Z", "2026-06-" end ":00Z", NULL }
#define S(text, start) { JUNE, A, NULL, text, "2026-06-" start ":00Z", NULL, NULL }

static const struct row half_rows[] = {
	S("정기 점검은 2026년 6월 20일 오후 8시 반(UTC)에 시작합니다.", "20T20:30"),
	S("정기 점검은 2026년 6월 20일 오후 8시반(UTC)에 시작합니다.", "20T20:30"),
	R("정기 점검: 2026년 6월 20일 오후 8시 반부터 오후 10시 반까지 (UTC)", "20T20:30", "20T22:30"),
	R("점검은 2026년 6월 20일 20시(UTC)부터 두 시간 반 동안 진행됩니다.", "20T20:00", "20T22:30"),
	S("メンテナンスは2026年6月20日午後8時半（UTC）に開始します。", "20T20:30"),
	S("メンテナンスは2026年6月20日20時半（UTC）に開始します。", "20T20:30"),
	R("メンテナンス：2026年6月20日 20時半～22時半（UTC）", "20T20:30", "20T22:30"),
	S("计划维护将于2026年6月20日晚上8点半（UTC）开始。", "20T20:30"),
	S("计划维护将于2026年6月20日晚上八点半（UTC）开始。", "20T20:30"),
	R("计划维护将于2026年6月20日晚上八点半至十点半（UTC）进行。", "20T20:30", "20T22:30"),
};

static void test_half(void **state)
{
	CHECK(state, half_rows);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_half),
		cmocka_unit_test(test_dutch),
	};

	return cmocka_run_group_tests_name("when hours", tests, set_up, tear_down);
}
