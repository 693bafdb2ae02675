# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the file system tests share.
. /lab/lib.sh

# files DIR: one large file, many small ones, a sparse one
files()
{
	mkdir -p "$1/small"
	file_of 24 "$1/large"
	for _n in $(seq 60); do
		dd if="$1/large" of="$1/small/$_n" bs=$((_n * 331)) count=1 skip="$_n" status=none
	done
	dd if="$1/large" of="$1/sparse" bs=64k count=1 seek=100 status=none
}

# sums DIR: checksum and name of each file in it
sums()
{
	(cd "$1" && find . -type f | sort | while read -r _f; do cksum "$_f"; done)
}

# round_trip DEVICE TYPE [mount options]: copies files to a file system, mounts it anew, compares
# each byte, and takes half of them away again
round_trip()
{
	[ -d /tmp/files ] || files /tmp/files
	sums /tmp/files >/tmp/sums
	mkdir -p /mnt/fs
	must mount -t "$2" ${3:+-o "$3"} "$1" /mnt/fs
	must cp -a /tmp/files /mnt/fs/a
	must cp -a /mnt/fs/a /mnt/fs/b
	must mv /mnt/fs/b/small /mnt/fs/c
	must rm -r /mnt/fs/b
	must umount /mnt/fs
	must mount -t "$2" ${3:+-o "$3"} "$1" /mnt/fs
	sums /mnt/fs/a | cmp -s - /tmp/sums || fail "$2: files differ after umount and mount"
	equal "files of $2" "$(find /mnt/fs/c -type f | wc -l)" 60
	must umount /mnt/fs
}
