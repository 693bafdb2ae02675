# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the scripts of the lab share: where things are, how to say so.

# programs of administration, which are not in the PATH of everyone
export PATH=$PATH:/usr/sbin:/sbin
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
CACHE=${NVMQ_CACHE:-$TOP/.cache}
# shellcheck disable=SC2034 # used by those who source this file
KERNELS="6.1 6.12 7.2"
# There is one more, "debug", for those who name it: 6.12 with its own checks on, built by
# qemu/debug-kernel.

say()
{
	printf '==> %s\n' "$*" >&2
}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

is_kernel()
{
	case " $KERNELS debug " in
	*" $1 "*) return 0 ;;
	esac
	return 1
}

# like KERNEL: the one of Debian's kernels that it is, to tests and to QEMU
like()
{
	case $1 in
	debug) echo 6.12 ;;
	*) echo "$1" ;;
	esac
}

# slowness KERNEL: how many times longer than on the others things may take
slowness()
{
	case $1 in
	debug) echo 4 ;;
	*) echo 1 ;;
	esac
}

# The unpacked Debian in which modules for a kernel are built and from which
# the programs of its guest are taken.
root_of()
{
	case $1 in
	6.1|6.12|debug) echo "$CACHE/root/bookworm" ;;
	7.2) echo "$CACHE/root/trixie" ;;
	*) die "no such kernel: $1 (there are: $KERNELS)" ;;
	esac
}

as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "must be root for: $* (and there is no sudo)"
	fi
}

# A mount namespace of one's own: as root by right, else by way of a user namespace.
private()
{
	if [ "$(id -u)" = 0 ]; then
		unshare -m --propagation private -- "$@"
	else
		unshare -rm --propagation private -- "$@"
	fi
}
