#include "policy/embedded/embedded.h"

/* X(symbol, "name below policy/") */
#define FILES(X)                             \
	X(crm_online, "crm-online.yaml")     \
	X(carrier, "carrier.yaml")           \
	X(dynamics_365, "dynamics-365.yaml") \
	X(hosting_example, "hosting-example.yaml") \
	X(status_page, "status-page.yaml")   \
	X(lang_de, "lang/de.yaml")           \
	X(lang_en, "lang/en.yaml")           \
	X(lang_es, "lang/es.yaml")           \
	X(lang_fr, "lang/fr.yaml")           \
	X(lang_it, "lang/it.yaml")           \
	X(lang_ja, "lang/ja.yaml")           \
	X(lang_ko, "lang/ko.yaml")           \
	X(lang_nl, "lang/nl.yaml")           \
	X(lang_pl, "lang/pl.yaml")           \
	X(lang_pt, "lang/pt.yaml")           \
	X(lang_ru, "lang/ru.yaml")           \
	X(lang_sv, "lang/sv.yaml")           \
	X(lang_tr, "lang/tr.yaml")           \
	X(lang_uk, "lang/uk.yaml")           \
	X(lang_zh, "lang/zh.yaml")

/* The paths are relative to the repository's root, where make runs. */
#define X(symbol, name)                                                       \
	__asm__(".pushsection .rodata\n"                                      \
		".hidden embedded_" #symbol "_begin, embedded_" #symbol "_end\n" \
		".globl embedded_" #symbol "_begin, embedded_" #symbol "_end\n" \
		"embedded_" #symbol "_begin: .incbin \"policy/" name "\"\n"   \
		"embedded_" #symbol "_end: .byte 0\n"                         \
		".popsection\n");                                             \
	extern const char embedded_##symbol##_begin[], embedded_##symbol##_end[];
FILES(X)
#undef X

const struct embedded_file embedded_files[] = {
#define X(symbol, name) \
	{ name, "built-in:" name, embedded_##symbol##_begin, embedded_##symbol##_end },
	FILES(X)
#undef X
};
const size_t embedded_n_files = sizeof embedded_files / sizeof *embedded_files;
