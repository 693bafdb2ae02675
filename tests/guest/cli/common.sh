# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the tests of nvme-cli share.

# quiet COMMAND...: must succeed; what it prints is in /run/out, and shown if it does not
quiet()
{
	"$@" >/run/out 2>&1 || {
		_rc=$?
		cat /run/out
		fail "status $_rc of: $*"
	}
}

# refused COMMAND...: must not succeed
refused()
{
	! "$@" >/run/out 2>&1 || fail "should have failed: $*"
}
