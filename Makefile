# crm-notice: a milter that guards outgoing service notices. `make help` lists the targets.

PREFIX ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC = gcc
endif
B ?= build
OPT ?= -O2 -g
SANITIZE ?=

PKGS = yaml-0.1 libcrypto libical icu-i18n icu-uc libhs libpcre2-8 jansson libpng libseccomp libcap-ng
WARN = -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wformat=2 -Wundef -Wvla -Wwrite-strings -Wimplicit-fallthrough \
	-Wno-missing-field-initializers
HARDEN = -fstack-protector-strong -fPIE $(if $(SANITIZE),,-D_FORTIFY_SOURCE=2)
CPPFLAGS += -I. -D_GNU_SOURCE -DPOLICY_DIR='"$(PREFIX)/share/crm-notice/policies"' $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
CFLAGS += -std=gnu11 $(OPT) $(WARN) $(HARDEN) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer)
LDFLAGS += -pie -Wl,-z,relro,-z,now $(if $(SANITIZE),-fsanitize=$(SANITIZE))
LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -ljpeg -lm -lpthread

MAINS = milter/crm-notice-milter.c milter/crm-notice.c
LIB_SRC := $(sort $(shell find policy certs -name '*.c'))
MILTER_SRC := $(filter-out $(MAINS),$(sort $(shell find milter -name '*.c')))
UNIT_SRC := $(sort $(shell find tests/unit -name 'test_*.c'))
LIB = $(B)/libcrm-notice.a
MILTER_LIB = $(B)/libcrm-notice-milter.a
PROGRAMS = $(B)/crm-notice-milter $(B)/crm-notice
UNITS = $(UNIT_SRC:%.c=$(B)/%)

.PHONY: all help lib unit clean
all: $(PROGRAMS)

lib: $(LIB) $(MILTER_LIB)

help:
	@echo 'all unit clean'

obj = $(1:%.c=$(B)/%.o)
$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# What .incbin takes in, the compiler does not list.
$(B)/policy/embedded/embedded.o: $(wildcard policy/*.yaml policy/lang/*.yaml)

$(LIB): $(call obj,$(LIB_SRC))
	@rm -f $@
	ar qcs $@ $^
$(MILTER_LIB): $(call obj,$(MILTER_SRC))
	@rm -f $@
	ar qcs $@ $^
$(B)/crm-notice-milter: $(call obj,milter/crm-notice-milter.c) $(MILTER_LIB) $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lmilter
$(B)/crm-notice: $(call obj,milter/crm-notice.c) $(MILTER_LIB) $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(MILTER_LIB) $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka
unit: $(UNITS)
	@status=0; for t in $(UNITS); do echo "== $$t"; $$t || status=1; done; exit $$status

clean:
	rm -rf $(B)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
