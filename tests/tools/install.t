#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# make install, uninstall and dkms into a DESTDIR: what is put there, and that
# nothing stays. The module is a lab kernel's; without one that part is skipped.

set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
unset KDIR KERNELRELEASE KERNEL PREFIX prefix MAKEFLAGS MAKELEVEL 2>/dev/null
export DESTDIR="$tmp/d"

count=0
failed=0
ok()	# STATUS NAME
{
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
		sed 's/^/# /' "$tmp/out"
	fi
}

there() { [ -f "$DESTDIR$1" ] && [ -s "$DESTDIR$1" ]; ok $? "$1 is there"; }
empty() { [ -z "$(find "$DESTDIR" ! -type d)" ]; ok $? "$1"; }

"$top/tools/install" dkms >"$tmp/out" 2>&1
ok $? "dkms into a DESTDIR"
src=$(find "$DESTDIR/usr/src" -mindepth 1 -maxdepth 1 -name 'nvmq-[0-9]*')
[ -n "$src" ]
ok $? "the source is in /usr/src/nvmq-VERSION"
src=${src#"$DESTDIR"}
there "$src/dkms.conf"
there "$src/Kbuild"
there "$src/drivers/nvmq/main.c"
there "$src/include/nvme/cmd.h"
there "$src/drivers/compat/probe"
there "$src/drivers/compat/probes/control_pass.c"
grep -q "^PACKAGE_VERSION=\"${src##*-}\"" "$DESTDIR$src/dkms.conf"
ok $? "dkms.conf has the version"
[ -x "$DESTDIR$src/drivers/compat/probe" ]
ok $? "the probe can be run"
there /usr/local/sbin/nvmq-bind
"$top/tools/install" uninstall >"$tmp/out" 2>&1
ok $? "uninstall"
empty "uninstall leaves nothing of it"

"$top/tools/install" nonsense >"$tmp/out" 2>&1
[ $? = 2 ]
ok $? "an unknown verb is refused"
KDIR=/nonexistent "$top/tools/install" install >"$tmp/out" 2>&1
[ $? = 1 ] && grep -q "not the build tree" "$tmp/out"
ok $? "a KDIR that is none is refused"
empty "and nothing was installed"

if [ -e "$top/.cache/kernels/6.1/ok" ]; then
	release=$(cat "$top/.cache/kernels/6.1/release")
	KERNEL=6.1 PREFIX=/usr make -s -C "$top" install >"$tmp/out" 2>&1
	ok $? "make install for a kernel of the lab"
	there "/lib/modules/$release/updates/nvmq.ko"
	there /usr/sbin/nvmq-bind
	there /usr/share/man/man8/nvmq-bind.8
	there /usr/share/man/man4/nvmq.4
	there /usr/share/doc/nvmq/README.md
	modinfo "$DESTDIR/lib/modules/$release/updates/nvmq.ko" 2>/dev/null |
		grep -q "^vermagic: *$release "
	ok $? "the module is for that kernel"
	modinfo -F alias "$DESTDIR/lib/modules/$release/updates/nvmq.ko" | grep -q .
	[ $? = 1 ]
	ok $? "the module has no alias"
	KERNEL=6.1 PREFIX=/usr make -s -C "$top" uninstall >"$tmp/out" 2>&1
	ok $? "make uninstall"
	empty "uninstall leaves nothing of it"
else
	ok 0 "make install # SKIP no kernel of the lab is unpacked"
fi

echo "1..$count"
[ $failed = 0 ]
