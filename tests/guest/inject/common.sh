# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# For tests that let the 1st, the 2nd, the n-th allocation fail. Sourced after lib.sh.

NTH=/sys/module/failnth/parameters

# inject_memory calls=1|calls=0: failnth, and then the driver alone: no function is given to it yet.
# What one call of the driver allocates counts as one, or each allocation does
inject_memory()
{
	[ "$DRIVER" = nvmq ] || skip "failnth knows the allocations of nvmq only"
	insmod /lab/modules/failnth.ko "$1" 2>/dev/null ||
		skip "this kernel does not ask whether an allocation shall fail"
	nvmq_insert || fail "cannot load $DRIVER"
	f=$(nvme_functions | head -n 1)
}

# fail_nth N: the N-th from now on; 0: none
fail_nth()
{
	echo "$1" >$NTH/nth
}

# has_failed N
has_failed()
{
	[ "$(cat $NTH/seen)" -ge "$1" ]
}

# settled N: the bring-up is over. What came after the N-th failure, a namespace for one, may
# never come: half a second more for that
settled()
{
	_n=0
	until [ "$(state)" = dead ] || _disk_ready "" || [ -z "$(driver_of "$f")" ]; do
		if [ "$(state)" = live ] || [ -z "$(controllers)" ]; then
			! has_failed "$1" || _n=$((_n + 1))
		fi
		[ $_n -lt 5 ] || break
		sleep 0.1
	done
}

# recover: nothing fails any more, and whatever was left out comes with the next attempt: a probe,
# a reset, a scan; the disk can be read. $1 says after what
recover()
{
	if [ -z "$(driver_of "$f")" ]; then
		give "$f" || fail "$1: a later probe fails"
	elif [ -z "$(controllers)" ]; then
		# it may be live, but nobody can ask it
		take "$f"
		give "$f" || fail "$1: a later probe fails"
	elif [ "$(state)" = dead ]; then
		echo 1 >/sys/class/nvme/nvme0/reset_controller || fail "$1: a later reset fails"
	elif ! _disk_ready ""; then
		wait_state live || fail "$1: it is $(state)"
		echo 1 >/sys/class/nvme/nvme0/rescan_controller || fail "$1: a later scan fails"
	fi
	wait_disk || fail "$1: no disk ($(state))"
	dd if="$(disk)" of=/dev/null bs=4k count=1 iflag=direct status=none || fail "$1: no read"
}

# every_nth COMMAND: for n = 1, 2, ...: COMMAND while the n-th fails, until there is no n-th; each
# time all is well again without it
every_nth()
{
	_i=0
	_more=1
	while [ -n "$_more" ]; do
		_i=$((_i + 1))
		fail_nth $_i
		"$@" $_i
		has_failed $_i || _more=
		fail_nth 0
		recover "allocation $_i"
	done
	note "allocations that failed, each once: $((_i - 1))"
	# an injector that never injects would pass all of this
	[ $_i -gt "${FEWEST:-5}" ] || fail "only $((_i - 1)) failed"
}

# what is tried with each failure

probe()
{
	take "$f"
	give "$f" 2>/dev/null
	settled "$1"
}

reset()
{
	echo 1 2>/dev/null >/sys/class/nvme/nvme0/reset_controller
	settled "$1"
}
