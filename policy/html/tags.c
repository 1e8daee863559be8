#include "policy/html/tags.h"

struct tag_info {
	const char *name;
	unsigned flags;
};

static const struct tag_info tags[TAG_N] = {
	[TAG_OTHER] = { "", 0 },
	[TAG_A] = { "a", TAG_FORMATTING },
	[TAG_ADDRESS] = { "address", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_APPLET] = { "applet", TAG_SPECIAL | TAG_SCOPE },
	[TAG_AREA] = { "area", TAG_SPECIAL | TAG_VOID },
	[TAG_ARTICLE] = { "article", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_ASIDE] = { "aside", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_B] = { "b", TAG_FORMATTING },
	[TAG_BASE] = { "base", TAG_SPECIAL | TAG_VOID | TAG_IN_HEAD },
	[TAG_BASEFONT] = { "basefont", TAG_SPECIAL | TAG_VOID | TAG_IN_HEAD },
	[TAG_BGSOUND] = { "bgsound", TAG_SPECIAL | TAG_VOID | TAG_IN_HEAD },
	[TAG_BIG] = { "big", TAG_FORMATTING },
	[TAG_BLOCKQUOTE] = { "blockquote", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_BODY] = { "body", TAG_SPECIAL | TAG_BLOCK },
	[TAG_BR] = { "br", TAG_SPECIAL | TAG_VOID },
	[TAG_BUTTON] = { "button", TAG_SPECIAL | TAG_BLOCK_END | TAG_IS_BUTTON },
	[TAG_CAPTION] = { "caption", TAG_SPECIAL | TAG_SCOPE | TAG_BLOCK },
	[TAG_CENTER] = { "center", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_CODE] = { "code", TAG_FORMATTING },
	[TAG_COL] = { "col", TAG_SPECIAL | TAG_VOID },
	[TAG_COLGROUP] = { "colgroup", TAG_SPECIAL },
	[TAG_DD] = { "dd", TAG_SPECIAL | TAG_CLOSES_P | TAG_IMPLIED_END | TAG_BLOCK },
	[TAG_DEL] = { "del", 0 },
	[TAG_DETAILS] = { "details", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_DIALOG] = { "dialog", TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_DIR] = { "dir", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_DIV] = { "div", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_DL] = { "dl", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_DT] = { "dt", TAG_SPECIAL | TAG_CLOSES_P | TAG_IMPLIED_END | TAG_BLOCK },
	[TAG_EM] = { "em", TAG_FORMATTING },
	[TAG_EMBED] = { "embed", TAG_SPECIAL | TAG_VOID },
	[TAG_FIELDSET] = { "fieldset", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_FIGCAPTION] = { "figcaption", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_FIGURE] = { "figure", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_FONT] = { "font", TAG_FORMATTING },
	[TAG_FOOTER] = { "footer", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_FORM] = { "form", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_FRAME] = { "frame", TAG_SPECIAL | TAG_VOID },
	[TAG_FRAMESET] = { "frameset", TAG_SPECIAL | TAG_BLOCK },
	[TAG_H1] = { "h1", TAG_SPECIAL | TAG_CLOSES_P | TAG_HEADING | TAG_BLOCK },
	[TAG_H2] = { "h2", TAG_SPECIAL | TAG_CLOSES_P | TAG_HEADING | TAG_BLOCK },
	[TAG_H3] = { "h3", TAG_SPECIAL | TAG_CLOSES_P | TAG_HEADING | TAG_BLOCK },
	[TAG_H4] = { "h4", TAG_SPECIAL | TAG_CLOSES_P | TAG_HEADING | TAG_BLOCK },
	[TAG_H5] = { "h5", TAG_SPECIAL | TAG_CLOSES_P | TAG_HEADING | TAG_BLOCK },
	[TAG_H6] = { "h6", TAG_SPECIAL | TAG_CLOSES_P | TAG_HEADING | TAG_BLOCK },
	[TAG_HEAD] = { "head", TAG_SPECIAL },
	[TAG_HEADER] = { "header", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_HGROUP] = { "hgroup", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_HR] = { "hr", TAG_SPECIAL | TAG_VOID | TAG_CLOSES_P | TAG_BLOCK },
	[TAG_HTML] = { "html", TAG_SPECIAL | TAG_SCOPE | TAG_SCOPE_TABLE | TAG_BLOCK },
	[TAG_I] = { "i", TAG_FORMATTING },
	[TAG_IFRAME] = { "iframe", TAG_SPECIAL | TAG_RAW },
	[TAG_IMAGE] = { "image", TAG_VOID },
	[TAG_IMG] = { "img", TAG_SPECIAL | TAG_VOID },
	[TAG_INPUT] = { "input", TAG_SPECIAL | TAG_VOID },
	[TAG_KEYGEN] = { "keygen", TAG_SPECIAL | TAG_VOID },
	[TAG_LI] = { "li", TAG_SPECIAL | TAG_CLOSES_P | TAG_IMPLIED_END | TAG_BLOCK },
	[TAG_LINK] = { "link", TAG_SPECIAL | TAG_VOID | TAG_IN_HEAD },
	[TAG_LISTING] = { "listing", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_MAIN] = { "main", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_MARQUEE] = { "marquee", TAG_SPECIAL | TAG_SCOPE },
	[TAG_MATH] = { "math", 0 },
	[TAG_MENU] = { "menu", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_META] = { "meta", TAG_SPECIAL | TAG_VOID | TAG_IN_HEAD },
	[TAG_NAV] = { "nav", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_NOBR] = { "nobr", TAG_FORMATTING },
	[TAG_NOEMBED] = { "noembed", TAG_SPECIAL | TAG_RAW },
	[TAG_NOFRAMES] = { "noframes", TAG_SPECIAL | TAG_IN_HEAD | TAG_RAW | TAG_BLOCK },
	[TAG_NOSCRIPT] = { "noscript", TAG_SPECIAL | TAG_IN_HEAD },
	[TAG_OBJECT] = { "object", TAG_SPECIAL | TAG_SCOPE },
	[TAG_OL] = { "ol", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK | TAG_IS_LIST },
	[TAG_OPTGROUP] = { "optgroup", TAG_IMPLIED_END | TAG_BLOCK },
	[TAG_OPTION] = { "option", TAG_IMPLIED_END | TAG_BLOCK },
	[TAG_P] = { "p", TAG_SPECIAL | TAG_CLOSES_P | TAG_IMPLIED_END | TAG_BLOCK },
	[TAG_PARAM] = { "param", TAG_SPECIAL | TAG_VOID },
	[TAG_PLAINTEXT] = { "plaintext", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK },
	[TAG_PRE] = { "pre", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_RP] = { "rp", TAG_IMPLIED_END },
	[TAG_RT] = { "rt", TAG_IMPLIED_END },
	[TAG_S] = { "s", TAG_FORMATTING },
	[TAG_SCRIPT] = { "script", TAG_SPECIAL | TAG_IN_HEAD },
	[TAG_SEARCH] = { "search", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_SECTION] = { "section", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_SELECT] = { "select", TAG_SPECIAL },
	[TAG_SMALL] = { "small", TAG_FORMATTING },
	[TAG_SOURCE] = { "source", TAG_SPECIAL | TAG_VOID },
	[TAG_SPAN] = { "span", 0 },
	[TAG_STRIKE] = { "strike", TAG_FORMATTING },
	[TAG_STRONG] = { "strong", TAG_FORMATTING },
	[TAG_STYLE] = { "style", TAG_SPECIAL | TAG_IN_HEAD | TAG_RAW },
	[TAG_SUB] = { "sub", 0 },
	[TAG_SUMMARY] = { "summary", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK },
	[TAG_SUP] = { "sup", 0 },
	[TAG_SVG] = { "svg", 0 },
	[TAG_TABLE] = { "table", TAG_SPECIAL | TAG_CLOSES_P | TAG_SCOPE | TAG_SCOPE_TABLE | TAG_BLOCK },
	[TAG_TBODY] = { "tbody", TAG_SPECIAL | TAG_BLOCK },
	[TAG_TD] = { "td", TAG_SPECIAL | TAG_SCOPE | TAG_BLOCK },
	[TAG_TEMPLATE] = { "template", TAG_SPECIAL | TAG_SCOPE | TAG_SCOPE_TABLE | TAG_IN_HEAD },
	[TAG_TEXTAREA] = { "textarea", TAG_SPECIAL | TAG_RCDATA },
	[TAG_TFOOT] = { "tfoot", TAG_SPECIAL | TAG_BLOCK },
	[TAG_TH] = { "th", TAG_SPECIAL | TAG_SCOPE | TAG_BLOCK },
	[TAG_THEAD] = { "thead", TAG_SPECIAL | TAG_BLOCK },
	[TAG_TIME] = { "time", 0 },
	[TAG_TITLE] = { "title", TAG_SPECIAL | TAG_IN_HEAD | TAG_RCDATA },
	[TAG_TR] = { "tr", TAG_SPECIAL | TAG_BLOCK },
	[TAG_TRACK] = { "track", TAG_SPECIAL | TAG_VOID },
	[TAG_TT] = { "tt", TAG_FORMATTING },
	[TAG_U] = { "u", TAG_FORMATTING },
	[TAG_UL] = { "ul", TAG_SPECIAL | TAG_CLOSES_P | TAG_BLOCK_END | TAG_BLOCK | TAG_IS_LIST },
	[TAG_WBR] = { "wbr", TAG_SPECIAL | TAG_VOID },
	[TAG_XMP] = { "xmp", TAG_SPECIAL | TAG_CLOSES_P | TAG_RAW | TAG_BLOCK },
};

enum html_tag html_tag_find(struct str name)
{
	int low = 1, high = TAG_N;

	if (name.n == 0)
		return TAG_OTHER;
	while (low < high) {
		int middle = low + (high - low) / 2;
		struct str there = str_from(tags[middle].name);
		int order = memcmp(there.p, name.p, there.n < name.n ? there.n : name.n);

		if (order == 0 && there.n == name.n)
			return (enum html_tag)middle;
		if (order < 0 || (order == 0 && there.n < name.n))
			low = middle + 1;
		else
			high = middle;
	}
	return TAG_OTHER;
}

const char *html_tag_name(enum html_tag tag)
{
	return tags[tag].name;
}

unsigned html_tag_flags(enum html_tag tag)
{
	return tags[tag].flags;
}
