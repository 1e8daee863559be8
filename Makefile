# crm-notice: a milter that guards outgoing service notices. `make help` lists the targets.

PREFIX ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC = gcc
endif
B ?= build
OPT ?= -O2 -g
SANITIZE ?=

PKGS = yaml-0.1 libcrypto icu-i18n icu-uc libpcre2-8 jansson libpng libseccomp libcap-ng \
	sqlite3 libpq ldap
WARN = -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wformat=2 -Wundef -Wvla -Wwrite-strings -Wimplicit-fallthrough \
	-Wno-missing-field-initializers
HARDEN = -fstack-protector-strong -fPIE $(if $(SANITIZE),,-D_FORTIFY_SOURCE=2)
CPPFLAGS += -I. -D_GNU_SOURCE $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
CFLAGS += -std=gnu11 $(OPT) $(WARN) $(HARDEN) \
	$(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer $(if $(findstring clang,$(CC)),,-Wno-format-truncation))
LDFLAGS += -pie -Wl,-z,relro,-z,now $(if $(SANITIZE),-fsanitize=$(SANITIZE))
LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lcdb -ljpeg -lm -lpthread

MAINS = milter/crm-notice-milter.c milter/crm-notice.c
LIB_SRC := $(sort $(shell find policy certs -name '*.c'))
MILTER_SRC := $(filter-out $(MAINS),$(sort $(shell find milter -name '*.c')))
UNIT_SRC := $(sort $(shell find tests/unit -name 'test_*.c'))
LIB = $(B)/libcrm-notice.a
MILTER_LIB = $(B)/libcrm-notice-milter.a
PROGRAMS = $(B)/crm-notice-milter $(B)/crm-notice
UNITS = $(UNIT_SRC:%.c=$(B)/%)

.PHONY: all help deps lib unit unit-programs test test-programs demo bench bench-directory fuzz fuzzers lint deb install uninstall clean FORCE
all: $(PROGRAMS)

lib: $(LIB) $(MILTER_LIB)

help:
	@echo 'make            both programs, in build/'
	@echo 'make deps       what building and testing need (Debian 12; contrib/debian/packages)'
	@echo 'make demo       notices through a private Postfix: replies and audit lines'
	@echo 'make test       all tests; TESTS="unit cases milter postfix" chooses some'
	@echo 'make unit       unit tests only'
	@echo 'make bench      CPU and latency beside a filter that does nothing; the judgement alone'
	@echo 'make bench-directory  a compiled directory of 3,000,000 contacts'
	@echo 'make fuzz       every fuzz target, SECONDS=60 each; FUZZ=html chooses some'
	@echo 'make lint       clang with -Werror, manual pages, scripts'
	@echo 'make deb         a Debian package, in build/deb'
	@echo 'make install    to $$(DESTDIR)$$(PREFIX), PREFIX=$(PREFIX); make uninstall'
	@echo 'make clean      all that was built; the unpacked mail servers stay'
	@echo 'V=1 shows the commands'
	@echo 'B=build-asan SANITIZE=address,undefined: with sanitizers; CC=clang'

deps:
	contrib/debian/deps

obj = $(1:%.c=$(B)/%.o)
# What is done is said in a word; V=1 shows the commands.
say = $(if $(V),,@echo '  $(1)' '$@';)
$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The installed policies are looked for below PREFIX: another one, another object.
$(B)/prefix: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@
$(B)/policy/rules/source.o: $(B)/prefix
$(B)/policy/rules/source.o: CPPFLAGS += -DPOLICY_DIR='"$(PREFIX)/share/crm-notice/policies"'

# What .incbin takes in, the compiler does not list.
$(B)/policy/embedded/embedded.o: $(wildcard policy/*.yaml policy/lang/*.yaml)

$(LIB): $(call obj,$(LIB_SRC))
	@rm -f $@
	$(call say,AR)ar qcs $@ $^
$(MILTER_LIB): $(call obj,$(MILTER_SRC))
	@rm -f $@
	$(call say,AR)ar qcs $@ $^
$(B)/crm-notice-milter: $(call obj,milter/crm-notice-milter.c) $(MILTER_LIB) $(LIB)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lmilter
$(B)/crm-notice: $(call obj,milter/crm-notice.c) $(MILTER_LIB) $(LIB)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(MILTER_LIB) $(LIB)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka
unit-programs: $(UNITS)
# Not taken away as intermediate.
.SECONDARY: $(call obj,$(UNIT_SRC))
unit: $(UNITS)
	@status=0; for t in $(UNITS); do echo "== $$t"; $$t || status=1; done; exit $$status

# The runner knows the suites; it prints `N passed, N failed` last.
TESTS ?=
TEST_PROGRAMS = $(PROGRAMS) $(UNITS) $(B)/bench/nothing $(B)/tests/message/dump \
	$(B)/tests/message/gmime $(B)/tests/hostile/judge
test-programs: $(TEST_PROGRAMS)
test: deps
	@$(MAKE) --no-print-directory test-programs
	B=$(B) tests/run $(TESTS)

$(B)/tests/message/dump: $(call obj,tests/message/dump.c) $(LIB)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# GMime is what our reader is held against, and used nowhere else.
$(call obj,tests/message/gmime.c): CPPFLAGS += $(shell pkg-config --cflags gmime-3.0 2>/dev/null | \
	sed 's/-I/-isystem /g')
$(B)/tests/message/gmime: $(call obj,tests/message/gmime.c)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs gmime-3.0) -ljansson

$(B)/tests/hostile/judge: $(call obj,tests/hostile/judge.c) $(MILTER_LIB) $(LIB)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# For tests/html/html5lib.py, which needs tests that are not part of this repository.
$(B)/tests/html/tokens: $(call obj,tests/html/tokens.c) $(LIB)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# What a fresh machine lacks is installed first, and only then looked for.
demo: deps
	@$(MAKE) --no-print-directory all
	B=$(B) tests/demo

bench: $(PROGRAMS) $(B)/bench/nothing $(B)/bench/judge $(B)/bench/seal
	$(B)/bench/seal
	B=$(B) tests/bench/run
	B=$(B) tests/bench/judgement

$(B)/bench/judge: $(call obj,tests/bench/judge.c) $(LIB)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/bench/nothing: tests/bench/nothing.c
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -lmilter -lpthread

$(B)/bench/directory: tests/bench/directory.c $(MILTER_LIB) $(LIB)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/bench/seal: tests/bench/seal.c $(LIB)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
bench-directory: $(PROGRAMS) $(B)/bench/directory
	B=$(B) tests/bench/directory-run

# Each target runs on its seeds, with its dictionary where it has one.
FUZZ ?=
SECONDS ?= 60
FUZZ_SRC := $(sort $(if $(FUZZ),$(FUZZ:%=tests/fuzz/fuzz_%.c),$(wildcard tests/fuzz/fuzz_*.c)))
FUZZERS = $(FUZZ_SRC:%.c=$(B)/%)
$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(MILTER_LIB) $(LIB)
	$(call say,LD)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)
fuzzers: $(FUZZERS)
fuzz:
	@$(MAKE) -s B=$(B)-fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined fuzzers
	tests/fuzz/run $(B)-fuzz $(SECONDS) $(FUZZ_SRC)

PAGES = $(wildcard contrib/man/*.[1-8])
lint:
	@$(MAKE) -s B=$(B)-clang CC=clang all
	tests/lint $(PAGES)

deb:
	DEB=$(B)/deb contrib/debian/build $(OBJECTS)

SHARE = $(DESTDIR)$(PREFIX)/share
install: $(PROGRAMS)
	install -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(B)/crm-notice-milter $(DESTDIR)$(PREFIX)/sbin
	install -m 755 $(B)/crm-notice $(DESTDIR)$(PREFIX)/bin
	install -d $(SHARE)/crm-notice/policies/lang $(SHARE)/doc/crm-notice/examples
	install -m 644 $(wildcard policy/*.yaml) $(SHARE)/crm-notice/policies
	install -m 644 $(wildcard policy/lang/*.yaml) $(SHARE)/crm-notice/policies/lang
	for page in $(PAGES); do install -D -m 644 $$page \
		$(SHARE)/man/man$${page##*.}/$${page##*/} || exit 1; done
	install -m 644 README.md CHANGELOG.md LICENSE $(SHARE)/doc/crm-notice
	install -m 644 contrib/examples/*.yaml contrib/postfix/*.cf contrib/rsyslog/*.conf \
		$(SHARE)/doc/crm-notice/examples
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -D -m 644 contrib/systemd/crm-notice.sysusers \
		$(DESTDIR)$(PREFIX)/lib/sysusers.d/crm-notice.conf
	sed 's|@PREFIX@|$(PREFIX)|g' contrib/systemd/crm-notice-milter.service \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/crm-notice-milter.service
	@echo 'installed; the configuration goes to /etc/crm-notice (see README.md)'

# /etc/crm-notice is the administrator's and stays.
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/sbin/crm-notice-milter $(DESTDIR)$(PREFIX)/bin/crm-notice
	rm -f $(DESTDIR)$(PREFIX)/lib/systemd/system/crm-notice-milter.service \
		$(DESTDIR)$(PREFIX)/lib/sysusers.d/crm-notice.conf
	for page in $(PAGES); do rm -f $(SHARE)/man/man$${page##*.}/$${page##*/}; done
	rm -rf $(SHARE)/crm-notice $(SHARE)/doc/crm-notice

clean:
	if [ -d $(B) ]; then find $(B) -mindepth 1 -maxdepth 1 ! -name mta -exec rm -rf {} +; fi
	rm -rf $(B)-fuzz $(B)-clang $(B)-asan $(B)-tsan

-include $(shell find $(B) \( -name mta -o -name deb \) -prune -o -name '*.d' -type f -print 2>/dev/null)
