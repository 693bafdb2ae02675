# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Groups of tests as jobs: while the tests of one guest run, the guest of the next ones comes up,
# so that with AHEAD=1 a run waits for few boots. Sourced by tests/run.
#
# A job is a group() in a shell of its own, which has the state of one guest (vm.sh) to itself. It
# boots at once, waits at job_turn for its turn, and prints lines for job_read, which numbers and
# counts the verdicts:
#	ok - NAME ...  not ok - NAME ...	a verdict
#	@failed TEXT  @unstable TEXT		for the lists at the end
#	@end					the last line
# and any other for the reader.

JOB_GO=		# in a job: what to read before its first test
declare -A JOB_OUT=() JOB_PID=()

# job_start NUMBER KERNEL MACHINE TEST...
job_start()
{
	local n=$1 fd
	shift

	mkdir -p "$RUN.$n"
	mkfifo "$RUN.$n.go"
	exec {fd}< <(job_body "$n" "$@")
	JOB_OUT[$n]=$fd JOB_PID[$n]=$!
}

job_body()
{
	local n=$1
	shift

	RUN=$RUN.$n
	JOB_GO=$RUN.go
	trap 'down; rm -rf "$RUN"' EXIT
	trap 'exit 130' INT TERM HUP
	group "$@"
	echo "@end"
}

# job_turn: in a job, before its first test
job_turn()
{
	local fd go=$JOB_GO

	[ -n "$go" ] || return 0
	JOB_GO=
	# by a child, so that a signal is heard meanwhile
	exec {fd}<>"$go"
	(read -r _ <&"$fd") &
	wait $!
	exec {fd}<&-
}

# job_read NUMBER: gives it its turn, and takes its verdicts until it ends
job_read()
{
	local n=$1 fd=${JOB_OUT[$1]} go line

	exec {go}<>"$RUN.$n.go"
	echo >&"$go"
	while read -r line <&"$fd"; do
		case $line in
		@end) break ;;
		"@failed "*) failures+=("${line#* }") ;;
		"@unstable "*) unstable+=("${line#* }") ;;
		"ok - "*|"not ok - "*) count "$line" ;;
		*) printf '%s\n' "$line" ;;
		esac
	done
	wait "${JOB_PID[$n]}" 2>/dev/null
	exec {fd}<&- {go}>&-
	rm -rf "$RUN.$n" "$RUN.$n.go"
	unset "JOB_OUT[$n]" "JOB_PID[$n]"
}

# count LINE: a verdict gets its number
count()
{
	number=$((number + 1))
	case $1 in
	"not ok "*) failed=$((failed + 1)) ;;
	*" # SKIP "*) skipped=$((skipped + 1)) ;;
	*) passed=$((passed + 1)) ;;
	esac
	printf '%s\n' "${1/ok - /ok $number - }"
}

jobs_kill()
{
	local n

	for n in "${!JOB_PID[@]}"; do
		kill -TERM "${JOB_PID[$n]}" 2>/dev/null
		wait "${JOB_PID[$n]}" 2>/dev/null
		rm -rf "$RUN.$n" "$RUN.$n.go"
	done
}
