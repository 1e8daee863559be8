/* What of a part's markup a reader sees: text, hidden text, cells, headings, quotes, links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants those first */
#include <cmocka.h>

#include "policy/base/buf.h"
#include "policy/html/document.h"

struct example {
	const char *html;
	const char *shown;  /* visible blocks, joined by "|" */
	const char *hidden; /* blocks that are not, likewise */
};

static struct document *read_html(struct arena *arena, const char *html)
{
	struct part *part = ARENA_NEW(arena, struct part);
	struct message *message = ARENA_NEW(arena, struct message);

	part->text = str_from(html);
	*message = (struct message){ .arena = arena, .parts = part, .n_parts = 1 };
	return document_from_html(arena, message, 0, &message_limits_default);
}

static struct str blocks(struct arena *arena, const struct document *document, bool hidden)
{
	struct buf out;

	buf_init(&out, arena, SIZE_MAX);
	for (size_t i = 0; i < document->n_blocks; i++) {
		if (((document->blocks[i].flags & BLOCK_HIDDEN) != 0) != hidden)
			continue;
		if (out.n > 0)
			buf_add_char(&out, '|');
		buf_add(&out, document->blocks[i].text);
	}
	return buf_str(&out);
}

static void check(const struct example *examples, size_t n)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		struct arena *arena = arena_new();
		struct document *document = read_html(arena, examples[i].html);
		struct str shown = blocks(arena, document, false);
		struct str hidden = blocks(arena, document, true);

		if (!str_is(shown, examples[i].shown) || !str_is(hidden, examples[i].hidden)) {
			print_error("%s\n  shown  [%.*s]\n  hidden [%.*s]\n", examples[i].html,
				    STR_ARG(shown), STR_ARG(hidden));
			wrong++;
		}
		arena_free(arena);
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(list) check((list), sizeof(list) / sizeof((list)[0]))

static void test_tokens(void **state)
{
	static const struct example examples[] = {
		{ "a &amp; b &lt;c&gt; &copy &notit; &#65;&#x42;&#128;", "a & b <c> \xC2\xA9 \xC2\xACit; AB\xE2\x82\xAC", "" },
		{ "a < b <3 <!x> c</ d> e", "a < b <3 c e", "" },
		{ "<!--><p>VISIBLE", "VISIBLE", "" },
		{ "<!-- a -- b --!>c<!-- open", "c", "" },
		{ "<a title='>' href=x&amp;y=1>l</a>", "l", "" },
		{ "<script>if(a<b)'</p>'</script>x<style>p{}</style>y", "xy", "" },
		{ "<title>a<b>c</title>x<textarea>a<b></textarea>", "x a<b>", "" },
		{ "<p unclosed='x", "", "" },
		{ "<P>One<Br/>two", "One\ntwo", "" },
		{ "<?php x ?>y<![CDATA[z]]>", "y", "" },
		{ "<noscript>seen</noscript>", "seen", "" },
	};

	(void)state;
	CHECK(examples);
}

static void test_nesting(void **state)
{
	static const struct example examples[] = {
		{ "<p>a<p>b<ul><li>c<li>d</ul>e", "a|b|c|d|e", "" },
		{ "<table><tr><td>a<td>b<tr><td>c</table>d", "a|b|c|d", "" },
		{ "<table>out<tr><td>in</table>", "out|in", "" },
		{ "<b>a<p>b</b>c</p>d", "a|bc|d", "" },
		{ "<font style='display:none'>a<div>b</font>c</div>d", "c|d", "a|b" },
		{ "<span style='display:none'>a<div>b</span>c</div>", "", "a bc" },
		{ "</p>x</table></td>y", "xy", "" },
		{ "<pre>a\n b</pre>", "a\nb", "" },
		{ "a<span> b </span> c", "a b c", "" },
		{ "a<span style='display:none'><p>x</p></span>b", "ab", "x" },
		{ "a<div style='opacity:0'>x</div>b", "a|b", "x" },
	};

	(void)state;
	CHECK(examples);
}

#define HIDES(style) { "<p>a</p><div style=\"" style "\">b</div>", "a", "b" }
#define SHOWS(style) { "<p>a</p><div style=\"" style "\">b</div>", "a|b", "" }

static void test_visibility(void **state)
{
	static const struct example examples[] = {
		HIDES("display:none"), HIDES("visibility:hidden"), HIDES("opacity:0"),
		HIDES("font-size:0"), HIDES("font-size:1px"), HIDES("color:#fff"),
		HIDES("color:#fefefe"), HIDES("color:transparent"), HIDES("text-indent:-9999px"),
		HIDES("position:absolute;left:-9999px"), HIDES("margin-left:-9999px"),
		HIDES("max-height:0;overflow:hidden"), HIDES("height:0;width:0;overflow:hidden"),
		HIDES("position:absolute;clip:rect(0,0,0,0)"), HIDES("font:0/0 a"),
		HIDES("background:#00204F;color:#00204F"), HIDES("transform:scale(0)"),
		SHOWS("color:#ff0000"), SHOWS("max-height:0"), SHOWS("opacity:.9"),
		SHOWS("background:#00204F;color:#fff"), SHOWS("display:none;display:block"),
		SHOWS("color:#fff;background:url(x.png)"), SHOWS("mso-hide:all"),
		SHOWS("background:#BAD80A;color:#fff"), SHOWS("display:nonsense"),
		{ "<p hidden>a</p><template>b</template>c", "c", "a b" },
		{ "<div style='font-size:0'>a<span style='font-size:14px'>b</span></div>", "b", "a" },
		{ "<div style='visibility:hidden'>a<b style='visibility:visible'>b</b></div>", "b",
		  "a" },
		{ "<style>.x{display:none}</style><p>Start: <i class=x>10</i>12 March", "Start: 12 March",
		  "10" },
		{ "<style>@media (prefers-color-scheme:dark){p{display:none}}</style><p>a", "a", "" },
		{ "<!--[if mso]><p>a</p><![endif]--><!--[if !mso]><!-->b<!--<![endif]-->", "b", "" },
	};

	(void)state;
	CHECK(examples);
}

static const struct block *find(const struct document *document, const char *text)
{
	for (size_t i = 0; i < document->n_blocks; i++)
		if (str_find(document->blocks[i].text, str_from(text), 0) != STR_NPOS)
			return &document->blocks[i];
	fail_msg("no block %s", text);
	return NULL;
}

static void test_roles(void **state)
{
	struct arena *arena = arena_new();
	const struct document *d = read_html(arena,
		"<html lang=de><title> T </title><h1>Title</h1><p>Text of the mail, long enough.</p>"
		"<table><tr><td>Start</td><td>22:00</td></tr><tr><td>End</td><td>23:00</td></tr></table>"
		"<ul><li>item</ul><p>see <a href=' http://x/?a&amp;b '>this <b>page</b></a></p>"
		"<p style='font-size:11px'>You receive this because you are an administrator.</p>"
		"<script type=application/ld+json>{\"a\":1}</script>"
		"<time itemprop=startDate datetime=2026-03-10T20:00Z>soon</time>");

	(void)state;
	assert_true(str_is(d->language, "de"));
	assert_true(str_is(d->title, "T"));
	assert_true(find(d, "Title")->flags & BLOCK_HEADING);
	assert_false(find(d, "Text of")->flags & (BLOCK_HEADING | BLOCK_FOOTER));
	assert_int_equal(find(d, "23:00")->row, 1);
	assert_int_equal(find(d, "23:00")->column, 1);
	assert_int_equal(find(d, "End")->table, find(d, "22:00")->table);
	assert_true(find(d, "item")->flags & BLOCK_ITEM);
	assert_true(str_is(d->links[0].href, "http://x/?a&b"));
	assert_true(str_is(d->links[0].text, "this page"));
	assert_true(&d->blocks[d->links[0].block] == find(d, "see this page"));
	assert_int_equal(d->n_jsonld, 1);
	assert_true(str_is(d->microdata[0].value, "2026-03-10T20:00Z"));
	arena_free(arena);
}

static void test_quotes(void **state)
{
	struct arena *arena = arena_new();
	const struct document *d = read_html(arena,
		"<p>My answer.</p><p>From: Ada &lt;a@x.example&gt;<br>Sent: Monday<br>To: B<br>"
		"Subject: C</p><p>Quoted words.</p>");

	(void)state;
	assert_false(find(d, "My answer")->flags & BLOCK_QUOTED);
	assert_true(find(d, "Quoted words")->flags & BLOCK_QUOTED);
	d = read_html(arena, "<p>Mine</p><blockquote><p>theirs</p></blockquote><p>&gt; old</p>");
	assert_false(find(d, "Mine")->flags & BLOCK_QUOTED);
	assert_true(find(d, "theirs")->flags & BLOCK_QUOTED);
	assert_true(find(d, "old")->flags & BLOCK_QUOTED);
	arena_free(arena);
}

/* All that the table of properties knows, and values of every kind. */
static const char *const properties[] = {
	"-webkit-text-fill-color", "background", "background-color", "background-image",
	"border", "border-bottom", "border-bottom-color", "border-bottom-style",
	"border-bottom-width", "border-color", "border-left", "border-right", "border-style",
	"border-top", "border-top-color", "border-top-style", "border-top-width", "border-width",
	"bottom", "box-sizing", "clip", "clip-path", "color", "content-visibility", "display",
	"filter", "flex", "flex-basis", "flex-direction", "flex-flow", "flex-grow", "flex-wrap",
	"float", "font", "font-size", "font-weight", "grid-column", "grid-template-columns",
	"height", "inset", "left", "line-height", "margin", "margin-bottom", "margin-left",
	"margin-right", "margin-top", "max-height", "max-width", "min-height", "min-width",
	"opacity", "overflow", "overflow-y", "padding", "padding-bottom", "padding-left",
	"padding-right", "padding-top", "position", "right", "scale", "table-layout",
	"text-indent", "top", "transform", "visibility", "white-space", "width", NULL,
};
static const char *const values[] = {
	"solid", "none", "red", "#fff", "0", "10px", "50%", "1fr auto", "inherit", "solid 1px red",
	"url(a)", "calc(1px + 2%)", "span 2 / 3", "\\9", "", NULL,
};

/* Each value is read or passed over, whatever the property: a row of the table that lacks what its
 * reader needs would fall over here. */
static void test_every_property(void **state)
{
	(void)state;
	for (size_t i = 0; properties[i] != NULL; i++) {
		for (size_t j = 0; values[j] != NULL; j++) {
			struct arena *arena = arena_new();
			const char *html = arena_printf(arena, "<style>p{%s:%s}</style><b style=\"%s:%s\"></b>x",
						  properties[i], values[j], properties[i],
						  values[j])
					     .p;

			assert_non_null(read_html(arena, html));
			arena_free(arena);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tokens),	   cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_visibility), cmocka_unit_test(test_roles),
		cmocka_unit_test(test_quotes),	   cmocka_unit_test(test_every_property),
	};

	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
