# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# For tests on the machine "rogue": a controller that takes orders. Sourced after lib.sh.

# rogue ORDER: one JSON object; prints the answer, fails if it was not obeyed
rogue()
{
	_ask rogue "$1"
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

# rogue_fresh: whatever a test before this one ordered
rogue_fresh()
{
	rogue '{"do":"back"}' >/dev/null
	rogue '{"do":"clear"}' >/dev/null || skip "no rogue here"
}

# rogue_load [io_timeout [admin_timeout]]: the driver under test with these time-outs
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

# seconds: of uptime
seconds()
{
	cut -d . -f 1 /proc/uptime
}

# read_one [BLOCK]: one direct read of 4 KiB
read_one()
{
	dd if="$(disk)" of=/dev/null bs=4k count=1 "skip=${1:-0}" iflag=direct status=none
}

# works: the disk takes data and gives it back
works()
{
	wait_state live 40 || fail "the controller is $(state), not live"
	fio_verify "$(disk)" --size=4M
}
