#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# nvmq-bind against a made-up machine: a tree of /sys, /proc and /dev in a
# temporary directory, and a script that answers writes as the kernel would.
# Each refusal, each thing that is passed over, and every way back. TAP.

set -u

here=$(cd "$(dirname "$0")" && pwd)
bind=$here/../../tools/nvmq-bind
A=0000:00:04.0
B=0000:00:05.0

top=$(mktemp -d) || exit 1
trap 'rm -rf "$top"' EXIT
NVMQ_BIND_SYSROOT=$top/r
export NVMQ_BIND_SYSROOT
r=$NVMQ_BIND_SYSROOT

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
		sed 's/^/# /' "$top/out"
		sed 's/^/# kernel: /' "$r/log"
	fi
}

# exit status wanted, text wanted in the output, name; then the command line
run()
{
	want=$1
	text=$2
	name=$3
	shift 3
	sh "$bind" "$@" >"$top/out" 2>&1
	rc=$?
	[ $rc = "$want" ] && grep -qF -e "$text" "$top/out"
	ok $? "$name"
}

has() { grep -qF -e "$2" "$1"; ok $? "$3"; }
untouched() { [ ! -s "$r/log" ] && [ ! -e "$r/run/nvmq-bind/$A" ]; ok $? "$1: nothing was written"; }
owner() { [ "$(basename "$(readlink "$r/sys/bus/pci/devices/$1/driver")")" = "$2" ]; ok $? "$3"; }
override() { [ "$(cat "$r/sys/bus/pci/devices/$1/driver_override")" = "$2" ]; ok $? "$3"; }

# ---- the machine ----------------------------------------------------------

function_at()	# ADDR CLASS
{
	d=$r/sys/devices/pci0000:00/$1
	mkdir -p "$d"
	echo "$2" >"$d/class"
	echo 0x1b36 >"$d/vendor"
	echo 0x0010 >"$d/device"
	echo "(null)" >"$d/driver_override"
	ln -s "../../../devices/pci0000:00/$1" "$r/sys/bus/pci/devices/$1"
}

process()	# PID COMM
{
	mkdir -p "$r/proc/$1/fd" "$r/proc/$1/fdinfo"
	echo "$2" >"$r/proc/$1/comm"
	echo "20 1 0:5 / /proc rw - proc proc rw" >"$r/proc/$1/mountinfo"
}

opened()	# PID FD PATH FLAGS
{
	ln -s "$3" "$r/proc/$1/fd/$2"
	printf 'pos:\t0\nflags:\t%s\n' "$4" >"$r/proc/$1/fdinfo/$2"
}

machine()
{
	rm -rf "$r"
	mkdir -p "$r/sys/bus/pci/devices" "$r/sys/bus/pci/drivers/nvme" \
		"$r/sys/bus/pci/drivers/nvmq" "$r/sys/block" "$r/dev" "$r/run/udev/data"
	cp "$top/kernel" "$r/kernel"
	: >"$r/log"
	function_at $A 0x010802
	function_at $B 0x010802
	function_at 0000:00:02.0 0x030000
	process self nvmq-bind
	process 1 init
	process 77 vi
	printf 'Filename\tType\tSize\tUsed\tPriority\n' >"$r/proc/swaps"
	"$r/kernel" /sys/bus/pci/drivers_probe $A
	"$r/kernel" /sys/bus/pci/drivers_probe $B
	: >"$r/log"
	disk=$r/sys/devices/pci0000:00/$A/nvme/nvme4/nvme4n1
}

# Instance numbers follow the slot: 0000:00:04.0 is nvme4, dev 259:4.
cat >"$top/kernel" <<'END'
#!/bin/sh
r=$(dirname "$0")
echo "$1 $2" >>"$r/log"
leave()
{
	[ -L "$d/driver" ] || return 0
	rm -rf "$d/driver" "$d/nvme" "$d/nvmq" "$r/sys/block/nvme${i}n1"
}
case $1 in
*/driver_override)
	[ ! -e "$r/no.override" ] || exit 1
	echo "${2:-(null)}" >"$r$1"
	exit 0
	;;
esac
d=$r/sys/devices/pci0000:00/$2
i=${2%.0}
i=${i##*:0}
case $1 in
*/unbind)
	leave
	;;
*/drivers_probe)
	[ ! -L "$d/driver" ] || exit 0
	drv=$(cat "$d/driver_override")
	[ "$drv" != "(null)" ] || drv=nvme
	[ -d "$r/sys/bus/pci/drivers/$drv" ] && [ ! -e "$r/no.$drv" ] || exit 0
	ln -s "../../../bus/pci/drivers/$drv" "$d/driver"
	class=nvme
	[ ! -e "$r/class.$drv" ] || class=$drv
	c=$d/$class/nvme$i
	n=$c/nvme${i}n1
	mkdir -p "$n/holders" "$n/nvme${i}n1p1/holders" "$c/ng${i}n1"
	echo "QEMU NVMe Ctrl   " >"$c/model"
	echo "serial-$i" >"$c/serial"
	cat "$r/state.$drv" >"$c/state" 2>/dev/null || echo live >"$c/state"
	echo "241:$i" >"$c/dev"
	echo "242:$i" >"$c/ng${i}n1/dev"
	echo "259:$((i * 16))" >"$n/dev"
	echo 2097152 >"$n/size"
	echo "259:$((i * 16 + 1))" >"$n/nvme${i}n1p1/dev"
	echo 1048576 >"$n/nvme${i}n1p1/size"
	echo 1 >"$n/nvme${i}n1p1/partition"
	ln -s "../devices/pci0000:00/$2/$class/nvme$i/nvme${i}n1" "$r/sys/block/nvme${i}n1"
	;;
esac
exit 0
END
chmod +x "$top/kernel"

refused()	# TEXT NAME: bind of A is refused, with and without --force
{
	run 3 "$1" "$2 is refused" bind $A
	run 3 "$1" "$2 is refused with --force" bind --force $A
	untouched "$2"
}

soft()	# TEXT NAME: refused, but --force passes over it
{
	run 3 "$1" "$2 is refused" bind $A
	untouched "$2"
	run 0 "$1 (passed over)" "$2 is passed over with --force" bind --force $A
	owner $A nvmq "$2: nvmq has it"
}

# ---- the command line -----------------------------------------------------

machine
run 2 "usage:" "no arguments"
run 2 "usage:" "bind without an address" bind
run 2 "usage:" "an unknown verb" steal $A
run 2 "usage:" "a time-out that is no number" bind --timeout x $A
run 4 "no such function" "an address that is not there" bind 0000:99:00.0
run 4 "not an NVMe function" "a function of another class" bind 0000:00:02.0
untouched "wrong arguments"

run 0 "driver nvme" "status names the driver" status
has "$top/out" "serial-5" "status shows every function"
has "$top/out" "nvme4n1p1  512 MiB" "status shows partitions with their size"
run 0 "$A" "a disk's name stands for its function" status /dev/nvme4n1p1
grep -qF "$B" "$top/out"
[ $? = 1 ]
ok $? "and for that one only"

# ---- there and back -------------------------------------------------------

run 0 "$A: nvmq nvme4 live nvme4n1" "bind reports names" bind 00:04.0
owner $A nvmq "the function is nvmq's"
owner $B nvme "its neighbour is not"
override $A nvmq "driver_override says so"
run 0 "taken from nvme" "status knows whose it was" status nvme4
run 0 "nvmq has it already" "bind twice does nothing" bind $A
run 0 "$A: nvme nvme4 live nvme4n1" "restore reports names" restore $A
owner $A nvme "the function is nvme's again"
override $A "(null)" "driver_override is cleared"
[ ! -e "$r/run/nvmq-bind/$A" ]
ok $? "nothing is remembered afterwards"
run 0 "nvmq does not have it" "restore twice does nothing" restore $A
run 0 "nothing to restore" "restore without an address and nothing to do" restore

machine
run 0 "nvme5n1" "bind takes several" bind $A nvme5n1
run 0 "$B: nvme" "restore without an address takes all" restore
owner $A nvme "the first is back"
owner $B nvme "the second is back"

machine
: >"$r/no.override"
run 1 "giving it back" "driver_override cannot be written" bind $A
owner $A nvme "the function never left"

# drivers that are not nvme, and none at all
machine
mkdir "$r/sys/bus/pci/drivers/vfio-pci"
"$r/kernel" /sys/bus/pci/drivers/nvme/unbind $A
"$r/kernel" /sys/bus/pci/devices/$A/driver_override vfio-pci
"$r/kernel" /sys/bus/pci/drivers_probe $A
rm -rf "$r/sys/devices/pci0000:00/$A/nvme"
run 0 "nvmq nvme4 live" "bind takes a function from vfio-pci" bind $A
run 0 "vfio-pci" "restore gives it to vfio-pci" restore
owner $A vfio-pci "the function is vfio-pci's again"
override $A vfio-pci "with its driver_override"

machine
"$r/kernel" /sys/bus/pci/drivers/nvme/unbind $A
run 0 "nvmq nvme4 live" "bind takes a function without a driver" bind $A
run 0 "no driver has it" "restore leaves it without" restore
[ ! -L "$r/sys/bus/pci/devices/$A/driver" ]
ok $? "the function has no driver again"

machine
run 0 "nvmq nvme4" "bind, then the module goes" bind $A
"$r/kernel" /sys/bus/pci/drivers/nvmq/unbind $A
run 0 "$A: nvme" "restore works without it" restore $A
owner $A nvme "the function is nvme's again"

machine
run 0 "nvmq nvme4" "bind, then the function is unplugged" bind $A
rm -rf "$r/sys/bus/pci/devices/$A"
run 0 "not there any more" "restore forgets it" restore

machine
: >"$r/class.nvmq"
run 0 "$A: nvmq nvme4 live nvme4n1" "the controller is found in class nvmq" bind $A

# ---- steps that fail ------------------------------------------------------

machine
rm -rf "$r/sys/bus/pci/drivers/nvmq"
run 5 "make install" "without the module" bind $A
untouched "without the module"

machine
: >"$r/no.nvmq"
run 1 "nvmq did not take it" "probe fails" bind $A
owner $A nvme "probe fails: given back"
override $A "(null)" "probe fails: driver_override is cleared"
[ ! -e "$r/run/nvmq-bind/$A" ]
ok $? "probe fails: nothing is remembered"

machine
echo dead >"$r/state.nvmq"
run 1 "(state 'dead')" "the controller is dead" bind $A
owner $A nvme "dead: given back"
override $A "(null)" "dead: driver_override is cleared"

machine
echo resetting >"$r/state.nvmq"
run 1 "(state 'resetting')" "the controller never becomes live" bind --timeout 1 $A
owner $A nvme "never live: given back"

machine
: >"$r/no.nvmq"
: >"$r/no.nvme"
run 1 "that failed as well" "the way back fails too" bind $A
[ -e "$r/run/nvmq-bind/$A" ]
ok $? "then the previous driver stays remembered"
rm "$r/no.nvme"
run 0 "$A: nvme" "and restore works later" restore

# ---- who may hold it ------------------------------------------------------

machine
echo "30 1 259:65 / / rw shared:1 - ext4 /dev/root rw" >>"$r/proc/self/mountinfo"
refused "nvme4n1p1 holds the root file system" "the root disk"

machine
printf '%s\n' '31 1 259:64 / /mnt/a\040b rw - ext4 /dev/nvme4n1 rw' >>"$r/proc/self/mountinfo"
refused "nvme4n1 is mounted on /mnt/a b" "a mounted disk"

machine
echo "31 1 0:44 /sub /data rw - btrfs /dev/nvme4n1p1 rw,subvol=/sub" >>"$r/proc/self/mountinfo"
refused "nvme4n1p1 is mounted on /data" "a mounted btrfs"

machine
echo "31 1 8:1 / /data rw - xfs /dev/sda1 rw,logdev=/dev/nvme4n1p1,noquota" >>"$r/proc/self/mountinfo"
refused "nvme4n1p1 is mounted on /data" "an external log"

machine
echo "32 1 259:65 / /srv rw - ext4 /dev/nvme4n1p1 rw" >>"$r/proc/77/mountinfo"
refused "mounted on /srv in the mount namespace of process 77 (vi)" "a mount in another namespace"

machine
mkdir -p "$r/sys/fs/btrfs/0000-1111/devices"
ln -s x "$r/sys/fs/btrfs/0000-1111/devices/nvme4n1"
refused "nvme4n1 is used by a live btrfs file system" "the second device of a btrfs"

machine
mkdir -p "$r/sys/fs/ext4/nvme4n1p1"
refused "nvme4n1p1 is used by a live ext4 file system" "a file system without a mount"

machine
echo "/dev/nvme4n1p1 partition 1048572 0 -2" >>"$r/proc/swaps"
refused "nvme4n1p1 is used as swap" "swap"

machine
mkdir -p "$r/sys/block/dm-3/dm"
echo vg0-home >"$r/sys/block/dm-3/dm/name"
echo LVM-abcdef >"$r/sys/block/dm-3/dm/uuid"
ln -s x "$disk/nvme4n1p1/holders/dm-3"
refused "nvme4n1p1 is part of the LVM volume vg0-home (dm-3)" "LVM"

machine
mkdir -p "$r/sys/block/dm-4/dm"
echo secret >"$r/sys/block/dm-4/dm/name"
echo CRYPT-LUKS2-x >"$r/sys/block/dm-4/dm/uuid"
ln -s x "$disk/holders/dm-4"
refused "nvme4n1 is part of the encrypted volume secret (dm-4)" "dm-crypt"

machine
ln -s x "$disk/holders/md0"
refused "nvme4n1 is part of the md array md0" "md"

machine
mkdir -p "$r/sys/block/loop0/loop"
echo /dev/nvme4n1 >"$r/sys/block/loop0/loop/backing_file"
refused "nvme4n1 backs loop0" "a loop device"

machine
mkdir -p "$r/sys/kernel/config/nvmet/subsystems/nqn.x/namespaces/1"
echo /dev/nvme4n1 >"$r/sys/kernel/config/nvmet/subsystems/nqn.x/namespaces/1/device_path"
echo 1 >"$r/sys/kernel/config/nvmet/subsystems/nqn.x/namespaces/1/enable"
refused "nvme4n1 is exported by the target" "an exported disk"

machine
opened 77 5 /dev/nvme4n1p1 0100002
refused "nvme4n1p1 is held open by process 77 (vi)" "a partition open for writing"

machine
opened 77 6 /dev/ng4n1 0100002
refused "ng4n1 is held open by process 77 (vi)" "an open /dev/ngXnY"

machine
opened 77 7 "$r/sys/devices/pci0000:00/$A/resource0" 0100002
refused "resource0 is held open by process 77 (vi)" "a mapped BAR"

machine
mkdir -p "$r/sys/kernel/iommu_groups/12"
ln -s ../../../kernel/iommu_groups/12 "$r/sys/devices/pci0000:00/$A/iommu_group"
opened 77 8 /dev/vfio/12 0100002
refused "vfio/12 is held open by process 77 (vi)" "a virtual machine's device"

machine
echo 2 >"$r/sys/devices/pci0000:00/$A/sriov_numvfs"
refused "has 2 virtual functions" "a parent of virtual functions"

# the disk of a subsystem with two paths hangs elsewhere
machine
head=$r/sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1
mkdir -p "$head/holders" "$r/sys/devices/pci0000:00/$A/nvme/nvme4/nvme0c4n1"
echo 259:99 >"$head/dev"
ln -s ../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1 "$r/sys/block/nvme0n1"
echo "31 1 259:99 / /mnt rw - ext4 /dev/nvme0n1 rw" >>"$r/proc/self/mountinfo"
refused "nvme0n1 is mounted on /mnt" "a multipath disk"

machine
opened 77 5 /dev/nvme4n1 0100000
soft "nvme4n1 is held open by process 77 (vi)" "a reader"

machine
opened 77 5 /dev/nvme4 0100002
soft "nvme4 is held open by process 77 (vi)" "an open /dev/nvmeX"

machine
echo "E:ID_FS_TYPE=LVM2_member" >"$r/run/udev/data/b259:65"
soft "nvme4n1p1 carries the signature of an LVM physical volume that is not active" "an inactive LVM member"

machine
echo "E:ID_FS_TYPE=linux_raid_member" >"$r/run/udev/data/b259:64"
soft "nvme4n1 carries the signature of a member of an md array that is not active" "an inactive md member"

machine
opened 77 5 /dev/nvme4n1 0100000
opened 77 6 /dev/nvme4n1 0100002
refused "held open by process 77" "a reader beside a writer"

# what belongs to others must not matter
machine
echo "31 1 259:80 / /mnt rw - ext4 /dev/nvme5n1 rw" >>"$r/proc/self/mountinfo"
ln -s x "$r/sys/devices/pci0000:00/$B/nvme/nvme5/nvme5n1/holders/md0"
opened 77 5 /dev/nvme5n1 0100002
opened 77 6 /dev/nvme40 0100002
echo "E:ID_FS_TYPE=ext4" >"$r/run/udev/data/b259:64"
run 0 "$A: nvmq" "a neighbour's users do not matter" bind $A
run 3 "nvme5n1 is mounted on /mnt" "to the neighbour they do" bind $B

# and the way back asks the same questions
machine
run 0 "$A: nvmq" "bind before a mount" bind $A
: >"$r/log"
echo "31 1 259:64 / /mnt rw - ext4 /dev/nvme4n1 rw" >>"$r/proc/self/mountinfo"
run 3 "nvme4n1 is mounted on /mnt" "restore refuses a mounted disk" restore
owner $A nvmq "which stays where it is"
run 0 "in use: nvme4n1 is mounted on /mnt" "status names the holder" status

echo "1..$count"
[ $failed = 0 ]
