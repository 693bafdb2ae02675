# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2119,SC2120 # arguments are for the tests that source this
# What guest tests call. A test starts with ". /lab/lib.sh".
#
# From the runner: TEST, PHASE (1; 2 after lab_reboot ...), TIMEOUT, DRIVER (nvmq,
# or nvme for the kernel's own), KERNEL (6.1, 6.12, 7.2), MACHINE, QEMU (7, 10, 11), SLOW (how
# many times longer than usual things may take: 1, but 4 on the debug kernel, which is a 6.12).

# ---- verdicts -----------------------------------------------------------------

fail()
{
	echo "FAILED: $*"
	exit 1
}

skip()
{
	echo "SKIPPED: $*"
	exit 77
}

note()
{
	echo "# $*"
}

# need PROGRAM...: skip when one is not there
need()
{
	for _p in "$@"; do
		command -v "$_p" >/dev/null || skip "no $_p here"
	done
}

# must COMMAND...: fail, with its name, when it fails
must()
{
	"$@" || fail "status $? of: $*"
}

# must_not COMMAND...: fail when it succeeds
must_not()
{
	"$@" && fail "should have failed: $*"
	return 0
}

# equal NAME IS WANTED
equal()
{
	[ "$2" = "$3" ] || fail "$1 is '$2', not '$3'"
}

# until SECONDS COMMAND...: try until it succeeds; 1 when it never does
until_ok()
{
	_n=$(($1 * 10 * ${SLOW:-1}))
	shift
	while ! "$@"; do
		_n=$((_n - 1))
		[ $_n -gt 0 ] || return 1
		sleep 0.1
	done
}

# ---- the driver ---------------------------------------------------------------

# PCI addresses of all NVMe functions
nvme_functions()
{
	for _d in /sys/bus/pci/devices/*; do
		case $(cat "$_d/class" 2>/dev/null) in
		0x0108*) echo "${_d##*/}" ;;
		esac
	done
}

driver_of()	# ADDRESS
{
	_l=$(readlink "/sys/bus/pci/devices/$1/driver") && echo "${_l##*/}"
}

# give ADDRESS: hand one function to the driver under test, as nvmq-bind does
give()
{
	echo "$DRIVER" >"/sys/bus/pci/devices/$1/driver_override" &&
		echo "$1" >/sys/bus/pci/drivers_probe
	[ "$(driver_of "$1")" = "$DRIVER" ]
}

# take ADDRESS: and take it away again
take()
{
	_l=$(driver_of "$1")
	[ -z "$_l" ] || echo "$1" >"/sys/bus/pci/drivers/$_l/unbind"
	echo >"/sys/bus/pci/devices/$1/driver_override"
}

# nvmq_insert [PARAMETER=VALUE...]: the module alone, no disk
nvmq_insert()
{
	if [ "$DRIVER" = nvme ]; then
		modprobe nvme "$@"
	else
		for _m in $(modinfo -F depends /lab/modules/nvmq.ko | tr , ' '); do
			modprobe "$_m" || return 1
		done
		insmod /lab/modules/nvmq.ko "$@"
	fi
}

# nvmq_load [PARAMETER=VALUE...]: the module, with every NVMe function that has no
# driver yet, and wait for the disks of those that have namespaces
nvmq_load()
{
	nvmq_insert "$@" || fail "cannot load $DRIVER $*"
	for _a in $(nvme_functions); do
		[ -n "$(driver_of "$_a")" ] || give "$_a" || fail "$DRIVER does not take $_a"
	done
	[ -n "${NO_WAIT-}" ] || wait_disk || fail "no disk within 20 seconds"
}

nvmq_unload()
{
	lab_unload_all || fail "cannot unload $DRIVER"
}

# The runner calls it after each test, too.
lab_unload_all()
{
	_rc=0
	for _f in /lab/modules/*.ko; do
		[ -e "$_f" ] || continue
		_m=${_f##*/}
		_m=$(echo "${_m%.ko}" | tr - _)
		[ "$_m" != nvmq ] || continue
		[ ! -d "/sys/module/$_m" ] || rmmod "$_m" || _rc=1
	done
	for _m in nvmq nvme; do
		[ -d "/sys/module/$_m" ] || continue
		[ "$_m" != nvme ] || [ "$DRIVER" = nvme ] || [ -z "${LAB_KEEP_NVME-}" ] || continue
		# udev or a closing file may hold a reference for a moment
		until_ok 5 rmmod "$_m" 2>/run/rmmod || { tail -n 1 /run/rmmod; _rc=1; }
	done
	for _m in nvme_loop nvmet_tcp nvmet nvme_tcp nvme_fabrics nvme_core; do
		[ ! -d "/sys/module/$_m" ] || rmmod "$_m" 2>/dev/null
	done
	for _a in $(nvme_functions); do
		[ "$(cat "/sys/bus/pci/devices/$_a/driver_override")" = "(null)" ] ||
			echo >"/sys/bus/pci/devices/$_a/driver_override"
	done
	return $_rc
}

# ---- disks --------------------------------------------------------------------

# disks: the names of all NVMe disks (nvme0n1 ...), in order
disks()
{
	for _d in /sys/block/nvme*; do
		[ -e "$_d" ] || continue
		case ${_d##*/} in
		nvme*c*n*) ;;
		*) echo "${_d##*/}" ;;
		esac
	done
}

# wait_disk [NAME]: until the disk (or any) is there, with its size and its node
wait_disk()
{
	until_ok 20 _disk_or_dead "${1-}" && _disk_ready "${1-}"
}

# no use waiting for a disk of a controller that has given up
_disk_or_dead()
{
	_disk_ready "$1" || [ "$(state)" = dead ]
}

_disk_ready()
{
	if [ -n "$1" ]; then
		_disks=$1
	else
		_disks=$(disks)
	fi
	[ -n "$_disks" ] || return 1
	for _d in $_disks; do
		[ -b "/dev/$_d" ] && [ "$(cat "/sys/block/$_d/size")" -gt 0 ] || return 1
	done
}

# wait_disks N: until there are N of them
wait_disks()
{
	until_ok 20 _disks_are "$1"
}

_disks_are()
{
	[ "$(disks | wc -l)" = "$1" ] && _disk_ready ""
}

# wait_gone NAME [SECONDS]: until the disk is no longer there
wait_gone()
{
	until_ok "${2:-20}" test ! -e "/sys/block/$1"
}

# disk: the first disk's node; fails the test when there is none
disk()
{
	_d=$(disks | head -n 1)
	[ -n "$_d" ] || { echo "FAILED: no disk" >&2; exit 1; }
	echo "/dev/$_d"
}

# disk_of SERIAL: the node of the first disk of the controller with this serial number
disk_of()
{
	for _d in $(disks); do
		[ "$(tr -d " " <"/sys/block/$_d/device/serial")" != "$1" ] || { echo "/dev/$_d"; return; }
	done
	echo "FAILED: no disk of $1" >&2
	exit 1
}

# state [CONTROLLER]: what sysfs says of it
state()
{
	_c=${1:-$(controllers | head -n 1)}
	cat "/sys/class/nvme/$_c/state" 2>/dev/null || cat "/sys/class/nvmq/$_c/state" 2>/dev/null
}

controllers()
{
	for _d in /sys/class/nvme/nvme* /sys/class/nvmq/nvme*; do
		[ ! -e "$_d" ] || echo "${_d##*/}"
	done
}

state_is()	# CONTROLLER STATE
{
	[ "$(state "$1")" = "$2" ]
}

wait_state()	# STATE [SECONDS [CONTROLLER]]
{
	_c=${3:-$(controllers | head -n 1)}
	until_ok "${2:-20}" state_is "$_c" "$1"
}

# make_dead: while a saboteur keeps its bring-ups from succeeding (poke keep ADDRESS 4 2), until
# it has given up; one that slipped through is reset
make_dead()
{
	_m=0
	until wait_state dead 4; do
		_m=$((_m + 1))
		[ $_m -le 10 ] || fail "it is $(state), not dead"
		[ "$(state)" != live ] || echo 1 >/sys/class/nvme/nvme0/reset_controller
	done 2>/dev/null
}

# function_of CONTROLLER: its PCI address
function_of()
{
	_f=$(readlink -f "/sys/class/nvme/$1/device" 2>/dev/null || readlink -f "/sys/class/nvmq/$1/device")
	echo "${_f##*/}"
}

# irqs PATTERN: the sum of the interrupts whose line matches
irqs()
{
	awk -v p="$1" 'NR == 1 { n = NF } $0 ~ p { for (i = 2; i <= n + 1; i++) s += $i } END { print s + 0 }' \
		/proc/interrupts
}

# ---- I/O ----------------------------------------------------------------------

# fio_verify DEVICE [fio options...]: write it, read it back, compare checksums
fio_verify()
{
	_d=$1
	shift
	fio --name=verify --filename="$_d" --direct=1 --ioengine=libaio --iodepth=16 --rw=randwrite \
		--bs=4k --size=16M --verify=crc32c --do_verify=1 --verify_fatal=1 --randrepeat=0 \
		--minimal "$@" >/run/fio.out 2>&1 || {
			cat /run/fio.out
			fail "fio $*"
		}
}

# file_of MEBIBYTES PATH: random data
file_of()
{
	dd if=/dev/urandom of="$2" bs=1M count="$1" status=none
}

# ---- the kernel's messages ------------------------------------------------------

# dmesg_mark, then dmesg_since prints what came after it
dmesg_mark()
{
	LAB_MARK="mark-$$-$(cut -d ' ' -f 1 /proc/uptime)"
	echo "<7>nvmq-lab: $LAB_MARK" >/dev/kmsg
}

dmesg_since()
{
	dmesg | awk -v m="nvmq-lab: ${LAB_MARK:-begin $TEST}" 'f { print } index($0, m) { f = 1 }'
}

# dmesg_has REGEX: since the mark, or the start of the test
dmesg_has()
{
	dmesg_since | grep -qE -- "$1"
}

# ---- udev -----------------------------------------------------------------------

# It is not running otherwise; device nodes come from devtmpfs.
udev_start()
{
	[ ! -e /run/udev/control ] || return 0
	/usr/lib/systemd/systemd-udevd --daemon || fail "udev does not start"
	udevadm trigger --type=subsystems --action=add
	udevadm trigger --type=devices --subsystem-match=block --action=add
	udevadm settle --timeout=30
}

# ---- the host -------------------------------------------------------------------
# Requests to the program that runs this guest. Each prints the answer.

_ask()
{
	(
		flock 9
		printf '@ask %s\n' "$*" >/dev/ttyS1
		read -r _rc _text </dev/ttyS1
		printf '%s\n' "$_text"
		exit "$_rc"
	) 9>/run/lock/host
}

# host_qmp JSON
host_qmp()
{
	_ask qmp "$1"
}

# host_hmp COMMAND
host_hmp()
{
	_ask hmp "$1"
}

# host_later SECONDS qmp|hmp ARGUMENT: the same, in so many seconds; for what a guest cannot ask
# for itself, such as to be woken up
host_later()
{
	_ask later "$@" >/dev/null
}

# host_trace_on EVENT...: QEMU logs these (names of its trace events, * allowed) until the
# test ends; counting starts here
host_trace_on()
{
	_ask trace-on "$*" >/dev/null
}

# host_trace_mark: counting starts anew
host_trace_mark()
{
	_ask trace-mark >/dev/null
}

# host_trace_count REGEX: so many lines of the trace since then
host_trace_count()
{
	_ask trace-count "$1"
}

# host_trace_get REGEX: the last such line
host_trace_get()
{
	_ask trace-get "$1"
}

# lab_kill: QEMU is killed (SIGKILL) in the middle of whatever it does and started again; the same
# test then runs with PHASE one higher. Images keep what QEMU has written, whether flushed or not.
lab_kill()
{
	echo "@kill" >/dev/ttyS1
	sleep 60
	fail "was not killed"
}

# lab_reboot COMMAND...: COMMAND reboots the guest; the same test is then started
# again with PHASE one higher. Images keep what is in them.
lab_reboot()
{
	echo "@reboot" >/dev/ttyS1
	"$@"
	sleep 60
	fail "did not reboot"
}
