# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# What the table's tests share: rows of several kinds.

# Each row is a line "table|DRIVER|NAME|SURVIVED|SECONDS|DATA|STATE|NOTE", which "make rogue-table"
# reads. A line "table|DRIVER|NAME|begins" alone: it was not survived, and the machine neither.

failed=

table_start()
{
	rogue_load 3 5
	queues=$(rogue_state queues)
}

row()		# NAME yes|no SECONDS DATA NOTE
{
	b=$(rogue_breaches)
	[ -z "$b" ] || set -- "$1" "$2" "$3" "$4" "$5; breach: $b"
	echo "table|$DRIVER|$1|$2|$3|$4|$(state)|$5"
	[ "$2" = yes ] && [ -z "$b" ] || failed="$failed $1"
}

# fresh: whatever the last one did, a controller that works; the driver anew if need be
fresh()
{
	order '{"do":"back"}'
	order '{"do":"clear"}'
	if ! wait_state live 3 || [ "$(rogue_state queues)" -lt "$queues" ] || ! read_one 5 2>/dev/null; then
		nvmq_unload
		rogue_load 3 5
	fi
	order '{"do":"clear"}'
	echo "table|$DRIVER|$1|begins"
}

reset()
{
	echo 1 2>/dev/null >"$(echo /sys/class/nvm*/nvme0/reset_controller)"
}

seconds_since()	# HUNDREDTHS
{
	_t=$(($(hundredths) - $1))
	printf '%d.%d\n' $((_t / 100)) $((_t % 100 / 10))
}

# the longest that a request took, of the two halves of fio's terse line, in microseconds
longest()
{
	awk -F ';' '/^3;/ { m = $39 > $80 ? $39 : $80; printf "%.1f\n", m / 1e6; f = 1 } END { if (!f) print "-" }' /run/fio.out
}

# fio_within SECONDS: 4 MiB written and read back, sixteen requests at a time
# 0: right; 1: I/O errors; 2: wrong data; 3: it does not end
fio_within()
{
	fio --name=x --filename="$(disk)" --direct=1 --ioengine=libaio --iodepth=16 --rw=randwrite \
		--bs=4k --size=4M --verify=crc32c --do_verify=1 --verify_fatal=1 --minimal \
		>/run/fio.out 2>/run/fio.err &
	_fio=$!
	until_ok "$1" not_there $_fio || return 3
	wait $_fio && return 0
	! grep -qi 'verify' /run/fio.err || return 2
	return 1
}

not_there()
{
	! kill -0 "$1" 2>/dev/null
}

orders()
{
	for o in "$@"; do
		order "$o"
	done
}

# live NAME ORDER...: no request fails, what was written is there, the controller works on
live()
{
	name=$1
	shift
	fresh "$name"
	orders "$@"
	fio_within 100
	case $? in
	0) row "$name" yes "$(longest)" right ;;
	1) row "$name" no "$(longest)" "I/O errors" ;;
	2) row "$name" no "$(longest)" WRONG ;;
	3) hangs "$name" ;;
	esac
}

# alone NAME ORDER...: one read, and nothing else that could hide it
alone()
{
	name=$1
	shift
	fresh "$name"
	orders "$@"
	t0=$(hundredths)
	if read_one 9; then
		row "$name" yes "$(seconds_since "$t0")" right
	else
		row "$name" no "$(seconds_since "$t0")" "I/O error"
	fi
}

hangs()
{
	row "$1" no - - "I/O hangs"
	fail "not survived:$failed"
}

# error NAME ORDER...: the request fails, at once; the controller works on without a reset
error()
{
	name=$1
	shift
	fresh "$name"
	orders "$@"
	t0=$(hundredths)
	if read_one 3 2>/dev/null; then
		row "$name" no "$(seconds_since "$t0")" - "a request that failed is said to be done"
		return
	fi
	t=$(seconds_since "$t0")
	order '{"do":"clear"}'
	if [ "$(rogue_state resets)" = 0 ] && read_one 3; then
		row "$name" yes "$t" right
	else
		row "$name" no "$t" - "it takes a reset"
	fi
}

# ends NAME ORDER...: nobody can do this I/O any more: it fails soon, nothing hangs, and when the
# controller behaves again a reset or a reload brings it back
ends()
{
	name=$1
	shift
	fresh "$name"
	orders "$@"
	t0=$(hundredths)
	fio_within 300
	rc=$?
	t=$(seconds_since "$t0")
	order '{"do":"back"}'
	order '{"do":"set","deaf":false}'
	b=$(rogue_breaches)
	[ -z "$b" ] || note "breaches: $b"
	[ $rc != 3 ] || hangs "$name"
	comes_back "$name" "$t" $rc
}

comes_back()	# NAME SECONDS STATUS-OF-FIO
{
	order '{"do":"clear"}'
	how="after a reset"
	reset
	if ! wait_state live 10 2>/dev/null; then
		how="after a reload"
		nvmq_unload
		rogue_load 3 5
	fi
	if [ "$3" = 0 ]; then
		row "$1" yes "$2" right "I/O was done after all"
	elif fio_within 60; then
		row "$1" yes "$2" right "back $how"
	else
		row "$1" no "$2" - "does not come back"
	fi
}

# lie NAME ORDER...: loaded with it; refused or used, and let go again within 15 seconds
lie()
{
	name=$1
	shift
	fresh "$name"
	nvmq_unload
	orders "$@"
	t0=$(hundredths)
	rogue_insert 3 5
	for a in $(nvme_functions); do
		give "$a" 2>/dev/null || true
	done
	settled 30
	t=$(seconds_since "$t0")
	[ "$(state)" != live ] || sleep 1
	what=$(state)
	case ${what:-none} in
	live)
		what="namespaces:$(for d in $(disks); do printf ' %s' "$(cat "/sys/block/$d/nsid")"; done)"
		for d in $(disks); do
			timeout 20 dd if="/dev/$d" of=/dev/null bs=64k count=1 iflag=direct status=none \
				2>/dev/null
		done
		;;
	*) what="controller refused" ;;
	esac
	t0=$(hundredths)
	nvmq_unload
	ok=yes
	[ $(($(hundredths) - t0)) -lt 1500 ] || ok=no what="$what; unloading takes $(seconds_since "$t0") s"
	row "$name" $ok "$t" - "$what"
	order '{"do":"ns","nsid":2,"size":"16M","quiet":true}'
	order '{"do":"ns","nsid":2,"remove":true,"quiet":true}'
	order '{"do":"clear"}'
	rogue_load 3 5
}

# another device after a reset: what had the old one open does not get the new one's blocks
changed()	# NAME ORDER...
{
	name=$1
	shift
	fresh "$name"
	exec 8<"$(disk)"
	orders "$@"
	t0=$(hundredths)
	reset
	until_ok 10 nothing_left
	rc=$?
	t=$(seconds_since "$t0")
	exec 8<&-
	if [ $rc = 0 ]; then
		row "$name" yes "$t" - "the old disk is refused"
	else
		row "$name" no "$t" - "the other device's blocks are read as the old one's"
	fi
}
