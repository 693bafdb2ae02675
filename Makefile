# SPDX-License-Identifier: GPL-2.0
#
# The entry for people. Each target is one call of a script that can as well be
# called by hand; make help says what they take. The driver's own makefile, which
# the kernel's build reads, is Kbuild.

# Words on the command line are handed on: make run KERNEL=6.12 SHELL=1. Make does
# not export SHELL, which is its own word, so it goes under another name.
ifeq ($(origin SHELL),command line)
export NVMQ_SHELL := $(SHELL)
override SHELL := /bin/sh
endif
export KERNEL KDIR T DEBUG DRIVER DISKS CPUS MACHINE GDB NET V W DESTDIR PREFIX

.DEFAULT_GOAL := build
.PHONY: run shell check check-rogue rogue-table build lint unit bench bench-smoke install uninstall dkms clean help

build:
	@tools/build $(KDIR)

run:
	@qemu/run

shell:
	@NVMQ_SHELL=1 qemu/run

check:
	@tests/run-all

check-rogue:
	@T=$(or $(T),rogue) tests/run

rogue-table:
	@tests/rogue/table

lint:
	@tools/lint/run

unit:
	@$(MAKE) --no-print-directory -C tests/unit

bench:
	@tools/bench/run

bench-smoke:
	@tools/bench/run smoke

install:
	@tools/install install

uninstall:
	@tools/install uninstall

dkms:
	@tools/install dkms

clean:
	@qemu/clean

help:
	@qemu/help
