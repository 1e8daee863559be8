/* What is the banner, technique by technique: markup and the colour a reader sees, or none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
/* cmocka.h wants those first */
#include <cmocka.h>

#include "policy/html/color.h"
#include "policy/notice/banner.h"

#define TEXT \
	"<div style='padding:20px'><p>Maintenance of contoso-prod is planned from 10 March 2026, " \
	"20:00 UTC to 10 March 2026, 23:00 UTC. Nobody can sign in during this time.</p>" \
	"<p>You need not do anything. The work is done by the operations team of the service, " \
	"which will write again when it is over.</p></div>"

static struct palette_entry palette[] = {
	{ { "light-orange", 12 }, { 0xFF, 0x8C, 0x00 }, 8 },
	{ { "orange", 6 }, { 0xD8, 0x38, 0x01 }, 8 },
	{ { "light-blue", 10 }, { 0x00, 0xBC, 0xF2 }, 8 },
	{ { "light-green", 11 }, { 0xBA, 0xD8, 0x0A }, 8 },
	{ { "green", 5 }, { 0x10, 0x7C, 0x0F }, 8 },
	{ { "dark-blue", 9 }, { 0x00, 0x20, 0x4F }, 8 },
};

static struct approved_image approved[] = {
	{ .url = { "https://img.crm.example/orange.png", 34 }, .color = 1 },
};

static struct policy policy = { .palette = palette, .n_palette = 6,
				.images = approved, .n_images = 1 };

struct fixture {
	struct arena *arena;
	struct message message;
	struct part part;
	struct view view;
	struct document *document;
};

static void read_html(struct fixture *f, const char *html)
{
	*f = (struct fixture){ .arena = arena_new() };
	f->part = (struct part){ .parent = -1, .type = STR_LIT("text/html"), .text = str_from(html) };
	f->message = (struct message){ .arena = f->arena, .parts = &f->part, .n_parts = 1 };
	f->document = document_from_html(f->arena, &f->message, 0, &message_limits_default);
	f->view = (struct view){ .message = &f->message, .documents = &f->document,
				 .n_documents = 1 };
}

static struct banner banner_of(struct fixture *f, const struct image_answer *answers)
{
	struct image_need *needs;
	size_t n = banner_needs(f->arena, &f->view, &policy, &needs);

	return banner_read(f->arena, &f->view, &policy, needs, answers, n);
}

/* The palette's name, "foreign", "none" or "unverifiable". */
static const char *verdict(const char *html)
{
	static char name[32];
	struct fixture f;
	struct banner banner;

	read_html(&f, html);
	banner = banner_of(&f, NULL);
	snprintf(name, sizeof name, "%s",
		 banner.state == BANNER_NONE	     ? "none" :
		 banner.state == BANNER_UNVERIFIABLE ? "unverifiable" :
		 banner.entry == NULL		     ? "foreign" :
						       banner.entry->name.p);
	arena_free(f.arena);
	return name;
}

struct example {
	const char *html;
	const char *expected;
};

static void check(const struct example *examples, size_t n)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		const char *got = verdict(examples[i].html);

		if (strcmp(got, examples[i].expected) == 0)
			continue;
		print_error("expected %s, got %s: %.200s\n", examples[i].expected, got,
			    examples[i].html);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(list) check((list), sizeof(list) / sizeof((list)[0]))
#define BAR(style) "<div style=\"" style ";padding:20px\">Planned Maintenance</div>" TEXT

static void test_color_syntax(void **state)
{
	static const struct example examples[] = {
		{ BAR("background:#FF8C00"), "light-orange" },
		{ BAR("background:#ff8c00ff"), "light-orange" },
		{ BAR("background:#0bf"), "light-blue" },
		{ BAR("background:#0bff"), "light-blue" },
		{ BAR("background:rgb(255,140,0)"), "light-orange" },
		{ BAR("background:rgb(100% 55% 0%)"), "light-orange" },
		{ BAR("background:rgba(255, 140, 0, 1)"), "light-orange" },
		{ BAR("background:rgb(255 140 0 / 100%)"), "light-orange" },
		{ BAR("background:hsl(33,100%,50%)"), "light-orange" },
		{ BAR("background:hsla(0.0917turn 100% 50% / 1)"), "light-orange" },
		{ BAR("background:hwb(33 0% 0%)"), "light-orange" },
		{ BAR("background:DarkOrange"), "light-orange" },
		{ BAR("background:darkorange url(x.png) no-repeat 0 0 / cover"), "light-orange" },
		{ BAR("color:#107C0F;background:currentColor"), "green" },
		{ BAR("background:#8000FF"), "foreign" },
		{ BAR("background:transparent"), "none" },
		{ BAR("background:rgba(255,140,0,0)"), "none" },
		{ BAR("background:#FFF4E5"), "none" },
		{ BAR("background:#777"), "none" },
		{ BAR("background-color:#D83801;background-color:#GG8C00"), "orange" },
		{ BAR("background-color:#D83801;background-color:rgb(1,2)"), "orange" },
		{ BAR("background:#D83801;background:none"), "none" },
		{ BAR("background:#D83801!important;background:#107C0F"), "orange" },
		{ BAR("background:#D83801;/* background:#107C0F */"), "orange" },
		{ BAR("background:#D83801;background:#fff\\9"), "orange" },
	};

	(void)state;
	CHECK(examples);
}

#define SHEET(css, markup) "<html><head><style>" css "</style></head><body>" markup TEXT
#define HD "<div class=\"hd b\" id=\"top\" title=\"one two\"><p style=\"padding:9px\">Title</p></div>"

static void test_cascade(void **state)
{
	static const struct example examples[] = {
		{ SHEET(".hd{background:#107C0F}", HD), "green" },
		{ SHEET("#top{background:#D83801}.hd{background:#107C0F}", HD), "orange" },
		{ SHEET("div#top{background:#D83801}.hd{background:#107C0F!important}", HD), "green" },
		{ SHEET(".hd.b{background:#D83801}.hd{background:#107C0F}", HD), "orange" },
		{ SHEET("body>.hd{background:#D83801}", HD), "orange" },
		{ SHEET("table .hd{background:#D83801}", HD), "none" },
		{ SHEET("[title~=two]{background:#D83801}", HD), "orange" },
		{ SHEET("[title^='one']{background:#D83801}", HD), "orange" },
		{ SHEET("div:not(.x){background:#D83801}div+div{background:none}", HD), "orange" },
		{ SHEET("div:nth-child(1){background:#D83801}", HD), "orange" },
		{ SHEET(".hd:hover{background:#D83801}", HD), "none" },
		{ SHEET("@media print{.hd{background:#D83801}}", HD), "none" },
		{ SHEET("@media screen{.hd{background:#D83801}}", HD), "orange" },
		{ SHEET("@media (prefers-color-scheme:dark){.hd{background:#D83801}}", HD), "none" },
		{ SHEET(".hd{background:#107C0F}@media only screen and (max-width:600px)"
			"{.hd{background:#D83801}}", HD), "green" },
		{ SHEET("@media (min-width:600px){@media screen{.hd{background:#D83801}}}", HD),
		  "orange" },
		{ SHEET("@import url(x.css);.hd{background:#D83801}", HD), "orange" },
		{ SHEET(".x,.hd{background:#D83801}", HD), "orange" },
		{ SHEET(".hd,::nonsense(1{background:#D83801}", HD), "none" },
		{ SHEET("<!-- .hd{background:#D83801} -->", HD), "orange" },
		{ SHEET("[data-ogsc] .hd{background:#D83801}u+.body .hd{background:#107C0F}", HD),
		  "none" },
		{ "<link rel=stylesheet href=x.css>" HD TEXT, "none" },
		{ "<style media=print>.hd{background:#D83801}</style>" HD TEXT, "none" },
	};

	(void)state;
	CHECK(examples);
}

#define TD(attributes) \
	"<table width=600 align=center cellspacing=0><tr><td " attributes ">Title</td></tr>" \
	"<tr><td>" TEXT "</td></tr></table>"

static void test_tables(void **state)
{
	static const struct example examples[] = {
		{ TD("bgcolor=#FF8C00 height=60"), "light-orange" },
		{ TD("bgcolor=FF8C00 height=60"), "light-orange" },
		{ TD("bgcolor=green height=60"), "green" },
		{ TD("bgcolor=#FF8C00 style='background:#D83801;padding:9px'"), "orange" },
		{ TD("bgcolor=#FF8C00 style='height:3px;line-height:3px;font-size:3px'"), "none" },
		{ "<table width=600><tr bgcolor=#D83801><td height=40>T</td></tr><tr><td>" TEXT
		  "</td></tr></table>", "orange" },
		{ "<table width=600 bgcolor=#107C0F><tr><td height=40>T</td></tr></table>" TEXT,
		  "green" },
		{ "<table width=100%><tr><td bgcolor=#107C0F width=50% height=40>T</td>"
		  "<td bgcolor=#107C0F width=50%>U</td></tr></table>" TEXT, "green" },
		{ "<table width=100%><tr><td bgcolor=#107C0F width=40% height=40>T</td>"
		  "<td>U</td></tr></table>" TEXT, "none" },
		{ "<table width=600><tr><td width=600><table width=90%><tr><td bgcolor=#107C0F "
		  "style='padding:20px'>T</td></tr></table>" TEXT "</td></tr></table>", "green" },
		{ "<body bgcolor=#00204F><table width=600 bgcolor=#ffffff align=center><tr>"
		  "<td bgcolor=#FF8C00 height=50>T</td></tr><tr><td>" TEXT "</td></tr></table>",
		  "light-orange" },
		{ "<table width=100% bgcolor=#00204F><tr><td style='padding:30px' align=center>"
		  "<table width=600 bgcolor=#ffffff><tr><td bgcolor=#FF8C00 height=50>T</td></tr>"
		  "<tr><td>" TEXT "</td></tr></table></td></tr></table>", "light-orange" },
		{ "<body bgcolor=#00204F>" TEXT, "none" },
	};

	(void)state;
	CHECK(examples);
}

static void test_what_is_no_banner(void **state)
{
	static const struct example examples[] = {
		{ "<h1 style='border-bottom:2px solid #FF8C00'>T</h1>" TEXT, "none" },
		{ "<h1 style='color:#FF8C00'>T</h1>" TEXT, "none" },
		{ "<h1><span style='background:#FF8C00'>T</span></h1>" TEXT, "none" },
		{ "<h1>T</h1>" TEXT "<a style='display:inline-block;background:#FF8C00;padding:12px'"
		  " href=x>Approve</a>", "none" },
		{ "<a style='display:inline-block;background:#FF8C00;padding:12px' href=x>Go</a>" TEXT,
		  "none" },
		{ "<h1>T</h1>" TEXT TEXT "<div style='background:#FF8C00;padding:30px'>Foot</div>",
		  "none" },
		{ "<div style='background:#FF8C00'></div>" TEXT, "none" },
		{ "<div style='background:#FF8C00;height:40px;display:none'>T</div>" TEXT, "none" },
		{ "<div style='background:#FF8C00;height:40px;visibility:hidden'>T</div>" TEXT,
		  "none" },
		{ "<div style='display:none'><div style='background:#FF8C00;height:40px'>T</div></div>"
		  TEXT, "none" },
		{ "<!-- <div style='background:#FF8C00;height:40px'>T</div> -->" TEXT, "none" },
		{ "<div style='background:#FF8C00;height:40px;width:200px'>T</div>" TEXT, "none" },
		{ "<div bgcolor=#FF8C00 style='height:40px'>T</div>" TEXT, "none" },
		{ "<hr color=#FF8C00>" TEXT, "none" },
		{ "<div style='background:#FF8C00;height:40px;opacity:0'>T</div>" TEXT, "none" },
	};

	(void)state;
	CHECK(examples);
}

static void test_what_stands_above(void **state)
{
	static const struct example examples[] = {
		{ "<div style='background:#f4f4f4;padding:9px'>CRM Online</div>"
		  BAR("background:#FF8C00"), "light-orange" },
		{ "<p style='font-size:11px'>Trouble reading this? View it in your browser.</p>"
		  BAR("background:#FF8C00"), "light-orange" },
		{ "<img src=https://x.example/logo.png>" BAR("background:#FF8C00"), "light-orange" },
		{ "<img src=https://x.example/a.png>" BAR("background:#FF8C00"), "light-orange" },
		{ "<img src=https://x.example/a.gif width=1 height=1>" BAR("background:#FF8C00"),
		  "light-orange" },
		{ "<div style='background:#D83801;height:2px;font-size:1px;line-height:1px'></div>"
		  BAR("background:#FF8C00"), "light-orange" },
		{ "<div style='background:#D83801;padding:9px'>A</div>" BAR("background:#FF8C00"),
		  "orange" },
		{ "<div style='border-top:12px solid #D83801'><h1>T</h1>" TEXT "</div>", "orange" },
		{ "<div style='background:#FF8C00;height:12px'></div><h1>T</h1>" TEXT,
		  "light-orange" },
	};

	(void)state;
	CHECK(examples);
}

static void test_gradients_and_images(void **state)
{
	static const struct example examples[] = {
		{ BAR("background:linear-gradient(#FF8C00,#FA9010)"), "light-orange" },
		{ BAR("background:linear-gradient(90deg,#FF8C00 0%,#D83801 100%)"), "unverifiable" },
		{ BAR("background-color:#FF8C00;background-image:linear-gradient(#FF8C00,#D83801)"),
		  "light-orange" },
		{ BAR("background:#FF8C00;background:linear-gradient(#FF8C00,#D83801)"),
		  "light-orange" },
		{ BAR("background:url(https://x.example/a.png)"), "unverifiable" },
		{ BAR("background:#107C0F url(https://x.example/a.png)"), "green" },
		{ BAR("background:url(https://img.crm.example/orange.png)"), "orange" },
		{ "<img src=https://img.crm.example/orange.png width=600 height=80>" TEXT, "orange" },
		{ "<img src=https://x.example/b.png width=600 height=80>" TEXT, "unverifiable" },
		{ "<img src=https://x.example/b.png style='width:100%;height:auto'>" TEXT,
		  "unverifiable" },
		{ "<img src=https://x.example/b.png>" TEXT, "unverifiable" },
		{ "<img src=https://x.example/logo.png alt='CRM Online'>" TEXT, "none" },
		{ "<img src=https://x.example/b.png width=120 height=30>" TEXT, "none" },
		{ "<table width=600><tr><td bgcolor=#107C0F><img src=https://x.example/b.png width=600 "
		  "height=80></td></tr></table>" TEXT, "green" },
	};

	(void)state;
	CHECK(examples);
}

static void test_outlook(void **state)
{
	static const struct example examples[] = {
		{ "<!--[if mso]><v:rect fillcolor='#FF8C00' style='width:600px;height:80px'>"
		  "<v:textbox><![endif]--><div>Planned Maintenance</div>"
		  "<!--[if mso]></v:textbox></v:rect><![endif]-->" TEXT, "light-orange" },
		{ "<!--[if gte mso 9]><v:rect style='width:600px;height:80px'><v:fill color='#FF8C00'/>"
		  "<v:textbox><![endif]--><div>Planned Maintenance</div>"
		  "<!--[if gte mso 9]></v:textbox></v:rect><![endif]-->" TEXT, "light-orange" },
		{ "<!--[if mso]><table width=600><tr><td bgcolor=#D83801><![endif]-->"
		  BAR("background:#107C0F"), "green" },
		{ "<!--[if !mso]><!-->" BAR("background:#107C0F") "<!--<![endif]-->", "green" },
		{ "<![if !mso]>" BAR("background:#107C0F") "<![endif]>", "green" },
		{ "<!--[if lt mso 12]><div style='background:#D83801;height:50px'></div><![endif]-->"
		  TEXT, "none" },
	};

	(void)state;
	CHECK(examples);
}

static void test_image_answers(void **state)
{
	struct image_answer green = { IMAGE_COLOR, { 0x10, 0x7C, 0x0F }, 600, 80 };
	struct image_answer small = { IMAGE_COLOR, { 0x10, 0x7C, 0x0F }, 100, 20 };
	struct image_answer clear = { IMAGE_TRANSPARENT, { 0 }, 600, 80 };
	struct image_answer white = { IMAGE_COLOR, { 255, 255, 255 }, 600, 80 };
	struct fixture f;

	(void)state;
	read_html(&f, "<img src='data:image/png;base64,AAAA'>" TEXT);
	assert_int_equal(banner_of(&f, &green).state, BANNER_COLOR);
	assert_int_equal(banner_of(&f, &small).state, BANNER_NONE);
	assert_int_equal(banner_of(&f, &clear).state, BANNER_NONE);
	assert_int_equal(banner_of(&f, &white).state, BANNER_NONE);
	arena_free(f.arena);
	read_html(&f, "<table width=600><tr><td bgcolor=#FF8C00><img width=600 height=80 "
		      "src='data:image/png;base64,AAAA'></td></tr></table>" TEXT);
	assert_string_equal(banner_of(&f, &green).entry->name.p, "green");
	assert_string_equal(banner_of(&f, &clear).entry->name.p, "light-orange");
	assert_int_equal(banner_of(&f, NULL).state, BANNER_UNVERIFIABLE);
	arena_free(f.arena);
}

/* Pairs of Sharma, Wu and Dalal's published test data. */
static void test_distance(void **state)
{
	static const struct {
		struct lab a, b;
		double distance;
	} pairs[] = {
		{ { 50, 2.6772, -79.7751 }, { 50, 0, -82.7485 }, 2.0425 },
		{ { 50, -1.3802, -84.2814 }, { 50, 0, -82.7485 }, 1.0 },
		{ { 50, 2.5, 0 }, { 73, 25, -18 }, 27.1492 },
		{ { 50, 2.5, 0 }, { 50, 0, -2.5 }, 4.3065 },
		{ { 2.0776, 0.0795, -1.1350 }, { 0.9033, -0.0636, -0.5514 }, 0.9082 },
	};
	uint8_t orange[3] = { 0xFF, 0x8C, 0x00 };
	double distance;

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		assert_float_equal(color_distance(pairs[i].a, pairs[i].b), pairs[i].distance, 0.0001);
	assert_string_equal(palette_nearest(&policy, orange, &distance)->name.p, "light-orange");
	assert_float_equal(distance, 0, 0.001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_color_syntax),
		cmocka_unit_test(test_cascade),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_what_is_no_banner),
		cmocka_unit_test(test_what_stands_above),
		cmocka_unit_test(test_gradients_and_images),
		cmocka_unit_test(test_outlook),
		cmocka_unit_test(test_image_answers),
		cmocka_unit_test(test_distance),
	};

	return cmocka_run_group_tests_name("banner", tests, NULL, NULL);
}
