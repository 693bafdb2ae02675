# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the I/O tests share.
. /lab/lib.sh

# sizes ENGINE DEVICE: small and large blocks, shallow and deep, mixed; each verified
sizes()
{
	fio_verify "$2" --ioengine="$1" --bs=4k --iodepth=1 --size=2M
	fio_verify "$2" --ioengine="$1" --bs=4k --iodepth=64 --size=8M
	fio_verify "$2" --ioengine="$1" --bs=64k --iodepth=16 --size=16M
	fio_verify "$2" --ioengine="$1" --bs=1M --iodepth=4 --size=24M
	fio_verify "$2" --ioengine="$1" --bsrange=512-1M --iodepth=64 --size=16M
}

# attribute DEVICE NAME: what the queue says of itself
attribute()
{
	cat "/sys/block/${1##*/}/queue/$2"
}

# largest DEVICE: allow commands as large as the controller takes; prints its size
largest()
{
	_n=$(attribute "$1" max_hw_sectors_kb)
	echo "$_n" >"/sys/block/${1##*/}/queue/max_sectors_kb"
	echo $((_n * 1024))
}

# drop_caches: what is read next is read from the device
drop_caches()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
}

# reset_by_user [CONTROLLER]: and wait until it is live again
reset_by_user()
{
	_c=${1:-$(controllers | head -n 1)}
	for _f in "/sys/class/nvme/$_c" "/sys/class/nvmq/$_c"; do
		[ ! -e "$_f" ] || echo 1 >"$_f/reset_controller" || fail "reset of $_c"
	done
	wait_state live 20 "$_c" || fail "$_c is $(state "$_c") after a reset"
}
