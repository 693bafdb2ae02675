# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # d, the disk, is set by the test
# What the tests of nvmq-bind share: $d, a disk of the in-tree
# driver, gets a partition; $a is its function; nvmq is loaded beside it.
[ "$DRIVER" = nvmq ] || skip "about nvmq"

modprobe nvme || fail "modprobe nvme"
must wait_disks 2
nvmq_insert || fail "nvmq does not load beside nvme"
a=$(function_of nvme0)
printf 'label: dos\nsize=64M\n' | must sfdisk -q "$d"
until_ok 10 test -b "${d}p1" || fail "no partition"

# refused TEXT NAME: with and without --force
refused()
{
	for f in "" --force; do
		# shellcheck disable=SC2086 # empty is no argument
		nvmq-bind bind $f "$a" >/run/out 2>&1
		rc=$?
		cat /run/out
		equal "status for $2 $f" $rc 3
		grep -qE -e "$1" /run/out || fail "$2: does not say '$1'"
		equal "driver after $2" "$(driver_of "$a")" nvme
		equal "override after $2" "$(cat "/sys/bus/pci/devices/$a/driver_override")" "(null)"
	done
	[ -b "$d" ] || fail "$2: the disk is gone"
}
