# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# For tests on the machine "rogue": a controller that takes orders. Sourced after lib.sh.

# rogue ORDER: one JSON object; prints the answer, fails if it was not obeyed
rogue()
{
	_ask rogue "$1"
}

# order ORDER: the same, and the answer matters only if it is not obeyed
order()
{
	rogue "$1" >/run/order || fail "$1: $(cat /run/order)"
}

# rogue_breaches: what the host did wrong, as JSON; empty if nothing
rogue_breaches()
{
	rogue '{"do":"report"}' | sed -n 's/.*"breaches":\[\(..*\)\].*/\1/p'
}

# rogue_innocent: fail if there is any
rogue_innocent()
{
	_b=$(rogue_breaches)
	[ -z "$_b" ] || fail "the host did wrong: $_b"
}

# rogue_state NAME: a number of the answer to {"do":"state"}
rogue_state()
{
	rogue '{"do":"state"}' | sed -n "s/.*\"$1\":\\([0-9]*\\).*/\\1/p"
}

# rogue_admin OPCODE: how many admin commands of this opcode (0x02) came
rogue_admin()
{
	_n=$(rogue '{"do":"state"}' | sed -n 's/.*"admin":{\([^}]*\)}.*/\1/p' |
		sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p")
	echo "${_n:-0}"
}

# rogue_io OPCODE: how many I/O commands of this opcode came
rogue_io()
{
	_n=$(rogue '{"do":"state"}' | sed -n 's/.*"io":{\([^}]*\)}.*/\1/p' |
		sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p")
	echo "${_n:-0}"
}

# rogue_fresh: whatever a test before this one ordered
rogue_fresh()
{
	rogue '{"do":"back"}' >/dev/null || skip "no rogue here"
	order '{"do":"clear"}'
}

# rogue_insert [io_timeout [admin_timeout]]: the driver under test with these time-outs
rogue_insert()
{
	if [ "$DRIVER" = nvme ]; then
		modprobe nvme_core "io_timeout=${1:-30}" "admin_timeout=${2:-60}" && nvmq_insert
	else
		nvmq_insert "io_timeout=${1:-30}" "admin_timeout=${2:-60}"
	fi
}

# rogue_load [io_timeout [admin_timeout]]: the same, with its disk
rogue_load()
{
	rogue_fresh
	if [ "$DRIVER" = nvme ]; then
		modprobe nvme_core "io_timeout=${1:-30}" "admin_timeout=${2:-60}"
		nvmq_load
	else
		nvmq_load "io_timeout=${1:-30}" "admin_timeout=${2:-60}"
	fi
}

# settled [SECONDS]: until the first controller is live or dead, or was given up by its driver
settled()
{
	until_ok "${1:-40}" _is_settled
}

_is_settled()
{
	case $(state) in
	live | dead) return 0 ;;
	esac
	for _a in $(nvme_functions); do
		[ -z "$(driver_of "$_a")" ] || return 1
	done
}

# seconds: of uptime
seconds()
{
	cut -d . -f 1 /proc/uptime
}

# hundredths: of a second of uptime
hundredths()
{
	tr -d . </proc/uptime | cut -d ' ' -f 1
}

# read_one [BLOCK]: one direct read of 4 KiB
read_one()
{
	dd if="$(disk)" of=/dev/null bs=4k count=1 "skip=${1:-0}" iflag=direct status=none
}

# nothing_left: what file descriptor 8 has open gives no data any more, by an error or by its end
nothing_left()
{
	[ "$(dd bs=4k count=1 iflag=direct status=none <&8 2>/dev/null | wc -c)" = 0 ]
}

# works: the disk takes data and gives it back
works()
{
	wait_state live 40 || fail "the controller is $(state), not live"
	fio_verify "$(disk)" --size=4M
}

# ---- power cuts -----------------------------------------------------------------

# cut_at NTH SEED: the NTH write from now on is never done, and the power goes; of what the cache
# holds some blocks stay, by a probability that depends on SEED
cut_at()
{
	order "{\"on\":\"write\",\"nth\":$1,\"do\":\"powerfail\",\"keep\":$(($2 * 13 % 100)),\"seed\":$2}"
}

# raw_cuts N: of the disk under a writer that says what is safe (powerwrite), ten at a time
raw_cuts()
{
	_cuts=0 _n=0 _dev=$(disk)
	while [ $_cuts -lt "$1" ]; do
		order '{"do":"clear"}'
		for _i in 1 2 3 4 5 6 7 8 9 10; do
			_n=$((_n + 1))
			cut_at $((20 + (_i - 1) * 80 + _n * 37 % 80)) $_n
		done
		must powerwrite "$_dev" 0 18 "$_n" >/run/powerwrite
		_i=$(sed -n 's/^powerwrite: \([0-9]*\) cuts.*/\1/p' /run/powerwrite)
		[ "$_i" -gt 0 ] || fail "not one cut: $(cat /run/powerwrite)"
		_cuts=$((_cuts + _i))
		rogue_innocent
	done
	note "raw: $_cuts cuts, nothing lost"
}

# fs_cuts TYPE N: of the disk with such a file system, under a writer that says which files are safe
fs_cuts()
{
	order '{"do":"clear"}'
	wait_state live || fail "it is $(state)"
	_dev=$(disk)
	# over what was there before
	case $1 in
	ext4) must mkfs.ext4 -q -F "$_dev" ;;
	xfs) must mkfs.xfs -q -f "$_dev" ;;
	esac
	mkdir -p /mnt
	_cut=0
	while [ $_cut -lt "$2" ]; do
		_cut=$((_cut + 1))
		must mount "$_dev" /mnt
		rm -f /mnt/f* /mnt/t*
		must sync
		order '{"do":"set","fatal_at_ready":true}'
		cut_at $((10 + _cut * 37 % 200)) $_cut
		powerfiles write /mnt /run/safe $_cut >/run/powerfiles || fail "not one file was written"
		umount /mnt 2>/dev/null || umount -l /mnt
		wait_state dead 30 || fail "it is $(state), not dead"
		order '{"do":"clear"}'
		echo 1 >"$(echo /sys/class/nvm*/nvme0/reset_controller)"
		wait_state live || fail "it is $(state), not live"
		must mount "$_dev" /mnt
		must powerfiles check /mnt /run/safe
		must umount /mnt
	done
	case $1 in
	ext4) must e2fsck -fn "$_dev" >/dev/null ;;
	xfs) must xfs_repair -n "$_dev" >/dev/null 2>&1 ;;
	esac
	rogue_innocent
	note "$1: $_cut cuts, nothing lost"
}
