/* Style sheets: conditions, layers, selectors, custom properties and values, and the layout that
 * comes of them, over a page in which there is one of everything that they can ask for. The same
 * octets are a style attribute's, a colour and an expression. */
#include "policy/html/layout.h"
#include "policy/html/paint.h"

#define CSS_OCTETS ((size_t)256 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str page(struct arena *arena, struct str css)
{
	struct str head = STR_LIT("<style>");
	struct str body = STR_LIT(
		"</style><body class=c><div id=i class='a b'><p>One<p hidden>Two</div>"
		"<table class=c width=600><col><tr><td rowspan=2>Three<td colspan=2 class=b>Four"
		"<tr><td><img src=cid:x width=300><a href=x>Five</a></table>"
		"<div style='display:flex'><div class=a>Six</div><div class=b>Seven</div></div>"
		"<div style='display:grid' class=c><i>Eight</i><b class=a>Nine</b></div>"
		"<details><summary>Ten</summary>Eleven</details><div style='width:calc(50% - 1px)'>");

	return arena_concat(arena, arena_concat(arena, head, css), body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct str css = { (const char *)data, size };
	struct html_tree *tree = html_parse(arena, page(arena, css), false);
	struct painted_list painted = { NULL, 0, 0 };
	struct rgba color;
	double value;
	size_t octets;
	bool exhausted;

	style_compute(tree, CSS_OCTETS, &octets, &exhausted);
	paint_candidates(layout_compute(tree), &painted);
	css_parse_declarations(arena, css);
	color_parse(css, &color);
	css_calc(css, 16, 100, &value);
	arena_free(arena);
	return 0;
}
