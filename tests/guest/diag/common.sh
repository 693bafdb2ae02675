# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# For tests of what the driver tells. Sourced after lib.sh.

# no_dumps: whatever device core dumps a test before this one left, which would keep ours out
no_dumps()
{
	for _d in /sys/class/devcoredump/devcd*; do
		[ ! -e "$_d/data" ] || echo 1 >"$_d/data"
	done
}
