# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# For tests of the way from trouble to live or dead, on the machine "rogue". Sourced after lib.sh and
# rogue/lib.sh.

# recover_load BUDGET-IN-MS [PARAMETER=VALUE...]: the driver under test, with its disk
recover_load()
{
	[ "$DRIVER" = nvmq ] || skip "for nvmq"
	rogue_fresh
	_budget=$1
	shift
	nvmq_load "recovery_budget_ms=$_budget" "$@"
}

# declares MS: from now on it says that it is ready, or has stopped, within that (CAP.TO, CRTO); MS is
# a multiple of 500
declares()
{
	_declared=$1
	_to=$(($1 / 500 - 1))
	_cap=$(($(rogue_state cap) & ~(0xff << 24) | _to << 24))
	order "{\"do\":\"register\",\"name\":\"cap\",\"value\":$_cap}"
	order "{\"do\":\"register\",\"name\":\"crto\",\"value\":$((_to << 16 | _to))}"
}

# forget: all orders are void, but not what it declares
forget()
{
	order '{"do":"clear"}'
	[ -z "${_declared-}" ] || declares "$_declared"
}

# reset_user: a user asks for a reset, and waits for its end
reset_user()
{
	echo 1 2>/dev/null >/sys/class/nvme/nvme0/reset_controller
}

# milliseconds: of uptime, in steps of ten
milliseconds()
{
	echo "$(hundredths)0"
}

# within MS WHAT COMMAND...: it succeeds, and takes no longer than that
within()
{
	_most=$1
	_what=$2
	shift 2
	_t0=$(milliseconds)
	"$@" || fail "$_what: status $?"
	_took=$(($(milliseconds) - _t0))
	[ $_took -le "$_most" ] || fail "$_what took $_took ms, not $_most at most"
	note "$_what: $_took ms"
}

# course: how the last recovery ended, by the log
course()
{
	dmesg_since | grep -oE '(live again after|dead: ).*' | tail -n 1
}

# course_ms: how long it took
course_ms()
{
	course | sed -n 's/.*after \([0-9]*\) ms.*/\1/p'
}

# alive: the controller is live, and I/O passes
alive()
{
	wait_state live 20 || fail "it is $(state), not live"
	read_one 3 || fail "no read"
}

# a read fails
no_read()
{
	! read_one 5 2>/dev/null
}

# every_admin COMMAND FAULT: for n = 1, 2, ...: COMMAND while the n-th admin command from then on has
# FAULT, until there is no n-th. Each time the controller is live or dead soon, and well after a reset
every_admin()
{
	n=0
	while :; do
		n=$((n + 1))
		order '{"do":"clear"}'
		order "{\"on\":\"admin\",\"nth\":$n,$2}"
		_t0=$(milliseconds)
		"$1"
		until_ok 10 _is_settled || fail "$1, admin command $n, $2: it is $(state)"
		_took=$(($(milliseconds) - _t0))
		[ $_took -le 15000 ] || fail "$1, admin command $n, $2: took $_took ms"
		# the scan, as far as it comes
		[ "$(state)" = dead ] || until_ok 2 _disk_ready "" || true
		_left=$(rogue_state armed)
		[ -z "$(rogue_breaches)" ] || fail "$1, admin command $n, $2: $(rogue_breaches)"
		order '{"do":"back"}'
		order '{"do":"clear"}'
		[ "$_left" = 0 ] || break
		until_ok 10 _is_settled || fail "$1, admin command $n, $2: it is $(state) in the end"
		# it may be live and fatal, and nobody has noticed yet: a read takes until it is well again
		_disk_ready "" && [ "$(state)" = live ] && read_one 3 && continue
		# or be reset for that just now
		reset_user || wait_state live 10 || fail "$1, admin command $n, $2: a reset does not help, it is $(state)"
		wait_disk || fail "$1, admin command $n, $2: no disk"
	done
	note "$1, $2: $((n - 1)) commands"
	[ $n -gt 5 ] || fail "only $((n - 1)) commands"
	alive
}
