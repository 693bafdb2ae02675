# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# For tests that put something else on top of nvmq's disks. Sourced after lib.sh.
# shellcheck disable=SC2034 # FOUND is for the tests

# What stacks stand on is used through them only: each sees a block that is lost, or in the wrong
# place, as one of its own, and has its own way of building requests.

# first_disks N [ALL]: load the driver; the nodes of the first N of ALL (N) disks in $FOUND
first_disks()
{
	nvmq_load
	wait_disks "${2:-$1}" || fail "disks: $(disks)"
	FOUND=$(disks | head -n "$1" | sed 's,^,/dev/,')
}

# round DEVICE [MEBIBYTES]: ext4 on it, a file, mounted anew, compared; then checksums in blocks of 4 KiB
round()
{
	must mkfs.ext4 -q -F "$1"
	mkdir -p /mnt/stack
	file_of "${2:-8}" /tmp/data
	must mount "$1" /mnt/stack
	must cp /tmp/data /mnt/stack/data
	must umount /mnt/stack
	must mount "$1" /mnt/stack
	must cmp /tmp/data /mnt/stack/data
	must umount /mnt/stack
	must e2fsck -fn "$1" >/tmp/fsck
	fio_verify "$1" --size=4M
}

# in_use DEVICE: commands that it has completed so far (reads, writes and discards)
in_use()
{
	awk '{ print $1 + $5 + $12 }' "/sys/block/${1##*/}/stat"
}

# discarded DEVICE: sectors so far; discarded_since DEVICE SECTORS: are they more?
discarded()
{
	awk '{ print $14 }' "/sys/block/${1##*/}/stat"
}

discarded_since()
{
	[ "$(discarded "$1")" -gt "$2" ]
}

# mapped NAME: the node of a mapped device; without udev it has no other one
mapped()
{
	for _d in /sys/block/dm-*; do
		[ "$(cat "$_d/dm/name" 2>/dev/null)" != "$1" ] || { echo "/dev/${_d##*/}"; return; }
	done
	echo "FAILED: no mapped device $1" >&2
	exit 1
}
