# SPDX-License-Identifier: GPL-2.0-only
# Front door. `make help` lists the targets; Kbuild holds the build itself.

KDIR ?= /lib/modules/$(shell uname -r)/build
KERNEL ?= 6.12
PREFIX ?= /usr
FUZZ_SECONDS ?= 60
SIM_SCHEDULES ?= 10000
STORM_S ?= 3600
export PREFIX DESTDIR

TOOLS := $(patsubst %/Makefile,%,$(wildcard tools/*/Makefile))
VM := selftests/vm
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
COMMAND := $(if $(TEST),selftests/run.sh $(TEST),selftests/run.sh)

all: modules tools

modules: kdir
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools:
	@$(foreach t,$(TOOLS),$(MAKE) -C $(t) all &&) true

kdir:
	@test -e $(KDIR)/Makefile || { \
	echo "No kernel to build against in $(KDIR):"; \
	echo "install the headers of the running kernel (on Debian:" \
		"apt install linux-headers-amd64) or set KDIR=FOLDER."; \
	echo "For a test kernel: $(VM)/build.sh 6.1|6.12|uml"; exit 1; }

sparse: kdir
	$(MAKE) -C $(KDIR) M=$(CURDIR) C=2 CF=-D__CHECK_ENDIAN__ modules

style:
	selftests/lint/style.sh

install: modules tools
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) \
		modules_install
	@$(foreach t,$(TOOLS),$(MAKE) -C $(t) install &&) true
	$(if $(DESTDIR),,depmod -a $$($(MAKE) -s -C $(KDIR) kernelrelease))

dkms-install:
	dkms add $(CURDIR)
	dkms install mlagbond/$(VERSION)

clean:
	@$(foreach d,$(TOOLS) $(patsubst %/Makefile,%,$(wildcard \
		selftests/unit/Makefile selftests/sim/Makefile \
		selftests/traffic/Makefile)),$(MAKE) -C $(d) clean &&) true
	find drivers \( -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name '.*.d' \
		-o -name modules.order \) -delete
	rm -f Module.symvers modules.order .module-common.o .*.cmd .*.symvers.cmd

# A guest with the modules of this tree. TEST= takes scripts of selftests/net.
vm:
	$(VM)/qemu.sh $(KERNEL) -- $(COMMAND)
uml:
	$(VM)/uml.sh -- $(COMMAND)
vm-shell:
	$(VM)/qemu.sh $(KERNEL) -s
uml-shell:
	$(VM)/uml.sh -s
demo:
	$(VM)/qemu.sh $(KERNEL) -t 300 -- selftests/demo/demo.sh

check:
	selftests/check.sh full
check-quick:
	selftests/check.sh quick
bench:
	selftests/bench/run.sh
mlag-faults:
	selftests/faults/run.sh
mlag-machines:
	$(VM)/machines.sh $(KERNEL) -t 5400 -- $(or $(MACHINES),all)
mlag-scale:
	selftests/faults/scale.sh
mlag-storm:
	FAULTS=storm FAULTS_STORM_S=$(STORM_S) selftests/faults/run.sh
lint unit:
	selftests/check.sh $@
fuzz:
	selftests/fuzz.sh -s $(FUZZ_SECONDS) $(TARGET)
sim:
	SIM_SCHEDULES=$(SIM_SCHEDULES) selftests/check.sh sim
sim-long:
	$(MAKE) -C selftests/sim long
deps:
	$(VM)/deps.sh

help:
	@sed -n 's/^#: //p' Makefile

#: make			modules for KDIR (default: the running kernel) and tools
#: make install		both, into the running system; dkms-install for DKMS
#: make clean
#: W=1 C=1 MLAGBOND_DEBUG=1	more warnings, sparse, debug messages
#: make sparse style	sparse on every file; checkpatch
#: make demo		two chassis, one LACP client, in a virtual machine
#: make check		every test; check-quick in three minutes
#: make lint unit fuzz sim	one part (FUZZ_SECONDS=, SIM_SCHEDULES=)
#: make sim-long		a million schedules; SIM_LONG=, SIM_SEED= for others
#: make bench		cost of a frame and failover, beside in-tree bonding
#: make mlag-faults	what befalls a pair; FAULTS=NAME, FAULTS_WRITE=1 for the page
#: make mlag-machines	a pair of machines: power, cables, two versions; MACHINES=NAME, KERNEL=6.1
#: make mlag-storm	an hour of random faults for each of FAULTS_SEEDS="1 2 3"
#: make mlag-scale	a pair of full size, again and again; SCALE_LEGS=, see testing.rst
#: make vm KERNEL=6.1	tests in a guest; TEST=selftests/net/NAME.sh for one
#: make uml		the same under KASAN and lockdep in virtual time
#: make vm-shell uml-shell	a shell in such a guest
#: make deps		install what building and testing needs

.PHONY: all modules tools kdir sparse style install dkms-install clean vm uml \
	vm-shell uml-shell demo check check-quick bench mlag-faults mlag-machines \
	mlag-scale mlag-storm lint unit fuzz sim sim-long deps help
